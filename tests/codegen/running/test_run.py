"""What a compiled function accepts, and what it says of what it does not."""

import re
import traceback

import numpy as np
import pytest

from indexcalc import codegen
from indexcalc.api import derive
from indexcalc.errors import IndexcalcError
from tests.codegen.elementwise import read

SHEET = "index p : m\nindex q : n\nz[p,q] = x[p,t]*w[t,q] + b[q]"


def function(sheet=SHEET, text="z[p,q]*c", axes="pq", **options):
    reading = read(sheet, text, axes)
    return codegen.compile(reading.term, reading.axes, reading.sheet, **options)


def given(**changes):
    arrays = {"x": np.ones((4, 2)), "w": np.ones((2, 3)), "b": np.zeros(3), "c": 2.0}
    return {name: value for name, value in {**arrays, **changes}.items() if value is not None}


REFUSED = [
    ({"b": None}, "missing: b has the axes (n,). Give each as a keyword."),
    ({"b": None, "c": None}, "missing: b has the axes (n,), c is a number. Give each as a keyword."),
    ({"z": np.ones((4, 3))}, "the sheet has no tensor z that is to be given. It takes x, w, b, c."),
    ({"bb": np.ones(3)}, "the sheet has no tensor bb that is to be given. Did you mean b."),
    ({"b": np.ones((3, 1))}, "b has the axes (n,); got an array of shape (3, 1)."),
    ({"c": np.ones(3)}, "c is a number; got an array of shape (3,)."),
    ({"b": np.ones(1)}, "b has the axes (n,); got shape (1,), but n is 3 by axis 2 of w."),
    ({"w": np.ones((5, 3))}, "w has the axes (t, n); got shape (5, 3), but t is 2 by axis 2 of x."),
    ({"b": np.ones(3, complex)}, "b must hold real numbers; got type complex128."),
    ({"b": ["a", "b", "c"]}, "b must hold real numbers; got type <U1."),
    ({"x": [[1, 2], [3]]}, "x is no array: its rows differ in length."),
]


@pytest.mark.parametrize(("changes", "message"), REFUSED)
def test_refused(changes, message):
    with pytest.raises(IndexcalcError) as caught:
        function()(**given(**changes))
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["x[4]*y[i]", "delta[i,4]*y[i]", "where(i == 4, x[i], 1)"])
def test_a_place_that_is_named_must_exist(text):
    f = function("index i : n", f"{text} + x[i]", "i")
    arrays = {"x": np.ones(3), "y": np.ones(3)}
    with pytest.raises(IndexcalcError, match=r"the formula names place 4, but axis 1 of . has only 3"):
        f(**{name: array for name, array in arrays.items() if name in f.arguments})


def test_a_size_in_the_sheet_is_checked():
    with pytest.raises(IndexcalcError, match=r"x has the axes \(3,\); got shape \(4,\), but axis 1 of x has 3 values"):
        function("index i : 3", "x[i]^2", "i")(x=np.ones(4))


ACCEPTED = [
    {"x": [[1, 1]] * 4},
    {"b": np.zeros(3, int)},
    {"c": 2},
    {"c": np.float32(2)},
    {"x": np.ones((2, 4)).T},
    {"x": np.ones((8, 2))[::2]},
]


@pytest.mark.parametrize("changes", ACCEPTED)
def test_accepted(changes):
    for _ in range(2):  # the second call takes the short way
        result = function()(**given(**changes))
        assert result.dtype == np.float64
        assert np.array_equal(result, np.full((4, 3), 4.0))


def test_the_type_is_single_only_if_all_arrays_are():
    single = {name: np.asarray(value, np.float32) for name, value in given(c=None).items()}
    f = function()
    assert f(**single, c=2.0).dtype == np.float32
    assert f(**{**single, "b": np.zeros(3)}, c=2.0).dtype == np.float64


def test_leaves_that_are_not_needed_may_be_given_and_are_checked():
    f = function(text="b[q]*c", axes="q")
    assert f.arguments == ("b", "c")
    assert f(**given()).tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(IndexcalcError, match="n is 4 by axis 2 of w"):
        f(**given(w=np.ones((2, 4))))


