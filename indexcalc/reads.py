"""Elements that are read at shifted places: whether they exist, for all places of the letters.

A read is a small question of whole numbers: are there places of the letters, within their ranges and under the
conditions around, at which the place that is read is none? It is answered exactly, by halving ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from indexcalc.affine import Form, constant, size_form
from indexcalc.errors import IndexcalcError, Span
from indexcalc.indices import Index, Range

Relation = tuple[str, Form]  # ">=", "==" or "!=", and what is compared with 0
MOST_STEPS = 20_000  # of a search for a place that does not exist


@dataclass(frozen=True)
class Read:
    """One element that a formula reads.

    said: how the text writes it. places: for each axis the place, counted from 1. periods: what places count modulo.
    axes: the ranges of the axes. conditions: what holds where it is read. known: places beyond the axes that have a
    value, given for each axis or left free (none). text, spans: where it stands.
    """

    name: str
    said: str
    places: tuple[Form, ...]
    periods: tuple[Form, ...]
    axes: tuple[Range, ...]
    conditions: tuple[Relation, ...] = ()
    known: tuple[tuple[Form | None, ...], ...] = ()
    is_recurrence: bool = False
    text: str = field(default="", repr=False, compare=False)
    span: Span | None = field(default=None, repr=False, compare=False)

    def escape(self, size: Callable[[Range], int]) -> tuple[dict[Index, int], tuple[int, ...]] | None:
        """Places of the letters at which the element does not exist, and the places that are read there; or none."""
        for axis, (place, range) in enumerate(zip(self.places, self.axes, strict=True)):
            for outside in self._outside(axis, place, range):
                for covered in product(*(self._not_in(base) for base in self.known)):
                    beside = (relation for each in covered for relation in each)
                    found = solution((*self.conditions, *outside, *beside), size)
                    if found is not None:
                        letters = {index for place in self.places for index in place.free}
                        found = {**dict.fromkeys(sorted(letters), 1), **found}
                        return found, tuple(each.value(found, size) for each in self.places)
        return None

    def certain(self) -> tuple[dict[Index, int], tuple[int, ...]] | None:
        """Places at which the element does not exist whatever the sizes are, where these are easily seen; or none."""
        forms = [*self.places, *(form for _, form in self.conditions)]
        sizes = {each for form in forms for each, _ in form.sizes} | {i.range for form in forms for i in form.free}
        if all(each.size is not None for each in (*sizes, *self.axes)) and not any(p.sizes for p in self.periods):
            return self.escape(lambda range: range.size or 1)
        first = {index: constant(1) for form in forms for index in form.free}
        held = [(relation, form.put(first)) for relation, form in self.conditions]
        places = [form.put(first) for form in self.places]
        if any(period != constant(0) for period in self.periods):
            return None
        if not all(form.is_constant for form in places) or not all(form.is_constant for _, form in held):
            return None
        holds = {">=": lambda n: n >= 0, "==": lambda n: n == 0, "!=": lambda n: n != 0}
        numbers = tuple(form.constant for form in places)
        is_known = any(
            all(fixed is None or fixed == place for fixed, place in zip(base, places, strict=True))
            for base in self.known
        )
        if min(numbers, default=1) > 0 or is_known or not all(holds[r](form.constant) for r, form in held):
            return None
        return dict.fromkeys(first, 1), numbers

    def _outside(self, axis: int, place: Form, range: Range) -> Iterator[tuple[Relation, ...]]:
        period = self.periods[axis]
        if period != constant(0):  # any place from 1 to the period may be read
            yield ((">=", period - size_form(range) - constant(1)),)
            return
        yield ((">=", constant(0) - place),)
        yield ((">=", place - size_form(range) - constant(1)),)

    def _not_in(self, base: tuple[Form | None, ...]) -> Iterator[tuple[Relation, ...]]:
        """The ways in which the places are none of those that have a value."""
        for place, fixed, range in zip(self.places, base, self.axes, strict=True):
            if fixed is not None:
                yield (("!=", place - fixed),)
            else:
                yield ((">=", constant(0) - place),)
                yield ((">=", place - size_form(range) - constant(1)),)

    def refusal(self, found: tuple[dict[Index, int], tuple[int, ...]]) -> IndexcalcError:
        """What to say of a place that does not exist."""
        letters, places = found
        at = ", ".join(f"{index.name} = {_value(index, place)}" for index, place in sorted(letters.items()))
        element = f"{self.name}[{','.join(map(str, places))}]"
        where = f"{self.said} leaves its axis: {element} is read" + (f" at {at}" if at else "")
        if self.is_recurrence:
            cause = f"{where}, and {element} has no base"
            remedy = f"Give it a base, {element} = ..., or write outside {self.name} = 0"
        else:
            cause = f"{where}, and there is no such place"
            remedy = f"Write outside {self.name} = 0 for zeros there, give the letter fewer places, or a condition"
        return IndexcalcError(cause, remedy, self.text, [self.span] if self.span is not None else [])


def _value(index: Index, place: int) -> int:
    first = index.range.first
    return place + (first.constant - 1 if first is not None and not first.sizes else 0)


def check_reads(reads: Sequence[Read], size: Callable[[Range], int]) -> None:
    """Raise an IndexcalcError for the first element that does not exist for some sizes."""
    for read in reads:
        found = read.escape(size)
        if found is not None:
            raise read.refusal(found)


# ----- Whole numbers ---------------------------------------------------------------------------------------------


def solution(relations: Sequence[Relation], size: Callable[[Range], int]) -> dict[Index, int] | None:
    """Places of the letters that satisfy relations, or none; exact unless the search takes too long."""
    letters = dict.fromkeys(index for _, form in relations for index in form.free)
    box = {index: (1, size(index.range)) for index in letters}
    rows = []
    for relation, form in relations:
        number = Form((), form.sizes, form.constant).value({}, size)
        rows += [(relation, dict(form.letters), number)]
        if relation == "==":
            rows[-1:] = [(">=", dict(form.letters), number), (">=", {i: -t for i, t in form.letters}, -number)]
    return _search(rows, box, [MOST_STEPS])


Row = tuple[str, dict[Index, int], int]
Box = dict[Index, tuple[int, int]]


def _search(rows: list[Row], box: Box, left: list[int]) -> dict[Index, int] | None:
    narrow = _narrowed(rows, dict(box))
    left[0] -= 1
    if narrow is None:
        return None
    wide = [index for index, (low, high) in narrow.items() if low < high]
    if not wide or left[0] < 0:
        return {index: low for index, (low, _) in narrow.items()}
    index = max(wide, key=lambda each: narrow[each][1] - narrow[each][0])
    low, high = narrow[index]
    middle = (low + high) // 2
    for part in ((low, middle), (middle + 1, high)):
        found = _search(rows, {**narrow, index: part}, left)
        if found is not None:
            return found
    return None


def _narrowed(rows: list[Row], box: Box) -> Box | None:
    """The ranges of the letters, made narrower until nothing changes; none if one is empty."""
    if any(low > high for low, high in box.values()):
        return None
    for _ in range(4 * len(rows) + 4):
        before = dict(box)
        for relation, letters, number in rows:
            if not _narrow(relation, letters, number, box):
                return None
        if box == before:
            break
    return box


def _narrow(relation: str, letters: Mapping[Index, int], number: int, box: Box) -> bool:
    if relation == "!=":
        return _avoid(letters, number, box)
    most = number + sum(times * box[index][times > 0] for index, times in letters.items())
    if most < 0:
        return False
    for index, times in letters.items():
        low, high = box[index]
        rest = most - times * box[index][times > 0]  # times * place + rest >= 0
        if times > 0:
            low = max(low, -(rest // times))
        else:
            high = min(high, rest // -times)
        if low > high:
            return False
        box[index] = low, high
    return True


def _avoid(letters: Mapping[Index, int], number: int, box: Box) -> bool:
    """A sum that is not 0: it tells something once a single letter is open."""
    open_letters = [index for index in letters if box[index][0] < box[index][1]]
    known = number + sum(times * box[index][0] for index, times in letters.items() if index not in open_letters)
    if not open_letters:
        return known != 0
    if len(open_letters) == 1 and known % letters[open_letters[0]] == 0:
        index = open_letters[0]
        avoided, (low, high) = -known // letters[index], box[index]
        box[index] = (low + (avoided == low), high - (avoided == high))
        return box[index][0] <= box[index][1]
    return True
