"""What is wrong with a step, and what would make it true."""

import pytest

from indexcalc.audit.proving.proof import prove
from indexcalc.audit.slips.diagnosis import diagnose
from indexcalc.audit.slips.edits import Slips
from indexcalc.notation.reader import parse_sheet, read_chain, read_expression
from indexcalc.notation.writing import text

SOFTMAX = """
index p, r : m
index q, s, k : n
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1
"""
PLAIN = """
index i, j, k, l : n
s = a[i]*b[i]
"""


def diagnosed(sheet, left, right):
    """The sentence and the fix, which is proved to make the step true."""
    first, second = read_chain(parse_sheet(sheet), [left, right])
    sentence, new = diagnose(first.term, second.term, first.sheet, first.axes)
    if new is None:
        return sentence, ""
    assert prove(first.term, new, first.sheet, first.axes).word == "proved"
    return sentence, text.write(new, first.sheet, first.axes)


@pytest.mark.parametrize(
    ("sheet", "left", "right", "sentence"),
    [
        (SOFTMAX, "diff(CE, z[r,s])", "(y[r,s] - a[r,s])/m", "the sign is wrong"),
        (SOFTMAX, "diff(CE, z[r,s])", "a[r,s] - y[r,s]", "the factor 1/m is missing"),
        (SOFTMAX, "diff(CE, z[r,s])", "(a[r,s] - y[r,s])/n", "n stands for m"),
        (SOFTMAX, "diff(CE, z[r,s])", "2*(a[r,s] - y[r,s])/m", "the factor 2 is left over"),
        (SOFTMAX, "diff(CE, z[r,s])", "a[r,s] - y[r,s]/m", "a bracket is missing: 1/m belongs to all terms"),
        (SOFTMAX, "diff(CE, z[r,s])", "(a[r,s] + y[r,s])/m", "the sign of y[r,s] is wrong"),
        (SOFTMAX, "diff(a[p,q], z[r,s])", "a[p,q]*(delta[q,s] - a[p,s])", "the factor delta[p,r] is missing"),
        (
            SOFTMAX,
            "diff(a[p,q], z[r,s])",
            "a[p,q]*delta[p,r]*(delta[q,s] - a[p,q])",
            "a[p,q] stands for a[p,s]",
        ),
        (
            SOFTMAX,
            "diff(a[p,q], z[r,s])",
            "a[p,q]*delta[p,r]*delta[q,s] - a[p,q]*a[p,s]",
            "the factor delta[p,r] is missing in -a[p,q]*a[p,s]",
        ),
        (
            SOFTMAX,
            "diff(a[p,q], z[r,s])",
            "a[p,q]*delta[p,r]*delta[q,s]",
            "the term -a[p,q]*a[p,s]*delta[p,r] is missing",
        ),
        (SOFTMAX, "sum[q](a[p,q])", "1 + a[p,k]*a[p,k]", "the term sum[k](a[p,k]*a[p,k]) is left over"),
        (PLAIN, "A[i,j]*x[j]", "A[j,i]*x[j]", "a transposition is missing: A[j,i] stands for A[i,j]"),
        (PLAIN, "A[i,j] - A[j,i]", "A[j,i] - A[i,j]", "the sign is wrong"),
        (PLAIN, "A[i,j]*B[j,k]", "A[k,j]*B[j,i]", "i and k are exchanged"),
        (PLAIN, "s^2", "a[i]*b[i]*a[i]*b[i]", "the dummy i is used twice: two sums need two letters"),
        (PLAIN, "diff(s^2, b[k])", "2*(a[i]*b[i])*a[i]*delta[i,k]", "the dummy i is used twice"),
        (PLAIN, "(s - c)*u[i]*v[i]", "(a[i]*b[i] - c)*u[i]*v[i]", "the dummy i is used twice"),
        (PLAIN, "s/sum[j](u[j]*v[j])^2", "a[k]*b[k]/(u[k]*v[k])^2", "the dummy k is used twice"),
        (PLAIN, "s/sum[j](u[j]^2)", "a[k]*b[k]/u[k]^2", "the dummy k is used twice"),
        (PLAIN, "delta[i,j]*u[i]", "(1 - delta[i,j])*u[i]", "the condition is the wrong way round"),
        (PLAIN, "diff(sum[i](x[i]^2), x[k])", "x[k]", "the factor 2 is missing"),
        (PLAIN, "(x[i] + y[i])^2", "x[i]^2 + x[i]*y[i] + y[i]^2", "the factor 2 is missing before x[i]*y[i]"),
        (PLAIN, "(x[i] + y[i])^2", "x[i]^2 + y[i]^2", "the term 2*x[i]*y[i] is missing"),
        (PLAIN, "diff(x[i]*x[i], x[k])", "3*x[k]", "3*x[k] stands for 2*x[k]"),
        (PLAIN, "(x[i] + y[i])^2", "x[i]^2 + 5*y[i]*x[i] + y[i]^2", "5*x[i]*y[i] stands for 2*x[i]*y[i]"),
        (PLAIN, "sum[i](x[i] - c)", "sum[i](x[i]) - c", "the factor n is missing before c"),
        (PLAIN, "diff(x[i]^3, x[j])", "3*x[i]*delta[i,j]", "the power is wrong: x[i] stands for x[i]^2"),
        (PLAIN, "diff(1/x[i], x[j])", "-delta[i,j]/x[i]", "the power is wrong: 1/x[i] stands for 1/x[i]^2"),
        (
            PLAIN,
            "diff(relu(x[i]), x[j])",
            "1[x[i] < 0]*delta[i,j]",
            "the condition is the wrong way round: 1[x[i] < 0] stands for 1[x[i] > 0]",
        ),
        (
            PLAIN,
            "c*delta[i,j]*delta[k,l] + A[i,k]*A[j,l]",
            "c*delta[i,k]*delta[j,l] + A[i,k]*A[j,l]",
            "i and l are exchanged in c*delta[i,k]*delta[j,l]",
        ),
        (PLAIN, "diff(exp(c*x[i]), x[j])", "exp(c*x[i])*delta[i,j]", "the factor c is missing"),
        (PLAIN, "diff(sum[i](x[i]^2/t), x[j])", "2*x[j]", "the factor 1/t is missing"),
        (PLAIN, "c*exp(x[i])", "c*x[i]*exp(x[i])", "the factor x[i] is left over"),
        (PLAIN, "A[i,j]*(x[j] - y[j])", "A[i,j]*x[j] - y[i]", "y[i] stands for A[i,j]*y[j]"),
        (PLAIN, "u[i]*(x[i] - y[i])", "u[i]*x[i] - y[i]*y[i]", "y[i]*y[i] stands for u[i]*y[i]"),
        (PLAIN, "c*sum[i](A[i,j]*(x[i] - 1))", "c*sum[i](x[i] - 1)", "the factor A[i,j] is missing in the sum"),
    ],
)
def test_slips(sheet, left, right, sentence):
    found, fix = diagnosed(sheet, left, right)
    assert found.startswith(sentence) if sentence else not found
    assert bool(fix) == bool(sentence)


def test_what_was_held_fixed():
    sheet = "h[i] = tanh(x[i])\nf = sum[i](w[i]*h[i]*x[i])\n"
    sentence, fix = diagnosed(sheet, "diff(f, x[k])", "w[k]*h[k]")
    assert sentence == "the derivative holds h fixed, but h depends on x"
    assert not fix


def test_nothing_is_said_where_nothing_fits():
    assert diagnosed(PLAIN, "exp(x[i])", "y[i] + 7") == ("", "")


def test_a_slip_leaves_a_condition_a_condition():
    sheet = parse_sheet(PLAIN)
    term = read_expression(sheet, "where(x[i] > 0, x[i], y[i])*x[i]", free="i").term
    for sentence, new in Slips(sheet, ()).edits(term):
        assert sentence
        assert text.write(new, sheet)
