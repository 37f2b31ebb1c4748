"""The pullbacks of an einsum against unit arrays, and the strings that are no einsum."""

import re
from itertools import pairwise
from string import ascii_lowercase

import numpy as np
import pytest

from indexcalc.codegen import einsum_vjp
from indexcalc.errors import IndexcalcError

SIZES = dict(zip("abijklp", (2, 3, 3, 4, 5, 2, 6), strict=True))

STRINGS = {
    "ijk,ip->jkp": ("jkp,ip->ijk", "jkp,ijk->ip"),
    "ij,jk->ik": ("ik,jk->ij", "ik,ij->jk"),
    "ij,jk": ("ik,jk->ij", "ik,ij->jk"),
    "bij,bjk->bik": ("bik,bjk->bij", "bik,bij->bjk"),
    " i j , j -> i ": ("i,j->ij", "i,ij->j"),
    "i,i": (",i->i", ",i->i"),
    "ba": ("ab->ba",),
    "i,->i": ("i,->i", "i,i->"),
    "->": ("->",),
    "ij,jk,kl->il": ("il,jk,kl->ij", "il,ij,kl->jk", "il,ij,jk->kl"),
    "i,i,i->i": ("i,i,i->i", "i,i,i->i", "i,i,i->i"),
}


@pytest.mark.parametrize(("subscripts", "expected"), STRINGS.items())
def test_strings(subscripts, expected):
    assert tuple(map(str, einsum_vjp(subscripts))) == expected


@pytest.mark.parametrize(
    "subscripts", [*STRINGS, "ij->i", "ij,k->k", "ii->", "ii->i", "bii->b", "ijj,k->ik", "iii->i", "iji,jj->j"]
)
def test_numbers(subscripts):
    words, _, output = subscripts.replace(" ", "").partition("->")
    if "->" not in subscripts:
        output = "".join(sorted(letter for letter in set(words) - {","} if words.count(letter) == 1))
    random = np.random.default_rng(0)
    *operands, cotangent = (
        random.normal(size=[SIZES[index] for index in word]) for word in (*words.split(","), output)
    )
    for place, pullback in enumerate(einsum_vjp(subscripts)):
        exact = np.zeros_like(operands[place])
        for element in np.ndindex(*exact.shape):
            unit = np.zeros_like(exact)
            unit[element] = 1
            moved = [*operands[:place], unit, *operands[place + 1 :]]
            exact[element] = np.sum(np.einsum(subscripts, *moved) * cotangent)
        np.testing.assert_allclose(pullback(cotangent, *operands), exact, rtol=1e-12, atol=1e-12)
        if pullback.einsum:
            others = [each for other, each in enumerate(operands) if other != place]
            np.testing.assert_allclose(np.einsum(pullback.einsum, cotangent, *others), exact, rtol=1e-12, atol=1e-12)


def test_what_no_string_says_is_code():
    (pullback,) = einsum_vjp("bii->b")
    assert "def pullback1(g, x1):" in str(pullback)
    assert "    np.einsum('bii->bi', out)[...] = g[:, None]\n" in str(pullback)
    (pullback,) = einsum_vjp("ij->i")
    assert "    out[...] = g[:, None]\n    return out\n" in str(pullback)


REFUSED = [
    ("ij,j->k", 7, "the output has the index k, which no operand has"),
    ("ij->ii", 6, "the output has the index i twice"),
    ("i...->i", 8, "the operands have an ellipsis, the output has none"),
    ("i,j->...i", 6, "the output has an ellipsis, which no operand has"),
    ("...i,j->......", 12, "the output has an ellipsis twice"),
    ("...i...->i", 5, "an operand has two ellipses"),
    ("..i->i", 1, "'.' is not an index"),
    ("ij->i->j", 6, "an einsum string has one arrow"),
    ("i,j->i,j", 7, "the output is one array"),
    ("i1->i", 2, "'1' is not an index"),
    ("ij-i", 3, "'-' is not an index"),
    ("i>j", 2, "'>' is not an index"),
    ("é->é", 1, "'é' is not an index"),
]


@pytest.mark.parametrize(("subscripts", "column", "cause"), REFUSED)
def test_refused(subscripts, column, cause):
    with pytest.raises(IndexcalcError, match=re.escape(cause)) as caught:
        einsum_vjp(subscripts)
    assert caught.value.column == column
    assert "^" in str(caught.value)


def test_operands_that_do_not_fit():
    first, _ = einsum_vjp("ij,jk->ik")
    with pytest.raises(IndexcalcError, match="k is 2 by axis 2 of g"):
        first(np.ones((3, 2)), np.ones((3, 4)), np.ones((4, 1)))
    with pytest.raises(IndexcalcError, match="has 2 operands; got 1"):
        first(np.ones((3, 2)), np.ones((3, 4)))


def test_many_operands_and_all_letters():
    words = ",".join(f"{a}{b}" for a, b in pairwise(ascii_lowercase))
    pullbacks = einsum_vjp(f"{words}->az")
    operands = [np.full((2, 2), 0.5) for _ in pullbacks]
    for pullback in pullbacks:
        np.testing.assert_allclose(pullback(np.ones((2, 2)), *operands), np.ones((2, 2)))


