r"""Functions of all elements that are written with one: f(z_i) = e^{z_i} / \sum_j e^{z_j}.

What they are for one element hangs on the others; so f(z_i) is the element i of a function of z, as f(z)_i is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from indexcalc.notation.formula import (
    Applied,
    Big,
    Bracket,
    Formula,
    Name,
    Numeral,
    Product,
    Scripted,
    Sequence,
    changed,
    walk,
)

VECTORS = ("softmax",)  # functions of the table that belong here where the text says what they are


def functions_of_all(statements: Iterable[tuple[Formula, Formula]]) -> frozenset[str]:
    """The names of functions that the text defines for one element by others, from pairs of equal sides."""
    found: set[str] = set()
    for left, right in statements:
        call = _call(left)
        if call is None:
            continue
        name, argument = call
        letters = _letters(argument)
        if letters is not None and len(set(letters)) == len(letters) and _speaks_of_others(right, argument, letters):
            found.add(name.letter)
    return frozenset(found)


def with_arguments(formula: Formula, names: frozenset[str]) -> Formula:
    """The formula with f_i(z) for f(z_i), where f is one of the names."""
    inner = changed(formula, lambda part: with_arguments(part, names))
    if isinstance(inner, Applied) and inner.function in names:
        called = _call(inner)
        return inner if called is None else Product((("", _element(*called)), ("juxtaposed", _whole(called[1]))))
    if not isinstance(inner, Product):
        return inner
    factors: list[tuple[str, Formula]] = []
    for operator, each in inner.factors:
        function = factors[-1][1] if factors else None
        called = _called(function, each) if operator == "juxtaposed" else None
        if called is not None and called[0].letter in names:
            factors[-1] = (factors[-1][0], _element(*called))
            factors.append((operator, _whole(called[1])))
        else:
            factors.append((operator, each))
    return replace(inner, factors=tuple(factors))


def _call(side: Formula) -> tuple[Name, Scripted] | None:
    """The function and the element, of a side that is a function of one element of a tensor."""
    if isinstance(side, Applied) and side.function in VECTORS and side.below is None and side.above is None:
        argument = side.argument.body if isinstance(side.argument, Bracket) else side.argument
        letters = _letters(argument) if isinstance(argument, Scripted) else None
        if isinstance(argument, Scripted) and letters is not None and len(letters) > 1:
            return Name(side.function, "upright", span=side.span), argument
    if isinstance(side, Product) and len(side.factors) == 2 and side.factors[1][0] == "juxtaposed":
        return _called(side.factors[0][1], side.factors[1][1])
    return None


def _called(function: Formula | None, bracket: Formula) -> tuple[Name, Scripted] | None:
    if not isinstance(function, Name) or not isinstance(bracket, Bracket) or bracket.mark != "(":
        return None
    argument = bracket.body
    return (function, argument) if isinstance(argument, Scripted) and _letters(argument) is not None else None


def _letters(argument: Scripted) -> tuple[str, ...] | None:
    """The indices of an element: letters of their own, or numbers; none if something else stands below."""
    if not isinstance(argument.base, Name) or argument.below is None or argument.primes:
        return None
    below = argument.below
    items = below.items if isinstance(below, Sequence) else (below,)
    if isinstance(below, Product):
        items = tuple(each for _, each in below.factors)
    plain = all(isinstance(each, Numeral) or (isinstance(each, Name) and len(each.letter) == 1) for each in items)
    return tuple(each.letter if isinstance(each, Name) else str(each) for each in items) if plain else None


def _speaks_of_others(body: Formula, argument: Scripted, letters: tuple[str, ...]) -> bool:
    """Whether a formula adds up over other elements of the tensor of which an argument is one."""
    for part in walk(body):
        if not isinstance(part, Big) or part.sign not in ("sum", "prod") or part.body is None:
            continue
        for each in walk(part.body):
            own = isinstance(each, Scripted) and (each.base, each.above) == (argument.base, argument.above)
            others = _letters(each) if own and isinstance(each, Scripted) else None
            if others is not None and len(others) == len(letters) and not set(others) <= set(letters):
                return True
    return False


def _element(function: Name, argument: Scripted) -> Formula:
    return Scripted(function, argument.below, None, 0, span=function.span)


def _whole(argument: Scripted) -> Bracket:
    whole = argument.base if argument.above is None else replace(argument, below=None)
    return Bracket("(", whole, span=argument.span)
