"""The target numba: every construct against loops (most of them without compiling), and what is compiled."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc import codegen
from tests.codegen.backends import SOFTMAX_REGRESSION, softmax_regression
from tests.codegen.elementwise import keywords, numbers, read
from tests.codegen.formulas import FORMULAS

numba = pytest.importorskip("numba")
CASES = [case for cases in FORMULAS.values() for case in cases]


@pytest.fixture
def uncompiled(monkeypatch):
    monkeypatch.setattr(numba.config, "DISABLE_JIT", True)


@pytest.mark.parametrize(("sheet", "text", "axes"), CASES)
def test_numbers(uncompiled, sheet, text, axes):
    reading = read(sheet, text, axes)
    loops = numbers(reading)
    expected = loops.array(reading.term, reading.axes)
    for structure in codegen.STRUCTURES:
        function = codegen.compile(reading.term, reading.axes, reading.sheet, "numba", structure=structure)
        result = function(**keywords(loops, function))
        result = result.dense() if structure == "compressed" else np.asarray(result)
        assert result.shape == expected.shape
        np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-12)


def compiled(text, target, given, **options):
    """The value of a compiled function, and its source."""
    function = ic.derive(text, target).compile(backend="numba", **options)
    return function(**given), function.source


def test_one_loop_over_rows():
    """What a row needs alone is a row or a number; large products of matrices are left to BLAS, small ones are not."""
    given = softmax_regression()
    value, source = compiled(SOFTMAX_REGRESSION, "diff(CE, w[t,s])", given)
    expected = ic.derive(SOFTMAX_REGRESSION, "diff(CE, w[t,s])").compile()(**given)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    assert "t4 = np.empty(n, x.dtype)" in source
    assert source.count(" @ ") == 2
    code = ic.derive(SOFTMAX_REGRESSION.replace(": n", ": 3").replace(": m", ": 150"), "diff(CE, w[t,s])")
    assert code.code(backend="numba").count(" @ ") == 0


def test_source_runs_alone():
    space = {}
    exec(ic.derive("a[p,q] = exp(z[p,q]) / sum[k](exp(z[p,k]))", "diff(a[p,q], z[r,s])").code(backend="numba"), space)
    (function,) = [each for name, each in space.items() if name.startswith("diff")]
    z = np.linspace(-2, 1, 12).reshape(4, 3)
    a = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    expected = np.einsum("pq,pr,qs->pqrs", a, np.eye(4), np.eye(3)) - np.einsum("pq,pr,ps->pqrs", a, np.eye(4), a)
    np.testing.assert_allclose(function(z), expected, atol=1e-14)


def test_the_exponential():
    """To the last bit but one; infinite and zero where it overflows; nan stays nan."""
    reading = read("", "exp(x[i])", "i")
    function = codegen.compile(reading.term, reading.axes, reading.sheet, "numba")
    x = np.random.default_rng(0).uniform(-700, 700, 10000)
    np.testing.assert_allclose(function(x=x), np.exp(x), rtol=5e-16)
    special = np.array([0.0, 709.78, 1000.0, -740.0, -1000.0, np.inf, -np.inf])
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(function(x=special), np.exp(special), rtol=5e-16)
    assert np.isnan(function(x=np.array([np.nan, 1.0]))).tolist() == [True, False]


def test_nan_is_passed_on():
    x = np.array([1.0, np.nan, 2.0])
    for text in ("max[i](x[i])", "min[i](x[i])", "sum[i](relu(x[i]))", "sum[i](max(1, x[i]))", "sum[i](sign(x[i]))"):
        reading = read("", text, "")
        assert np.isnan(codegen.compile(reading.term, reading.axes, reading.sheet, "numba")(x=x)), text


def test_single_precision():
    given = softmax_regression(dtype=np.float32)
    value, _ = compiled(SOFTMAX_REGRESSION, "diff(CE, w[t,s])", given)
    assert value.dtype == np.float32
    np.testing.assert_allclose(value, ic.derive(SOFTMAX_REGRESSION, "diff(CE, w[t,s])").compile()(**given), atol=1e-6)


def test_large_arguments_stay_finite():
    value, _ = compiled(SOFTMAX_REGRESSION, "diff(CE, w[t,s])", softmax_regression(scale=1000.0))
    assert np.isfinite(value).all()
    value, _ = compiled(SOFTMAX_REGRESSION, "CE", softmax_regression(scale=1000.0))
    assert np.isfinite(value)


@pytest.mark.parametrize(
    ("sheet", "text", "axes"),
    [
        ("", "sigmoid(x[i]) + softplus(x[i]) + gelu(x[i])*relu(x[i]) + max(x[i], c)*abs(x[i])", "i"),
        ("", "1[x[i] > 1]*1[i < j] + where(x[i] > 1, log(x[i] - 1), 0)", "ij"),
        ("", "prod[j](A[i,j])*max[j](A[i,j])/min[j](A[i,j])", "i"),
        ("", "A[j,i]*x[j] + logsumexp[j](A[i,j])", "i"),
        ("", "eps[i,j,k]*x[j]*y[k] + A[i,i]", "i"),
        ("index i, j : m", "sqrt(m)*x[i] + m^(1/3)*abs(x[i])", "i"),
        ("", "delta[i,j]*delta[k,l]*x[i] + delta[i,k]*delta[j,l]*B[i,j]", "ijkl"),
    ],
)
def test_compiled_numbers(sheet, text, axes):
    reading = read(sheet, text, axes)
    loops = numbers(reading)
    function = codegen.compile(reading.term, reading.axes, reading.sheet, "numba")
    result = function(**keywords(loops, function))
    np.testing.assert_allclose(result, loops.array(reading.term, reading.axes), rtol=1e-12, atol=1e-12)


def test_what_does_not_fit_is_refused():
    function = ic.derive(SOFTMAX_REGRESSION, "diff(CE, w[t,s])").compile(backend="numba")
    with pytest.raises(ic.IndexcalcError, match="x has the axes"):
        function(**{**softmax_regression(), "x": np.ones(3)})
    reading = read("", "f(x[i])", "i")
    with pytest.raises(ic.IndexcalcError, match="code for numba cannot take the function f as an argument"):
        codegen.generate(reading.term, reading.axes, reading.sheet, "numba")


def test_loops_within_loops_have_names_of_their_own():
    """The loop over rows takes a letter that an inner loop has elsewhere."""
    text = "u[i,j] = x[i]*exp(A[j,i])\nv[j,i] = u[j,i]*u[i,j]"
    reading = read(text, "v[i,j]*sum[i'](u[i,i'])", "ij")
    loops = numbers(reading)
    function = codegen.compile(reading.term, reading.axes, reading.sheet, "numba")
    result = function(**keywords(loops, function))
    np.testing.assert_allclose(result, loops.array(reading.term, reading.axes), rtol=1e-12)


def test_functions_of_large_arguments():
    """Finite where the true value is, in one loop, compiled."""
    text = "sigmoid(x[i]) + softplus(x[i]) + tanh(x[i]) + erf(x[i]) + log(1 + exp(x[i])) + gelu(x[i])*exp(-abs(x[i]))"
    reading = read("", text, "i")
    x = np.array([-1000.0, -30.0, 0.0, 30.0, 1000.0])
    value = codegen.compile(reading.term, reading.axes, reading.sheet, "numba")(x=x)
    np.testing.assert_allclose(value, [-2.0, -2.0 + 3e-13, 0.5 + 2 * np.log(2), 63.0, 2003.0], rtol=1e-12)
