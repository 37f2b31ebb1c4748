r"""What the formulas of a document show together of its names: see notation/syntax/usage.py.

A letter above a name is a label, a power or an index. It is a number, and so makes a power, where it stands elsewhere
as a plain factor, or in an exponent such as 1 - \alpha; it is an index where the same formula has it below a name or
below a sum. A name that always carries the same letter has a label, and so have names with other labels. A letter in
brackets is a label, unless it is summed over: x^{(i)} is an example in \sum_i x^{(i)}, and then everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lark import Token, Tree

from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.survey import BRACKETS, TIME, Formula, Seen, Survey, base_of, factors, is_differential
from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.latex.words import base_name
from indexcalc.notation.parsing import written
from indexcalc.notation.syntax.places import Syntax, kind
from indexcalc.notation.syntax.usage import PRODUCT, Usage

METRICS = ("g", "eta")
PLACES = re.compile(r"_\s*(?:\{([^{}]*)\}|(\d))")
NO_NUMBERS = frozenset(("T", "e"))  # a letter of transposition, and the base of exponentials


class Conclusions(Survey):
    """What follows from all that was seen."""

    def usage(self) -> Usage:
        """What all of it shows."""
        indices = {letter for formula in self.formulas for letter in formula.indices}
        names = self.names.items()
        lettered = {name for name, seen in names if any(not word.isdigit() for each in seen.below for word in each)}
        return Usage(
            powers=frozenset(name for name, seen in names if self._has_powers(seen, indices)),
            raised=frozenset(self._raised()),
            examples=frozenset(self._examples()),
            numbered=frozenset(name for name, seen in names if seen.is_numbered(name in self.summed)),
            zeros=frozenset(self.names.keys() - lettered if self.from_zero else self.names),
            called=frozenset(self.called),
            primed=frozenset(self.primed),
            moving={} if TIME in self.plain | self.exponents | self.steps | indices else self._moving(),
            slopes=frozenset(self.slopes),
            fields=frozenset(self.fields),
            vectors=frozenset(name for name, seen in names if seen.is_vector),
            reach=PRODUCT,
            metric=any(self._is_metric(name) for name in METRICS),
        )

    def _moving(self) -> dict[str, int]:
        """The unknown functions of the time; none where one with a definition has a dot, which would be two things."""
        if not self.dotted.isdisjoint(self.left):
            return {}
        return {name: rank for name, rank in self.moving.items() if name not in self.left}

    def _raised(self) -> set[str]:
        """The names with indices above them: a formula has one of these as an index elsewhere too, and so on."""
        raised: set[str] = set()
        while True:
            known = len(raised)
            for formula in self.formulas:
                found = formula.indices | {
                    letter for name, letters in formula.above if name in raised for letter in letters
                }
                raised |= {name for name, letters in formula.above if self._are_indices(name, letters, found)}
            if len(raised) == known:
                return raised

    def _examples(self) -> set[str]:
        """The names with an index in brackets: one that a sum binds, or the letter of such a name."""
        names: set[str] = set()
        while True:
            known = len(names)
            for formula in self.formulas:
                letters = formula.bound | {letter for name, letter in formula.bracketed if name in names}
                names |= {name for name, letter in formula.bracketed if letter in letters - self.steps}
            if len(names) == known:
                return names

    def _is_metric(self, name: str) -> bool:
        """Whether a name is written with two indices, all above or all below."""
        pairs = [letters for formula in self.formulas for base, letters in formula.above if base == name]
        below = self.names[name].below if name in self.names else []
        return any(len(each) == 2 for each in (*pairs, *below))

    def _are_indices(self, name: str, letters: tuple[str, ...], found: set[str]) -> bool:
        """Whether the letters above a name are indices, of which the formula has these."""
        if found.isdisjoint(letters) or NO_NUMBERS.intersection(letters):
            return False
        numbers = self.plain | self.exponents | self.steps
        return name == "delta" or numbers.isdisjoint(self.names[name].above)

    def _has_powers(self, seen: Seen, indices: set[str]) -> bool:
        if not seen.above or not all(self._is_number(letter, indices) for letter in seen.above):
            return False
        return seen.otherwise or len(seen.above) > 1 or not seen.above.isdisjoint(self.variables)

    def _is_number(self, letter: str, indices: set[str]) -> bool:
        """Whether a letter is a number: one that stands plainly, or in an exponent that no layer has."""
        if letter in indices or letter in NO_NUMBERS:
            return False
        if letter in self.exponents or letter in self.variables:
            return True
        if letter[:1].isupper():
            return letter in self.plain and letter in self.steps
        return letter in self.plain or (letter in self.steps and not self._is_label(letter))

    def _is_label(self, letter: str) -> bool:
        """Whether a name always carries this letter."""
        return any(seen.above == {letter} and not seen.otherwise for seen in self.names.values())


def usage_of(chains: Iterable[Chain]) -> Usage:
    """What the formulas of a document show of its names; what cannot be read shows nothing."""
    survey = Conclusions()
    for chain in chains:
        survey.formulas.append(Formula())
        left = None
        for side, tree in _trees(chain):
            survey.side(tree)
            if side is chain.sides[0]:
                left = base_name(base_of(tree))
        if left:
            survey.left.add(left)
        if left and survey.formulas[-1].indices:
            survey.summed.add(left)
    return survey.usage()


def wide_operators(chain: Chain) -> Iterator[int]:
    """Where derivatives stand before a bracket with further factors behind it, in the file."""
    for side, tree in _trees(chain):
        for product in tree.find_data("product"):
            parts = product.children
            for operator, operand, _ in zip(parts, parts[1:], parts[2:], strict=False):
                if _is_operator(operator) and isinstance(operand, Tree) and kind(base_of(operand)) in BRACKETS:
                    yield side.place(product.meta.start_pos)


def _trees(chain: Chain) -> Iterator[tuple[Placed, Syntax]]:
    for side in chain.sides if chain.dialect == "latex" else ():
        try:
            yield side, written(side.text, Span(0, len(side.text)))
        except IndexcalcError:
            continue


def _is_operator(part: Syntax | Token) -> bool:
    if not isinstance(part, Tree) or kind(part) != "fraction":
        return False
    above, below = (child for child in part.children if isinstance(child, Tree))
    return is_differential(above) and is_differential(factors(below)[0])


def highest_place(chains: Iterable[Chain]) -> int:
    """The largest digit that stands below a name; 0 if there is none."""
    below = (each for chain in chains for side in chain.sides for each in PLACES.findall(side.text))
    return max((int(digit) for each in below for digit in "".join(each) if digit.isdigit()), default=0)
