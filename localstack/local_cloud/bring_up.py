"""The steps of `up`, in order."""

import argparse
import json
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

from . import demo, deploy, docker, package, page, sandbox, stack
from .tools import ROOT, cache_dir, say, stop

NEEDED = {
    "cargo": "install Rust from https://rustup.rs",
    "cc": "sudo apt-get install build-essential",
}


def options() -> argparse.Namespace:
    found = argparse.ArgumentParser(prog="up", description="Brings the whole cloud up on this machine.")
    found.add_argument("--cloud-port", type=int, default=int(os.environ.get("IDPHOTO_CLOUD_PORT", 4566)))
    found.add_argument("--page-port", type=int, default=int(os.environ.get("IDPHOTO_PAGE_PORT", 8080)))
    found.add_argument("--localstack", action="store_true", help="deploy to LocalStack in Docker instead of MiniStack")
    found.add_argument("--state", type=Path, default=stack.default_state(), help="where the data stay")
    return found.parse_args()

# On receipts, which name whoever runs the centre: here, this machine.
RECEIPTS = {"ReceiptUnit": deploy.as_json_text("本机检测中心"), "ReceiptPhone": "0755-10000000"}


class Progress:
    """One line per step, with the time that the step before it took."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def __call__(self, line: str) -> None:
        say(f"[{time.monotonic() - self.began:5.0f} s] {line}")


def main() -> None:
    chosen, step = options(), Progress()
    for tool, remedy in NEEDED.items():
        if not shutil.which(tool):
            stop(f"{tool} is missing", remedy)
    if chosen.localstack:
        docker.require()
    step("models, fonts, functions")
    building = page.start_build(step)
    packages = build_functions(docker.build if chosen.localstack else package.build)
    providers = sandbox.build()
    here = stack.Stack(chosen.state.resolve(), chosen.cloud_port, chosen.page_port)
    step("cloud")
    if chosen.localstack:
        docker.start(chosen.cloud_port)
    stack.start(here, providers, keep=True, lifeline=False, docker=chosen.localstack)
    step("stack")
    deploy_to(here, packages)
    page.finish(building)
    step("demonstration account")
    account = demo.ensure_account(f"{here.page}/api", here.state / "demo.json")
    step("ready")
    print(f"page     {here.page}/")
    print(f"sign in  {account['userName']} / {account['password']}")
    print(f"API      {here.page}/api/v1/openapi.json")
    print(f"payments {sandbox.url(here.state)}/pay (pays what a QR code asks for)")
    print(f"texts    {here.page}{sandbox.INBOX} (short messages and mail)")
    print(f"cloud    {here.endpoint} (data and logs in {here.state})")


def build_functions(build=package.build) -> dict:
    if not package.fetch_all():
        stop("what stands beside the functions was not fetched", "see the lines above")
    scratch = ROOT / "target" / "local-functions"
    scratch.mkdir(parents=True, exist_ok=True)
    names = package.function_names()
    programs = build(names)
    return {name: package.zip_function(name, programs[name], scratch) for name in names}


def deploy_to(here: stack.Stack, packages: dict) -> dict:
    parameters = {"Stage": "local", "PageOrigin": here.page, **RECEIPTS}
    fingerprint = deploy.fingerprint(packages, parameters)
    deployed = here.state / "deployed"
    same = deployed.exists() and deployed.read_text() == fingerprint
    # A cloud that was killed has lost its stack.
    standing = deploy.outputs(deploy.client("cloudformation", here.endpoint)) if same else None
    if standing is not None:
        sandbox.hand_over(here.state, here.endpoint)
        return standing
    outputs = deploy.deploy(here.endpoint, packages, parameters)
    sandbox.hand_over(here.state, here.endpoint)
    here.outputs.write_text(json.dumps(outputs, indent=1))
    deployed.write_text(fingerprint)
    return outputs

