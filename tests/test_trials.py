"""Random problems and claims against an evaluator of their own; `python -m tests.trials.campaign` runs more of them."""

import numpy as np
import pytest

pytest.importorskip("scipy")  # of the evaluator that is imported below

from tests.trials.campaign import run
from tests.trials.check import ORDINARY
from tests.trials.language import Add, El, Mul, Num, Red, Slope, write
from tests.trials.making import problem_of
from tests.trials.truth import UnfitError, World, value

CHUNK = 20


@pytest.mark.parametrize("start", range(1000, 1240, CHUNK))
def test_seeded_problems(start):
    found = {seed: run(seed, ORDINARY).faults for seed in range(start, start + CHUNK)}
    assert not {seed: faults for seed, faults in found.items() if faults}


@pytest.mark.parametrize(("backend", "count"), [("torch", 16), ("dask", 12), ("jax", 4), ("numba", 3), ("auto", 2)])
def test_other_targets(backend, count):
    pytest.importorskip("numba" if backend == "auto" else backend)
    if backend == "jax":
        import jax

        before = jax.config.jax_enable_x64
        jax.config.update("jax_enable_x64", True)
    found = {seed: run(seed, (backend,)).faults for seed in range(1240, 1240 + count)}
    if backend == "jax":
        jax.config.update("jax_enable_x64", before)
    assert not {seed: faults for seed, faults in found.items() if faults}


def test_the_same_seed_gives_the_same_problem():
    assert problem_of(5) == problem_of(5) != problem_of(6)


def test_the_evaluator():
    """An inner letter hides an outer one; a derivative by elements at letters; places that attain a maximum share."""
    x = np.array([1.0, 3.0, 3.0])
    world = World({"i": 3, "j": 3}, {}, {"x": x})
    total = Red("sum", ("i",), El("x", ("i",)))
    hidden = Red("sum", ("i",), Mul((El("x", ("i",)), total)))
    assert write(hidden) == "sum[i](x[i]*sum[i](x[i]))"
    assert value(hidden, world, ()) == 49.0
    np.testing.assert_array_equal(value(Slope(hidden, (El("x", ("j",)),)), world, ("j",)), [14.0] * 3)
    square = Mul((El("x", ("i",)), El("x", ("i",))))
    second = Slope(square, (El("x", ("j",)), El("x", ("i",))))
    np.testing.assert_array_equal(value(second, world, ("i", "j")), 2 * np.eye(3))
    with pytest.raises(UnfitError, match="large"):
        value(Mul((Num("100000000"), El("x", ("i",)))), world, ("i",))
    spread = Red("max", ("i",), Add(El("x", ("i",)), Num("1")))
    np.testing.assert_array_equal(value(Slope(spread, (El("x", ("j",)),)), world, ("j",)), [0.0, 0.5, 0.5])
    small = Red("max", ("i",), Mul((Num("1e-30"), El("x", ("i",)))))
    with pytest.raises(UnfitError, match="kink"):  # 1e-30 and 3e-30 are near, but no tie
        value(Slope(small, (El("x", ("j",)),)), world, ("j",))
