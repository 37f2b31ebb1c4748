"""Functions with derived derivatives, run without indexcalc, against the libraries' own derivatives."""

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
def loss(w, b, x, y):
    return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(x @ w + b), axis=1))
assert np.allclose(compute_CE(w, b, x, y), loss(w, b, x, y))
assert np.allclose(compute_CE(w, y=y, x=x, b=b), loss(w, b, x, y))
def same(transform):
    for found, expected in zip(*map(jax.tree.leaves, (transform(compute_CE), transform(loss))), strict=True):
        assert np.allclose(found, expected)
for place in (0, 1):
    same(lambda f: jax.jit(jax.grad(f, place))(w, b, x, y))
    same(lambda f: jax.jacrev(jax.grad(f, 0), place)(w, b, x, y))
    same(lambda f: jax.hessian(f, place)(w, b, x, y))
    same(lambda f: jax.jit(jax.hessian(f, (0, 1)))(w, b, x, y))
    same(lambda f: jax.grad(lambda u: jnp.sum(jax.grad(f, 0)(u, b, x, y) ** 2))(w))
same(lambda f: jax.jvp(f, (w, b, x, y), (w, b, 0 * x, 0 * y)) if f is loss else jax.jvp(
    lambda w, b: f(w, b, x, y), (w, b), (w, b)))
same(lambda f: jax.vmap(jax.grad(f), (None, None, 0, 0))(w, b, x[:, None], y[:, None]))
same(lambda f: jax.vmap(jax.hessian(f), (0, None, None, None))(jnp.stack([w, 2 * w]), b, x, y))
same(lambda f: jax.jacfwd(jax.jacfwd(jax.jacfwd(f, 1), 1), 1)(w, b, x, y))
same(lambda f: jax.grad(lambda w: jax.lax.scan(lambda s, x: (s + f(w, b, x[None], y[:1]), s), 0.0, x)[0])(w))
for transform in (jax.grad, jax.jacfwd):
    try:
        transform(compute_CE, 2)(w, b, x, y)
    except ValueError as error:
        assert str(error) == "there is no derivative by x"
    else:
        raise AssertionError
jax.grad(compute_CE)(w, b, x, np.eye(3, dtype=int)[[0, 1, 2, 1, 0]])
for wrong in ((w, b, x[None], y), (w[:, :1], b, x, y), (w, b[:1], x, y), (w, b, x, y[:4])):
    try:
        compute_CE(*wrong)
    except ValueError as error:
        assert "has the axes" in str(error)
    else:
        raise AssertionError
"""
TORCH = """
from torch.func import grad, hessian, jacfwd, jacrev, jvp, vmap
double = dict(dtype=torch.float64, requires_grad=True)
x, gamma, beta = torch.randn(5, 4, **double), torch.randn(4, **double), torch.randn(4, **double)
c = 1e-5
def layer_norm(x, gamma, beta, c=1e-5):
    mean = x.mean(-1, keepdim=True)  # torch's own layer_norm has wrong derivatives of its tangent
    return gamma * (x - mean) / torch.sqrt(((x - mean) ** 2).mean(-1, keepdim=True) + c) + beta
torch.testing.assert_close(norm(x, gamma, beta, c), layer_norm(x, gamma, beta, c))
torch.testing.assert_close(norm(x, c=c, beta=beta, gamma=gamma), norm.apply(x, gamma, beta, c))
bound = lambda x, gamma, beta: norm(x, gamma, beta, c)
assert torch.autograd.gradcheck(bound, (x, gamma, beta), check_forward_ad=True)
assert torch.autograd.gradgradcheck(bound, (x, gamma, beta))
def penalty(f):
    (slope,) = torch.autograd.grad(f(x, gamma, beta).tanh().sum(), x, create_graph=True)
    return torch.autograd.grad((slope ** 2).sum(), (x, gamma))
for found, expected in zip(penalty(bound), penalty(layer_norm), strict=True):
    torch.testing.assert_close(found, expected)
x, gamma, beta = x.detach(), gamma.detach(), beta.detach()
def same(transform, f=bound):
    def loss(h):
        return lambda *arguments: h(*arguments).tanh().sum()
    for h in (lambda h: h, loss):
        try:
            expected = transform(h(layer_norm))
        except Exception:
            continue
        torch.testing.assert_close(transform(h(f)), expected)
for place in (0, 1, 2):
    same(lambda f: jacrev(f, place)(x, gamma, beta))
    same(lambda f: jacfwd(f, place)(x, gamma, beta))
    same(lambda f: hessian(f, place)(x, gamma, beta))
    same(lambda f: jacrev(jacrev(f, 0), place)(x, gamma, beta))
    same(lambda f: jacrev(jacfwd(f, 0), place)(x, gamma, beta))
    same(lambda f: jacfwd(jacfwd(f, 0), place)(x, gamma, beta))
batch = torch.randn(3, 5, 4, dtype=torch.float64)
same(lambda f: vmap(f, (0, None, None))(batch, gamma, beta))
same(lambda f: vmap(jacrev(f), (0, None, None))(batch, gamma, beta))
same(lambda f: vmap(hessian(lambda *a: f(*a).sum()), (0, None, None))(batch, gamma, beta))
same(lambda f: jvp(f, (x, gamma, beta), (x, beta, gamma)))
for refused in (lambda: norm(x, gamma, beta, torch.tensor(1e-5, **double)).sum().backward(),
                lambda: jacrev(norm, 3)(x, gamma, beta, torch.tensor(c)),
                lambda: jacfwd(norm, 3)(x, gamma, beta, torch.tensor(c))):
    try:
        refused()
    except ValueError as error:
        assert str(error) == "there is no derivative by c"
    else:
        raise AssertionError
