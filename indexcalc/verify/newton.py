"""Solving facts for the leaves that they speak of, where no closed form does: Newton steps of least length."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from indexcalc.budget import spend
from indexcalc.sheet import Fact
from indexcalc.terms import Derivative, Index, Sum, Tensor, Term, in_order, negative
from indexcalc.verify.draw import Draw, UnsatisfiedError, broken
from indexcalc.verify.evaluator import Array
from indexcalc.verify.reference import Reference
from indexcalc.walk import fresh

STEPS, PATIENCE = 60, 8  # the second: steps in which the error must have halved
CREEPING = 4  # steps in which the error has shrunk by the same factor
LARGEST_SYSTEM = 4_000_000
PER_UNIT = 60_000  # multiplications of a least-squares solution that take as long as one unit of work


def solve(draw: Draw, facts: list[Fact], signed: frozenset[str]) -> None:
    """Newton steps of least length on all equalities together; in logarithms of what is positive, else plainly."""
    names = sorted(name for name in set().union(*(leaves_of(draw, fact) for fact in facts)))
    if not names:  # it is about sizes and places only
        raise UnsatisfiedError(broken(draw, facts)[0], draw.sheet)
    start = dict(draw.arrays)
    positive = {name for name in names if name not in signed and (start[name] > 0).all()}
    for logarithmic in (positive, set[str]()):
        draw.arrays.update(start)
        if _newton(draw, facts, names, logarithmic) and not broken(draw, facts):
            draw.solved = True
            return
    draw.arrays.update(start)
    raise UnsatisfiedError(broken(draw, facts)[0], draw.sheet)


def leaves_of(draw: Draw, fact: Fact) -> set[str]:
    """The leaves that a fact speaks of, through definitions too."""
    symbols = fact.left.symbols | fact.right.symbols
    symbols = symbols.union(*(draw.sheet.made_of.get(name, ()) for name in symbols))
    return {name for name in symbols if name in draw.arrays and not draw.sheet.is_pi(name)}


def _newton(draw: Draw, facts: list[Fact], names: list[str], logarithmic: set[str]) -> bool:
    errors: list[float] = []
    lengths: list[float] = []
    for _ in range(STEPS):
        residual, jacobian = linearised(draw, facts, names)
        if not (np.isfinite(residual).all() and np.isfinite(jacobian).all()):
            return False
        errors.append(float(np.abs(residual).max()))
        if errors[-1] < 1e-14 * math.sqrt(len(residual)):
            return True
        if len(errors) > PATIENCE and errors[-1] > errors[-PATIENCE] / 2:
            break
        scale = np.concatenate(
            [draw.arrays[n].ravel() if n in logarithmic else np.ones(draw.arrays[n].size) for n in names]
        )
        spend(1 + jacobian.size * min(jacobian.shape) // PER_UNIT)
        step = np.linalg.lstsq(jacobian * scale, -residual, rcond=1e-10)[0]
        step = np.clip(step, -1, 1)
        lengths.append(float(np.abs(step).max()))
        step = step * _leap(errors, lengths)
        _move(draw, names, logarithmic, step)
    return errors[-1] < 1e-10


def _leap(errors: list[float], lengths: list[float]) -> float:
    """How many steps are taken at once: where equal ones shrink the error by one and the same factor, what is left.

    So they do on the way to a number that is nothing but a limit, such as 0 in logarithms. On the way to a double root
    the steps themselves shrink.
    """
    if len(lengths) < CREEPING or not 0.95 * max(lengths[-CREEPING:]) < min(lengths[-CREEPING:]):
        return 1.0
    last = errors[-CREEPING - 1 :]
    rates = [later / earlier for earlier, later in pairwise(last) if earlier]
    if len(rates) < CREEPING or not 0.2 < min(rates) <= max(rates) < 0.7 or max(rates) - min(rates) > 0.05:
        return 1.0
    return max(1.0, math.log(errors[-1] / 1e-15) / -math.log(rates[-1]))


def _move(draw: Draw, names: list[str], logarithmic: set[str], step: Array) -> None:
    for name in names:
        array = draw.arrays[name]
        part, step = step[: array.size].reshape(array.shape), step[array.size :]
        draw.arrays[name] = array * np.exp(part) if name in logarithmic else array + part


def linearised(draw: Draw, facts: list[Fact], names: list[str]) -> tuple[Array, Array]:
    """The differences of the sides of all facts, and their derivatives by all elements of the leaves."""
    residuals, rows = [], []
    reference = Reference(draw.world)
    for fact in facts:
        difference = Sum(fact.left, negative(fact.right))
        axes = in_order(fact.left.free | fact.right.free)
        value = np.array(reference.array(difference, axes), dtype=float).ravel()
        if value.size * sum(draw.arrays[name].size for name in names) > LARGEST_SYSTEM:
            raise UnsatisfiedError(fact, draw.sheet, ": there are too many numbers to solve for")
        residuals.append(value)
        rows.append(np.hstack([_slope(draw, reference, difference, axes, name) for name in names]))
    return np.concatenate(residuals), np.vstack(rows)


def _slope(draw: Draw, reference: Reference, difference: Term, axes: tuple[Index, ...], name: str) -> Array:
    if not draw.sheet.depends(difference.symbols, name):
        return np.zeros((math.prod(draw.sizes[axis.range] for axis in axes), draw.arrays[name].size))
    taken, slots = set(difference.indices) | set(axes), []
    for range_ in draw.sheet.slots[name]:
        slots.append(fresh(Index("i", range_), taken))
        taken.add(slots[-1])
    slope = Derivative(difference, Tensor(name, slots))
    value = np.array(reference.array(slope, (*axes, *slots)), dtype=float)
    return value.reshape(-1, draw.arrays[name].size)
