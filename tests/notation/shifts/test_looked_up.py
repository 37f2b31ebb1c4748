"""Looked-up places beside shifted ones: observations of a Markov model, tags of a sentence, words of a network."""

from importlib.util import find_spec
from itertools import pairwise

import numpy as np
import pytest

import indexcalc as ic

RANDOM = np.random.default_rng(0)
MARKOV = """
index t : n
alpha[1,j] = p[j]*B[j,o[1]]
alpha[t,j] = sum[i](alpha[t-1,i]*A[i,j])*B[j,o[t]]
L = log(sum[j](alpha[n,j]))
"""
TAGS = """
a[1,j] = z[1,j]
a[t,j] = z[t,j] + logsumexp[i](a[t-1,i] + W[i,j])
S = sum[t](z[t,l[t]]) + sum[t](W[l[t],l[t+1]])
"""
WORDS = """
h[0,i] = 0
h[t,i] = tanh(W[i,j]*h[t-1,j] + E[w[t],i])
L = -sum[t](log(exp(h[t,c[t]])/sum[j](exp(h[t,j]))))
"""
STEPS = "d[i] = x[t[i+1]] - x[t[i]]"


def markov():
    given = {"p": RANDOM.random(3), "B": RANDOM.random((3, 4)), "A": RANDOM.random((3, 3))}
    seen = RANDOM.integers(0, 4, 5)
    alpha = given["p"] * given["B"][:, seen[0]]
    for place in seen[1:]:
        alpha = (alpha @ given["A"]) * given["B"][:, place]
    return MARKOV, "L", given | {"o": seen}, np.log(alpha.sum())


def tags():
    z, weights, tag = RANDOM.random((4, 3)), RANDOM.random((3, 3)), RANDOM.integers(0, 3, 4)
    found = z[np.arange(4), tag].sum() + sum(weights[one, two] for one, two in pairwise(tag))
    return TAGS, "S", {"z": z, "W": weights, "l": tag}, found


def words():
    weights, table = RANDOM.random((3, 3)), RANDOM.random((5, 3))
    word, wanted = RANDOM.integers(0, 5, 4), RANDOM.integers(0, 3, 4)
    state, loss = np.zeros(3), 0.0
    for here, right in zip(word, wanted, strict=True):
        state = np.tanh(weights @ state + table[here])
        loss -= state[right] - np.log(np.exp(state).sum())
    return WORDS, "L", {"W": weights, "E": table, "w": word, "c": wanted}, loss


def steps():
    x, places = RANDOM.random(6), RANDOM.integers(0, 6, 4)
    return STEPS, "d[i]", {"x": x, "t": places}, np.diff(x[places])


@pytest.mark.parametrize("backend", ["einsum", "numpy", "jax", "torch"])
@pytest.mark.parametrize("make", [markov, tags, words, steps])
def test_values(make, backend):
    if backend in ("jax", "torch") and find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    sheet, target, given, found = make()
    value = np.asarray(ic.derive(sheet, target).compile(backend=backend)(**given))
    np.testing.assert_allclose(value, found, rtol=1e-12 if backend != "jax" else 1e-4)


DERIVED = [
    (MARKOV, "diff(L, B[p,q])", ""),
    (MARKOV, "diff(L, A[p,q])", ""),
    (TAGS, "diff(S, W[p,q])", "sum[i'](delta[l[i'+1],q]*delta[l[i'],p])"),
    (WORDS, "diff(L, E[p,q])", "sum[t](h_bar[t,q]*(1 - h[t,q]^2)*delta[w[t],p])"),
    (STEPS, "diff(d[i], x[p])", "delta[t[i+1],p] - delta[t[i],p]"),
]


@pytest.mark.parametrize(("sheet", "target", "expression"), DERIVED)
def test_derivatives(sheet, target, expression):
    result = ic.derive(sheet, target)
    assert result.verify(against="differences").passed
    if expression:
        assert str(result.expression) == expression


def test_a_reduction_over_a_recurrence_leaves_its_axes_in_their_order():
    """An extreme over a short axis wants it first, and the loop of the recurrence fills the array as it is."""
    sheet = "h[0,i] = 0\nh[t,i] = tanh(h[t-1,i] + u[t,i])\nm[t] = max[i](h[t,i])"
    given = RANDOM.normal(size=(5, 3))
    found = [np.tanh(given[0])]
    for row in given[1:]:
        found.append(np.tanh(found[-1] + row))
    value = ic.derive(sheet, "m[t]").compile(backend="numpy")(u=given)
    np.testing.assert_allclose(value, np.max(found, axis=1), rtol=1e-14)


def test_a_place_beyond_what_says_places_is_refused():
    with pytest.raises(ic.IndexcalcError, match=r"l\[t\+1\]"):
        function = ic.derive("index t : n\ny[t] = z[t,l[t]]*z[t,l[t+1]]", "y[t]").compile()
        function(z=np.ones((3, 2)), l=np.array([0, 1, 1]))
