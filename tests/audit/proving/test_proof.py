"""Verdicts: what is proved and by which way, what is refuted by which numbers, what is left to samples."""

import re

import pytest

import indexcalc as ic
from indexcalc.audit.proving.counterexamples import counterexample
from indexcalc.notation.reader import parse_sheet, read_chain

SAME, FACTS = "the same normal form", "the same normal form after the facts"
DEFINITIONS, RATIONAL = "the same after definitions, facts and deltas", "equal as rational functions"
IDENTICAL, TIES = "the same expression", "the same away from ties"

SOFTMAX = """index p, r : m
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1"""
SIGMOID = "s[i] = sigmoid(x[i])"
TANH = "t[i] = tanh(x[i])"
ORTHOGONAL = "assume Q[k,i]*Q[k,j] = delta[i,j]"
SYMMETRIC = "assume A[i,j] = A[j,i]"
ANTISYMMETRIC = "assume W[i,j] = -W[j,i]"
MEAN = "index i, j : n\nmu = mean[i](x[i])\nv = mean[i]((x[i] - mu)^2)"

PROVED = [
    # Sums, products, powers
    ("", "x[i] + y[i]", "y[i] + x[i]", IDENTICAL),
    ("", "x[i]*y[i]", "y[k]*x[k]", SAME),
    ("", "(a + b)^2", "a^2 + 2*a*b + b^2", SAME),
    ("", "(a + b)*(a - b)", "a^2 - b^2", SAME),
    ("", "(x[i]*y[i])^2", "x[i]*y[i]*x[j]*y[j]", SAME),
    ("", "(a*b)^3/a^2", "a*b^3", SAME),
    ("", "1/2 + 1/3", "5/6", IDENTICAL),
    ("", "sum[i,j]((x[i] - y[j])^2)", "sum[i,j](x[i]^2 - 2*x[i]*y[j] + y[j]^2)", SAME),
    ("", "A[i,j]*B[j,k]*C[k,i]", "B[i,j]*C[j,k]*A[k,i]", SAME),
    ("index i : m\nindex j : n", "sum[i,j](x[i])", "n*sum[i](x[i])", IDENTICAL),
    ("index i : m", "sum[i](1)", "m", IDENTICAL),
    # Deltas and permutation symbols
    ("", "delta[i,j]*x[j]", "x[i]", SAME),
    ("index i, j : m", "delta[i,j]*delta[j,i]", "m", SAME),
    ("", "delta[i,j]*x[i]*y[j]*z[i,k]", "x[i]*y[i]*z[i,k]", SAME),
    ("", "1[i == j]*x[j]", "delta[i,j]*x[j]", IDENTICAL),
    ("", "where(i == j, x[i], 0)", "delta[i,j]*x[j]", SAME),
    ("", "eps[i,j,k]*eps[i,j,k]", "6", SAME),
    ("", "eps[i,j,k]*eps[i,l,p]", "delta[j,l]*delta[k,p] - delta[j,p]*delta[k,l]", SAME),
    # Functions
    ("", "exp(a + b)", "exp(a)*exp(b)", SAME),
    ("", "log(exp(a)*b^2)", "a + 2*log(b)", SAME),
    ("", "sigmoid(a)", "1 - sigmoid(-a)", RATIONAL),
    ("", "tanh(a)", "2*sigmoid(2*a) - 1", RATIONAL),
    ("", "softplus(a) - softplus(-a)", "a", SAME),
    ("", "cosh(a)^2 - sinh(a)^2", "1", SAME),
    ("", "sin(a)^2 + cos(a)^2", "1", SAME),
    ("", "sin(2*x[i])/3", "2/3*sin(x[i])*cos(x[i])", SAME),
    ("", "prod[i](1000*sin(2*x[i]))", "prod[i](2000*sin(x[i])*cos(x[i]))", SAME),
    ("", "cos(x[i] - y[i])", "cos(x[i])*cos(y[i]) + sin(x[i])*sin(y[i])", SAME),
    ("", "sin(3*a)", "3*sin(a) - 4*sin(a)^3", SAME),
    ("", "sin(3/2*a)", "sin(a)*cos(a/2) + cos(a)*sin(a/2)", SAME),
    ("P = prod[i,k](A[i,k])", "diff(P, A[j,l])", "P/A[j,l]", DEFINITIONS),
    ("", "abs(a)", "relu(a) + relu(-a)", SAME),
    ("", "sqrt(2)*sqrt(b)", "sqrt(2*b)", SAME),
    ("", "sqrt(a)*sqrt(a)", "a", SAME),
    ("assume x > 0", "sqrt(x^2)", "x", SAME),
    ("", "erf(-a)", "-erf(a)", SAME),
    ("", "cos(a - b)", "cos(b - a)", SAME),
    # Numbers
    ("", "sqrt(2)*sqrt(8)", "4", SAME),
    ("", "log(8)", "3*log(2)", SAME),
    ("", "2^(a + 1)", "2*2^a", SAME),
    ("", "4^a", "2^(2*a)", SAME),
    # Comparisons and choices
    ("", "relu(a) - relu(-a)", "a", SAME),
    ("", "max(a, b) + min(a, b)", "a + b", SAME),
    ("", "max(a, b)", "(a + b + abs(a - b))/2", SAME),
    ("", "abs(a)^2", "a^2", SAME),
    ("", "sqrt(a^2)", "abs(a)", SAME),
    ("", "where(a == b, a, b)", "b", SAME),
    ("", "diff(relu(a)^2, a)", "2*relu(a)", SAME),
    ("", "sum[i,j](1[i < j]*A[j,i])", "sum[i,j](1[j < i]*A[i,j])", SAME),
    ("", "sum[i,j](1[i <= j]*A[i,j])", "sum[i,j](1[i < j]*A[i,j]) + sum[i](A[i,i])", SAME),
    ("", "sum[i,j](y[i,j]/(1 + delta[i,j]))", "sum[i,j](y[i,j]) - sum[k](y[k,k])/2", SAME),
    ("assume a > 1", "relu(a) + abs(a) + sign(a)", "2*a + 1", SAME),
    ("assume a < 0", "max(a, 0) + abs(a)", "-a", SAME),
    ("assume a >= 0", "relu(a)", "a", SAME),
    ("assume x[i] > 0", "relu(x[i])*y[i]", "x[k]*y[k]", SAME),
    # Products and extremes over indices
    ("", "prod[i](x[i]*y[i])", "prod[i](x[i])*prod[i](y[i])", SAME),
    ("", "prod[i](2*exp(x[i]))", "2^sum[i](1)*exp(sum[i](x[i]))", SAME),
    ("", "prod[i](x[i]^2)", "prod[i](x[i])^2", SAME),
    ("", "min[i](c - x[i])", "c - max[i](x[i])", SAME),
    # Derivatives
    ("", "diff(x[i]*x[i], x[k])", "2*x[k]", SAME),
    ("", "diff(x[i], x[j])", "delta[i,j]", SAME),
    ("", "diff(x[i]*A[i,j]*x[j], x[k], x[l])", "A[k,l] + A[l,k]", SAME),
    (SOFTMAX, "diff(a[p,q], z[r,s])", "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])", SAME),
    (SOFTMAX, "diff(CE, a[p,q])", "-y[p,q]/(m*a[p,q])", SAME),
    (SIGMOID, "diff(s[i], x[i])", "s[i]*(1 - s[i])", SAME),
    (SIGMOID, "diff(s[i], x[i])", "exp(-x[i])/(1 + exp(-x[i]))^2", RATIONAL),
    (TANH, "diff(t[i], x[j])", "(1 - t[i]^2)*delta[i,j]", SAME),
    # Facts and definitions
    (SOFTMAX, "diff(CE, z[r,s])", "(a[r,s] - y[r,s])/m", SAME),
    (SOFTMAX, "sum[p,q](c[p]*y[p,q])", "sum[p](c[p])", FACTS),
    (SOFTMAX, "sum[q](a[p,q])", "1", DEFINITIONS),
    (ORTHOGONAL, "Q[k,i]*x[i]*Q[k,j]*x[j]", "x[i]*x[i]", FACTS),
    (SYMMETRIC, "diff(x[i]*A[i,j]*x[j], x[k])", "2*A[k,j]*x[j]", SAME),
    (ANTISYMMETRIC, "W[i,j]*x[i]*x[j]", "0", SAME),
    (MEAN, "sum[i](x[i] - mu)", "0", DEFINITIONS),
    (MEAN, "v", "mean[i](x[i]^2) - mu^2", DEFINITIONS),
    # Rational functions
    ("", "1/(1 + exp(-a))", "exp(a)/(1 + exp(a))", SAME),
    ("", "1/(a + b) + 1/(a - b)", "2*a/(a^2 - b^2)", RATIONAL),
    ("", "a/(a + b) + b/(a + b)", "1", RATIONAL),
    ("index k : n", "sum[k](a[k]/(a[k] + b)) + sum[k](b/(a[k] + b))", "n", RATIONAL),
    # Sums over a few values
    ("index i, k : 3", "exp(z[1])/sum[k](exp(z[k]))", "exp(z[1])/(exp(z[1]) + exp(z[2]) + exp(z[3]))", RATIONAL),
    ("index i, k : 3\na[i] = exp(z[i])/sum[k](exp(z[k]))", "a[1] + a[2] + a[3]", "1", RATIONAL),
    ("b[i] = 2*z[i]\nindex i : 2\nc = b[i]*b[i]\ns = c + 1", "s", "4*z[1]^2 + 4*z[2]^2 + 1", RATIONAL),
    (
        "d = eps[i,j,k]*x[1,i]*x[2,j]*y[k]",
        "d",
        "y[1]*(x[1,2]*x[2,3] - x[1,3]*x[2,2]) + y[2]*(x[1,3]*x[2,1] - x[1,1]*x[2,3])"
        " + y[3]*(x[1,1]*x[2,2] - x[1,2]*x[2,1])",
        RATIONAL,
    ),
    # Derivatives that do not exist where two numbers are equal
    ("", "diff(max(0, x[i]), x[j])", "delta[i,j]*1[x[i] > 0]", TIES),
    ("", "diff(sum[i](max(0, 1 - y[i]*x[i])), x[j])", "-y[j]*1[x[j]*y[j] < 1]", TIES),
]

