"""Numbers that obey the facts of a sheet, drawn once for all terms that are compared on it.

The same sizes and the same state of the generator give the same numbers, whatever is evaluated on them: they are kept,
with the work that they took, and with the state in which they leave the generator.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

import numpy as np

from indexcalc.budget import measured, spend
from indexcalc.sheet import Sheet
from indexcalc.terms import Range
from indexcalc.verify.conditioned import square_leaves, well_conditioned
from indexcalc.verify.draw import Draw, UnsatisfiedError
from indexcalc.verify.evaluator import Array, Function
from indexcalc.verify.facts import respect

SCALES = (1.0, 0.5, 0.25, 2.0, 4.0)
MISSES = 40  # samples that obey no fact, or are not finite, before another size is tried
MOST_KEPT = 300


@dataclass(frozen=True)
class Manner:
    """How numbers are drawn.

    signed: the leaves with both signs. wide: every element has a scale of its own, so that it may lie on any side of a
    condition. spread: the powers of ten between which the scale of each leaf lies. whole: whole numbers between
    that and its negative; all 0 for 0.
    finite: the terms must be finite for them, as floats. misses: samples that obey no fact before it is given up.
    """

    signed: frozenset[str] = frozenset()
    wide: bool = False
    spread: float = 0
    whole: int | None = None
    finite: bool = True
    misses: int = MISSES


@dataclass(frozen=True)
class _Outcome:
    """What came of drawing: the arrays, and whether facts were solved for; else why the facts are not obeyed."""

    arrays: Mapping[str, Array]
    solved: bool
    failure: UnsatisfiedError | None
    after: Mapping[str, Any]  # the state of the generator
    work: int


_KEPT: OrderedDict[object, _Outcome] = OrderedDict()
_LOCK = Lock()


def obeying(
    sheet: Sheet,
    sizes: Mapping[Range, int],
    functions: Mapping[str, Function],
    manner: Manner,
    random: np.random.Generator,
    misses: int,
    lookups: Mapping[str, Range],
) -> Draw:
    """Numbers for every leaf that obey the facts. misses: how many did not; lookups: leaves that hold places.

    Raises UnsatisfiedError for a fact that they do not obey.
    """
    draw = partial(_drawn, sheet, sizes, functions, manner, random, misses, lookups)
    if not sheet.facts:  # they are drawn in no time
        return draw()
    before = random.bit_generator.state
    question = (
        _contents(sheet), *(tuple(each.items()) for each in (sizes, functions, lookups)), manner, misses, _flat(before)
    )
    with _LOCK:
        known = _KEPT.get(question)
        if known is not None:
            _KEPT.move_to_end(question)
    if known is None:
        known = _outcome(draw, random)
        with _LOCK:
            _KEPT[question] = known
            if len(_KEPT) > MOST_KEPT:
                _KEPT.popitem(last=False)
    else:
        spend(known.work)
        random.bit_generator.state = known.after
    if known.failure is not None:
        raise known.failure.with_traceback(None)
    return Draw(sheet, sizes, dict(known.arrays), functions, random, known.solved)


def _outcome(drawing: Callable[[], Draw], random: np.random.Generator) -> _Outcome:
    arrays: Mapping[str, Array] = {}
    solved, failure = False, None
    with measured() as work:
        try:
            draw = drawing()
            arrays, solved = draw.arrays, draw.solved
        except UnsatisfiedError as error:
            failure = error
    return _Outcome(arrays, solved, failure, random.bit_generator.state, work.done)


def _drawn(
    sheet: Sheet,
    sizes: Mapping[Range, int],
    functions: Mapping[str, Function],
    manner: Manner,
    random: np.random.Generator,
    misses: int,
    lookups: Mapping[str, Range],
) -> Draw:
    arrays = _arrays(sheet, sizes, manner, random, misses)
    for name, range_ in lookups.items():
        arrays[name] = random.integers(0, sizes[range_], arrays[name].shape).astype(float)
    draw = Draw(sheet, sizes, arrays, functions, random)
    respect(draw, manner.signed)
    return draw


def _contents(sheet: Sheet) -> tuple[object, ...]:
    """All of a sheet on which its numbers hang, and the words in which a fact is named."""
    tables = (sheet.definitions, sheet.primitives, sheet.slots, sheet.letters, sheet.notation, sheet.varied)
    rest = (sheet.facts, sheet.order, sheet.written, sheet.definite, sheet.reads)
    return (*(tuple(table.items()) for table in (*tables, sheet.outside)), *rest)


def _flat(state: Mapping[str, Any]) -> tuple[object, ...]:
    """The state of a generator, to be compared."""
    return tuple(_flat(each) if isinstance(each, Mapping) else each for each in state.values())


def _arrays(
    sheet: Sheet, sizes: Mapping[Range, int], manner: Manner, random: np.random.Generator, misses: int
) -> dict[str, Array]:
    """An array for every leaf; after misses at other scales, at last another scale for each."""
    arrays: dict[str, Array] = {}
    matrices = dict(square_leaves(sheet))
    for name, slots in sheet.leaves.items():
        shape = tuple(sizes[range_] for range_ in slots)
        scale: Any = SCALES[misses] if misses < len(SCALES) else math.exp(random.normal())
        if manner.spread:
            scale = scale * 10.0 ** random.uniform(-manner.spread, manner.spread)
        scale = scale * np.exp(random.normal(size=shape)) if manner.wide else scale
        if sheet.is_pi(name):
            arrays[name] = np.asarray(math.pi)
        elif manner.whole is not None:
            arrays[name] = np.asarray(random.integers(-manner.whole, manner.whole + 1, shape), dtype=float)
        elif name in manner.signed:
            arrays[name] = np.asarray(scale * random.normal(size=shape))
        else:
            arrays[name] = np.asarray(scale * random.uniform(0.5, 1.5, shape))
        if name in matrices:
            arrays[name] = well_conditioned(arrays[name], matrices[name])
    return arrays
