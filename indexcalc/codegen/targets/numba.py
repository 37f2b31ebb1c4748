"""The target `numba`: loops, one after the other or as one loop over rows, compiled by numba.

Products of two matrices are left to BLAS. The exponential is a polynomial, so that loops over it become vector code.
"""

from __future__ import annotations

import ast
import re
from importlib.util import find_spec
from pathlib import Path

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.codegen import loops
from indexcalc.codegen.loops.elsewhere import ELSEWHERE
from indexcalc.codegen.loops.loops import place_of
from indexcalc.codegen.loops.nests import LoopPen
from indexcalc.codegen.loops.unfold import unfolded
from indexcalc.codegen.programs.matrices import is_matrix_product
from indexcalc.codegen.programs.program import (
    RELATIONS,
    Apply,
    Compare,
    Einsum,
    Literal,
    Map,
    Permutation,
    Places,
    SizeOf,
    Value,
)
from indexcalc.codegen.targets import einsum, numpy
from indexcalc.codegen.writing.algebra import primitive
from indexcalc.codegen.writing.arrays import CHECKED_BY_NUMBA
from indexcalc.codegen.writing.helpers import HELPERS as OF_NUMPY
from indexcalc.codegen.writing.helpers import checks, imports
from indexcalc.codegen.writing.pen import (
    ATOM,
    MULTIPLICATION,
    NEGATION,
    RELATION,
    Pen,
    Table,
    Target,
    Text,
    is_near,
)
from indexcalc.codegen.writing.scalars import ROUNDING
from indexcalc.codegen.writing.special.choosing import matrices

EXTRA = {"logaddexp": "logaddexp({0}, {1})"}  # what the table of functions does not hold


def _functions(module: str) -> dict[str, str]:
    """The functions of a module of `loops` as text, without their types; it is not imported, since that takes numpy."""
    spec = find_spec(f"{loops.__name__}.{module}")
    assert spec is not None and spec.origin is not None
    text = re.sub(r": Float| -> Float", "", Path(spec.origin).read_text(encoding="utf-8"))
    functions = [each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef)]
    return {each.name: f"{ast.get_source_segment(text, each)}\n" for each in functions}


HELPERS = {**_functions("elementary"), **_functions("gamma"), **_functions("normal"), **_functions("special")}
HELPER_OPTIONS = "error_model='numpy', fastmath={'contract'}, forceinline=True"
OPTIONS = "error_model='numpy', fastmath={'reassoc', 'contract', 'arcp', 'nsz'}"


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
    arguments = [pen.operand(use, ()).text for use in value.operands]
    if is_near(value):
        kind = "np.float64" if pen.dtype == "float" else pen.dtype
        return Text(f"same({', '.join(arguments)}, {ROUNDING} * np.finfo({kind}).eps)")
    if function in einsum.ARITHMETIC or function in RELATIONS:
        return einsum.elementwise(pen, value, name)
    return Text((EXTRA.get(function) or FUNCTIONS[function].spelled("numba")).format(*arguments))


def product(pen: Pen, value: Value, name: str) -> Text:
    """The product of elements, or of matrices."""
    if isinstance(pen, LoopPen) and pen.is_whole:
        return numpy.contraction(pen, value, name)
    words = [pen.operand(use, ()).within(NEGATION) for use in value.operands]
    return Text(" * ".join(words), MULTIPLICATION) if len(words) > 1 else pen.operand(value.operands[0], ())


def compare(pen: Pen, value: Value, name: str) -> Text:
    """A relation between places."""
    assert isinstance(value.op, Compare) and isinstance(pen, LoopPen)
    left, right = (place_of(index, pen.at) for index in (value.op.left, value.op.right))
    return Text(f"{left} {value.op.relation} {right}", RELATION)


def counted(pen: Pen, value: Value, name: str) -> Text:
    """A place, counted from 1."""
    assert isinstance(value.op, Places) and isinstance(pen, LoopPen)
    return Text(f"({place_of(value.op.index, pen.at)} + 1)", ATOM)


def permutation(pen: Pen, value: Value, name: str) -> Text:
    """An element of the permutation symbol."""
    assert isinstance(value.op, Permutation) and isinstance(pen, LoopPen)
    i, j, k = (place_of(index, pen.at) for index in value.op.slots)
    return Text(f"(({i} - {j}) * ({j} - {k}) * ({k} - {i}) / 2)", ATOM)


def complete(function: str) -> str:
    """The functions as a module; the loops are compiled when they are called first."""
    helpers: dict[str, str] = {}
    pending = [function]
    while pending:
        for name in sorted(_called(pending.pop()) & HELPERS.keys() - helpers.keys()):
            helpers[name] = HELPERS[name]
            pending.append(helpers[name])
    text = "".join(f"\n\n@njit({HELPER_OPTIONS})\n{helpers[name]}" for name in HELPERS if name in helpers)
    text += re.sub(r"^@njit$", f"@njit({OPTIONS})", f"\n\n{function}", flags=re.MULTILINE)
    if "zeros" in _called(function):
        text = f"\n{OF_NUMPY['zeros'].source}\n{text}"
    text = "".join(matrices(function)) + text + checks(function, CHECKED_BY_NUMBA)
    mmap = {"mmap"} & set(re.findall(r"\b(\w+)\.", text))
    numpy = ["import numpy as np"] if "np." in text else []
    numba = ["from numba import njit"] if "@njit" in text else []
    return "".join(f"{line}\n" for line in imports(text, mmap, (*numpy, *numba))) + text


def _called(text: str) -> set[str]:
    """The names of what a text calls, methods and functions of modules apart."""
    return set(re.findall(r"(?<![\w.])(\w+)\(", text))


def is_split(value: Value) -> bool:
    """Whether a contraction is taken two arrays at a time: where a product of matrices may come of it."""
    return isinstance(value.op, Einsum) and len(value.operands) > 2


TABLE: Table = {
    **ELSEWHERE,
    Apply: primitive,
    Compare: compare,
    Einsum: product,
    Literal: einsum.literal,
    Map: elementwise,
    Permutation: permutation,
    Places: counted,
    SizeOf: einsum.size,
}
RESERVED = frozenset({*HELPERS, "zeros"})
TARGET = Target(
    TABLE,
    is_split,
    pen=LoopPen,
    complete=complete,
    runs="of_numba",
    reserved=RESERVED,
    passes=(unfolded,),
    asks_for_sizes=is_matrix_product,
    has_factors=False,
)
