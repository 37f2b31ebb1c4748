"""Compiled functions go through pickle and copy, and come out as functions that compute the same."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.codegen import BACKENDS

SHEET = "index i : m\nr[i] = x[i,j]*w[j] - y[i]\nL = sum[i](r[i]^2)/m"
ARRAYS = {"x": np.array([[1.0, 2.0], [3.0, 5.0], [0.0, 1.0]]), "w": np.array([0.5, -1.0]), "y": np.ones(3)}
MODULES = {"einsum": "numpy", "dask": "dask.array", "auto": "numpy"}


def again(function):
    """The function from its pickle, and a deep copy of it."""
    return [pickle.loads(pickle.dumps(function, protocol)) for protocol in (2, 5)] + [copy.deepcopy(function)]


@pytest.mark.parametrize("backend", [*BACKENDS, "auto"])
def test_a_function_of_each_target(backend):
    pytest.importorskip(MODULES.get(backend, backend))
    function = ic.derive(SHEET, "diff(L, w[j])").compile(backend)
    expected = np.asarray(function(**ARRAYS))
    for found in again(function):
        np.testing.assert_array_equal(np.asarray(found(**ARRAYS)), expected)
        assert found.source == function.source and found.arguments == function.arguments


def test_functions_with_choices_and_several_results():
    optional = ic.derive(SHEET, "diff(L, r[i])").compile()
    for found in again(optional):
        np.testing.assert_allclose(found(**ARRAYS), optional(**ARRAYS))
        np.testing.assert_allclose(found(r=np.arange(3.0)), optional(r=np.arange(3.0)))
    several = ic.gradient(SHEET, "L", ["w", "x"]).compile()
    for found in again(several):
        assert {name: array.tolist() for name, array in found(**ARRAYS).items()} == {
            name: array.tolist() for name, array in several(**ARRAYS).items()
        }
    compressed = ic.derive(SHEET, "diff(L, w[j], w[k])").compile(structure="compressed", sizes={"m": 7})
    for found in again(compressed):
        np.testing.assert_array_equal(found(**ARRAYS).dense(), compressed(**ARRAYS).dense())
    pullback = ic.einsum_vjp("ij,jk->ik")[0]
    pullback(np.ones((2, 2)), np.ones((2, 3)), np.ones((3, 2)))
    for found in again(pullback):
        assert found(np.ones((2, 2)), np.ones((2, 3)), np.ones((3, 2))).tolist() == [[2.0] * 3] * 2


def test_a_long_chain():
    sheet = "\n".join(["a0[i] = x[i]", *(f"a{k}[i] = sin(a{k - 1}[i])*x[i]" for k in range(1, 400))])
    function = ic.derive(sheet, "a399[i]").compile()
    for found in again(function):
        assert found(x=np.ones(2)).tolist() == function(x=np.ones(2)).tolist()


def test_another_process():
    function = ic.derive(SHEET, "diff(L, w[j])").compile()
    expected = function(**ARRAYS).tolist()
    packed = pickle.dumps((function, ARRAYS))
    text = f"import pickle\nfunction, arrays = pickle.loads({packed!r})\nprint(function(**arrays).tolist())"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout == f"{expected}\n"


def test_sizes_that_are_arguments_are_those_of_the_call():
    function = ic.derive("index i, j : n", "delta[i,j]*c").compile()
    assert [function(c=1.0, n=n).shape for n in (3, 3, 4, 2)] == [(3, 3), (3, 3), (4, 4), (2, 2)]


def test_code_is_written_without_numpy():
    text = """
import sys
sys.modules["numpy"] = None
import indexcalc as ic
result = ic.derive("a[q] = exp(z[q])/sum[k](exp(z[k]))", "diff(a[q], z[s])")
for backend in ("einsum", "numpy", "numba", "jax", "torch", "dask"):
    assert "checked(z=(z," in result.code(backend)
assert ic.gradient("L = x[i]*x[i]", "L", ["x"]).code()
assert ic.custom_vjp("L = x[i]*x[i]*x[j]*y[j]", "L", ["x"], backend="torch")
"""
    subprocess.run([sys.executable, "-c", text], check=True)
