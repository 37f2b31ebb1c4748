"""The short form: as the authors of the seeds, textbooks and papers write it; the value never changes."""

from itertools import permutations

import pytest
from hypothesis import given, settings

from indexcalc.api import derive
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.rewrite.simplify import _KEPT, is_short, rulebook, simplify
from indexcalc.terms import Derivative
from indexcalc.walk import holds
from tests.agreement import assert_right, assert_same_values, read
from tests.strategies import problems

SOFTMAX = """index p, r : m
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1"""
SIGMOID = "a[b,i] = sigmoid(z[b,i])"
LEAST_SQUARES = "L = (x[i,j]*w[j] - y[i])*(x[i,k]*w[k] - y[i])"
LOGISTIC = "s[i] = sigmoid(x[i,j]*w[j])\nL = -sum[i](y[i]*log(s[i]) + (1 - y[i])*log(1 - s[i]))"
FACTORS = "L = sum[i,j]((X[i,j] - U[i,k]*V[j,k])^2)"
QUADRATIC = "f = x[i]*A[i,j]*x[j]"
SYMMETRIC = f"assume A[i,j] = A[j,i]\n{QUADRATIC}"
NET = "h[b,j] = sigmoid(x[b,i]*W[i,j])\no[b] = tanh(h[b,j]*v[j])"
ATTENTION = """index i, j, k : n
index a, b : d
s[i,j] = q[i,a]*K[j,a]/sqrt(d)
p[i,j] = exp(s[i,j])/sum[k](exp(s[i,k]))
o[i,b] = p[i,j]*V[j,b]
L = sum[i,b](g[i,b]*o[i,b])"""
LAYER_NORM = """index b : B
index j, k, l : D
mu[b] = mean[j](x[b,j])
v[b] = mean[j]((x[b,j] - mu[b])^2)
h[b,j] = (x[b,j] - mu[b])/sqrt(v[b] + e)
L = sum[b,j](g[b,j]*(gam[j]*h[b,j] + bet[j]))"""
GAUSSIAN = "index i : m\nassume s2 > 0\nl = -m/2*log(2*pi*s2) - sum[i]((x[i] - mu)^2)/(2*s2)"

DISTANCES = "index i, j, k : n\nS = sum[i,j](w[i,j]*sum[a]((x[i,a] - x[j,a])^2))"
KERNEL = "index i, j, k : n\nKn[i,j] = exp(-sum[a]((x[i,a] - x[j,a])^2)/2)\nf = c[i]*Kn[i,j]*c[j]"

