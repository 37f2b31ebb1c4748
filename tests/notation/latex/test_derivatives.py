"""Derivatives in LaTeX."""

import pytest

from tests.notation.latex.test_trees import cause, same

MEANS = [
    (r"\frac{\partial a_{pq}}{\partial z_{rs}}", "diff(a[p,q], z[r,s])"),
    (r"\frac{\partial a_{pq}^L}{\partial z_{rs}^L}", "diff(a[p,q], z[r,s])"),
    ("\\frac{\\partial \\text{CE}}\n{\\partial z_{rs}}", "diff(CE, z[r,s])"),
    (r"\frac{\mathrm{d} a_{pq}}{\mathrm{d} z_{rs}}", "diff(a[p,q], z[r,s])"),
    (r"\frac{da_{pq}}{dz_{rs}}", "diff(a[p,q], z[r,s])"),
    (r"\frac{d}{dz_{rs}} (a_{pq})", "diff(a[p,q], z[r,s])"),
    (r"\partial a_{pq} / \partial z_{rs}", "diff(a[p,q], z[r,s])"),
    (r"-c \, \partial a_{pq} / \partial z_{rs} \cdot 2", "-2*c*diff(a[p,q], z[r,s])"),
    (r"\frac{\partial}{\partial z_{rs}} \left( c \exp(z_{pq}) \right)", "diff(c*exp(z[p,q]), z[r,s])"),
    (r"\frac{\partial}{\partial z_{rs}} \exp(z_{pq})", "diff(exp(z[p,q]), z[r,s])"),
    (r"\frac{\partial}{\partial z_{rs}} f(z_{pq})", "diff(f(z[p,q]), z[r,s])"),
    (r"\frac{\partial}{\partial z_{rs}} \sum_q z_{pq}^2", "diff(sum[q](z[p,q]^2), z[r,s])"),
    (r"\frac{\partial}{\partial z_{rs}} (z_{pq})^2 c", "diff(z[p,q]^2, z[r,s])*c"),
    (r"-\frac{\partial}{\partial u_i} (\text{loss}) v_i", "-diff(loss, u[i])*v[i]"),
    (r"\frac{\partial -u_i}{\partial u_j}", None),
    (r"\frac{\partial^2 \text{loss}}{\partial u_i \partial v_j}", "diff(loss, u[i], v[j])"),
    (r"\frac{\partial^{2} \text{loss}}{\partial u_i^{2}}", "diff(loss, u[i], u[i])"),
    (r"\frac{\partial^2}{\partial u_i \partial v_j} \text{loss}", "diff(loss, u[i], v[j])"),
    (r"\frac{\partial}{\partial u_i} \frac{\partial}{\partial v_j} \text{loss}", "diff(diff(loss, v[j]), u[i])"),
    (
        r"\frac{\partial \text{loss}}{\partial u_i} \frac{\partial u_i}{\partial v_j}",
        "diff(loss, u[i])*diff(u[i], v[j])",
    ),
    (r"{\color{Red} \frac{\partial u_i}{\partial v_j}}", "diff(u[i], v[j])"),
    (r"\frac{\partial u_i v_j}{\partial c}", "diff(u[i]*v[j], c)"),
]


@pytest.mark.parametrize(("latex", "text"), MEANS, ids=[latex for latex, _ in MEANS])
def test_means(latex, text):
    if text is None:
        assert "nothing stands" in cause(latex) or "quotient" in cause(latex)
    else:
        assert same(latex, text)


AMBIGUOUS = "the derivative may act on the next factor only, or on all that follow"
REFUSED = [
    (r"\frac{\partial}{\partial u_i} v_i u_i", AMBIGUOUS),
    (
        r"\frac{\partial}{\partial u_i} v_i \cdot c",
        AMBIGUOUS,
    ),
    (r"\frac{\partial}{\partial u_i}", "the derivative has nothing to act on"),
    (r"\frac{\partial}{\partial u_i} + c", "the derivative has nothing to act on"),
    (r"\frac{\partial^3 c}{\partial u_i^2}", "the derivative is of order 3, but there are 2 variables below the line"),
    (r"\frac{\partial c}{\partial u_i v_j}", "this is no list of variables"),
    (r"\frac{\partial c}{\partial u_i \cdot \partial v_j}", "this is no list of variables"),
    (r"\frac{\partial c}{\partial u_i^{m}}", "this is no variable"),
    (r"\frac{\partial^{10} c}{\partial u_i^{10}}", "the order of a derivative is a small number"),
    (r"\frac{\partial c}{\partial (u_i + v_i)}", "this is no tensor, so nothing can be differentiated by it"),
    (r"\frac{\partial c}{2}", r"this \partial belongs to no quotient"),
]


@pytest.mark.parametrize(("latex", "wanted"), REFUSED, ids=[latex for latex, _ in REFUSED])
def test_refuses(latex, wanted):
    assert cause(latex) == wanted
