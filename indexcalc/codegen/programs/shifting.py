"""Sums with equations between places, and recurrences, as values of a program."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.affine import constant, of_index
from indexcalc.codegen.programs.ops import At, Axes, Item, Scan
from indexcalc.codegen.programs.places import Shift
from indexcalc.codegen.programs.program import Use
from indexcalc.codegen.programs.scans import at_places, steps_of
from indexcalc.terms import ZERO, Index, Product, Tensor, Term, Where
from indexcalc.walk import subterms

if TYPE_CHECKING:
    from indexcalc.codegen.programs.schedule import Scheduler


def at_other_places(scheduler: Scheduler, found: Shift, order: Axes) -> Use:
    """The sum in which an index is replaced by what an equation says: the factors with it at other places."""
    if not found.form.letters and found.period == constant(0) and found.step == 1 and not found.is_element:
        value = at_places(Product(*found.inside), {found.index: found.form})
        for each in found.within:
            value = Where(each, value, ZERO)
        return scheduler.lower(found.rest(value), order)
    use = scheduler.lower(_of_one_place(found))
    if found.index not in use.axes:
        return scheduler.lower(found.rest(Product(*found.inside, *found.within)), order)
    axes = tuple(dict.fromkeys(each for axis in use.axes for each in found.axes_for(axis)))
    made = scheduler.build.make(At(found.index, found.form, found.period, found.step), [use], axes)
    name = f"~at {len(scheduler.shifted)}"
    scheduler.shifted[name] = made, axes
    return scheduler.lower(found.rest(Tensor(name, axes)), order)


def _of_one_place(found: Shift) -> Term:
    """The factors that hold an index, standing for what it is equal to as well: no array has both."""
    inside = Product(*found.inside)
    if found.step > 1 or found.period != constant(0) or len(found.form.letters) != 1:
        return inside
    ((other, times),) = found.form.letters
    if abs(times) != 1 or other not in inside.free or _has_both(inside, found.index, other):
        return inside
    return at_places(inside, {other: (of_index(found.index) - found.form.without(other)).times(times)})


def _has_both(term: Term, one: Index, other: Index) -> bool:
    """Whether two indices are places of one array, which is read along a diagonal then."""
    return any(isinstance(each, Tensor) and one in each.slots and other in each.slots for each in subterms(term))


def scanned(scheduler: Scheduler, name: str) -> Use:
    """One array of a recurrence; all of it is worked out in one loop."""
    if name not in scheduler.scanned:
        circle = scheduler.circles[name]
        together = tuple(scheduler.recurrences[each] for each in circle)
        loops, steps = steps_of(together, len(scheduler.scanned))
        used = frozenset[str]().union(*(each.body.symbols for each in together)).difference(circle)
        used = frozenset(each for each in used if not scheduler.sheet.is_pi(each))
        given = tuple(sorted(used, key=lambda each: (scheduler.places.get(each, len(scheduler.places)), each)))
        known = (*given, *circle)
        # What a step reads is given: other definitions of the sheet may need this recurrence themselves.
        bare = replace(scheduler.sheet, definitions={}, primitives={})
        inner = type(scheduler)
        programs = (inner(bare, known).program({step.name: (step.body, step.kept)}, False) for step in steps)
        filled = tuple(
            (step.name, step.axes, step.loops, program) for step, program in zip(steps, programs, strict=True)
        )
        op = Scan(filled, tuple((each.counter, each.range, each.direction) for each in loops), given)
        whole = scheduler.build.make(op, [_whole_tensor(scheduler, each) for each in given], ())
        for each in together:
            scheduler.scanned[each.name] = scheduler.build.make(Item(each.name), [whole], each.axes)
            scheduler.names.setdefault(scheduler.scanned[each.name].value, each.name)
    return scheduler.scanned[name]


def _whole_tensor(scheduler: Scheduler, name: str) -> Use:
    """All of a tensor, with indices of its own."""
    ranges = scheduler.sheet.slots[name]
    return scheduler.lower(Tensor(name, tuple(Index(f"i{place}", range) for place, range in enumerate(ranges))))