for wrong in (torch.randn(2, 7, 6), torch.randn(5, 1), torch.randn(4)):
    try:
        norm(wrong, gamma, beta, c)
    except ValueError as error:
        assert "has the axes" in str(error)
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


CUBES = """
t = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64, requires_grad=True)
(slope,) = torch.autograd.grad(compute_L(t, 2.0), t, create_graph=True)
assert slope.tolist() == [6.0, 24.0, 54.0]
rows = [torch.autograd.grad(each, t, retain_graph=True)[0] for each in slope]
assert torch.stack(rows).tolist() == [[12.0, 0, 0], [0, 24.0, 0], [0, 0, 36.0]]
third = torch.func.jacrev(torch.func.hessian(compute_L))(t.detach(), 2.0)
assert third.sum((1, 2)).tolist() == [12.0] * 3
compiled = torch.func.hessian(lambda x: compute_L(x, c=2))([1, 2, 3] if False else t.detach())
assert compiled.diagonal().tolist() == [12.0, 24.0, 36.0]
"""


def test_a_hessian_is_not_that_of_a_constant():
    pytest.importorskip("torch")
    runs(custom_vjp_source("L = sum[i](x[i]^3*c)", "L", ["x"], "torch") + CUBES)


PENALTY = """
w = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.float64)
def plain(w):
    return ((x @ w).exp().log() ** 2).sum()
for f in (plain, lambda w: compute_L(w, x)):
    (slope,) = torch.autograd.grad(f(w), w, create_graph=True)
    found = torch.autograd.grad((slope ** 2).sum(), w)[0]
    if f is plain:
        expected = found
torch.testing.assert_close(found, expected)
"""


def test_a_gradient_penalty_with_kept_definitions():
    pytest.importorskip("torch")
    sheet = "z[i] = sum[j](x[i,j]*w[j])\nL = sum[i](z[i]*z[i])"
    source = custom_vjp_source(sheet, "L", ["w"], "torch")
    assert "return value, z" in source or "return L, z" in source or ", z\n" in source
    runs(source + PENALTY)


@pytest.mark.parametrize("target", ["jax", "torch"])
def test_the_arguments_come_as_they_are_asked_for(target):
    sheet = "L = sum[i](a[i]*b[i]*c[i]*d)"
    for inputs, expected in (
        (["c", "a"], "c, a, b, d"),
        ([], "a, b, c, d"),
        (["d"], "d, a, b, c"),
        (["b", "d", "c", "a"], "b, d, c, a"),
    ):
        source = custom_vjp_source(sheet, "L", inputs, target, name="loss")
        assert f"\ndef loss({expected}):\n" in source
        names = expected.split(", ")
        words = ", ".join(f'{name}=({name}, "{"" if name == "d" else "i"}")' for name in names)
        assert f"    {expected} = checked({words})\n" in source


def test_definitions_are_kept_where_no_stable_form_is_lost():
    source = custom_vjp_source("a[i] = exp(x[i])\nL = sum[i](a[i]*y[i])", "L", ["x"], "torch")
    assert "return L, a" in source
    source = custom_vjp_source("a[i] = exp(x[i]^2)\nL = sum[i](log(1 + a[i])*y[i])", "L", ["x"], "torch")
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
    source = custom_vjp_source("L = sum[i](g[i]*x[i])", "L", ["x"], "torch")
    assert "g_" in source


NAMES = ["np", "jax", "jnp", "torch", "lambda", "def", "ctx", "inputs", "output", "value", "primals", "tangents", "pi"]
NAMED = """
import numpy
x = numpy.array([0.5, 2.0])
one, two = loss(x, x), grad(x)
assert numpy.allclose(numpy.asarray(one), 0.5**3 + 2**3) and numpy.allclose(numpy.asarray(two), 2 * x**2), (one, two)
"""
GRADIENTS = {
    "jax": "jax.config.update('jax_enable_x64', True)\ndef grad(x): return jax.grad(loss)(x, x)\n",
    "torch": "def grad(x):\n    t = torch.tensor(x)\n    return torch.func.grad(loss)(t, t)\n",
}


@pytest.mark.parametrize("target", ["jax", "torch"])
def test_names_that_the_module_uses_itself(target):
    pytest.importorskip(target)
    parts = []
    for name in [*NAMES, "x_dot", "d_x", "g", "loss_forward", "loss"]:
        source = custom_vjp_source(f"L = sum[i]({name}[i]^2*y_[i])", "L", [name], target, name="loss")
        parts.append(source + GRADIENTS[target] + NAMED)
    runs("\n".join(parts))


def test_it_is_part_of_the_interface():
    code = ic.custom_vjp("L = sum[i](x[i]^3*c)", "L", ["x"], backend="jax", name="loss")
    assert "\ndef loss(x, c):\n" in code and "@jax.custom_jvp\ndef loss_function(x, c):" in code


@pytest.mark.parametrize("target", ["jax", "torch"])
def test_a_constant_is_refused(target):
    with pytest.raises(ic.IndexcalcError, match=r"the output depends on no tensor. Give one that does"):
        ic.custom_vjp("L = x[i]*x[i]", "1", backend=target)
