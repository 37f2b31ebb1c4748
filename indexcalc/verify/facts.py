"""Making numbers obey the facts of a sheet.

The usual facts have closed forms, which keep positive numbers positive and matrices well conditioned: bounds, given
values, symmetries, normalisation, orthonormal columns, inverse pairs. What is left is solved for by Newton steps of
least length, in logarithms first so that positive numbers stay positive. A fact that still fails is named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from indexcalc.rewrite.facts import closure, permutation, permutations_of
from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import (
    Contraction,
    Delta,
    Index,
    Number,
    Power,
    Product,
    Tensor,
    Term,
    in_order,
)
from indexcalc.verify.draw import Draw, UnsatisfiedError, broken
from indexcalc.verify.evaluator import Array
from indexcalc.verify.named import NUMPY, Named, arranged
from indexcalc.verify.newton import solve
from indexcalc.walk import subterms

ROUNDS = 3  # one closed form may disturb another


def respect(draw: Draw, signed: Iterable[str] = ()) -> None:
    """Change the arrays of a draw so that the facts of its sheet hold; raise UnsatisfiedError for one that cannot."""
    facts = draw.sheet.facts
    equalities = [fact for fact in facts if fact.relation == "="]
    for _ in range(ROUNDS):
        _keep_bounds(draw, [fact for fact in facts if fact.relation != "="])
        for fact in equalities:
            _try_closed_forms(draw, fact)
        if not broken(draw, facts):
            return
    if broken(draw, equalities):
        solve(draw, equalities, frozenset(signed))
    left = broken(draw, facts)
    if left:
        raise UnsatisfiedError(left[0], draw.sheet)


# ----- Bounds ----------------------------------------------------------------------------------------------------


def _keep_bounds(draw: Draw, facts: Sequence[Fact]) -> None:
    """Move the elements of leaves that facts bound into their intervals."""
    lower: dict[str, Array] = {}
    upper: dict[str, Array] = {}
    for fact in facts:
        small, large = (fact.left, fact.right) if "<" in fact.relation else (fact.right, fact.left)
        _bound(draw, small, large, upper, np.inf, np.minimum)
        _bound(draw, large, small, lower, -np.inf, np.maximum)
    for name in {**lower, **upper}:
        array = draw.arrays[name]
        low, high = lower.get(name, np.full(array.shape, -np.inf)), upper.get(name, np.full(array.shape, np.inf))
        draw.arrays[name] = _between(array, low, high, draw.random)
    _push_up(draw, facts)


def _push_up(draw: Draw, facts: Sequence[Fact]) -> None:
    """Raise the larger of two leaves where it is not, again and again: a < b, b < c, c < d hold after three turns."""
    pairs = []
    for fact in facts:
        small, large = (fact.left, fact.right) if "<" in fact.relation else (fact.right, fact.left)
        if isinstance(small, Tensor) and isinstance(large, Tensor) and draw.is_leaf(large) and small.free <= large.free:
            pairs += [(small, large)] if not _mentions(draw.sheet, small, large.name) else []
    for _ in pairs:
        moved = False
        for small, large in pairs:
            places, axes = draw.places(large)
            low, array = draw.value(small, axes), draw.arrays[large.name].copy()
            short = array[places] <= low
            if short.any():
                share = draw.random.uniform(0.1, 0.9, np.shape(low))
                array[places] = np.where(short, low + share, array[places])
                draw.arrays[large.name], moved = array, True
        if not moved:
            return


def _bound(
    draw: Draw,
    leaf: Term,
    other: Term,
    bounds: dict[str, Array],
    none: float,
    tighter: Callable[[Array, Array], Array],
) -> None:
    if not (isinstance(leaf, Tensor) and draw.is_leaf(leaf)) or _mentions(draw.sheet, other, leaf.name):
        return
    places, axes = draw.places(leaf)
    if not other.free <= set(axes):
        return
    array = bounds.setdefault(leaf.name, np.full(draw.arrays[leaf.name].shape, none))
    array[places] = tighter(array[places], draw.value(other, axes))


def _between(array: Array, low: Array, high: Array, random: np.random.Generator) -> Array:
    """The array with the elements outside their intervals moved inside, clear of the ends."""
    share = random.uniform(0.1, 0.9, array.shape)
    with np.errstate(invalid="ignore"):
        inside = np.where(
            np.isfinite(low) & np.isfinite(high),
            low + (high - low) * share,
            np.where(np.isfinite(low), low + share, high - share),
        )
    return np.where((array > low) & (array < high), array, inside)


def _mentions(sheet: Sheet, term: Term, name: str) -> bool:
    return sheet.depends(term.symbols, name)


# ----- Closed forms ----------------------------------------------------------------------------------------------


def _try_closed_forms(draw: Draw, fact: Fact) -> None:
    """Apply the first closed form that fits the fact, either way round."""
    for form in (_permuted, _given, _inverse, _orthonormal, _chosen, _scaled):
        for left, right in ((fact.left, fact.right), (fact.right, fact.left)):
            if form(draw, left, right):
                return


def _given(draw: Draw, left: Term, right: Term) -> bool:
    """x[i] = something in which x does not occur."""
    if not (isinstance(left, Tensor) and draw.is_leaf(left)) or _mentions(draw.sheet, right, left.name):
        return False
    places, axes = draw.places(left)
    if not right.free <= set(axes):
        return False
    array = np.array(draw.arrays[left.name])  # a number too
    array[places] = draw.value(right, axes)
    draw.arrays[left.name] = array
    return True


def _permuted(draw: Draw, left: Term, right: Term) -> bool:
    """A[i,j] = A[j,i], or -A[j,i]: the mean over all orders of the slots that such facts allow, with their signs.

    The sums are exact, so that elements that are equal are so to the last digit, as comparisons of them need.
    """
    if not isinstance(left, Tensor) or not draw.is_leaf(left) or not permutation(left, right)[1]:
        return False
    array, given = draw.arrays[left.name], permutations_of(draw.sheet)[left.name]
    turned = [sign * array.transpose(order) for order, sign in closure(given).items()]
    draw.arrays[left.name] = np.apply_along_axis(math.fsum, 0, np.stack(turned)) / len(turned)
    return True


def _pair(term: Term) -> tuple[Tensor, Tensor, Index] | None:
    """The two matrices of a matrix product, and the index over which it sums."""
    match term:
        case Contraction((dummy,), Product((Tensor() as first, Tensor() as second))):
            if len(first.slots) == len(second.slots) == 2 and dummy in first.slots and dummy in second.slots:
                return first, second, dummy
    return None


def _orthonormal(draw: Draw, left: Term, right: Term) -> bool:
    """Q[k,i]*Q[k,j] = delta[i,j]: the orthonormal factor of a random matrix."""
    pair = _pair(left)
    if pair is None or not isinstance(right, Delta) or pair[0].name != pair[1].name or not draw.is_leaf(pair[0]):
        return False
    first, second, dummy = pair
    if first.slots.index(dummy) != second.slots.index(dummy):
        return False
    axis = first.slots.index(dummy)
    shape = draw.arrays[first.name].shape
    if shape[axis] < shape[1 - axis]:
        return False
    rows = draw.random.normal(size=(shape[axis], shape[1 - axis]))
    factor: Array = np.linalg.qr(rows)[0]
    draw.arrays[first.name] = np.asarray(factor if axis == 0 else factor.T)
    return True


def _inverse(draw: Draw, left: Term, right: Term) -> bool:
    """X[i,k]*Z[k,j] = delta[i,j]: Z is the inverse of X, or a right inverse of an X that is not square."""
    pair = _pair(left)
    if pair is None or not isinstance(right, Delta) or pair[0].name == pair[1].name:
        return False
    if not all(map(draw.is_leaf, pair[:2])):
        return False
    first, second, dummy = pair
    matrix = draw.arrays[first.name]
    if matrix.shape[0] == matrix.shape[1] and np.linalg.cond(matrix) > 30:
        matrix = draw.arrays[first.name] = matrix + 2 * np.eye(len(matrix))
    inverse = np.linalg.pinv(matrix)  # its axes: those of the matrix, exchanged
    same_side = first.slots.index(dummy) == second.slots.index(dummy)
    draw.arrays[second.name] = np.asarray(inverse.T if same_side else inverse)
    return True


def _chosen(draw: Draw, left: Term, right: Term) -> bool:
    """x[i]*x[i] = x[i]: each element is 0 or 1, if no other fact has a say in it."""
    if not isinstance(right, Tensor) or not draw.is_leaf(right) or len(right.free) < len(right.slots):
        return False
    if left not in (Product(right, right), Power(right, Number(2))):
        return False
    about = [fact for fact in draw.sheet.facts if _mentions(draw.sheet, Product(fact.left, fact.right), right.name)]
    if len(about) > 1:
        return False
    array = draw.arrays[right.name]
    draw.arrays[right.name] = draw.random.integers(0, 2, array.shape).astype(float)
    return True


def _scaled(draw: Draw, left: Term, right: Term) -> bool:
    """sum[i](x[i]) = 1 and the like: x is scaled if the left side is a power of it, for each of its free indices."""
    inside = [each for each in subterms(left) if isinstance(each, Tensor)]
    if len(inside) != 1 or not draw.is_leaf(inside[0]) or _mentions(draw.sheet, right, inside[0].name):
        return False
    leaf, free = inside[0], in_order(left.free)
    if len(set(leaf.slots)) < len(leaf.slots) or not right.free <= left.free <= leaf.free:
        return False
    once, wanted = draw.value(left, free), draw.value(right, free)
    array = draw.arrays[leaf.name]
    draw.arrays[leaf.name] = 2 * array
    twice = draw.value(left, free)
    draw.arrays[leaf.name] = array
    with np.errstate(all="ignore"):
        degree = np.log2(twice / once)
        factor: Array = (wanted / once) ** (1 / degree)
    if not (np.isfinite(factor).all() and np.allclose(degree, degree.flat[0]) and (factor > 0).all()):
        return False
    slots, lengths = leaf.slots, array.shape
    draw.arrays[leaf.name] = array * arranged(NUMPY, Named(free, factor), slots, lengths).array
    return True
