"""Whether two sides differ whatever the names stand for: as formulas, with nothing defined and every name free."""

from __future__ import annotations

from indexcalc.audit.comparing.comparison import aligned_sides
from indexcalc.audit.comparing.grounds import without_unknown
from indexcalc.audit.comparing.worlds import MOST_NESTED, World, world_of
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.proving.counterexamples import Counterexample, counterexample
from indexcalc.errors import IndexcalcError
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.values import Value
from indexcalc.terms import ONE, Product, Term


def differ_in_general(
    left: Value, right: Value, meanings: Meanings, place: int, condition: Term = ONE
) -> Counterexample | None:
    """Numbers for the names for which two sides differ; none if there are none, or none can be had."""
    try:
        first, second, _ = aligned_sides(left, right, meanings)
        world = world_of(meanings, [first, second, condition], place)
        change = world.settle()
        sides = [change(Product(condition, first)), change(Product(condition, second))]
        if any(name.startswith("?") for side in sides for name in side.symbols):
            return None  # nothing is refuted about what is not understood
        bare = World(meanings, place)
        bare.primitives = dict(world.primitives)
        bare.leaves = set(bare.plainly(name for side in sides for name in side.symbols))
        unknown, order = bare.unknown(sides), bare.nesting(sides)
        if order > MOST_NESTED:
            return None
        axes = tuple(dict.fromkeys([*sorted(index for side in sides for index in side.free)]))
        sheet, sides = bare.sheet(sides, [])
        (one, other), sheet = without_unknown(sides, sheet, unknown, order, axes)
        return counterexample(one, other, sheet, axes)
    except (UnclearError, IndexcalcError):
        return None


def is_one_sided(left: Value, right: Value, meanings: Meanings, place: int) -> bool:
    """Whether a name that nothing explains stands on one side only, so that no change of the other makes them equal."""
    world = world_of(meanings, [left.term, right.term], place)
    variables = {each.variable.name for each in world.derivatives([left.term, right.term])}
    first, second = (
        {name for each in value.term.symbols - variables for name in world.made_of(each)} for value in (left, right)
    )
    odd = ((first ^ second) & (world.leaves | world.lost.keys())) - variables
    return any(not name.startswith("?") and name != "pi" for name in odd)
