"""The functions and their programs: names, files that a function needs beside its program, builds for this machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

from .environment import ROOT, stop

# The folders that a function needs beside its program, by function; each is a folder of the cache with the same name.
ASSETS = {"detection": ["models"], "photos": ["fonts"]}
# The script that downloads each of these folders.
FETCH = {"models": ROOT / "shared" / "inspection" / "models" / "fetch", "fonts": ROOT / "functions" / "photos" / "font" / "fetch"}


def function_names() -> list[str]:
    """The folders of `functions`: each is a crate with a program of the same name."""
    return sorted(manifest.parent.name for manifest in (ROOT / "functions").glob("*/Cargo.toml"))


def fetch_assets() -> bool:
    """Downloads every folder of `FETCH` into the cache, or checks what is there. False if one failed."""
    return all(subprocess.run([fetch], stdout=sys.stderr).returncode == 0 for fetch in FETCH.values())


def path_with_assembler() -> str:
    """PATH with NASM on it where it can be downloaded: the JPEG codec is then about twice as fast."""
    fetched = subprocess.run([ROOT / "shared" / "inspection" / "nasm" / "fetch"], capture_output=True, text=True)
    folder = fetched.stdout.strip()
    return os.pathsep.join([os.environ["PATH"], folder]) if fetched.returncode == 0 and folder else os.environ["PATH"]


def build_command(programs: list[str]) -> list[str]:
    """The cargo command that builds `programs` for this machine.

    The profile and the features are those of the tests (`--workspace`), so that nothing is compiled twice. `infra/build`
    makes the programs for AWS.
    """
    command = ["cargo", "build", "--workspace", "--locked"]
    for name in programs:
        command += ["--bin", name]
    return command


def build_environment() -> dict[str, str]:
    return {**os.environ, "PATH": path_with_assembler()}


def build_local(programs: list[str]) -> dict[str, Path]:
    """Builds `programs` for this machine and returns their paths by name.

    `IDPHOTO_PROGRAMS` names a folder in which they are built already: `tests/run` has compiled everything before.
    """
    if built := os.environ.get("IDPHOTO_PROGRAMS"):
        return {name: Path(built) / name for name in programs}
    command = [*build_command(programs), "--message-format", "json-render-diagnostics"]
    done = subprocess.run(command, cwd=ROOT, env=build_environment(), stdout=subprocess.PIPE, text=True)
    if done.returncode:
        stop(f"{', '.join(programs)} did not compile", "read cargo's lines above")
    found = {}
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] in programs:
            found[message["target"]["name"]] = Path(message["executable"])
    if missing := set(programs) - set(found):
        stop(f"cargo named no program for {', '.join(sorted(missing))}", "a program has the name of its crate")
    return found
