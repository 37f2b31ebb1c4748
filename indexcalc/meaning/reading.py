r"""Reading a formula: the one place where every kind of formula gets its meaning."""

from __future__ import annotations

from collections import Counter

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.loose import loose
from indexcalc.indices import Index
from indexcalc.meaning.applying import primed
from indexcalc.meaning.chance.expectations import expectation, is_expectation
from indexcalc.meaning.choices import cases
from indexcalc.meaning.derivatives import derivative, nabla
from indexcalc.meaning.differentials import differential
from indexcalc.meaning.functions import applied, bars
from indexcalc.meaning.products import bracket, called, is_product_call, product, quotient
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.sums import big, factorial, opaque
from indexcalc.meaning.tables import laid, table
from indexcalc.meaning.tensors import name, raised
from indexcalc.meaning.values import Value, added, is_plain, negated, sum_of
from indexcalc.notation.formula import (
    Applied,
    Bars,
    Big,
    Bracket,
    Cases,
    Derivative,
    Differential,
    Formula,
    Mark,
    Nabla,
    Name,
    Numeral,
    Opaque,
    Product,
    Quotient,
    Relation,
    Root,
    Scripted,
    Sequence,
    Signed,
    Sum,
    Table,
    parts,
)
from indexcalc.notation.laid import Laid
from indexcalc.terms import Call, Contraction, Number, Power, Term


def read(formula: Formula, scope: Scope) -> Value:
    """The value of a formula. Raises UnclearError, with the reason, where it has none."""
    letters = _summed_here(formula, scope)
    if not letters:
        return _read(formula, scope)
    held = dict(scope.bound)
    bound = {}
    try:
        for letter in letters:
            scope.serial += 1
            index = Index(letter if letter.isidentifier() else "i", scope.ranges.fresh(letter), scope.serial)
            scope.bound = {**scope.bound, letter: index}
            bound[letter] = index
        value = _read(formula, scope)
    finally:
        scope.bound = held
    scope.declared(bound)
    for letter, index in bound.items():
        scope.meets(letter, index, value.term)
    if isinstance(formula, Scripted) and isinstance(value.term, Power):  # e_{kk}^2 is the square of the trace
        base, exponent = value.term.base, value.term.exponent
        return value.with_term(Power(Contraction(bound.values(), base), exponent))
    return value.with_term(Contraction(bound.values(), value.term))


def _summed_here(formula: Formula, scope: Scope) -> list[str]:
    """The letters over which this formula sums without a sign.

    It is the smallest that holds all of their occurrences.
    """
    if not scope.summed or isinstance(formula, Sum | Relation | Sequence | Mark | Numeral):
        return []
    counts = loose(formula, scope.known, scope.counts)
    wanted = [letter for letter in sorted(scope.summed) if counts[letter] > 1 and letter not in scope.bound]
    if not wanted:
        return []
    is_name = isinstance(formula, Scripted) and scope.known.use(formula) is not None
    inner = [] if is_name else [loose(part, scope.known, scope.counts) for part in parts(formula)]
    here = [letter for letter in wanted if max((each[letter] for each in inner), default=0) < counts[letter]]
    return [letter for letter in here if not (isinstance(formula, Product) and _is_in_pairs(letter, inner))]


def _is_in_pairs(letter: str, factors: list[Counter[str]]) -> bool:
    """Whether each factor with a letter has it twice and is summed by itself: E_{kk} E_{kk} is a square of a trace."""
    found = [each[letter] for each in factors if each[letter]]
    return len(found) > 1 and all(number == 2 for number in found)


def _read(formula: Formula, scope: Scope) -> Value:
    match formula:
        case Numeral():
            return Value(Number(formula.exact))
        case Name():
            return name(formula, scope, read)
        case Scripted(Opaque() as inner, None, _, 0) if is_expectation(inner):
            return raised(formula, scope, read)
        case Scripted(Bars() as inner, below, above, 0):
            if above is None or isinstance(above, Numeral):
                return bars(inner, scope, read, below, above)
            return raised(formula, scope, read)
        case Scripted(Applied() as inner, None, above, primes) if primes == 0 and above is not None:
            return raised(formula, scope, read)
        case Scripted(Applied() as inner, None, None, primes) if primes:
            return primed(inner, primes, scope, read)
        case Scripted():
            return name(formula, scope, read)
        case Signed(sign, body):
            if sign == "pm":
                return opaque(formula, scope)
            value = read(body, scope)
            return negated(value) if sign == "-" else value
        case Sum():
            return _sum(formula, scope)
        case Product():
            return called(formula, scope, read) if is_product_call(formula, scope) else product(formula, scope, read)
        case Quotient():
            return quotient(formula, scope, read)
    return _read_further(formula, scope)


def _read_further(formula: Formula, scope: Scope) -> Value:
    """The value of what is neither a number, a name, a sum nor a product."""
    match formula:
        case Root(body, degree):
            return _root(body, degree, scope)
        case Bracket():
            return bracket(formula, scope, read)
        case Bars():
            return bars(formula, scope, read)
        case Applied():
            return applied(formula, scope, read)
        case Big():
            return big(formula, scope, read)
        case Derivative():
            return derivative(formula, scope, read)
        case Differential():
            return differential(formula, scope, read)
        case Nabla():
            return nabla(formula, scope, read)
        case Cases():
            return cases(formula, scope, read)
        case Opaque("factorial", (inner,)):
            return factorial(inner, formula, scope, read)
        case Opaque():
            return expectation(formula, scope, read) or opaque(formula, scope)
        case Mark(sign):
            raise UnclearError(
                {"empty": "something is missing", "dots": "dots stand for what is left out"}.get(
                    sign, f"a sign ({sign}) that is no value"
                )
            )
        case Relation() | Sequence():
            raise UnclearError("a list or a relation stands where a value should")
        case Table():
            return table(formula, scope, read)
        case Laid():
            return laid(formula, scope, read)
    raise UnclearError(f"{type(formula).__name__} is not understood")


def _sum(formula: Sum, scope: Scope) -> Value:
    result: Value | None = None
    numbers: list[Value] = []  # at the beginning, which are added at once
    for sign, term in formula.terms:
        if sign not in "+-":
            raise UnclearError("plus or minus")
        value = read(term, scope)
        value = negated(value) if sign == "-" else value
        if result is None and is_plain(value) and (not numbers or value.stands == numbers[0].stands):
            numbers.append(value)
            continue
        if result is None and numbers:
            result = sum_of(numbers)
        if result is None:
            result = value
            continue
        try:
            result = added(result, value, scope.ranges)
        except UnclearError as error:
            error.names = error.names or (result.term.symbols | value.term.symbols)
            error.certain = error.shape
            raise
    return sum_of(numbers) if result is None else result


def _root(body: Formula, degree: Formula | None, scope: Scope) -> Value:
    from fractions import Fraction

    value = read(body, scope)
    if degree is None:
        return value.with_term(Power(value.term, Number(Fraction(1, 2))))
    if isinstance(degree, Numeral):
        return value.with_term(Power(value.term, Number(1 / Fraction(degree.exact))))
    raise UnclearError("a root of an unknown degree")


def term_of(formula: Formula, scope: Scope, axes: tuple[Index, ...] = ()) -> Term:
    """The term of a number that a formula stands for."""
    value = read(formula, scope)
    if value.order != len(axes):
        raise UnclearError("a number is wanted here")
    return value.at(axes)


__all__ = ["Call", "Knowledge", "read", "term_of"]
