"""The reference evaluator, against numbers worked out by hand or in closed form."""

import numpy as np
import pytest

from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.verify.evaluator import World
from indexcalc.verify.reference import Differences, Reference, evaluate
from indexcalc.verify.samples import sample
from indexcalc.verify.stand_ins import stand_in

A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 10.0]])
X = np.array([0.5, 1.0, 2.0])
Y = np.array([-1.0, 0.25, 3.0])
SQUARE = "index i, j, k, l : n\nu = A[i,j]*x[i]*x[j] + c*y[i]*y[i]"


def value(target, sheet=SQUARE, kind=Reference, **arrays):
    """The array of a target in a world with these arrays (A, x, y and c where none are given)."""
    reading = read_expression(parse_sheet(sheet), target)
    arrays = {"A": A, "x": X, "y": Y, "c": 2.0, **arrays}
    known = {name: np.asarray(array) for name, array in arrays.items() if name in reading.sheet.leaves}
    sizes = dict(sample(reading.sheet, [], 0).sizes)
    for name, array in known.items():
        sizes.update(zip(reading.sheet.slots[name], array.shape, strict=True))
    return np.asarray(kind(World(reading.sheet, sizes, known)).array(reading.term, reading.axes))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("A[i,i]", 16.0),  # a letter twice in one tensor: the trace
        ("x[i]*y[i]", X @ Y),
        ("x[i]*x[i]*x[i]", (X**3).sum()),
        ("A[i,j]*x[j]", A @ X),
        ("A[j,i]*x[j]", A.T @ X),
        ("sum[i,j](A[i,j])", A.sum()),
        ("sum[i](x[i] + c)", (X + 2).sum()),
        ("sum[j](x[i])", 3 * X),
        ("sum[i,j](x[k]*diff(A[i,j], y[l]) + 1)", np.full((3, 3), 9.0)),
        ("sum[j](x[k]*diff(y[j], c))", 0 * X),
        ("mean[j](A[i,j])", A.mean(axis=1)),
        ("prod[i](x[i])", X.prod()),
        ("prod[j](c)", 8.0),
        ("max[j](A[i,j])", A.max(axis=1)),
        ("min[i,j](A[i,j])", A.min()),
        ("logsumexp[i](x[i])", np.log(np.exp(X).sum())),
        ("delta[i,j]", np.eye(3)),
        ("delta[i,j]*A[i,j]", np.trace(A)),
        ("A[2,i]", A[1]),
        ("x[3]", 2.0),
        ("delta[i,2]", [0, 1, 0]),
        ("1[i == j]*x[i]*y[j]", X @ Y),
        ("where(i != j, A[i,j], 0)", A - np.diag(np.diag(A))),
        ("1[x[i] > 0.75]", [0, 1, 1]),
        ("n*x[i]", 3 * X),
        ("x[i]^(-2)", X**-2.0),
        ("y[i]^3", Y**3),
        ("c^x[i]", 2**X),
        ("x[i]/y[j]", X[:, None] / Y),
        ("max(x[i], y[i])", np.maximum(X, Y)),
        ("abs(y[i])", np.abs(Y)),
        ("relu(y[i])", np.maximum(Y, 0)),
        ("sign(y[i])", np.sign(Y)),
        ("pi*x[i]", np.pi * X),
        ("u", X @ A @ X + 2 * Y @ Y),
        ("where(y[i] > 0, log(y[i]), 0)", np.where(Y > 0, np.log(np.abs(Y)), 0)),  # log(-1) is not chosen
    ],
)
def test_values(target, expected):
    np.testing.assert_allclose(value(target), expected, rtol=1e-14)


def test_epsilon_is_the_cross_product():
    cross = value("eps[a,b,d]*v[b]*w[d]", sheet="", v=np.array([1.0, 2, 3]), w=np.array([-1.0, 0, 2]))
    np.testing.assert_allclose(cross, np.cross([1, 2, 3], [-1, 0, 2]))


