"""LocalStack in Docker instead of MiniStack."""

import os
import subprocess
import sys
import time
import urllib.request

from build_support.environment import ROOT, stop

from . import cloud

COMPOSE = ["docker", "compose", "--file", str(ROOT / "localstack" / "compose.yaml")]
READY_SECONDS = 180


def require() -> None:
    """Ends the program unless a Docker daemon answers; an installed `docker` command alone is not enough."""
    try:
        answered = subprocess.run(["docker", "info"], capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        answered = False
    if not answered:
        stop("no Docker daemon answers `docker info`", "start Docker, or run localstack/up without --localstack")


def start(port: int) -> None:
    env = {**os.environ, "IDPHOTO_CLOUD_PORT": str(port)}
    if subprocess.run([*COMPOSE, "up", "--detach"], env=env).returncode:
        stop("LocalStack did not start", "read the lines of docker above")
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{cloud.endpoint(port)}/_localstack/health", timeout=2):
                return
        except OSError:
            time.sleep(1)
    stop(f"LocalStack did not answer in {READY_SECONDS} s", "docker logs idphoto-localstack")


def down(wipe: bool) -> None:
    subprocess.run([*COMPOSE, "down"] + (["--volumes"] if wipe else []), check=True)


def build(names: list) -> dict:
    """Builds one program per function for Lambda's own image, whose C library is older than that of most machines."""
    if subprocess.run([sys.executable, ROOT / "infra" / "build", "--debug", *names]).returncode:
        stop("the functions do not compile", "read the lines above")
    return {name: ROOT / "target" / "lambda" / name / "bootstrap" for name in names}
