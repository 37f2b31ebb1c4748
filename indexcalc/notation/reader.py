"""From text to sheets and terms.

parse_sheet(text)                   a sheet of statements in the ASCII dialect
read_expression(sheet, text)        one expression in either dialect, for a sheet
read_target(sheet, text)            one that is to be worked out: a bare name means all elements
read_chain(sheet, texts)            several expressions that are said to be equal
read_statements, extend             further statements, such as those of a document, for a sheet
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indexcalc.errors import IndexcalcError, Span
from indexcalc.looked import check_lookups
from indexcalc.notation.latex.names import NO_WORDS, Words
from indexcalc.notation.lowering.absent import check_derivatives, check_sheet, check_target, names_of
from indexcalc.notation.lowering.conditions import check_compared
from indexcalc.notation.lowering.elements import all_elements
from indexcalc.notation.lowering.foreign import read_as_meant
from indexcalc.notation.lowering.lookups import with_sums
from indexcalc.notation.lowering.partners import settled
from indexcalc.notation.lowering.statements import (
    Source,
    Statement,
    build,
    completed,
    missing_on_the_first_side,
    source_of,
)
from indexcalc.notation.lowering.survey import Survey
from indexcalc.notation.lowering.terms import Lowering
from indexcalc.notation.matrices import expand as matrices
from indexcalc.notation.shifts.build import Build
from indexcalc.notation.shifts.needed import is_shifted
from indexcalc.notation.syntax.places import Place, Syntax, place_of
from indexcalc.notation.syntax.scan import LONGEST_STATEMENT, LONGEST_TEXT, check_brackets, is_empty, statement_spans
from indexcalc.notation.syntax.usage import NO_USAGE, Usage
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Term


@dataclass(frozen=True)
class Reading:
    """An expression as it was read: its term, its free indices in order, and the sheet with all its letters."""

    sheet: Sheet
    term: Term
    axes: tuple[Index, ...]
    text: str


Text = tuple[Syntax, str]


# ----- Trees ----------------------------------------------------------------------------------------------------


def parse(text: str, span: Span, start: str, dialect: str, sheet: Sheet | None = None) -> Syntax:
    """The tree of a stretch of a text; its positions count in the whole text.

    What a name in LaTeX means depends on the names that the sheet knows.
    """
    from indexcalc.notation import parsing  # loads lark

    _check_length(text, span, LONGEST_STATEMENT)
    words = words_of(sheet) if sheet is not None and dialect == "latex" else NO_WORDS
    return parsing.parse(text, span, start, dialect, words)


MOST_WORDS = 16  # sheets whose names are kept: one is asked for at every side
_words: dict[int, tuple[Sheet, Words]] = {}


def words_of(sheet: Sheet) -> Words:
    """The names that a sheet knows."""
    known = _words.get(id(sheet))
    if known is None or known[0] is not sheet:
        if len(_words) >= MOST_WORDS:
            _words.clear()
        known = _words[id(sheet)] = sheet, _words_of(sheet)
    return known[1]


def _words_of(sheet: Sheet) -> Words:
    source = source_of(sheet)
    survey = source.survey
    ranks = {**source.ranks, **{name: len(ranges) for name, ranges in sheet.slots.items()}}
    ranks |= {name: slots for name, (slots, _) in survey.uses.items() if name not in survey.functions}
    sizes, letters = frozenset(survey.sizes), frozenset(survey.ranges.letters)
    told = source.ranks.keys(), source.spare, source.usage
    return Words(ranks, sizes, letters, sheet.notation, *told, frozenset(sheet.definitions))


def _check_length(text: str, span: Span, longest: int) -> None:
    if span.end - span.start > longest:
        raise IndexcalcError(
            f"this text is {span.end - span.start} characters long, more than {longest}",
            "Split it into definitions",
            text,
            [Span(span.start, span.start + 1)],
        )


SUBSCRIPT = re.compile(r"(?<!\w)([^\W\d_])_([^\W_])(?!\w)")
WORD = re.compile(r"(?<![^\W_])[^\W\d_]{2}")


def dialect_of(text: str, sheet: Sheet | None = None) -> str:
    """The dialect of an expression: only LaTeX has backslashes and braces, and x_i where x is a tensor.

    Words are of the other dialect: in this one the sum of sum_i x_i would be a product of three letters.
    """
    if "\\" in text or "{" in text:
        return "latex"
    if "[" in text or "_" not in text or WORD.search(text):
        return "text"
    words = NO_WORDS if sheet is None else words_of(sheet)
    found = (match for match in SUBSCRIPT.finditer(text) if not words.knows(match.group()))
    return "latex" if any(words.rank(match[1]) for match in found) else "text"


# ----- Sheets ----------------------------------------------------------------------------------------------------


def parse_sheet(text: str) -> Sheet:
    """The sheet that a text describes, in the ASCII dialect. Raises IndexcalcError."""
    statements = list(read_statements(text))
    trees = [(each.tree, each.text) for each in statements]
    _as_meant(trees)
    sheet = _built(_with_indices(statements, None), text)
    check_sheet(sheet, trees)
    check_lookups(_terms_of(sheet))
    return sheet


def _terms_of(sheet: Sheet) -> list[Term]:
    """All terms of a sheet."""
    found = [each.body for each in sheet.definitions.values()]
    found += [side for claim in sheet.claims for side in claim.sides]
    return found + [side for fact in sheet.facts for side in (fact.left, fact.right)]


def _built(statements: Sequence[Statement], text: str, before: Source | None = None) -> Sheet:
    """The sheet of some statements, by the rule of shifted places where it has any."""
    if not is_shifted(statements, ()):
        return build(statements, text, before=before)
    source = before or Source((), Survey())
    return Build(statements, (), ()).sheet(text, replace(source, statements=tuple(statements)))


def _as_meant(trees: list[tuple[Syntax, str]], sheet: Sheet | None = None) -> None:
    """Take the spellings of other languages as they are meant, in trees of the ASCII dialect. Raises IndexcalcError."""
    if sheet is None:
        read_as_meant(trees)
    else:
        survey = source_of(sheet).survey
        ranks = {name: len(ranges) for name, ranges in sheet.slots.items()}
        read_as_meant(trees, ranks, (*survey.functions, *survey.sizes), sheet.letters)


def _with_indices(statements: list[Statement], sheet: Sheet | None) -> list[Statement]:
    """Statements without matrix notation; those in LaTeX have none."""
    ours = [each for each in statements if each.dialect == "text"]
    if not ours:
        return statements
    found = matrices.statements([(each.tree, each.text) for each in ours], sheet)
    if len(ours) == len(statements):
        return [Statement(tree, text) for tree, text in found]
    return [*(Statement(tree, text) for tree, text in found), *(each for each in statements if each.dialect != "text")]


def read_statements(text: str, dialect: str = "text", span: Span | None = None) -> Iterator[Statement]:
    """The statements of a text, or of a stretch of it such as one block of a document."""
    whole = span or Span(0, len(text))
    _check_length(text, whole, LONGEST_TEXT)
    spans = statement_spans(text, whole) if dialect == "text" else [whole]
    for each in spans:
        tree = parse(text, each, "statement", dialect)
        yield Statement(with_sums(tree, text) if dialect == "text" else tree, text, dialect)


def extend(sheet: Sheet, statements: Iterable[Statement]) -> Sheet:
    """The sheet with further statements. Raises IndexcalcError; the sheet given stays as it is."""
    source, further = source_of(sheet), list(statements)
    _as_meant([(each.tree, each.text) for each in further if each.dialect == "text"], sheet)
    further = _with_indices(further, sheet)
    return _built([*source.statements, *further], sheet.text, source)


def with_ranks(sheet: Sheet, ranks: Mapping[str, int], spare: tuple[str, ...] = ()) -> Sheet:
    """The sheet that knows how many indices some names have, though nothing writes these yet, and spare letters."""
    source = source_of(sheet)
    return replace(sheet, source=replace(source, ranks={**source.ranks, **ranks}, spare=spare or source.spare))


def with_usage(sheet: Sheet, usage: Usage) -> Sheet:
    """The sheet that knows what the document shows of its names."""
    return replace(sheet, source=replace(source_of(sheet), usage=usage)) if usage != NO_USAGE else sheet


# ----- Expressions -----------------------------------------------------------------------------------------------


def read_expression(sheet: Sheet, text: str, free: Iterable[str] | None = None) -> Reading:
    """An expression in either dialect, with the letters of a sheet.

    Parameters
    ----------
    free: the names of its free indices, as for the right side of a claim, where they are those of the first side; if
        not given, an index that occurs once in some term is free, and so is one in the numerator and in a variable of
        a derivative. The axes are these, in their order.
    """
    return read_chain(sheet, [text], free)[0]


def read_target(sheet: Sheet, text: str) -> Reading:
    """An expression that is to be worked out: a tensor that it names without letters means all its elements."""
    tree = expression_tree(text, sheet)
    reading = _read(sheet, [(all_elements(tree, sheet), text)], None)[0]
    check_target(reading.term, (tree, text), sheet, reading.sheet)
    check_lookups([reading.term, *_terms_of(sheet)])
    return reading


def read_chain(sheet: Sheet, texts: Sequence[str], free: Iterable[str] | None = None) -> tuple[Reading, ...]:
    """The sides of a chain, all with one sheet and the same axes: those of the first side, or the ones given.

    A letter has the same range in every side, even if only the last one tells what it runs over.
    """
    trees = [(expression_tree(text, sheet), text) for text in texts]
    readings = _read(sheet, trees, free)
    if sheet.definitions:
        grown = readings[0].sheet
        check_derivatives([reading.term for reading in readings], trees, grown, names_of(sheet, grown))
    return readings


def _read(sheet: Sheet, trees: list[tuple[Syntax, str]], free: Iterable[str] | None) -> tuple[Reading, ...]:
    """Trees that may be in matrix notation: the sheet grows by the inverses and the like that they name."""
    found, needed, letters = _with_letters(trees, sheet)
    if needed:
        source = source_of(sheet)
        further = [Statement(tree, text) for tree, text in needed]
        sheet = build([*source.statements, *further], sheet.text, source.also, source)
    if free is None and letters:
        free = matrices.all_free(found[0][0], letters)
    return read_trees(sheet, found, free)


def _with_letters(trees: list[Text], sheet: Sheet) -> tuple[list[Text], list[Text], tuple[str, ...]]:
    """Trees without matrix notation, the statements that they need, and the letters of their axes."""
    has_matrices = any(each.kind in matrices.SAID for each in source_of(sheet).statements)
    return matrices.expressions(trees, sheet, has_matrices)


def read_trees(
    sheet: Sheet, trees: Sequence[tuple[Syntax, str]], free: Iterable[str] | None = None, always: Iterable[str] = ()
) -> tuple[Reading, ...]:
    """The same for sides that are trees already, each with the text in which its positions count.

    always: letters that are free in any case, where `free` is not given.
    """
    given = None if free is None else tuple(free)
    found = settled([tree for tree, _ in trees], given)
    trees = [(tree, text) for tree, (_, text) in zip(found, trees, strict=True)]
    source = source_of(sheet)
    if is_shifted(source.statements, found):
        made = Build(source.statements, source.also, trees, given, tuple(always))
        sheet = made.sheet(sheet.text, source)
        found_in = zip(made.found, trees, strict=True)
        return tuple(Reading(sheet, term, axes, text) for (term, axes), (_, text) in found_in)
    sheet, survey = _surveyed(sheet, list(trees), given or ())
    lowering = Lowering(survey)
    letters = lowering.summation.free(trees[0][0], always) if given is None else given
    axes = tuple(map(lowering.index, letters))
    readings = []
    for tree, text in trees:
        readings.append(Reading(sheet, lowering.term(tree, text, letters), axes, text))
        lowering.missing = missing_on_the_first_side
    if given is None:
        check_compared([reading.term for reading in readings], axes, place_of(*trees[0]))
    return tuple(readings)


def summed_unsaid(sheet: Sheet, text: str) -> tuple[str, ...]:
    """The letters over which an expression sums by the summation rule though they stand in written-out sums only.

    An author of sum[j](m[i,j]*w[i,j]) may mean it for each i, as a fact does.
    """
    ((tree, _), *_), needed, letters = _with_letters([(expression_tree(text, sheet), text)], sheet)
    if needed or letters:
        return ()  # in matrix notation no letter is left to be meant otherwise
    tree = settled([tree])[0]
    if is_shifted(source_of(sheet).statements, [tree]):
        return ()
    summation = Lowering(_surveyed(sheet, [(tree, text)], ())[1]).summation
    free = summation.free(tree)
    return tuple(letter for letter in summation.only_in_reductions(tree) if letter not in free)


def _surveyed(sheet: Sheet, trees: list[tuple[Syntax, str]], letters: Iterable[str]) -> tuple[Sheet, Survey]:
    """The sheet with what further expressions name; lowered again if they tell more of its ranges."""
    source = source_of(sheet)
    survey = source.survey.copy()
    for tree, text in trees:
        survey.visit(tree, text)
        for letter in letters:
            survey.ranges.meet(letter, Place(text, 0, len(text)))
    survey.finish()
    also = (*source.also, *trees)
    if survey.ranges.stale or survey.sizes.keys() != source.survey.sizes.keys():
        sheet = build(source.statements, sheet.text, also, source)
    elif survey.grown(source.survey):
        sheet = completed(sheet, replace(source, survey=survey, also=also))
    else:
        return sheet, survey
    return sheet, source_of(sheet).survey


def expression_tree(text: str, sheet: Sheet, dialect: str = "") -> Syntax:
    """The tree of an expression in this dialect, or in the one that it seems to be in."""
    span, dialect = Span(0, len(text)), dialect or dialect_of(text, sheet)
    _check_length(text, span, LONGEST_STATEMENT)
    if is_empty(text):
        raise IndexcalcError("the expression is empty", "Write one, such as diff(f, x[i])", text, [Span(0, 1)])
    if dialect == "text":
        check_brackets(text, span)
    tree = parse(text, span, "target", dialect, sheet)
    tree = with_sums(tree, text)
    if dialect == "text":
        _as_meant([(tree, text)], sheet)
    return tree
