"""Verdicts on what follows from equations that a text solves, and on what it gives as their solutions.

confirmed   it follows from an equation before it, or, put in for its letter, solves one that determines the letter
refuted     a solution alone: put in, none of the equations for its letter holds, and it speaks of all that they do

All else is left open: an equation may be combined with others, and with what the text does not write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.grounds import Compared, undecided
from indexcalc.audit.comparing.worlds import world_of
from indexcalc.audit.facts import facts_at
from indexcalc.audit.fields.laws import is_zero
from indexcalc.audit.fitting import is_solved
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.proof import CONFIRMED, Verdict
from indexcalc.audit.shown.definitions import proved_by_shown
from indexcalc.audit.solving.following import determines, follows, shown
from indexcalc.audit.solving.sheets import Difference, Solved, Together, slots_of, together
from indexcalc.audit.solving.unknowns import begin_of_section, slopes_set_to_zero
from indexcalc.audit.steps import Step, is_reckoned
from indexcalc.audit.summation import summed_letters
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Derivative as DerivativeSign
from indexcalc.notation.formula import Nabla
from indexcalc.terms import ZERO, Derivative, Number, Power, Tensor, Term, quotient
from indexcalc.walk import subterms

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

MOST = 5  # equations before a step that are tried
SQUARE = Number(2)


@dataclass(frozen=True)
class Equation:
    """An equation that holds for some values only: those of its unknowns.

    derived: the text gives it as what follows from another one, and that was not shown.
    """

    left: Value
    right: Value
    statement: Statement
    unknowns: frozenset[str]
    line: int
    text: str
    derived: bool = False

    @property
    def ground(self) -> Assumed:
        """As what a verdict rests on."""
        return Assumed(self.left.term, "=", self.right.term, self.statement.start, self.text)


@dataclass
class Solving:
    """The equations that were to be solved so far, and what was given as their solutions.

    left_open: equations that nothing decides, from which an arrow may lead on.
    """

    equations: list[Equation] = field(default_factory=list)
    left_open: list[Equation] = field(default_factory=list)
    solutions: list[Solved] = field(default_factory=list)


# ----- What holds at a place -----


def note_equation(
    judge: Judge, step: Step, left: Value, right: Value, is_open: bool = False, is_shown: bool = True
) -> None:
    """Note an equation that is no identity, for what follows from it; only by an arrow, where it is left open."""
    statement = step.statement
    place = step.place
    zero = any(is_zero(side.formula) for side in statement.sides[place : place + 2])
    if len(statement.links) > 1 and not zero:
        return  # a side that is written anew is no equation to be solved
    values = [value for value in judge.readings[statement].values if isinstance(value, Value)]
    unknowns = frozenset(
        each.variable.name for value in values for each in subterms(value.term) if isinstance(each, Derivative)
    )
    section = begin_of_section(judge, statement.start)
    earlier = [each for each in judge.solving.equations if section <= each.statement.start]
    if not unknowns and earlier:
        unknowns = earlier[-1].unknowns
    line = judge.lines.at(statement.links[place].position)[0]
    text = f"{statement.sides[place].written} = {statement.sides[place + 1].written}"
    noted = judge.solving.left_open if is_open else judge.solving.equations
    noted.append(Equation(left, right, statement, unknowns, line, text, not is_shown and not zero))


def equations_before(judge: Judge, statement: Statement) -> list[Equation]:
    """The equations before a statement in its section, the nearest first; with derivatives that are set to zero."""
    section = begin_of_section(judge, statement.start)
    found = [
        each for each in judge.solving.equations if section <= each.statement.start and each.statement is not statement
    ]
    if statement.implied:
        open_ones = (each for each in judge.solving.left_open if each.statement.formula == statement.formula)
        found += [each for each in open_ones if each.statement.start < statement.start]
    for each in slopes_set_to_zero(judge, statement):
        value = judge.readings[each].values[0]
        if isinstance(value, Value):
            unknowns = frozenset(part.variable.name for part in subterms(value.term) if isinstance(part, Derivative))
            line = judge.lines.at(each.start)[0]
            found.append(Equation(value, Value(ZERO), each, unknowns, line, f"{each.sides[0].text} = 0"))
    found.sort(key=lambda each: (each.statement not in judge.wrong, each.statement.start))
    return found[::-1][:MOST]


def _solutions(judge: Judge, statement: Statement, but: str = "") -> list[Solved]:
    """What was given for letters before a statement: the latest for each."""
    found = {each.name: each for each in judge.solving.solutions if each.place < statement.start and each.name != but}
    return list(found.values())


def rests_on_values(judge: Judge, step: Step, left: Value, right: Value) -> bool:
    """Whether a step may hold for the values only that solve an equation: it speaks of a letter that one is solved for.

    A letter that the step differentiates by is any value in it.
    """
    sides = [side.formula for side in step.statement.sides[step.place : step.place + 2]]
    if any(map(is_zero, sides)):
        return True
    statement = step.statement
    equations = equations_before(judge, statement)
    unknown = {each.name for each in _solutions(judge, statement)}
    for each in equations:
        unknown |= each.unknowns or each.left.term.symbols | each.right.term.symbols
    if not equations and is_solved(judge, statement):
        return True
    if not unknown:
        return False
    terms = (left.term, right.term)
    world = world_of(judge.meanings, terms, statement.start)
    spoken = frozenset().union(*map(world.spoken_of, terms))
    return not unknown.isdisjoint(world.plainly(spoken) - {each.variable.name for each in world.derivatives(terms)})


# ----- What follows -----


def in_solving(judge: Judge, step: Step, left: Value, right: Value, found: Compared) -> tuple[Compared, bool]:
    """A comparison in the light of the equations before it; whether it may hold for the values only that solve them."""
    if found.verdict.word in CONFIRMED:
        return found, False
    shown_so = proved_by_shown(judge, step, left, right)
    if shown_so is not None:
        return shown_so, False
    special = rests_on_values(judge, step, left, right)
    if special or is_reckoned(step.statement.sides[step.place + 1].formula):
        found = concluded(judge, step, left, right) or found
    if special:
        note_equation(judge, step, left, right, is_shown=found.verdict.word in CONFIRMED)
    return found, special


def concluded(judge: Judge, step: Step, left: Value, right: Value) -> Compared | None:
    """The proof that an equation follows from those before it; none if none is found."""
    statement = step.statement
    if judge.declared_only or _sets(statement) or _may_hold_for_each(judge, step):
        return None
    solutions = _solutions(judge, statement)
    facts = facts_at(judge, statement)
    if solutions:
        found = together(judge.meanings, [(left, right)], solutions, facts, statement.start)
        used = _reached(found, found.differences[0].term) if found is not None else []
        sheet = found.with_solutions(used) if found is not None and used else None
        if found is not None and sheet is not None:
            (own,) = found.differences
            verdict = shown(own.term, ZERO, sheet, own.free)
            if verdict.word in CONFIRMED:
                return _as_compared(verdict, f"with what line {used[-1].line} gives for {used[-1].name}", [], used)
    for equation in equations_before(judge, statement):
        for given in ([], solutions) if solutions else ([],):
            found = together(
                judge.meanings, [(left, right), (equation.left, equation.right)], given, facts, statement.start
            )
            if found is None:
                continue
            own, other = found.differences
            used = _reached(found, own.term, other.term)
            conclusion = follows(found, own, other, equation.unknowns, used)
            if conclusion is not None:
                return _as_compared(conclusion, f"it follows from line {equation.line}", [equation], used)
    return None


def _may_hold_for_each(judge: Judge, step: Step) -> bool:
    """Whether an equation sums over a letter without a sign, where sums are written: a_i g_i = 0, for each i."""
    counts, known = judge.readings[step.statement].scope.counts, judge.known
    sides, free = step.statement.sides[step.place : step.place + 2], judge.readings[step.statement].free
    return not known.implied and any(summed_letters(side.formula, known, counts, free) for side in sides)


def _sets(statement: Statement) -> bool:
    """Whether a statement sets a derivative to zero: it follows from nothing."""
    return isinstance(statement.sides[0].formula, DerivativeSign | Nabla) and any(
        is_zero(side.formula) for side in statement.sides
    )


def _reached(found: Together, *terms: Term) -> list[Solved]:
    """The solutions for letters that terms speak of, also through others."""
    names = {name for term in terms for name in found.inlined(term).symbols}
    used: list[Solved] = []
    for _ in found.solutions:
        for each in found.solutions:
            if each.name in names and each not in used:
                used.append(each)
                names |= found.inlined(each.body).symbols
    return used


def _as_compared(verdict: Verdict, how: str, equations: list[Equation], solutions: list[Solved]) -> Compared:
    rests = [*(each.ground for each in equations)]
    rests += [Assumed(Tensor(each.name, each.axes), "=", each.body, each.place, each.text) for each in solutions]
    return Compared(Verdict(verdict.word, f"{how}: {verdict.reason}"), rests=tuple(rests))


# ----- What solves -----


def solved(judge: Judge, step: Step, left: Value, right: Value) -> Compared | None:
    """The verdict on a formula that gives what solves an equation for a letter; none where it claims nothing."""
    statement = step.statement
    facts, condition = facts_at(judge, statement), judge.readings[statement].condition
    given = _given(judge, step, left, right)
    found: Compared | None = compare(left, right, judge.meanings, statement.start, condition, facts)
    if found is not None and found.verdict.word not in CONFIRMED:
        found = concluded(judge, step, left, right)
    if found is None and given is not None:
        found = solved_by(judge, statement, given)
    if given is not None and (found is None or found.verdict.word != "refuted"):
        judge.solving.solutions.append(given)
    if found is None and statement.formula not in judge.prose.conditional:
        found = undecided("nothing shows of which equation it is a solution")
    return found


def _given(judge: Judge, step: Step, left: Value, right: Value) -> Solved | None:
    """What a formula gives for a letter, or for its square."""
    term, body = left.term, right.term
    if left.order != right.order:
        return None
    body = right.at(left.axes)
    if isinstance(term, Power) and term.exponent == SQUARE and isinstance(term.base, Tensor):
        term, body = term.base, Power(body, quotient(Number(1), SQUARE))
    if not isinstance(term, Tensor) or term.name in body.symbols or len(set(term.slots)) < len(term.slots):
        return None
    if not body.free <= set(term.slots):
        return None
    statement = step.statement
    line = judge.lines.at(statement.links[step.place].position)[0]
    text = f"{statement.sides[step.place].written} = {statement.sides[step.place + 1].written}"
    return Solved(term.name, term.slots, body, line, text, statement.start)


def solved_by(judge: Judge, statement: Statement, given: Solved) -> Compared | None:
    """Put what is given for a letter into the equations before it."""
    failures: list[tuple[Verdict, Equation]] = []
    is_open = False
    for equation in equations_before(judge, statement):
        for others in _choices(_solutions(judge, statement, given.name)):
            verdict, closed = _put_in(judge, statement, equation, given, others)
            if equation.derived and (verdict is None or verdict.word not in CONFIRMED):
                continue  # nothing rests on it
            if verdict is None:
                is_open = is_open or not closed
            elif verdict.word in CONFIRMED:
                how = f"it solves the equation of line {equation.line}"
                return _as_compared(verdict, how, [equation], others)
            elif verdict.word == "refuted" and closed:
                failures.append((verdict, equation))
            else:
                is_open = True
    if (
        statement.formula in judge.prose.conditional
        or is_open
        or not failures
        or any(each.statement in judge.wrong for _, each in failures)
    ):
        return None
    verdict, equation = failures[0]
    why = f"it does not solve the equation of line {equation.line}: {verdict.reason}"
    return replace(_as_compared(verdict, "", [equation], []), verdict=Verdict("refuted", why, verdict.counterexample))


def _choices(solutions: list[Solved]) -> Iterator[list[Solved]]:
    yield []
    if solutions:
        yield solutions


def _put_in(
    judge: Judge, statement: Statement, equation: Equation, given: Solved, others: list[Solved]
) -> tuple[Verdict | None, bool]:
    """The verdict on an equation in which a letter is what is given for it, and whether nothing else can save it.

    None where the equation does not determine the letter.
    """
    pair = (equation.left, equation.right)
    found = together(judge.meanings, [pair], [given, *others], facts_at(judge, statement), statement.start)
    if found is None:
        return None, False
    (own,) = found.differences
    first, *rest = found.solutions
    bare = Difference(found.inlined(own.term), own.axes)
    body = found.inlined(first.body)
    places = slots_of(bare.term, first.name)
    if not places:
        return None, not (bare.term.symbols & body.symbols)
    if first.name in body.symbols or any(first.name in found.sheet.made_of.get(name, ()) for name in body.symbols):
        return None, False
    sheet = found.with_solutions([first, *(each for each in rest if each.name in bare.term.symbols | body.symbols)])
    if sheet is None or Counter(each.range for each in own.free) != Counter(each.range for each in first.axes):
        return None, False
    given_too = {each.name for each in rest}
    closed = body.symbols - given_too == bare.term.symbols - given_too - {first.name} and not _is_unclear(bare.term)
    verdict = shown(own.term, ZERO, sheet, own.free)
    if verdict.word in CONFIRMED and not determines(bare, first, places, found.sheet):
        return None, False
    return verdict, closed


def _is_unclear(term: Term) -> bool:
    """Whether a term speaks of what the text does not define, or of the derivative of an unknown function."""
    return any("?" in name for name in term.symbols)
