r"""Judging the statements of a document, in its order: what they define, and a verdict for every step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from indexcalc.audit.blocks.proof import LISTED, proved_by_blocks
from indexcalc.audit.chance.distributions import take_chances
from indexcalc.audit.chance.products import take_products
from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.declared.only import undeclared
from indexcalc.audit.defined import Defined
from indexcalc.audit.documents.places import Lines
from indexcalc.audit.elsewise import ByElement, goes_on, otherwise, proved_by_element, restated
from indexcalc.audit.facts import facts_at
from indexcalc.audit.fields.laws import is_field_law
from indexcalc.audit.fields.unsaid import differ_in_kind
from indexcalc.audit.fitting import misfitting
from indexcalc.audit.holding.weighing import weighed
from indexcalc.audit.meanings import Kept, Meanings
from indexcalc.audit.mending.deciding import decided, misfits
from indexcalc.audit.mending.diagnosed import explained
from indexcalc.audit.outline.prose import Prose
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.placed.judging import judged_by_places, said_of_an_element, settled
from indexcalc.audit.placed.placings import Placings, placings
from indexcalc.audit.proving.bounded import TOO_MUCH
from indexcalc.audit.proving.proof import CONFIRMED, Verdict
from indexcalc.audit.reached import rival_of
from indexcalc.audit.reports.claims import Claim
from indexcalc.audit.resting import grounds_of
from indexcalc.audit.shaping.fits import Misfit
from indexcalc.audit.solving.estimates import estimated
from indexcalc.audit.solving.judged import Solving, note_equation, solved
from indexcalc.audit.solving.unknowns import Noted
from indexcalc.audit.steps import DEFINED, SILENT, SOLUTION, Reading, Step, as_listing, is_example, misfit
from indexcalc.audit.summation import free_letters, summed_letters
from indexcalc.audit.taking import take_fact
from indexcalc.budget import SpentError, limited
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.loose import loose
from indexcalc.context.spoken import bounds_of, names_of
from indexcalc.indices import Index
from indexcalc.meaning.chance.expectations import read_either
from indexcalc.meaning.conditions import condition_term, is_between_indices
from indexcalc.meaning.differentials import varied_in
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.reading import read
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.sums import size_name
from indexcalc.meaning.values import Value, aligned
from indexcalc.notation.dots import is_table_with_dots
from indexcalc.notation.formula import Formula, Name, Numeral, Scripted, Table
from indexcalc.terms import ONE, Derivative, Product, Tensor, Term
from indexcalc.walk import subterms


@dataclass
class Judge:
    """Judges the statements of one document. declared_only: names that no sheet declares are not known."""

    lines: Lines
    known: Knowledge
    meanings: Meanings
    prose: Prose
    claims: list[Claim] = field(default_factory=list)
    notes: list[tuple[str, int, str]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    facts: list[tuple[Statement, int]] = field(default_factory=list)
    laws: dict[tuple[Statement, Value, Value], bool] = field(default_factory=dict)  # whether facts hold by themselves
    gradients: dict[str, int] = field(default_factory=dict)
    slips: list[tuple[Formula, Formula, int]] = field(default_factory=list)
    rivals: list[Defined] = field(default_factory=list)  # what refuted steps say of names that are defined
    readings: dict[Statement, Reading] = field(default_factory=dict)
    wrong: set[Statement] = field(default_factory=set)
    declared_only: bool = False
    seeks: bool = True  # slips are looked for, which undone would make a step true
    written: dict[int, Formula] = field(default_factory=dict)  # sides in which sums do not reach further than written
    heads: Counter[str] = field(default_factory=Counter)  # how often each side begins a statement
    beside: Counter[int] = field(default_factory=Counter)  # how many equations stand in a formula
    statements: list[Statement] = field(default_factory=list)  # all of the document
    premises: set[Statement] = field(default_factory=set)  # from which others follow, by an arrow
    tables: list[tuple[str, int, Table]] = field(default_factory=list)  # matrices written out: letters, places
    noted: Noted = field(default_factory=Noted)
    solving: Solving = field(default_factory=Solving)
    kept: Kept | None = None  # what runs over the same values, before a step
    numbers: ByElement | None = None  # the meanings in which every name without an index is a number
    placings: Placings | None = None  # what the document says of shifted places
    turned: Meanings | None = None  # the meanings in which gradients of vectors are read the other way

    def read(self, statements: list[Statement]) -> None:
        """Read the sides of all statements, so that it is known what runs over the same values."""
        for defined in self.meanings.definitions.every():  # first: what is claimed gives no size to what is defined
            if self.meanings.is_of_unknown_shape(defined):
                self.meanings.definitions.drop(defined.place, defined.name)
        for statement in sorted(statements, key=is_example):  # an example gives no size to what is defined elsewhere
            self.readings[statement] = self.reading(statement)
        self._extents(statements)
        for reading in self.readings.values():
            for value in reading.values:
                if isinstance(value, Value):
                    self.meanings.note_places(value.term)
                for each in subterms(value.term) if isinstance(value, Value) else ():
                    if (
                        isinstance(each, Derivative)
                        and isinstance(each.body, Tensor)
                        and each.body.name != each.variable.name
                    ):
                        self.meanings.depends.add((each.body.name, each.variable.name))
        take_products(self)
        take_chances(self)
        for statement, reading in self.readings.items():
            self._note_said(statement, reading)
        for statement in self.meanings.given_derivatives:
            left, right = self.readings[statement].values[:2]
            if (
                isinstance(left, Value)
                and isinstance(right, Value)
                and isinstance(left.term, Derivative)
                and left.order == right.order
            ):
                try:
                    body = aligned(right, left.axes, self.meanings.ranges)
                except UnclearError:
                    continue
                if isinstance(left.term.body, Tensor):
                    slots = (*left.term.body.slots, *left.term.variable.slots)
                    shown = f"{statement.sides[0].written} = {statement.sides[1].written}"
                    if body.free <= set(slots) and _are_letters(slots):
                        self.meanings.derivatives.append(
                            (statement.start, left.term.body.name, left.term.variable.name, slots, body, shown)
                        )

    def _note_said(self, statement: Statement, reading: Reading) -> None:
        """Note the derivatives of which a statement says what they are, by other names than that of the function."""
        for place, value in enumerate(reading.values):
            term = value.term if isinstance(value, Value) else ONE
            if isinstance(term, Derivative) and isinstance(term.body, Tensor):
                beside = statement.sides[max(0, place - 1) : place] + statement.sides[place + 1 : place + 2]
                said = [side.formula for side in beside if not isinstance(side.formula, Name | Scripted)]
                if any(term.body.name not in names_of(formula, self.known) for formula in said):
                    self.meanings.said.setdefault((term.body.name, term.variable.name), statement.start)

    def _extents(self, statements: list[Statement]) -> None:
        r"""Take in how far letters run: k = 1, \dots, N, in the statements of the same section."""
        ranges = self.meanings.ranges
        for statement in statements:
            conditions = [*statement.conditions, *as_listing(statement)]
            for letter, last in (each for condition in conditions for each in bounds_of(condition)):
                try:
                    size = int(last.text) if isinstance(last, Numeral) else size_name(last)
                except UnclearError:
                    continue
                for reading in self.readings.values():
                    index = reading.scope.letters.get(letter)
                    if (
                        index is not None
                        and ranges.size(index.range) is None
                        and not ranges.is_merged(index.range, size)
                    ):
                        ranges.join(index.range, ranges.of_size(size))

    def reading(self, statement: Statement, place: int | None = None) -> Reading:
        """The reading of a statement, with the functions that are defined at a place."""
        scope = self.meanings.scope(statement.start if place is None else place)
        earlier = self.readings.get(statement.earlier) if statement.earlier is not None else None
        if earlier is not None:
            scope.letters = dict(earlier.scope.letters)
        formulas = [side.formula for side in statement.sides]
        free = free_letters(formulas, self.known, scope.counts)
        if earlier is not None:
            free |= earlier.free
        scope.varied = varied_in(formulas, self.known)
        scope.outer = frozenset(loose(formulas[0], self.known, scope.counts))
        condition: Term = ONE
        for each in [*statement.conditions, *self.prose.under.get(statement.formula, ())]:
            if is_between_indices(each, scope):
                condition = Product(condition, condition_term(each, scope))
        values: list[Value | str] = []
        clashes: dict[int, tuple[str, frozenset[str]]] = {}
        misfitting_sides: list[int] = []
        for place, side in enumerate(statement.sides):
            if place == 0 and earlier is not None:
                values.append(earlier.values[-1])
                continue
            scope.summed = summed_letters(side.formula, self.known, scope.counts, free)
            values.append(self.value(side.formula, scope))
            if scope.clash is not None:
                clashes[place] = scope.clash
            if scope.is_misfit or (isinstance(values[-1], str) and is_table_with_dots(side.formula)):
                misfitting_sides.append(place)
        return Reading(scope, values, clashes, condition, free, frozenset(misfitting_sides))

    def value(self, formula: Formula, scope: Scope) -> Value | str:
        """The value of a formula in a scope; or why it has none."""
        scope.clash, scope.is_misfit = None, False
        try:
            return read_either(formula, scope, read)
        except UnclearError as error:
            scope.is_misfit = error.shape or error.sizes is not None
            scope.clash = (misfit(error.sizes), error.names) if error.sizes else None
            if error.certain:
                scope.clash = (error.cause, error.names)
            return Misfit(error.cause) if error.shape or error.sizes else error.cause
        except RecursionError:
            return "the formula is nested too deep"

    # ----- Judging -----

    def judge(
        self, steps: list[Step], wanted: frozenset[int] | None = None, by: Callable[[Step], None] | None = None
    ) -> None:
        """A claim for every step, by `step` or by another way; wanted: for those alone that stand at these places."""
        self.placings = placings(self, steps)
        for step in steps:
            if wanted is None or step.statement.links[step.place].position in wanted:
                (by or self.step)(step)

    def step(self, step: Step) -> None:
        """A claim for a step, if it claims something."""
        if step.skipped in ("", SOLUTION) or (step.skipped == DEFINED and said_of_an_element(self, step)):
            self._judge(step)
        elif (again := restated(self, step)) is not None:
            goes_on(self, step)
            self._claim(step, step.place, again.verdict, found=again)
        elif (estimate := estimated(self, step)) and not step.statement.display:  # a naming in a line; it is said of it
            self._claim(step, step.place, Verdict("skipped", f"{DEFINED}; {estimate.verdict.reason}"), found=estimate)
        elif (shown := estimate or (step.skipped == LISTED and proved_by_blocks(self, step))):
            self._claim(step, step.place, shown.verdict, found=shown)
        elif step.skipped not in SILENT and step.statement.display:
            self._claim(step, step.left, Verdict("skipped", step.skipped))

    def compared(self, step: Step, left: Value, right: Value) -> Compared:
        """The comparison of two sides, in the light of what holds where a step stands."""
        statement = step.statement
        condition = self.readings[statement].condition
        return compare(left, right, self.meanings, statement.start, condition, facts_at(self, statement))

    def _unread(self, step: Step, left: Value | str, right: Value | str) -> None:
        """A claim for a step of which a side has no value."""
        before, plainly = step.place, proved_by_element(self, step) or proved_by_blocks(self, step)
        if plainly is not None:
            self._claim(step, before, plainly.verdict, found=plainly)
            return
        place, why = (before, left) if isinstance(left, str) else (step.place + 1, right)
        clash = self.readings[step.statement].clashes.get(place)
        unread = misfitting(self, step.statement, *clash) if clash else Verdict("unreadable", str(why))
        if place == step.place + 1 and place in self.readings[step.statement].misfits:
            verdict, grounds, fix = misfits(self, step, unread)
            self.settle(step, verdict, grounds, fix)
        else:
            self._claim(step, before, unread)

    def _judge(self, step: Step) -> None:
        """A claim for a step; one that takes too much work is undecided.

        What a step that is not confirmed would make run over the same values, it does not for the others.
        """
        self.kept, count = self.meanings.keep(), len(self.claims)
        try:
            with limited():
                refuted = self._judged(step)
        except SpentError:
            refuted = None
            self._claim(step, step.place, TOO_MUCH)
        if refuted is not None:  # what is wrong is looked for with work of its own, so that no refutation is lost by it
            verdict, fix = explained(self, step, *refuted)
            self.settle(step, verdict, refuted[0], fix)
        if any(claim.verdict.word not in CONFIRMED for claim in self.claims[count:]):
            self.meanings.restore(self.kept)

    def _judged(self, step: Step) -> tuple[Compared, Verdict] | None:
        """A claim for a step; of a refuted one the comparison and the verdict, to be explained."""
        statement, reading = step.statement, self.readings[step.statement]
        before, fix = step.place, ""
        placed = judged_by_places(self, step)
        if placed is not None and placed.verdict.word != "undecided" and settled(self, step, placed):
            return None
        left, right = reading.values[before], reading.values[step.place + 1]
        if isinstance(left, str) or isinstance(right, str):
            if placed is None:
                self._unread(step, left, right)
            else:
                self._claim(step, before, placed.verdict, found=placed)
            return None
        if step.skipped == SOLUTION:
            if (found := solved(self, step, left, right)) is not None:
                in_case = statement.formula in self.prose.conditional  # it vanishes at w = ...: that names a place
                said = Verdict("skipped", f"a condition; {found.verdict.reason}") if in_case else found.verdict
                self._claim(step, before, said, found=found)
            return None
        if unjudged := differ_in_kind(left, right) or (self.declared_only and undeclared(left, right, self.known)):
            self._claim(step, before, unjudged)
            return None
        found = otherwise(self, step, left, right, self.compared(step, left, right))
        if found.clash is not None:
            names = left.term.symbols | right.term.symbols
            verdict, grounds, fix = misfits(self, step, misfitting(self, statement, found.verdict.reason, names))
            self.settle(step, verdict, grounds, fix)
            return None
        if placed is not None and found.verdict.word == "refuted" and placed.verdict.word == "undecided":
            found = placed  # it says why the step is not told apart where places are shifted
        found, verdict = weighed(self, step, left, right, found)
        if verdict.word == "skipped" and is_field_law(statement, self.known) and take_fact(self, statement):
            return None
        if verdict.word == "undecided":
            note_equation(self, step, left, right, is_open=True)
        if verdict.word == "refuted":
            return found, verdict
        if verdict.word not in CONFIRMED:
            verdict, fix, found = decided(self, step, verdict, found)
        self.settle(step, verdict, found, fix)
        return None

    def settle(self, step: Step, verdict: Verdict, found: Compared | None, fix: str = "") -> None:
        """A claim, and what it means for the steps behind it."""
        if verdict.word == "refuted":
            line = self.lines.at(step.statement.links[step.place].position)[0]
            sides = step.statement.sides
            self.slips.append((sides[step.place].formula, sides[step.place + 1].formula, line))
            if rival := rival_of(self, step, line):
                self.rivals.append(rival)
        elif verdict.word == "proved":
            goes_on(self, step)
        self._claim(step, step.place, verdict, fix, found)

    def _claim(self, step: Step, before: int, verdict: Verdict, fix: str = "", found: Compared | None = None) -> None:
        statement = step.statement
        link = statement.links[step.place]
        line, column = self.lines.at(link.position)
        first = verdict.word == "refuted" and statement not in self.wrong
        if first:
            self.wrong.add(statement)
        left, right = statement.sides[step.place : step.place + 2]
        grounds = grounds_of(found.rests, self.lines) if found is not None else ()
        said = Claim(line, column, left.text, link.text, right.text, verdict, fix, first, link.position)
        self.claims.append(replace(said, chain=statement.start, rests=grounds, author=(left.author, right.author)))


def _are_letters(slots: tuple[Index, ...]) -> bool:
    """Whether indices are letters, all different: what stands at one element, y_{11}, says nothing of the others."""
    return len(set(slots)) == len(slots) and not any(slot.name.isdigit() for slot in slots)
