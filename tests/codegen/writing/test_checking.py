"""The line with which generated functions begin: ranks, sizes and types, alike in all targets."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.codegen import BACKENDS
from tests.codegen.backends import function_of_file

SHEET = "index i : m\nL = sum[i]((x[i,j]*w[j] - y[i])^2)/m + c"
MODULES = {"einsum": "numpy", "dask": "dask.array"}


def load(text, target, backend):
    """The function of a generated file."""
    pytest.importorskip(MODULES.get(backend, backend))
    return function_of_file(ic.derive(text, target).code(backend=backend))


def line(text, target, backend="einsum"):
    """The statement that checks, without its indentation."""
    code = ic.derive(text, target).code(backend=backend)
    return next(each.strip() for each in code.splitlines() if " = checked(" in each)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_line_is_the_same_for_all_targets(backend):
    assert line(SHEET, "L", backend) == 'x, w, y, c = checked(x=(x, "m>=1 j"), w=(w, "j"), y=(y, "m"), c=(c, ""))'


def test_a_long_line_is_broken():
    names = [f"a_tensor_with_a_long_name_{number}" for number in range(9)]
    found = load("", "*".join(f"{name}[i]" for name in names), "numpy")(*([2.0, 3.0] for _ in names))
    assert found == 2.0**9 + 3.0**9
    code = ic.derive("", "*".join(f"{name}[i]" for name in names[:3])).code()
    assert f'    {", ".join(names[:3])} = checked(\n        {names[0]}=({names[0]}, "i"),\n' in code


def test_ranges_with_one_label_have_different_words():
    sheet = "index i : j\nf[i] = x[i]*sum[j](y[j])"
    assert line(sheet, "f[i]") == 'x, y = checked(x=(x, "j"), y=(y, "n_j"))'


WRONG = [
    ({"x": (3, 2), "w": (2,), "y": (2,)}, r"y has the axes \(m\) where m = 3, j = 2; got the shape \(2,\)"),
    ({"x": (3, 2), "w": (1,), "y": (3,)}, r"w has the axes \(j\) where m = 3, j = 2; got the shape \(1,\)"),
    ({"x": (3, 2, 1), "w": (2,), "y": (3,)}, r"x has the axes \(m>=1 j\); got the shape \(3, 2, 1\)"),
    ({"x": (3, 2), "w": (), "y": (3,)}, r"w has the axes \(j\) where m = 3, j = 2; got the shape \(\)"),
    ({"x": (0, 2), "w": (2,), "y": (0,)}, r"x has the axes \(m>=1 j\) where m = 0, j = 2; got the shape \(0, 2\)"),
    ({"x": (3, 2), "w": (2,), "y": (3,), "c": (1,)}, r"c has the axes \(\) where m = 3, j = 2; got the shape \(1,\)"),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("shapes", "message"), WRONG)
def test_what_does_not_fit_is_an_error_that_names_the_argument(backend, shapes, message):
    function = load(SHEET, "L", backend)
    with pytest.raises(ValueError, match=message):
        function(**{"c": 1.0, **{name: np.ones(shape) for name, shape in shapes.items()}})


@pytest.mark.parametrize("backend", BACKENDS)
def test_nothing_is_stretched_and_nothing_read_past_the_end(backend):
    function = load("", "x[i]*w[i]", backend)
    for wrong in (np.ones(2), np.ones(1), 1.0, np.ones((3, 1))):
        with pytest.raises(ValueError, match="w has the axes"):
            function(np.ones(3), wrong)
    function = load("", "x[3]*w[i]", backend)
    with pytest.raises(ValueError, match=r"x has the axes \(\w+>=3\) where \w+ = 2; got the shape \(2,\)"):
        function(np.ones(2), np.ones(2))


@pytest.mark.parametrize("backend", BACKENDS)
def test_sizes_that_are_arguments(backend):
    function = load("index i, j : n", "delta[i,j]*c", backend)
    assert np.asarray(function(2.0, 3)).tolist() == [[2, 0, 0], [0, 2, 0], [0, 0, 2]]
    with pytest.raises(TypeError, match="integer"):
        function(2.0, 3.5)
    with pytest.raises(ValueError, match="n must be at least 0; got -1"):
        function(2.0, -1)
    function = load("index i, j : n", "delta[i,2]*c", backend)
    with pytest.raises(ValueError, match="n must be at least 2; got 1"):
        function(2.0, 1)


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_holds_no_real_numbers(backend):
    function = load("", "x[i]*w[i]", backend)
    with pytest.raises(TypeError, match="w must hold real numbers"):
        function(np.ones(2), np.ones(2) * 1j)


SINGLE, DOUBLE = np.float32, np.float64
TYPES = [
    ((SINGLE, SINGLE, SINGLE), SINGLE),
    ((SINGLE, SINGLE, float), SINGLE),  # a number takes part in no choice of a type where there are arrays
    ((SINGLE, SINGLE, DOUBLE), SINGLE),
    ((SINGLE, DOUBLE, SINGLE), DOUBLE),
    ((SINGLE, int, float), DOUBLE),
    ((np.int8, SINGLE, float), DOUBLE),
    ((bool, bool, int), DOUBLE),
    ((list, SINGLE, float), DOUBLE),
    ((list, list, int), DOUBLE),
]
PROBLEMS = [
    "x[i]*w[i]*c",
    "delta[i,j]*w[i]*c",
    "x[i]*w[i] + c",
    "where(x[i] > 0, 1, 2)*c + w[i]",
    "c*delta[i,2] + x[i]",
]


@pytest.mark.parametrize("backend", [each for each in BACKENDS if each != "jax"])
@pytest.mark.parametrize("target", PROBLEMS)
def test_the_type_of_the_result(backend, target):
    function, compiled = load("", target, backend), ic.derive("", target).compile(backend)
    names = compiled.arguments
    for types, expected in TYPES:
        arrays = {"x": [1, 0, 1], "w": [1, 1, 0], "c": 1}
        given = {name: made(arrays[name], kind) for name, kind in zip("xwc", types, strict=True) if name in names}
        wanted = expected if len(names) == 3 else ic.derive("", target).compile("einsum")(**given).dtype
        for found in (function(**given), compiled(**given)):
            assert str(getattr(found, "dtype", type(found))).removeprefix("torch.") == np.dtype(wanted).name


def made(value, kind):
    """A value of a type; a list as it is."""
    return list(map(float, value)) if kind is list else kind(value) if np.ndim(value) == 0 else np.array(value, kind)


def test_numbers_alone_promote_as_well():
    for backend in ("einsum", "numpy"):
        function = load("", "a*b", backend)
        assert function(SINGLE(2), SINGLE(3)).dtype == SINGLE
        assert function(SINGLE(2), 3).dtype == SINGLE
        assert function(2, 3).dtype == DOUBLE
        compiled = ic.derive("", "a*b").compile(backend)
        assert compiled(a=SINGLE(2), b=SINGLE(3)).dtype == SINGLE
        assert compiled(a=2, b=3).dtype == DOUBLE


def test_a_gradient_of_integers_is_none_of_integers():
    sheet = "index i : m\nL = sum[i]((x[i,j]*w[j] - y[i])^2)"
    given = {"x": np.array([[1, 2], [3, 4]]), "w": np.array([0.5, 0.25]), "y": np.array([1, 2])}
    expected = 2 * given["x"].T @ (given["x"] @ given["w"] - given["y"])
    for backend in ("einsum", "numpy", "numba"):
        if backend == "numba":
            pytest.importorskip("numba")
        np.testing.assert_allclose(load(sheet, "diff(L, w[j])", backend)(**given), expected)


def test_the_line_is_all_that_a_compiled_function_leaves_out():
    function = ic.derive("", "x[i]*w[i]").compile()
    code = function._code
    assert code.check.strip() == 'x, w = checked(x=(x, "i"), w=(w, "i"))'
    assert len(code.unchecked.splitlines()) == len(code.source.splitlines())
    assert function.source == code.source
