"""What all addends share is taken out, negative powers too; what stands inside a sum is not."""

from fractions import Fraction

import pytest

from indexcalc.canonical import canonical
from indexcalc.rewrite.content import content
from indexcalc.rewrite.expand import Expansion
from indexcalc.rewrite.monomial import product_of, to_sum, to_term
from tests.agreement import assert_same_values, read, term_of

SHARED = [
    ("x*y + 2*x", "2*x", 2),
    ("2*x*y + 4*x", "4*x", 2),
    ("-x*y - x*z", "-x", 2),
    ("1 + 1/x", "1/x", 2),
    ("x^2*y + x^3", "x^2", 2),
    ("x^a*y + x^a", "x^a", 2),
    ("x^a + x^b", "1", 2),
    ("x + y", "1", 2),
    ("3*x*y", "3*x*y", 1),
    ("x/y^2 + 1/y", "1/y^2", 2),
    ("sum[i](u[i]*v[i])*x + sum[i](u[i])*x", "x", 2),
    ("sum[i](u[i]*v[i]) + sum[i](u[i])", "1", 2),
]


@pytest.mark.parametrize(("text", "common", "addends"), SHARED)
def test_the_content(text, common, addends):
    expression = read("", text)
    found, rest = content(Expansion(canonical, everything=True)(expression.term))
    assert to_term(found, canonical) is term_of("", common)
    assert rest[0].coefficient == 1
    assert len(rest) == addends


@pytest.mark.parametrize("text", [text for text, _, _ in SHARED])
def test_content_times_rest_is_the_whole(text):
    expression = read("", text)
    common, rest = content(Expansion(canonical, everything=True)(expression.term))
    whole = to_sum([product_of(common, each) for each in rest], canonical)
    assert_same_values(expression.term, [whole], expression.sheet, expression.axes)


def test_a_delta_is_not_divided_by():
    polynomial = Expansion(canonical)(term_of("index i, j : n", "x[i]*delta[i,j]*y[j]*z[i,j] + w[i]"))
    common, rest = content(polynomial)
    assert common.powers == {}
    assert common.coefficient == Fraction(1)
    assert len(rest) == len(polynomial)


def test_the_rest_does_not_depend_on_the_scale_of_the_whole():
    rests = [content(Expansion(canonical)(term_of("", text)))[1] for text in ("x*y + 2*x", "-3*x*y - 6*x")]
    assert to_sum(rests[0], canonical) is to_sum(rests[1], canonical)
