"""Counterexamples: samples on which two sides differ, all sizes different, the facts respected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexcalc.check.proving.sizes import Question, manageable
from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Sheet
from indexcalc.terms import (
    Call,
    Derivative,
    Index,
    Indicator,
    Reduction,
    Term,
    terms_of,
)
from indexcalc.verify.evaluator import World, reached
from indexcalc.verify.reference import evaluate
from indexcalc.verify.samples import sample
from indexcalc.walk import KINKED, parts, subterms

SEEDS, SIGNED_SEEDS = range(3), range(3, 6)
WIDE_SEEDS, WIDE_SIGNED_SEEDS = range(6, 18), range(18, 24)
TOLERANCE = 1e-6  # of the largest value: derivatives of derivatives are differences, with about ten digits
MOST_NESTED = 4  # derivatives inside one another: the reference evaluator takes differences of differences
NOISE = 1e-14  # of the largest addend, or of 1: what rounding leaves where numbers cancel
WIDE_NOISE = 1e-8  # the same in a sample that is spread wide, where 1 - sigmoid(x) may be all rounding


@dataclass(frozen=True)
class Counterexample:
    """Numbers for which the sides differ: the sizes, the element (its indices, counted from 1) and both values."""

    sizes: dict[str, int]
    element: dict[str, int]
    left: float
    right: float
    seed: int

    def __str__(self) -> str:
        sizes = ", ".join(f"{name} = {size}" for name, size in self.sizes.items())
        element = ", ".join(f"{name} = {place}" for name, place in self.element.items())
        where = f"at {element}: " if element else ""
        return f"{where}{self.left:.6g} on the left, {self.right:.6g} on the right" + (
            f" (sizes {sizes})" if sizes else ""
        )

    def as_json(self) -> dict[str, Any]:
        """The fields, for a report."""
        return {
            "sizes": self.sizes,
            "element": self.element,
            "left": self.left,
            "right": self.right,
            "seed": self.seed,
        }


def counterexample(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> Counterexample | None:
    """The element at which the sides differ most on the first sample that tells them apart; none if they agree."""
    return compared_on_samples(left, right, sheet, axes)[0]


def compared_on_samples(
    left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]
) -> tuple[Counterexample | None, int]:
    """The counterexample, if there is one, and on how many samples the sides could be compared.

    The later samples draw every leaf with both signs, if the facts let it and both sides are then defined everywhere.
    Where a side depends on a comparison of values, further ones are spread wide, so that both outcomes are seen.
    Raises IndexcalcError if no sample can be drawn.
    """
    question = manageable(Question(left, right, sheet, axes))
    left, right, sheet, axes = question.left, question.right, question.sheet, question.axes
    if max(map(_nesting, (left, right))) > MOST_NESTED:
        raise IndexcalcError("derivatives are nested too deeply for samples", "Work some of them out first")
    compared = 0
    for seed, world in _worlds(sheet, (left, right)):
        try:
            with np.errstate(under="raise"):
                values = evaluate(left, world, axes), evaluate(right, world, axes)
        except FloatingPointError:  # what is too small for a number is no zero
            continue
        if all(np.isfinite(value).all() for value in values):
            compared += 1
            found = _told_apart((left, right), values, axes, world, seed)
            if found is not None:
                return found, compared
    return None, compared


def _nesting(term: Term) -> int:
    """How many derivatives stand inside one another at most."""
    depths: dict[Term, int] = {}
    pending = [term]
    while pending:
        current = pending[-1]
        inside = [part for part in parts(current) if part not in depths]
        if inside:
            pending += inside
        else:
            pending.pop()
            deepest = max((depths[part] for part in parts(current)), default=0)
            depths[current] = deepest + isinstance(current, Derivative)
    return depths[term]


def _worlds(sheet: Sheet, sides: tuple[Term, Term]) -> Iterator[tuple[int, World]]:
    """The samples with their seeds, drawn one by one as they are asked for.

    A side that is rarely defined may have some only; raises IndexcalcError after these.
    """
    failure: IndexcalcError | None = None
    for seed in SEEDS:
        try:
            yield seed, sample(sheet, sides, seed)
        except IndexcalcError as error:
            failure = failure or error
    if failure is not None:
        raise failure
    kinds = [(SIGNED_SEEDS, True, False)]
    if any(_compares(body) for body in reached(sheet, sides)):
        kinds += [(WIDE_SEEDS, False, True), (WIDE_SIGNED_SEEDS, True, True)]
    for seeds, signed, wide in kinds:
        try:
            for seed in seeds:
                yield seed, sample(sheet, sides, seed, signed=sheet.leaves if signed else (), wide=wide)
        except IndexcalcError:  # of numbers that are drawn so some are out of bounds
            continue


def _compares(term: Term) -> bool:
    """Whether a value decides between others somewhere inside."""

    def decides(each: Term) -> bool:
        if isinstance(each, Call):
            return each.function in KINKED
        return isinstance(each, Reduction) or (isinstance(each, Indicator) and isinstance(each.left, Term))

    return any(map(decides, subterms(term)))


def _told_apart(
    sides: tuple[Term, Term],
    values: tuple[np.ndarray, np.ndarray],
    axes: tuple[Index, ...],
    world: World,
    seed: int,
) -> Counterexample | None:
    apart = float(np.abs(values[0] - values[1]).max(initial=0))
    if apart <= TOLERANCE * _largest(*values):
        return None
    addends = (evaluate(addend, world, axes) for side in sides for addend in terms_of(side))
    noise = WIDE_NOISE if seed in (*WIDE_SEEDS, *WIDE_SIGNED_SEEDS) else NOISE
    if apart <= noise * max(1.0, _largest(*addends)):
        return None
    return _worst(*values, world, axes, seed)


def _largest(*values: np.ndarray) -> float:
    return max(float(np.abs(value).max(initial=0)) for value in values)


def _worst(
    left: np.ndarray, right: np.ndarray, world: World, axes: tuple[Index, ...], seed: int
) -> Counterexample:
    place = np.unravel_index(int(np.argmax(np.abs(left - right))), left.shape)
    sizes = {range.label: size for range, size in world.sizes.items() if range.size is None}
    element = {index.name: int(position) + 1 for index, position in zip(axes, place, strict=True)}
    return Counterexample(dict(sorted(sizes.items())), element, float(left[place]), float(right[place]), seed)
