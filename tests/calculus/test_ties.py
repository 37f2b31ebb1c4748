"""Extremes that are attained at several places as a rule: their derivative is shared."""

import pytest

import indexcalc as ic
from indexcalc.calculus.ties import NO_TIES, Ties
from indexcalc.terms import Reduction

LETTERS = "index i, j, k, l : n\nindex a : d\n"

TIED = [
    "h = max[k](min(x[k], 1))",
    "h = max[k](x[k]*1[x[k] > 1])",
    "h = max[i,j](x[i]*x[j])",
    "h = min[i,j](abs(x[i] - x[j]))",
    "h = max[i,j]((x[i] - x[j])^2)",
    "h = max[i,j](sum[a]((X[i,a] - X[j,a])^2))",
    "D[i,j] = sum[a]((X[i,a] - X[j,a])^2)\nh = max[i,j](D[i,j])",
    "D[i,j] = sum[a](X[i,a]*X[j,a])\nF[i,j] = exp(D[j,i])*y[a]*y[a]\nh = min[i,j](F[i,j])",
    "h = max[i,j](A[i,j] + A[j,i])",
    "h = max[i,j,k](A[i,j]*A[j,k]*A[k,i])",
    "assume A[i,j] = A[j,i]\nh = max[i,j](A[i,j]*c)",
]
SINGLE = [
    "h = max[k](x[k])",
    "h = max[i](exp(x[i])*y[i])",
    "h = max[i,j](A[i,j])",
    "h = max[i,a](X[i,a])",
    "h = max[i,j](x[i]*y[j])",
    "h = max[i,j](x[i] - x[j])",
    "h = max[i,j](x[i] + A[i,j]*x[j])",
    "D[i,j] = x[i]*y[j]\nh = max[i,j](D[i,j])",
    "assume A[i,j] = -A[j,i]\nh = max[i,j](A[i,j])",
]


def possible(text: str) -> bool:
    sheet = ic.parse(LETTERS + text)
    extreme = sheet.definitions["h"].body
    assert isinstance(extreme, Reduction)
    return Ties(sheet).possible(extreme.bound, extreme.body)


@pytest.mark.parametrize("text", TIED)
def test_ties_are_seen(text):
    assert possible(text)


@pytest.mark.parametrize("text", SINGLE)
def test_no_ties_are_seen_where_there_are_none(text):
    assert not possible(text)


def test_a_tensor_that_is_varied_has_no_definition():
    sheet = ic.parse(LETTERS + "D[i,j] = x[i]*x[j]\nh = max[i,j](D[i,j])")
    extreme = sheet.definitions["h"].body
    assert isinstance(extreme, Reduction)
    assert Ties(sheet).possible(extreme.bound, extreme.body)
    assert not Ties(sheet, frozenset({"D"})).possible(extreme.bound, extreme.body)


def test_without_a_sheet_only_the_term_itself_speaks():
    extreme = ic.parse(LETTERS + "h = max[i,j](x[i]*x[j])").definitions["h"].body
    assert isinstance(extreme, Reduction)
    assert NO_TIES.possible(extreme.bound, extreme.body)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("h = max[i,j]((x[i] - x[j])^2)", "diff(h, x[k])"),
        ("D[i,j] = sum[a]((X[i,a] - X[j,a])^2)\nh = max[i,j](D[i,j])", "diff(h, X[k,a])"),
        ("h = min[i,j](sum[a](X[i,a]*y[a]*X[j,a]))", "diff(h, X[k,a])"),
        ("h = max[i,j,k](A[i,j]*A[j,k]*A[k,i])", "diff(h, A[i,j])"),
        ("h = max[i,j](A[i,j])^2", "diff(h, A[k,l])"),
        ("assume A[i,j] = A[j,i]\nh = max[i,j](A[i,j]*c)", "diff(h, c)"),
    ],
)
def test_derivatives_under_ties_agree_with_the_witnesses(text, target):
    assert ic.derive(LETTERS + text, target).verify().passed


def test_forward_and_reverse_share_alike():
    sheet = LETTERS + "h = max[i,j]((x[i] - x[j])^2)"
    assert ic.jvp(sheet, "h", ["x"]).verify().passed
    assert ic.vjp(sheet, "h", ["x"]).verify().passed
