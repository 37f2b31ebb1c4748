r"""Why a difference between two sides says nothing against a text: the readings and facts that it leaves open.

One ordered table, DOUBTS; the first that has something to say makes a refuted step undecided. Each asks whether the
step holds under something that the text does not exclude: never whether it would look better.
"""

from __future__ import annotations

from collections.abc import Callable

from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.comparing.successors import successor_beside
from indexcalc.audit.comparing.worlds import world_of
from indexcalc.audit.defined import Defined
from indexcalc.audit.elsewise import proved_by_element
from indexcalc.audit.facts import missing, missing_sign, unsaid_sum
from indexcalc.audit.fields.motion import rate_given
from indexcalc.audit.fields.refuted import Refuted
from indexcalc.audit.fields.unsaid import (
    GRADIENT,
    earlier_meaning,
    hangs_on_gradient,
    held_fixed,
    holds_of_constants,
    holds_turned,
    of_two_ranks,
    unequal_ends,
)
from indexcalc.audit.holding.additive import some_constant
from indexcalc.audit.holding.listed import listed, of_a_capital
from indexcalc.audit.holding.readings import mixed, moving, summed
from indexcalc.audit.holding.supposing import SUPPOSED
from indexcalc.audit.holding.writing import WRITTEN
from indexcalc.audit.numbers import speaks_of_factorials
from indexcalc.audit.outline.links import REWRITING
from indexcalc.audit.outline.prose import Spoken
from indexcalc.audit.reached import leaves_of
from indexcalc.audit.shaping.powers import open_powers
from indexcalc.audit.steps import replaced
from indexcalc.context.functions.calls import definition_call
from indexcalc.context.knowledge import argument_names
from indexcalc.context.loose import bound_in
from indexcalc.context.names import written
from indexcalc.context.spoken import reaches_further
from indexcalc.meaning.colons import with_crossed_dots
from indexcalc.meaning.conditions import condition_term
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Big, Name, Product, Relation, walk
from indexcalc.terms import Derivative, Number, Tensor, Term
from indexcalc.terms import Product as TermProduct


def doubt_of(refuted: Refuted) -> str:
    """Why a difference says nothing against the text; empty if nothing is open."""
    return next((doubt for each in DOUBTS if (doubt := each(refuted))), "")


def holds_otherwise(refuted: Refuted) -> bool:
    """Whether some doubt shows a reading in which the step holds, or may hold; what is only not known is none."""
    return any(each(refuted) for each in DOUBTS if each is not _slope)


def _carried(refuted: Refuted) -> str:
    """It follows from an earlier step that is refuted."""
    judge, reading = refuted.judge, refuted.reading
    left = refuted.statement.sides[refuted.step.place].formula
    for old, new, line in judge.slips:
        changed = replaced(left, written(old), new)
        if changed is left or written(old) == written(left) or reading.free & bound_in(new):
            continue  # a letter that is free would be bound: nobody has put it in so
        value = judge.value(changed, reading.scope)
        if isinstance(value, Value) and refuted.holds(value):
            return f"it follows from line {line}, which is refuted"
    return ""


def _reaching_further(refuted: Refuted) -> str:
    """A derivative stands before several factors."""
    resting = [each.body for each in refuted.found.rests if isinstance(each, Defined)]
    place = refuted.step.place
    sides = [side.formula for side in refuted.statement.sides[place : place + 2]]
    if any(map(reaches_further, [*sides, *resting])):
        return "a derivative may be meant of all that follows it: put brackets"
    return ""


def _behind_arrow(refuted: Refuted) -> str:
    """It stands behind an arrow, which need not stand between equal sides."""
    if refuted.statement.links[refuted.step.place].text in REWRITING:
        return "an arrow need not stand between equal sides"
    return ""


def _symbols_alone(refuted: Refuted) -> str:
    """A product of deltas and epsilons with free letters is a number: that is said of some of their values."""
    left, right = refuted.left.term, refuted.right.term
    if left.symbols or not left.free.difference(refuted.left.axes) or not isinstance(right, Number):
        return ""
    return "it is said of symbols alone, and may be meant for some values of their indices"


def _complex(refuted: Refuted) -> str:
    """It calculates with a number i that nothing declares."""
    judge = refuted.judge
    world = world_of(judge.meanings, [refuted.left.term, refuted.right.term], refuted.statement.start)
    if "i" in world.leaves and "i" not in judge.known.declared:
        return "i may be the imaginary unit, and numbers are taken to be real"
    return ""


def _slope(refuted: Refuted) -> str:
    """Derivatives of unknown functions stand on one side only: the step may say what they are."""
    given = {
        f"{each.left.body.name}?{each.left.variable.name}"
        for each in refuted.found.rests
        if isinstance(each, Assumed) and isinstance(each.left, Derivative) and isinstance(each.left.body, Tensor)
    }
    own, other = (_slopes(side, refuted.found) - given for side in (refuted.found.left, refuted.found.right))
    slopes = sorted(own | other) if bool(own) != bool(other) else []
    return f"nothing says how {slopes[0].partition('?')[0]} depends on its variables" if slopes else ""


