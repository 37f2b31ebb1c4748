"""The pen: writes a program as the statements of one function.

A target is a table: for each kind of operation a rule that writes it. What is common to the targets is here: which
values get a name, in what order statements stand, how an array is brought to the axes that its user has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from indexcalc.codegen.programs.order import inverts, is_open
from indexcalc.codegen.programs.program import (
    Apply,
    Assemble,
    At,
    Axes,
    Item,
    Leaf,
    Normal,
    Permutation,
    Program,
    Result,
    Scan,
    Scatter,
    Use,
    Value,
)
from indexcalc.codegen.writing.helpers import complete
from indexcalc.codegen.writing.kinds import cheap_values as cheap_values
from indexcalc.codegen.writing.kinds import is_identity as is_identity
from indexcalc.codegen.writing.kinds import is_mask as is_mask
from indexcalc.codegen.writing.kinds import is_near as is_near
from indexcalc.codegen.writing.kinds import is_of_places as is_of_places
from indexcalc.codegen.writing.kinds import is_plain as is_plain
from indexcalc.codegen.writing.names import Names, subscripts
from indexcalc.codegen.writing.signature import Argument
from indexcalc.terms import Index, Range, Tensor

# How tightly the parts of an expression bind.
RELATION, ADDITION, MULTIPLICATION, NEGATION, POWER, ATOM = range(6)
WIDTH = 92  # of a line within the function
LONGEST_OPERAND = (
    64,
    48,
    28,
    12,
)  # a longer operand becomes a statement; if the line is too long, a shorter one does too


@dataclass(frozen=True, slots=True)
class Text:
    """An expression, and how tightly it binds."""

    text: str
    level: int = ATOM

    def within(self, level: int) -> str:
        """The text, in brackets unless it binds at least this tightly."""
        return self.text if self.level >= level else f"({self.text})"


Rule = Callable[["Pen", Value, str], Text]  # the string: the name that the value will have, if it gets one
Table = Mapping[type, Rule]


class Pen:
    """Writes the statements of one program. `is_traced`: whether numbers may be traced, so that Python cannot branch.

    Parameters
    ----------
    table: the rules of the target.
    names: where new names come from; `given` are the identifiers of the arguments.
    size: the expression for the size of a range.
    comment: what to say over the statement of a named value; may be empty.
    dtype: the expression for the type of new arrays.
    extent: how many values a range has, or may be supposed to have.

    The functions that the code calls, as source, stand in `before`. The statement at work stands in `lines`; what it
    needs first goes to `done`.
    """

    is_traced = False
    reserved: frozenset[str] = frozenset()  # names that the pen uses, beside those of its target
    spread: Mapping[Range, str] = MappingProxyType({})  # for a range the axis of a mesh of devices
    copied = ".copy()"  # makes a new array of one

    def __init__(
        self,
        program: Program,
        table: Table,
        names: Names,
        given: Mapping[str, str],
        size: Callable[[Range], str],
        comment: Callable[[Value, str], str],
        dtype: str,
        extent: Callable[[Range], int],
    ) -> None:
        self.before = ""
        self.extent = extent
        self.program, self.table, self.fresh = program, table, names
        self.size, self.comment, self.dtype, self.given = size, comment, dtype, given
        self.order = program.values  # in which the values are worked out
        self.done: list[str] = []
        self.lines: list[str] = []
        self.longest = LONGEST_OPERAND[0]
        self.names = {value: given[value.op.name] for value in program.values if isinstance(value.op, Leaf)}
        self.uses = Counter(use.value for use in program.uses)
        self.cheap = cheap_values(program)
        self.arrays: dict[Value, dict[str, str]] = {}  # those that recurrences fill
        self.copies: dict[tuple[Value, Axes], str] = {}  # values that were copied, with their axes in an order

    # ----- Statements ----------------------------------------------------------------------------------------

    def write(self) -> list[str]:
        """All statements, down to the return."""
        for value in self.order:
            if value not in self.names and self.wants_name(value):
                self.assign(value, self.program.names.get(value, ""))
        end = self._fitted(lambda: [f"return {', '.join(map(self._result, self.program.results))}"])
        return self.done + end

    def wrapped(self, lines: list[str], arguments: Sequence[Argument]) -> list[str]:
        """All lines of the function behind its checks: the sizes, and the statements."""
        return lines

    def statements(self) -> tuple[list[str], str]:
        """All statements of a program with one result, and that as an expression."""
        *lines, last = self.write()
        return lines, last.removeprefix("return ")

    def empty(self, axes: Axes) -> str:
        """A new array of zeros."""
        kind = "" if self.dtype == "float" else f", dtype={self.dtype}"
        return f"np.zeros({self.shape(axes)}{kind})"

    def wants_name(self, value: Value) -> bool:
        """Whether a value gets a statement of its own."""
        if value.is_free or isinstance(value.op, Item):
            return False
        if isinstance(value.op, Assemble):
            return not is_identity(value)
        return (
            value in self.program.names
            or isinstance(value.op, Apply | Normal | Permutation | Scan | Scatter)
            or (self.uses[value] > 1 and value not in self.cheap)
        )

    def assign(self, value: Value, name: str = "") -> str:
        """Write the statement of a value; its name."""
        name = self.fresh.take(name) if name else self._new_name(value)
        lines = self._fitted(lambda: self.statement(value, name))
        comment = self.comment(value, name)
        self.done += [f"# {comment}"] * bool(comment) + lines
        self.names[value] = name
        return name

    def statement(self, value: Value, name: str) -> list[str]:
        """The lines that give a value its name."""
        text = self.table[type(value.op)](self, value, name).text
        return self.lines if text == name else [*self.lines, f"{name} = {text}"]

    def _fitted(self, write: Callable[[], list[str]]) -> list[str]:
        """Lines that fit the page: if one is too long, more of its parts become statements of their own."""
        outer, longest = self.lines, self.longest
        for self.longest in LONGEST_OPERAND:
            mark = len(self.done), dict(self.names), set(self.fresh.taken), dict(self.copies)
            self.lines = []
            lines = write()
            if max(map(len, lines)) <= WIDTH or self.longest == LONGEST_OPERAND[-1]:
                break
            del self.done[mark[0] :]
            self.names, self.fresh.taken, self.copies = mark[1:]
        self.lines, self.longest = outer, longest
        return lines

    def _new_name(self, value: Value) -> str:
        if any(result.use.value is value for result in self.program.results):
            return self.fresh.take("out")
        if isinstance(value.op, Normal):
            return self.fresh.take(value.op.kind)
        if isinstance(value.op, Apply) and isinstance(value.formula, Tensor):
            return self.fresh.take(value.formula.name)
        return self.fresh.numbered("t")

    def _result(self, result: Result) -> str:
        kept = tuple(dict.fromkeys(index for index in result.pattern if index.place is None))
        use = result.use
        text = Text(self.names[use.value]) if use.value in self.names else self.expression(use.value)
        text = self.view(text, use.indices, tuple(index for index in kept if index in use.axes))
        if isinstance(use.value.op, Leaf | At) and use.indices:
            return f"{text.within(ATOM)}.copy()"
        if not use.axes and (is_mask(use.value) or is_plain(use.value)):
            return self.constant(text)
        return self.number(use, text).text

    def constant(self, text: Text) -> str:
        """A result that is a Python number or a truth value whatever the arguments are, in the type of the results."""
        return f"float({text.text})" if self.dtype == "float" else f"{self.dtype}.type({text.text})"

    # ----- Expressions ---------------------------------------------------------------------------------------

    def value(self, value: Value) -> Text:
        """A value: its name, or its expression if that is not too long."""
        if value in self.names:
            return Text(self.names[value])
        text = self.expression(value)
        if len(text.text) > self.longest and value.operands:
            return Text(self.assign(value))
        return text

    def expression(self, value: Value) -> Text:
        """The expression of a value."""
        return self.table[type(value.op)](self, value, "")

    def text(self, use: Use, axes: Axes) -> Text:
        """A value as its user has it: with its axes in the order of the given ones and room for those it lacks."""
        return self.view(self.value(use.value), use.indices, axes)

    def operand(self, use: Use, axes: Axes) -> Text:
        """A value as a number: a mask becomes zeros and ones."""
        return self.number(use, self.text(use, axes))

    def number(self, use: Use, text: Text) -> Text:
        """A mask made zeros and ones; any other value as it is."""
        if not is_mask(use.value):
            return text
        if not use.axes:
            return Text(f"float({text.text})")
        return Text(f"{text.within(ATOM)}.astype({self.dtype})")

    def is_kept(self, use: Use) -> bool:
        """Whether an array must stay as it is, because somebody else has it too."""
        return use.value.is_free or use.value in self.names or isinstance(use.value.op, At | Item)

    def named(self, use: Use, axes: Axes) -> str:
        """A value as a user has it, by a name, so that it can stand twice."""
        text = self.operand(use, axes)
        if text.text.isidentifier():
            return text.text
        name = self.fresh.numbered("t")
        self.done.append(f"{name} = {text.text}")
        return name

    def view(self, text: Text, indices: Axes, axes: Axes) -> Text:
        """An array with these indices brought to the given axes: elements and diagonals taken, axes moved and added."""
        text, indices = element(text, indices)
        distinct = tuple(dict.fromkeys(indices))
        ordered = tuple(axis for axis in axes if axis in distinct)
        if len(distinct) < len(indices):
            text = Text(f"np.einsum('{subscripts([indices], ordered)}', {text.text})")
        elif distinct != ordered:
            text = Text(f"{text.within(ATOM)}{transposed(distinct, ordered)}")
        if not ordered:
            return text
        wanted = axes[axes.index(ordered[0]) :]
        if len(wanted) == len(ordered):
            return text
        keys = ", ".join(":" if axis in ordered else "None" for axis in wanted)
        return Text(f"{text.within(ATOM)}[{keys}]")

    def shape(self, axes: Axes) -> str:
        """The shape of an array with these axes."""
        sizes = [self.size(axis.range) for axis in axes]
        return sizes[0] if len(sizes) == 1 else f"({', '.join(sizes)})"


@dataclass(frozen=True, slots=True)
class Target:
    """What a target is.

    Parameters
    ----------
    table: its rules.
    is_split: which contractions it wants taken two operands at a time.
    associates: whether it wants the operations that cost least, in place of those that the formulas say.
    pen: who writes the statements.
    complete: makes a module of a function: imports, helpers.
    runs: the module of `running` whose `make` makes a callable of a job, if it is not the usual one.
    reserved: the names that its code uses itself, beside those that all targets use.
    passes: what is done with the program before it is written, for some sizes.
    asks_for_sizes: for which values a pass wants to know them.
    has_factors: whether it can solve with a Cholesky factor, and invert.
    """

    table: Table
    is_split: Callable[[Value], bool]
    associates: bool = True
    pen: type[Pen] = Pen
    complete: Callable[[str], str] = complete
    runs: str = ""
    reserved: frozenset[str] = frozenset()
    passes: tuple[Callable[[Program, Callable[[Range], int]], Program], ...] = ()
    asks_for_sizes: Callable[[Value], bool] = lambda value: False
    has_factors: bool = True

    def splits(self, value: Value) -> bool:
        """Whether a contraction is taken two operands at a time; one with an inverse always is, to be solved."""
        return self.is_split(value) or (is_open(value) and inverts(value))

    def chooses(self, value: Value) -> bool:
        """Whether sizes decide something about a value."""
        return self.splits(value) or self.asks_for_sizes(value)


# ----- Helpers ---------------------------------------------------------------------------------------------------


def element(text: Text, indices: Axes) -> tuple[Text, Axes]:
    """The array with its fixed places taken, and the indices that are left."""
    rest = tuple(index for index in indices if index.place is None)
    if len(rest) == len(indices):
        return text, indices
    keys = [":" if index.place is None else str(index.place - 1) for index in indices]
    while keys[-1] == ":":
        keys.pop()
    return Text(f"{text.within(ATOM)}[{', '.join(keys)}]"), rest


def transposed(indices: Axes, order: Axes) -> str:
    """What brings the axes of an array into an order."""
    if indices[::-1] == order:
        return ".T"
    return f".transpose({', '.join(str(indices.index(index)) for index in order)})"


def turned(text: Text, axes: Axes, value: Value) -> Text:
    """An array that has those of the axes that a value has, with these in the order of the value."""
    left = tuple(axis for axis in axes if axis in value.axes)
    return text if left == value.axes else Text(text.within(ATOM) + transposed(left, value.axes))


def axis_text(over: Iterable[Index], axes: Axes) -> str:
    """The places of some axes, as numpy's `axis`."""
    places = [str(place) for place, axis in enumerate(axes) if axis in set(over)]
    return places[0] if len(places) == 1 else f"({', '.join(places)})"
