"""Definitions that go in a circle."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def circle_of(definitions: Iterable[str], direct: Callable[[str], Iterable[str]]) -> list[str]:
    """The names of definitions that go in a circle; none if none do. direct: the names in what a name stands for."""
    known = frozenset(definitions)
    state: dict[str, int] = {}
    found: list[str] = []

    def visit(path: list[str]) -> None:
        state[path[-1]] = 1
        for other in sorted(direct(path[-1])):
            if other in known and not found:
                if state.get(other) == 1:
                    found.extend(path[path.index(other) :])
                elif other not in state:
                    visit([*path, other])
        state[path[-1]] = 2

    for name in sorted(known):
        if name not in state:
            visit([name])
    return found