REFUTED = [
    ("", "x[i]*x[i]", "x[i]*y[i]"),
    ("", "(a + b)^2", "a^2 + b^2"),
    ("", "sum[i](x[i])*sum[i](x[i])", "sum[i](x[i]^2)"),
    ("", "A[i,j]*x[j]", "A[j,i]*x[j]"),
    ("", "A[i,j]*B[j,k]*C[k,i]", "A[i,j]*C[j,k]*B[k,i]"),
    ("index i, j : m", "delta[i,j]*delta[j,i]", "m^2"),
    ("", "delta[i,j]*x[j]", "x[i]^2"),
    ("", "exp(a + b)", "exp(a) + exp(b)"),
    ("", "log(a + b)", "log(a) + log(b)"),
    ("", "a/10^9", "a/10^8"),
    ("", "a + 10^(-5)", "a + 10^(-5)*b"),
    ("", "sqrt(x^2)", "x"),
    ("", "abs(a)", "a"),
    ("", "relu(a)", "a*1[a < 0]"),
    ("", "sigmoid(a)", "1 + sigmoid(-a)"),
    ("", "tanh(a)", "2*sigmoid(a) - 1"),
    ("", "diff(x[i]*x[i], x[k])", "x[k]"),
    ("", "diff(x[i]*A[i,j]*x[j], x[k])", "2*A[k,j]*x[j]"),
    (SOFTMAX, "diff(a[p,q], z[r,s])", "a[p,q]*(delta[q,s] - a[p,s])"),
    (SOFTMAX, "diff(CE, z[r,s])", "(a[r,s] - y[r,s])"),
    (SOFTMAX.replace("= 1", "= 2"), "diff(CE, z[r,s])", "(a[r,s] - y[r,s])/m"),
    (SIGMOID, "diff(s[i], x[j])", "s[i]*(1 - s[i])"),
    (ORTHOGONAL, "Q[k,i]*x[k]*x[i]", "x[i]*x[i]"),
    (MEAN, "v", "mean[i](x[i]^2)"),
    # Laws that hold for positive numbers only, or for other functions
    ("", "sqrt(a^2)", "a"),
    ("", "abs(a)", "a"),
    ("assume a > 0", "abs(a - b)", "a - b"),
    ("assume a > 0", "relu(b)", "b"),
    ("", "cos(-a)", "-cos(a)"),
    ("", "exp(-a)", "-exp(a)"),
    ("", "max[i](c*x[i])", "c*max[i](x[i])"),
    ("", "prod[i](x[i] + y[i])", "prod[i](x[i]) + prod[i](y[i])"),
    ("", "prod[i](2*x[i])", "2*prod[i](x[i])"),
    ("", "1[a > 0]*1[b > 0]", "1[a*b > 0]"),
    ("", "1[i < j]*A[i,j]", "1[j < i]*A[i,j]"),
    ("", "sum[i](x[i])^2", "sum[i](x[i]^2)"),
]

