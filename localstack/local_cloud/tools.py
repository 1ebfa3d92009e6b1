"""Puts pinned tools into the project's cache folder and runs the caller's script inside them.

Only the standard library: this runs under whatever Python 3 the machine has.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OLDEST_PYTHON = (3, 10)


def cache_dir() -> Path:
    """Downloads that can be made again: models, Python tools. `IDPHOTO_CACHE` moves it."""
    return Path(os.environ.get("IDPHOTO_CACHE") or ROOT / ".cache").resolve()


def say(line: str) -> None:
    """Progress goes to stderr, so that stdout stays free for what another program reads."""
    print(line, file=sys.stderr, flush=True)


def stop(problem: str, remedy: str) -> None:
    say(f"error: {problem}\n  what to do: {remedy}")
    raise SystemExit(1)


@contextlib.contextmanager
def only_one(lock: Path):
    """Two test processes that start together must not install into one folder at once."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def venv_for(requirements: Path) -> Path:
    """The Python of a virtual environment that holds exactly the locked `requirements`."""
    if sys.version_info < OLDEST_PYTHON:
        stop(
            f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed, this is {sys.version.split()[0]}",
            "install a newer python3 and put it first on PATH",
        )
    digest = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = cache_dir() / "python" / f"{requirements.parent.name}-{digest}"
    python = folder / "bin" / "python"
    done = folder / "complete"
    if done.exists():
        return python
    with only_one(folder.with_suffix(".lock")):
        if not done.exists():
            say(f"installing {requirements.relative_to(ROOT)} into {folder} (once)")
            shutil.rmtree(folder, ignore_errors=True)
            make_venv(folder)
            # The lists are complete, so nothing is resolved here: what is not listed is not installed.
            install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                       "--only-binary=:all:", "--no-deps", "--require-hashes", "-r", requirements]
            if subprocess.run(install).returncode:
                stop("the Python tools did not install", "read pip's lines above; is a package index reachable?")
            done.touch()
    return python


def make_venv(folder: Path) -> None:
    command = [sys.executable, "-m", "venv", folder]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode and os.geteuid() == 0 and shutil.which("apt-get"):
        say("python3-venv is missing: installing it with apt-get")
        subprocess.run(["apt-get", "update", "-qq"])
        subprocess.run(["apt-get", "install", "-y", "-qq", "python3-venv"], stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)
        made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        stop(f"python3 -m venv failed: {(made.stdout + made.stderr).strip()}", "sudo apt-get install python3-venv")


def enter(requirements: str = "localstack/requirements.txt") -> None:
    """Starts the running script again inside the tools' environment, unless it is there already."""
    python = venv_for(ROOT / requirements)
    if Path(sys.prefix).resolve() != python.parent.parent.resolve():
        os.execv(python, [str(python), *sys.argv])
