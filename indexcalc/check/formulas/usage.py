r"""What the formulas of a document show together of its names: see notation/syntax/usage.py.

A letter above a name is a label, a power or an index. It is a number, and so makes a power, where it stands elsewhere
as a plain factor, or in an exponent such as 1 - \alpha; it is an index where the same formula has it below a name or
below a sum. A name that always carries the same letter has a label, and so have names with other labels. A letter in
brackets is a label, unless it is summed over: x^{(i)} is an example in \sum_i x^{(i)}, and then everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from lark import Token, Tree

from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import Chain
from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.latex.words import base_name, index_words, is_braced, items_of, letters_of
from indexcalc.notation.parsing import written
from indexcalc.notation.syntax.places import Syntax, kind
from indexcalc.notation.syntax.usage import PRODUCT, Usage

NAMES = ("name", "accent", "font")
BRACKETS = ("bracket", "braces")
METRICS = ("g", "eta")
NO_NUMBERS = frozenset(("T", "e"))  # a letter of transposition, and the base of exponentials


@dataclass
class Seen:
    """How one name is written: the letters above it, and whether it has none or other exponents there elsewhere.

    below: the indices below it, by occurrence. whole: whether it stands for all its elements, as a bold letter does.
    """

    above: set[str] = field(default_factory=set)
    otherwise: bool = False
    below: list[tuple[str, ...]] = field(default_factory=list)
    whole: bool = False

    @property
    def is_numbered(self) -> bool:
        """Whether a single digit is all that ever stands below it, and not only once."""
        digits = all(len(each) == 1 and each[0].isdigit() for each in self.below)
        return digits and len(self.below) > 1 and not self.whole


@dataclass
class Formula:
    """The letters of one chain: those that surely are indices, those summed over, and those above names."""

    indices: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    above: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    bracketed: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Survey:
    """What was seen in the formulas so far.

    plain: letters that stand as numbers. steps: those in exponents such as l - 1. variables: what is differentiated by.
    primed: indices that end in primes. from_zero: whether a sum begins at 0, so that 0 is a place.
    """

    names: dict[str, Seen] = field(default_factory=dict)
    formulas: list[Formula] = field(default_factory=list)
    plain: set[str] = field(default_factory=set)
    exponents: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    primed: set[str] = field(default_factory=set)
    from_zero: bool = False

    # ----- Looking

    def side(self, tree: Syntax) -> None:
        """Take in one side of a chain; a name that is all of a side is no factor."""
        if kind(tree) in NAMES:
            self._bare(tree)
        else:
            self._visit(tree)

    def _visit(self, tree: Syntax) -> None:
        rule = RULES.get(kind(tree))
        if rule is not None:
            return rule(self, tree)
        for part in _subtrees(tree):
            self._visit(part)
        return None

    def _seen(self, base: Syntax) -> Seen:
        return self.names.setdefault(base_name(base) or "", Seen())

    def _bare(self, tree: Syntax) -> None:
        """A name without scripts."""
        seen = self._seen(tree)
        seen.otherwise = True
        seen.whole = seen.whole or kind(tree) == "font"

    def _name(self, tree: Syntax) -> None:
        self._bare(tree)
        self.plain.add(base_name(tree) or "")

    def _scripted(self, tree: Syntax) -> None:
        base, *scripts = _subtrees(tree)
        if kind(base) not in NAMES or base_name(base) is None:
            self._visit(base)
            for script in scripts:
                self._exponent(script) if kind(script) == "above" else self._below("", script)
            return
        seen, name = self._seen(base), base_name(base) or ""
        above = [script for script in scripts if kind(script) == "above"]
        seen.otherwise = seen.otherwise or not above
        for script in scripts:
            if kind(script) == "below":
                self._below(name, script)
            elif kind(script) == "above":
                self._above(name, script)

    def _below(self, name: str, script: Syntax) -> None:
        """The letters below a name."""
        words = index_words(items_of(script))
        found = tuple(word.name for group in words or () for word in group)
        self.formulas[-1].indices.update(word for word in found if not word.isdigit())
        self.primed.update(word for word in found if word.endswith("'") and is_braced(script))
        if name and words is not None:
            self.names[name].below.append(found)

    def _above(self, name: str, script: Syntax) -> None:
        """What stands above a name: letters, or an exponent."""
        letters = letters_of(script)
        if letters:
            self.names[name].above.update(letters)
            self.formulas[-1].above.append((name, letters))
            if name == "delta":
                self.formulas[-1].indices.update(letters)
        elif not any(kind(item) in BRACKETS for item in items_of(script)):
            self.names[name].otherwise = True
            self._exponent(script)
        else:
            for item in (inner for bracket in items_of(script) for inner in items_of(bracket)):
                if kind(item) in NAMES and (letter := base_name(item)):
                    self.formulas[-1].bracketed.append((name, letter))
                elif _stepped(item):
                    self._exponent(script)

    def _exponent(self, script: Syntax) -> None:
        for item in items_of(script):
            stepped = _stepped(item)
            inside = {name for part in item.iter_subtrees() if (name := base_name(part)) and kind(part) in NAMES}
            (self.steps if stepped else self.exponents).update(inside)

    def _fraction(self, tree: Syntax) -> None:
        """A quotient; one of differentials names its variables, which are no factors, and so is what is above alone."""
        above, below = ([*_factors(part)] for part in _subtrees(tree))
        if not (_is_differential(above[0]) and _is_differential(below[0])):
            for part in _subtrees(tree):
                self._visit(part)
            return
        lines = (above[1:], [part for part in below if not _is_differential(part)])
        for line in lines:
            for part in line:
                if kind(part) in NAMES and (len(line) == 1 or line is lines[1]):
                    self._bare(part)
                else:
                    self._visit(part)
        self.variables.update(name for part in lines[1] if (name := base_name(_base(part))))

    def _product(self, tree: Syntax) -> None:
        parts = _subtrees(tree)
        for part, after in zip(parts, [*parts[1:], None], strict=True):
            if after is not None and kind(part) in NAMES and kind(_base(after)) in BRACKETS:
                self.called.add(base_name(part) or "")
            self._visit(part)

    def _big(self, tree: Syntax) -> None:
        """A sum: what stands below it are indices, above it a size."""
        *scripts, body = _subtrees(tree)
        for script in scripts:
            if kind(script) == "below":
                letters = (part for part in script.iter_subtrees() if kind(part) == "name")
                self._below("", script)
                found = {name for part in letters if (name := base_name(part))}
                self.formulas[-1].indices |= found
                self.formulas[-1].bound |= found
                self.from_zero = self.from_zero or any(map(_is_zero, script.iter_subtrees()))
        self._visit(body)

    def _applied(self, tree: Syntax) -> None:
        self._visit(_subtrees(tree)[-1])

    # ----- Conclusions

    def usage(self) -> Usage:
        """What all of it shows."""
        indices = {letter for formula in self.formulas for letter in formula.indices}
        names = self.names.items()
        lettered = {name for name, seen in names if any(not word.isdigit() for each in seen.below for word in each)}
        return Usage(
            powers=frozenset(name for name, seen in names if self._has_powers(seen, indices)),
            raised=frozenset(self._raised()),
            examples=frozenset(self._examples()),
            numbered=frozenset(name for name, seen in names if seen.is_numbered),
            zeros=frozenset(self.names.keys() - lettered if self.from_zero else self.names),
            called=frozenset(self.called),
            primed=frozenset(self.primed),
            reach=PRODUCT,
            metric=any(self._is_metric(name) for name in METRICS),
        )

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


RULES = {
    **dict.fromkeys(NAMES, Survey._name),
    "scripted": Survey._scripted,
    "fraction": Survey._fraction,
    "product": Survey._product,
    "big": Survey._big,
    "applied": Survey._applied,
}


def usage_of(chains: Iterable[Chain]) -> Usage:
    """What the formulas of a document show of its names; what cannot be read shows nothing."""
    survey = Survey()
    for chain in chains:
        survey.formulas.append(Formula())
        for _, tree in _trees(chain):
            survey.side(tree)
    return survey.usage()


def wide_operators(chain: Chain) -> Iterator[int]:
    """Where derivatives stand before a bracket with further factors behind it, in the file."""
    for side, tree in _trees(chain):
        for product in tree.find_data("product"):
            parts = product.children
            for operator, operand, _ in zip(parts, parts[1:], parts[2:], strict=False):
                if _is_operator(operator) and isinstance(operand, Tree) and kind(_base(operand)) in BRACKETS:
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
    above, below = _subtrees(part)
    return _is_differential(above) and _is_differential(_factors(below)[0])


def _subtrees(tree: Syntax) -> list[Syntax]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _factors(tree: Syntax) -> Sequence[Syntax]:
    return _subtrees(tree) if kind(tree) == "product" else [tree]


def _base(tree: Syntax) -> Syntax:
    return _subtrees(tree)[0] if kind(tree) == "scripted" else tree


def _is_differential(tree: Syntax) -> bool:
    base = _base(tree)
    return kind(base) == "partial" or (kind(base) == "name" and str(base.children[0]) == "d")


def _is_zero(tree: Syntax) -> bool:
    return kind(tree) == "number" and str(tree.children[0]) == "0"


def _stepped(tree: Syntax) -> bool:
    """Whether an exponent is a letter and a number to add or subtract, like those of layers: l - 1."""
    if kind(tree) != "sum" or len(tree.children) != 3:
        return False
    first, _, last = tree.children
    is_name = isinstance(first, Tree) and kind(first) == "name"
    return is_name and isinstance(last, Tree) and kind(last) == "number"
