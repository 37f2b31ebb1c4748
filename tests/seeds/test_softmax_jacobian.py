"""The third seed: the Jacobian of softmax, of one row and of a batch, and the vectorisation that it left wrong."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import jacobian

from seeds.support import BACKENDS, close, value

Q, M = 5, 100
PRINTED_INPUT = np.array([-8.0, -10.0, -3.0, 10.0, 4.0])
PRINTED_SOFTMAX = np.array([1.51922872e-08, 2.05605249e-09, 2.25473534e-06, 9.97525110e-01, 2.47261754e-03])

# The other inputs are not printed. They are multiples of 1/2, and the printed Jacobians give them up to a constant.
ROW_INPUT = np.array([2.5, -7.5, -17.5, 0.0, -1.5])
PRINTED_ROW = np.array([-6.77838593e-02, -3.07738245e-06, -1.39712947e-10, 6.90284415e-02, -1.24150469e-03])
MATRIX_INPUT = np.array([-0.5, -7.5, -1.0, 0.0, -6.5])
PRINTED_MATRIX = np.array(
    [
        [2.12703216e-01, -8.58746885e-05, -5.71188305e-02, -1.55265079e-01, -2.33431605e-04],
        [-8.58746885e-05, 2.79756608e-04, -5.20856315e-05, -1.41583426e-04, -2.12862071e-07],
        [-5.71188305e-02, -5.20856315e-05, 1.51485530e-01, -9.41730309e-02, -1.41583426e-04],
        [-1.55265079e-01, -1.41583426e-04, -9.41730309e-02, 2.49964557e-01, -3.84863653e-04],
        [-2.33431605e-04, -2.12862071e-07, -1.41583426e-04, -3.84863653e-04, 7.60091546e-04],
    ]
)
ROWS = np.random.default_rng(0).integers(-20, 21, (M, Q)) / 2


def softmax(z):
    e = anp.exp(z)
    return e / anp.sum(e, axis=-1, keepdims=True)


def error(true, predicted):
    """The metric of the seed, a percentage, with its guard against division by zero."""
    true, predicted = true + 1e-100, predicted + 1e-100
    return np.mean(np.abs(true - predicted) / np.abs(true)) * 100


@pytest.mark.parametrize("backend", BACKENDS)
def test_printed_softmax(backend):
    close(value("softmax_jacobian", "s[q]", backend, z=PRINTED_INPUT), PRINTED_SOFTMAX, rtol=1e-8)
    got = value("softmax_jacobian", "S[p,q]", backend, Z=PRINTED_INPUT[None])
    assert got.shape == (1, 5)
    assert error(softmax(PRINTED_INPUT[None]), got) < 1e-12


@pytest.mark.parametrize("backend", BACKENDS)
def test_printed_jacobians(backend):
    close(value("softmax_jacobian", "diff(s[q], z[j])", backend, z=ROW_INPUT)[3], PRINTED_ROW, rtol=1e-7)
    matrix = value("softmax_jacobian", "diff(s[q], z[j])", backend, z=MATRIX_INPUT)
    close(matrix, PRINTED_MATRIX, rtol=1e-7)
    close(matrix, matrix.T)
    close(matrix.sum(axis=1), np.zeros(5), atol=1e-16)
    assert value("softmax_jacobian", "diff(S[p,q], Z[i,j])", backend, Z=MATRIX_INPUT[None]).shape == (1, 5, 1, 5)


@pytest.mark.parametrize("backend", BACKENDS)
def test_batch(backend):
    got = value("softmax_jacobian", "diff(S[p,q], Z[i,j])", backend, Z=ROWS)
    truth = jacobian(softmax)(ROWS)
    assert got.shape == (100, 5, 100, 5)
    assert error(truth, got) < 1e-10
    close(got, truth, rtol=1e-9, atol=1e-15)
    blocks = value("softmax_jacobian", "diff(S[p,q], Z[p,j])", backend, Z=ROWS)
    close(blocks, np.einsum("pqpj->pqj", truth), rtol=1e-9, atol=1e-15)


def test_the_seed_copies_the_blocks_where_it_should_place_them():
    """Without delta[p,i] a block stands in every column of blocks: the shape is right, 99 % of the entries are not."""
    s = softmax(ROWS)
    blocks = np.einsum("pq,qj->pqj", s, np.eye(Q)) - np.einsum("pq,pj->pqj", s, s)
    truth = value("softmax_jacobian", "diff(S[p,q], Z[i,j])", "numpy", Z=ROWS)
    copied = np.broadcast_to(blocks[:, :, None, :], (M, Q, M, Q))
    placed = np.einsum("pqj,pi->pqij", blocks, np.eye(M))
    assert copied.shape == truth.shape
    assert error(truth, copied) > 1e90
    assert np.mean(~np.isclose(truth, copied, rtol=1e-9, atol=0)) == pytest.approx(0.99)
    assert error(truth, placed) < 1e-10


def test_the_outer_product_of_a_row_needs_the_row_standing_up():
    """diag(s) - s s^T with s of shape (1, Q): s @ s.T is a number, and numpy spreads it silently."""
    s = softmax(MATRIX_INPUT[None])
    close(np.diag(s[0]) - s.T @ s, PRINTED_MATRIX, rtol=1e-7)
    assert not np.allclose(np.diag(s[0]) - s @ s.T, PRINTED_MATRIX)
