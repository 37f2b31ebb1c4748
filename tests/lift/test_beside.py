"""Code beside formulas: which names belong together, derivatives by a library, and what code compares with them."""

import pytest

import indexcalc as ic
from indexcalc.lift.arrays.array import Array
from indexcalc.lift.beside.following import follow
from indexcalc.lift.beside.known import Known, folded
from indexcalc.lift.beside.numbers import numbers_of
from indexcalc.terms import Number, Product, Range, Size

REGRESSION = """
import autograd.numpy as np
from autograd import jacobian

def score(w, x):
    return np.tanh(x @ w)

x = np.random.randn(40, 3)
w = np.random.randn(3)
true = jacobian(score)(w, x)
mine = (1 - score(w, x) ** 2)[:, None] * x
assert np.allclose(mine, true)
"""


def claims(code, known=None):
    return [(each.line, str(each.verdict)) for each in follow(code, known or Known())]


def test_a_derivative_of_a_library_is_that_of_the_code():
    assert claims(REGRESSION) == [(12, "proved")]
    assert claims(REGRESSION.replace("1 - score", "1 + score")) == [(12, "refuted")]


@pytest.mark.parametrize(
    ("head", "true"),
    [
        ("import jax", "jax.jacobian(score)(w, x)"),
        ("import jax", "jax.jacfwd(score, argnums=0)(w, x)"),
        ("import jax", "jax.jacrev(score)(w, x)"),
        ("import torch", "torch.autograd.functional.jacobian(lambda v: score(v, x), w)"),
    ],
)
def test_the_libraries(head, true):
    code = REGRESSION.replace("import autograd.numpy as np", f"import numpy as np\n{head}")
    code = code.replace("from autograd import jacobian", "").replace("jacobian(score)(w, x)", true)
    assert [word for _, word in claims(code)] == ["proved"]


def test_the_gradient_of_a_number_and_of_each_element():
    code = "import jax\nimport jax.numpy as jnp\nx = np.random.randn(4)\n"
    code += "f = lambda v: jnp.sum(v ** 3)\ng = jax.grad(f)(x)\nnp.testing.assert_allclose(3 * x ** 2, g)\n"
    assert claims(code) == [(6, "proved")]
    each = "from autograd import elementwise_grad as egrad\nx = np.random.randn(4)\n"
    each += "g = egrad(np.sin)(x)\nassert np.allclose(np.cos(x), g)"
    assert claims(each) in ([(4, "proved")], [])


def test_a_measure_of_the_code_compares_if_it_is_0_for_equal_arrays():
    measured = REGRESSION.replace("assert np.allclose(mine, true)", "gap(mine, true)")
    gap = "def gap(a, b):\n    return np.mean(np.abs(a - b) / np.abs(b))\n"
    assert [word for _, word in claims(gap + measured)] == ["proved"]
    assert claims("def gap(a, b):\n    return np.mean(a * b)\n" + measured) == []


def test_two_arrays_by_hand_are_not_compared():
    code = "import numpy as np\na = np.random.randn(3)\nb = np.random.randn(3)\nloss = np.allclose(a, b)\n"
    assert claims(code) == []


def test_random_numbers_of_an_interval_refute_nothing():
    code = REGRESSION.replace("np.random.randn(40, 3)", "np.random.rand(40, 3)").replace("1 - score", "1 + score")
    assert claims(code) == []


def test_names_are_the_same_but_for_capitals_underscores_and_labels():
    sheet = ic.parse("y_hat[i] = A[i,j]*x[j]\nL = 1/2*sum[i](y_hat[i]^2)")
    known = Known(sheet.slots, bare={"z_L": "z"})
    assert (known.tensor("yHat"), known.tensor("YHAT"), known.tensor("y")) == ("y_hat", "y_hat", None)
    assert Known({"a": (), "A": ()}).tensor("a") == "a"
    assert Known({"x_y": (), "xy": ()}).tensor("XY") is None
    assert Known({"z_L": ()}, bare={"z_L": "z"}).tensor("Z") == "z_L"
    assert folded("d_CE_dW") == "dcedw"


@pytest.mark.parametrize(("size", "wanted"), [(None, None), (4, 8.0)])
def test_a_length_that_is_not_known_makes_no_number(size, wanted):
    """Of an array that is no list of its elements any more: its length stands in the term alone."""
    found = numbers_of(Array((), Product(Number(2), Size(Range("~1", size=size)))))
    assert found is None if wanted is None else float(found) == wanted
