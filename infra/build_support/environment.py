"""Installs pinned Python tools into the project's cache folder and runs the calling script with them.

Uses only the standard library, because it runs under any Python 3 that the machine has.
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
OLDEST_PYTHON = (3, 11)


def cache_dir() -> Path:
    """The folder of downloads that can be made again: models, Python tools. `IDPHOTO_CACHE` moves it."""
    return Path(os.environ.get("IDPHOTO_CACHE") or ROOT / ".cache").resolve()


def say(line: str) -> None:
    """Prints progress to stderr: stdout is kept for output that another program reads."""
    print(line, file=sys.stderr, flush=True)


def stop(problem: str, remedy: str) -> None:
    """Ends the program with exit code 1, after a line that names the problem and one that names its remedy."""
    say(f"error: {problem}\n  what to do: {remedy}")
    raise SystemExit(1)


@contextlib.contextmanager
def file_lock(lock: Path):
    """Holds an exclusive lock, so that two processes that start together do not install into one folder at once."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def venv_for(requirements: Path) -> Path:
    """The Python of a virtual environment that holds exactly the packages of the hash-locked file `requirements`."""
    if sys.version_info < OLDEST_PYTHON:
        stop(
            f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed, this is {sys.version.split()[0]}",
            "install a newer python3 and put it first on PATH",
        )
    digest = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = cache_dir() / "python" / f"{requirements.parent.name}-{digest}"
    python = folder / "bin" / "python"
    complete = folder / "complete"
    if complete.exists():
        return python
    with file_lock(folder.with_suffix(".lock")):
        if not complete.exists():
            say(f"installing {requirements.relative_to(ROOT)} into {folder} (once)")
            shutil.rmtree(folder, ignore_errors=True)
            make_venv(folder)
            # The locked files are complete: pip resolves nothing and installs only what they list.
            install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                       "--only-binary=:all:", "--no-deps", "--require-hashes", "-r", requirements]
            if subprocess.run(install, stdout=sys.stderr).returncode:
                stop("the Python tools were not installed", "read pip's lines above; is a package index reachable?")
            complete.touch()
    return python


def make_venv(folder: Path) -> None:
    """Makes an empty virtual environment; installs Debian's python3-venv first where it is missing and we are root."""
    command = [sys.executable, "-m", "venv", folder]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode and os.geteuid() == 0 and shutil.which("apt-get"):
        say("python3-venv is missing: installing it with apt-get")
        subprocess.run(["apt-get", "update", "-qq"], stdout=sys.stderr)
        subprocess.run(["apt-get", "install", "-y", "-qq", "python3-venv"], stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)
        made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        stop(f"python3 -m venv failed: {(made.stdout + made.stderr).strip()}", "sudo apt-get install python3-venv")


def enter(requirements: str) -> None:
    """Restarts the running script in the virtual environment of `requirements`, unless it already runs there."""
    python = venv_for(ROOT / requirements)
    if Path(sys.prefix).resolve() != python.parent.parent.resolve():
        os.execv(python, [str(python), *sys.argv])
