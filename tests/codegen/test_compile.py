"""Compiled formulas against Python loops: every construct, both targets, dense and compressed, two types."""

import numpy as np
import pytest

from indexcalc import codegen
from indexcalc.errors import IndexcalcError
from indexcalc.terms import Derivative, Tensor
from tests.codegen.loops import keywords, numbers, read

# sheet, expression, axes
FORMULAS = {
    "deltas on the output": [
        ("", "delta[i,j]", "ij"),
        ("", "delta[i,j]*x[k]", "ijk"),
        ("", "delta[i,j]*delta[j,k]*x[i]", "ijk"),
        ("", "delta[i,j]*delta[k,l] + delta[i,k]*delta[j,l] + delta[i,l]*delta[j,k]", "ijkl"),
        ("", "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])", "pqrs"),
        ("", "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])", "srqp"),
        ("", "delta[i,1]*x[j]", "ij"),
        ("", "delta[i,2]*delta[j,1]*x[i]", "ij"),
        ("", "(1 - delta[i,j])*A[i,j]", "ij"),
        ("", "(1 - delta[i,j])*(1 - delta[j,k])*x[i]", "ijk"),
        ("index i, j : 3", "delta[i,j]*delta[a,b]*x[a]", "iajb"),
        ("index i, j : m", "delta[i,j]/m", "ij"),
    ],
    "deltas elsewhere": [
        ("", "exp(delta[i,j]*x[i])", "ij"),
        ("", "1/(1 + delta[i,j])*x[i]", "ij"),
        ("", "(delta[i,j] - A[i,j])^2", "ij"),
        ("", "sum[k](exp(delta[i,k]*x[k]))", "i"),
        ("", "sum[j](max(delta[i,j], A[i,j]))", "i"),
        ("", "max[i](delta[i,j]*x[i])", "j"),
        ("", "sum[j]((1 - delta[i,j])*x[j])", "i"),
        ("D[i,j] = delta[i,j]*x[i] + A[i,j]", "exp(D[i,j])*sum[k](D[i,k]*x[k])", "ij"),
        ("D[i,j] = delta[i,j]*x[i]", "D[i,j]*D[j,k]", "ik"),
        ("D[i,j] = delta[i,j]*x[i]", "sum[i](D[i,i])", ""),
    ],
    "axes": [
        ("", "x[i] + y[j]", "ji"),
        ("", "c", "i"),
        ("", "3", "ij"),
        ("", "x[i]*0", "ij"),
        ("", "x[i]", "i"),
        ("", "A[i,j]", "ji"),
        ("", "x[i']*y[j']", "i'j'"),
        ("", "A[i,2]", "i"),
        ("", "A[1,j]*y[j]", ""),
        ("", "A[i,i]*x[i]", "i"),
        ("", "sum[i](A[i,i])", ""),
        ("", "T[i,j,i]*x[j]", "i"),
    ],
    "contractions": [
        ("", "sum[i,j](x[i]*y[j])", ""),
        ("", "x[i]*A[i,j]*B[j,k]*y[k]", ""),
        ("", "A[i,j]*B[j,k]*C[k,l]*D[l,i]", ""),
        ("", "A[b,i,j]*B[b,j,k]", "bik"),
        ("", "A[i,j,b]*B[j,k,b]", "ikb"),
        ("", "A[b,i,j]*x[b,j]", "bi"),
        ("", "x[b,i]*y[b,i]", "b"),
        ("", "A[i,j]*x[i,k]*y[j,k]", "k"),
        ("", "A[i,j,k]*B[j,k,l]", "li"),
        ("", "A[i,j,k]*B[k,j,l]", "il"),
        ("", "A[i,j,k]*B[k,i,j]", ""),
        ("", "A[b,i,k,l]*B[b,k,l,j]", "bij"),
        ("", "A[b,i,k]*B[c,b,k]", "bci"),
        ("", "x[p,t]*x[p,u]*a[p,k]*a[p,s]", "tsuk"),
        ("", "sum[i](x[i]/y[i]*A[i,j])", "j"),
        ("", "sum[i](A[i,j]/(x[i]*y[j]))", "j"),
        ("", "sum[i](1/x[i])", ""),
        ("index i : m", "sum[i](1)", ""),
        ("u[p,k] = b[k]", "sum[p,k](u[p,k]*x[k])", ""),
    ],
    "elementwise": [
        ("", "x[i]/sum[j](y[j])", "i"),
        ("", "-y[p,q]/(m*a[p,q])*c", "pq"),
        ("", "x[i]^2*y[i]^(-1)*c^(1/3)", "i"),
        ("", "2^x[i] - x[i]^y[j]", "ij"),
        ("", "1/3*x[i] - 0.1*y[i] + 1000000000000000000000*c", "i"),
        ("", "max(x[i], y[j]) - min(x[i], 1)", "ij"),
        ("", "relu(x[i] - 1)*tanh(c) - gelu(x[i])*erf(y[i])*softplus(c)", "i"),
        ("", "sin(pi*x[i])", "i"),
        ("", "gelu(c)*sigmoid(c)", ""),
        ("index i, j : m", "m*x[i] + sqrt(m)", "i"),
        ("index i, j, k : n\nu[i] = A[i,j]*x[j]\nh[i] = tanh(u[i])", "h[i]*h[j]*u[j]", "ij"),
    ],
    "indicators and branches": [
        ("", "1[i < j]*A[i,j]", "ij"),
        ("", "1[i <= j]", "ij"),
        ("", "1[i < 3]*x[i]", "i"),
        ("", "1[x[i] > y[j]]*A[i,j]", "ij"),
        ("", "1[x[i] > 1] + 1[y[i] > 1]", "i"),
        ("", "sum[i](1[x[i] > 1]*1[y[i] > 1])", ""),
        ("", "prod[i](1[x[i] > 0])", ""),
        ("", "-1[c > 0]", "i"),
        ("", "where(x[i] > 1, log(x[i] - 1), 0)", "i"),
        ("", "where(x[i] > 1, sqrt(x[i] - 1)/y[j], (1 - x[i])^(-1/2))", "ij"),
        ("", "where(i == j, A[i,j], 1/(x[i] - x[j]))", "ij"),
        ("", "where(i == j, sum[k](A[i,k]), x[i]*x[j])", "ij"),
        ("", "where(i == 1, x[i], 2)", "i"),
        ("", "where(p == r, where(q == s, a[p,q]*(1 - a[p,q]), -a[p,q]*a[p,s]), 0)", "pqrs"),
        ("l[i] = log(x[i] - 1)", "where(x[i] > 1, l[i], sum[j](where(x[j] > 1, l[j], 0)))", "i"),
        ("", "where(x[i] > 1, where(y[i] > 1, log((x[i] - 1)*(y[i] - 1)), sqrt(x[i] - 1)), exp(x[i]))", "i"),
    ],
    "reductions": [
        ("", "max[j](A[i,j])*min[k](y[k])", "i"),
        ("", "prod[i,j](A[i,j]*c)", ""),
        ("index i : m", "prod[i](c)", ""),
        ("", "mean[i](x[i])", ""),
        ("", "prod[i](A[i,j] + delta[i,j])", "j"),
    ],
    "permutations": [
        ("", "eps[i,j,k]*x[j]*y[k]", "i"),
        ("", "eps[i,j,k]", "kij"),
        ("", "eps[i,j,k]*eps[i,j,l]", "kl"),
        ("", "eps[i,j,1]*x[j]", "i"),
    ],
    "stable forms": [
        ("", "logsumexp[j](A[i,j])", "i"),
        ("", "logsumexp[i](c*x[i])", ""),
        ("u[i] = c", "exp(u[i])/sum[k](exp(u[k])) + log(sum[k](exp(u[k])))*x[i]", "i"),
        ("", "exp(x[i])*exp(x[j])/sum[k](exp(x[k]))^2", "ij"),
        ("", "sum[k](A[k,j]*exp(x[k]))/sum[k](exp(x[k]))", "j"),
        ("", "log(mean[i](exp(x[i])))", ""),
        ("", "exp(A[i,j])/sum[k,l](exp(A[k,l]))", "ij"),
        ("", "exp(x[i])/(1 + exp(x[i]))^2 + log(1 + exp(-x[i]))", "i"),
        ("", "log(exp(x[i]) + exp(y[i]) + exp(c))", "i"),
        ("S = sum[k](exp(x[k]))\ne[i] = exp(x[i])\na[i] = e[i]/S", "a[i]*(delta[i,j] - a[j]) + log(a[i])*log(S)", "ij"),
        ("a[i] = 1/(1 + exp(-x[i]))", "y[i]*log(a[i]) + (1 - y[i])*log(1 - a[i])", "i"),
    ],
}
CASES = [(*case, backend) for cases in FORMULAS.values() for case in cases for backend in codegen.BACKENDS]


