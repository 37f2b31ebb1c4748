"""The reference evaluator with many digits: against floats, against known values, and where floats fail."""

import numpy as np
import pytest

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_chain
from indexcalc.verify.polish import polished
from indexcalc.verify.precise import Precise, library, nesting
from indexcalc.verify.reference import evaluate
from indexcalc.verify.samples import sample

SOFTMAX = "z[p,q] = x[p,t]*w[t,q]\na[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))\nL = -sum[p,q](y[p,q]*log(a[p,q]))"


def both(sheet, left, right, digits=50):
    """The two sides with many digits on one sample, and the sample."""
    first, second = read_chain(parse_sheet(sheet), [left, right])
    world = sample(first.sheet, [first.term, second.term], 0)
    evaluator = Precise(world, library(digits))
    values = [np.asarray(evaluator.array(side.term, first.axes)) for side in (first, second)]
    return (*values, evaluate(first.term, world, first.axes))


def apart(one, other):
    """The largest difference, as a float."""
    return float(max((abs(each) for each in np.ravel(one - other)), default=0))


@pytest.mark.parametrize("function", [name for name, known in sorted(FUNCTIONS.items()) if known.arity == 1])
def test_every_function_has_a_value_and_a_slope(function):
    value, _, plain = both("", f"{function}(x[i]/3)", "x[i]")
    assert apart(value, plain) < 1e-14
    slope, _, plain = both("", f"diff({function}(x/3), x)", "x")
    assert apart(slope, plain) < 1e-9


@pytest.mark.parametrize(
    ("sheet", "left", "right"),
    [
        (SOFTMAX, "diff(L, w[t,s])", "x[p,t]*(sum[q](y[p,q])*a[p,s] - y[p,s])"),
        (SOFTMAX, "diff(a[p,q], z[r,s])", "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])"),
        (SOFTMAX, "diff(a[1,q], z[1,2])", "a[1,q]*(delta[q,2] - a[1,2])"),
        ("", "diff(x[i]*x[j]*B[i,j], x[k])", "(B[k,j] + B[j,k])*x[j]"),
        ("", "diff(x[i]^3, x[i])", "3*x[i]^2"),
        ("", "max[i](x[i]) + min[i](x[i])", "max[i](x[i]) - max[i](-x[i])"),
        ("", "where(x[i] > 1, x[i], 0) + prod[j](y[j])", "relu(x[i] - 1) + 1[x[i] > 1] + prod[j](y[j])"),
        ("index i, j : n\nu[i,j] = x[i]*y/3", "diff(sum[i](max[j](u[i,j]*3)), x[k])", "y"),
        ("index i, j : n\nu[i,j] = x[i]", "diff(sum[i](max[j](where(j == 1, u[i,j]*3, 9*u[i,j]/3))), x[k])", "3"),
        ("", "eps[i,j,k]*a[j]*b[k]", "-eps[i,j,k]*b[j]*a[k]"),
        ("", "f'(x) + pi", "diff(f(x), x) + 2*arcsin(1)"),
        ("", "1/3 + 10^30 - 10^30", "1/3"),
    ],
)
def test_equal_sides_are_equal_in_nearly_all_digits(sheet, left, right):
    one, other, plain = both(sheet, left, right)
    assert apart(one, other) < 1e-45
    assert apart(one, plain) < 1e-9


@pytest.mark.parametrize(
    ("sheet", "left", "right"),
    [
        (SOFTMAX, "diff(L, w[t,s], w[r,q])", "diff(L, w[r,q], w[t,s])"),
        ("s = x/10^6\nL = 1/s", "diff(L, s, s)*s^3", "2"),
        ("s = sin(1000*x)", "diff(s, x, x)", "-1000000*s"),
        ("", "diff(log(x), x, x, x)", "2/x^3"),
    ],
)
def test_derivatives_of_derivatives_lose_one_digit_in_seven(sheet, left, right):
    one, other, _ = both(sheet, left, right, 100)
    assert apart(one, other) < 1e-50


def test_numbers_that_are_equal_but_for_rounding_compare_as_equal():
    one, other, _ = both("", "1[x[i]/3 + x[i]/3 + x[i]/3 < x[i]] + 1[x[i] <= x[i]/7*7]", "1")
    assert apart(one, other) == 0


