"""Special functions where a quotient or a difference would have no digits left: at limits, far out, both signs."""


import numpy as np
import pytest

import indexcalc as ic
from tests.exact_functions import EXACT

mpmath = pytest.importorskip("mpmath")
NEAR = [-1.0, -1e-9, 0.0, 1e-9, 1.0]
POINTS = {
    "i0": [*NEAR, -300.0, 300.0],
    "i1": [*NEAR, -300.0, 300.0],
    "i0e": [-1e6, -40.0, -1e-7, 1e-7, 1.0, 19.0, 21.0, 1e6],
    "i1e": [-1e6, -40.0, -1e-7, 1e-7, 1.0, 19.0, 21.0, 1e6],
    "sinc": [*NEAR, 0.5, -2.5, 40.25],
    "spence": [1e-3, 0.5, 1 - 1e-9, 1.0, 1 + 1e-9, 1.5, 2.0, 1e5],
    "erfcx": [-5.0, *NEAR, 0.5, 30.0, 1e4],
}
OF_TWO = {  # the parameters of x
    ("gammainc", 1.0): [0.0, 1e-9, 1.0, 50.0],
    ("gammainc", 2.0): [0.0, 1e-9, 1.0, 50.0],
    ("gammainc", 3.0): [0.0, 1.0, 50.0],
    ("gammainc", 300.0): [250.0, 300.0, 360.0],
    ("gammaincc", 2.0): [0.0, 1.0, 90.0],
    ("betainc", 1.0, 1.0): [0.0, 0.5, 1.0],
    ("betainc", 2.0, 3.0): [0.0, 0.5, 1.0],
    ("betainc", 1.0, 2.0): [0.0, 0.5, 1.0],
    ("betainc", 0.5, 0.5): [1e-6, 0.5, 1 - 1e-6],
    ("betainc", 90.0, 200.0): [0.1, 0.3, 0.6],
}
BACKENDS = ["numpy", "jax", "torch", "numba", "dask"]


pytestmark = pytest.mark.usefixtures("double")


def found_by(backend, call, order, points):
    """The derivatives of a call at some points."""
    pytest.importorskip("scipy" if backend in ("numpy", "dask") else backend)
    pytest.importorskip("dask" if backend == "dask" else "numpy")
    target = f"diff({call}, {', '.join(['x[i]'] * order)})" if order else call
    return np.asarray(ic.derive("", target).compile(backend)(x=np.array(points)))


def true(function, order, points):
    """By 60 digits and differences of them; at an end of the domain by those from inside."""
    with mpmath.workdps(60):
        return [float(mpmath.re(mpmath.diff(function, mpmath.mpf(x), order, h=mpmath.mpf(10) ** -16))) for x in points]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("name", sorted(POINTS))
