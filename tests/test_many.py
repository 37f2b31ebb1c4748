"""Gradients and products with Jacobians and Hessians, against the derivations one by one."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.many import gradient, hvp, jvp, vjp

SHEET = """
index p, r : m
index q, s, k : n
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1
"""
NET = """
h[b,i] = tanh(x[b,j]*W1[j,i] + c[i])
g[b,k] = h[b,i]*W2[i,k]
L = sum[b,k]((g[b,k] - t[b,k])^2)
"""


@pytest.fixture
def leaves():
    random = np.random.default_rng(0)
    y = random.uniform(0.5, 1.5, (5, 3))
    return {
        "x": random.normal(size=(5, 4)),
        "w": random.normal(size=(4, 3)),
        "b": random.normal(size=3),
        "y": y / y.sum(axis=1, keepdims=True),
    }


@pytest.fixture
def net():
    random = np.random.default_rng(1)
    shapes = {"x": (5, 4), "W1": (4, 3), "c": (3,), "W2": (3, 2), "t": (5, 2)}
    return {name: random.normal(size=shape) for name, shape in shapes.items()}


@pytest.mark.parametrize("backend", ["einsum", "numpy"])
def test_a_gradient_is_that_of_each_variable(leaves, backend):
    found = gradient(SHEET, "CE", ["w", "b"], value=True).compile(backend)(**leaves)
    for name, target in {"CE": "CE", "w_bar": "diff(CE, w[t,s])", "b_bar": "diff(CE, b[s])"}.items():
        np.testing.assert_allclose(found[name], ic.derive(SHEET, target).compile()(**leaves), rtol=1e-12)


def test_the_adjoint_of_a_softmax_in_a_cross_entropy_cancels():
    found = gradient(SHEET, "CE", ["w", "b"])
    assert str(found.definitions["z_bar"]) == "(a[p,q] - y[p,q])/m"
    assert str(found.expressions["w_bar"]) == "sum[p](x[p,t]*z_bar[p,q])"


def test_a_gradient_goes_on_through_a_variable_with_a_definition(leaves):
    found = gradient(SHEET, "CE", ["z", "b"]).compile()(**leaves)
    np.testing.assert_allclose(found["b_bar"], found["z_bar"].sum(axis=0), rtol=1e-12)


def test_a_hessian_vector_product_is_the_hessian_times_the_vector(net):
    direction = np.random.default_rng(2).normal(size=(4, 3))
    hessian = ic.derive(NET, "diff(L, W1[p,q], W1[r,s])").compile()(**net)
    found = hvp(NET, "L", ["W1"]).compile()(**net, W1_dot=direction)["W1_hvp"]
    np.testing.assert_allclose(found, np.einsum("pqrs,rs->pq", hessian, direction), rtol=1e-10)


def test_a_hessian_vector_product_has_the_blocks_between_variables(net):
    random = np.random.default_rng(3)
    one, other = random.normal(size=(4, 3)), random.normal(size=(3, 2))
    block = ic.derive(NET, "diff(L, W1[p,q], W2[r,s])").compile()(**net)
    both = hvp(NET, "L", ["W1", "W2"]).compile()
    zero = {"W1_dot": one, "W2_dot": 0 * other}
    difference = both(**net, W1_dot=one, W2_dot=other)["W1_hvp"] - both(**net, **zero)["W1_hvp"]
    np.testing.assert_allclose(difference, np.einsum("pqrs,rs->pq", block, other), rtol=1e-9)


def test_a_fact_about_a_variable_is_not_used_before_the_last_derivative():
    sheet = "assume sum[i](x[i]) = 1\nL = x[i]*x[i]*exp(sum[i](x[i]))"
    x, direction = np.array([0.2, 0.5, 0.3]), np.array([1.0, -2.0, 4.0])
    hessian = ic.derive(sheet, "diff(L, x[j], x[k])").compile()(x=x)
    found = hvp(sheet, "L", ["x"]).compile()(x=x, x_dot=direction)["x_hvp"]
    np.testing.assert_allclose(found, hessian @ direction, rtol=1e-12)


def test_forward_and_reverse_products_are_adjoint(net):
    random = np.random.default_rng(4)
    direction, cotangent = random.normal(size=(4, 3)), random.normal(size=(5, 2))
    forward = jvp(NET, "g", ["W1"]).compile()(**net, W1_dot=direction)["g_dot"]
    backward = vjp(NET, "g", ["W1"]).compile()(**net, g_bar=cotangent)["W1_bar"]
    np.testing.assert_allclose((forward * cotangent).sum(), (direction * backward).sum(), rtol=1e-12)


def test_a_gradient_of_what_does_not_depend_on_the_variable_is_zero(net):
    assert not gradient(NET + "unused = sum[u](v[u]^2)\n", "L", ["v"]).compile()(**net, v=np.ones(7))["v_bar"].any()


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        (lambda: gradient(NET, "L", ["W_1"]), "W_1 is no tensor of this sheet. Did you mean W1?"),
        (lambda: gradient(NET, "g", ["W1"]), "g has 2 indices, and a gradient is that of a scalar"),
        (lambda: hvp(NET, "M", ["W1"]), "M is no tensor of this sheet"),
    ],
)
def test_refused(make, cause):
    with pytest.raises(ic.IndexcalcError, match=cause.replace("?", r"\?")):
        make()
