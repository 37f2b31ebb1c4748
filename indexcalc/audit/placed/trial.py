r"""The verdict on a step that speaks of shifted places: it is tried wherever all its elements exist.

Letters on lines get numbers, at sizes of our own; what is left is compared as any step is. Equal everywhere: it agrees.
Different inside, away from the ends by more than anything is shifted: refuted. Different at ends only: undecided, since
texts leave unsaid what they mean there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, permutations, product
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.grounds import Compared, undecided
from indexcalc.audit.facts import facts_at
from indexcalc.audit.placed.elements import Element, LinesFound, element_of, elements_in
from indexcalc.audit.placed.extents import Bound, Extents
from indexcalc.audit.placed.forms import Place, place_of
from indexcalc.audit.placed.instances import MARK, Instances, MissingError, UnplacedError
from indexcalc.audit.placed.meanings import Placed
from indexcalc.audit.placed.names import placing
from indexcalc.audit.placed.placings import Placings
from indexcalc.audit.placed.rules import Rule
from indexcalc.audit.proving.proof import CONFIRMED, Verdict
from indexcalc.audit.steps import Step
from indexcalc.audit.summation import free_letters, summed_letters
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.loose import binds, loose
from indexcalc.context.names import letter_of
from indexcalc.meaning.differentials import varied_in
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.reading import read
from indexcalc.notation.formula import Big, Formula, Name, Scripted, parts, walk

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

LENGTHS = (5, 3, 4, 2)  # of lines, by the order of their sizes
MOST_PLACES = 6  # at which a step is compared, for each choice of sizes
MOST_TRIED = 400
MOST_SIZES = 2  # choices of sizes


@dataclass
class Trial:
    """A step that is tried at places."""

    judge: Judge
    known: Placings
    step: Step
    sides: list[Formula]
    rules: list[Rule]
    bodies: list[Formula]
    lines: LinesFound
    of_one_step: bool = False  # what stands before in time is given

    def verdict(self) -> Compared | None:
        """The verdict of all choices of sizes."""
        held: list[str] = []
        failed: list[tuple[str, Compared]] = []
        other: Compared | None = None
        at_ends: list[str] = []
        zeros = False
        try:
            for sizes in self._choices():
                for where, is_inside, found, with_zeros in self._at(sizes):
                    zeros = zeros or with_zeros
                    if found.verdict.word in CONFIRMED:
                        held.append(where)
                    elif found.verdict.word == "refuted":
                        if is_inside:
                            failed.append((where, found))
                            return self._summed_up(held, failed, at_ends, other, zeros)
                        at_ends.append(where)
                    else:
                        other = other or found
        except (UnplacedError, UnclearError, RecursionError):
            return None
        return self._summed_up(held, failed, at_ends, other, zeros)

    def _summed_up(
        self,
        held: list[str],
        failed: list[tuple[str, Compared]],
        at_ends: list[str],
        other: Compared | None,
        zeros: bool,
    ) -> Compared | None:
        if other is not None:
            reason = _plain(other.verdict.reason)
            return replace(other, verdict=Verdict("undecided", reason), left=None, right=None, sheet=None)
        if failed or (at_ends and not held):
            where, found = failed[0] if failed else (at_ends[0], None)
            example = found.verdict.counterexample if found is not None else None
            reason = f"the sides differ at {where}" if where else "the sides differ"
            return Compared(Verdict("refuted", reason, example))
        if at_ends:
            return Compared(Verdict("undecided", f"it holds inside, and not at {at_ends[0]}"))
        if not held:
            return None
        read = "; elements beyond the ends of an axis are read as 0 in sums" if zeros else ""
        return Compared(Verdict("agrees", f"equal wherever all its elements exist, tried at {_several(held)}{read}"))

    # ----- Sizes -----

    def _choices(self) -> Iterator[dict[str, int]]:
        every = [*self.sides, *self.bodies]
        spoken = {name for formula in every for part in walk(formula) for name in _size_names(part)}
        names = sorted(self.known.sizes & (spoken | self._ends()))
        highest = max((form.constant for form in self._forms() if not form.letters), default=0)
        orders = list(permutations(names)) if len(names) < 4 else [tuple(names)]
        found = 0
        for order in orders:
            sizes = {name: LENGTHS[place % len(LENGTHS)] for place, name in enumerate(order)}
            grown = {
                name: max(size, highest + 2 if size == LENGTHS[0] or len(names) == 1 else 0)
                for name, size in sizes.items()
            }
            if self._has_interior(grown):
                found += 1
                yield grown
            if found == MOST_SIZES:
                return

    def _ends(self) -> set[str]:
        """Sizes at which the letters of the step end."""
        every = [bound for letter in self.lines.letters for bound in self.known.bounds.get(letter, ())]
        every += [bound for rule in self.rules for bound in rule.bounds]
        forms = [form for bound in every for form in (bound.first, bound.last)]
        forms += [form for pair in self.known.stated for each in pair for form in each.places if form is not None]
        return {name for form in forms for name in form.names()}

    def _forms(self) -> Iterator[Place]:
        for formula in (*self.sides, *self.bodies):
            for element in elements_in(formula, self.known.known):
                for slot in self.lines.of(element):
                    form = element.places[slot]
                    if form is not None:
                        yield form

    def _has_interior(self, sizes: dict[str, int]) -> bool:
        return any(True for _ in islice(self._instances(sizes), 1))

    # ----- Places -----

    def _meanings(self, sizes: dict[str, int]) -> Placed:
        numbers = dict(sizes)
        defined: list[tuple[Element | None, Formula, tuple[Bound, ...]]] = [
            (rule.left, rule.body, rule.bounds) for rule in self.rules
        ]
        own = {id(rule.body) for rule in self.rules} | {id(rule.left.written) for rule in self.rules}
        defined += [(None, body, ()) for body in self.bodies if id(body) not in own]
        first = 0 if self._counts_from_zero() else 1
        extents = Extents(self.lines, self.known.known, numbers, self.known.bounds, defined, self.known.stated, first)
        instances = Instances(self.lines, self.known.known, extents, self.known.outside)
        meanings = Placed(placing(self.known.known, instances.named), self.judge.meanings.definitions)
        meanings.instances, meanings.rules, meanings.numbers = instances, self.rules, numbers
        instances.exists = meanings.exists
        meanings.spoken = self._spoken()
        return meanings

    def _counts_from_zero(self) -> bool:
        periodic = {name for form in self._forms() if form.period is not None for name in form.names()}
        return any(
            not bound.first.letters and bound.first.constant == 0
            for letter in periodic
            for bound in self.known.bounds.get(letter, ())
        )

    def _spoken(self) -> frozenset[str]:
        """The tensors of which definitions speak, and those that stand on both sides."""
        told = {each.key for body in self.bodies for each in elements_in(body, self.known.known)}
        left, right = ({each.key for each in elements_in(side, self.known.known)} for side in self.sides)
        return frozenset(told | (left & right))

    def _free(self) -> list[str]:
        found: dict[str, None] = {}
        for side in self.sides:
            for letter in _loose(side, self.known.known, frozenset()):
                if letter in self.lines.letters and letter not in self.known.sizes:
                    found[letter] = None
        return sorted(found)

    def _instances(self, sizes: dict[str, int]) -> Iterator[tuple[dict[str, int], bool, list[Formula], Placed]]:
        """Places at which all elements exist, first those inside, and both sides at them."""
        meanings = self._meanings(sizes)
        letters = self._free()
        spans = [self._span(letter, meanings.instances.extents, sizes) for letter in letters]
        margin = max((abs(form.constant) for form in self._forms() if form.letters), default=0)
        every = list(islice(product(*(range(low, high + 1) for low, high in spans)), MOST_TRIED))
        inside: list[tuple[int, ...]] = []
        outside: list[tuple[int, ...]] = []
        for places in every:
            near = [min(place - low, high - place) for place, (low, high) in zip(places, spans, strict=True)]
            (inside if all(each >= margin for each in near) else outside).append(places)
        is_found = False
        for chosen, most in ((inside, MOST_PLACES), (outside, MOST_PLACES // 2)):
            for values, sides in islice(self._existing(letters, _mixed(chosen), meanings), most):
                yield values, chosen is inside or not is_found, sides, meanings
                is_found = is_found or chosen is inside

    def _existing(
        self, letters: list[str], chosen: list[tuple[int, ...]], meanings: Placed
    ) -> Iterator[tuple[dict[str, int], list[Formula]]]:
        """Those of chosen places at which all elements exist."""
        for places in chosen:
            values = dict(zip(letters, places, strict=True))
            around = {letter: (value, "free") for letter, value in values.items()}
            if any(meanings.instances.holds(each, around) is False for each in self.step.statement.conditions):
                continue
            try:
                yield values, [meanings.instances.formula(side, around) for side in self.sides]
            except MissingError:
                continue

    def _span(self, letter: str, extents: Extents, sizes: Mapping[str, int]) -> tuple[int, int]:
        found = [extents.alone(side, letter) for side in self.sides]
        alone = [each for each in found if each is not None]
        if alone:
            return max(low for low, _ in alone), min(high for _, high in alone)
        if letter in self.known.bounds:
            return extents.letter(letter)
        return 1, max([*sizes.values(), *(high for _, high in extents.slots.values()), 4])

    def _at(self, sizes: dict[str, int]) -> Iterator[tuple[str, bool, Compared, bool]]:
        for values, is_inside, sides, meanings in self._instances(sizes):
            where = ", ".join(f"{name} = {value}" for name, value in [*values.items(), *sorted(sizes.items())])
            yield where, is_inside, self._compared(sides, meanings), meanings.instances.zeros

    def _compared(self, sides: list[Formula], meanings: Placed) -> Compared:
        statement = self.step.statement
        meanings = meanings.of_one_step(sides) if self.of_one_step else meanings
        scope = meanings.scope(statement.start)
        free = free_letters(sides, scope.known, scope.counts)
        scope.varied = varied_in(sides, scope.known)
        scope.outer = frozenset(loose(sides[0], scope.known, scope.counts))
        values = []
        for side in sides:
            scope.summed = summed_letters(side, scope.known, scope.counts, free)
            values.append(read(side, scope))
        found = compare(values[0], values[1], meanings, statement.start)
        if found.verdict.word in CONFIRMED:
            return found
        spoken = {
            letter_of(part) for each in (*self.sides, *self.bodies) for part in walk(each) if isinstance(part, Name)
        }
        if any(not spoken.isdisjoint(fact[0].symbols | fact[2].symbols) for fact in facts_at(self.judge, statement)):
            return undecided("a fact that the text states is not used where places are shifted")
        return found


def _mixed(found: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The same in an order in which neighbours are far apart."""
    step = next((each for each in (7, 11, 13, 17) if len(found) % each), 1)
    return [found[number * step % len(found)] for number in range(len(found))]


def _size_names(formula: Formula) -> Iterator[str]:
    form = place_of(formula)
    if form is not None:
        yield from form.names()


def _loose(formula: Formula, known: Knowledge, bound: frozenset[str]) -> Iterator[str]:
    """The letters at which elements stand that no sign binds."""
    if isinstance(formula, Big):
        bound = bound | frozenset(binds(formula.below))
    element = element_of(formula, known) if isinstance(formula, Scripted) else None
    for form in element.places if element is not None else ():
        yield from (form.names() - bound if form is not None else ())
    for part in parts(formula):
        yield from _loose(part, known, bound)


def _several(places: list[str]) -> str:
    shown = [each for each in dict.fromkeys(places) if each]
    if not shown:
        return "sizes of our own"
    return "; ".join(shown[:2]) + (f" and {len(shown) - 2} more" if len(shown) > 2 else "")


def _plain(reason: str) -> str:
    """A reason with the names of elements as a reader would write them."""
    return reason.replace(MARK, "_")
