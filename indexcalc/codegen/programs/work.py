"""The cost model: how long a program takes on each target, for given sizes.

    seconds = sum over kinds of work of  (how much of it the program has) * (what one of it costs on the target)

The kinds of work are the fields of `Work`. What they cost stands in `RATES`, in nanoseconds; `benchmarks/costs.py`
measures programs of many kinds and prints the table. Compiling (numba, jax: seconds, once for each sort of arguments)
is not counted. The model knows no caches; only what is written to an array of more than `FAR` elements counts once
more, as `far`. Contractions are counted in pairs, whoever chooses the pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod, sqrt
from typing import NamedTuple

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.codegen.programs.order import in_pairs, is_open
from indexcalc.codegen.programs.program import Apply, Assemble, Einsum, Leaf, Map, Normal, Program, Reduce, Value
from indexcalc.terms import Index, Range

FAR = 2**22  # elements, 32 MB: malloc gives larger arrays back to the system, so that each is faulted in anew


class Work(NamedTuple):
    """How much of each kind of work there is, or what one of each kind costs.

    Parameters
    ----------
    call: one. argument: arrays that are given. given: their elements. operation: array operations.
    product: multiplications in products of two matrices. tensor: those in products of arrays with more axes.
    sum: multiplications and additions in other sums. element: elements of other results. function: exponentials and
        their like. written: elements of arrays that are assembled from parts. far: elements of large arrays.
    """

    call: float = 0.0
    argument: float = 0.0
    given: float = 0.0
    operation: float = 0.0
    product: float = 0.0
    tensor: float = 0.0
    sum: float = 0.0
    element: float = 0.0
    function: float = 0.0
    written: float = 0.0
    far: float = 0.0

    def plus(self, other: Work) -> Work:
        """Both kinds of work."""
        return Work(*(one + two for one, two in zip(self, other, strict=True)))


# Measured on two cores of a shared machine in float64, on arrays of numpy, and rounded: no digit more is known.
RATES: dict[str, Work] = {
    "numpy": Work(
        argument=1800, operation=700, product=0.08, tensor=0.065, sum=0.14, element=0.3, function=9, written=0.09,
        far=0.5,
    ),
    "numba": Work(
        call=2000, argument=1000, operation=9, product=0.07, tensor=0.7, sum=0.2, element=0.055, function=4.3,
        written=0.13, far=6,
    ),
    "jax": Work(
        call=14_000, argument=16_000, given=1, product=0.06, tensor=0.075, sum=0.1, element=0.3, function=4.4,
        written=0.75, far=3,
    ),
    "torch": Work(
        argument=18_000, operation=3200, product=0.09, tensor=0.18, sum=0.28, element=0.36, function=2, far=5
    ),
}


def seconds(backend: str, work: Work) -> float:
    """How long this work takes on a target."""
    return sum(amount * rate for amount, rate in zip(work, RATES[backend], strict=True)) * 1e-9


def work_of(program: Program, size: Callable[[Range], int]) -> Work:
    """The work of a program."""
    total = Work(call=1)
    for value in in_pairs(program, size, is_open).values:
        total = total.plus(_work(value, lambda indices: prod(size(index.range) for index in indices)))
    return total


def _work(value: Value, count: Callable[[tuple[Index, ...]], int]) -> Work:
    """The work of one operation; count gives the number of elements along some axes."""
    if isinstance(value.op, Leaf):
        return Work(argument=1, given=count(value.axes))
    if value.is_free:
        return Work()
    size, every = count(value.axes), count(value.letters)
    own = Work(operation=1, far=size if size > FAR else 0)
    match value.op:
        case Einsum() if every > size:
            return own.plus(_contraction(value, every))
        case Map(function) if function in FUNCTIONS and not FUNCTIONS[function].cheap:
            return own.plus(Work(function=size))
        case Normal():
            inside = count(value.operands[0].axes)
            return own.plus(Work(operation=4, function=inside, element=3 * inside, sum=2 * inside))
        case Assemble():
            parts = sum(count(use.axes) for use in value.operands)
            return own.plus(Work(operation=len(value.operands), written=size, element=parts))
        case Apply():
            inside = count(value.operands[0].axes)
            return own.plus(Work(operation=5, product=inside * sqrt(inside), element=inside))
        case Reduce():
            return own.plus(Work(sum=count(value.operands[0].axes)))
    return own.plus(Work(element=size))


def _contraction(value: Value, every: int) -> Work:
    """The work of a sum: a product of matrices if both operands have indices of their own beside the summed ones.

    The product of a matrix with itself is symmetric: BLAS works out half of it.
    """
    summed = {index for index in value.letters if index not in value.axes}
    apart = [set(use.axes) - summed for use in value.operands]
    if len(apart) != 2 or any(not own - other for own, other in (apart, apart[::-1])):
        return Work(sum=every)
    is_flat = all(len(use.indices) == 2 for use in value.operands) and len(value.axes) == 2
    if not is_flat:
        return Work(tensor=every)
    return Work(product=every / 2 if value.operands[0].value is value.operands[1].value else every)
