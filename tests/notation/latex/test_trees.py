"""LaTeX formulas mean what the ASCII beside them says; what could mean two things is refused."""

import logging

import pytest
from lark import Lark, logger

from indexcalc.canonical import canonical
from indexcalc.errors import IndexcalcError
from indexcalc.notation.parsing import grammar_path
from indexcalc.notation.reader import parse_sheet, read_expression

SHEET = """
index p, r : m
index q, s, k : n_o
index i, j, l : n
z[p,q] = b[q] + x[p,i]*w[i,q]
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
loss = c*n_o*u[i]*v[i]*rho
t[i,j] = T[i,j]*y_hat[i]
"""


def same(latex: str, text: str, sheet: str = SHEET) -> bool:
    """Whether both texts give the same term."""
    known = parse_sheet(sheet)
    wanted = read_expression(known, text)
    found = read_expression(wanted.sheet, latex, free=[index.name for index in wanted.axes])
    return canonical(found.term) is canonical(wanted.term)


def cause(latex: str, sheet: str = SHEET) -> str:
    """The first sentences of the error that a text gives."""
    with pytest.raises(IndexcalcError) as caught:
        read_expression(parse_sheet(sheet), latex)
    return caught.value.cause


MEANS = [
    # Products and quotients
    (r"2mc\,u_i", "2*m*c*u[i]"),
    (r"a_{pq} \cdot \rho \times 2", "2*rho*a[p,q]"),
    (r"\frac{y_{pq}}{a_{pq}} \delta_{pr}", "y[p,q]/a[p,q]*delta[p,r]"),
    (r"\frac12 u_i", "u[i]/2"),
    (r"\frac1m u_i", "u[i]/m"),
    (r"\dfrac{u_i} {m}", "u[i]/m"),
    ("\\tfrac{u_i}\n{m}", "u[i]/m"),
    (r"-y_{pq} / a_{pq}^L", "-y[p,q]/a[p,q]"),
    (r"{1}/{m} \cdot (a_{rs} - y_{rs})", "1/m*(a[r,s] - y[r,s])"),
    (r"1.5 u_i - .5 v_i", "1.5*u[i] - 0.5*v[i]"),
    (r"u_i v_i", "u[i]*v[i]"),
    (r"\frac{u_i v_i}{c}", "u[i]*v[i]/c"),
    (r"\frac{u_i}{v_i} c", "u[i]/v[i]*c"),
    (r"x_{pk'} w_{k'q}", "x[p,k']*w[k',q]"),
    # Brackets, sizes, spaces, colours
    (r"\left( a_{pq} \right)^2", "a[p,q]^2"),
    (r"(a_{pq})^{2}", "a[p,q]^2"),
    (r"\Big[ a_{pq} \Big]", "a[p,q]"),
    (r"\left\{ a_{pq} \right\} \bigl( c \bigr)", "a[p,q]*c"),
    (r"\!a_{pq}\quad c~\,", "a[p,q]*c"),
    (r"{\color{Cyan} -\frac1m}{\color{Lime} {a_{pq}}}", "-1/m*a[p,q]"),
    (r"\color{Cyan}{-c} a_{pq}", "-c*a[p,q]"),
    (r"\boxed{a_{pq}} \tag{1} \label{eq:1}", "a[p,q]"),
    (r"\underbrace{a_{pq}}_{\text{softmax}} c", "a[p,q]*c"),
    (r"\displaystyle\sum\limits_{q} a_{pq}", "sum[q](a[p,q])"),
    (r"&= a_{pq} \\", "a[p,q]"),
    (r"a_{pq}.", "a[p,q]"),
    # Functions
    (r"\exp(z_{pq})", "exp(z[p,q])"),
    (r"\exp{z_{pq}}", "exp(z[p,q])"),
    (r"\exp{z_{pq}} \cdot c", "exp(z[p,q])*c"),
    (r"\exp\left\{ z_{pq} \right\}", "exp(z[p,q])"),
    (r"\exp(z_{pq})^2", "exp(z[p,q])^2"),
    (r"\log a_{pq}^L", "log(a[p,q])"),
    (r"y_{pq} \log a_{pq} \cdot c", "y[p,q]*log(a[p,q])*c"),
    (r"\log\log u_i", "log(log(u[i]))"),
    (r"\log_{e}(u_i)", "log(u[i])"),
    (r"\ln u_i", "log(u[i])"),
    (r"\log_2(u_i)", "log(u[i])/log(2)"),
    (r"\log\sum_{k} \exp(z_{pk})", "log(sum[k](exp(z[p,k])))"),
    (r"e^{z_{pq}}", "exp(z[p,q])"),
    (r"\mathrm{e}^{-u_i}", "exp(-u[i])"),
    (r"\tanh^{2}(u_i)", "tanh(u[i])^2"),
    (r"\max(u_i, 0)", "max(u[i], 0)"),
    (r"\max\{u_i, v_i, 0\}", "max(u[i], max(v[i], 0))"),
    (r"\text{ReLU}(u_i)", "relu(u[i])"),
    (r"\operatorname{sigmoid}\left( u_i \right)^2", "sigmoid(u[i])^2"),
    (r"\sqrt{u_i}", "sqrt(u[i])"),
    (r"\sqrt[3]{u_i}", "u[i]^(1/3)"),
    (r"\left| u_i \right| + \lvert v_i \rvert", "abs(u[i]) + abs(v[i])"),
    (r"f(u_i)", "f(u[i])"),
    (r"-f'(u_i) v_i", "-f'(u[i])*v[i]"),
    (r"\sigma(u_i)", "sigma(u[i])"),
    (r"c (u_i + 1)", "c*(u[i] + 1)"),
    (r"m (u_i)", "m*u[i]"),
    (r"u_i (v_i - 1)^2", "u[i]*(v[i] - 1)^2"),
    # Indicators
    (r"\mathbb{1}_{i=j}", "delta[i,j]"),
    (r"\mathbb{1}_{i=j, j=\ell}", "delta[i,j]*delta[j,l]"),
    (r"\mathbb{1}_{i=j=l}", "delta[i,j]*delta[j,l]"),
    (r"\mathbf{1}\{i=j\}", "delta[i,j]"),
    (r"\mathbb{I}(i \neq j)", "1 - delta[i,j]"),
    (r"\mathbb{I}\left[ u_i > 0 \right]", "1[u[i] > 0]"),
    (r"c \left[ i = j \right]", "c*delta[i,j]"),
    (r"1_{i<j}", "1[i < j]"),
    (r"1_{u_i \geq 0}", "1[u[i] >= 0]"),
]


