"""The threads of BLAS: fewer where others use the cores, the usual number behind every call."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import indexcalc as ic
from indexcalc import codegen
from indexcalc.codegen.programs.order import in_pairs, is_open
from indexcalc.codegen.running import threads
from indexcalc.errors import IndexcalcError

SIZES = {"i": 10, "j": 20, "k": 30, "l": 40}


class Library:
    """A BLAS that remembers what it is told."""

    def __init__(self, usual: int) -> None:
        self.number = usual
        self.told: list[int] = []

    def get_num_threads(self) -> int:
        return self.number

    def set_num_threads(self, number: int) -> None:
        self.number = number
        self.told.append(number)


@pytest.fixture
def library(monkeypatch):
    """A BLAS of four threads, on a machine where one core is free; every product is of middling size."""
    found = Library(4)
    limits = threads.Limits()
    monkeypatch.setattr(limits, "_look", lambda: setattr(limits, "libraries", [(found, 1)]))
    monkeypatch.setattr(threads, "LIMITS", limits)
    monkeypatch.setattr(threads, "MIDDLING", (1, 2**60))
    monkeypatch.setattr(threads, "can_be_limited", lambda: True)
    monkeypatch.setattr(threads.LOAD, "free", lambda: 1)
    return found


def largest(text: str, target: str) -> int:
    found = ic.derive(text, target)
    program = codegen.prepare({"r": (found.derived.term, found.derived.axes)}, found.derived.sheet).program
    size = lambda range_: SIZES[range_.label]  # noqa: E731
    return threads.largest_product(in_pairs(program, size, is_open), size)


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("f[i,k] = A[i,j]*B[j,k]", "f[i,k]", 10 * 20 * 30),
        ("f[i,l] = A[i,j]*B[j,k]*C[k,l]", "f[i,l]", 10 * 30 * 40),
        ("f[i,j] = A[i,j]*b[j]", "f[i,j]", 0),  # nothing is summed
        ("index i, j : i\nf[i,j] = inv(A)[i,j]", "f[i,j]", 10**3),
    ],
)
def test_the_largest_product(text, target, expected):
    assert largest(text, target) == expected


def test_a_call_on_the_free_cores(library):
    function = ic.derive("f[i,k] = A[i,j]*B[j,k]", "f[i,k]").compile()
    A, B = np.ones((2, 3)), np.ones((3, 4))
    for _ in range(2):
        np.testing.assert_allclose(function(A=A, B=B), A @ B)
    assert library.told == [1, 4, 1, 4]


def test_nothing_is_set_where_the_cores_are_free(library, monkeypatch):
    monkeypatch.setattr(threads.LOAD, "free", lambda: 4)
    function = ic.derive("f[i,k] = A[i,j]*B[j,k]", "f[i,k]").compile()
    function(A=np.ones((2, 3)), B=np.ones((3, 4)))
    assert not library.told


@pytest.mark.parametrize("middling", [(10**6, 2**60), (1, 2)])
def test_small_and_large_products_are_left_alone(library, monkeypatch, middling):
    monkeypatch.setattr(threads, "MIDDLING", middling)
    function = ic.derive("f[i,k] = A[i,j]*B[j,k]", "f[i,k]").compile()
    function(A=np.ones((2, 3)), B=np.ones((3, 4)))
    assert not library.told


def test_the_usual_number_comes_back_behind_an_error(library):
    function = ic.derive("f[i] = inv(A)[i,j]*b[j]", "f[i]").compile()
    with pytest.raises((IndexcalcError, np.linalg.LinAlgError)):
        function(A=np.zeros((3, 3)), b=np.ones(3))
    assert library.told
    assert library.number == 4


def test_calls_at_once_share_one_limit(library):
    limits = threads.LIMITS
    assert limits.enter(1)
    assert limits.enter(1)
    limits.leave()
    assert library.number == 1
    limits.leave()
    assert library.number == 4
    assert library.told == [1, 4]


def test_many_threads_of_python(library):
    function = ic.derive("f[i,k] = A[i,j]*B[j,k]", "f[i,k]").compile()
    A, B = np.ones((2, 3)), np.ones((3, 4))
    function(A=A, B=B)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: function(A=A, B=B), range(200)))
    assert all(np.array_equal(each, A @ B) for each in found)
    assert library.number == 4


def test_the_load_of_others(monkeypatch):
    clock = [0.0, 0.0]
    monkeypatch.setattr(threads, "perf_counter", lambda: clock[0])
    monkeypatch.setattr(threads, "process_time", lambda: clock[1])
    monkeypatch.setattr(threads, "_cores", lambda: 4)
    load = threads.Load()
    monkeypatch.setattr(threads.os, "getloadavg", lambda: (2 * (1 - math.exp(-1)), 0, 0))
    clock[:] = 60.0, 120.0  # this process used two cores for a minute: all of the load
    assert load.free() == 4
    monkeypatch.setattr(threads.os, "getloadavg", lambda: (9.0, 0, 0))
    clock[0] += 0.1
    assert load.free() == 4  # it was looked at just now
    clock[0] += 1.0
    assert load.free() == 1
    monkeypatch.setattr(threads.os, "getloadavg", lambda: (load.own + 1.5, 0, 0))
    clock[0] += 1.0
    assert load.free() == 2
