"""Rational functions of the atoms: the proof that two sides are equal when their normal forms differ.

Every base is an indeterminate, and a monomial an element of the field of rational functions over the rationals, where
equality is decided exactly (sympy's sparse fractions). Sums over indices come first, from the inside out: those over
indices of the same ranges are brought to one fraction, so that equal ones become one indeterminate.

    exp(x)/(1 + exp(x)) = 1/(1 + 1/exp(x))        sum[k](a[k]/(a[k] + b)) + sum[k](b/(a[k] + b)) = size(k)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm, prod
from typing import Any

from indexcalc.budget import TooLargeError
from indexcalc.rewrite.expand import Expansion, Polynomial
from indexcalc.rewrite.monomial import Monomial, power_terms
from indexcalc.terms import ONE, Call, Contraction, Index, Number, Power, Product, Sum, Term, negative

HIGHEST_POWER = 8  # of what a logarithm is of
MOST_ATOMS = 24  # the field operations grow fast with the number of indeterminates
MOST_TERMS = 200
MOST_STEPS = 30_000  # products of terms, in one multiplication of polynomials
MOST_PRODUCTS = 400  # of terms, in one operation between fractions: the greatest common divisor takes far longer
MOST_BITS = 30_000_000  # of the numbers put in for two polynomials where their common divisor is looked for


def vanishes(polynomial: Polynomial, expansion: Expansion) -> bool:
    """Whether a polynomial is zero as a rational function of its atoms; false also where that is not found out."""
    groups: dict[tuple[Index, ...], list[Term]] = {}
    for monomial in polynomial:
        bound, body = _opened(monomial, expansion)
        groups.setdefault(bound, []).append(body)
    inner = [bound for bound in groups if bound]
    closed: list[Term] = groups.pop((), [])
    for bound in inner:
        fraction = _Field(groups[bound]).total()
        if fraction is None:
            return False
        closed += [Contraction(bound, each) for each in fraction]
    flat = expansion.collect([each for term in closed for each in expansion.polynomial(term)])
    if not flat:
        return True
    return is_zero([_with_closed_sums(monomial, expansion) for monomial in flat])


def logarithms_vanish(polynomial: Polynomial, expansion: Expansion) -> bool:
    """Whether a sum of logarithms is zero since the product of what they are of is 1; false where that is not found.

    a*log(x) - b*log(y) + z = 0 where x^a*exp(z) = y^b, wherever the logarithms are defined.
    """
    powers: dict[Term, Fraction] = {}
    rest: Polynomial = []
    for monomial in polynomial:
        base, exponent = next(iter(monomial.powers.items()), (ONE, ONE))
        alone = not monomial.bound and len(monomial.powers) == 1 and exponent is ONE
        if alone and isinstance(base, Call) and base.function == "log":
            powers[base.arguments[0]] = Fraction(monomial.coefficient)
        else:
            rest.append(monomial)
    if not powers:
        return False
    scale = lcm(*(power.denominator for power in powers.values()))
    if max(abs(power * scale) for power in powers.values()) > HIGHEST_POWER:
        return False
    above, below = (
        Product(*(Power(x, Number(abs(power) * scale)) for x, power in powers.items() if (power > 0) == positive))
        for positive in (True, False)
    )
    whole = Product(above, Call("exp", Product(Number(scale), expansion.term(rest))))
    return vanishes(expansion(Sum(whole, negative(below))), expansion)


def _opened(monomial: Monomial, expansion: Expansion) -> tuple[tuple[Index, ...], Term]:
    """The bound indices, in canonical names, and the body of a monomial."""
    body = Product(Number(monomial.coefficient), *power_terms(monomial.powers))
    if not monomial.bound:
        return (), body
    whole = expansion.canonical(Contraction(monomial.bound, body))
    return (whole.bound, whole.body) if isinstance(whole, Contraction) else ((), whole)


def _with_closed_sums(monomial: Monomial, expansion: Expansion) -> Term:
    return expansion.term([monomial])


class _Field:
    """The rational functions of the atoms of some terms."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = list(terms)
        self.generators: dict[Term, Any] = {}
        atoms = list(dict.fromkeys(atom for term in self.terms for atom in _atoms(term)))
        self.small = len(atoms) <= MOST_ATOMS and len(self.terms) <= MOST_TERMS
        if self.small:
            from sympy import QQ, field

            names = [f"x{place}" for place in range(len(atoms))] or ["x"]
            self.field, *generators = field(names, QQ)
            self.generators = dict(zip(atoms, generators, strict=False))

    def total(self) -> list[Term] | None:
        """The sum of the terms as one reduced fraction: its addends over their denominator; none if too large."""
        if not self.small:
            return None
        try:
            value = self._sum(self.terms)
        except ZeroDivisionError:
            return None
        below = self._term(value.denom)
        return [Product(self._monomial(*item), Power(below, Number(-1))) for item in value.numer.terms()]

    def _element(self, term: Term) -> Any:
        match term:
            case Number(value):
                exact = Fraction(value)
                return self.field.one * exact.numerator / exact.denominator
            case Sum(terms):
                return self._sum(terms)
            case Product(factors):
                result = self.field.one
                for factor in factors:
                    result = result * _multiplicable(result, self._element(factor))
                return result
            case Power(base, Number(value)) if value == int(value):
                element = self._element(base)
                longest, power = max(len(element.numer), len(element.denom)), abs(int(value))
                if power > MOST_PRODUCTS or longest**power > MOST_PRODUCTS:
                    raise TooLargeError
                return element ** int(value)
        return self.generators[term]

    def _sum(self, terms: Iterable[Term]) -> Any:
        result = self.field.zero
        for term in terms:
            result = result + _multiplicable(result, self._element(term))
        return result

    def _term(self, polynomial: Any) -> Term:
        return Sum(*(self._monomial(*item) for item in polynomial.terms()))

    def _monomial(self, exponents: tuple[int, ...], coefficient: Any) -> Term:
        number = Number(Fraction(int(coefficient.numerator), int(coefficient.denominator)))
        powers = zip(self.generators, exponents, strict=False)
        return Product(number, *(Power(atom, Number(power)) for atom, power in powers))


