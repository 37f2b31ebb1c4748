"""What names reach through the definitions of a document: whether one has any, and the undefined names behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from indexcalc.audit.defined import Defined
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.proof import CONFIRMED
from indexcalc.audit.steps import Step
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.names import Use
from indexcalc.context.spoken import names_of
from indexcalc.notation.formula import Formula, Name, Scripted

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


def is_defined(judge: Judge, name: str, place: int) -> bool:
    """Whether a name has a definition before a place."""
    use = judge.meanings.spelled.get(name) or Use(name)
    found = judge.meanings.definitions.find(use.letter, use.labels, place)
    return found is not None and found[0].place <= place


def is_new(judge: Judge, use: Use, formulas: Iterable[Formula], place: int) -> bool:
    """Whether nothing before a place speaks of a name: no definition, no statement, none of these formulas."""
    if use.name in judge.used or any(use.name in names_of(each, judge.known) for each in formulas):
        return False
    return judge.meanings.definitions.find(use.letter, use.labels, place) is None


def spoken_in(statement: Statement, known: Knowledge) -> frozenset[str]:
    """The names of which the sides of a statement speak."""
    return frozenset().union(*(names_of(side.formula, known) for side in statement.sides))


def leaves_of(judge: Judge, formula: Formula, place: int) -> set[str]:
    """The undefined names that a formula speaks of, through definitions too."""
    found, inner = _reached(judge, formula, place)
    return found - inner


def reaches(judge: Judge, formula: Formula, name: str, place: int) -> bool:
    """Whether a formula speaks of a name, through definitions too."""
    return name in _reached(judge, formula, place)[0]


def _reached(judge: Judge, formula: Formula, place: int) -> tuple[set[str], set[str]]:
    """The names that a formula speaks of, through definitions too, and those of them that are defined."""
    found: set[str] = set()
    inner: set[str] = set()
    pending = [formula]
    while pending:
        for name in names_of(pending.pop(), judge.known):
            if name not in found:
                found.add(name)
                use = judge.meanings.spelled.get(name) or Use(name)
                defined = judge.meanings.definitions.find(use.letter, use.labels, place)
                if defined is not None and defined[0].place <= place:
                    pending.append(defined[0].body)
                    inner.add(name)
    return found, inner


def rival_of(judge: Judge, step: Step, line: int) -> Defined | None:
    """What a refuted step says of a name that is defined before it, as another definition; none if it says nothing.

    A text that says two things of one name leaves open which of them it means.
    """
    if step.place:
        return None
    statement = step.statement
    left, right = statement.sides[0].formula, statement.sides[1].formula
    use = judge.known.use(left) if isinstance(left, Name | Scripted) else None
    if use is None or use.power is not None or use.transposed or use.primes:
        return None
    if len({item.text for item in use.indices}) < len(use.indices):
        return None  # s_kk is one number: the elements of s are not said by it
    found = judge.meanings.definitions.find(use.letter, use.labels, statement.start)
    if found is None or found[0].place >= statement.start or use.name in names_of(right, judge.known):
        return None
    return Defined(use, right, found[0].place, line, text=found[0].text)


def said_again(judge: Judge, defined: Defined) -> bool:
    """Whether a confirmed step says anew what a name is: that is then the one of two definitions that holds."""
    confirmed = {claim.position for claim in judge.claims if claim.verdict.word in CONFIRMED}
    for each in judge.statements:
        first = each.sides[0].formula
        is_after = each.start > defined.place and each.links
        if is_after and each.links[0].position in confirmed and isinstance(first, Name | Scripted):
            use = judge.known.use(first)
            if use is not None and use.name == defined.name and use.power is None and not use.transposed:
                return True
    return False
