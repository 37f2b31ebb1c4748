r"""Sums and matrices with dots: x_1 + x_2 + \\dots + x_n is the sum of the x_k, (x_1 \\cdots x_n) has the elements x_k.

The first one and the last one differ where the first has 1 and the last has the name of a size; every other one that is
written must be an instance of what they have in common. In a matrix the ones of the diagonal may have a form of their
own, and so may the one at a letter in the middle of a row or a column.
"""

from __future__ import annotations

from collections.abc import Sequence as Sequence_
from dataclasses import replace
from fractions import Fraction

from indexcalc.notation.formula import (
    Big,
    Formula,
    Mark,
    Name,
    Numeral,
    Product,
    Relation,
    Scripted,
    Sequence,
    Sum,
    Table,
    changed,
    parts,
    walk,
)
from indexcalc.notation.laid import Laid
from indexcalc.notation.writing.formulas import written_back

# The letters of places that dots leave out: of rows or terms, and of columns.
LEFT_OUT = LETTER, COLUMN = ("dots", "dotted")


def without_dots(formula: Formula) -> Formula:
    """The formula in which sums and matrices with dots say what is left out, where that can be told."""
    inner = changed(formula, without_dots)
    if isinstance(inner, Sum):
        return _sum_without_dots(inner)
    if isinstance(inner, Table) and inner.mark not in ("|", "||") and _has_dots(inner):
        return _filled(inner) or inner
    return inner


def is_table_with_dots(formula: Formula) -> bool:
    """Whether a matrix with dots stands in a formula, of which it is not told what is left out."""
    return any(isinstance(part, Table) and _has_dots(part) for part in walk(formula))


def _has_dots(table: Table) -> bool:
    return any(isinstance(entry, Mark) and entry.sign == "dots" for row in table.rows for entry in row)


def says_left_out(formula: Formula) -> bool:
    """Whether a formula is what dots stand for: one form for many places, of which the text shows some."""
    if isinstance(formula, Big) and formula.below is not None:
        return any(isinstance(part, Name) and part.letter in LEFT_OUT for part in walk(formula.below))
    return isinstance(formula, Laid)


def _sum_without_dots(formula: Sum) -> Sum:
    """The sum with the terms around dots as one big sum; as it is, where there are none or they are not understood."""
    places = [place for place, (_, term) in enumerate(formula.terms) if isinstance(term, Mark) and term.sign == "dots"]
    if len(places) != 1 or places[0] == 0 or places[0] == len(formula.terms) - 1:
        return formula
    (place,) = places
    last_sign, last = formula.terms[place + 1]
    starts = [(begin, start) for start in (1, 2) for begin in range(place - 1, start - 2, -1)]
    for begin, start in starts:
        sign, first = formula.terms[begin]
        found = _generalised(first, last, start=start)
        if found is None or sign != last_sign:
            continue
        common, end = found
        if _counts(common):
            return formula  # 1 + 2 + \dots + n: what is added are the places themselves
        between = formula.terms[begin + 1 : place]
        if all(
            each == sign and written_back(_instance(common, number)) == written_back(term)
            for number, (each, term) in enumerate(between, start + 1)
        ):
            big = Big("sum", _from(start), end, common, span=formula.span)
            return replace(formula, terms=(*formula.terms[:begin], (sign, big), *formula.terms[place + 2 :]))
    return formula


def _counts(common: Formula) -> bool:
    """Whether the letter of a sum stands for a number in it, and not below or above a name."""
    if isinstance(common, Scripted):
        return _counts(common.base)
    return common == Name(LETTER) or any(map(_counts, parts(common)))


def _from(start: int) -> Formula:
    """What stands below the sign of a sum from 1, or from 2: over all places but 1."""
    letter = Name(LETTER)
    begins = Relation((letter, _ONE), ("=",))
    return begins if start == 1 else Sequence((begins, Relation((letter, _ONE), ("neq",))), ",")


def _numeral(number: int) -> Numeral:
    return Numeral(str(number), Fraction(number))


_ONE = _numeral(1)


def _generalised(
    first: Formula, last: Formula, letter: str = LETTER, back: str = "", start: int = 1
) -> tuple[Formula, Formula] | None:
    """What two formulas have in common, with a letter where one has 1 and the other the name of a size; that name.

    back: the letter where it is the other way round. start: another number in place of 1.
    """
    begin = _numeral(start)
    ends: dict[str, Formula] = {}

    def joined(one: Formula, other: Formula) -> Formula | None:
        if _is(one, start) and isinstance(other, Name | Scripted):
            ends[written_back(other)] = other
            return Name(letter)
        if back and _is(other, 1) and isinstance(one, Name | Scripted):
            ends[written_back(one)] = one
            return Name(back)
        if type(one) is not type(other):
            return None
        inner, others = list(parts(one)), list(parts(other))
        if len(inner) != len(others) or (not inner and written_back(one) != written_back(other)):
            return None
        new = [joined(left, right) for left, right in zip(inner, others, strict=True)]
        if any(each is None for each in new):
            return None
        pending = iter(new)
        return changed(one, lambda _: next(pending))  # type: ignore[arg-type, return-value]

    common = joined(first, last)
    if common is None or len(ends) != 1:
        return None
    (end,) = ends.values()
    begins, stops = (_put(_put(common, letter, one), back, other) for one, other in ((begin, end), (end, begin)))
    if written_back(begins) != written_back(first) or written_back(stops) != written_back(last):
        return None  # a sign or an operator differs
    return common, end


