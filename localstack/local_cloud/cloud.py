"""Starts and stops one MiniStack on loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from build_support import aws
from build_support.environment import stop

READY_SECONDS = 60
STOP_SECONDS = 30


def access() -> dict:
    """The region and the credentials with which a test calls the cloud."""
    return {"region": aws.LOCAL_REGION, "accessKeyId": aws.LOCAL_CREDENTIALS["AWS_ACCESS_KEY_ID"],
            "secretAccessKey": aws.LOCAL_CREDENTIALS["AWS_SECRET_ACCESS_KEY"]}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def endpoint(port: int) -> str:
    # The address and not the name: with "localhost" the SDKs try bucket.localhost.
    return f"http://127.0.0.1:{port}"


def environment(port: int, state: Path, keep: bool) -> dict:
    """MiniStack's environment, made from nothing: MiniStack passes all of it on to the functions."""
    scratch = state / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    kept = "1" if keep else "0"
    return {
        **aws.LOCAL_CREDENTIALS,
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        # The region of requests without a signature, such as a call to the API.
        "MINISTACK_REGION": aws.LOCAL_REGION,
        # Without this a function would call the real AWS.
        "AWS_ENDPOINT_URL": endpoint(port),
        # Signatures, policies and the roles of the template are enforced, as on AWS.
        "AUTH": "true",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PERSIST_STATE": kept,
        "STATE_DIR": str(state / "services"),
        "S3_PERSIST": kept,
        "S3_DATA_DIR": str(state / "objects"),
    }


def start(port: int, state: Path, keep: bool, lifeline: bool) -> subprocess.Popen:
    """Starts MiniStack and waits until it answers. `lifeline`: it stops when the calling process ends, even if that is killed."""
    state.mkdir(parents=True, exist_ok=True)
    env = environment(port, state, keep)
    if lifeline:
        env["LOCAL_CLOUD_LIFELINE"] = "1"
    log = (state / "cloud.log").open("ab")
    command = [sys.executable, str(Path(__file__).with_name("launcher.py"))]
    # A separate session: Ctrl-C in the terminal reaches only the owner, which then stops MiniStack in order.
    process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=state,
                               start_new_session=True)
    wait_until_ready(process, port, state)
    return process


def wait_until_ready(process: subprocess.Popen, port: int, state: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            last = (state / "cloud.log").read_text(errors="replace").strip().splitlines()[-5:]
            stop(f"the local cloud ended while starting on port {port}:\n  " + "\n  ".join(last),
                 "is the port in use? see cloud.log in the state folder")
        if answers(port):
            return
        time.sleep(0.05)
    process.terminate()
    stop(f"the local cloud did not answer on port {port} in {READY_SECONDS} s", f"read {state / 'cloud.log'}")


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoint(port)}/_ministack/health", timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def stop_gracefully(pid: int) -> None:
    """Sends SIGTERM and waits: MiniStack writes its state only when it ends."""
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        if not running(pid):
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)


def running(pid: int) -> bool:
    try:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    except ChildProcessError:
        pass  # not a child of this process: only its existence can be checked
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
