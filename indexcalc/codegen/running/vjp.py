"""The pullbacks of an einsum, one for each operand: einsum_vjp("ijk,ip->jkp") gives "jkp,ip->ijk" and "jkp,ijk->ip".

An einsum is linear in each operand, so a pullback is again an einsum: of the cotangent and the other operands, with
the indices of the operand as output. An index that the operand alone has was summed there, so the pullback is constant
along it; an index that the operand has twice makes a diagonal. No einsum string can say either; then str() is code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from indexcalc.codegen.running.run import Function
from indexcalc.codegen.source import Job, prepare
from indexcalc.errors import IndexcalcError, Span
from indexcalc.sheet import Sheet
from indexcalc.terms import Contraction, Delta, Index, Product, Range, Tensor, Term

Names = tuple[str, ...]  # the indices of an array
NAMED = re.compile(r"->|,|[^\W\d]\w*|\S")


@dataclass(frozen=True, slots=True)
class Subscripts:
    """An einsum string read: the indices of each operand and of the output; they may be words, as einops has them."""

    text: str
    operands: tuple[Names, ...]
    output: Names
    named: bool = False

    def written(self, operands: Iterable[Names], output: Names) -> str:
        """An einsum string in the same manner."""
        between, comma, arrow = (" ", ", ", " -> ") if self.named else ("", ",", "->")
        return f"{comma.join(map(between.join, operands))}{arrow}{between.join(output)}"


def read_subscripts(text: str) -> Subscripts:
    """Read an einsum string by numpy's rules; without an arrow the output is what occurs once, in alphabetical order.

    Where words stand apart in an operand, or one has a _, each word is an index: `batch head i`.
    Raises IndexcalcError with a caret where the string cannot be meant.
    """
    if _is_named(text):
        return _read_names(text)
    for found in re.finditer(r"->|[^A-Za-z,\s]", text):
        if found.group() != "->":
            raise _error(
                text, found.start(), _cause(found.group()), "An index is one letter; operands stand between commas"
            )
    left, arrow, right = text.partition("->")
    second = text.find("->", len(left) + 2)
    if second >= 0:
        raise _error(text, second, "an einsum string has one arrow", "Leave one of them out", 2)
    operands = tuple(tuple("".join(word.split())) for word in left.split(","))
    counts = Counter(letter for word in operands for letter in word)
    if arrow:
        _check_output(text, len(left) + 2, counts)
    output = tuple("".join(right.split())) if arrow else tuple(sorted(each for each in counts if counts[each] == 1))
    return Subscripts(text, operands, output)


def _is_named(text: str) -> bool:
    """Whether an operand has several words of which one is longer than a letter, or a word with a _."""
    operands = [word.split() for word in re.split(r",|->", text)]
    apart = any(len(words) > 1 and any(len(word) > 1 and word.isidentifier() for word in words) for words in operands)
    return apart or "_" in text


def _read_names(text: str) -> Subscripts:
    """Read an einsum string of words; the output must be written."""
    operands: list[list[str]] = [[]]
    arrow = False
    for found in NAMED.finditer(text):
        word = found.group()
        cause, remedy = _objection(word, operands, arrow)
        if cause:
            raise _error(text, found.start(), cause, remedy, len(word))
        if word in (",", "->"):
            operands.append([])
            arrow = arrow or word == "->"
        else:
            operands[-1].append(word)
    if not arrow:
        raise _error(text, len(text), "the output is missing", "Write it after an arrow: batch i, batch j -> i j")
    *inputs, output = map(tuple, operands)
    return Subscripts(text, tuple(inputs), output, named=True)


def _objection(word: str, operands: list[list[str]], arrow: bool) -> tuple[str, str]:
    """What is wrong with a word behind some operands, and what to do; empty if nothing is."""
    if word in ("->", ","):
        wrong = "an einsum string has one arrow", "Leave one of them out"
        return ("", "") if not arrow else wrong if word == "->" else ("the output is one array", "Leave the comma out")
    if not word.isidentifier():
        return _cause(word), "An index is a word; operands stand between commas"
    if arrow and not any(word in each for each in operands[:-1]):
        return f"the output has the index {word}, which no operand has", "Leave it out"
    if arrow and word in operands[-1]:
        return f"the output has the index {word} twice", "An output index stands once"
    return "", ""


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
        sayable = len(set(own)) == len(own) and set(own) <= {name for word in inputs for name in word}
        self.einsum = subscripts.written(inputs, own) if sayable else ""

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
        return self.code("einsum")

    def code(self, backend: str) -> str:
        """Python source of one function of the cotangent and the operands that it needs, for a backend."""
        return self._job(backend).write().source

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
        letters = {letter: _range(letter) for letter in sorted({name for word in words.values() for name in word})}
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


def _tensor(name: str, word: Names) -> Tensor:
    return Tensor(name, tuple(Index(letter, _range(letter)) for letter in word))


def einsum_vjp(subscripts: str) -> tuple[Pullback, ...]:
    """The pullbacks of an einsum, one for each operand.

    >>> [str(pullback) for pullback in einsum_vjp("ijk,ip->jkp")]
    ['jkp,ip->ijk', 'jkp,ijk->ip']
    >>> str(einsum_vjp("batch i, batch j -> i j")[0])
    'i j, batch j -> batch i'

    Raises IndexcalcError for a string that is no einsum.
    """
    read = read_subscripts(subscripts)
    return tuple(Pullback(read, place) for place in range(len(read.operands)))
