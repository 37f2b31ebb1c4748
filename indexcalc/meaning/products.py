r"""Products: factors in a row, names before brackets that are functions, operators that work on what follows.

Without a sign between them, or with a dot, matrices are multiplied as matrices; \odot multiplies element by element; a
quotient is one product with what stands before it.
"""

from __future__ import annotations

from collections.abc import Sequence as Row
from dataclasses import replace

from indexcalc.context.names import script_items
from indexcalc.context.space.vectors import is_triple
from indexcalc.meaning.applying import is_call
from indexcalc.meaning.conditions import holding
from indexcalc.meaning.derivatives import chained
from indexcalc.meaning.fields.determinants import is_sign
from indexcalc.meaning.fields.operators import along_vector, is_along, is_laplacian, with_body
from indexcalc.meaning.fields.vectors import cross, is_basis, is_dyad, triple
from indexcalc.meaning.functions import call
from indexcalc.meaning.groups import kronecker
from indexcalc.meaning.inner import inner
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.tensors import Read, renewed
from indexcalc.meaning.values import Value, dotted, double_dotted, elementwise, multiplied, scaled
from indexcalc.notation.formula import (
    Applied,
    Big,
    Bracket,
    Derivative,
    Formula,
    Mark,
    Nabla,
    Name,
    Numeral,
    Product,
    Quotient,
    Relation,
    Scripted,
    Sequence,
    Signed,
    walk,
)
from indexcalc.terms import MINUS_ONE, ONE, Power
from indexcalc.terms import Product as TermProduct

Factor = tuple[str, Formula]
CHAINING = ("juxtaposed", "dot", "times", "cross")  # between derivatives that the chain rule multiplies
LOOSE = ("hadamard", "composed", "divided", "kronecker", "colon")  # they bind less than the matrix product


def product(formula: Product, scope: Scope, read: Read) -> Value:
    """The value of a product."""
    factors = gathered(formula.factors, scope, read)
    if len(factors) == 1:
        return read(factors[0][1], scope)
    try:
        return _multiplied(factors, scope, read)
    except UnclearError:
        grouped = _grouped(factors, (*LOOSE, "dot", "cross"))
        if not 1 < len(grouped) < len(factors):
            raise
    return _multiplied(grouped, scope, read)


def quotient(formula: Quotient, scope: Scope, read: Read) -> Value:
    """The value of a fraction."""
    above, below = read(formula.above, scope), read(formula.below, scope)
    return divided(above, below, scope)


def divided(above: Value, below: Value, scope: Scope) -> Value:
    """A quotient: by a number, or element by element."""
    if below.order == 0:
        return above.with_term(TermProduct(above.term, Power(below.term, MINUS_ONE)))
    if above.order not in (0, below.order) or below.order > 1 > above.order:
        raise UnclearError("something is divided by a vector or a matrix", shape=True)
    return elementwise(above, below, scope.ranges, "/")


def _multiplied(factors: list[Factor], scope: Scope, read: Read) -> Value:
    result: Value | None = None
    last: Formula | None = None
    grouped = _grouped(factors, LOOSE)
    if (found := along_vector(grouped, scope, read)) is not None:
        return found
    slope: Value | None = None
    for operator, each in grouped:
        value = renewed(read(each, scope), scope)
        before = last if operator == "juxtaposed" else None
        last = each if value.order else before
        if result is None:
            result = slope = value
            continue
        chain = chained(result, value, slope, scope) if slope is not None and operator in CHAINING else None
        slope = value
        if chain is not None:
            result = chain
            continue
        if operator == "juxtaposed" and before is not None and is_dyad(result, before, value, each, scope):
            result = Value(TermProduct(result.term, value.term), (*result.axes, *value.axes))
            continue
        try:
            result = _combined(result, operator, value, scope)
        except UnclearError as error:
            error.names = error.names or (result.term.symbols | value.term.symbols)
            raise
    assert result is not None
    return result


def _grouped(factors: list[Factor], loose: tuple[str, ...]) -> list[Factor]:
    r"""The factors, where matrix products beside \odot, \otimes and : are factors of their own: they bind tighter."""
    if not any(operator in loose for operator, _ in factors):
        return factors
    groups: list[list[Factor]] = [[]]
    operators = [""]
    for operator, each in factors:
        if operator in loose and groups[-1]:
            operators.append(operator)
            groups.append([("", each)])
        else:
            groups[-1].append((operator if groups[-1] else "", each))
    return [
        (operator, group[0][1] if len(group) == 1 else Product(tuple(group)))
        for operator, group in zip(operators, groups, strict=True)
    ]


