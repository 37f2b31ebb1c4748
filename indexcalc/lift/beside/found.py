"""What following a piece of code finds: values of names, and the claims that come of them."""

from __future__ import annotations

from dataclasses import dataclass

from indexcalc.audit.proving.proof import Verdict
from indexcalc.lift.beside.known import Formula


@dataclass(frozen=True)
class Found:
    """A claim of code: its line (from 1), what is claimed, the formula that it is compared with, and the verdict."""

    line: int
    name: str
    formula: str
    verdict: Verdict


@dataclass
class Bound:
    """A value that a name was bound to, and what came of it."""

    line: int
    name: str
    formulas: list[Formula]
    verdict: Verdict
    symbols: frozenset[str] = frozenset()
    scope: int = 0
