r"""Derivatives behind a comma: \varphi_{,i}, u_{i,j}, \sigma_{ij,j}, in a text that shows that it writes them so.

It does where a comma stands first below a name, where such a name is set equal to a derivative, or where it says so;
else a comma parts the indices of an element: x_{i,j}.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from indexcalc.notation.formula import (
    Bracket,
    Derivative,
    Formula,
    Mark,
    Nabla,
    Name,
    Product,
    Scripted,
    Sequence,
    base_of,
    changed,
    walk,
)

SPOKEN = re.compile(
    r"\bcommas?\b[^.]{0,60}\b(?:differentiat|derivativ)\w*|\b(?:differentiat|derivativ)\w*[^.]{0,60}\bcommas?\b",
    re.IGNORECASE,
)


def writes_commas(statements: Iterable[tuple[Formula, ...]], prose: str) -> bool:
    """Whether a text writes derivatives behind a comma."""
    if SPOKEN.search(prose):
        return True
    for sides in statements:
        if any(_is_leading(part) for side in sides for part in walk(side)):
            return True
        for one, other in pairwise(sides):
            for name, slope in ((one, other), (other, one)):
                if _parted(name) is not None and any(_is_slope_of(name, part) for part in walk(slope)):
                    return True
    return False


def _is_slope_of(name: Formula, slope: Formula) -> bool:
    """Whether a formula is a derivative of the letter of a name."""
    if not isinstance(slope, Derivative | Nabla) or slope.body is None:
        return False
    return base_of(slope.body) == base_of(name)


def with_commas(formula: Formula) -> Formula:
    """The formula with indices behind a comma as derivatives by coordinates."""
    inner = changed(formula, with_commas)
    parted = _parted(inner)
    if parted is None or not isinstance(inner, Scripted):
        return inner
    own, by = parted
    base = inner.base if own is None else Scripted(inner.base, own, span=inner.span)
    slope: Formula = base
    for letter in by:
        slope = Nabla("partial", letter, slope, span=inner.span)
    return slope if inner.above is None else Scripted(slope, None, inner.above, span=inner.span)


def _is_leading(formula: Formula) -> bool:
    """Whether a comma stands first below a small letter: X_{,j} may be a column of a matrix."""
    parted, base = _parted(formula), base_of(formula)
    return parted is not None and parted[0] is None and not (isinstance(base, Name) and base.letter[:1].isupper())


def _parted(formula: Formula) -> tuple[Formula | None, tuple[Formula, ...]] | None:
    """What stands below a name before a comma, and the letters behind it; none of any other formula."""
    if not isinstance(formula, Scripted) or not isinstance(formula.base, Name | Bracket) or formula.primes:
        return None
    below = formula.below
    if not isinstance(below, Sequence) or below.marks != "," or len(below.items) != 2:
        return None
    first, last = below.items
    factors = [each for _, each in last.factors] if isinstance(last, Product) else [last]
    if not all(isinstance(each, Name) for each in factors):
        return None
    if isinstance(formula.base, Bracket) and not isinstance(first, Mark):
        return None
    own = None if isinstance(first, Mark) and first.sign == "empty" else first
    return own, tuple(factors)
