r"""Bold letters that are not what they look like: a strain \bm\epsilon is a matrix, an energy \bm\Phi a number.

A bold small letter is a matrix if its trace, its determinant or its inverse is taken, if it stands beside a colon, or
is defined as what adds something to its transpose. A bold letter is a number if what defines it is one by its form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.names import is_transposed, written
from indexcalc.context.said import Said
from indexcalc.notation.formula import (
    Applied,
    Bars,
    Bracket,
    Differential,
    Formula,
    Nabla,
    Name,
    Numeral,
    Product,
    Quotient,
    Root,
    Scripted,
    Signed,
    Sum,
    walk,
)
from indexcalc.notation.lexicon import GREEK

OF_MATRICES = frozenset(("tr", "det", "inv", "logdet"))
OF_NUMBERS = frozenset(("log", "exp", "sqrt", "sin", "cos"))


def find_tensors(said: list[Said], known: Knowledge) -> None:
    """Note the bold letters that are matrices or numbers, by what is done with them."""
    for each in said:
        for side in each.sides:
            for part in walk(side):
                known.tensors |= set(_names(_matrices(part), known))
                known.vectors |= set(_places(part, known))
        if len(each.sides) > 1 and each.relations[0] in ("equality", "definition"):
            left, right = each.sides[:2]
            if is_number(right) and not isinstance(right, Numeral):
                known.scalars |= set(_names([left], known))
            if _is_symmetrised(right):
                known.tensors |= set(_names([left], known))
    known.scalars -= known.tensors


def _places(formula: Formula, known: Knowledge) -> Iterator[str]:
    r"""The name of the place X by which the gradient \nabla_X u of a vector is taken."""
    match formula:
        case Nabla("nabla", Name() as below, Name(letter, "bold"), "") if letter[:1].islower():
            use = known.use(below)
            if use is not None and not known.letters.kinds.get(use.name):
                yield use.name


def _names(formulas: Iterable[Formula], known: Knowledge) -> Iterator[str]:
    """The names of bold letters without an index."""
    for each in formulas:
        base = each.body if isinstance(each, Differential) else each
        if isinstance(base, Name) and base.font == "bold":
            use = known.use(base)
            if use is not None:
                yield use.name


def _matrices(formula: Formula) -> Iterator[Formula]:
    """What must be a matrix for a formula to have a meaning."""
    match formula:
        case Applied(function, Formula() as argument) if function in OF_MATRICES:
            yield argument.body if isinstance(argument, Bracket) else argument
        case Scripted(Name() as base, None, Signed("-", Numeral("1")), 0):
            yield base
        case Product(factors):
            for (_, first), (operator, second) in pairwise(factors):
                if operator == "colon":
                    yield from (first, second)


def _is_symmetrised(formula: Formula) -> bool:
    """Whether a formula adds something to its transpose."""
    for part in walk(formula):
        if isinstance(part, Sum) and len(part.terms) == 2:
            plain, turned = (_turned(term) for _, term in part.terms)
            if plain[0] == turned[0] and plain[1] != turned[1]:
                return True
    return False


def _turned(formula: Formula) -> tuple[str, bool]:
    """A formula without the transposition of all of it, or of its last name; and whether it had one."""
    words = written(formula)
    for part in walk(formula):
        if isinstance(part, Scripted) and is_transposed(part.above):
            bare = part.base.body if isinstance(part.base, Bracket) else part.base
            return words.replace(written(part), written(bare)), True
    return words, False


def is_number(formula: Formula) -> bool:
    """Whether a formula is a number by its form: traces, determinants, A : B, Greek letters that are not bold."""
    match formula:
        case Numeral() | Bars():
            return True
        case Name(letter, font):
            return letter in GREEK and font != "bold"
        case Scripted(base, below, above, 0):
            return below is None and isinstance(above, Numeral) and is_number(base)
        case Applied(function, Formula() as argument):
            return function in ("tr", "det", "logdet") or (function in OF_NUMBERS and is_number(argument))
        case Sum(terms):
            return all(is_number(term) for _, term in terms)
        case Signed(_, body) | Bracket("(" | "[", body) | Root(body):
            return is_number(body)
        case Quotient(above, below):
            return is_number(above) and is_number(below)
        case Product(factors):
            return _is_number_product(factors)
    return False


def _is_number_product(factors: tuple[tuple[str, Formula], ...]) -> bool:
    """Whether a product is a number: all of its factors are, but one name twice with a colon between."""
    if len(factors) > 1 and factors[-1][0] == "colon" and factors[-1][1] == factors[-2][1]:
        factors = factors[:-2]
    return all(is_number(each) for _, each in factors)
