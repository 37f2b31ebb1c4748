"""Terms as ASCII text: the exact forms, and that what is printed reads back as the same term."""

import pytest
from hypothesis import given, settings

from indexcalc.canonical import canonical
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.notation.writing.text import write
from indexcalc.sheet import Sheet
from indexcalc.terms import (
    MINUS_ONE,
    ZERO,
    Contraction,
    Delta,
    Derivative,
    Index,
    Number,
    Power,
    Product,
    Range,
    Size,
    Sum,
    Tensor,
    Where,
    indicator,
    quotient,
)
from tests.strategies import problems

SOFTMAX = """
index p, r : m
index q, s, k, u : n
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
"""
BATCH = "a[b,i] = sigmoid(z[b,i])\nd[i,j] = delta[i,j]"
SQUARES = "f = x[i,j]*w[j]*y[i] + x[i,t]*w[t]*y[i]"
MEAN = "index i, p : m\nL = 1/m*sum[i]((y_hat[i] - y[i])^2)"
UNNAMED = "v[i] = mean[j](x[i,j]^2)\nu = mean[i,j](x[i,j])\nw[j] = x[i,j]*g[i]"
SYMMETRIC = "index i, j : N\nc[i,j] = A[i,k]*B[k,j]*g*h"
ENTROPY = "index i, k : n\na[i] = exp(x[i])/sum[k](exp(x[k]))"

EXACT = [
    (SOFTMAX, "pqrs", "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])"),
    (SOFTMAX, "pq", "-y[p,q]/(m*a[p,q])"),
    (SOFTMAX, "rs", "(a[r,s] - y[r,s])/m"),
    (SOFTMAX, "rtsu", "x[r,t]*delta[s,u]"),
    (SOFTMAX, "tu", "1/m*sum[r](x[r,t]*(a[r,u] - y[r,u]))"),
    (SOFTMAX, "", "-1/m*sum[p,q](y[p,q]*log(a[p,q]))"),
    (SOFTMAX, "pq", "1 - a[p,q]^2"),
    (SOFTMAX, "pq", "exp(z[p,q])/sum[k](exp(z[p,k]))"),
    (BATCH, "bij", "a[b,i]*(1 - a[b,i])*delta[i,j]"),
    (SQUARES, "t", "2*x[i,t]*(x[i,j]*w[j] - y[i])"),
    (MEAN, "p", "2/m*(y_hat[p] - y[p])"),
    (MEAN, "p", "(y_hat[p] - y[p])/m"),
    (UNNAMED, "i", "mean[j](x[i,j]^2)"),
    (UNNAMED, "", "mean[i,j](x[i,j])"),
    (UNNAMED, "", "1/sum[i](1)*sum[i,j](x[i,j])"),
    (UNNAMED, "", "1/sum[i](1)*mean[i](g[i])"),
    (UNNAMED, "", "mean[i](g[i])*mean[i](g[i]^2)"),
    (UNNAMED, "j", "mean[i](x[i,j]*g[i])"),
    (SYMMETRIC, "ij", "delta[i,j] - 1/N"),
    (SYMMETRIC, "ij", "g*h*A[i,k]*B[k,j]/2"),
    (SYMMETRIC, "ij", "3*A[i,j]/2"),
    (SYMMETRIC, "ij", "3/2*(A[i,j] + A[j,i])"),
    (SYMMETRIC, "", "1/(g*h)"),
    (SYMMETRIC, "", "g^(1/2)"),
    (SYMMETRIC, "", "1/g^2"),
    (SYMMETRIC, "", "g^(-h)"),
    (SYMMETRIC, "", "(-2)^(1/3)"),
    (SYMMETRIC, "", "(g^h)^g"),
    (SYMMETRIC, "", "A[i,i]"),
    (SYMMETRIC, "", "A[i,j]*A[i,j]"),
    (SYMMETRIC, "", "(A[i,j]*A[i,j])^(1/2)"),
    (SYMMETRIC, "", "sum[i](A[i,i]^2)"),
    (SYMMETRIC, "", "sum[i](A[i,i]*sum[j](c[i,j]^2*B[j,j]))"),
    (SYMMETRIC, "i", "A[i,k]*B[k,i]*exp(B[i,j]*B[j,i])"),
    (SYMMETRIC, "i", "g*A[i,1]"),
    (SYMMETRIC, "ij", "where(i == j, A[i,i], 0)"),
    (SYMMETRIC, "ij", "A[i,j]*1[i < j]"),
    (SYMMETRIC, "ij", "1[A[i,j] > 0]"),
    (SYMMETRIC, "i", "max[j](A[i,j])"),
    (SYMMETRIC, "ijpq", "diff(c[i,j], A[p,q])"),
    (SYMMETRIC, "", "diff(log(g), g, h)"),
    (SYMMETRIC, "", "f'(g)"),
    (ENTROPY, "i", "exp(x[i])/sum[k](exp(x[k]))"),
    ("x[i] = eps[i,j,k]*y[j]*z[k]", "i", "eps[i,j,k]*y[j]*z[k]"),
]


