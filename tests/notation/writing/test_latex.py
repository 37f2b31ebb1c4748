"""Terms as LaTeX: the exact forms, the spelling of names, and that what is printed reads back as the same term."""

import pytest
from hypothesis import given, settings

from indexcalc.calculus.rows import PI
from indexcalc.canonical import canonical
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.notation.writing.latex import write
from indexcalc.terms import Product
from tests.notation.writing.test_text import terms_of
from tests.strategies import problems

SOFTMAX = """
index p, r : m
index q, s, k, u : n_o
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
"""
OTHER = "index i, j, l : N\nc[i,j] = A[i,k]*B[k,j]*g*h_hat*lambda"
EPSILON = "u[i] = eps[i,j,l]*v[j]*v[l]"

EXACT = [
    (
        SOFTMAX,
        "pqrs",
        "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])",
        r"a_{pq} \delta_{pr} \left( \delta_{qs} - a_{ps} \right)",
    ),
    (SOFTMAX, "pq", "-y[p,q]/(m*a[p,q])", r"-\frac{y_{pq}}{m a_{pq}}"),
    (SOFTMAX, "rs", "(a[r,s] - y[r,s])/m", r"\frac{a_{rs} - y_{rs}}{m}"),
    (SOFTMAX, "tu", "1/m*sum[r](x[r,t]*a[r,u])", r"\frac{1}{m} \sum_{r=1}^{m} x_{rt} a_{ru}"),
    (SOFTMAX, "", "sum[p,q](a[p,q] - 1)", r"\sum_{p=1}^{m} \sum_{q=1}^{n_{o}} \left( a_{pq} - 1 \right)"),
    (SOFTMAX, "p", "sum[q](-a[p,q])", r"\sum_{q=1}^{n_{o}} \left( -a_{pq} \right)"),
    (
        SOFTMAX,
        "p",
        "sum[q](a[p,q])*sum[q](z[p,q])",
        r"\left( \sum_{q=1}^{n_{o}} z_{pq} \right) \sum_{q=1}^{n_{o}} a_{pq}",
    ),
    (SOFTMAX, "p", "sum[q](a[p,q])^2", r"\left( \sum_{q=1}^{n_{o}} a_{pq} \right)^{2}"),
    (
        SOFTMAX,
        "pq",
        "exp(z[p,q])/sum[k](exp(z[p,k]))",
        r"\frac{\exp\left( z_{pq} \right)}{\sum_{k=1}^{n_{o}} \exp\left( z_{pk} \right)}",
    ),
    (SOFTMAX, "pq", "a[p,q]^2", r"a_{pq}^{2}"),
    (SOFTMAX, "pq", "a[p,q]^(1/2)", r"a_{pq}^{\frac{1}{2}}"),
    (SOFTMAX, "pq", "a[p,q]^(-m)", r"a_{pq}^{-m}"),
    (SOFTMAX, "pq", "a[p,q]^m", r"\left( a_{pq} \right)^{m}"),
    (SOFTMAX, "pq", "a[p,q]^(m*n_o)", r"\left( a_{pq} \right)^{m n_{o}}"),
    (SOFTMAX, "pq", "(y[p,q]/a[p,q])^(1/2)", r"\left( \frac{y_{pq}}{a_{pq}} \right)^{\frac{1}{2}}"),
    (SOFTMAX, "pq", "2*3^m*a[p,q]", r"2 \cdot 3^{m} a_{pq}"),
    (SOFTMAX, "pqrs", "diff(a[p,q], z[r,s])", r"\frac{\partial a_{pq}}{\partial z_{rs}}"),
    (SOFTMAX, "rs", "diff(2*CE, z[r,s])", r"\frac{\partial}{\partial z_{rs}} \left( 2 \text{CE} \right)"),
    (SOFTMAX, "pqrs", "diff(CE, z[p,q], z[r,s])", r"\frac{\partial^{2} \text{CE}}{\partial z_{pq} \partial z_{rs}}"),
    (SOFTMAX, "p", "max[q](a[p,q])", r"\max_{q=1}^{n_{o}} \left( a_{pq} \right)"),
    (SOFTMAX, "p", "prod[q](a[p,q])", r"\prod_{q=1}^{n_{o}} a_{pq}"),
    (SOFTMAX, "pq", "max(a[p,q], 0)", r"\max\left( a_{pq}, 0 \right)"),
    (SOFTMAX, "pq", "relu(a[p,q])", r"\operatorname{ReLU}\left( a_{pq} \right)"),
    (SOFTMAX, "pq", "sqrt(a[p,q])", r"\sqrt{a_{pq}}"),
    (SOFTMAX, "pq", "f(a[p,q])*f'(a[p,q])", r"f\left( a_{pq} \right) f'\left( a_{pq} \right)"),
    (SOFTMAX, "pq", "foo'(a[p,q])", r"\operatorname{foo}'\left( a_{pq} \right)"),
    (SOFTMAX, "pq", "(a[p,q] - 1)*m", r"m \left( a_{pq} - 1 \right)"),
    (
        OTHER,
        "ij",
        "where(i == j, c[i,i], 0)",
        r"\begin{cases} c_{ii} & \text{if } i = j \\ 0 & \text{otherwise} \end{cases}",
    ),
    (OTHER, "ij", "1[i < j]", r"\mathbb{1}_{i < j}"),
    (OTHER, "ij", "1[c[i,j] >= 0]", r"\mathbf{1}\left[ c_{ij} \geq 0 \right]"),
    (OTHER, "ij", "c[2,j]*c[i,1]", r"c_{2j} c_{i1}"),
    (OTHER, "ij", "A[i,12]", r"A_{i, \text{12}}"),
    (EPSILON, "i", "eps[i,j,l]*v[j]*v[l]", r"\varepsilon_{ijl} v_{j} v_{l}"),
    (OTHER, "", "g*h_hat*lambda", r"g \hat{h} \lambda"),
    (OTHER, "", "sum[k](A[1,k])", r"\sum_{k} A_{1k}"),
]


