"""The quick way into a compiled function, and calls that are not like the last one."""

import numpy as np
import pytest

import indexcalc as ic

X, W = np.arange(6.0).reshape(2, 3), np.array([1.0, -1.0, 2.0])


@pytest.fixture
def function():
    return ic.derive("y[i] = c*x[i,j]*w[j]", "y[i]").compile()


def test_calls_that_take_turns(function):
    for _ in range(2):
        for x, w, c in ((X, W, 2.0), (X[:1], W, 2.0), (X[:, :2], W[:2], 2.0), (X, W, 3)):
            np.testing.assert_allclose(function(x=x, w=w, c=c), c * x @ w)
        np.testing.assert_allclose(function(w=W, c=2.0, x=X), 2 * X @ W)
        single = function(x=X.astype(np.float32), w=W.astype(np.float32), c=2.0)
        assert single.dtype == np.float32
        np.testing.assert_allclose(function(x=X.tolist(), w=W.tolist(), c=2), 2 * X @ W)


def test_a_dtype_that_is_equal_but_another_object(function):
    other = np.dtype("f8", metadata={"unit": "m"})
    for dtype in (float, other, float, other):
        np.testing.assert_allclose(function(x=X.astype(dtype), w=W, c=1.0), X @ W)


def test_what_does_not_fit_is_refused_after_a_call_that_fitted(function):
    function(x=X.tolist(), w=W.tolist(), c=2.0)
    with pytest.raises(ic.IndexcalcError, match="w has the axes"):
        function(x=X.tolist(), w=[1.0, 2.0], c=2.0)
    function(x=X, w=W, c=2.0)
    for given, cause in (
        ({"x": X, "w": W}, "missing: c"),
        ({"x": X, "w": W[:2], "c": 1.0}, "w has the axes"),
        ({"x": X, "w": W, "c": 1.0, "v": W}, "no tensor v"),
        ({"x": X, "w": None, "c": 1.0}, "w must hold real numbers"),
    ):
        with pytest.raises(ic.IndexcalcError, match=cause):
            function(**given)


@pytest.mark.parametrize("name", ["lambda", "_run", "given", "self"])
def test_names_that_are_no_parameters(name):
    function = ic.derive(f"L = {name}*x", "L").compile()
    for value in (2.0, 3.0):
        assert function(**{name: value, "x": 5.0}) == 5 * value
