r"""Formulas at places: every letter on a line has a number, sums over such letters are written out.

h_{t,i} at t = 3 is the name h@3 with the index i. An element that does not exist (MissingError) is no value; in a sum
that says from where to where it runs it is 0, in one that does not the sum leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from indexcalc.audit.placed.elements import Element, LinesFound, element_of
from indexcalc.audit.placed.extents import Extents, limits_of
from indexcalc.audit.placed.forms import Span, items_of, place_of
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.loose import binds
from indexcalc.context.names import letter_of
from indexcalc.notation.formula import (
    Big,
    Bracket,
    Cases,
    Conditions,
    Derivative,
    Formula,
    Mark,
    Name,
    Numeral,
    Product,
    Relation,
    Scripted,
    Sequence,
    Signed,
    Sum,
    changed,
)

MARK = "@"
MOST_TERMS = 200  # of one sum that is written out
COMPARED: dict[str, Callable[[int, int], bool]] = {
    "=": int.__eq__,
    "==": int.__eq__,
    "neq": int.__ne__,
    "ne": int.__ne__,
    "<": int.__lt__,
    "lt": int.__lt__,
    "leq": int.__le__,
    "le": int.__le__,
    ">": int.__gt__,
    "gt": int.__gt__,
    "geq": int.__ge__,
    "ge": int.__ge__,
}


class MissingError(Exception):
    """An element that does not exist at a place."""


class UnplacedError(Exception):
    """A formula that has no meaning at places."""


@dataclass(frozen=True)
class Instance:
    """An element at a place: the element as it is written, its places on lines, and what is left of its items."""

    element: Element
    places: tuple[int, ...]
    left: tuple[Formula, ...]
    written: Formula


Around = Mapping[str, tuple[int, str]]  # the letters with a number: which, and how they came by it


@dataclass
class Instances:
    """Makes formulas at places, at given sizes. exists: whether an element does, as far as its definition tells.

    named: what the names that are made stand for. zeros: whether elements were read as 0 beyond the ends of an axis.
    """

    lines: LinesFound
    known: Knowledge
    extents: Extents
    outside: bool = False  # the text says that there are zeros outside
    exists: Callable[[str, Element, tuple[int, ...]], bool] = lambda name, element, places: True
    named: dict[str, Instance] = field(default_factory=dict)
    zeros: bool = False
    _read: dict[int, tuple[Formula, Element | None]] = field(default_factory=dict)

    @property
    def sizes(self) -> Mapping[str, int]:
        """The numbers that sizes are."""
        return self.extents.sizes

    def values(self, around: Around) -> dict[str, int]:
        """The numbers of letters and sizes."""
        return {**self.sizes, **{letter: value for letter, (value, _) in around.items()}}

    def formula(self, formula: Formula, around: Around) -> Formula:
        """A formula at places. Raises MissingError, UnplacedError."""
        match formula:
            case Name():
                return self._name(formula, around)
            case Scripted():
                return self._scripted(formula, around)
            case Big():
                return self._big(formula, around)
            case Derivative(body, variables):
                by = tuple((self._variable(each, around), times) for each, times in variables)
                return replace(formula, body=None if body is None else self.formula(body, around), variables=by)
            case Cases(rows):
                return self._cases(rows, formula, around)
            case Sum():
                if any(isinstance(term, Mark) and term.sign == "dots" for _, term in formula.terms):
                    raise UnplacedError("dots stand for what is left out")
        return changed(formula, lambda part: self.formula(part, around))

    # ----- Names -----

    def _name(self, name: Name, around: Around) -> Formula:
        letter = letter_of(name)
        if letter in around:
            return _number(around[letter][0])
        return _number(self.sizes[letter]) if letter in self.sizes and name.font != "bold" else name

    def _variable(self, formula: Formula, around: Around) -> Formula:
        """What is differentiated by: an element that exists."""
        plain = {letter: (value, "open") for letter, (value, _) in around.items()}
        return formula if isinstance(formula, Name) else self.formula(formula, plain)

    def _scripted(self, formula: Scripted, around: Around) -> Formula:
        decided = self._indicator(formula, around)
        if decided is not None:
            return decided
        element = self._element_of(formula)
        if element is None or not (own := self.lines.of(element)):
            if element is not None and element.base.letter == "delta" and not element.base.accents:
                return self._delta(element, around) or self._within(formula, around)
            return self._within(formula, around)
        values = self.values(around)
        places = []
        for slot in own:
            form = element.places[slot]
            place = None if form is None else form.value(values, self.extents.first)
            if place is None:
                raise UnplacedError(f"a place of {element.base.letter} is not understood")
            places.append(place)
        if element.base.letter == "delta" and "delta" not in self.known.letters.taken and len(element.items) == 2:
            return self._delta(element, around) or self._element(element, tuple(places), around)
        return self._element(element, tuple(places), around)

    def _element_of(self, formula: Scripted) -> Element | None:
        known = self._read.get(id(formula))
        if known is None or known[0] is not formula:
            known = self._read[id(formula)] = (formula, element_of(formula, self.known))
        return known[1]

    def _within(self, formula: Scripted, around: Around) -> Formula:
        """An expression or a name with scripts: what stands below a name is no value."""
        above = None if formula.above is None else self.formula(formula.above, around)
        if isinstance(formula.base, Name):
            joined = place_of(formula)
            size = None if joined is None else joined.value(self.sizes)
            if size is not None and formula.above is None:
                return _number(size)
            base: Formula = self._name(formula.base, around) if formula.below is None else formula.base
            return replace(formula, base=base, above=above)
        return replace(formula, base=self.formula(formula.base, around), above=above)

    def _delta(self, element: Element, around: Around) -> Formula | None:
        if len(element.items) != 2 or element.above is not None or "delta" in self.known.letters.taken:
            return None
        values = self.values(around)
        found = [None if each is None else each.value(values, self.extents.first) for each in element.places]
        if found[0] is None or found[1] is None:
            return None
        return _number(int(found[0] == found[1]))

    def _element(self, element: Element, places: tuple[int, ...], around: Around) -> Formula:
        own = self.lines.of(element)
        left = tuple(each for slot, each in enumerate(element.items) if slot not in own)
        name = f"{element.key.partition('/')[0]}{MARK}{'_'.join(map(str, places))}"
        if not self.is_there(name, element, places):
            return self._beyond(element, around)
        self.named.setdefault(name, Instance(element, places, left, element.written))
        base = Name(name, "bold" if element.base.font == "bold" else "")
        above = element.above and self.formula(element.above, around)
        if not left and above is None and not element.primes:
            return base
        return Scripted(base, Sequence(left, "," * (len(left) - 1)) if left else None, above, element.primes)

    def is_there(self, name: str, element: Element, places: tuple[int, ...]) -> bool:
        """Whether an element exists."""
        return self.exists(name, element, places)

    def _beyond(self, element: Element, around: Around) -> Formula:
        """What stands for an element that does not exist."""
        letters = [name for each in element.places if each is not None for name in each.names()]
        ways = {around[letter][1] for letter in letters if letter in around}
        if "open" in ways or not (self.outside or "told" in ways) or element.above is not None:
            raise MissingError(element.base.letter)
        self.zeros = True
        return _number(0)

    # ----- Conditions -----

    def _indicator(self, formula: Scripted, around: Around) -> Formula | None:
        base = formula.base
        letter = base.letter if isinstance(base, Name) else base.text if isinstance(base, Numeral) else ""
        below = formula.below.body if isinstance(formula.below, Bracket) else formula.below
        if letter in ("1", "I", "chi", "delta") and isinstance(below, Relation) and formula.above is None:
            holds = self.holds(below, around)
            return None if holds is None else _number(int(holds))
        return None

    def holds(self, condition: Formula, around: Around) -> bool | None:
        """Whether a condition holds; none if that does not hang on places alone."""
        values = self.values(around)
        if isinstance(condition, Bracket):
            return self.holds(condition.body, around)
        if isinstance(condition, Conditions | Sequence):
            found = [self.holds(each, around) for each in condition.items]
            if any(each is None for each in found):
                return None
            return any(found) if isinstance(condition, Conditions) and condition.word == "or" else all(found)
        if not isinstance(condition, Relation):
            return None
        total = True
        for left, relation, right in zip(condition.sides, condition.relations, condition.sides[1:], strict=False):
            pairs = list(zip(items_of(left), items_of(right), strict=False))
            for one, other in pairs:
                places = place_of(one), place_of(other)
                first, second = (None if each is None else each.value(values) for each in places)
                if relation not in COMPARED or first is None or second is None:
                    return None
                total = total and COMPARED[relation](first, second)
        return total

    def _cases(self, rows: tuple[tuple[Formula, Formula | None], ...], formula: Cases, around: Around) -> Formula:
        kept: list[tuple[Formula, Formula | None]] = []
        for value, condition in rows:
            holds = True if condition is None else self.holds(condition, around)
            if holds is False:
                continue
            if holds and not kept:
                return Bracket("(", self.formula(value, around))
            if holds is None:
                kept.append((self.formula(value, around), self.formula(condition, around) if condition else None))
            else:
                kept.append((self.formula(value, around), None))
                break
        if not kept:
            raise UnplacedError("no case holds")
        return replace(formula, rows=tuple(kept))

    # ----- Sums -----

    def _big(self, sign: Big, around: Around) -> Formula:
        letters = [each for each in binds(sign.below) if each in self.lines.letters]
        if not letters or sign.body is None:
            inner = {letter: value for letter, value in around.items() if letter not in binds(sign.below)}
            below = sign.below
            above = None if sign.above is None else self.formula(sign.above, around)
            return replace(sign, below=below, above=above, body=sign.body and self.formula(sign.body, inner))
        if sign.sign not in ("sum", "prod") or len(letters) != len(binds(sign.below)):
            raise UnplacedError("an extreme over places")
        terms: list[Formula] = []
        self._write_out(sign, letters, around, terms)
        if not terms:
            return _number(0 if sign.sign == "sum" else 1)
        if len(terms) == 1:
            return terms[0]
        if sign.sign == "sum":
            return Bracket("(", Sum(tuple(("+", each) for each in terms)))
        return Product(tuple(("times" if number else "", each) for number, each in enumerate(terms)))

    def _write_out(self, sign: Big, letters: list[str], around: Around, terms: list[Formula]) -> None:
        if not letters:
            self._term(sign, around, terms)
            return
        letter, *rest = letters
        low, high, way = self._run(sign, letter, around)
        for place in range(low, high + 1):
            self._write_out(sign, rest, {**around, letter: (place, way)}, terms)

    def _term(self, sign: Big, around: Around, terms: list[Formula]) -> None:
        below = sign.below
        conditions = [
            each for each in (below.items if isinstance(below, Sequence) else (below,)) if _is_condition(each)
        ]
        for each in conditions:
            holds = self.holds(each, around)  # type: ignore[arg-type]
            if holds is None:
                raise UnplacedError("a condition below a sum is not understood")
            if not holds:
                return
        assert sign.body is not None
        try:
            terms.append(Bracket("(", self.formula(sign.body, around)))
        except MissingError:
            if not any(way == "open" for _, way in around.values()):
                raise
        if len(terms) > MOST_TERMS:
            raise UnplacedError("a sum has too many terms")

    def _run(self, sign: Big, letter: str, around: Around) -> tuple[int, int, str]:
        """From where to where a letter runs, and whether the sign says so."""
        limits = limits_of(sign, letter)
        values = self.values(around)
        if limits is not None:
            first, last = limits[0].value(values), limits[1].value(values)
            if first is None or last is None:
                raise UnplacedError("the ends of a sum are not understood")
            return first, last, "told"
        if sign.above is not None:
            raise UnplacedError("the upper end of a sum is not understood")
        spans: dict[str, Span] = {name: (value, value) for name, value in values.items()}
        low, high = self.extents.bound_letter(sign, letter, spans)
        return low, high, "open"


def _is_condition(formula: Formula | None) -> bool:
    return isinstance(formula, Relation) and formula.relations[0] not in ("=", "in")


def _number(value: int) -> Formula:
    number = Numeral(str(abs(value)), Fraction(abs(value)))
    return Bracket("(", Signed("-", number)) if value < 0 else number
