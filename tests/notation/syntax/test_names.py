"""Names that are allowed, and names that are taken."""

import pytest

from indexcalc.errors import IndexcalcError
from indexcalc.notation.syntax.names import check_name, check_place, counted, names_epsilon, size_label
from indexcalc.notation.syntax.places import Place

HERE = Place("text", 0, 1)


@pytest.mark.parametrize("name", ["x", "n_o", "y_hat", "λ", "é", "x2", "W1_", "_x"])
def test_names_are_letters_digits_and_underscores(name):
    check_name(name, HERE)


@pytest.mark.parametrize("name", ["²", "x²", "x₁", "x'", "i''", "x" * 101])
def test_other_names_are_refused(name):
    with pytest.raises(IndexcalcError):
        check_name(name, HERE)


def test_an_index_may_end_in_primes():
    check_name("i''", HERE, primes=True)


@pytest.mark.parametrize("digits", ["0", "00", "-1", "1.5", "²", "9" * 13])
def test_places_are_counted_from_one(digits):
    check_place("1", HERE)
    with pytest.raises(IndexcalcError, match="is no place"):
        check_place(digits, HERE)


def test_a_size_is_a_name_or_a_number():
    assert [size_label(size, HERE) for size in ("n_o", "3", "03")] == ["n_o", "3", "3"]
    with pytest.raises(IndexcalcError, match="0 is no size"):
        size_label("00", HERE)


def test_several_indices_make_a_permutation_symbol():
    assert [names_epsilon("eps", slots) for slots in range(5)] == [False, False, True, True, True]


def test_indices_are_counted_in_words():
    assert [counted(slots) for slots in range(3)] == ["no index", "one index", "2 indices"]
