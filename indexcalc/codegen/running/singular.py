"""What is said of values that do not do: singular matrices, with the statement; places that are not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from indexcalc.errors import IndexcalcError


def named_where_singular(function: Callable[..., Any], source: str) -> Callable[..., Any]:
    """The function, whose errors of linear algebra quote the statement of its source that raises them."""
    if not re.search(r"\b(np|torch)\.(linalg|cholesky)", source):
        return function
    lines = source.splitlines()
    errors = _errors(source)

    @wraps(function)
    def run(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except errors as error:
            trace, number = error.__traceback__, 0
            while trace is not None:
                number = trace.tb_lineno if trace.tb_frame.f_code.co_name == function.__name__ else number
                trace = trace.tb_next
            statement = lines[number - 1].strip() if 0 < number <= len(lines) else function.__name__
            raise type(error)(f"{str(error).rstrip('.')}, in {statement}") from None

    return run


def _errors(source: str) -> tuple[type[Exception], ...]:
    """What the libraries of a source raise for singular matrices."""
    if "import torch" not in source:
        return (np.linalg.LinAlgError,)
    import torch

    return np.linalg.LinAlgError, torch.linalg.LinAlgError


def refused_as_ours(function: Callable[..., Any], source: str) -> Callable[..., Any]:
    """The function, whose refusals of places that are looked up are errors as all others are."""
    if "check_places(" not in source:
        return function

    @wraps(function)
    def run(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except ValueError as error:
            if isinstance(error, IndexcalcError) or " says the place " not in str(error):
                raise
            raise IndexcalcError(str(error), "Places are counted from 0 in arrays") from None

    return run