@pytest.mark.parametrize(("sheet", "text", "axes", "backend"), CASES)
def test_numbers(sheet, text, axes, backend):
    reading = read(sheet, text, axes)
    loops = numbers(reading)
    expected = loops.array(reading.term, reading.axes)
    for structure in codegen.STRUCTURES:
        function = codegen.compile(reading.term, reading.axes, reading.sheet, backend, structure=structure)
        for dtype, tolerance in ((np.float64, 1e-12), (np.float32, 1e-4)):
            result = function(**keywords(loops, function, dtype))
            result = result.dense() if structure == "compressed" else np.asarray(result)
            assert result.shape == expected.shape
            np.testing.assert_allclose(result, expected, rtol=tolerance, atol=tolerance)
            if any(loops.sheet.slots.get(name) for name in function.arguments):
                assert result.dtype == dtype


def test_a_derivative_is_refused():
    reading = read("", "x[i]", "i")
    derivative = Derivative(reading.term, Tensor("x", reading.axes))
    with pytest.raises(IndexcalcError, match="a derivative that has not been worked out cannot be turned into code"):
        codegen.compile(derivative, reading.axes, reading.sheet)


def test_what_is_chosen_must_exist():
    reading = read("", "x[i]", "i")
    with pytest.raises(IndexcalcError, match="there is no backend 'cobol'. Choose one of einsum, numpy"):
        codegen.generate(reading.term, reading.axes, reading.sheet, "cobol")
    with pytest.raises(IndexcalcError, match="there is no structure 'sparse'"):
        codegen.generate(reading.term, reading.axes, reading.sheet, structure="sparse")


