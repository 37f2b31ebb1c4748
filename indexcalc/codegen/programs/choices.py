"""Comparisons and choices as values of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.codegen.preparing.extremes import attained
from indexcalc.codegen.preparing.structure import representatives
from indexcalc.codegen.programs.arithmetic import arranged
from indexcalc.codegen.programs.looking import chosen
from indexcalc.codegen.programs.program import Assemble, Axes, Compare, Use
from indexcalc.looked import looked_up
from indexcalc.terms import Delta, Index, Indicator, Term, Where
from indexcalc.walk import substitute

if TYPE_CHECKING:
    from indexcalc.codegen.programs.schedule import Scheduler


def indicator(scheduler: Scheduler, term: Indicator, order: Axes) -> Use:
    """A comparison, of elements with the extreme that was taken of them where it is one."""
    if (found := attained(term, scheduler.definitions, scheduler.canonical)) is not None:
        element, *equal = (scheduler.lower(found.body).renamed(each) for each in found.renamings)
        for each in equal:
            element = scheduler.map(found.kind, [element, each])
        return scheduler.map("==", [element, scheduler.lower(found.extreme)], order, term)
    if (looked := looked_up(term)) is not None:
        return chosen(scheduler, looked, order, term)
    if isinstance(term.left, Index) and isinstance(term.right, Index):
        free = (index for index in (term.left, term.right) if index.place is None)
        return scheduler.build.make(Compare(term.relation, term.left, term.right), (), arranged(free, order), term)
    assert isinstance(term.left, Term) and isinstance(term.right, Term)
    sides = [scheduler.lower(term.left, order), scheduler.lower(term.right, order)]
    return scheduler.map(term.relation, sides, order, term)


def where(scheduler: Scheduler, term: Where, order: Axes) -> Use:
    """A choice; where two indices are equal the one value is written over the other."""
    condition, then, otherwise = term.fields
    if isinstance(condition, Delta) and not scheduler.guards.is_limited(otherwise):
        return _overwritten(scheduler, condition, then, otherwise, order, term)
    if isinstance(condition, Delta):
        equal: Term = condition
        axes = arranged((index for index in condition.slots if index.place is None), order)
        holds = scheduler.build.make(Compare("==", *condition.slots), (), axes, equal)
    elif looked_up(condition) is not None:
        holds = indicator(scheduler, condition, order)
    else:
        holds = scheduler.lower(condition, order)
    sides = [scheduler.lower(side, order) for side in scheduler.guards(term)]
    return scheduler.map("where", [holds, *sides], order, term)


def _overwritten(scheduler: Scheduler, delta: Delta, then: Term, otherwise: Term, order: Axes, formula: Term) -> Use:
    """The one term, with the other written over its diagonal."""
    free = sorted(formula.free)
    axes = arranged((index for index in free if index.place is None), order)
    chosen = representatives(frozenset((frozenset(delta.slots),)), axes)
    patterns = axes, tuple(chosen.get(axis, axis) for axis in axes)
    cores = [scheduler.lower(otherwise, axes), scheduler.lower(substitute(then, chosen), axes)]
    return scheduler.build.make(Assemble(patterns, (False, True)), cores, axes, formula)
