"""Two ways through the code that a condition decides between, as one state: each value is chosen by the condition."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from indexcalc.lift.arrays.array import Array
from indexcalc.lift.arrays.conditions import choice
from indexcalc.lift.library.comparing import where
from indexcalc.lift.reading.store import Snapshot, State
from indexcalc.lift.reading.values import Listed, Mapping, Ref, Thing, Unknown, Value
from indexcalc.terms import ONE, Constraint, Delta, Indicator, Product, Sum, Term

UNDECIDED = "this value hangs on a condition that is not known"


def merged(state: State, condition: Array, then: Snapshot, otherwise: Snapshot) -> None:
    """Make the state the choice between two snapshots, where a condition (one number) holds or not."""
    cells: dict[int, Any] = {}
    for number in {**then.cells, **otherwise.cells}:
        one, other = then.cells.get(number), otherwise.cells.get(number)
        if one is None or other is None:
            cells[number] = one if other is None else other
        else:
            cells[number] = _content(condition, one, other)
    state.store.cells = cells
    for (frame, names), (_, others) in zip(then.names, otherwise.names, strict=True):
        frame.names = {}
        for name in {**names, **others}:
            first, second = names.get(name, _MISSING), others.get(name, _MISSING)
            frame.names[name] = value_of(state, condition, first, second)


_MISSING = object()


def value_of(state: State, condition: Array, one: Any, other: Any) -> Value:
    """The choice between two values."""
    if one is other or one == other:
        return one
    if one is _MISSING or other is _MISSING:
        return Unknown(UNDECIDED)
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return tuple(value_of(state, condition, a, b) for a, b in zip(one, other, strict=True))
    arrays = [state.store.cells.get(each.cell) if isinstance(each, Ref) else each for each in (one, other)]
    if all(isinstance(each, Array) for each in arrays):
        first, second = state.store.array(one), state.store.array(other)
        if first.shape == second.shape:
            return state.store.new(picked(condition, first, second))
    return Unknown(UNDECIDED)


def _content(condition: Array, one: Any, other: Any) -> Any:
    if one is other or one == other:
        return one
    if isinstance(one, Array) and isinstance(other, Array) and one.shape == other.shape:
        return picked(condition, one, other)
    if isinstance(one, Listed | Mapping | Thing) or isinstance(other, Listed | Mapping | Thing):
        return Unknown(UNDECIDED)
    return Unknown(UNDECIDED)


def picked(condition: Array, one: Array, other: Array) -> Array:
    """One array or another of the same shape, by a condition; what both add is added outside."""
    if one.hidden is not None or other.hidden is not None:
        return where(condition, one, other)
    if one.axes != other.axes:
        return where(condition, one, other)
    test = condition.term
    known = isinstance(test, Delta | Indicator | Constraint | Product) or _is_negation(test)
    test = test if known else Indicator("==", test, ONE)
    term = choice(test, one.term, other.term)
    kind = one.kind if one.kind == other.kind else "float"
    return replace(one, term=term, kind=kind, whole=one.whole if one.whole == other.whole else None, choice=None)


def _is_negation(term: Term) -> bool:
    return isinstance(term, Sum) and len(term.terms) == 2 and ONE in term.terms
