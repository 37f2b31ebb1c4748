r"""Big signs: sums, products and extremes over indices, with what their bounds and conditions say.

\sum_{i=1}^{n}   over all of a range of the size n      \sum_{i=0}^{n-1}   the same
\sum_{j \neq i}  over all but one                        \sum_{i<j}        over pairs
"""

from __future__ import annotations

import math
from fractions import Fraction

from indexcalc.context.loose import binds, loose
from indexcalc.context.names import Use, script_items, shift_of, split_formula, written
from indexcalc.context.spoken import names_of
from indexcalc.indices import Index, Range
from indexcalc.meaning.chance.integrals import integral
from indexcalc.meaning.conditions import condition_term
from indexcalc.meaning.places.looking import looks_up
from indexcalc.meaning.ranges import MORE, UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.tensors import Read
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import (
    Big,
    Formula,
    Mark,
    Name,
    Numeral,
    Relation,
    Scripted,
    Sequence,
    Signed,
    Sum,
    walk,
)
from indexcalc.notation.writing.formulas import written_back
from indexcalc.terms import ONE, Call, Contraction, Number, Product, Reduction, Tensor, Term, Where, indicator
from indexcalc.terms import Sum as TermSum

LARGEST = 100  # a factorial of a number beyond it is not worked out
KINDS = {"sum": "sum", "prod": "prod", "max": "max", "min": "min"}


def big(formula: Big, scope: Scope, read: Read) -> Value:
    """The value of a big sign with its body."""
    kind = KINDS.get(formula.sign)
    if kind is None:
        return integral(formula, scope, read) or opaque(formula, scope)
    if formula.body is None:
        raise UnclearError("a sign of a sum stands alone")
    letters = _own_letters(formula.below, scope) or _all_letters(formula, scope)
    if not letters:
        return _of_elements(kind, formula, scope, read)
    held = dict(scope.bound)
    try:
        bound = _bind(letters, formula, scope)
        condition = Product(_conditions(formula.below, scope), _behind_zero(formula, bound, scope))
        body = read(formula.body, scope)
    finally:
        scope.bound = held
    scope.declared(dict(zip(letters, bound, strict=True)))
    return body.with_term(_reduced(kind, bound, condition, body.term))


def _of_elements(kind: str, formula: Big, scope: Scope, read: Read) -> Value:
    r"""\sum w \odot z without a letter: over the elements of a vector."""
    assert formula.body is not None
    body = read(formula.body, scope)
    if body.order != 1 or formula.above is not None or body.stands == "either":
        raise UnclearError("nothing says over which index a sum runs")
    axis = body.axes[0]
    held = scope.fresh(axis.name, axis.range)
    return Value(_reduced(kind, [held], ONE, body.at((held,))))


def _own_letters(below: Formula | None, scope: Scope) -> list[str]:
    r"""The letters that a sign binds: of the pairs i < j those that are not free in the statement."""
    found: list[str] = []
    for item in below.items if isinstance(below, Sequence) else (below,):
        pairs = isinstance(item, Relation) and item.relations[0] not in ("=", "in")
        found += [letter for letter in binds(item) if not (pairs and letter in scope.outer) and letter not in found]
    return found


def _reduced(kind: str, bound: list[Index], condition: Term, body: Term) -> Term:
    if kind == "sum":
        return Contraction(bound, Product(condition, body))
    if condition is ONE:
        return Reduction(kind, bound, body)
    if kind == "prod":
        return Reduction(kind, bound, Where(condition, body, ONE))
    raise UnclearError("an extreme over a part of a range")


def _all_letters(formula: Big, scope: Scope) -> list[str]:
    r"""\sum x_i without a letter below the sign: over the letters that are not free in the statement."""
    if formula.below is not None and not isinstance(formula.below, Mark):
        return []
    found = loose(formula.body, scope.known, scope.counts) if formula.body is not None else {}
    return [letter for letter in sorted(found) if letter not in scope.bound and letter not in scope.letters]


def _bind(letters: list[str], formula: Big, scope: Scope) -> list[Index]:
    bound = []
    for letter in letters:
        range = scope.ranges.fresh(letter)
        scope.serial += 1
        index = Index(letter if letter.isidentifier() else "i", range, scope.serial)
        scope.bound = {**scope.bound, letter: index}
        bound.append(index)
    starts = _starts(formula.below)
    for letter, start in starts.items():
        if start == 1 and formula.body is not None and _is_from_zero(letter, formula.body, scope):
            if not isinstance(formula.above, Numeral):
                raise UnclearError("a sum begins behind the first element, which is the one at 0 here")
            starts[letter] = 0
    if formula.above is not None and not isinstance(formula.above, Mark):
        last = bound[-1] if len(bound) == 1 else bound
        for index in [last] if isinstance(last, Index) else last:
            _sized(index.range, starts.get(index.name, 1), formula.above, scope)
    elif any(start not in (0, 1) for start in starts.values()):
        raise UnclearError("a sum begins behind the first place")
    return bound


def _behind_zero(formula: Big, bound: list[Index], scope: Scope) -> Term:
    r"""That an index is not the first: of x_0, x_1, \dots, x_5 a sum from 1 to 5 leaves the one at 0 out."""
    found: Term = ONE
    for letter, start in _starts(formula.below).items():
        if start == 1 and formula.body is not None and _is_from_zero(letter, formula.body, scope):
            index = next(each for each in bound if each.name == letter)
            found = Product(found, indicator("!=", index, Index("1", index.range)))
    return found


