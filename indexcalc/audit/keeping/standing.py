"""What stands in which order, and what runs over the same values, at the time when a step is judged."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from indexcalc.audit.judging import Judge
from indexcalc.audit.keeping.tables import letter_in
from indexcalc.audit.outline.statements import Statement
from indexcalc.indices import Range

Slot = tuple[str, str, int]  # what runs over values: a slot of a name, a letter of a statement, a size


def names_by_letter(judge: Judge) -> dict[str, list[str]]:
    """The names that have slots, by their letters."""
    found: dict[str, list[str]] = {}
    for name in sorted(judge.meanings.slots):
        found.setdefault(letter_in(name), []).append(name)
    return found


def slots(
    judge: Judge, names: Mapping[str, list[str]], statement: Statement, reach: Iterable[str]
) -> list[tuple[Slot, Range]]:
    """All that runs over values and that a step reaches, in a fixed order."""
    meanings = judge.meanings
    found: list[tuple[Slot, Range]] = []
    for letter in sorted(reach):
        for name in names.get(letter, ()):
            found += [((name, "", place), each) for place, each in enumerate(meanings.slots.get(name, ()))]
    depth, each = 0, statement
    while each is not None and each in judge.readings:
        letters = sorted(judge.readings[each].scope.letters.items())
        found += [(("", letter, depth), index.range) for letter, index in letters]
        if each.earlier is None:
            break
        depth, each = depth + 1, each.earlier
    sizes = sorted(meanings.ranges.named.items())
    found += [(("", f"size {size}", -1), Range(label, named=False)) for size, label in sizes]
    return found


def classes_of(judge: Judge, every: Iterable[tuple[Slot, Range]]) -> Hashable:
    """Which of these run over the same values, over how many, and how far the places of them go."""
    ranges, classes = judge.meanings.ranges, dict[str, int]()
    found: list[Hashable] = []
    for slot, range in every:
        if slot[2] == -1:
            label = ranges.find(range.label)
            if label in classes:
                found.append((slot, classes[label]))
            continue
        if range.label not in ranges.parent:
            found.append((slot, range))
            continue
        label = ranges.find(range.label)
        own = classes.setdefault(label, len(classes))
        found.append((slot, own, ranges.sizes.get(label), ranges.letters.get(label), ranges.has_met(range)))
    highest: tuple[int, ...] = ()
    if judge.meanings.places:
        meanings = judge.meanings
        highest = tuple(meanings.highest([ranges.settled(Range(label, named=False))]) for label in classes)
    return tuple(found), highest


def order_of(judge: Judge, places: list[int]) -> Hashable:
    """In which order places stand, and the highest heading between each and the next."""
    known = sorted(set(places))
    rank = {place: number for number, place in enumerate(known)}
    between: list[tuple[int, int]] = []
    headings = iter(judge.prose.sections)
    heading, own = next(headings, None), 0
    for place in known:
        level = 0
        while heading is not None and heading[0] <= place:
            level, own = min(level or heading[1], heading[1]), heading[1]
            heading = next(headings, None)
        between.append((level if between else 0, own))
    return tuple(rank[place] for place in places), tuple(between)
