"""Spellings of other languages: numpy's, computer algebra's, LaTeX's. What to write here instead: a line each.

A name of these tables that a sheet defines, declares or uses in another way is an ordinary name.
"""

from __future__ import annotations

import re

from indexcalc.calculus.functions import FUNCTIONS

Advice = tuple[str, str]  # cause and remedy

SPELLINGS = {
    "acos": "arccos",
    "asin": "arcsin",
    "atan": "arctan",
    "expit": "sigmoid",
    "ln": "log",
    "maximum": "max",
    "minimum": "min",
    "sgn": "sign",
}
"""Functions by their other names, which are read as they are meant; so are capitals: ReLU, Exp."""


def function_name(name: str) -> str:
    """The name of the function that is meant; the name itself if that is none of the table."""
    if name in FUNCTIONS:
        return name
    lower = name.lower()
    is_word = lower in FUNCTIONS and not FUNCTIONS[lower].is_name
    return SPELLINGS.get(name) or SPELLINGS.get(lower) or (lower if is_word else name)


def _no_word(what: str, remedy: str) -> Advice:
    return f"{what} is no word of this language", remedy


def _of_whole_matrices(name: str, remedy: str) -> Advice:
    return f"{name} is no word of this language", remedy


BY_ELEMENTS = "Define it by its elements, such as a[i] = exp(z[i])/sum[k](exp(z[k]))"
OF_VECTORS = ("log_softmax", "logsoftmax", "softmax", "std", "var")
CALLS: dict[str, Advice] = {
    # derivatives
    **{name: _no_word(name, "Write diff(L, w[i])") for name in ("D", "Diff", "d", "derivative", "partial")},
    **{name: _no_word(name, "Write diff(L, w[i])") for name in ("Grad", "grad", "gradient", "nabla")},
    **{name: _no_word(name, "Write diff(L, w[i], w[j])") for name in ("Hessian", "hess", "hessian")},
    **{name: _no_word(name, "Write diff(y[i], x[j])") for name in ("Jacobian", "jac", "jacobian")},
    # matrices
    "cross": _of_whole_matrices("cross", "Write eps[i,j,k]*a[j]*b[k]"),
    "dot": _of_whole_matrices("dot", "Write x @ y, or x[i]*y[i]"),
    "einsum": _of_whole_matrices("einsum", "Write A[i,j]*B[j,k]"),
    "matmul": _of_whole_matrices("matmul", "Write A @ B, or A[i,j]*B[j,k]"),
    **{name: _of_whole_matrices(name, "Write tr(A), or A[i,i]") for name in ("Tr", "Trace", "trace")},
    **{name: _of_whole_matrices(name, f"Write {name.lower()}(A)") for name in ("Det", "Diag", "Inv", "LogDet", "Norm")},
    "transpose": _of_whole_matrices("transpose", "Write A.T, or A[j,i] for an element of it"),
    # functions of whole vectors
    **{
        name: (f"{name} is not a function of single elements", BY_ELEMENTS)
        for name in OF_VECTORS
    },
    # functions of numbers
    "atan2": _no_word("atan2", "Write arctan(y/x) for positive x"),
    "clip": _no_word("clip", "Write min(max(x, a), b)"),
    "cot": _no_word("cot", "Write 1/tan(x)"),
    "csc": _no_word("csc", "Write 1/sin(x)"),
    "heaviside": _no_word("heaviside", "Write 1[x > 0]"),
    "hypot": _no_word("hypot", "Write sqrt(x^2 + y^2)"),
    "log10": _no_word("log10", "Write log(x)/log(10)"),
    "log2": _no_word("log2", "Write log(x)/log(2)"),
    "pow": _no_word("pow", "Write x^y"),
    "sec": _no_word("sec", "Write 1/cos(x)"),
    "square": _no_word("square", "Write x^2"),
}
"""Names before a bracket."""

REDUCTIONS = {
    "average": "mean",
    "logsumexp": "logsumexp",
    "lse": "logsumexp",
    "max": "max",
    "mean": "mean",
    "min": "min",
    "prod": "prod",
    "product": "prod",
    "sum": "sum",
    "total": "sum",
    "π": "prod",  # these two are small letters of capitals: \Pi, \Sigma
    "σ": "sum",
}
"""Names before indices and a bracket, in small letters, with the reduction that is meant."""

TENSORS: dict[tuple[str, int], Advice] = {
    ("kron", 2): _no_word("kron", "Write delta[i,j]"),
    ("kronecker", 2): _no_word("kronecker", "Write delta[i,j]"),
    ("δ", 2): ("δ is a name like any other here", "Write delta[i,j] for Kronecker's delta, or give it another name"),
    ("levi_civita", 3): _no_word("levi_civita", "Write eps[i,j,k]"),
    ("ε", 3): ("ε is a name like any other here", "Write eps[i,j,k] for the permutation symbol"),
}
"""Names with a number of indices."""

NAMES: dict[str, Advice] = {
    **{
        name: (f"{name} is no number here", "Numbers are finite")
        for name in ("Infinity", "NaN", "inf", "infinity", "nan")
    },
    "π": ("π is a name like any other here", "Write pi for 3.14159..."),
}
"""Names without indices."""

BEFORE: dict[str, Advice] = {
    **{name: _no_word(name, "Write diff(L, w[i])") for name in ("del", "grad", "nabla", "partial")},
    **{name: (f"{name} is a function of matrices", f"Write {name}(A)") for name in ("det", "inv", "logdet", "tr")},
    **{name: (f"{name} is a function of vectors", f"Write {name}(x)") for name in ("diag", "norm")},
}
"""Names without indices beside a factor, without a sign: tr A."""
SECOND = re.compile(r"\s*(?:[^\W\d]\w*)?\s*/\s*d\s*[^\W\d]\w*(?:\[[^]]*\])?(?:\s*\^\s*2)?")
"""What stands behind the d^2 of d^2L/dw^2."""

EXPONENTS = ("H", "T", "⊤")
TRANSPOSED = "a transposed matrix is written A.T", "Write A.T, or A[j,i] for an element of it"
TO_THE = "e is a name like any other here", "Write exp(x); for a power of the number e that is yours (e)^x"

LIBRARIES = frozenset(
    ("F", "jax", "jnp", "math", "nn", "np", "numpy", "scipy", "sp", "special", "tf", "torch", "xp")
)
ATTRIBUTES: dict[str, Advice] = {
    **dict.fromkeys(("H", "mT", "t", "transpose"), TRANSPOSED),
    "dot": CALLS["dot"],
}
"""What stands behind a point."""
BEHIND_POINT = re.compile(r"\.\s*([^\W\d]\w*)")
BEFORE_POINT = re.compile(r"([^\W\d]\w*)\s*\Z")


def point(text: str, place: int) -> Advice | None:
    """What to say of a point that is none of a number: np.exp(x), A.T, x.sum()."""
    behind = BEHIND_POINT.match(text, place)
    if behind is None:
        return None
    before = BEFORE_POINT.search(text, max(0, place - 100), place)
    word = behind[1]
    if before is not None and before[1] in LIBRARIES:
        instead = function_name(word)
        known = instead in FUNCTIONS and word not in REDUCTIONS
        form = f"{REDUCTIONS[word]}[k]" if word in REDUCTIONS else instead if known else "exp"
        return f"{before[1]}. is no part of this language", f"Write a function alone, such as {form}(...)"
    if word in REDUCTIONS:
        return f"a point is no part of this language, and .{word}() none", f"Write {REDUCTIONS[word]}[k](...)"
    return ATTRIBUTES.get(word)