@pytest.mark.parametrize(("sheet", "axes", "text"), EXACT, ids=[text for *_, text in EXACT])
def test_writes_what_it_reads(sheet, axes, text):
    reading = read_expression(parse_sheet(sheet), text, free=axes)
    assert write(reading.term, reading.sheet, reading.axes) == text


ORDERED = [
    ("delta[q,s]*a[p,q]*2*m", "2*m*a[p,q]*delta[q,s]"),
    ("log(a[p,q])*y[p,q]*w[t,q]", "w[t,q]*y[p,q]*log(a[p,q])"),
    ("-z[p,q] + a[p,q]", "a[p,q] - z[p,q]"),
    ("-(a[p,q] - 1)", "-(a[p,q] - 1)"),
    ("a[p,q] - 1", "a[p,q] - 1"),
    ("-a[p,q] - z[p,q]", "-z[p,q] - a[p,q]"),
    ("a[p,q]/2/m/z[p,q]", "a[p,q]/(2*m*z[p,q])"),
    ("(a[p,q]*z[p,q])^2", "z[p,q]^2*a[p,q]^2"),
]


@pytest.mark.parametrize(("text", "wanted"), ORDERED)
def test_order(text, wanted):
    reading = read_expression(parse_sheet(SOFTMAX), text, free="pqst")
    assert write(reading.term, reading.sheet, reading.axes) == wanted


# ----- Terms that no text gives ------------------------------------------------------------------------------------

M, N = Range("m"), Range("n")
FIRST, OTHER = Index("i", M), Index("j", M)
FRESH, SECOND = Index("_", M, 1), Index("_", M, 2)
LETTERS = {"i": M, "j": M, "q": N}
SHEET = Sheet(letters=LETTERS, order=("x", "y", "c", "d"), slots={"x": (M,), "y": (M,), "c": (), "d": ()})
x, y = (lambda index: Tensor("x", [index])), (lambda index: Tensor("y", [index]))
C, D = Tensor("c"), Tensor("d")

MADE = [
    (Contraction([FRESH], Product(x(FRESH), y(FRESH))), "x[i]*y[i]"),
    (Product(x(FIRST), Contraction([FRESH], Product(x(FRESH), y(FRESH)))), "x[i]*x[j]*y[j]"),
    (
        Product(x(FIRST), y(OTHER), Contraction([FRESH], Product(x(FRESH), y(FRESH)))),
        "x[i]*x[i']*y[i']*y[j]",
    ),
    # Two sums with the same index get different letters, as long as there are some.
    (
        Product(Contraction([FRESH], Product(x(FRESH), x(FRESH))), Contraction([FRESH], Product(y(FRESH), y(FRESH)))),
        "x[i]*x[i]*y[j]*y[j]",
    ),
    # The letter inside the function would be read as the one outside: the sums are written.
    (
        Product(
            Contraction([FIRST], Product(x(FIRST), x(FIRST))),
            Power(Sum(C, Contraction([FIRST], Product(y(FIRST), y(FIRST)))), D),
        ),
        "(c + sum[i](y[i]*y[i]))^d*sum[i](x[i]*x[i])",
    ),
    # What does not hold the index stands outside, so a sum around it is written.
    (Contraction([FIRST], Product(C, x(FIRST), y(FIRST))), "sum[i](c*x[i]*y[i])"),
    (Product(C, Contraction([FIRST], Product(x(FIRST), y(FIRST)))), "c*x[i]*y[i]"),
    # An index only below the line would be summed there.
    (Contraction([FIRST], quotient(C, Product(x(FIRST), y(FIRST)))), "sum[i](c/(x[i]*y[i]))"),
    (Contraction([FIRST], quotient(x(FIRST), y(FIRST))), "x[i]/y[i]"),
    # A bound index with the letter of a free one.
    (Product(x(FIRST), Contraction([FIRST], Power(y(FIRST), Number(2)))), "x[i]*sum[j](y[j]^2)"),
    (Contraction([FRESH, SECOND], Product(x(FRESH), Delta(FRESH, SECOND), x(SECOND))), "x[i]*x[j]*delta[i,j]"),
    # Two bare names in a comparison would be read as indices.
    (indicator("<", C, D), "1[1*c < d]"),
    (indicator("<", ZERO, C), "1[c > 0]"),
    (Where(Delta(FIRST, Index("1", M)), C, D), "where(i == 1, c, d)"),
    (Derivative(Derivative(C, C), D), "diff(c, c, d)"),
    (Power(Size(M), MINUS_ONE), "1/m"),
    (Number(0), "0"),
    (Number(-0.5), "-0.5"),
    (Number(1e-7), "0.0000001"),
]