FORMS = [
    # The seeds
    (SOFTMAX, "diff(a[p,q], z[r,s])", "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])"),
    (SOFTMAX, "diff(CE, a[p,q])", "-y[p,q]/(m*a[p,q])"),
    (SOFTMAX, "diff(CE, z[r,s])", "(a[r,s] - y[r,s])/m"),
    (SOFTMAX, "diff(z[r,s], w[t,u])", "x[r,t]*delta[s,u]"),
    (SOFTMAX, "diff(CE, w[t,u])", "1/m*sum[p](x[p,t]*(a[p,u] - y[p,u]))"),
    (SOFTMAX, "diff(CE, b[q])", "1/m*sum[p](a[p,q] - y[p,q])"),
    (SOFTMAX, "diff(CE, z[r,s], z[p,q])", "a[r,s]*delta[p,r]*(delta[q,s] - a[r,q])/m"),
    (SOFTMAX, "diff(CE, w[t,u], w[f,v])", "1/m*sum[p](x[p,f]*x[p,t]*a[p,u]*(delta[u,v] - a[p,v]))"),
    (SIGMOID, "diff(a[b,i], z[b,j])", "a[b,i]*(1 - a[b,i])*delta[i,j]"),
    (SIGMOID, "diff(a[b,i], z[b,i], z[b,i])", "a[b,i]*(1 - a[b,i])*(1 - 2*a[b,i])"),
    # Regression
    (LEAST_SQUARES, "diff(L, w[t])", "2*x[i,t]*(x[i,j]*w[j] - y[i])"),
    (LEAST_SQUARES, "diff(L, w[t], w[s])", "2*x[i,s]*x[i,t]"),
    (LEAST_SQUARES, "diff(L, x[p,q])", "2*w[q]*(x[p,j]*w[j] - y[p])"),
    (LOGISTIC, "diff(L, w[j])", "sum[i](x[i,j]*(s[i] - y[i]))"),
    (LOGISTIC, "diff(L, w[j], w[k])", "sum[i](s[i]*x[i,j]*x[i,k]*(1 - s[i]))"),
    (FACTORS, "diff(L, U[p,q])", "-2*sum[j](V[j,q]*(X[p,j] - U[p,k]*V[j,k]))"),
    (FACTORS, "diff(L, U[p,q], U[r,s])", "2*delta[p,r]*sum[j](V[j,q]*V[j,s])"),
    (GAUSSIAN, "diff(l, mu)", "1/s2*sum[i](x[i] - mu)"),
    (GAUSSIAN, "diff(l, s2)", "(1/s2*sum[i]((x[i] - mu)^2) - m)/(2*s2)"),
    (GAUSSIAN, "diff(l, mu, mu)", "-m/s2"),
    # Networks
    (NET, "diff(o[b], v[j])", "h[b,j]*(1 - o[b]^2)"),
    (NET, "diff(o[b], W[i,j])", "h[b,j]*x[b,i]*v[j]*(1 - h[b,j])*(1 - o[b]^2)"),
    (ATTENTION, "diff(L, V[j,b])", "sum[i](p[i,j]*g[i,b])"),
    (ATTENTION, "diff(L, s[i,j])", "p[i,j]*sum[b](g[i,b]*(V[j,b] - o[i,b]))"),
    (ATTENTION, "diff(L, q[i,a])", "sum[b,j](K[j,a]*p[i,j]*g[i,b]*(V[j,b] - o[i,b]))/sqrt(d)"),
    (LAYER_NORM, "diff(v[b], x[c,k])", "2/D*(x[b,k] - mu[b])*delta[b,c]"),
    (LAYER_NORM, "diff(h[b,j], x[b,k])", "(delta[j,k] - (1 + h[b,j]*h[b,k])/D)/sqrt(e + v[b])"),
    (
        LAYER_NORM,
        "diff(L, x[b,k])",
        "(g[b,k]*gam[k] - 1/D*sum[j](g[b,j]*gam[j]*(1 + h[b,j]*h[b,k])))/sqrt(e + v[b])",
    ),
    (
        "f[i] = gelu(x[i])\nassume pi > 3",
        "diff(f[i], x[j], x[k])",
        "exp(-x[i]^2/2)*(2 - x[i]^2)*delta[i,j]*delta[i,k]/sqrt(2*pi)",
    ),
    # Differences that are each other's opposites
    ("", "(a - b)^3*c + (b - a)^3*d", "(a - b)^3*(c - d)"),
    ("", "c/(a - b) + d/(b - a)", "(c - d)/(a - b)"),
    (DISTANCES, "diff(S, x[k,a])", "-2*sum[i]((w[i,k] + w[k,i])*(x[i,a] - x[k,a]))"),
    (KERNEL, "diff(f, x[k,a])", "2*Kn[i,k]*c[i]*c[k]*(x[i,a] - x[k,a])"),
    ("f = logsumexp[i](x[i])", "diff(f, x[k])", "exp(x[k])/sum[i](exp(x[i]))"),
]

