r"""Matrix notation, dots and symbolic matrices, read as index notation."""

import pytest

from indexcalc.audit.checking import check_document

SHEET = """```indexcalc
index i, r : m
index j, s : n
index k : d
a[i,j] = exp(z[i,j])/sum[s](exp(z[i,s]))
z[i,j] = b[j] + x[i,k]*w[k,j]
L = 1/m*sum[i,j](a[i,j]*y[i,j])
f = v[j]*v[j]
u = B[j,s]*v[j]*v[s]
```
"""
SOFTMAX = r"""
$$ \sigma(\mathbf{z})_{j} = \frac{\exp(\mathbf{z})_{j}}{\sum_{k=1}^{Q} \exp(z_{k})} $$
"""


def verdicts(formula, sheet=SHEET):
    """The verdicts on a formula, with the reasons of what cannot be read."""
    claims = check_document(f"{sheet}\n$$ {formula} $$\n").claims[-1 if sheet is SOFTMAX else 0 :]
    return [str(claim.verdict) for claim in claims]


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{\partial L}{\partial \mathbf{A}} = \frac{1}{m} \mathbf{Y}",
        r"\frac{\partial f}{\partial \mathbf{v}} = 2 \mathbf{v}",
        r"\mathbf{v}^\top \mathbf{v} = f",
        r"\mathbf{v}^{\top} \mathbf{B} \mathbf{v} = u",
        r"\frac{\partial u}{\partial \mathbf{v}} = (\mathbf{B} + \mathbf{B}^T) \mathbf{v}",
        r"\text{tr}(\mathbf{v} \mathbf{v}^\top) = f",
        r"\text{diag}(\mathbf{v}) \mathbf{v} = \mathbf{v} \odot \mathbf{v}",
        r"\mathbf{B}^{3} = \mathbf{B} \mathbf{B} \mathbf{B}",
        r"\mathbf{I} \mathbf{v} = \mathbf{v}",
        r"\frac{\partial^2 u}{\partial \mathbf{v} \partial \mathbf{v}^\top} = \mathbf{B} + \mathbf{B}^\top",
        r"\frac{\partial f}{\partial \mathbf{v}^\top} = 2 \mathbf{v}^\top",
        r"\langle \mathbf{v}, \mathbf{B} \mathbf{v} \rangle = u",
        r"\partial f / \partial \mathbf{v} = 2 \mathbf{v}",
        r"\mathbf{B} : \mathbf{B} = \text{tr}(\mathbf{B}^\top \mathbf{B})",
        r"(\mathbf{v} \otimes \mathbf{v}) \mathbf{v} = f \mathbf{v}",
        r"\mathbf{v} \cdot \mathbf{v} = f",
        r"(1 - \mathbf{v}) \odot \mathbf{v} = \mathbf{v} - \mathbf{v} \odot \mathbf{v}",
        r"\mathbf{Y \oslash Y} \odot \mathbf{Y} = \mathbf{Y}",
        r"(\mathbf{B} \mathbf{B})_{js} = B_{jt} B_{ts}",
        r"(\mathbf{B} \mathbf{v})_{j} = B_{js} v_{s}",
        r"\mathbf{B}^\top = (\mathbf{B})^\top",
        r"\left[ \mathbf{B}^\top \mathbf{v} \right]_{j} = B_{sj} v_{s}",
        r"\mathbf{B}^\top (\mathbf{Bv} - \mathbf{v}) = \mathbf{B}^\top \mathbf{B} \mathbf{v} - \mathbf{B}^\top \mathbf{v}",
        r"\exp(\mathbf{v})_{j} = \exp(v_{j})",
        r"\mathbf{1}^{\top} \mathbf{v} = \sum_{j} v_{j}",
        r"x_{:,k}^\top a_{:,j} = \sum_{i} x_{ik} a_{ij}",
        r"\frac{\partial L}{\partial w_{kj}} = \left( \mathbf{X}^\top \frac{\partial L}{\partial \mathbf{Z}} \right)_{kj}",
        r"\frac{\partial L}{\partial \mathbf{Z}} = \frac{\partial \mathbf{A}}{\partial \mathbf{Z}} \frac{\partial L}{\partial \mathbf{A}}",
    ],
)
def test_right(formula):
    assert verdicts(formula) == ["proved"]


