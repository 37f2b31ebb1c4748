"""Loops and comprehensions: the rounds are written out where there are few, else one round stands for all.

The body is read once, with the loop's variable as an index and what it changes as unknowns; `solving` then says what
all rounds together make of these.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from indexcalc.lift.arrays.array import Array, Axis
from indexcalc.lift.arrays.combine import summed
from indexcalc.lift.arrays.conditions import compared
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import LiftError, UnreadableError
from indexcalc.lift.reading.courses import course, index_for, row, written_out
from indexcalc.lift.reading.solving import CARRIED, UNKNOWN, Rounds, Starts, after_rounds, with_starts
from indexcalc.lift.reading.store import Snapshot
from indexcalc.lift.reading.values import Items, Listed, Ref, Signal, Span, Unknown, Value
from indexcalc.terms import ONE, Index, Product, Tensor

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

FEW = 8  # rounds that are written out
MOST_TOGETHER = 12  # of loops inside one another, before it is tried to read one for all
DEEPEST = 7  # loops inside one another: each is gone through twice


# ----- Loops -----------------------------------------------------------------------------------------------------


def looped(reader: Reader, node: ast.For) -> Signal | None:
    """Go through a loop."""
    reader.within += 1
    try:
        return _looped(reader, node)
    finally:
        reader.within -= 1


def _looped(reader: Reader, node: ast.For) -> Signal | None:
    value = reader.value(node.iter)
    if isinstance(value, Items) and value.kind in ("product", "elements"):
        _over_places(reader, node, value)
        return None
    few = written_out(reader, value, FEW)
    if few is not None and reader.unrolled * len(few) > MOST_TOGETHER and _solved_instead(reader, node, value):
        return None
    if few is not None:
        return _written_out(reader, node, few)
    go_through(reader, value, lambda item: _round(reader, node, item))
    return None


def _solved_instead(reader: Reader, node: ast.For, value: Value) -> bool:
    """Whether one round could stand for all, where there are many in all; nothing has changed if it could not."""
    before = reader.state.snapshot()
    known = {cell for cell, content in before.cells.items() if not isinstance(content, Unknown)}
    try:
        go_through(reader, value, lambda item: _round(reader, node, item))
    except LiftError:
        reader.state.restore(before)
        return False
    lost = any(isinstance(reader.state.store.cells[cell], Unknown) for cell in known)
    for frame, names in before.names:
        bound = (name for name, value in names.items() if not isinstance(value, Unknown))
        lost = lost or any(isinstance(frame.names.get(name), Unknown) for name in bound)
    if lost:
        reader.state.restore(before)
    return not lost


def _written_out(reader: Reader, node: ast.For, items: Sequence[Value]) -> Signal | None:
    """Go through the rounds one by one."""
    many = max(len(items), 1)
    reader.unrolled *= many
    try:
        for item in items:
            reader.assign(node.target, item)
            signal = reader.outer(node.body)
            if signal is not None and signal.kind == "break":
                return None
            if signal is not None and signal.kind == "return":
                return signal
    finally:
        reader.unrolled //= many
    return None


def _round(reader: Reader, node: ast.For, item: Value) -> None:
    reader.assign(node.target, item)
    signal: Signal | None = reader.outer(node.body)
    if signal is not None and signal.kind != "continue":
        raise UnreadableError(f"a loop with {signal.kind} in its first round")


def go_through(reader: Reader, value: Value, body: Callable[[Value], None]) -> None:
    """Make the state that after all rounds of a loop over something, of which one is read."""
    way = course(reader, value)
    rounds = index_for(reader, way)

    def once() -> None:
        place = Array((), Whole.atom(rounds.index).term(), "int", Whole.atom(rounds.index))
        body(way.item(place))

    all_rounds(reader, rounds, once)


def _over_places(reader: Reader, node: ast.For, value: Items) -> None:
    """Go through all places of a shape: a loop for each axis, one inside the other."""
    spans = [each for each in value.parts if isinstance(each, Span)]
    source = value.parts[0] if value.kind == "elements" else None

    def inner(places: tuple[Value, ...]) -> None:
        if len(places) < len(spans):
            go_through(reader, spans[len(places)], lambda place: inner((*places, place)))
            return
        if source is None:
            _round(reader, node, places)
            return
        element: Value = source
        for place in places:
            element = row(reader, element, reader.state.store.array(place))
        _round(reader, node, (places, element))

    inner(())


def all_rounds(reader: Reader, rounds: Rounds, once: Callable[[], None]) -> None:
    """Make the state that after all rounds of a loop of which `once` is one."""
    if reader.loops >= DEEPEST:
        raise UnreadableError(f"more than {DEEPEST} loops inside one another")
    reader.loops += 1
    try:
        _solve_rounds(reader, rounds, once)
    finally:
        reader.loops -= 1


def _solve_rounds(reader: Reader, rounds: Rounds, once: Callable[[], None]) -> None:
    before = reader.state.snapshot()
    once()
    changed, names = _changes(before, reader.state.snapshot())
    for _ in range(4):
        unknowns = _with_unknowns(reader, before, changed, names, rounds)
        once()
        after = reader.state.snapshot()
        more, further = _changes(before, after)
        wider = _widened(reader, unknowns, before)
        if more <= set(changed) and further <= set(names) and not wider:
            break
        changed, names = set(changed) | more, {**dict.fromkeys(names), **dict.fromkeys(further)}.keys() | set()
        before = _broadcast_before(before, wider)
    else:
        raise UnreadableError("what a loop changes is not known")
    _settled(reader, rounds, before, unknowns)


Key = tuple[int, str]  # a frame (by its place) and a name


def _changes(before: Snapshot, after: Snapshot) -> tuple[set[int], set[Key]]:
    """The cells that a round changes, and the names that it binds anew."""
    cells = {cell for cell, content in before.cells.items() if after.cells.get(cell) is not content}
    cells = {cell for cell in cells if after.cells.get(cell) != before.cells[cell]}
    names: set[Key] = set()
    for place, ((_, old), (_, new)) in enumerate(zip(before.names, after.names, strict=True)):
        names |= {(place, name) for name, value in old.items() if new.get(name) != value}
    return cells, names


@dataclass(frozen=True)
class Unknowns:
    """The unknowns of a loop: for cells and names the tensor that stands for the value before a round."""

    cells: dict[int, tuple[Tensor, Any]]
    names: dict[Key, tuple[Tensor, int, Any]]


def _unknown(reader: Reader, content: Array) -> tuple[Array, Tensor]:
    reader.rounds += 1
    tensor = Tensor(f"{UNKNOWN}{reader.rounds}", content.indices)
    return replace(content, term=tensor, whole=None, choice=None, hidden=None), tensor


def _with_unknowns(reader: Reader, before: Snapshot, changed: set[int], names: Any, rounds: Rounds) -> Unknowns:
    """Set the state back, with unknowns in place of what a round changes."""
    reader.state.restore(before)
    cells: dict[int, tuple[Tensor, Any]] = {}
    for cell in sorted(changed):
        content = before.cells[cell]
        if isinstance(content, Array):
            array, tensor = _unknown(reader, content)
            reader.state.store.cells[cell] = array
            cells[cell] = (tensor, content)
        elif isinstance(content, Listed):
            cells[cell] = (Tensor("§list"), content)
        else:
            raise UnreadableError("a dictionary or an object is changed in a loop")
    found: dict[Key, tuple[Tensor, int, Any]] = {}
    for place, name in sorted(names):
        frame, old = before.names[place]
        value = old[name]
        content = reader.content(value)
        if isinstance(content, Array):
            resting = _resting(before, value)
            array, tensor = _unknown(reader, resting)
            ref = reader.state.store.new(array)
            frame.names[name] = ref
            found[place, name] = (tensor, ref.cell, resting)
        else:
            frame.names[name] = Unknown("a value of the round before is read")
            found[place, name] = (Tensor("§other"), -1, None)
    return Unknowns(cells, found)


def _resting(before: Snapshot, value: Ref) -> Array:
    found = before.cells[value.cell]
    for view in value.path:
        found = view.read(found)
    assert isinstance(found, Array)
    return found


def _widened(reader: Reader, unknowns: Unknowns, before: Snapshot) -> dict[Key, Array]:
    """The names whose numbers became arrays in the round, with the shape that they have then."""
    found: dict[Key, Array] = {}
    for key, (_, cell, resting) in unknowns.names.items():
        if cell < 0:
            continue
        frame, _ = before.names[key[0]]
        new = reader.state.store.array(frame.names[key[1]]) if _is_array(reader, frame.names.get(key[1])) else None
        if new is not None and new.shape != resting.shape:
            if resting.rank:
                raise UnreadableError(f"the shape of {key[1]} changes from round to round")
            found[key] = new
    return found


def _is_array(reader: Reader, value: Any) -> bool:
    return isinstance(value, Array) or isinstance(reader.content(value), Array)


def _broadcast_before(before: Snapshot, wider: dict[Key, Array]) -> Snapshot:
    """The state before the loop with numbers in the shape that they take on in it."""
    names = [(frame, dict(values)) for frame, values in before.names]
    cells = dict(before.cells)
    for (place, name), new in wider.items():
        old = _resting(before, names[place][1][name])
        cell = -len(cells) - 1
        cells[cell] = replace(old, axes=new.axes, kind=new.kind)
        names[place][1][name] = Ref(cell)
    return Snapshot(cells, names)


def _settled(reader: Reader, rounds: Rounds, before: Snapshot, unknowns: Unknowns) -> None:
    """Put what all rounds make of the unknowns into the state that one round left."""
    store = reader.state.store
    equations: list[tuple[Tensor, Array, Array]] = []
    solved_cells: list[int] = []
    lists: list[tuple[int, Listed]] = []
    for cell, (tensor, content) in unknowns.cells.items():
        if isinstance(content, Listed):
            lists.append((cell, content))
        elif isinstance(store.cells[cell], Array):
            equations.append((tensor, store.cells[cell], content))
            solved_cells.append(cell)
    targets: list[Key | None] = [None] * len(equations)
    for key, (tensor, cell, resting) in unknowns.names.items():
        frame = before.names[key[0]][0]
        value = frame.names.get(key[1])
        if cell < 0 or not _is_array(reader, value):
            frame.names[key[1]] = Unknown("a value of the last round of a loop is read")
        else:
            equations.append((tensor, store.array(value), resting))
            targets.append(key)
    solved, starts = after_rounds(rounds, equations)
    own = frozenset(each[0].name for each in unknowns.cells.values())
    own |= {each[0].name for each in unknowns.names.values()}
    for cell, content in lists:
        store.cells[cell] = _collected(reader, rounds, content, store.cells[cell], (starts, own))
    cells = iter(solved_cells)
    for target, found in zip(targets, solved, strict=True):
        if target is None:
            store.cells[next(cells)] = found
        else:
            before.names[target[0]][0].names[target[1]] = store.new(found) if isinstance(found, Array) else found
    _forget(reader, rounds, before, unknowns)


def _forget(reader: Reader, rounds: Rounds, before: Snapshot, unknowns: Unknowns) -> None:
    """What was bound in the last round only is not known afterwards, where it hangs on the round."""
    known = set(unknowns.names)
    gone = {tensor.name for tensor, _ in unknowns.cells.values()} | {each[0].name for each in unknowns.names.values()}
    for place, (frame, _) in enumerate(before.names):
        for name, value in list(frame.names.items()):
            content = reader.content(value)
            if (place, name) in known or not isinstance(content, Array):
                continue
            path = [item for view in value.path for item in getattr(view, "items", ())]
            hangs = any(isinstance(item, Array) and rounds.index in item.term.indices for item in path)
            if hangs or rounds.index in content.term.free or not gone.isdisjoint(content.term.symbols):
                frame.names[name] = Unknown("a value of the last round of a loop is read")
        for name, value in list(frame.names.items()):
            if isinstance(value, tuple) and (place, name) not in known and name not in before.names[place][1]:
                frame.names[name] = Unknown("a value of the last round of a loop is read")


def _collected(reader: Reader, rounds: Rounds, old: Listed, new: Any, known: tuple[Starts, frozenset[str]]) -> Any:
    """The list of what each round appends, as an array with a first axis."""
    if not isinstance(new, Listed) or old.items or len(new.items) != 1:
        return Unknown("a list is changed in a loop by more than one item a round")
    item = reader.state.store.array(new.items[0])
    starts, own = known
    term = with_starts(item.term, starts)
    if not own.isdisjoint(term.symbols):
        return Unknown(CARRIED)
    return rows_of(rounds, item if term is item.term else replace(item.plain(), term=term))


def rows_of(rounds: Rounds, item: Array) -> Array:
    """The items of all rounds along a new first axis."""
    from indexcalc.lift.arrays.array import axis_of

    count = rounds.stop - rounds.start
    if item.hidden is not None:
        raise UnreadableError("minus infinity is collected")
    if rounds.inside is ONE and not rounds.backwards:
        axis = Axis((rounds.index,))
        return replace(item, axes=(axis, *item.axes), whole=item.whole).numbered()
    axis = axis_of(count, 950)
    axis = axis.renamed({index: Index("k", index.range, 1) for index in axis.factors})
    here = Whole.atom(axis.factors[0]) if axis.factors else Whole()
    place = rounds.stop - UNIT - here if rounds.backwards else here + rounds.start
    tie = compared("==", Whole.atom(rounds.index), place)
    term = summed((rounds.index,), Product(tie, item.term))
    return replace(item, axes=(axis, *item.axes), term=term, whole=None, choice=None).numbered()
