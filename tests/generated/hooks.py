"""What schemathesis runs around its requests: who sends them, and true names in them where a made-up one would end at the door.

One request in three goes out as it was generated; in the others, names of things that exist and solved captchas take the place
of generated ones, so that what stands behind them is reached, too.
"""

import contextlib
import itertools
import json
import os
from pathlib import Path

import schemathesis

import people

FACTS = json.loads(Path(os.environ["GENERATED_FACTS"]).read_text())
API = people.Api(FACTS["api"])
CAPTCHAS = {"/v1/accounts": "register", "/v1/sessions": "sign-in", "/v1/sms-codes": "sms-code", "/v1/password-resets": "recover",
            "/v1/me/email": "bind-email", "/v1/photos": "upload"}
STEP_UPS = {"/v1/me/export": "export-data", "/v1/me/email": "bind-email"}
count = itertools.count()


def caller():
    if FACTS["who"] == "visitor":
        return None, {}
    if FACTS["who"] == "customer":
        return people.customer(API, FACTS["name"])
    person = people.admin(API, FACTS["endpoint"], FACTS["name"])
    other, owned = people.customer(API, f"{FACTS['name']}-other")
    grant = {"accounts": [other.account], "faceFen": 50, "expiresAt": "2099-01-01T00:00:00Z", "why": "generated"}
    coupon = API.call("POST", "/v1/coupons", grant, person.token(), "coupon")["items"][0]["id"]
    return person, {**owned, "accountId": other.account, "account": other.account, "id": coupon}


PERSON, OWNED = caller()


@schemathesis.hook
def before_call(context, case, kwargs) -> None:
    address = API.caller()
    case.headers["X-Forwarded-For"] = f"{address}, {address}"
    if PERSON:
        case.headers["Authorization"] = f"Bearer {PERSON.token()}"
    for name, value in (case.path_parameters or {}).items():
        # MiniStack takes an escaped question mark in a path for the beginning of the query, which AWS does not.
        case.path_parameters[name] = value.replace("?", "!").replace("%3F", "!") if isinstance(value, str) else value
    if next(count) % 3 == 0:
        return
    for name in set(case.path_parameters or {}) & set(OWNED):
        case.path_parameters[name] = OWNED[name]
    if isinstance(case.body, dict):
        fill(case.operation.path, case.body)


def fill(path: str, body: dict) -> None:
    if path in CAPTCHAS and "captcha" in body:
        body["captcha"] = API.solved_captcha(CAPTCHAS[path])
    if PERSON and path in STEP_UPS and "stepUpToken" in body:
        proof = {"purpose": STEP_UPS[path], "password": people.PASSWORD}
        # So often as this nobody may prove themselves; then the generated token goes out.
        with contextlib.suppress(people.Refused):
            body["stepUpToken"] = API.call("POST", "/v1/me/step-ups", proof, PERSON.token())["stepUpToken"]


@schemathesis.hook
def after_call(context, case, response) -> None:
    """A generated sign-out is one, too: the next request brings a new session."""
    if PERSON and response.status_code == 401:
        PERSON.stale = True