def _is_from_zero(letter: str, body: Formula, scope: Scope) -> bool:
    """Whether a letter stands below a name of which the first element is the one at 0."""
    return any(
        isinstance(each, Scripted)
        and (use := scope.known.use(each)) is not None
        and (use.letter.partition("_")[0], len(use.indices)) in scope.known.letters.zeros
        and any(item.text == letter for item in use.indices)
        for each in walk(body)
    )


def _starts(below: Formula | None) -> dict[str, int]:
    """Where the letters begin to run: i = 1."""
    found: dict[str, int] = {}
    for item in below.items if isinstance(below, Sequence) else (below,):
        if isinstance(item, Relation) and item.relations[0] == "=":
            value = item.sides[-1]
            negative = isinstance(value, Signed)
            number = value.body if isinstance(value, Signed) else value
            for letter in (each for side in item.sides[:-1] for each in script_items(side) if each.kind != "word"):
                if not isinstance(number, Numeral) or number.exact.denominator != 1:
                    raise UnclearError("a sum begins at a place that is no number")
                found[letter.text] = -int(number.exact) if negative else int(number.exact)
    return found


def _sized(range: Range, start: int, above: Formula, scope: Scope) -> None:
    """Give a range the size that the bounds of a sum name."""
    if isinstance(above, Numeral) and above.exact.denominator == 1:
        if start not in (0, 1):
            raise UnclearError("a sum begins behind the first place")
        scope.ranges.join(range, scope.ranges.of_size(int(above.exact) - start + 1))
        return
    if isinstance(above, Mark):
        if above.sign == "infinity":
            raise UnclearError("a sum of infinitely many terms")
        return
    if isinstance(above, Sum):
        shifted = shift_of(above)
        if shifted is None or shifted[1] - start not in (-1, 0):
            raise UnclearError("a sum over a part of a range")
        size = shifted[0] if shifted[1] == start - 1 else one_more(shifted[0])
        scope.ranges.join(range, scope.ranges.of_size(size))
        return
    if start not in (0, 1):
        raise UnclearError("a sum begins behind the first place")
    size = size_name(above)
    if start == 0:
        scope.ranges.join(range, scope.ranges.of_size(one_more(size)))
        return
    if size not in scope.known.extents.values() and size.partition("_")[0] in scope.known.extents.values():
        size = size.partition("_")[0]
    scope.ranges.join(range, scope.ranges.of_size(size))


def one_more(size: str) -> str:
    """The name of the size of what runs from 0 to n: its range is another one than that of 1 to n."""
    return f"{size}{MORE}"


def size_name(formula: Formula) -> str:
    """The name of a size: n, n_o, K^{(l)}. Raises UnclearError where it is none."""
    if isinstance(formula, Name | Scripted):
        parts = split_formula(formula)
        if parts is not None:
            base, below, above, _ = parts
            items = [*script_items(below), *script_items(above)]
            return "_".join([base.letter, *(str(item.text) for item in items)])
    raise UnclearError("the upper end of a sum is not understood")


def _conditions(below: Formula | None, scope: Scope) -> Term:
    found: Term = ONE
    for item in below.items if isinstance(below, Sequence) else (below,):
        if isinstance(item, Relation) and (item.relations[0] not in ("=", "in") or _says_place(item, scope)):
            found = Product(found, condition_term(item, scope))
        elif isinstance(item, Relation) and item.relations[0] == "in":
            raise UnclearError("a sum over a set")
        elif isinstance(item, Relation) and any(each.kind == "word" for each in script_items(item.sides[0])):
            raise UnclearError("a sum begins at a place that is no number")
    return found


def _says_place(condition: Relation, scope: Scope) -> bool:
    """Whether a condition is t_i = k, with places that t says."""
    return any(looks_up(item, scope) for side in condition.sides for item in script_items(side))


def opaque(formula: Formula, scope: Scope) -> Value:
    """What is not calculated with: the same number wherever it is written alike, for each of its letters."""
    letters = tuple(sorted(letter for letter in loose(formula, scope.known, scope.counts)))
    word = written(formula)
    if any(letter in scope.bound for letter in letters):
        word += "".join(f":{letter}" for letter in letters)
    value = scope.unknown(word, letters, written_back(formula))
    scope.chance.arguments[f"?{word}"] = frozenset(names_of(formula, scope.known))
    return value


def opaque_vector(use: Use, formula: Formula, argument: Value, scope: Scope) -> Value:
    """The value of an unknown function of a vector: a vector of which nothing is known."""
    word = f"{use.name}({written(formula)})"
    name = f"?{word}"
    axes = tuple(scope.fresh("i", range) for range in scope.ranges_of(name, argument.order))
    scope.opaque.setdefault(name, f"{use.name}({written_back(formula)})")
    scope.chance.arguments[name] = frozenset(argument.term.symbols)
    return Value(Tensor(name, axes), axes)


def factorial(argument: Formula, formula: Formula, scope: Scope, read: Read) -> Value:
    """The factorial of a number: x! = Gamma(x + 1), DLMF 5.4.1, which holds for whole numbers.

    So what is equal for all numbers is proved, while a difference says nothing.
    """
    value = read(argument, scope)
    if value.order:
        return opaque(formula, scope)
    match value.term:
        case Number(Fraction() as number) if number.denominator == 1 and 0 <= number <= LARGEST:
            return Value(Number(math.factorial(int(number))))
        case Number():
            return opaque(formula, scope)
    return value.with_term(Call("exp", Call("gammaln", TermSum(value.term, ONE))))
