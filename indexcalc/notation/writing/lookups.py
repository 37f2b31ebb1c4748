"""Places that are looked up in print: sum[p](E[p,d]*delta[t[i],p]) is written E[t[i],d] (see `looked`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from indexcalc.looked import looked_up
from indexcalc.notation.writing.places import place_text
from indexcalc.terms import (
    NO_PERIOD,
    Constraint,
    Contraction,
    Epsilon,
    Index,
    Indicator,
    Product,
    Tensor,
    Term,
    factors_of,
)
from indexcalc.walk import subterms

LETTER = re.compile(r"[^\W\d]\w*'*(?!\[|\w|')")


def shown_lookups(term: Contraction) -> tuple[Mapping[Index, Term], tuple[Index, ...], Term]:
    """The bound indices that are written as what is looked up; those that are left, and the body of their sum."""
    found: dict[Index, Term] = {}
    bound, factors = list(term.bound), list(factors_of(term.body))
    for factor in factors_of(term.body):
        known = looked_up(factor)
        if known is None or known[1] not in bound or known[1] in known[0].free:
            continue
        value, place = known
        others = [each for each in factors if each is not factor]
        if any(place in each.free for each in others) and all(_is_read(place, each) for each in others):
            bound.remove(place)
            factors = others
            found[place] = value
    return found, tuple(bound), Product(*factors)


def _is_read(place: Index, term: Term) -> bool:
    """Whether an index stands at places of tensors only."""
    for each in subterms(term):
        compared = isinstance(each, Indicator) and isinstance(each.left, Index) and place in (each.left, each.right)
        if compared or (isinstance(each, Constraint | Epsilon) and place in each.free):
            return False
    return True


def shifted_word(value: Term, letter: Callable[[Index], str]) -> str:
    """What is looked up at shifted places, t[i+1], as a place is written; empty if it is nothing of the kind."""
    if not isinstance(value, Contraction):
        return ""
    tensors = [each for each in factors_of(value.body) if isinstance(each, Tensor)]
    words: dict[Index, str] = {}
    for each in factors_of(value.body):
        if isinstance(each, Constraint) and each.relation == "==" and each.period == NO_PERIOD:
            for index, times in each.form.letters:
                if index in value.bound and index not in words and abs(times) == 1:
                    words[index] = place_text(each.form.without(index).times(-times), index.range, letter)
                    break
    if len(tensors) != 1 or set(words) != set(value.bound) or len(words) + 1 != len(factors_of(value.body)):
        return ""
    return f"{tensors[0].name}[{','.join(words.get(each) or letter(each) for each in tensors[0].slots)}]"


def letters_in(place: str) -> list[str]:
    """The letters in a place as it is written: i of t[i], which is none itself."""
    return LETTER.findall(place) if "[" in place else [] if place.isdigit() else [place]
