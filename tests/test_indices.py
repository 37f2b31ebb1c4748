"""Indices and ranges: values that are one object where they are equal, in an order that names decide."""

import copy
import gc
import pickle
from itertools import pairwise

import pytest

from indexcalc.indices import Index, Range, in_order

M, N, THREE = Range("m"), Range("n"), Range("3", size=3)


def test_equal_indices_are_one_object():
    assert Index("i", M) is Index("i", Range("m"))
    assert Index("i", M, 2) is Index("i", M, 2)


@pytest.mark.parametrize("other", [Index("j", M), Index("i", N), Index("i", M, 1), Index("i", Range("m", named=False))])
def test_other_indices_are_not(other):
    assert Index("i", M) is not other
    assert len({Index("i", M), other}) == 2


@pytest.mark.parametrize("index", [Index("i", M), Index("j'", N, 3), Index("2", THREE)])
def test_a_copy_is_the_same_object(index):
    assert pickle.loads(pickle.dumps(index)) is index
    assert copy.deepcopy(index) is index


@pytest.mark.parametrize(("name", "place"), [("1", 1), ("12", 12), ("i", None), ("i1", None), ("i'", None)])
def test_a_number_is_a_fixed_place(name, place):
    assert Index(name, M).place == place


@pytest.mark.parametrize(("index", "text"), [(Index("i", M), "i"), (Index("i", M, 2), "i2"), (Index("k'", N), "k'")])
def test_an_index_is_printed_by_its_letter(index, text):
    assert repr(index) == text


def test_indices_are_ordered_by_name_then_serial_then_range():
    expected = (Index("a", N), Index("i", M), Index("i", N), Index("i", M, 1), Index("j", M))
    assert in_order(expected[::-1]) == in_order(frozenset(expected)) == expected
    assert all(one < other for one, other in pairwise(expected))


def test_in_order_keeps_what_occurs_twice():
    assert in_order([Index("j", M), Index("i", M), Index("j", M)]) == (Index("i", M), Index("j", M), Index("j", M))


def test_ranges_are_compared_by_value():
    assert Range("m") == Range("m", named=True, size=None)
    assert len({Range("3", size=3), Range("3", size=3), Range("3"), Range("m")}) == 3


def test_an_index_that_nobody_holds_is_forgotten():
    Index("forgotten", M)
    gc.collect()
    assert ("forgotten", M, 0) not in Index._known
