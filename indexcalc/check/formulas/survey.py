r"""Looking at all formulas of a document: how its names are written, as far as it takes several of them to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lark import Tree

from indexcalc.notation.latex.scripts import node
from indexcalc.notation.latex.words import base_name, index_words, is_braced, items_of, letters_of
from indexcalc.notation.syntax.places import NAMES, Syntax, kind, subtrees

BRACKETS = ("bracket", "braces")
TIME = "t"
DOTS = (r"\dot", r"\ddot")


@dataclass
class Seen:
    """How one name is written: the letters above it, and whether it has none or other exponents there elsewhere.

    below: the indices below it, by occurrence. whole: whether it stands for all its elements, as a bold letter does.
    """

    above: set[str] = field(default_factory=set)
    otherwise: bool = False
    below: list[tuple[str, ...]] = field(default_factory=list)
    whole: bool = False

    def is_numbered(self, is_summed: bool) -> bool:
        """Whether a single digit is all that ever stands below it, not only once or as a sum."""
        digits = all(len(each) == 1 and each[0].isdigit() for each in self.below)
        return digits and len(self.below) > (0 if is_summed else 1) and not self.whole

    @property
    def is_vector(self) -> bool:
        """Whether it always has one index."""
        return bool(self.below) and all(len(each) == 1 for each in self.below)


@dataclass
class Formula:
    """The letters of one chain: those that surely are indices, those summed over, and those above names."""

    indices: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    above: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    bracketed: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Survey:
    r"""What was seen in the formulas so far.

    plain: letters that stand as numbers. steps: those in exponents such as l - 1. variables: what is differentiated by.
    primed: indices that end in primes. moving, slopes: what is differentiated by the time, and by something else.
    fields: what \partial_i stands before. dotted: names with dots. left: names that are a first side.
    summed: those of them with indices in their equation.
    from_zero: whether a sum begins at 0, which is a place.
    """

    names: dict[str, Seen] = field(default_factory=dict)
    formulas: list[Formula] = field(default_factory=list)
    plain: set[str] = field(default_factory=set)
    exponents: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    primed: set[str] = field(default_factory=set)
    moving: dict[str, int] = field(default_factory=dict)
    slopes: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    dotted: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    summed: set[str] = field(default_factory=set)
    from_zero: bool = False

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
        for part in subtrees(tree):
            self._visit(part)
        return None

    def _seen(self, base: Syntax) -> Seen:
        return self.names.setdefault(base_name(base) or "", Seen())

    def _bare(self, tree: Syntax) -> None:
        """A name without scripts."""
        if kind(tree) == "accent":
            self._dotted(tree, tree)
        seen = self._seen(tree)
        seen.otherwise = True
        seen.whole = seen.whole or kind(tree) == "font"

    def _name(self, tree: Syntax) -> None:
        self._bare(tree)
        self.plain.add(base_name(tree) or "")

    def _dotted(self, accent: Syntax, tree: Syntax) -> None:
        """A name with dots, which is the derivative of one by the time."""
        sign, inner = str(accent.children[0]), subtrees(accent)[-1]
        whole = inner if kind(inner) == "scripted" else node("scripted", [inner, *tree.children[1:]], tree)
        if sign in DOTS and (name := base_name(base_of(inner))):
            self._differentiated(name, whole, [TIME])
            self.dotted.add(name)

    def _scripted(self, tree: Syntax) -> None:
        base, *scripts = subtrees(tree)
        if kind(base) == "accent":
            self._dotted(base, tree)
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
        above, below = ([*factors(part)] for part in subtrees(tree))
        if not (is_differential(above[0]) and is_differential(below[0])):
            for part in subtrees(tree):
                self._visit(part)
            return
        lines = (above[1:], [part for part in below if not is_differential(part)])
        for line in lines:
            for part in line:
                if kind(part) in NAMES and (len(line) == 1 or line is lines[1]):
                    self._bare(part)
                else:
                    self._visit(part)
        variables = [name for part in lines[1] if (name := base_name(base_of(part)))]
        self.variables.update(variables)
        if len(lines[0]) == 1 and (name := base_name(base_of(lines[0][0]))):
            self._differentiated(name, lines[0][0], variables)

    def _differentiated(self, name: str, tree: Syntax, variables: Sequence[str]) -> None:
        """A name that is differentiated, by the time or by something else."""
        if variables == [TIME]:
            below = [script for script in subtrees(tree)[1:] if kind(script) == "below"]
            letters = letters_of(below[0]) if kind(tree) == "scripted" and below else ()
            self.moving.setdefault(name, len(letters))
        else:
            self.slopes.add(name)

    def _product(self, tree: Syntax) -> None:
        parts = subtrees(tree)
        for part, after in zip(parts, [*parts[1:], None], strict=True):
            if after is not None and kind(part) in NAMES and kind(base_of(after)) in BRACKETS:
                self.called.add(base_name(part) or "")
            if after is not None and kind(part) == "scripted" and kind(base_of(part)) == "partial":
                self.fields.update(filter(None, [base_name(base_of(after))]))
            self._visit(part)

    def _big(self, tree: Syntax) -> None:
        """A sum: what stands below it are indices, above it a size."""
        *scripts, body = subtrees(tree)
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
        self._visit(subtrees(tree)[-1])


RULES = {
    **dict.fromkeys(NAMES, Survey._name),
    "scripted": Survey._scripted,
    "fraction": Survey._fraction,
    "product": Survey._product,
    "big": Survey._big,
    "applied": Survey._applied,
}


def factors(tree: Syntax) -> Sequence[Syntax]:
    """The factors of a product, or the only one."""
    return subtrees(tree) if kind(tree) == "product" else [tree]


def base_of(tree: Syntax) -> Syntax:
    """What scripts stand at."""
    return subtrees(tree)[0] if kind(tree) == "scripted" else tree


def is_differential(tree: Syntax) -> bool:
    """Whether this is the sign of a derivative, perhaps with its order."""
    base = base_of(tree)
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
