"""The payment providers on this machine: the program `localstack/sandbox`, beside the cloud and as long as it."""

import json
import subprocess
from pathlib import Path

from . import package
from .deploy import STACK, client
from .tools import stop


def build() -> str:
    return str(package.build(["sandbox"])["sandbox"])


def folder(state: Path) -> Path:
    return state / "sandbox"


def start(program: str, state: Path, page: str) -> subprocess.Popen:
    """On a free port; its address stands in the secret and in `sandbox.json`."""
    command = [program, "--listen", "127.0.0.1:0", "--state", folder(state), "--notices", f"{page}/api/v1/payments/notices"]
    log = (state / "sandbox.log").open("ab")
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
    line = process.stdout.readline()
    if not line:
        stop("the sandbox of the payment providers did not start", f"see {state / 'sandbox.log'}")
    (state / "sandbox.json").write_text(line)
    return process


def hand_over(state: Path, endpoint: str) -> None:
    """Puts the sandbox's keys where the functions look for the providers'."""
    secret = folder(state) / "payments-secret.json"
    client("secretsmanager", endpoint).put_secret_value(SecretId=f"{STACK}/payments", SecretString=secret.read_text())


def url(state: Path) -> str:
    return json.loads((state / "sandbox.json").read_text())["url"]