def test_inputs_are_taken_as_given():
    reading = read("a[i] = exp(x[i])", "a[i]*y[i]", "i")
    function = codegen.compile(reading.term, reading.axes, reading.sheet, inputs=["a"])
    assert function.arguments == ("a", "y")
    assert function(a=np.array([2.0, 3.0]), y=np.array([5.0, 7.0])).tolist() == [10.0, 21.0]


def test_several_results_share_their_work():
    first, second = read("a[i] = exp(x[i])", "sum[i](a[i])", ""), read("a[i] = exp(x[i])", "a[i]*delta[i,j]", "ij")
    wanted = {"total": (first.term, first.axes), "spread": (second.term, second.axes)}
    function = codegen.compile_many(wanted, second.sheet)
    assert function.source.count("np.exp") == 1
    results = function(x=np.zeros(2))
    assert results["total"] == 2.0
    assert results["spread"].tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_unknown_functions_are_arguments():
    reading = read("", "f(x[i])*f'(x[i])", "i")
    function = codegen.compile(reading.term, reading.axes, reading.sheet)
    assert function.arguments == ("x", "f", "f'")
    x = np.array([0.5, 1.0])
    assert np.array_equal(function(x=x, f=np.sin, f_prime=np.cos), np.sin(x) * np.cos(x))


def test_a_result_is_never_an_argument():
    reading = read("", "A[i,j]", "ji")
    given = np.ones((2, 3))
    result = codegen.compile(reading.term, reading.axes, reading.sheet)(A=given)
    assert not np.shares_memory(result, given)
