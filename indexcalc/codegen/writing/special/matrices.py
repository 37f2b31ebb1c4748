"""Functions of matrices as source that no library has: cofactors, also those of singular matrices.

Written with numpy's names for what numpy, jax and torch have, as `arrays`; a batch comes first.
"""

from __future__ import annotations

from collections.abc import Mapping

BY_VALUES = '''
def cofactors_by_values(matrix):
    """The transposed cofactors by singular values, of which each takes the product of the others."""
    left, values, right = np.linalg.svd(matrix)
    one = np.ones_like(values[..., :1])
    before = np.cumprod(np.concatenate((one, values[..., :-1]), -1), -1)
    behind = np.flip(np.cumprod(np.concatenate((one, np.flip(values, (-1,))[..., :-1]), -1), -1), (-1,))
    sign = np.linalg.det(left) * np.linalg.det(right)
    scaled = np.swapaxes(right, -1, -2) * (before * behind * sign[..., None])[..., None, :]
    return scaled @ np.swapaxes(left, -1, -2)
'''
ADJUGATE = '''
def adjugate(matrix):
    """The transposed cofactors: det times inverse, and by singular values where there is no inverse to speak of."""
    try:
        inverse = np.linalg.inv(matrix)
        if np.abs(matrix).max() * np.abs(inverse).max() < 1e8:
            return np.linalg.det(matrix)[..., None, None] * inverse
    except np.linalg.LinAlgError:
        pass
    return cofactors_by_values(matrix)
'''
ADJUGATE_OF_JAX = '''
def adjugate(matrix):
    """The transposed cofactors: det times inverse, and by singular values where there is no inverse to speak of."""
    inverse = np.linalg.inv(matrix)
    product = np.linalg.det(matrix)[..., None, None] * inverse
    is_regular = np.abs(matrix).max() * np.abs(inverse).max() < 1e8
    return jax.lax.cond(is_regular, lambda: product, lambda: cofactors_by_values(matrix))
'''
ADJUGATE_OF_TORCH = '''
def adjugate(matrix):
    """The transposed cofactors: det times inverse, and by singular values where there is no inverse to speak of."""
    inverse, singular = torch.linalg.inv_ex(matrix)
    is_regular = (singular == 0).all() & (torch.abs(matrix).max() * torch.abs(inverse).max() < 1e8)
    product = torch.linalg.det(matrix)[..., None, None] * inverse
    if torch._C._functorch.is_batchedtensor(matrix):  # vmap takes no branch
        return torch.where(is_regular, product, cofactors_by_values(matrix))
    return product if is_regular else cofactors_by_values(matrix)
'''
SECOND = '''
def second_adjugate(matrix):
    """det times inv[j,i]*inv[l,k] - inv[j,k]*inv[l,i]: the second derivative of the determinant, by singular values."""
    left, values, right = np.linalg.svd(matrix)
    places = np.cumsum(np.ones_like(values), -1)
    same = places[..., :, None] == places[..., None, :]
    others = np.where(same, 1.0, values[..., None, :])
    one = np.ones_like(others[..., :1])
    before = np.cumprod(np.concatenate((one, others[..., :-1]), -1), -1)
    behind = np.flip(np.cumprod(np.concatenate((one, np.flip(others, (-1,))[..., :-1]), -1), -1), (-1,))
    sign = np.linalg.det(left) * np.linalg.det(right)
    products = np.where(same, 0.0, before * behind * sign[..., None, None])
    pairs = np.einsum("...pj,...ip->...jip", right, left)
    whole = np.einsum("...jip,...pq,...lkq->...jilk", pairs, products, pairs)
    return whole - np.einsum("...jkli->...jilk", whole)
'''
MATRICES: dict[str, Mapping[str, str]] = {
    "cofactors_by_values": {"numpy": BY_VALUES},
    "adjugate": {"numpy": ADJUGATE, "jax": ADJUGATE_OF_JAX, "torch": ADJUGATE_OF_TORCH},
    "second_adjugate": {"numpy": SECOND},
}


def of_library(library: str) -> dict[str, str]:
    """The functions for a library: its own, or the one that is written with numpy's names."""
    return {name: texts.get(library, texts["numpy"]) for name, texts in MATRICES.items()}