def _slopes(side: Term | None, found: Compared) -> set[str]:
    """The derivatives of unknown functions in a side, through definitions too, but those of the functions."""
    definitions = found.sheet.definitions if found.sheet is not None else {}
    pending, seen = [side] if side is not None else [], set[str]()
    while pending:
        for name in pending.pop().symbols - seen:
            seen.add(name)
            if name in definitions and f"{name}?0" not in definitions[name].body.symbols:
                pending.append(definitions[name].body)
    return {name for name in seen if "?" in name.strip("?") and not name.endswith("?0")}


def _factorial(refuted: Refuted) -> str:
    """It speaks of a factorial: the numbers that tell the sides apart are not whole."""
    is_whole = speaks_of_factorials(refuted.found)
    return "a factorial is one of whole numbers, and the sides were compared for all numbers" if is_whole else ""


def _restricted(refuted: Refuted) -> str:
    """It is said for some places of an index only, or under a condition in words."""
    if refuted.statement.formula in refuted.judge.prose.supposed:
        return "it is said under a condition, which is not used"
    said = refuted.statement.restricted
    return f"it is said for {said} only, and other places are not told apart" if said else ""


def _one_more(refuted: Refuted) -> str:
    """It speaks of n and of n + 1 places, which are chosen by themselves."""
    size = successor_beside(refuted.found)
    return size and f"the sizes {size} and {size} + 1 stand side by side, which are not compared"


def _by_element(refuted: Refuted) -> str:
    """It holds for each element by itself."""
    if proved_by_element(refuted.judge, refuted.step) is not None:
        return "it holds for each element by itself, which may be what is meant"
    return ""


def _crossed(refuted: Refuted) -> str:
    """It holds with the other double dot."""
    place = refuted.step.place
    formulas = [side.formula for side in refuted.statement.sides[place : place + 2]]
    crossed = [with_crossed_dots(formula) for formula in formulas]
    if crossed == formulas:
        return ""
    left, right = (refuted.judge.value(formula, refuted.reading.scope) for formula in crossed)
    if isinstance(left, Value) and isinstance(right, Value) and refuted.holds(left, right=right):
        return "it holds if A : B is the sum of A_ij B_ji, not of A_ij B_ij"
    return ""


def _unsaid(refuted: Refuted) -> str:
    """It holds if something adds up to 1."""
    return missing(refuted.judge, refuted.left, refuted.right, refuted.reading, refuted.statement) or unsaid_sum(
        refuted.found
    )


def _unsaid_signs(refuted: Refuted) -> str:
    """It holds if the elements of something are 1 or -1."""
    return missing_sign(refuted.judge, refuted.left, refuted.right, refuted.found, refuted.statement)


def _spoken_case(refuted: Refuted) -> str:
    r"""It holds under a condition on indices of which the text speaks before it: i \neq j."""
    judge, statement = refuted.judge, refuted.statement
    letters = {part.letter for side in statement.sides for part in walk(side.formula) if isinstance(part, Name)}
    spoken = (each for each in judge.prose.spoken_before(statement)[::-1] if each.letters <= letters)
    for each in filter(lambda each: _is_free(each, refuted), spoken):
        try:
            condition = condition_term(each.formula, refuted.reading.scope)
            holds = refuted.holds(refuted.left, TermProduct(refuted.reading.condition, condition))
        except UnclearError:
            continue
        if holds:
            line = judge.lines.at(each.place)[0]
            return f"it holds in the case of line {line}; nothing says whether that is meant"
    return ""


def _summed_case(refuted: Refuted) -> str:
    r"""It holds for letters that are not the same, and a sum before it runs over such alone: \sum_{j \neq i}."""
    judge, start = refuted.judge, refuted.statement.start
    found: dict[str, Relation] = {}
    for statement in judge.statements:
        for part in (part for side in statement.sides for part in walk(side.formula) if statement.start < start):
            below = part.below if isinstance(part, Big) else None
            if isinstance(below, Relation) and below.relations == ("neq",) and len(below.sides) == len(_letters(below)):
                found[written(below)] = below
    for each in found.values():
        if _letters(each) <= refuted.reading.scope.letters.keys() & {index.name for index in refuted.left.term.free}:
            try:
                condition = condition_term(each, refuted.reading.scope)
            except UnclearError:
                continue
            if refuted.holds(refuted.left, TermProduct(refuted.reading.condition, condition)):
                return f"it holds where {' and '.join(sorted(_letters(each)))} are not the same, which may be meant"
    return ""


def _letters(relation: Relation) -> set[str]:
    return {each.letter for each in relation.sides if isinstance(each, Name)}


