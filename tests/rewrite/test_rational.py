"""Rational functions of the atoms: zero is found where normal forms differ, and nothing else is called zero."""

import pytest

from indexcalc.budget import TooLargeError
from indexcalc.canonical import canonical
from indexcalc.rewrite.normal import NormalForm
from indexcalc.rewrite.rational import MOST_ATOMS, _Field, vanishes
from indexcalc.terms import MINUS_ONE, ZERO, Number, Power, Product, Sum, Tensor, negative
from tests.agreement import read

EQUAL = [
    ("x/(x + y) + y/(x + y)", "1"),
    ("1/(x + y) + 1/(x - y)", "2*x/(x^2 - y^2)"),
    ("1/(1 + 1/x)", "x/(1 + x)"),
    ("(x^3 - y^3)/(x - y)", "x^2 + x*y + y^2"),
    ("x/(1 + x/(1 + y))", "x*(1 + y)/(1 + x + y)"),
    ("1/(1 + exp(-x))", "exp(x)/(1 + exp(x))"),
    ("tanh(x)", "2*sigmoid(2*x) - 1"),
    ("sigmoid(x) + sigmoid(-x)", "1"),
    ("1 - tanh(x)^2", "4/(exp(x) + exp(-x))^2"),
    # Under sums, and with sums as atoms
    ("sum[k](a[k]/(a[k] + b))", "sum[k](1 - b/(a[k] + b))"),
    ("sum[k](a[k]/(a[k] + b)) + sum[l](b/(a[l] + b))", "sum[k](1)"),
    ("1/sum[k](a[k]) + 1/b", "(b + sum[k](a[k]))/(b*sum[k](a[k]))"),
    ("a[i]/sum[k](a[k]) - a[i]/(1 + sum[k](a[k]))", "a[i]/(sum[k](a[k])*(1 + sum[k](a[k])))"),
    ("sum[i,j](a[i]/(a[i] + b[j])) + sum[i,j](b[j]/(a[i] + b[j]))", "sum[i,j](1)"),
]
UNEQUAL = [
    ("x/(x + y)", "1/(1 + y)"),
    ("1/(x + y)", "1/x + 1/y"),
    ("1/(x - y)", "1/(y - x)"),
    ("sum[k](a[k]/(a[k] + b))", "sum[k](a[k])/(sum[k](a[k]) + b)"),
    ("sigmoid(x)", "sigmoid(-x)"),
    ("x^2/x^2", "2"),
    ("sqrt(x)/(1 + x)", "1/(1 + sqrt(x))"),
]


def difference(left, right):
    """The normal form of left - right, and the expansion that made it."""
    first = read("index i, j, k, l : n", left)
    second = read(first.sheet, right)
    normal = NormalForm(canonical)
    return normal(Sum(first.term, negative(second.term))), normal


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal_fractions(left, right):
    assert vanishes(*difference(left, right))


@pytest.mark.parametrize(("left", "right"), UNEQUAL)
def test_unequal_fractions(left, right):
    assert not vanishes(*difference(left, right))


def test_nothing_vanishes():
    assert vanishes([], NormalForm(canonical))
    assert vanishes(NormalForm(canonical)(ZERO), NormalForm(canonical))


@pytest.mark.parametrize(("count", "found"), [(3, True), (MOST_ATOMS + 1, False)])
def test_with_too_many_atoms_nothing_is_claimed(count, found):
    normal = NormalForm(canonical)
    first, *others = (Tensor(f"x{place}") for place in range(count))
    below = Power(Sum(first, *others), MINUS_ONE)
    difference = Sum(Product(first, below), Product(Sum(*others), below), MINUS_ONE)
    assert vanishes(normal(difference), normal) == found


@pytest.mark.parametrize(("names", "found"), [("abcd", True), ("abcdefghklmnpqrs", False)])
def test_no_divisor_is_looked_for_where_the_numbers_put_in_would_be_too_long(names, found):
    left, right = (
        Sum(*(Product(Number(value), Power(Tensor(name), Number(4))) for value, name in enumerate(names, start)))
        for start in (1, 2)
    )
    fractions = [Power(each, MINUS_ONE) for each in (left, right)]
    if found:
        assert len(_Field(fractions).total()) == len(names)
    else:
        with pytest.raises(TooLargeError):
            _Field(fractions).total()
