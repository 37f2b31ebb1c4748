"""Weighted products of an array with itself, and the bounds that allow them."""

from math import inf

import numpy as np
import pytest

from indexcalc import codegen
from indexcalc.codegen.passes.bounds import bounds
from tests.codegen.elementwise import keywords, numbers, read
from tests.codegen.test_source import body, source

BOUNDS = [
    ("sigmoid(x[i])", (0, 1)),
    ("1 - sigmoid(x[i])", (0, 1)),
    ("1 - tanh(x[i])^2", (0, 1)),
    ("x[i]*x[i]", (0, inf)),
    ("x[i]^4*exp(y[i])", (0, inf)),
    ("x[i]^3", (-inf, inf)),
    ("-abs(x[i])", (-inf, 0)),
    ("sum[i](exp(x[i]))", (0, inf)),
    ("relu(x[i])*2 + 1", (1, inf)),
    ("max(x[i], 3)", (3, inf)),
    ("exp(x[i])/sum[k](exp(x[k]))", (0, 1)),
    ("where(x[i] > 0, 2, exp(x[i]))", (0, inf)),
    ("1[x[i] > 0]", (0, 1)),
    ("x[i]", (-inf, inf)),
]
GRAMS = [
    ("", "exp(s[i])*X[i,a]*X[i,b]", "ab", True),
    ("p[i] = sigmoid(s[i])", "p[i]*(1 - p[i])*X[i,a]*X[i,b]*s[i]^2", "ba", True),
    ("", "exp(s[i])*X[i,j,a]*X[i,j,b]", "ab", True),
    ("", "exp(s[i]*t[j])*X[i,a,j]*X[i,b,j]", "ab", True),
    ("", "s[i]*X[i,a]*X[i,b]", "ab", False),
    ("", "exp(s[i])*X[i,a]*Y[i,b]", "ab", False),
    ("", "exp(s[i]*t[a])*X[i,a]*X[i,b]", "ab", False),
    ("", "exp(s[i])*X[i,a]*X[a,i]", "a", False),
]


@pytest.mark.parametrize(("text", "expected"), BOUNDS)
def test_bounds(text, expected):
    reading = read("", text, "" if text.startswith("sum") else "i")
    (result,) = codegen.schedule({"r": (reading.term, reading.axes)}, reading.sheet).results
    known = bounds(codegen.schedule({"r": (reading.term, reading.axes)}, reading.sheet))
    assert next(each for value, each in known.items() if value.number == result.use.value.number) == expected


@pytest.mark.parametrize(("sheet", "text", "axes", "has_root"), GRAMS)
def test_the_root_of_the_weights_is_taken_into_the_array(sheet, text, axes, has_root):
    reading = read(sheet, text, axes)
    loops = numbers(reading)
    function = codegen.compile(reading.term, reading.axes, reading.sheet)
    result = function(**keywords(loops, function))
    np.testing.assert_allclose(result, loops.array(reading.term, reading.axes), rtol=1e-12)
    assert ("np.sqrt" in function.source) == has_root
    assert not has_root or np.array_equal(result, result.T)


def test_an_expert_would_write_it_so():
    text = source("p[i] = sigmoid(s[i])", "p[i]*(1 - p[i])*X[i,a]*X[i,b]", "ab", "numpy")
    assert body(text)[2:] == ["t1 = p * (1 - p)", "np.sqrt(t1, out=t1)", "t2 = t1[:, None] * X", "return t2.T @ t2"]
