"""Steps: the relations of statements that claim something."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexcalc.audit.outline.statements import Statement
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.values import Value
from indexcalc.terms import ONE, Term


@dataclass(eq=False)
class Step:
    """A relation between two sides that claims something, or the reason why it does not."""

    statement: Statement
    place: int
    left: int
    skipped: str = ""


@dataclass(eq=False)
class Reading:
    """A statement as it was read: the values of its sides, or why one has none; its scope and its condition."""

    scope: Scope
    values: list[Value | str]
    clashes: dict[int, tuple[str, str]] = field(default_factory=dict)
    condition: Term = ONE
    free: frozenset[str] = frozenset()
