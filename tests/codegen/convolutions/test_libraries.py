"""Where libraries place, order or round what is shifted each in its own way: the code of all targets follows the sheet.

Each test states what a library does, so that it fails if that changes, and that all targets give what the sheet says.
"""

import warnings

import numpy as np
import pytest

import indexcalc as ic

BACKENDS = ["numpy", "einsum", "torch", "jax", "numba", "dask"]


@pytest.fixture(params=BACKENDS)
def values(request):
    """Computes a target of a sheet with one of the backends, in float64."""
    backend = request.param
    library = pytest.importorskip({"einsum": "numpy"}.get(backend, backend))

    def compute(sheet, target, **given):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # the logarithm of 0 is meant
            return np.asarray(ic.derive(sheet, target).compile(backend=backend)(**given))

    if backend != "jax":
        return compute

    def traced(*arguments, **given):
        with library.enable_x64(True) if hasattr(library, "enable_x64") else library.experimental.enable_x64():
            return compute(*arguments, **given)

    return traced


X, EVEN = np.array([1.0, 2, 3, 4, 5]), np.array([1.0, 10, 100, 1000])
ROW = X[None], EVEN[None]
SAME = {  # how many places before y[i] the kernel begins, for each "same" of four taps
    "numpy": (2, lambda: np.correlate(X, EVEN, "same")),
    "scipy.signal": (2, lambda: pytest.importorskip("scipy.signal").correlate(X, EVEN, "same")),
    "scipy.signal in two axes": (1, lambda: pytest.importorskip("scipy.signal").correlate2d(*ROW, "same")[0]),
    "scipy.ndimage": (2, lambda: pytest.importorskip("scipy.ndimage").correlate1d(X, EVEN, mode="constant")),
    "torch": (1, lambda: _by_torch()),
}


def _by_torch():
    torch = pytest.importorskip("torch")
    x, w = (torch.tensor(each)[None, None] for each in (X, EVEN))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that it makes a copy for even kernels
        return torch.nn.functional.conv1d(x, w, padding="same")[0, 0].numpy()


@pytest.mark.parametrize("library", SAME)
def test_an_even_kernel_lies_where_the_sheet_says(library, values):
    before, by_library = SAME[library]
    sheet = f"index i : n\noutside x = 0\ny[i] = sum[k](w[k]*x[i+k-1-{before}])"
    placed = np.pad(X, (before, 3 - before))
    wanted = [placed[place : place + 4] @ EVEN for place in range(5)]
    np.testing.assert_allclose(by_library(), wanted)
    np.testing.assert_allclose(values(sheet, "y", x=X, w=EVEN, n=5), wanted, rtol=1e-12)


def test_a_product_from_the_end_multiplies_in_the_order_of_the_sheet(values):
    matrices = np.random.default_rng(0).normal(size=(4, 2, 2))
    sheet = "index t : n\nP[n+1,i,j] = delta[i,j]\nP[t,i,j] = A[t,i,k]*P[t+1,k,j]"
    wanted = [np.linalg.multi_dot([*matrices[place:], np.eye(2)]) for place in range(4)]
    np.testing.assert_allclose(values(sheet, "P", A=matrices), wanted, rtol=1e-10)


def test_jax_scans_matrices_from_the_end_the_other_way_round():
    jax = pytest.importorskip("jax")
    matrices = np.random.default_rng(0).normal(size=(3, 2, 2)).astype(np.float32)
    found = jax.lax.associative_scan(jax.numpy.matmul, matrices, reverse=True)[0]
    np.testing.assert_allclose(found, matrices[2] @ matrices[1] @ matrices[0], rtol=1e-4)


MASKED = np.array([-np.inf, -np.inf, 0.3, 1.0, -0.5])
WEIGHTS = np.array([0.0, 0, 1, 2, 0.5])


def test_running_logsumexp_has_gradients_behind_a_masked_prefix(values):
    sheet = "y[t] = log(sum[s](1[s <= t]*exp(x[s])))\nL = sum[t](where(t > 2, g[t]*y[t], 0))"
    share = np.tril(np.exp(MASKED)[None].repeat(5, 0))[2:]
    wanted = WEIGHTS[2:] @ (share / share.sum(1, keepdims=True))
    np.testing.assert_allclose(values(sheet, "diff(L, x[p])", x=MASKED, g=WEIGHTS), wanted, rtol=1e-12)


def test_torch_and_jax_have_none_there():
    torch = pytest.importorskip("torch")
    x = torch.tensor(MASKED, requires_grad=True)
    (torch.logcumsumexp(x, 0)[2:] * torch.tensor(WEIGHTS[2:])).sum().backward()
    jax = pytest.importorskip("jax")
    by_jax = jax.grad(lambda x: (jax.lax.cumlogsumexp(x)[2:] * WEIGHTS[2:]).sum())(MASKED)
    assert [bool(np.isnan(each).any()) for each in (x.grad.numpy(), np.asarray(by_jax))] == [True, True]


def test_what_stands_outside_is_not_rounded_to_the_type_of_the_array(values):
    sheet = "index i : n\noutside x = 0.5\ny[i] = x[i-1] + 0*x[i+1]"
    np.testing.assert_array_equal(values(sheet, "y", x=np.array([1, 2, 3]), n=3), [0.5, 1, 2])


def test_equal_maxima_of_a_running_maximum_count_once(values):
    """max(a, b) has the slope of b where both are equal, and of all n equal maxima one counts."""
    sheet = "y[1] = x[1]\ny[t] = max(y[t-1], x[t])\nL = sum[t](g[t]*y[t])"
    given = {"x": np.array([1.0, 2, 2, 1, 2]), "g": np.array([1.0, 2, 4, 8, 16])}
    np.testing.assert_allclose(values(sheet, "diff(L, x[p])", **given), [1, 2, 12, 0, 16])


def test_jax_shares_equal_maxima_unevenly():
    jax = pytest.importorskip("jax")
    x, g = np.array([2.0, 2, 2]), np.array([0.0, 0, 1])
    slope = np.asarray(jax.grad(lambda x: (jax.lax.cummax(x) * g).sum())(x))
    assert slope.sum() == 1 and len(set(slope)) > 1 and 0 < slope.max() < 1