def _combined(first: Value, operator: str, second: Value, scope: Scope) -> Value:
    match operator:
        case "" | "juxtaposed":
            return multiplied(first, second, scope.ranges)
        case "dot" | "times":
            return dotted(first, second, scope.ranges)
        case "cross":
            if first.order == 1 and second.order == 1 and first.stands != "row" and second.stands != "row":
                return cross(first, second, scope)
            return multiplied(first, second, scope.ranges)
        case "star":
            if first.order and second.order:
                raise UnclearError("* between matrices may multiply as matrices or element by element")
            return scaled(first, second)
        case "hadamard" | "composed":
            return elementwise(first, second, scope.ranges)
        case "kronecker":
            return kronecker(first, second)
        case "divided":
            return elementwise(first, second, scope.ranges, "/")
        case "over":
            return divided(first, second, scope)
        case "colon":
            return double_dotted(first, second, scope.ranges)
    raise UnclearError(f"the sign {operator} is not understood here")


# ----- What belongs together -----


def gathered(factors: Row[Factor], scope: Scope, read: Read) -> list[Factor]:
    """The factors with names and the brackets of their arguments as one, and with operators and what they work on."""
    found: list[Factor] = []
    place = 0
    while place < len(factors):
        operator, each = factors[place]
        rest = factors[place + 1 :]
        bracket = rest[0][1] if rest and rest[0][0] == "juxtaposed" and isinstance(rest[0][1], Bracket) else None
        operated = _operated(each, operator, rest, scope)
        if operated is not None:
            found.append((operator, operated[0]))
            place += 1 + operated[1]
        elif isinstance(each, Nabla) and _goes_on(each, rest, scope, read):
            assert each.body is not None
            whole = Product((("", each.body), *rest), span=(each.body.span[0], rest[-1][1].span[1]))
            found.append((operator, replace(each, body=whole)))
            place += 1 + len(rest)
        elif bracket is not None and _is_indicator(each, bracket):
            found.append((operator, Scripted(Name("1", "double"), bracket.body, span=(each.span[0], bracket.span[1]))))
            place += 2
        elif bracket is not None and is_call(each, bracket, scope):
            found.append(
                (operator, Product((("", each), ("juxtaposed", bracket)), span=(each.span[0], bracket.span[1])))
            )
            place += 2
        elif rest and rest[0][0] == "juxtaposed" and _is_indexed_call(each, rest[0][1], scope):
            found.append((operator, _indexed_call(each, rest[0][1])))
            place += 2
        elif bracket is not None and _is_open_function(each, bracket, scope):
            found.append((operator, _closed(each, bracket)))
            place += 2
        else:
            found.append((operator, each))
            place += 1
    return found


def _operated(each: Formula, operator: str, rest: Row[Factor], scope: Scope) -> tuple[Formula, int] | None:
    """A sign of differentiation, and how many factors behind it it takes; none for anything else."""
    if not rest:
        return None
    if is_laplacian(each, operator, scope):
        body, taken = _body(rest)
        return Nabla("nabla", None, body, "square", span=each.span), taken
    if is_sign(each) and all(is_basis(other, scope) for _, other in rest):
        return each, 0
    if isinstance(each, Bracket) and is_along(each):
        body, taken = _body(rest)
        return with_body(each, body), taken
    if isinstance(each, Derivative | Nabla) and each.body is None:
        body, taken = _body(rest)
        return replace(each, body=body, span=(each.span[0], body.span[1])), taken
    return None


def _body(rest: Row[Factor]) -> tuple[Formula, int]:
    """What a derivative without a body works on: the bracket behind it, or all of the product."""
    first = rest[0][1]
    if rest[0][0] in ("juxtaposed", "") and isinstance(first, Bracket) and len(rest) >= 1:
        return first, 1
    if len(rest) == 1:
        return first, 1
    return Product((("", first), *rest[1:]), span=(first.span[0], rest[-1][1].span[1])), len(rest)


