r"""Elements: names with places below them, or above them in brackets, and which of the places are on a line.

A place is on a line where the text reckons it somewhere: x_{i+1}, \delta_{i,j-1}. A letter on a line counts there, so
that every place at which it stands is on a line, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indexcalc.audit.placed.forms import Place, items_of, place_of
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.names import is_transposed, letter_of, split_formula
from indexcalc.notation.formula import Bracket, Formula, Mark, Name, Numeral, Product, Scripted, Sequence, walk

Slot = tuple[str, int]


@dataclass(frozen=True)
class Element:
    """A name with its places. key: what tells its tensor; items: what is written at each place.

    above: what else stands above it, a power or a transposition.
    """

    base: Name
    key: str
    items: tuple[Formula, ...]
    places: tuple[Place | None, ...]
    above: Formula | None
    primes: int
    written: Formula


def element_of(formula: Formula, known: Knowledge) -> Element | None:
    """A name with its places; none of anything else."""
    parts = split_formula(formula) if isinstance(formula, Scripted) else None
    if parts is None:
        return None
    base, below, above, primes = parts
    scripts = above.items if isinstance(above, Sequence) else (above,) if above is not None else ()
    raised: list[Formula] = []
    left: list[Formula] = []
    for script in scripts:
        places = _above(script, formula, known)
        raised += places
        left += [] if places else [script]
    items = [*_lower(below, known.letters.kinds.get(letter_of(base), set())), *raised]
    words = [each for each in items if _is_word(each)]
    own = tuple(each for each in items if each not in words)
    if not own or len(left) > 1:
        return None
    labels = "".join(f"_{_word(each)}" for each in words)
    key = f"{letter_of(base)}{labels}/{len(own)}"
    return Element(base, key, own, tuple(map(place_of, own)), left[0] if left else None, primes, formula)


def _lower(below: Formula | None, kinds: set[int]) -> list[Formula]:
    """The items below a name: 2i is one place, unless the name has two elsewhere, A_{1i} and A_{2i}."""
    if isinstance(below, Product) and len(below.factors) == 2 and max(kinds, default=0) > 1:
        return [each for _, each in below.factors]
    return items_of(below)


def _above(script: Formula, formula: Formula, known: Knowledge) -> list[Formula]:
    """The places that a superscript is; none if it is a power or anything else."""
    if is_transposed(script) or isinstance(script, Mark):
        return []
    if isinstance(script, Bracket) and script.mark in "([":
        found = items_of(script.body)
        return found if all(place_of(each) is not None for each in found) else []
    if isinstance(formula, Scripted) and letter_of_base(formula) in known.letters.stepped:
        return [script] if place_of(script) is not None else []
    if isinstance(script, Numeral):
        return []
    use = known.use(formula)
    is_place = use is not None and use.power is None and place_of(script) is not None
    return [script] if is_place else []


def letter_of_base(formula: Scripted) -> str:
    """The letter of a name with scripts."""
    parts = split_formula(formula)
    return "" if parts is None else letter_of(parts[0])


def _is_word(formula: Formula) -> bool:
    return isinstance(formula, Mark) or (
        isinstance(formula, Name) and len(formula.letter) > 1 and formula.font == "upright"
    )


def _word(formula: Formula) -> str:
    return formula.sign if isinstance(formula, Mark) else formula.letter if isinstance(formula, Name) else ""


def elements_in(formula: Formula, known: Knowledge) -> Iterator[Element]:
    """The elements that a formula writes."""
    for each in walk(formula):
        found = element_of(each, known) if isinstance(each, Scripted) else None
        if found is not None:
            yield found


@dataclass(frozen=True)
class LinesFound:
    """The places that are on lines, and the letters that count there."""

    slots: frozenset[Slot]
    letters: frozenset[str]

    def of(self, element: Element) -> list[int]:
        """Which places of an element are on lines."""
        return [place for place in range(len(element.items)) if (element.key, place) in self.slots]


def lines_of(formulas: Iterable[Formula], sizes: frozenset[str], known: Knowledge) -> LinesFound:
    """The places on lines in formulas. sizes: letters that are names of sizes, which do not count."""
    every = {each: None for formula in formulas for each in elements_in(formula, known)}
    slots: set[Slot] = set()
    letters: set[str] = set()
    for each in every:
        for place, form in enumerate(each.places):
            if form is not None and not form.alone and form.names() - sizes:
                slots.add((each.key, place))
                letters |= form.names() - sizes
    if not slots:
        return LinesFound(frozenset(), frozenset())
    grows = True
    while grows:
        before = (len(slots), len(letters))
        for each in every:
            for place, form in enumerate(each.places):
                if form is None:
                    continue
                if (each.key, place) in slots:
                    letters |= form.names() - sizes
                elif not letters.isdisjoint(form.names()):
                    slots.add((each.key, place))
        grows = before != (len(slots), len(letters))
    return LinesFound(frozenset(slots), frozenset(letters))
