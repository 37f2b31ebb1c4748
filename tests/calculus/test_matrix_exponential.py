"""The matrix exponential: what is known of it, its first derivative in every target, the second is refused."""

import numpy as np
import pytest

import indexcalc as ic

SHEET = "tensor A[i,j], B[i,j], c[i], x[i], t\n"
TRUE = [
    ("diff(expm(t*A), t)", "A @ expm(t*A)"),
    ("diff(expm(t*A), t)", "expm(t*A) @ A"),
    ("diff(expm(-t*A), t)", "-A @ expm(-t*A)"),
    ("diff(x @ expm(t*A) @ c, t)", "x @ A @ expm(t*A) @ c"),
    ("diff(tr(expm(A)), A)", "expm(A).T"),
    ("diff(tr(expm(t*A)), A)", "t*expm(t*A).T"),
    ("det(expm(A))", "exp(tr(A))"),
    ("logdet(expm(A))", "tr(A)"),
    ("inv(expm(A))", "expm(-A)"),
    ("expm(A) @ expm(-A)", "eye"),
    ("expm(A.T)", "expm(A).T"),
    ("expm(diag(x))", "diag(exp(x))"),
    ("expm(0*A)", "eye"),
    ("(A + B) @ expm(A + B)", "expm(A + B) @ (A + B)"),
]
FALSE = [
    ("diff(expm(t*A), t)", "A.T @ expm(t*A)"),
    ("diff(tr(expm(A)), A)", "expm(A)"),
    ("diff(expm(A), A[k,l])", "expm(A)"),
    ("expm(A)", "exp(A)"),
    ("expm(A) @ expm(B)", "expm(A + B)"),
    ("det(expm(A))", "exp(det(A))"),
]


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_what_holds_is_proved(left, right):
    assert str(ic.equal(SHEET, left, right)) == "proved"


@pytest.mark.parametrize(("left", "right"), FALSE)
def test_what_does_not_hold_is_refuted(left, right):
    assert str(ic.equal(SHEET, left, right)) == "refuted"


def test_the_exponential_of_twice_a_matrix_agrees_with_a_square():
    assert str(ic.equal(SHEET, "expm(A) @ expm(A)", "expm(2*A)")) in ("proved", "agrees")


def test_of_a_symmetric_matrix_it_is_symmetric():
    assert str(ic.equal("tensor A[i,j]\nassume A = A.T", "expm(A)", "expm(A).T")) == "proved"


def test_the_derivative_is_shown_in_steps_and_parses_back():
    derived = ic.derive(SHEET, "diff(c @ expm(A) @ x, A)")
    assert str(derived.expression) == "c[i']*x[j']*expm_frechet(A)[i',j',i,j]"
    assert [each.rule for each in derived.steps][1] == "derivative of expm(A)"
    again = ic.derive(SHEET, str(derived.expression))
    assert str(ic.equal(SHEET, str(again.expression), str(derived.expression))) == "proved"
    assert derived.verify().passed


def test_there_is_no_second_derivative():
    with pytest.raises(ic.IndexcalcError) as found:
        ic.derive(SHEET, "diff(c @ expm(A) @ x, A, A)")
    assert str(found.value) == (
        "line 1, column 1: expm_frechet(A) has no derivative here: it is one itself, of the first order, "
        "and there is no second.\n"
        "    diff(c @ expm(A) @ x, A, A)\n"
        "    ^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "Ask for a first derivative, or take differences of it."
    )


RANDOM = np.random.default_rng(3)
MATRIX = RANDOM.normal(size=(3, 3))
ARGUMENTS = {"A": MATRIX, "c": RANDOM.normal(size=3), "x": RANDOM.normal(size=3)}


def slow_exponential(matrix):
    """Taylor's series, term by term."""
    power = value = np.eye(len(matrix))
    for number in range(1, 60):
        power = power @ matrix / number
        value = value + power
    return value


@pytest.mark.parametrize("backend", ["numpy", "einsum", "numba", "dask", "torch", "jax"])
@pytest.mark.parametrize("size", [0.1, 1.0, 8.0])
def test_values_and_derivatives_in_every_target(backend, size):
    if backend not in ("numpy", "einsum"):
        pytest.importorskip(backend)
    if backend == "jax":
        import jax

        jax.config.update("jax_enable_x64", True)
    given = {**ARGUMENTS, "A": size * MATRIX}
    derived = ic.derive("tensor A[i,j], c[i], x[i]", "diff(c @ expm(A) @ x, A)")
    slope = np.asarray(derived.compile(backend)(**given))
    block = np.block([[size * MATRIX.T, np.outer(given["c"], given["x"])], [np.zeros((3, 3)), size * MATRIX.T]])
    wanted = slow_exponential(block)[:3, 3:]
    np.testing.assert_allclose(slope, wanted, rtol=1e-9, atol=1e-9 * np.abs(wanted).max())
    batch = np.stack([size * MATRIX, MATRIX.T])
    found = np.asarray(ic.derive("tensor A[b,i,j]", "expm(A)").compile(backend)(A=batch))
    wanted = np.stack([slow_exponential(each) for each in batch])
    np.testing.assert_allclose(found, wanted, rtol=1e-8, atol=1e-9 * np.abs(wanted).max())


def test_without_scipy_it_is_a_quotient_of_polynomials():
    code = ic.derive("tensor A[i,j], c[i], x[i]", "diff(c @ expm(A) @ x, A)").code("numpy")
    assert "from scipy import linalg" in code
    found, wanted = {}, {}
    exec(code.replace("from scipy import linalg", "raise ImportError"), found)
    exec(code, wanted)
    name = next(each for each in found if each.startswith("diff_"))
    given = {**ARGUMENTS, "A": 9 * MATRIX}
    np.testing.assert_allclose(found[name](**given), wanted[name](**given), rtol=1e-8)


def test_array_code_with_the_exponential_is_judged():
    sheet = "tensor A[i,j], x[i], t"
    right = "import scipy.linalg\nresult = A @ scipy.linalg.expm(t * A) @ x"
    wrong = "import scipy.linalg\nresult = A.T @ scipy.linalg.expm(t * A) @ x"
    names = {"A": "A", "x": "x", "t": "t"}
    assert str(ic.check_code(sheet, "diff(expm(t*A) @ x, t)", right, names=names)) in ("proved", "agrees")
    assert str(ic.check_code(sheet, "diff(expm(t*A) @ x, t)", wrong, names=names)) == "refuted"
