"""Unification: which letters and slots share a range, and which size it has."""

import pytest

from indexcalc.errors import IndexcalcError
from indexcalc.notation.lowering.ranges import Ranges
from indexcalc.notation.reader import parse_sheet, read_chain, read_expression
from indexcalc.notation.syntax.places import Place
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Range, Tensor


def unnamed(letter):
    return Range(letter, named=False)


LETTERS = [
    ("f = x[i]*x[j]", {"i": "i", "j": "i"}, ["i", "j"]),
    ("f[i] = delta[i,j]*y[j]", {"i": "i", "j": "i"}, []),
    ("f[i] = 1[i < j]*y[j]", {"i": "i", "j": "i"}, []),
    ("f[i,j] = x[i] + y[j]", {"i": "i", "j": "j"}, []),
    ("f[a,b] = x[a]*y[b]\ng = f[i,i]", {"a": "a", "b": "a", "i": "a"}, []),
    ("g[j] = x[j]\nh[i] = g[i]", {"j": "j", "i": "j"}, []),
    ("f = sum[k](1)", {"k": "k"}, []),
    ("assume A[i,j] = A[j,i]", {"i": "i", "j": "i"}, []),
    ("check x[i] = y[i]\ncheck y[j] = x[j]", {"i": "i", "j": "i"}, []),
]


@pytest.mark.parametrize(("text", "letters", "free"), LETTERS)
def test_letters_that_meet_in_a_slot_share_a_range(text, letters, free):
    text = f"f[{','.join(free)}]" + text[1:] if free else text
    assert parse_sheet(text).letters == {letter: unnamed(first) for letter, first in letters.items()}


SIZED = [
    ("index i : m\nf = x[i]*x[i]*x[j]*x[j]", {"i": Range("m"), "j": Range("m")}),
    ("f = x[i]*x[j]*y[i]*y[j]\nindex j : 4", {"i": Range("4", size=4), "j": Range("4", size=4)}),
    ("index i : 3\nindex j : 3", {"i": Range("3", size=3), "j": Range("3", size=3)}),
    ("index i : 003", {"i": Range("3", size=3)}),
    ("f = eps[i,j,k]*a[i]*b[j]*c[k]", dict.fromkeys("ijk", Range("3", size=3))),
    ("index i : 3\nf = eps[i,j,k]*a[i]*b[j]*c[k]", dict.fromkeys("ijk", Range("3", size=3))),
]


@pytest.mark.parametrize(("text", "letters"), SIZED)
def test_a_size_belongs_to_the_whole_range(text, letters):
    assert parse_sheet(text).letters == letters


CLASHES = [
    ("index i : n\nindex j : m\nf = x[i]*x[j]*x[i]*x[j]", "the index j would need two sizes, m and n"),
    ("index i : n\nindex j : 3\nf[i,j] = delta[i,j]", "the index j would need two sizes, 3 and n"),
    ("index i : 4\nf = eps[i,j,k]*a[i]*b[j]*c[k]", "the index i would need two sizes, 4 and 3"),
    ("index i : n\nindex j : m\nf[i,j] = 1[i == j]", "the index j would need two sizes, m and n"),
]


@pytest.mark.parametrize(("text", "message"), CLASHES)
def test_a_letter_with_two_sizes_is_refused(text, message):
    with pytest.raises(IndexcalcError, match=message):
        parse_sheet(text)


def test_both_places_of_the_sizes_are_shown():
    with pytest.raises(IndexcalcError) as caught:
        parse_sheet("index i : n\nindex j : m\nf[i,j] = x[i] + x[j]")
    assert str(caught.value) == (
        "line 3, column 17: the index j would need two sizes, m and n.\n"
        "    index i : n\n"
        "          ^\n"
        "    index j : m\n"
        "          ^\n"
        "    f[i,j] = x[i] + x[j]\n"
        "                    ^^^^\n"
        "Use another letter for one of them, or give both ranges the same size."
    )


def test_a_slot_without_a_letter_has_a_range_of_its_own():
    assert parse_sheet("f = x[1] + y[2]").slots == {"f": (), "x": (unnamed("x.1"),), "y": (unnamed("y.1"),)}


# ----- Expressions read with a sheet


def test_an_expression_brings_new_letters():
    sheet = parse_sheet("f[i] = x[i]^2")
    reading = read_expression(sheet, "diff(f[i], x[j])")
    assert reading.sheet.letters == {"i": unnamed("i"), "j": unnamed("i")}
    assert sheet.letters == {"i": unnamed("i")}


def test_an_expression_that_brings_nothing_new_keeps_the_sheet():
    sheet = parse_sheet("f[i] = x[i]^2")
    assert read_expression(sheet, "f[i] + x[i]").sheet is sheet


def test_an_expression_that_joins_ranges_lowers_the_sheet_again():
    sheet = parse_sheet("f = x[i]*x[i]\ng[j] = y[j]")
    reading = read_expression(sheet, "x[i]*y[i]")
    assert reading.sheet.definitions["g"].axes == (Index("j", unnamed("i")),)
    assert reading.sheet.slots["y"] == (unnamed("i"),)
    assert sheet.slots["y"] == (unnamed("j"),)


def test_what_was_read_before_is_kept_when_ranges_are_joined():
    sheet = parse_sheet("f = x[i]*x[i]\ng[j] = y[j]")
    sheet = read_expression(sheet, "v[k]").sheet
    sheet = read_expression(sheet, "x[i]*y[i]").sheet
    assert sheet.letters["k"] == unnamed("k")
    assert "v" in sheet.slots


def test_the_last_side_of_a_chain_tells_about_the_first():
    first, _ = read_chain(Sheet(), ["a[i]*b[j]", "c[i,j] + c[j,i]"])
    assert {index.range for index in first.term.indices} == {unnamed("i")}


def test_the_sums_of_an_expression_count_as_written():
    assert read_expression(parse_sheet("f = x[i]*x[i]"), "sum[i](x[i])").sheet.written == {unnamed("i")}


def test_an_unknown_tensor_is_a_leaf_of_the_new_sheet():
    sheet = read_expression(parse_sheet("f = c"), "f*y[i]").sheet
    assert list(sheet.leaves) == ["c", "y"]
    assert Tensor("y", [Index("i", unnamed("i"))]).slots[0].range == sheet.slots["y"][0]


# ----- The union-find itself

HERE = Place("text", 0, 1)


def test_a_copy_leaves_the_original_alone():
    ranges = Ranges()
    ranges.meet("i", HERE)
    copy = ranges.copy()
    copy.give_size("i", "n", HERE)
    assert ranges.range_of("i") == unnamed("i")
    assert copy.range_of("i") == Range("n")


def test_a_copy_is_stale_only_if_a_known_range_changes():
    ranges = Ranges()
    for letter in "ij":
        ranges.meet(letter, HERE)
    harmless, joined, sized = ranges.copy(), ranges.copy(), ranges.copy()
    harmless.join("i", ("x", 0), HERE)
    harmless.join("k", ("x", 0), HERE)
    joined.join("i", "j", HERE)
    sized.give_size("j", "n", HERE)
    assert [each.stale for each in (harmless, joined, sized)] == [False, True, True]


def test_long_chains_of_joins_are_followed():
    ranges = Ranges()
    for number in range(3000):
        ranges.join(f"i{number}", f"i{number + 1}", HERE)
    ranges.give_size("i0", "n", HERE)
    assert ranges.range_of("i3000") == Range("n")