@pytest.mark.parametrize(
    "formula",
    [
        r"\frac{\partial u}{\partial \mathbf{v}} = 2 \mathbf{B} \mathbf{v}",
        r"\mathbf{B}^\top \mathbf{v} = \mathbf{B} \mathbf{v}",
        r"\text{tr}(\mathbf{B}) = \mathbf{v}^\top \mathbf{v}",
        r"\mathbf{B}^{3} = \mathbf{B}",
        r"\mathbf{B}^2 = \mathbf{B}^\top \mathbf{B}",
        r"\mathbf{v} \odot \mathbf{v} = \mathbf{v}",
    ],
)
def test_wrong(formula):
    assert verdicts(formula) == ["refuted"]


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathbf{v} \mathbf{v} = f",
        r"\mathbf{B} + \mathbf{v} = \mathbf{B}",
        r"\frac{f}{\mathbf{A}} = f",
        r"(\mathbf{v})_{ij} = v_{i}",
        r"\mathbf{B}^{-1} = \mathbf{B}",
        r"\frac{\partial \mathbf{A}}{\partial \mathbf{Z}} = \mathbf{A}",
    ],
)
def test_shapes_that_do_not_fit(formula):
    assert verdicts(formula) == ["unreadable"]


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (
            r"\frac{\partial \sigma(\mathbf{z})_{j}}{\partial z_{i=j}} = \sigma(\mathbf{z})_{j} (1 - \sigma(\mathbf{z})_j)",
            "proved",
        ),
        (r"\frac{\partial \sigma(\mathbf{z})_{j}}{\partial z_{i=j}} = \sigma(\mathbf{z})_{j}", "refuted"),
        (
            r"\frac{\partial \sigma(\mathbf{z})_{j}}{\partial z_{i \neq j}} = -\sigma(\mathbf{z})_{j} \sigma(\mathbf{z})_{i}",
            "proved",
        ),
        (
            r"\frac{\partial \sigma(\mathbf{z})_{j}}{\partial z_{i}} = -\sigma(\mathbf{z})_{j} \sigma(\mathbf{z})_{i}",
            "refuted",
        ),
        (
            r"\frac{\partial \sigma(\mathbf{z})}{\partial \mathbf{z}} = \text{diag}(\sigma(\mathbf{z})) - \sigma(\mathbf{z}) \sigma(\mathbf{z})^T",
            "proved",
        ),
        (
            r"\frac{\partial \sigma(\mathbf{Z})_{pq}}{\partial \mathbf{Z}_{ij}} = \delta_{pi} \sigma(\mathbf{Z})_{pq} (\delta_{qj} - \sigma(\mathbf{Z})_{pj})",
            "proved",
        ),
        (r"\frac{\partial \sigma(\mathbf{Z})_{p,:}}{\partial \mathbf{Z}_{i \neq p,:}} = \mathbf{0}", "proved"),
        (
            r"\frac{\partial \sigma(\mathbf{z})_{j}}{\partial \mathbf{z}} = \begin{bmatrix} -\sigma(\mathbf{z})_{j} \sigma(\mathbf{z})_{1} & \cdots & "
            r"\sigma(\mathbf{z})_{j} (1 - \sigma(\mathbf{z})_j) & \cdots & -\sigma(\mathbf{z})_{j} \sigma(\mathbf{z})_{Q} \end{bmatrix}",
            "proved",
        ),
        (
            r"\frac{\partial \sigma(\mathbf{z})}{\partial \mathbf{z}} = \begin{bmatrix} \frac{\partial \sigma(\mathbf{z})_{1}}{\partial \mathbf{z}} \\ "
            r"\vdots \\ \frac{\partial \sigma(\mathbf{z})_{Q}}{\partial \mathbf{z}} \end{bmatrix}",
            "proved",
        ),
    ],
)
def test_functions_of_vectors(formula, verdict):
    assert verdicts(formula, SOFTMAX) == [verdict]


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (r"v_{1} + v_{2} + \ldots + v_{n} = \sum_{j} v_{j}", "proved"),
        (r"v_{1}^2 + ... + v_{n}^2 = f", "proved"),
        (r"-v_{1} y_{i1} - v_{2} y_{i2} - \dots - v_{n} y_{in} = -y_{ij} v_{j}", "proved"),
        (r"v_{1} + v_{2} + v_{3} + \ldots + v_{n} = \sum_{j} v_{j}", "proved"),
        (r"v_{1} + \ldots + v_{j} + \ldots + v_{n} = \sum_{s} v_{s}", "proved"),
        (r"v_{2} + \ldots + v_{n} = \sum_{j} v_{j}", "refuted"),
        (r"v_{1} + \ldots + y_{in} = f", "unreadable"),
        (r"\ldots + v_{n} = f", "unreadable"),
        (r"f = \mathbf{v}^\top \begin{pmatrix} v_{1} \\ v_{2} \\ \vdots \\ v_{n} \end{pmatrix}", "proved"),
        (
            r"f = \begin{pmatrix} v_{1} & \cdots & v_{n} \end{pmatrix} \begin{pmatrix} v_{1} \\ \vdots \\ v_{n} \end{pmatrix}",
            "proved",
        ),
        (
            r"\mathbf{Y} = \begin{pmatrix} y_{11} & \cdots & y_{1n} \\ \vdots & \ddots & \vdots \\ y_{m1} & \cdots & y_{mn} \end{pmatrix}",
            "proved",
        ),
        (
            r"\mathbf{Y} = \begin{pmatrix} y_{11} & \cdots & y_{1n} \\ \vdots & \ddots & \vdots \\ y_{m1} & \cdots & -y_{mn} \end{pmatrix}",
            "unreadable",
        ),
        (
            r"2 \mathbf{B}^\top = 2 \begin{pmatrix} B_{11} & \cdots & B_{1n} \\ \vdots & \ddots & \vdots \\ B_{n1} & \cdots & B_{nn} \end{pmatrix}",
            "refuted",
        ),
        (r"\mathbf{Y} = \begin{pmatrix} y_{11} & y_{12} \\ y_{21} \end{pmatrix}", "unreadable"),
        (r"\mathbf{Y} = \begin{pmatrix} a & b \\ c & d \end{pmatrix}", "unreadable"),
    ],
)
def test_dots(formula, verdict):
    assert verdicts(formula)[0] == verdict


def test_lists_of_indices_are_read_with_two_members():
    text = r"""
\[ z_{a \dots b c \dots d} = x_{a \dots b p \dots q} y_{c \dots d p \dots q} \]

\[ \frac{\partial z_{a \dots b c \dots d}}{\partial x_{a' \dots b' p' \dots q'}} = \delta_{aa'} \dots \delta_{bb'} y_{c \dots d p' \dots q'} \]
"""
    (claim,) = check_document(text).claims
    assert str(claim.verdict) == "proved"
    assert "a list of indices is read with two members" in claim.reason


def test_an_index_that_is_dropped_is_one():
    (claim,) = check_document(SHEET + "\n$$ \\frac{\\partial L}{\\partial a_{i}} = \\frac{1}{m} y_{i} $$\n").claims
    assert str(claim.verdict) == "proved"
    assert "where an index is dropped, it is 1" in claim.reason