AGREES = [
    ("", "diff(max(0, x), x) + 1[x == 0]", "1[x > 0]"),
    # What rounding leaves of numbers that cancel refutes nothing.
    ("", "arctan(x[i])/3 - 1/3*arcsin(x[i]/sqrt(1 + x[i]^2))", "0"),
    ("", "prod[i](1000*arctan(x[i])) - prod[i](1000*arcsin(x[i]/sqrt(1 + x[i]^2)))", "0"),
    ("", "max(a, max(b, c))", "max(max(a, b), c)"),
    ("", "max[i](2*x[i])", "2*max[i](x[i])"),
    ("", "arctan(a)", "arcsin(a/sqrt(1 + a^2))"),
]

UNREADABLE = [
    ("", "x[i]*y[i] +", "1"),
    ("", "x[i]", "x[i,j]*y[j]"),
    ("", "a", "x[i]"),
    ("", "unknown[i]*x[", "0"),
]


@pytest.mark.parametrize(("sheet", "left", "right", "reason"), PROVED)
def test_proved(sheet, left, right, reason):
    verdict = ic.equal(sheet, left, right)
    assert (str(verdict), verdict.reason, verdict.counterexample) == ("proved", reason, None)


@pytest.mark.parametrize(("sheet", "left", "right"), REFUTED)
def test_refuted_by_two_values_that_differ(sheet, left, right):
    verdict = ic.equal(sheet, left, right)
    assert str(verdict) == "refuted"
    found = verdict.counterexample
    assert abs(found.left - found.right) > 1e-6 * max(abs(found.left), abs(found.right))
    assert str(found) in verdict.reason


