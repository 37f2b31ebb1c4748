r"""Conditions: i = j, i \neq j, x_i > 0, as terms that are 1 where they hold and 0 elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import combinations

from indexcalc.context.names import Item, script_items
from indexcalc.indices import Index
from indexcalc.meaning.places.looking import compared
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.values import Value, aligned
from indexcalc.notation.formula import Bracket, Conditions, Formula, Mark, Numeral, Relation, Sequence
from indexcalc.terms import ONE, Product, Sum, Term, indicator, negative

SIGNS = {
    "=": "==",
    "==": "==",
    "equiv": "==",
    "neq": "!=",
    "ne": "!=",
    "not=": "!=",
    "<": "<",
    "lt": "<",
    ">": ">",
    "gt": ">",
    "leq": "<=",
    "le": "<=",
    "geq": ">=",
    "ge": ">=",
}


def condition_term(condition: Formula, scope: Scope) -> Term:
    """The term of a condition between indices. Raises UnclearError for any other."""
    match condition:
        case Bracket(_, body):
            return condition_term(body, scope)
        case Conditions(items, word):
            found = [condition_term(item, scope) for item in items]
            if word == "or":
                return Sum(ONE, negative(Product(*(Sum(ONE, negative(each)) for each in found))))
            return Product(*found)
        case Sequence(items):
            return Product(*(condition_term(item, scope) for item in items))
        case Relation(sides, relations):
            pairs: Iterable[tuple[Formula, str, Formula]] = zip(sides, relations, sides[1:], strict=False)
            if len(sides) > 2 and set(relations) <= {"neq", "ne"}:  # all differ
                pairs = ((one, "neq", other) for one, other in combinations(dict.fromkeys(sides), 2))
            return Product(*(_comparison(left, relation, right, scope) for left, relation, right in pairs))
    raise UnclearError("a condition is not understood")


ORDERS = ("<", ">", "<=", ">=")


def holding(condition: Formula, scope: Scope, read: Callable[[Formula, Scope], Value]) -> Value:
    """One where a condition holds, else zero: of indices, or of which of two values is the greater, each element."""
    try:
        return Value(condition_term(condition, scope))
    except UnclearError:
        inner = condition.body if isinstance(condition, Bracket) else condition
        sign = SIGNS.get(inner.relations[0], "") if isinstance(inner, Relation) and len(inner.sides) == 2 else ""
        if sign not in ORDERS or not isinstance(inner, Relation):
            raise
    first, second = (read(side, scope) for side in inner.sides)
    if first.groups or second.groups or (first.order and second.order and first.order != second.order):
        raise UnclearError("a condition compares tensors of different kinds", shape=True)
    if first.order and second.order:
        return first.with_term(indicator(sign, first.term, aligned(second, first.axes, scope.ranges)))
    return (first if first.order else second).with_term(indicator(sign, first.term, second.term))


def is_between_indices(condition: Formula, scope: Scope) -> bool:
    """Whether a condition compares indices only."""
    try:
        condition_term(condition, scope)
    except UnclearError:
        return False
    return True


def _comparison(left: Formula, relation: str, right: Formula, scope: Scope) -> Term:
    sign = SIGNS.get(relation)
    if sign is None:
        raise UnclearError(f"the relation {relation} is no condition on indices")
    first, second = script_items(left), script_items(right)
    if len(first) == len(second) > 1:
        return Product(*(_compared(one, sign, other, scope) for one, other in zip(first, second, strict=True)))
    if len(first) != 1 or len(second) != 1:
        raise UnclearError("a condition compares more than two indices")
    return _compared(first[0], sign, second[0], scope)


def _compared(first: Item, sign: str, second: Item, scope: Scope) -> Term:
    holds = compared((first, second), scope) if sign in ("==", "!=") else None
    if holds is not None:
        return holds if sign == "==" else Sum(ONE, negative(holds))
    indices = _indices(first, second, scope)
    return indicator(sign, *indices)


def _indices(first: Item, second: Item, scope: Scope) -> tuple[Index, Index]:
    for item in (first, second):
        if item.kind not in ("letter", "place") or isinstance(item.formula, Mark):
            raise UnclearError("a condition compares what is no index")
        if item.kind == "letter" and not (
            scope.known.letters.is_index(item.text) or item.text in scope.bound or item.text in scope.letters
        ):
            raise UnclearError(f"{item.text} is no index")
    if first.kind == "place" and second.kind == "place":
        raise UnclearError("a condition compares two numbers")
    letter = first if first.kind == "letter" else second
    range = scope.letter(letter.text).range
    one, other = (_counted(item, letter.text, scope) for item in (first, second))
    return scope.index(one, range), scope.index(other, range)


def _counted(item: Item, letter: str, scope: Scope) -> Item:
    """A place that a letter is compared with: one further, where the first element of what it runs over is at 0."""
    letters = scope.known.letters
    if item.kind != "place" or letters.from_zero.isdisjoint(letters.below.get(letter, set()) - {"delta"}):
        return item
    return replace(item, text=str(int(item.text) + 1))


def is_number(formula: Formula) -> bool:
    """Whether a formula is a number written in digits."""
    return isinstance(formula, Numeral)