@pytest.mark.parametrize("kind", [Reference, Differences])
@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("diff(u, x[k])", (A + A.T) @ X),
        ("diff(u, x[k], x[l])", A + A.T),
        ("diff(u, x[k], c)", np.zeros(3)),
        ("diff(u, y[k], c)", 2 * Y),
        ("diff(u, c)", Y @ Y),
        ("diff(u, A[k,l])", np.outer(X, X)),
        ("diff(A[i,j]*x[j], x[k])", A),
        ("diff(exp(x[i]), x[i])", np.exp(X)),  # a shared letter: the diagonal
        ("diff(x[i]*x[i], x[2])", 2.0),
        ("diff(A[i,i], A[k,l])", np.eye(3)),
        ("diff(c*x[i], y[j])", np.zeros((3, 3))),
        ("diff(abs(y[i]), y[i])", np.sign(Y)),
        ("diff(relu(y[i]), y[i])", Y > 0),
        ("diff(sign(y[i]), y[i])", np.zeros(3)),
        ("diff(max[i](x[i]), x[j])", [0, 0, 1]),
        ("diff(where(y[i] > 0, sqrt(y[i]), c), y[i])", [0, 1, 0.5 / np.sqrt(3)]),
        ("diff(x[i]^c, c)", X**2 * np.log(X)),
        ("diff(x[i]^(-1), x[i])", -(X**-2.0)),
        ("diff(erf(x[i]), x[i])", 2 / np.sqrt(np.pi) * np.exp(-(X**2))),
    ],
)
def test_derivatives(target, expected, kind):
    np.testing.assert_allclose(value(target, kind=kind), expected, rtol=1e-8, atol=1e-8)


def test_the_slope_of_softplus_at_zero_is_a_half():
    np.testing.assert_allclose(value("diff(softplus(x[i]), x[i])", x=np.zeros(3)), 0.5)


CHAIN = "v = x[i]*x[i]\nw = v^2 + x[i]*x[i]\nz = w*v"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("diff(z, w)", 5.25),  # v does not move with w
        ("diff(z, v)", 2 * 5.25 * 5.25 + 5.25**2 + 5.25),  # w does move with v
        ("diff(v, z)", 0.0),
        ("diff(z, x[j])", (2 * 3 * 5.25**2 + 4 * 5.25) * X),
        ("diff(diff(z, w), v)", 1.0),
    ],
)
def test_a_defined_variable_is_independent(target, expected):
    np.testing.assert_allclose(value(target, CHAIN), expected, rtol=1e-10)


def test_a_second_derivative_keeps_ten_digits():
    hessian = value("diff(s[i], x[j], x[k])", "index i, j, k, l : n\ns[i] = exp(x[i])/sum[l](exp(x[l]))")
    s = np.exp(X) / np.exp(X).sum()
    first = np.diag(s) - np.outer(s, s)
    expected = first[:, None, :] * np.eye(3)[:, :, None] - first[:, None, :] * s[:, None] - s[:, None, None] * first
    np.testing.assert_allclose(hessian, expected, atol=1e-11)


def test_an_unknown_function_has_its_derivative():
    sheet = parse_sheet("g[i] = f(x[i])")
    reading = read_expression(sheet, "diff(g[i], x[i]) - f'(x[i])")
    world = sample(reading.sheet, [reading.term], 3)
    np.testing.assert_allclose(evaluate(reading.term, world, reading.axes), 0, atol=1e-15)
    assert stand_in("f''", 1, 3) == stand_in("f''", 1, 3) != stand_in("f'", 1, 3)
    assert stand_in("f", 1, 3) != stand_in("g", 1, 3)


def test_a_long_chain_needs_no_deep_recursion():
    lines = ["s0 = x[i]*x[i]", *(f"s{n} = tanh(s{n - 1})*c" for n in range(1, 1500))]
    assert np.isfinite(value("diff(s1499, c)", "\n".join(lines)))


def test_a_large_variable_is_moved_in_blocks(monkeypatch):
    whole = value("diff(A[i,j]*x[j]*A[i,k], A[j,l])")
    monkeypatch.setattr("indexcalc.verify.reference.LARGEST_BLOCK", 1)
    np.testing.assert_array_equal(value("diff(A[i,j]*x[j]*A[i,k], A[j,l])"), whole)


@pytest.mark.parametrize(
    ("target", "axes", "words"),
    [
        ("x[4]", (), "the place 4 lies outside a range of size 3"),
        ("A[i,j]", ("i",), "the expression is free in j too"),
        ("q[i]", ("i",), "the tensor q has no value"),
        ("f(x[i])", ("i",), "the function f has no value"),
    ],
)
def test_what_cannot_be_evaluated(target, axes, words):
    reading = read_expression(parse_sheet(SQUARE), target)
    world = World(reading.sheet, sample(reading.sheet, [], 0).sizes, {"A": A, "x": X})
    with pytest.raises(IndexcalcError, match=words):
        evaluate(reading.term, world, tuple(index for index in reading.axes if index.name in axes))


@pytest.mark.parametrize(
    "target",
    [
        "max(log(-x[i]), x[i])",
        "min(x[i], log(-x[i]))",
        "1[log(-x[i]) <= x[i]]",
        "relu(log(-x[i]))",
        "max[i](log(y[i]))",
    ],
)
def test_what_is_no_number_is_never_chosen(target):
    assert np.isnan(value(target)).any()


def test_a_branch_that_is_not_chosen_may_be_no_number():
    assert np.array_equal(value("where(y[i] > 0, log(y[i]), 0)")[:1], [0.0])
