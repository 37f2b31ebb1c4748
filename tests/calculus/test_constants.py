"""Where a function is taken of a constant whatever the arguments are: distances on the diagonal."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.calculus.constants import NO_SHEET, Constants
from indexcalc.terms import ONE, ZERO, Delta, Where

LETTERS = "index i, j, k, l : n\nindex a, b, c : d\n"
PAIRS = LETTERS + "D[i,j] = sum[a]((r[i,a] - r[j,a])^2)\ns[i,j] = sqrt(D[i,j])\nE = sum[i,j](s[i,j])"


def guarded(text, varied=()):
    """The slope 1 of the function that h is."""
    sheet = ic.parse(LETTERS + text)
    call = sheet.definitions["h"].body
    argument = call.fields[1] if isinstance(call.fields[0], str) else call.fields[0]
    return Constants(sheet, frozenset(varied)).guarded(call, argument, ONE), sheet


CONSTANT = [
    "h[i,j] = sqrt(sum[a]((r[i,a] - r[j,a])^2))",
    "h[i,j] = sum[a]((r[i,a] - r[j,a])^2)^(1/2)",
    "h[i,j] = sum[a](abs(r[i,a] - r[j,a]))^(1/3)",
    "h[i,j] = sqrt(x[i]^2 - 2*x[i]*x[j] + x[j]^2)",
    "h[i,j] = sqrt(D[i,j])\nD[i,j] = sum[a]((r[i,a] - r[j,a])^2)",
    "h[i,j] = arccos(sum[a](u[i,a]*u[j,a]))\nu[i,a] = r[i,a]/sqrt(sum[b](r[i,b]^2))",
]
VARYING = [
    "h[i,j] = sqrt(sum[a]((r[i,a] + r[j,a])^2))",
    "h[i,j] = sqrt(x[i] - y[j])",
    "h[i] = sqrt(sum[a](r[i,a]^2))",
    "h[i,j] = sqrt((x[i] - x[j])^2 + 1)",  # a constant, but no pole
    "h[i,j] = log((x[i] - x[j])^2)",  # has no value there
    "h[i,j] = exp(x[i] - x[j])",
    "h[i,j] = (x[i] - x[j])^(3/2)",
]


@pytest.mark.parametrize("text", CONSTANT)
def test_constants_on_the_diagonal_are_seen(text):
    slope, sheet = guarded(text)
    i, j = sheet.definitions["h"].axes
    assert slope in (Where(Delta(i, j), ZERO, ONE), Where(Delta(j, i), ZERO, ONE))


@pytest.mark.parametrize("text", VARYING)
def test_no_constants_are_seen_where_there_are_none(text):
    assert guarded(text)[0] is ONE


def test_a_tensor_that_is_varied_has_no_definition():
    assert guarded("D[i,j] = (x[i] - x[j])^2\nh[i,j] = sqrt(D[i,j])")[0] is not ONE
    assert guarded("D[i,j] = (x[i] - x[j])^2\nh[i,j] = sqrt(D[i,j])", {"D"})[0] is ONE


def test_fixed_places_and_two_pairs_at_once():
    slope, _ = guarded("h[i] = sqrt((x[i] - x[1])^2)")
    assert isinstance(slope, Where) and slope.then is ZERO
    slope, _ = guarded("h[i,j,k,l] = sqrt((x[i] - x[j])^2 + (x[k] - x[l])^2)")
    assert isinstance(slope, Where) and isinstance(slope.then, Where) and slope.then.then is ZERO


def test_without_a_sheet_only_the_term_itself_speaks():
    call = ic.parse(LETTERS + "h[i,j] = sqrt((x[i] - x[j])^2)").definitions["h"].body
    assert NO_SHEET.guarded(call, call.arguments[0], ONE) is not ONE


@pytest.mark.parametrize("backend", ["einsum", "numpy", "numba", "jax", "torch", "dask"])
def test_the_gradient_of_pairwise_distances(backend):
    if backend in ("numba", "jax", "torch", "dask"):
        pytest.importorskip(backend)
    function = ic.derive(PAIRS, "diff(E, r[k,c])").compile(backend=backend)
    with np.errstate(all="ignore"):
        result = np.asarray(function(r=np.array([[0.0, 0.0], [3.0, 4.0]])))
    np.testing.assert_allclose(result, [[-1.2, -1.6], [1.2, 1.6]], rtol=1e-6)


@pytest.mark.parametrize(
    ("sheet", "target"),
    [
        (PAIRS, "diff(E, r[k,c])"),
        (PAIRS, "diff(E, r[k,c], r[l,b])"),
        (PAIRS, "diff(s[i,j], r[k,c])"),
        (LETTERS + "E = sum[i,j](exp(-sqrt(sum[a]((r[i,a] - r[j,a])^2))))", "diff(E, r[k,c])"),
        (LETTERS + "E = sum[i](sqrt(sum[a]((r[i,a] - r[1,a])^2)))", "diff(E, r[k,c])"),
        (LETTERS + "E = max[i,j](sqrt(sum[a]((r[i,a] - r[j,a])^2)))", "diff(E, r[k,c])"),
    ],
)
def test_derivatives_of_distances_agree_with_the_witnesses(sheet, target):
    assert ic.derive(sheet, target).verify().passed


def test_forward_and_reverse_agree():
    assert ic.jvp(PAIRS, "E", ["r"]).verify().passed
    assert ic.hvp(PAIRS, "E", ["r"]).verify().passed
