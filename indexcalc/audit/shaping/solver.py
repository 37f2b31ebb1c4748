"""Choosing the shapes of names so that the formulas of a document fit together.

A document is written in one way: a name that is taken for a matrix, because of what stands beside it somewhere, is a
number if all formulas fit so and some do not fit otherwise. Only whether shapes fit is asked, never whether a formula
holds. A choice is made if it loses no relation that fits without it, and wins more of those that do not than any other
choice for the same name; more axes than are believed must be asked for by two statements. (A number may lose few of
many: both sides of a relation fit where the same name is misread in both.) What rests on it may be
proved; nothing is refuted by it, unless many formulas ask for it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.reached import spoken_in
from indexcalc.audit.shaping.choices import POWERS, Choice, options
from indexcalc.audit.shaping.fits import Fits, Relation, fits, standing
from indexcalc.context.knowledge import ELEMENTWISE
from indexcalc.context.names import is_transposed
from indexcalc.meaning.tensors import is_raised
from indexcalc.notation.formula import Numeral, Product, Scripted, Sum, walk

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

MOST = 12  # choices
FOLLOWING = 3  # steps from a row to the next
NAMES = 30  # that are tried in a round
FINALISTS = 5  # of the choices that win something, those of which it is asked what they lose
FORMULAS = 2  # that ask for axes of which nothing else says anything
MANY = 4  # formulas; times as many must be won as are lost
READINGS = 4000  # of statements, in all: what is beyond is left as it is


@dataclass(frozen=True)
class Tried:
    """A choice with what follows from it, and how the relations of the document fit with them."""

    choices: tuple[Choice, ...]
    fits: Fits
    gain: int

    @property
    def choice(self) -> Choice:
        """The choice from which the others follow."""
        return self.choices[0]


def chosen(judge: Judge) -> list[Choice]:
    """The choices by which more of the relations of a document fit, and none fits less."""
    base = standing(judge)
    if False not in base.relations.values() and not base.squares:
        return []
    solver = Solver(judge, base)
    while len(solver.made) < MOST and solver.left > 0:
        best = solver.best()
        if best is None:
            break
        solver.made += best.choices
        solver.base = best.fits
    return solver.made


@dataclass
class Solver:
    """The choices that were made for a document so far, and how its relations fit with them."""

    judge: Judge
    base: Fits
    made: list[Choice] = field(default_factory=list)
    left: int = READINGS
    names: dict[Statement, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the names of which each statement speaks."""
        for each in self.judge.readings:
            self.names[each] = spoken_in(each, self.judge.known)

    def best(self) -> Tried | None:
        """The choice that wins most; none if there is none, or if equals stand beside it."""
        return self._of_names() or self._of_powers()

    def _of_powers(self) -> Tried | None:
        """That powers are meant element by element, if so more relations fit, or as many with fewer square matrices."""
        if not self._may_be_elementwise():
            return None
        fits = self._read(list(self.judge.readings), (POWERS,), anew=True)
        won, lost = len(fits.won(self.base)), len(fits.lost(self.base))
        fewer = fits.squares < self.base.squares
        return Tried((POWERS,), fits, won) if not lost and (won or fewer) else None

    def _may_be_elementwise(self) -> bool:
        """Whether something in the document asks for powers of elements, and nothing is chosen of them yet."""
        known = self.judge.known.has("", ELEMENTWISE) or POWERS in self.made
        return not known and any(map(_asks_for_elements, self.judge.readings))

    def _of_names(self) -> Tried | None:
        by_name: dict[str, list[Tried]] = defaultdict(list)
        for choice in self._finalists():
            tried = self._tried(choice)
            if tried is not None:
                by_name[choice.name].append(tried)
        found = [best for each in by_name.values() if (best := _unrivalled(each)) is not None]
        return max(found, key=lambda each: each.gain, default=None)

    def _finalists(self) -> list[Choice]:
        """The choices by which most relations fit that do not yet."""
        bad = {each for (each, _), fit in self.base.relations.items() if fit is False}
        counts = Counter(name for each in bad for name in self.names[each])
        taken = {each.name for each in self.made}
        found: list[tuple[int, Choice]] = []
        for name, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:NAMES]:
            own = [each for each in self.judge.readings if each in bad and name in self.names[each]]
            every = {*own, *(each.earlier for each in own if each.earlier is not None)}
            for choice in () if name in taken else options(name, self.judge.known):
                if self.left <= 0:
                    break
                if _adds(choice, self.judge) and len(every) < FORMULAS:
                    self.left -= len(own)  # as if they had been read: too few ask for it, whatever comes of it
                    continue
                won = self._read(own, (choice,)).won(self.base)
                if won and not (_adds(choice, self.judge) and len({each for each, _ in won}) < FORMULAS):
                    found.append((len(won), choice))
        return [choice for _, choice in sorted(found, key=lambda pair: -pair[0])[:FINALISTS]]

    def _tried(self, choice: Choice) -> Tried | None:
        """A choice with what is gained by it in the whole document; none if too much is lost."""
        choices = [(choice,), (choice, POWERS)] if self._may_be_elementwise() else [(choice,)]
        for each in choices:
            found = self._weighed(each, self._read(list(self.judge.readings), each, anew=True))
            if found is not None:
                return self._followed(found)
        return None

    def _weighed(self, choices: tuple[Choice, ...], fits: Fits) -> Tried | None:
        won, lost = fits.won(self.base), len(fits.lost(self.base))
        is_number = choices[0].trait == "axes" and choices[0].value == 0
        if is_number:  # a formula that transposes something does not ask for numbers
            won = {each for each in won if not _transposes(each)}
        if fits.opaque > self.base.opaque or len(won) <= lost:
            return None
        if lost and not (is_number and len(won) >= MANY * lost):
            return None
        sure = not lost and len({each for each, _ in won}) >= MANY
        return Tried((replace(choices[0], sure=sure), *choices[1:]), fits, len(won) - lost)

    def _followed(self, found: Tried) -> Tried:
        """A choice with the rows that follow from it: h = x W is one, if x is."""
        for _ in range(FOLLOWING):
            if not found.fits.rows or found.choice.trait != "row":
                break
            more = (*found.choices, *(Choice(name, "row", True) for name in found.fits.rows))
            further = self._weighed(more, self._read(list(self.judge.readings), more, anew=True))
            if further is None or further.gain < found.gain:
                break
            found = further
        return found

    def _read(self, statements: list[Statement], choices: tuple[Choice, ...], anew: bool = False) -> Fits:
        self.left -= len(statements)
        return fits(self.judge, statements, [*self.made, *choices], anew)


