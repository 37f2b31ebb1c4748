"""The target `numba`: loops, one after the other or as one loop over rows, compiled by numba.

Products of two matrices are left to BLAS. The exponential is a polynomial, so that loops over it become vector code.
"""

from __future__ import annotations

import re

from indexcalc.codegen.library import require
from indexcalc.codegen.loops import place_of
from indexcalc.codegen.nests import LoopPen
from indexcalc.codegen.pen import ATOM, MULTIPLICATION, NEGATION, RELATION, Pen, Table, Target, Text
from indexcalc.codegen.program import RELATIONS, Compare, Einsum, Literal, Map, Permutation, SizeOf, Value
from indexcalc.codegen.run import Function, Known
from indexcalc.codegen.scalars import scalar
from indexcalc.codegen.source import Job
from indexcalc.codegen.targets import einsum

EXP = '''
@njit(fastmath=False)
def exp(x):
    """The exponential, to the last bit or the one before: 2^k times a polynomial in what is left."""
    t = min(max(x, -707.0), 709.79) * 1.4426950408889634 + 6755399441055744.0
    k = t - 6755399441055744.0
    r = (x - k * 0.6931471803691238) - k * 1.9082149292705877e-10
    p = 2.08767569878681e-09 + r * 1.6059043836821613e-10
    p = 2.755731922398589e-07 + r * (2.505210838544172e-08 + r * p)
    p = 2.48015873015873e-05 + r * (2.7557319223985893e-06 + r * p)
    p = 0.001388888888888889 + r * (0.0001984126984126984 + r * p)
    p = 0.041666666666666664 + r * (0.008333333333333333 + r * p)
    p = 1.0 + r * (1.0 + r * (0.5 + r * (0.16666666666666666 + r * p)))
    power = np.int64((np.float64(t).view(np.int64) + 1022) << 52).view(np.float64)
    value = p * power * 2.0
    value = value if x < 709.782712893384 else np.inf
    value = value if x > -707.0 else 0.0
    return value if x == x else x
'''
SIGMOID = '''
@njit(fastmath=False)
def sigmoid(x):
    """1/(1 + exp(-x)), without overflow."""
    e = exp(-abs(x))
    return (1.0 if x >= 0 else e) / (1.0 + e)
'''
HELPERS = {"exp": EXP, "sigmoid": SIGMOID}
FUNCTION = {  # those of numpy pass nan on
    "exp": "exp({0})",
    "max": "np.maximum({0}, {1})",
    "min": "np.minimum({0}, {1})",
    "relu": "np.maximum({0}, 0.0)",
    "sigmoid": "sigmoid({0})",
    "sign": "np.sign({0})",
}


# ----- Elements --------------------------------------------------------------------------------------------------


def elementwise(pen: Pen, value: Value, name: str) -> Text:
    """A function of one element."""
    assert isinstance(value.op, Map)
    function = value.op.function
    if function == "where":
        condition, *sides = value.operands
        mask = pen.text(condition, ()).text
        then, otherwise = (pen.operand(use, ()).text for use in sides)
        return Text(f"({then} if {mask} else {otherwise})")
    if function in einsum.ARITHMETIC or function in RELATIONS:
        return einsum.elementwise(pen, value, name)
    arguments = [pen.operand(use, ()).text for use in value.operands]
    return Text(FUNCTION[function].format(*arguments)) if function in FUNCTION else scalar(function, arguments)


def product(pen: Pen, value: Value, name: str) -> Text:
    """The product of elements."""
    words = [pen.operand(use, ()).within(NEGATION) for use in value.operands]
    return Text(" * ".join(words), MULTIPLICATION) if len(words) > 1 else pen.operand(value.operands[0], ())


def compare(pen: Pen, value: Value, name: str) -> Text:
    """A relation between places."""
    assert isinstance(value.op, Compare) and isinstance(pen, LoopPen)
    left, right = (place_of(index, pen.at) for index in (value.op.left, value.op.right))
    return Text(f"{left} {value.op.relation} {right}", RELATION)


def permutation(pen: Pen, value: Value, name: str) -> Text:
    """An element of the permutation symbol."""
    assert isinstance(value.op, Permutation) and isinstance(pen, LoopPen)
    i, j, k = (place_of(index, pen.at) for index in value.op.slots)
    return Text(f"(({i} - {j}) * ({j} - {k}) * ({k} - {i}) / 2)", ATOM)


def complete(function: str) -> str:
    """The function as a module, to be compiled when it is called first."""
    called = set(re.findall(r"(?<![\w.])(\w+)\(", function))
    called |= {"exp"} if "sigmoid" in called else set()
    helpers = "".join(f"\n{HELPERS[name]}" for name in HELPERS if name in called)
    math = "import math\n\n" if "math." in function else ""
    options = "error_model='numpy', fastmath={'reassoc', 'contract', 'arcp', 'nsz'}"
    numpy = "import numpy as np\n" if "np." in function + helpers else ""
    return f"{math}{numpy}from numba import njit\n{helpers}\n\n@njit({options})\n{function}"


def make(job: Job, known: Known, compressed: bool, many: bool) -> Function:
    """The compiled function; numba must be installed."""
    require("numba", "numba")
    return Function(job, known, compressed, many)


def is_split(value: Value) -> bool:
    """Whether a contraction is taken two arrays at a time: where a product of matrices may come of it."""
    return isinstance(value.op, Einsum) and len(value.operands) > 2


TABLE: Table = {
    Compare: compare,
    Einsum: product,
    Literal: einsum.literal,
    Map: elementwise,
    Permutation: permutation,
    SizeOf: einsum.size,
}
TARGET = Target(
    TABLE,
    is_split,
    pen=LoopPen,
    complete=complete,
    make=make,
    reserved=frozenset({"exp", "sigmoid", "njit", "numba"}),
)
