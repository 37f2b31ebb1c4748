"""Numbers that are made of numbers and sizes alone: they must be floats, and computed so that no integer overflows.

Python counts with integers of any size, which jax and torch refuse and numba cuts off, and makes complex numbers of
roots of negative ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.codegen.programs.program import RELATIONS, Literal, Map, Program, SizeOf, Value
from indexcalc.codegen.writing.helpers import needs_scipy
from indexcalc.codegen.writing.pen import is_plain
from indexcalc.codegen.writing.scalars import LARGEST_INTEGER, OTHERS, scalar
from indexcalc.codegen.writing.special.choosing import NUMBER
from indexcalc.errors import IndexcalcError
from indexcalc.notation.writing.text import write
from indexcalc.sheet import Sheet

MOST_SIZES = 2  # a product of that many sizes is still an integer of 64 bits

BASIC: Mapping[str, Callable[..., float]] = {
    "add": lambda *terms: math.fsum(terms),
    "div": lambda a, b: a / b,
    "mul": lambda *factors: math.prod(factors),
    "neg": lambda a: -a,
    "pow": math.pow,
    "sqrt": math.sqrt,
    "where": lambda condition, a, b: a if condition else b,
    "<": lambda a, b: float(a < b),
    "<=": lambda a, b: float(a <= b),
    "==": lambda a, b: float(a == b),
}


def check_constants(program: Program, sheet: Sheet) -> None:
    """Raise IndexcalcError if a number that the formula holds is none, such as log(-1), or is too large for a float."""
    known: dict[Value, float] = {}
    for value in program.values:
        match value.op:
            case Literal(number):
                known[value] = _float(number)
            case Map(function) if _is_known(function) and all(use.value in known for use in value.operands):
                try:
                    known[value] = _computed(function, [known[use.value] for use in value.operands])
                except (ArithmeticError, ValueError) as error:
                    text = write(value.formula, sheet) if value.formula is not None else "a number"
                    what = "too large for a float" if isinstance(error, OverflowError) else "no real number"
                    raise IndexcalcError(f"{text} is {what}", "Write the formula without it") from None


def _is_known(function: str) -> bool:
    """Whether its value can be worked out here, with Python alone."""
    if function in BASIC or function in OTHERS:
        return True
    row = FUNCTIONS.get(function)
    if row is None:
        return False
    text = scalar(function, ["x"] * row.arity).text
    return NUMBER not in text and not needs_scipy(text)


def _float(number: Fraction | float) -> float:
    try:
        return float(number)
    except OverflowError:
        raise IndexcalcError("a number is too large for a float") from None


def _computed(function: str, arguments: Sequence[float]) -> float:
    """A function of floats; raises OverflowError or ValueError where that is no float."""
    if function in BASIC:
        value = BASIC[function](*arguments)
    else:
        text = scalar(function, [f"({argument!r})" for argument in arguments]).text
        value = float(eval(text, {"math": math}))  # our own text, of numbers
    if math.isinf(value):
        raise OverflowError
    if math.isnan(value):
        raise ValueError
    return value


def degree(value: Value) -> int:
    """How many sizes are multiplied in a value at most; 0 if it is not made of numbers and sizes alone."""
    if not is_plain(value):
        return 0
    inner = [degree(use.value) for use in value.operands]
    match value.op:
        case SizeOf():
            return 1
        case Map("mul"):
            return sum(inner)
        case Map("pow") if isinstance(value.operands[1].value.op, Literal):
            exponent = value.operands[1].value.op.value
            return inner[0] * math.ceil(min(max(exponent, 0), MOST_SIZES + 1))
    return max(inner, default=0)


def may_overflow(value: Value) -> bool:
    """Whether a product or a power of integers may be too large for an integer of 64 bits."""
    if value.op == Map("mul"):
        return sum(degree(use.value) for use in value.operands) > MOST_SIZES
    if degree(value) > MOST_SIZES:
        return True
    numbers = [float(use.value.op.value) for use in value.operands if isinstance(use.value.op, Literal)]
    if value.op != Map("pow") or len(numbers) < 2 or numbers[1] <= 0:
        return False
    return abs(numbers[0]) > 1 and numbers[1] * math.log2(abs(numbers[0])) >= math.log2(LARGEST_INTEGER)


def is_root(value: Value) -> bool:
    """Whether a power or a root of a number that may be negative is no real number."""
    if _is_nonnegative(value.operands[0].value):
        return False
    if value.op == Map("sqrt"):
        return True
    exponent = value.operands[1].value.op
    return not (isinstance(exponent, Literal) and exponent.value == int(exponent.value))


def _is_nonnegative(value: Value) -> bool:
    if isinstance(value.op, Literal):
        return value.op.value >= 0
    is_made = isinstance(value.op, SizeOf) or value.op in (Map("add"), Map("div"), Map("mul"), Map("pow"), Map("sqrt"))
    return is_made and all(_is_nonnegative(use.value) for use in value.operands)


def is_risky(program: Program) -> bool:
    """Whether a number that is made of sizes may be none for some sizes."""
    return any(
        isinstance(value.op, Map) and value.op.function not in ("add", "mul", "neg", "where", *RELATIONS)
        for value in program.values
        if not value.axes and any(degree(use.value) for use in value.operands)
    )
