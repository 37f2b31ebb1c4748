"""Which arrays are written over: an array that nothing reads any more gives its memory to the value made of it.

A value v takes the memory of its operand u where

    v works element by element, and u stands in it with exactly the axes of v (of x - u it is u, too),
    u is a new array of numbers that is no result: no argument, no view, no truth values,
    whatever else reads u does so in a statement before that of v, or in the one other operand of v, which is worked
    out before anything is written.

Values are worked out in an order in which many arrays can be written over: of two operands the one with the longer way
to it comes first. One that has no name is worked out with the statement it stands in.
An unknown function may keep what it is given, so what one reads or gives is never written over.

Where u has no name, `u + y`, `u * 2` and their like need no help: numpy reuses the array of an operand that nobody
else has, if the other operand has its shape or is a number. Everything else becomes a statement.

No memory is kept between calls: a compiled function has no state, so that threads may share it. Kept arrays were
measured to save 1 to 5 % of the time where there is a product of matrices, and up to 40 % only in passes over arrays of
many megabytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.codegen.programs.program import (
    OPERATIONS,
    RELATIONS,
    Assemble,
    At,
    Einsum,
    Item,
    Map,
    Normal,
    Program,
    Scan,
    Scatter,
    Use,
    Value,
)
from indexcalc.codegen.writing.lookups import laid_out
from indexcalc.codegen.writing.pen import is_mask

ARITHMETIC = frozenset({"add", "div", "mul", "neg", "pow"})
NOT_IN_PLACE = frozenset({"where", *RELATIONS})
ABSORBING = (Map("add"), Map("sigmoid"))  # what reads -x as well as x
Naming = Callable[[Value], bool]


def frugal_order(program: Program) -> tuple[Value, ...]:
    """The values, each after its operands, such that arrays are needed for a short time: the longest way first."""
    height: dict[Value, int] = {}
    for value in program.values:
        height[value] = 1 + max((height[use.value] for use in value.operands), default=0)
    done: dict[Value, None] = {}
    pending = [result.use.value for result in program.results][::-1]
    while pending:
        value = pending[-1]
        missing = [use.value for use in value.operands if use.value not in done]
        if value in done or not missing:
            done[pending.pop()] = None
        else:
            pending += sorted(missing, key=height.__getitem__, reverse=True)[::-1]
    return tuple(done)


def storage(program: Program, order: Sequence[Value], is_named: Naming) -> Mapping[Value, int]:
    """The place of the operand that a value is written over, if it is; such a value has a statement of its own.

    order: that in which the values are worked out. is_named: which have a name, and so a statement, anyway.
    """
    readers = _Readers(program, order, is_named)
    over: dict[Value, int] = {}
    for value in order:
        if not _is_in_place(value) or readers.is_absorbed(value):
            continue
        places = [place for place in range(len(value.operands)) if readers.gives_memory(value, place)]
        unnamed = [place for place in places if readers.is_alone(readers.inner(value, place).value, over)]
        if unnamed:
            if not all(_is_fluent(value, place, readers) for place in unnamed[:1]):
                over[value] = unnamed[0]
            continue
        over.update((value, place) for place in places[:1] if readers.is_last(value, place))
    return over


def _is_in_place(value: Value) -> bool:
    """Whether an operation can write over an operand."""
    match value.op:
        case Map(function):
            takes_out = function not in FUNCTIONS or FUNCTIONS[function].in_place
            return bool(value.axes) and takes_out and not _is_unknown(value) and function not in NOT_IN_PLACE
        case Einsum():
            return len(value.operands) == 2 and set(value.letters) == set(value.axes)
        case Assemble(patterns, _):
            return bool(value.operands) and patterns[0] == value.axes
        case Scatter():
            return value.op.has_base and laid_out(value) == value.axes
        case Normal():
            return True
    return False


def _is_fluent(value: Value, place: int, readers: _Readers) -> bool:
    """Whether numpy itself reuses the array of an operand without a name."""
    if isinstance(value.op, Assemble | Scatter):
        return True
    if not isinstance(value.op, Einsum) and not (isinstance(value.op, Map) and value.op.function in ARITHMETIC):
        return False
    if place and (value.op in (Map("div"), Map("pow")) or readers.is_absorbed(value.operands[place].value)):
        return False
    return all(use.indices in ((), value.axes) for use in value.operands)


def _is_unknown(value: Value) -> bool:
    """Whether a value calls a function that the caller gives."""
    return isinstance(value.op, Map) and value.op.function not in FUNCTIONS and value.op.function not in OPERATIONS


def negated(use: Use, is_named: Naming) -> Use:
    """x for an operand -x without a name; else the operand itself."""
    if use.value.op != Map("neg") or is_named(use.value):
        return use
    return use.value.operands[0].renamed(dict(zip(use.value.axes, use.indices, strict=True)))


class _Readers:
    """Who reads what, and when."""

    def __init__(self, program: Program, order: Sequence[Value], is_named: Naming) -> None:
        self.is_named = is_named
        self.readers: dict[Value, list[Value]] = {value: [] for value in program.values}
        self.uses = Counter(use.value for use in program.uses)
        self.results = {result.use.value for result in program.results}
        self.place = {value: place for place, value in enumerate(order)}
        self.time = dict(self.place)
        for value in program.values:
            for use in value.operands:
                self.readers[use.value].append(value)
        for value in reversed(order):
            if not is_named(value):
                end = [len(self.place)] if value in self.results else []
                self.time[value] = max([*end, *(self.time[reader] for reader in self.readers[value])])
        unknown = [value for value in program.values if _is_unknown(value)]
        self.kept = {*unknown, *(use.value for value in unknown for use in value.operands)}

    def is_absorbed(self, value: Value) -> bool:
        """Whether a value is the -x of a sum, in which x is subtracted, or of sigmoid(-x), a function by itself."""
        readers = self.readers[value]
        is_one = value.op == Map("neg") and self.uses[value] == 1 and not self.is_named(value)
        return is_one and len(readers) == 1 and readers[0].op in ABSORBING

    def inner(self, value: Value, place: int) -> Use:
        """The operand, or x where it is an -x that is read as well."""
        use = value.operands[place]
        return negated(use, self.is_named) if self.is_absorbed(use.value) else use

    def gives_memory(self, value: Value, place: int) -> bool:
        """Whether an operand has the memory that its user needs."""
        use = self.inner(value, place)
        if isinstance(value.op, Assemble | Scatter) and place > 0:
            return False
        if isinstance(value.op, Normal) and value.op.kind == "logsumexp":
            return use.indices == use.axes and self.is_new(use.value)
        return use.indices == value.axes == use.axes and self.is_new(use.value)

    def is_new(self, value: Value) -> bool:
        """Whether a value is a new array of numbers that may be written over when nobody reads it any more."""
        if not value.axes or value.is_free or is_mask(value) or value in self.results or value in self.kept:
            return False
        if isinstance(value.op, At | Item) or any(isinstance(reader.op, Scan) for reader in self.readers[value]):
            return False
        if isinstance(value.op, At) or any(isinstance(reader.op, At) for reader in self.readers[value]):
            return False  # a view on other memory, or one on this
        if value.op == Map("where"):  # of two numbers it may be an array of integers
            return any(use.axes for use in value.operands[1:])
        return not isinstance(value.op, Einsum) or len(value.operands) > 1 or set(value.letters) != set(value.axes)

    def is_alone(self, value: Value, over: Mapping[Value, int]) -> bool:
        """Whether a value has no name, and so one reader."""
        return self.uses[value] == 1 and not self.is_named(value) and value not in over

    def is_last(self, value: Value, place: int) -> bool:
        """Whether nothing else reads what an operand names in the statement of its user or later."""
        wanted = self.inner(value, place).value
        others = [use.value for other, use in enumerate(value.operands) if other != place]
        if wanted in others:
            return False
        is_one = len(others) == 1 and not isinstance(value.op, Assemble | Scatter)
        allowed = {value, value.operands[place].value} | (self._inside(others[0]) if is_one else set())
        return all(reader in allowed or self.time[reader] < self.place[value] for reader in self.readers[wanted])

    def _inside(self, value: Value) -> set[Value]:
        """A value without a name, and what is worked out together with it."""
        found: set[Value] = set()
        pending = [value]
        while pending:
            each = pending.pop()
            if each not in found and not self.is_named(each):
                found.add(each)
                pending += [use.value for use in each.operands]
        return found
