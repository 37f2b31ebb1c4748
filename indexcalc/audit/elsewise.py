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
from indexcalc.audit.comparing.motion import moves_by_definition
from indexcalc.audit.defined import Defined
from indexcalc.audit.facts import facts_at
from indexcalc.audit.holding.additive import up_to_a_constant
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.proof import CONFIRMED, Verdict
from indexcalc.audit.reached import is_defined, leaves_of, reaches
from indexcalc.audit.recognise import form_of
from indexcalc.audit.shaping.choices import MATRIX
from indexcalc.audit.shaping.columns import column_for_row
from indexcalc.audit.shown.definitions import proved_by_shown, shows
from indexcalc.audit.steps import DEFINED, GIVEN, Step, misfit
from indexcalc.audit.summation import summed_letters
from indexcalc.budget import SpentError, limited
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import SHOWN
from indexcalc.context.names import is_transposed
from indexcalc.context.spoken import names_of, whole_names
from indexcalc.indices import Index
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.reading import read
from indexcalc.meaning.values import Value, transposed
from indexcalc.notation.formula import Applied, Bars, Formula, Nabla, Name, Scripted, Table, walk
from indexcalc.notation.formula import Derivative as Slope
from indexcalc.notation.formula import Product as Factors
from indexcalc.notation.laid import Laid
from indexcalc.terms import ONE, ZERO, Delta, Derivative, Product, Sum, Term, negative
from indexcalc.walk import subterms

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
            case Table() | Laid() | Nabla(_, None, _) | Bars("||"):
                return False
            case Applied(function) if function in ARRAYS:
                return False
            case Factors(factors) if any(operator in ("cross", "kronecker", "colon") for operator, _ in factors):
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
    return any(known.rank(name) == 1 for name in whole_names(formula, known))


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
    free = judge.readings[statement].free
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
    if not _is_of_its_own(judge, step, whole, found):
        return None
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


def _is_of_its_own(judge: Judge, step: Step, whole: Value, letters: list[Index]) -> bool:
    """Whether a derivative by an element is 0 at all other elements, so that it says which one is left off."""
    slopes = (each for each in subterms(whole.term) if isinstance(each, Derivative))
    if not any(set(letters) & set(each.variable.slots) for each in slopes):
        return True
    apart = Product(*(Sum(ONE, negative(Delta(*pair))) for pair in zip(whole.axes, letters, strict=True)))
    facts, place = facts_at(judge, step.statement), step.statement.start
    rest = Value(Product(apart, whole.term), whole.axes)
    return compare(rest, Value(ZERO), judge.meanings, place, facts=facts, only_proof=True).verdict.word == "proved"


def _is_behind(judge: Judge, name: str, body: Formula, place: int) -> bool:
    """Whether a formula speaks of a name through definitions only."""
    return name not in names_of(body, judge.known) and name in leaves_of(judge, body, place)


def otherwise(judge: Judge, step: Step, left: Value, right: Value, found: Compared) -> Compared:
    """A comparison, or what comes of it in another reading, where it is of no use or says that a step is wrong."""
    if found.verdict.word == "unreadable" or "cannot be used" in found.verdict.reason:
        found = proved_at_element(judge, step, left, right) or proved_by_element(judge, step) or found
    if found.clash is not None:
        found = replace(found, verdict=Verdict(found.verdict.word, misfit(found.clash)))
    if found.verdict.word in ("refuted", "undecided"):
        found = up_to_a_constant(judge, step, left, right) or found
    return in_other_layout(judge, step, left, right, found) if found.verdict.word in WRONG else found


WRONG = ("refuted", "unreadable")


def in_other_layout(judge: Judge, step: Step, left: Value, right: Value, before: Compared) -> Compared:
    """The comparison of a step of which the derivative is right up to a transposition; of any other as it was before.

    The derivative of a number by a matrix has the shape of the matrix. That of a vector by a vector may be meant in the
    other layout: it is right if the sizes fit in no other way, and refuted where others of the text show the usual one.
    """
    kind = differentiated(left, right)
    if not kind or judge.declared_only or judge.known.denominator:
        return before
    found = _transposed(judge, step, left, right)
    if found.verdict.word not in CONFIRMED:
        return before
    usual = kind == "matrix" or any(
        _shows_layout(judge, other, place) for other in judge.readings for place in range(len(other.links))
    )
    if usual:
        reason = f"{before.verdict.reason}; its transpose is right: it is in {LAYOUTS[kind]}"
        return replace(before, verdict=Verdict(before.verdict.word, reason, before.verdict.counterexample))
    if before.clash is not None:
        return replace(found, verdict=Verdict(found.verdict.word, f"{found.verdict.reason}, in {LAYOUTS[kind]}"))
    return replace(found, verdict=Verdict("undecided", f"it holds in {LAYOUTS[kind]}; nothing says that it is meant"))