def _multiplicable(first: Any, second: Any) -> Any:
    """The second fraction, if the two can be added or multiplied in little time; raises TooLargeError if not."""
    longest = [max(len(each.numer), len(each.denom)) for each in (first, second)]
    if longest[0] * longest[1] > MOST_PRODUCTS or _bits_of_product(first.denom, second.denom) > MOST_BITS:
        raise TooLargeError
    return second


def _bits_of_product(first: Any, second: Any) -> int:
    """About how many bits the value of a product has where sympy's heuristic puts numbers in for its generators.

    It puts in one after the other, each larger than all coefficients so far: bits grow with the product of degrees.
    """
    degrees = zip(first.degrees(), second.degrees(), strict=True)
    longest: int = prod(1 + max(0, left) + max(0, right) for left, right in degrees)
    return (_bits(first) + _bits(second)) * longest


def _bits(polynomial: Any) -> int:
    """The bits of the longest coefficient of a polynomial."""
    parts = [abs(int(part)) for each in polynomial.values() for part in (each.numerator, each.denominator)]
    return max((part.bit_length() for part in parts), default=0)


# ----- Zero, without common divisors -------------------------------------------------------------------------------


def is_zero(terms: Sequence[Term]) -> bool:
    """Whether the sum of some terms is zero as a rational function; false also where there are too many to find out.

    Over a common denominator only the numerator counts, so no greatest common divisor is needed. Raises TooLargeError
    where it grows too large.
    """
    atoms = _with_radicands(atom for term in terms for atom in _atoms(term))
    if len(terms) > MOST_TERMS or len(atoms) > MOST_ATOMS:
        return False
    from sympy import QQ, ring

    names = [f"x{place}" for place in range(len(atoms))] or ["x"]
    polynomials, *generators = ring(names, QQ)
    fractions = _Fractions(polynomials, dict(zip(atoms, generators, strict=False)))
    try:
        numerator, below = fractions.total(terms)
        return all(map(fractions.without_roots, below)) and not fractions.without_roots(numerator)
    except ZeroDivisionError:
        return False


