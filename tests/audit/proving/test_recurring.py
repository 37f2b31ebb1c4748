"""Equalities of recurrences, of their adjoints, and of sums whose ends differ: proved, and wrong ones refuted."""

import pytest

import indexcalc as ic

FILTER = "index t : n\nh[0] = s\nh[t] = a*h[t-1] + x[t]\nL = sum[t](h[t]^2)/2"
NETWORK = "index t : n\nh[0,i] = 0\nh[t,i] = tanh(W[i,j]*h[t-1,j] + u[t,i])\nL = sum[t,i]((h[t,i]-y[t,i])^2)/2"
OUTSIDE = f"{FILTER}\noutside g = 0\ng[t] = h[t] + a*g[t+1]"
BASED = f"{FILTER}\ng[n] = h[n]\ng[t] = h[t] + a*g[t+1]"
DIFFERENCES = "index i : n-1\nindex j : n\nz[j] = x[j]\nD = sum[i](x[i+1] - x[i])"
PROVED = [
    (FILTER, "h[t]", "a*h[t-1] + x[t]"),
    (FILTER, "h[1]", "a*s + x[1]"),
    (FILTER, "diff(L, h[t])", "h[t] + where(t < n, a*diff(L, h[t+1]), 0)"),
    (FILTER, "diff(L, x[t])", "diff(L, h[t])"),
    (FILTER, "diff(L, a)", "sum[t](diff(L, h[t])*h[t-1])"),
    (FILTER, "diff(L, s)", "a*diff(L, h[1])"),
    (OUTSIDE, "diff(L, h[t])", "g[t]"),
    (OUTSIDE, "diff(L, a)", "sum[t](g[t]*h[t-1])"),
    (BASED, "diff(L, h[t])", "g[t]"),
    (NETWORK, "diff(L, u[t,i])", "diff(L, h[t,i])*(1 - h[t,i]^2)"),
    (NETWORK, "diff(L, W[p,q])", "sum[t](diff(L, h[t,p])*(1 - h[t,p]^2)*h[t-1,q])"),
    (
        NETWORK,
        "diff(L, h[t,i])",
        "h[t,i] - y[t,i] + where(t < n, diff(L, h[t+1,j])*(1 - h[t+1,j]^2)*W[j,i], 0)",
    ),
    (DIFFERENCES, "D", "x[n] - x[1]"),
    ("index j : n\nz[j] = x[j]\nq[j] = y[j]\nS = sum[i](x[i+1]*y[i+1])", "S", "sum[j](x[j]*y[j]) - x[1]*y[1]"),
]
REFUTED = [
    (FILTER, "h[t]", "a*h[t-1] - x[t]"),
    (FILTER, "h[1]", "s + x[1]"),
    (FILTER, "diff(L, h[t])", "h[t] + where(t < n, diff(L, h[t+1]), 0)"),
    (FILTER, "diff(L, a)", "sum[t](diff(L, h[t])*h[t])"),
    (OUTSIDE, "diff(L, h[t])", "a*g[t]"),
    (BASED.replace("g[n] = h[n]", "g[n] = 2*h[n]"), "diff(L, h[t])", "g[t]"),
    (NETWORK, "diff(L, W[p,q])", "sum[t](diff(L, h[t,p])*(1 - h[t,p]^2)*h[t,q])"),
    (
        NETWORK,
        "diff(L, h[t,i])",
        "h[t,i] - y[t,i] + where(t < n, diff(L, h[t+1,j])*(1 - h[t+1,j]^2)*W[i,j], 0)",
    ),
    (DIFFERENCES, "D", "x[n] + x[1]"),
    ("index j : n\nz[j] = x[j]\nq[j] = y[j]\nS = sum[i](x[i+1]*y[i+1])", "S", "sum[j](x[j]*y[j])"),
]


@pytest.mark.parametrize(("sheet", "left", "right"), PROVED)
def test_proved(sheet, left, right):
    assert str(ic.equal(sheet, left, right)) == "proved"


@pytest.mark.parametrize(("sheet", "left", "right"), REFUTED)
def test_refuted(sheet, left, right):
    assert str(ic.equal(sheet, left, right)) == "refuted"


def test_reasons():
    assert ic.equal(FILTER, "h[t]", "a*h[t-1] + x[t]").reason == "the same after one step of the recurrence"
    assert ic.equal(OUTSIDE, "diff(L, h[t])", "g[t]").reason == "the same recurrence"
    assert ic.equal(DIFFERENCES, "D", "x[n] - x[1]").reason == "the same where sums end"


def test_sizes_that_follow_from_others_are_never_negative_in_samples():
    """With n - 2 places of a letter the sizes that are drawn are large enough, or the claim is judged without them."""
    sheet = "index i : n-2\nindex j : n\nz[j] = x[j]\nD = sum[i](x[i+2] - 2*x[i+1] + x[i])"
    assert str(ic.equal(sheet, "D", "x[n] - x[n-1] - x[2] + x[1]")) in ("proved", "agrees")
    assert str(ic.equal(sheet, "D", "x[n] - x[n-1] - x[2] - x[1]")) == "refuted"
