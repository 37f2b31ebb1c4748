"""Chains: the sides of a displayed formula and the relations between them, equation by equation.

An equation that begins with a relation goes on with the chain before it, also if that stands in an earlier formula; one
that begins with an operator, or has nothing before its alignment mark, goes on with the last side. Any other begins a
chain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.layout import Equation, equations
from indexcalc.check.formulas.remarks import Condition
from indexcalc.check.formulas.scan import (
    DEFINITION,
    REVERSED,
    SEPARATING,
    Relation,
    is_empty,
    open_brackets,
    split,
    tokens,
    trimmed,
)


@dataclass(frozen=True, eq=False)
class Chain:
    """Sides and the relations between them: relations[k] stands between sides[k] and sides[k + 1].

    `alone`: it is a single equation and all of its formula. `dialect` is that of the sides; empty: that of each.
    `original`: the sides as they are written, where something was put in their place. `solved`: it is an equation to
    be solved, which ends with zero before an arrow, or what follows from one. `aside`: it stands behind a word such as
    `where`, and only says something of what stands before it. `conditions`: under which it holds.
    """

    sides: tuple[Placed, ...]
    relations: tuple[Relation, ...]
    alone: bool = False
    dialect: str = "latex"
    original: tuple[Placed, ...] = ()
    solved: bool = False
    aside: bool = False
    conditions: tuple[Condition, ...] = ()

    @property
    def start(self) -> int:
        """Where the chain begins in the file."""
        return self.sides[0].start

    def shown(self, place: int) -> str:
        """A side as it is written, on one line."""
        return " ".join((self.original or self.sides)[place].text.split())


def chains(formulas: Iterable[Placed]) -> Iterator[tuple[Chain, ...]]:
    """The chains of each formula. One that begins with a relation goes on with the last chain of the formula before."""
    last: Draft | None = None
    for formula in formulas:
        drafts = drafts_of(formula, last)
        last = next((draft for draft in reversed(drafts) if not draft.aside), None)
        read = ((draft, chain) for draft in drafts for chain in draft.chains() if chain.relations)
        found = [replace(chain, aside=draft.aside) for draft, chain in read]
        own = [chain for chain in found if not chain.aside]
        alone = len(own) == 1 and len(own[0].relations) == 1
        yield tuple(replace(chain, alone=alone) for chain in found)


ZERO = re.compile(r"0|\\(?:mathbf|boldsymbol|bm)\s*\{\s*0\s*\}|\\vec\s*\{?\s*0\s*\}?")
UNFINISHED = re.compile(r"(?:[-+*/(\[]|\\(?:cdot|times|left|odot|oslash|circ))\s*\Z")
CONTINUED = re.compile(r"\s*(?:[+*/)\]]|\\(?:cdot|times|odot|oslash|circ|right|pm)(?![A-Za-z]))")


@dataclass(eq=False)
class Draft:
    """A chain that is being read. A side is the list of its stretches, one a row."""

    sides: list[list[Placed]] = field(default_factory=lambda: [[]])
    relations: list[Relation] = field(default_factory=list)
    open: int = 0  # brackets that the last side leaves open
    aside: bool = False
    conditions: tuple[Condition, ...] = ()

    def add(self, sides: list[Placed], relations: list[Relation]) -> None:
        """Go on with the last side, then with further relations and sides."""
        self.sides[-1].append(sides[0])
        self.sides += [[side] for side in sides[1:]]
        self.relations += relations
        self.open = (self.open if len(sides) == 1 else 0) + open_brackets(tokens(sides[-1].text))

    def goes_on(self, equation: Equation, first: Placed, relations: list[Relation]) -> bool:
        """Whether an equation with this first side goes on with the chain."""
        text = next((part.text for part in reversed(self.sides[-1]) if not is_empty(part.text)), "")
        pending = not text or UNFINISHED.search(text) or self.open > 0
        indented = equation.indented and not relations
        return bool(is_empty(first.text) or pending or indented or CONTINUED.match(first.text))

    def chains(self) -> Iterator[Chain]:
        """The chains in it: an implication parts two, and so does =:, behind which stands what it defines."""
        sides = tuple(joined(parts) for parts in self.sides)
        start, solved = 0, False
        for place, relation in enumerate(self.relations):
            if relation.sort == REVERSED:
                yield Chain(sides[start : place + 1], tuple(self.relations[start:place]), solved=solved)
                yield Chain((sides[place + 1], sides[place]), (replace(relation, sort=DEFINITION),))
                start = place + 1
            if relation.sort in SEPARATING:
                solved = solved or ZERO.fullmatch(sides[place].text) is not None
                yield Chain(sides[start : place + 1], tuple(self.relations[start:place]), solved=solved)
                yield Chain(sides[place : place + 2], (relation,))
                start = place + 1
        yield Chain(sides[start:], tuple(self.relations[start:]), solved=solved, conditions=self.conditions)


def joined(parts: list[Placed]) -> Placed:
    """A side from its stretches."""
    shown = [part for part in parts if not is_empty(part.text)]
    return trimmed(Placed.joined(shown, " ")) if shown else parts[0][:0]


def drafts_of(formula: Placed, before: Draft | None) -> list[Draft]:
    """The chains of one formula. `before` is the last chain of the formula before it."""
    drafts: list[Draft] = []
    current: dict[tuple[int, bool], Draft] = {(0, False): Draft([list(before.sides[-1])])} if before else {}
    for equation in equations(formula):
        sides, relations = split(equation.content)
        where = equation.column, equation.aside
        draft = current.get(where)
        if draft is not None and not drafts and not (is_empty(sides[0].text) and relations):
            draft = None  # only a relation goes on with an earlier formula
        new = draft is None or not draft.goes_on(equation, sides[0], relations)
        if draft is None or new:
            draft = Draft(aside=equation.aside)
        if new or not drafts:
            drafts.append(draft)
        current[where] = draft
        draft.add(sides, relations)
        draft.conditions += equation.conditions
    return drafts
