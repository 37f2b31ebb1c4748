"""Placed text: every character keeps its place in the file."""

from indexcalc.audit.documents.places import Lines, Placed, span_in
from indexcalc.errors import Span

TEXT = Placed.whole("ab cd ef")


def test_a_stretch_keeps_its_places():
    assert list(TEXT[3:5].places) == [3, 4]
    assert TEXT[3:5][1:].start == 4


def test_an_empty_stretch_keeps_the_place_where_something_is_missing():
    assert TEXT[5:5].start == 5
    assert TEXT[8:].start == 8


def test_stripping_moves_the_start():
    assert TEXT[2:6].stripped().text == "cd"
    assert TEXT[2:6].stripped().start == 3


def test_joining_and_rewriting():
    joined = Placed.joined([TEXT[6:], TEXT[:2]], " ")
    assert joined.text == "ef ab"
    assert list(joined.places) == [6, 7, 0, 0, 1]
    changed = TEXT.replaced((3, 5, "xyz"))
    assert changed.text == "ab xyz ef"
    assert [changed.place(position) for position in (3, 5, 7)] == [3, 3, 6]


def test_blanks_keep_line_breaks():
    assert Placed.whole("a\nb c").blanked([(0, 3)]).text == " \n  c"


def test_lines_and_columns_count_from_one():
    lines = Lines("ab\ncd")
    assert [lines.at(position) for position in (0, 1, 3, 4)] == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_a_span_moves_into_the_file():
    assert span_in(TEXT[3:], Span(0, 2)) == Span(3, 5)
