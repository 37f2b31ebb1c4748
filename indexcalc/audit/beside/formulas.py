"""What a document says of names, as formulas that a value in code can be compared with.

Of a sheet: its definitions, and the derivatives of what it defines. Of the text: its definitions, and the derivatives
that stand on the left of a chain, by their last side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.worlds import world_of
from indexcalc.audit.declared.fences import Fenced
from indexcalc.audit.documents.document import Document
from indexcalc.audit.facts import facts_at
from indexcalc.audit.judging import Judge
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.proof import Verdict
from indexcalc.indices import Index, Range
from indexcalc.lift.arrays.array import Array, Axis
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.beside.known import Formula, Known
from indexcalc.lift.judging.code import judged, shape_fault
from indexcalc.lift.judging.resized import resized
from indexcalc.looked import lookups_in
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.values import Value, aligned
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative, Tensor, Term
from indexcalc.walk import holds

# ----- Of a sheet ------------------------------------------------------------------------------------------------


def of_sheet(fenced: Fenced, document: Document) -> Known:
    """What a sheet of a document says."""
    sheet = fenced.sheet
    found = [_definition(sheet, name, _line(name, document)) for name in sheet.definitions]
    for name, definition in sheet.definitions.items():
        for variable in sheet.slots:
            if variable in sheet.made_of.get(name, ()):
                found.append(_derivative(sheet, name, variable, _line(name, document), not definition.axes))
    sizes = {each.label: each for each in sheet.letters.values() if each.named and each.label not in sheet.slots}
    places = lookups_in(each.body for each in sheet.definitions.values())
    return Known(sheet.slots, sizes, frozenset(sheet.definitions), tuple(found), declared=True, places=places)


def _line(name: str, document: Document) -> int:
    """The line in which a sheet of the document defines a name."""
    pattern = re.compile(rf"^[ \t]*{re.escape(name)}[ \t]*(?:\[[^\]=]*\])?[ \t]*=(?!=)", re.MULTILINE)
    lines = [
        document.lines.at(piece.content.place(match.start() + len(match.group()) - 1))[0]
        for piece in document.pieces
        if piece.kind == "sheet"
        for match in pattern.finditer(piece.content.text)
    ]
    return lines[-1] if lines else 0


def _definition(sheet: Sheet, name: str, line: int) -> Formula:
    axes = sheet.definitions[name].axes
    term = Tensor(name, axes)
    return Formula(
        name,
        "",
        len(axes),
        _element(name, axes),
        line,
        lambda array: judged(term, axes, sheet, array),
        declared=True,
        terms=(term, axes, sheet),
    )


def _derivative(sheet: Sheet, name: str, variable: str, line: int, scalar: bool) -> Formula:
    axes = sheet.definitions[name].axes
    slots = _letters(sheet, variable, axes)
    target = Derivative(Tensor(name, axes), Tensor(variable, slots))
    text = f"diff({_element(name, axes)}, {_element(variable, slots)})"
    every = (*axes, *slots)
    return Formula(
        name,
        variable,
        len(every),
        text,
        line,
        lambda array: judged(target, every, sheet, array),
        declared=True,
        scalar=scalar,
        value=lambda: _array(target, every),
        terms=(target, every, sheet),
    )


def _array(term: Term, axes: tuple[Index, ...]) -> Array:
    """A term along axes as an array."""
    return Array(tuple(Axis() if axis.range.size == 1 else Axis((axis,)) for axis in axes), term).numbered()


def _letters(sheet: Sheet, name: str, taken: tuple[Index, ...]) -> tuple[Index, ...]:
    """Letters for the slots of a tensor, each once, and none of those that are taken."""
    used = [each.name for each in taken]
    found: list[Index] = []
    for place, range in enumerate(sheet.slots[name], 1):
        known = [letter for letter in sheet.letters_of.get(range, []) if letter not in used]
        letter = known[0] if known else f"i{place}"
        used.append(letter)
        found.append(Index(letter, range))
    return tuple(found)


def _element(name: str, axes: tuple[Index, ...]) -> str:
    return f"{name}[{','.join(axis.name for axis in axes)}]" if axes else name


# ----- Of the text -----------------------------------------------------------------------------------------------


def of_text(judge: Judge) -> Known:
    """What the formulas of a document say."""
    meanings, ranges = judge.meanings, judge.meanings.ranges
    slots = {name: tuple(map(_Plain(judge), found)) for name, found in meanings.slots.items() if name.isidentifier()}
    sizes = {
        name: _Plain(judge)(ranges.of_size(name))
        for name in sorted(judge.known.letters.sizes)
        if name in ranges.named and name not in slots
    }
    found = [each for statement in judge.readings for each in _of_statement(judge, statement)]
    defined = frozenset(each.of for each in found if not each.by)
    for each in found:
        if not each.by and each.of not in slots and each.value is not None:
            slots[each.of] = tuple(axis.factors[0].range for axis in each.value().axes if axis.factors)
    spelled = {name: re.sub(r"_[a-h]$", "", use.letter) for name, use in meanings.spelled.items()}
    bare = spelled | {name: name.split("_")[0] for name in sizes}
    leaves = {name: _leaves(judge, name) for name in slots if name in judge.meanings.slots}
    return Known(slots, sizes, defined, tuple(found), bare=bare, leaves=leaves, same=lambda a, b: _same(judge, a, b))


def _same(judge: Judge, one: Array, two: Array) -> Verdict:
    """The verdict on two arrays being equal, in the light of what the document says up to its end."""
    last = next(reversed(judge.readings), None)
    if last is None or one.hidden is not None or two.hidden is not None:
        return Verdict("undecided")
    sides = [_value(judge, array) for array in (one, two)]
    if sides[0] is None or sides[1] is None or sides[0].order != sides[1].order:
        return Verdict("undecided")
    return compare(sides[0], sides[1], judge.meanings, len(judge.lines.text), facts=facts_at(judge, last)).verdict


def _value(judge: Judge, array: Array) -> Value | None:
    """An array as a value of the document; none where it has axes that the formulas do not speak of."""
    ranges = {index.range for index in array.term.indices} | {index.range for index in array.indices}
    if any(each.size is None and each.label not in judge.meanings.ranges.parent for each in ranges):
        return None
    back = {each: judge.meanings.ranges.of_size(each.size) for each in ranges if each.size is not None}
    own = {index: Index("c", index.range, index.serial + 700) for index in array.indices}
    array = array.renamed(own)
    axes = tuple(Index(each.name, back.get(each.range, each.range), each.serial) for each in array.indices)
    return Value(resized(array.term, back), axes)


def _leaves(judge: Judge, name: str) -> frozenset[str]:
    """What a tensor is made of that nothing defines."""
    slots = tuple(Index(f"i{n}", range) for n, range in enumerate(judge.meanings.slots[name]))
    world = world_of(judge.meanings, [Tensor(name, slots)], len(judge.lines.text))
    return frozenset(each for each in world.made_of(name) if each in world.leaves)


class _Plain:
    """The range of a class: with its size, where that is a number."""

    def __init__(self, judge: Judge) -> None:
        self.ranges = judge.meanings.ranges

    def __call__(self, range: Range) -> Range:
        size = self.ranges.size(range)
        if isinstance(size, int):
            return Range(str(size), True, size)
        return Range(self.ranges.find(range.label), named=False)


def _of_statement(judge: Judge, statement: Statement) -> Iterator[Formula]:
    """What a statement says of a tensor, or of a derivative: by its first side and by its last one."""
    reading = judge.readings[statement]
    left = reading.values[0]
    if statement.earlier is not None or not isinstance(left, Value) or len(statement.sides) < 2:
        return
    term = left.term
    function = _function(judge, statement)
    if function is not None:
        yield _formula(judge, statement, left, function, "", left.axes)
    elif isinstance(term, Tensor):
        if not _is_definition(judge, statement, term):
            return
        yield _formula(judge, statement, left, term.name, "", term.slots)
    elif isinstance(term, Derivative) and isinstance(term.body, Tensor):
        slots = (*term.body.slots, *term.variable.slots)
        yield _formula(judge, statement, left, term.body.name, term.variable.name, slots)


def _function(judge: Judge, statement: Statement) -> str | None:
    """The name of the function that a statement defines at its own arguments: its value has the name, L(y, x) = ..."""
    found = [
        each
        for many in judge.meanings.definitions.by_letter.values()
        for each in many
        if each.place == statement.start and each.kind == "function" and not each.lost
    ]
    name = found[0].name if len(found) == 1 else ""
    return name if name.isidentifier() and name not in judge.meanings.slots else None


def _is_definition(judge: Judge, statement: Statement, tensor: Tensor) -> bool:
    found = judge.meanings.find(tensor.name, statement.start)
    return found is not None and found[0].place == statement.start


def _formula(judge: Judge, statement: Statement, left: Value, of: str, by: str, slots: tuple[Index, ...]) -> Formula:
    sides = [left]
    last = judge.readings[statement].values[-1]
    if by and isinstance(last, Value) and not holds(last.term, Derivative) and last.order == left.order:
        sides.insert(0, Value(_at(last, left, judge), left.axes))
    orders = _orders([each for each in slots if each in left.axes or each in left.term.free], left, slots, by)
    line = judge.lines.at(statement.start)[0]
    world = world_of(judge.meanings, [each.term for each in sides], statement.start)
    body = world.definitions[of].body if of in world.definitions and not by else sides[0].term
    needs = frozenset(name for name in world.spoken_of(body) if name in world.leaves)
    if by and of not in world.definitions:
        sides = sides[:1]
    text = " ".join(statement.sides[0].text.split())

    def judged_by(array: Array) -> Verdict:
        found = Verdict("undecided", "the formula cannot be compared")
        for side in sides:
            for axes in orders:
                found = _compared(judge, statement, Value(side.term, axes), array)
                if found.word != "refuted":
                    return found
        return found

    explicit = sides[0].term
    if not by and isinstance(explicit, Tensor) and of in world.definitions:
        explicit = world.definitions[of].at(explicit.slots)
    plain = _Plain(judge)
    every = {index.range: plain(index.range) for index in explicit.indices | frozenset(orders[0])}
    names = {index.range: plain(index.range) for side in sides for index in side.term.indices | frozenset(orders[0])}
    axes = _renamed(orders[0], names)
    return Formula(
        of,
        by,
        len(axes),
        text,
        line,
        judged_by,
        needs=needs,
        scalar=not _rank(left),
        value=lambda: _array(resized(sides[0].term, names), axes),
        explicit=lambda: [_array(resized(explicit, every), _renamed(order, every)) for order in orders],
    )


def _renamed(axes: tuple[Index, ...], names: Mapping[Range, Range]) -> tuple[Index, ...]:
    return tuple(Index(axis.name, names[axis.range], axis.serial) for axis in axes)


def _rank(left: Value) -> int:
    """How many axes what is differentiated has."""
    body = left.term.body if isinstance(left.term, Derivative) else left.term
    return len(body.slots) if isinstance(body, Tensor) else len(left.axes)


def _at(last: Value, left: Value, judge: Judge) -> Term:
    try:
        return aligned(last, left.axes, judge.meanings.ranges)
    except UnclearError:
        return last.at(left.axes)


def _orders(slots: list[Index], left: Value, every: tuple[Index, ...], by: str) -> list[tuple[Index, ...]]:
    """The orders that the axes may have: a letter in both the numerator and the variable may stand in either place."""
    first = tuple(dict.fromkeys(slots))
    later = tuple(reversed(dict.fromkeys(reversed(slots))))
    return [first] if first == later else [first, later]


def _compared(judge: Judge, statement: Statement, value: Value, array: Array) -> Verdict:
    """The verdict on an array as the value of a side."""
    plain = _Plain(judge)
    wanted = [Whole.atom(plain(axis.range)) for axis in value.axes]
    fault = shape_fault(wanted, array)
    if fault or array.hidden is not None or any(len(axis.factors) > 1 for axis in array.axes):
        return Verdict("refuted" if fault else "undecided", fault or "the result may be minus infinity")
    if len(array.indices) != len(value.axes):
        return Verdict("undecided", "an axis of length 1")
    given = _value(judge, array)
    if given is None:
        return Verdict("undecided", "it has axes whose lengths the formulas do not speak of")
    axes = given.axes
    used = [n for n, axis in enumerate(value.axes) if axis in value.term.free or axes[n] in given.term.free]
    value = Value(value.term, tuple(value.axes[n] for n in used))
    given = Value(given.term, tuple(axes[n] for n in used))
    reading = judge.readings[statement]
    found = compare(value, given, judge.meanings, statement.start, reading.condition, facts_at(judge, statement))
    return found.verdict
