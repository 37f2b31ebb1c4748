"""What the addends of a sum share outside their sums over indices: x*y + 2*x = x*(y + 2), 1 + 1/x = 1/x*(x + 1)."""

from __future__ import annotations

from typing import cast

from indexcalc.rewrite.monomial import Monomial, combined, power_terms
from indexcalc.terms import ZERO, Constraint, Delta, Indicator, Number, Product, Term, negative


def content(polynomial: list[Monomial]) -> tuple[Monomial, list[Monomial]]:
    """The factor that all monomials share outside their sums, and the rest, its first coefficient 1.

    The least power of a base is taken, be it negative: 1 + 1/x = 1/x*(x + 1).
    """
    bases = dict.fromkeys(base for each in polynomial for base in each.powers)
    least = ((base, _least_power(base, polynomial)) for base in bases)
    common = {base: exponent for base, exponent in least if exponent is not ZERO}
    rest: list[Monomial] = []
    for each in polynomial:
        powers = combined((*each.powers.items(), *((base, negative(power)) for base, power in common.items())))
        rest.append(Monomial(each.coefficient, each.bound, powers))
    rest.sort(key=lambda each: Product(*power_terms(each.powers)).key)
    scale = rest[0].coefficient
    return Monomial(scale, frozenset(), common), [each.scaled(1 / cast(float, scale)) for each in rest]


def _least_power(base: Term, polynomial: list[Monomial]) -> Term:
    """The least power of a base in any of the monomials; 0 where it stands inside a sum, or powers do not compare."""
    powers = [each.powers.get(base, ZERO) for each in polynomial]
    if any(not each.bound.isdisjoint(base.free) for each in polynomial if base in each.powers):
        return ZERO
    if all(power is powers[0] for power in powers):
        return powers[0] if not any(each.bound & powers[0].free for each in polynomial) else ZERO
    if isinstance(base, (Delta, Indicator, Constraint)) or not all(isinstance(power, Number) for power in powers):
        return ZERO
    return min(powers, key=lambda power: cast(Number, power).value)
