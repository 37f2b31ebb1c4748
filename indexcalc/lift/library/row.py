"""A row of the table of functions, and the parameters that many of them have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Rule = Callable[..., Any]


@dataclass(frozen=True)
class Row:
    """A function of the table."""

    names: str
    signature: str
    rule: Rule
    torch: str = ""
    only: str = ""
    method: bool = True

    def parameters(self, library: str) -> str:
        """The parameters in the order of a library."""
        return self.torch if self.torch and library in ("torch", "F") else self.signature


REDUCE = "a, axis:i=None, _dtype:v=None, _out:v=None, keepdims:b=False"
REDUCE_TORCH = "a, axis:i=None, keepdims:b=False, _dtype:v=None"
VARIANCE = "a, axis:i=None, _dtype:v=None, _out:v=None, ddof=0, keepdims:b=False"
TORCH_VARIANCE = "a, axis:i=None, unbiased:b=None, keepdims:b=False, ddof:i=None"
ONE, TWO = "a, _out:v=None", "a, b, _out:v=None"
