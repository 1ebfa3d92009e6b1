"""Cycles between the modules of a crate.

Modules of one parent must not depend on each other in a cycle, at any depth. A child can use its parent and a parent its
children: that is how a module is split into files. Test modules (`#[cfg(test)]`) do not count.

The source is read with a small lexer, not with the compiler: `use` declarations and paths that begin with `crate`, `super` or
`self` are resolved through the module tree and its re-exports. What a macro generates is not seen.
"""

import itertools
import re
from dataclasses import dataclass, field
from pathlib import Path

from .cycles import cycles

RE_EXPORT_DEPTH = 8
_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|\bb?r(?P<hash>\#*)".*?"(?P=hash)|b?"(?:\\.|[^"\\])*"|b?'(?:\\.[^']*|[^'\\])'""", re.DOTALL)
_USE = re.compile(r"\buse\s+([^;]+);")
_MODULE = re.compile(r"((?:#\[[^\]]*\]\s*)*)(?:pub(?:\([^)]*\))?\s+)?\bmod\s+(\w+)\s*([;{])")
_PATH = re.compile(r"(?<![\w:$])(?:crate|super|self)(?:::\w+)+")
_QUOTED_PATH = re.compile(r'"((?:crate|super)(?:::\w+)+)"')


@dataclass
class Module:
    """A module: its file, what it imports, its references to other modules."""

    path: tuple
    file: Path
    children: dict = field(default_factory=dict)
    # Name in this module -> the path it stands for.
    imports: dict = field(default_factory=dict)
    # Paths of modules whose items are all imported (`use x::*`).
    globs: list = field(default_factory=list)
    references: list = field(default_factory=list)
    code: str = ""


def crate_cycles(root_file: Path) -> list:
    """Descriptions of the cycles in the crate with the root `root_file` (its `lib.rs` or `main.rs`)."""
    root = Module((), root_file)
    _load(root, root_file.read_text(), root_file.parent)
    graphs, evidence = {}, {}
    for module in _walk(root):
        for reference in module.references:
            for target in _targets(root, module, reference):
                _add_edge(graphs, evidence, module, target)
    found = []
    for parent, graph in sorted(graphs.items()):
        for cycle in cycles(graph):
            lines = [f"  {a} -> {b}: {evidence[(*parent, a), (*parent, b)]}" for a, b in itertools.pairwise(cycle)]
            found.append("\n".join([f"{'::'.join(('crate', *parent))}: {' -> '.join(cycle)}", *lines]))
    return found


def _add_edge(graphs: dict, evidence: dict, module: Module, target: tuple) -> None:
    """Records the dependency at the level where the paths of `module` and `target` part."""
    depth = 0
    while depth < min(len(module.path), len(target)) and module.path[depth] == target[depth]:
        depth += 1
    if depth < len(module.path) and depth < len(target):
        parent = module.path[:depth]
        graphs.setdefault(parent, {}).setdefault(module.path[depth], set()).add(target[depth])
        edge = (module.path[:depth + 1], target[:depth + 1])
        evidence.setdefault(edge, f"{module.file} uses {'::'.join(('crate', *target))}")


def _walk(module: Module):
    yield module
    for child in module.children.values():
        yield from _walk(child)


def _code_of(text: str) -> str:
    """`text` without comments and literals, but with the file names in `#[path = "..."]`."""
    def blank(token: re.Match) -> str:
        before = text[max(0, token.start() - 12):token.start()]
        return token.group() if re.search(r"\[path\s*=\s*$", before) else " "
    return _TOKEN.sub(blank, text)


def _load(module: Module, text: str, folder: Path) -> None:
    """Fills `module` from the source `text`; `folder` is where the files of its children are."""
    code = _code_of(text)
    module.references += [tuple(path.split("::")) for path in _QUOTED_PATH.findall(re.sub(r"//[^\n]*", "", text))]
    own, at = [], 0
    for found in _MODULE.finditer(code):
        if found.start() < at:
            continue
        attributes, name, kind = found.groups()
        own.append(code[at:found.start()])
        at = found.end() if kind == ";" else _closing(code, found.end())
        if re.search(r"cfg\(\s*test\s*\)", attributes):
            continue
        child = Module((*module.path, name), module.file)
        if kind == "{":
            module.children[name] = child
            _load(child, code[found.end():at - 1], folder / name)
        elif file := _file_of(name, attributes, folder, module.file):
            module.children[name] = child
            child.file = file
            inside = file.parent if file.name == "mod.rs" else file.parent / file.stem
            _load(child, file.read_text(), inside)
    module.code = "".join([*own, code[at:]])
    for declaration in _USE.findall(module.code):
        for path, alias in _use_tree(declaration):
            module.references.append(path)
            if alias == "*":
                module.globs.append(path[:-1])
            else:
                module.imports[alias] = path
    module.code = _USE.sub("", module.code)
    module.references += [tuple(path.split("::")) for path in _PATH.findall(module.code)]


def _file_of(name: str, attributes: str, folder: Path, parent: Path):
    if path := re.search(r'path\s*=\s*"([^"]+)"', attributes):
        return (parent.parent / path.group(1)).resolve()
    return next((file for file in (folder / f"{name}.rs", folder / name / "mod.rs") if file.exists()), None)


def _closing(code: str, at: int) -> int:
    """The position after the brace that closes the block whose content begins at `at`."""
    depth = 1
    while depth and at < len(code):
        depth += {"{": 1, "}": -1}.get(code[at], 0)
        at += 1
    return at


def _use_tree(text: str) -> list:
    """`a::{b, c as d, e::*}` as paths, each with the name that it is imported as."""
    text = text.strip()
    brace = text.find("{")
    if brace < 0:
        path, _, alias = re.sub(r"\s+as\s+", "@", text).replace(" ", "").replace("\n", "").partition("@")
        segments = tuple(segment for segment in path.split("::") if segment)
        if segments[-1:] == ("self",) and len(segments) > 1:
            segments = segments[:-1]
        return [(segments, alias or segments[-1])] if segments else []
    prefix = tuple(segment for segment in text[:brace].replace(" ", "").split("::") if segment)
    found = []
    for part in _split(text[brace + 1:text.rindex("}")]):
        for path, alias in _use_tree(part):
            if path == ("self",):
                found.append((prefix, prefix[-1] if alias == "self" else alias))
            else:
                found.append((prefix + path, alias))
    return found


def _split(text: str) -> list:
    """`text` at the commas that are not inside braces."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append(text[start:at])
            start = at + 1
    return [part for part in [*parts, text[start:]] if part.strip()]


def _targets(root: Module, module: Module, reference: tuple) -> list:
    """The paths of the modules that `reference`, written in `module`, leads to."""
    if reference[-1] == "*":
        base = _resolve(root, module, reference[:-1])
        if base is None:
            return []
        source = _module_at(root, base)
        names = [name for name in [*source.children, *source.imports] if re.search(rf"\b{re.escape(name)}\b", module.code)]
        return [base, *(target for name in names if (target := _lookup(root, source, (name,), 0)) is not None)]
    target = _resolve(root, module, reference)
    return [] if target is None else [target]


def _resolve(root: Module, module: Module, path: tuple, depth: int = 0):
    """The path of the module that defines what `path` names, or None if it is in another crate."""
    start, rest = module, path
    if path[0] == "crate":
        start, rest = root, path[1:]
    elif path[0] == "self":
        rest = path[1:]
    elif path[0] == "super":
        while rest and rest[0] == "super":
            start, rest = _module_at(root, start.path[:-1]), rest[1:]
    elif path[0] not in module.children:
        return None
    return _lookup(root, start, rest, depth)


def _lookup(root: Module, module: Module, path: tuple, depth: int):
    for at, name in enumerate(path):
        if name in module.children:
            module = module.children[name]
            continue
        if depth > RE_EXPORT_DEPTH or _defines(module, name):
            return module.path
        if name in module.imports:
            return _resolve(root, module, module.imports[name] + path[at + 1:], depth + 1)
        for glob in module.globs:
            base = _resolve(root, module, glob, depth + 1)
            if base is not None and base != module.path:
                source = _module_at(root, base)
                if _defines(source, name) or name in source.imports or name in source.children:
                    return _lookup(root, source, path[at:], depth + 1)
        return module.path
    return module.path


def _defines(module: Module, name: str) -> bool:
    kinds = "fn|struct|enum|union|trait|type|const|static|macro_rules!"
    return re.search(rf"\b(?:{kinds})\s+{re.escape(name)}\b", module.code) is not None


def _module_at(root: Module, path: tuple) -> Module:
    for name in path:
        root = root.children[name]
    return root