@pytest.mark.parametrize(("sheet", "left", "right"), AGREES)
def test_without_a_proof_it_agrees(sheet, left, right):
    verdict = ic.equal(sheet, left, right)
    assert str(verdict) == "agrees", verdict.reason
    assert re.fullmatch(r"equal on \d+ random samples; no proof was found", verdict.reason)


@pytest.mark.parametrize(("sheet", "left", "right"), UNREADABLE)
def test_unreadable_with_its_place(sheet, left, right):
    verdict = ic.equal(sheet, left, right)
    assert (str(verdict), verdict.counterexample) == ("unreadable", None)
    assert "line 1" in verdict.reason
    assert "^" in verdict.reason


def read(sheet, left, right):
    """What `counterexample` takes: both terms, their sheet, the axes."""
    first, second = read_chain(parse_sheet(sheet), [left, right])
    return first.term, second.term, first.sheet, first.axes


def test_a_counterexample_names_sizes_and_an_element_within_them():
    found = counterexample(*read("index i : m\nindex j : n", "A[i,j]*x[j]", "A[i,j]*z[j]"))
    assert set(found.sizes) == {"m", "n"}
    assert list(found.element) == ["i"]
    assert 1 <= found.element["i"] <= found.sizes["m"]
    assert found.as_json().keys() == {"sizes", "element", "left", "right", "seed"}


