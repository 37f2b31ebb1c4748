"""Names and what stands below and above them in LaTeX."""

import pytest

from indexcalc.notation.reader import dialect_of, parse_sheet, read_expression
from tests.notation.latex.test_trees import SHEET, cause, same

MEANS = [
    # Indices
    ("a_{pq}", "a[p,q]"),
    ("a_{p, q}", "a[p,q]"),
    ("a_{p q}", "a[p,q]"),
    (r"T_{i\ell}", "T[i,l]"),
    (r"R_{\mu\nu}", "R[mu,nu]"),
    (r"R_{\mu i}", "R[mu,i]"),
    ("u_i", "u[i]"),
    ("u_i^2", "u[i]^2"),
    (r"u_{i'} v_{i^{\prime}}", "u[i']*v[i']"),
    ("T'_{ij}", "T_prime[i,j]"),
    ("u_i' v^{\\prime}_j", "u_prime[i]*v_prime[j]"),
    ("A_i{}^j", "A[i,j]"),
    (r"R_{\text{row}, i}", "R[row,i]"),
    (r"u_{i_1} v_{i_1}", "u[i_1]*v[i_1]"),
    ("u_1", "u[1]"),
    ("T_{11} + T_{1j}", "T[1,1] + T[1,j]"),
    ("u_{12} + T_{12}", "u[12] + T[1,2]"),
    ("T_{12, 3}", "T[12,3]"),
    # Labels and powers
    ("a_{pq}^L", "a[p,q]"),
    ("a^L_{pq}", "a[p,q]"),
    ("a^{(k)}_{pq}", "a[p,q]"),
    ("a_{pq}^{(k-1)}", "a[p,q]"),
    ("a_{pq}^{[k-1]}", "a[p,q]"),
    ("a_{pq}^{(2)}", "a[p,q]"),
    ("a_{pq}^{*}", "a[p,q]"),
    (r"a_{pq}^{\text{new}}", "a[p,q]"),
    ("a_{pq}^{2}", "a[p,q]^2"),
    ("a_{pq}^{-1}", "a[p,q]^(-1)"),
    (r"a_{pq}^{\frac12}", "a[p,q]^(1/2)"),
    ("u_i^m", "u[i]^m"),
    ("u_i^{n_{o}}", "u[i]^n_o"),
    ("u_i^{2m}", "u[i]^(2*m)"),
    ("c^{c}", "c^c"),
    ("g^{L}_i", "g_L[i]"),
    ("h^{(k)}", "h_k"),
    # Upper indices
    ("T^{ij}", "T[i,j]"),
    ("T^{i}_j", "T[i,j]"),
    ("T^{i}{}_{j}", "T[i,j]"),
    (r"\delta^i_j", "delta[i,j]"),
    (r"\delta_{i,j}", "delta[i,j]"),
    ("x^{(p)}_i", "x[p,i]"),
    # Names
    (r"\hat{y}_i", "y_hat[i]"),
    (r"\hat y_i", "y_hat[i]"),
    (r"\hat{y_i}", "y_hat[i]"),
    (r"\mathbf{\hat{y}}_i", "y_hat[i]"),
    (r"\hat{\mathbf{y}}_i", "y_hat[i]"),
    (r"{\hat{y}}_i", "y_hat[i]"),
    (r"\text{CE}", "CE"),
    (r"\mathrm{CE}", "CE"),
    (r"\mathbf{CE}", "CE"),
    (r"\mathbf{u_i}", "u[i]"),
    (r"c \mathbf{n_o}", "c*n_o"),
    (r"\operatorname{CE}", "CE"),
    (r"\text{log-loss}", "log_loss"),
    (r"\text{a\_b}_i", "a_b[i]"),
    (r"\mathcal{L}", "L"),
    (r"\rho", "rho"),
    (r"n_{o} m", "n_o*m"),
    (r"n_o", "n_o"),
    (r"y_{\text{true}, p}", "y_true[p]"),
    (r"n_{\text{in}}", "n_in"),
    (r"\epsilon c", "epsilon*c"),
]


@pytest.mark.parametrize(("latex", "text"), MEANS, ids=[latex for latex, _ in MEANS])
def test_means(latex, text):
    assert same(latex, text)


