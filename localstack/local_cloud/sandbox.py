"""Starts the simulated outside providers (payments, invoices, SMS, e-mail): the program of `localstack/sandbox`."""

import json
import os
import subprocess
from pathlib import Path

from build_support.environment import stop

from .deploy import STACK, client

# The page of all sent SMS and e-mails. The front server shows it at the same path.
INBOX = "/sandbox/inbox"


def folder(state: Path) -> Path:
    return state / "sandbox"


def start(program: str, state: Path, page: str) -> subprocess.Popen:
    """Starts `program` on a free port. Its address is in the secrets and in `sandbox.json`."""
    command = [program, "--listen", "127.0.0.1:0", "--state", folder(state), "--payment-callbacks", f"{page}/api/v1/payments/notices",
               "--invoice-callbacks", f"{page}/api/v1/invoices/notices"]
    log = (state / "sandbox.log").open("ab")
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
    line = process.stdout.readline()
    if not line:
        stop("the sandbox did not start", f"see {state / 'sandbox.log'}")
    (state / "sandbox.json").write_text(line)
    return process


def store_secrets(state: Path, endpoint: str) -> None:
    """Stores the sandbox's keys as the secrets in which the functions expect the providers' keys.

    `IDPHOTO_MAIL=ses` selects the e-mail service SES instead of SMTP.
    """
    mail = "ses" if os.environ.get("IDPHOTO_MAIL") == "ses" else "smtp"
    for name, file in {"payments": "payments", "invoices": "invoices", "sms": "sms", "mail": mail}.items():
        secret = (folder(state) / f"{file}-secret.json").read_text()
        client("secretsmanager", endpoint).put_secret_value(SecretId=f"{STACK}/{name}", SecretString=secret)


def url(state: Path) -> str:
    return json.loads((state / "sandbox.json").read_text())["url"]