# ----- Ellipses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, said",
    [
        ("...ij,...jk->...ik", ["...ik,...jk->...ij", "...ik,...ij->...jk"]),
        ("... i j, ... j k -> ... i k", ["...ik,...jk->...ij", "...ik,...ij->...jk"]),
        (
            "batch ... i, ... j i -> ... j batch",
            ["... j batch, ... j i -> batch ... i", "... j batch, batch ... i -> ... j i"],
        ),
        ("...i,...i", ["...,...i->...i", "...,...i->...i"]),
    ],
)
def test_an_ellipsis_is_written_back(text, said):
    assert [str(each) for each in einsum_vjp(text)] == said


@pytest.mark.parametrize(
    "text, shapes",
    [
        ("...ij,...jk->...ik", [(2, 5, 3, 4), (2, 5, 4, 6)]),
        ("...ij,...jk->...ik", [(5, 3, 4), (2, 5, 4, 6)]),  # an axis less
        ("...ij,...jk->...ik", [(2, 1, 3, 4), (1, 5, 4, 6)]),  # broadcast
        ("...ij,jk->...ik", [(2, 5, 3, 4), (4, 6)]),
        ("...ij,...jk->...ik", [(3, 4), (4, 6)]),  # no axis at all
        ("...i,...i", [(2, 3), (3,)]),
        ("i...j,k...->...ki", [(3, 2, 5, 4), (6, 1, 5)]),
        ("...ii->...i", [(2, 3, 3)]),
        ("b...i,...j->...", [(2, 5, 3), (5, 4)]),
        ("i...,i...->...", [(3, 1, 1), (3, 1, 1)]),
    ],
)
def test_an_ellipsis_is_any_number_of_axes(text, shapes):
    random = np.random.default_rng(1)
    operands = [random.normal(size=shape) for shape in shapes]
    cotangent = random.normal(size=np.einsum(text, *operands).shape)
    for place, pullback in enumerate(einsum_vjp(text)):
        direction = random.normal(size=shapes[place])
        moved = [*operands[:place], direction, *operands[place + 1 :]]
        found = pullback(cotangent, *operands)
        assert found.shape == shapes[place]
        np.testing.assert_allclose(np.sum(found * direction), np.sum(np.einsum(text, *moved) * cotangent))


def test_code_has_one_axis_for_an_ellipsis():
    first, second = einsum_vjp("batch ... i, ... j -> ...")
    assert str(first).startswith("# rest1: one axis in place of the ellipsis\nimport numpy as np\n")
    assert "# rest1: one axis" in second.code("torch") and "import torch" in second.code("torch")


def test_operands_that_do_not_fit_an_ellipsis():
    first, _ = einsum_vjp("...ij,...jk->...ik")
    with pytest.raises(IndexcalcError, match=re.escape("an operand ... i j has 2 axes at least; got the shape (3,)")):
        first(np.ones(3), np.ones(3), np.ones((3, 3)))
    with pytest.raises(IndexcalcError, match=re.escape("got shape (3, 4, 5), but rest1 is 2 by axis 1 of g")):
        first(np.ones((2, 4, 6)), np.ones((3, 4, 5)), np.ones((3, 5, 6)))


# ----- Words as indices -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, said",
    [
        (
            "batch head i, batch head j -> batch i j",
            ["batch i j, batch head j -> batch head i", "batch i j, batch head i -> batch head j"],
        ),
        ("q_len d, k_len d -> q_len k_len", ["q_len k_len, k_len d -> q_len d", "q_len k_len, q_len d -> k_len d"]),
        ("ij, jk -> ik", ["ik,jk->ij", "ik,ij->jk"]),  # blanks between letters mean nothing, as in numpy
        ("i j, j k -> i k", ["ik,jk->ij", "ik,ij->jk"]),
    ],
)
def test_words_as_einops_has_them(text, said):
    assert [str(each) for each in einsum_vjp(text)] == said


def test_words_compute_what_letters_do():
    g, x, y = np.arange(30.0).reshape(2, 3, 5), np.arange(24.0).reshape(2, 4, 3), np.ones((2, 4, 5))
    words = einsum_vjp("batch head i, batch head j -> batch i j")
    letters = einsum_vjp("bhi,bhj->bij")
    for one, other in zip(words, letters, strict=True):
        np.testing.assert_array_equal(one(g, x, y), other(g, x, y))
    assert "einsum" in words[0].code("torch")


@pytest.mark.parametrize(
    "text, cause, remedy, width",
    [
        ("batch i -> i i", "the output has the index i twice", "An output index stands once", 1),
        ("batch i, batch j -> time", "the output has the index time, which no operand has", "Leave it out", 4),
        ("batch i -> i, batch", "the output is one array", "Leave the comma out", 1),
        ("batch i -> i -> batch", "an einsum string has one arrow", "Leave one of them out", 2),
        ("batch i", "the output is missing", "Write it after an arrow: batch i, batch j -> i j", 1),
        ("batch i 3 -> i", "'3' is not an index", "An index is a word; operands stand between commas", 1),
    ],
)
def test_words_that_cannot_be_meant(text, cause, remedy, width):
    with pytest.raises(IndexcalcError) as stop:
        einsum_vjp(text)
    assert (stop.value.cause, stop.value.remedy) == (cause, remedy)
    assert str(stop.value).splitlines()[2].count("^") == width
