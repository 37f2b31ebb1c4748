r"""Readings that the way of writing leaves open: a letter d that may differentiate, steps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.facts import facts_at, slots_of
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.proof import CONFIRMED
from indexcalc.audit.shaping.choices import MATRIX
from indexcalc.audit.stated import stated
from indexcalc.context.ledger import STATED
from indexcalc.context.names import Use, is_transposed
from indexcalc.meaning.differentials import may_be_differentials
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Differential, Formula, Name, Scripted, changed, walk
from indexcalc.terms import Tensor
from indexcalc.walk import subterms

if TYPE_CHECKING:
    from indexcalc.audit.fields.refuted import Refuted

ONES = frozenset(("1", "bb1"))


def of_differentials(refuted: Refuted) -> str:
    r"""A letter d stands before a name in each term: it may be its differential, or its gradient, and no factor."""
    place = refuted.step.place
    sides = [side.formula for side in refuted.statement.sides[place : place + 2]]
    written = "".join(side.text for side in refuted.statement.sides[place : place + 2])
    is_bare = any(isinstance(part, Differential) for side in sides for part in walk(side))
    if is_bare and "\\partial" in written:
        return "a sign of differentiation with nothing below it may name a gradient"
    if may_be_differentials(sides):
        return "d may be no factor, but a sign of differentials or gradients"
    return ""


def of_unit_tensor(refuted: Refuted) -> str:
    r"""It holds if a bold 1 is the unit matrix, as in mechanics, and not the vector of ones."""
    place = refuted.step.place
    sides = [side.formula for side in refuted.statement.sides[place : place + 2]]
    others = [_with_unit(side) for side in sides]
    if sides == others or any(refuted.judge.known.strength(each, refuted.statement.start) >= STATED for each in ONES):
        return ""  # there is none, or the text says what it is
    left, right = (refuted.judge.value(each, refuted.reading.scope) for each in others)
    if not isinstance(left, Value) or not isinstance(right, Value):
        return ""
    if refuted.holds(left, right=right):
        return "it holds if the bold 1 is the unit matrix, which may be meant"
    may_be = left.order == right.order == MATRIX and not any(map(_has_ones_as_row, refuted.judge.statements))
    return "a bold 1 among matrices may be the unit matrix" if may_be else ""


def _has_ones_as_row(statement: Statement) -> bool:
    """Whether a statement has a bold 1 that is transposed: a vector of ones."""
    every = (part for side in statement.sides for part in walk(side.formula) if isinstance(part, Scripted))
    turned = (each.base for each in every if is_transposed(each.above))
    return any(isinstance(each, Name) and each.letter in ONES for each in turned)


def _with_unit(formula: Formula) -> Formula:
    """A formula with the unit matrix in place of a bold 1."""
    if isinstance(formula, Name) and formula.letter in ONES and formula.font in ("bold", "double"):
        return Name("I", "bold")
    return changed(formula, _with_unit)


def of_small_letters(refuted: Refuted) -> str:
    """It holds if small letters are the elements of a capital one, of which a fact is said: w_ij of a symmetric W."""
    judge, statement = refuted.judge, refuted.statement
    spoken = {name for value in (refuted.left, refuted.right) for name in value.term.symbols}
    for fact in judge.prose.facts:
        small = fact.name[:1].lower() + fact.name[1:]
        ranges = slots_of(small, judge) if small != fact.name and small in spoken else None
        if ranges is None or not judge.prose.holds(fact.place, statement.formula, statement.start):
            continue
        equations = stated(replace(fact, name=small), ranges, judge.meanings)
        told = [Assumed(*each, fact.place, fact.words) for each in equations]
        facts = [*facts_at(judge, statement), *told]
        condition = refuted.reading.condition
        found = compare(refuted.left, refuted.right, judge.meanings, statement.start, condition, facts)
        if told and found.verdict.word in CONFIRMED:
            return f"it holds if {small} are the elements of {fact.name}, which is {fact.fact}"
    return ""


def of_steps(refuted: Refuted) -> str:
    r"""A letter stands with a step that labels it, a_t, and with a letter that is bound, \prod_s a_s."""
    found = refuted.found
    if found.sheet is None or found.left is None or found.right is None:
        return ""
    terms = [found.left, found.right, *(each.body for each in found.sheet.definitions.values())]
    slots = {each.name: each.slots for term in terms for each in subterms(term) if isinstance(each, Tensor)}
    for name in sorted(slots):
        use = refuted.judge.meanings.spelled.get(name, Use(name))
        *others, last = use.labels or (None,)
        if last is not None and last.mark and slots.get(Use(use.letter, tuple(others)).name):
            return f"nothing says how {name} hangs together with the elements of {use.letter}"
    return ""


WRITTEN = (of_differentials, of_steps, of_small_letters, of_unit_tensor)
