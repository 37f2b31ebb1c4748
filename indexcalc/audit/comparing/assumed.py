"""Facts that hold at a place, with where the document says them."""

from __future__ import annotations

from typing import NamedTuple

from indexcalc.terms import Term


class Assumed(NamedTuple):
    """A fact that holds at a place: an equation or an inequality, and where and how the document says it."""

    left: Term
    relation: str
    right: Term
    place: int = -1
    text: str = ""
