"""What a generated function takes: which tensors, under which names, and where sizes come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.codegen.programs.program import OPERATIONS, At, Fits, Map, Normal, Program, Reduce, Scan, SizeOf, Value
from indexcalc.codegen.programs.scans import COUNTER
from indexcalc.codegen.programs.whole import whole_leaves
from indexcalc.codegen.writing.names import Names
from indexcalc.sheet import Sheet
from indexcalc.terms import Range


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: the sheet's name, the name in the code, and the ranges of its axes (none: a scalar).

    size: for an argument that is a size, its range. is_read: whether its elements are wanted, not only its shape.
    is_function: whether it is a function that the sheet does not define, to be given as one of arrays. looked: for one
    that says places, in whole numbers, the range that they are in.
    """

    name: str
    identifier: str
    ranges: tuple[Range, ...] = ()
    size: Range | None = None
    is_read: bool = True
    is_function: bool = False
    looked: Range | None = None

    @property
    def is_pi(self) -> bool:
        """Whether this is the number pi, which need not be given; with indices the name is that of any tensor."""
        return self.name == "pi" and not self.ranges


@dataclass(frozen=True, slots=True)
class Signature:
    """The arguments of a function.

    sizes: for each range that has no number the argument and axis that give its size. places: for each range in which
    the formula names a place, the last one that it names. occupied: the ranges that must have a value, since the
    formula takes an extreme over them or divides by their size.
    """

    arguments: tuple[Argument, ...]
    sizes: Mapping[Range, tuple[Argument, int]]
    places: Mapping[Range, int]
    occupied: frozenset[Range]

    @property
    def least(self) -> Mapping[Range, int]:
        """The least size of those ranges that must have values."""
        return {**dict.fromkeys(self.occupied, 1), **self.places}

    def argument(self, name: str) -> Argument | None:
        """The argument of a name, as the sheet or as the code spells it."""
        found = {each.identifier: each for each in self.arguments}
        found |= {each.name: each for each in self.arguments}
        return found.get(name)


def signature(program: Program, sheet: Sheet, names: Names) -> Signature:
    """The arguments of a program: its leaves in the order of the sheet, then what else its sizes need.

    A size comes from the first argument that has an axis of that range, else from another leaf of the sheet, which then
    becomes an argument; a size that no tensor has is an argument itself.
    """
    read = {leaf.name for leaf in program.leaves}
    given = {leaf.name: leaf.ranges for leaf in program.leaves}
    needed = [range for range in basic(ranges_of(program)) if range.size is None]
    for range in needed:
        if not any(range in (each, each.same) for ranges in given.values() for each in ranges):
            every = [(name, each) for name in _known(sheet) for each in sheet.leaves[name]]
            source = next((name for name, each in every if range in (each, each.same)), "")
            if source:
                given[source] = sheet.leaves[source]
    rank = {name: place for place, name in enumerate(sheet.order)}
    ordered = sorted(given, key=lambda name: (rank.get(name, len(rank)), name))
    whole = whole_leaves(program)
    arguments = [
        Argument(name, names.take(name), given[name], None, name in read, looked=whole.get(name)) for name in ordered
    ]
    sizes: dict[Range, tuple[Argument, int]] = {}
    for range in needed:
        source_axis = _source(arguments, range)
        if source_axis is None:
            label = range.label if range.named else f"n_{range.label}"
            source_axis = Argument(label, names.take(label), (), range), 0
            arguments.append(source_axis[0])
        sizes[range] = source_axis
    arguments += [Argument(name, names.take(name), is_function=True) for name in unknown_functions(program)]
    arguments.sort(key=lambda argument: argument.is_pi)  # the one that has a default comes last
    return Signature(tuple(arguments), sizes, places_of(program), occupied(program))


def places_of(program: Program) -> dict[Range, int]:
    """The last place that a program names in each range."""
    found: dict[Range, int] = {}
    for index in program.indices:
        if index.place is not None:
            found[index.range] = max(index.place, found.get(index.range, 0))
    for value in program.values:
        for _, _, _, inner in value.op.parts if isinstance(value.op, Scan) else ():
            for range, place in places_of(inner).items():
                found[range] = max(place, found.get(range, 0))
    return found


def occupied(program: Program) -> frozenset[Range]:
    """The ranges over which an extreme is taken, and those whose size is divided by or has a logarithm."""
    found: set[Range] = set()
    risky: set[Value] = set()
    for value in reversed(program.values):  # users before what they use
        operands = [use.value for use in value.operands]
        match value.op:
            case Reduce(kind) if kind != "prod":
                found.update(axis.range for use in value.operands for axis in use.axes if axis not in value.axes)
            case Normal(_, over):
                found.update(axis.range for axis in over)
            case SizeOf(range) if value in risky:
                found.add(range)
            case Map("div"):
                risky.add(operands[1])
            case Map("log") | Map("pow"):
                risky.add(operands[0])
        if value in risky:
            risky.update(operands)
    return frozenset(found)


def unknown_functions(program: Program) -> list[str]:
    """The functions of a program that have no code, so that they must be given."""
    found = {value.op.function: None for value in program.values if isinstance(value.op, Map)}
    return sorted(name for name in found if name not in FUNCTIONS and name not in OPERATIONS)


def basic(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """The ranges, those whose size others give replaced by these."""
    found: dict[Range, None] = {}
    for range in ranges:
        found |= dict.fromkeys(basic(range.made_of)) if range.counts else {range: None}
    return tuple(found)


def _known(sheet: Sheet) -> Sequence[str]:
    """The leaves of the sheet, in the order of the text."""
    order = {name: place for place, name in enumerate(sheet.order)}
    return sorted(sheet.leaves, key=lambda name: (order.get(name, len(order)), name))


def _source(arguments: Sequence[Argument], range: Range) -> tuple[Argument, int] | None:
    for argument in arguments:
        for axis, each in enumerate(argument.ranges):
            if range in (each, each.same):
                return argument, axis
    return None


def ranges_of(program: Program) -> tuple[Range, ...]:
    """The ranges of a program, in the order of its values."""
    found: dict[Range, None] = {}
    for value in program.values:
        if isinstance(value.op, SizeOf):
            found[value.op.range] = None
        if isinstance(value.op, Fits | At):
            found |= {range: None for range, _ in (*value.op.form.sizes, *value.op.period.sizes)}
        found |= {index.range: None for index in value.letters}
        if isinstance(value.op, Scan):
            found |= dict.fromkeys(over for _, over, _ in value.op.loops)
            for _, axes, _, inner in value.op.parts:
                found |= {index.range: None for index in axes}
                found |= {range: None for range in ranges_of(inner) if not range.label.startswith(COUNTER)}
    for result in program.results:
        found |= {index.range: None for index in result.axes if index.place is None}
    return tuple(found)