@pytest.mark.parametrize(("term", "wanted"), MADE, ids=[wanted for _, wanted in MADE])
def test_writes_terms_made_by_hand(term, wanted):
    assert write(term, SHEET) == wanted


def test_an_axis_keeps_its_letter_though_the_term_lacks_it():
    term = Contraction([FRESH], Product(x(FRESH), y(FRESH)))
    assert write(term, SHEET, [FIRST]) == "x[j]*y[j]"
    assert write(term, SHEET, [FIRST, OTHER]) == "x[i']*y[i']"


def test_sums_over_a_range_are_written_if_the_sheet_writes_them():
    term = Contraction([FIRST], Product(x(FIRST), y(FIRST)))
    written = Sheet(letters=LETTERS, order=("x", "y"), written=frozenset([M]))
    assert write(term, written) == "sum[i](x[i]*y[i])"


def test_the_size_of_a_range_without_a_name_is_a_sum_of_ones():
    unnamed = Range("i", named=False)
    assert write(Product(C, Size(unnamed)), Sheet(letters={"i": unnamed, "k": unnamed})) == "c*sum[i](1)"


def test_letters_are_those_of_the_definition():
    sheet = parse_sheet("index i, p : m\na[p] = z[p]\nL = sum[i](y[i]*a[i])")
    term = Contraction([FRESH], Power(Tensor("a", [FRESH]), Number(2)))
    assert write(term, sheet) == "sum[p](a[p]^2)"


@pytest.mark.parametrize("text", ["sum[i](1)", "x[i]/sum[i](1)", "x[i]*sum[i](1)", "sum[i](1)^2"])
def test_unnamed_sizes_read_back(text):
    reading = read_expression(parse_sheet("s = sum[i](x[i])"), text)
    again = read_expression(
        reading.sheet, write(reading.term, reading.sheet, reading.axes), [i.name for i in reading.axes]
    )
    assert canonical(again.term) is canonical(reading.term)


# ----- Back again --------------------------------------------------------------------------------------------------


@given(problems())
@settings(max_examples=150)
def test_reads_back(problem):
    for term, sheet, axes in terms_of(problem):
        text = write(term, sheet, axes)
        again = read_expression(sheet, text, free=[index.name for index in axes])
        assert canonical(again.term) is canonical(term), text
        assert write(term, sheet, axes) == text


def terms_of(problem):
    """The terms of a random problem, with their sheets and axes."""
    try:
        sheet = parse_sheet(problem.sheet)
        target = read_expression(sheet, problem.target)
    except IndexcalcError:
        return
    yield target.term, target.sheet, target.axes
    for definition in sheet.definitions.values():
        yield definition.body, sheet, definition.axes


def test_a_mean_stands_beside_other_sums():
    reading = read_expression(parse_sheet(""), "mean[i](x[i]^2)*sum[j](y[j]^2)*max[k](z[k])")
    written = write(reading.term, reading.sheet)
    assert read_expression(reading.sheet, written).term is reading.term
