"""A comparison again, in the dimension that a text may mean: all ranges of which it says no size have one."""

from __future__ import annotations

from dataclasses import replace

from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.comparing.grounds import Compared, undecided
from indexcalc.audit.defined import Defined
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.proving.proof import prove
from indexcalc.errors import IndexcalcError
from indexcalc.indices import Index, Range
from indexcalc.meaning.ranges import over_ranges
from indexcalc.terms import Term


def at_size(found: Compared, size: int) -> Compared:
    """A comparison again, where all ranges of which the text says no size have this one."""
    assert found.left is not None and found.right is not None and found.sheet is not None
    sheet = found.sheet
    known: dict[Term, Term] = {}

    def change(range: Range) -> Range:
        return range if range.named or range.size is not None else Range(str(size), size=size)

    def term(old: Term) -> Term:
        return over_ranges(old, change, known)

    def index(old: Index) -> Index:
        return Index(old.name, change(old.range), old.serial)

    def axes(old: tuple[Index, ...]) -> tuple[Index, ...]:
        return tuple(map(index, old))

    sized = replace(
        sheet,
        definitions={
            name: replace(each, axes=axes(each.axes), body=term(each.body)) for name, each in sheet.definitions.items()
        },
        primitives={name: each.over(term, index) for name, each in sheet.primitives.items()},
        facts=tuple(replace(each, left=term(each.left), right=term(each.right)) for each in sheet.facts),
        slots={name: tuple(map(change, ranges)) for name, ranges in sheet.slots.items()},
        letters={name: change(range) for name, range in sheet.letters.items()},
        written=frozenset(map(change, sheet.written)),
    )
    left, right, opened = term(found.left), term(found.right), axes(found.axes)
    try:
        return Compared(prove(left, right, sized, opened), left, right, sized, opened, found.rests)
    except IndexcalcError as error:
        return undecided(f"the sides cannot be compared: {error.cause}")


def in_space(found: Compared, meanings: Meanings, rests: tuple[Defined | Assumed, ...]) -> Compared | None:
    """The proof of sides in the dimension that the text shows; none where it shows none. rests: what it rests on."""
    size = 0 if meanings.is_tried or found.left is None else meanings.dimension()
    other = at_size(found, size) if size else None
    return replace(other, rests=rests) if other is not None and other.verdict.word == "proved" else None
