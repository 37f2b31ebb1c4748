r"""What a text leaves open about fields: how \nabla u is read of a vector u, and what does not depend on the place.

Some write \nabla u for \partial_i u_j, others for \partial_j u_i: what holds in one reading only is undecided. So is
what holds only where something is constant, of which the text never writes a derivative by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.worlds import world_of
from indexcalc.audit.defined import Defined
from indexcalc.audit.facts import facts_at
from indexcalc.audit.fields.laws import error_term
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.proof import CONFIRMED, Verdict
from indexcalc.audit.steps import Step
from indexcalc.audit.summation import summed_letters
from indexcalc.context.knowledge import RANKS, Knowledge
from indexcalc.context.loose import bound_in
from indexcalc.context.shapes import axes_in
from indexcalc.meaning.fields.nabla import ANY
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.reading import read
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Formula, Nabla, Relation, walk
from indexcalc.notation.writing.formulas import written_back
from indexcalc.terms import Contraction, Derivative, Tensor
from indexcalc.walk import subterms

if TYPE_CHECKING:
    from indexcalc.audit.fields.refuted import Refuted
    from indexcalc.audit.judging import Judge

GRADIENT = "it hangs on whether the gradient of a vector u is meant as D_i u_j or as D_j u_i"


def differ_in_kind(left: Value, right: Value) -> Verdict | None:
    """The verdict where one side is an operator, with nothing behind a sign of differentiation, and the other not."""
    differ = (ANY in left.term.symbols) != (ANY in right.term.symbols)
    return Verdict("unreadable", "nothing stands behind a sign of differentiation") if differ else None


def hangs_on_gradient(judge: Judge, step: Step, rests: Iterable[object]) -> bool:
    r"""Whether the verdict of a step speaks of a gradient of a vector that can be meant in two ways."""
    formulas = [side.formula for side in step.statement.sides[step.place : step.place + 2]]
    formulas += [each.body for each in rests if isinstance(each, Defined)]
    return any(_is_open(part, judge.known) for formula in formulas for part in walk(formula))


def _is_open(formula: Formula, known: Knowledge) -> bool:
    if not isinstance(formula, Nabla) or formula.sign != "nabla" or formula.below is not None or formula.body is None:
        return False
    inner = axes_in(formula.body, known)
    return inner is not None and (inner, formula.way) in ((1, ""), (2, "dot"), (2, ""))


def holds_turned(judge: Judge, step: Step) -> bool:
    """Whether a step holds where gradients of vectors are read the other way."""
    statement = step.statement
    if judge.turned is None:
        known = Knowledge(**{each.name: getattr(judge.known, each.name) for each in fields(Knowledge)})
        known.turned = not known.turned
        judge.turned = Meanings(known, judge.meanings.definitions)
    scope = judge.turned.scope(statement.start)
    free = judge.readings[statement].free
    values: list[Value] = []
    try:
        for side in statement.sides[step.place : step.place + 2]:
            scope.summed = summed_letters(side.formula, scope.known, scope.counts, free)
            values.append(read(side.formula, scope))
    except (UnclearError, RecursionError):
        return False
    found = compare(values[0], values[1], judge.turned, statement.start)
    return found.verdict.word in CONFIRMED


def earlier_meaning(
    judge: Judge, step: Step, left: Value, right: Value, rests: Iterable[object], settled: bool = True
) -> str:
    """The name and the line of an earlier definition with which a step holds, though a later one stands before it.

    Not settled: one of another section, with which nothing is known of the step.
    """
    statement, known = step.statement, judge.meanings.definitions.by_letter
    reading, sections = judge.readings[statement], [start for start, _ in judge.prose.sections]
    for each in [one for one in rests if isinstance(one, Defined)]:
        letter = each.use.letter
        others = [one for one in known[letter] if one.name == each.name and one.place < each.place]
        if not others or each.place > statement.start:
            continue
        if each.kind != "function" and not any(others[-1].place < section <= statement.start for section in sections):
            continue  # within a section the newer definition is meant
        with judge.meanings.definitions.without([each]):
            found = compare(left, right, judge.meanings, statement.start, reading.condition, facts_at(judge, statement))
        crossed = any(each.place < section <= statement.start for section, _ in judge.prose.sections)
        if not settled and found.verdict.word == "undecided" and crossed:
            return f"{each.name} is defined in lines {others[-1].line} and {each.line}; nothing says which is meant"
        if settled and found.verdict.word in CONFIRMED:
            return f"it holds with what {each.name} is in line {others[-1].line}, not in line {each.line}"
    return ""


def held_fixed(judge: Judge, step: Step, left: Value, right: Value, rests: Iterable[object]) -> str:
    r"""The names that a step holds fixed, though something defines them; empty if it does not so.

    They are arguments of functions, or data with an error term: y = X b + e says what e is, if y is given.
    """
    statement, known = step.statement, judge.meanings.definitions.by_letter
    functions = [one for many in known.values() for one in many if one.kind == "function"]
    arguments = {name for one in functions for name in one.parameters}
    used = [one for one in rests if isinstance(one, Defined)]
    names = sorted({one.name for one in used if one.name in arguments or error_term(one.body)})
    if not names:
        return ""
    reading = judge.readings[statement]
    with judge.meanings.definitions.without([one for many in known.values() for one in many if one.name in names]):
        found = compare(left, right, judge.meanings, statement.start, reading.condition, facts_at(judge, statement))
    return ", ".join(names) if found.verdict.word in CONFIRMED else ""


def holds_of_constants(judge: Judge, step: Step, left: Value, right: Value) -> str:
    """The names that a step takes for constants, if it holds for that; empty otherwise."""
    statement = step.statement
    slopes = [each for side in (left, right) for each in subterms(side.term) if isinstance(each, Derivative)]
    beside = _beside(judge, {each.variable.name for each in slopes})
    alone = {name for name, _ in judge.meanings.depends} - beside | {each.variable.name for each in slopes}
    spoken = {name for each in slopes if not isinstance(each.body, Tensor) for name in each.body.symbols} - alone
    free = (name for name in spoken if not name.startswith("?") and judge.meanings.find(name, statement.start) is None)
    names = sorted(free)
    if not names:
        return ""
    reading = judge.readings[statement]
    judge.meanings.constants = frozenset(names)
    try:
        found = compare(left, right, judge.meanings, statement.start, reading.condition, facts_at(judge, statement))
    finally:
        judge.meanings.constants = frozenset()
    return ", ".join(names) if found.verdict.word in CONFIRMED else ""


def _beside(judge: Judge, variables: set[str]) -> set[str]:
    """What is an argument of some function beside one of these variables: it need not depend on it, f(x, y)."""
    functions = (each for many in judge.meanings.definitions.by_letter.values() for each in many)
    return {name for each in functions if variables & set(each.parameters) for name in each.parameters}


def of_two_ranks(judge: Judge, statement: Statement, left: Value, right: Value) -> str:
    """A name that nothing defines, of which another tensor with more indices stands beside it; empty if none does."""
    world = world_of(judge.meanings, [left.term, right.term], statement.start)
    unknown = (world.spoken_of(left.term) | world.spoken_of(right.term)) & world.leaves
    for name in sorted(unknown):
        head, *labels = name.split("_")
        if any("_".join((f"{head}_{letter}", *labels)) in unknown for letter in RANKS):
            return name
    return ""


def unequal_ends(formula: Formula) -> tuple[str, ...]:
    r"""The first letter and the last of a condition i \neq j \neq k, which may be the same; or nothing."""
    for part in walk(formula):
        match part:
            case Relation(sides, relations) if len(sides) > 2 and set(relations) <= {"neq", "ne"}:
                if sides[0] != sides[-1]:
                    return written_back(sides[0]), written_back(sides[-1])
    return ()


def is_left_open(refuted: Refuted, letter: str) -> bool:
    """Whether a letter that stands on the right only is one that the statement sums over, and no sum mends it."""
    bound = frozenset(each for side in refuted.statement.sides for each in bound_in(side.formula))
    open_ones = [index for index in refuted.right.term.free if index.name == letter]
    if letter not in bound or len(open_ones) != 1:
        return False
    summed = refuted.right.with_term(Contraction((open_ones[0],), refuted.right.term))
    return not refuted.holds(refuted.left, right=summed)
