"""Steps between matrices of blocks: confirmed if they hold block by block, refuted if one block is another one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.audit.blocks.grids import Grid, NoGridError, blockwise, is_table
from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.facts import facts_at
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.proof import CONFIRMED, Verdict
from indexcalc.audit.steps import Step
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Bracket, Formula, Name, Table, walk

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

LISTED = "elements are listed"
SLIP_AMONG = 3  # blocks of which the others are right


def table_named(statement: Statement) -> tuple[str, Table] | None:
    """The letter for which a statement writes out a matrix, and the matrix; none if it does not."""
    if len(statement.sides) < 2 or not isinstance(statement.sides[0].formula, Name):
        return None
    last = statement.sides[-1].formula
    table = last.body if isinstance(last, Bracket) else last
    if not isinstance(table, Table) or not is_table(table):
        return None
    return statement.sides[0].formula.letter, table


def tables_before(judge: Judge, statement: Statement) -> dict[str, Table]:
    """The matrices that are written out before a statement, by their letters; of those that its formula speaks of."""
    parts = (part for side in statement.sides for part in walk(side.formula))
    letters = {part.letter for part in parts if isinstance(part, Name)}
    start = statement.start
    return {letter: table for letter, place, table in judge.tables if letter in letters and place < start}


def proved_by_blocks(judge: Judge, step: Step) -> Compared | None:
    """What a comparison block by block says of a step; none if it says nothing."""
    statement = step.statement
    formulas = [statement.sides[place].formula for place in (step.place, step.place + 1)]
    tables = tables_before(judge, statement) if judge.tables else {}
    written = any(is_table(part) for formula in formulas for part in walk(formula))
    if judge.declared_only or not (written or tables):
        return None
    try:
        left, right = (blockwise(formula, tables) for formula in formulas)
    except NoGridError:
        return None
    if isinstance(left, Grid) != isinstance(right, Grid):
        return None
    if not isinstance(left, Grid) or not isinstance(right, Grid):
        assert not isinstance(left, Grid)
        assert not isinstance(right, Grid)
        pairs = [(left, right)] if [left, right] != formulas else []
    else:
        rows = zip(left.rows, right.rows, strict=False)
        pairs = [pair for one, other in rows for pair in zip(one, other, strict=False)]
        pairs = pairs if left.shape == right.shape and formulas[0] != formulas[1] else []
    found = [_compared(judge, statement, one, other) for one, other in pairs]
    words = ["" if each is None else each.verdict.word for each in found]
    if isinstance(left, Grid) and words.count("refuted") == 1 and len(words) > SLIP_AMONG:
        place = words.index("refuted")
        if all(word in CONFIRMED for word in words[:place] + words[place + 1 :]):
            return _slip(found[place], *divmod(place, left.shape[1]))
    if not found or any(word not in CONFIRMED for word in words):
        return None
    shown = [each for each in found if each is not None]
    word = "proved" if all(each.verdict.word == "proved" for each in shown) else "agrees"
    rests = tuple(dict.fromkeys(one for each in shown for one in each.rests))
    return Compared(Verdict(word, f"it holds block by block: {shown[0].verdict.reason}"), rests=rests)


def _slip(found: Compared | None, row: int, column: int) -> Compared | None:
    """A refutation: of all blocks one is another one."""
    if found is None:
        return None
    reason = f"the block in row {row + 1}, column {column + 1} is another one: {found.verdict.reason}"
    return replace(found, verdict=Verdict("refuted", reason, found.verdict.counterexample))


def _compared(judge: Judge, statement: Statement, left: Formula, right: Formula) -> Compared | None:
    """The comparison of two blocks; none if one has no value, or is taken for a number of which nothing is known."""
    reading = judge.readings[statement]
    if any(_may_be_matrix(judge, statement, formula) for formula in (left, right)):
        return None
    first, second = (judge.value(formula, reading.scope) for formula in (left, right))
    if not isinstance(first, Value) or not isinstance(second, Value):
        return None
    facts = facts_at(judge, statement)
    return compare(first, second, judge.meanings, statement.start, reading.condition, facts)


def _may_be_matrix(judge: Judge, statement: Statement, formula: Formula) -> bool:
    """Whether a capital letter is taken for a number, and nothing says that it is one."""
    names = (part for part in walk(formula) if isinstance(part, Name) and part.letter[:1].isupper())
    letters = {part.letter for part in names} - {"I", "O"}
    known = judge.known
    return any(not known.strength(each, statement.start) and not known.count(each) for each in letters)
