"""Products of permutation symbols become deltas; one alone stays."""

from fractions import Fraction
from itertools import permutations

import pytest

from indexcalc.canonical import canonical
from indexcalc.rewrite.epsilon import as_deltas, epsilon_pair
from indexcalc.rewrite.monomial import Monomial, to_sum
from indexcalc.sheet import Sheet
from indexcalc.terms import ONE, Contraction, Epsilon, Index, Number, Product, Range, Tensor
from tests.agreement import assert_right, assert_same_values

SPACE = Range("3", size=3)
i, j, k, n, p, q = (Index(letter, SPACE) for letter in "ijknpq")
FIRST, SECOND, THIRD = Epsilon(i, j, k), Epsilon(i, n, p), Epsilon(n, p, q)
x = Tensor("x", (i,))
SHEET = Sheet(slots={"x": (SPACE,)}, letters={index.name: SPACE for index in (i, j, k, n, p, q)})


def monomial(powers, bound=()):
    """A monomial with the coefficient 2."""
    return Monomial(Fraction(2), frozenset(bound), powers)


PAIRS = [
    (monomial({FIRST: ONE, SECOND: ONE}, [i]), False, (FIRST, SECOND)),
    (monomial({FIRST: ONE, SECOND: ONE}), False, None),
    (monomial({FIRST: ONE, SECOND: ONE}), True, (FIRST, SECOND)),
    (monomial({FIRST: ONE, THIRD: ONE}, [i, n]), False, None),
    (monomial({FIRST: ONE, THIRD: ONE}, [i, n]), True, (FIRST, THIRD)),
    (monomial({FIRST: Number(2)}, [i]), False, (FIRST, FIRST)),
    (monomial({FIRST: Number(2)}), False, None),
    (monomial({FIRST: Number(-2)}, [i]), True, None),
    (monomial({FIRST: ONE, x: ONE}, [i]), True, None),
    (monomial({x: ONE}, [i]), True, None),
]


@pytest.mark.parametrize(("given", "always", "pair"), PAIRS)
def test_two_symbols_that_share_a_summed_index(given, always, pair):
    assert epsilon_pair(given, always) == pair


@pytest.mark.parametrize("second", [Epsilon(*order) for order in permutations((i, j, k))])
@pytest.mark.parametrize("bound", [(), (i,), (i, j), (i, j, k)])
def test_the_determinant_of_deltas_has_the_value_of_two_symbols(second, bound):
    given = monomial({FIRST: ONE, second: ONE} if second is not FIRST else {FIRST: Number(2)}, bound)
    product = Contraction(bound, Product(Number(2), FIRST, second))
    axes = tuple(index for index in (i, j, k) if index not in bound)
    assert_same_values(product, [to_sum(as_deltas(given, FIRST, second), canonical)], SHEET, axes)


def test_without_a_common_index_there_are_six_addends():
    found = as_deltas(monomial({FIRST: ONE, THIRD: ONE}), FIRST, THIRD)
    assert sorted(each.coefficient for each in found) == [-2, -2, -2, 2, 2, 2]
    axes = (i, j, k, n, p, q)
    assert_same_values(Product(Number(2), FIRST, THIRD), [to_sum(found, canonical)], SHEET, axes)


SHORT = [
    ("eps[i,j,k]*eps[i,j,k]", "6"),
    ("eps[i,j,k]*eps[i,j,l]", "2*delta[k,l]"),
    ("eps[i,j,k]*eps[j,i,k]", "-6"),
    ("eps[i,j,k]*a[j]*b[k]*eps[i,l,p]*a[l]*b[p]", "sum[i](a[i]^2)*sum[i](b[i]^2) - (a[i]*b[i])^2"),
    ("eps[i,j,k]*a[j]*b[k]", "eps[i,j,k]*a[j]*b[k]"),
]


@pytest.mark.parametrize(("text", "short"), SHORT)
def test_in_the_short_form(text, short):
    assert str(assert_right("index i, j, k, l, p : 3", text)) == short
