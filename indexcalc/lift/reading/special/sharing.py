"""Which functions give their argument itself, which a copy, and where that hangs on what is not said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.lift.arrays.views import Order, Shape, View
from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.reading.values import Ref, Value

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

# What gives the array itself where nothing is to be converted: a change of the result is one of the array.
SAME = frozenset("asarray asanyarray as_tensor from_numpy detach numpy cpu cuda real".split())
# What gives the array itself if its numbers have that many digits, or its elements lie in their order.
PERHAPS = frozenset("float double half bfloat16 long int bool to type type_as conj".split())
ORDERED = frozenset(("contiguous", "ascontiguousarray"))
MAKING = frozenset(("array", "astype"))  # copies, unless they are told not to


def sharing(reader: Reader, name: str, owner: Ref, copied: Value) -> Value:
    """What a function gives that hands on its argument as it is; none for a copy. copied: its argument `copy`."""
    if copied is not ...:
        if copied is not None and reader.truth(copied) is not False:
            if reader.truth(copied) is not True:
                raise UnreadableError("whether an array is copied is not known")
            return None
        return owner if name in SAME or name in MAKING else None
    if name in SAME:
        return owner
    if name in PERHAPS:
        return reader.state.store.perhaps_shared(owner, reader.state.store.array(owner))
    if name in ORDERED:
        if all(isinstance(each, Shape) for each in owner.path):
            return owner
        return reader.state.store.perhaps_shared(owner, reader.state.store.array(owner))
    return None


def viewed(reader: Reader, owner: Ref, view: View) -> Ref:
    """A view of an array; a transposed one that is reshaped may be a copy."""
    store = reader.state.store
    if isinstance(view, Shape) and any(isinstance(each, Order) for each in owner.path):
        return store.perhaps_shared(owner, view.read(store.array(owner)))
    return store.viewed(owner, view)
