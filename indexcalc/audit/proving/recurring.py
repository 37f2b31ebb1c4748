"""Recurrences and the ends of sums in proofs.

One recurrence is another if it obeys the equations of the other, since these have one solution: two adjoints that
derivatives named. A recurrence at a place that is free is its own equation there. Conditions that leave out the first
or the last places are written as single places, so that sums over shifted places meet:

    [2 <= j] = 1 - [j == 1]         [j <= n - 1] = 1 - [j == n]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from indexcalc.affine import constant, of_index, size_form
from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.rewrite.normal import NormalForm
from indexcalc.sheet import Definition, Sheet
from indexcalc.terms import (
    ONE,
    ZERO,
    Call,
    Constraint,
    Delta,
    Number,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
    Where,
    negative,
)
from indexcalc.walk import Memo, mapped, replace_tensors, subterms

MOST_LEFT_OUT = 3  # places at an end
MOST_PAIRS = 12  # of recurrences that are compared
IsZero = Callable[[Term], bool]


def by_places(term: Term, sheet: Sheet, normal: NormalForm) -> Iterator[tuple[str, Term]]:
    """A term with recurrences as their own equations, and with ends of sums as single places; each with a reason."""

    def is_zero(term: Term) -> bool:
        return not normal(term) or not normal(with_single_places(term))

    if sheet.recurrences:
        same = same_recurrences(sheet, is_zero)
        term = renamed(term, same)
        if same:
            yield "the same recurrence", term
        for step in unfolded(term, sheet):
            yield "the same after one step of the recurrence", step
    term = normal.term(normal(term))
    ends = with_single_places(term)
    if ends is not term:
        yield "the same where sums end", ends


def same_recurrences(sheet: Sheet, is_zero: IsZero) -> dict[str, str]:
    """The recurrences that are others, which a derivative named again: its name, and that of the first one."""
    circles = list(dict.fromkeys(tuple(sorted(each)) for each in sheet.recurrences.values()))
    circles.sort(key=lambda circle: list(sheet.definitions).index(circle[0]))
    found: dict[str, str] = {}
    for first, second in list(combinations(circles, 2))[:MOST_PAIRS]:
        if any(name in found for name in (*first, *second)) or len(first) != len(second):
            continue
        pairs = dict(zip(second, first, strict=True))
        if all(_fits(sheet.definitions[one], sheet.definitions[other]) for one, other in pairs.items()):
            if all(is_zero(_difference(sheet, one, other, pairs)) for one, other in pairs.items()):
                found |= pairs
    return found


def _fits(one: Definition, other: Definition) -> bool:
    return not one.recognised and [each.range for each in one.axes] == [each.range for each in other.axes]


def _difference(sheet: Sheet, one: str, other: str, pairs: dict[str, str]) -> Term:
    """What the equation of one definition leaves of another one that is put in its place."""
    first, second = sheet.definitions[one], sheet.definitions[other]
    return Sum(renamed(first.at(second.axes), pairs), negative(second.body))


def renamed(term: Term, names: dict[str, str]) -> Term:
    """The term with other names for tensors."""
    return replace_tensors(term, lambda each: Tensor(names[each.name], each.slots) if each.name in names else None)


def unfolded(term: Term, sheet: Sheet) -> Iterator[Term]:
    """The term with a recurrence at places that are free in it as what its equation says, for each that there is."""
    for name in sorted(term.symbols & sheet.recurrences.keys()):
        definition = sheet.definitions[name]

        def value(tensor: Tensor, definition: Definition = definition) -> Term | None:
            is_free = tensor.name == definition.name and tensor.free <= term.free
            return definition.at(tensor.slots) if is_free else None

        new = replace_tensors(term, value)
        if new is not term:
            yield new


def with_single_places(term: Term) -> Term:
    """The term with conditions that leave out few places at an end as differences; the same if there are none."""

    def rule(term: Term, rec: Memo[Term]) -> Term:
        match term:
            case Constraint():
                left_out = _left_out(term)
                return term if left_out is None else Sum(ONE, *map(negative, left_out))
            case Where(condition, then, otherwise):
                left_out = _left_out(condition) if isinstance(condition, Constraint) else None
                if left_out is not None and len(left_out) == 1:
                    condition, then, otherwise = left_out[0], otherwise, then
                then, otherwise = rec(then), rec(otherwise)
                is_place = isinstance(condition, Constraint | Delta)
                if is_place and (then is ZERO or _is_total(then)) and (otherwise is ZERO or _is_total(otherwise)):
                    return Sum(Product(condition, then), otherwise, negative(Product(condition, otherwise)))
                return Where(condition, then, otherwise)
        return mapped(term, rec)

    return Memo(rule)(term)


def _is_total(term: Term) -> bool:
    """Whether a term is a number wherever its elements are, so that a bracket beside it may be multiplied in."""
    for each in subterms(term):
        match each:
            case Call(function, _) if function not in FUNCTIONS or FUNCTIONS[function].is_limited:
                return False
            case Power(_, exponent) if not (isinstance(exponent, Number) and exponent.value >= 0):
                return False
    return True


def _left_out(condition: Constraint) -> list[Term] | None:
    """That an index is at each of the places that a condition leaves out; none if they are not a few at an end."""
    form = condition.form
    if condition.relation != ">=" or len(form.letters) != 1:
        return None
    ((index, times),) = form.letters
    if times == 1:
        number = constant(0) - (form - of_index(index))  # the first place that is left in
        places = [constant(place) for place in range(1, number.constant)] if number.is_constant else []
    else:
        beyond = size_form(index.range) - (form + of_index(index).times(-times))
        count = beyond.constant if times == -1 and beyond.is_constant else 0
        places = [size_form(index.range) - constant(place) for place in range(count)]
    if not 0 < len(places) <= MOST_LEFT_OUT:
        return None
    return [Constraint("==", of_index(index) - place) for place in places]
