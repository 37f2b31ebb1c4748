r"""Vectors in space: a \times b has the elements \epsilon_{kij} a_i b_j, [a, b, c] is a \cdot (b \times c)."""

from __future__ import annotations

from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.value import Value
from indexcalc.meaning.values import joined
from indexcalc.notation.formula import Formula, Name, Scripted
from indexcalc.terms import Contraction, Epsilon, Product


def cross(first: Value, second: Value, scope: Scope) -> Value:
    """The cross product of two vectors. Raises UnclearError in a text that does not speak of vectors in space."""
    if not scope.known.space:
        raise UnclearError("a cross product of vectors")
    three = scope.ranges.of_size(3)
    (one,), (other,) = first.axes, second.axes
    for axis in (one, other):
        scope.ranges.join(axis.range, three)
    axis = scope.fresh("i", three)
    term = Product(Epsilon(axis, one, other), first.term, second.term)
    return Value(Contraction((one, other), term), (axis,))


def triple(first: Value, second: Value, third: Value, scope: Scope) -> Value:
    """The scalar triple product of three vectors."""
    return joined(first, 0, cross(second, third, scope), 0, scope.ranges)


def is_basis(formula: Formula, scope: Scope) -> bool:
    """Whether a formula is a vector of a basis: two of them side by side are a dyad."""
    use = scope.known.use(formula) if isinstance(formula, Name | Scripted) else None
    return (
        use is not None
        and use.power is None
        and not use.transposed
        and len(use.indices) == 1
        and use.name.removesuffix("_each") in scope.known.bases
    )


def is_dyad(first: Value, before: Formula, second: Value, each: Formula, scope: Scope) -> bool:
    """Whether two columns side by side are a dyad: one of them is a vector of a basis."""
    columns = first.order == second.order == 1 and "row" not in (first.stands, second.stands)
    return columns and (is_basis(before, scope) or is_basis(each, scope))
