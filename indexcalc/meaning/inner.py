r"""Inner products in angle brackets: \langle u, v \rangle."""

from __future__ import annotations

import re

from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.sums import opaque
from indexcalc.meaning.tensors import Read, renewed
from indexcalc.meaning.values import Value, aligned
from indexcalc.notation.formula import Formula, Name, Scripted, Sequence, walk
from indexcalc.terms import Contraction, Product


def inner(formula: Formula, pair: Sequence, scope: Scope, read: Read) -> Value:
    """The inner product of two tensors of one kind; that of functions is an integral, and is not calculated with."""
    first, second = (read(item, scope) for item in pair.items)
    if not first.order and not second.order and _speaks_of_functions(formula, scope):
        return opaque(formula, scope)
    second = renewed(second, scope)
    if first.order != second.order:
        raise UnclearError("an inner product of tensors of different kinds", shape=True)
    right = aligned(second, first.axes, scope.ranges)
    return Value(Contraction(first.axes, Product(first.term, right)))


def _speaks_of_functions(formula: Formula, scope: Scope) -> bool:
    """Whether a formula speaks of what the text gives an argument elsewhere: u_n, beside u_n(x)."""
    uses = (scope.known.use(each) for each in walk(formula) if isinstance(each, Name | Scripted))
    return any(use is not None and scope.known.is_function(re.split("[_@]", use.letter)[0]) for use in uses)
