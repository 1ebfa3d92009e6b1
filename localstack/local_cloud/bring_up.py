"""The steps of `up`, in order, and the two that `test-cloud` shares with it."""

import argparse
import json
import os
import time
from pathlib import Path

from build_support import functions, template
from build_support.environment import say, stop

from . import demo, deploy, docker, package, sandbox, stack
from .preparation import PROGRAMS

# The organisation that receipts name: here, this machine.
RECEIPTS = {"ReceiptUnit": template.as_json_text("本机检测中心"), "ReceiptPhone": "0755-10000000"}


def options() -> argparse.Namespace:
    found = argparse.ArgumentParser(prog="up", description="Brings the whole cloud up on this machine.")
    found.add_argument("--cloud-port", type=int, default=int(os.environ.get("IDPHOTO_CLOUD_PORT", 4566)))
    found.add_argument("--page-port", type=int, default=int(os.environ.get("IDPHOTO_PAGE_PORT", 8080)))
    found.add_argument("--localstack", action="store_true", help="deploy to LocalStack in Docker instead of MiniStack")
    found.add_argument("--state", type=Path, default=stack.default_state(), help="the folder of data and logs")
    return found.parse_args()


class Progress:
    """Prints one line per step with the seconds since the start."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def __call__(self, line: str) -> None:
        say(f"[{time.monotonic() - self.began:5.0f} s] {line}")


def main() -> None:
    """Expects what `preparation` has made."""
    chosen, step = options(), Progress()
    if chosen.localstack:
        docker.require()
    step("functions")
    packages, providers = build_programs(chosen.localstack)
    here = stack.Stack(chosen.state.resolve(), chosen.cloud_port, chosen.page_port)
    step("cloud")
    if chosen.localstack:
        docker.start(chosen.cloud_port)
    stack.start(here, providers, keep=True, lifeline=False, docker=chosen.localstack)
    step("stack")
    deploy_to(here, packages)
    step("demonstration account")
    account = demo.ensure_account(f"{here.page}/api", here.state / "demo.json")
    step("ready")
    print(f"page     {here.page}/")
    print(f"sign in  {account['userName']} / {account['password']}")
    print(f"API      {here.page}/api/v1/openapi.json")
    print(f"payments {sandbox.url(here.state)}/pay (pays the amount of a QR code)")
    print(f"messages {here.page}{sandbox.INBOX} (SMS and e-mail)")
    print(f"cloud    {here.endpoint} (data and logs in {here.state})")


def build_programs(for_docker: bool = False) -> tuple[dict[str, Path], str]:
    """The zip of each function by name, and the path of the sandbox's program."""
    if not functions.fetch_assets():
        stop("the models or the fonts were not downloaded", "read the lines above")
    built = functions.build_local([program for program in PROGRAMS if not (for_docker and program == "all-functions")])
    names = functions.function_names()
    programs = docker.build(names) if for_docker else dict.fromkeys(names, built["all-functions"])
    return package.zip_functions(programs), str(built["sandbox"])


def deploy_to(here: stack.Stack, packages: dict[str, Path]) -> dict[str, str]:
    """Deploys, unless the same stack is deployed already; returns the stack's outputs."""
    parameters = {"Stage": "local", "PageOrigin": here.page, **RECEIPTS}
    fingerprint = deploy.fingerprint(packages, parameters)
    deployed = here.state / "deployed"
    same = deployed.exists() and deployed.read_text() == fingerprint
    # A cloud that was killed has lost its stack.
    outputs = deploy.outputs(deploy.client("cloudformation", here.endpoint)) if same else None
    if outputs is None:
        outputs = deploy.deploy(here.endpoint, packages, parameters)
    sandbox.store_secrets(here.state, here.endpoint)
    # The front server passes requests to the API once this file exists.
    here.outputs.write_text(json.dumps(outputs, indent=1))
    deployed.write_text(fingerprint)
    return outputs
