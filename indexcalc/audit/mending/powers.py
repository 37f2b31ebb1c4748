"""Slips in powers and in factors that are letters: x for x^2, a factor that is lost, one that is left over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from indexcalc.audit.mending.mends import Mend, Patch, begin, everywhere, is_placed, put
from indexcalc.notation.formula import Bracket, Formula, Name, Numeral, Product, Quotient, Scripted, Sum
from indexcalc.notation.writing.formulas import written_back

SIGNS = ("", "juxtaposed", "times")
HIGHEST = 4
TWO = Numeral("2", Fraction(2))


def other_letters(formula: Formula, letters: tuple[Formula, ...], text: str) -> Iterator[Mend]:
    """Letters too many or missing, of those that the formula has as factors anyway."""
    yield from everywhere(formula, lambda part: _left_over_letters(part, text))
    yield from _lettered(formula, letters, text)
    yield from everywhere(formula, lambda part: _missing_letters(part, letters, text))


def other_powers(formula: Formula, text: str) -> Iterator[Mend]:
    """x^2 for x, x for x^2, x^3 for x^2; of a name, or of what stands in brackets."""
    match formula:
        case Scripted(Name() | Bracket(), _, Numeral(exact=power) as above, 0) if 1 < power <= HIGHEST:
            shown = text[slice(*formula.span)].strip()
            for other in (power - 1, power + 1):
                if power.denominator == 1 and is_placed(above):
                    number = Numeral(str(other), Fraction(other), span=above.span)
                    patches: tuple[Patch, ...] = ((*above.span, str(other)),)
                    yield Mend("power", replace(formula, above=number), patches, f"the power of {shown} is wrong")
        case Name() | Scripted(Name() | Bracket(), _, None, 0) | Bracket("("):
            if is_placed(formula):
                yield _squared(formula, text)
        case Quotient(above, below):
            for part in (each for each in (above, below) if isinstance(each, Sum) and is_placed(each)):
                squared = Scripted(Bracket("(", part), None, TWO, span=part.span)
                start, end = part.span
                around: tuple[Patch, ...] = ((start, start, r"\left("), (end, end, r"\right)^2"))
                shown = text[start:end].strip()
                why = f"the power of {shown} is wrong: it should be its square"
                yield Mend("power", put(formula, part, squared), around, why)


def _squared(formula: Formula, text: str) -> Mend:
    raised = (
        replace(formula, above=TWO)
        if isinstance(formula, Scripted)
        else Scripted(formula, None, TWO, span=formula.span)
    )
    end = formula.span[1]
    shown = text[slice(*formula.span)].strip()
    return Mend("power", raised, ((end, end, "^2"),), f"the power of {shown} is wrong: it should be its square")


def _left_over_letters(formula: Formula, text: str) -> Iterator[Mend]:
    """A letter too many in a product."""
    if not isinstance(formula, Product):
        return
    factors = formula.factors
    for place, (_, factor) in enumerate(factors):
        if not isinstance(factor, Name | Scripted) or not is_placed(factor):
            continue
        rest = (*factors[:place], *factors[place + 1 :])
        (_, first), *others = rest
        behind = rest[place][0] if place < len(rest) else ""
        if behind not in SIGNS:
            continue
        new = first if not others else replace(formula, factors=(("", first), *others))
        if place + 1 < len(factors):
            patch = (factor.span[0], begin(factors[place + 1][1]), " ")
        else:
            patch = (factors[place - 1][1].span[1], factor.span[1], "")
        yield Mend("letter", new, (patch,), f"the factor {text[slice(*factor.span)].strip()} is left over")


def _missing_letters(formula: Formula, letters: tuple[Formula, ...], text: str) -> Iterator[Mend]:
    """A letter missing before a term, or above or below the line of a fraction."""
    match formula:
        case Sum(terms):
            bodies = [term for _, term in terms]
        case Quotient(above, below):
            bodies = [above, below]
        case _:
            return
    for body in bodies:
        if not isinstance(body, Sum | Bracket):
            for mend in _lettered(body, letters, text):
                yield mend.at(formula, body)


def _lettered(body: Formula, letters: tuple[Formula, ...], text: str) -> Iterator[Mend]:
    """A letter before the factors of a term."""
    if not is_placed(body) or isinstance(body, Sum):
        return
    factors = body.factors if isinstance(body, Product) else (("", body),)
    for letter in letters:
        shown = written_back(letter)
        new = Product((("", letter), ("juxtaposed", factors[0][1]), *factors[1:]), span=body.span)
        patches: tuple[Patch, ...] = ((begin(body), begin(body), f"{shown} "),)
        yield Mend("letter", new, patches, f"the factor {shown} is missing")
