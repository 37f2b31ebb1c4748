"""Counterexamples: samples on which two sides differ, all sizes different, the facts respected."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import numpy as np

from indexcalc.audit.proving.remembered import Remembered
from indexcalc.audit.proving.sizes import Question, freed, manageable
from indexcalc.errors import IndexcalcError
from indexcalc.indices import Range
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
from indexcalc.verify.reference import Reference, evaluate
from indexcalc.verify.samples import ranges_of, sample
from indexcalc.verify.settled import compared
from indexcalc.walk import KINKED, parts, subterms

SEEDS, SIGNED_SEEDS = range(3), range(3, 6)
WIDE_SEEDS, WIDE_SIGNED_SEEDS = range(6, 18), range(18, 24)
TOLERANCE = 1e-6  # of the largest value: derivatives of derivatives are differences, with about ten digits
MOST_NESTED = 4  # derivatives inside one another: the reference evaluator takes differences of differences
AT_SIGHT = 1e-2  # of the largest value and of the largest addend, or of 1
SURELY = 1e-4  # the same, for a search: what is apart by that is no slip undone
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
    words: tuple[str, str] = ("", "")  # both values with as many digits as tell them apart

    def __str__(self) -> str:
        left, right = self.words if all(self.words) else (f"{self.left:.6g}", f"{self.right:.6g}")
        sizes = ", ".join(f"{name} = {size}" for name, size in self.sizes.items())
        element = ", ".join(f"{name} = {place}" for name, place in self.element.items())
        where = f"at {element}: " if element else ""
        return f"{where}{left} on the left, {right} on the right" + (f" (sizes {sizes})" if sizes else "")

    def as_json(self) -> dict[str, Any]:
        """The fields, for a report."""
        return {
            "sizes": self.sizes,
            "element": self.element,
            "left": self.left if math.isfinite(self.left) else self.words[0],
            "right": self.right if math.isfinite(self.right) else self.words[1],
            "seed": self.seed,
        }


@dataclass(frozen=True)
class Comparison:
    """What came of comparing two sides on samples.

    found: the counterexample, if there is one. number: of the samples on which the sides could be compared. doubt: why
    a difference that was seen is not believed; it may be rounding.
    """

    found: Counterexample | None
    number: int
    doubt: str = ""


def counterexample(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> Counterexample | None:
    """The element at which the sides differ most on the first sample that tells them apart; none if they agree."""
    return compared_on_samples(left, right, sheet, axes).found


def compared_on_samples(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> Comparison:
    """The sides compared on samples. A difference counts only if it is there with many digits too.

    The later samples draw every leaf with both signs, if the facts let it and both sides are then defined everywhere.
    Where a side depends on a comparison of values, further ones are spread wide, so that both outcomes are seen.
    Raises IndexcalcError if no sample can be drawn.
    """
    question = manageable(Question(left, right, sheet, axes))
    if max(map(_nesting, (question.left, question.right))) > MOST_NESTED:
        raise IndexcalcError("derivatives are nested too deeply for samples", "Work some of them out first")
    sides, doubt, number = (question.left, question.right), "", 0
    for seed, world in _worlds(question.sheet, sides):
        by = Reference(world)
        values = values_of(question, world, by)
        if values is None:
            continue
        number += 1
        apart = told_apart(question, values, world, seed in (*WIDE_SEEDS, *WIDE_SIGNED_SEEDS), by)
        if apart:
            found = confirmed(question, world, worst(values, world, question.axes), seed)
            if isinstance(found, Counterexample):
                return Comparison(found, number)
            doubt = doubt or found
            if found and doubt is found:
                small = _on_fewer_elements(question, seed)
                if small is not None:
                    return Comparison(small, number)
    return Comparison(None, number, doubt)


def seem_equal(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> bool:
    """Whether nothing on one sample tells the sides apart: for a search, which asks many such questions."""
    try:
        question = manageable(Question(left, right, sheet, axes))
        world = sample(question.sheet, (question.left, question.right), SEEDS[0])
        by = Reference(world)
        values = values_of(question, world, by)
    except IndexcalcError:
        return True
    return values is None or not told_apart(question, values, world, by=by)


def surely_differ(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> bool:
    """Whether a sample that was drawn for the left side tells the sides far apart.

    For a search, which asks of one left side what it may be equal to: the sample and the value are worked out once.
    """
    probe = _PROBES(left, left, sheet, axes, False)
    if probe is None or max(map(_nesting, (left, right))) > 1:
        return False
    world, value, by = probe
    fresh = Reference(world)
    fresh.known, fresh.tensors = dict(by.known), dict(by.tensors)
    try:
        with np.errstate(under="raise"):
            other = evaluate(right, world, axes, fresh)
        if not np.isfinite(other).all() or not _are_apart((value, other), SURELY * _largest(value, other)):
            return False
        addends = [evaluate(each, world, axes, fresh) for side in (left, right) for each in terms_of(side)]
    except (ValueError, KeyError, ArithmeticError, IndexcalcError):  # of what the left side has not
        return False
    return _are_apart((value, other), SURELY * max(1.0, _largest(*addends)))


def _probe(
    left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...], only_proof: bool
) -> tuple[World, np.ndarray, Reference] | None:
    """A sample for a side, its value there, and the evaluator; none where there is none."""
    del right, only_proof
    try:
        question = manageable(Question(left, left, sheet, axes))
        if question.axes != axes:
            return None
        world = sample(question.sheet, (question.left,), SEEDS[0])
        by = Reference(world)
        value = evaluate(question.left, world, axes, by)
    except IndexcalcError:
        return None
    return (world, value, by) if question.left is left and np.isfinite(value).all() else None


_PROBES = Remembered(_probe)


def differ_at_sight(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> bool:
    """Whether one sample tells the sides apart by far more than any rounding leaves: no proof can be found then."""
    try:
        question = manageable(Question(left, right, sheet, axes))
        if max(map(_nesting, (question.left, question.right))) > 1:  # differences of differences have few digits
            return False
        world = sample(question.sheet, (question.left, question.right), SEEDS[0])
        by = Reference(world)
        values = values_of(question, world, by)
        if values is None or not _are_apart(values, AT_SIGHT * _largest(*values)):
            return False
        addends = [evaluate(each, world, question.axes, by) for side in sides_of(question) for each in terms_of(side)]
    except (ValueError, KeyError, ArithmeticError):  # of terms that no numbers can be put into; a proof needs none
        return False
    return _are_apart(values, AT_SIGHT * max(1.0, _largest(*addends)))


def _on_fewer_elements(question: Question, seed: int) -> Counterexample | None:
    """A counterexample of small sizes, where one of the usual sizes takes too long to be worked out again."""
    question = freed(question) or question
    sides = (question.left, question.right)
    ranges = [range for range in ranges_of(question.sheet, sides) if range.size is None]
    given = {range.label: 1 + (place + seed) % 2 + (not place) for place, range in enumerate(ranges)}
    try:
        world = sample(question.sheet, sides, seed, given)
    except IndexcalcError:
        return None
    values = values_of(question, world)
    if values is None or not told_apart(question, values, world):
        return None
    found = confirmed(question, world, worst(values, world, question.axes), seed)
    return found if isinstance(found, Counterexample) else None


Values = tuple[np.ndarray, np.ndarray]


def sides_of(question: Question) -> tuple[Term, Term]:
    """Both sides of a question."""
    return question.left, question.right


def _are_apart(values: Values, distance: float) -> bool:
    return float(np.abs(values[0] - values[1]).max(initial=0)) > distance


def values_of(question: Question, world: World, by: Reference | None = None) -> Values | None:
    """Both sides on a sample; none where one of them is not finite, or too small for a number, which is no zero.

    by: an evaluator of the sample that knows nothing yet.
    """
    by = by or Reference(world)
    try:
        with np.errstate(under="raise"):
            left, right = (evaluate(side, world, question.axes, by) for side in (question.left, question.right))
    except FloatingPointError:
        return None
    return (left, right) if np.isfinite(left).all() and np.isfinite(right).all() else None


def confirmed(question: Question, world: World, element: dict[Index, int], seed: int) -> Counterexample | str:
    """The counterexample at an element, worked out again with many digits; else why it is none, if that is not sure."""
    sides = (question.left, question.right)
    outcome = compared(sides, world, element)
    if outcome.differ is None:
        return "the sides seem to differ on a sample, but with more digits that could not be worked out"
    if not outcome.differ:
        return ""
    sizes = _named({range: size for range, size in world.sizes.items() if range.size is None}, question.sheet)
    named = {index.name: place for index, place in element.items()}
    return Counterexample(dict(sorted(sizes.items())), named, outcome.left, outcome.right, seed, outcome.words)


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


def _named(sizes: dict[Range, int], sheet: Sheet) -> dict[str, int]:
    """Sizes by their names; a range without one is known by a letter that runs over it."""
    found = {range.label: size for range, size in sizes.items() if range.named and not range.label.isdigit()}
    for range, size in sizes.items():
        if range.label.isdigit() or not range.named:
            own = sheet.letters_of.get(range, [])
            letter = own[0] if own else range.label if range.label.isdigit() else range.label.rstrip("0123456789")
            names = chain([letter], (f"{letter}_{number}" for number in count(2)))
            found[next(name for name in names if name not in found)] = size
    return found


def told_apart(
    question: Question, values: Values, world: World, wide: bool = False, by: Reference | None = None
) -> bool:
    """Whether the sides seem to differ, by more than rounding usually leaves."""
    apart = float(np.abs(values[0] - values[1]).max(initial=0))
    if apart <= TOLERANCE * _largest(*values):
        return False
    sides = (question.left, question.right)
    by = by or Reference(world)
    addends = (evaluate(addend, world, question.axes, by) for side in sides for addend in terms_of(side))
    return apart > (WIDE_NOISE if wide else NOISE) * max(1.0, _largest(*addends))


def _largest(*values: np.ndarray) -> float:
    return max(float(np.abs(value).max(initial=0)) for value in values)


def worst(values: Values, world: World, axes: tuple[Index, ...]) -> dict[Index, int]:
    """The element at which the sides differ most: its indices, counted from 1."""
    left, right = values
    place = np.unravel_index(int(np.argmax(np.abs(left - right))), left.shape)
    return {index: int(position) + 1 for index, position in zip(axes, place, strict=True)}
