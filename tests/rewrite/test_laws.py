"""The laws of functions and numbers: each holds in numbers, and a sign is claimed only where it is sure."""

import math
from fractions import Fraction

import pytest

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.rewrite.laws import LARGEST_PRIME, PARITY, REWRITTEN, prime_powers, primes, sign_of
from indexcalc.terms import Call
from tests.agreement import assert_right, assert_same_values, read, term_of
from tests.calculus.test_functions import POINTS, value, world, x

# With orders and parameters before the variable, or behind it.
CALLS = {
    "beta_density": "beta_density(2, 5/2, 3/2, x[i])",
    "boxcox": "boxcox(x[i], 1/2)",
    "gamma_density": "gamma_density(2, 5/2, x[i])",
    "gammaincc": "gammaincc(3/2, x[i])",
    "ive_slope": "ive_slope(2, 1, x[i])",
}


@pytest.mark.parametrize("function", [name for name in REWRITTEN if name not in ("max", "min")])
def test_a_function_in_terms_of_others_has_its_values(function):
    plainly = f"{function}(2, x[i])" if FUNCTIONS[function].orders else f"{function}(x[i])"
    expression = read("", CALLS.get(function, plainly))
    rewritten = REWRITTEN[function](*expression.term.arguments)
    assert_same_values(expression.term, [rewritten], expression.sheet, expression.axes)


@pytest.mark.parametrize("function", ["max", "min"])
def test_a_function_of_two_in_terms_of_others_has_its_values(function):
    expression = read("", f"{function}(x[i], y[i])")
    rewritten = REWRITTEN[function](*expression.term.arguments)
    assert_same_values(expression.term, [rewritten], expression.sheet, expression.axes, signed=["x", "y"])


@pytest.mark.parametrize(("function", "parity"), PARITY.items())
def test_parity(function, parity):
    points = [abs(point) for point in POINTS["open unit"]]
    there = value(Call(function, x), world(points))
    back = value(Call(function, x), world([-point for point in points]))
    assert back == pytest.approx(parity * there)
    assert value(Call(function, x), world([0.0])) == pytest.approx([float(parity == 1)], rel=1e-14, abs=1e-15)


SIGNS = {"p": 1, "n": -1}
SIGNED = [
    ("3", 1),
    ("-1/2", -1),
    ("exp(u)", 1),
    ("pi", 1),
    ("p", 1),
    ("n", -1),
    ("u", 0),
    ("p + exp(u)", 1),
    ("n - p", -1),
    ("p + n", 0),
    ("p*n", -1),
    ("n*n*u", 0),
    ("p^u", 1),
    ("n^2", 1),
    ("n^3", -1),
    ("n^u", 0),
    ("u^2", 0),
    ("1/p", 1),
    ("1/n", -1),
    ("sum[i](exp(v[i]))", 1),
    ("max[i](exp(v[i]) + p)", 1),
    ("prod[i](exp(v[i]))", 0),
    ("sin(u)", 0),
]


@pytest.mark.parametrize(("text", "sign"), SIGNED)
def test_signs(text, sign):
    assert sign_of(term_of("", text), SIGNS) == sign


FOLDED = [
    ("exp(0)", "1"),
    ("cos(0)", "1"),
    ("tanh(0)", "0"),
    ("sigmoid(0)", "1/2"),
    ("log(1)", "0"),
    ("abs(-3/2)", "3/2"),
    ("relu(-2)", "0"),
    ("sign(-2)", "-1"),
    ("max(2, 3)", "3"),
    ("min(x, x)", "x"),
    ("max(x[i]*y[i], x[i]*y[i])", "x[i]*y[i]"),
    ("1[2 < 3]", "1"),
    ("1[x*y > x*y]", "0"),
    ("1[x*y >= x*y]", "1"),
    ("where(1 > 2, x, y)", "y"),
]
STAYS = ["exp(2)", "log(3)", "max(x, y)", "min(x, -x)", "1[x*y < x]", "f(0)", "sqrt(2)", "softplus(0)"]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_values_that_are_known_at_once(text, folded):
    assert str(assert_right("", text)) == folded


@pytest.mark.parametrize("text", STAYS)
def test_other_values_stay(text):
    assert str(assert_right("", text)) == text


def test_primes():
    assert primes(360) == {2: 3, 3: 2, 5: 1}
    assert primes(1) == {}
    assert primes(997) == {997: 1}
    assert prime_powers(Fraction(12, 35)) == {2: 2, 3: 1, 5: -1, 7: -1}
    large = 1_000_003 * 1_000_033  # both beyond the largest prime that is tried
    assert primes(6 * large) == {2: 1, 3: 1, large: 1}
    for number in range(1, 300):
        found = primes(number)
        assert math.prod(prime**power for prime, power in found.items()) == number
        assert all(prime <= LARGEST_PRIME for prime in found)
