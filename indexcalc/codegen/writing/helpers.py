"""Functions that numpy lacks, as source: they stand before a generated function that calls them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indexcalc.codegen.writing.arrays import CHECK_AXES, CHECK_PLACES, CHECK_SIZE, CHECKED, with_places
from indexcalc.codegen.writing.special.choosing import sources
from indexcalc.codegen.writing.views import ADD_AT, AT, SPREAD

SIGMOID = '''
def sigmoid(x, out=None):
    """1/(1 + exp(-x))."""
    return sigmoid_of_minus(np.multiply(x, -1.0, out=out), out=out)
'''

SIGMOID_OF_MINUS = '''
def sigmoid_of_minus(x, out=None):
    """1/(1 + exp(x)); the exponential stops where it would overflow, and the quotient is next to 0 there."""
    x = np.minimum(x, 88.0 if getattr(x, "itemsize", 8) < 8 else 708.0, out=out)
    x = np.exp(x, out=out)
    x += 1
    return np.reciprocal(x, out=out)
'''

POLYNOMIAL = '''
def polynomial(x, coefficients):
    """The polynomial with these coefficients, that of the highest power first."""
    value = x * coefficients[0]
    for coefficient in coefficients[1:-1]:
        value += coefficient
        value *= x
    value += coefficients[-1]
    return value
'''

ERF = '''
def erf(x, out=None):
    """The error function, as tanh(x*N(x^2)/D(x^2)) with a relative error below 2e-15; beyond 6 it is 1."""
    upper = (
        9.942719304234516e-10, 3.3579685259064507e-07, 1.3998145113907419e-05, 0.00026996459340602894,
        0.003257551366204547, 0.025665630407878136, 0.1439965342243043, 0.4960622965608804, 1.1283791670955137,
    )
    lower = (
        5.432010075992399e-08, 4.864006371083606e-06, 0.00011419718246923902, 0.0017014771472041543,
        0.014584619662992527, 0.09605367277673739, 0.3485439156692307, 1.0,
    )
    x = np.maximum(np.minimum(x, 6.0), -6.0)
    square = x * x
    return np.tanh(x * polynomial(square, upper) / polynomial(square, lower), out=out)
'''

GELU = '''
def gelu(x, out=None):
    """x*Phi(x), with the normal distribution function Phi."""
    phi = erf(x / 2**0.5)
    phi += 1
    phi /= 2
    return np.multiply(x, phi, out=out)
'''

CHO_SOLVE = '''
def cho_solve(factor, right):
    """The solution of factor @ factor.T @ x = right, a matrix: by substitution if scipy is installed."""
    if lapack is None or factor.ndim > 2 or right.ndim > 2:
        return np.linalg.solve(np.swapaxes(factor, -1, -2), np.linalg.solve(factor, right))
    potrs = lapack.spotrs if factor.dtype == np.float32 else lapack.dpotrs
    return potrs(factor.T, right, lower=0)[0]
'''

CHO_INVERSE = '''
def cho_inverse(factor):
    """The inverse of factor @ factor.T."""
    if lapack is None or factor.ndim > 2:
        inverse = np.linalg.inv(factor)
        return np.swapaxes(inverse, -1, -2) @ inverse
    potri = lapack.spotri if factor.dtype == np.float32 else lapack.dpotri
    upper = potri(factor.T, lower=0)[0]
    inverse = upper + upper.T
    np.einsum("ii->i", inverse)[...] /= 2
    return inverse
'''

SQUARED_DISTANCES = '''
def squared_distances(x, y):
    """sum[i]((x[n,i] - y[m,i])^2): one i after the other, so that no array has three axes."""
    total = np.zeros((len(x), len(y)), x.dtype)
    for one, other in zip(x.T, y.T):
        step = one[:, None] - other
        step *= step
        total += step
    return total
'''

LAPACK = """
try:
    from scipy.linalg import lapack  # numpy has no substitution
except ImportError:
    lapack = None
