"""Products with numbers where they cost least.

    c*(sum[k](A[i,k]*B[k,j]))  =  sum[k]((c*A[i,k])*B[k,j])      where A is much smaller than the result
    sum[j](x[i,j]^2)           =  sum[j](x[i,j]*x[i,j])          a product of two arrays needs no array of squares
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import prod

from indexcalc.codegen.programs.order import again, rebuilt
from indexcalc.codegen.programs.planning import SizeOfRange
from indexcalc.codegen.programs.program import Axes, Builder, Einsum, Literal, Map, Program, Use, Value
from indexcalc.terms import Index

SMALLER = 4  # how many times an array must be smaller than the result
TWO = Literal(Fraction(2))
SQUARE = Map("pow")


def with_cheap_scaling(program: Program, size: SizeOfRange) -> Program:
    """The program with numbers multiplied into small arrays, and without arrays of squares that are summed."""
    uses = Counter(use.value for use in program.uses)
    results = {result.use.value for result in program.results}

    def is_inner(value: Value) -> bool:
        return uses[value] == 1 and value not in program.names and value not in results

    def make(build: Builder, value: Value, operands: Sequence[Use]) -> Use:
        place = _scaled(value)
        if place is not None and is_inner(value.operands[place].value):
            small = _smallest(operands[place], size)
            if small is not None:
                return _inside(build, value, operands, place, small)
        if isinstance(value.op, Einsum) and len(operands) == 1 and is_inner(value.operands[0].value):
            base = _root(operands[0])
            if base is not None:
                return build.make(Einsum(), [base, base], value.axes, value.formula)
        return again(build, value, operands)

    return rebuilt(program, make)


def _scaled(value: Value) -> int | None:
    """The place of the one array that is multiplied or divided by numbers."""
    if not isinstance(value.op, Map) or value.op.function not in ("mul", "div"):
        return None
    arrays = [place for place, use in enumerate(value.operands) if use.axes]
    is_one = len(arrays) == 1 and not (value.op.function == "div" and arrays == [1])
    return arrays[0] if is_one else None


def _smallest(use: Use, size: SizeOfRange) -> int | None:
    """The place of the operand of a product that is much smaller than the product."""
    if not isinstance(use.value.op, Einsum) or len(use.value.operands) < 2 or use.indices != use.axes:
        return None
    sizes = [_elements(operand.axes, size) for operand in use.value.operands]
    least = min(sizes)
    return sizes.index(least) if least * SMALLER <= _elements(use.axes, size) else None


def _elements(axes: Axes, size: SizeOfRange) -> int:
    return prod(size(axis.range) for axis in axes)


def _inside(build: Builder, value: Value, operands: Sequence[Use], place: int, small: int) -> Use:
    """The product with one of its factors multiplied by what stands around it."""
    outer = operands[place]
    factors = [use.renamed(_letters(outer)) for use in outer.value.operands]
    inner = [factors[small] if at == place else use for at, use in enumerate(operands)]
    factors[small] = build.make(value.op, inner, factors[small].axes)
    return build.make(Einsum(), factors, value.axes, value.formula)


def _letters(use: Use) -> dict[Index, Index]:
    return dict(zip(use.value.axes, use.indices, strict=True))


def _root(use: Use) -> Use | None:
    """x of an array x^2."""
    value = use.value
    if value.op != SQUARE or value.operands[1].value.op != TWO or not value.operands[0].axes:
        return None
    return value.operands[0].renamed(_letters(use))
