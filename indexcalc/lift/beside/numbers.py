"""Code that reckons with numbers written out, against what a formula gives for the same numbers.

`A = np.array([[0.2, 0.5], [0.5, 0.1]])` and a gradient that is a table, or is made of such arrays alone: the formula is
evaluated at the arrays of its tensors. A table has as many digits as are written; it is right if it is rounded right.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from indexcalc.audit.proving.counterexamples import Counterexample
from indexcalc.audit.proving.proof import Verdict
from indexcalc.errors import IndexcalcError
from indexcalc.lift.arrays.array import Array
from indexcalc.lift.beside.found import Found
from indexcalc.lift.beside.known import Formula, together
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Range, Size, Tensor, Term
from indexcalc.verify.evaluator import World
from indexcalc.verify.reference import Reference
from indexcalc.walk import holds, subterms

SEEN = 1e-6  # of the largest element: what is reckoned differs by less
MOST = 4096  # elements of an array that is evaluated


def numbers_of(array: Array) -> np.ndarray[Any, Any] | None:
    """The numbers of an array that is made of nothing else; none for any other, and for a large one."""
    if array.mask is not None or array.hidden is not None or array.term.symbols - {"pi"}:
        return None
    lengths = [size.number for size in array.shape]
    ranges = {index.range for index in (*array.indices, *array.term.indices)}
    ranges |= {each.range for each in subterms(array.term) if isinstance(each, Size)}
    if None in lengths or any(each.size is None for each in ranges):
        return None
    if np.prod([each for each in lengths if each is not None], dtype=float) > MOST:
        return None
    sizes = {each: each.size for each in ranges if each.size is not None}
    found = _evaluated(array.term, array.indices, sizes, {})
    return None if found is None else found.reshape([each or 0 for each in lengths])


def _evaluated(
    term: Term, axes: tuple[Index, ...], sizes: Mapping[Range, int], arrays: Mapping[str, Any]
) -> np.ndarray[Any, Any] | None:
    slots = {
        each.name: tuple(slot.range for slot in each.slots)
        for each in subterms(term)
        if isinstance(each, Tensor) and each.name != "pi"
    }
    sheet = Sheet(slots=slots, order=tuple(slots))
    try:
        found = Reference(World(sheet, sizes, arrays)).array(term, axes)
    except IndexcalcError:
        return None
    return np.asarray(found, dtype=float)


def digits_of(node: ast.stmt) -> int | None:
    """The most digits behind the point of numbers that a statement writes out; none where it reckons."""
    value = getattr(node, "value", None)
    if isinstance(value, ast.Call) and len(value.args) == 1:
        value = value.args[0]
    if not isinstance(value, ast.List | ast.Tuple):
        return None
    words = [repr(each.value) for each in ast.walk(value) if isinstance(each, ast.Constant)]
    return max((len(word.partition(".")[2]) for word in words if "e" not in word), default=0)


def judged_numbers(
    node: ast.stmt, formulas: Sequence[Formula], array: Array, known: Mapping[str, Any]
) -> tuple[Verdict | None, np.ndarray[Any, Any] | None]:
    """The verdict on an array that is made of numbers alone, where there is one; and its numbers.

    known: the numbers of tensors that are written out, by their names.
    """
    given = numbers_of(array)
    if given is None:
        return None, None
    verdicts = [compared(formula, given, known, digits_of(node)) for formula in formulas]
    return together(each for each in verdicts if each is not None), given


def compared(formula: Formula, given: Any, known: Mapping[str, Any], digits: int | None) -> Verdict | None:
    """The verdict on numbers as what a formula gives for the numbers of its tensors; none where it says nothing."""
    refuted: list[Verdict] = []
    for value in formula.explicit() if formula.explicit is not None else ():
        wanted = None if _unlike(value) else _value(value, known)
        if wanted is not None and wanted.shape == np.shape(given) and np.isfinite(wanted).all():
            found = _verdict(value, wanted, given, digits)
            if str(found) != "refuted":
                return found
            refuted.append(found)
    return refuted[-1] if refuted else None


def _verdict(value: Array, wanted: np.ndarray[Any, Any], given: Any, digits: int | None) -> Verdict:
    scale = float(np.max(np.abs(wanted), initial=1e-300))
    allowed = SEEN * scale if digits is None else max(0.501 * 10.0**-digits, SEEN * scale)
    apart = np.abs(wanted - given)
    if not (apart > allowed).any():
        return Verdict("agrees", "equal for the numbers that are given")
    if not (apart > 2 * allowed).any():
        return Verdict("undecided", "it differs by what rounding may do")
    place = np.unravel_index(int(np.argmax(apart)), apart.shape)
    element = {index.name: int(at) + 1 for index, at in zip(value.indices, place, strict=True)}
    left, right = float(wanted[place]), float(given[place])
    example = Counterexample({}, element, left, right, 0)
    return Verdict("refuted", f"for the numbers that are given the sides differ {example}", example)


def _unlike(value: Array) -> bool:
    """Whether an array is one that cannot be evaluated axis by axis."""
    return value.hidden is not None or any(len(axis.factors) > 1 for axis in value.axes)


def _value(value: Array, known: Mapping[str, Any]) -> np.ndarray[Any, Any] | None:
    sizes: dict[Range, int] = {}
    for each in subterms(value.term):
        if not isinstance(each, Tensor) or each.name == "pi":
            continue
        numbers = known.get(each.name)
        if numbers is None or np.ndim(numbers) != len(each.slots):
            return None
        for slot, length in zip(each.slots, np.shape(numbers), strict=True):
            if sizes.setdefault(slot.range, length) != length:
                return None
    if any(index.range not in sizes for index in (*value.indices, *value.term.indices)) or holds_unknown(value.term):
        return None
    found = _evaluated(value.term, value.indices, sizes, known)
    return None if found is None else found.reshape([sizes[axis.factors[0].range] for axis in value.axes])


def holds_unknown(term: Term) -> bool:
    """Whether a term has a derivative that is still to be worked out."""
    from indexcalc.terms import Derivative

    return holds(term, Derivative)


def with_numbers(found: list[Found], written: list[Found]) -> list[Found]:
    """The claims, with those of numbers where nothing else is known of a name in its line.

    Behind a wrong table others are wrong for its sake: only the first refutation counts.
    """
    known = {(each.line, each.name) for each in found if str(each.verdict) in ("proved", "agrees", "refuted")}
    more: list[Found] = []
    for each in written:
        wrong = any(str(one.verdict) == "refuted" for one in (*found, *more))
        if (each.line, each.name) in known or str(each.verdict) not in ("agrees", "refuted"):
            continue
        if str(each.verdict) == "agrees" or not wrong:
            more.append(each)
    names = {(each.line, each.name) for each in more}
    return sorted([*(each for each in found if (each.line, each.name) not in names), *more], key=lambda one: one.line)