def _is_free(each: Spoken, refuted: Refuted) -> bool:
    """Whether all letters of a condition are indices that the statement leaves free."""
    return all(letter in refuted.reading.scope.letters for letter in each.letters)


def _other_arguments(refuted: Refuted) -> str:
    r"""A function stands with z where its definition has y, and y is made of z: so either may be meant."""
    judge, place = refuted.judge, refuted.statement.start
    for side in refuted.statement.sides[refuted.step.place : refuted.step.place + 2]:
        for part in walk(side.formula):
            call = definition_call(part) if isinstance(part, Product) else None
            use = judge.known.use(call[0]) if call else None
            found = judge.meanings.definitions.find(use.letter, use.labels, place, ("function",)) if use else None
            names = argument_names(call[1]) if call else None
            if found is None or names is None or use is None:
                continue
            for own, other in zip(found[0].parameters, names, strict=False):
                if own != other and other in leaves_of(judge, Name(own), place):
                    return f"{use.name} stands with {other} here, and with {own} in line {found[0].line}"
    return ""


def _unequal_chain(refuted: Refuted) -> str:
    r"""It is summed over i \neq j \neq k, of which nothing says whether i and k may be the same."""
    place = refuted.step.place
    ends = next(filter(None, (unequal_ends(each.formula) for each in refuted.statement.sides[place : place + 2])), ())
    return f"nothing says whether {' and '.join(ends)} may be the same" if ends else ""


def _another_start(refuted: Refuted) -> str:
    """It goes on in a display of its own, and is the same as an expression that stands alone before it."""
    judge, statement = refuted.judge, refuted.statement
    if statement.earlier is None or refuted.step.place:
        return ""
    begin = max((start for start, _ in judge.prose.sections if start <= statement.start), default=0)
    for other, reading in reversed(judge.readings.items()):
        if other.display and len(other.sides) == 1 and begin <= other.start < statement.start and reading.values:
            value = reading.values[0]
            if isinstance(value, Value) and refuted.holds(value):
                line = judge.lines.at(other.start)[0]
                return f"it is what stands alone in line {line}; nothing says that it goes on from there"
    return ""


def _turned(refuted: Refuted) -> str:
    r"""It holds where \nabla u is read the other way."""
    judge, step = refuted.judge, refuted.step
    return GRADIENT if hangs_on_gradient(judge, step, refuted.found.rests) and holds_turned(judge, step) else ""


def _earlier(refuted: Refuted) -> str:
    """It holds with an earlier definition of a name."""
    return earlier_meaning(refuted.judge, refuted.step, refuted.left, refuted.right, refuted.found.rests)


def _unsettled(refuted: Refuted) -> str:
    """An earlier definition of a name may be meant, with which nothing is known."""
    return earlier_meaning(refuted.judge, refuted.step, refuted.left, refuted.right, refuted.found.rests, settled=False)


def _fixed(refuted: Refuted) -> str:
    """It holds if an argument of a function, or data with an error term, is held fixed."""
    names = held_fixed(refuted.judge, refuted.step, refuted.left, refuted.right, refuted.found.rests)
    return names and f"it holds if {names} is held fixed, as an argument of a function or as data"


def _constant(refuted: Refuted) -> str:
    """It holds where something is constant of which no derivative is written."""
    names = holds_of_constants(refuted.judge, refuted.step, refuted.left, refuted.right)
    return names and f"it holds if {names} is constant; the text does not say so"


def _of_motion(refuted: Refuted) -> str:
    """It is an equation of motion: what it says of the highest rate that it speaks of is no identity."""
    rate = rate_given(refuted.judge, refuted.statement, refuted.left, refuted.right)
    return rate and f"it may be an equation of motion, by which {rate} is given; nothing says that it is none"


def _of_two_ranks(refuted: Refuted) -> str:
    """A letter stands with several numbers of indices."""
    name = of_two_ranks(refuted.judge, refuted.statement, refuted.left, refuted.right)
    return name and f"{name} stands with several numbers of indices; nothing says how these hang together"


DOUBTS: tuple[Callable[[Refuted], str], ...] = (
    _carried,
    _reaching_further,
    _slope,
    _factorial,
    _restricted,
    _one_more,
    _of_motion,
    _by_element,
    _of_two_ranks,
    _behind_arrow,
    _symbols_alone,
    _complex,
    _crossed,
    _other_arguments,
    _unsaid,
    _unsaid_signs,
    _spoken_case,
    _summed_case,
    _unequal_chain,
    _another_start,
    moving,
    summed,
    mixed,
    listed,
    some_constant,
    *WRITTEN,
    *SUPPOSED,
    of_a_capital,
    _turned,
    lambda refuted: open_powers(refuted.step, refuted.judge.known),
    _constant,
    _earlier,
    _unsettled,
    _fixed,
)
