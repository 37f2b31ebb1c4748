"""What the formulas of a document show together of its names, which no single one of them can tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

NOT_GUESSED, PRODUCT, BEYOND = range(3)  # one factor; all of a product, but a bracket alone; what is behind that too


@dataclass(frozen=True)
class Usage:
    r"""What is written in LaTeX means with regard to all of a document.

    powers: names above which a letter is an exponent, as p is in x^p beside p x^{p-1}. raised: names above which
    letters are indices, as in g^{ik} T_{kj}. examples: those where they are in brackets, as in \sum_i x^{(i)}.
    metric: whether a metric tells upper from lower indices. numbered: names whose digits are part of them, as in J_2
    where there is no J_i. zeros: names whose 0 is, as in E_0. called: names that stand before brackets. primed: indices
    that end in primes.
    moving: names without definition that are differentiated by t, which stands nowhere else, and how many indices they
    have. slopes: those that are differentiated by something else too.
    fields: what \partial_i stands before. vectors: names that always have one index.
    reach: on what a derivative without brackets acts, see below.
    """

    powers: Collection[str] = ()
    raised: Collection[str] = ()
    examples: Collection[str] = ()
    numbered: Collection[str] = ()
    zeros: Collection[str] = ()
    called: Collection[str] = ()
    primed: Collection[str] = ()
    metric: bool = False
    moving: Mapping[str, int] = field(default_factory=dict)
    slopes: Collection[str] = ()
    fields: Collection[str] = ()
    vectors: Collection[str] = ()
    reach: int = NOT_GUESSED


NO_USAGE = Usage()
