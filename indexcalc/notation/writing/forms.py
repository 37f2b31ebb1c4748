"""Forms: what stands on the page. A term laid out, with its order, quotients, signs and letters decided.

Both dialects write the same form; they differ only in how they spell each kind and where they need brackets.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from indexcalc.terms import Range


@dataclass(frozen=True, slots=True)
class Letter:
    """An index as it is printed, with its range (for the bounds of a sum)."""

    text: str
    range: Range


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number that is not negative: an integer or a float."""

    value: Fraction | float


@dataclass(frozen=True, slots=True)
class Name:
    """A scalar or a size."""

    name: str


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a tensor; `delta` and `eps` are the Kronecker delta and the permutation symbol."""

    name: str
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """A function of its arguments."""

    function: str
    arguments: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Big:
    """A sum, mean, product, maximum or minimum that is written out. Kind: sum, mean, prod, max or min."""

    kind: str
    letters: tuple[Letter, ...]
    body: Form


@dataclass(frozen=True, slots=True)
class Relation:
    """A condition between two indices (texts) or two forms."""

    relation: str
    left: Form | str
    right: Form | str


@dataclass(frozen=True, slots=True)
class Holds:
    """1 where a condition holds, else 0."""

    condition: Relation


@dataclass(frozen=True, slots=True)
class Chosen:
    """One form where a condition holds, another elsewhere."""

    condition: Relation
    then: Form
    otherwise: Form


@dataclass(frozen=True, slots=True)
class Slope:
    """A derivative by elements of tensors, the first one taken first."""

    body: Form
    variables: tuple[Name | Element, ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """A power."""

    base: Form
    exponent: Form


@dataclass(frozen=True, slots=True)
class Times:
    """A product of at least two factors; only the first may be a quotient."""

    factors: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient."""

    numerator: Form
    denominator: Form


@dataclass(frozen=True, slots=True)
class Minus:
    """The negative of a form without a sign of its own."""

    body: Form


@dataclass(frozen=True, slots=True)
class Plus:
    """A sum of at least two terms; a negative one is subtracted."""

    terms: tuple[Form, ...]


Form = (
    Numeral | Name | Element | Applied | Big | Holds | Chosen | Slope | Raised | Times | Ratio | Minus | Plus
)  # fmt: skip