def test_a_leaf_that_only_gives_a_size_may_be_replaced_by_another_one():
    f = function(text="delta[q,q']", axes="qq'")
    assert f.arguments == ("w",)
    assert f(w=np.ones((2, 3))).tolist() == f(b=np.ones(3)).tolist() == np.eye(3).tolist()
    assert f(w=np.ones((2, 3), np.float32)).dtype == np.float32


def test_a_size_that_no_tensor_has_is_an_argument():
    f = function("index i, j : n", "delta[i,j]/n", "ij")
    assert f.arguments == ("n",)
    assert f(n=2).tolist() == [[0.5, 0.0], [0.0, 0.5]]
    with pytest.raises(IndexcalcError, match=r"missing: n \(a size\)"):
        f()


def test_pi_is_known():
    f = function("", "pi*x[i]", "i")
    assert f(x=np.ones(2)).tolist() == [np.pi, np.pi]
    assert f(x=np.ones(2), pi=3.0).tolist() == [3.0, 3.0]


SPELLINGS = [
    ("lambda", "lambda_"),
    ("np", "np_"),
    ("len", "len_"),
    ("zeros", "zeros_"),
    ("σ", "σ"),
]


@pytest.mark.parametrize(("name", "identifier"), SPELLINGS)
def test_names_that_python_would_not_take(name, identifier):
    f = function("", f"{name}*x[i]", "i")
    assert f"{identifier}:" in f.source
    assert f(**{name: 2.0}, x=np.ones(2)).tolist() == f(**{identifier: 2.0}, x=np.ones(2)).tolist() == [2.0, 2.0]


def test_results_of_the_compressed_kind():
    result = function("", "delta[i,j]*x[i]*y[k]", "ijk", structure="compressed")(x=np.array([1.0, 2.0]), y=np.ones(3))
    assert isinstance(result, codegen.Structured)
    assert (result.pattern, result.core, result.shape) == (("i", "i", "k"), ("i", "k"), (2, 2, 3))
    assert result.dense().shape == (2, 2, 3)


def test_a_number_is_a_number():
    assert float(function("", "sum[i](x[i])", "")(x=np.ones(3))) == 3.0
    assert float(function("", "2", "")()) == 2.0


def test_a_traceback_shows_the_source():
    f = function("", "f(x[i])", "i")
    with pytest.raises(TypeError) as caught:
        f(x=np.ones(2), f=lambda x: x + "a")
    assert "    return f(x)\n" in "".join(traceback.format_tb(caught.value.__traceback__))


def test_the_order_follows_the_sizes():
    f = function("", "A[i,j]*B[j,k]*C[k,l]", "il")
    small, large = np.ones((2, 50)), np.ones((50, 50))
    assert np.array_equal(f(A=small, B=large, C=large), small @ large @ large)
    assert np.array_equal(f(A=large, B=large, C=small.T), large @ large @ small.T)
    returns = {re.search(r"    return (.*)", source)[1] for source in f._runs}
    assert {"(A @ B) @ C", "A @ (B @ C)"} == returns


def test_a_function_says_what_it_is():
    f = function(name="scores")
    assert repr(f) == "<scores(x, w, b, c)>"
    assert f.axes == {"result": ("p", "q")}
    assert "Returns an array with axes [p,q]" in f.__doc__


@pytest.mark.parametrize("kind", [float, np.float64, np.float32, np.int64])
def test_a_number_that_was_computed_is_planned_once(kind, monkeypatch):
    """A loop that updates a number hands it on as numpy's: its calls are made like those with a float."""
    f = derive("L = sum[i]((x[i]*A[i,j]*B[j,k]*y[k] - d)^2)", "diff(L, d)").compile()
    given = {"x": np.ones(3), "A": np.ones((3, 2)), "B": np.ones((2, 4)), "y": np.ones(4)}
    first = f(**given, d=kind(2))
    monkeypatch.setattr(f, "_run", lambda *_: pytest.fail("planned anew"))
    assert f(**given, d=kind(2)) == first
    assert f(**given, d=kind(3)) != first
