"""Numbers made of numbers and sizes alone: what is no float is refused, and no integer overflows."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.codegen import BACKENDS

MODULES = {"einsum": "numpy", "dask": "dask.array"}
TOO_LARGE = "2^5000*x", "x/2^5000", "exp(1000)*x", "sinh(1000)*x", "x^(2^5000)", "x*exp(exp(exp(10)))", "x + 3^700"
NO_NUMBER = "log(0)*x", "sqrt(-1)*x", "arccos(2)*x", "(-8)^(1/3)*x", "x*log(sqrt(2) - 2)"


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("target", TOO_LARGE + NO_NUMBER)
def test_a_constant_that_is_no_float_is_refused(backend, target):
    what = "too large for a float" if target in TOO_LARGE else "no real number"
    with pytest.raises(ic.IndexcalcError, match=what):
        ic.derive("", target).code(backend=backend)


def test_the_message_names_the_number():
    with pytest.raises(ic.IndexcalcError) as caught:
        ic.derive("", "2^5000*x").compile()
    assert str(caught.value) == "2^5000 is too large for a float. Write the formula without it."


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_a_float_holds_is_computed(backend):
    pytest.importorskip(MODULES.get(backend, backend))
    cases = [("2^100*x", 2.0**101), ("x/3^50", 2 / 3.0**50), ("exp(-1000)*x", 0.0), ("2^3*x", 16.0)]
    cases.append(("sin(2*exp(3)*log(2))*x", 2 * np.sin(2 * np.exp(3) * np.log(2))))
    for target, expected in cases:
        assert float(ic.derive("", target).compile(backend)(x=2.0)) == pytest.approx(expected)


LARGE = 2_100_000


@pytest.mark.parametrize("backend", [each for each in BACKENDS if each != "jax"])  # which has float32 here
@pytest.mark.parametrize("target", ["c*n^4", "c*n*(n - 1)*(n - 2)*(n - 3)", "c/(n^2*(n + 1)*n)", "c + n^30"])
def test_products_of_sizes_do_not_overflow(backend, target):
    pytest.importorskip(MODULES.get(backend, backend))
    function = ic.derive("index i : n\ny = sum[i](x[i])", target).compile(backend)
    expected = eval(target.replace("^", "**"), {"c": 2.0, "n": LARGE})
    given = {"n": LARGE} if "n" in function.arguments else {"x": np.broadcast_to(1.0, LARGE)}
    assert float(np.asarray(function(c=2.0, **given))) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("backend", ["einsum", "numpy", "jax", "torch", "dask"])
@pytest.mark.parametrize("factor", ["exp(400*n)", "log(n - 2)", "sqrt(n - 3)", "(n - 3)^(1/3)"])
def test_a_number_that_is_none_for_some_sizes(backend, factor):
    pytest.importorskip(MODULES.get(backend, backend))
    function = ic.derive("index i : n", f"x[i]*{factor}").compile(backend)
    with pytest.raises(ic.IndexcalcError, match=r"for the sizes n = 2 a number of the formula is none: .*"):
        function(x=np.ones(2))


def test_a_division_by_zero_gives_what_numpy_gives():
    function = ic.derive("index i : n", "x[i]/(n - 1)").compile()
    with np.errstate(all="ignore"):
        assert function(x=np.ones(1)).tolist() == [np.inf]
    with pytest.raises(ic.IndexcalcError, match=r"for the sizes n = 1 a number of the formula is none: .*zero"):
        ic.derive("index i : n", "x[i]*c + 1/(n - 1)").compile()(x=np.ones(1), c=2.0)
