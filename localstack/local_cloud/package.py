"""Puts the functions into the zips that Lambda expects: `bootstrap`, and the folders that a function needs beside it."""

import hashlib
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

from build_support import functions
from build_support.environment import ROOT, cache_dir, file_lock

ZIPS = ROOT / "target" / "local-functions"
# Zips carry no time of this machine: the same content makes the same file.
EPOCH = (2020, 1, 1, 0, 0, 0)
CHUNK_BYTES = 1 << 20


def zip_functions(programs: dict[str, Path]) -> dict[str, Path]:
    """The zip of each function by name. Functions with the same program and the same assets share one."""
    ZIPS.mkdir(parents=True, exist_ok=True)
    with file_lock(ZIPS / "lock"):
        made = {}
        for name, program in programs.items():
            key = (program, tuple(functions.ASSETS.get(name, [])))
            if key not in made:
                made[key] = zip_program(program, key[1])
            programs[name] = made[key]
    return programs


def zip_program(program: Path, assets: tuple[str, ...]) -> Path:
    """`program` as `bootstrap` with the folders `assets` of the cache beside it. What an earlier call zipped is used again."""
    contents = [file for folder in assets for file in files_below(cache_dir() / folder, folder)]
    digest = hashlib.sha256()
    for inside, path in [("bootstrap", program), *contents]:
        digest.update(inside.encode() + file_digest(path))
    kind = "-".join([program.parent.name if program.name == "bootstrap" else program.name, *assets])
    archive = ZIPS / f"{kind}-{digest.hexdigest()[:16]}.zip"
    if not archive.exists():
        for old in ZIPS.glob(f"{kind}-{'[0-9a-f]' * 16}.zip"):
            old.unlink()
        bootstrap = ZIPS / "bootstrap"
        shutil.copy(program, bootstrap)
        if shutil.which("strip"):
            subprocess.run(["strip", bootstrap], check=True)
        write_zip(archive, [("bootstrap", bootstrap), *contents])
        bootstrap.unlink()
    return archive


def file_digest(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.digest()


def files_below(folder: Path, inside: str) -> list[tuple[str, Path]]:
    return [(f"{inside}/{path.relative_to(folder)}", path) for path in sorted(folder.rglob("*")) if path.is_file()]


def write_zip(archive: Path, contents: list[tuple[str, Path]]) -> None:
    """Stores without compression: the zip never leaves this machine, and compressing takes longer than all the rest."""
    partial = archive.with_suffix(".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as bundle:
        for inside, path in contents:
            entry = zipfile.ZipInfo(inside, EPOCH)
            entry.external_attr = (0o755 if os.access(path, os.X_OK) else 0o644) << 16
            bundle.writestr(entry, path.read_bytes())
    partial.rename(archive)
