"""The first seed: softmax and negative log-likelihood, class index first, with every number that it prints."""

import numpy as np
import pytest

import indexcalc as ic
from seeds.support import BACKENDS, close, sheet, value

A = np.array([[0.2, 0.5], [0.5, 0.1], [0.3, 0.4]])
Y = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
GIVEN = {"z": np.log(A), "y": Y}  # the columns of A add up to one, so that softmax(log(A)) = A
EYE = np.eye(3)
JACOBIANS = np.array(  # one matrix an example
    [
        [[0.16, -0.10, -0.06], [-0.10, 0.25, -0.15], [-0.06, -0.15, 0.21]],
        [[0.25, -0.05, -0.20], [-0.05, 0.09, -0.04], [-0.20, -0.04, 0.24]],
    ]
)
DIAGONAL = np.array([[0.16, 0.25, 0.21], [0.25, 0.09, 0.24]])
DL_DA = np.array([[-5.0, 0.0], [0.0, 0.0], [0.0, -2.5]])
DL_DZ = np.array([[-0.8, 0.5], [0.5, 0.1], [0.3, -0.6]])

FORMULAS = {
    "diff(exp(z[i,j]), z[k,l])": "exp(z[k,l])*delta[i,k]*delta[j,l]",
    "diff(sum[c](exp(z[c,j])), z[k,l])": "exp(z[k,l])*delta[j,l]",
    "diff(a[i,j], z[k,l])": "a[k,l]*(delta[i,k] - a[i,j])*delta[j,l]",
    "diff(NLLM, a[k,l])": "-y[k,l]/a[k,l]",
    "diff(NLLM, z[k,l])": "a[k,l] - y[k,l]",
}


@pytest.mark.parametrize("target, formula", FORMULAS.items())
def test_formulas(target, formula):
    result = ic.derive(sheet("negative_log_likelihood"), target)
    assert str(ic.equal(sheet("negative_log_likelihood"), target, formula)) == "proved"
    assert str(ic.equal(sheet("negative_log_likelihood"), target, str(result.expression))) == "proved"


@pytest.mark.parametrize("backend", BACKENDS)
def test_jacobians(backend):
    stack = value("negative_log_likelihood", "diff(a[i,j], z[k,j])", backend, **GIVEN)
    assert ic.derive(sheet("negative_log_likelihood"), "diff(a[i,j], z[k,j])").axes == ("i", "j", "k")
    close(np.einsum("ijk->jik", stack), JACOBIANS)
    close(np.einsum("iji->ji", stack), DIAGONAL)
    full = value("negative_log_likelihood", "diff(a[i,j], z[k,l])", backend, **GIVEN)
    assert full.shape == (3, 2, 3, 2)
    close(np.einsum("ijkj->jik", full), JACOBIANS)
    assert not full[:, 0, :, 1].any() and not full[:, 1, :, 0].any()


@pytest.mark.parametrize("backend", BACKENDS)
def test_gradients(backend):
    close(value("negative_log_likelihood", "diff(NLLM, a[k,l])", backend, a=A, y=Y), DL_DA)
    close(value("negative_log_likelihood", "diff(NLLM, z[k,l])", backend, **GIVEN), DL_DZ)
    close(DL_DZ, A - Y)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "target, by_hand",
    [
        ("a[j,k]*(1 - a[j,k])*delta[j,i]", lambda: np.einsum("jk,jk,ji->ijk", A, 1 - A, EYE)),
        ("-a[j,k]*a[i,k]*(1 - delta[j,i])", lambda: np.einsum("jk,ik,ji->ijk", -A, A, 1 - EYE)),
        ("a[j,k]*(delta[i,j] - a[i,k])", lambda: np.einsum("jk,ijk->ijk", A, EYE[:, :, None] - A[:, None, :])),
        (
            "sum[m](a[j,k]*a[m,k]*(delta[i,j] - delta[i,m]))",
            lambda: np.einsum("jk,mk,ijm->ijk", A, A, EYE[:, :, None] - EYE[:, None, :]),
        ),
    ],
)
def test_the_einsums_written_by_hand(target, by_hand, backend):
    text = f"index i, j, m : n\nindex k : b\nJ[i,j,k] = {target}"
    close(ic.derive(text, "J[i,j,k]").compile(backend=backend)(a=A), by_hand())
    assert by_hand().shape == (3, 3, 2)


def test_diagonal_and_the_rest_add_up_to_the_jacobians():
    diagonal = np.einsum("jk,jk,ji->ijk", A, 1 - A, EYE)
    rest = np.einsum("jk,ik,ji->ijk", -A, A, 1 - EYE)
    close(np.moveaxis(diagonal + rest, 2, 0), JACOBIANS)
    close(np.einsum("iik->ki", diagonal), DIAGONAL)
    assert sorted({round(float(number), 12) for number in rest[rest != 0]}) == [-0.2, -0.15, -0.1, -0.06, -0.05, -0.04]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("form", ["J", "folded", "summed"])
def test_one_einsum_does_it(form, backend):
    """What the seed leaves open, by an operand that holds a difference and by a summation index."""
    close(np.moveaxis(value("single_einsum", f"{form}[i,j,k]", backend, a=A), 2, 0), JACOBIANS)
    code = ic.derive(sheet("single_einsum"), f"{form}[i,j,k]").code(backend="einsum")
    assert "np.eye" not in code


def test_the_chain_is_contracted_over_the_output():
    """The seed sums over the input of softmax; that is right only because its Jacobian is symmetric."""
    text = "a[i,j] = V[i,c]*z[c,j]\nL = G[i,j]*a[i,j]"
    assert str(ic.equal(text, "diff(L, z[k,j])", "sum[i](G[i,j]*V[i,k])")) == "proved"
    assert str(ic.equal("index i, k : n\n" + text, "diff(L, z[k,j])", "sum[i](G[i,j]*V[k,i])")) == "refuted"
    stack = np.moveaxis(JACOBIANS, 0, 2)
    close(np.einsum("ikj,kj->ij", stack, DL_DA), DL_DZ)
    close(np.einsum("ikj,ij->kj", stack, DL_DA), DL_DZ)


def test_without_the_fact_the_sum_of_the_labels_stays():
    text = (sheet("negative_log_likelihood").text).replace("assume", "# assume")
    assert str(ic.equal(text, "diff(NLLM, z[k,l])", "a[k,l]*sum[i](y[i,l]) - y[k,l]")) == "proved"
    assert str(ic.equal(text, "diff(NLLM, z[k,l])", "a[k,l] - y[k,l]")) == "refuted"


def test_pieces_with_a_gap_are_refuted():
    """The seed's third case asks for both indices to differ, and so says nothing of i = k with j != l."""
    target, top = "diff(a[i,j], z[k,l])", "a[i,j]*(1 - a[i,j])"
    complete = f"where(j == l, where(i == k, {top}, -a[k,j]*a[i,j]), 0)"
    gap_filled_with_one = f"where(j == l, where(i == k, {top}, -a[k,j]*a[i,j]), delta[i,k])"
    assert str(ic.equal(sheet("negative_log_likelihood"), target, complete)) == "proved"
    assert str(ic.equal(sheet("negative_log_likelihood"), target, gap_filled_with_one)) == "refuted"