"""

ZEROS = '''
def zeros(shape, dtype=float):
    """Zeros that take memory only where something is written to them."""
    size = math.prod(np.atleast_1d(shape).tolist()) * np.dtype(dtype).itemsize
    if size < 2**26 or not hasattr(mmap, "MAP_ANONYMOUS"):
        return np.zeros(shape, dtype)
    pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    return np.frombuffer(pages, dtype).reshape(shape)
'''


@dataclass(frozen=True, slots=True)
class Helper:
    """A function as source, the modules that it imports, and the helpers that it calls."""

    source: str
    imports: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


STANDARD = frozenset({"functools", "math", "operator"})  # what is imported where a text names it
HELPERS = {
    "cho_inverse": Helper(CHO_INVERSE),
    "cho_solve": Helper(CHO_SOLVE),
    "polynomial": Helper(POLYNOMIAL),
    "add_at": Helper(ADD_AT, ("math",)),
    "at": Helper(AT),
    "spread": Helper(SPREAD),
    "erf": Helper(ERF, calls=("polynomial",)),
    "gelu": Helper(GELU, calls=("erf", "polynomial")),
    "sigmoid": Helper(SIGMOID, calls=("sigmoid_of_minus",)),
    "sigmoid_of_minus": Helper(SIGMOID_OF_MINUS),
    "squared_distances": Helper(SQUARED_DISTANCES),
    "zeros": Helper(ZEROS, ("math", "mmap")),
}


def imports(source: str, standard: Iterable[str] = (), others: Iterable[str] = ()) -> list[str]:
    """The lines that import what a text names: modules of the standard library, then the others in their order.

    standard: modules that are wanted anyway. others: lines; scipy is added where its functions are called.
    """
    first = set(standard) | STANDARD & set(re.findall(r"(?<![\w.])(\w+)\.", source))
    lines = [*others, *["import scipy.special"][: needs_scipy(source)]]
    return [*(f"import {module}" for module in sorted(first)), *([""] if first and lines else []), *lines]


def called(source: str) -> set[str]:
    """The helpers for shifted places, and for those that are looked up, that a text calls."""
    names = ("at(", "spread(", "convolved(", "add_at(", "looked_up(", "fallen(")
    return {name for name in names if re.search(rf"(?<![\w.]){re.escape(name)}", source)}


def needs_scipy(source: str) -> bool:
    """Whether a text calls functions of scipy."""
    return re.search(r"(?<![\w.])scipy\.special\.", source) is not None


def head(source: str, behind: str = "") -> str:
    """What stands before a function: the imports, also those for what stands behind it, and the helpers it calls."""
    special = "".join(sources(source, "numpy"))
    source += special
    wanted = {name for name in HELPERS if re.search(rf"(?<![\w.]){name}\(", source)}
    wanted.update(*(HELPERS[name].calls for name in wanted))
    chosen = [HELPERS[name] for name in HELPERS if name in wanted]
    modules = {module for helper in chosen for module in helper.imports}
    lines = imports(source + behind, modules, ("import numpy as np",))
    lapack = LAPACK if any(" lapack" in helper.source for helper in chosen) else ""
    return "\n".join(lines) + "\n" + lapack + "".join(f"\n{helper.source}" for helper in chosen) + special + "\n\n"


def checks(function: str, checked: str = CHECKED, places: str = CHECK_PLACES) -> str:
    """What stands behind a function that checks its arguments; `checked`, `places`: the sources for a library."""
    parts = [CHECK_SIZE] if re.search(r"(?<![\w.])check_size\(", function) else []
    parts += [places] if re.search(r"(?<![\w.])check_places\(", function) else []
    checked = with_places(checked) if '"places")' in function else checked
    parts += [checked, CHECK_AXES] if re.search(r"(?<![\w.])checked\(", function) else []
    return "".join(f"\n{part}" for part in parts)


def complete(function: str) -> str:
    """A function as a module: what stands before it, itself, and what checks its arguments."""
    behind = checks(function)
    return head(function, behind) + function + behind
