"""The fourth seed: Jacobians with the batch in front, their shapes, and the deep affine network that it leaves open."""

import numpy as np
import pytest

import indexcalc as ic
from seeds.support import BACKENDS, close, sheet, value

B, D, E = 256, 10, 20
RANDOM = np.random.default_rng(0)


def normal(*shape):
    return RANDOM.normal(size=shape)


Y, Y_HAT, H, V = normal(B, D), normal(B, D), normal(B, D), normal(B, D)
W, X = normal(D, E), normal(B, E)
P, P_HAT = RANDOM.dirichlet(np.ones(D), B), RANDOM.dirichlet(np.ones(D), B)  # probabilities, unlike the seed's
EYE = np.eye(D)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(v):
    e = np.exp(v)
    return e / e.sum(axis=1, keepdims=True)


# target: arguments, the seed's einsum (the ones for the outputs of a loss, and the sign, set right)
JACOBIANS = {
    "diff(square[n], t_hat[n])": (
        {"t": Y[:, 0], "t_hat": Y_HAT[:, 0]},
        lambda: -np.einsum("i,bj->bij", np.ones(1), Y[:, :1] - Y_HAT[:, :1])[:, 0, 0],
    ),
    "diff(distance[n], y_hat[n,j])": (
        {"y": Y, "y_hat": Y_HAT},
        lambda: -np.einsum("i,bj->bij", np.ones(1), Y - Y_HAT)[:, 0],
    ),
    "diff(out[n,i], W[j,l])": ({"W": W, "x": X}, lambda: np.einsum("ij,bk->bijk", EYE, X)),
    "diff(a[n,i], h[n,j])": ({"h": H}, lambda: np.einsum("bi,ij->bij", sigmoid(H) * (1 - sigmoid(H)), EYE)),
    "diff(q[n,i], v[n,j])": (
        {"v": V},
        lambda: np.einsum("bi,ij->bij", softmax(V), EYE) - np.einsum("bi,bj->bij", softmax(V), softmax(V)),
    ),
    "diff(CE[n], p_hat[n,j])": (
        {"p": P, "p_hat": P_HAT},
        lambda: -np.einsum("i,bj->bij", np.ones(1), P / P_HAT)[:, 0],
    ),
}
SHAPES = {
    "diff(square[n], t_hat[n])": (256,),
    "diff(distance[n], y_hat[n,j])": (256, 10),
    "diff(out[n,i], W[j,l])": (256, 10, 10, 20),
    "diff(a[n,i], h[n,j])": (256, 10, 10),
    "diff(q[n,i], v[n,j])": (256, 10, 10),
    "diff(CE[n], p_hat[n,j])": (256, 10),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("target", JACOBIANS)
def test_jacobians_with_the_batch_in_front(target, backend):
    arrays, by_hand = JACOBIANS[target]
    got = value("per_example_jacobians", target, backend, **arrays)
    assert got.shape == SHAPES[target]
    close(got, by_hand(), atol=1e-14)


@pytest.mark.parametrize("backend", BACKENDS)
def test_loss_down_to_the_weights(backend):
    got = value("per_example_jacobians", "diff(mean_loss, W[j,l])", backend, W=W, x=X, y=Y)
    by_out = -np.einsum("i,bj->bij", np.ones(1), Y - X @ W.T)
    out_by_W = np.einsum("ij,bk->bijk", EYE, X)
    as_in_the_seed = np.mean(np.einsum("bij,bjjk->bjk", by_out, out_by_W), axis=0, keepdims=True)
    assert as_in_the_seed.shape == (1, 10, 20)
    close(got, as_in_the_seed[0], atol=1e-14)
    close(got, np.mean(np.einsum("bij,bjkl->bkl", by_out, out_by_W), axis=0), atol=1e-14)
    assert got.shape == (10, 20)


@pytest.mark.parametrize("backend", BACKENDS)
def test_losses_have_one_number_an_example(backend):
    """The seed notes (B, 1) for a square that was not summed, and for a sum that dropped its axis."""
    distance = value("per_example_jacobians", "distance[n]", backend, y=Y, y_hat=Y_HAT)
    entropy = value("per_example_jacobians", "CE[n]", backend, p=P, p_hat=P_HAT)
    assert distance.shape == entropy.shape == np.einsum("bi,bi->b", P, np.log(P_HAT)).shape == (256,)
    assert (0.5 * np.square(Y - Y_HAT)).shape == (256, 10)
    close(distance, 0.5 * np.square(np.linalg.norm(Y - Y_HAT, axis=1)))
    close(entropy, -np.einsum("bi,bi->b", P, np.log(P_HAT)))


def test_slips_of_the_seed_are_refuted():
    missing_sign = "p[n,j]/p_hat[n,j]"
    assert str(ic.equal(sheet("per_example_jacobians"), "diff(CE[n], p_hat[n,j])", missing_sign)) == "refuted"
    assert np.einsum("i,bj->bij", np.ones(D), P / P_HAT).shape == (256, 10, 10)  # ones(N): not (256, 1, 10)


@pytest.mark.parametrize("backend", BACKENDS)
def test_deep_affine_network(backend):
    W_1, W_2, W_3, W_4, x = normal(5, 6), normal(4, 5), normal(3, 4), normal(2, 3), normal(6)
    arrays = {"W_1": W_1, "W_2": W_2, "W_3": W_3, "W_4": W_4, "x": x}
    by_hand = {
        "diff(y_hat[i], W_1[b,d])": np.einsum("ib,d->ibd", W_4 @ W_3 @ W_2, x),
        "diff(y_hat[i], W_2[a,b])": np.einsum("ia,b->iab", W_4 @ W_3, W_1 @ x),
        "diff(y_hat[i], W_3[c,a])": np.einsum("ic,a->ica", W_4, W_2 @ W_1 @ x),
        "diff(y_hat[i], x[d])": W_4 @ W_3 @ W_2 @ W_1,
    }
    for target, wanted in by_hand.items():
        close(value("deep_affine", target, backend, **arrays), wanted, atol=1e-14)
