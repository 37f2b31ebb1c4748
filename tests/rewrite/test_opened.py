"""Powers of sums under a sum, against the same products written in full."""

import pytest

from indexcalc.audit.proving.proof import prove
from indexcalc.notation.reader import parse_sheet, read_chain

SHEET = parse_sheet("index i, j, k, l : n")


def verdict(left, right):
    one, other = read_chain(SHEET, [left, right])
    return prove(one.term, other.term, one.sheet, one.axes)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("sum[k]((x[k,i]*y[i])^2)", "sum[k](x[k,i]*x[k,j]*y[i]*y[j])"),
        ("sum[k](z[k]*(x[k,i]*y[i])^3)", "sum[k](z[k]*x[k,i]*x[k,j]*x[k,l]*y[i]*y[j]*y[l])"),
        ("sum[i,k]((x[k,i]*y[j]*B[j,i])^2)", "sum[i,j,k,l](x[k,i]^2*y[j]*y[l]*B[j,i]*B[l,i])"),
        ("(x[k,i]*y[i])^2", "x[k,i]*x[k,j]*y[i]*y[j]"),
    ],
)
def test_proved(left, right):
    assert str(verdict(left, right)) == "proved"
    assert verdict(left, right).reason == "the same normal form"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("sum[k]((x[k,i]*y[i])^2)", "sum[k](x[k,i]*x[k,i]*y[i]*y[i])"),
        ("sum[k]((x[k,i]*y[i])^2)", "sum[k,l](x[k,i]*x[l,j]*y[i]*y[j])"),
    ],
)
def test_refuted(left, right):
    assert str(verdict(left, right)) == "refuted"
