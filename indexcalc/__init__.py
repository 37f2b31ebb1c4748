"""indexcalc: read formulas in index notation, derive them, write their code, check derivations."""

import indexcalc.check
import indexcalc.lift  # noqa: F401  # the room first: loaded later it would take the name of the function
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
