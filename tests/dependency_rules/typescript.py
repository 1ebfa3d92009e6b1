"""Cycles between the TypeScript files of the page."""

import re
from pathlib import Path

from .cycles import cycles

SUFFIXES = (".ts", ".tsx", "/index.ts", "/index.tsx")
# Static imports and re-exports. A dynamic `import()` is left out: it loads a page later, so it can refer to a file that imports
# the importing one.
_IMPORT = re.compile(r"""^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]""", re.MULTILINE)


def import_cycles(folder: Path) -> list:
    """Descriptions of the cycles between the files below `folder`."""
    files = sorted(file for suffix in ("*.ts", "*.tsx") for file in folder.rglob(suffix))
    graph = {str(file.relative_to(folder)): set(_imported(file, folder)) for file in files}
    return [f"{folder.name}: {' -> '.join(cycle)}" for cycle in cycles(graph)]


def _imported(file: Path, folder: Path):
    for found in _IMPORT.finditer(file.read_text()):
        name = found.group(1) or found.group(2)
        if name.startswith("."):
            target = (file.parent / name).resolve()
            candidates = [target, *(target.parent / (target.name + suffix) for suffix in SUFFIXES)]
            candidates.append(target.with_suffix(".ts"))
            for candidate in candidates:
                if candidate.is_file() and candidate.is_relative_to(folder.resolve()):
                    yield str(candidate.relative_to(folder.resolve()))
                    break