def _asks_for_elements(statement: Statement) -> bool:
    r"""Whether a power is added to a number, or multiplied element by element: 1 - H^2, A \odot B^2."""
    for part in (part for side in statement.sides for part in walk(side.formula)):
        match part:
            case Sum(terms):
                if any(isinstance(term, Numeral) for _, term in terms) and any(is_raised(term) for _, term in terms):
                    return True
            case Product(factors) if any(operator == "hadamard" for operator, _ in factors):
                if any(is_raised(each) for _, each in factors):
                    return True
    return False


def _transposes(relation: Relation) -> bool:
    statement, place = relation
    parts = (part for side in statement.sides[place : place + 2] for part in walk(side.formula))
    return any(isinstance(part, Scripted) and is_transposed(part.above) for part in parts)


def _adds(choice: Choice, judge: Judge) -> bool:
    """Whether a name has more axes by a choice than what is believed of it."""
    return choice.trait == "axes" and choice.value > judge.known.axes(choice.name)


def _unrivalled(found: list[Tried]) -> Tried | None:
    """The choice for a name that wins most.

    Of equals that by which fewer matrices are square; then the number: that is a name of which nothing is said.
    """
    most = max(each.gain for each in found)
    best = [each for each in found if each.gain == most]
    fewest = min(each.fits.squares for each in best)
    best = [each for each in best if each.fits.squares == fewest]
    plain = [each for each in best if each.choice.trait == "axes" and not each.choice.stands]  # that says least
    numbers = [each for each in plain if each.choice.value == 0] or (plain if len(plain) == 1 else [])
    return (numbers or best)[0] if len(best) == 1 or numbers else None