@pytest.mark.parametrize(("sheet", "axes", "text", "wanted"), EXACT, ids=[text for *_, text, _ in EXACT])
def test_writes(sheet, axes, text, wanted):
    reading = read_expression(parse_sheet(sheet), text, free=axes)
    assert write(reading.term, reading.sheet, reading.axes) == wanted
    again = read_expression(reading.sheet, wanted, free=axes)
    assert canonical(again.term) is canonical(reading.term)


NAMES = [
    ("x[i]", "x_{i}"),
    ("x[i']", "x_{i'}"),
    ("x[mu]", r"x_{\mu}"),
    ("x[mu,i]", r"x_{\mu i}"),
    ("x[i,mu]", r"x_{i\mu}"),
    ("x[mu,nu]", r"x_{\mu\nu}"),
    ("x[mu',i]", r"x_{\mu'i}"),
    ("x[row,i]", r"x_{\text{row}, i}"),
    ("x[row']", r"x_{\text{row}'}"),
    ("x[α]", "x_{α}"),
    ("alpha[i]", r"\alpha_{i}"),
    ("Omega", r"\Omega"),
    ("y_hat[i]", r"\hat{y}_{i}"),
    ("y_prime[i]", "y'_{i}"),
    ("y_prime_prime[i]", "y''_{i}"),
    ("c_prime", r"\text{c\_prime}"),
    ("theta_bar[i]", r"\bar{\theta}_{i}"),
    ("y_hat_tilde[i]", r"\tilde{\hat{y}}_{i}"),
    ("y_hat_L[i]", r"\hat{y}_{i}^{L}"),
    ("a_L[i,j]", "a_{ij}^{L}"),
    ("a_true[i]", r"a_{i}^{\text{true}}"),
    ("a_alpha[i]", r"a_{i}^{\alpha}"),
    ("a_2[i]", r"\text{a\_2}_{i}"),
    ("n_o", "n_{o}"),
    ("n_2", "n_{2}"),
    ("n_in", r"n_{\text{in}}"),
    ("CE", r"\text{CE}"),
    ("log_loss", r"\text{log\_loss}"),
    ("W1[i,j]", r"\text{W1}_{ij}"),
    ("epsilon[i,j,k]", r"\text{epsilon}_{ijk}"),
    ("eps", r"\text{eps}"),
    ("eps[i]", r"\text{eps}_{i}"),
    ("delta", r"\delta"),
    ("pi", r"\pi"),
    ("e", "e"),
    ("e^e", r"\left( e \right)^{e}"),
    ("d/(d*x[i])*diff(d, x[i])", None),
    ("d*c/(d*g)", None),
    ("l*ell", r"l \text{ell}"),
]


