r"""Indices above the line and below: where a text writes v^i and v_i, they differ by its metric.

The metric with both indices above, g^{ij}, is the inverse of g_{ij}; other tensors are raised by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.names import Use

METRIC = "g"


def find_heights(uses: Iterable[Use], known: Knowledge) -> None:
    """Note the letters that stand above the line, if some name has its indices above it here and below it there."""
    heights: dict[str, set[tuple[bool, ...]]] = defaultdict(set)
    above: set[str] = set()
    for use in uses:
        if use.letter != "delta" and all(item.kind == "letter" and not item.mark for item in use.indices):
            heights[use.name].add(tuple(item.above for item in use.indices))
            above |= {item.text for item in use.indices if item.above}
    known.metric = above if any(len(each) > len({*map(len, each)}) for each in heights.values()) else set()
    if {(True, True), (False, False)} <= heights[METRIC]:
        known.metrics = {METRIC}
        known.letters.kinds[f"{METRIC}_above"], known.letters.counts[f"{METRIC}_above"] = {2}, 2