# Petersen and Pedersen, "The Matrix Cookbook" (2012), by the numbers of their equations.
W_SYMMETRIC = "assume W[i,j] = W[j,i]"
COOKBOOK = [
    (69, "", "diff(x[i]*a[i], x[k])", "a[k]"),
    (70, "", "diff(a[i]*X[i,j]*b[j], X[k,l])", "a[k]*b[l]"),
    (71, "", "diff(a[i]*X[j,i]*b[j], X[k,l])", "a[l]*b[k]"),
    (72, "", "diff(a[i]*X[i,j]*a[j], X[k,l])", "a[k]*a[l]"),
    (73, "", "diff(X[i,j], X[k,l])", "delta[i,k]*delta[j,l]"),
    (74, "", "diff(X[i,j]*A[j,k], X[m,n])", "A[n,k]*delta[i,m]"),
    (76, "", "diff(sum[k,l,m,n](X[k,l]*X[m,n]), X[i,j])", "2*sum[k,l](X[k,l])"),
    (77, "", "diff(b[i]*X[j,i]*X[j,k]*c[k], X[p,q])", "X[p,i]*(b[i]*c[q] + b[q]*c[i])"),
    (79, "", "diff(X[m,k]*B[m,n]*X[n,l], X[i,j])", "X[m,k]*B[m,i]*delta[j,l] + X[m,l]*B[i,m]*delta[j,k]"),
    (81, "", "diff(x[i]*B[i,j]*x[j], x[k])", "x[i]*(B[i,k] + B[k,i])"),
    (82, "", "diff(b[i]*X[j,i]*D[j,k]*X[k,l]*c[l], X[p,q])", "X[j,i]*(b[i]*D[j,p]*c[q] + b[q]*D[p,j]*c[i])"),
    (85, W_SYMMETRIC, "diff((x[i] - s[i])*W[i,j]*(x[j] - s[j]), x[k])", "2*W[i,k]*(x[i] - s[i])"),
    (86, W_SYMMETRIC, "diff((x[i] - s[i])*W[i,j]*(x[j] - s[j]), s[k])", "-2*W[i,k]*(x[i] - s[i])"),
    (97, "", "diff(x[i]*A[i,j]*x[j] + b[i]*x[i], x[k])", "x[i]*(A[i,k] + A[k,i]) + b[k]"),
    (98, "", "diff(x[i]*A[i,j]*x[j], x[k], x[l])", "A[k,l] + A[l,k]"),
    (99, "", "diff(X[i,i], X[k,l])", "delta[k,l]"),
    (100, "", "diff(X[i,j]*A[j,i], X[k,l])", "A[l,k]"),
    (101, "", "diff(A[i,j]*X[j,k]*B[k,i], X[p,q])", "A[i,p]*B[q,i]"),
    (102, "", "diff(A[i,j]*X[k,j]*B[k,i], X[p,q])", "A[i,q]*B[p,i]"),
    (103, "", "diff(X[i,j]*A[i,j], X[k,l])", "A[k,l]"),
    (106, "", "diff(X[i,j]*X[j,i], X[k,l])", "2*X[l,k]"),
    (107, "", "diff(X[i,j]*X[j,k]*B[k,i], X[p,q])", "X[i,p]*B[q,i] + X[q,i]*B[i,p]"),
    (108, "", "diff(X[j,i]*B[j,k]*X[k,i], X[p,q])", "X[j,q]*(B[j,p] + B[p,j])"),
    (111, "", "diff(X[i,j]*B[j,k]*X[i,k], X[p,q])", "X[p,j]*(B[j,q] + B[q,j])"),
    (115, "", "diff(X[j,i]*X[j,i], X[k,l])", "2*X[k,l]"),
    (129, "", "diff(sqrt((x[i] - a[i])*(x[i] - a[i])), x[k])", "(x[k] - a[k])/sqrt(sum[i]((x[i] - a[i])^2))"),
    (130, "r = sqrt(x[i]*x[i])", "diff(x[i]/r, x[j])", "(delta[i,j] - x[i]*x[j]/r^2)/r"),
    (131, "", "diff(x[i]*x[i], x[k])", "2*x[k]"),
]


@pytest.mark.parametrize(("sheet", "target", "short"), FORMS)
def test_as_its_author_writes_it(sheet, target, short):
    assert str(assert_right(sheet, target)) == short


@pytest.mark.parametrize(("number", "sheet", "target", "short"), COOKBOOK)
def test_matrix_cookbook(number, sheet, target, short):
    assert str(assert_right(sheet, target)) == short