Fractions = tuple[Any, dict[Any, int]]  # a numerator, and the denominators with their powers


class _Fractions:
    """Terms as a polynomial over powers of polynomials, which are not multiplied out."""

    def __init__(self, ring: Any, generators: dict[Term, Any]) -> None:
        self.ring, self.generators = ring, generators

    def total(self, terms: Iterable[Term]) -> Fractions:
        """The sum of some terms over their common denominator."""
        parts = [self._fraction(term) for term in terms]
        common: dict[Any, int] = {}
        for _, below in parts:
            for base, power in below.items():
                common[base] = max(common.get(base, 0), power)
        result = self.ring.zero
        for numerator, below in parts:
            for base, power in common.items():
                numerator = self._product(numerator, base, power - below.get(base, 0))
            result = result + numerator
        return result, common

    def without_roots(self, numerator: Any) -> Any:
        """A numerator that is zero where the given one is, with s in place of s^3 where s = sqrt(x) and s^2 = x.

        What a root is of may hold others, so the outer ones come first.
        """
        for root in sorted(filter(_is_root, self.generators), key=lambda each: -len(str(each.key))):
            assert isinstance(root, Call)
            above, below = self._fraction(root.arguments[0])
            place = list(self.generators).index(root)
            parts: dict[int, Any] = {}
            for exponents, coefficient in numerator.terms():
                power = exponents[place]
                reduced = (*exponents[:place], power % 2, *exponents[place + 1 :])
                part = self.ring.zero
                part[reduced] = coefficient
                parts[power // 2] = parts.get(power // 2, self.ring.zero) + part
            highest = max(parts, default=0)
            numerator = self.ring.zero
            for power, part in parts.items():
                part = self._product(part, above, power)
                for base, times in below.items():
                    part = self._product(part, base, times * (highest - power))
                numerator = numerator + part
        return numerator

    def _fraction(self, term: Term) -> Fractions:
        match term:
            case Number(value):
                exact = Fraction(value)
                return self.ring.one * exact.numerator / exact.denominator, {}
            case Sum(terms):
                return self.total(terms)
            case Product(factors):
                result, below = self.ring.one, dict[Any, int]()
                for numerator, denominators in map(self._fraction, factors):
                    result = self._product(result, numerator, 1)
                    for base, power in denominators.items():
                        below[base] = below.get(base, 0) + power
                return result, below
            case Power(base, Number(value)) if value == int(value):
                return self._power(self._fraction(base), int(value))
        return self.generators[term], {}

    def _power(self, fraction: Fractions, exponent: int) -> Fractions:
        numerator, below = fraction
        if exponent > 0:
            powers = {base: power * exponent for base, power in below.items()}
            return self._product(self.ring.one, numerator, exponent), powers
        if not numerator:
            raise ZeroDivisionError
        result = self.ring.one
        for base, power in below.items():
            result = self._product(result, base, -exponent * power)
        return result, {numerator: -exponent}

    def _product(self, first: Any, base: Any, power: int) -> Any:
        """first * base^power."""
        if power > MOST_PRODUCTS:
            raise TooLargeError
        for _ in range(power):
            if len(first) * len(base) > MOST_STEPS:
                raise TooLargeError
            first = first * base
        return first


def _with_radicands(atoms: Iterable[Term]) -> list[Term]:
    """Atoms, and those of what the square roots among them are of."""
    found = dict.fromkeys(atoms)
    pending = list(found)
    while pending:
        atom = pending.pop()
        if _is_root(atom) and isinstance(atom, Call):
            inner = [each for each in _atoms(atom.arguments[0]) if each not in found]
            found.update(dict.fromkeys(inner))
            pending += inner
    return list(found)


def _is_root(atom: Term) -> bool:
    return isinstance(atom, Call) and atom.function == "sqrt"


def _atoms(term: Term) -> list[Term]:
    """The indeterminates of a term: what is no number, sum, product or whole power."""
    found: list[Term] = []
    pending = [term]
    while pending:
        match pending.pop():
            case Number():
                continue
            case Sum() | Product() as whole:
                pending += whole.fields
            case Power(base, Number(value)) if value == int(value):
                pending.append(base)
            case other:
                found.append(other)
    return found


