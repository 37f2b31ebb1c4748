"""The tensor network of a result: each factor a node, each index that is summed an edge, each free one an open leg."""

from __future__ import annotations

from dataclasses import dataclass

from indexcalc.indices import Index
from indexcalc.notation.writing import text
from indexcalc.pictures.svg import LETTER, Drawing, shortened
from indexcalc.results import Derivation
from indexcalc.terms import Contraction, Delta, Number, Size, Term, coefficient_and_rest, factors_of, terms_of
from indexcalc.walk import substitute

MOST_ADDENDS = 6
LONGEST = 24  # letters of a node
LEVEL, HALF, GAP = 150.0, 15.0, 44.0  # where the row stands, half the height of a node, between two nodes


@dataclass(frozen=True)
class Node:
    """A factor: what is written on it, and its indices."""

    label: str
    indices: tuple[Index, ...]


def network(derivation: Derivation) -> str:
    """The picture of a result: an addend beside the other, with its coefficient."""
    addends = terms_of(derivation.derived.term)
    drawing = Drawing()
    left = 20.0
    said = []
    for number, addend in enumerate(addends[:MOST_ADDENDS]):
        coefficient, nodes = _nodes(addend, derivation)
        sign = coefficient if not number or coefficient.startswith("-") else f"+ {coefficient}".rstrip()
        if sign:
            drawing.text(left, LEVEL + 4, sign, "start")
            left += len(sign) * LETTER + 14
        left = _draw(drawing, nodes, left)
        said.append(f"{sign} {' '.join(node.label for node in nodes)}".strip())
    if len(addends) > MOST_ADDENDS:
        drawing.text(left, LEVEL + 4, f"+ {len(addends) - MOST_ADDENDS} more", "start", quiet=True)
    return drawing.svg(f"The tensor network of {derivation.target}", f"{derivation.target} = {derivation}")


def _nodes(addend: Term, derivation: Derivation) -> tuple[str, list[Node]]:
    """The coefficient of an addend, and its factors, also those inside of sums."""
    coefficient, rest = coefficient_and_rest(addend)
    nodes: list[Node] = []
    numbers: list[Term] = []
    waiting = [rest]
    taken = set(derivation.axes)
    while waiting:
        term = waiting.pop()
        if isinstance(term, Contraction):
            named = {index: _lettered(index, derivation, taken) for index in term.bound}
            waiting.append(substitute(term.body, named))
        elif len(factors_of(term)) > 1:
            waiting += reversed(factors_of(term))
        elif isinstance(term, Number | Size) or not term.free:
            numbers.append(term)
        else:
            nodes.append(_node(term, derivation))
    words = [text.write(each, derivation.sheet) for each in numbers if each != Number(1)]
    number = "" if coefficient == 1 else "-" if coefficient == -1 else str(coefficient)
    plain = [word for word in words if word != "1"]
    return (number + (" " if number and plain else "") + " ".join(plain)).strip(), nodes


def _lettered(index: Index, derivation: Derivation, taken: set[str]) -> Index:
    """A summed index under a letter of its range that nothing else in the addend has."""
    known = derivation.sheet.letters_of.get(index.range, [])
    letter = next(each for each in (*known, *"ijklmnpqrstuvabcdefgh", f"{index.name}{len(taken)}") if each not in taken)
    taken.add(letter)
    return Index(letter, index.range)


def _node(term: Term, derivation: Derivation) -> Node:
    indices = tuple(sorted(term.free, key=lambda index: index.key))
    if isinstance(term, Delta):
        return Node("δ", indices)
    slots = getattr(term, "slots", None)
    if slots is not None:
        return Node(getattr(term, "name", "?"), tuple(slots))
    return Node(shortened(text.write(term, derivation.sheet, indices), LONGEST), indices)


def _draw(drawing: Drawing, nodes: list[Node], left: float) -> float:
    """Draw the nodes of an addend in a row from a place on; how far they reach."""
    if not nodes:
        drawing.text(left + 4, LEVEL + 4, "1", "start")
        return left + 30
    nodes = _in_a_row(nodes)
    places = []
    for node in nodes:
        half = _half(node)
        places.append(left + half)
        drawing.rectangle(left, LEVEL - HALF, 2 * half, 2 * HALF, round=HALF)
        drawing.text(left + half, LEVEL + 5, node.label)
        left += 2 * half + GAP
    _edges(drawing, nodes, places)
    return left - GAP + 24


def _in_a_row(nodes: list[Node]) -> list[Node]:
    """The nodes, each beside one that it shares an index with where that can be; ends come first."""
    shared = {id(node): sum(bool(set(node.indices) & set(other.indices)) for other in nodes) for node in nodes}
    rest = sorted(nodes, key=lambda node: shared[id(node)])
    found = [rest.pop(0)]
    while rest:
        near = next((node for node in rest if set(node.indices) & set(found[-1].indices)), rest[0])
        rest = [node for node in rest if node is not near]
        found.append(near)
    return found


def _half(node: Node) -> float:
    return max(16.0, len(node.label) * LETTER / 2 + 8)


def _edges(drawing: Drawing, nodes: list[Node], places: list[float]) -> None:
    """Draw what joins the nodes, and what is open."""
    ends: dict[Index, list[int]] = {}
    for number, node in enumerate(nodes):
        for index in dict.fromkeys(node.indices):
            ends.setdefault(index, []).append(number)
    height = 0
    between: dict[int, int] = {}
    for index, where in ends.items():
        if len(where) == 1:
            continue
        first, last = where[0], where[-1]
        if len(where) == 2 and last == first + 1 and between.setdefault(first, 0) < 1:
            between[first] += 1
            start, end = places[first] + _half(nodes[first]), places[last] - _half(nodes[last])
            drawing.line([(start, LEVEL), (end, LEVEL)])
            drawing.text((start + end) / 2, LEVEL - 6, index.name, quiet=True)
            continue
        height += 1
        top = LEVEL - HALF - 18 * height
        drawing.line([(places[first] + 4 * height, top), (places[last] - 4 * height, top)])
        drawing.text((places[first] + places[last]) / 2, top - 4, index.name, quiet=True)
        for number in where:
            shift = 4 * height if number == first else -4 * height if number == last else 0
            drawing.line([(places[number] + shift, top), (places[number] + shift, LEVEL - HALF)])
    for number, node in enumerate(nodes):
        open_ones = [index for index in node.indices if len(ends[index]) == 1]
        for place, index in enumerate(open_ones):
            x = places[number] + (place - (len(open_ones) - 1) / 2) * 22
            drawing.line([(x, LEVEL + HALF), (x, LEVEL + HALF + 26)])
            drawing.text(x, LEVEL + HALF + 40, index.name)
