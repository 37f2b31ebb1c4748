r"""Proofs where a step is no claim as it stands: definitions said again, and steps element by element.

A definition of what is defined already, which follows from that, is confirmed; any other defines anew.

Element by element: where the shapes of vectors do not fit, what is written is meant of numbers.

d\sigma / dx = \sigma (1 - \sigma), in a document in which x is a vector elsewhere. Only what is proved so counts, and
only where nothing but numbers and vectors stands: no matrix, no transposition, no product that is not one of numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.defined import Defined
from indexcalc.audit.facts import facts_at
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.proving.proof import Verdict
from indexcalc.audit.reached import is_defined, leaves_of
from indexcalc.audit.recognise import form_of
from indexcalc.audit.shown.definitions import proved_by_shown, shows
from indexcalc.audit.steps import DEFINED, GIVEN, Step
from indexcalc.audit.summation import free_letters, summed_letters
from indexcalc.budget import SpentError, limited
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import SHOWN
from indexcalc.context.names import is_transposed
from indexcalc.context.spoken import names_of
from indexcalc.indices import Index
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.reading import read
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Applied, Bars, Formula, Nabla, Name, Product, Scripted, Table, walk
from indexcalc.notation.formula import Derivative as Slope
from indexcalc.terms import Term

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

ARRAYS = frozenset(("tr", "det", "logdet", "inv", "diag", "vec", "softmax", "logsumexp", "mean"))


class Numbers(Knowledge):
    """What is known of the names, with every name that stands without an index a number."""

    def count(self, name: str) -> int:
        """No index but those that are written."""
        return 0

    def axes(self, name: str, place: int | None = None) -> int:
        """No axis beside the indices that are written."""
        return 0

    def strength(self, name: str, place: int | None = None) -> int:
        """The reading says so."""
        return SHOWN


@dataclass
class ByElement(Meanings):
    """The meanings of a document of which only numbers are taken. `original`: what is known of the names."""

    original: Knowledge | None = None

    def _body(self, found: Defined, labels: dict[str, tuple[str, int]]) -> tuple[tuple[Index, ...], Term] | str:
        if found.given is not None or self.original is None or not is_of_numbers(found.body, self.original):
            return "it is more than numbers"
        return super()._body(found, labels)


def by_element(known: Knowledge, meanings: Meanings) -> ByElement:
    """The meanings in which every name without an index is a number."""
    numbers = Numbers(**{each.name: getattr(known, each.name) for each in fields(Knowledge)})
    return ByElement(numbers, meanings.definitions, original=known)


def is_of_numbers(formula: Formula, known: Knowledge) -> bool:
    """Whether a formula holds nothing that only vectors as a whole, or matrices, have."""
    for part in walk(formula):
        match part:
            case Table() | Nabla(_, None, _) | Bars("||"):
                return False
            case Applied(function) if function in ARRAYS:
                return False
            case Product(factors) if any(operator in ("cross", "kronecker", "colon") for operator, _ in factors):
                return False
            case Scripted(above=above) if is_transposed(above):
                return False
        if isinstance(part, Name | Scripted):
            use = known.use(part)
            if use is not None and known.rank(use.name) > 1 and len(use.indices) < known.rank(use.name):
                return False
    return True


def _speaks_of_vectors(formula: Formula, known: Knowledge) -> bool:
    """Whether a name stands without the index that it has elsewhere."""
    uses = [known.use(part) for part in walk(formula) if isinstance(part, Name | Scripted)]
    return any(use is not None and not use.indices and known.rank(use.name) == 1 for use in uses)


def proved_by_element(judge: Judge, step: Step) -> Compared | None:
    """The proof of a step in which every name without an index is a number; none if there is none."""
    statement, known = step.statement, judge.known
    formulas = [statement.sides[place].formula for place in (step.place, step.place + 1)]
    if judge.declared_only or not all(is_of_numbers(each, known) for each in formulas):
        return None
    if not any(_speaks_of_vectors(each, known) for each in formulas):
        return None
    if judge.numbers is None:
        judge.numbers = by_element(known, judge.meanings)
    scope = judge.numbers.scope(statement.start)
    every = [side.formula for side in statement.sides]
    free = free_letters(every, scope.known, scope.counts)
    values: list[Value] = []
    try:
        for formula in formulas:
            scope.summed = summed_letters(formula, scope.known, scope.counts, free)
            values.append(read(formula, scope))
    except (UnclearError, RecursionError):
        return None
    found = compare(values[0], values[1], judge.numbers, statement.start, only_proof=True)
    if found.verdict.word != "proved":
        return None
    return Compared(Verdict("proved", f"{found.verdict.reason}, element by element"), rests=found.rests)


def proved_at_element(judge: Judge, step: Step, left: Value, right: Value) -> Compared | None:
    r"""The proof of a step of which one side leaves an index off: \partial z_j / \partial w = \partial Wx / \partial w.

    What has an axis more than the other side is meant at that of its letters that runs over the same values; none if
    several do, or if it does not hold so.
    """
    if judge.declared_only or left.order == right.order or left.groups or right.groups:
        return None
    whole, other = (left, right) if left.order > right.order else (right, left)
    if other.order:
        return None
    ranges, found = judge.meanings.ranges, []
    letters = [index for index in sorted(other.term.free) if not index.serial and not index.name.isdigit()]
    for axis in whole.axes:
        fitting = [letter for letter in letters if ranges.same(letter.range, axis.range) and letter not in found]
        if len(fitting) != 1:
            return None
        found.append(fitting[0])
    plain = Value(whole.at(tuple(found)))
    sides = (plain, other) if whole is left else (other, plain)
    facts, condition = facts_at(judge, step.statement), judge.readings[step.statement].condition
    compared = compare(*sides, judge.meanings, step.statement.start, condition, facts)
    if compared.verdict.word != "proved":
        return None
    side = "left" if whole is left else "right"
    at = ", ".join(index.name for index in found)
    reason = f"{compared.verdict.reason}; the {side} side is read at its element {at}, which it leaves off"
    return replace(compared, verdict=Verdict("proved", reason))


def _is_behind(judge: Judge, name: str, body: Formula, place: int) -> bool:
    """Whether a formula speaks of a name through definitions only."""
    return name not in names_of(body, judge.known) and name in leaves_of(judge, body, place)


def restated(judge: Judge, step: Step) -> Compared | None:
    """The proof of a definition, or of a derivative that is given, that follows from what stands before it.

    None of others, which claim nothing.
    """
    statement = step.statement
    if judge.declared_only or step.skipped not in (DEFINED, GIVEN):
        return None
    before = statement.start - (step.skipped == DEFINED)
    form, body = form_of(statement, judge.known), statement.sides[1].formula
    is_slope = any(isinstance(each, Slope) for each in walk(body))  # it says what the name stands for
    is_shown = step.skipped == GIVEN or (form.use is not None and shows(judge, form.use) and not is_slope)
    is_again = step.skipped == GIVEN or is_defined(judge, form.name, before)
    is_again = is_again or _is_behind(judge, form.name, body, before)
    if not is_again and not is_shown:
        return None
    reading = judge.reading(statement, before)
    left, right = reading.values[step.place], reading.values[step.place + 1]
    if not isinstance(left, Value) or not isinstance(right, Value):
        return None
    try:
        with limited():
            facts = facts_at(judge, statement)
            if is_again:
                found = compare(left, right, judge.meanings, before, reading.condition, facts, only_proof=True)
                if found.verdict.word == "proved":
                    return found
            return proved_by_shown(judge, step, left, right, before) if is_shown else None
    except SpentError:
        return None
