"""A demonstration account, registered through the public API like any other."""

import json
import re
import secrets
import urllib.error
import urllib.request
from pathlib import Path

USER_NAME = "demo"
# The version of the user agreement that the account accepts; the API refuses any other.
AGREEMENT = "2024-02"


def password() -> str:
    """A random password with a character of each class that the rules require."""
    return f"{secrets.token_urlsafe(12)}-aA1!"


def call(api: str, path: str, body: dict) -> dict:
    request = urllib.request.Request(f"{api}{path}", json.dumps(body).encode(), {
        "Content-Type": "application/json",
        "Accept-Language": "en",
        "Idempotency-Key": secrets.token_hex(16),
    })
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def solved_captcha(api: str) -> dict:
    """A solved captcha of kind `sum`: its question is text, such as "3 plus 4"."""
    puzzle = call(api, "/v1/captchas", {"purpose": "register", "kind": "sum"})
    numbers = re.findall(r"\d+", puzzle["question"])
    return {"captchaId": puzzle["captchaId"], "answer": str(sum(map(int, numbers)))}


def ensure_account(api: str, note: Path) -> dict:
    """The account that the file `note` names. Registers one and writes the file if there is none."""
    if note.exists():
        return json.loads(note.read_text())
    made = {"userName": USER_NAME, "password": password()}
    account = {**made, "agreement": AGREEMENT, "captcha": solved_captcha(api)}
    try:
        call(api, "/v1/accounts", account)
    except urllib.error.HTTPError as refused:
        raise RuntimeError(f"no demonstration account: {refused.status} {refused.read().decode()}") from refused
    note.touch(mode=0o600)
    note.write_text(json.dumps(made))
    return made
