"""What the statements of a sheet say of letters, sizes and what stands outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from indexcalc.notation.lowering.statements import Statement
from indexcalc.notation.shifts.conditions import Names
from indexcalc.notation.shifts.forms import Written, reckoned
from indexcalc.notation.shifts.meeting import Declared
from indexcalc.notation.shifts.scopes import letters_in
from indexcalc.notation.syntax.names import check_name
from indexcalc.notation.syntax.places import Place, Syntax, error_at, kind, place_of, subtrees
from indexcalc.terms import Number

KINDS = frozenset(("definition", "index", "outside", "assume", "check", "notation", "function"))


@dataclass
class Said:
    """Names, declared letters, and the numbers that stand outside of tensors."""

    names: Names = field(default_factory=Names)
    declared: dict[str, Declared] = field(default_factory=dict)
    outside: dict[str, Number] = field(default_factory=dict)
    at: dict[str, Place] = field(default_factory=dict)  # where it says what stands outside

    def read(self, statements: Sequence[Statement], others: Iterable[Syntax]) -> None:
        """Take in the statements of a sheet, and further trees for their letters. Raises IndexcalcError."""
        for each in statements:
            if each.kind not in KINDS:
                cause = "matrix notation and shifted places do not go together in one sheet yet"
                raise error_at(cause, "Write the indices of the matrices", each.place)
        for tree in (*(each.tree for each in statements), *others):
            letters_in(tree, self.names)
        for statement in statements:
            if statement.kind == "index":
                self._declare(statement)
            elif statement.kind == "outside":
                self._stands_outside(statement)
        self.names.sizes -= self.names.declared
        self.names.letters |= self.names.declared
        self.names.letters -= self.names.sizes

    def _declare(self, statement: Statement) -> None:
        *letters, size = statement.tree.children
        text, first = statement.text, Written((), 1)
        if isinstance(size, str):
            found = reckoned(size, text)
        elif len(size.children) == 3:
            first, last = reckoned(size.children[0], text), reckoned(size.children[2], text)
            found = last.plus(first.times(-1)).plus(Written((), 1))
        else:
            found = reckoned(size.children[0], text)
        self.names.sizes.update(name for form in (found, first) for name, _ in form.names)
        if not found.names and found.constant < 1:
            raise error_at("a range has no place", "Write its first place and its last: 0..m-1", statement.place)
        for token in letters:
            assert isinstance(token, str)
            place, letter = place_of(token, text), str(token)
            if letter.isdecimal():
                raise error_at("an index is a letter here", "Write index i, j : n", place)
            check_name(letter, place, primes=True)
            self.names.declared.add(letter)
            known = self.declared.setdefault(letter, Declared(found, first, place))
            if (known.size, known.first) != (found, first):
                raise error_at(f"the index {letter} has two ranges", "Declare it once", place, known.place)

    def _stands_outside(self, statement: Statement) -> None:
        name, value = statement.tree.children
        assert not isinstance(value, str)
        number = _number(value)
        if number is None:
            place = place_of(value, statement.text)
            raise error_at("what stands outside is a number", f"Write outside {name} = 0", place)
        if self.outside.setdefault(str(name), number) is not number:
            raise error_at(f"two numbers stand outside {name}", "Write one of them", statement.place)
        self.at[str(name)] = statement.place


def _number(tree: Syntax) -> Number | None:
    match kind(tree):
        case "number":
            return Number(Fraction(str(tree.children[0])))
        case "negative":
            inner = _number(subtrees(tree)[0])
            return None if inner is None else Number(inner.value * (-1) ** (len(tree.children) - 1))
    return None
