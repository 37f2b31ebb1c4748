"""indexcalc: read formulas in index notation, derive them, write their code, check derivations.

What the package gives is loaded when it is first asked for, so that `import indexcalc` takes no time.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
_HOMES = {
    "IndexcalcError": "errors",
    "Span": "errors",
    "Results": "many",
    "gradient": "many",
    "hvp": "many",
    "jvp": "many",
    "vjp": "many",
    "Derivation": "results",
    "Expression": "results",
    "Step": "results",
    "Sheet": "sheet",
}  # the modules of what is not in `api`


class _Package(ModuleType):
    """The package: `indexcalc.lift` is the function, also once the room of this name is loaded."""

    def __getattr__(self, name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{self.__name__}.{_HOMES.get(name, 'api')}"), name)
        setattr(self, name, found)
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in __all__ or not isinstance(value, ModuleType):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _Package


def load_ipython_extension(ipython: Any) -> None:
    """`%load_ext indexcalc`: cells that begin with %%indexcalc."""
    from indexcalc.notebook.magics import load

    load(ipython)