def test_what_is_no_number_is_none():
    evaluator = Precise(sample(parse_sheet("u = x"), (), 0), library(50))
    for text in ("log(-x)", "sqrt(-x)", "1/(x - x)", "(-x)^(1/2)", "exp(10^20*x)", "arcsin(2 + x)"):
        (side,) = read_chain(parse_sheet("u = x"), [text])
        assert evaluator.numbers.context.isnan(evaluator.array(side.term, ()).item()), text


def test_the_common_precision_of_mpmath_is_left_alone():
    mpmath = pytest.importorskip("mpmath")
    before = mpmath.mp.dps
    both("", "exp(x)", "x")
    assert mpmath.mp.dps == before


def test_a_place_that_is_not_there_is_an_error():
    sheet = parse_sheet("u[i] = x[i]")
    (side,) = read_chain(sheet, ["diff(x[1], x[9])"])
    evaluator = Precise(sample(sheet, (), 0), library(50))
    with pytest.raises(IndexcalcError, match="the place 9 lies outside a range of size 3"):
        evaluator.array(side.term, ())


def test_how_deep_derivatives_stand_through_definitions():
    sheet = parse_sheet("L = x^3\ng = diff(L, x)")
    (side,) = read_chain(sheet, ["diff(g, x) + diff(L, x)"])
    assert nesting(side.sheet, side.term) == 2


@pytest.mark.parametrize(
    "facts",
    [
        "assume sum[q](y[p,q]) = 1",
        "assume c = 1/3",
        "assume Q[k,i]*Q[k,j] = delta[i,j]",
        "assume Z[i,k]*X[k,j] = delta[i,j]",
        "assume a^2 + b^2 = 1\nassume a > 0",
        "assume A[i,j] = A[j,i]",
    ],
)
def test_equalities_hold_to_most_digits(facts):
    sheet = parse_sheet(facts)
    exact = library(80)
    world = polished(sample(sheet, (), 0), exact)
    for fact in (each for each in sheet.facts if each.relation == "="):
        axes = sorted(fact.left.free | fact.right.free)
        left, right = (np.asarray(Precise(world, exact).array(side, tuple(axes))) for side in (fact.left, fact.right))
        assert apart(left, right) < 1e-70


def test_numbers_that_cannot_be_polished_are_named():
    sheet = parse_sheet("assume x^2 = 0")
    with pytest.raises(IndexcalcError, match="obey the facts to many digits"):
        polished(sample(sheet, (), 0), library(200))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("gammaln(x[i] + 1)", "gammaln(x[i]) + log(x[i])"),
        ("digamma(x[i] + 1)", "digamma(x[i]) + 1/x[i]"),
        ("polygamma(1, x[i] + 1)", "polygamma(1, x[i]) - 1/x[i]^2"),
        ("diff(digamma(x[i]), x[i])", "polygamma(1, x[i])"),
        ("erfc(9*x[i])", "exp(-81*x[i]^2)*(erfc(9*x[i])*exp(81*x[i]^2))"),
        ("cbrt(x[i])^3", "x[i]"),
    ],
)
def test_functions_that_floats_take_from_series(left, right):
    one, other, _ = both("", left, right)
    assert apart(one, other) < 1e-40


@pytest.mark.parametrize("place", ["1e-200", "1e-78", "-1e-40", "2.5", "-1.5", "1e40", "1e60"])
@pytest.mark.parametrize(
    ("name", "slope"),
    [
        ("digamma", lambda context, x: context.polygamma(1, x)),
        ("gammaln", lambda context, x: context.digamma(x)),
        ("erfc", lambda context, x: -2 / context.sqrt(context.pi) * context.exp(-x * x)),
    ],
)
def test_slopes_of_functions_near_a_pole_and_far_out(name, slope, place):
    """A step that does not know how large its argument is steps over the pole at 0, and is lost beside 1e60."""
    exact = library(50)
    context = exact.xp.context
    x, tiny = context.mpf(place), context.mpf(10) ** -300
    found = exact.functions[name](np.array(context.mpc(x, tiny), dtype=object)).item().imag / tiny
    expected = slope(context, x)
    assert abs(found - expected) <= abs(expected) * context.mpf(10) ** -40 or abs(expected) < context.mpf(10) ** -60
