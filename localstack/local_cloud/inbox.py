"""The telephone of this machine: takes short messages as Aliyun's `SendSms` does, and shows them.

The front answers a call that carries `x-acs-action`, after checking its signature (ACS3-HMAC-SHA256), its date and that its
nonce is new. What was taken stands at `/sandbox/inbox`, for programs at `/sandbox/inbox.json`. Nothing leaves the machine.
"""

import collections
import datetime
import hashlib
import hmac
import html
import json
import secrets
import threading
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

CALL = "x-acs-action"
PAGE, DATA = "/sandbox/inbox", "/sandbox/inbox.json"
ALGORITHM = "ACS3-HMAC-SHA256"
CLOCK_SECONDS = 15 * 60
KEPT = 200
# What must be signed, whatever a caller says it signed.
SIGNED = ["host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"]

_messages = collections.deque(maxlen=KEPT)
_nonces = collections.deque(maxlen=10_000)
_lock = threading.Lock()


def ensure(endpoint: str, page: str, state: Path) -> None:
    """Makes an access key that only this machine knows, for the relay (the secret) and for the front (the state folder)."""
    # Only where a stack is deployed: the front needs no AWS.
    from botocore.exceptions import ClientError

    from .deploy import STACK, client

    name, manager = f"{STACK}/sms", client("secretsmanager", endpoint)
    file = state / "sms.json"
    try:
        # MiniStack gives an empty text where AWS gives none.
        if manager.get_secret_value(SecretId=name).get("SecretString"):
            return
    except ClientError:
        pass
    settings = {"endpoint": page, "accessKeyId": "local" + secrets.token_hex(8), "accessKeySecret": secrets.token_hex(24),
                "signName": "证件照中心", "codeTemplate": "SMS_CODE", "noticeTemplate": "SMS_NOTICE"}
    file.touch(mode=0o600)
    file.write_text(json.dumps(settings))
    manager.put_secret_value(SecretId=name, SecretString=file.read_text())


def take(method: str, target: str, headers, body: bytes, state: Path) -> tuple:
    """The provider's answer to one call: status and body."""
    try:
        settings = json.loads((state / "sms.json").read_text())
    except (OSError, ValueError):
        return refusal(503, "ServiceUnavailable")
    wrong = fault(method, target, headers, body, settings)
    if wrong:
        return refusal(400, wrong)
    query = dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
    if headers[CALL] != "SendSms" or not query.get("PhoneNumbers", "").isdigit():
        return refusal(400, "isv.MOBILE_NUMBER_ILLEGAL")
    message = {"at": now().isoformat(timespec="seconds"), "phone": query["PhoneNumbers"], "id": query.get("OutId"),
               "template": query.get("TemplateCode"), "values": json.loads(query.get("TemplateParam") or "{}")}
    with _lock:
        _messages.append(message)
    return 200, json.dumps({"Code": "OK", "Message": "OK", "BizId": secrets.token_hex(8), "RequestId": secrets.token_hex(8)})


def fault(method: str, target: str, headers, body: bytes, settings: dict) -> str | None:
    """The provider's code for what is wrong with a call's signature, date or nonce."""
    given = headers.get("authorization", "")
    parts = dict(part.split("=", 1) for part in given.removeprefix(ALGORITHM).strip().split(",") if "=" in part)
    names = parts.get("SignedHeaders", "").split(";")
    content = hashlib.sha256(body).hexdigest()
    if not given.startswith(ALGORITHM) or parts.get("Credential") != settings["accessKeyId"]:
        return "InvalidAccessKeyId.NotFound"
    if not set(SIGNED) <= set(names) or headers.get("x-acs-content-sha256") != content:
        return "IncompleteSignature"
    lines = "".join(f"{name}:{(headers.get(name) or '').strip()}\n" for name in sorted(names))
    pairs = sorted(parse_qsl(urlsplit(target).query, keep_blank_values=True))
    query = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)
    request = "\n".join([method, urlsplit(target).path or "/", query, lines, ";".join(sorted(names)), content])
    text = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    expected = hmac.new(settings["accessKeySecret"].encode(), text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, parts.get("Signature", "")):
        return "SignatureDoesNotMatch"
    try:
        sent = datetime.datetime.strptime(headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        return "InvalidTimeStamp.Format"
    if abs((now() - sent).total_seconds()) > CLOCK_SECONDS:
        return "InvalidTimeStamp.Expired"
    with _lock:
        if headers["x-acs-signature-nonce"] in _nonces:
            return "SignatureNonceUsed"
        _nonces.append(headers["x-acs-signature-nonce"])
    return None


def refusal(status: int, code: str) -> tuple:
    return status, json.dumps({"Code": code, "Message": code, "RequestId": secrets.token_hex(8)})


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def messages() -> list:
    """Newest first."""
    with _lock:
        return list(reversed(_messages))


def page() -> str:
    rows = "".join(f"<tr><td>{html.escape(m['at'])}<td>{html.escape(m['phone'])}"
                   f"<td>{html.escape(', '.join(f'{k}: {v}' for k, v in m['values'].items()))}" for m in messages())
    return ("<!doctype html><html lang=zh-CN><meta charset=utf-8><meta http-equiv=refresh content=3><title>短信</title>"
            f"<h1>本机收到的短信</h1><table><tr><th>时间<th>手机号<th>内容{rows}</table></html>")
