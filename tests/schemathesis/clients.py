"""Clients of the API: a customer who owns one thing of each kind, and an admin with a second factor. Standard library only."""

import base64
import hashlib
import hmac
import itertools
import json
import re
import secrets
import struct
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AGREEMENT = "2024-02"
PASSWORD = "Tr0ub4dor&3-Hx"
# An access token is valid for 600 s.
RENEW_AFTER_S = 480
TIMEOUT_S = 60
ATTEMPTS = 3


class Refused(Exception):
    def __init__(self, what: str, wait_s: int) -> None:
        super().__init__(what)
        self.wait_s = wait_s


class Api:
    """Sends each request from another address: limits per address are not tested here."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.addresses = itertools.count(1)

    def next_address(self) -> str:
        number = next(self.addresses)
        return f"198.{18 + (number >> 16) % 2}.{(number >> 8) & 255}.{number & 255}"

    def call(self, method: str, path: str, body=None, token: str = "", key: str = "") -> dict:
        address = self.next_address()
        headers = {"Accept-Language": "en", "X-Forwarded-For": f"{address}, {address}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if key:
            headers["Idempotency-Key"] = key
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            what = f"{method} {path}: {refused.status} {refused.read().decode()}"
            raise Refused(what, int(refused.headers.get("Retry-After", 0))) from None

    def solved_captcha(self, purpose: str) -> dict:
        """A captcha of kind `sum`, whose question is text."""
        puzzle = self.call("POST", "/v1/captchas", {"purpose": purpose, "kind": "sum"})
        numbers = re.findall(r"\d+", puzzle["question"])
        return {"captchaId": puzzle["captchaId"], "answer": str(sum(map(int, numbers)))}


class Client:
    """A registered account with a session that is renewed when needed."""

    def __init__(self, api: Api, name: str) -> None:
        self.api, self.name, self.factor, self.used_code, self.signed_out = api, name, "", "", False
        account = {"userName": name, "password": PASSWORD, "agreement": AGREEMENT, "client": "app",
                   "captcha": api.solved_captcha("register")}
        self.enter(api.call("POST", "/v1/accounts", account))

    def enter(self, session: dict) -> None:
        self.session, self.since = session, time.monotonic()
        self.account = session["account"]["accountId"]

    def token(self) -> str:
        if self.signed_out or time.monotonic() - self.since > RENEW_AFTER_S:
            self.renew()
            self.signed_out = False
        return self.session["accessToken"]

    def renew(self) -> None:
        try:
            self.enter(self.api.call("POST", "/v1/sessions/refresh", {"refreshToken": self.session["refreshToken"]}))
        except Refused:
            self.sign_in()

    def sign_in(self) -> None:
        grant = {"grant": "password", "login": self.name, "password": PASSWORD, "client": "app",
                 "captcha": self.api.solved_captcha("sign-in")}
        first = self.api.call("POST", "/v1/sessions", grant)
        step = first.get("secondFactor")
        self.enter(first if step is None else self.set_up_second_factor(first) if step == "set-up" else self.enter_second_factor(first))

    def set_up_second_factor(self, first: dict) -> dict:
        made = self.api.call("POST", "/v1/me/second-factor", token=first["accessToken"])
        self.factor = made["secret"]
        code = {"code": self.next_code(), "client": "app"}
        return self.api.call("POST", "/v1/me/second-factor/confirmation", code, first["accessToken"])

    def enter_second_factor(self, first: dict) -> dict:
        """Signs in with the second factor. A generated request with a wrong code delays the next attempt."""
        for _ in range(ATTEMPTS):
            try:
                code = {"code": self.next_code(), "client": "app"}
                return self.api.call("POST", "/v1/sessions/second-factor", code, first["accessToken"])
            except Refused as refused:
                last = refused
                time.sleep(min(refused.wait_s, TIMEOUT_S))
        raise last

    def next_code(self) -> str:
        """A code that was not used yet. A code is valid once, and a new one appears every 30 s."""
        while totp(self.factor) == self.used_code:
            time.sleep(0.5)
        self.used_code = totp(self.factor)
        return self.used_code


def totp(secret: str) -> str:
    """The code that an authenticator shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    tag = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = tag[-1] & 15
    return f"{(struct.unpack('>I', tag[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def customer(api: Api, name: str) -> tuple:
    """A customer who owns one thing of each kind, and the identifiers of these things by parameter name."""
    client = Client(api, name)
    token = client.token()
    address = {"receiver": "张三", "phone": "13800138000", "province": "广东省", "city": "深圳市", "district": "南山区",
               "detail": "科技园路 1 号"}
    photo = {"card": "resident-id", "ruleset": "easy", "region": {"province": "广东省", "city": "深圳市"},
             "paymentMethod": "wechat", "fileName": "a.jpg", "contentType": "image/jpeg", "bytes": 40000, "client": "app"}
    owned = {
        "no": api.call("POST", "/v1/recharges", {"amountFen": 3000, "provider": "wechat"}, token, secrets.token_hex(8))["no"],
        "addressId": api.call("POST", "/v1/me/addresses", address, token)[0]["addressId"],
        "imageNo": api.call("POST", "/v1/photos", photo, token, secrets.token_hex(8))["imageNo"],
        "qrId": api.call("POST", "/v1/qr-sign-ins")["qrId"],
    }
    return client, owned


def admin(api: Api, endpoint: str, name: str) -> Client:
    """An admin, appointed by the operator like the first admin of a deployment."""
    client = Client(api, name)
    appoint = [ROOT / "infra" / "operate", "--endpoint", endpoint, "appoint-admin", name, "generated", "generated requests"]
    subprocess.run(appoint, check=True, stdout=subprocess.DEVNULL)
    client.sign_in()
    return client
