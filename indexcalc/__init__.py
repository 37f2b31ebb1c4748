"""indexcalc: read formulas in index notation, derive them, write their code, check derivations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import indexcalc.display
import indexcalc.lift  # the room first: loaded later it would take the name of the function
import indexcalc.pictures  # noqa: F401
from indexcalc.api import (
    check,
    check_backward,
    check_code,
    check_shapes,
    custom_vjp,
    derive,
    einsum_vjp,
    equal,
    lift,
    parse,
)
from indexcalc.errors import IndexcalcError, Span
from indexcalc.many import Results, gradient, hvp, jvp, vjp
from indexcalc.results import Derivation, Expression, Step
from indexcalc.sheet import Sheet

if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "Derivation",
    "Expression",
    "IndexcalcError",
    "Results",
    "Sheet",
    "Span",
    "Step",
    "check",
    "check_backward",
    "check_code",
    "check_shapes",
    "custom_vjp",
    "derive",
    "einsum_vjp",
    "equal",
    "gradient",
    "hvp",
    "jvp",
    "lift",
    "parse",
    "vjp",
]
__version__ = "0.1.0"


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext indexcalc`: cells that begin with %%indexcalc."""
    from indexcalc.notebook.magics import load

    load(ipython)
