"""The search for the mend of a step: the right side with one slip undone that is confirmed as the step would be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.facts import facts_at
from indexcalc.audit.fields.refuted import Refuted
from indexcalc.audit.holding.conditions import held_if
from indexcalc.audit.mending.mends import Mend, patched
from indexcalc.audit.mending.rules import Surroundings, mends
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.placed.judging import judged_by_places
from indexcalc.audit.proving.proof import CONFIRMED
from indexcalc.audit.steps import Step, stray_letter
from indexcalc.audit.summation import free_letters, summed_letters
from indexcalc.budget import SpentError, limited
from indexcalc.context.extent import extended
from indexcalc.context.loose import binds
from indexcalc.context.names import is_transposed
from indexcalc.errors import IndexcalcError
from indexcalc.meaning.differentials import varied_in
from indexcalc.meaning.values import Value
from indexcalc.notation.dots import without_dots
from indexcalc.notation.formula import Big, Formula, Name, Numeral, Product, Relation, Scripted, Sequence, walk
from indexcalc.notation.writing.formulas import written_back

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

MOST_MENDS = 400
MOST_WORK = 40_000
MOST_LETTERS = 8


@dataclass(frozen=True)
class Mended:
    """A mend that makes a step true: what was done, the side as it should be in its author's notation, the verdict."""

    mend: Mend
    fix: str
    found: Compared


def mended(
    judge: Judge, step: Step, kinds: frozenset[str] = frozenset(), most: int = MOST_MENDS, work: int = MOST_WORK
) -> Mended | None:
    """The first mend of the right side of a step that makes it true; none if there is none.

    kinds: of which slips alone, if not of all. most, work: how many are tried, and how much work that may take.
    """
    if not judge.seeks:
        return None
    try:
        with limited(work):
            return next(_mended(judge, step, kinds, most), None)
    except (SpentError, IndexcalcError):
        return None


def _mended(judge: Judge, step: Step, kinds: frozenset[str], most: int) -> Iterator[Mended]:
    statement = step.statement
    side = statement.sides[step.place + 1]
    if not side.tokens or not isinstance(judge.readings[statement].values[step.place], Value):
        return
    offset = side.tokens[0].start
    around = surroundings(judge, statement, step.place, " " * offset + side.source)
    written = judge.written.get(id(side), side.formula)
    found = (each for each in mends(written, around) if not kinds or each.kind in kinds)
    seen: set[Formula] = set()
    for mend in islice(found, most):
        fix = patched(side.source, offset, mend.patches)
        if not fix or mend.formula in seen:
            continue
        seen.add(mend.formula)
        compared = tried(judge, step, mend)
        if compared is not None and compared.verdict.word in CONFIRMED:
            yield Mended(mend, fix, compared)


def surroundings(judge: Judge, statement: Statement, place: int, text: str) -> Surroundings:
    """What may have been meant in a side: the letters and the signs of sums of its statement, or of the document."""
    near = [each.formula for each in (statement.sides[place], statement.sides[place + 1])]
    own = [part for formula in [*near, *(each.formula for each in statement.sides)] for part in walk(formula)]
    letters: dict[str, Name] = {}
    sums: dict[str, Big] = {}
    for part in own:
        below = part.below if isinstance(part, Scripted | Big) else None
        for name in _names(below):
            letters.setdefault(name.letter, replace(name, span=(0, 0)))
        if isinstance(part, Big) and part.sign == "sum":
            sums.setdefault(written_back(part.below), part)
    for other in judge.readings:
        for part in (part for each in other.sides for part in walk(each.formula)):
            if isinstance(part, Big) and part.sign == "sum" and len(bound := binds(part.below)) == 1:
                if bound[0] in letters and bound not in [binds(each.below) for each in sums.values()]:
                    sums.setdefault(written_back(part.below), part)
    for letter, name in letters.items():
        if judge.known.letters.is_index(letter) and [letter] not in [binds(each.below) for each in sums.values()]:
            sums.setdefault(letter, Big("sum", name, None, None))
    factors = _factors(near[1])
    return Surroundings(text, tuple(letters.values())[:MOST_LETTERS], tuple(sums.values()), turned(judge), factors)


