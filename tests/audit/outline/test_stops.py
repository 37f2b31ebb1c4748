"""Full stops that multiply, and those that end a sentence."""

import pytest

from indexcalc.audit.outline.stops import multiplied
from indexcalc.notation.tex.tokens import tokens


@pytest.mark.parametrize(
    ("formula", "kinds"),
    [
        (r"\frac{u . v - w.s}{t}", ["times", "times"]),
        ("y = e^{u}.e^{v}", ["times"]),
        ("y = u . v = w . s", ["times", "times"]),
        ("y = u. v = w", ["stop"]),
        ("y = u . v = (w . s) t", ["times", "times"]),
        ("y = u.", ["stop"]),
        (r"y = u. \quad v = w", ["stop"]),
        (r"y = u. \text{Then } v", ["stop"]),
        ("y = u. (3.2)", ["stop"]),
        ("y = u. (v + w)", ["times"]),
        ("x_{i.} + x_{.j}", ["stop", "stop"]),
        ("y = u .* v ./ w", ["hadamard", "divided"]),
        ("0.5 u", []),
        ("u = N.A", ["stop"]),
        ("u_1, ..., u_n", ["dots"]),
    ],
)
def test_stops(formula, kinds):
    shown = ("stop", "times", "hadamard", "divided", "dots")
    assert [each.kind for each in multiplied(tokens(formula)) if each.kind in shown] == kinds
