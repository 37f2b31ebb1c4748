"""Which relations of a document fit together in their shapes, by what is taken to be known of its names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.comparison import aligned_sides
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.shaping.choices import Choice
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import Ledger
from indexcalc.context.shapes import corroborate, infer
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Name, Scripted

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

EQUALITIES = ("equality", "definition", "reversed")
Relation = tuple[Statement, int]  # a statement, and the number of one of its signs


class Misfit(str):
    """Why a side has no value, where it is for the shapes of what meets in it."""

    __slots__ = ()


@dataclass(frozen=True)
class Fits:
    """Whether the sides of each relation fit; none where they are unreadable for another reason.

    squares: how many tensors run over the same values along two of their axes. opaque: how much is not calculated with.
    rows: names that stand on one side for what is a row on the other.
    """

    relations: dict[Relation, bool | None]
    squares: int = 0
    opaque: int = 0
    rows: tuple[str, ...] = ()

    def won(self, base: Fits) -> set[Relation]:
        """The relations that fit, and do not by another one."""
        return {each for each, fit in self.relations.items() if fit is True and base.relations.get(each) is False}

    def lost(self, base: Fits) -> set[Relation]:
        """The relations that do not fit, and do by another one."""
        return {each for each, fit in self.relations.items() if fit is not True and base.relations.get(each)}


def fits(judge: Judge, statements: Iterable[Statement], choices: Iterable[Choice], anew: bool = False) -> Fits:
    """How the relations of statements fit. anew: what follows from what is known of other names is found again."""
    known = _with(judge, choices, anew)
    meanings = Meanings(known, judge.meanings.definitions)
    meanings.shapes()
    reader = replace(judge, known=known, meanings=meanings, readings={})
    for defined in judge.meanings.definitions.every():  # first: what is claimed gives no size to what is defined
        meanings.body(defined, {})
    for statement in statements:
        if statement.earlier is not None and statement.earlier not in reader.readings:
            reader.readings[statement.earlier] = reader.reading(statement.earlier)
        reader.readings[statement] = reader.reading(statement)
    return standing(reader)


def standing(judge: Judge) -> Fits:
    """How the relations fit as they were read."""
    meanings = judge.meanings
    kept = meanings.keep()
    found: dict[Relation, bool | None] = {}
    for statement, reading in judge.readings.items():
        for place, link in enumerate(statement.links):
            if link.kind in EQUALITIES:
                found[statement, place] = _fit(reading.values[place], reading.values[place + 1], meanings)
    classes = ([meanings.ranges.find(slot.label) for slot in slots] for slots in meanings.slots.values())
    squares = sum(len(set(each)) < len(each) for each in classes)
    meanings.restore(kept)
    rows = {name for each in found if (name := _row(judge, *each))}
    return Fits(found, squares, len(meanings.opaque), tuple(sorted(rows)))


def _row(judge: Judge, statement: Statement, place: int) -> str:
    """The name that a relation gives to a row; empty where it gives none."""
    values, sides = judge.readings[statement].values, statement.sides
    for own, other in ((place, place + 1), (place + 1, place)):
        value, formula = values[other], sides[own].formula
        use = judge.known.use(formula) if isinstance(formula, Name | Scripted) else None
        if use is not None and isinstance(value, Value) and value.order == 1 and value.stands == "row":
            is_plain = not use.indices and use.power is None and not use.transposed
            if is_plain and not judge.known.has(use.name, "row") and not judge.known.has(use.name, "column"):
                return use.name
    return ""


def _with(judge: Judge, choices: Iterable[Choice], anew: bool) -> Knowledge:
    known = judge.known
    entries = {
        key: [each for each in told if not (anew and each.inferred)] for key, told in known.ledger.entries.items()
    }
    changed = replace(known, ledger=Ledger(defaultdict(list, entries)))
    for choice in choices:
        choice.tell(changed)
    if anew:
        said = [
            (tuple(side.formula for side in each.sides), tuple(link.kind for link in each.links), each.start)
            for each in judge.readings
        ]
        infer(said, changed)
        corroborate(said, changed)
    return changed


def _fit(left: Value | str, right: Value | str, meanings: Meanings) -> bool | None:
    for side in (left, right):
        if isinstance(side, str):
            return False if isinstance(side, Misfit) else None
    assert isinstance(left, Value)
    assert isinstance(right, Value)
    try:
        aligned_sides(left, right, meanings)
    except UnclearError:
        return False
    return True