def _factors(side: Formula) -> tuple[Formula, ...]:
    """The names that stand in a side as factors, each once."""
    inner = {id(part.base) for part in walk(side) if isinstance(part, Scripted)}
    products = (part for part in walk(side) if isinstance(part, Product))
    found: dict[str, Formula] = {}
    for each in (factor for product in products for _, factor in product.factors):
        if isinstance(each, Name | Scripted) and id(each) not in inner and each.span[1] > each.span[0]:
            if isinstance(each, Scripted) and isinstance(each.above, Numeral):
                each = each.base if each.below is None else replace(each, above=None)
            found.setdefault(written_back(each), replace(each, span=(0, 0)))
    return tuple(found.values())[:MOST_LETTERS]


def _names(below: Formula | None) -> list[Name]:
    match below:
        case Name() if len(below.letter) == 1 or below.letter.isalpha():
            return [below]
        case Product() | Sequence():
            return [part for part in walk(below) if isinstance(part, Name)]
        case Relation(sides, _):
            return [each for each in sides[:1] if isinstance(each, Name)]
    return []


def turned(judge: Judge) -> str:
    """How the document writes a transposition."""
    for statement in judge.readings:
        for side in statement.sides:
            if not side.tokens:
                continue
            for part in walk(side.formula):
                if isinstance(part, Scripted) and is_transposed(part.above) and not isinstance(part.above, Sequence):
                    offset = side.tokens[0].start
                    text = side.source[part.span[0] - offset : part.span[1] - offset]
                    at = text.rfind("^")
                    if at >= 0 and len(text) - at < 20 and text[at:].count("{") == text[at:].count("}"):
                        return text[at:].strip()
    return r"^\top"


# ----- Trying ------------------------------------------------------------------------------------------------------


def tried(judge: Judge, step: Step, mend: Mend) -> Compared | None:
    """What comes of a step with another right side, in the light of what was known before it; it leaves no trace."""
    kept, meanings = judge.meanings.keep(), judge.meanings
    slots, letters = dict(meanings.slots), dict(judge.readings[step.statement].scope.letters)
    if judge.kept is not None:
        meanings.restore(judge.kept)
    meanings.is_quick = True
    try:
        return _tried(judge, step, mend)
    except ValueError:  # the arrays that a trial asks for do not fit what was read before it: nothing comes of it
        return None
    finally:
        meanings.is_quick = False
        meanings.slots.clear()
        meanings.slots.update(slots)
        judge.readings[step.statement].scope.letters = letters
        meanings.restore(kept)


def _tried(judge: Judge, step: Step, mend: Mend) -> Compared | None:
    statement, reading = step.statement, judge.readings[step.statement]
    formula = _reaching(judge, step, without_dots(mend.formula))
    left, right = reading.values[step.place], right_value(judge, step, formula)
    if not isinstance(left, Value) or not isinstance(right, Value):
        return None
    facts = facts_at(judge, statement)
    found = compare(left, right, judge.meanings, statement.start, reading.condition, facts)
    if found.verdict.word not in CONFIRMED:
        return None
    sides = list(statement.sides)
    old = sides[step.place + 1]
    sides[step.place + 1] = replace(old, formula=formula, scaled=old.scaled and mend.kind != "bracket")
    other = replace(statement, sides=sides)
    again = Step(other, step.place, step.left, step.skipped)
    judge.readings[other] = replace(reading, values=[*reading.values[: step.place + 1], right])
    try:
        if stray_letter(left, right, reading.condition) or held_if(Refuted(judge, again, left, right, found)):
            return None
        placed = judged_by_places(judge, again)
    finally:
        del judge.readings[other]
    return None if placed is not None and placed.verdict.word == "refuted" else found


def _reaching(judge: Judge, step: Step, formula: Formula) -> Formula:
    """Another right side of a step in which sums reach as far as its letters say."""
    formulas = [judge.written.get(id(each), each.formula) for each in step.statement.sides]
    formulas[step.place + 1] = formula
    return extended(formulas, judge.known)[step.place + 1]


def right_value(judge: Judge, step: Step, formula: Formula) -> Value | str:
    """The value of another right side of a step."""
    statement, scope = step.statement, judge.readings[step.statement].scope
    formulas = [each.formula for each in statement.sides]
    formulas[step.place + 1] = formula
    free = free_letters(formulas, judge.known, scope.counts)
    earlier = judge.readings.get(statement.earlier) if statement.earlier is not None else None
    free |= earlier.free if earlier is not None else frozenset()
    scope.varied = varied_in(formulas, judge.known)
    scope.summed = summed_letters(formula, judge.known, scope.counts, free)
    return judge.value(formula, scope)

