r"""Functions that a document defines with their arguments: L(y, \hat{y}) = ..., \sigma(z_i) = ....

Where the arguments are the same everywhere, L(y, \hat{y}) is the value L, and \sigma'(x) its derivative by x. Where
they are the elements of one tensor, \sigma(z_i) is an element too. A function of a number may have any argument (see
scalars.py). What applies another function to several arguments cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.scan import DEFINITION, EQUALITY, RELATIONS, tokens
from indexcalc.check.matrices.exact import normal
from indexcalc.check.matrices.names import OF_MATRICES

HEAD = re.compile(
    r"(?<![_^])(?P<name>\\(?:mathcal|mathscr|text|mathrm|operatorname|mathbf)\s*(?:\{\s*\w+\s*\}|(?<![A-Za-z])[A-Za-z](?![A-Za-z]))|\\[A-Za-z]+|(?<![A-Za-z\\])[A-Za-z])"
    r"(?P<primes>'*)(?:\s|\\[,;:!])*(?:\\(?:left|[bB]igg?[lm]?)\s*)?[(\[](?P<inside>)"
)
NABLA = re.compile(r"\\nabla\s*(?P<name>\\[A-Za-z]+\s*\{\s*\w+\s*\}|\\[A-Za-z]+|[A-Za-z])")
SCRIPT = re.compile(r"[_^]\s*(?:\{[^{}]*\}|\\?\w)")
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
        name = "l" if name == "ell" else name  # as it is read
        if name in NO_FUNCTIONS or match["name"] in RELATIONS:
            continue
        closing = _brackets(text) if closing is None else closing
        opening = match.start("inside")
        end = closing.get(opening)
        if end is None:
            continue
        inside = re.sub(r"\\(?:right|[bB]igg?r?)\s*\Z", "", text[opening : end - 1])
        indexed = text[end:].lstrip().startswith("_")
        yield Call(name, match.start(), match.end("primes"), end, normal(inside), len(match["primes"]), indexed)


def _brackets(text: str) -> dict[int, int]:
    """From behind each bracket to behind the one that closes it."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for token in tokens(text):
        if token.text in ("(", "["):
            opened.append(token.end)
        elif token.text in (")", "]") and opened:
            found[opened.pop()] = token.end
    return found


@dataclass(frozen=True)
class Functions:
    r"""What calls are read as.

    arguments: functions that are always applied to the same arguments, and so are values. elements: functions of a
    tensor, with its name: \sigma(z_i) is an element. general: functions that are neither.
    """

    arguments: dict[str, str]
    elements: dict[str, str]
    general: frozenset[str]

    def changed(self, chain: Chain) -> Chain:
        """The chain with the values of functions in place of their calls."""
        if not self.arguments and not self.elements:
            return chain
        sides = tuple(map(self._without_calls, chain.sides))
        return replace(chain, sides=sides, original=chain.original or chain.sides)

    def refused(self, chain: Chain) -> str:
        """The function that a chain applies though its arguments change; empty if there is none."""
        names = (call.name for side in chain.sides for call in calls(side.text) if call.name in self.general)
        return next(names, "")

    def _gradients(self, text: str) -> Iterator[tuple[int, int, str]]:
        r"""\nabla f of a function of one vector as \nabla_{x} f."""
        for match in NABLA.finditer(text):
            arguments = self.arguments.get(normal(match["name"]).lstrip("\\"), "")
            if re.fullmatch(r"\\?\w+", arguments):
                yield match.start(), match.start("name"), rf"\nabla_{{{arguments}}} "

    def fits(self, chain: Chain) -> bool:
        """Whether a chain applies the functions that are values to the arguments of their definitions only."""
        own = [call for side in chain.sides for call in calls(side.text)]
        values = (call for call in own if call.name in self.arguments)
        return not self.refused(chain) and all(_is_value(call, self.arguments[call.name]) for call in values)

    def _without_calls(self, side: Placed) -> Placed:
        side = side.replaced(*self._gradients(side.text))
        changes: list[tuple[int, int, str]] = []
        for call in calls(side.text):
            if changes and call.start < changes[-1][1]:
                continue
            if call.name in self.elements:
                changes.append((call.bracket, call.end, f"_{{{access(call.arguments)[1]}}}"))
            elif call.name in self.arguments and call.primes:
                name = side.text[call.start : call.bracket - call.primes]
                order = "" if call.primes == 1 else f"^{call.primes}"
                slope = rf"\frac{{\partial{order} {name}}}{{\partial {call.arguments}{order}}}"
                changes.append((call.start, call.end, slope))
            elif call.name in self.arguments:
                changes.append((call.bracket, call.end, " "))
        return side.replaced(*changes) if changes else side


