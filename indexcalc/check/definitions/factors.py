r"""Names before brackets that may be factors: c (1 - x)^2 is a product where c is a number, and no function is meant.

Nobody says so in a document. A name may be a factor where none of its brackets holds a single symbol, as f(x_i) does,
or where it also stands without a bracket, but is not what is differentiated; then both readings are tried (see
checking.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.check.definitions.calls import Call, calls, definers
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.scan import level, tokens
from indexcalc.check.matrices.names import OF_MATRICES
from indexcalc.notation.syntax.names import RESERVED

SINGLE = re.compile(  # \sigma and \phi are functions
    r"[A-Za-z]|alpha|beta|gamma|epsilon|eta|theta|kappa|lambda|mu|nu|rho|tau|omega"
)
SYMBOL = re.compile(r"\\?[A-Za-z]+'*(?:[_^]\w+)*|\d+")


def possible_factors(chains: Sequence[Chain], known: Collection[str]) -> tuple[str, ...]:
    """The names that may be factors wherever they are applied, by first appearance; `known` are none of them."""
    found: dict[str, list[Call]] = {}
    for side in (side for chain in chains for side in chain.sides):
        for call in calls(side.text):
            found.setdefault(call.name, []).append(call)
    others = {*known, *FUNCTIONS, *RESERVED, *OF_MATRICES, *definers(chains, known)}
    alone = {name for chain in chains for side in chain.sides for name in _alone(side.text)}
    names = (name for name in found if name not in others)
    return tuple(name for name in names if all(_may_be_product(call, name in alone) for call in found[name]))


def _may_be_product(call: Call, alone: bool) -> bool:
    """Whether a call may be a product: c(1 - x), and c(x) if c stands alone too, but not f'(x), f(x, y) or f(x)_i."""
    if call.primes or call.indexed or not SINGLE.fullmatch(call.name):
        return False
    top = {token.text for token in level(tokens(call.arguments))}
    symbol = SYMBOL.fullmatch(call.arguments) and not call.arguments.startswith((r"\sum", r"\prod"))
    return top.isdisjoint((",", ";", "|")) and (alone or not symbol)


def _alone(text: str) -> Iterator[str]:
    """The names that stand without a bracket, not as an index or as what is differentiated."""
    applied_at = {call.start for call in calls(text)}
    behind = ""
    for token in tokens(text):
        blank = not token.text.strip() or token.text in ("{", r"\left")
        if not blank and token.start not in applied_at and behind not in (r"\partial", "d", "_", "^"):
            yield token.text.lstrip("\\")
        behind = behind if blank else token.text


def applied(chain: Chain, names: Collection[str]) -> Iterator[int]:
    """Where a chain writes one of these names before a bracket, in the file."""
    for side in chain.sides:
        yield from (side.place(call.start) for call in calls(side.text) if call.name in names)
