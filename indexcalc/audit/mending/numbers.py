"""Numbers that an author lost, or that are left over, before a side, a term, a factor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from indexcalc.audit.mending.mends import Mend, Patch, begin, is_placed
from indexcalc.notation.formula import (
    Applied,
    Bracket,
    Derivative,
    Formula,
    Numeral,
    Product,
    Quotient,
    Signed,
    Sum,
)
from indexcalc.notation.writing.formulas import written_back

FACTORS = ("2", "3", "4", r"\frac{1}{2}")


def left_over_numbers(formula: Formula) -> Iterator[Mend]:
    """A number too many before something."""
    if not isinstance(formula, Product):
        return
    for place, (_, factor) in enumerate(formula.factors):
        if isinstance(factor, Numeral) and len(formula.factors) > 1:
            rest = (*formula.factors[:place], *formula.factors[place + 1 :])
            (_, first), *others = rest
            new = first if not others else replace(formula, factors=(("", first), *others))
            end = formula.factors[place + 1][1].span[0] if place + 1 < len(formula.factors) else factor.span[1]
            yield Mend("factor", new, ((factor.span[0], end, ""),), f"the factor {factor.text} is left over")


def missing_numbers(formula: Formula) -> Iterator[Mend]:
    """A number missing before a side."""
    if not isinstance(formula, Sum):
        yield from _numbered(formula)
        return
    start, end = formula.span
    for text in FACTORS:
        new = Product((("", _number(text)), ("juxtaposed", Bracket("(", formula))), span=(0, 0))
        patches = ((start, start, f"{text} \\left("), (end, end, r"\right)"))
        yield Mend("factor", new, patches, f"the factor {_plain(text)} is missing")


def missing_number(formula: Formula) -> Iterator[Mend]:
    """A number missing before a term, above or below the line of a fraction, or before an argument."""
    match formula:
        case Sum(terms):
            bodies = [term for _, term in terms]
        case Quotient(above, below):
            bodies = [above, below]
        case Applied(_, Formula() as body) | Signed(_, body):
            bodies = [body]
        case Derivative(Formula() as body):
            bodies = [body]
        case Bracket(_, Product() as body):
            bodies = [body]
        case _:
            return
    for body in bodies:
        if not isinstance(body, Sum | Bracket):
            for mend in _numbered(body):
                yield mend.at(formula, body)


def _numbered(body: Formula) -> Iterator[Mend]:
    factors = body.factors if isinstance(body, Product) else (("", body),)
    first = factors[0][1]
    patches: tuple[Patch, ...]
    for text in FACTORS:
        if isinstance(first, Numeral) and len(factors) > 1:  # one number, not two
            number = _fraction(first.exact * (Fraction(text) if text.isdigit() else Fraction(1, 2)))
            new = Product((("", number), *factors[1:]), span=body.span)
            patches = ((*first.span, _shown(number)),) if is_placed(first) else ()
            yield Mend("factor", new, patches, f"the factor {_plain(text)} is missing")
            continue
        new = Product((("", _number(text)), ("juxtaposed", factors[0][1]), *factors[1:]), span=body.span)
        patches = ((begin(body), begin(body), f"{text} "),) if is_placed(body) else ()
        yield Mend("factor", new, patches, f"the factor {_plain(text)} is missing")


def _number(text: str) -> Formula:
    if text.isdigit():
        return Numeral(text, Fraction(text))
    return Quotient(Numeral("1", Fraction(1)), Numeral("2", Fraction(2)))


def _fraction(value: Fraction) -> Numeral | Quotient:
    above = Numeral(str(value.numerator), Fraction(value.numerator))
    if value.denominator == 1:
        return above
    return Quotient(above, Numeral(str(value.denominator), Fraction(value.denominator)))


def _shown(number: Numeral | Quotient) -> str:
    return number.text if isinstance(number, Numeral) else written_back(number)


def _plain(text: str) -> str:
    return text if text.isdigit() else "1/2"
