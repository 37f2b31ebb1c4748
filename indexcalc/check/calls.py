r"""Functions that a document defines with their arguments: L(y, \hat{y}) = ..., \sigma(x) = ....

Where the arguments are the same everywhere, L(y, \hat{y}) is the value L, and \sigma'(x) its derivative by x. What
applies a function to other arguments too cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.check.chains import Chain
from indexcalc.check.matrices import normal
from indexcalc.check.names import OF_MATRICES
from indexcalc.check.places import Placed
from indexcalc.check.scan import DEFINITION, EQUALITY, RELATIONS, tokens

HEAD = re.compile(
    r"(?P<name>\\(?:mathcal|mathscr|text|mathrm|operatorname|mathbf)\s*\{\s*\w+\s*\}|\\[A-Za-z]+|(?<![A-Za-z\\])[A-Za-z])"
    r"(?P<primes>'*)\s*(?:\\left\s*)?\((?P<inside>)"
)
NO_FUNCTIONS = frozenset("left right cdot times odot oslash partial quad qquad sum prod".split())


@dataclass(frozen=True)
class Call:
    """A name before a bracket: where it begins, its bracket, its arguments, and how often it is differentiated.

    `indexed`: whether indices follow, so that it is a function of vectors.
    """

    name: str
    start: int
    bracket: int
    end: int
    arguments: str
    primes: int
    indexed: bool


def calls(text: str) -> Iterator[Call]:
    """The calls in a formula; inner ones come after the outer one."""
    closing: dict[int, int] | None = None
    for match in HEAD.finditer(text):
        name = normal(match["name"]).lstrip("\\")
        if name in NO_FUNCTIONS or match["name"] in RELATIONS:
            continue
        closing = _brackets(text) if closing is None else closing
        opening = match.start("inside")
        end = closing.get(opening)
        if end is None:
            continue
        inside = re.sub(r"\\right\s*\Z", "", text[opening : end - 1])
        indexed = text[end:].lstrip().startswith("_")
        yield Call(name, match.start(), match.end("primes"), end, normal(inside), len(match["primes"]), indexed)


def _brackets(text: str) -> dict[int, int]:
    """From behind each bracket to behind the one that closes it."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for token in tokens(text):
        if token.text == "(":
            opened.append(token.end)
        elif token.text == ")" and opened:
            found[opened.pop()] = token.end
    return found


@dataclass(frozen=True)
class Functions:
    """The functions that some chains define: their arguments, and which are applied to others too."""

    arguments: dict[str, str]
    general: frozenset[str]

    def changed(self, chain: Chain) -> Chain:
        """The chain with the values of functions in place of their calls."""
        if not self.arguments:
            return chain
        return replace(chain, sides=tuple(map(self._without_calls, chain.sides)), original=chain.sides)

    def refused(self, chain: Chain) -> str:
        """The function that a chain applies though its arguments change; empty if there is none."""
        names = (call.name for side in chain.sides for call in calls(side.text) if call.name in self.general)
        return next(names, "")

    def _without_calls(self, side: Placed) -> Placed:
        changes: list[tuple[int, int, str]] = []
        for call in calls(side.text):
            if call.name not in self.arguments or (changes and call.start < changes[-1][1]):
                continue
            if call.primes == 1:
                name = side.text[call.start : call.bracket - 1]
                slope = rf"\frac{{\partial {name}}}{{\partial {call.arguments}}}"
                changes.append((call.start, call.end, slope))
            else:
                changes.append((call.bracket, call.end, " "))
        return side.replaced(*changes) if changes else side


def functions(chains: Sequence[Chain], known: Collection[str]) -> Functions:
    """The functions that chains define; `known` are names that mean something else."""
    used = [call for chain in chains for side in chain.sides for call in calls(side.text)]
    other = {*known, *OF_MATRICES, *(call.name for call in used if call.indexed)}
    arguments: dict[str, str] = {}
    for found in filter(None, map(_defined, chains)):
        if found.name not in other:
            arguments.setdefault(found.name, found.arguments)
    general = {call.name for call in used if call.name in arguments and not _is_value(call, arguments[call.name])}
    kept = {name: value for name, value in arguments.items() if name not in general}
    return Functions(kept, frozenset(general))


def _is_value(call: Call, arguments: str) -> bool:
    """Whether a call has the arguments of the definition, and at most one prime if there is one argument."""
    is_slope = call.primes == 1 and re.fullmatch(r"\\?\w+", arguments)
    return call.arguments == arguments and (not call.primes or bool(is_slope))


def _defined(chain: Chain) -> Call | None:
    """The call that is the whole left side of a definition."""
    if not chain.relations or chain.relations[0].sort not in (EQUALITY, DEFINITION):
        return None
    text = chain.sides[0].text
    found = next(calls(text), None)
    if found is None or (found.start, found.end) != (0, len(text)) or found.primes or found.name in FUNCTIONS:
        return None
    return found if found.arguments and re.fullmatch(r"[\\\w,^|;]+", found.arguments) else None
