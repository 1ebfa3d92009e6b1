"""Cycles in a directed graph."""


def cycles(graph: dict) -> list:
    """One cycle for each group of nodes that depend on each other, as a list of nodes that ends with its first. `graph` maps a node
    to the nodes that it depends on."""
    found = []
    for group in _groups(graph):
        start = min(group)
        found.append(_path_back(graph, start, group))
    return sorted(found)


def _groups(graph: dict) -> list:
    """The strongly connected components with more than one node, or with a node that depends on itself (Tarjan)."""
    index, low, on_stack, stack, found = {}, {}, set(), [], []

    def visit(node) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        on_stack.add(node)
        for target in sorted(graph.get(node, ())):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in on_stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            group = set()
            while node not in group:
                group.add(stack.pop())
            on_stack.difference_update(group)
            if len(group) > 1 or node in graph.get(node, ()):
                found.append(group)

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def _path_back(graph: dict, start, group: set) -> list:
    """The shortest path from `start` to itself inside `group`."""
    paths, seen = [[start]], set()
    while paths:
        path = paths.pop(0)
        for target in sorted(graph.get(path[-1], ())):
            if target == start:
                return [*path, start]
            if target in group and target not in seen:
                seen.add(target)
                paths.append([*path, target])
    raise AssertionError(f"{start} is not on a cycle")
