r"""Conditions in LaTeX, and cases: rows with conditions that must cover everything exactly once.

What two sides can be to each other (less, equal, greater) is a fact with three outcomes. All combinations of outcomes
that can occur together are listed; each must satisfy the condition of exactly one row, else the gap or the overlap is
named. The rows then become nested choices, the fact that most rows ask for first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Protocol, TypeAlias

from lark import Token, Tree

from indexcalc.errors import IndexcalcError
from indexcalc.notation.latex.scripts import node as make
from indexcalc.notation.latex.scripts import token
from indexcalc.notation.syntax.places import Syntax, kind

RELATIONS = {
    **dict.fromkeys(("=", "==", r"\equiv"), "=="),
    **dict.fromkeys((r"\neq", r"\ne", "≠", r"\not="), "!="),
    **dict.fromkeys(("<", r"\lt"), "<"),
    **dict.fromkeys((">", r"\gt"), ">"),
    **dict.fromkeys(("<=", r"\leq", r"\le", "≤"), "<="),
    **dict.fromkeys((">=", r"\geq", r"\ge", "≥"), ">="),
}
ALLOWED = {"==": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}  # outcomes that satisfy a relation
FLIPPED = {"<": ">", "=": "=", ">": "<"}
NUMBER = re.compile(r"-?[0-9.]+")
MOST_FACTS = 7  # pairs of sides compared in one set of cases


class Translator(Protocol):
    """What is needed to translate the sides of a condition."""

    def expression(self, tree: Syntax) -> Syntax:
        """The shared tree of an expression."""

    def error(self, cause: str, remedy: str, *nodes: Syntax | Token) -> IndexcalcError:
        """An error at these nodes."""


Comparison: TypeAlias = "tuple[Syntax, str, Syntax]"


def comparisons(translator: Translator, tree: Syntax) -> Iterator[Comparison]:
    """The comparisons in one of several sides: i = j = k is two."""
    if kind(tree) != "comparison":
        raise translator.error("this is no condition", "Write one such as i = j", tree)
    sides = [translator.expression(each) for each in tree.children if isinstance(each, Tree)]
    signs = [each for each in tree.children if isinstance(each, Token)]
    for (left, right), sign in zip(pairwise(sides), signs, strict=True):
        yield left, RELATIONS["".join(str(sign).split())], right


def relation(translator: Translator, left: Syntax, sign: str, right: Syntax) -> Syntax:
    """The node of a condition."""
    return make("condition", [left, token("RELATION", sign, left), right], left)


# ----- Cases -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """Two sides that are compared, by their texts in order."""

    left: str
    right: str


@dataclass(frozen=True)
class Row:
    """A row: its value, and its condition as alternatives of demands; no alternatives: in all other cases."""

    value: Syntax
    alternatives: tuple[Mapping[Fact, str], ...] | None

    def holds(self, outcomes: Mapping[Fact, str]) -> bool:
        """Whether the condition of the row holds for some outcomes."""
        return any(
            all(outcomes[fact] in allowed for fact, allowed in demands.items()) for demands in self.alternatives or ()
        )


Choice: TypeAlias = "int | tuple[Fact, tuple[Choice, Choice, Choice]]"  # a row, or what to choose for < = >


def chosen(translator: Translator, tree: Syntax) -> Syntax:
    """The nested choices that some cases mean."""
    return _simple(translator, tree) or _Cases(translator, tree).choice()


def _simple(translator: Translator, tree: Syntax) -> Syntax | None:
    """One comparison and otherwise: a choice as it stands; none for any other cases."""
    rows = [each.children for each in tree.children if isinstance(each, Tree)]
    if len(rows) != 2 or not isinstance(rows[1][-1], Token):
        return None
    values = [row[0] for row in rows if isinstance(row[0], Tree)]
    conditions = rows[0][-1]
    if (
        not isinstance(conditions, Tree)
        or len(conditions.children) != 1
        or not isinstance(conditions.children[0], Tree)
    ):
        return None
    found = list(comparisons(translator, conditions.children[0]))
    if len(found) > 1:
        return None
    return make("where", [relation(translator, *found[0]), *map(translator.expression, values)], tree)


class _Cases:
    """The rows of one set of cases."""

    def __init__(self, translator: Translator, tree: Syntax) -> None:
        self.translator, self.tree = translator, tree
        self.sides: dict[Fact, tuple[Syntax, Syntax]] = {}
        self.ordered: set[Fact] = set()  # facts of which less and greater are told apart
        rows = [each for each in tree.children if isinstance(each, Tree)]
        self.rows = [self._row(each) for each in rows]
        self.others = [place for place, row in enumerate(self.rows) if row.alternatives is None]
        if len(self.others) > 1 or (self.others and self.others[0] < len(self.rows) - 1):
            raise translator.error(
                "only the last case can be the one for all others", "Leave one", rows[self.others[0]]
            )
        if len(self.sides) > MOST_FACTS:
            raise translator.error("these cases compare too many things", "Split them", tree)

    def _row(self, tree: Syntax) -> Row:
        value, *rest = tree.children
        assert isinstance(value, Tree)
        conditions = rest[0] if rest else None
        shown = self.translator.expression(value)
        if not isinstance(conditions, Tree):
            return Row(shown, None)
        alternatives: list[dict[Fact, str]] = [{}]
        for part in conditions.children:
            if isinstance(part, Token):
                if part.type.endswith("OR"):
                    alternatives.append({})
                continue
            for comparison in comparisons(self.translator, part):
                fact, allowed = self._demand(*comparison)
                before = alternatives[-1].get(fact, "<=>")
                alternatives[-1][fact] = "".join(outcome for outcome in before if outcome in allowed)
        return Row(shown, tuple(alternatives))

    def _demand(self, left: Syntax, sign: str, right: Syntax) -> tuple[Fact, str]:
        names = text_of(left), text_of(right)
        if names[0] == names[1]:
            raise self.translator.error("both sides of this condition are the same", "Compare two things", left)
        allowed = ALLOWED[sign]
        if names[1] < names[0]:
            left, right, names = right, left, names[::-1]
            allowed = "".join(FLIPPED[outcome] for outcome in allowed)
        fact = Fact(*names)
        self.sides.setdefault(fact, (left, right))
        if allowed not in ("=", "<>"):
            self.ordered.add(fact)
        return fact, allowed

    # ----- Complete, and no two at once

    def choice(self) -> Syntax:
        """The nested choices."""
        table = {outcomes: self._row_for(outcomes) for outcomes in self._possible()}
        facts = sorted(self.sides, key=lambda fact: -self._asked(fact))
        return self._tree(_decided(facts, table, list(self.sides)))

    def _asked(self, fact: Fact) -> int:
        return sum(fact in demands for row in self.rows for demands in row.alternatives or ())

    def _possible(self) -> Iterator[tuple[str, ...]]:
        """All combinations of outcomes that can occur together, in the order of the facts."""
        options = ["<=>" if fact in self.ordered else "<=" for fact in self.sides]
        for outcomes in product(*options):
            if self._consistent(dict(zip(self.sides, outcomes, strict=True))):
                yield outcomes

    def _row_for(self, outcomes: tuple[str, ...]) -> int:
        known = dict(zip(self.sides, outcomes, strict=True))
        fitting = [place for place, row in enumerate(self.rows) if row.holds(known)]
        if len(fitting) > 1 and len({text_of(self.rows[place].value) for place in fitting}) > 1:
            first, second = (self.rows[place].value for place in fitting[:2])
            cause = f"two cases hold at once where {self._said(known)}"
            raise self.translator.error(cause, "Make their conditions exclude each other", first, second)
        if not fitting and not self.others:
            cause = f"no case holds where {self._said(known)}"
            raise self.translator.error(cause, r"Add a row for it, or one with \text{otherwise}", self.tree)
        return (fitting or self.others)[0]

    def _said(self, outcomes: Mapping[Fact, str]) -> str:
        """Some outcomes in words, without those that the others imply."""
        facts = []
        for fact, outcome in outcomes.items():
            sign = outcome if fact in self.ordered or outcome == "=" else "!="
            facts.append(f"{fact.left} {sign} {fact.right}")
        return " and ".join(facts)

    def _consistent(self, outcomes: Mapping[Fact, str]) -> bool:
        """Whether equality and order hold together: i = j, j = k and i != k do not."""
        names = {name for fact in outcomes for name in (fact.left, fact.right)}
        group = {name: name for name in names}
        for fact, outcome in outcomes.items():
            if outcome == "=":
                old, new = group[fact.left], group[fact.right]
                group = {name: new if root == old else root for name, root in group.items()}
        less = {(group[lower], group[upper]) for lower, upper in _numbers_in_order(names)}
        for fact, outcome in outcomes.items():
            pair = group[fact.left], group[fact.right]
            if outcome != "=" and pair[0] == pair[1]:
                return False
            if outcome != "=" and fact in self.ordered:
                less.add(pair if outcome == "<" else pair[::-1])
        return not _circular(less)

    # ----- The tree

    def _tree(self, choice: Choice) -> Syntax:
        if isinstance(choice, int):
            return self.rows[choice].value
        fact, (less, equal, greater) = choice
        left, right = self.sides[fact]
        if fact not in self.ordered or less == greater:
            return self._where(left, "==", right, equal, less)
        if equal == greater:
            return self._where(left, "<", right, less, greater)
        if less == equal:
            return self._where(left, ">", right, greater, less)
        otherwise = self._where(left, "<", right, less, greater)
        return make("where", [relation(self.translator, left, "==", right), self._tree(equal), otherwise], self.tree)

    def _where(self, left: Syntax, sign: str, right: Syntax, then: Choice, otherwise: Choice) -> Syntax:
        condition = relation(self.translator, left, sign, right)
        return make("where", [condition, self._tree(then), self._tree(otherwise)], self.tree)


def _decided(facts: Sequence[Fact], table: Mapping[tuple[str, ...], int], order: Sequence[Fact]) -> Choice:
    """Ask for the facts one by one, as long as more than one row is left."""
    rows = set(table.values())
    if len(rows) == 1:
        return rows.pop()
    place = order.index(facts[0])
    halves = {sign: {key: row for key, row in table.items() if key[place] == sign} for sign in "<=>"}
    some = next(half for half in halves.values() if half)
    less, equal, greater = (_decided(facts[1:], halves[sign] or some, order) for sign in "<=>")
    if not halves["<"] or not halves[">"]:  # less and greater are not told apart, or one cannot be
        less = greater = less if halves["<"] else greater
    if less == equal == greater:
        return less
    return facts[0], (less, equal, greater)


def _numbers_in_order(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    return pairwise(sorted((name for name in names if NUMBER.fullmatch(name)), key=float))


def _circular(less: set[tuple[str, str]]) -> bool:
    """Whether something is less than itself."""
    while less:
        lowest = {lower for lower, _ in less} - {upper for _, upper in less}
        if not lowest:
            return True
        less = {pair for pair in less if pair[0] not in lowest}
    return False


def text_of(tree: Syntax) -> str:
    """A shared tree as text, the same for the same expression."""
    if kind(tree) in ("name", "number"):
        return str(tree.children[0])
    if kind(tree) == "tensor":
        name, indices = tree.children
        letters = indices.children if isinstance(indices, Tree) else []
        return f"{name}[{','.join(map(str, letters))}]"
    parts = [str(each) if isinstance(each, Token) else text_of(each) for each in tree.children]
    return f"{kind(tree)}({' '.join(parts)})" if kind(tree) != "negative" else "".join(parts)
