"""What names in code stand for: the tensors and sizes of a sheet, labels in place of one-hot tensors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.errors import IndexcalcError
from indexcalc.lift.arrays.array import LETTER, Array, Axis, whole_number
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.reading.values import Builtin, Value
from indexcalc.looked import lookups_in
from indexcalc.sheet import Sheet
from indexcalc.terms import ONE, Call, Contraction, Index, Indicator, Product, Range, Sum, Tensor, Term
from indexcalc.walk import subterms


def leaf(name: str, ranges: tuple[Range, ...]) -> Array:
    """A tensor as an array: an axis for each slot, none of whose indices is free where the range has one place."""
    slots, axes = [], []
    for number, each in enumerate(ranges):
        index = Index(LETTER, each, 10 * (len(ranges) - 1 - number) + 1)
        alone = each.size == 1
        slots.append(Index("1", each) if alone else index)
        axes.append(Axis() if alone else Axis((index,)))
    return Array(tuple(axes), Tensor(name, slots))


def functions_of(terms: Iterable[Term]) -> dict[str, Value]:
    """The functions that terms apply and nobody knows, with their derivatives: f, f_prime, f_prime_prime."""
    names = {
        each.function.rstrip("'")
        for term in terms
        for each in subterms(term)
        if isinstance(each, Call) and each.function.rstrip("'") not in FUNCTIONS
    }
    return {f"{name}{'_prime' * order}": Builtin(name + "'" * order, "unknown") for name in names for order in range(4)}


def given_values(
    sheet: Sheet, names: Mapping[str, str], labels: Mapping[str, str], terms: Iterable[Term] = ()
) -> dict[str, Array]:
    """The values of variables in code that a sheet names. Raises for a name that it lacks.

    Tensors that say places, in the sheet or in further terms, are whole numbers from 0.
    """
    found: dict[str, Array] = {}
    places = lookups_in([*(each.body for each in sheet.definitions.values()), *terms])
    for variable, name in names.items():
        if name in sheet.slots:
            value = leaf(name, sheet.slots[name])
            found[variable] = as_places(value, places[name]) if name in places else value
            continue
        found[variable] = whole_number(Whole.atom(_range(sheet, name)))
    for variable, name in labels.items():
        if not sheet.slots.get(name):
            raise IndexcalcError(f"{name} is no tensor with indices", "Labels stand for a one-hot tensor")
        found[variable] = _labels(name, sheet.slots[name])
    return found


def _range(sheet: Sheet, name: str) -> Range:
    for range in (*sheet.letters.values(), *(each for ranges in sheet.slots.values() for each in ranges)):
        if range.label == name:
            return range
    if name in sheet.letters:
        return sheet.letters[name]
    known = ", ".join([*sheet.slots, *sorted({range.label for range in sheet.letters.values()})])
    raise IndexcalcError(f"there is no tensor or size {name} in the sheet", f"It has {known}")


def _labels(name: str, ranges: tuple[Range, ...]) -> Array:
    """Whole numbers from 0 whose one-hot rows are a tensor: the last slot is the place that they name."""
    value = leaf(name, ranges)
    tensor = value.term
    assert isinstance(tensor, Tensor)
    return as_labels(replace(value, axes=value.axes[:-1]), name, tensor.slots[:-1], ranges[-1]).numbered()


def as_places(value: Array, range: Range) -> Array:
    """An array of whole numbers from 0 that say places of a range, as the sheet looks them up (see `looked`)."""
    classes, upto = Index("c", range, 1), Index("b", range, 2)
    counted = Contraction((upto,), Indicator("<=", upto, classes))
    return replace(value, kind="int", choice=(classes, Indicator("==", Sum(ONE, value.term), counted)))


def as_labels(value: Array, name: str, slots: tuple[Index, ...], range: Range) -> Array:
    """An array of whole numbers from 0, each the place of the 1 in a row of a one-hot tensor."""
    classes, before = Index("c", range, 1), Index("b", range, 1)
    row = Tensor(name, (*slots, classes))
    places = Contraction((before, classes), Product(Indicator("<", before, classes), row))
    return replace(value, term=places, kind="int", choice=(classes, row))
