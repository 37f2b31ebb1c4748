"""Where only what sheets declare is known of names (`--declared-only`)."""

from __future__ import annotations

from indexcalc.audit.proving.proof import Verdict
from indexcalc.context.knowledge import Knowledge
from indexcalc.meaning.values import Value


def undeclared(left: Value, right: Value, known: Knowledge) -> Verdict | None:
    """The verdict on sides with names that no sheet declares; none if there are no such names."""
    names = sorted((left.term.symbols | right.term.symbols) - known.declared)
    return Verdict("undecided", f"nothing declares {', '.join(names)}") if names else None
