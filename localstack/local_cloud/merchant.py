"""A merchant that only this machine knows: keys for the payment providers' side of the local stack, made here at random.

They open no account anywhere, and `baseUrl` leads to nothing outside this machine: to pay for real, an operator puts the
merchant's own settings into the secret.
"""

import json
import secrets

from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .deploy import STACK, client

SECRET = f"{STACK}/payments"


def key_pair() -> tuple:
    """A private and its public key, in PEM."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = serialization.Encoding.PEM
    return (
        private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode(),
        private.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo).decode(),
    )


def settings(page: str, providers: str) -> dict:
    """The content of the secret `payments`; `providers` is where WeChat Pay and Alipay are looked for."""
    merchant, _ = key_pair()
    _, wechat = key_pair()
    _, alipay = key_pair()
    notices = f"{page}/api/v1/payments/notices"
    return {
        "cursorKey": secrets.token_hex(32),
        "wechat": {
            "baseUrl": f"{providers}/wechat", "appId": "wx0000000000000000", "merchant": "1900000001",
            "serial": secrets.token_hex(20).upper(), "privateKeyPem": merchant, "apiV3Key": secrets.token_hex(16),
            "publicKey": [f"PUB_KEY_ID_{secrets.randbelow(10**16):016}", wechat], "notifyUrl": f"{notices}/wechat",
        },
        "alipay": {
            "gateway": f"{providers}/alipay/gateway.do", "appId": "2021000000000000", "sellerId": "2088000000000000",
            "privateKeyPem": merchant, "alipayKeyPem": alipay, "notifyUrl": f"{notices}/alipay",
        },
    }


def ensure(endpoint: str, page: str) -> None:
    """Fills the secret once; settings that stand there already are somebody's own."""
    manager = client("secretsmanager", endpoint)
    try:
        current = manager.get_secret_value(SecretId=SECRET)["SecretString"]
    except ClientError:
        current = ""
    # AWS makes a secret without a value, MiniStack one with an empty value.
    if "wechat" not in current:
        # Nobody listens there: asking a provider fails at once and honestly.
        manager.put_secret_value(SecretId=SECRET, SecretString=json.dumps(settings(page, "http://127.0.0.1:9")))
