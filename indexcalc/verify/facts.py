"""Making numbers obey the facts of a sheet.

The usual facts have closed forms, which keep positive numbers positive and matrices well conditioned: bounds, given
values, symmetries, normalisation, orthonormal columns, inverse pairs. What is left is solved for by Newton steps of
least length, in logarithms first so that positive numbers stay positive. A fact that still fails is named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import (
    Contraction,
    Delta,
    Derivative,
    Index,
    Number,
    Product,
    Range,
    Sum,
    Tensor,
    Term,
    coefficient_and_rest,
    in_order,
    negative,
)
from indexcalc.verify.evaluator import RELATIONS, Array, Function, World
from indexcalc.verify.named import NUMPY, Named, arranged
from indexcalc.verify.reference import evaluate
from indexcalc.walk import fresh, subterms


class UnsatisfiedError(IndexcalcError):
    """No numbers were found for which a fact holds."""

    def __init__(self, fact: Fact, why: str = "") -> None:
        self.fact = fact
        super().__init__(
            f"no sample obeys the fact {describe(fact)}{why}",
            "Give sizes for which it can hold, or leave the fact out",
        )


def describe(fact: Fact) -> str:
    """A fact in words that its writer knows again: the tensors that it speaks of."""
    names = sorted(fact.left.symbols | fact.right.symbols)
    return f"({fact.relation}) on {', '.join(names)}" if names else f"({fact.relation})"


@dataclass
class Draw:
    """Numbers on their way to obey the facts: the arrays may be replaced."""

    sheet: Sheet
    sizes: Mapping[Range, int]
    arrays: dict[str, Array]
    functions: Mapping[str, Function]
    random: np.random.Generator

    @property
    def world(self) -> World:
        """The sheet with the numbers as they are now."""
        return World(self.sheet, self.sizes, self.arrays, self.functions)

    def value(self, term: Term, axes: tuple[Index, ...]) -> Array:
        """The array of a term, with the numbers as they are now."""
        return evaluate(term, self.world, axes)

    def is_leaf(self, term: Term) -> bool:
        """Whether a term is an element of a tensor that may be changed."""
        return isinstance(term, Tensor) and term.name in self.arrays and term.name != "pi"

    def places(self, tensor: Tensor) -> tuple[tuple[Any, ...], tuple[Index, ...]]:
        """What to index a tensor's array with so as to get its values along its free indices, in order."""
        axes = tuple(dict.fromkeys(slot for slot in tensor.slots if slot.place is None))
        grids = np.ix_(*(np.arange(self.sizes[axis.range]) for axis in axes))
        grid = dict(zip(axes, grids, strict=True))
        return tuple(slot.place - 1 if slot.place is not None else grid[slot] for slot in tensor.slots), axes


def holds(fact: Fact, world: World) -> bool:
    """Whether a fact holds for the numbers of a world."""
    axes = in_order(fact.left.free | fact.right.free)
    left, right = evaluate(fact.left, world, axes), evaluate(fact.right, world, axes)
    if fact.relation == "=":
        return bool(np.allclose(left, right, rtol=1e-9, atol=1e-11))
    if fact.relation in FLIPPED:
        return bool(RELATIONS[FLIPPED[fact.relation]](right, left).all())
    return bool(RELATIONS[fact.relation](left, right).all())


FLIPPED = {">": "<", ">=": "<="}
ROUNDS = 3  # one closed form may disturb another


def respect(draw: Draw, signed: Iterable[str] = ()) -> None:
    """Change the arrays of a draw so that the facts of its sheet hold; raise UnsatisfiedError for one that cannot."""
    facts = draw.sheet.facts
    equalities = [fact for fact in facts if fact.relation == "="]
    for _ in range(ROUNDS):
        _keep_bounds(draw, [fact for fact in facts if fact.relation != "="])
        for fact in equalities:
            _try_closed_forms(draw, fact)
        if not _broken(draw, facts):
            return
    if _broken(draw, equalities):
        _solve(draw, equalities, frozenset(signed))
    broken = _broken(draw, facts)
    if broken:
        raise UnsatisfiedError(broken[0])


def _broken(draw: Draw, facts: Iterable[Fact]) -> list[Fact]:
    world = draw.world
    return [fact for fact in facts if not holds(fact, world)]


# ----- Bounds ----------------------------------------------------------------------------------------------------


def _keep_bounds(draw: Draw, facts: Iterable[Fact]) -> None:
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
    for form in (_permuted, _given, _inverse, _orthonormal, _scaled):
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
    array = draw.arrays[left.name].copy()
    array[places] = draw.value(right, axes)
    draw.arrays[left.name] = array
    return True


