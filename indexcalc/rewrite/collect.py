"""Collect like terms: the same up to the names of dummies, the order of factors and the symmetries of tensors.

    x[i]*y[i] + y[k]*x[k] = 2*x[i]*y[i]            sum[k](e[k])/sum[l](e[l]) = 1
    A[j,i] = A[i,j]        where the facts call A symmetric
    eps[i,k,j] = -eps[i,j,k]        eps[i,j,k]*x[j]*x[k] = 0
    where(c, x, y) + where(c, z, 0) = where(c, x + z, y)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import permutations, product
from math import factorial, prod

from indexcalc.canonical import Canonical
from indexcalc.rewrite.monomial import Monomial, combined, components, power_terms, to_term, whole_number, without_idle
from indexcalc.terms import (
    ONE,
    Contraction,
    Epsilon,
    Index,
    Number,
    Product,
    Sum,
    Tensor,
    Term,
    Where,
    coefficient_and_rest,
)

MOST_FORMS = 216  # of a monomial with antisymmetric factors; above it only the form at hand is compared


# ----- One monomial ----------------------------------------------------------------------------------------------


def settled(monomial: Monomial, canonical: Canonical) -> Monomial:
    """The monomial with equal groups and atoms merged: sum[k](e[k]) * sum[k](e[k])^(-1) = 1."""
    monomial = _with_sorted_slots(monomial, canonical)
    if not monomial.bound:
        return monomial
    monomial = without_idle(monomial.coefficient, monomial.bound, monomial.powers)
    outer, *groups = components(monomial)
    known: set[Term] = {base for base in outer[1] if isinstance(base, Contraction)}
    if len(groups) < 2 and not known:
        return monomial
    sums: dict[Term, tuple[frozenset[Index], dict[Term, Term]]] = {}
    merged: list[tuple[Term, Term]] = list(outer[1].items())
    coefficient = monomial.coefficient
    for bound, powers in groups:
        whole = canonical(Contraction(bound, Product(*power_terms(powers))))
        if not isinstance(whole, Contraction):
            number, whole = coefficient_and_rest(whole)
            coefficient = coefficient * number
        if whole in sums or whole in known:
            merged.append((whole, ONE))
            if whole in sums:
                merged.append((whole, ONE))
                del sums[whole]
                known.add(whole)
        else:
            sums[whole] = (bound, powers)
    bound = frozenset[Index]().union(*(each for each, _ in sums.values()))
    left = (pair for _, powers in sums.values() for pair in powers.items())
    return Monomial(coefficient, bound, combined((*combined(merged).items(), *left)))


def _with_sorted_slots(monomial: Monomial, canonical: Canonical) -> Monomial:
    if not canonical.symmetric:
        return monomial
    pairs = ((canonical(base), canonical(exponent)) for base, exponent in monomial.powers.items())
    return Monomial(monomial.coefficient, monomial.bound, combined(pairs))


# ----- Antisymmetric factors -------------------------------------------------------------------------------------


def collected(monomials: Iterable[Monomial], canonical: Canonical, least: bool = False) -> list[Monomial]:
    """Like terms added up; of like terms the first one is kept, or the one with the least key."""
    totals: dict[Term, tuple[Fraction | float, Monomial]] = {}
    for monomial in monomials:
        bare = Monomial(Fraction(1), monomial.bound, monomial.powers)
        found = _least_form(bare, canonical)
        if found is None:
            continue
        label, form = found
        shown = form if least else bare.scaled(form.coefficient)
        known = totals.get(label)
        value = monomial.coefficient * form.coefficient
        totals[label] = (value + (known[0] if known else 0), known[1] if known else shown)
    ordered = sorted(totals.items(), key=lambda item: item[0].key)
    return [
        Monomial(total * sign, shown.bound, shown.powers)
        for _, (total, shown) in ordered
        for sign in (1 if least else shown.coefficient,)
        if total != 0
    ]


def is_antisymmetric(monomial: Monomial, canonical: Canonical) -> bool:
    """Whether an exchange of slots changes the sign of one of the factors."""
    return any(_groups(base, canonical) for base in monomial.powers)


def _groups(base: Term, canonical: Canonical) -> tuple[tuple[int, ...], ...]:
    """The groups of slots of which an exchange changes the sign."""
    match base:
        case Epsilon():
            return ((0, 1, 2),)
        case Tensor(name):
            return canonical.antisymmetries.get(name, ())
    return ()


def _least_form(bare: Monomial, canonical: Canonical) -> tuple[Term, Monomial] | None:
    """Of the forms that the exchanges give the one with the least term, with its sign; none if both signs give it."""
    moving = [
        base
        for base, exponent in bare.powers.items()
        if _groups(base, canonical) and whole_number(exponent) is not None
    ]
    count = prod(factorial(len(group)) for base in moving for group in _groups(base, canonical))
    if not moving or count > MOST_FORMS:
        return to_term(bare, canonical), bare
    forms: dict[Term, Monomial] = {}
    for turned in product(*(list(_turned(base, canonical)) for base in moving)):
        form = _form(bare, dict(zip(moving, turned, strict=True)))
        label = to_term(Monomial(Fraction(1), form.bound, form.powers), canonical)
        if forms.setdefault(label, form).coefficient != form.coefficient:
            return None
    label = min(forms, key=lambda term: term.key)
    return label, forms[label]


def _turned(base: Term, canonical: Canonical) -> Iterator[tuple[int, Term]]:
    """The factor with its slots exchanged in every way, and the sign of each."""
    slots = base.slots if isinstance(base, (Epsilon, Tensor)) else ()
    groups = _groups(base, canonical)
    for orders in product(*(permutations(range(len(group))) for group in groups)):
        new = list(slots)
        for group, order in zip(groups, orders, strict=True):
            for place, source in zip(group, order, strict=True):
                new[place] = slots[group[source]]
        sign = prod(_parity(order) for order in orders)
        yield sign, canonical(Tensor(base.name, tuple(new))) if isinstance(base, Tensor) else Epsilon(*new)


def _parity(order: tuple[int, ...]) -> int:
    pairs = ((a, b) for place, a in enumerate(order) for b in order[place + 1 :])
    return prod(-1 if a > b else 1 for a, b in pairs)


def _form(bare: Monomial, turned: dict[Term, tuple[int, Term]]) -> Monomial:
    sign, pairs = 1, []
    for base, exponent in bare.powers.items():
        own, new = turned.get(base, (1, base))
        sign *= own ** (abs(whole_number(exponent) or 0) if base in turned else 1)
        pairs.append((new, exponent))
    return Monomial(Fraction(sign), bare.bound, combined(pairs))


# ----- Choices ---------------------------------------------------------------------------------------------------


def merged_choices(monomials: list[Monomial]) -> tuple[list[Monomial], list[Term]]:
    """The monomials that are left alone, and the others as terms, those with like choices as one."""
    groups: dict[object, list[tuple[Monomial, Where]]] = {}
    others: list[Monomial] = []
    for monomial in monomials:
        choices = [base for base, exponent in monomial.powers.items() if isinstance(base, Where) and exponent is ONE]
        if len(choices) == 1:
            rest = frozenset(item for item in monomial.powers.items() if item[0] is not choices[0])
            groups.setdefault((choices[0].condition, monomial.bound, rest), []).append((monomial, choices[0]))
        else:
            others.append(monomial)
    others += [group[0][0] for group in groups.values() if len(group) == 1]
    return others, [_merged(group) for group in groups.values() if len(group) > 1]


def _merged(group: list[tuple[Monomial, Where]]) -> Term:
    first, choice = group[0]
    then = Sum(*(Product(Number(each.coefficient), where.then) for each, where in group))
    otherwise = Sum(*(Product(Number(each.coefficient), where.otherwise) for each, where in group))
    rest = {base: exponent for base, exponent in first.powers.items() if base is not choice}
    return Contraction(first.bound, Product(Where(choice.condition, then, otherwise), *power_terms(rest)))
