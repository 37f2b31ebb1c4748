"""The fifth seed: the pullbacks of an einsum, its example, its random test, and the cases beyond it."""

import random
import string

import numpy as np
import pytest

import indexcalc as ic


@pytest.mark.parametrize(
    "subscripts, pullbacks",
    [
        ("ijk,ip->jkp", ["jkp,ip->ijk", "jkp,ijk->ip"]),
        ("abpq,cdpq->abcd", ["abcd,cdpq->abpq", "abcd,abpq->cdpq"]),
        ("gbfhai,gfechid->bcade", ["bcade,gfechid->gbfhai", "bcade,gbfhai->gfechid"]),
    ],
)
def test_strings(subscripts, pullbacks):
    assert [str(pullback) for pullback in ic.einsum_vjp(subscripts)] == pullbacks


def seeds_random_einsum():
    """The subscripts and the sizes that the seed draws with random.seed(42)."""
    draw = random.Random(42)
    letters = list(string.ascii_lowercase[:9])
    x_free, y_free, dummies = letters[:2], letters[2:5], letters[5:]
    x, y, z = x_free + dummies, y_free + dummies, x_free + y_free
    for indices in (x, y, z):
        draw.shuffle(indices)
    sizes = {letter: draw.randint(2, 32) for letter in letters}
    return f"{''.join(x)},{''.join(y)}->{''.join(z)}", sizes


def test_the_random_einsum():
    subscripts, sizes = seeds_random_einsum()
    assert subscripts == "gbfhai,gfechid->bcade"
    assert sizes == {"a": 4, "b": 8, "c": 9, "d": 18, "e": 21, "f": 2, "g": 19, "h": 8, "i": 24}
    operands, output = subscripts.split("->")
    elements = [int(np.prod([sizes[letter] for letter in word])) for word in [*operands.split(","), output]]
    assert elements == [233472, 24820992, 108864]


def exact_pullbacks(subscripts, cotangent, operands):
    """By unit arrays: an einsum is linear in each operand."""
    for place, operand in enumerate(operands):
        units = np.eye(operand.size).reshape(operand.size, *operand.shape)
        moved = ([*operands[:place], unit, *operands[place + 1 :]] for unit in units)
        columns = [np.sum(np.einsum(subscripts, *arrays) * cotangent) for arrays in moved]
        yield np.reshape(columns, operand.shape)


@pytest.mark.parametrize(
    "subscripts",
    [
        "ijk,ip->jkp",
        "gbfhai,gfechid->bcade",
        "bij,bjk->bik",  # a batch: in both operands and in the output
        "ij,jk,kl->il",  # three operands
        "ij->i",  # an index in one operand alone: no swapped string does it
        "ij,k->k",
        "ii->",  # an index twice in one operand
        "bii->b",
        "i,i,i->",
        "ab,cd->",
    ],
)
def test_values(subscripts):
    letters = sorted(set(subscripts) - set(",->"))
    small = {letter: 2 + place % 2 for place, letter in enumerate(letters)}
    *words, output = subscripts.replace("->", ",").split(",")
    draw = np.random.default_rng(0)
    *operands, cotangent = (draw.normal(size=[small[letter] for letter in word]) for word in (*words, output))
    pullbacks = ic.einsum_vjp(subscripts)
    assert len(pullbacks) == len(operands)
    for pullback, exact in zip(pullbacks, exact_pullbacks(subscripts, cotangent, operands), strict=True):
        np.testing.assert_allclose(pullback(cotangent, *operands), exact, rtol=1e-10, atol=1e-12)


def test_example_in_single_precision():
    """The sizes of the seed, 16, 32, 64, 128, in the precision that it uses."""
    draw = np.random.default_rng(42)
    x, y, g = (draw.random(shape, dtype=np.float32) for shape in ((16, 32, 64), (16, 128), (32, 64, 128)))
    by_x, by_y = ic.einsum_vjp("ijk,ip->jkp")
    single = (g, x, y)
    assert by_x(*single).dtype == by_y(*single).dtype == np.float32
    x, y, g = (array.astype(float) for array in (x, y, g))
    np.testing.assert_allclose(by_x(*single), np.tensordot(y, g, axes=(1, 2)), rtol=1e-5)
    np.testing.assert_allclose(by_y(*single), np.tensordot(x, g, axes=([1, 2], [0, 1])), rtol=1e-5)
