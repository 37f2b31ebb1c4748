"""The target dask: every construct against loops, in chunks."""

import tracemalloc

import numpy as np
import pytest

import indexcalc as ic
from tests.codegen.backends import SOFTMAX_REGRESSION, check_numbers, softmax_regression
from tests.codegen.formulas import FORMULAS

dask = pytest.importorskip("dask")
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


# ----- Memory ----------------------------------------------------------------------------------------------------

GAUSS = """
index i, j : d
index p : m
L = m/2*logdet(Sigma) + 1/2*sum[p,i,j]((x[p,i] - mu[i])*inv(Sigma)[i,j]*(x[p,j] - mu[j]))
"""
FACTORISATION = "L = sum[i,j]((T[i,j] - U[i,k]*V[j,k])^2)"
ROWS, CHUNK = 40 * 2000, 2000


def random_rows(*columns: int) -> da.Array:
    """Rows that are made when they are wanted."""
    return da.random.RandomState(0).normal(size=(ROWS, *columns), chunks=(CHUNK, *columns))


def problem(name):
    """A sheet, what to differentiate by, and arrays in 40 chunks."""
    small = np.random.default_rng(0)
    if name == "softmax":
        given = {"x": random_rows(40), "y": random_rows(6), "w": small.normal(size=(40, 6)), "b": small.normal(size=6)}
        return SOFTMAX_REGRESSION.replace("CE", "L"), ["w", "b"], given
    if name == "factorisation":
        return FACTORISATION, ["V"], {"T": random_rows(40), "U": random_rows(5), "V": small.normal(size=(40, 5))}
    return GAUSS, ["Sigma", "mu"], {"x": random_rows(40), "mu": small.normal(size=40), "Sigma": 3 * np.eye(40)}


@pytest.mark.parametrize("name", ["softmax", "factorisation", "gauss"])
def test_gradients_hold_a_few_chunks_at_a_time(name):
    """The most that is alive at once is a few chunks of the 40, and the numbers are those of numpy."""
    text, by, given = problem(name)
    results = ic.gradient(text, "L", by)
    values = results.compile("dask")(**given)
    dask.compute(values, scheduler="sync")  # modules are loaded
    tracemalloc.start()
    (found,) = dask.compute(values, scheduler="sync")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 * CHUNK * 40 * 8
    (whole,) = dask.compute(given, scheduler="sync")
    for label, value in results.compile("numpy")(**whole).items():
        np.testing.assert_allclose(found[label], value, rtol=1e-9, atol=1e-9 * abs(value).max())


def test_products_of_chunks_are_added_up_in_pairs():
    """Of 32 products of chunks, each as large as the result, at most the logarithm of their number is alive."""
    a, b = (da.random.RandomState(seed).normal(size=(640, n), chunks=(20, n)) for seed, n in enumerate((150, 170)))
    value = ic.derive("f[i,j] = a[n,i]*b[n,j]", "f").compile("dask")(a=a, b=b)
    dask.compute(value, scheduler="sync")
    tracemalloc.start()
    dask.compute(value, scheduler="sync")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10 * 150 * 170 * 8


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("f[i,l] = A[i,j,k]*B[k,j,l]", {"A": (3, 5, 7), "B": (7, 5, 4)}),
        ("f[n,i] = A[n,i,j]*B[n,j]", {"A": (5, 3, 7), "B": (5, 7)}),
        ("f = A[i,j]*B[j,i]", {"A": (5, 7), "B": (7, 5)}),
        ("f[i,j] = A[i,k]*A[j,k]", {"A": (7, 5)}),
        ("f[l] = A[i,j,k]*B[j,k]*C[k,i]*D[i,l]", {"A": (3, 5, 7), "B": (5, 7), "C": (7, 3), "D": (3, 4)}),
    ],
)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_odd_chunks(text, shapes, dtype):
    small = np.random.default_rng(1)
    given = {name: small.normal(size=shape).astype(dtype) for name, shape in shapes.items()}
    function = ic.derive(text, text.partition(" =")[0]).compile("dask")
    expected = ic.derive(text, text.partition(" =")[0]).compile("einsum")(**given)
    for sizes in (2, 3):
        chunked = {name: da.from_array(array, chunks=sizes + (name == "B")) for name, array in given.items()}
        value = function(**chunked)
        assert value.dtype == dtype
        found = value.compute(scheduler="sync")
        np.testing.assert_allclose(found, expected, rtol=2e-4 if dtype == "float32" else 1e-11)


@pytest.mark.parametrize("chunks", [(2, 5), (2, 2), (3, 4)])
@pytest.mark.parametrize(
    "text",
    [
        "f[i,j] = exp(x[i,j])/sum[k](exp(x[i,k]))",
        "f[i,j] = log(exp(x[i,j])/sum[k](exp(x[i,k])))",
        "f[i] = log(sum[k](exp(x[i,k])))",
        "f = log(sum[i,k](exp(x[i,k])))",
    ],
)
def test_rows_in_one_chunk_and_in_several(text, chunks):
    x = 900 * np.random.default_rng(2).normal(size=(7, 5))
    target = text.partition(" =")[0]
    value = ic.derive(text, target).compile("dask")(x=da.from_array(x, chunks=chunks))
    expected = ic.derive(text, target).compile("numpy")(x=x)
    np.testing.assert_allclose(value.compute(scheduler="sync"), expected, rtol=1e-12)


def test_tensors_with_the_names_of_helpers():
    text = "softmax[i] = exp(contracted[i])/sum[k](exp(contracted[k]))\nL = softmax[i]*log_softmax[i,j]*x[j]"
    given = {"contracted": np.arange(4.0), "log_softmax": np.arange(12.0).reshape(4, 3), "x": np.arange(3.0)}
    result = ic.derive(text, "diff(L, contracted[a])")
    value = result.compile("dask")(**{name: da.from_array(array, chunks=2) for name, array in given.items()})
    np.testing.assert_allclose(value.compute(), result.compile("numpy")(**given), rtol=1e-12)


def test_shifted_places_keep_the_chunks_of_their_array():
    """Neighbours are joined to the chunks that were there: slivers of one place would make many times as many tasks."""
    sheet = "index i : n\nindex j : m\noutside u = 0\nd[i,j] = u[i+1,j] - 2*u[i,j] + u[i,j-1]\nE = sum[i,j](d[i,j]^2)"
    u = np.random.default_rng(0).normal(size=(11, 14))
    result = ic.derive(sheet, "diff(E, u[p,q])")
    found = result.compile(backend="dask")(u=da.from_array(u, chunks=(4, 5)))
    assert found.chunks == ((4, 4, 3), (5, 5, 4))
    np.testing.assert_allclose(found.compute(), result.compile()(u=u), rtol=1e-12)
    inner = ic.derive("y[i] = sum[k](w[k]*x[i+k-1])", "y").compile(backend="dask")
    assert inner(w=np.ones(3), x=da.ones(11, chunks=4)).chunks == ((4, 4, 1),)
