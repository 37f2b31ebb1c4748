"""The statements that matrix notation makes of inverses, determinants and their like."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexcalc.calculus.primitives import applied
from indexcalc.notation.lowering.ranges import Ranges
from indexcalc.notation.lowering.summation import indices_of
from indexcalc.notation.lowering.terms import Lowering
from indexcalc.notation.syntax.places import kind, subtrees
from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import Index, Tensor, Term, negative

if TYPE_CHECKING:
    from indexcalc.notation.lowering.statements import Statement


def operands_of(statement: Statement) -> list[str]:
    """The names of what a primitive is applied to."""
    parts = [each for each in subtrees(statement.tree) if kind(each) == "operand"]
    return [str(subtrees(each)[0].children[0]) for each in parts]


def added(sheet: Sheet, name: str, statement: Statement, lowering: Lowering) -> Sheet:
    """The sheet with the primitive of a statement."""
    if name in sheet.primitives or name in sheet.definitions:
        return sheet
    _, primitive, batch, *parts = statement.tree.children
    letters = [] if isinstance(batch, str) else [str(each) for each in batch.children]
    arguments = []
    for part in parts:
        assert not isinstance(part, str)
        tensor, inside = subtrees(part)
        free = [str(each) for each in indices_of(tensor).children]
        term = lowering.term(tensor, statement.text, free)
        arguments.append((term, tuple(lowering.index(str(each)) for each in inside.children)))
    return applied(sheet, str(primitive), arguments, None, name=name, batch=tuple(map(lowering.index, letters)))[0]


@dataclass
class Symmetries:
    """What a statement says of matrices: facts, how they vary, and which are positive definite."""

    facts: list[Fact] = field(default_factory=list)
    varied: dict[str, int] = field(default_factory=dict)
    definite: list[str] = field(default_factory=list)


def symmetries(statement: Statement, ranges: Ranges) -> Symmetries:
    """Of `symmetric A`, `antisymmetric A` and `assume posdef A`."""
    word = str(statement.tree.children[0]) if statement.kind == "symmetry" else ""
    found = Symmetries()
    for token in statement.tree.children[1:] if word else statement.tree.children:
        name = str(token)
        slots = tuple(Index(letter, ranges.range_of((name, 0))) for letter in ("i", "j"))
        turned: Term = Tensor(name, slots[::-1])
        sign = -1 if word == "antisymmetric" else 1
        found.facts.append(Fact(Tensor(name, slots), "=", turned if sign > 0 else negative(turned)))
        if word:
            found.varied[name] = sign
        else:
            found.definite.append(name)
    return found
