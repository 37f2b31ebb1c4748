"""The rules as they are written by hand: what each gives, and that a whole line is worth what the target is."""

import pytest

from indexcalc.calculus.rules import Rules, own_derivatives
from indexcalc.notation.writing.text import write
from indexcalc.terms import Derivative, Tensor
from indexcalc.walk import subterms
from tests.agreement import assert_same_values, read
from tests.calculus.test_derivative import BODIES

# A body, its derivative by x[p], and the rules that were needed.
RULES = [
    ("c*x[i]", "c*diff(x[i], x[p])", []),
    ("x[i] + x[j]", "diff(x[i], x[p]) + diff(x[j], x[p])", ["sum rule"]),
    ("y[i]", "0", []),
    ("x[i] + y[i]", "diff(x[i], x[p])", ["sum rule"]),
    ("x[i]*y[i]", "y[i]*diff(x[i], x[p])", []),
    ("x[i]*exp(x[j])", "x[i]*exp(x[j])*diff(x[j], x[p]) + exp(x[j])*diff(x[i], x[p])", ["product rule", "chain rule"]),
    ("x[i]^3", "3*x[i]^2*diff(x[i], x[p])", ["power rule"]),
    ("1/x[i]", "-diff(x[i], x[p])/x[i]^2", ["power rule"]),
    ("x[i]/(1 + x[j])", "(diff(x[i], x[p])*(1 + x[j]) - x[i]*diff(x[j], x[p]))/(1 + x[j])^2", None),
    ("exp(x[i])", "exp(x[i])*diff(x[i], x[p])", ["chain rule"]),
    ("tanh(c*x[i])", "c*diff(x[i], x[p])*(1 - tanh(c*x[i])^2)", ["chain rule"]),
    ("sum[j](x[j]*y[j])", "sum[j](y[j]*diff(x[j], x[p]))", []),
    ("where(i == j, x[i], y[i])", "where(i == j, diff(x[i], x[p]), 0)", []),
]


def differentiated(body):
    """The derivative of a body by x[p], as a reading whose sheet knows p, and the rules used."""
    target = read("index i, j, k, p : m\nn[i] = x[i]*y[i]", f"diff({body}, x[p])")
    assert isinstance(target.term, Derivative)
    rules = Rules(target.sheet, target.term.variable)
    return target, rules.derivative(target.term.body), rules.used


@pytest.mark.parametrize(("body", "derivative", "used"), RULES)
def test_rules(body, derivative, used):
    target, found, rules = differentiated(body)
    assert write(found, target.sheet, target.axes) == derivative
    assert used is None or rules == used


@pytest.mark.parametrize("body", BODIES)
def test_the_rules_keep_the_value(body):
    target, found, _ = differentiated(body)
    assert all(isinstance(each.body, Tensor) for each in subterms(found) if isinstance(each, Derivative))
    assert_same_values(target.term, [found, own_derivatives(found)], target.sheet, target.axes)


OWN = [
    ("diff(x[i], x[j])", "delta[i,j]"),
    ("diff(A[i,j], A[k,l])", "delta[i,k]*delta[j,l]"),
    ("diff(A[i,j], A[i,k])", "delta[j,k]"),
    ("diff(c, c)", "1"),
    ("y[i]*diff(x[i], x[j])", "y[i]*delta[i,j]"),
    ("diff(x[i], y[j])", "diff(x[i], y[j])"),
]


@pytest.mark.parametrize(("text", "deltas"), OWN)
def test_a_tensor_by_itself_gives_deltas(text, deltas):
    expression = read("c = x[i]*y[i]", text)
    assert write(own_derivatives(expression.term), expression.sheet, expression.axes) == deltas
