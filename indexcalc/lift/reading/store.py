"""The store: cells that hold what is mutable, and references into them. Reading a reference gives its value now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from indexcalc.lift.arrays.array import KINDS, Array, shape_text
from indexcalc.lift.arrays.views import Elements, Order, Shape, View
from indexcalc.lift.arrays.writing import fitted_to
from indexcalc.lift.errors import RaisesError, UndecidedError, UnreadableError
from indexcalc.lift.library.making import cast
from indexcalc.lift.reading.values import Frame, Listed, Mapping, Ref, Thing, Unknown, Value

MAYBE_SHARED = "an array was changed that perhaps shares elements with this one"


@dataclass
class Store:
    """Cells by number. A snapshot shares the contents, which are replaced as a whole and never changed in place."""

    cells: dict[int, Any] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=count)
    doubtful: dict[int, frozenset[int]] = field(default_factory=dict)  # cells that perhaps share elements

    def new(self, content: Any) -> Ref:
        """A reference to a new cell."""
        number = next(self.numbers)
        self.cells[number] = content
        return Ref(number)

    def content(self, ref: Ref) -> Any:
        """What a cell holds."""
        return self.cells[ref.cell]

    def array(self, value: Value) -> Array:
        """The value of an array now. Raises for anything else."""
        if isinstance(value, Array):
            return value
        if isinstance(value, Ref):
            found = self.cells[value.cell]
            if isinstance(found, Unknown):
                raise UnreadableError(found.why)
            if isinstance(found, Array):
                for view in value.path:
                    found = view.read(found)
                return found
        if isinstance(value, Unknown):
            raise UnreadableError(value.why)
        raise UnreadableError(f"{_word(value)} is reckoned with")

    def resolved(self, value: Value) -> Value:
        """A value with arrays in place of references, inside sequences too."""
        if isinstance(value, Ref):
            content = self.cells[value.cell]
            if isinstance(content, Listed):
                return [self.resolved(each) for each in content.items]
            if isinstance(content, Array | Unknown):
                return self.array(value)
            return value
        if isinstance(value, tuple):
            return tuple(self.resolved(each) for each in value)
        if isinstance(value, Unknown):
            raise UnreadableError(value.why)
        return value

    def write(self, ref: Ref, new: Array) -> None:
        """Put an array in the place of what a reference reads; it is broadcast, and cut off by whole numbers."""
        old = self.array(ref)
        if KINDS.index(new.kind) > KINDS.index(old.kind):
            new = cast(new, old.kind)
        if new.shape != old.shape:
            new = fitted_to(new, old.axes)
        new = replace(new, kind=old.kind, library=old.library)
        self._put(ref.cell, ref.path, new)
        for each in self.doubtful.get(ref.cell, ()):
            self.cells[each] = Unknown(MAYBE_SHARED)

    def perhaps_shared(self, ref: Ref, content: Array) -> Ref:
        """A new cell that perhaps shares the elements of another one: a change of one makes the other unknown."""
        made = self.new(content)
        for one, other in ((ref.cell, made.cell), (made.cell, ref.cell)):
            self.doubtful[one] = self.doubtful.get(one, frozenset()) | {other}
        return made

    def _put(self, cell: int, path: tuple[View, ...], new: Array) -> None:
        whole = self.cells[cell]
        wholes = [whole]
        for view in path[:-1]:
            wholes.append(view.read(wholes[-1]))
        for place in reversed(range(len(path))):
            view = path[place]
            if isinstance(view, Shape) and any(isinstance(each, Order) for each in path[:place]):
                raise UndecidedError("whether a transposed array that is reshaped is copied")
            new = view.write(wholes[place], new)
        self.cells[cell] = replace(new, kind=whole.kind, library=whole.library)

    def viewed(self, ref: Ref, view: View) -> Ref:
        """A view of what a reference reads. Raises where the view does not exist."""
        view.read(self.array(ref))
        return Ref(ref.cell, (*ref.path, view))


def _word(value: Value) -> str:
    if value is None:
        return "None"
    names = {str: "a text", tuple: "a tuple", Ref: "a list or an object"}
    return names.get(type(value), f"a {type(value).__name__.lower()}")


def same_shape(old: Array, new: Array) -> None:
    """Raise if an array that is changed in place would need another shape."""
    if new.shape != old.shape:
        shapes = f"{shape_text(new.shape)} does not fit into {shape_text(old.shape)}"
        raise RaisesError(f"a result of shape {shapes}, which is changed in place")


@dataclass
class State:
    """What code can change: the store, and the names of the frames that are open."""

    store: Store
    frame: Frame

    def frames(self) -> list[Frame]:
        """The open frame and those around it."""
        found, frame = [], self.frame
        while True:
            found.append(frame)
            if frame.parent is None:
                return found
            frame = frame.parent

    def snapshot(self) -> Snapshot:
        """The contents now."""
        return Snapshot(dict(self.store.cells), [(frame, dict(frame.names)) for frame in self.frames()])

    def restore(self, snapshot: Snapshot) -> None:
        """Set everything back."""
        self.store.cells = dict(snapshot.cells)
        for frame, names in snapshot.names:
            frame.names = dict(names)


@dataclass(frozen=True)
class Snapshot:
    """Contents of cells and names of frames at one moment."""

    cells: dict[int, Any]
    names: list[tuple[Frame, dict[str, Value]]]


CONTENTS = (Listed, Mapping, Thing)
VIEWS = (Elements, Order, Shape)