KNOWN = [
    ("c[i] = a[i]*a_L[i]", "a_i^L", "a_L[i]"),
    ("c[i] = a[i]*a_L[i]", "a_i^K", "a[i]"),
    ("norm = l_2", r"\ell_{2}", "l_2"),
    ("c[i] = y_T[i]", "y_{Ti}", "y_T[i]"),
    ("c[i] = y[i]*n_o", "n_o", "n_o"),
    ("c[o] = n[o]*y[i]*x[i]", "n_o", "n[o]"),
    ("c[i] = y[i]^L*L", "y_i^L", "y[i]"),
    ("c[i] = y[i]*gamma", r"y_i^\gamma", "y[i]^gamma"),
    ("c[k1] = A[k1,j]*y[j]", r"\sum_{\text{k1}'} A_{\text{k1}', j} y_{j}", "sum[k1'](A[k1',j]*y[j])"),
    ("s = e*x[i]*y[i]", "e^{x_i}", "e^x[i]"),
    ("s = d*x[i]*y[i]", r"\frac{d x_i}{d y_i}", "d*x[i]/(d*y[i])"),
    ("index i, j, k : 3", r"\epsilon_{ijk}", "eps[i,j,k]"),
    ("index i, j, k : 3", r"\varepsilon_{ijk} \varepsilon_{ijl}", "eps[i,j,k]*eps[i,j,l]"),
    ("c[i,j,k] = epsilon[i,j,k]", r"\epsilon_{ijk}", "epsilon[i,j,k]"),
    ("index i, k : n", r"\sum_{i=1}^{n^L} x_i", "sum[i](x[i])"),
    ("sigma[j] = x[j]", r"\sigma(\mathbf{z})_{j} (1 - \sigma(\mathbf{z})_{j})", "sigma[j]*(1 - sigma[j])"),
    ("CE = x[i]*y[i]", r"\frac{\partial CE}{\partial x_i}", "diff(CE, x[i])"),
    ("CE = x[i]*y[i]", r"2CE \cdot a b", "2*CE*a*b"),
    ("CE = C*E*x[i]*y[i]", r"2CE \cdot a", "2*C*E*a"),
    ("CE = x[i]*y[i]", r"2C E \cdot a", "2*C*E*a"),
    (r'notation a = "a^{L}"', "a_{ij}^{L}", "a[i,j]"),
    (r'notation a = "a^{L}"', "a^L_{ij} b_{ij}^2", "a[i,j]*b[i,j]^2"),
    (r'notation s2 = "\sigma^2"', r"\frac{1}{\sigma^{2}}", "1/s2"),
    (r'notation err = "\delta"', r"\delta_{pq}", "err[p,q]"),
    (r'notation yT = "y_{T}"', r"y_T^{2}", "yT^2"),
    ('index i : d_1\nnotation d_1 = "\\mathbf{d_1}"', r"x_i \mathbf{d_1}", "x[i]*d_1"),
    (r'notation sigmoid = "\sigma"', r"\sigma(x_i)", "sigmoid(x[i])"),
    ('index i : n_o\nnotation n_o = "n^{L}"', r"\sum_{i=1}^{n^L} x_i", "sum[i](x[i])"),
]


@pytest.mark.parametrize(("sheet", "latex", "text"), KNOWN, ids=[latex for _, latex, _ in KNOWN])
def test_means_what_the_sheet_knows(sheet, latex, text):
    assert same(latex, text, sheet)


REFUSED = [
    ("u_{i^2}", "these are no indices"),
    ("u_{:}", "these are no indices"),
    ("T_{::j}", "these are no indices"),
    ("u_{i}_{j}", "two scripts stand below the same sign"),
    ("R_{" + "i" * 61 + "}", "R has 61 indices"),
    ("u_{ij}", "u has 2 indices here and one index elsewhere"),
    (r"\delta_{i}", "delta[i] has one index"),
]


@pytest.mark.parametrize(("latex", "wanted"), REFUSED, ids=[latex[:20] for latex, _ in REFUSED])
def test_refuses(latex, wanted):
    assert cause(latex).startswith(wanted)


def test_dialect():
    sheet = parse_sheet(SHEET)
    assert dialect_of("u_i v_i", sheet) == "latex"
    assert dialect_of("n_o*c", sheet) == "text"
    assert dialect_of("u_i[k]", sheet) == "text"
    assert dialect_of("u_new + q_i", sheet) == "text"
    assert dialect_of("x^{2}") == "latex"
    assert [index.name for index in read_expression(sheet, "u_i c").axes] == ["i"]
