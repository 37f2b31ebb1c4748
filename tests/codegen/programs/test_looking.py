"""Places that are looked up in code: gathered and added up, in every target, with no array of all places."""

from importlib.util import find_spec

import numpy as np
import pytest

import indexcalc as ic

BACKENDS = ["einsum", "numpy", "numba", "jax", "torch", "dask"]
RANDOM = np.random.default_rng(1)
COUNT, PLACES, WIDTH = 4, 6, 3
TABLE, SCORES, SQUARE = (RANDOM.normal(size=size) for size in ((PLACES, WIDTH), (COUNT, PLACES), (PLACES, PLACES)))
POINTS, WEIGHTS, MATRIX = (RANDOM.normal(size=size) for size in (PLACES, COUNT, (WIDTH, 5)))
FROM, TO, PAIRS = (RANDOM.integers(0, PLACES, size) for size in (COUNT, COUNT, (2, COUNT)))
AGAIN = RANDOM.integers(0, COUNT, 7)


def one(place):
    return np.eye(PLACES)[place]


def hidden():
    value = np.tanh(TABLE[TO] @ MATRIX)
    return sum(np.outer(one(to), MATRIX @ (2 * v * (1 - v**2))) for to, v in zip(TO, value, strict=True))


def differences():
    pairs = [(np.exp(POINTS[s] - POINTS[t]), one(s) - one(t)) for s, t in zip(FROM, TO, strict=True)]
    return sum(value * np.outer(slope, slope) for value, slope in pairs)


def margins():
    found = np.zeros((COUNT, PLACES))
    for i, to in enumerate(TO):
        above = (1 + SCORES[i] - SCORES[i, to] > 0).astype(float)
        found[i] = above - one(to) * above.sum()
    return found


EDGES = {"x": POINTS, "s": FROM, "t": TO}
CASES = [
    (
        "y[i,k] = tanh(E[t[i],d]*W[d,k])\nL = sum[i,k](y[i,k]^2)",
        "diff(L, E[r,c])",
        {"E": TABLE, "t": TO, "W": MATRIX},
        hidden(),
    ),
    (
        "L = sum[i](x[s[i]]*x[t[i]]*w[i])",
        "diff(L, x[p], x[q])",
        EDGES | {"w": WEIGHTS},
        sum(
            w * (np.outer(one(s), one(t)) + np.outer(one(t), one(s)))
            for w, s, t in zip(WEIGHTS, FROM, TO, strict=True)
        ),
    ),
    ("L = sum[i](exp(x[s[i]] - x[t[i]]))", "diff(L, x[p], x[q])", EDGES, differences()),
    (
        "h[i,j] = relu(1 + z[i,j] - z[i,t[i]])\nL = sum[i,j](h[i,j])",
        "diff(L, z[i,j])",
        {"z": SCORES, "t": TO},
        margins(),
    ),
    (
        "y[b,d] = mean[k](E[t[b,k],d])\nL = sum[b,d](y[b,d]*c[b,d])",
        "diff(L, E[r,d])",
        {"E": TABLE, "t": PAIRS, "c": TABLE[:2]},
        sum(np.outer(one(PAIRS[b, k]), TABLE[b]) / COUNT for b in range(2) for k in range(COUNT)),
    ),
    (
        "y[i] = x[t[u[i]]]^2\nL = sum[i](y[i]*v[i])",
        "diff(L, x[p])",
        {"x": POINTS, "t": TO, "u": AGAIN, "v": np.arange(7.0)},
        sum(2 * POINTS[TO[u]] * i * one(TO[u]) for i, u in enumerate(AGAIN)),
    ),
    (
        "L = sum[i,j](A[t[i],t[j]]*w[i]*w[j])",
        "diff(L, A[p,q])",
        {"A": SQUARE, "t": TO, "w": WEIGHTS},
        np.outer(one(TO).T @ WEIGHTS, one(TO).T @ WEIGHTS),
    ),
    (
        "L = sum[i](A[t[i],t[i]]*w[i])",
        "diff(L, A[p,q])",
        {"A": SQUARE, "t": TO, "w": WEIGHTS},
        sum(w * np.outer(one(t), one(t)) for w, t in zip(WEIGHTS, TO, strict=True)),
    ),
    (
        "y[i] = z[i,t[i]]*x[s[i]]",
        "diff(y[i], x[p])",
        {"z": SCORES, **EDGES},
        SCORES[np.arange(COUNT), TO][:, None] * one(FROM),
    ),
    ("y[i] = E[t[i],2]", "diff(y[i], E[p,q])", {"E": TABLE, "t": TO}, one(TO)[:, :, None] * np.eye(WIDTH)[1]),
    (
        "L = sum[i](x[t[i]]) + sum[i](x[2]*w[i])",
        "diff(L, x[p])",
        {"x": POINTS, "t": TO, "w": WEIGHTS},
        one(TO).sum(axis=0) + WEIGHTS.sum() * one(1),
    ),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("sheet", "target", "given", "found"), CASES, ids=[f"{a}: {b}" for a, b, *_ in CASES])