def definers(chains: Sequence[Chain], known: Collection[str]) -> dict[str, tuple[Call, Chain]]:
    """The calls that chains define, with the chains; `known` are names that mean something else."""
    indexed = {call.name for chain in chains for side in chain.sides for call in calls(side.text) if call.indexed}
    other = {*known, *OF_MATRICES, *indexed}
    found: dict[str, tuple[Call, Chain]] = {}
    for chain in chains:
        call = _defined(chain)
        if call is not None and call.name not in other:
            found.setdefault(call.name, (call, chain))
    return found


def is_law(chain: Chain) -> bool:
    """Whether a chain applies one function on both sides: f(x) = f(-x) says no value."""
    first, second = ({call.name for call in calls(side.text)} for side in chain.sides[:2])
    return not first.isdisjoint(second)


def is_named(name: str, chains: Sequence[Chain]) -> bool:
    """Whether one of the chains speaks of a name, not as an index or a label."""
    return any(name in normal(SCRIPT.sub(" ", side.text)) for chain in chains for side in chain.sides)


def functions(chains: Sequence[Chain], defined: Mapping[str, Call], numbers: Collection[str]) -> Functions:
    """How the calls of defined functions are read; `numbers` are the functions of a number, which stay as they are."""
    used = [call for chain in chains for side in chain.sides for call in calls(side.text)]
    arguments: dict[str, str] = {}
    elements: dict[str, str] = {}
    general: set[str] = set()
    for name, first in defined.items():
        tensor = access(first.arguments)[0]
        own = [call for call in used if call.name == name]
        if name in numbers:
            continue
        if tensor and all(access(call.arguments)[0] == tensor and not call.primes for call in own):
            elements[name] = tensor
        elif all(_is_value(call, first.arguments) for call in own):
            arguments[name] = first.arguments
        else:
            general.add(name)
    return Functions(arguments, elements, frozenset(general))


def is_applied_to_others(call: Call, chains: Sequence[Chain]) -> bool:
    """Whether a function that this call defines is applied to other arguments, or defined for an element."""
    used = (each for chain in chains for side in chain.sides for each in calls(side.text) if each.name == call.name)
    return bool(access(call.arguments)[0]) or not all(_is_value(each, call.arguments) for each in used)


def access(arguments: str) -> tuple[str, str]:
    """The tensor and the indices, if the argument is an element: z and i for z_i; both empty if not."""
    match = re.fullmatch(r"(\\?[A-Za-z]+)_([A-Za-z\\]+)", arguments)
    return (match[1], match[2]) if match else ("", "")


def _is_value(call: Call, arguments: str) -> bool:
    """Whether a call has the arguments of the definition, and no primes if these are several."""
    return call.arguments == arguments and (not call.primes or re.fullmatch(r"\\?\w+", arguments) is not None)


def _defined(chain: Chain) -> Call | None:
    """The call that is the whole left side of a definition."""
    if not chain.relations or chain.relations[0].sort not in (EQUALITY, DEFINITION):
        return None
    text = chain.sides[0].text
    found = next(calls(text), None)
    if found is None or (found.start, found.end) != (0, len(text)) or found.primes or found.name in FUNCTIONS:
        return None
    return found if found.arguments and re.fullmatch(r"[\\\w,^|;]+", found.arguments) else None