def test_of_a_size_that_is_a_number_the_element_only():
    found = counterexample(*read("index i : 3", "x[i]", "y[i]"))
    assert (found.sizes, list(found.element)) == ({}, ["i"])


def test_no_counterexample_where_the_sides_agree():
    assert counterexample(*read("", "(x[i] + y[i])^2", "x[i]^2 + 2*x[i]*y[i] + y[i]^2")) is None


def test_the_larger_claims_are_refuted_before_the_dearest_proof_is_tried():
    assert str(ic.equal("", "1/(a + b)", "1/a + 1/b")) == "refuted"


def test_nothing_can_be_said_on_a_sheet_that_no_numbers_obey_where_no_proof_is_found():
    sheet = "assume x > y\nassume y > z\nassume z > x"
    assert str(ic.equal(sheet, "x + x", "2*x")) == "proved"
    verdict = ic.equal(sheet, "x", "2*x")
    assert str(verdict) == "undecided"
    assert "assume" in verdict.reason or "fact" in verdict.reason


ROUNDED = [
    ("", "1/sigmoid(-25 - x^2)", "1 + exp(25 + x^2)"),
    ("assume x > 30", "log(1 - sigmoid(x))", "-softplus(x)"),
    ("assume x > 15", "log(1 - tanh(x)^2)", "-2*log(cosh(x))"),
    ("assume c = 299792458\ng = 1/sqrt(1 - v^2/c^2)", "(g - 1)*m*c^2", "g^2*m*v^2/(g + 1)"),
    ("", "(sqrt(1 + x/10^12) - 1)*10^12", "x/(sqrt(1 + x/10^12) + 1)"),
    ("assume x > 0\nassume x < 1/10^9", "(1 - cos(x))/x^2", "2*sin(x/2)^2/x^2"),
    ("assume q > 0\ns = x/1000\nL = 1/s", "diff(L, s, s)", "2/s^3*(arctan(q) + arctan(1/q))*2/pi"),
    ("", "(x^2 + 10^18) - 10^18 - x^2 + arctan(y)", "arcsin(y/sqrt(1 + y^2))"),
]


@pytest.mark.parametrize(("sheet", "left", "right"), ROUNDED)
def test_a_difference_that_is_rounding_refutes_nothing(sheet, left, right):
    verdict = ic.equal(sheet, left, right)
    assert str(verdict) in ("proved", "agrees"), verdict.reason


@pytest.mark.parametrize(("sheet", "left", "right"), ROUNDED)
def test_a_wrong_factor_is_seen_through_the_rounding(sheet, left, right):
    assert str(ic.equal(sheet, left, f"1001/1000*({right})")) == "refuted"


@pytest.mark.parametrize(
    ("sheet", "left", "right", "named"),
    [
        ("assume a = b\nassume b = a + 1", "a", "b", "contradict"),
        ("assume x[i]*x[i] = -1", "x[i]*x[i]*y", "-y", "the fact x[i]*x[i] = -1"),
        ("assume x > 0\nassume y = x + exp(x)\nassume y < 0", "relu(x)*y", "x*y", "the facts"),
        ("assume x > y\nassume y > z\nassume z > x", "1[x > y]", "1", "the facts"),
    ],
)
def test_from_facts_that_no_numbers_obey_nothing_is_proved(sheet, left, right, named):
    verdict = ic.equal(sheet, left, right)
    assert str(verdict) in ("unreadable", "undecided"), verdict.reason
    assert named in verdict.reason


