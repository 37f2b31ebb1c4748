"""An error says the cause and the remedy, and draws the lines concerned with carets below them."""

import pytest

from indexcalc.errors import WIDTH, IndexcalcError, Span, draw

TEXT = "x[i] = y[i]\nz[j] = x[k]*y[k]\n\tu = 2"

DRAWN = [
    ([Span(0, 4)], ["    x[i] = y[i]", "    ^^^^"]),
    ([Span(2, 3), Span(9, 10)], ["    x[i] = y[i]", "      ^      ^"]),
    ([Span(9, 10), Span(14, 15)], ["    x[i] = y[i]", "             ^", "    z[j] = x[k]*y[k]", "      ^"]),
    # At the end of a line, over its end, and after a tab.
    ([Span(11, 11)], ["    x[i] = y[i]", "               ^"]),
    ([Span(9, 20)], ["    x[i] = y[i]", "             ^^"]),
    ([Span(30, 31)], ["     u = 2", "     ^"]),
]


@pytest.mark.parametrize(("spans", "lines"), DRAWN)
def test_draw(spans, lines):
    assert draw(TEXT, spans) == lines


def test_a_long_line_is_cut_around_its_first_caret():
    text = "a" * 500 + "b" + "c" * 500
    line, carets = draw(text, [Span(500, 501)])
    assert len(line) == WIDTH + 4
    assert line[carets.index("^")] == "b"


MESSAGES = [
    (IndexcalcError("it broke"), "it broke.", 0, 0),
    (IndexcalcError("it broke", "Mend it"), "it broke. Mend it.", 0, 0),
    (IndexcalcError("what is this?", "Did you mean that?"), "what is this? Did you mean that?", 0, 0),
    (
        IndexcalcError("k is alone", "Write sum[k](...)", TEXT, [Span(21, 22)]),
        "line 2, column 10: k is alone.\n    z[j] = x[k]*y[k]\n             ^\nWrite sum[k](...).",
        2,
        10,
    ),
]


@pytest.mark.parametrize(("error", "message", "line", "column"), MESSAGES)
def test_messages(error, message, line, column):
    assert (str(error), error.line, error.column) == (message, line, column)
    assert isinstance(error, ValueError)


def test_a_pass_that_knows_the_text_better_adds_the_places():
    error = IndexcalcError("it broke", "Mend it")
    placed = error.located(TEXT, [Span(12, 13)])
    assert (placed.line, placed.column, placed.cause, placed.remedy) == (2, 1, "it broke", "Mend it")
    assert placed.located("other", [Span(0, 1)]) is placed
