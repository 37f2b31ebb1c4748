"""What code compares with a derivative that a library works out: `allclose(mine, jacobian(f)(x))`, `error(mine, true)`.

Such a call says that both are the same array. It is one where one of the two arguments comes from a derivative that
`reading.special.automatic` has worked out, and the other does not. What differs by less than a test would see is not
judged; nor is what hangs on random numbers of an interval, whose bounds a difference may need.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from dataclasses import dataclass

from indexcalc.audit.proving.proof import Verdict, prove
from indexcalc.lift.arrays.array import Array, Axis
from indexcalc.lift.beside.known import Known
from indexcalc.lift.errors import LiftError
from indexcalc.lift.judging.code import judged
from indexcalc.lift.reading.reader import Reader
from indexcalc.lift.reading.special.automatic import FRESH, MAKERS
from indexcalc.lift.reading.values import Function
from indexcalc.sheet import Sheet
from indexcalc.terms import ZERO, Index, Range, Tensor, Term
from indexcalc.walk import subterms

MOST_ELEMENTS = 5_000  # of arrays whose lengths are numbers: they are compared on samples of this size
SEEN = 1e-3  # of the larger value: a difference that a comparison of floats is meant to see


@dataclass(frozen=True)
class Compared:
    """Two expressions that code compares: the line, both as they are written, and whether they are the same."""

    line: int
    text: str
    other: str
    verdict: Verdict


def compared_in(node: ast.stmt, reader: Reader, derived: set[str], known: Known) -> list[Compared]:
    """What a statement compares; `derived`: the names of derivatives, which grows by those that it binds."""
    found = [each for call in _calls(node) for each in _compared(call, reader, derived, known)]
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        name = node.targets[0].id
        if _is_derivative(node.value, derived):
            derived.add(name)
        else:
            derived.discard(name)
    return found


def _calls(node: ast.stmt) -> Iterator[ast.Call]:
    """The calls that stand by themselves: a statement, what is asserted, printed or bound."""
    if isinstance(node, ast.Expr | ast.Assign):
        inner: ast.expr | None = node.value
    elif isinstance(node, ast.Assert):
        inner = node.test
    else:
        return
    while isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr in ("all", "max"):
        inner = inner.func.value
    if isinstance(inner, ast.Call):
        if isinstance(inner.func, ast.Name) and inner.func.id == "print":
            yield from (each for each in inner.args if isinstance(each, ast.Call))
        else:
            yield inner


def _is_derivative(node: ast.expr, derived: set[str]) -> bool:
    """Whether an expression is made of a derivative that a library has worked out, and not of a call of the code."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and each.id in derived:
            return True
        if isinstance(each, ast.Name) and each.id in MAKERS:
            return True
        if isinstance(each, ast.Attribute) and each.attr in MAKERS and _root(each) in ("jax", "autograd", "torch"):
            return True
    return False


def _root(node: ast.expr) -> str:
    """The name that a chain of attributes begins with."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _compared(call: ast.Call, reader: Reader, derived: set[str], known: Known) -> list[Compared]:
    if len(call.args) != 2 or any(isinstance(each, ast.Starred) for each in call.args):
        return []
    marks = [_is_derivative(each, derived) for each in call.args]
    if marks[0] == marks[1]:
        return []
    words = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if words in MAKERS or not words:
        return []
    own, other = (call.args[marks.index(mark)] for mark in (False, True))
    try:
        one, two = (reader.state.store.array(reader.value(each)) for each in (own, other))
        if not _says_equal(words, reader, one):
            return []
        verdict = equal(one, two, known)
    except LiftError:
        return []
    return [Compared(call.lineno, ast.unparse(own), ast.unparse(other), verdict)] if verdict is not None else []


def _says_equal(name: str, reader: Reader, value: Array) -> bool:
    """Whether a function compares: one that is imported, or one of the code that is 0 for an array and itself."""
    frame = reader.state.frame.find(name)
    function = frame.names[name] if frame is not None else None
    if not isinstance(function, Function):
        return True
    store = reader.state.store
    try:
        found = store.array(reader.run(function, [store.new(value), store.new(value)], {}))
    except LiftError:
        return False
    if found.rank or found.hidden is not None:
        return False
    return str(prove(found.term, ZERO, _sheet(found.term), (), only_proof=True)) == "proved"


def equal(one: Array, two: Array, known: Known) -> Verdict | None:
    """Whether two arrays of one shape are the same; none where nothing is to be said."""
    if one.shape != two.shape or any(len(axis.factors) > 1 for axis in one.axes):
        return None
    elements = math.prod(each.number or 1 for each in one.shape)
    if two.hidden is not None or elements > MOST_ELEMENTS:
        return None
    sheet = _sheet(one.term, two.term)
    old = [axis.factors[0] for axis in two.axes if axis.factors]
    axes = tuple(Index(f"i{n + 1}", axis.range) for n, axis in enumerate(old))
    letters = iter(axes)
    wanted = tuple(Axis((next(letters),)) if axis.factors else Axis() for axis in two.axes)
    term = two.renamed(dict(zip(old, axes, strict=True))).term
    verdict = judged(term, axes, sheet, one, wanted)
    if str(verdict) in ("proved", "agrees"):
        return verdict
    if any(name in known.slots for name in sheet.slots):  # data: it may be of a kind that the text tells
        found_by_facts = known.same(one, two) if known.same is not None else verdict
        return found_by_facts if str(found_by_facts) in ("proved", "agrees") else None
    if str(verdict) != "refuted":
        return None
    found = verdict.counterexample
    if found is None:
        return None
    left, right = float(found.left), float(found.right)
    if abs(left - right) <= SEEN * max(abs(left), abs(right)):
        return None
    return None if any(name.startswith(f"{FRESH}u") for name in sheet.slots) else verdict


def _sheet(*terms: Term) -> Sheet:
    """A sheet with the tensors of terms as leaves."""
    slots: dict[str, tuple[Range, ...]] = {}
    for term in terms:
        for each in subterms(term):
            if isinstance(each, Tensor) and each.name != "pi":
                slots.setdefault(each.name, tuple(slot.range for slot in each.slots))
    return Sheet(slots=slots, order=tuple(slots))
