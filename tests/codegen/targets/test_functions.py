"""Every function of the table on every target and by every witness, with its first and second derivative.

What is true is worked out with 30 digits, by mpmath alone; a new function of the table must be added to `EXACT`.
"""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

import indexcalc as ic
from indexcalc.calculus.functions import FUNCTIONS
from tests.exact_functions import EXACT

POINTS = {
    "all": [-3.3, -0.6, -1e-6, 0.2, 1.1, 6.0],
    "positive": [1e-3, 0.2, 1.3, 40.0],
    "nonnegative": [1e-3, 0.2, 1.3, 40.0],
    "open unit": [-0.95, -0.3, 1e-7, 0.6],
    "above -1": [-0.9, -0.2, 1e-9, 0.3, 40.0],
    "no pole": [-1.4, -0.6, 0.02, 0.3, 1.5, 7.0, 60.0],
    "unit": [1e-3, 0.2, 0.5, 0.7, 0.97],
}
OTHERS = {"a": [0.5, 1.0, 2.0, 3.7, 8.0], "b": [3.0, 0.5, 1.0, 2.5, 1.5]}  # parameters, by the same letter
PACKAGES = {"numba": "numba", "jax": "jax", "torch": "torch", "dask": "dask"}
TARGETS = ("einsum", "numpy", "numba", "jax", "torch", "dask", "auto")
NAMES = sorted(FUNCTIONS)


def letters(name: str) -> str:
    """The letters of the arguments behind an order: x is the one by which it has derivatives."""
    known = FUNCTIONS[name]
    others = known.arity - known.orders - 1
    return "xy" if name in ("max", "min", "boxcox") else "ab"[:others] + "x"


def call(name: str) -> str:
    """A call of a function of x, and of others; an order is a number."""
    arguments = ", ".join(f"{letter}[i]" for letter in letters(name))
    return f"{name}({'2, ' * FUNCTIONS[name].orders}{arguments})"


def numbers(name: str) -> dict[str, np.ndarray]:
    """Arguments where a function is defined."""
    x = np.array(POINTS[FUNCTIONS[name].domain])
    every = {"x": x, "y": x[::-1] + 0.25, **{name: np.resize(each, len(x)) for name, each in OTHERS.items()}}
    return {letter: every[letter] for letter in letters(name)}


def true(name: str, times: int) -> np.ndarray:
    """The values of a derivative, by 50 digits and differences of them."""
    given = numbers(name)

    def value(x, place):
        others = {letter: mpmath.mpf(given[letter][place]) for letter in letters(name)} | {"x": x}
        return EXACT[name](*[2] * FUNCTIONS[name].orders, *others.values())

    with mpmath.workdps(50):
        found = [
            mpmath.diff(lambda x, place=place: value(x, place), mpmath.mpf(x), times, h=mpmath.mpf(10) ** -15)
            for place, x in enumerate(given["x"].tolist())
        ]
        return np.array([float(mpmath.re(each)) for each in found])


def target(name: str, times: int) -> str:
    """A derivative of the call."""
    return f"diff({call(name)}{', x[i]' * times})" if times else call(name)


def supplied(function, given):
    """The arguments that a compiled function takes."""
    return {name: value for name, value in given.items() if name in function.arguments or name == "x"}


@pytest.mark.parametrize("backend", TARGETS)
@pytest.mark.parametrize("name", NAMES)
def test_value_and_derivatives(name, backend, double):
    if backend in PACKAGES:
        pytest.importorskip(PACKAGES[backend])
    for times in range({"auto": 1, "numba": 2}.get(backend, 3)):  # those compile longest
        if name.endswith("_density") and times:  # which are derivatives themselves
            break
        result = ic.derive("", target(name, times))
        source = result.code(backend)
        if "scipy" in source:
            pytest.importorskip("scipy")
        function = result.compile(backend)
        found = np.asarray(function(**supplied(function, numbers(name))))
        np.testing.assert_allclose(found, true(name, times), rtol=1e-11, atol=1e-14, err_msg=source)


