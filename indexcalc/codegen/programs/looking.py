"""Sums with places that are looked up: gathered where the place is summed, scattered where it is an axis of the result.

    sum[p](E[p,d]*delta[t[i],p])    is E[t[i],d], gathered: no array says which place each i looks up
    sum[i](g[i,d]*delta[t[i],p])    is g scattered along t: what falls on one place is added up

Beside delta[t[i],p] a place p may be read as t[i], whatever else it stands in, since the product is 0 elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexcalc.codegen.programs.arithmetic import arranged
from indexcalc.codegen.programs.ops import Axes, Chosen, Gather, Scatter
from indexcalc.codegen.programs.program import Use
from indexcalc.looked import looked_up
from indexcalc.terms import (
    ONE,
    ZERO,
    Binder,
    Contraction,
    Index,
    Indicator,
    Product,
    Reduction,
    Sum,
    Tensor,
    Term,
    Where,
    factors_of,
    in_order,
)
from indexcalc.walk import Memo, fresh, freshened, mapped

if TYPE_CHECKING:
    from indexcalc.codegen.programs.schedule import Scheduler

Looked = tuple[Term, Index]  # what is looked up, and the place that it is compared with


def opened(factors: Sequence[Term]) -> list[Term]:
    """The factors, those that are chosen at a looked-up place beside 0 as products with what says it."""
    found: list[Term] = []
    for factor in factors:
        match factor:
            case Where(condition, then, otherwise) if otherwise is ZERO and looked_up(condition) is not None:
                found += [condition, *opened(factors_of(then))]
            case _:
                found.append(factor)
    return found


def at_looked_up(scheduler: Scheduler, bound: Axes, factors: Sequence[Term], order: Axes) -> Use | None:
    """The sum over indices of a product in which places are looked up; none if there are none."""
    factors = opened(factors)
    known = {factor: pair for factor in factors if (pair := looked_up(factor)) is not None}
    pairs = known.items()
    summed = next((each for each, (value, place) in pairs if place in bound and place not in value.free), None)
    if summed is not None:
        value, place = known[summed]
        rest = [read_at(scheduler, each, place, value) for each in _without(factors, summed)]
        return scheduler.lower(Contraction([each for each in bound if each is not place], Product(*rest)), order)
    spread = next((each for each in factors if isinstance(each, Sum) and _place_in(each) is not None), None)
    if spread is not None:
        return scheduler.lower(_taken_apart(bound, factors, spread), order)
    found: dict[Index, Term] = {}
    for value, place in known.values():
        if place.place is None and place not in bound and place not in value.free:
            found.setdefault(place, value)
    return _scattered(scheduler, bound, factors, found, order) if found else None


def _without(factors: Sequence[Term], factor: Term) -> list[Term]:
    """The factors but for one of them; one that stands twice is 0 or 1 and counts once."""
    return [each for each in factors if each is not factor]


def _place_in(term: Sum) -> Index | None:
    """The place that every addend of a sum looks up, if there is one."""
    places: set[Index] | None = None
    for addend in term.terms:
        own = {pair[1] for each in opened(factors_of(addend)) if (pair := looked_up(each)) is not None}
        places = own if places is None else places & own
    return min((each for each in places or () if each.place is None), key=lambda each: each.key, default=None)


def _taken_apart(bound: Axes, factors: list[Term], spread: Sum) -> Term:
    """The sum, with the sum over a place that is looked up taken first, or multiplied out: no array has the place."""
    place = _place_in(spread)
    holding = [each for each in factors if place in each.free]
    if place in bound and len(holding) < len(factors):
        rest = [each for each in factors if each not in holding]
        inner = Contraction((place,), Product(*holding)) if place is not None else ONE
        return Contraction([each for each in bound if each is not place], Product(*rest, inner))
    others = _without(factors, spread)
    return Sum(*(Contraction(bound, Product(*others, each)) for each in spread.terms))


def _scattered(
    scheduler: Scheduler, bound: Axes, factors: Sequence[Term], found: dict[Index, Term], order: Axes
) -> Use:
    """The product without its deltas, at the places that they say."""
    kept = list(factors)
    for place, value in found.items():
        kept = [each for each in kept if looked_up(each) != (value, place)]
        kept = [read_at(scheduler, each, place, value) for each in kept]
    uses = [whole(scheduler, value) for value in found.values()]
    along = frozenset(axis for use in uses for axis in use.axes)
    inner = [index for index in bound if index not in along]
    core = scheduler.lower(Contraction(inner, Product(*kept)))
    axes = arranged((*found, *(axis for axis in (*core.axes, *in_order(along)) if axis not in bound)), order)
    formula = Contraction(bound, Product(*factors))
    return scheduler.build.make(Scatter(tuple(found)), [core, *uses], axes, formula)


def whole(scheduler: Scheduler, value: Term) -> Use:
    """What is looked up, as whole numbers."""
    return scheduler.lower(value)


def chosen(scheduler: Scheduler, found: Looked, order: Axes, formula: Term) -> Use:
    """1 where a place is the one that is looked up, as an array."""
    value, place = found
    use = whole(scheduler, value)
    axes = arranged((*use.axes, *([place] if place.place is None else [])), order)
    return scheduler.build.make(Chosen(place), [use], axes, formula)


def read_at(scheduler: Scheduler, term: Term, place: Index, value: Term) -> Term:
    """A term with what is looked up in place of a free index."""
    taken = value.free

    def rule(term: Term, rec: Memo[Term]) -> Term:
        if place not in term.free:
            return term
        if (pair := looked_up(term)) is not None and pair[1] is place and place not in pair[0].free:
            return Indicator("==", pair[0], value)
        match term:
            case Tensor():
                return gathered(scheduler, term, place, value)
            case Binder():
                bound, body = freshened(term, taken)
                if isinstance(term, Reduction):
                    return Reduction(term.kind, bound, rec(body))
                return Contraction(bound, rec(body))
            case Indicator(_, Index(), _):
                return gathered(scheduler, term, place, value)
        return mapped(term, rec) if term.parts else gathered(scheduler, term, place, value)

    return Memo(rule)(term)


def gathered(scheduler: Scheduler, term: Term, place: Index, value: Term) -> Term:
    """The elements of an array at the places that are looked up, under a name that no text can hold."""
    use, looked = scheduler.lower(term), whole(scheduler, value)
    if place not in use.axes:
        return term
    at = use.axes.index(place)
    before, behind = use.axes[:at], use.axes[at + 1 :]
    axes = tuple(dict.fromkeys((*before, *looked.axes, *behind)))
    made = scheduler.build.make(Gather(place), [use, looked], axes)
    name = f"~looked up {len(scheduler.shifted)}"
    scheduler.shifted[name] = made, axes
    return Tensor(name, axes)


def _apart(use: Use, taken: Axes) -> dict[Index, Index]:
    """The letters inside a value as its user has them; those that it sums are none of the taken ones."""
    names = dict(zip(use.value.axes, use.indices, strict=True))
    busy = {*taken, *use.indices}
    for letter in use.value.letters:
        if letter not in names:
            names[letter] = letter if letter not in busy else fresh(letter, {*busy, *use.value.letters})
            busy.add(names[letter])
    return names


def added(scheduler: Scheduler, addends: list[Use], order: Axes, formula: Term) -> Use:
    """A sum of arrays; what is scattered is added to the others at its places."""
    falling = [use for use in addends if isinstance(use.value.op, Scatter) and not use.value.op.has_base]
    base = [use for use in addends if use not in falling]
    if not falling or (not base and len(falling) < 2):
        return scheduler.map("add", addends, order, formula)
    result = scheduler.map("add", base, order) if base else falling.pop(0)
    for number, use in enumerate(falling, 1):
        if not set(use.axes) <= set(result.axes) or len(use.axes) < len(use.indices):
            return scheduler.map("add", addends, order, formula)
        names = _apart(use, result.axes)
        operands = [each.renamed(names) for each in use.value.operands]
        assert isinstance(use.value.op, Scatter)
        op = Scatter(tuple(names[each] for each in use.value.op.places), True)
        result = scheduler.build.make(op, [result, *operands], result.axes, formula if number == len(falling) else None)
    return result