@given(problems())
@settings(max_examples=60)
def test_the_value_stays_and_a_second_time_changes_nothing(problem):
    try:
        result = derive(problem.sheet, problem.target)
        short, axes = result.expression.term, result.derived.axes
        assert_same_values(short, [again := simplify(short, result.sheet, axes)], result.sheet, axes)
    except IndexcalcError as error:  # facts that no numbers obey
        assert "sample" in str(error) or "numbers" in str(error)
        return
    assert not holds(short, Derivative)
    assert again is short


@pytest.mark.parametrize("text", ["x[i,j]", "3", "delta[i,j]", "x[i] + y[i]", "exp(x[i])", "x[i]*y[j]", "max[i](x[i])"])
def test_what_is_short_stays_the_same_object(text):
    expression = read("", text)
    assert simplify(expression.term, expression.sheet, expression.axes) is expression.term


SHEET_OF_SUMS = """
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
h[i] = tanh(c[i] + A[i,j]*v[j])
"""
WHOLE = [
    ("exp(b[q] + x[p,t]*w[t,q])", "exp(z[p,q])"),
    ("sigmoid(-b[q] - x[p,t]*w[t,q])", "sigmoid(-z[p,q])"),
    ("diff(logsumexp[q](b[q] + x[p,t]*w[t,q]), b[s])", "a[p,s]"),
    ("diff(tanh(c[i] + A[i,j]*v[j]), v[k])", "A[i,k]*(1 - h[i]^2)"),
    ("exp(b[q] + 2*x[p,t]*w[t,q])", "exp(b[q] + 2*x[p,t]*w[t,q])"),
]


@pytest.mark.parametrize(("target", "short"), WHOLE)
def test_a_definition_that_is_a_sum_is_recognised_as_a_whole(target, short):
    assert str(assert_right(SHEET_OF_SUMS, target)) == short


# Each could be written in the words of the other.
TWO_WAYS = "index i : n\ns = sum[i](x[i]^2)\nt = exp(sum[i](x[i]^2))*sum[i](x[i]^2)\nu = log(t)"


def test_targets_over_one_sheet_share_its_rulebook():
    sheet = parse_sheet(TWO_WAYS)
    first, second = (read_expression(sheet, text).sheet for text in ("x[j]", "x[k]*y[k]"))
    assert first is not second
    assert rulebook(first) is rulebook(second)
    assert rulebook(first) is not rulebook(parse_sheet(f"{TWO_WAYS}\nassume s = 1"))


@pytest.mark.parametrize("order", list(permutations(["sum[i](x[i]^2)", "t*exp(s)", "diff(u, x[k])"])), ids=str)
def test_what_was_asked_before_does_not_matter(order):
    def found(text):
        return str(derive(TWO_WAYS, text))

    alone = []
    for text in order:
        _KEPT.rulebook_of.cache_clear()
        alone.append(found(text))
    _KEPT.rulebook_of.cache_clear()
    assert list(map(found, order)) == alone


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("1 + x", True),
        ("1 - x[i]^2", True),
        ("1 + 1/x", True),
        ("1 - x*y", False),
        ("2 + x", False),
        ("1 - 2*x", False),
        ("1 + x + y", False),
        ("1 + exp(x)", False),
        ("x", False),
    ],
)
def test_what_is_short_at_sight(text, short):
    sheet = parse_sheet("")
    reading = read_expression(sheet, text)
    assert is_short(reading.term) == short
    if short:
        assert simplify(reading.term, reading.sheet) is reading.term


def test_a_fact_or_a_definition_about_what_is_short_at_sight():
    for statement, text, expected in (
        ("assume x[i]^2 = 1", "1 - x[i]^2", "0"),
        ("y[i] = 1 - x[i]^2", "1 - x[i]^2", "y[i]"),
        ("y = 1 - x^2", "z*(1 - x^2)", "y*z"),
    ):
        assert str(derive(statement, text)) == expected
