"""Several results in one program: targets in a list, gradients, products with Jacobians and Hessians."""

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
    assert str(found["w_bar"]) == "sum[p](x[p,t]*z_bar[p,q])"


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


# ----- Targets in a list -------------------------------------------------------------------------------------------

TARGETS = ["diff(L, W1)", "diff(L, c)", "diff(L, c, c)", "diff(g, W2)", "L", "h"]


def test_several_targets_are_those_one_by_one(net):
    found = ic.derive(NET, TARGETS).compile()(**net)
    assert list(found) == TARGETS
    for target, array in found.items():
        np.testing.assert_allclose(array, ic.derive(NET, target).compile()(**net), rtol=1e-10)


def test_several_targets_are_verified():
    found = ic.derive(NET, TARGETS).verify()
    assert found.passed and list(found) == TARGETS and found.check() is found
    assert found["diff(L, W1)"].shape == (3, 4)
    assert str(found).startswith("diff(L, W1)\npassed: shape (3, 4)")


def test_targets_share_adjoints_and_the_forward_pass():
    code = ic.derive(NET, ["diff(L, W1)", "diff(L, c)", "L"]).code("numpy")
    assert code.count("np.tanh") == 1 and code.count("h_bar =") == 1


def test_results_say_what_they_are():
    found = ic.derive(NET, ["diff(L, c)", "diff(L, W1)", "h"])
    assert found.axes == {"diff(L, c)": ("i",), "diff(L, W1)": ("j", "i"), "h": ("b", "i")}
    assert str(found["h"]) == "tanh(x[b,j]*W1[j,i] + c[i])"
    assert str(found).splitlines() == [
        "h_bar[b,i] = 2*sum[k](W2[i,k]*(g[b,k] - t[b,k]))",
        "diff(L, c[i]) = sum[b](h_bar[b,i]*(1 - h[b,i]^2))",
        "diff(L, W1[j,i]) = sum[b](x[b,j]*h_bar[b,i]*(1 - h[b,i]^2))",
        "h[b,i] = tanh(x[b,j]*W1[j,i] + c[i])",
    ]
    assert found.latex().splitlines()[1].startswith(r"  \bar{h}_{bi} &= 2 ")


def test_a_result_has_a_derivation():
    found = ic.gradient(NET, "L", ["c"])["c_bar"]
    assert str(found.target) == "diff(L, c[i])"
    assert found.steps[0].rule == "target" and found.verify().passed


def test_a_defined_variable_may_be_given(net):
    function = ic.derive(NET, ["diff(L, g)", "L"]).compile()
    assert function.arguments[0] == "g"
    g = np.random.default_rng(5).normal(size=(5, 2))
    np.testing.assert_allclose(function(g=g, t=net["t"])["diff(L, g)"], 2 * (g - net["t"]))
    computed = np.tanh(net["x"] @ net["W1"] + net["c"]) @ net["W2"]
    np.testing.assert_allclose(function(**net)["diff(L, g)"], 2 * (computed - net["t"]))


# ----- Hard sheets -------------------------------------------------------------------------------------------------

HARD = {
    "a batch": ("y[b,i]=A[b,i,j]*x[b,j]\nz[b,i]=exp(y[b,i])*y[b,i]\nL=sum[b,i](z[b,i]*c)", ["A", "x", "c"], "z"),
    "used twice": ("u[i]=sin(x[i])*w[i]\nL=u[i]*u[i]+sum[i,j](u[i]*u[j])\nv[i]=u[i]*sum[j](u[j])", ["x", "w"], "v"),
    "a variable in another": ("z[i]=W[i,j]*x[j]\na[i]=tanh(z[i])\nL=a[i]*a[i]", ["z", "x"], "a"),
    "unused": ("L=x[i]*x[i]+c\ny[i]=x[i]*d\nq=r[k]*r[k]", ["x", "r", "c", "d"], "y"),
    "scalars": ("L=c^2*d+exp(c)\ny=c*d", ["c", "d"], "y"),
    "a fact": (SHEET, ["w", "b"], "a"),
    "symmetry": ("assume A[i,j]=A[j,i]\nL=x[i]*A[i,j]*x[j]\ng[i]=A[i,j]*x[j]", ["x"], "g"),
    "kinks": ("h[i]=relu(W[i,j]*x[j])\nL=sum[i](h[i]^3)+max[i](h[i])", ["W", "x"], "h"),
    "places": ("L=x[1]*x[2]+x[i]*x[i]\ny[i]=x[i]*x[1]", ["x"], "y"),
    "one range": ("L=T[i,j,k]*T[j,k,i]*c\ny[i]=T[i,j,j]*T[i,i,i]", ["T", "c"], "y"),
    "a derivative in it": ("f=x[i]*x[i]*x[i]\ng[i]=diff(f,x[i])\nL=g[i]*g[i]", ["x"], "g"),
    "names": ("x_bar[i]=x[i]^2\nL=sum[i](x_bar[i]*x[i])\nx_dot=L*2\ny[i]=x_bar[i]*x_dot", ["x"], "y"),
    "sizes": ("index i:3\nindex j:n\nL=sum[i,j](x[i,j]^2)/n\ny[i]=sum[j](x[i,j]^3)/n", ["x"], "y"),
}


@pytest.mark.parametrize("case", HARD)
@pytest.mark.parametrize("make", [gradient, hvp, jvp, vjp])
def test_hard_sheets(case, make):
    sheet, variables, output = HARD[case]
    if case == "a fact":
        sheet = sheet.replace("CE =", "L =")
    found = make(sheet, "L" if make in (gradient, hvp) else output, variables)
    found.verify().check()


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        (lambda: ic.derive(NET, []), "there is no target"),
        (lambda: gradient(NET, "L", []), "there is nothing to differentiate by"),
        (lambda: jvp(NET, "g", ["hh"]), "hh is no tensor of this sheet"),
        (lambda: ic.derive(NET, ["diff(L, x[a,j])", "diff(L, W1[a,i])"]), "a runs over b in"),
    ],
)
def test_refused_too(make, cause):
    with pytest.raises(ic.IndexcalcError, match=cause):
        make()