LAYOUTS = {
    "vector": "denominator layout, in which the derivative of a vector has a row for each element of the variable",
    "matrix": "numerator layout, while the derivative of a number by a matrix has the shape of the matrix",
}


def differentiated(left: Value, right: Value) -> str:
    """What is differentiated on one side of a step of matrices: a vector by a vector, or a number by a matrix."""
    if left.order != MATRIX or right.order != MATRIX or left.groups or right.groups:
        return ""
    for each in (left, right):
        if isinstance(each.term, Derivative) and not isinstance(each.term.body, Derivative):
            by = len({*each.axes} & {*each.term.variable.slots})
            return {1: "vector", 2: "matrix"}.get(by, "")
    return ""



def _transposed(judge: Judge, step: Step, left: Value, right: Value) -> Compared:
    return _apart(judge, step, left, transposed(right))


def _apart(judge: Judge, step: Step, left: Value, right: Value) -> Compared:
    """A comparison from what ran over the same values before the step, which leaves no trace."""
    kept = judge.meanings.keep()
    if judge.kept is not None:
        judge.meanings.restore(judge.kept)
    try:
        return judge.compared(step, left, right)
    finally:
        judge.meanings.restore(kept)


def _shows_layout(judge: Judge, statement: Statement, place: int) -> bool:
    """Whether a derivative of a vector by a vector is right as it stands, and not transposed."""
    left, right = judge.readings[statement].values[place : place + 2]
    if not isinstance(left, Value) or not isinstance(right, Value) or differentiated(left, right) != "vector":
        return False
    step = Step(statement, place, place)
    holds = _apart(judge, step, left, right).verdict.word == "proved"
    return holds and _transposed(judge, step, left, right).verdict.word != "proved"


def restated(judge: Judge, step: Step) -> Compared | None:
    """The proof of a definition, or of a derivative that is given, that follows from what stands before it.

    None of others, which claim nothing.
    """
    statement = step.statement
    if judge.declared_only or step.skipped not in (DEFINED, GIVEN):
        return None
    before = statement.start - (step.skipped == DEFINED)
    form = form_of(statement, judge.known)
    body = statement.sides[form.side].formula
    is_slope = any(isinstance(each, Slope) for each in walk(body))  # it says what the name stands for
    is_shown = step.skipped == GIVEN or (form.use is not None and shows(judge, form.use) and not is_slope)
    is_again = step.skipped == GIVEN or is_defined(judge, form.name, before)
    is_again = is_again or moves_by_definition(form.name, judge.meanings, before)
    is_again = is_again or _is_behind(judge, form.name, body, before) or form.name in judge.known.densities
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
                found = compare(left, right, judge.meanings, before, reading.condition, facts)
                formulas = (side.formula for side in statement.sides)
                if found.verdict.word in CONFIRMED and not _is_circular(found, before):
                    return None if column_for_row(judge, formulas, before) else found
            return proved_by_shown(judge, step, left, right, before) if is_shown else None
    except SpentError:
        return None


def goes_on(judge: Judge, step: Step) -> None:
    """What a text says again and goes on with: a definition that follows from an earlier one, or a part of it.

    h = s(z) behind h(x) = s(W x + b) says how h hangs on z, and holds from there on; any other is left out.
    """
    if step.place:
        return
    statement, form = step.statement, form_of(step.statement, judge.known)
    use, definitions = form.use, judge.meanings.definitions
    if form.kind not in ("definition", "function", "logarithm") or use is None:
        return
    body = statement.sides[form.side].formula
    earlier = definitions.find(use.letter, use.labels, statement.start - 1)
    if earlier is None or not _is_deeper(judge, form.name, body, earlier[0].body, statement.start):
        if step.skipped == DEFINED:
            definitions.drop(statement.start, form.name)
    elif step.skipped != DEFINED and form.kind == "definition" and use.power is None:
        line = judge.lines.at(statement.start)[0]
        text = f"{statement.sides[0].written} = {statement.sides[1].written}"
        definitions.put(Defined(use, body, statement.start, line, text=text))


def _is_deeper(judge: Judge, name: str, body: Formula, earlier: Formula, place: int) -> bool:
    """Whether what a name is said to be goes through a new name, in no circle, to what it was made of."""
    new = names_of(body, judge.known) - names_of(earlier, judge.known) - {name}
    through = any(is_defined(judge, each, place) and not reaches(judge, body, name, place) for each in new)
    return through and leaves_of(judge, earlier, place) <= leaves_of(judge, body, place)


def _is_circular(found: Compared, before: int) -> bool:
    """Whether a proof of a definition rests on a definition that does not stand before it."""
    return any(isinstance(each, Defined) and each.place > before for each in found.rests)
