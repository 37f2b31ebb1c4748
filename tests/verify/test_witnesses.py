"""The witnesses agree with each other, and say what is missing."""

import builtins
import sys

import numpy as np
import pytest

from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.verify.reference import Reference, evaluate
from indexcalc.verify.samples import sample
from indexcalc.verify.witnesses import WITNESSES, Autograd, Question, witness

SOFTMAX = "index p, r : m\nindex q, s, k : n\nz[p,q] = x[p,t]*w[t,q]\na[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))"
TARGETS = [
    (SOFTMAX, "diff(a[p,q], w[t,s])"),
    (SOFTMAX, "diff(a[p,q], z[r,s])"),
    (SOFTMAX, "diff(a[p,q], z[p,s])"),
    ("", "diff(A[i,i]*x[j]*x[j], A[k,l])"),
    ("", "diff(x[i]*A[i,j]*x[j], x[k], x[l])"),
    ("", "diff(max[i](x[i])*prod[i](x[i])/min[i](x[i]), x[j])"),
    ("", "diff(logsumexp[i](x[i]) + mean[i](x[i]^2), x[j])"),
    ("", "diff(where(x[i] > 1, x[i]*c, y[j]), c) + diff(max(x[i], y[j]), x[i])"),
    ("", "diff(sign(x[i] - 1)*abs(x[i] - 1)^1.5, x[i])"),
    ("", "diff(x[i]^y[j], y[j])"),
    ("u = c + c - 2*c\nv[i] = x[i]^u", "diff(v[i], x[j], u)"),  # the exponent is 0
    ("", "diff(f(x[i]*y[j]), x[k])"),
    ("", "diff(eps[a,b,d]*u[b]*v[d], u[e])"),
    ("", "diff(delta[i,j]*x[i]*x[2], x[k])"),
    *(("", f"diff({name}(x[i]/2 - 0.1), x[i])") for name in ("erf", "gelu", "sigmoid", "softplus", "relu", "arctan")),
    *(("", f"diff({name}(x[i]/2), x[i])") for name in ("arcsin", "arccos", "cosh", "tan", "log", "sqrt")),
]


def question(sheet, target, factor=1.0, seed=0):
    """Whether the reference's value of a target, times a factor, is right."""
    reading = read_expression(parse_sheet(sheet), target)
    world = sample(reading.sheet, [reading.term], seed)
    result = factor * evaluate(reading.term, world, reading.axes)
    return Question(reading.term, reading.axes, world, result)


AGREE = [(name, *case) for name in ("autograd", "differences", "torch") for case in TARGETS]
AGREE += [("jax", *case) for case in TARGETS[2:9]]  # each takes JAX a second


@pytest.mark.parametrize(("name", "sheet", "target"), AGREE)
def test_witnesses_agree_with_the_reference(name, sheet, target):
    if name in ("jax", "torch"):
        pytest.importorskip(name)
    true, predicted = witness(name)(question(sheet, target))
    tolerance = 1e-6 if name == "differences" or target.count(",") > 2 else 1e-10
    np.testing.assert_allclose(predicted, true, rtol=tolerance, atol=tolerance)


def test_differences_are_taken_along_one_direction():
    true, predicted = witness("differences")(question(SOFTMAX, "diff(a[p,q], w[t,s])"))
    assert true.shape == predicted.shape == (3, 4)
    true, predicted = witness("differences")(question(SOFTMAX, "diff(a[p,q], z[p,s])"))  # a diagonal has no direction
    assert true.shape == predicted.shape == (3, 4, 4)


@pytest.mark.parametrize("name", ["autograd", "differences", "reference"])
def test_a_wrong_result_is_seen(name):
    true, predicted = witness(name)(question(SOFTMAX, "diff(a[p,q], w[t,s])", factor=1.001))
    assert np.abs(true - predicted).max() > 1e-6


def test_autograd_sees_no_reason_to_warn_where_nothing_depends_on_the_variable(recwarn):
    asked = question("", "diff(where(x[i] > 5, y[j], c), x[k])")
    assert not np.asarray(Autograd(asked.world).array(asked.target, asked.axes)).any()
    assert not recwarn


def test_plain_values_have_a_witness_too():
    asked = question(SOFTMAX, "a[p,q]*delta[p,r]")
    for name in ("autograd", "differences", "reference"):
        np.testing.assert_allclose(*witness(name)(asked), rtol=1e-14)


def test_an_unknown_witness():
    with pytest.raises(IndexcalcError, match=r"no witness tensorflow\. Choose one of autograd, differences, jax"):
        witness("tensorflow")


@pytest.mark.parametrize("name", ["jax", "torch"])
def test_a_missing_package_is_named_with_its_remedy(name, monkeypatch):
    imported = builtins.__import__

    def refuse(module, *rest, **more):
        if module.split(".")[0] == name:
            raise ModuleNotFoundError(module)
        return imported(module, *rest, **more)

    for module in [each for each in sys.modules if each.split(".")[0] == name]:
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr(builtins, "__import__", refuse)
    asked = question("", "x[i]")
    with pytest.raises(IndexcalcError, match=rf"the package {name} is not installed. pip install indexcalc\[{name}\]"):
        WITNESSES[name](asked)


def test_the_reference_evaluator_is_its_own_kind():
    asked = question(SOFTMAX, "a[p,q]")
    assert isinstance(Reference(asked.world).array(asked.target, asked.axes), np.ndarray)
