"""Hooks that schemathesis calls before and after each request.

They sign the client in and replace generated identifiers by existing ones and generated captchas by solved ones, so that requests
get past the first validation. One request in three is sent as it was generated.
"""

import contextlib
import itertools
import json
import os
from pathlib import Path

import clients
import schemathesis

SETTINGS = json.loads(Path(os.environ["SCHEMATHESIS_SETTINGS"]).read_text())
API = clients.Api(SETTINGS["api"])
CAPTCHAS = {"/v1/accounts": "register", "/v1/sessions": "sign-in", "/v1/sms-codes": "sms-code", "/v1/password-resets": "recover",
            "/v1/me/email": "bind-email", "/v1/photos": "upload"}
STEP_UPS = {"/v1/me/export": "export-data", "/v1/me/email": "bind-email"}
count = itertools.count()


def client():
    """The client of this run (None for a visitor) and the identifiers of existing things, by parameter name."""
    if SETTINGS["role"] == "visitor":
        return None, {}
    if SETTINGS["role"] == "customer":
        return clients.customer(API, SETTINGS["name"])
    admin = clients.admin(API, SETTINGS["endpoint"], SETTINGS["name"])
    other, owned = clients.customer(API, f"{SETTINGS['name']}-other")
    grant = {"accounts": [other.account], "faceFen": 50, "expiresAt": "2099-01-01T00:00:00Z", "why": "generated"}
    coupon = API.call("POST", "/v1/coupons", grant, admin.token(), "coupon")["items"][0]["id"]
    return admin, {**owned, "accountId": other.account, "account": other.account, "id": coupon}


CLIENT, EXISTING = client()


@schemathesis.hook
def before_call(_context, case, _kwargs) -> None:
    address = API.next_address()
    case.headers["X-Forwarded-For"] = f"{address}, {address}"
    if CLIENT:
        case.headers["Authorization"] = f"Bearer {CLIENT.token()}"
    for name, value in (case.path_parameters or {}).items():
        # MiniStack reads an escaped question mark in a path as the start of the query; AWS does not.
        case.path_parameters[name] = value.replace("?", "!").replace("%3F", "!") if isinstance(value, str) else value
    if next(count) % 3 == 0:
        return
    for name in set(case.path_parameters or {}) & set(EXISTING):
        case.path_parameters[name] = EXISTING[name]
    if isinstance(case.body, dict):
        fill(case.operation.path, case.body)


def fill(path: str, body: dict) -> None:
    if path in CAPTCHAS and "captcha" in body:
        body["captcha"] = API.solved_captcha(CAPTCHAS[path])
    if CLIENT and path in STEP_UPS and "stepUpToken" in body:
        proof = {"purpose": STEP_UPS[path], "password": clients.PASSWORD}
        # Step-ups are rate-limited. Beyond the limit the generated token is sent.
        with contextlib.suppress(clients.Refused):
            body["stepUpToken"] = API.call("POST", "/v1/me/step-ups", proof, CLIENT.token())["stepUpToken"]


@schemathesis.hook
def after_call(_context, _case, response) -> None:
    """A generated request can sign the client out; the next request then starts a new session."""
    if CLIENT and response.status_code == 401:
        CLIENT.signed_out = True
