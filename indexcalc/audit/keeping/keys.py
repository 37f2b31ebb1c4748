r"""The key of a step: all that its verdict may rest on, so that steps with equal keys have equal verdicts.

A step may rest on

    its statement, and the statements with which that goes on
    what is known of the names that it reaches, through definitions too: evidence, definitions, facts (`tables`)
    which slots of these names, and which of its letters, run over the same values
    what the judge has said so far of others: refuted steps, rival definitions, equations to be solved
    the order in which all of this stands, and the headings between

Where a step may rest on more than can be told by its names, as on the rules of a document for shifted places, all of it
stands in its key, so that it is judged anew whenever any of it changes.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from indexcalc.audit.elsewise import differentiated
from indexcalc.audit.keeping.standing import Slot, classes_of, names_by_letter, order_of, slots
from indexcalc.audit.keeping.tables import Filed, letter_in, letters_of
from indexcalc.audit.keeping.whole import Whole
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.reached import said_again
from indexcalc.audit.solving.judged import Equation
from indexcalc.audit.solving.unknowns import begin_of_section, slopes_set_to_zero
from indexcalc.audit.steps import DEFINED, GIVEN, Step
from indexcalc.context.names import written
from indexcalc.context.spoken import names_of
from indexcalc.indices import Range
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import walk
from indexcalc.terms import ONE


@dataclass
class Keys(Whole):
    """The keys of the steps of a document that was read, each asked for right before its step is judged.

    sheets: the statements of all sheets of the document. filed: what is filed under each letter, as a number.
    """

    sheets: str = ""
    filed: dict[str, int] = field(default_factory=dict)

    @cached_property
    def whole(self) -> int:
        """What counts for every step."""
        return self.number((*self.tables.whole, self.sheets, self.judge.declared_only))

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """The names that have slots, by their letters."""
        return names_by_letter(self.judge)

    def slots(self, statement: Statement, reach: Iterable[str]) -> list[tuple[Slot, Range]]:
        """All that runs over values and that a step reaches, in a fixed order."""
        return slots(self.judge, self.names, statement, reach)

    def key(self, step: Step) -> tuple[int, frozenset[str]]:
        """The key of a step as things stand, and the letters that it reaches."""
        judge, statement = self.judge, step.statement
        beside, more, places = self._beside(step)
        reach = self.reach(statement).union(*(self.closed(each) for each in more))
        known, others = self._known(reach)
        facts, behind = self._facts(statement, reach)
        places = [statement.start, statement.links[step.place].position, *places, *others, *behind]
        key = (
            self.whole,
            self.content(statement),
            (step.place, step.left, step.skipped, statement in judge.wrong),
            self._statuses(step),
            known,
            facts,
            beside,
            self.number(classes_of(judge, self.slots(statement, reach))),
            self.number(order_of(judge, places)),
        )
        return self.number(key), reach

    def _known(self, reach: frozenset[str]) -> tuple[Hashable, list[int]]:
        """What is filed under letters, and where it holds from."""
        found: list[tuple[str, int]] = []
        places: list[int] = []
        for letter in sorted(reach & self.tables.by_letter.keys()):
            filed: Filed = self.tables.by_letter[letter]
            if letter not in self.filed:
                self.filed[letter] = self.number(tuple(filed.words))
            found.append((letter, self.filed[letter]))
            places += filed.places
        return tuple(found), places

    def _statuses(self, step: Step) -> Hashable:
        """What came of the reading of the sides: it may hang on how far sizes were known when they were read."""
        reading = self.judge.readings[step.statement]
        values = tuple(
            (each.order, each.groups, tuple(sorted(each.term.symbols))) if isinstance(each, Value) else str(each)
            for each in reading.values
        )
        clashes = tuple(sorted((place, why) for place, (why, _) in reading.clashes.items()))
        return values, clashes, reading.condition is ONE, reading.free, reading.misfits

    def _facts(self, statement: Statement, reach: frozenset[str]) -> tuple[Hashable, list[int]]:
        """The facts that speak of a name that is reached, and whether they are said of the statement.

        All facts count where places are shifted: that none is used there leaves such a step open.
        """
        every = self.is_placed(statement)
        judge, prose = self.judge, self.judge.prose
        found: list[Hashable] = []
        places: list[int] = []
        for fact, place in judge.facts:
            names = set().union(*(names_of(side.formula, judge.known) for side in fact.sides))
            if every or not reach.isdisjoint(map(letter_in, names)):
                own = prose.together(fact.formula, statement.formula), prose.explains(fact.formula, statement.formula)
                found.append((self.content(fact), fact is statement, own))
                places.append(place)
        held = tuple(
            (each.name, each.fact, prose.holds(each.place, statement.formula, statement.start))
            for each in prose.facts
            if every or letter_in(each.name) in reach
        )
        sums = tuple(
            (start <= statement.start, tuple(self.content(each) for each in judge.readings if each.formula == number))
            for number, _, start in prose.sums
        )
        braced = tuple((self.content(each), formula, each.start <= statement.start) for each, formula in prose.braced)
        given = sum(start <= statement.start for start, _ in judge.meanings.given)
        return (tuple(found), held, sums, braced, given), places

    def _beside(self, step: Step) -> tuple[Hashable, list[Iterable[str]], list[int]]:
        """What the judge, or the text, has said of other statements that counts here.

        With the letters that are reached by that, and where it stands.
        """
        judge, statement = self.judge, step.statement
        is_placed = self.is_placed(statement)
        found: list[Hashable] = [self.places if is_placed else -1, self.transposed, judge.meanings.dimension()]
        more: list[Iterable[str]] = []
        places: list[int] = []
        if is_placed and judge.placings is not None:
            places += [each.statement.start for each in judge.placings.rules]
        found.append(judge.meanings.convention(statement.start))
        bound = {letter for each in statement.sides for letter in letters_of(each.formula)}
        found.append(tuple((letter, self.sums[letter]) for letter in sorted(bound & self.sums.keys())))
        for each in self._equations(statement):
            found.append((self.content(each.statement), tuple(sorted(each.unknowns)), each.text, each.derived))
            more.append(self.reach(each.statement))
            places.append(each.statement.start)
        for given in judge.solving.solutions:
            found.append(("solved", given.name, given.text))
            more.append([letter_in(each) for each in given.body.symbols])
            places.append(given.place)
        for formula, letters in self._slips(statement):
            found.append(formula)
            more.append(letters)
        for rival in (each for each in judge.rivals if letter_in(each.name) in self.reach(statement)):
            found.append(("rival", rival.name, rival.body, said_again(judge, rival)))
            places.append(rival.place)
            more.append(letters_of(rival.body))
        if statement.earlier is not None and not step.place:
            begin = begin_of_section(judge, statement.start)
            for other in judge.readings:
                if other.display and len(other.sides) == 1 and begin <= other.start < statement.start:
                    found.append(self.content(other))
                    more.append(self.reach(other))
        for spoken in judge.prose.spoken_before(statement):
            found.append(("spoken", spoken.formula))
        solving = any(start <= statement.start <= end for start, end in judge.prose.solving)
        found.append((solving, judge.prose.is_zero_outside))
        if step.skipped in (DEFINED, GIVEN):
            place = statement.links[step.place].position
            found.append(any(each <= place for each in self.shown))
        elif self._asks_for_layout(step):
            found.append(self.every)
        return tuple(found), more, places

    def _asks_for_layout(self, step: Step) -> bool:
        """Whether the layout of derivatives of vectors counts, which any other statement may show."""
        left, right = self.judge.readings[step.statement].values[step.place : step.place + 2]
        return isinstance(left, Value) and isinstance(right, Value) and differentiated(left, right) == "vector"

    def _equations(self, statement: Statement) -> list[Equation]:
        judge, section = self.judge, begin_of_section(self.judge, statement.start)
        found = [each for each in judge.solving.equations if section <= each.statement.start]
        found += [each for each in judge.solving.left_open if each.statement.formula == statement.formula]
        for each in slopes_set_to_zero(judge, statement):
            value = judge.readings[each].values[0] if judge.readings[each].values else None
            if isinstance(value, Value):
                found.append(Equation(value, value, each, frozenset(), 0, each.sides[0].text))
        return found

    def _slips(self, statement: Statement) -> Iterable[tuple[Hashable, Iterable[str]]]:
        """The refuted steps of which the left side stands in a side of the statement."""
        if not self.judge.slips:
            return
        chain = [statement]
        while chain[-1].earlier is not None:
            chain.append(chain[-1].earlier)
        parts = {written(part) for one in chain for side in one.sides for part in walk(side.formula)}
        for old, new, _ in self.judge.slips:
            if written(old) in parts:
                yield (old, new), letters_of(new)
