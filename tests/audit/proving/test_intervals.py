"""Bounds of terms: never narrower than the values they take."""

import math
import random

import pytest

from indexcalc.audit.proving.intervals import bounds_of, interval
from indexcalc.notation.reader import parse_sheet, read_chain
from indexcalc.verify.reference import evaluate
from indexcalc.verify.samples import Manner, sample


def bounds(sheet, text):
    """The interval of an expression."""
    (side,) = read_chain(parse_sheet(sheet), [text])
    return interval(side.term, side.sheet, bounds_of(side.sheet))


@pytest.mark.parametrize(
    ("sheet", "text", "low", "high"),
    [
        ("", "x^2 + 1", 1, math.inf),
        ("", "x", -math.inf, math.inf),
        ("", "sum[i](x[i]^2)", 0, math.inf),
        ("", "sigmoid(x) - 2", -2, -1),
        ("", "3 - 2*cos(x)", 1, 5),
        ("", "1/(1 + exp(x))", 0, 1),
        ("assume x >= 2\nassume x <= 3", "1/x - x^3", 1 / 3 - 27, 1 / 2 - 8),
        ("assume x >= 2", "log(x)", math.log(2), math.inf),
        ("assume x <= -2", "x^-2", 0, 0.25),
        ("u = y^2\nv = u + 3", "-v", -math.inf, -3),
        ("", "where(x > 0, exp(x), 2)", 0, math.inf),
        ("index i : n", "n - 1", 0, math.inf),
        ("", "x^10000", -math.inf, math.inf),
        ("", "10^400", -math.inf, math.inf),
        ("", "f(x)", -math.inf, math.inf),
    ],
)
def test_bounds(sheet, text, low, high):
    assert bounds(sheet, text) == pytest.approx((low, high))


def test_a_strict_bound_leaves_its_end_out():
    assert bounds("assume x > 0", "x")[0] > 0
    assert bounds("assume 0 < x", "-x")[1] < 0
    assert bounds("assume x[1] > 0", "x[2]") == (-math.inf, math.inf)


PARTS = ["x", "y", "-x", "x*y", "x^2", "1/x", "sqrt(y^2)", "exp(x)", "tanh(x)", "abs(y)", "max(x, y)", "x^3", "sin(x)", "y^-2"]


@pytest.mark.parametrize("seed", range(30))
def test_values_lie_within(seed):
    random.seed(seed)
    text = f"({random.choice(PARTS)})*({random.choice(PARTS)}) - ({random.choice(PARTS)})"
    (side,) = read_chain(parse_sheet("assume x > -2\nassume y <= 3"), [text])
    low, high = interval(side.term, side.sheet, bounds_of(side.sheet))
    for turn in range(4):
        world = sample(side.sheet, [side.term], turn, manner=Manner(frozenset("xy"), spread=2))
        assert low - 1e-9 <= float(evaluate(side.term, world, ())) <= high + 1e-9
