"""A stand-in for numpy where there is none, as in a page without a server: what works on arrays says so when used.

Derivations, code and exact proofs need no arrays. The modules that draw samples are imported all the same; each
function of numpy that they call raises an IndexcalcError, so that a claim is proved or stays undecided.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NoReturn

from indexcalc.errors import IndexcalcError


class _Missing(type):
    """A name of a package that is not there: it may be named, subscribed and derived from, but not called."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return missing(f"{cls.__name__}.{name}")

    def __getitem__(cls, arguments: Any) -> _Missing:
        return cls

    def __call__(cls, *arguments: Any, **options: Any) -> NoReturn:
        raise IndexcalcError("samples need numpy, which is not here", "Ask where numpy is installed")


class _Package(ModuleType):
    """A package that is not there."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return missing(f"{self.__name__}.{name}")


def missing(name: str) -> type:
    """The stand-in for one name; for one of an error, an error that nothing raises."""
    return type(name, (Exception,), {}) if name.endswith("Error") else _Missing(name, (), {})


def stand_in() -> bool:
    """Put the stand-in where numpy would be, if there is none; whether it was needed."""
    if find_spec("numpy") is not None:
        return False
    for name in ("numpy", "numpy.typing"):
        package = sys.modules[name] = _Package(name)
        package.__path__ = []
    return True