@pytest.mark.parametrize("backend", TARGETS)
@pytest.mark.parametrize("name", [name for name in NAMES if FUNCTIONS[name].arity == 1])
def test_of_a_number(name, backend):
    """A number goes in as a number: it must not decide the type of arrays."""
    if backend in PACKAGES:
        pytest.importorskip(PACKAGES[backend])
    result = ic.derive("", f"x[i]*{name}(1/3)")
    if "scipy" in result.code(backend):
        pytest.importorskip("scipy")
    function = result.compile(backend)
    with mpmath.workdps(30):
        expected = float(EXACT[name](mpmath.mpf(1) / 3))
    found = np.asarray(function(x=np.ones(2, np.float32)))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [expected] * 2, rtol=1e-6)


@pytest.mark.parametrize("backend", TARGETS)
@pytest.mark.parametrize("name", NAMES)
def test_derivatives_have_the_type_of_the_arguments(name, backend):
    if backend in PACKAGES:
        pytest.importorskip(PACKAGES[backend])
    result = ic.derive(f"f[i] = {call(name)}", "diff(f[i], x[i])")
    if "scipy" in result.code(backend):
        pytest.importorskip("scipy")
    found = result.compile(backend)(**{letter: array.astype(np.float32) for letter, array in numbers(name).items()})
    assert np.asarray(found).dtype == np.float32 and str(found.dtype).endswith("float32")


@pytest.mark.parametrize("against", ["autograd", "differences", "jax", "torch"])
@pytest.mark.parametrize("name", NAMES)
def test_witnesses(name, against):
    if against in PACKAGES:
        pytest.importorskip(against)
    argument = call(name).replace("x[i]", "x[i]/2" if FUNCTIONS[name].domain != "unit" else "(1 + sin(x[i]))/3")
    result = ic.derive("", f"diff({argument}, x[j])")
    if "scipy" in result.code():
        pytest.importorskip("scipy")
    assert result.verify(against=against).passed


@pytest.mark.parametrize("name", NAMES)
def test_text_and_latex_are_read_back(name):
    result = ic.derive("", call(name))
    assert str(ic.derive("", str(result.expression)).expression) == str(result.expression)
    assert str(ic.derive("", result.latex()).expression) == str(result.expression)


LAWS = [
    ("expm1(x)", "exp(x) - 1", "proved"),
    ("log1p(x)", "log(1 + x)", "proved"),
    ("erfc(x) + erf(x)", "1", "proved"),
    ("erfc(-x)", "2 - erfc(x)", "proved"),
    ("expm1(log1p(x))", "x", "proved"),
    ("cbrt(-x)", "-cbrt(x)", "proved"),
    ("gammaln(2)", "0", "proved"),
    ("diff(gammaln(x), x, x)", "polygamma(1, x)", "proved"),
    ("gammaln(x + 1)", "gammaln(x) + log(x)", "agrees"),
    ("digamma(x + 1)", "digamma(x) + 1/x", "agrees"),
    ("polygamma(1, x + 1)", "polygamma(1, x) - 1/x^2", "agrees"),
    ("digamma(x)", "log(x) - 1/(2*x)", "refuted"),
    ("diff(gammaln(x), x)", "polygamma(1, x)", "refuted"),
    ("erfc(x)", "1 - erf(-x)", "refuted"),
    ("expm1(x)", "exp(x - 1)", "refuted"),
    ("cbrt(x)", "sqrt(x)", "refuted"),
]


@pytest.mark.parametrize(("left", "right", "verdict"), LAWS)
def test_laws(left, right, verdict):
    assert str(ic.equal("", left, right)) == verdict


def test_greek_names_of_functions_only_where_the_sheet_says_so():
    said = ic.derive('notation digamma = "\\psi"', r"\frac{\partial \psi(x_i)}{\partial x_j}")
    assert str(said.expression) == "polygamma(1, x[i])*delta[i,j]"
    assert ic.derive('notation gammaln = "\\ln\\Gamma"', "gammaln(x)").latex() == r"\ln\Gamma\left( x \right)"
    assert str(ic.derive("", r"\psi(x_i)").expression) == "psi(x[i])"


@pytest.mark.parametrize("order", ["0", "1.5", "n", "-1", "x[i]"])
def test_an_order_is_a_whole_number(order):
    with pytest.raises(ic.IndexcalcError) as refused:
        ic.derive("", f"polygamma({order}, x[i])")
    assert "the order of polygamma is a whole number from 1 on" in str(refused.value)
    assert "Write polygamma(1, x) for the first derivative of digamma(x)" in str(refused.value)


def test_every_function_is_tested():
    assert sorted(EXACT) == NAMES
