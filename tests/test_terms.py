"""Terms: what the constructors fold, and no more; interning; free indices; order."""

import copy
import pickle
import subprocess
import sys
from fractions import Fraction

import pytest

from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    ZERO,
    Call,
    Contraction,
    Delta,
    Derivative,
    Epsilon,
    Index,
    Indicator,
    Number,
    Power,
    Product,
    Range,
    Reduction,
    Size,
    Sum,
    Tensor,
    Where,
    coefficient_and_rest,
    factors_of,
    indicator,
    negative,
    quotient,
    size_of,
    terms_of,
)

M, N, THREE = Range("m"), Range("n"), Range("3", size=3)
i, j, k, p, q = Index("i", M), Index("j", M), Index("k", M), Index("p", N), Index("q", N)
FIRST, SECOND = Index("1", M), Index("2", M)
x, y, z = Tensor("x", (i,)), Tensor("y", (i,)), Tensor("z", (i,))
c, d = Tensor("c"), Tensor("d")
TWO = Number(2)

FOLDED = [
    # Sums
    (Sum(), ZERO),
    (Sum(x), x),
    (Sum(x, ZERO), x),
    (Sum(x, Sum(y, z)), Sum(x, y, z)),
    (Sum(y, x), Sum(x, y)),
    (Sum(ONE, x, TWO), Sum(x, Number(3))),
    (Sum(ONE, MINUS_ONE), ZERO),
    # Products
    (Product(), ONE),
    (Product(x), x),
    (Product(x, ZERO), ZERO),
    (Product(x, ONE), x),
    (Product(x, Product(y, z)), Product(x, y, z)),
    (Product(y, x), Product(x, y)),
    (Product(TWO, x, Number(Fraction(1, 2))), x),
    (negative(negative(x)), x),
    (quotient(x, TWO), Product(Number(Fraction(1, 2)), x)),
    # Powers
    (Power(x, ZERO), ONE),
    (Power(x, ONE), x),
    (Power(ONE, x), ONE),
    (Power(ZERO, TWO), ZERO),
    (Power(TWO, Number(-3)), Number(Fraction(1, 8))),
    (Power(Power(x, c), TWO), Power(Power(x, c), TWO)),
    (Power(Power(x, Number(3)), TWO), Power(x, Number(6))),
    (Power(Power(x, Number(Fraction(1, 2))), TWO), x),
    (Power(Product(x, y), TWO), Product(Power(x, TWO), Power(y, TWO))),
    # Deltas and the permutation symbol
    (Delta(i, i), ONE),
    (Delta(j, i), Delta(i, j)),
    (Delta(FIRST, SECOND), ZERO),
    (Delta(FIRST, FIRST), ONE),
    (Epsilon(i, j, i), ZERO),
    (Epsilon(*(Index(place, THREE) for place in "312")), ONE),
    (Epsilon(*(Index(place, THREE) for place in "321")), MINUS_ONE),
    # Contractions
    (Contraction((), x), x),
    (Contraction((i,), ZERO), ZERO),
    (Contraction((i,), c), Product(Size(M), c)),
    (Contraction((Index("r", THREE),), c), Product(Number(3), c)),
    (Contraction((i, p), x), Product(Size(N), Contraction((i,), x))),
    (Contraction((i,), Contraction((p,), Tensor("A", (i, p)))), Contraction((p, i), Tensor("A", (i, p)))),
    (Reduction("max", (), x), x),
    (Reduction("max", (i, p), x), Reduction("max", (i,), x)),
    (Reduction("min", (p,), x), x),
    (Reduction("prod", (p,), x), Power(x, Size(N))),
    (
        Reduction("prod", (i,), Reduction("prod", (p,), Tensor("A", (i, p)))),
        Reduction("prod", (i, p), Tensor("A", (i, p))),
    ),
    # Choices
    (Where(ONE, x, y), x),
    (Where(ZERO, x, y), y),
    (Where(Delta(i, j), x, x), x),
    (Where(Delta(i, j), ONE, ZERO), Delta(i, j)),
    # Comparisons
    (indicator("==", i, j), Delta(i, j)),
    (indicator("!=", i, j), Sum(ONE, negative(Delta(i, j)))),
    (indicator(">", x, y), Indicator("<", y, x)),
    (indicator(">=", x, y), Indicator("<=", y, x)),
]


