"""Verdicts on samples of their own kind: rows of labels that have a single 1, fractions that are cut off.

A claim about labels need hold only where they are one-hot, and to cut off is no function of the language.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import numpy as np

from indexcalc.audit.proving.counterexamples import Counterexample
from indexcalc.audit.proving.proof import Verdict
from indexcalc.calculus.resolve import Resolver
from indexcalc.errors import IndexcalcError
from indexcalc.rewrite.simplify import shortener
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Term
from indexcalc.verify.evaluator import World
from indexcalc.verify.reference import evaluate
from indexcalc.verify.samples import ranges_of, sample
from indexcalc.verify.sizes import counted

SEEDS = range(6)
TOLERANCE = 1e-6


class Cut:
    """What an array of whole numbers keeps of a number."""

    def value(self, exp: Callable[[Any], Any], *arguments: Any) -> Any:
        """The whole part."""
        return np.trunc(arguments[0])


def judged_on_own_samples(
    left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...], labels: Collection[str]
) -> Verdict:
    """The verdict on sides by samples alone: the rows of some tensors are one-hot, fractions are cut off."""
    compared = 0
    resolver = Resolver(sheet, shortener, [left, right])  # differences would not be exact enough to refute
    left, right = (resolver.resolve(side, axes) for side in (left, right))
    sheet = resolver.sheet
    for seed in SEEDS:
        try:
            world = one_hot(sample(sheet, (left, right), seed, signed=sheet.leaves if seed % 2 else ()), labels, seed)
            world = replace(world, functions={**world.functions, "trunc": Cut()})
            values = [np.asarray(evaluate(side, world, axes)) for side in (left, right)]
        except (IndexcalcError, FloatingPointError):
            continue
        if not all(np.isfinite(value).all() for value in values):
            continue
        compared += 1
        gap = np.abs(values[0] - values[1])
        scale = max(float(np.abs(values[0]).max(initial=0.0)), 1e-300)
        if gap.size and float(gap.max()) > TOLERANCE * max(scale, 1e-9):
            found = _example(world, values, gap, axes, seed)
            return Verdict("refuted", f"the sides differ {found}", found)
    if not compared:
        return Verdict("undecided", "the sides could not be compared on samples")
    return Verdict("agrees", f"equal on {compared} random samples; no proof was found")


def breaks_down(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> bool:
    """Whether the right side is no finite number on a sample where the left one is."""
    for seed in SEEDS:
        try:
            world = sample(sheet, (left,), seed, signed=sheet.leaves if seed % 2 else ())
            world = with_ranges(world, sheet, right)
            given = right.symbols <= world.arrays.keys()
            if not given or not np.isfinite(np.asarray(evaluate(left, world, axes))).all():
                continue
        except (IndexcalcError, FloatingPointError):
            continue
        try:
            if not np.isfinite(np.asarray(evaluate(right, world, axes))).all():
                return True
        except (FloatingPointError, IndexcalcError):
            return True
    return False


def with_ranges(world: World, sheet: Sheet, term: Term) -> World:
    """The world with the sizes of a term's ranges that its own sizes give."""
    sizes = dict(world.sizes)
    for each in ranges_of(sheet, [term]):
        if each not in sizes:
            sizes[each] = each.size if each.size is not None else counted(each, sizes) if each.counts else 3
    return replace(world, sizes=sizes)


def one_hot(world: World, labels: Collection[str], seed: int) -> World:
    """The world in which the rows of some tensors have a single 1."""
    random = np.random.default_rng([seed, 1])
    arrays = dict(world.arrays)
    for name in sorted(labels):
        if name in arrays:
            array = np.zeros_like(np.asarray(arrays[name], dtype=float))
            rows = array.reshape(-1, array.shape[-1])
            rows[np.arange(len(rows)), random.integers(array.shape[-1], size=len(rows))] = 1
            arrays[name] = rows.reshape(array.shape)
    return replace(world, arrays=arrays)


def _example(
    world: World, values: list[np.ndarray], gap: np.ndarray, axes: tuple[Index, ...], seed: int
) -> Counterexample:
    place = np.unravel_index(int(gap.argmax()), gap.shape)
    sizes = {range.label: size for range, size in world.sizes.items() if range.size is None}
    element = {axis.name: int(at) + 1 for axis, at in zip(axes, place, strict=True)}
    return Counterexample(sizes, element, float(values[0][place]), float(values[1][place]), seed)
