"""Everything slow that `up` needs, started at once: downloads wait for the network while cargo uses the processor.

Uses only the standard library: it runs before the Python tools are installed.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from build_support import environment, functions, page
from build_support.environment import ROOT, say, stop

REQUIREMENTS = "localstack/requirements.txt"
NEEDED = {
    "cargo": "install Rust from https://rustup.rs",
    "cc": "sudo apt-get install build-essential",
}
# The programs of the local cloud: the functions, the simulated outside providers, the operator's commands.
PROGRAMS = ["all-functions", "sandbox", "operator"]


def enter() -> None:
    """Restarts the running script with the local cloud's Python tools, unless it already runs with them."""
    environment.enter(REQUIREMENTS)


def in_tools_environment() -> bool:
    return Path(sys.prefix).resolve().parent == environment.cache_dir() / "python"


def prepare() -> None:
    """Builds the programs and the page and downloads tools and assets, side by side. Quick if all of it is there."""
    if in_tools_environment() or "--help" in sys.argv or "-h" in sys.argv:
        return
    for tool, remedy in NEEDED.items():
        if not shutil.which(tool):
            stop(f"{tool} is missing", remedy)
    say("programs, page, models, fonts and tools, side by side")
    page_build = page.start_build()
    compiling = None if "--localstack" in sys.argv else start_cargo()
    fetching = [subprocess.Popen([fetch], stdout=sys.stderr) for fetch in functions.FETCH.values()]
    environment.venv_for(ROOT / REQUIREMENTS)
    # Waits for all of them, also after one that failed.
    if any([fetch.wait() for fetch in fetching]):  # noqa: C419
        stop("the models or the fonts were not downloaded", "read the lines above")
    page.finish_build(page_build)
    if compiling and compiling.wait():
        stop("the programs did not compile", "read cargo's lines above")


def start_cargo() -> subprocess.Popen:
    return subprocess.Popen(functions.build_command(PROGRAMS), cwd=ROOT, env=functions.build_environment(), stdout=subprocess.DEVNULL)
