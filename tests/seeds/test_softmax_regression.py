"""The second seed: the cross entropy of a softmax regression on iris, compared with autograd as it does."""

import csv

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import jacobian

import indexcalc as ic
from indexcalc.verify.verification import mape
from seeds.support import BACKENDS, EXAMPLES, sheet, value


def load():
    """The features and the one-hot labels."""
    with (EXAMPLES / "iris.csv").open() as file:
        rows = list(csv.reader(file))[1:]
    species = np.array([row[-1] for row in rows])
    return np.array([row[:-1] for row in rows], float), (species[:, None] == np.unique(species)).astype(float)


X, Y = load()
RANDOM = np.random.default_rng(0)
B, W = RANDOM.normal(size=3), RANDOM.normal(size=(4, 3))
M = len(Y)


def weighted_sum(b, w):
    return b + X @ w


def softmax(z):
    e = anp.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(a):
    return -anp.sum(Y * anp.log(a)) / M


Z = weighted_sum(B, W)
A = softmax(Z)
EYE_M, EYE_O = np.eye(M), np.eye(3)
DCE_DA, DCE_DZ = -(Y / A) / M, (A - Y) / M

# target: formula, autograd, the same by hand in numpy or einsum, shape
LINKS = {
    "diff(CE, a[p,q])": (
        "-y[p,q]/(m*a[p,q])",
        lambda: jacobian(cross_entropy)(A),
        lambda: DCE_DA,
        (150, 3),
    ),
    "diff(a[p,q], z[r,s])": (
        "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])",
        lambda: jacobian(softmax)(Z),
        lambda: np.einsum("pq,pr,qs->pqrs", A, EYE_M, EYE_O) - np.einsum("pq,ps,pr->pqrs", A, A, EYE_M),
        (150, 3, 150, 3),
    ),
    "diff(z[r,s], b[u])": (
        "delta[s,u]",
        lambda: jacobian(weighted_sum, 0)(B, W),
        lambda: np.einsum("r,su->rsu", np.ones(M), EYE_O),
        (150, 3, 3),
    ),
    "diff(z[r,s], w[t,u])": (
        "x[r,t]*delta[s,u]",
        lambda: jacobian(weighted_sum, 1)(B, W),
        lambda: np.einsum("rt,su->rstu", X, EYE_O),
        (150, 3, 4, 3),
    ),
    "diff(CE, z[r,s])": (
        "(a[r,s] - y[r,s])/m",
        lambda: jacobian(lambda z: cross_entropy(softmax(z)))(Z),
        lambda: DCE_DZ,
        (150, 3),
    ),
    "diff(CE, b[u])": (
        "1/m*sum[p](a[p,u] - y[p,u])",
        lambda: jacobian(lambda b: cross_entropy(softmax(weighted_sum(b, W))))(B),
        lambda: np.sum(A - Y, axis=0) / M,
        (3,),
    ),
    "diff(CE, w[t,u])": (
        "1/m*sum[p](x[p,t]*(a[p,u] - y[p,u]))",
        lambda: jacobian(lambda w: cross_entropy(softmax(weighted_sum(B, w))))(W),
        lambda: X.T @ (A - Y) / M,
        (4, 3),
    ),
}
GIVEN = {"x": X, "y": Y, "b": B, "w": W}
DIFFERENTIATED = {"a": A, "z": Z}  # independent variables where the target differentiates by them


def arguments(target):
    """The leaves, and the defined tensor that the target differentiates by."""
    return GIVEN | {name: array for name, array in DIFFERENTIATED.items() if f", {name}[" in target}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("target", LINKS)
def test_generated_code_agrees_with_autograd_on_iris(target, backend):
    _, truth, by_hand, shape = LINKS[target]
    got = value("softmax_regression", target, backend, **arguments(target))
    assert got.shape == shape
    assert mape(truth(), got) < 1e-12
    assert mape(by_hand(), got) < 1e-12


@pytest.mark.parametrize("target", LINKS)
def test_formulas_come_out_as_their_author_wrote_them(target):
    formula = LINKS[target][0]
    assert str(ic.derive(sheet("softmax_regression"), target).expression) == formula
    assert str(ic.equal(sheet("softmax_regression"), target, formula)) == "proved"


@pytest.mark.parametrize(
    "subscripts, factors, target",
    [
        ("pq,pqrs->rs", ("diff(CE, a[p,q])", "diff(a[p,q], z[r,s])"), "diff(CE, z[r,s])"),
        ("rs,rst->t", ("diff(CE, z[r,s])", "diff(z[r,s], b[u])"), "diff(CE, b[u])"),
        ("rs,rstu->tu", ("diff(CE, z[r,s])", "diff(z[r,s], w[t,u])"), "diff(CE, w[t,u])"),
    ],
)
def test_the_links_make_the_chain(subscripts, factors, target):
    links = [value("softmax_regression", factor, "numpy", **arguments(factor)) for factor in factors]
    assert mape(LINKS[target][1](), np.einsum(subscripts, *links)) < 1e-12


def test_the_metric():
    """The mean of |true - predicted|/|true|, of the absolute error where the truth is 0."""
    assert mape(np.array([1.0, 2.0, 0.0]), np.array([1.5, 1.0, 0.25])) == pytest.approx((0.5 + 0.5 + 0.25) / 3)
    with pytest.raises(ValueError, match="shape"):
        mape(np.zeros(3), np.zeros((3, 1)))


def test_a_dropped_bracket_is_refuted():
    """What the seed slips on: sum[q](A - B) is not sum[q](A) - B."""
    right = "-1/m*sum[q](y[r,q]*(delta[q,s] - a[r,s]))"
    dropped = "-1/m*(sum[q](y[r,q]*delta[q,s]) + sum[q](y[r,q]*a[r,s]))"
    assert str(ic.equal(sheet("softmax_regression"), "diff(CE, z[r,s])", right)) == "proved"
    assert str(ic.equal(sheet("softmax_regression"), "diff(CE, z[r,s])", dropped)) == "refuted"
