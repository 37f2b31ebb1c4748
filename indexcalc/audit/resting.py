"""On which definitions and facts of the document a verdict rests, for the reader."""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.defined import Defined
from indexcalc.audit.documents.places import Lines
from indexcalc.audit.reports.claims import Ground


def grounds_of(rests: Iterable[Defined | Assumed], lines: Lines) -> tuple[Ground, ...]:
    """The definitions and facts with their lines, in the order of the document, each once."""
    found = dict.fromkeys(_ground(each, lines) for each in rests if each.place >= 0)
    return tuple(sorted(found, key=lambda ground: (ground.line, ground.kind, ground.text)))


def _ground(each: Defined | Assumed, lines: Lines) -> Ground:
    if isinstance(each, Defined):
        return Ground("definition", each.line, " ".join((each.text or each.name).split()))
    return Ground("fact", lines.at(each.place)[0], " ".join(each.text.split()))
