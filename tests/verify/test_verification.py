"""Verification: the error as the seeds define it, the verdict, and the table."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.verify.verification import EXACT, agree, mape, max_error, verify

SOFTMAX = "index p, r : m\nindex q, s, k : n_o\na[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))"


def softmax_jacobian(z):
    """The Jacobian of a batch of softmax rows, by hand."""
    a = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    rows = a[:, :, None] * np.eye(z.shape[1]) - a[:, :, None] * a[:, None, :]
    return np.einsum("pqs,pr->pqrs", rows, np.eye(len(z)))


def run(function, sheet=SOFTMAX, target="diff(a[p,q], z[r,s])", **options):
    """The verification of a function that claims to compute a target."""
    reading = read_expression(parse_sheet(sheet), target)
    return verify(reading.term, reading.axes, reading.sheet, function, **options)


# ----- The errors ------------------------------------------------------------------------------------------------


def test_mape_is_the_mean_of_the_relative_errors_and_of_the_value_where_true_is_zero():
    true, predicted = np.array([1.0, -2.0, 0.0, 4.0]), np.array([1.1, -2.0, 0.5, 3.0])
    assert mape(true, predicted) == pytest.approx((0.1 + 0.5 + 0.25) / 4)
    assert mape(np.array(2.0), np.array(2.0)) == 0


def test_mape_refuses_other_shapes():
    with pytest.raises(ValueError, match=r"the shapes \(3,\) and \(3, 1\) differ"):
        mape(np.zeros(3), np.zeros((3, 1)))


def test_max_error_measures_tiny_elements_against_the_largest():
    assert max_error(np.array([1.0, 2.0]), np.array([1.0, 2.2])) == pytest.approx(0.1)
    assert max_error(np.array([100.0, 1e-17]), np.array([100.0, 0.0])) < 1e-12
    assert max_error(np.array([100.0, 1e-3]), np.array([100.0, 2e-3])) == pytest.approx(1)
    assert max_error(np.array([1.0]), np.array([np.nan])) == np.inf
    assert max_error(np.zeros((0, 3)), np.zeros((0, 3))) == 0


def test_tiny_numbers_must_agree_too():
    assert agree(np.array([1e-9, 1.0]), np.array([1e-9 + 1e-15, 1.0]), EXACT)
    assert agree(np.array([1e-17]), np.array([0.0]), EXACT)
    assert not agree(np.array([1e-9]), np.array([1.05e-9]), EXACT)
    assert not agree(np.array([1.0]), np.array([np.nan]), EXACT)


# ----- The verdict -----------------------------------------------------------------------------------------------


def test_right_code_passes():
    result = run(softmax_jacobian)
    assert result and result.check() is result
    assert [each.witness for each in result.witnesses] == ["autograd", "reference", "differences"]
    assert result.shape == (3, 4, 3, 4) and result.sizes == {"m": 3, "n_o": 4}
    assert result.mape < 1e-14 and result.max_error < 1e-12


def test_other_seeds_and_sizes():
    assert run(softmax_jacobian, seed=1).sizes != run(softmax_jacobian).sizes
    assert run(softmax_jacobian, sizes={"m": 7, "s": 2}).shape == (7, 2, 7, 2)
    assert run(softmax_jacobian, against="differences").witnesses[0].witness == "differences"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda z: -softmax_jacobian(z),
        lambda z: softmax_jacobian(z) * (1 + 1e-3),
        lambda z: softmax_jacobian(z).transpose(2, 1, 0, 3)[:, ::-1],
        lambda z: softmax_jacobian(z).sum(axis=2, keepdims=True).repeat(len(z), axis=2),  # a seed's missing delta
        lambda z: np.where(softmax_jacobian(z) == 0, 0, np.nan),
    ],
)
def test_wrong_code_fails(wrong):
    result = run(wrong)
    assert not result and not result.passed
    assert not any(each.passed for each in result.witnesses)
    with pytest.raises(IndexcalcError, match="the verification failed\nFAILED: shape"):
        result.check()


def test_a_wrong_shape_is_told():
    result = run(lambda z: softmax_jacobian(z)[0])
    assert not result
    assert result.witnesses[0].note == "shape (4, 3, 4) instead of (3, 4, 3, 4)"


def test_an_unknown_witness_is_refused_before_anything_runs():
    with pytest.raises(IndexcalcError, match="there is no witness keras"):
        run(None, against="keras")


def test_a_defined_variable_is_given_and_scalars_are_floats():
    seen = {}

    def gradient(**given):
        seen.update(given)
        return 2 * given["c"] * given["z"]

    assert run(gradient, "z[i] = A[i,j]*x[j]\nL = c*z[i]*z[i]", "diff(L, z[i])")
    assert isinstance(seen["c"], float) and set(seen) == {"A", "c", "x", "z"}


def test_elements_that_a_witness_cannot_work_out_are_noted():
    sheet = "h[i] = where(x[i] > 1, sqrt(x[i] - 1), 0)"
    result = run(lambda x: np.where(x > 1, 0.5 / np.sqrt(np.abs(x - 1)), 0), sheet, "diff(h[i], x[i])")
    assert result
    assert "elements are not finite for it" in result.witnesses[0].note


def test_the_table():
    lines = str(run(softmax_jacobian)).splitlines()
    assert lines[0] == "passed: shape (3, 4, 3, 4), sizes m = 3, n_o = 4"
    assert lines[1].split() == "witness mean abs. percentage error max. relative error".split()
    assert [line.split()[0] for line in lines[2:]] == ["autograd", "reference", "differences"]
    assert all(line.endswith("agrees") for line in lines[2:])
    assert "DIFFERS" in str(run(lambda z: 2 * softmax_jacobian(z)))


# ----- Derivations -----------------------------------------------------------------------------------------------


OF_SOFTMAX = ["diff(a[p,q], z[r,s])", "diff(a[p,q], z[p,s])", "a[p,q]", "sum[p,q](diff(a[p,q], z[p,q]))"]


@pytest.mark.parametrize("target", OF_SOFTMAX)
@pytest.mark.parametrize("backend", ["numpy", "einsum"])
def test_a_derivation_verifies_itself(target, backend):
    assert ic.derive(SOFTMAX, target).verify(backend=backend).check()


def test_a_size_that_no_tensor_has_is_given():
    assert ic.derive("index i : m\nu = m*c^2", "diff(u, c)").verify().check()


def test_unknown_functions_are_given_to_code_that_asks_for_them():
    assert ic.derive("v[i] = f(x[i])*f(y)", "diff(v[i], x[j], y)").verify().passed


@pytest.mark.parametrize(
    ("sheet", "target"),
    [
        ("s = x/10^6\nL = 1/s", "diff(L, s)"),
        ("s = x/10^6\nL = 1/s", "diff(L, s, s)"),
        ("L = sin(1000*c)", "diff(L, c)"),
        ("L = sin(1000*c)", "diff(L, c, c)"),
        ("s[i] = x[i]/10^5\nL = sum[i](log(s[i]))", "diff(L, s[k], s[l])"),
    ],
)
def test_the_witnesses_know_the_scale_of_what_moves(sheet, target):
    found = ic.derive(sheet, target).verify()
    assert found.passed, str(found)
    assert max(each.max_error for each in found.witnesses) < 1e-8


def test_a_wrong_result_differs_with_many_digits_too():
    wrong = run(lambda s, x: -1.001 / s**2, "s = x/10^6\nL = 1/s", "diff(L, s)")
    assert not wrong.passed
    assert {each.witness: each.passed for each in wrong.witnesses}["differences"] is False


def test_differences_cannot_tell_on_a_kink():
    """h is too small for a number, so that all places attain the minimum."""
    found = ic.derive("h = exp(-exp(10 + x^2)); L = 1 + min[i](h*w[i])".replace("; ", "\n"), "diff(L, h)").verify()
    assert found.passed
    assert [each.note for each in found.witnesses] == ["", "", "it cannot tell on a kink, where some numbers lie"]
    assert not run(lambda z: z**0 + z, "L[i] = abs(z[i])", "diff(L[i], z[i])").passed
