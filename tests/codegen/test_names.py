"""Tensors with the names that Python, a library or the generated code itself uses; pi with indices."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.codegen import BACKENDS
from indexcalc.codegen.writing.names import identifier
from tests.codegen.backends import function_of_file

MODULES = {"einsum": "numpy", "dask": "dask.array"}
LANGUAGE = "lambda def class None is yield print type range float int len zip object __name__".split()
LIBRARIES = "np numpy torch jax jnp da dask numba njit math mmap scipy operator functools".split()
OWN = "checked check_axes check_size as_tensor zeros loops loops1 fit out t1 t2 i n_i value dtype shifted peak".split()
NUMBA = "same less greater polynomial total".split()


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_name_may_be_that_of_a_tensor(backend):
    pytest.importorskip(MODULES.get(backend, backend))
    u, w = np.array([0.5, 2.0]), np.array([[1.0, 3.0], [0.25, 2.0]])
    words = LANGUAGE + LIBRARIES + OWN + NUMBA
    some = words[::4] + OWN[:5] if backend == "numba" else words[::3] if backend in ("jax", "dask") else words
    for name in dict.fromkeys(some):
        sheet = f"index i : m\np[i] = exp(sum[j]({name}[i,j]*u_[j]))\nL = sum[i](p[i])^2"
        result = ic.derive(sheet, f"diff(L, {name}[i,j])")
        p = np.exp(w @ u)
        expected = 2 * p.sum() * p[:, None] * u
        for _ in range(2):  # the second call takes the quick way
            found = result.compile(backend)(**{name: w, "u_": u})
            np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-5, err_msg=name)
        code = result.code(backend=backend)
        found = function_of_file(code)(u_=u, **{identifier(name): w})
        np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-5, err_msg=name)


@pytest.mark.parametrize("name", ["type", "self", "given", "call", "run", "names", "lambda", "_array", "_run"])
def test_calls_that_are_repeated(name):
    function = ic.derive("", f"{name}[i]*y[i]").compile()
    for size in (3, 3, 2, 3, 3):
        assert function(**{name: np.ones(size), "y": np.ones(size)}) == size


MIXTURE = """
index k : K
p[i] = sum[k](pi[k]*exp(-(x[i] - mu[k])^2/2))
L = sum[i](log(p[i]))
"""
ARRAYS = {"pi": np.array([0.2, 0.3, 0.5]), "x": np.array([0.1, -1.0]), "mu": np.array([0.0, 1.0, -1.0])}


@pytest.mark.parametrize("backend", BACKENDS)
def test_pi_with_indices_is_a_tensor(backend):
    pytest.importorskip(MODULES.get(backend, backend))
    result = ic.derive(MIXTURE, "diff(L, pi[j])")
    function = result.compile(backend)
    assert "pi" in function.arguments and "3.14" not in result.code(backend=backend)
    bells = np.exp(-((ARRAYS["x"][:, None] - ARRAYS["mu"]) ** 2) / 2)
    expected = (bells / (bells @ ARRAYS["pi"])[:, None]).sum(0)
    np.testing.assert_allclose(np.asarray(function(**ARRAYS)), expected, rtol=1e-5)
    with pytest.raises(ic.IndexcalcError, match="missing: pi"):
        function(x=ARRAYS["x"], mu=ARRAYS["mu"])


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_number_pi_beside_a_tensor_of_its_name(backend):
    pytest.importorskip(MODULES.get(backend, backend))
    result = ic.derive("L = sum[k](pi[k]*erf(x[k]))", "diff(L, x[j])")
    assert str(result) == "2*pi[j]*exp(-x[j]^2)/sqrt(3.141592653589793)"
    x, weights = np.array([0.5, -1.0]), np.array([0.3, 0.7])
    expected = 2 * weights * np.exp(-(x**2)) / np.sqrt(np.pi)
    np.testing.assert_allclose(np.asarray(result.compile(backend)(x=x, pi=weights)), expected, rtol=1e-6)
    assert result.verify().passed or backend != "einsum"


def test_pi_with_indices_has_any_sign():
    assert str(ic.derive("", "abs(pi[k])").expression) == "abs(pi[k])"
    assert str(ic.equal("", "sqrt(pi[k]^2)", "pi[k]")) == "refuted"
    assert str(ic.equal("", "1[pi[k] > 3]", "1")) == "refuted"
    assert str(ic.equal("", "abs(pi)", "pi")) == "proved"
    assert ic.derive(MIXTURE, "diff(L, pi[j], pi[k])").verify().passed


def test_the_number_pi_need_not_be_given():
    function = ic.derive("", "sin(pi*x)").compile()
    assert function(x=0.5) == 1.0
    assert "pi=np.pi" in ic.derive("", "sin(pi*x)").code()