def _permuted(draw: Draw, left: Term, right: Term) -> bool:
    """A[i,j] = A[j,i], or -A[j,i]: the mean of both sides."""
    sign, rest = coefficient_and_rest(right)
    if not (isinstance(left, Tensor) and isinstance(rest, Tensor) and draw.is_leaf(left) and left.name == rest.name):
        return False
    if abs(sign) != 1 or len(left.free) < len(left.slots) or left.free != rest.free:
        return False
    mean = Product(Sum(left, right), Number(0.5))
    draw.arrays[left.name] = draw.value(mean, left.slots)
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


def _scaled(draw: Draw, left: Term, right: Term) -> bool:
    """sum[i](x[i]) = 1 and the like: x is scaled if the left side is a power of it, for each of its free indices."""
    inside = [each for each in subterms(left) if isinstance(each, Tensor)]
    if len(inside) != 1 or not draw.is_leaf(inside[0]) or _mentions(draw.sheet, right, inside[0].name):
        return False
    leaf, free = inside[0], in_order(left.free)
    if len(set(leaf.slots)) < len(leaf.slots) or not (left.free | right.free) <= leaf.free:
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


# ----- Newton steps ----------------------------------------------------------------------------------------------

STEPS = 60
LARGEST_SYSTEM = 4_000_000


def _solve(draw: Draw, facts: list[Fact], signed: frozenset[str]) -> None:
    """Newton steps of least length on all equalities together; in logarithms of what is positive, else plainly."""
    names = sorted(name for name in set().union(*(_leaves(draw, fact) for fact in facts)))
    start = dict(draw.arrays)
    positive = {name for name in names if name not in signed and (start[name] > 0).all()}
    for logarithmic in (positive, set[str]()):
        draw.arrays.update(start)
        if _newton(draw, facts, names, logarithmic) and not _broken(draw, facts):
            return
    draw.arrays.update(start)
    raise UnsatisfiedError(_broken(draw, facts)[0])


def _leaves(draw: Draw, fact: Fact) -> set[str]:
    symbols = fact.left.symbols | fact.right.symbols
    symbols = symbols.union(*(draw.sheet.made_of.get(name, ()) for name in symbols))
    return {name for name in symbols if name in draw.arrays and name != "pi"}


def _newton(draw: Draw, facts: list[Fact], names: list[str], logarithmic: set[str]) -> bool:
    for _ in range(STEPS):
        residual, jacobian = _linearised(draw, facts, names)
        if not (np.isfinite(residual).all() and np.isfinite(jacobian).all()):
            return False
        if np.abs(residual).max() < 1e-14 * math.sqrt(len(residual)):
            return True
        scale = np.concatenate(
            [draw.arrays[n].ravel() if n in logarithmic else np.ones(draw.arrays[n].size) for n in names]
        )
        step = np.linalg.lstsq(jacobian * scale, -residual, rcond=1e-10)[0]
        step = np.clip(step, -1, 1)
        _move(draw, names, logarithmic, step)
    return bool(np.abs(residual).max() < 1e-10)


def _move(draw: Draw, names: list[str], logarithmic: set[str], step: Array) -> None:
    for name in names:
        array = draw.arrays[name]
        part, step = step[: array.size].reshape(array.shape), step[array.size :]
        draw.arrays[name] = array * np.exp(part) if name in logarithmic else array + part


def _linearised(draw: Draw, facts: list[Fact], names: list[str]) -> tuple[Array, Array]:
    """The differences of the sides of all facts, and their derivatives by all elements of the leaves."""
    residuals, rows = [], []
    for fact in facts:
        difference = Sum(fact.left, negative(fact.right))
        axes = in_order(fact.left.free | fact.right.free)
        value = draw.value(difference, axes).ravel()
        if value.size * sum(draw.arrays[name].size for name in names) > LARGEST_SYSTEM:
            raise UnsatisfiedError(fact, ": there are too many numbers to solve for")
        residuals.append(value)
        rows.append(np.hstack([_slope(draw, difference, axes, name) for name in names]))
    return np.concatenate(residuals), np.vstack(rows)


def _slope(draw: Draw, difference: Term, axes: tuple[Index, ...], name: str) -> Array:
    taken, slots = set(difference.indices) | set(axes), []
    for range_ in draw.sheet.slots[name]:
        slots.append(fresh(Index("i", range_), taken))
        taken.add(slots[-1])
    value = draw.value(Derivative(difference, Tensor(name, slots)), (*axes, *slots))
    return value.reshape(-1, draw.arrays[name].size)
