"""Every line of the table of functions: its value, its slope, where it is defined, what happens at a kink."""

import math

import numpy as np
import pytest

from indexcalc.calculus.functions import FUNCTIONS, slopes
from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Sheet
from indexcalc.terms import ZERO, Call, Derivative, Index, Number, Range, Tensor
from indexcalc.verify.evaluator import World
from indexcalc.verify.reference import evaluate

M = Range("m")
i = Index("i", M)
x, y = Tensor("x", (i,)), Tensor("y", (i,))
SHEET = Sheet(slots={"x": (M,), "y": (M,), "pi": ()})

POINTS = {
    "all": [-20.0, -1.7, -0.4, 0.3, 1.1, 25.0],
    "positive": [1e-3, 0.2, 1.0, 3.5, 400.0],
    "nonnegative": [1e-3, 0.2, 1.0, 3.5, 400.0],
    "open unit": [-0.97, -0.3, 0.1, 0.5, 0.99],
    "above -1": [-0.97, -0.4, -1e-9, 1e-9, 0.3, 40.0],
    "no pole": [-3.3, -0.6, 1e-3, 0.3, 1.5, 4.0, 500.0],
}
OUTSIDE = {"positive": -0.5, "nonnegative": -0.5, "open unit": 1.5, "above -1": -1.5}
UNARY = [function for function in FUNCTIONS.values() if function.arity == 1]


def world(points, others=()):
    """Numbers for x and y."""
    others = others or points[::-1]
    arrays = {"x": np.array(points), "y": np.array(others), "pi": np.float64(math.pi)}
    return World(SHEET, {M: len(points)}, arrays)


def value(term, at):
    """The values of a term that is free in i."""
    with np.errstate(all="ignore"):
        return evaluate(term, at, (i,))


@pytest.mark.parametrize("function", UNARY, ids=lambda function: function.name)
def test_slope(function):
    """By the complex step of the reference evaluator, which knows nothing of the table."""
    call, at = Call(function.name, x), world(POINTS[function.domain])
    (slope,) = slopes(call)
    np.testing.assert_allclose(value(slope, at), value(Derivative(call, x), at), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ["max", "min"])
def test_slopes_of_two_arguments(name):
    call, at = Call(name, x, y), world([0.3, -2.0, 5.0, 1.0], [1.3, -4.0, 5.5, -1.0])
    for slope, variable in zip(slopes(call), (x, y), strict=True):
        np.testing.assert_array_equal(value(slope, at), value(Derivative(call, variable), at))
    np.testing.assert_array_equal(sum(value(slope, at) for slope in slopes(call)), 1.0)


@pytest.mark.parametrize("order", [1, 2, 5])
def test_slope_of_polygamma(order):
    call, at = Call("polygamma", Number(order), x), world(POINTS["no pole"])
    by_order, slope = slopes(call)
    assert by_order is ZERO
    np.testing.assert_allclose(value(slope, at), value(Derivative(call, x), at), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("function", [each for each in UNARY if each.domain in OUTSIDE], ids=lambda each: each.name)
def test_outside_its_domain_a_function_is_not_defined(function):
    assert np.isnan(value(Call(function.name, x), world([OUTSIDE[function.domain]]))).all()


# At a kink the slope is the one from the side where the argument is not greater; both arguments equal: the second.
KINKS = [("abs", 0.0, 0.0), ("relu", 0.0, 0.0), ("sign", 0.0, 0.0)]


@pytest.mark.parametrize(("name", "at", "slope"), KINKS)
def test_kinks(name, at, slope):
    assert value(slopes(Call(name, x))[0], world([at])) == [slope]


@pytest.mark.parametrize(("name"), ["max", "min"])
def test_the_second_of_equal_arguments_is_chosen(name):
    at = world([2.0], [2.0])
    assert [value(slope, at)[0] for slope in slopes(Call(name, x, y))] == [0.0, 1.0]


LARGE = ["tanh", "sigmoid", "softplus", "arctan", "erf", "relu", "gelu"]


@pytest.mark.parametrize("name", LARGE)
def test_slopes_do_not_overflow(name):
    found = value(slopes(Call(name, x))[0], world([-1000.0, 1000.0]))
    assert np.isfinite(found).all()
    assert (np.abs(found) <= 1).all()


def test_an_unknown_function_has_a_primed_slope():
    assert slopes(Call("f", x)) == (Call("f'", x),)
    assert slopes(Call("f'", x)) == (Call("f''", x),)
    with pytest.raises(IndexcalcError, match="function f of 2 arguments is unknown"):
        slopes(Call("f", x, y))


def test_the_table_is_in_order():
    assert list(FUNCTIONS) == sorted(FUNCTIONS)
    assert slopes(Call("sign", x)) == (ZERO,)
