"""A demonstration account, made through the public API as anybody would make one."""

import json
import re
import secrets
import urllib.error
import urllib.request
from pathlib import Path

USER_NAME = "demo"
# The text that the account agrees to; the API refuses another.
AGREEMENT = "2024-02"


def password() -> str:
    """Random, with a character of each class that the rules ask for."""
    return f"{secrets.token_urlsafe(12)}-aA1!"


def call(api: str, path: str, body: dict) -> dict:
    request = urllib.request.Request(f"{api}{path}", json.dumps(body).encode(), {
        "Content-Type": "application/json",
        "Accept-Language": "en",
        # A lost answer may be asked for again; it is the same request.
        "Idempotency-Key": secrets.token_hex(16),
    })
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def solved_captcha(api: str) -> dict:
    """The spoken alternative to the picture: a sum, asked in words."""
    puzzle = call(api, "/v1/captchas", {"purpose": "register", "kind": "sum"})
    numbers = re.findall(r"\d+", puzzle["question"])
    return {"captchaId": puzzle["captchaId"], "answer": str(sum(map(int, numbers)))}


def ensure_account(api: str, note: Path) -> dict:
    """The account of the note in the state folder, made if there is none yet."""
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
