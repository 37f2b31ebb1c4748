"""Truth values: comparisons, logic, choices and extremes, applied to each element."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from indexcalc.lift.arrays.array import KINDS, Array
from indexcalc.lift.arrays.combine import broadcast, combined
from indexcalc.lift.arrays.conditions import chosen, compared
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library.elementwise import either, mapped
from indexcalc.terms import (
    ONE,
    ZERO,
    Call,
    Index,
    Number,
    Product,
    Sum,
    Term,
    indicator,
    negative,
)
from indexcalc.walk import substitute


def compare(relation: str, a: Array, b: Array) -> Array:
    """1 where a relation holds: a truth value for each element."""
    if a.hidden is not None or b.hidden is not None:
        raise UnreadableError("a comparison with minus infinity")
    axes, (one, other) = broadcast([a, b])
    library = a.library or b.library
    if one.whole is not None and other.whole is not None:
        return Array(axes, compared(relation, one.whole, other.whole), "bool", library=library)
    for label, place in ((one, other), (other, one)):
        if label.choice is not None and relation in ("==", "!="):
            term = _label_is(label, place)
            term = term if relation == "==" else Sum(ONE, negative(term))
            return Array(axes, term, "bool", library=library)
    return Array(axes, indicator(relation, one.term, other.term), "bool", library=library)


def _label_is(label: Array, place: Array) -> Term:
    """1 where a label is a place."""
    assert label.choice is not None
    letter, term = label.choice
    if place.whole is None:
        raise UnreadableError("labels are compared with what is not known")
    index = place.whole.index
    if index is not None and index.range == letter.range:
        return substitute(term, {letter: index})
    if place.whole.number is not None and place.whole.number >= 0:
        return substitute(term, {letter: Index(str(place.whole.number + 1), letter.range)})
    raise UnreadableError("labels are compared with places of another range")


def logical(kind: str, a: Array, b: Array) -> Array:
    """and, or, xor of truth values."""
    rules: dict[str, Callable[[Term, Term], Term]] = {
        "and": lambda x, y: x if x is y else Product(x, y),
        "or": either,
        "xor": lambda x, y: Sum(x, y, Product(Number(-2), x, y)),
    }
    return combined([truth(a), truth(b)], rules[kind], "bool")


def bitwise(kind: str, a: Array, b: Array) -> Array:
    """&, |, ^ of truth values. Raises for other numbers."""
    if "float" in (a.kind, b.kind):
        raise RaisesError("the bits of fractions are asked for")
    if "int" in (a.kind, b.kind):
        raise UnreadableError("the bits of whole numbers")
    return logical(kind, a, b)


def truth(a: Array) -> Array:
    """1 where an array is not 0."""
    if a.kind == "bool":
        return a
    if a.whole is not None and a.whole.number is not None:
        return Array(a.axes, ONE if a.whole.number else ZERO, "bool")
    return mapped(a, lambda term: indicator("!=", term, ZERO), "bool")


def invert(a: Array) -> Array:
    """~a of truth values."""
    if a.kind != "bool":
        raise UnreadableError("the bits of a number are inverted")
    return replace(a, term=Sum(ONE, negative(a.term)))


def where(condition: Array, then: Array, otherwise: Array) -> Array:
    """One array where a condition holds, another elsewhere."""
    axes, (c, x, y) = broadcast([truth(condition), then, otherwise])
    kind = max((then.kind, otherwise.kind), key=KINDS.index)
    hidden = None
    if x.hidden is not None or y.hidden is not None:
        hidden = chosen(c.term, x.hidden or ZERO, y.hidden or ZERO)
        if x.hidden is ONE:
            x = replace(x, term=y.term)
        elif y.hidden is ONE:
            y = replace(y, term=x.term)
    library = next((each.library for each in (condition, then, otherwise) if each.library), "")
    return Array(axes, chosen(c.term, x.term, y.term), kind, hidden=hidden, library=library)


def extreme(kind: str, a: Array, b: Array) -> Array:
    """The larger (max) or the smaller (min) of two arrays."""

    def rule(x: Term, y: Term) -> Term:
        if isinstance(x, Number) and isinstance(y, Number):
            return x if (x.value > y.value) == (kind == "max") else y
        if kind == "max" and ZERO in (x, y):
            return Call("relu", y if x is ZERO else x)
        return Call(kind, x, y)

    for one, other in ((a, b), (b, a)):
        if kind == "max" and one.hidden is ONE and not one.rank and other.hidden is None:
            return other
    if a.hidden is not None or b.hidden is not None:
        raise UnreadableError("an extreme of minus infinity")
    return combined([a, b], rule)
