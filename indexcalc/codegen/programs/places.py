"""Sums with equations between places: an index is replaced by what an equation says; no array holds the equation.

    sum[k,p](w[k] * x[p] * (p == i+k-1))  is  sum[k](w[k] * x[i+k-1]),  where x[i+k-1] is a view
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexcalc.affine import Form, constant, of_index, size_form
from indexcalc.codegen.programs.products import is_spread
from indexcalc.terms import Constraint, Contraction, Index, Product, Sum, Tensor, Term, factors_of

Axes = tuple[Index, ...]


@dataclass(frozen=True)
class Shift:
    """A sum in which an index is replaced.

    index: the one that goes; form: what it is equal to (modulo a period, if that is not 0), times the step. inside: the
    factors that hold it; outside: the others. bound: what is summed beside it.
    """

    index: Index
    form: Form
    period: Form
    inside: tuple[Term, ...]
    outside: tuple[Term, ...]
    bound: Axes
    step: int = 1

    @property
    def is_element(self) -> bool:
        """Whether what holds the index is an element of a tensor, perhaps at a shifted place of another axis."""
        return len(self.inside) == 1 and _is_element(self.inside[0])

    @property
    def within(self) -> list[Term]:
        """The conditions that the form is a place of the index."""
        above, size = Constraint(">=", self.form - constant(self.step)), size_form(self.index.range).times(self.step)
        divides = [Constraint("==", self.form, constant(self.step))] if self.step > 1 else []
        return [above, Constraint(">=", size - self.form), *divides] if self.period == constant(0) else []

    def axes_for(self, axis: Index) -> Axes:
        """The axes that come in place of one of the operand."""
        return self.form.free if axis is self.index else (axis,)

    def rest(self, shifted: Term) -> Term:
        """The whole sum, for the inside at its new places."""
        body = Product(shifted, *self.outside)
        return Contraction([index for index in self.bound if index in body.free], body)


def _is_element(term: Term) -> bool:
    if isinstance(term, Contraction):
        tensors = [each for each in factors_of(term.body) if not isinstance(each, Constraint)]
        return len(tensors) == 1 and _is_element(tensors[0])
    return isinstance(term, Tensor)


def shift(bound: Axes, factors: Sequence[Term]) -> Shift | None:
    """How to replace an index of a sum; none if no equation allows it."""
    found: list[tuple[tuple[object, ...], Shift]] = []
    for equation in factors:
        if not isinstance(equation, Constraint) or equation.relation != "==":
            continue
        for index, times in equation.form.letters:
            if index in bound and (abs(times) == 1 or equation.period == constant(0)):
                each = _shift(index, times, equation, bound, factors)
                if each is not None:
                    found.append((_preference(each), each))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _shift(index: Index, times: int, equation: Constraint, bound: Axes, factors: Sequence[Term]) -> Shift | None:
    step = abs(times)
    form = equation.form.without(index).times(-1 if times > 0 else 1)
    inside, outside = [], []
    for factor in factors:
        if factor is equation:
            continue
        if index not in factor.free:
            outside.append(factor)
        elif isinstance(factor, Constraint) and equation.period == constant(0):
            moved = factor.form.without(index).times(step) + form.times(factor.form.of(index))
            outside.append(Constraint(factor.relation, moved, factor.period.times(step)))
        else:
            inside.append(factor)
    left = tuple(each for each in bound if each is not index)
    if equation.period != constant(0) and not (inside and _is_one(index, equation.period, inside)):
        return None
    return Shift(index, form, equation.period, tuple(inside), tuple(outside), left, step)


def _is_one(index: Index, period: Form, inside: Sequence[Term]) -> bool:
    """Whether at most one place of an index is equal to another modulo a period."""
    if (period - size_form(index.range)).is_positive():
        return True
    guard = Constraint(">=", period - of_index(index))
    return any(each is guard for each in inside)


def _preference(found: Shift) -> tuple[object, ...]:
    """Elements come first, then views that go forward along one array; then those of what is longer.

    An array with zeros between its elements is better than a kernel along all places that it never reaches, as
    w[p-2*i+1] beside y[i] is: that view has a row for each pair of p and i.
    """
    is_wide = len(found.form.letters) > 1 and any(times < -1 for _, times in found.form.letters)
    goes_back = any(times < 0 for _, times in found.form.letters)
    is_leaf = len(found.inside) == 1 and isinstance(found.inside[0], Tensor)
    is_basic = not found.index.range.counts
    is_view = bool(found.form.letters)
    ranks = is_view, is_wide, found.step > 1, goes_back
    return not found.inside, *ranks, is_basic, goes_back and is_leaf, not is_leaf, found.index.key


def restricted(factors: Sequence[Term]) -> Sequence[Term] | None:
    """The factors with an equation between places put into the one factor that has all its indices; none if none has.

    No array is made of places that the equation leaves out then: sum[i,j]((i = j + 1)*(x[i]*y[j] + y[i]*x[j])) needs
    products of vectors only.
    """
    for equation in factors:
        if not isinstance(equation, Constraint) or equation.relation != "==" or len(equation.free) < 2:
            continue
        holders = [each for each in factors if each is not equation and each.free & equation.free]
        if len(holders) == 1 and equation.free <= holders[0].free and _is_parted(holders[0], equation.free):
            within = _within(holders[0], equation)
            return [within if each is holders[0] else each for each in factors if each is not equation]
    return None


def _is_parted(term: Term, indices: frozenset[Index]) -> bool:
    """Whether no array in a sum of products has all these indices."""
    if isinstance(term, Sum):
        return is_spread(term) or all(_is_parted(each, indices) for each in term.terms)
    if isinstance(term, Product | Contraction):
        body = term.body if isinstance(term, Contraction) else term
        if isinstance(body, Sum):
            return _is_parted(body, indices)
        holders = [each for each in factors_of(body) if indices <= each.free]
        return all(isinstance(each, Sum | Contraction) and _is_parted(each, indices) for each in holders)
    return not indices <= term.free


def _within(term: Term, equation: Term) -> Term:
    """The product with an equation, inside of sums."""
    if isinstance(term, Sum):
        return Sum(*(_within(each, equation) for each in term.terms))
    if isinstance(term, Contraction) and equation.free.isdisjoint(term.bound):
        return Contraction(term.bound, _within(term.body, equation))
    return Product(term, equation)