def test_at_limits_and_far_out(name, order, backend):
    found = found_by(backend, f"{name}(x[i])", order, POINTS[name])
    np.testing.assert_allclose(found, true(EXACT[name], order, POINTS[name]), rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("case", sorted(OF_TWO), ids=str)
def test_distribution_functions_at_the_ends(case, order, backend):
    name, *parameters = case
    points = OF_TWO[case]

    def density(x):
        if name == "betainc":
            a, b = parameters
            return x ** (a - 1) * (1 - x) ** (b - 1) / mpmath.beta(a, b)
        return (-1) ** (name == "gammaincc") * x ** (parameters[0] - 1) * mpmath.exp(-x) / mpmath.gamma(parameters[0])

    found = found_by(backend, f"{name}({', '.join(map(str, parameters))}, x[i])", order, points)
    function = (lambda x: EXACT[name](*parameters, x)) if order == 0 else density
    loose = 2e-9 if backend == "torch" and not order else 1e-10  # torch.special.gammainc(300, 250) has nine digits
    np.testing.assert_allclose(found, true(function, max(order - 1, 0), points), rtol=loose, atol=1e-14)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_power_of_a_transformation_may_be_zero(backend):
    pytest.importorskip("scipy" if backend in ("numpy", "dask") else backend)
    pytest.importorskip("dask" if backend == "dask" else "numpy")
    x, power = np.array([0.1, 0.9, 1.0, 1.1, 30.0]), np.array([0.0, 1e-12, -1e-3, 2.0, 0.0])
    for order in range(3):
        target = f"diff(boxcox(x[i], p[i]), {', '.join(['p[i]'] * order)})" if order else "boxcox(x[i], p[i])"
        found = np.asarray(ic.derive("", target).compile(backend)(x=x, p=power))
        with mpmath.workdps(40):
            n = order + 1
            exact = [
                float(mpmath.log(a) ** n * mpmath.hyp1f1(n, n + 1, p * mpmath.log(a)) / n)
                for a, p in zip(map(mpmath.mpf, x.tolist()), power.tolist(), strict=True)
            ]
        np.testing.assert_allclose(found, exact, rtol=1e-11, atol=1e-300)


LAWS = [
    ("diff(i1(x), x)", "i0(x) - i1(x)/x", "proved"),
    ("diff(i0e(x), x)", "i1e(x) - sign(x)*i0e(x)", "proved"),
    ("diff(i0(x), x, x)", "(i0(x) + iv(2, x))/2", "proved"),
    ("sinc(x)", "sin(pi*x)/(pi*x)", "proved"),
    ("diff(sinc(x), x)", "(cos(pi*x) - sinc(x))/x", "proved"),
    ("diff(spence(x), x)", "log(x)/(1 - x)", "proved"),
    ("diff(spence(x), x, x)", "1/(x*(1 - x)) + log(x)/(1 - x)^2", "proved"),
    ("diff(erfcx(x), x)", "2*x*erfcx(x) - 2/sqrt(pi)", "proved"),
    ("erfcx(x)", "exp(x^2)*erfc(x)", "proved"),
    ("gammainc(a, x) + gammaincc(a, x)", "1", "proved"),
    ("diff(gammainc(a, x), x)", "x^(a - 1)*exp(-x - gammaln(a))", "proved"),
    ("diff(betainc(2, 3, x), x)", "12*x*(1 - x)^2", "agrees"),
    ("diff(boxcox(x, l), x)", "x^(l - 1)", "proved"),
    ("diff(boxcox(x, l), l)", "(x^l*log(x) - boxcox(x, l))/l", "proved"),
    ("diff(i0(x), x)", "i0(x)", "refuted"),
    ("diff(spence(x), x)", "log(x)/(x - 1)", "refuted"),
    ("diff(erfcx(x), x)", "2*x*erfcx(x) + 2/sqrt(pi)", "refuted"),
    ("diff(sinc(x), x)", "(cos(x) - sinc(x))/x", "refuted"),
]


@pytest.mark.parametrize(("left", "right", "verdict"), LAWS)
def test_laws(left, right, verdict):
    assert str(ic.equal("", left, right)) == verdict


def test_there_is_no_derivative_by_a_parameter():
    with pytest.raises(ic.IndexcalcError) as refused:
        ic.derive("", "diff(gammainc(a, x), a)")
    assert str(refused.value) == (
        "line 1, column 1: gammainc has a derivative by its last argument, and none by the others.\n"
        "    diff(gammainc(a, x), a)\n"
        "    ^^^^^^^^^^^^^^^^^^^^^^^\n"
        "Take what the others depend on as given, or differentiate by something else."
    )
    assert str(ic.derive("", "diff(gammainc(a, x), x)").expression) == "gamma_density(0, a, x)"


def test_an_order_may_be_zero_and_is_written_out():
    assert str(ic.derive("", "diff(iv(0, x), x)").expression) == "i1(x)"
    with pytest.raises(ic.IndexcalcError) as refused:
        ic.derive("", "iv(n, x)")
    assert str(refused.value) == (
        "line 1, column 4: the order of iv is a whole number from 0 on.\n    iv(n, x)\n       ^\nWrite iv(0, x)."
    )


def test_their_names_may_be_those_of_tensors():
    result = ic.derive("i1[k] = x[k]^2", "diff(i1[k], x[j])")
    assert str(result.expression) == "2*x[k]*delta[j,k]"
    np.testing.assert_array_equal(result.compile()(x=np.array([1.0, 2.0])), [[2, 0], [0, 4]])
    with pytest.raises(ic.IndexcalcError, match="iv is no function here"):
        ic.derive("", "iv*iv(1, x[i])")


def test_the_multivariate_gamma_function_is_written_out():
    slope = ic.derive("", "diff(multigammaln(a, 3), a)")
    assert str(slope.expression) == "digamma(a) + digamma(a - 1) + digamma(a - 1/2)"
    scipy = pytest.importorskip("scipy.special")
    found = ic.derive("index i : p\nL = multigammaln(v/2, p) + sum[i](x[i])", "L").compile()(v=9.0, x=np.zeros(4))
    np.testing.assert_allclose(found, scipy.multigammaln(4.5, 4), rtol=1e-13)
    slope = ic.derive("index i : p\nL = multigammaln(v/2, p) + sum[i](x[i])", "diff(L, v)")
    np.testing.assert_allclose(slope.compile()(v=9.0, x=np.zeros(4)), scipy.digamma(4.5 - np.arange(4) / 2).sum() / 2)
    with pytest.raises(ic.IndexcalcError) as refused:
        ic.derive("", "multigammaln(a, 1.5)")
    assert str(refused.value) == (
        "line 1, column 17: the second argument of multigammaln is a whole number from 1 on, or the name of a size.\n"
        "    multigammaln(a, 1.5)\n"
        "                    ^^^\n"
        "Write multigammaln(a, 3)."
    )
