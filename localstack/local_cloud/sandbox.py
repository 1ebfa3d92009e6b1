"""The outside providers on this machine (payments, invoices, short messages, mail): the program `localstack/sandbox`, as long as the cloud."""

import json
import os
import subprocess
from pathlib import Path

from . import package
from .deploy import STACK, client
from .tools import stop

# What was sent to people; the front shows it under the same path.
INBOX = "/sandbox/inbox"


def build() -> str:
    return str(package.build(["sandbox"])["sandbox"])


def folder(state: Path) -> Path:
    return state / "sandbox"


def start(program: str, state: Path, page: str) -> subprocess.Popen:
    """On a free port; its address stands in the secret and in `sandbox.json`."""
    command = [program, "--listen", "127.0.0.1:0", "--state", folder(state), "--notices", f"{page}/api/v1/payments/notices",
               "--invoice-notices", f"{page}/api/v1/invoices/notices"]
    log = (state / "sandbox.log").open("ab")
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
    line = process.stdout.readline()
    if not line:
        stop("the sandbox of the providers did not start", f"see {state / 'sandbox.log'}")
    (state / "sandbox.json").write_text(line)
    return process


def hand_over(state: Path, endpoint: str) -> None:
    """Puts the sandbox's keys where the functions look for the providers'. `IDPHOTO_MAIL=ses` chooses the other mail service."""
    mail = "ses" if os.environ.get("IDPHOTO_MAIL") == "ses" else "smtp"
    for name, file in {"payments": "payments", "invoices": "invoices", "sms": "sms", "mail": mail}.items():
        secret = (folder(state) / f"{file}-secret.json").read_text()
        client("secretsmanager", endpoint).put_secret_value(SecretId=f"{STACK}/{name}", SecretString=secret)


def url(state: Path) -> str:
    return json.loads((state / "sandbox.json").read_text())["url"]