@pytest.mark.parametrize(("latex", "text"), MEANS, ids=[latex for latex, _ in MEANS])
def test_means(latex, text):
    assert same(latex, text)


REFUSED = [
    (r"\sin 2 u_i", r"\sin may reach over one factor or over both"),
    (r"\exp c u_i", r"\exp may reach over one factor or over both"),
    (r"\tanh^{-1}(u_i)", r"\tanh^{-1} may be the inverse function or the reciprocal"),
    (r"\max_i^2", "nothing stands between 2 and the end"),
    (r"\sin_i(u_i)", r"\sin has an index"),
    (r"\frac{1}{2} / c u_i", "a/b c can be read as (a/b)*c and as a/(b*c)"),
    (r"(u_i, v_i)", "a comma stands in a bracket that belongs to no function"),
    (r"u_{i} = v_{i}", "an expression has no sides"),
    (r"(u_i = v_i)", "a comparison stands where a value is needed"),
    (r"\partial_i c", r"this \partial belongs to no quotient"),
    (r"\mathbb{1} + c", "an indicator has no condition"),
    (r"T \odot T", "a matrix without indices"),
    (r"\mathbf{A - B}", "a matrix without indices"),
    (r"(T v)_{i}", "a matrix without indices"),
    (r"\exp(v)_i", "a matrix without indices"),
    (r"T^{\top}", "a transposed matrix stands among indices"),
    (r"u_i^{2, 3}", "this is no exponent"),
    (r"u_i^{2}_{j}^{3}", "two scripts stand below the same sign"),
    (r"{}", "nothing stands in these brackets"),
    (r"\text{softmax}(u_i)", "softmax is not a function of single elements"),
    ("(" * 201 + r"c_{}" + ")" * 201, "the formula nests too deep"),
]


@pytest.mark.parametrize(("latex", "wanted"), REFUSED, ids=[latex[:30] for latex, _ in REFUSED])
def test_refuses(latex, wanted):
    assert cause(latex) == wanted


def test_a_sum_binds_the_product_to_its_right():
    assert same(r"\sum_q y_{rq} \delta_{qs} - a_{rs}", "sum[q](y[r,q]*delta[q,s]) - a[r,s]")
    with pytest.raises(IndexcalcError, match="the index q occurs only once here"):
        read_expression(parse_sheet(SHEET), r"\sum_q y_{rq}\delta_{qs} - y_{rq}a_{rs}", free="rs")


def test_the_grammar_has_no_conflicts(caplog):
    logger.setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG, logger="lark"):
        Lark.open(str(grammar_path("latex.lark")), parser="lalr", start=["target"], debug=True)
    logger.setLevel(logging.CRITICAL)
    assert not [record for record in caplog.records if "conflict" in record.getMessage().lower()]
