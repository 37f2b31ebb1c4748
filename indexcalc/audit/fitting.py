"""Steps of which the sides cannot fit, and such that hold only where an equation is solved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.comparing.worlds import plainly
from indexcalc.audit.fields.laws import is_zero
from indexcalc.audit.holding.listed import given_as_numbers
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.numbers import of_number
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.proof import CONFIRMED, Verdict
from indexcalc.audit.reached import is_defined, spoken_in
from indexcalc.audit.shaping.choices import FITTED
from indexcalc.audit.steps import Step, is_reckoned
from indexcalc.context.ledger import GUESSED, STATED
from indexcalc.context.spoken import names_of
from indexcalc.notation.formula import Formula, Name, walk

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

UNITS = frozenset(("I", "1", "0", "bbI", "bb1"))  # take their sizes from what stands beside them


def misfitting(judge: Judge, statement: Statement, reason: str, names: frozenset[str]) -> Verdict:
    """The verdict where what meets cannot fit."""
    return Verdict("refuted" if _is_stated(judge, statement, names) else "unreadable", reason)


def _is_stated(judge: Judge, statement: Statement, names: frozenset[str]) -> bool:
    """Whether the text says in which spaces the names are that meet, or all that its formula speaks of."""
    if not names:
        names = spoken_in(statement, judge.known)
        stated = (judge.known.ledger.ask(name, "shape") is not None or judge.known.is_size(name) for name in names)
        return bool(names) and all(stated)
    names = plainly(names, judge.meanings)
    if any(name.startswith("?") or judge.known.has(name, FITTED) for name in names):
        return False
    if not names.isdisjoint(given_as_numbers(judge)) or any(
        _is_in_doubt(judge, name, statement.start) for name in names
    ):
        return False
    return not _are_outdated(judge, statement, names) and all(
        judge.known.ledger.ask(name, "shape") is not None
        or judge.known.is_size(name)
        or not judge.known.rank(name, statement.start)
        or _is_written_whole(judge, name, statement.start)
        or (name.partition("_")[0] in UNITS and judge.known.rank(name, statement.start) != 1)
        or _is_shown(judge, name, statement.start)
        for name in names
    )


def _is_in_doubt(judge: Judge, name: str, place: int) -> bool:
    """Whether the text gives a name several shapes, all of them later, or such as differ in capitals only: k, K.

    Or has it as one vector, and as vectors with an index: y beside y_t.
    """
    if judge.known.count(name) and judge.known.axes(name, place):
        return True
    every = [each for each in judge.known.ledger.entries.get((name, "shape"), ()) if each.strength >= STATED]
    shapes = {each.value for each in every}
    unlike = len({str(each.value).lower() for each in every}) < len(shapes)
    return len(shapes) > 1 and (unlike or all(each.place > place for each in every))


def _is_written_whole(judge: Judge, name: str, place: int) -> bool:
    """Whether a name is defined without indices, by a formula that can be used."""
    if not is_defined(judge, name, place) or judge.known.count(name):
        return False
    found = judge.meanings.find(name, place)
    if found is None or found[0].kind == "function":
        return found is None and judge.known.strength(name, place) > GUESSED
    return not isinstance(judge.meanings.body(found[0], found[1]), str)


def _is_shown(judge: Judge, name: str, place: int) -> bool:
    r"""Whether a definition before a place shows the sizes of a name, by names of which the text says them.

    X \in R^{m x n} and f = tr(A X B) tell that A has m columns, whatever else is said of A.
    """
    slots = judge.meanings.slots.get(name, ())
    for defined in (each for every in judge.meanings.definitions.by_letter.values() for each in every):
        names = names_of(defined.body, judge.known)
        if defined.given is not None or defined.place > place or name not in names:
            continue
        if not any(judge.known.ledger.ask(other, "shape") for other in names):
            continue
        alone = Meanings(judge.known, judge.meanings.definitions)
        alone.shapes()
        if isinstance(alone.body(defined, {}), str):
            continue
        own = alone.slots.get(name, ())
        shown = [alone.ranges.size(slot) for slot in own]
        if slots and len(own) == len(slots) and any(shown):
            if all(one == judge.meanings.ranges.size(other) for one, other in zip(shown, slots, strict=True)):
                return True
    return False


def _are_outdated(judge: Judge, statement: Statement, names: frozenset[str]) -> bool:
    """Whether the text has given one of the names another shape since it gave that of another one: of another case."""
    known = judge.known
    before = {name: [place for place in known.shaped.get(name, ()) if place <= statement.start] for name in names}
    said = {name: max(places, default=0) for name, places in before.items()}
    end = min((start for start, _ in judge.prose.sections if start > statement.start), default=1 << 60)
    if any(places and not before[name] and min(places) >= end for name in names if (places := known.shaped.get(name))):
        return True  # a section behind this one says it
    anew = max((said[name] for name in names if known.epoch(name, statement.start)), default=0)
    return any(0 < place < anew for place in said.values())


def is_solved(judge: Judge, statement: Statement) -> bool:
    """Whether a statement holds only where an equation is solved: what solves it has no name that is defined."""
    begins = [start for start, end in judge.prose.solving if start <= statement.start <= end]
    if not begins:
        return False
    names = spoken_in(statement, judge.known)
    varied = {variable for _, variable in judge.meanings.depends}
    found = [judge.meanings.find(name, statement.start) for name in names]
    solves = any(each is not None and min(begins) <= each[0].place <= statement.start for each in found)
    return not solves or not varied.isdisjoint(names)


def as_claimed(judge: Judge, step: Step, found: Compared, special: bool) -> Verdict:
    """The verdict on a step, but where an equation is no claim: one to be solved, or numbers that are put in.

    special: the step may hold for the values only that solve an equation.
    """
    verdict = found.verdict
    if verdict.word in CONFIRMED:
        return verdict
    left, right = step.statement.sides[step.place].formula, step.statement.sides[step.place + 1].formula
    if is_zero(left) or is_zero(right):
        return Verdict("skipped", "an equation to be solved, which holds for some values only")
    if special:
        return Verdict("skipped", "what follows from an equation that was solved")
    values = judge.readings[step.statement].values
    if is_reckoned(right) and not (_speaks_of_pi(left) and _speaks_of_pi(right)):
        return of_number(values[step.place], left, right, found, judge.meanings.ranges)
    return verdict


def _speaks_of_pi(formula: Formula) -> bool:
    r"""Whether a side has a \pi; where both have one, it may be a letter, and no numbers are put in."""
    return any(isinstance(each, Name) and each.letter == "pi" for each in walk(formula))