def test_numbers(sheet, target, given, found, backend):
    if backend in ("numba", "jax", "torch", "dask") and find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    value = np.asarray(ic.derive(sheet, target).compile(backend=backend)(**given))
    exact = backend != "jax"
    np.testing.assert_allclose(value, found, rtol=1e-12 if exact else 1e-4, atol=1e-13 if exact else 1e-5)


def test_whole_numbers_do_not_tell_the_type():
    """float32 stays float32 beside places of int64, and places beyond what float16 holds are right."""
    function = ic.derive("L = sum[i](g[i]*E[t[i]])", "diff(L, E[p])").compile()
    value = function(g=np.ones(2, np.float32), t=np.array([1, 1]), E=np.zeros(3, np.float32))
    assert value.dtype == np.float32 and value.tolist() == [0, 2, 0]
    many = ic.derive("y[i] = E[t[i]]", "y[i]").compile()
    table = np.arange(300_001, dtype=np.float32)
    assert many(E=table, t=np.array([300_000, 299_999])).tolist() == [300_000, 299_999]
    half = np.zeros(5000, np.float16)
    half[4001] = 1
    assert many(E=half, t=np.array([4001, 4000])).tolist() == [1, 0]


def test_of_jax_and_torch_too():
    jax = pytest.importorskip("jax")
    torch = pytest.importorskip("torch")
    result = ic.derive("L = sum[i](g[i]*E[t[i]])", "diff(L, E[p])")
    given = {"g": np.ones(2, np.float32), "E": np.zeros(3, np.float32)}
    traced = jax.jit(lambda t: result.compile(backend="jax")(t=t, **given))(np.array([1, 1]))
    assert traced.dtype == np.float32 and traced.tolist() == [0, 2, 0]
    tensors = {name: torch.tensor(value) for name, value in given.items()}
    value = result.compile(backend="torch")(t=torch.tensor([1, 1]), **tensors)
    assert value.dtype == torch.float32 and value.tolist() == [0, 2, 0]
    for backend in ("jax", "torch", "numba", "dask"):
        if find_spec(backend) is not None:
            message = "t says the place 3, and there are the places 0 to 2"
            with pytest.raises((ic.IndexcalcError, ValueError), match=message):
                np.asarray(result.compile(backend=backend)(t=np.array([3, 1]), **given))


def test_no_array_has_all_places():
    """The gradient of an embedding is not a product with one row of zeros and ones for each word."""
    for backend in ("einsum", "numpy"):
        code = ic.derive("L = sum[i,d](g[i,d]*E[t[i],d]^2)", "diff(L, E[r,d])").code(backend)
        assert "add_at(t1, (t,), g)" in code and "isclose" not in code
    sheet = "a[i,k] = exp(z[i,k])/sum[j](exp(z[i,j]))\nL = -sum[i](log(a[i,t[i]]))"
    code = ic.derive(sheet, "diff(L, z[i,j])").code("numpy")
    assert "out[np.arange(n_i), t] -= 1" in code


def test_many_rows_fall_on_few_places():
    """Sums of rows by a sparse product, if scipy is there, are the sums of np.add.at."""
    places, rows = RANDOM.integers(0, 50, 400), RANDOM.normal(size=(400, 5))
    sheet = "y[p,d] = sum[i](delta[t[i],p]*g[i,d])\nL = sum[p,d](y[p,d]*E[p,d])"
    function = ic.derive(sheet, "diff(L, E[p,d])").compile()
    for size in (50, 4000):
        found = np.zeros((size, 5))
        np.add.at(found, places, rows)
        np.testing.assert_allclose(function(t=places, g=rows, E=np.zeros((size, 5))), found, rtol=1e-12)


def test_what_the_formula_makes_of_places_is_checked():
    function = ic.derive("s[b] = u[r[b]]\ny[b] = x[s[b]]", "y[b]").compile()
    given = {"x": np.arange(4.0) * 10, "r": np.array([2, 0])}
    assert function(u=np.array([3, 1, 2]), **given).tolist() == [20, 30]
    with pytest.raises(ic.IndexcalcError, match="u says the place 9, and there are the places 0 to 3"):
        function(u=np.array([3, 1, 9]), **given)


def test_a_fixed_place_beside_one_that_is_looked_up_is_refused():
    with pytest.raises(ic.IndexcalcError) as caught:
        ic.derive("y[i] = delta[t[i],2]*w[i]", "y[i]")
    assert str(caught.value) == (
        "line 1, column 19: what is looked up is compared with the place 2.\n"
        "    y[i] = delta[t[i],2]*w[i]\n                      ^\n"
        "Compare it with a letter, as in delta[t[i],p]."
    )
