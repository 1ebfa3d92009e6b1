"""Rules about packages: licences and sources (lists in `deny.toml`), and which of our crates can use which.

Only `cargo metadata` is needed. `cargo deny check bans licenses sources` reads the same lists where it is installed.
"""

import re

REGISTRY = "registry+https://github.com/rust-lang/crates.io-index"
# A crate of ours, and what must not be among all that it links. See docs/architecture.
NEVER_LINKED = {
    "domain": {"tokio", "axum", "aws-config", "lambda_http", "inspection", "app", "cloud", "http-api"},
    "inspection": {"tokio", "axum", "aws-config", "lambda_http", "domain", "app", "cloud", "http-api"},
    "app": {"axum", "aws-config", "lambda_http", "cloud", "http-api"},
    "http-api": {"aws-config", "cloud"},
    "cloud": {"axum", "lambda_http", "http-api"},
}
# Functions without HTTP routes: they start faster without its dependencies.
WITHOUT_HTTP = {"detection", "jobs", "relay"}


def violations(metadata: dict, rules: dict) -> list:
    """What breaks a rule, one line each. `metadata` is cargo's, `rules` the content of `deny.toml`."""
    packages = {package["id"]: package for package in metadata["packages"]}
    graph = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    found = []
    for package in packages.values():
        name = f"{package['name']} {package['version']}"
        # A package with a licence file instead of an expression is refused: its text must be read and the package named here.
        if not is_allowed(package["license"] or "none", set(rules["licenses"]["allow"])):
            found.append(f"{name}: licence {package['license']}")
        if package["source"] not in (None, REGISTRY):
            found.append(f"{name}: source {package['source']}")
    found += _banned(packages, graph, rules)
    return found + _directions(packages, graph, metadata["workspace_members"])


def _banned(packages: dict, graph: dict, rules: dict) -> list:
    """Uses of a banned package by another one than its `wrappers`."""
    banned = {}
    for entry in rules["bans"]["deny"]:
        entry = {"crate": entry} if isinstance(entry, str) else entry
        banned[entry["crate"]] = set(entry.get("wrappers", ()))
    found = []
    for node in graph.values():
        user = packages[node["id"]]["name"]
        used = {packages[dependency["pkg"]]["name"] for dependency in node["deps"]}
        found += [f"{user} uses {name}, which is banned" for name in sorted(used & set(banned)) if user not in banned[name]]
    return found


def _directions(packages: dict, graph: dict, members: list) -> list:
    """Links between our own crates, and from them to others, that the architecture excludes."""
    ours = {packages[member]["name"]: member for member in members}
    functions = {name for name, id in ours.items() if "/functions/" in packages[id]["manifest_path"]}
    found = []
    for crate in sorted(ours):
        never = set(NEVER_LINKED.get(crate, ()))
        if crate in functions:
            never |= functions - {crate}
            never |= {"http-api", "axum", "lambda_http"} if crate in WITHOUT_HTTP else set()
            never |= set() if crate == "detection" else {"inspection"}
        names = {packages[id]["name"] for id in linked(graph, ours[crate])}
        found += [f"{crate} links {name}" for name in sorted(never & names)]
    return found


def linked(graph: dict, start: str) -> set:
    """The ids of all packages that `start` links; dependencies of tests and of build scripts do not count."""
    seen, waiting = set(), [start]
    while waiting:
        for dependency in graph[waiting.pop()]["deps"]:
            normal = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            if normal and dependency["pkg"] not in seen:
                seen.add(dependency["pkg"])
                waiting.append(dependency["pkg"])
    return seen


def is_allowed(expression: str, licences: set) -> bool:
    """Whether the SPDX `expression` can be satisfied with `licences`: one side of an `OR`, both sides of an `AND`. Older manifests
    write `/` for `OR`."""
    tokens = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))
    value, rest = _alternatives(tokens, licences)
    if rest:
        raise ValueError(f"not an SPDX expression: {expression}")
    return value


def _alternatives(tokens: list, licences: set) -> tuple:
    value, rest = _conjunction(tokens, licences)
    while rest[:1] == ["OR"]:
        other, rest = _conjunction(rest[1:], licences)
        value = value or other
    return value, rest


def _conjunction(tokens: list, licences: set) -> tuple:
    value, rest = _licence(tokens, licences)
    while rest[:1] == ["AND"]:
        other, rest = _licence(rest[1:], licences)
        value = value and other
    return value, rest


def _licence(tokens: list, licences: set) -> tuple:
    if tokens[:1] == ["("]:
        value, rest = _alternatives(tokens[1:], licences)
        if rest[:1] != [")"]:
            raise ValueError("a bracket is not closed")
        return value, rest[1:]
    if tokens[1:2] == ["WITH"]:
        return " ".join(tokens[:3]) in licences, tokens[3:]
    return tokens[0] in licences, tokens[1:]
