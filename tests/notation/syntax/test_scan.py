"""Finding statements, and brackets that do not match."""

import pytest

from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.reader import parse_sheet
from indexcalc.notation.syntax.scan import is_empty, statement_spans

REFUSED = [
    (
        "a = exp(z[i]\nb = 3",
        "line 1, column 8: this ( is never closed.\n    a = exp(z[i]\n           ^\nClose it with ).",
    ),
    (
        "s = x[i)",
        "line 1, column 8: the bracket [ is closed by ).\n"
        "    s = x[i)\n"
        "         ^ ^\n"
        "Close every bracket by one of its own kind.",
    ),
    (
        "s = (x]",
        "line 1, column 7: the bracket ( is closed by ].\n"
        "    s = (x]\n"
        "        ^ ^\n"
        "Close every bracket by one of its own kind.",
    ),
    (
        "s = x)",
        "line 1, column 6: this ) closes nothing.\n    s = x)\n         ^\nRemove it, or open a bracket with (.",
    ),
    (
        "a = (b; c = 3",
        "line 1, column 5: this ( is never closed.\n    a = (b; c = 3\n        ^\nClose it with ).",
    ),
    (
        "s = (",
        "line 1, column 5: this ( is never closed.\n    s = (\n        ^\nClose it with ).",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=lambda value: "" if "\n" in value else value)
def test_a_bracket_that_does_not_match_is_refused(text, message):
    with pytest.raises(IndexcalcError) as caught:
        parse_sheet(text)
    assert str(caught.value) == message


FOUND = [
    ("", []),
    ("  \n\t\n", []),
    ("# only a comment\n", []),
    ("a = 1\nb = 2", ["a = 1", "b = 2"]),
    ("a = 1; b = 2;", ["a = 1", "b = 2"]),
    ("a = 1\r\nb = 2\r\n", ["a = 1\r", "b = 2\r"]),
    ("a = (1 +\n 2)\nb = 2", ["a = (1 +\n 2)", "b = 2"]),
    ("a = x[i, # a comment ) with a bracket\n j]", ["a = x[i, # a comment ) with a bracket\n j]"]),
    ("# first\n  a = 1 # second\n\nb = 2", ["a = 1 # second", "b = 2"]),
    ('notation a = "a;(#"\nb = 1', ['notation a = "a;(#"', "b = 1"]),
]


@pytest.mark.parametrize(("text", "statements"), FOUND)
def test_statements_are_found(text, statements):
    spans = statement_spans(text, Span(0, len(text)))
    assert [text[span.start : span.end] for span in spans] == statements


def test_statements_are_found_in_a_stretch_of_a_text():
    text = "prose (\na = 1\nprose )"
    assert list(statement_spans(text, Span(8, 13))) == [Span(8, 13)]


@pytest.mark.parametrize(
    ("text", "empty"), [("", True), (" \n", True), ("# a", True), ("a # b", False), ("#\na", False)]
)
def test_comments_and_blanks_are_empty(text, empty):
    assert is_empty(text) is empty


@pytest.mark.parametrize("opening", ["(", "[", "x[", "exp(", "([", "1[i == "])
def test_deep_brackets_are_refused(opening):
    with pytest.raises(IndexcalcError, match="brackets nest more than 100 deep"):
        parse_sheet("a = " + opening * 10_000)
