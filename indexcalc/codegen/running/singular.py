"""What is said of a matrix that numpy finds singular or indefinite: the statement, which names the tensor."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np


def named_where_singular(function: Callable[..., Any], source: str) -> Callable[..., Any]:
    """The function, whose errors of linear algebra quote the statement of its source that raises them."""
    if "np.linalg." not in source:
        return function
    lines = source.splitlines()

    @wraps(function)
    def run(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except np.linalg.LinAlgError as error:
            trace, number = error.__traceback__, 0
            while trace is not None:
                number = trace.tb_lineno if trace.tb_frame.f_code.co_name == function.__name__ else number
                trace = trace.tb_next
            statement = lines[number - 1].strip() if 0 < number <= len(lines) else function.__name__
            raise np.linalg.LinAlgError(f"{error}, in {statement}") from None

    return run
