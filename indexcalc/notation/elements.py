r"""Elements of values of functions, and indices with a condition, as they are written elsewhere.

    f(x)_j              f_j(x)               an element of the value of a vector function
    z_{i = j}           z_i and i = j        an index that is said to be another one, or not to be it
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from indexcalc.notation.formula import Bracket, Formula, Name, Product, Relation, Scripted, Sequence, changed
from indexcalc.notation.tex.atoms import is_transposition

COMPARED = ("=", "neq", "ne")
INDICATORS = ("1", "I", "delta", "chi")  # letters that are one where what stands below them holds


def functions_in(sides: Iterable[Formula]) -> frozenset[str]:
    """The letters of which the text says what they are for an argument: of sides that are f(x) or f(x)_j."""
    found = set()
    for side in sides:
        if isinstance(side, Product) and len(side.factors) == 2:
            (_, first), (_, second) = side.factors
            base = second.base if isinstance(second, Scripted) else second
            if isinstance(first, Name) and isinstance(base, Bracket) and _are_names(base):
                found.add(first.letter)
    return frozenset(found)


def with_elements(formula: Formula, functions: frozenset[str]) -> Formula:
    """The formula in which elements of values are values of elements; of such functions, transposed values too."""
    inner = changed(formula, lambda part: with_elements(part, functions))
    if not isinstance(inner, Product):
        return inner
    factors: list[tuple[str, Formula]] = []
    for operator, each in inner.factors:
        last = factors[-1] if factors else ("", each)
        if operator == "juxtaposed" and factors and _is_value(last[1], each, functions) and isinstance(each, Scripted):
            factors[-1] = (last[0], _with_script(last[1], each))
            factors.append((operator, each.base))
        else:
            factors.append((operator, each))
    return replace(inner, factors=tuple(factors))


def without_conditions(formula: Formula) -> tuple[Formula, tuple[Formula, ...]]:
    """The formula with the first letter of each comparison in a subscript, and the comparisons."""
    found: list[Formula] = []

    def plain(part: Formula) -> Formula:
        inner = changed(part, plain)
        if isinstance(inner, Scripted) and inner.below is not None and _is_variable(inner.base):
            below = inner.below
            items = below.items if isinstance(below, Sequence) else (below,)
            if any(_is_comparison(item) for item in items):
                found.extend(item for item in items if _is_comparison(item))
                first = tuple(item.sides[0] if isinstance(item, Relation) else item for item in items)
                return replace(inner, below=replace(below, items=first) if isinstance(below, Sequence) else first[0])
        return inner

    return plain(formula), tuple(dict.fromkeys(found))


def _is_variable(base: Formula) -> bool:
    return isinstance(base, Name) and base.letter not in INDICATORS


def _is_comparison(item: Formula) -> bool:
    return (
        isinstance(item, Relation)
        and len(item.sides) == 2
        and item.relations[0] in COMPARED
        and all(isinstance(side, Name) and len(side.letter) == 1 for side in item.sides)
    )


def _is_value(function: Formula, argument: Formula, functions: frozenset[str]) -> bool:
    """Whether a bracket with a script holds the arguments of a function: names, or elements of one."""
    base = function.base if isinstance(function, Scripted) else function
    if not isinstance(base, Name) or not isinstance(argument, Scripted) or argument.primes:
        return False
    if not isinstance(argument.base, Bracket) or not _are_names(argument.base):
        return False
    if _is_turned(argument):
        return isinstance(function, Name) and base.letter in functions and argument.below is None
    return argument.below is not None and argument.above is None


def _are_names(bracket: Bracket) -> bool:
    inner = bracket.body.items if isinstance(bracket.body, Sequence) else (bracket.body,)
    return bracket.mark == "(" and all(
        isinstance(each, Name) or (isinstance(each, Scripted) and each.above is None) for each in inner
    )


def _is_turned(argument: Scripted) -> bool:
    return argument.above is not None and is_transposition(argument.above)


def _with_script(function: Formula, argument: Scripted) -> Formula:
    if isinstance(function, Scripted):
        below = function.below if argument.below is None else argument.below
        if function.below is not None and argument.below is not None:
            below = Sequence((function.below, argument.below), ",")
        return replace(function, below=below, above=argument.above or function.above)
    return Scripted(function, argument.below, argument.above, 0, span=function.span)
