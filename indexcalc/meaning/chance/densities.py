r"""Densities that are written with their sign: \mathcal{N}(x; m, v) is the normal density at x (DLMF 7.20.2).

    N(x; m, v) = exp(-(x - m)^2 / (2 v)) / sqrt(2 pi v)      of numbers, v the variance
"""

from __future__ import annotations

from collections.abc import Mapping

from indexcalc.meaning.applying import is_density
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.tensors import Read
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Formula, Name, changed, items_of
from indexcalc.notation.tex.parser import parse

NORMAL = parse(r"\frac{1}{\sqrt{2 \pi V}} \exp\left(-\frac{(X - M)^2}{2 V}\right)")


def density(sign: Formula, body: Formula, scope: Scope, read: Read) -> Value | None:
    """The value of a density of numbers; none of another function, and of vectors.

    None either where the last argument is a small letter without a square: it may be the deviation.
    """
    if not is_density(sign, body):
        return None
    arguments = items_of(body)
    if may_be_deviation(arguments[2]):
        return None
    if any(read(argument, scope).order for argument in arguments):
        return None
    return read(filled(NORMAL, dict(zip("XMV", arguments, strict=True))), scope)


def may_be_deviation(spread: Formula) -> bool:
    """Whether the last parameter of a normal distribution may be the root of the variance: a small letter alone."""
    return isinstance(spread, Name) and not spread.letter[:1].isupper()


def filled(template: Formula, put: Mapping[str, Formula]) -> Formula:
    """A formula with others in the place of its letters."""
    if isinstance(template, Name) and template.letter in put:
        return put[template.letter]
    return changed(template, lambda part: filled(part, put))
