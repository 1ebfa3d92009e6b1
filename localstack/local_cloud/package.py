"""Puts each function into the zip that Lambda expects: `bootstrap`, and for the detection its models."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from .tools import ROOT, cache_dir, stop

# What a function needs beside its program.
BESIDE = {"detection": {"models": "models"}, "photos": {"fonts": "fonts"}}
# Who brings it there.
FETCH = {"models": ROOT / "shared" / "inspection" / "models" / "fetch", "fonts": ROOT / "functions" / "photos" / "font" / "fetch"}
# A zip without the machine's clock in it: the same content has the same name.
EPOCH = (2020, 1, 1, 0, 0, 0)


def fetch_all() -> bool:
    """Into the cache; a second time only checks."""
    return all(subprocess.run([fetch], stdout=sys.stderr).returncode == 0 for fetch in FETCH.values())


def function_names() -> list:
    return sorted(manifest.parent.name for manifest in (ROOT / "functions").glob("*/Cargo.toml"))


def path_with_assembler() -> str:
    """PATH with NASM on it where it can be had: reading a JPEG file is then about twice as fast."""
    fetched = subprocess.run([ROOT / "shared" / "inspection" / "nasm" / "fetch"], capture_output=True, text=True)
    folder = fetched.stdout.strip()
    return os.pathsep.join([os.environ["PATH"], folder]) if fetched.returncode == 0 and folder else os.environ["PATH"]


def local_features() -> list:
    """`function/local` of those that have it: time from the guards table, so that a test can move it."""
    command = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
    facts = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    functions = [package for package in facts["packages"] if "/functions/" in package["manifest_path"]]
    return [f"{package['name']}/local" for package in functions if "local" in package["features"]]


def build(names: list) -> dict:
    """The program of each function by name. The profile is the tests' own, so that nothing compiles twice: fast to build,
    pixels optimised; the whole workspace is named so that dependencies have the features they have there. `infra/build` makes
    the programs for AWS."""
    command = ["cargo", "build", "--workspace", "--locked", "--message-format", "json-render-diagnostics"]
    if features := local_features():
        command += ["--features", ",".join(features)]
    for name in names:
        command += ["--bin", name]
    env = {**os.environ, "PATH": path_with_assembler()}
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        stop("the functions do not compile", "read cargo's lines above")
    found = {}
    for line in done.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] in names:
            found[message["target"]["name"]] = Path(message["executable"])
    missing = set(names) - set(found)
    if missing:
        stop(f"no program was built for {', '.join(sorted(missing))}", "a function's binary carries its folder's name")
    return found


def zip_function(name: str, program: Path, into: Path) -> Path:
    folder = into / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    bootstrap = folder / "bootstrap"
    shutil.copy(program, bootstrap)
    if shutil.which("strip"):
        subprocess.run(["strip", bootstrap], check=True)
    contents = [("bootstrap", bootstrap)]
    for inside, source in BESIDE.get(name, {}).items():
        contents += files_below(cache_dir() / source, inside)
    digest = hashlib.sha256()
    for inside, path in contents:
        digest.update(inside.encode() + hashlib.sha256(path.read_bytes()).digest())
    archive = into / f"{name}-{digest.hexdigest()[:16]}.zip"
    if not archive.exists():
        for old in into.glob(f"{name}-*.zip"):
            old.unlink()
        write_zip(archive, contents)
    return archive


def files_below(folder: Path, inside: str) -> list:
    return [(f"{inside}/{path.relative_to(folder)}", path) for path in sorted(folder.rglob("*")) if path.is_file()]


def write_zip(archive: Path, contents: list) -> None:
    half = archive.with_suffix(".part")
    with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        for inside, path in contents:
            entry = zipfile.ZipInfo(inside, EPOCH)
            entry.external_attr = (0o755 if os.access(path, os.X_OK) else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, path.read_bytes())
    half.rename(archive)
