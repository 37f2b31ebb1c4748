"""The order of contractions: the cheapest by the sizes, and any number of operands."""

import itertools

import numpy as np
import pytest

from indexcalc import codegen
from indexcalc.codegen.programs.order import usual_size
from indexcalc.codegen.programs.planning import plan
from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Sheet
from indexcalc.terms import Contraction, Index, Product, Range, Tensor

SIZES = {"a": 2, "b": 100, "c": 3, "d": 50, "n": 3}


def size(range_):
    return SIZES.get(range_.label) or usual_size(range_)


def sets(text):
    return [frozenset(Index(letter, Range(letter)) for letter in word) for word in text.split(",")]


PLANS = [
    ("ab,bc,cd->ad", [(0, 1), (3, 2)]),
    ("ab,bd,db->a", [(1, 2), (0, 3)]),
    ("bd,dc,ca->ba", [(1, 2), (0, 3)]),
    ("a->a", []),
]


@pytest.mark.parametrize(("text", "pairs"), PLANS)
def test_plans(text, pairs):
    words, _, output = text.partition("->")
    assert plan(sets(words), sets(output)[0], size) == pairs


@pytest.mark.parametrize("count", [4, 7, 8, 12])
def test_a_chain_with_one_small_end_is_taken_from_there(count):
    letters = [Index(f"i{number}", Range("big")) for number in range(count)] + [Index("a", Range("a"))]
    operands = [frozenset(pair) for pair in itertools.pairwise(letters)]
    pairs = plan(operands, frozenset({letters[0], letters[-1]}), size)
    assert pairs[0] == (count - 2, count - 1)
    assert all(max(pair) == count + step for step, pair in enumerate(pairs[1:]))


def chain(count):
    """The product of many matrices, and the matrices."""
    range_ = Range("n")
    indices = [Index(f"i{number}", range_) for number in range(count + 1)]
    factors = [Tensor(f"A{number}", pair) for number, pair in enumerate(itertools.pairwise(indices))]
    names = tuple(factor.name for factor in factors)
    sheet = Sheet(slots=dict.fromkeys(names, (range_, range_)), order=names)
    random = np.random.default_rng(0)
    arrays = {name: random.normal(size=(3, 3)) for name in names}
    return Contraction(indices[1:-1], Product(*factors)), (indices[0], indices[-1]), sheet, arrays


@pytest.mark.parametrize("backend", ["einsum", "numpy"])
@pytest.mark.parametrize("count", [12, 51, 60, 200])
def test_long_chains(count, backend):
    term, axes, sheet, arrays = chain(count)
    expected = np.linalg.multi_dot(list(arrays.values()))
    np.testing.assert_allclose(codegen.compile(term, axes, sheet, backend)(**arrays), expected, rtol=1e-9)


@pytest.mark.parametrize("backend", ["einsum", "numpy"])
def test_more_operands_than_einsum_takes(backend):
    index = Index("i", Range("n"))
    names = [f"v{number}" for number in range(70)]
    sheet = Sheet(slots=dict.fromkeys(names, (index.range,)), order=tuple(names))
    term = Contraction((index,), Product(*(Tensor(name, (index,)) for name in names)))
    values = np.linspace(0.9, 1.1, 70)
    result = codegen.compile(term, (), sheet, backend)(
        **{name: np.full(4, value) for name, value in zip(names, values, strict=True)}
    )
    np.testing.assert_allclose(result, 4 * np.prod(values))


@pytest.mark.parametrize("backend", ["einsum", "numpy"])
def test_more_axes_than_arrays_have(backend):
    indices = tuple(Index(f"i{number}", Range(f"n{number}")) for number in range(65))
    names = [f"v{number}" for number in range(65)]
    sheet = Sheet(slots={name: (index.range,) for name, index in zip(names, indices, strict=True)}, order=tuple(names))
    term = Product(*(Tensor(name, (index,)) for name, index in zip(names, indices, strict=True)))
    with pytest.raises(IndexcalcError, match=r"65 (different indices|axes)"):
        codegen.compile(term, indices, sheet, backend)(**dict.fromkeys(names, np.ones(1)))
