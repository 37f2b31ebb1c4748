"""A product of an array with itself, weighted, becomes the product of one array with itself.

    sum[i](d[i]*x[i,a]*x[i,b])  =  sum[i](u[i,a]*u[i,b])  with  u[i,a] = sqrt(d[i])*x[i,a],  where d >= 0

BLAS does such a product in half the time. The weights may be several factors; each has only indices that are summed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from indexcalc.codegen.passes.bounds import bounds
from indexcalc.codegen.programs.order import again, rebuilt
from indexcalc.codegen.programs.planning import SizeOfRange
from indexcalc.codegen.programs.program import Builder, Einsum, Map, Program, Use, Value


def with_roots(program: Program, size: SizeOfRange) -> Program:
    """The program with the root of the weights taken into each such product."""
    known = bounds(program)

    def make(build: Builder, value: Value, operands: Sequence[Use]) -> Use:
        pair = _pair(value) if isinstance(value.op, Einsum) else None
        weights = [place for place in range(len(operands)) if place not in (pair or ())]
        if pair is None or not weights or any(known[value.operands[place].value][0] < 0 for place in weights):
            return again(build, value, operands)
        return _product(build, value, operands, pair, weights)

    return rebuilt(program, make)


def _pair(value: Value) -> tuple[int, int] | None:
    """Two operands that are one array at indices of which one differs; all other indices are summed."""
    kept = set(value.axes)
    for first, second in combinations(range(len(value.operands)), 2):
        left, right = value.operands[first], value.operands[second]
        rest = [use for place, use in enumerate(value.operands) if place not in (first, second)]
        common = set(left.axes) & set(right.axes)
        if (
            left.value is right.value
            and len(common) + 1 == len(left.axes) == len(left.indices) == len(right.axes)
            and sum(a is not b for a, b in zip(left.indices, right.indices, strict=True)) == 1
            and not common & kept
            and {*left.axes, *right.axes} - common == kept
            and all(common.issuperset(use.axes) for use in rest)
        ):
            return first, second
    return None


def _product(
    build: Builder, value: Value, operands: Sequence[Use], pair: tuple[int, int], weights: Sequence[int]
) -> Use:
    """The product of the array times the root of the weights with itself."""
    left, right = (operands[place] for place in pair)
    factors = [operands[place] for place in weights]
    axes = tuple(index for index in left.axes if any(index in use.axes for use in factors))
    weight = factors[0] if len(factors) == 1 else build.make(Einsum(), factors, axes)
    root = build.make(Map("sqrt"), [weight], weight.axes)
    scaled = build.make(Einsum(), [root, left], left.indices)
    other = scaled.renamed(dict(zip(left.indices, right.indices, strict=True)))
    return build.make(Einsum(), [scaled, other], value.axes, value.formula)
