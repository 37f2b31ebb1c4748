"""Steps: the relations of statements that claim something, and what shows by their sides alone."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexcalc.audit.outline.statements import Statement
from indexcalc.context.names import written
from indexcalc.meaning.ranges import MORE
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Bracket, Formula, Name, Numeral, Relation, Sequence, Table, changed, walk
from indexcalc.terms import ONE, Term

# Why a formula that is no claim is none.
DEFINED = "a definition"
SAID_BEFORE = "said before"
GIVEN = "what a derivative of an unknown function is, is given"
BROKEN = "its formula lacks a brace"
FACT = "a fact"
MODEL = "a model with an error term"
NAMED = "a new name for what stands on the left"
SPACES = "it speaks of spaces"
SOLUTION = "what solves an equation for a letter"


# What is said in definitions, facts and namings is listed as such, and claims nothing.
SILENT = frozenset(
    (
        DEFINED,
        FACT,
        MODEL,
        SAID_BEFORE,
        NAMED,
        "the Kronecker delta is explained",
        "the permutation symbol is explained",
        "a condition",
        "a condition on an index",
        "how far an index runs",
        GIVEN,
        BROKEN,
    )
)


@dataclass(eq=False)
class Step:
    """A relation between two sides that claims something, or the reason why it does not."""

    statement: Statement
    place: int
    left: int
    skipped: str = ""


@dataclass(eq=False)
class Reading:
    """A statement as it was read: the values of its sides, or why one has none; its scope and its condition.

    misfits: the places of sides that have none because axes or sizes do not fit.
    """

    scope: Scope
    values: list[Value | str]
    clashes: dict[int, tuple[str, frozenset[str]]] = field(default_factory=dict)
    condition: Term = ONE
    free: frozenset[str] = frozenset()
    misfits: frozenset[int] = frozenset()


def as_listing(statement: Statement) -> list[Formula]:
    """A statement that only says how far letters run, as a condition."""
    if (
        len(statement.sides) == 2
        and isinstance(statement.sides[0].formula, Name)
        and isinstance(statement.sides[1].formula, Sequence)
    ):
        first, *rest = statement.sides[1].formula.items
        return [Sequence((Relation((statement.sides[0].formula, first), ("=",)), *rest), ",")]
    return []


def replaced(formula: Formula, old: str, new: Formula) -> Formula:
    """The formula with another in place of what is written so."""
    if written(formula) == old:
        return new
    result = changed(formula, lambda part: replaced(part, old, new))
    return formula if result == formula else result


def stray_letter(left: Value, right: Value, condition: Term) -> str:
    """A letter that is free on the right only, and in no condition; empty if there is none."""
    own = {index.name for index in left.term.free.difference(left.axes) | condition.free}
    others = sorted(index.name for index in right.term.free.difference(right.axes) if index.name not in own)
    return others[0] if others else ""


def is_reckoned(formula: Formula) -> bool:
    """Whether a side is made of numbers alone, e and pi among them."""
    names = {each.letter for each in walk(formula) if isinstance(each, Name)}
    return names <= {"e", "pi"} and any(isinstance(each, Numeral) for each in walk(formula))


def misfit(sizes: tuple[str, str]) -> str:
    """What to say of two sizes that would have to be equal."""
    first, second = (size.replace(MORE, " + 1") for size in sizes)
    return f"the sizes do not fit: {first} and {second} meet in a product or a sum"


def is_example(statement: Statement) -> bool:
    """Whether a statement in a line writes a matrix out."""
    formulas = [side.formula for side in statement.sides]
    bodies = [each.body if isinstance(each, Bracket) else each for each in formulas]
    return not statement.display and any(isinstance(each, Table) for each in bodies)
