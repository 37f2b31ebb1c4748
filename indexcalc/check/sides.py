"""Reading the sides of a chain: all with the same free indices and the same ranges.

Sides are read with their indices if that is possible, else as matrix notation; if some cannot be read either way, in
the way that leaves the fewest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexcalc.check.documents.places import Lines, Placed, span_in
from indexcalc.check.formulas.remarks import Condition
from indexcalc.check.formulas.trees import ranks_in
from indexcalc.check.matrices.numbers import MATRIX
from indexcalc.check.matrices.rewritten import Rewriting, letters_of_axes, without_matrices, written_side
from indexcalc.check.matrices.signs import BARS, STRANGE, rewritten
from indexcalc.errors import IndexcalcError
from indexcalc.notation.latex.words import base_name, letters_of
from indexcalc.notation.reader import dialect_of, expression_tree, read_trees, words_of
from indexcalc.notation.syntax.places import Syntax, kind, subtrees
from indexcalc.sheet import Sheet
from indexcalc.terms import ONE, Delta, Index, Product, Sum, Term, negative

# The tree of a side, given the axes that are known, and the text in which its positions count.
Reader = Callable[[Placed, Sequence[str] | None], tuple[Syntax, Placed]]
OF_SHEETS = re.compile(r" in line \d+ of the sheet(?=\))")


@dataclass(frozen=True)
class Sides:
    """The sides of a chain: each a term, or the error that says why it cannot be read; and how they were read."""

    sheet: Sheet
    axes: tuple[Index, ...]
    terms: tuple[Term | IndexcalcError, ...]
    remark: str = ""

    @property
    def unread(self) -> int:
        """How many sides cannot be read."""
        return sum(isinstance(term, IndexcalcError) for term in self.terms)


def read_sides(sheet: Sheet, sides: Sequence[Placed], dialect: str = "", always: Sequence[str] = ()) -> Sides:
    """Read the sides of a chain, in this dialect or in that of each. If the first cannot be read, none can.

    always: letters that are free though the first side would sum over them.
    """

    def tree_of(side: Placed, axes: Sequence[str] | None = None) -> tuple[Syntax, Placed]:
        return expression_tree(side.text, sheet, dialect), side

    best: Sides | None = None
    try:
        readings = read_trees(sheet, [(tree_of(side)[0], side.text) for side in sides], always=always)
        best = Sides(readings[0].sheet, readings[0].axes, tuple(reading.term for reading in readings))
        if not names_matrices(best.sheet, sheet):
            return best
    except IndexcalcError:
        pass  # one of them cannot be read so: each by itself
    certain = best is not None
    best = best or _read(sheet, sides, tree_of)
    if dialect == "latex" or any(dialect_of(side.text, sheet) == "latex" for side in sides):
        return _with_matrices(sheet, sides, best, certain)
    return best


def open_letters(sheet: Sheet, sides: Sequence[Placed]) -> tuple[str, ...]:
    """The letters that the first side would sum over, and that are free in a later side by itself."""
    found: list[dict[str, None]] = []
    for side in sides:
        try:
            tree = expression_tree(side.text, sheet, "latex")
            (reading,) = read_trees(sheet, [(tree, side.text)])
        except IndexcalcError:
            found.append({})
        else:
            found.append({index.name: None for index in reading.axes})
    return tuple(dict.fromkeys(name for later in found[1:] for name in later if name not in found[0]))


def _with_matrices(sheet: Sheet, sides: Sequence[Placed], best: Sides, certain: bool) -> Sides:
    """Read the sides as matrix notation, as far as that leaves fewer unread than without; if certain in any case."""
    strange = certain or any(STRANGE.search(side.text) or MATRIX.search(side.text) for side in sides)
    ranks = _ranks(sheet, sides)
    for dropped in (False, True):
        rewriting = Rewriting(words_of(sheet), dropped).with_ranks(ranks)
        found = _apart(_read(sheet, sides, rewriting.tree), rewriting)
        better = found.unread < best.unread or (strange and not dropped)
        if better and (rewriting.dropping or not dropped):
            best = found
        if not best.unread:
            break
    return best


def _ranks(sheet: Sheet, sides: Sequence[Placed]) -> dict[str, int]:
    """The numbers of indices of the tensors that only the sides name; of a side with norms, of what has some."""
    found: dict[str, int] = {}
    for side in sides:
        try:
            ranks = ranks_in(expression_tree(side.text, sheet, "latex"))
        except IndexcalcError:
            ranks = dict(_indexed(side)) if BARS.search(side.text) else {}
        found = {name: rank for name, rank in ranks.items() if rank and name not in sheet.slots} | found
    return found


def _indexed(side: Placed) -> Iterator[tuple[str, int]]:
    """The names with letters below them in a side that cannot be read without matrices, and how many."""
    try:
        content, _ = without_matrices(rewritten(side))
        tree = written_side(content.text)
    except IndexcalcError:
        return
    for part in tree.find_data("scripted"):
        base, *scripts = subtrees(part)
        letters = [letters_of(script) for script in scripts if kind(script) == "below"]
        if letters and letters[0] and (name := base_name(base)):
            yield name, len(letters[0])


def names_matrices(new: Sheet, old: Sheet) -> bool:
    """Whether a name without indices has come in that is known to have some, or its capital or small letter is."""
    names = [name for name, slots in new.slots.items() if name not in old.slots and not slots]
    words = words_of(old)
    return any(words.rank(name) or old.slots.get(name[:1].swapcase() + name[1:]) for name in names)


def _read(sheet: Sheet, sides: Sequence[Placed], tree_of: Reader) -> Sides:
    """Read each side by itself, twice if a later one says more about the ranges of an earlier one."""
    found = _read_once(sheet, sides, tree_of)
    if found.sheet.letters != sheet.letters or found.sheet.slots != sheet.slots:
        found = _read_once(found.sheet, sides, tree_of)
    return found


def _read_once(sheet: Sheet, sides: Sequence[Placed], tree_of: Reader) -> Sides:
    axes: tuple[Index, ...] | None = None
    terms: list[Term | IndexcalcError] = []
    for side in sides:
        try:
            names = None if axes is None else [index.name for index in axes]
            tree, content = tree_of(side, names)
            (reading,) = read_trees(sheet, [(tree, content.text)], names, letters_of_axes(words_of(sheet)))
        except IndexcalcError as error:
            terms.append(error)
            if axes is None:
                return Sides(sheet, (), (error,) * len(sides))
            continue
        sheet, axes = reading.sheet, reading.axes
        terms.append(reading.term)
    return Sides(sheet, axes or (), tuple(terms))


def _apart(sides: Sides, rewriting: Rewriting) -> Sides:
    """The sides where some of the axes differ: each times 1 - delta."""
    apart = [Condition(one, False, other) for one, other in dict.fromkeys(rewriting.apart)]
    return replace(where(sides, apart), remark=rewriting.remark)


def where(sides: Sides, conditions: Sequence[Condition]) -> Sides:
    """The sides where conditions on the axes hold, and zero elsewhere; a condition on anything else says nothing."""
    axes = {index.name: index for index in sides.axes}
    kept = [each for each in conditions if each.left in axes and each.right in axes]
    terms = sides.terms
    for each in kept:
        same = Delta(axes[each.left], axes[each.right])
        factor = same if each.equal else Sum(ONE, negative(same))
        terms = tuple(Product(term, factor) if isinstance(term, Term) else term for term in terms)
    remarks = [sides.remark, "where " + ", ".join(map(str, kept)) if kept else ""]
    return replace(sides, terms=terms, remark="; ".join(filter(None, remarks)))


def explained(error: IndexcalcError, side: Placed, lines: Lines) -> str:
    """What an error says, with the place in the file if it stands in this side; a document has no other sheet."""
    cause, remedy = OF_SHEETS.sub("", error.cause), error.remedy.replace("the sheet uses", "the document uses")
    sentences = ". ".join(part for part in (cause, remedy) if part)
    if not error.spans or error.text != side.text:
        return sentences
    line, column = lines.at(span_in(side, error.spans[0]).start)
    return f"line {line}, column {column}: {sentences}"
