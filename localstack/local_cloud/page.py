"""Builds the page with its own tools."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from .tools import ROOT, stop

WEB = ROOT / "web"
OLDEST_NODE = 20


def sources_digest() -> str:
    """What the built page depends on."""
    digest = hashlib.sha256()
    for path in sorted(WEB.rglob("*")):
        inside = path.relative_to(WEB)
        if path.is_file() and inside.parts[0] not in ("node_modules", "dist"):
            digest.update(str(inside).encode() + path.read_bytes())
    return digest.hexdigest()


def node_major() -> int:
    if not shutil.which("npm"):
        return 0
    return int(subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.lstrip("v").split(".")[0])


def start_build(step) -> subprocess.Popen | None:
    """Runs beside cargo: npm waits for the network, cargo for the processor."""
    built = WEB / "dist" / ".sources"
    if built.exists() and built.read_text() == sources_digest():
        return None
    if node_major() < OLDEST_NODE:
        stop(f"the page needs Node {OLDEST_NODE} or newer and npm", "https://nodejs.org or your distribution's packages")
    step("page (beside the functions)")
    return subprocess.Popen("npm ci --no-audit --no-fund --loglevel=error && npm run build", shell=True, cwd=WEB,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(build: subprocess.Popen | None) -> None:
    if build is None:
        return
    output, _ = build.communicate()
    if build.returncode:
        stop(f"the page was not built:\n{output}", "see npm's lines above")
    (WEB / "dist" / ".sources").write_text(sources_digest())
