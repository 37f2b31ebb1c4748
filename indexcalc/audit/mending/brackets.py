r"""Brackets that were left out: a (b + c) d written as a b + c d."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from indexcalc.audit.mending.mends import Mend, Patch, is_placed
from indexcalc.notation.formula import Applied, Big, Bracket, Formula, Product, Signed, Sum

Wrap = Callable[[Formula], Formula]
MOST_TERMS = 4  # that stand in the brackets
Factors = tuple[tuple[str, Formula], ...]


def missing_brackets(formula: Formula) -> Iterator[Mend]:
    """Brackets from some place in one term to some place in a later one."""
    if not isinstance(formula, Sum):
        return
    yield from missing_signed_brackets(formula)
    terms = formula.terms
    for first in range(len(terms)):
        for last in range(first + 1, min(len(terms), first + MOST_TERMS)):
            for wrap, opened in _openings(terms[first][1]):
                for closed, tail in _closings(terms[last][1]):
                    if wrap is None and not tail and terms[first][0] == "+":
                        continue  # brackets around whole terms behind a plus change nothing
                    inside = Sum((("+", opened), *terms[first + 1 : last], (terms[last][0], closed)))
                    bracket: Formula = Bracket("(", inside)
                    if tail:
                        bracket = Product((("", bracket), *tail))
                    new = wrap(bracket) if wrap is not None else bracket
                    rest = (*terms[:first], (terms[first][0], new), *terms[last + 1 :])
                    whole = replace(formula, terms=rest) if len(rest) > 1 else _alone(rest[0])
                    start, end = opened.span[0], closed.span[1]
                    patches: tuple[Patch, ...] = ((start, start, r"\left("), (end, end, r"\right)"))
                    fits = is_placed(opened, closed)
                    yield Mend("bracket", whole, patches if fits else (), "brackets are missing")


def missing_signed_brackets(formula: Sum) -> Iterator[Mend]:
    """a (-b) written as a - b."""
    terms = formula.terms
    for place in range(1, len(terms)):
        (sign, before), (minus, term) = terms[place - 1 : place + 1]
        if minus == "-" and is_placed(before, term):
            for closed, tail in _closings(term):
                new = _followed(before, (("juxtaposed", Bracket("(", Signed("-", closed))), *tail))
                rest = (*terms[: place - 1], (sign, new), *terms[place + 1 :])
                whole = replace(formula, terms=rest) if len(rest) > 1 else _alone(rest[0])
                start, end = before.span[1], closed.span[1]
                patches: tuple[Patch, ...] = ((start, start, r" \left("), (end, end, r"\right)"))
                yield Mend("bracket", whole, patches, "brackets are missing")


def _followed(term: Formula, factors: Factors) -> Formula:
    """A term with further factors behind it, within the sums at its end."""
    match term:
        case Big(_, _, _, Formula() as body):
            return replace(term, body=_followed(body, factors))
        case Product((*before, (operator, Big() as last))):
            return Product((*before, (operator, _followed(last, factors))))
        case Product(before):
            return Product((*before, *factors))
    return Product((("", term), *factors))


def _alone(term: tuple[str, Formula]) -> Formula:
    return term[1] if term[0] == "+" else Signed(term[0], term[1])


def _openings(term: Formula) -> Iterator[tuple[Wrap | None, Formula]]:
    """Where brackets may open in a term: what stands inside of them, and how the rest is put around it."""
    yield None, term
    yield from _inner_openings(term)


def _inner_openings(term: Formula) -> Iterator[tuple[Wrap, Formula]]:
    match term:
        case Product(factors):
            for place in range(1, len(factors)):
                yield _behind(factors, place), _product(factors[place:])
            (*before, (operator, last)) = factors
            for wrap, inside in _inner_openings(last):
                yield _around(tuple(before), operator, wrap), inside
        case Big(_, _, _, Formula() as body):
            yield (lambda new: replace(term, body=new)), body
            for wrap, inside in _inner_openings(body):
                yield _within(term, wrap), inside
        case Applied(_, Formula() as body):
            yield (lambda new: replace(term, argument=new)), body
        case Signed(sign, body):
            yield (lambda new: Signed(sign, new)), body


def _behind(factors: Factors, place: int) -> Wrap:
    operator = factors[place][0] or "juxtaposed"
    return lambda new: Product((*factors[:place], (operator, new)))


def _around(before: Factors, operator: str, wrap: Wrap) -> Wrap:
    return lambda new: Product((*before, (operator, wrap(new))))


def _within(big: Big, wrap: Wrap) -> Wrap:
    return lambda new: replace(big, body=wrap(new))


def _closings(term: Formula) -> Iterator[tuple[Formula, Factors]]:
    """Where brackets may close in a term: what stands inside of them, and the factors behind them."""
    yield term, ()
    if isinstance(term, Product):
        for place in range(1, len(term.factors)):
            rest = term.factors[place:]
            yield _product(term.factors[:place]), ((rest[0][0] or "juxtaposed", rest[0][1]), *rest[1:])


def _product(factors: Factors) -> Formula:
    (_, first), *others = factors
    if not others:
        return first
    return Product((("", first), *others), span=(first.span[0], factors[-1][1].span[1]))
