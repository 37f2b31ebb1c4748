"""A closer look at two sides that agreed on a few samples.

At a single value and at two values of each index; at magnitudes far from 1, where what is small beside another number
is large; at whole numbers; and on both sides of every comparison of values that decides between terms. All are worked
out with many digits, so that neither 10^-30*x nor 10^400*x is beyond what can be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from indexcalc.audit.proving.counterexamples import (
    Comparison,
    Counterexample,
    confirmed,
    told_apart,
    values_of,
    worst,
)
from indexcalc.audit.proving.sizes import Question
from indexcalc.audit.proving.thresholds import Normal, Outcome, outcomes
from indexcalc.errors import IndexcalcError
from indexcalc.indices import Index, Range
from indexcalc.notation.writing import text
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative
from indexcalc.verify.draw import holds as obeys
from indexcalc.verify.evaluator import World, reached
from indexcalc.verify.samples import Manner, ranges_of, sample
from indexcalc.verify.settled import compared, work
from indexcalc.walk import holds

MOST_WORK = 600_000  # numbers worked out with many digits, for one question
MOST_SEARCHED = 6  # outcomes of comparisons that are looked for
MOST_FAILURES = 9  # samples for which no numbers were found that obey the facts
ANY = Manner(finite=False, misses=4)  # numbers of any size, if some that obey the facts are found soon
LARGEST_SIZE = 60  # that is tried so that a comparison of sizes comes out the other way
SCALES = tuple(sign * 10.0**power for power in (2, 5, 9, 20, 60, -3, -9, -30) for sign in (1, -1))


def looked_at_closely(question: Question, normal: Normal) -> Comparison:
    """The counterexample, or on how many further samples the sides were compared, and what no sample showed.

    `normal` gives the normal form of a term, after the facts.
    """
    look = _Look(question, normal)
    found = next(look.counterexamples(), None)
    return Comparison(found, look.number, "" if found else look.unseen())


@dataclass
class _Look:
    """The search: how many samples were compared, how much work is left, which outcomes of comparisons are not seen."""

    question: Question
    normal: Normal
    number: int = 0
    left: int = MOST_WORK
    failures: int = 0
    pending: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        sides = (self.question.left, self.question.right)
        # Where a side has a kink at a whole number, its derivative is a matter of convention.
        self.smooth = not any(holds(body, Derivative) for body in reached(self.question.sheet, sides))
        self.pending = outcomes(self.question.sheet, sides, self.normal, ties=self.smooth)

    def counterexamples(self) -> Iterator[Counterexample]:
        """Those that are found, one sample after the other."""
        for seed, world in self._worlds():
            found = self._compared(world, seed)
            if found is not None:
                yield found
            if self.left <= 0:
                return

    def unseen(self) -> str:
        """What to say of the first outcome that no sample showed; empty if all were seen."""
        for each in self.pending:
            left, right = (text.write(side, self.question.sheet) for side in (each.left, each.right))
            return f"equal on all samples, but none was found with {left} {each.sign} {right}, on which a side depends"
        return ""

    # ----- Samples

    def _worlds(self) -> Iterator[tuple[int, World]]:
        leaves = frozenset(self.question.sheet.leaves)
        yield from self._drawn(0, ANY)
        for sizes in _small_sizes(self.question):
            yield from self._drawn(0, ANY, sizes)
        for seed, spread in enumerate((3, 10, 30), 1):
            yield from self._drawn(seed, replace(ANY, spread=spread))
            yield from self._drawn(seed, replace(ANY, signed=leaves, spread=spread, wide=True))
        if self.smooth:
            for largest in (3, 1, 0):  # one and the same number at several places, and nothing at all
                yield from self._drawn(0, replace(ANY, whole=largest))
        for outcome in self.pending[:MOST_SEARCHED]:
            if outcome in self.pending:
                yield from self._with(outcome)

    def _drawn(
        self, seed: int, manner: Manner, sizes: dict[str, int] | None = None, sheet: Sheet | None = None
    ) -> Iterator[tuple[int, World]]:
        """The sample, if numbers are found that obey the facts."""
        question = self.question
        if self.failures > MOST_FAILURES:
            return
        try:
            world = sample(sheet or question.sheet, (question.left, question.right), seed, sizes, manner=manner)
        except (IndexcalcError, FloatingPointError, np.linalg.LinAlgError):
            self.failures += 1
            return
        yield from self._taken(seed, world)

    def _taken(self, seed: int, world: World) -> Iterator[tuple[int, World]]:
        self.pending = [each for each in self.pending if not each.is_seen(world)]
        yield seed, world

    def _with(self, outcome: Outcome) -> Iterator[tuple[int, World]]:
        """Samples until one has an outcome: of other sizes, at other scales, or by the comparison as a fact."""
        further: Iterator[tuple[int, World]]
        if outcome.of_sizes:
            ways = ({range.label: size for range in outcome.ranges} for size in outcome.sizes(LARGEST_SIZE))
            further = (each for sizes in ways for each in self._drawn(0, ANY, sizes))
        else:
            further = chain(self._rescaled(outcome), self._by_fact(outcome))
        for each in further:
            yield each
            if outcome not in self.pending:
                return

    def _rescaled(self, outcome: Outcome) -> Iterator[tuple[int, World]]:
        """A sample with the leaves of a comparison larger or smaller, one of them or all."""
        sheet = self.question.sheet
        try:
            world = sample(sheet, (self.question.left, self.question.right), 0, manner=ANY)
        except IndexcalcError:
            return
        symbols = outcome.left.symbols | outcome.right.symbols
        symbols |= frozenset[str]().union(*(sheet.made_of.get(name, ()) for name in symbols))
        names = sorted(name for name in symbols & set(world.arrays) if not sheet.is_pi(name))
        for group in [names, *([name] for name in names)] if len(names) > 1 else [names]:
            for scale in SCALES:
                moved = {**world.arrays, **{name: world.arrays[name] * scale for name in group}}
                other = replace(world, arrays=moved)
                if outcome.is_seen(other) and all(obeys(fact, other) for fact in sheet.facts):
                    yield from self._taken(0, other)
                    return

    def _by_fact(self, outcome: Outcome) -> Iterator[tuple[int, World]]:
        for signed in (frozenset[str](), frozenset(self.question.sheet.leaves)):
            for fact in outcome.facts():
                sheet = replace(self.question.sheet, facts=(*self.question.sheet.facts, fact))
                for seed, world in self._drawn(0, replace(ANY, signed=signed), sheet=sheet):
                    # The fact led there; only numbers that are to be equal must obey it to the last digit.
                    yield seed, world if outcome.relation == "==" else replace(world, sheet=self.question.sheet)

    # ----- Comparing

    def _compared(self, world: World, seed: int) -> Counterexample | None:
        question = replace(self.question, sheet=world.sheet)
        try:
            with np.errstate(all="ignore"):
                values = values_of(question, world)
        except IndexcalcError:  # a place that this size does not have
            return None
        if values is not None and told_apart(question, values, world):
            found = confirmed(question, world, worst(values, world, question.axes), seed)
            if isinstance(found, Counterexample):
                return found
        self.left -= work((question.left, question.right), world)
        equal = 0
        for element in _elements(question.axes, world):
            outcome = compared((question.left, question.right), world, element)
            equal += outcome.differ is False
            if outcome.differ:
                found = confirmed(question, world, element, seed)
                return found if isinstance(found, Counterexample) else None
        self.number += bool(equal)
        return None


def _small_sizes(question: Question) -> Iterator[dict[str, int]]:
    """All sizes 1, each of them 1 alone, all of them 2; what a name or a number gives stays."""
    ranges = [each for each in ranges_of(question.sheet, (question.left, question.right)) if each.size is None]
    if not ranges:
        return
    yield _all(ranges, 1)
    yield _all(ranges, 2)
    if len(ranges) > 1:
        for range in ranges[:4]:
            yield {range.label: 1}


def _all(ranges: list[Range], size: int) -> dict[str, int]:
    return {range.label: size for range in ranges}


def _elements(axes: tuple[Index, ...], world: World) -> list[dict[Index, int]]:
    """Two elements: one with as different places as there are, and the last one."""
    sizes = [world.sizes[axis.range] for axis in axes]
    apart = {axis: 1 + place % size for place, (axis, size) in enumerate(zip(axes, sizes, strict=True))}
    last = dict(zip(axes, sizes, strict=True))
    return [apart] if apart == last else [apart, last]
