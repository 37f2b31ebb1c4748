"""Elements at places that are affine forms, as terms: sums over an axis with a constraint; and what must exist.

    x[i+k-1]  is  sum[p](x[p] * (p == i+k-1)),  so 0 where there is no such place
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from indexcalc.affine import Form, constant, of_index, size_form
from indexcalc.notation.shifts.forms import Written
from indexcalc.notation.shifts.reckon import Reckoner
from indexcalc.notation.shifts.scopes import Access
from indexcalc.reads import Read, Relation
from indexcalc.terms import (
    ONE,
    ZERO,
    Constraint,
    Contraction,
    Index,
    Number,
    Product,
    Range,
    Sum,
    Tensor,
    Term,
    negative,
)
from indexcalc.walk import substitute


@dataclass(eq=False)
class Base:
    """What a recurrence begins with: for each axis the position, or the letter that is free there; and the value."""

    name: str
    slots: tuple[Form | str, ...]
    term: Callable[[], Term]
    is_inside: bool


@dataclass(eq=False)
class Elements:
    """The elements of tensors as terms. made: the elements that must exist."""

    reckoner: Reckoner
    outside: Mapping[str, Number]
    bases: Mapping[str, list[Base]]
    lefts: Mapping[str, tuple[str, ...]]
    reads: list[Read] = field(default_factory=list)
    count: int = 100

    def fresh(self, like: Form, range: Range) -> Index:
        """A new index of a range."""
        self.count += 1
        return Index(like.free[0].name if like.free else "i", range, self.count)

    def inside(self, access: Access) -> Term:
        """An element at the places of an access, 0 where there is none, whatever stands outside."""
        kept = self.outside, self.bases
        self.outside, self.bases = {}, {}
        try:
            return self.element(access)
        finally:
            self.outside, self.bases = kept

    def element(self, access: Access) -> Term:
        """An element at the places of an access."""
        reckoner, name = self.reckoner, access.name
        slots = [(name, slot) for slot in range(len(access.places))]
        forms = [reckoner.position(place, slot) for place, slot in zip(access.places, slots, strict=True)]
        axes = [reckoner.range_of(slot) for slot in slots]
        bound: list[Index] = []
        factors: list[Term] = []
        indices: list[Index] = []
        is_open = False
        for place, form, axis in zip(access.places, forms, axes, strict=True):
            own = own_index(form, axis) if not place.period else None
            if own is None:
                own = self.fresh(form, axis)
                bound.append(own)
                factors += self._equal(own, form, place)
                is_open = True
            indices.append(own)
        inside = Contraction(bound, Product(Tensor(name, indices), *factors)) if ZERO not in factors else ZERO
        if is_open:
            self._note(access, forms, axes)
        found = [inside, *self._bases(name, forms, axes)]
        value = self.outside.get(name)
        if is_open and value is not None and value is not ZERO:
            found.append(Product(value, self._beyond(name, forms, axes)))
        return Sum(*found)

    def _equal(self, own: Index, form: Form, place: Written) -> list[Term]:
        """That an index is at a place, or at it modulo its period."""
        difference = of_index(own) - form
        if not place.period:
            return [Constraint("==", difference)]
        number = Written((), int(place.period)) if place.period.isdecimal() else Written(((place.period, 1),), 0)
        period = self.reckoner.value(number)
        return [Constraint("==", difference, period), Constraint(">=", period - of_index(own))]

    def _bases(self, name: str, forms: Sequence[Form], axes: Sequence[Range]) -> list[Term]:
        found = []
        for base in self.bases.get(name, []):
            if base.is_inside:
                continue
            factors: list[Term] = []
            bound: list[Index] = []
            renaming: dict[Index, Index] = {}
            for slot, form, axis in zip(base.slots, forms, axes, strict=True):
                if not isinstance(slot, str):
                    factors.append(Constraint("==", form - slot))
                    continue
                own = own_index(form, axis)
                if own is None:
                    own = self.fresh(form, axis)
                    bound.append(own)
                    factors.append(Constraint("==", of_index(own) - form))
                renaming[self.reckoner.index(slot)] = own
            if ZERO not in factors:
                body = Product(substitute(base.term(), renaming), *factors)
                found.append(Contraction([each for each in bound if each in body.free], body))
        return found

    def _beyond(self, name: str, forms: Sequence[Form], axes: Sequence[Range]) -> Term:
        """1 where an element is none of those that have a value."""
        inside: list[Term] = []
        for form, axis in zip(forms, axes, strict=True):
            inside += [Constraint(">=", form - constant(1)), Constraint(">=", size_form(axis) - form)]
        known: list[Term] = [Product(*inside)]
        for base in self.bases.get(name, []):
            if not base.is_inside:
                factors: list[Term] = []
                for slot, form, axis in zip(base.slots, forms, axes, strict=True):
                    if isinstance(slot, str):
                        factors += [Constraint(">=", form - constant(1)), Constraint(">=", size_form(axis) - form)]
                    else:
                        factors.append(Constraint("==", form - slot))
                known.append(Product(*factors))
        return Sum(ONE, *map(negative, known))

    # ----- What must exist

    def _note(self, access: Access, forms: Sequence[Form], axes: Sequence[Range]) -> None:
        periods = []
        for place in access.places:
            number = Written((), int(place.period)) if place.period.isdecimal() else Written(((place.period, 1),), 0)
            periods.append(self.reckoner.value(number) if place.period else constant(0))
        if access.name in self.outside:
            return
        known = tuple(
            tuple(None if isinstance(slot, str) else slot for slot in base.slots)
            for base in self.bases.get(access.name, [])
            if not base.is_inside
        )
        is_recurrence = access.name in self.reckoner.together.get(access.owner, ()) or bool(known)
        self.reads.append(
            Read(
                access.name,
                access.said,
                tuple(forms),
                tuple(periods),
                tuple(axes),
                tuple(self._conditions(access)),
                known,
                is_recurrence,
                access.place.text,
                access.place.span,
            )
        )

    def _conditions(self, access: Access) -> list[Relation]:
        found = [(relation, self.reckoner.value(form)) for relation, form in access.conditions]
        for base in self.bases.get(access.owner, []):
            fixed = [(slot, place) for slot, place in enumerate(base.slots) if not isinstance(place, str)]
            if base.is_inside and len(fixed) == 1:
                letter = self.lefts[access.owner][fixed[0][0]]
                found.append(("!=", of_index(self.reckoner.index(letter)) - fixed[0][1]))
        forms = [*(form for _, form in access.conditions), *access.places]
        pending = [name for form in forms for name, _ in form.names if name in self.reckoner.scopes]
        for name in dict.fromkeys(pending):
            found += [(">=", form) for form in self.reckoner.ends_of(name)]
        return found


def own_index(form: Form, axis: Range) -> Index | None:
    """The index or the place of an axis that a form is, if it is one."""
    match form.letters, form.sizes:
        case ((index, 1),), () if not form.constant and index.range == axis:
            return index
        case (), () if form.constant >= 1 and (axis.size is None or form.constant <= axis.size):
            return Index(str(form.constant), axis)
    return None
