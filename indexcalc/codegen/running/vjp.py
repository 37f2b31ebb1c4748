"""The pullbacks of an einsum, one for each operand: einsum_vjp("ijk,ip->jkp") gives "jkp,ip->ijk" and "jkp,ijk->ip".

An einsum is linear in each operand, so a pullback is again an einsum: of the cotangent and the other operands, with
the indices of the operand as output. An index that the operand alone has was summed there, so the pullback is constant
along it; an index that the operand has twice makes a diagonal. No einsum string can say either; then str() is code. An
ellipsis stands for any number of axes, which are broadcast from the right, as numpy does it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from typing import Any

from indexcalc.codegen.running.run import Function
from indexcalc.codegen.source import Job, prepare
from indexcalc.errors import IndexcalcError, Span
from indexcalc.sheet import Sheet
from indexcalc.terms import Contraction, Delta, Index, Product, Range, Tensor, Term

Names = tuple[str, ...]  # the indices of an array; ELLIPSIS stands for any number of them
ELLIPSIS = "..."
NAMED = re.compile(r"->|,|\.\.\.|[^\W\d]\w*|\S")
LETTERS = re.compile(r"->|,|\.\.\.|\S")
LACKING = "the operands have an ellipsis, the output has none", "Write ... in the output too: its axes are kept"


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
    operands: list[list[str]] = [[]]
    arrow = False
    for found in LETTERS.finditer(text):
        word = found.group()
        cause, remedy = _objection(word, operands, arrow, word.isascii() and word.isalpha(), "one letter")
        if cause:
            raise _error(text, found.start(), cause, remedy, len(word))
        arrow = _add(word, operands, arrow)
    counts = Counter(name for names in operands for name in names)
    if not arrow:
        once = sorted(name for name in counts if counts[name] == 1 and name != ELLIPSIS)
        operands.append([ELLIPSIS] * (ELLIPSIS in counts) + once)
    return _whole(text, operands, False)


def _add(word: str, operands: list[list[str]], arrow: bool) -> bool:
    """Take a word in; whether the arrow was seen."""
    if word in (",", "->"):
        operands.append([])
    else:
        operands[-1].append(word)
    return arrow or word == "->"


def _whole(text: str, operands: list[list[str]], named: bool) -> Subscripts:
    """The einsum of all operands and the output. Raises IndexcalcError where the axes of an ellipsis would be lost."""
    *inputs, output = map(tuple, operands)
    if any(ELLIPSIS in each for each in inputs) and ELLIPSIS not in output:
        raise _error(text, len(text), *LACKING)
    return Subscripts(text, tuple(inputs), output, named)


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
        cause, remedy = _objection(word, operands, arrow, word.isidentifier(), "a word")
        if cause:
            raise _error(text, found.start(), cause, remedy, len(word))
        arrow = _add(word, operands, arrow)
    if not arrow:
        raise _error(text, len(text), "the output is missing", "Write it after an arrow: batch i, batch j -> i j")
    return _whole(text, operands, True)


def _objection(word: str, operands: list[list[str]], arrow: bool, is_index: bool, kind: str) -> tuple[str, str]:
    """What is wrong with a word behind some operands, and what to do; empty if nothing is."""
    if word in ("->", ","):
        wrong = "an einsum string has one arrow", "Leave one of them out"
        return ("", "") if not arrow else wrong if word == "->" else ("the output is one array", "Leave the comma out")
    what = "an ellipsis" if word == ELLIPSIS else f"the index {word}"
    if not is_index and word != ELLIPSIS:
        return f"{word!r} is not an index", f"An index is {kind}; operands stand between commas"
    if arrow and not any(word in each for each in operands[:-1]):
        return f"the output has {what}, which no operand has", "Leave it out"
    if arrow and word in operands[-1]:
        return f"the output has {what} twice", "An output index stands once"
    if word == ELLIPSIS and word in operands[-1]:
        return "an operand has two ellipses", "Leave one of them out: nothing says which axes are whose"
    return "", ""


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
        given = {name for word in inputs for name in word}
        sayable = len(set(own)) == len(own) and set(own) <= given and (ELLIPSIS in own or ELLIPSIS not in given)
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
        if any(ELLIPSIS in each for each in self.subscripts.operands):
            return self._spread(cotangent, operands)
        return self._function(**{COTANGENT: cotangent}, **dict(zip(self._names, operands, strict=True)))

    def _spread(self, cotangent: Any, operands: tuple[Any, ...]) -> Any:
        """The cotangent of the operand, with as many axes for the ellipsis as the arrays have.

        They are broadcast from the right: along an axis that an operand lacks, or has once, the result is summed.
        """
        shapes = [tuple(each.shape) for each in operands]
        spans = [_span(names, shape) for names, shape in zip(self.subscripts.operands, shapes, strict=True)]
        rest = [shape[start:stop] for shape, (start, stop) in zip(shapes, spans, strict=True)]
        depth = max(map(len, rest))
        sizes = [max(each[-place] for each in rest if len(each) >= place) for place in range(depth, 0, -1)]
        letters = _fresh(depth, {name for names in self.subscripts.operands for name in names})
        inputs, given = [], []
        for names, shape, own, span, array in zip(
            self.subscripts.operands, shapes, rest, spans, operands, strict=True
        ):
            behind = list(zip(letters, sizes, strict=True))[depth - len(own) :]
            kept = [letter for (letter, size), here in zip(behind, own, strict=True) if here == size]
            inputs.append(_replaced(names, tuple(kept)))
            lengths = [here for (_, size), here in zip(behind, own, strict=True) if here == size]
            given.append(array.reshape((*shape[: span[0]], *lengths, *shape[span[1] :])))
        output = _replaced(self.subscripts.output, letters)
        same = Pullback(Subscripts(self.subscripts.text, tuple(inputs), output, self.subscripts.named), self.place)
        return same(cotangent, *given).reshape(shapes[self.place])

    @property
    def source(self) -> str:
        """Python source of one function of the cotangent and the operands that it needs."""
        return self.code("einsum")

    def code(self, backend: str) -> str:
        """Python source of one function of the cotangent and the operands that it needs, for a backend.

        Code knows how many axes an array has: an ellipsis is one of them there, and a comment says so.
        """
        if any(ELLIPSIS in each for each in self.subscripts.operands):
            letters = _fresh(1, {name for names in self.subscripts.operands for name in names})
            inputs = tuple(_replaced(names, letters) for names in self.subscripts.operands)
            output = _replaced(self.subscripts.output, letters)
            one = Pullback(Subscripts(self.subscripts.text, inputs, output, True), self.place)
            return f"# {letters[0]}: one axis in place of the ellipsis\n{one.code(backend)}"
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


def _span(names: Names, shape: tuple[int, ...]) -> tuple[int, int]:
    """The axes for which an ellipsis stands in an array of a shape; none where there is no ellipsis."""
    if ELLIPSIS not in names:
        return 0, 0
    start = names.index(ELLIPSIS)
    number = len(shape) - (len(names) - 1)
    if number < 0:
        words = " ".join(names)
        raise IndexcalcError(f"an operand {words} has {len(names) - 1} axes at least; got the shape {shape}")
    return start, start + number


def _replaced(names: Names, letters: Names) -> Names:
    """Names with those of some axes in place of the ellipsis."""
    place = names.index(ELLIPSIS) if ELLIPSIS in names else len(names)
    return (*names[:place], *(letters if ELLIPSIS in names else ()), *names[place + 1 :])


def _fresh(number: int, taken: Iterable[str]) -> Names:
    """Names for axes that nothing else has."""
    return tuple(islice((name for name in map("rest{}".format, count(1)) if name not in set(taken)), number))


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
