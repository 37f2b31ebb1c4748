"""Places as they are written: affine forms of names, perhaps modulo a period.

    i+k-1      2*i, 2i      2*(i-1)+k      n+1-i      (i+1) mod n
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexcalc.errors import IndexcalcError
from indexcalc.notation.syntax.places import Syntax, Token, error_at, kind, place_of, subtrees

PLACES = frozenset(("shifted", "scaled", "modulo", "lookup"))


@dataclass(frozen=True, slots=True)
class Written:
    """An affine form of names, letters and sizes alike; period: a number, the name of a size, or nothing."""

    names: tuple[tuple[str, int], ...]
    constant: int
    period: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it is a letter alone, or a number."""
        return not self.period and (not self.names or (self.names == ((self.names[0][0], 1),) and not self.constant))

    @property
    def letter(self) -> str:
        """The letter that it is, if it is one alone (or the name of a size)."""
        return self.names[0][0] if self.names and self.is_plain else ""

    def times(self, number: int) -> Written:
        """A multiple."""
        return made([(name, times * number) for name, times in self.names], self.constant * number)

    def plus(self, other: Written) -> Written:
        """The sum of two."""
        return made([*self.names, *other.names], self.constant + other.constant)

    def put(self, name: str, value: Written) -> Written:
        """The form with a form in place of a name."""
        times = dict(self.names).get(name, 0)
        rest = made([pair for pair in self.names if pair[0] != name], self.constant)
        found = rest.plus(value.times(times))
        return Written(found.names, found.constant, self.period)


def made(names: list[tuple[str, int]], constant: int) -> Written:
    """A form, its parts collected."""
    totals: dict[str, int] = {}
    for name, times in names:
        totals[name] = totals.get(name, 0) + times
    return Written(tuple((name, times) for name, times in totals.items() if times), constant)


def is_place(node: Syntax | Token) -> bool:
    """Whether a child of a list of indices is more than a letter or a number."""
    return not isinstance(node, str) and kind(node) in PLACES


def written(node: Syntax | Token, text: str) -> Written:
    """The form of a place. Raises IndexcalcError for what is no affine form with whole numbers."""
    if isinstance(node, str):
        word = str(node)
        return Written((), int(word)) if word.isdecimal() else Written(((word, 1),), 0)
    match kind(node):
        case "bounded":
            return written(node.children[0], text)
        case "shifted":
            return _sum(node, text)
        case "scaled":
            return _product(node, text)
        case "modulo":
            return _modulo(node, text)
    cause = f"the place {_said(node, text)} is looked up in a tensor, and is a part of another place"
    raise _error(cause, "Give a tensor of the places that are meant: what is looked up stands alone", node, text)


def _sum(node: Syntax, text: str) -> Written:
    found, sign = Written((), 0), 1
    for child in node.children:
        if isinstance(child, str) and child.type.endswith(("PLUS", "MINUS")):
            sign = -1 if child.type.endswith("MINUS") else 1
            continue
        part = written(child, text)
        _check_no_period(part, child, text)
        found = found.plus(part.times(sign))
    return found


def _product(node: Syntax, text: str) -> Written:
    found, is_beside = Written((), 1), False
    for child in node.children:
        if isinstance(child, str) and child.type.endswith("OVER"):
            cause = f"the place {_said(node, text)} is a quotient, and places are whole numbers"
            raise _error(cause, "Write a place such as 2*i-1, with whole coefficients", node, text)
        if isinstance(child, str) and child.type.endswith("TIMES"):
            is_beside = False
            continue
        if is_beside and found.names and isinstance(child, str):
            first = next(each for each in node.children if isinstance(each, str))
            remedy = f"Write {_head(node, text)}[{first}, {child}]"
            raise _error("a comma is missing between two indices", remedy, child, text)
        is_beside = True
        part = written(child, text)
        _check_no_period(part, child, text)
        if found.names and part.names:
            cause = f"the place {_said(node, text)} is a product of two letters, which is not affine"
            raise _error(cause, "Write a sum of letters, each times a whole number, such as 2*i+k-1", node, text)
        found = part.times(found.constant) if part.names else found.times(part.constant)
    return found


def _head(node: Syntax, text: str) -> str:
    """The name of the tensor in which a place stands."""
    before = text[: place_of(node, text).start].rpartition("[")[0]
    return re.findall(r"\w+", before)[-1] if re.search(r"\w$", before) else "x"


def _modulo(node: Syntax, text: str) -> Written:
    inner, _, period = node.children
    base = written(inner, text)
    _check_no_period(base, inner, text)
    if not isinstance(period, str):
        cause = f"{_said(period, text)} stands behind mod, and a period is a number or the name of a size"
        raise _error(cause, "Write (i+1) mod n, with index i : n", period, text)
    if period.isdecimal() and int(period) == 0:
        raise _error("a period is at least 1", "Write (i+1) mod n", period, text)
    return Written(base.names, base.constant, str(period))


def _check_no_period(part: Written, node: Syntax | Token, text: str) -> None:
    if part.period:
        raise _error("mod stands in a longer place", "Write the whole place in one mod: (i+1) mod n", node, text)


def reckoned(node: Syntax | Token, text: str) -> Written:
    """The form of a size: n-m+1, 2*n."""
    if isinstance(node, str):
        return written(node, text)
    found, sign, factor = Written((), 0), 1, Written((), 1)
    for child in node.children:
        assert isinstance(child, str)
        if child.type.endswith(("PLUS", "MINUS")):
            found = found.plus(factor.times(sign)) if factor != Written((), 1) else found
            sign, factor = (-1 if child.type.endswith("MINUS") else 1), Written((), 1)
        elif not child.type.endswith("TIMES"):
            part = written(child, text)
            if factor.names and part.names:
                raise _error("a size is a sum of sizes, each times a whole number", "Write n-m+1", node, text)
            factor = part.times(factor.constant) if part.names else factor.times(part.constant)
    return found.plus(factor.times(sign))


def _said(node: Syntax | Token, text: str) -> str:
    place = place_of(node, text)
    start, end = place.start, place.end
    if not isinstance(node, str):  # the brackets around a part are no part of a tree
        inside = [place_of(child, text) for child in node.children]
        start, end = min([start, *(each.start for each in inside)]), max([end, *(each.end for each in inside)])
    return "".join(text[start:end].split())


def said(node: Syntax | Token, text: str) -> str:
    """The words of a node, without blanks."""
    return _said(node, text)


def _error(cause: str, remedy: str, node: Syntax | Token, text: str) -> IndexcalcError:
    return error_at(cause, remedy, place_of(node, text))


def holds_places(tree: Syntax) -> bool:
    """Whether a shifted place, or a number as one that only shifts give, stands anywhere in a tree."""
    return kind(tree) in PLACES or any(holds_places(each) for each in subtrees(tree))
