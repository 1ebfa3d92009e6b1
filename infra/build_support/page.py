"""Builds the page with its own tools (npm, Vite)."""

import hashlib
import shutil
import subprocess

from .environment import ROOT, say, stop

WEB = ROOT / "web"
OLDEST_NODE = 20
INSTALL = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]


def sources_digest() -> str:
    """Changes when a file changes that the built page depends on."""
    digest = hashlib.sha256()
    for path in sorted(WEB.rglob("*")):
        inside = path.relative_to(WEB)
        if inside.parts[0] not in ("node_modules", "dist") and path.is_file():
            digest.update(str(inside).encode() + path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """Whether `web/dist` was built from the sources as they are now."""
    built = WEB / "dist" / ".sources"
    return built.exists() and built.read_text() == sources_digest()


def mark_current() -> None:
    """Notes in `web/dist` which sources it was built from."""
    (WEB / "dist" / ".sources").write_text(sources_digest())


def node_major() -> int:
    """The major version of Node, or 0 without npm."""
    if not shutil.which("npm"):
        return 0
    return int(subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.lstrip("v").split(".")[0])


def start_build() -> subprocess.Popen | None:
    """Starts npm if the page is not current, and returns without waiting: npm waits for the network, cargo for the processor."""
    if is_current():
        return None
    if node_major() < OLDEST_NODE:
        stop(f"the page needs Node {OLDEST_NODE} or newer and npm", "https://nodejs.org or your distribution's packages")
    say("building the page beside the functions")
    return subprocess.Popen(f"{' '.join(INSTALL)} && npm run build", shell=True, cwd=WEB,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish_build(build: subprocess.Popen | None) -> None:
    """Waits for what `start_build` started. Ends the program if npm failed."""
    if build is None:
        return
    output, _ = build.communicate()
    if build.returncode:
        stop(f"the page was not built:\n{output}", "read npm's lines above")
    mark_current()
