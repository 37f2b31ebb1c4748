"""Places that are looked up, E[t[i],d]: derivatives, print, code of every target, and what is refused."""

from importlib.util import find_spec

import numpy as np
import pytest

import indexcalc as ic

CLASSES = "a[i,k] = exp(z[i,k])/sum[j](exp(z[i,j]))\nL = -sum[i](log(a[i,t[i]]))"
EDGES = "L = sum[e](w[e]*(x[s[e]] - x[t[e]])^2)"
SQUARES = "L = sum[i,d](g[i,d]*E[t[i],d]^2)"
WORDS = "y[b,k,d] = E[t[b,k],d]"
DERIVED = [
    (SQUARES, "diff(L, E[r,d])", "2*E[r,d]*sum[i](g[i,d]*delta[t[i],r])"),
    (CLASSES, "diff(L, z[i,j])", "a[i,j] - delta[t[i],j]"),
    (WORDS, "diff(y[b,k,d], E[r,c])", "delta[t[b,k],r]*delta[c,d]"),
    ("y[p] = sum[i](delta[t[i],p]*x[i])\nL = sum[p](y[p]^2)", "diff(L, x[i])", "2*y[t[i]]"),
    ("L = sum[b](log(E[t[s[b]]]))", "diff(L, E[p])", "sum[b](delta[t[s[b]],p])/E[p]"),
    ("L = sum[i](log(a[i,t[i]]))", "diff(L, a[i,k])", "delta[t[i],k]/a[i,k]"),
]
BACKENDS = ["einsum", "numpy", "numba", "jax", "torch", "dask"]


@pytest.mark.parametrize(("sheet", "target", "expression"), DERIVED, ids=[expression for *_, expression in DERIVED])
def test_derivatives(sheet, target, expression):
    result = ic.derive(sheet, target)
    assert str(result.expression) == expression
    assert str(ic.equal(sheet, target, expression)) == "proved"
    assert result.verify().passed
    assert result.verify(against="differences").passed


def test_in_latex():
    sheet = "y[b,k,d] = E[t[b,k],d]\nL = sum[i,d](g[i,d]*E[s[i],d]^2)\nM = sum[b](E[s[u[b]],1])"
    gradient = ic.derive(sheet, r"\frac{\partial L}{\partial E_{rd}}")
    assert str(gradient.expression) == "2*E[r,d]*sum[i](g[i,d]*delta[s[i],r])"
    assert str(ic.derive(sheet, r"\sum_i g_{id} E_{s_i d}").expression) == "sum[d,i](E[s[i],d]*g[i,d])"
    assert str(ic.derive(sheet, r"\sum_b E_{s_{u_b}, 1}").expression) == "M"
    for text in (r"E_{t_{bk}, d}", r"E_{t_{bk} d}"):
        assert str(ic.equal(sheet, "y[b,k,d]", text)) == "proved"
    assert str(ic.equal(sheet, "delta[s[i],r]", r"\delta_{s_i r}")) == "proved"
    assert str(ic.derive("y[i_1,j] = A[i_1,j]", r"A_{i_1 j}").expression) == "A[i_1,j]"  # a letter of the sheet
    assert ic.derive(CLASSES, "diff(L, z[i,j])").latex() == r"a_{ij} - \delta_{t_{i}, j}"
    assert ic.derive("L = sum[b](E[t[s[b]]])", "L").latex() == r"\sum_{b} E_{t_{s_{b}}}"


