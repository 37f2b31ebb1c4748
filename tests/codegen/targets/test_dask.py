"""The target dask: every construct against loops, in chunks."""

import numpy as np
import pytest

import indexcalc as ic
from tests.codegen.backends import SOFTMAX_REGRESSION, check_numbers, softmax_regression
from tests.codegen.formulas import FORMULAS

da = pytest.importorskip("dask.array")
CASES = [case for cases in FORMULAS.values() for case in cases]


def in_chunks(array):
    return da.from_array(array, chunks=2)


@pytest.mark.parametrize(("sheet", "text", "axes"), CASES)
def test_numbers(sheet, text, axes):
    check_numbers("dask", sheet, text, axes, in_chunks)


def test_a_gradient_in_chunks():
    """The graph over chunks of rows gives what numpy gives, and makes no array of all rows."""
    result = ic.derive(SOFTMAX_REGRESSION, "diff(CE, w[t,s])")
    given = softmax_regression(rows=64)
    expected = result.compile()(**given)
    rows = {name: da.from_array(given[name], chunks=(4, -1)) for name in "xy"}
    value = result.compile(backend="dask")(**{**given, **rows})
    assert isinstance(value, da.Array)
    np.testing.assert_allclose(value.compute(), expected, rtol=1e-12)
    space = {}
    exec(result.code(backend="dask"), space)
    (function,) = [each for name, each in space.items() if name.startswith("diff")]
    np.testing.assert_allclose(function(**{**given, **rows}).compute(scheduler="threads"), expected, rtol=1e-12)


def test_no_chunk_grows():
    """Every array of the graph has chunks of a few rows, so that memory is bounded by the chunks at work."""
    result = ic.derive(SOFTMAX_REGRESSION, "diff(CE, w[t,s])")
    rows = {"x": da.zeros((10**9, 4), chunks=(10**5, 4)), "y": da.zeros((10**9, 3), chunks=(10**5, 3))}
    value = result.compile(backend="dask")(w=np.zeros((4, 3)), b=np.zeros(3), **rows)
    assert value.shape == (4, 3) and value.numblocks == (1, 1)


def test_large_arguments_stay_finite():
    given = softmax_regression(scale=1000.0)
    value = ic.derive(SOFTMAX_REGRESSION, "diff(CE, w[t,s])").compile(backend="dask")(**given)
    assert np.isfinite(value.compute()).all()


def test_what_does_not_fit_is_refused():
    function = ic.derive(SOFTMAX_REGRESSION, "diff(CE, w[t,s])").compile(backend="dask")
    given = softmax_regression()
    with pytest.raises(ic.IndexcalcError, match="x has the axes"):
        function(**{**given, "x": da.ones(3)})
    unknown = da.from_array(given["x"], chunks=2)
    unknown = unknown[unknown[:, 0] > 0]
    with pytest.raises(ic.IndexcalcError, match=r"chunks of unknown sizes\. Call compute_chunk_sizes"):
        function(**{**given, "x": unknown})


def test_blas_has_one_thread_while_dask_computes():
    threadpoolctl = pytest.importorskip("threadpoolctl")

    def threads():
        return {pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"}

    def of_chunk(values):
        seen.append(threads())
        return values

    seen, before = [], threads()
    ic.derive("y[i] = 2*x[i]", "y").compile(backend="dask")
    da.ones(6, chunks=2).map_blocks(of_chunk, dtype=float, meta=np.ones(0)).compute(scheduler="threads")
    assert seen == [{1}] * 3 and threads() == before


def test_on_a_cluster():
    distributed = pytest.importorskip("distributed")
    result = ic.derive(SOFTMAX_REGRESSION, "diff(CE, w[t,s])")
    given = softmax_regression(rows=16)
    rows = {name: da.from_array(given[name], chunks=(4, -1)) for name in "xy"}
    with distributed.Client(processes=False, n_workers=1, dashboard_address=None):
        value = result.compile(backend="dask")(**{**given, **rows}).compute()
    np.testing.assert_allclose(value, result.compile()(**given), rtol=1e-12)
