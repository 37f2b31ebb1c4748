"""Lines and columns as editors count them."""

import pytest

from indexcalc.editor.positions import Positions

TEXT = "ab\n\U0001d6fcx\n\nend"


@pytest.mark.parametrize("place", range(len(TEXT) + 1))
def test_there_and_back(place):
    positions = Positions(TEXT)
    assert positions.place(*positions.at(place)) == place


def test_letters_beyond_the_first_plane_count_twice():
    positions = Positions(TEXT)
    assert positions.at(TEXT.index("x")) == (1, 2)


@pytest.mark.parametrize("line, column, place", [(-1, 0, 0), (0, 99, 2), (99, 0, len(TEXT)), (3, 99, len(TEXT))])
def test_places_that_there_are_not(line, column, place):
    assert Positions(TEXT).place(line, column) == place