@pytest.mark.parametrize(("term", "folded"), FOLDED, ids=range(len(FOLDED)))
def test_constructors_fold_what_is_always_right(term, folded):
    assert term is folded


KEPT = [
    Sum(x, x),
    Sum(x, negative(x)),
    Product(x, x),
    Product(x, quotient(ONE, x)),
    Product(x, Sum(y, z)),
    Product(Delta(i, j), x),
    Power(Power(x, TWO), Number(Fraction(1, 2))),
    Power(ZERO, MINUS_ONE),
    Power(ZERO, c),
    Power(Product(x, y), c),
    Power(TWO, Number(10**6)),
    Power(TWO, Number(Fraction(1, 2))),
    Contraction((i,), Product(Delta(i, j), x)),
    Reduction("prod", (i,), x),
    Where(Delta(i, j), x, y),
    Call("log", Call("exp", x)),
    Derivative(x, x),
]


@pytest.mark.parametrize("term", KEPT, ids=range(len(KEPT)))
def test_constructors_leave_the_rest_to_passes(term):
    assert type(term)(*term.fields) is term
    assert isinstance(term, Sum | Product | Power | Contraction | Reduction | Where | Call | Derivative)


@pytest.mark.parametrize("term", [*KEPT, Number(0.5), Size(M), Epsilon(i, j, k), indicator("<", i, j)])
def test_terms_are_one_object_however_they_are_made(term):
    assert pickle.loads(pickle.dumps(term)) is term
    assert copy.deepcopy(term) is term


def test_numbers_are_exact_unless_written_as_floats():
    assert Number(Fraction(2, 4)).value == Fraction(1, 2)
    assert isinstance(Number(0.5).value, float)
    assert Number(0.5) is not Number(Fraction(1, 2))
    with pytest.raises(OverflowError):
        Number(float("inf"))


def test_a_power_of_a_number_that_would_fill_the_memory_stays_a_power():
    assert isinstance(Power(Number(9), Number(9**9)), Power)
    assert isinstance(Power(Number(2.0), Number(10**6)), Power)


FREE = [
    (Tensor("A", (i, p, i)), {i, p}),
    (Tensor("x", (FIRST,)), set()),
    (Delta(i, FIRST), {i}),
    (Contraction((i,), Product(x, Tensor("A", (i, p)))), {p}),
    (Reduction("max", (i,), Tensor("A", (i, p))), {p}),
    (Where(Delta(i, j), c, Tensor("x", (p,))), {i, j, p}),
    (Derivative(x, Tensor("w", (p,))), {i, p}),
    (Size(M), set()),
]


@pytest.mark.parametrize(("term", "free"), FREE, ids=range(len(FREE)))
def test_free_indices(term, free):
    assert term.free == free


def test_what_a_term_knows_of_itself():
    term = Contraction((i,), Product(x, Call("exp", Contraction((j,), Tensor("A", (i, j))))))
    assert term.symbols == {"x", "A"}
    assert term.indices == {i, j}
    assert term.height == 2


def test_a_letter_of_another_range_is_another_index():
    assert Index("i", M) is i
    assert Index("i", N) is not i
    assert Index("i", M, 1) is not i
    assert (FIRST.place, i.place) == (1, None)


def test_parts():
    assert coefficient_and_rest(Product(Number(-2), x, y)) == (-2, Product(x, y))
    assert coefficient_and_rest(TWO) == (2, ONE)
    assert coefficient_and_rest(x) == (1, x)
    assert factors_of(Product(x, y)) == (x, y)
    assert factors_of(x) == terms_of(x) == (x,)
    assert terms_of(Sum(x, y)) == (x, y)
    assert size_of(THREE) is Number(3)
    assert size_of(M) is Size(M)


def test_the_order_does_not_depend_on_the_hash_seed():
    code = "from tests.test_terms import *; print(Sum(z, Product(y, c), x, Power(d, TWO)), Tensor('A', (i, j)).key)"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("0", "7")
    }
    assert len(printed) == 1