@pytest.mark.parametrize(("text", "wanted"), NAMES, ids=[text for text, _ in NAMES])
def test_names(text, wanted):
    reading = read_expression(parse_sheet(""), text)
    written = write(reading.term, reading.sheet, reading.axes)
    assert wanted is None or written == wanted
    again = read_expression(reading.sheet, written, free=[index.name for index in reading.axes])
    assert again.term is reading.term


def test_the_number_pi_is_not_called():
    """A sheet that lacks a tensor pi takes it for a function where a bracket follows."""
    reading = read_expression(parse_sheet(""), "(x + c)^2")
    term = Product(PI, reading.term)
    written = write(term, reading.sheet)
    assert written == r"\pi \cdot \left( x + c \right)^{2}"
    assert read_expression(reading.sheet, written).term is term


def test_a_scalar_that_looks_like_an_element_is_spelled_out():
    reading = read_expression(parse_sheet("s = n[i]*x[i]*n_o"), "n_o*n[o]")
    assert write(reading.term, reading.sheet, reading.axes) == r"\text{n\_o} n_{o}"


NOTATION = [
    ('notation a = "a^{L}"', "a[p,q]", "a_{pq}^{L}"),
    ('notation a = "a^{L}"', "a[p,q]^2", r"\left( a_{pq}^{L} \right)^{2}"),
    (r'notation s2 = "\sigma^2"', "s2", r"\sigma^2"),
    (r'notation s2 = "\sigma^2"', "s2^2", r"\left( \sigma^2 \right)^{2}"),
    (r'notation err = "\delta"', "err[p,q]*delta[p,q]", r"\delta_{pq} \delta_{pq}"),
    (r'notation loss = "\mathcal{L}"', "loss", r"\mathcal{L}"),
    (r'notation yT = "y_{T}"', "yT", "y_{T}"),
    (r'notation yT = "y_{T}"', "yT[p]", "{y_{T}}_{p}"),
    (r'notation yT = "y_{T}^{L}"', "yT[p]^2", r"\left( {y_{T}^{L}}_{p} \right)^{2}"),
    (r'notation s2 = "\hat{s}"', "s2*(1 + s2)^2", r"\hat{s} \left( 1 + \hat{s} \right)^{2}"),
    (r'notation d_1 = "\hat{d_1}"', "d_1^2", r"\hat{d_1}^{2}"),
    ('index h : N\nnotation N = "\\hat{N}"', "N*sum[h](v[h])", r"\hat{N} \sum_{h=1}^{\hat{N}} v_{h}"),
    ('index h : N\nnotation N = "N^{L}"', "N*sum[h](v[h])", r"N^{L} \sum_{h=1}^{N^{L}} v_{h}"),
    (r'notation sigmoid = "\sigma"', "sigmoid(x[p])", r"\sigma\left( x_{p} \right)"),
]


@pytest.mark.parametrize(("notation", "text", "wanted"), NOTATION)
def test_notation(notation, text, wanted):
    reading = read_expression(parse_sheet(notation), text, free="pq")
    assert write(reading.term, reading.sheet, reading.axes) == wanted
    if "delta" not in text:
        assert read_expression(reading.sheet, wanted, free="pq").term is reading.term


@given(problems())
@settings(max_examples=150)
def test_reads_back(problem):
    for term, sheet, axes in terms_of(problem):
        text = write(term, sheet, axes)
        again = read_expression(sheet, text, free=[index.name for index in axes])
        assert canonical(again.term) is canonical(term), text
