r"""Derivatives in what is written: fractions of differentials, with a line or a slash.

\frac{\partial^2 f}{\partial x \partial y}, \frac{d}{dx}, \partial L / \partial w, dL/dw
"""

from __future__ import annotations

from indexcalc.notation.formula import (
    Applied,
    Bracket,
    Derivative,
    Differential,
    Formula,
    Mark,
    Name,
    Numeral,
    Product,
    Quotient,
    Scripted,
    Signed,
    Span,
)


def is_differential(inner: Formula, above: Formula | None, span: Span) -> Formula:
    r"""\partial x, or \partial^2 f, as it stands: a numerator or a denominator of a derivative."""
    marked = Differential(inner, span=span)
    return marked if above is None else Scripted(marked, None, above, span=span)


def _split(formula: Formula) -> tuple[str, Formula | None, int] | None:
    """What stands behind d or partial at the beginning of a numerator: the sign, the body, the order."""
    match formula:
        case Differential(body):
            return "partial", body, 1
        case Scripted(Differential(body), None, Numeral(exact=order), 0):
            return "partial", body, int(order)
        case Name("partial"):
            return "partial", None, 1
        case Scripted(Name("partial"), None, Numeral(exact=order), 0):
            return "partial", None, int(order)
        case Name("d", font) if font != "bold":
            return "d", None, 1
        case Scripted(Name("d", font), None, Numeral(exact=order), 0) if font != "bold":
            return "d", None, int(order)
        case Product(factors):
            first = _split(factors[0][1])
            if first is None or factors[1][0] != "juxtaposed":
                return None
            sign, inner, times = first
            rest = [each for _, each in factors[1:]]
            operators = [operator for operator, _ in factors[1:]]
            if inner is not None:
                rest, operators = [inner, *rest], ["", *operators]
            operators[0] = ""
            if len(rest) == 1:
                return sign, rest[0], times
            span = (rest[0].span[0], rest[-1].span[1])
            return sign, Product(tuple(zip(operators, rest, strict=True)), span=span), times
    return None


def _variables(formula: Formula) -> tuple[str, list[tuple[Formula, int]]] | None:
    """The variables of a denominator, each with its order; none if it is not one of a derivative."""
    factors = list(formula.factors) if isinstance(formula, Product) else [("", formula)]
    if any(operator not in ("", "juxtaposed") for operator, _ in factors):
        return None
    found: list[tuple[Formula, int]] = []
    sign, pending = "", False
    for _, each in factors:
        match each:
            case Differential(body):
                found.append((body, 1))
                sign = "partial"
            case Name("d", font) if font != "bold" and not pending:
                pending, sign = True, sign or "d"
            case Name("partial") if not pending:
                pending, sign = True, "partial"
            case _ if pending:
                found.append((each, 1))
                pending = False
            case Bracket("[") if found and isinstance(found[-1][0], Name):
                found[-1] = (Product((("", found[-1][0]), ("juxtaposed", each))), 1)
            case Bracket("(") if found and isinstance(found[-1][0], Name):
                continue  # \partial x(t): by x
            case _:
                return None
    return None if pending or not found else (sign, found)


def _orders(order: int, variables: list[tuple[Formula, int]]) -> tuple[tuple[Formula, int], ...] | None:
    r"""The variables with orders that add up.

    \partial x^2 is by x twice in a second derivative, by x^2 in a first one.
    """
    if len(variables) == order:
        return tuple(variables)
    found = []
    for variable, _ in variables:
        match variable:
            case Scripted(base, below, Numeral(exact=times), primes) if times.denominator == 1:
                bare = base if below is None and not primes else Scripted(base, below, None, primes, span=variable.span)
                found.append((bare, int(times)))
            case _:
                found.append((variable, 1))
    return tuple(found) if sum(times for _, times in found) == order else None


def quotient(above: Formula, below: Formula, span: Span) -> Formula:
    """A fraction, or the derivative that it is."""
    minus = isinstance(above, Signed) and above.sign == "-"
    numerator = _split(above.body if isinstance(above, Signed) and minus else above)
    variables = _variables(below)
    if numerator is None or variables is None or numerator[0] != variables[0]:
        return Quotient(above, below, span=span)
    sign, body, order = numerator
    counted = _orders(order, variables[1])
    if counted is None or (sign == "d" and body is None and isinstance(above, Name) and above.font == "" and order > 1):
        return Quotient(above, below, span=span)
    result = Derivative(body, counted, sign, span=span)
    return Signed("-", result, span=span) if minus else result


def slashed(factors: list[tuple[str, Formula]], end: int) -> None:
    r"""Take \partial L / \partial w, or dL/dw, at the end of a list of factors, as the derivative that it is.

    For letters it is one only where a differential stands on both sides of the slash: d, L, over d, w.
    """
    if len(factors) >= 2 and factors[-1][0] == "over":
        below, above = factors[-1][1], factors[-2][1]
        if isinstance(below, Differential) and _split(above) is not None:
            _merge(factors, 2, quotient(above, below, (above.span[0], end)))
    if len(factors) >= 4 and factors[-1][0] == "juxtaposed" and factors[-2][0] == "over":
        first, second, third, fourth = (each for _, each in factors[-4:])
        if _is_d(first) and _is_d(third) and factors[-3][0] == "juxtaposed" and isinstance(fourth, Name | Scripted):
            result = Derivative(second, ((fourth, 1),), "d", span=(first.span[0], end))
            _merge(factors, 4, result)
    elif len(factors) >= 3 and factors[-1][0] == "juxtaposed" and factors[-2][0] == "over":
        first, second, third = (each for _, each in factors[-3:])
        if _is_d(first) and _is_d(second) and isinstance(third, Name | Scripted):
            _merge(factors, 3, Derivative(None, ((third, 1),), "d", span=(first.span[0], end)))


def _is_d(formula: Formula) -> bool:
    return (
        isinstance(formula, Name)
        and formula.letter == "d"
        and formula.font in ("", "upright", "plain")
        and not formula.accents
    )


def _merge(factors: list[tuple[str, Formula]], count: int, result: Formula) -> None:
    operator = factors[-count][0]
    if not isinstance(result, Quotient):
        factors[-count:] = [(operator, result)]


def names_differentiated(formula: Formula) -> bool:
    """Whether a formula is something that a derivative can be taken of by itself: a name, or a call."""
    return isinstance(formula, Name | Scripted | Applied | Mark)
