"""Where a derivative is not zero: its elements on random arrays as a matrix, with the blocks that its axes make."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from indexcalc.errors import IndexcalcError
from indexcalc.pictures.svg import Drawing
from indexcalc.results import Derivation
from indexcalc.terms import Derivative
from indexcalc.verify.samples import sample
from indexcalc.verify.verification import arguments

MOST = 200  # rows or columns
SEEDS = (0, 1)  # what is zero in both samples is taken for zero
SIDE = 420  # of the picture


def sparsity(derivation: Derivation, sizes: Mapping[str, int] | None = None) -> str:
    """The picture of a result with two axes or more: the numerator's against the variables'.

    Raises IndexcalcError for one with fewer, and for sizes that are too large to be drawn.
    """
    axes = derivation.axes
    if len(axes) < 2:
        raise IndexcalcError(f"{derivation.target} has {len(axes)} axes", "A picture of zeros needs two or more")
    pattern, used = _pattern(derivation, sizes)
    split = _split(derivation)
    rows, columns = (math.prod(part) for part in (pattern.shape[:split], pattern.shape[split:]))
    if max(rows, columns) > MOST:
        raise IndexcalcError(f"{rows} x {columns} elements cannot be drawn", f"Give sizes with at most {MOST} a side")
    grid = pattern.reshape(rows, columns)
    names = [f"({', '.join(part)})" if len(part) > 1 else part[0] for part in (axes[:split], axes[split:])]
    drawing = _drawn(grid, pattern.shape[split - 1], pattern.shape[-1], names)
    said = ", ".join(f"{name} = {size}" for name, size in used.items())
    words = f"{rows} x {columns} elements ({said}), {int(grid.sum())} of {grid.size} are not zero."
    return drawing.svg(f"Where {derivation.target} is not zero", words)


def _split(derivation: Derivation) -> int:
    """How many axes belong to the rows: those of the numerator, or of all variables but the last, or the first half."""
    term = derivation.target.term
    count = len(derivation.axes)
    split = count - len(term.variable.slots) if isinstance(term, Derivative) else (count + 1) // 2
    return split if 0 < split < count else (count + 1) // 2


def _pattern(
    derivation: Derivation, sizes: Mapping[str, int] | None
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.bool_]], dict[str, int]]:
    """Which elements are not zero, and the sizes."""
    function = derivation.compile()
    found, given = None, sizes or _sizes(derivation)
    for seed in reversed(SEEDS):
        world = sample(derivation.target.sheet, [derivation.target.term], seed, given)
        given = {range_.label: size for range_, size in world.sizes.items() if range_.size is None}
        values = np.asarray(function(**arguments([derivation.target.term], world, function)), dtype=float)
        found = values != 0 if found is None else found | (values != 0)
        shape = {range_.label: size for range_, size in world.sizes.items() if not range_.label.isdigit()}
    assert found is not None
    return found, shape


def _sizes(derivation: Derivation) -> dict[str, int]:
    """Sizes that all differ, the same for every sample."""
    from indexcalc.verify.samples import choose_sizes, ranges_of

    ranges = ranges_of(derivation.target.sheet, [derivation.target.term])
    chosen = choose_sizes(derivation.target.sheet, ranges, 0)
    return {range_.label: size for range_, size in chosen.items() if range_.size is None}


def _drawn(grid: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], high: int, wide: int, names: list[str]) -> Drawing:
    """The elements that are not zero, with lines between blocks of some rows and columns."""
    rows, columns = grid.shape
    step = min(24.0, SIDE / max(rows, columns))
    left, top = 60.0, 40.0
    drawing = Drawing()
    drawing.rectangle(left, top, columns * step, rows * step)
    gap = step * 0.08
    for row, column in zip(*np.nonzero(grid), strict=True):
        place = left + column * step + gap, top + row * step + gap
        drawing.rectangle(*place, step - 2 * gap, step - 2 * gap, "mark")
    for row in range(high, rows, high):
        drawing.line([(left, top + row * step), (left + columns * step, top + row * step)], thin=True)
    for column in range(wide, columns, wide):
        drawing.line([(left + column * step, top), (left + column * step, top + rows * step)], thin=True)
    drawing.text(left - 8, top + rows * step / 2 + 4, names[0], "end")
    drawing.text(left + columns * step / 2, top - 10, names[1])
    return drawing
