"""Loop fusion: the loops that known programs get, and the values of random ones, with and without matrix products."""

import hypothesis
import numpy as np
import pytest
from hypothesis import given

import indexcalc as ic
from indexcalc.codegen.loops import fusion
from indexcalc.codegen.loops.loops import Plan
from indexcalc.codegen.loops.unfold import unfolded
from indexcalc.codegen.programs import matrices
from indexcalc.codegen.programs.schedule import schedule
from tests.campaign import check
from tests.strategies import problems, random_problem

numba = pytest.importorskip("numba")
LAYER_NORM = """
mu[i] = mean[j](x[i,j])
v[i] = mean[j]((x[i,j] - mu[i])^2)
h[i,j] = (x[i,j] - mu[i])/sqrt(v[i] + 0.00001)
L = sum[i,j](G[i,j]*(g[j]*h[i,j] + b[j]))
"""


@pytest.fixture(autouse=True)
def uncompiled(monkeypatch):
    monkeypatch.setattr(numba.config, "DISABLE_JIT", True)


def plan_of(sheet, *targets, size=4):
    """The loops for some targets, if every range has this size."""
    derived = [ic.derive(sheet, target) for target in targets]
    wanted = {target: (each.derived.term, each.derived.axes) for target, each in zip(targets, derived, strict=True)}
    program = schedule(wanted, derived[0].sheet, ())
    return Plan(unfolded(program, lambda range: size), lambda range: size)


def outline(steps):
    """The nesting of loops, each with the number of statements in it, however deep."""
    return [
        "." if isinstance(step, fusion.Unit) else (repr(step.lead)[0], len(step.leads), outline(step.steps))
        for step in steps
    ]


def test_one_pass_over_the_rows():
    """The sums over rows are gathered on the way; nothing has the size of the input but the result."""
    plan = plan_of(LAYER_NORM, "diff(L, x[i,j])", "diff(L, g[j])", "diff(L, b[j])")
    assert len(plan.steps) == 1
    assert [value.axes for value, axes in plan.axes.items() if len(axes) == 2] == [plan.results[0].value.axes]


def test_what_is_summed_is_known_after_the_loop():
    plan = plan_of("s = sum[i](x[i])\ny[i] = x[i]/s", "y[i]*y[i]")
    assert outline(plan.steps) == [("i", 1, ["."]), ("i", 2, [".", "."])]


def test_what_is_read_elsewhere_is_written_before():
    plan = plan_of("u[i] = exp(x[i])", "u[i]*u[j]")
    assert outline(plan.steps) == [("i", 1, ["."]), ("i", 1, [("j", 1, ["."])])]


def test_the_innermost_loop_is_along_memory():
    """The sum of columns goes over rows outside."""
    plan = plan_of("", "sum[i](A[i,j])")
    assert outline(plan.steps) == [("i", 1, [("j", 1, ["."])])]


def test_parts_of_one_array_share_loops():
    plan = plan_of("a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))", "diff(a[p,q], z[r,s])")
    assert len(plan.steps) == 1


@pytest.mark.parametrize("size", [4, 100])
def test_large_products_are_for_blas(size):
    plan = plan_of("", "A[i,j]*B[j,k]", size=size)
    assert any(unit.is_product for unit in plan.paths) == (size == 100)


def wrong(problem):
    """What is wrong with the loops of a problem; an unknown function, of which there is no code, is refused."""
    with np.errstate(all="ignore"):
        found = [each for each in check(problem, ("numba",), steps=False) if each.startswith("numba:")]
    return [each for each in found if "cannot take the function" not in each]


@pytest.mark.parametrize("least", [0, matrices.LEAST_WORK])
@pytest.mark.parametrize("start", range(1000, 1060, 20))
def test_random_programs(monkeypatch, start, least):
    monkeypatch.setattr(matrices, "LEAST_WORK", least)
    monkeypatch.setattr(matrices, "LEAST_ROW", min(least, matrices.LEAST_ROW))
    found = {seed: wrong(random_problem(seed)) for seed in range(start, start + 20)}
    assert not {seed: messages for seed, messages in found.items() if messages}


@given(problems())
@hypothesis.settings(
    max_examples=20, deadline=None, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
def test_shrinkable_programs(problem):
    assert not wrong(problem)
