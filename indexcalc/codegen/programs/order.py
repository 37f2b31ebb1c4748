"""A product of many arrays taken two at a time, in the cheapest pairs (see `planning`).

An index that one operand alone has is summed there first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from indexcalc.codegen.programs.arithmetic import arranged
from indexcalc.codegen.programs.planning import SizeOfRange, plan
from indexcalc.codegen.programs.program import Apply, Axes, Builder, Einsum, Map, Program, Use, Value
from indexcalc.codegen.programs.program import Result as ProgramResult
from indexcalc.terms import Range

USUAL_SIZE = 64  # of a range about which nothing is known


def usual_size(range: Range) -> int:
    """A size to plan with where none is known."""
    if range.counts:
        return max(1, min(count.value(usual_size) for count in range.counts))
    return range.size or USUAL_SIZE


def is_open(value: Value) -> bool:
    """Whether there is an order to choose: of more than two operands, or of two and a sum that concerns one alone."""
    if not isinstance(value.op, Einsum) or len(value.operands) < 2:
        return False
    sets = [set(use.axes) for use in value.operands]
    return len(sets) > 2 or not (sets[0] ^ sets[1]) <= set(value.axes)


def is_inverse(value: Value) -> bool:
    """Whether a value is the inverse of a matrix."""
    return isinstance(value.op, Apply) and value.op.kind == "inv"


def inverts(value: Value) -> bool:
    """Whether a contraction has an inverse among its factors."""
    return isinstance(value.op, Einsum) and any(is_inverse(use.value) for use in value.operands)


def opened(program: Program) -> Program:
    """The program with (inv(A) + inv(A).T) @ b as a sum of two products, each of which can be solved."""
    if not any(map(is_inverse, program.values)):
        return program

    def make(build: Builder, value: Value, operands: Sequence[Use]) -> Use:
        place = next((place for place, use in enumerate(operands) if _is_sum_of_inverses(use.value)), None)
        if not isinstance(value.op, Einsum) or place is None or len(operands) < 2:
            return again(build, value, operands)
        use = operands[place]
        names = dict(zip(use.value.axes, use.indices, strict=True))
        rest = [each for other, each in enumerate(operands) if other != place]
        parts = [build.make(Einsum(), [*rest, each.renamed(names)], value.axes) for each in use.value.operands]
        return build.make(Map("add"), parts, value.axes, value.formula)

    return rebuilt(program, make)


def _is_sum_of_inverses(value: Value) -> bool:
    return value.op == Map("add") and all(is_inverse(use.value) for use in value.operands)


def in_pairs(program: Program, size: SizeOfRange, wanted: Callable[[Value], bool]) -> Program:
    """The program with each wanted contraction taken two operands at a time."""

    def make(build: Builder, value: Value, operands: Sequence[Use]) -> Use:
        if wanted(value):
            return contracted(build, operands, value.axes, size, value)
        return again(build, value, operands)

    return rebuilt(program, make)


def rebuilt(program: Program, make: Callable[[Builder, Value, Sequence[Use]], Use]) -> Program:
    """The program with each value made anew of its operands, which were made before."""
    build = Builder()
    new: dict[Value, Use] = {}
    names: dict[Value, str] = {}
    for value in program.values:
        made = make(build, value, [_moved(use, new) for use in value.operands])
        new[value] = made
        if value in program.names and set(made.indices) == set(value.axes):
            names.setdefault(made.value, program.names[value])
    results = (ProgramResult(each.name, each.axes, each.pattern, _moved(each.use, new)) for each in program.results)
    return Program(tuple(results), names)


def again(build: Builder, value: Value, operands: Sequence[Use]) -> Use:
    """The same operation on other operands."""
    return build.make(value.op, operands, value.axes, value.formula)


def _moved(use: Use, new: dict[Value, Use]) -> Use:
    """The same use of the new value."""
    return new[use.value].renamed(dict(zip(use.value.axes, use.indices, strict=True)))


def contracted(build: Builder, operands: Sequence[Use], axes: Axes, size: SizeOfRange, value: Value) -> Use:
    """The sum of a product, in pairs."""
    found = [summed_alone(build, operands, place, axes) for place in range(len(operands))]
    orders = [use.axes for use in found]
    pairs = plan([frozenset(order) for order in orders], frozenset(axes), size, orders)
    alive = dict(enumerate(found))
    for step, (first, second) in enumerate(pairs):
        left, right = alive.pop(first), alive.pop(second)
        last = step == len(pairs) - 1
        order = axes if last else pair_axes(left, right, axes, [use.axes for use in alive.values()])
        alive[len(found) + step] = build.make(Einsum(), [left, right], order, value.formula if last else None)
    (result,) = alive.values()
    return result


def summed_alone(build: Builder, operands: Sequence[Use], place: int, axes: Axes) -> Use:
    """An operand, summed over the indices that nothing else has."""
    use = operands[place]
    others = set(axes).union(*(each.axes for other, each in enumerate(operands) if other != place))
    kept = tuple(index for index in use.axes if index in others)
    return use if kept == use.axes else build.make(Einsum(), [use], kept)


def pair_axes(left: Use, right: Use, axes: Axes, others: Sequence[Axes]) -> Axes:
    """The axes of an intermediate array.

    Where the wider array has all of them, they stay as they are there. Else they come as in the output, or as in an
    array with which a sum over one of them waits, whichever shares most of them. The rest: what both have, then what
    the wider one has, then the other one.
    """
    kept = set(axes).union(*others)
    wide, narrow = (right, left) if len(right.axes) > len(left.axes) else (left, right)
    if kept.issuperset(wide.axes) and set(wide.axes).issuperset(narrow.axes):
        return wide.axes
    both = [index for index in wide.axes if index in narrow.axes and index in kept]
    first = [index for index in wide.axes if index in kept and index not in both]
    second = [index for index in narrow.axes if index in kept and index not in both]
    natural = (*both, *first, *second)
    count = Counter(index for other in (axes, *others) for index in other)
    waiting = (other for other in others if any(count[index] == 1 for index in set(other).intersection(natural)))
    like = max((*waiting, axes), key=lambda other: len(set(other).intersection(natural)))
    return arranged(natural, like if len(set(like).intersection(natural)) > 1 else ())
