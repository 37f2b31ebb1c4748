"""Facts that follow from definitions: sums of defined tensors that are numbers."""

import pytest

from indexcalc.canonical import canonical
from indexcalc.notation.reader import parse_sheet
from indexcalc.notation.writing.text import write
from indexcalc.rewrite.consequences import Consequences
from indexcalc.rewrite.expand import Expansion
from tests.agreement import assert_right, read

SOFTMAX = "a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))"
CENTRED = "index i, j : n\nmu = mean[i](x[i])\nc[i] = x[i] - mu"
NORMED = "index i, j : n\nr = sum[i](x[i])\nw[i] = x[i]/r"
MIXED = f"{SOFTMAX}\nb[p,q] = (a[p,q] + exp(z[p,q])/sum[k](exp(z[p,k])))/2"


def rules(sheet, text):
    """The rules for what occurs in a text, as texts."""
    expression = read(parse_sheet(sheet), text)
    found = Consequences(expression.sheet, canonical).rules(Expansion(canonical)(expression.term))
    return [
        f"{write(each.source.left, expression.sheet)} = {write(each.source.right, expression.sheet)}" for each in found
    ]


FOUND = [
    (SOFTMAX, "sum[s](a[r,s])", ["sum[q](a[p,q]) = 1"]),
    (SOFTMAX, "sum[s](a[r,s])*y[r]", ["sum[q](a[p,q]) = 1"]),
    (CENTRED, "sum[i](c[i])", ["sum[i](c[i]) = 0"]),
    (NORMED, "sum[j](w[j])", ["sum[i](w[i]) = 1"]),
    (MIXED, "sum[s](b[r,s])", ["sum[q](b[p,q]) = 1"]),
]


@pytest.mark.parametrize(("sheet", "text", "facts"), FOUND)
def test_a_sum_that_is_a_number(sheet, text, facts):
    assert rules(sheet, text) == facts


NONE = [
    # The other slot, another factor with the index, a power, twice the same index, no sum, a leaf
    (SOFTMAX, "sum[r](a[r,s])"),
    (SOFTMAX, "sum[s](a[r,s]*y[s])"),
    (SOFTMAX, "sum[s](a[r,s]^2)"),
    (f"index p, q : m\n{SOFTMAX}", "sum[p](a[p,p])"),
    (SOFTMAX, "a[r,s]"),
    (SOFTMAX, "sum[s](z[r,s])"),
    # Sums that depend on something
    ("s[i] = sigmoid(x[i])", "sum[i](s[i])"),
    (CENTRED, "mu"),
    ("d[i] = x[i] - y[i]", "sum[i](d[i])"),
    ("o[i] = 1 + 0*x[i]", "sum[i](o[i])"),
]


@pytest.mark.parametrize(("sheet", "text"), NONE)
def test_other_sums_give_no_rule(sheet, text):
    assert rules(sheet, text) == []


USED = [
    (SOFTMAX, "sum[q](a[p,q])", "1"),
    (CENTRED, "sum[i](c[i])", "0"),
    (CENTRED, "diff(sum[i](c[i]^2), x[k])", "2*c[k]"),
    (SOFTMAX, "diff(sum[q](a[p,q]), z[r,s])", "0"),
    (SOFTMAX, "diff(-sum[q](a[p,q]), z[p,s])", "0"),
]


@pytest.mark.parametrize(("sheet", "target", "short"), USED)
def test_what_follows_is_used(sheet, target, short):
    assert str(assert_right(sheet, target)) == short


def test_each_sum_is_looked_at_once():
    expression = read(parse_sheet(SOFTMAX), "sum[s](a[r,s])*y[r]")
    consequences = Consequences(expression.sheet, canonical)
    polynomial = Expansion(canonical)(expression.term)
    (first,), (second,) = consequences.rules(polynomial), consequences.rules(polynomial)
    assert first is second