def problems():
    random = np.random.default_rng(0)
    t, weights = random.integers(0, 5, 4), random.normal(size=(4, 3))
    table = random.normal(size=(5, 3))
    found = np.zeros((5, 3))
    np.add.at(found, t, 2 * weights * table[t])
    yield SQUARES, "diff(L, E[r,d])", {"t": t, "E": table, "g": weights}, found
    scores, labels = random.normal(size=(4, 6)), random.integers(0, 6, 4)
    found = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    found[np.arange(4), labels] -= 1
    yield CLASSES, "diff(L, z[i,j])", {"z": scores, "t": labels}, found
    s, t, x, w = random.integers(0, 5, 7), random.integers(0, 5, 7), random.normal(size=5), random.normal(size=7)
    found = np.zeros(5)
    np.add.at(found, s, 2 * w * (x[s] - x[t]))
    np.add.at(found, t, -2 * w * (x[s] - x[t]))
    yield EDGES, "diff(L, x[p])", {"s": s, "t": t, "x": x, "w": w}, found
    pairs = random.integers(0, 5, (2, 3))
    yield WORDS, "y[b,k,d]", {"t": pairs, "E": table}, table[pairs]
    zeros = np.zeros((3, 4))
    zeros[np.arange(3), [1, 0, 3]] = [0.5, 0.2, 0.3]
    chosen = {"a": zeros, "t": np.array([1, 0, 3])}
    yield "L = -sum[i](log(a[i,t[i]]))", "L", chosen, -np.log([0.5, 0.2, 0.3]).sum()


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("sheet", "target", "given", "found"), list(problems()))
def test_code(sheet, target, given, found, backend):
    if backend in ("numba", "jax", "torch", "dask") and find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    function = ic.derive(sheet, target).compile(backend=backend)
    if backend == "torch":
        import torch

        given = {name: torch.as_tensor(value) for name, value in given.items()}
    value = np.asarray(function(**given))
    assert np.allclose(value, found, rtol=1e-4 if backend == "jax" else 1e-12, atol=1e-6 if backend == "jax" else 1e-14)


@pytest.mark.parametrize("place", [5, -1, 1.5])
def test_a_place_that_is_not_there_is_refused_at_the_call(place):
    function = ic.derive("y[i] = x[t[i]]", "y[i]").compile()
    with pytest.raises(ic.IndexcalcError) as caught:
        function(x=np.arange(5.0), t=np.array([0, place, 2]))
    assert str(caught.value) == (
        f"t says the place {place:g}, and there are the places 0 to 4. Places are counted from 0 in arrays."
    )


def test_generated_code_refuses_it_as_well():
    space = {}
    exec(ic.derive("y[i] = x[t[i]]", "y[i]").code("numpy"), space)
    with pytest.raises(ValueError, match="t says the place 7, and there are the places 0 to 4"):
        space["compute_y"](np.arange(5.0), np.array([7]))


def test_claims():
    sheet = "y[i] = x[t[i]]"
    assert str(ic.equal(sheet, "diff(y[i], x[p])", "delta[t[i],p]")) == "proved"
    assert str(ic.equal(sheet, "sum[p](delta[t[i],p]*x[p])", "y[i]")) == "proved"
    assert str(ic.equal(sheet, "y[i]^2", "x[t[i]]^2")) in ("proved", "agrees")
    assert str(ic.equal(sheet, "diff(y[i], x[p])", "x[p]*delta[t[i],p]")) == "refuted"


ERRORS = [
    (
        "y[i] = x[t[i]]",
        "diff(y[i], t[j])",
        "t says places, whole numbers: there is no derivative by t. Differentiate by a tensor of real numbers.",
    ),
    (
        "y[i] = x[t[i]]",
        "y[i]*t[i]",
        "t says places, and stands as a number here. Give the numbers another name: t may stand at places only.",
    ),
    (
        "y[t[i]] = x[i]",
        "y[p]",
        "line 1, column 3: a place on a left side is looked up: several values could fall on one place.\n"
        "    y[t[i]] = x[i]\n      ^^^^\n"
        "Write what falls on a place p as a sum: y[p] = sum[i](delta[t[i],p]*x[i]).",
    ),
    (
        "y[i] = x[t[i]]",
        "diff(y[i], x[t[j]])",
        "line 1, column 14: the place of what is differentiated by is looked up.\n"
        "    diff(y[i], x[t[j]])\n                 ^^^^\n"
        "Differentiate by an element at a letter, such as x[p], and look it up in the result.",
    ),
]


@pytest.mark.parametrize(("sheet", "target", "message"), ERRORS, ids=[message[:40] for *_, message in ERRORS])
def test_what_is_refused(sheet, target, message):
    with pytest.raises(ic.IndexcalcError) as caught:
        ic.derive(sheet, target)
    assert str(caught.value) == message
