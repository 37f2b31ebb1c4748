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
EXPM = '''
def expm(matrix):
    """The matrix exponential: by scipy if it is installed, else by its Pade approximant of order 13 (Higham, 2005)."""
    try:
        from scipy import linalg
        return linalg.expm(matrix)
    except ImportError:
        pass
    size = np.abs(matrix).sum(-2).max(initial=0.0)
    times = max(0, int(np.ceil(np.log2(size / 5.37)))) if 0 < size < np.inf else 0
    matrix = matrix / 2**times
    one = np.eye(matrix.shape[-1], dtype=matrix.dtype)
    two = matrix @ matrix
    four = two @ two
    six = four @ two
    odd = six @ (six + 16380 * four + 40840800 * two)
    odd = matrix @ (odd + 33522128640 * six + 10559470521600 * four + 1187353796428800 * two + 32382376266240000 * one)
    even = six @ (182 * six + 960960 * four + 1323241920 * two)
    even = even + 670442572800 * six + 129060195264000 * four + 7771770303897600 * two + 64764752532480000 * one
    value = np.linalg.solve(even - odd, even + odd)
    for _ in range(times):
        value = value @ value
    return value
'''
FRECHET = '''
def expm_frechet(matrix):
    """The derivative of the exponential by each element: a block of that of [[A, E], [0, A]] (Higham, 2008)."""
    size = matrix.shape[-1]
    unit = np.eye(size, dtype=matrix.dtype)
    moved = unit[:, None, :, None] * unit[:, None, :] + 0 * matrix[..., None, None, :, :]
    still = 0 * moved + matrix[..., None, None, :, :]
    upper = np.concatenate((still, moved), -1)
    lower = np.concatenate((0 * moved, still), -1)
    slope = expm(np.concatenate((upper, lower), -2))[..., :size, size:]
    return np.moveaxis(slope, (-2, -1), (-4, -3))
'''
ON_DEVICE = FRECHET.replace("(size, dtype", "(size, device=matrix.device, dtype")
MATRICES: dict[str, Mapping[str, str]] = {
    "cofactors_by_values": {"numpy": BY_VALUES},
    "adjugate": {"numpy": ADJUGATE, "jax": ADJUGATE_OF_JAX, "torch": ADJUGATE_OF_TORCH},
    "second_adjugate": {"numpy": SECOND},
    "expm": {"numpy": EXPM},
    "expm_frechet": {
        "numpy": FRECHET,
        "jax": FRECHET.replace("expm(np", "jax.scipy.linalg.expm(np"),
        "torch": ON_DEVICE.replace("expm(np", "torch.linalg.matrix_exp(np"),
    },
}


def of_library(library: str) -> dict[str, str]:
    """The functions for a library: its own, or the one that is written with numpy's names."""
    return {name: texts.get(library, texts["numpy"]) for name, texts in MATRICES.items()}
