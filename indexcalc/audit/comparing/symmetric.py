r"""Derivatives by a symmetric matrix: whether one element is varied by itself, or with the one that is equal to it.

    independent   \partial f / \partial X_{ij} as if nothing were known of X, which is used afterwards (the convention
                  of this project, of Magnus and Neudecker, and of most authors)
    joint         X_{ij} and X_{ji} are one variable: G + G^T - diag(G), where G is the former (Petersen and Pedersen,
                  "The Matrix Cookbook", section 2.8)
    projected     X varies among symmetric matrices, with an inner product: (G + G^T) / 2

A text may say which; else a step is refuted if it is wrong in all of them, and rests on what is not said if it holds in
one of the latter only.
"""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.comparing.grounds import Compared, on_all, undecided
from indexcalc.audit.comparing.worlds import World
from indexcalc.audit.proving.proof import CONFIRMED
from indexcalc.indices import Index
from indexcalc.sheet import Fact
from indexcalc.terms import HALF, Delta, Derivative, Product, Sum, Tensor, Term, negative
from indexcalc.walk import Memo, mapped

Frozen = frozenset[str]
OTHERS = {"joint": "{} and its transposed element are one variable", "projected": "{} varies among symmetric matrices"}


def symmetric_names(facts: Iterable[Assumed], names: Iterable[str]) -> Frozen:
    """Those of the names of which all that the facts say is that they are symmetric."""
    found = set(names)
    for fact in facts:
        for name in (fact.left.symbols | fact.right.symbols) & found:
            if not _exchanges(fact, name):
                found.discard(name)
    return frozenset(found)


def _exchanges(fact: Assumed, name: str) -> bool:
    left, right = fact.left, fact.right
    return (
        isinstance(left, Tensor)
        and isinstance(right, Tensor)
        and left.name == right.name == name
        and len(left.slots) == 2
        and left.slots == right.slots[::-1]
    )


def varied(term: Term, names: Frozen, way: str) -> Term:
    """A term in which derivatives by symmetric matrices are those of a convention."""

    def rule(term: Term, rec: Memo[Term]) -> Term:
        term = mapped(term, rec)
        if not isinstance(term, Derivative) or term.variable.name not in names or len(term.variable.slots) != 2:
            return term
        row, column = term.variable.slots
        turned = Derivative(term.body, Tensor(term.variable.name, (column, row)))
        if way == "projected":
            return Product(HALF, Sum(term, turned))
        return Sum(term, turned, negative(Product(Delta(row, column), term)))

    return Memo(rule)(term)


def in_other_ways(
    sides: list[Term], names: Frozen, world: World, known: list[Fact], axes: tuple[Index, ...]
) -> Compared | None:
    """What is to be said of sides that differ where entries are independent, but not in another convention."""
    for way, words in OTHERS.items():
        found = on_all([varied(side, names, way) for side in sides], world, known, axes)
        if found.verdict.word in CONFIRMED:
            which = words.format(f"an element of {min(names)}")
            return undecided(f"it holds if {which}, and not if its entries are independent: say which is meant")
    return None
