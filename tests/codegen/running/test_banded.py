"""Banded results: the same elements as the dense form, products, systems of equations, and what is not banded."""

import pickle

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.codegen import Banded, Structured

RANDOM = np.random.default_rng(0)
LAPLACE = """
index i : n
index j : m
outside u = 0
d[i,j] = u[i+1,j] + u[i-1,j] + u[i,j+1] + u[i,j-1] - 4*u[i,j]
E = sum[i,j](d[i,j]^2)/2
"""
CASES = [
    (LAPLACE, "diff(E, u[p,q], u[r,s])", {"u": (5, 6)}, 13),
    ("E = sum[i]((x[i+1] - x[i])^2)/2 + sum[i](c[i]*x[i]^4)", "diff(E, x[p], x[q])", {"x": 6, "c": 6}, 3),
    ("E = sum[i](exp(x[i+1] - x[i])*x[i])", "diff(E, x[p], x[q])", {"x": 7}, 3),
    ("E = sum[i](x[i]^2*x[i+1]^2*x[i+2])", "diff(E, x[p], x[q])", {"x": 7}, 5),
    ("E = sum[i](x[i]^2*x[i+1]^2*x[i+2])", "diff(E, x[p], x[q])", {"x": 2}, 5),
    ("E = sum[i,j](sin(u[i,j]*u[i+1,j+2]))", "diff(E, u[p,q], u[r,s])", {"u": (4, 5)}, 3),
]


def computed(sheet, target, shapes):
    given = {name: RANDOM.normal(size=shape) for name, shape in shapes.items()}
    result = ic.derive(sheet, target)
    return result.compile(structure="compressed")(**given), result.compile()(**given)


@pytest.mark.parametrize(("sheet", "target", "shapes", "count"), CASES)
def test_elements_and_products(sheet, target, shapes, count):
    found, dense = computed(sheet, target, shapes)
    assert isinstance(found, Banded) and len(found.offsets) == count and found.shape == dense.shape
    np.testing.assert_allclose(found.dense(), dense, rtol=1e-12, atol=1e-12)
    x, half = RANDOM.normal(size=found.half), len(found.half)
    np.testing.assert_allclose(found.matvec(x), np.tensordot(dense, x, half), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found.rmatvec(x), np.tensordot(x, dense, half), rtol=1e-10, atol=1e-12)
    order = [*range(half, 2 * half), *range(half)]
    np.testing.assert_allclose(found.transpose().dense(), dense.transpose(order), rtol=1e-12, atol=1e-12)


def test_a_system_of_equations():
    pytest.importorskip("scipy")
    found, _ = computed(*CASES[0][:3])
    right = RANDOM.normal(size=(5, 6))
    np.testing.assert_allclose(found.matvec(found.solve(right)), right, rtol=1e-9, atol=1e-10)
    with pytest.raises(ic.IndexcalcError, match=r"the right side has the shape \(6, 5\)"):
        found.solve(right.T)
    with pytest.raises(ic.IndexcalcError, match=r"the array has the shape \(30,\)"):
        found.matvec(right.ravel())


def test_a_hessian_that_would_not_fit_into_memory():
    function = ic.derive(LAPLACE, "diff(E, u[p,q], u[r,s])").compile(structure="compressed")
    found = function(u=np.ones((300, 200)))
    assert str(found) == (
        "Banded(300x200x300x200, 13 bands, 2416000 bytes): 302000 of 3600000000 elements kept, "
        "11,921 times less than the 28800000000 bytes of the dense form"
    )
    assert pickle.loads(pickle.dumps(function))(u=np.ones((3, 4))).shape == (3, 4, 3, 4)


@pytest.mark.parametrize("backend", ["torch", "jax", "numba"])
def test_other_targets(backend):
    pytest.importorskip(backend)
    u = RANDOM.normal(size=(4, 5))
    result = ic.derive(CASES[5][0], CASES[5][1])
    found = result.compile(backend=backend, structure="compressed")(u=u)
    np.testing.assert_allclose(found.dense(), result.compile()(u=u), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("sheet", "target", "x", "kind"),
    [
        ("E = sum[i](x[i]^4)", "diff(E, x[p], x[q])", np.ones(4), Structured),
        ("E = sum[i](x[i]*x[i+1])^2", "diff(E, x[p], x[q])", np.ones(4), Structured),
        ("y[i] = x[i]*x[i+1]", "diff(y[i], x[q])", np.ones(4), Structured),
        ("y[i] = x[(i+1) mod n]^2\nindex i : n", "diff(y[i], x[q])", np.ones(4), Structured),
    ],
)
def test_what_only_agrees_or_is_dense_stays_so(sheet, target, x, kind):
    found = ic.derive(sheet, target).compile(structure="compressed")(x=x)
    assert isinstance(found, kind)
    np.testing.assert_allclose(found.dense(), ic.derive(sheet, target).compile()(x=x))
