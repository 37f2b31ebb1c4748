"""Functions with the derived backward pass, run without indexcalc, against the libraries' own derivatives."""

import subprocess
import sys

import pytest

import indexcalc as ic
from indexcalc.codegen.custom import custom_vjp_source
from tests.codegen.backends import SOFTMAX_REGRESSION

NORMED = """
index i : n
mu[p] = 1/n*sum[i](x[p,i])
v[p] = 1/n*sum[i]((x[p,i] - mu[p])^2)
h[p,i] = gamma[i]*(x[p,i] - mu[p])/sqrt(v[p] + c) + beta[i]
"""
BEFORE = "import sys\nsys.modules['indexcalc'] = None\n"
JAX = """
jax.config.update("jax_enable_x64", True)
import numpy as np
random = np.random.default_rng(0)
x, w, b = random.normal(size=(5, 4)), random.normal(size=(4, 3)), random.normal(size=3)
y = np.eye(3)[[0, 1, 2, 1, 0]]
def loss(x, w, b, y):
    return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(x @ w + b), axis=1))
assert np.allclose(compute_CE(x, w, b, y), loss(x, w, b, y))
for place in (1, 2):
    assert np.allclose(jax.jit(jax.grad(compute_CE, place))(x, w, b, y), jax.grad(loss, place)(x, w, b, y))
    second = jax.jacrev(jax.grad(compute_CE, 1), place)(x, w, b, y)
    assert np.allclose(second, jax.jacrev(jax.grad(loss, 1), place)(x, w, b, y))
assert np.isnan(jax.grad(compute_CE, 0)(x, w, b, y)).all()
"""
TORCH = """
import torch.nn.functional as F
double = dict(dtype=torch.float64, requires_grad=True)
x, gamma, beta = torch.randn(5, 4, **double), torch.randn(4, **double), torch.randn(4, **double)
c = 1e-5
torch.testing.assert_close(norm.apply(x, gamma, c, beta), F.layer_norm(x, (4,), gamma, beta, c))
assert torch.autograd.gradcheck(lambda x, gamma, beta: norm.apply(x, gamma, c, beta), (x, gamma, beta))
try:
    norm.apply(x, gamma, torch.tensor(1e-5, **double), beta).sum().backward()
except ValueError as error:
    assert str(error) == "there is no derivative by c"
else:
    raise AssertionError
"""


def runs(source):
    subprocess.run([sys.executable, "-c", BEFORE + source], check=True)


def test_jax_runs_without_indexcalc():
    pytest.importorskip("jax")
    runs(custom_vjp_source(SOFTMAX_REGRESSION, "CE", ["w", "b"], "jax") + JAX)


def test_torch_runs_without_indexcalc():
    pytest.importorskip("torch")
    runs(custom_vjp_source(NORMED, "h", ["x", "gamma", "beta"], "torch", name="norm") + TORCH)


@pytest.mark.parametrize("target", ["jax", "torch"])
def test_definitions_are_kept_where_no_stable_form_is_lost(target):
    source = custom_vjp_source("a[i] = exp(x[i])\nL = sum[i](a[i]*y[i])", "L", ["x"], target)
    assert "return L, a" in source
    source = custom_vjp_source("a[i] = exp(x[i]^2)\nL = sum[i](log(1 + a[i])*y[i])", "L", ["x"], target)
    assert "return L, a" not in source


def test_what_has_no_derivative_is_refused():
    with pytest.raises(ic.IndexcalcError, match="the output does not depend on z"):
        custom_vjp_source("L = sum[i](x[i]*x[i])\nK = sum[i](z[i])", "L", ["z"])
    with pytest.raises(ic.IndexcalcError, match="the derivative by x is zero everywhere"):
        custom_vjp_source("L = sum[i](sign(x[i]))", "L", ["x"])
    with pytest.raises(ic.IndexcalcError, match=r"no custom derivative for 'numpy'\. Choose one of jax, torch"):
        custom_vjp_source("L = sum[i](x[i])", "L", target="numpy")
    with pytest.raises(ic.IndexcalcError, match="the function f"):
        custom_vjp_source("L = sum[i](f(x[i]))", "L")


def test_a_name_for_the_cotangent_that_is_free():
    source = custom_vjp_source("L = sum[i](g[i]*x[i])", "L", ["x"])
    assert "g_" in source


def test_it_is_part_of_the_interface():
    code = ic.custom_vjp("L = sum[i](x[i]^3*c)", "L", ["x"], backend="jax", name="loss")
    assert "@jax.custom_vjp\ndef loss(x, c):" in code


@pytest.mark.parametrize("target", ["jax", "torch"])
def test_a_constant_is_refused(target):
    with pytest.raises(ic.IndexcalcError, match=r"the output depends on no tensor. Give one that does"):
        ic.custom_vjp("L = x[i]*x[i]", "1", backend=target)
