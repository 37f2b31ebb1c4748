"""The graph of definitions: what is made of what, with axes, and the adjoint of each beside it."""

from __future__ import annotations

from itertools import pairwise

from indexcalc.api import derive
from indexcalc.errors import IndexcalcError
from indexcalc.pictures.svg import LETTER, Drawing, shortened
from indexcalc.results import Derivation
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative, Tensor

LONGEST = 34  # letters of an adjoint
MOST = 60  # names


def graph(derivation: Derivation) -> str:
    """The picture of the definitions that a target is made of; of a derivative of a scalar with the adjoints.

    Raises IndexcalcError for a sheet with too many names to be drawn.
    """
    sheet = derivation.target.sheet
    names = _reached(sheet, derivation)
    if len(names) > MOST:
        raise IndexcalcError(f"{len(names)} names cannot be drawn", f"Ask for a target that needs at most {MOST}")
    adjoints = _adjoints(derivation, names)
    depth = _depths(sheet, names)
    ways = [_way(used, name, depth) for name in names for used in _below(sheet, name, names)]
    places, drawing = _boxes(sheet, _layers(depth, ways), adjoints)
    for way in ways:
        for start, end in pairwise(way):
            (x, y, half), (u, v, other) = places[start], places[end]
            drawing.line([(x + half, y), (u - other, v)], arrow=end == way[-1])
            if end != way[-1]:
                drawing.line([(u - other, v), (u + other, v)])
    parts = {name: _below(sheet, name, names) for name in names if _made(sheet, name)}
    said = "; ".join(f"{name} of {', '.join(below) or 'nothing'}" for name, below in parts.items())
    return drawing.svg(f"What {derivation.target} is made of", f"{said or 'nothing is defined'}.")


def _made(sheet: Sheet, name: str) -> bool:
    return name in sheet.definitions or name in sheet.primitives


def _below(sheet: Sheet, name: str, names: list[str]) -> list[str]:
    """What a name is made of, of those that are drawn."""
    return sorted(sheet.direct(name) & set(names)) if _made(sheet, name) else []


def _reached(sheet: Sheet, derivation: Derivation) -> list[str]:
    """The names that a target rests on, in the order of the sheet."""
    found: set[str] = set()
    waiting = sorted(derivation.target.term.symbols)
    while waiting:
        name = waiting.pop()
        if name not in found and name in sheet.slots:
            found.add(name)
            waiting += sorted(sheet.direct(name)) if _made(sheet, name) else []
    return [name for name in sheet.slots if name in found]


def _adjoints(derivation: Derivation, names: list[str]) -> dict[str, str]:
    """The derivative of a scalar by each name, in short; none where the target is no derivative of a scalar."""
    term, sheet = derivation.target.term, derivation.target.sheet
    if not isinstance(term, Derivative) or not isinstance(term.body, Tensor) or term.body.slots:
        return {}
    found = {}
    for name in names:
        if name != term.body.name and sheet.depends([term.body.name], name):
            try:
                found[name] = shortened(str(derive(sheet, f"diff({term.body.name}, {name})")), LONGEST)
            except IndexcalcError:  # one that has no derivative has no adjoint
                continue
    return found


def _depths(sheet: Sheet, names: list[str]) -> dict[str, int]:
    """How many definitions stand below each name, one on the other; what nothing defines has none."""
    depth: dict[str, int] = {}

    def of(name: str) -> int:
        if name not in depth:
            depth[name] = 0
            depth[name] = max((of(each) + 1 for each in _below(sheet, name, names) if each != name), default=0)
        return depth[name]

    for name in names:
        of(name)
    return depth


def _way(used: str, name: str, depth: dict[str, int]) -> tuple[str, ...]:
    """The places that an arrow goes through: one in each layer between, so that it crosses no box."""
    between = (f"{used}>{name} {layer}" for layer in range(depth[used] + 1, depth[name]))
    return used, *between, name


def _layers(depth: dict[str, int], ways: list[tuple[str, ...]]) -> list[list[str]]:
    """The names and the places between them from left to right, each beside what it comes from."""
    levels = dict(depth)
    before: dict[str, list[str]] = {}
    for way in ways:
        for number, each in enumerate(way):
            levels.setdefault(each, depth[way[0]] + number)
            before.setdefault(each, []).extend(way[number - 1 : number])
    found: list[list[str]] = []
    height: dict[str, float] = {}
    for level in range(max(levels.values(), default=0) + 1):
        layer = [each for each, own in levels.items() if own == level]
        layer.sort(key=lambda each: _mean([height[one] for one in before.get(each, ())]))
        height.update((each, number / max(1, len(layer) - 1)) for number, each in enumerate(layer))
        found.append(layer)
    return found


def _mean(values: list[float]) -> float:
    return sum(values) / max(1, len(values))


def _boxes(
    sheet: Sheet, layers: list[list[str]], adjoints: dict[str, str]
) -> tuple[dict[str, tuple[float, float, float]], Drawing]:
    """Draw a box for each name; the place and half the width of each, and of the places between."""
    drawing = Drawing()
    places: dict[str, tuple[float, float, float]] = {}
    left = 14.0
    tallest = max(map(len, layers))
    for layer in layers:
        rows = {name: _rows(sheet, name, adjoints) for name in layer if name in sheet.slots}
        half = max((len(row) for each in rows.values() for row in each), default=2) * LETTER / 2 + 12
        for number, name in enumerate(layer):
            y = 40.0 + 86 * (number + (tallest - len(layer)) / 2)
            places[name] = left + half, y + 4, half
            if name in rows:
                drawing.rectangle(left, y - 18, 2 * half, 20 + 17 * len(rows[name]), round=6)
                for row, words in enumerate(rows[name]):
                    drawing.text(left + half, y + 17 * row, words, quiet=row > 0)
        left += 2 * half + 60
    return places, drawing


def _rows(sheet: Sheet, name: str, adjoints: dict[str, str]) -> list[str]:
    """What stands in a box: the name with its letters, the sizes, the adjoint."""
    definition = sheet.definitions.get(name)
    letters = [index.name for index in definition.axes] if definition else []
    axes = [range.label for range in sheet.slots[name]]
    head = f"{name}[{','.join(letters)}]" if letters else name
    below = [f"∂: {adjoints[name]}"] if name in adjoints else []
    return [head, f"({', '.join(axes)})" if axes else "a number", *below]
