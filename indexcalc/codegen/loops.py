"""Programs as loops over elements: what is stored, what is computed in place, and which loops become one.

A value that is needed once, and there no more often than it has elements, is written in place. The others are stored,
each by a nest of loops. Nests that go over the same range outside, and read each other only at the place where they
are, become one loop over rows; what is read in it alone is one row, not an array.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from indexcalc.codegen.pen import is_mask
from indexcalc.codegen.program import (
    Assemble,
    Axes,
    Compare,
    Einsum,
    Leaf,
    Normal,
    Permutation,
    Program,
    Reduce,
    Use,
    Value,
)
from indexcalc.terms import Index


@dataclass
class Row:
    """Nests with one outer loop: for each value the index that the loop runs over (none: no loop)."""

    leads: dict[Value, Index | None] = field(default_factory=dict)

    @property
    def lead(self) -> Index | None:
        """The index that the loop is named for."""
        return next(iter(self.leads.values()), None)


class Plan:
    """What of a program is stored, and in which loops. results: the values that are returned."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.results = tuple(_returned(result.use, result.pattern) for result in program.results)
        values = [*program.values, *(use.value for use in self.results if use.value not in program.values)]
        self.values = values
        self.stored: set[Value] = set()
        self._find_stored()
        self.rows = self._rows()
        self.users = self._users()

    # ----- What is stored ------------------------------------------------------------------------------------

    def _find_stored(self) -> None:
        """The values that get memory of their own, users before what they use."""
        uses = Counter(use.value for value in self.values for use in value.operands)
        wanted = {use.value for use in self.results if use.axes}
        wider: set[Value] = set()
        for value in reversed(self.values):
            if value.is_free:
                continue
            if self._is_stored(value, uses[value], value in wanted, value in wider):
                self.stored.add(value)
            product = is_product(value)
            for use in value.operands:
                if product and not use.value.is_free:
                    wanted.add(use.value)
                if set(use.axes) != set(value.letters) or isinstance(value.op, Normal | Assemble):
                    wider.add(use.value)

    def _is_stored(self, value: Value, uses: int, is_wanted: bool, is_wider: bool) -> bool:
        if is_mask(value) or isinstance(value.op, Compare | Permutation):
            return is_wanted
        if is_wanted or isinstance(value.op, Normal | Assemble | Reduce) or summed(value):
            return True
        return value in self.program.names or uses > 1 or is_wider

    # ----- Which loops become one ----------------------------------------------------------------------------

    def reads(self, value: Value) -> Iterator[Use]:
        """The stored values and arguments that a value reads, in its own letters."""
        for use in value.operands:
            yield from self._reads(use)

    def _reads(self, use: Use) -> Iterator[Use]:
        if use.value in self.stored or isinstance(use.value.op, Leaf):
            yield use
            return
        names = dict(zip(use.value.axes, use.indices, strict=True))
        for inner in use.value.operands:
            yield from self._reads(inner.renamed(names))

    def _rows(self) -> tuple[Row, ...]:
        rows: list[Row] = []
        for value in self.values:
            if value not in self.stored:
                continue
            leads = [] if is_product(value) else list(self._leads(value))
            fitting = [lead for lead in leads if rows and self._fits(value, lead, rows[-1])]
            if fitting:
                rows[-1].leads[value] = fitting[0]
            else:
                rows.append(Row({value: leads[0] if leads else None}))
        return tuple(rows)

    @staticmethod
    def _leads(value: Value) -> Iterator[Index]:
        """The indices that the outer loop may run over."""
        first = value.axes[:1]
        match value.op:
            case Normal(_, over):
                yield from (index for index in first if index not in over)
            case Assemble(patterns, _):
                if all(pattern[0].place is None for pattern in patterns):
                    yield from first
            case Reduce():
                yield from first
            case _:
                yield from first
                yield from summed(value)

    def _fits(self, value: Value, lead: Index, row: Row) -> bool:
        """Whether a value can be computed in the loop of a row: what it reads from there is at the same place."""
        if row.lead is None or row.lead.range is not lead.range:
            return False
        if isinstance(value.op, Assemble):
            cores = zip(value.operands, value.op.patterns, strict=True)
            return all(self._is_beside(use, pattern[0], row) for core, pattern in cores for use in self._reads(core))
        return all(self._is_beside(use, lead, row) for use in self.reads(value))

    @staticmethod
    def _is_beside(use: Use, lead: Index, row: Row) -> bool:
        if use.value not in row.leads:
            return True
        own = row.leads[use.value]
        return own is not None and own in use.value.axes and use.indices[use.value.axes.index(own)] is lead

    # ----- What needs a row only -----------------------------------------------------------------------------

    def _users(self) -> dict[Value, set[Value]]:
        """For each stored value the stored values that read it."""
        found: dict[Value, set[Value]] = {value: set() for value in self.stored}
        for value in self.stored:
            for use in self.reads(value):
                if use.value in found:
                    found[use.value].add(value)
        return found

    def is_local(self, value: Value, row: Row) -> bool:
        """Whether one row of a value is enough, because nobody outside the loop reads it."""
        lead = row.leads[value]
        if lead is None or lead not in value.axes or isinstance(value.op, Assemble):
            return False
        returned = any(use.value is value for result in self.results for use in (result, *self._reads(result)))
        return not returned and all(user in row.leads for user in self.users[value])


def _returned(use: Use, pattern: Axes) -> Use:
    """What is returned: a value as it is, or a copy of it in the order of the result's axes."""
    axes = tuple(dict.fromkeys(index for index in pattern if index.place is None and index in use.axes))
    if not axes or (axes == use.indices and not isinstance(use.value.op, Leaf)):
        return use
    return Use(Value(Einsum(), axes, (use,), -1), axes)


def summed(value: Value) -> Axes:
    """The indices that a contraction sums."""
    if not isinstance(value.op, Einsum):
        return ()
    return tuple(index for index in value.letters if index not in value.axes)


def is_product(value: Value) -> bool:
    """Whether a value is the product of two matrices, which is better left to BLAS."""
    over = summed(value)
    if len(over) != 1 or len(value.operands) != 2 or len(value.axes) != 2:
        return False
    return all(
        len(use.indices) == 2 and use.indices == use.axes and over[0] in use.axes for use in value.operands
    ) and not set(value.operands[0].axes) == set(value.operands[1].axes)


def place_of(index: Index, at: Mapping[Index, str]) -> str:
    """The place on one axis: a number, or the variable of a loop."""
    return str(index.place - 1) if index.place is not None else at[index]