BY_FACTS = [
    ("assume sum[k,l](1[k != l]*p[k,l]) = 1", "sum[k,l](1[k != l]*p[k,l])", "1"),
    ("assume sum[k,l](1[k != l]*p[k,l]) = 1", "sum[k,l](p[k,l]) - sum[k](p[k,k])", "1"),
    (
        "assume sum[j](1[j != i]*w[i,j]) = 1\nm[i] = sum[j](1[j != i]*w[i,j]*(x[j] + c))",
        "m[i]",
        "sum[j](1[j != i]*w[i,j]*x[j]) + c",
    ),
    ("assume sum[j](m[i,j]*w[i,j]) = 1\ny[i] = x[i]*sum[j](m[i,j]*w[i,j])", "y[i]", "x[i]"),
    (
        "assume where(i == j, 0, A[i,j]) = 0\ny[i] = A[i,j]*x[j]\nd[i] = sum[j](delta[i,j]*A[i,j])",
        "y[k]",
        "d[k]*x[k]",
    ),
    ("assume x^2 + y^2 = 1", "x^4 + 2*x^2*y^2 + y^4", "1"),
    ("assume x[i] > y[i]", "1[x[i] > y[i]]", "1"),
    ("assume x[i] > y[i]", "max(x[i], y[i])", "x[i]"),
    ("assume x[i] >= y[i]", "max(x[i], y[i])", "x[i]"),
    ("assume x = y + z\nassume y = x - z", "x", "y + z"),
    ("assume x > 3", "relu(x - 3)", "x - 3"),
    ("assume 1[x > 3] = 1", "relu(x - 3)", "x - 3"),
    ("assume 1[x[i] > y[i]] = 0", "max(x[i], y[i])", "y[i]"),
    ("u = a + b\nassume 1[a == b] = 1", "a*c", "b*c"),
    ("assume exp(a) + exp(b) = 1", "log(exp(a) + exp(b))", "0"),
    ("assume sum[q](y[p,q]) = 1", "log(sum[q](y[p,q])) + x[p]", "x[p]"),
    ("assume u[i]*v[j] = v[i]*u[j]", "u[1]*v[2]", "u[2]*v[1]"),
    ("assume A[i,j] + B[i,j] = C[i,j]", "A[1,2]", "C[1,2] - B[1,2]"),
    ("assume max[i](x[i]) = 1", "max[i](x[i])*y", "y"),
]


@pytest.mark.parametrize(("sheet", "left", "right"), BY_FACTS)
def test_a_fact_of_any_form_is_used(sheet, left, right):
    assert str(ic.equal(sheet, left, right)) == "proved"


@pytest.mark.parametrize(("sheet", "left", "right"), BY_FACTS)
def test_and_proves_no_more_than_it_says(sheet, left, right):
    assert str(ic.equal(sheet, left, f"{right} + 1")) != "proved"


def test_a_counterexample_shows_as_many_digits_as_tell_the_sides_apart():
    found = ic.equal("", "x*(1 + 1/10^5)", "x").counterexample
    assert str(found) == "1.13698 on the left, 1.13697 on the right" or found.words[0] != found.words[1]


def test_a_sum_over_one_more_letter_than_its_author_may_mean_is_pointed_out():
    sheet = "assume sum[j](m[i,j]*w[i,j]) = 1"
    verdict = ic.equal(sheet, "sum[j](m[i,j]*w[i,j])", "1")
    assert str(verdict) == "refuted"
    assert verdict.reason.endswith(
        "; the left side sums over i too: define a tensor with i on the left to say it for each"
    )
    assert str(ic.equal(f"{sheet}\nu[i] = sum[j](m[i,j]*w[i,j])", "u[i]", "1")) == "proved"
    assert "too" not in ic.equal("", "sum[j](A[i,j])", "x[i]").reason


