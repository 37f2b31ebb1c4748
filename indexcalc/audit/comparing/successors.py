"""Sizes beside their successors: n, and that of what runs from 0 to n. Samples choose both by themselves."""

from __future__ import annotations

from indexcalc.audit.comparing.grounds import Compared
from indexcalc.meaning.ranges import MORE
from indexcalc.verify.samples import ranges_of


def successor_beside(found: Compared) -> str:
    """A size n that stands beside what runs from 0 to n in a comparison; empty if none does."""
    if found.sheet is None or found.left is None or found.right is None:
        return ""
    labels = {range.label for range in ranges_of(found.sheet, (found.left, found.right))}
    labels |= found.left.symbols | found.right.symbols
    sizes = (label.removesuffix(MORE) for label in sorted(labels) if label.endswith(MORE))
    return next((size for size in sizes if size in labels), "")
