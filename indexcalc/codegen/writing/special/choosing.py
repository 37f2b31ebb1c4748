"""Which special functions stand before a generated function, in the words of its library."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from indexcalc.codegen.writing.special.arrays import ARRAYS
from indexcalc.codegen.writing.special.matrices import of_library

CALLS = re.compile(r"(?<![\w.])(\w+)\(")
NUMBER = "_of_number"  # the end of the names of functions of one number
LIBRARIES: dict[str, Mapping[str, str]] = {
    "numpy": {"lgamma(": "scipy.special.gammaln("},
    "dask": {"lgamma(": "scipy.special.gammaln(", "erf(": "scipy.special.erf("},
    "jax": {"np.": "jnp.", "lgamma(": "jax.scipy.special.gammaln(", "erf(": "jax.scipy.special.erf("},
    "torch": {"np.": "torch.", "lgamma(": "torch.lgamma(", "erf(": "torch.erf("},
}


def named(text: str, known: Mapping[str, str]) -> dict[str, str]:
    """The functions of a table that a text calls, and those that they call, before whoever calls them."""
    found: dict[str, str] = {}
    for name in dict.fromkeys(CALLS.findall(text)):
        if name in known and name not in found:
            inner = known[name].partition("):")[2]
            found |= {each: source for each, source in named(inner, known).items() if each not in found}
            found[name] = known[name]
    return found


def sources(text: str, library: str) -> list[str]:
    """The special functions that a text for a library calls, in the order in which they must stand."""
    own = LIBRARIES[library]
    signs = re.compile("|".join(rf"(?<![\w.]){re.escape(sign)}" for sign in own))
    wanted = named(text, {**ARRAYS, **of_library(library)}).values()
    arrays = [signs.sub(lambda found: own[found[0]], source) for source in wanted]
    return [*arrays, *(f"\n{source}" for source in named(text, of_numbers()).values())]


def matrices(text: str) -> list[str]:
    """The functions of matrices alone, of numpy, that a text calls."""
    return list(named(text, of_library("numpy")).values())


@cache
def of_numbers() -> dict[str, str]:
    """The functions of one number as source, with names of their own; their module is not imported."""
    spec = find_spec("indexcalc.codegen.loops")
    assert spec is not None and spec.origin is not None
    text = (Path(spec.origin).parent / "special.py").read_text(encoding="utf-8")
    text = re.sub(r": Float| -> Float", "", text)
    functions = [each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef)]
    own = re.compile(rf"(?<![\w.])({'|'.join(each.name for each in functions)})\(")
    return {
        f"{each.name}{NUMBER}": own.sub(rf"\1{NUMBER}(", f"{ast.get_source_segment(text, each)}\n")
        for each in functions
    }