ROOTS = [
    ("", "1/(sqrt(a) + sqrt(b))", "(sqrt(a) - sqrt(b))/(a - b)"),
    ("", "1/(1 + sqrt(1 + x^2))", "(sqrt(1 + x^2) - 1)/x^2"),
    ("", "(sqrt(1 + x/10^12) - 1)*10^12", "x/(sqrt(1 + x/10^12) + 1)"),
    ("assume c = 299792458\ng = 1/sqrt(1 - v^2/c^2)", "(g - 1)*m*c^2", "g^2*m*v^2/(g + 1)"),
    ("", "1/(sqrt(a + sqrt(b)) + 1)", "(sqrt(a + sqrt(b)) - 1)/(a - 1 + sqrt(b))"),
    ("", "1/(sqrt(sum[i](x[i]^2)) - 1)", "(1 + sqrt(x[j]*x[j]))/(x[k]*x[k] - 1)"),
    ("", "x/(y + sqrt(y^2 - x))", "y - sqrt(y^2 - x)"),
]


LOGARITHMS = [
    ("assume x > 30", "log(1 - sigmoid(x))", "-softplus(x)"),
    ("assume x > 15", "log(1 - tanh(x)^2)", "-2*log(cosh(x))"),
    ("", "log(exp(x) + exp(y))", "x + softplus(y - x)"),
    ("", "log(1 + x^-2)", "log(1 + x^2) - 2*log(x)"),
    ("", "log(a + b)/2 - log(a)/2", "log(1 + b/a)/2"),
    ("", "softplus(x) - softplus(-x)", "x"),
]


@pytest.mark.parametrize(("sheet", "left", "right"), LOGARITHMS)
def test_logarithms_are_equal_where_their_products_are(sheet, left, right):
    assert str(ic.equal(sheet, left, right)) == "proved"
    assert str(ic.equal(sheet, left, f"{right} + 1/10^9")) == "refuted"


@pytest.mark.parametrize(("sheet", "left", "right"), ROOTS)
def test_the_square_of_a_root_is_known_in_fractions(sheet, left, right):
    verdict = ic.equal(sheet, left, right)
    assert (str(verdict), verdict.reason) == ("proved", RATIONAL)


@pytest.mark.parametrize(("sheet", "left", "right"), ROOTS)
def test_and_its_sign_too(sheet, left, right):
    assert str(ic.equal(sheet, left, f"2*({right})")) == "refuted"
    assert str(ic.equal(sheet, left, f"-({right})")) == "refuted"


def test_nothing_follows_from_a_quotient_by_what_is_zero():
    assert str(ic.equal("", "x/(sqrt(a + b)*sqrt(a + b) - a - b)", "y/(sqrt(a + b)^2 - a - b)")) != "proved"
    assert str(ic.equal("", "x/((sqrt(a) + sqrt(b))^2 - a - b - 2*sqrt(a*b))", "y")) != "proved"


CHAIN = "\n".join(f"assume x{place} < x{place + 1}" for place in range(15))
FOLLOWING = [
    (CHAIN, "max(x0, x15)", "x15"),
    ("assume x[i] < y[i]\nassume y[j] < z[j]", "relu(z[i] - x[i])", "z[i] - x[i]"),
    ("assume 0 < a <= b", "abs(b)", "b"),
]


@pytest.mark.parametrize(("sheet", "left", "right"), FOLLOWING)
def test_inequalities_follow_from_one_another(sheet, left, right):
    assert str(ic.equal(sheet, left, right)) == "proved"


def test_a_long_chain_of_inequalities_is_drawn_and_refutes():
    assert str(ic.equal(CHAIN, "max(x0, x15)", "x14")) == "refuted"


def test_a_large_size_that_is_a_number_is_compared_on_few_elements():
    found = ic.equal("index i, j : 1000", "A[i,j]*x[i]*y[j]", "A[j,i]*x[i]*y[j]").counterexample
    assert max(found.sizes.values()) < 10


def test_facts_about_sizes_and_places_only_are_no_crash():
    for fact in ("delta[i,j] = 1", "1[i < j] = 0", "1[a == b] = 1", "n = 3", "sum[i](1) = 4"):
        sheet = f"index i, j : n\nassume {fact}"
        assert str(ic.equal(sheet, "x[i]*y", "y*x[i]")) == "proved"
        assert str(ic.equal(sheet, "x", "y")) in ("refuted", "undecided")