def _goes_on(sign: Nabla, rest: Row[Factor], scope: Scope, read: Read) -> bool:
    r"""Whether a gradient is taken of the whole product: \nabla_x x^\top A x.

    So it is, if the factor right behind the sign is a number, or a vector where all of them together are a number.
    """
    if not rest or rest[0][0] not in ("juxtaposed", "dot"):
        return False
    if sign.way in ("dot", "cross") and sign.body is not None:  # \nabla \cdot \rho u
        with scope.trying():
            try:
                return read(sign.body, scope).order == 0
            except UnclearError:
                return False
    if sign.sign != "nabla" or sign.below is None or sign.body is None or sign.way:
        return False
    if not any(isinstance(part, Name) for part in walk(sign.body)):
        return True
    with scope.trying():
        try:
            alone = read(sign.body, scope).order
            return alone > 0 and read(Product((("", sign.body), *rest)), scope).order == 0
        except UnclearError:
            return False


def _is_indicator(each: Formula, bracket: Bracket) -> bool:
    is_one = (isinstance(each, Numeral) and each.text == "1") or (
        isinstance(each, Name) and each.letter in ("1", "I") and each.font in ("double", "bold")
    )
    return is_one and isinstance(bracket.body, Relation)


def _is_indexed_call(each: Formula, following: Formula, scope: Scope) -> bool:
    r"""f(z)_c: the element c of f(z)."""
    return (
        isinstance(following, Scripted) and isinstance(following.base, Bracket) and is_call(each, following.base, scope)
    )


def _indexed_call(each: Formula, following: Formula) -> Formula:
    assert isinstance(following, Scripted)
    call = Product((("", each), ("juxtaposed", following.base)), span=(each.span[0], following.base.span[1]))
    return replace(following, base=call, span=(each.span[0], following.span[1]))


def _is_open_function(each: Formula, bracket: Bracket, scope: Scope) -> bool:
    r"""\log L (\theta): a function of a call."""
    if not isinstance(each, Applied | Big) or isinstance(getattr(each, "argument", None), Bracket):
        return False
    inner = each.argument if isinstance(each, Applied) else each.body
    if isinstance(inner, Product):
        inner = inner.factors[-1][1]
    return isinstance(inner, Name | Scripted) and is_call(inner, bracket, scope)


def _closed(each: Formula, bracket: Bracket) -> Formula:
    if isinstance(each, Applied) and each.argument is not None:
        argument = Product(
            (("", each.argument), ("juxtaposed", bracket)), span=(each.argument.span[0], bracket.span[1])
        )
        return replace(each, argument=argument)
    return each


def bracket(formula: Bracket, scope: Scope, read: Read) -> Value:
    """What stands in brackets; [i = k] is one where it holds."""
    if isinstance(formula.body, Relation) and formula.mark == "[":
        return holding(formula.body, scope, read)
    if isinstance(formula.body, Sequence) and formula.mark == "<" and len(formula.body.items) == 2:
        return inner(formula, formula.body, scope, read)
    if is_triple(formula, scope.known) and isinstance(formula.body, Sequence):
        first, second, third = (renewed(read(item, scope), scope) for item in formula.body.items)
        return triple(first, second, third, scope)
    if isinstance(formula.body, Sequence | Relation | Mark):
        raise UnclearError("what stands in these brackets is no value")
    if formula.mark not in "([{.":
        raise UnclearError(f"the bracket {formula.mark} is not understood")
    return read(formula.body, scope)


def is_product_call(formula: Product, scope: Scope) -> bool:
    """Whether a product is a name before the bracket of its arguments, and nothing else."""
    if len(formula.factors) != 2 or formula.factors[1][0] != "juxtaposed":
        return False
    each, inner = formula.factors[0][1], formula.factors[1][1]
    return isinstance(inner, Bracket) and is_call(each, inner, scope)


def called(formula: Product, scope: Scope, read: Read) -> Value:
    """The value of a name before the bracket of its arguments."""
    inner = formula.factors[1][1]
    assert isinstance(inner, Bracket)
    return call(formula.factors[0][1], inner, scope, read)


__all__ = [
    "ONE",
    "Signed",
    "bracket",
    "called",
    "divided",
    "gathered",
    "is_product_call",
    "product",
    "quotient",
    "script_items",
]
