r"""Other spellings of transpositions: A^t, X'X, where a document shows that it means them.

A letter t above the line transposes if the document has no other sign for it, t stands nowhere else, and what it stands
at is a matrix or a vector by its looks. A prime does if a name stands with it before itself: X'X.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import SHOWN
from indexcalc.context.names import is_transposed
from indexcalc.context.said import Said
from indexcalc.notation.formula import Bracket, Formula, Mark, Name, Product, Scripted, Sum, Table, changed, walk
from indexcalc.notation.laid import Laid

TURNED = Mark("transposed")


def turning(formulas: Iterable[Formula]) -> frozenset[str]:
    """The signs, beside the usual ones, by which a document transposes: t, or a prime."""
    every = [part for formula in formulas for part in walk(formula)]
    if any(isinstance(part, Scripted) and is_transposed(part.above) for part in every):
        return frozenset()
    found = set()
    raised = [part for part in every if isinstance(part, Scripted) and _is_t(part.above)]
    if raised and sum(map(_is_t, every)) == len(raised) and any(_looks_like_matrix(part.base) for part in raised):
        found.add("t")
    if any(_before_itself(part) for part in every):
        found.add("'")
    return frozenset(found)


def _is_t(formula: Formula | None) -> bool:
    return isinstance(formula, Name) and formula.letter == "t" and formula.font in ("", "plain")


def _looks_like_matrix(base: Formula) -> bool:
    match base:
        case Name(letter, font, accents):
            return letter[:1].isupper() or font == "bold" or "vec" in accents
        case Scripted(inner):
            return _looks_like_matrix(inner)
        case Bracket("(" | "[", body):
            return any(_looks_like_matrix(each) for each in walk(body) if isinstance(each, Name))
    return isinstance(base, Laid | Table)


def _before_itself(formula: Formula) -> bool:
    """Whether a name with a prime stands right before the same name without: X'X."""
    factors = formula.factors if isinstance(formula, Product) else ()
    for (_, first), (operator, second) in itertools.pairwise(factors):
        match first:
            case Scripted(Name() as base, None, None, 1) if operator == "juxtaposed" and base == second:
                return True
    return False


def with_transpositions(formula: Formula, signs: frozenset[str]) -> Formula:
    """The formula with such signs as transpositions."""
    inner = changed(formula, lambda part: with_transpositions(part, signs))
    match inner:
        case Scripted(above=above) if "t" in signs and _is_t(above):
            return replace(inner, above=TURNED)
        case Scripted(Name() | Bracket(), below, None, 1) if "'" in signs:
            return Scripted(inner.base, below, TURNED, span=inner.span)
        case Product(factors) if "'" in signs:
            return replace(inner, factors=_with_calls(factors))
    return inner


def _with_calls(factors: tuple[tuple[str, Formula], ...]) -> tuple[tuple[str, Formula], ...]:
    """The factors; f'(x) stays a derivative, where f is a small letter before the bracket of one name."""
    found = list(factors)
    for place, ((_, first), (operator, second)) in enumerate(itertools.pairwise(factors)):
        match first, second:
            case Scripted(Name(letter) as base, None, Mark("transposed"), 0), Bracket("(", Name() | Scripted()) if (
                operator == "juxtaposed" and letter.islower() and base.font != "bold"
            ):
                found[place] = (factors[place][0], Scripted(base, None, None, 1, span=first.span))
    return tuple(found)


def turned_in_brackets(said: Iterable[Said], known: Knowledge) -> None:
    r"""Vectors and matrices that are transposed with a bracket around them: (a^{[l-1]})^\top, (x_n - m_k)^\top."""
    for part, place in ((part, each.place) for each in said for side in each.sides for part in walk(side)):
        if not (isinstance(part, Scripted) and isinstance(part.base, Bracket) and is_transposed(part.above)):
            continue
        inner = part.base.body
        for _, term in inner.terms if isinstance(inner, Sum) else ():
            each = known.use(term) if isinstance(term, Scripted) else None
            if each is not None and each.power is None and each.letter[:1].islower():
                if len(each.indices) == known.count(each.name) == 1:
                    known.believe(each.name, 1, SHOWN, place, "it is transposed with its index")
        use = known.use(inner) if isinstance(inner, Scripted) else None
        if use is not None and use.labels and not use.indices and not known.count(use.name):
            size = 2 if use.letter[:1].isupper() and use.name not in known.vectors else 1
            known.believe(use.name, size, SHOWN, place, "it is transposed")
