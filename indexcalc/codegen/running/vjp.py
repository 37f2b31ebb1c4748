"""The pullbacks of an einsum, one for each operand: einsum_vjp("ijk,ip->jkp") gives "jkp,ip->ijk" and "jkp,ijk->ip".

An einsum is linear in each operand, so a pullback is again an einsum: of the cotangent and the other operands, with
the indices of the operand as output. An index that the operand alone has was summed there, so the pullback is constant
along it; an index that the operand has twice makes a diagonal. No einsum string can say either; then str() is code.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from indexcalc.codegen.running.run import Function
from indexcalc.codegen.source import Job, prepare
from indexcalc.errors import IndexcalcError, Span
from indexcalc.sheet import Sheet
from indexcalc.terms import Contraction, Delta, Index, Product, Range, Tensor, Term


@dataclass(frozen=True, slots=True)
class Subscripts:
    """An einsum string read: the indices of each operand and of the output."""

    text: str
    operands: tuple[str, ...]
    output: str


def read_subscripts(text: str) -> Subscripts:
    """Read an einsum string by numpy's rules; without an arrow the output is what occurs once, in alphabetical order.

    Raises IndexcalcError with a caret where the string cannot be meant.
    """
    for found in re.finditer(r"->|[^A-Za-z,\s]", text):
        if found.group() != "->":
            raise _error(
                text, found.start(), _cause(found.group()), "An index is one letter; operands stand between commas"
            )
    left, arrow, right = text.partition("->")
    second = text.find("->", len(left) + 2)
    if second >= 0:
        raise _error(text, second, "an einsum string has one arrow", "Leave one of them out", 2)
    operands = tuple("".join(word.split()) for word in left.split(","))
    counts = Counter("".join(operands))
    if arrow:
        _check_output(text, len(left) + 2, counts)
    output = "".join(right.split()) if arrow else "".join(sorted(each for each in counts if counts[each] == 1))
    return Subscripts(text, operands, output)


def _cause(letter: str) -> str:
    if letter == ".":
        return "an ellipsis names no index, so no derivative can be read from it"
    return f"{letter!r} is not an index"


def _check_output(text: str, start: int, counts: Counter[str]) -> None:
    seen: dict[str, int] = {}
    for place in range(start, len(text)):
        letter = text[place]
        if letter == ",":
            raise _error(text, place, "the output is one array", "Leave the comma out")
        if letter.isspace():
            continue
        if letter not in counts:
            raise _error(text, place, f"the output has the index {letter}, which no operand has", "Leave it out")
        if letter in seen:
            raise _error(text, place, f"the output has the index {letter} twice", "An output index stands once")
        seen[letter] = place


def _error(text: str, place: int, cause: str, remedy: str, width: int = 1) -> IndexcalcError:
    return IndexcalcError(cause, remedy, text, (Span(place, place + width),))


class Pullback:
    """The map from the cotangent of an einsum's result to that of one operand.

    Called with the cotangent and all operands of the einsum, in their order. einsum: the einsum string over the
    cotangent and the other operands; empty where no string says it. source: the function as code.
    """

    def __init__(self, subscripts: Subscripts, place: int) -> None:
        self.subscripts, self.place = subscripts, place
        own = subscripts.operands[place]
        others = [each for other, each in enumerate(subscripts.operands) if other != place]
        inputs = [subscripts.output, *others]
        sayable = len(set(own)) == len(own) and set(own) <= set("".join(inputs))
        self.einsum = f"{','.join(inputs)}->{own}" if sayable else ""

    def __str__(self) -> str:
        return self.einsum or self.source

    def __repr__(self) -> str:
        return f"<pullback {self.place + 1} of {self.subscripts.text!r}>"

    def __call__(self, cotangent: Any, *operands: Any) -> Any:
        """The cotangent of the operand."""
        wanted = len(self.subscripts.operands)
        if len(operands) != wanted:
            raise IndexcalcError(
                f"the einsum {self.subscripts.text} has {wanted} operands; got {len(operands)}",
                "Call the pullback with the cotangent and all operands",
            )
        return self._function(**{COTANGENT: cotangent}, **dict(zip(self._names, operands, strict=True)))

    @property
    def source(self) -> str:
        """Python source of one function of the cotangent and the operands that it needs."""
        return self._job("einsum").write().source

    @cached_property
    def _function(self) -> Function:
        return Function(self._job("numpy"), self._sheet.slots, compressed=False, many=False)

    def _job(self, backend: str) -> Job:
        return prepare({"pullback": self._problem}, self._sheet, backend, name=f"pullback{self.place + 1}")

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(f"x{number}" for number in range(1, len(self.subscripts.operands) + 1))

    @cached_property
    def _sheet(self) -> Sheet:
        words = {COTANGENT: self.subscripts.output, **dict(zip(self._names, self.subscripts.operands, strict=True))}
        slots = {name: tuple(map(_range, word)) for name, word in words.items()}
        letters = {letter: _range(letter) for letter in sorted(set("".join(words.values())))}
        return Sheet(slots=slots, order=tuple(slots), letters=letters)

    @cached_property
    def _problem(self) -> tuple[Term, tuple[Index, ...]]:
        """The pullback as a term, and its axes; an index that stands again gets a prime and a delta."""
        factors: list[Term] = [_tensor(COTANGENT, self.subscripts.output)]
        for other, (name, word) in enumerate(zip(self._names, self.subscripts.operands, strict=True)):
            if other != self.place:
                factors.append(_tensor(name, word))
        axes: list[Index] = []
        for letter in self.subscripts.operands[self.place]:
            axis = Index(letter, _range(letter))
            while axis in axes:
                axis = Index(axis.name + "'", axis.range)
            factors.append(Delta(Index(letter, _range(letter)), axis))
            axes.append(axis)
        body = Product(*factors)
        return Contraction(body.free.difference(axes), body), tuple(axes)


COTANGENT = "g"


def _range(letter: str) -> Range:
    return Range(letter)


def _tensor(name: str, word: str) -> Tensor:
    return Tensor(name, tuple(Index(letter, _range(letter)) for letter in word))


def einsum_vjp(subscripts: str) -> tuple[Pullback, ...]:
    """The pullbacks of an einsum, one for each operand.

    >>> [str(pullback) for pullback in einsum_vjp("ijk,ip->jkp")]
    ['jkp,ip->ijk', 'jkp,ijk->ip']

    Raises IndexcalcError for a string that is no einsum.
    """
    read = read_subscripts(subscripts)
    return tuple(Pullback(read, place) for place in range(len(read.operands)))
