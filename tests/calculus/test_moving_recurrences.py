"""How recurrences move in given directions: the tangents of earlier places are part of those of later ones."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.codegen.custom import custom_vjp_source

RANDOM = np.random.default_rng(0)
STEP = 1e-6
NETWORK = "h[0,i] = s[i]\nh[t,i] = tanh(W[i,j]*h[t-1,j] + u[t,i])\nL = sum[t,i](h[t,i]^2)"
COUPLED = """
outside p = 1
outside q = 0
p[t] = sin(p[t-1]) - e*q[t-1]*x[t]
q[t] = q[t-1] + e*p[t]
L = sum[t](q[t]^2)
"""
TABLE = "outside d = 1\nd[i,j] = sin(d[i-1,j]*a + d[i,j-1]) + c[i,j]\nL = sum[i,j](d[i,j]^2)"
BACKWARDS = "index t : n\nV[n] = g^2\nV[t] = c[t]*V[t+1]^2 + a*V[t+1]\nL = V[1] + sum[t](V[t])"
CASES = [
    (NETWORK, {"W": RANDOM.normal(size=(3, 3)), "u": RANDOM.normal(size=(4, 3)), "s": RANDOM.normal(size=3)}),
    (COUPLED, {"e": 0.7, "x": RANDOM.normal(size=5)}),
    (TABLE, {"a": 0.6, "c": RANDOM.normal(size=(3, 4))}),
    (BACKWARDS, {"g": 0.8, "c": RANDOM.normal(size=4), "a": 0.5}),
]


def moved(given, directions, by):
    return {name: value + by * directions[name] for name, value in given.items()}


@pytest.mark.parametrize(("sheet", "given"), CASES)
def test_products_with_jacobians_and_hessians(sheet, given):
    directions = {name: RANDOM.normal(size=np.shape(value)) for name, value in given.items()}
    dots = {f"{name}_dot": value for name, value in directions.items()}
    loss = ic.derive(sheet, "L").compile()
    slope = (loss(**moved(given, directions, STEP)) - loss(**moved(given, directions, -STEP))) / (2 * STEP)
    found = ic.jvp(sheet, "L", list(given)).compile()(**given, **dots)
    np.testing.assert_allclose(found[next(iter(found))], slope, rtol=1e-7)
    gradients = ic.gradient(sheet, "L", list(given)).compile()
    first = gradients(**given)
    total = sum(np.sum(value * direction) for value, direction in zip(first.values(), directions.values(), strict=True))
    np.testing.assert_allclose(total, slope, rtol=1e-7)
    above, below = (gradients(**moved(given, directions, by)) for by in (STEP, -STEP))
    products = ic.hvp(sheet, "L", list(given)).compile()(**given, **dots)
    for product, name in zip(products.values(), above, strict=True):
        np.testing.assert_allclose(product, (above[name] - below[name]) / (2 * STEP), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("target", ["jax", "torch"])
def test_custom_derivatives(target):
    """jax transposes the tangent: what it gives is the derivative of the loops."""
    library = pytest.importorskip(target)
    arrays = {name: np.asarray(value, np.float32) for name, value in CASES[0][1].items()}
    found = ic.derive(NETWORK, "diff(L, W[p,q])").compile()(**arrays)
    space = {}
    exec(custom_vjp_source(NETWORK, "L", ["W"], target), space)
    if target == "jax":
        value = library.grad(space["compute_L"])(arrays["W"], s=arrays["s"], u=arrays["u"])
    else:
        tensors = {name: library.tensor(value) for name, value in arrays.items()}
        tensors["W"].requires_grad_()
        (value,) = library.autograd.grad(space["compute_L"](**tensors), tensors["W"])
    np.testing.assert_allclose(np.asarray(value), found, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("target", ["jax", "torch"])
def test_custom_derivatives_with_places_that_are_looked_up(target):
    library = pytest.importorskip(target)
    space = {}
    exec(custom_vjp_source("L = sum[i](E[t[i]]^2*g[i])", "L", ["E"], target), space)
    table, places, weights = np.arange(1, 5, dtype=np.float32), np.array([1, 3, 1]), np.array([1, 2, 3], np.float32)
    if target == "jax":
        value = library.grad(space["compute_L"])(table, g=weights, t=places)
    else:
        tensor = library.tensor(table, requires_grad=True)
        (value,) = library.autograd.grad(space["compute_L"](tensor, g=library.tensor(weights), t=places), tensor)
    assert np.asarray(value).tolist() == [0, 16, 0, 16]
    with pytest.raises(ValueError, match="t says the place 4"):
        space["compute_L"](library.tensor(table) if target == "torch" else table, g=weights, t=np.array([1, 4, 0]))
