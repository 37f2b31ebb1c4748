"""Loops that are functions: jax.lax.scan, fori_loop and cond. They are read as the loops that they stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from indexcalc.lift.arrays.array import Array, number
from indexcalc.lift.arrays.shaping import stacked
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library import comparing as c
from indexcalc.lift.library.calls import as_array, as_integer, as_whole
from indexcalc.lift.library.reductions import running
from indexcalc.lift.library.variants import flip
from indexcalc.lift.reading.courses import Course, course, index_for, row
from indexcalc.lift.reading.special import trees
from indexcalc.lift.reading.values import Builtin, Listed, Span, Value

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

Apply = Callable[[Any, Value, list[Value], dict[str, Value]], Value]
MOST = 16  # rounds that are written out
MOST_ROUNDS = 64  # of a loop that goes on while something holds
Round = Callable[[Value, Value], tuple[Value, Value]]  # what is handed on and a place -> what is handed on, and a row


def scan(reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply) -> Value:
    """lax.scan(f, init, xs, length, reverse): what is handed on at last, and the rows that the rounds give."""
    given = dict(zip(("f", "init", "xs", "length", "reverse", "unroll"), arguments, strict=False)) | keywords
    if not {"f", "init"} <= given.keys() <= {"f", "init", "xs", "length", "reverse", "unroll"}:
        raise UnreadableError("lax.scan with these arguments")
    rows, store = given.get("xs"), reader.state.store
    arrays = trees.leaves(reader, rows)
    if arrays:
        sizes = [as_array(store.resolved(each)).shape[0] for each in arrays]
        if any(size != sizes[0] for size in sizes):
            raise RaisesError("arrays of different lengths are gone through together")
        way = course(reader, arrays[0])
    else:
        way = course(reader, Span(Whole(), as_whole(store.resolved(given.get("length")))))
    backwards = "reverse" in given and reader.truth(given["reverse"]) is True

    def once(carry: Value, place: Value) -> tuple[Value, Value]:
        own = trees.mapped(reader, lambda leaf: row(reader, leaf, place), rows)
        pair = reader.sequence(apply(reader, given["f"], [carry, own], {}))
        if len(pair) != 2:
            raise RaisesError("the function of a scan gives what is handed on, and a row")
        return pair[0], pair[1]

    return _gone_through(reader, way, backwards, given["init"], once)


def fori_loop(
    reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply
) -> Value:
    """lax.fori_loop(start, stop, f, init)."""
    given = dict(zip(("lower", "upper", "body_fun", "init_val"), arguments, strict=False)) | keywords
    if given.keys() != {"lower", "upper", "body_fun", "init_val"}:
        raise UnreadableError("lax.fori_loop with these arguments")
    start, stop = (as_whole(reader.state.store.resolved(given[key])) for key in ("lower", "upper"))

    def once(carry: Value, place: Value) -> tuple[Value, Value]:
        return apply(reader, given["body_fun"], [place, carry], {}), None

    return _gone_through(reader, course(reader, Span(start, stop)), False, given["init_val"], once)[0]


def cond(reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply) -> Value:
    """lax.cond(test, then, otherwise, *operands)."""
    if len(arguments) < 3 or keywords:
        raise UnreadableError("lax.cond with these arguments")
    test, then, otherwise, *operands = arguments
    holds = reader.truth(test)
    if isinstance(holds, bool):
        return apply(reader, then if holds else otherwise, operands, {})
    store = reader.state.store
    ways = [apply(reader, each, operands, {}) for each in (then, otherwise)]

    def chosen(one: Value, other: Value) -> Value:
        return store.new(c.where(holds, as_array(store.resolved(one)), as_array(store.resolved(other))))

    return trees.mapped(reader, chosen, *ways)


def _gone_through(reader: Reader, way: Course, backwards: bool, init: Value, once: Round) -> tuple[Value, Value]:
    many = (way.stop - way.start).number
    if many is not None and many <= MOST:
        return _written_out(reader, way, backwards, init, once)
    return _solved(reader, Course(way.start, way.stop, backwards, way.item), init, once)


def _written_out(reader: Reader, way: Course, backwards: bool, carry: Value, once: Round) -> tuple[Value, Value]:
    store, rows = reader.state.store, []
    many = (way.stop - way.start).number or 0
    for n in reversed(range(many)) if backwards else range(many):
        place = Array((), (way.start + Whole.of(n)).term(), "int", way.start + Whole.of(n))
        carry, found = once(carry, place)
        rows.append(found)
    if not rows or rows[0] is None:
        return carry, None
    ordered = rows[::-1] if backwards else rows

    def joined(*leaves: Value) -> Value:
        return store.new(stacked([as_array(store.resolved(each)) for each in leaves], 0))

    return carry, trees.mapped(reader, joined, *ordered)


def _solved(reader: Reader, way: Course, init: Value, once: Round) -> tuple[Value, Value]:
    """The rounds as one for all: what is handed on, in names of the open frame; the rows, in lists."""
    from indexcalc.lift.reading.rounds import all_rounds

    store, frame = reader.state.store, reader.state.frame
    rounds = index_for(reader, way)
    place = Array((), Whole.atom(rounds.index).term(), "int", Whole.atom(rounds.index))
    handed = [f"§handed {rounds.index.serial} {n}" for n in range(len(trees.leaves(reader, init)))]
    for name, leaf in zip(handed, trees.leaves(reader, init), strict=True):
        frame.names[name] = store.new(as_array(store.resolved(leaf)))
    before = reader.state.snapshot()
    _, sample = once(init, place)
    reader.state.restore(before)
    lists = [store.new(Listed()) for _ in trees.leaves(reader, sample)]

    def body() -> None:
        carry, rows = once(trees.rebuilt(reader, init, [frame.names[name] for name in handed]), place)
        found = [as_array(store.resolved(leaf)) for leaf in trees.leaves(reader, carry)]
        if len(found) != len(handed):
            raise RaisesError("what is handed on is built differently in each round")
        for name, leaf in zip(handed, found, strict=True):
            frame.names[name] = store.new(leaf)
        for ref, leaf in zip(lists, trees.leaves(reader, rows), strict=True):
            store.cells[ref.cell] = Listed([*store.cells[ref.cell].items, leaf])

    all_rounds(reader, rounds, body)
    carry = trees.rebuilt(reader, init, [frame.names.pop(name) for name in handed])
    if way.backwards:  # the rows lie at the places of their rounds
        for ref in lists:
            if isinstance(store.cells[ref.cell], Array):
                store.cells[ref.cell] = flip(store.cells[ref.cell], 0)
    return carry, trees.rebuilt(reader, sample, list(lists))


RUNNING = {"add": "sum", "multiply": "prod", "mul": "prod", "maximum": "max", "minimum": "min"}
RUNNING |= {"max": "max", "min": "min"}


def associative_scan(
    reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply
) -> Value:
    """lax.associative_scan(f, x, reverse, axis): what f makes of the rows so far; from the end, f(later, earlier)."""
    given = dict(zip(("fn", "elems", "reverse", "axis"), arguments, strict=False)) | keywords
    if not {"fn", "elems"} <= given.keys() <= {"fn", "elems", "reverse", "axis"}:
        raise UnreadableError("lax.associative_scan with these arguments")
    store, inner = reader.state.store, given["fn"]
    backwards = "reverse" in given and reader.truth(given["reverse"]) is True
    axis = as_integer(store.resolved(given["axis"])) if "axis" in given else 0
    elements = store.resolved(given["elems"])
    if isinstance(inner, Builtin) and inner.name in RUNNING and isinstance(elements, Array):
        return store.new(running(elements, axis, RUNNING[inner.name], backwards))
    arrays = trees.leaves(reader, given["elems"])
    sizes = {as_array(store.resolved(each)).shape[0].number for each in arrays}
    many = next(iter(sizes), None)
    if axis or len(sizes) != 1 or many is None or many > MOST:
        raise UnreadableError("lax.associative_scan of this function along an axis whose length is no small number")
    places = [number(n) for n in (reversed(range(many)) if backwards else range(many))]
    rows = [trees.mapped(reader, lambda leaf, at=at: row(reader, leaf, at), given["elems"]) for at in places]
    found = rows[:1]
    for each in rows[1:]:
        found.append(apply(reader, inner, [found[-1], each], {}))
    ordered = found[::-1] if backwards else found

    def joined(*leaves: Value) -> Value:
        return store.new(stacked([as_array(store.resolved(each)) for each in leaves], 0))

    return trees.mapped(reader, joined, *ordered)


def while_loop(
    reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply
) -> Value:
    """lax.while_loop(test, body, init), where what is tested is known."""
    if len(arguments) != 3 or keywords:
        raise UnreadableError("lax.while_loop with these arguments")
    test, body, carry = arguments
    for _ in range(MOST_ROUNDS):
        holds = reader.truth(apply(reader, test, [carry], {}))
        if not isinstance(holds, bool):
            break
        if not holds:
            return carry
        carry = apply(reader, body, [carry], {})
    raise UnreadableError("a loop whose number of rounds is not known cannot be read")


def switch(
    reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply
) -> Value:
    """lax.switch(place, functions, *operands): a place outside is moved to the nearest one."""
    if len(arguments) < 2 or keywords:
        raise UnreadableError("lax.switch with these arguments")
    branches = reader.sequence(arguments[1])
    place = as_integer(reader.state.store.resolved(arguments[0]))
    return apply(reader, branches[min(max(place, 0), len(branches) - 1)], arguments[2:], {})


def fold(reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply) -> Value:
    """functools.reduce(f, items, start)."""
    if not 2 <= len(arguments) <= 3:
        raise UnreadableError("functools.reduce with these arguments")
    items = [*arguments[2:], *reader.sequence(arguments[1])]
    if not items:
        raise RaisesError("functools.reduce of nothing")
    found = items[0]
    for each in items[1:]:
        found = apply(reader, arguments[0], [found, each], {})
    return found
