"""Monomials: powers merged, dummies kept apart, idle indices counted, and back to terms."""

from fractions import Fraction

import pytest

from indexcalc.canonical import canonical
from indexcalc.rewrite.monomial import (
    UNIT,
    Monomial,
    added,
    apart,
    atom,
    combined,
    components,
    divided,
    power_terms,
    product_of,
    root_of_number,
    to_sum,
    to_term,
    whole_number,
    without_idle,
)
from indexcalc.terms import (
    NOTHING,
    ONE,
    ZERO,
    Call,
    Contraction,
    Delta,
    Index,
    Indicator,
    Number,
    Power,
    Product,
    Range,
    Size,
    Sum,
    Tensor,
)

M, N, THREE = Range("m"), Range("n"), Range("3", size=3)
i, j, k, p, t = Index("i", M), Index("j", M), Index("k", M), Index("p", N), Index("t", THREE)
x, y, z, w = Tensor("x", (i,)), Tensor("y", (i,)), Tensor("y", (j,)), Tensor("w", (p,))
a, b = Tensor("a"), Tensor("b")
TWO, HALF, SIZE = Number(2), Number(Fraction(1, 2)), Size(M)


def monomial(powers, bound=(), coefficient=1):
    """A monomial from plain values."""
    return Monomial(Fraction(coefficient), frozenset(bound), powers)


def fields(found):
    """What two monomials are compared by."""
    return found.coefficient, found.bound, dict(found.powers)


ATOMS = [
    (atom(a), (1, NOTHING, {a: ONE})),
    (atom(a, TWO), (1, NOTHING, {a: TWO})),
    (atom(Number(3)), (3, NOTHING, {})),
    (atom(Number(3), TWO), (9, NOTHING, {})),
    (atom(Number(2), HALF), (1, NOTHING, {TWO: HALF})),
    (atom(a, ZERO), (1, NOTHING, {})),
    (atom(Power(a, TWO), TWO), (1, NOTHING, {a: Number(4)})),
    (atom(Power(a, b)), (1, NOTHING, {a: b})),
]


@pytest.mark.parametrize(("found", "expected"), ATOMS)
def test_an_atom_is_one_power(found, expected):
    assert fields(found) == expected


EXPONENTS = [
    (ONE, ONE, 1, TWO),
    (TWO, TWO, -1, ZERO),
    (a, a, -1, ZERO),
    (Sum(a, ONE), Sum(a, ONE), -1, ZERO),
    (a, ONE, 1, Sum(a, ONE)),
    (Product(TWO, a), a, 1, Product(Number(3), a)),
    (Product(TWO, Sum(a, b)), Product(TWO, b), -1, Product(TWO, a)),
]


@pytest.mark.parametrize(("one", "other", "sign", "total"), EXPONENTS)
def test_exponents_are_added_like_terms_collected(one, other, sign, total):
    assert added(one, other, sign) is total


@pytest.mark.parametrize(
    ("number", "exponent", "expected"),
    [
        ("9/2", "1/2", (3, NOTHING, {TWO: Number(Fraction(-1, 2))})),
        ("4", "1/2", (2, NOTHING, {})),
        ("1/4", "3/2", (Fraction(1, 8), NOTHING, {})),
        ("2", "1/2", (1, NOTHING, {TWO: HALF})),
    ],
)
def test_the_root_of_a_number(number, exponent, expected):
    found = root_of_number(Fraction(number), Fraction(exponent))
    assert fields(found) == expected


def test_the_root_of_a_float_stays_exact_as_a_term():
    assert fields(root_of_number(2.5, Fraction(1, 2))) == (1, NOTHING, {Number(2.5): HALF})


DELTA, CHOICE = Delta(i, j), Indicator("<", a, b)
COMBINED = [
    ([(a, ONE), (a, ONE)], {a: TWO}),
    ([(a, TWO), (a, Number(-2))], {}),
    ([(a, b), (a, ONE)], {a: Sum(b, ONE)}),
    ([(DELTA, ONE), (DELTA, ONE)], {DELTA: ONE}),
    ([(CHOICE, ONE), (CHOICE, ONE)], {CHOICE: ONE}),
    ([(x, ONE), (y, ONE)], {x: ONE, y: ONE}),
]


@pytest.mark.parametrize(("pairs", "powers"), COMBINED)
def test_powers_of_equal_bases_are_merged(pairs, powers):
    assert combined(pairs) == powers


DIVIDED = [
    ({a: TWO}, a, ONE, {a: ONE}),
    ({a: ONE, b: ONE}, a, ONE, {b: ONE}),
    ({DELTA: ONE}, DELTA, ONE, {}),
    ({a: ONE}, a, TWO, {a: Number(-1)}),
    ({Product(a, b): Number(Fraction(3, 2))}, Product(a, b), HALF, {a: ONE, b: ONE}),
]


