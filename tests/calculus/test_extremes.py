"""Extremes: the places that attain one share its slope equally, in results, in all targets, and for all witnesses."""

import numpy as np
import pytest

import indexcalc as ic

LETTERS = "index i, j, k, l : n\nindex a : d\n"
BACKENDS = ["einsum", "numpy", "numba", "jax", "torch", "dask"]


def compute(sheet, target, backend="numpy", **arrays):
    if backend in ("numba", "jax", "torch", "dask"):
        pytest.importorskip(backend)
    return np.asarray(ic.derive(LETTERS + sheet, target).compile(backend=backend)(**arrays))


# The body does not depend on an index, or in form only: a sheet, a target, what it is equal to.
IDLE = [
    ("u[i,j] = x[i]\nL = sum[i](max[j](u[i,j]))", "diff(L, x[k])", "1 + 0*x[k]"),
    ("v[j] = x[i]*x[i]\nL = max[j](v[j])", "diff(L, x[k])", "2*x[k]"),
    ("u[i,a] = x[i]*1[x[i] > 0]\nL = sum[i](max[a](u[i,a]))", "diff(L, x[k])", "1[x[k] > 0]"),
    ("b[i,j] = exp(z[i,j])/sum[k](exp(z[i,k]))\nL = max[i](c*sum[j](b[i,j]))", "diff(L, c)", "1"),
    ("assume sum[j](y[i,j]) = 1\nL = max[i](c*sum[j](y[i,j]))", "diff(L, c)", "1"),
    ("assume A[i,j] = A[j,i]\nL = max[i,j](A[i,j]*c)", "diff(L, c)", "max[i,j](A[i,j]*c)/c"),
]


@pytest.mark.parametrize(("sheet", "target", "expected"), IDLE)
def test_an_extreme_over_what_does_not_vary(sheet, target, expected):
    assert ic.derive(LETTERS + sheet, target).verify().passed
    assert str(ic.equal(LETTERS + sheet, target, expected)) in ("proved", "agrees")
    assert str(ic.equal(LETTERS + sheet, target, f"2*({expected})")) == "refuted"


TIED = [
    ("h = max[i](x[i])", [0, 1 / 3, 1 / 3, 1 / 3]),
    ("h = min[i](-2*x[i])", [0, -2 / 3, -2 / 3, -2 / 3]),
    ("h = max[i](x[i]*c)", [0, 1, 1, 1]),
    ("h = max[i](exp(x[i])/7)", np.array([0, 1, 1, 1]) * np.exp(0.3) / 21),
    ("m = max[i](x[i])\nh = m*c", [0, 1, 1, 1]),
    ("h = max[i](min(x[i], 0.3))", [0, 1 / 3, 1 / 3, 1 / 3]),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("sheet", "expected"), TIED)
def test_ties_by_chance_are_shared_in_all_targets(sheet, expected, backend):
    arrays = {"x": np.array([0.1, 0.3, 0.3, 0.3])} | ({"c": 3.0} if "c" in sheet else {})
    if "min(x[i], 0.3)" in sheet:  # min(a, b) belongs to b where a = b
        expected = [0, 0, 0, 0]
    np.testing.assert_allclose(compute(sheet, "diff(h, x[k])", backend, **arrays), expected, rtol=1e-6)


@pytest.mark.parametrize("backend", [each for each in BACKENDS if each != "jax"])
@pytest.mark.parametrize("sheet", ["h = max[i](x[i])", "h = max[i](x[i]*c + y[i])", "h = max[i](tanh(x[i])*c)"])
def test_near_ties_are_none(sheet, backend):
    """Elements that differ in the last digits are not equal: one place has it all."""
    arrays = {"x": np.array([1.0, 1.0 + 4e-15, 1.0 - 4e-15])}
    arrays |= {"c": 3.0} if "c" in sheet else {}
    arrays |= {"y": np.zeros(3)} if "y" in sheet else {}
    result = compute(sheet, "diff(h, x[k])", backend, **arrays)
    assert result[0] == result[2] == 0 < result[1]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "body", ["A[i,a]*B[a,j]", "exp(A[i,a]*B[a,j])*x[i] - x[j]", "(x[i] - x[j])*(x[i] - 3*x[j])/7 + x[i]*x[j]/3"]
)
def test_an_extreme_is_always_attained(body, backend):
    """The element that is compared is the number that the extreme was taken of: the shares add up to 1."""
    random = np.random.default_rng(4)
    n, d = 7, 3
    arrays = {"A": random.normal(size=(n, d)), "B": random.normal(size=(d, n)), "x": random.normal(size=n)}
    sheet = f"h[i,j] = c*({body})\nL = max[i,j](h[i,j])"
    used = {name: array for name, array in arrays.items() if f"{name}[" in body}
    result = compute(sheet, "diff(L, c)", backend, c=1.7, **used)
    value = compute(sheet, "L", backend, c=1.7, **used)
    np.testing.assert_allclose(result, value / 1.7, rtol=1e-5)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("h = max[i,j]((x[i] - x[j])^2)", "diff(h, x[k])"),
        ("D[i,j] = sum[a]((X[i,a] - X[j,a])^2)\nh = max[i,j](D[i,j])", "diff(h, X[k,a])"),
        ("h = min[i,j](sum[a](X[i,a]*y[a]*X[j,a]))", "diff(h, X[k,a])"),
        ("h = max[i,j,k](A[i,j]*A[j,k]*A[k,i])", "diff(h, A[i,j])"),
        ("h = max[i,j](A[i,j])^2", "diff(h, A[k,l])"),
        ("assume A[i,j] = A[j,i]\nh = max[i,j](A[i,j]*c)", "diff(h, c)"),
    ],
)
def test_derivatives_under_ties_agree_with_the_witnesses(text, target):
    assert ic.derive(LETTERS + text, target).verify().passed


def test_forward_and_reverse_share_alike():
    sheet = LETTERS + "h = max[i,j]((x[i] - x[j])^2)"
    assert ic.jvp(sheet, "h", ["x"]).verify().passed
    assert ic.vjp(sheet, "h", ["x"]).verify().passed
