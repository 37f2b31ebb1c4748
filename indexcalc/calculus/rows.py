"""What a row of the table of scalar functions holds: derivatives, spellings by target, laws, where it is defined."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from indexcalc.terms import Number, Tensor, Term

TWO, HALF, THIRD = Number(2), Number(Fraction(1, 2)), Number(Fraction(1, 3))
PI = Tensor("pi")  # a scalar that everybody knows: it need not be given
SLOPES = Callable[..., tuple[Term | None, ...]]
ANY = (-math.inf, math.inf)
NOT_NEGATIVE = (0.0, math.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How code writes a function; {0}, {1} stand for the arguments.

    Parameters
    ----------
    numpy: for arrays of numpy; by default np.name. A function that numpy lacks is one of `codegen.writing.helpers` or
        of scipy.special, which is imported where its name stands in the text.
    scalar: for Python numbers; by default math.name. numba: for one element in a loop; by default as `scalar`.
    torch: by default torch.name. jax, dask: by default as `numpy`.
    """

    numpy: str = ""
    scalar: str = ""
    numba: str = ""
    torch: str = ""
    jax: str = ""
    dask: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Laws:
    """What holds for a function, exactly.

    Parameters
    ----------
    formula: the function by others, which the normal form puts in its place.
    parity: f(-x) = parity*f(x), where it is not 0. inverse: the function g with f(g(x)) = x wherever g(x) is defined.
    at: exact values, by the argument. of_number: the exact value for any number.
    positive: whether it is greater than 0 everywhere. between: bounds on its values, which hold for floats too.
    """

    formula: Callable[..., Term] | None = None
    parity: int = 0
    inverse: str = ""
    at: Mapping[int, Term] = field(default_factory=dict)
    of_number: Callable[[Fraction | float], Fraction | float] | None = None
    positive: bool = False
    between: tuple[float, float] = ANY


@dataclass(frozen=True, slots=True)
class Function:
    """A scalar function.

    Parameters
    ----------
    slopes: `slopes(y, x, ...)` are the derivatives by each argument; none where no formula for one is known.
    domain: where it is defined: "all", "positive", "nonnegative", "open unit" (-1 to 1), "above -1", or "no pole"
        (not at 0, -1, -2, ...). harmless: an argument for places where its value is not wanted, if another one may
        give an error or an overflow.
    kinks: terms of the arguments; where one is 0, the function or its derivative jumps or is infinite.
    poles: numbers at which it has a value, but its derivative none.
    orders: how many arguments, the first ones, are whole numbers that are written out and not differentiated by.
    lowest: the smallest order. is_name: whether a sheet may call a tensor so; it is a function before a bracket only.
    cheap: whether it costs no more than an addition. in_place: whether numpy's spelling takes `out`.
    """

    name: str
    slopes: SLOPES
    spelling: Spelling = Spelling()
    laws: Laws = Laws()
    latex: str = ""
    domain: str = "all"
    harmless: Number | None = None
    kinks: Callable[..., tuple[Term, ...]] | None = None
    poles: tuple[int, ...] = ()
    arity: int = 1
    orders: int = 0
    lowest: int = 1
    is_name: bool = False
    cheap: bool = False
    in_place: bool = True

    @property
    def command(self) -> str:
        r"""The name in LaTeX."""
        name = self.name.replace("_", r"\_")
        return self.latex or rf"\operatorname{{{name}}}"

    @property
    def is_limited(self) -> bool:
        """Whether it is not defined for every number."""
        return self.domain != "all"

    def spelled(self, target: str) -> str:
        """The text for a target: numpy, scalar, numba, torch, jax or dask."""
        text: str = getattr(self.spelling, target)
        if text:
            return text
        other = {"numba": "scalar", "jax": "numpy", "dask": "numpy"}.get(target)
        if other:
            return self.spelled(other)
        module = {"numpy": "np", "scalar": "math", "torch": "torch"}[target]
        return f"{module}.{self.name}({', '.join(f'{{{place}}}' for place in range(self.arity))})"
