"""Recognise functions that are written out, so that their own derivatives and stable code are used.

    1/(1 + exp(-x)) = sigmoid(x)        exp(x)/(1 + exp(x)) = sigmoid(x)        log(1 + exp(x)) = softplus(x)
"""

from __future__ import annotations

from dataclasses import replace

from indexcalc.sheet import Definition, Sheet
from indexcalc.terms import ONE, Call, Number, Power, Product, Sum, Tensor, Term, coefficient_of, negative
from indexcalc.walk import Memo, mapped


def recognise(term: Term) -> Term:
    """The term with sigmoid and softplus in place of their formulas; the same object if there are none."""

    def rule(term: Term, rec: Memo[Term]) -> Term:
        if isinstance(term, Tensor):
            return term
        new = mapped(term, rec)
        match new:
            case Power(base, Number(power)) if power < 0 and power == int(power):
                argument = _exponent(base)
                return new if argument is None else Power(Call("sigmoid", opposite(argument)), Number(-power))
            case Product(factors):
                return _with_whole_sigmoids(factors)
            case Call("log", (argument,)):
                inner = _exponent(argument)
                return new if inner is None else Call("softplus", inner)
        return new

    return Memo(rule)(term)


def recognised(sheet: Sheet) -> Sheet:
    """The sheet with its definitions so written; the same object if nothing changes."""
    new = {name: recognise(each.body) for name, each in sheet.definitions.items()}
    if all(new[name] is each.body for name, each in sheet.definitions.items()):
        return sheet
    definitions = {name: Definition(name, each.axes, new[name]) for name, each in sheet.definitions.items()}
    return replace(sheet, definitions=definitions)


def _exponent(term: Term) -> Term | None:
    """x, if the term is 1 + exp(x)."""
    match term:
        case Sum((Number(), Call("exp", (argument,)))) if term.fields[0] is ONE:
            return argument
    return None


def _with_whole_sigmoids(factors: tuple[Term, ...]) -> Term:
    """exp(x)*sigmoid(-x) = sigmoid(x)."""
    left = list(factors)
    for factor in factors:
        match factor:
            case Call("exp", (argument,)):
                partner = Call("sigmoid", opposite(argument))
                if partner in left:
                    left.remove(factor)
                    left[left.index(partner)] = Call("sigmoid", argument)
    return Product(*left)


def opposite(term: Term) -> Term:
    """-x, with the sign inside a sum where that takes signs away."""
    if isinstance(term, Sum) and all(coefficient_of(each) < 0 for each in term.terms):
        return Sum(*map(negative, term.terms))
    return negative(term)
