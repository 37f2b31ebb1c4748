"""The normal distribution function and its logarithm: values and derivatives, far out on both sides, by target."""

import numpy as np
import pytest

import indexcalc as ic

mpmath = pytest.importorskip("mpmath")
PLACES = np.array([-300.0, -40.0, -10.0, -3.0, -1e-8, 0.0, 1e-8, 0.7, 3.0, 9.0, 40.0])


def exact(name: str, order: int, x: float) -> float:
    """With 60 digits."""
    with mpmath.workdps(60):
        t = mpmath.mpf(x)
        value, bell = mpmath.ncdf(t), mpmath.npdf(t)
        ratio = bell / value
        both = {
            "ndtr": (value, bell, -t * bell),
            "log_ndtr": (mpmath.log(value), ratio, -ratio * (t + ratio)),
        }
        return float(both[name][order])


@pytest.mark.parametrize("backend", ["numpy", "einsum", "torch", "numba", "dask"])
@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("name", ["ndtr", "log_ndtr"])
def test_values_and_derivatives_have_their_digits(name: str, order: int, backend: str) -> None:
    pytest.importorskip("scipy" if backend in ("numpy", "einsum", "dask") else backend)
    if backend == "dask":
        pytest.importorskip("dask")
    target = f"{name}(x[i])" if not order else f"diff({name}(x[i]), {', '.join(['x[i]'] * order)})"
    found = np.asarray(ic.derive("y[i] = x[i]", target).compile(backend)(x=PLACES))
    expected = [exact(name, order, float(x)) for x in PLACES]
    # The slope of the logarithm is exp of a difference of numbers of the size of x^2; then comes one of the size of x.
    loose = {("log_ndtr", 1): 1e-11, ("log_ndtr", 2): 1e-5}.get((name, order), 1e-12)
    np.testing.assert_allclose(found, expected, rtol=loose, atol=1e-300)


def test_the_slope_of_the_logarithm_is_that_of_a_quotient() -> None:
    sheet = "y[i] = x[i]"
    assert str(ic.equal(sheet, "diff(log_ndtr(x[i]), x[i])", "exp(-x[i]^2/2)/sqrt(2*pi)/ndtr(x[i])")) == "proved"
    assert str(ic.equal(sheet, r"\operatorname{log\_ndtr}(x_i)", "log(ndtr(x[i]))")) == "proved"
    assert str(ic.equal(sheet, "diff(ndtr(x[i]), x[i])", "exp(-x[i]^2)/sqrt(2*pi)")) == "refuted"
    pytest.importorskip("scipy")  # in which its code has the logarithm
    assert ic.derive(sheet, "diff(log_ndtr(x[i]), x[i])").verify().passed