@pytest.mark.parametrize(("powers", "base", "exponent", "left"), DIVIDED)
def test_division(powers, base, exponent, left):
    assert divided(powers, base, exponent) == left


# ----- Products and bound indices ----------------------------------------------------------------------------------


def test_the_dummies_of_a_product_are_kept_apart():
    square = product_of(monomial({x: ONE}, [i]), monomial({x: ONE}, [i]))
    assert len(square.bound) == 2
    assert square.powers.keys() == {Tensor("x", (index,)) for index in square.bound}


def test_a_dummy_does_not_capture_a_free_index():
    found = product_of(monomial({x: ONE}, [i]), monomial({y: ONE}))
    assert found.free == {i}
    assert i not in found.bound
    found = product_of(monomial({y: ONE}), monomial({x: ONE}, [i]))
    assert found.free == {i}
    assert i not in found.bound


def test_the_unit_changes_nothing():
    one = monomial({x: ONE, a: TWO}, [i], 3)
    assert fields(product_of(one, UNIT)) == fields(product_of(UNIT, one)) == fields(one)


def test_a_number_below_a_root_joins_the_coefficient_once_the_root_is_whole():
    root = monomial({TWO: HALF})
    assert fields(product_of(root, root)) == (2, NOTHING, {})


def test_apart_renames_only_what_is_taken():
    one = monomial({x: ONE, z: ONE}, [i, j])
    assert apart(one, frozenset([k])) is one
    other = apart(one, frozenset([i]))
    assert i not in other.bound
    assert j in other.bound
    assert len(other.bound) == 2


IDLE = [
    (monomial({x: ONE}, [i, j]), (1, {i}, {x: ONE, SIZE: ONE})),
    (monomial({x: ONE}, [i, j, k]), (1, {i}, {x: ONE, SIZE: TWO})),
    (monomial({SIZE: Number(-1)}, [j]), (1, NOTHING, {})),
    (monomial({a: ONE}, [t], 2), (6, NOTHING, {a: ONE})),
    (monomial({x: ONE}, [i]), (1, {i}, {x: ONE})),
]


@pytest.mark.parametrize(("given", "expected"), IDLE)
def test_an_idle_index_counts_its_range(given, expected):
    assert fields(without_idle(given.coefficient, given.bound, given.powers)) == expected


@pytest.mark.parametrize(("exponent", "value"), [(TWO, 2), (Number(-1), -1), (HALF, None), (a, None)])
def test_whole_numbers(exponent, value):
    assert whole_number(exponent) == value


# ----- Back to terms -----------------------------------------------------------------------------------------------

TERMS = [
    (monomial({}), ONE),
    (monomial({a: ONE}, (), 0), ZERO),
    (monomial({a: HALF}), Call("sqrt", a)),
    (monomial({a: Number(Fraction(-1, 2))}), Power(Call("sqrt", a), Number(-1))),
    (monomial({TWO: HALF, a: HALF}), Call("sqrt", Product(TWO, a))),
    (monomial({a: ONE, b: TWO}, (), 3), Product(Number(3), a, Power(b, TWO))),
]


@pytest.mark.parametrize(("given", "term"), TERMS)
def test_a_monomial_as_a_term(given, term):
    assert to_term(given, canonical) is term


def test_sums_are_drawn_as_tightly_as_they_go():
    term = to_term(monomial({a: ONE, x: ONE, w: ONE}, [i, p]), canonical)
    assert term is canonical(Product(a, Contraction([i], x), Contraction([p], w)))


def test_factors_that_share_a_dummy_stay_together():
    groups = list(components(monomial({a: ONE, x: ONE, y: ONE, w: ONE}, [i, p])))
    assert groups == [(NOTHING, {a: ONE}), ({i}, {x: ONE, y: ONE}), ({p}, {w: ONE})]


def test_a_chain_of_shared_dummies_is_one_group():
    link = Tensor("A", (i, p))
    groups = list(components(monomial({x: ONE, w: ONE, link: ONE}, [i, p])))
    assert [bound for bound, _ in groups] == [NOTHING, {i, p}]


def test_a_sum_of_monomials():
    assert to_sum([monomial({a: ONE}), monomial({b: ONE}, (), -2)], canonical) is Sum(a, Product(Number(-2), b))
    assert to_sum([], canonical) is ZERO


def test_the_factors_of_powers():
    assert list(power_terms({a: ONE, b: TWO})) == [a, Power(b, TWO)]
