"""Loop fusion: which values share a loop, what is kept as a number or a row, and what is gathered.

A *unit* is a statement with its letters: the axes of the value that it writes, and what is summed. A unit u joins a
loop, in which every unit w already has a letter of its own, with the letter i if

    i has the range of the loop, and
    each value that u reads and a unit w of the loop writes is written by then: it is read at i where w has its letter,
    and w does not sum over its letter (what is summed is known only after the loop).

It joins the first loop that is not before something that it reads; inside, the same again with the letters that are
left. Its letters are tried in the order that leaves the one for the innermost loop along which memory is contiguous.
A product of matrices that BLAS does has no loops.

A value is stored along those of its axes that are not the letters of loops which all its readers are in. Along none: it
is a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from indexcalc.codegen.programs.program import Assemble, At, Axes, Gather, Scatter, Use, Value
from indexcalc.terms import Index


@dataclass(frozen=True, eq=False)
class Unit:
    """A statement: the value that it writes, and where.

    letters: what its loops run over. reads: the stored values and arguments that it reads, in its letters. place: the
    index on each axis of the value. part: which operand of an `Assemble` it writes. is_product: whether BLAS does it.
    """

    value: Value
    letters: Axes
    reads: tuple[Use, ...]
    place: Axes
    part: int = 0
    is_product: bool = False

    @property
    def summed(self) -> Axes:
        """The letters that are summed (or reduced otherwise); what falls on places is added there at once."""
        if isinstance(self.value.op, Scatter):
            return ()
        return tuple(index for index in self.letters if index not in self.place)


@dataclass(eq=False)
class Loop:
    """A loop: for each unit in it, however deep, the letter that the loop runs over; what is done in it, in order."""

    leads: dict[Unit, Index] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    written: dict[Value, list[Unit]] = field(default_factory=dict)

    @property
    def lead(self) -> Index:
        """The letter that the loop is named for: one of the user's, if there is one."""
        return min(self.leads.values(), key=lambda index: not index.name[0].isalpha())


Step = Unit | Loop
Path = tuple[Loop, ...]


def units(value: Value, reads: Callable[[Use], Sequence[Use]], is_product: bool) -> Iterator[Unit]:
    """The statements that write a value. reads: what of an operand is read, as stored values and arguments."""
    if isinstance(value.op, Assemble):
        for part, (pattern, use) in enumerate(zip(value.op.patterns, value.operands, strict=True)):
            letters = tuple(dict.fromkeys(index for index in pattern if index.place is None))
            yield Unit(value, letters, tuple(reads(use)), pattern, part)
        return
    if isinstance(value.op, Scatter):
        base, inside = value.operands[: value.op.has_base], value.operands[value.op.has_base :]
        for use in base:
            yield Unit(value, value.axes, tuple(reads(use)), value.axes)
        every = dict.fromkeys(axis for axes in (value.axes, *(use.axes for use in inside)) for axis in axes)
        letters = tuple(axis for axis in every if axis not in value.op.places)
        yield Unit(value, letters, tuple(each for use in inside for each in reads(use)), value.axes, len(base))
        return
    found = tuple(each for use in value.operands for each in reads(use))
    elsewhere = value.op.axis if isinstance(value.op, At | Gather) else None
    letters = tuple(letter for letter in value.letters if letter is not elsewhere)
    yield Unit(value, letters, found, value.axes, 0, is_product)


def fused(statements: Sequence[Unit]) -> list[Step]:
    """The loops of some statements, each of which stands after those that it reads from."""
    steps: list[Step] = []
    for unit in statements:
        _insert(steps, unit, frozenset())
    return steps


def _insert(steps: list[Step], unit: Unit, bound: frozenset[Index]) -> None:
    """Put a statement among the steps that stand in the loops over the bound letters."""
    last = max((place for place, step in enumerate(steps) if _depends(unit, step)), default=-1)
    leads = _leads(unit, bound)
    if not leads:
        place = last + 1
        while place < len(steps) and isinstance(steps[place], Unit):
            place += 1
        steps.insert(place, unit)
        return
    loop, lead = next(_joining(steps[max(last, 0) :], unit, leads), (None, leads[0]))
    if loop is None:
        loop = Loop()
        steps.append(loop)
    loop.leads[unit] = lead
    loop.written.setdefault(unit.value, []).append(unit)
    _insert(loop.steps, unit, bound | {lead})


def _joining(steps: Sequence[Step], unit: Unit, leads: Axes) -> Iterator[tuple[Loop, Index]]:
    """The loops that a statement may join, and with which letter."""
    for step in steps:
        if isinstance(step, Loop):
            yield from ((step, lead) for lead in leads if _fits(unit, lead, step))


def _depends(unit: Unit, step: Step) -> bool:
    """Whether a statement must not stand before a step."""
    if isinstance(step, Unit):
        return step.value is unit.value or any(use.value is step.value for use in unit.reads)
    return unit.value in step.written or any(use.value in step.written for use in unit.reads)


def _fits(unit: Unit, lead: Index, loop: Loop) -> bool:
    """Whether a statement can stand in a loop: what it reads from there is written by then."""
    if loop.lead.range != lead.range:
        return False
    for use in unit.reads:
        for writer in loop.written.get(use.value, ()):
            if not _is_beside(writer, loop.leads[writer], use.indices, lead):
                return False
    return all(  # the other parts of the same array
        any(own is loop.leads[part] and other is lead for own, other in zip(part.place, unit.place, strict=True))
        for part in loop.written.get(unit.value, ())
    )


def _is_beside(writer: Unit, own: Index, places: Axes, lead: Index) -> bool:
    """Whether what is at these places of a value was written in the same turn of a loop."""
    if isinstance(writer.value.op, Assemble | Scatter) or own not in writer.place:
        return False
    return places[writer.place.index(own)] is lead


def _leads(unit: Unit, bound: frozenset[Index]) -> Axes:
    """The letters that the next loop may run over, the best one first; none if no loop is left."""
    left = [index for index in unit.letters if index not in bound]
    if unit.is_product:
        return ()
    weight = Counter[Index]()
    for places in (unit.place, *(use.indices for use in unit.reads)):
        if places:
            weight[places[-1]] += len(places)
    left.sort(key=lambda index: weight[index])
    return tuple(left[:1] + left[1:-1])


def written(steps: Sequence[Step]) -> list[Value]:
    """The values that some steps write, each once."""
    return list(dict.fromkeys(unit.value for unit in paths(steps)))


# ----- What is stored --------------------------------------------------------------------------------------------


def paths(steps: Sequence[Step], outer: Path = ()) -> dict[Unit, Path]:
    """The loops that each statement is in."""
    found: dict[Unit, Path] = {}
    for step in steps:
        if isinstance(step, Unit):
            found[step] = outer
        else:
            found |= paths(step.steps, (*outer, step))
    return found


def stored_axes(steps: Sequence[Step], whole: set[Value]) -> dict[Value, Axes]:
    """The axes along which each value is stored; `whole`: those that are wanted with all of their axes."""
    found: dict[Value, Axes] = {}
    where = paths(steps)
    readers: dict[Value, list[Unit]] = {}
    for unit in where:
        for use in unit.reads:
            readers.setdefault(use.value, []).append(unit)
    for unit, path in where.items():
        value = unit.value
        if value in whole or isinstance(value.op, Assemble | Scatter):
            found[value] = value.axes
            continue
        shared = {
            loop.leads[unit] for loop in path if all(reader in loop.leads for reader in readers.get(value, ()))
        }
        found[value] = tuple(index for index in value.axes if index not in shared)
    return found

