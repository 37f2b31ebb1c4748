r"""Vectors in space: a text that speaks of cross products, curls or the permutation symbol means three dimensions.

A bold capital with a cross before or behind it, or after \nabla \times, is a vector there, not a matrix; so is one
whose elements have one index.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.said import Said
from indexcalc.notation.formula import Applied, Bracket, Formula, Nabla, Name, Product, Scripted, Sequence, walk

# By language, English first.
WORDS = re.compile(
    r"\bcross[- ]products?\b|\bvector products?\b|\bvorticity\b|\blevi[-–\s]?civita\b"
    r"|\bcurls?(?=\s+(?:of|operator|is|are|in|and)\b)|\bcurl-free"
    r"|\b(?:div(?:ergence)?|gradient)(?:,| and|,? or)? curls?\b"
    r"|\bpermutation (?:symbol|tensor)|\balternating (?:symbol|tensor)"
    r"|kreuzprodukt|vektorprodukt|produits? vectoriels?|rotationnel|productos? vectorial|produtos? vetorial|rotacional"
    r"|prodott[oi] vettorial|rotore\b|векторн\w+ произведени|ротор\w*"
    r"|\u53c9\u4e58|\u53c9\u79ef|\u77e2\u79ef|\u5411\u91cf\u79ef|\u7f6e\u6362\u7b26\u53f7|\u65cb\u5ea6",
    re.IGNORECASE,
)


VECTORS = frozenset("ABCDEFGHJKLMNPQSUVWXYZ")  # a bold I is the unit matrix, R and T may be a rotation and a stress


def find_vectors(said: list[Said], known: Knowledge) -> None:
    """Note whether the formulas speak of vectors in space, and which of their bold capitals are vectors."""
    every = [part for each in said for side in each.sides for part in walk(side)]
    known.space = known.space or bool(known.letters.permutations) or any(map(_is_curl, every))
    if not known.space:
        return
    for each in every:
        for part in _crossed(each):
            if isinstance(part, Name) and (part.font == "bold" or "vec" in part.accents):
                _note(part, known)
    matrices = {name.letter for each in every for name in _matrices(each)}
    for each in every:
        if isinstance(each, Name) and each.font == "bold" and each.letter in VECTORS:
            if known.letters.kinds.get(each.letter) == {1} or each.letter not in matrices:
                _note(each, known)


def _matrices(formula: Formula) -> Iterator[Name]:
    """The bold capitals that a formula takes for matrices: with a script above, or right before another bold letter."""
    match formula:
        case Scripted(Name(font="bold") as base, _, above, _) if above is not None:
            yield base
        case Applied(function, argument) if function in ("tr", "det", "inv", "logdet") and argument is not None:
            yield from (each for each in walk(argument) if isinstance(each, Name) and each.font == "bold")
        case Product(factors):
            for (_, first), (operator, second) in itertools.pairwise(factors):
                inner = second.base if isinstance(second, Scripted) else second
                joins = isinstance(inner, Name) and inner.font == "bold"
                if isinstance(first, Name) and operator in ("juxtaposed", "colon") and joins:
                    yield first
                if operator == "colon" and isinstance(inner, Name):
                    yield inner


def _note(name: Name, known: Knowledge) -> None:
    use = known.use(name)
    if use is not None and max(known.letters.kinds.get(use.name) or {1}) < 2:
        known.vectors.add(use.name)


def _is_curl(formula: Formula) -> bool:
    return isinstance(formula, Nabla) and formula.way == "cross"


def _crossed(formula: Formula) -> Iterator[Formula]:
    """What stands before or behind a cross."""
    if _is_curl(formula):
        assert isinstance(formula, Nabla)
        yield from _ends((formula.body,) if formula.body is not None else ())
    for (_, first), (operator, second) in itertools.pairwise(formula.factors if isinstance(formula, Product) else ()):
        if operator == "cross":
            yield from _ends((first, second))


def _ends(formulas: Iterable[Formula]) -> Iterator[Formula]:
    """Formulas, also those that stand alone in brackets."""
    for each in formulas:
        yield each.body if isinstance(each, Bracket) else each


def is_triple(formula: Formula, known: Knowledge) -> bool:
    """Whether a formula is the scalar triple product of three vectors: [a, b, c]."""
    if not isinstance(formula, Bracket) or not isinstance(formula.body, Sequence):
        return False
    if not known.space or formula.mark != "[":
        return False
    uses = [known.use(item) if isinstance(item, Name | Scripted) else None for item in formula.body.items]
    return len(uses) == 3 and all(use is not None and not use.indices and known.rank(use.name) == 1 for use in uses)