def _put(formula: Formula, letter: str, value: Formula) -> Formula:
    """The formula with something in place of a letter."""
    if isinstance(formula, Name) and formula.letter == letter:
        return value
    return changed(formula, lambda part: _put(part, letter, value))


def _is(formula: Formula, number: int) -> bool:
    return isinstance(formula, Numeral) and formula.text == str(number)


def _instance(common: Formula, number: int, letter: str = LETTER) -> Formula:
    """The common form at a place."""
    return _put(common, letter, _numeral(number))


# ----- Matrices -----


def _filled(table: Table) -> Laid | None:
    """What stands in a matrix with dots; none if it cannot be told."""
    rows = [[_by_digits(entry) for entry in row] for row in table.rows]
    if len({len(row) for row in rows}) != 1:
        return None
    shown = [row for row in rows if not all(map(_is_left_out, row))]
    places = [place for place in range(len(rows[0])) if not all(_is_left_out(row[place]) for row in shown)]
    entries = [[row[place] for place in places] for row in shown]
    if any(_is_left_out(entry) for row in entries for entry in row):
        return None
    tall, wide = len(shown) < len(rows), len(places) < len(rows[0])
    if tall and wide:
        return _both(entries)
    if tall and len(places) == 1:
        return _line([row[0] for row in entries], [_is_left_out(row[0]) for row in rows], LETTER)
    if wide and len(shown) == 1:
        return _line(entries[0], [_is_left_out(entry) for entry in rows[0]], COLUMN)
    return None


def _is_left_out(entry: Formula) -> bool:
    return isinstance(entry, Mark) and entry.sign in ("dots", "empty")


def _by_digits(formula: Formula, script: bool = False) -> Formula:
    """The formula with the digits of its subscripts apart: a_{12} stands at 1 and 2."""
    if script and isinstance(formula, Numeral) and len(formula.text) == 2 and formula.text.isdigit():
        row, column = (_numeral(int(digit)) for digit in formula.text)
        return Product((("", row), ("juxtaposed", column)))
    if isinstance(formula, Scripted) and formula.below is not None:
        formula = replace(formula, below=_by_digits(formula.below, script=True))
        return replace(formula, base=_by_digits(formula.base))
    return changed(formula, lambda part: _by_digits(part, script))


def _line(entries: list[Formula], left_out: list[bool], letter: str) -> Laid | None:
    """What stands in a row or a column with dots, the last of it the one at its end."""
    begin = left_out.index(True)
    if begin == 0 or left_out[-1]:
        return None
    middle = entries[begin:-1]
    at: tuple[Formula, Formula] | None = None
    found = _generalised(entries[0], entries[-1], letter)
    if found is None and begin > 1 and not middle:  # the first one has a form of its own
        found, at = _generalised(entries[1], entries[-1], letter, start=2), (_ONE, entries[0])
    if found is None or len(middle) > 1:
        return None
    common, end = found
    if not _fits(common, entries[:begin], letter, but=at is not None):
        return None
    if middle:
        letters = _subscripts(middle[0]) - {letter}
        position = next(iter(letters)) if len(letters) == 1 else ""
        if not position:
            return None
        at = (Name(position), middle[0])
    place, other = at if at is not None else (None, None)
    is_column = letter == LETTER
    return Laid(common, end if is_column else None, None if is_column else end, None, place, other)


def _fits(common: Formula, entries: Sequence_[Formula], letter: str, but: bool = False) -> bool:
    """Whether entries are the common form at 1, 2, ...; but: the first one need not be."""
    shown = [written_back(_instance(common, place, letter)) for place in range(1, len(entries) + 1)]
    return shown[but:] == [written_back(each) for each in entries[but:]]


def _subscripts(formula: Formula) -> set[str]:
    """The letters below others."""
    below = [each.below for each in walk(formula) if isinstance(each, Scripted) and each.below is not None]
    return {each.letter for script in below for each in walk(script) if isinstance(each, Name)}


def _both(entries: list[list[Formula]]) -> Laid | None:
    """What stands in a matrix with dots in both directions."""
    if len(entries) < 2 or len({len(row) for row in entries}) != 1 or len(entries[0]) < 2:
        return None
    lines = [_generalised(row[0], row[-1], COLUMN) for row in entries]
    firm = [each for each in lines if each is not None]
    if len(firm) == len(lines) and len({written_back(end) for _, end in firm}) == 1:
        found = _generalised(firm[0][0], firm[-1][0])
        if found is not None and all(
            _fits(common, row[:-1], COLUMN) for (common, _), row in zip(firm, entries, strict=True)
        ):
            if _fits(found[0], [common for common, _ in firm[:-1]], LETTER):
                return Laid(*found, firm[0][1])
    return _with_diagonal(entries) if len(entries) == len(entries[0]) else None


def _with_diagonal(entries: list[list[Formula]]) -> Laid | None:
    """What stands in a square matrix beside its diagonal, and on it."""
    beside = _generalised(entries[0][-1], entries[-1][0], LETTER, COLUMN)
    on = _generalised(entries[0][0], entries[-1][-1])
    if beside is None or on is None or written_back(beside[1]) != written_back(on[1]):
        return None
    end = on[1]
    places = [*map(_numeral, range(1, len(entries))), end]
    for row, line in zip(places, entries, strict=True):
        for column, entry in zip(places, line, strict=True):
            common = on[0] if row is column else beside[0]
            if written_back(_put(_put(common, LETTER, row), COLUMN, column)) != written_back(entry):
                return None
    return Laid(beside[0], end, end, on[0])
