"""One running local cloud: the folder of its state, its ports, and the outputs of its stack."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from build_support.environment import ROOT, stop

from . import cloud

START_SECONDS = 90


@dataclass(frozen=True)
class Stack:
    state: Path
    cloud_port: int
    page_port: int

    @property
    def endpoint(self) -> str:
        return cloud.endpoint(self.cloud_port)

    @property
    def page(self) -> str:
        return cloud.endpoint(self.page_port)

    @property
    def running(self) -> Path:
        return self.state / "running.json"

    @property
    def outputs(self) -> Path:
        return self.state / "outputs.json"


def default_state() -> Path:
    return ROOT / ".state" / "local"


def running(state: Path) -> dict | None:
    """Process id and ports of the running cloud with this state folder; None if it does not run."""
    try:
        facts = json.loads((state / "running.json").read_text())
        os.kill(facts["pid"], 0)
        return facts
    except (OSError, ValueError, KeyError):
        return None


def start(stack: Stack, providers: str, keep: bool, lifeline: bool, docker: bool = False) -> subprocess.Popen | None:
    """Starts `serve.py` in a process of its own and waits until it is ready. Returns None if it runs already.

    `providers`: the path of the sandbox's program. `docker`: LocalStack runs in Docker, so MiniStack is not started.
    """
    facts = running(stack.state)
    if facts:
        if (facts["cloudPort"], facts["pagePort"]) != (stack.cloud_port, stack.page_port):
            stop(f"the local cloud runs already, on ports {facts['cloudPort']} and {facts['pagePort']}", "localstack/down, then again")
        return None
    stack.state.mkdir(parents=True, exist_ok=True)
    stack.running.unlink(missing_ok=True)
    options = {"cloudPort": stack.cloud_port, "pagePort": stack.page_port, "keep": keep, "lifeline": lifeline,
               "docker": docker, "providers": providers}
    log = (stack.state / "serve.log").open("ab")
    process = subprocess.Popen([sys.executable, "-m", "local_cloud.serve", stack.state, json.dumps(options)],
                               cwd=Path(__file__).resolve().parents[1], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                               start_new_session=True)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if stack.running.exists():
            return process
        time.sleep(0.05)
    last = (stack.state / "serve.log").read_text(errors="replace").strip().splitlines()[-6:]
    stop("the local cloud did not start:\n  " + "\n  ".join(last), "other ports: --cloud-port and --page-port")
