r"""Names before brackets that may be factors: c (1 - x)^2 is a product where c is a number, and no function is meant.

Nobody says so in a document. Where none of its brackets holds a single symbol, as f(x_i) does, both readings are tried
(see checking.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.check.definitions.calls import Call, calls
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.scan import level, tokens
from indexcalc.check.matrices.names import OF_MATRICES
from indexcalc.notation.syntax.names import RESERVED

SINGLE = re.compile(r"[A-Za-z]|alpha|beta|gamma|eta|theta|kappa|lambda|mu|nu|rho|tau|omega")  # \sigma, \phi: functions
SYMBOL = re.compile(r"\\?[A-Za-z]+'*(?:[_^]\w+)*|\d+")


def possible_factors(chains: Sequence[Chain], known: Collection[str]) -> tuple[str, ...]:
    """The names that may be factors wherever they are applied, by first appearance; `known` are none of them."""
    found: dict[str, list[Call]] = {}
    for side in (side for chain in chains for side in chain.sides):
        for call in calls(side.text):
            found.setdefault(call.name, []).append(call)
    others = {*known, *FUNCTIONS, *RESERVED, *OF_MATRICES}
    return tuple(name for name, own in found.items() if name not in others and all(map(_may_be_product, own)))


def _may_be_product(call: Call) -> bool:
    """Whether a call may be a product: c(1 - x), but not f'(x), f(x), f(x_i), f(x, y) or f(x)_i."""
    if call.primes or call.indexed or not SINGLE.fullmatch(call.name):
        return False
    top = {token.text for token in level(tokens(call.arguments))}
    symbol = SYMBOL.fullmatch(call.arguments) and not call.arguments.startswith((r"\sum", r"\prod"))
    return top.isdisjoint((",", ";", "|")) and not symbol


def applied(chain: Chain, names: Collection[str]) -> Iterator[int]:
    """Where a chain writes one of these names before a bracket, in the file."""
    for side in chain.sides:
        yield from (side.place(call.start) for call in calls(side.text) if call.name in names)
