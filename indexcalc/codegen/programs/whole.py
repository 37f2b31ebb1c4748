"""Which arguments of a program say places, and so hold whole numbers."""

from __future__ import annotations

from collections.abc import Iterator

from indexcalc.codegen.programs.program import At, Chosen, Gather, Leaf, Program, Scan, Scatter, Use, Value
from indexcalc.terms import Range


def looked_uses(value: Value) -> Iterator[tuple[Use, Range]]:
    """The operands of a value that say places, each with the range that the places are in."""
    match value.op:
        case Gather(axis):
            yield value.operands[1], axis.range
        case Chosen(place):
            yield value.operands[0], place.range
        case Scatter(places, has_base):
            uses = value.operands[1 + has_base :]
            yield from ((use, place.range) for use, place in zip(uses, places, strict=True))
        case Scan(parts, _, given):
            for _, _, _, inner in parts:
                for name, range in whole_leaves(inner).items():
                    if name in given:
                        yield value.operands[given.index(name)], range


def whole_leaves(program: Program) -> dict[str, Range]:
    """The arguments that say places, each with the range that the places are in."""
    found: dict[str, Range] = {}
    for value in program.values:
        for use, range in looked_uses(value):
            inner = use.value
            while isinstance(inner.op, At | Gather):  # t[s[i]], t[i+1]: what t says
                inner = inner.operands[0].value
            if isinstance(inner.op, Leaf):
                found.setdefault(inner.op.name, range)
    return found


def is_whole(value: Value) -> bool:
    """Whether a value that is looked up is made of such an argument alone."""
    while isinstance(value.op, At | Gather):
        value = value.operands[0].value
    return isinstance(value.op, Leaf)
