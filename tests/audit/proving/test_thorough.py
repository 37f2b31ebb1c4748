"""Claims that a few samples of moderate size cannot tell apart."""

import pytest

import indexcalc as ic

DIFFER_SOMEWHERE = [
    # beyond a threshold, on it, or where several leaves lie
    ("", "1[x > 50]", "0"),
    ("", "1[x > 10^20]", "0"),
    ("", "relu(x - 10^5)", "0"),
    ("", "max(x, -1000)", "x"),
    ("", "abs(y - 10^9)", "10^9 - y"),
    ("", "sign(1000 - x[i])", "1"),
    ("", "1[x*y > 10^6]", "0"),
    ("", "1[(x - 3)^2 < 10^-10]", "0"),
    ("", "1[sin(x) > 0.999999]", "0"),
    ("", "1[x*y - z^2 > 5000]", "0"),
    ("assume sum[i](p[i]) = 1", "1[max[i](p[i]) > 9/10]", "0"),
    ("", "sum[i](1[x[i] > 50])", "0"),
    ("", "where(u > 70, 1, arctan(u))", "arcsin(u/sqrt(1 + u^2))"),
    ("", "1[x == 3]", "0"),
    ("", "1[x*y == 3]", "0"),
    ("", "1[x[i] > 0]", "1[x[i] >= 0]"),
    ("", "1[x[i] == x[j]]", "delta[i,j]"),
    ("", "1[x*x + y*y > 0]", "1"),
    ("assume x > 5", "1[x > 60]", "0"),
    # by a little, or by numbers beyond floats
    ("", "1e-30*x", "0"),
    ("", "10^-30*x", "0"),
    ("", "x*(1 + 10^-12)", "x"),
    ("", "x + 10^-40", "x"),
    ("", "(10^60 + 1)*x", "10^60*x"),
    ("", "10^400*x", "x"),
    ("", "10^300*10^300*x", "x"),
    ("", "arctan(x)*(1 + 10^-20)", "arcsin(x/sqrt(1 + x^2))"),
    # at some sizes only, or at a place that no usual size reaches
    ("", "max[i](1[i != 1])", "1"),
    ("index i : n", "1[n > 1]", "1"),
    ("index i : n", "1[n > 50]", "0"),
    ("index i : n", "1[n == 7]*arctan(x)", "0"),
    ("", "x[7]", "x[6]"),
    ("", "sum[i](1[i > 5])*x", "0"),
]

AGREE = [
    ("", "arctan(a)", "arcsin(a/sqrt(1 + a^2))"),
    ("", "abs(x^3 + y)", "sqrt((x^3 + y)^2)"),
    ("", "1[x^2 < -1]", "0"),
    ("", "10^400*x*arctan(y)", "10^400*x*arcsin(y/sqrt(1 + y^2))"),
    ("assume x > 5", "relu(log(x))", "log(x)"),
    ("assume x > 1\nassume y < -1", "max(x, y)", "relu(x)"),
    ("", "max(x[i], -exp(y[i]))*relu(exp(x[i]))", "exp(x[i])*max(x[i], -exp(y[i]))"),
]

UNDECIDED = [
    ("", "1[x^2 - 2*x + 1 < -10^-3]*y", "0", "y", "(x - 1)^2"),
]


@pytest.mark.parametrize(("sheet", "left", "right"), DIFFER_SOMEWHERE)
def test_what_differs_somewhere_is_refuted(sheet, left, right):
    verdict = ic.equal(sheet, left, right)
    assert str(verdict) == "refuted", verdict.reason
    assert verdict.counterexample.words[0] != verdict.counterexample.words[1]


@pytest.mark.parametrize(("sheet", "left", "right"), AGREE)
def test_what_is_equal_is_not_refuted(sheet, left, right):
    assert str(ic.equal(sheet, left, right)) in ("proved", "agrees")


def test_an_outcome_that_no_sample_has_leaves_the_claim_undecided():
    verdict = ic.equal("", "1[x^2 - 2*x + 1 < -1/1000]*y", "0")
    assert str(verdict) == "undecided"
    assert verdict.reason.startswith("equal on all samples, but none was found with ")
    assert verdict.reason.endswith("< -1/1000, on which a side depends")


def test_numbers_beyond_floats_are_shown():
    found = ic.equal("", "10^400*x", "x").counterexample
    assert found.words == ("1.13696e+400", "1.13696")
    assert found.as_json()["left"] == "1.13696e+400"
    assert found.as_json()["right"] == pytest.approx(1.13696, rel=1e-5)


def test_at_a_kink_a_derivative_is_a_matter_of_convention():
    assert str(ic.equal("", "diff(relu(x), x)", "1[x >= 0]")) in ("proved", "agrees")
