"""Compiled formulas against Python loops: every construct, both targets, dense and compressed, two types."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc import codegen
from indexcalc.errors import IndexcalcError
from indexcalc.terms import Derivative, Tensor
from tests.codegen.elementwise import keywords, numbers, read
from tests.codegen.formulas import FORMULAS

CASES = [(*case, backend) for cases in FORMULAS.values() for case in cases for backend in ("einsum", "numpy")]


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
    with pytest.raises(IndexcalcError, match=r"there is no backend 'cobol'\. Choose one of .*einsum"):
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


@pytest.mark.parametrize("backend", ["einsum", "numpy"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_choice_between_numbers_is_no_array_of_integers(backend, dtype):
    sheet = "h[p,q] = (1[y[p] > 0] + where(y[q] > 0, 3, 4))*y[p]"
    found = ic.derive(sheet, "h[p,q]").compile(backend)(y=np.array([2, -3], dtype))
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, [[8, 10], [-9, -12]])
