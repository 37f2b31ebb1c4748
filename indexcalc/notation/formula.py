r"""Formulas: what is written, typed, with the place of every part. What it means is decided elsewhere.

A formula is made by `notation/tex/parser.py` from any LaTeX at all; what it does not know is a node too (Opaque).
Places are positions in the text that was parsed; they do not count when formulas are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from functools import cache
from operator import is_
from typing import Any

Span = tuple[int, int]


class _Asked:
    """What has been asked of a formula, and does not change."""

    __slots__ = ("_items", "_name", "_named", "_parts", "_walked")
    _items: tuple[Any, ...]
    _name: Any
    _named: tuple[Formula, ...]
    _parts: tuple[Formula, ...]
    _walked: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Formula(_Asked):
    """What is written. `span`: from where to where."""

    span: Span = field(default=(0, 0), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Numeral(Formula):
    """A number written in digits; `exact` is its value."""

    text: str
    exact: Fraction


@dataclass(frozen=True, slots=True)
class Name(Formula):
    """A letter or a word. font: bold, double, upright or plain; accents: hat, bar, ..., the innermost first."""

    letter: str
    font: str = ""
    accents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scripted(Formula):
    """A base with what stands below and above it, and its primes. A list of scripts is one formula, a Sequence."""

    base: Formula
    below: Formula | None = None
    above: Formula | None = None
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Sequence(Formula):
    """Formulas parted by commas or semicolons, as in scripts and behind functions."""

    items: tuple[Formula, ...]
    marks: str = ""


@dataclass(frozen=True, slots=True)
class Signed(Formula):
    """A term with a sign: + - or pm."""

    sign: str
    body: Formula


@dataclass(frozen=True, slots=True)
class Sum(Formula):
    """Terms with the sign of each."""

    terms: tuple[tuple[str, Formula], ...]


@dataclass(frozen=True, slots=True)
class Product(Formula):
    """Factors with the operator before each: juxtaposed, times, hadamard, divided, kronecker, cross, over."""

    factors: tuple[tuple[str, Formula], ...]


@dataclass(frozen=True, slots=True)
class Quotient(Formula):
    """A fraction with a line."""

    above: Formula
    below: Formula


@dataclass(frozen=True, slots=True)
class Root(Formula):
    """A root."""

    body: Formula
    degree: Formula | None = None


@dataclass(frozen=True, slots=True)
class Bracket(Formula):
    """A formula, or a sequence of them, in brackets: ( [ { <."""

    mark: str
    body: Formula


@dataclass(frozen=True, slots=True)
class Bars(Formula):
    """A formula between bars: | or, double, ||."""

    mark: str
    body: Formula


@dataclass(frozen=True, slots=True)
class Applied(Formula):
    """A function with its argument, written as a command or word: log x. Scripts stand at the function."""

    function: str
    argument: Formula | None
    below: Formula | None = None
    above: Formula | None = None


@dataclass(frozen=True, slots=True)
class Big(Formula):
    """A sum, a product, a maximum, ... with what stands below and above its sign, and its body."""

    sign: str
    below: Formula | None
    above: Formula | None
    body: Formula | None


@dataclass(frozen=True, slots=True)
class Derivative(Formula):
    r"""A derivative, as a fraction of differentials; without a body it works on what follows.

    Each variable with its order.

    sign: "d" or "partial".
    """

    body: Formula | None
    variables: tuple[tuple[Formula, int], ...]
    sign: str = "partial"


@dataclass(frozen=True, slots=True)
class Nabla(Formula):
    r"""\nabla or \partial with what stands below it (the variables), and what it works on.

    way: "", cross, dot, square. raised: whether the variables stand above the line, \partial^i.
    """

    sign: str
    below: Formula | None
    body: Formula | None
    way: str = ""
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Differential(Formula):
    """d X: a small change of X."""

    body: Formula


@dataclass(frozen=True, slots=True)
class Relation(Formula):
    """Sides with the relations between them: = != < <= > >=, or any other by its name."""

    sides: tuple[Formula, ...]
    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cases(Formula):
    """Values with the condition of each; none: otherwise."""

    rows: tuple[tuple[Formula, Formula | None], ...]


@dataclass(frozen=True, slots=True)
class Conditions(Formula):
    """Conditions joined by `and` or `or`."""

    items: tuple[Formula, ...]
    word: str = "and"


@dataclass(frozen=True, slots=True)
class Table(Formula):
    """A matrix written out: rows of entries, in brackets of this mark."""

    mark: str
    rows: tuple[tuple[Formula, ...], ...]


@dataclass(frozen=True, slots=True)
class Mark(Formula):
    r"""A sign that is no value by itself: dots, transposed, dagger, star, infinity, empty, colon, dot."""

    sign: str


@dataclass(frozen=True, slots=True)
class Opaque(Formula):
    """What is written, as text, where nothing is known of its meaning; with the formulas inside it."""

    text: str
    parts: tuple[Formula, ...] = ()


def parts(formula: Formula) -> tuple[Formula, ...]:
    """The formulas directly inside one, in the order in which they are written."""
    try:
        return formula._parts
    except AttributeError:
        kind: Any = type(formula)
        found = tuple(part for name in _inner(kind) for part in _formulas(getattr(formula, name)))
        object.__setattr__(formula, "_parts", found)
        return found


@cache
def _inner(kind: Any) -> tuple[str, ...]:
    """The names of the fields of a kind of formula that may hold formulas."""
    plain = ("str", "int", "Fraction")
    return tuple(each.name for each in fields(kind) if each.name != "span" and each.type not in plain)


def _formulas(value: Any) -> Iterator[Formula]:
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _formulas(each)


MOST_KEPT = 2000  # parts: what is written of a longer formula is gone through anew, so that memory stays linear


def walk(formula: Formula) -> Iterable[Formula]:
    """Every formula inside one, itself first, in the order in which they are written."""
    try:
        return formula._walked
    except AttributeError:
        found, pending = list[Formula](), [formula]
        while pending:
            current = pending.pop()
            found.append(current)
            pending.extend(reversed(parts(current)))
        if len(found) <= MOST_KEPT:
            object.__setattr__(formula, "_walked", tuple(found))
        return found


def named_in(formula: Formula) -> tuple[Formula, ...]:
    """The names inside a formula, each with its scripts, and what else has scripts: no base of these by itself."""
    try:
        return formula._named
    except AttributeError:
        every = walk(formula)
        inner = {id(part.base) for part in every if isinstance(part, Scripted)}
        found = tuple(part for part in every if isinstance(part, (Name, Scripted)) and id(part) not in inner)
        object.__setattr__(formula, "_named", found)
        return found


def depth_of(formula: Formula) -> int:
    """How deep formulas stand in one another."""
    deepest, pending = 0, [(formula, 1)]
    while pending:
        current, depth = pending.pop()
        deepest = max(deepest, depth)
        pending += ((part, depth + 1) for part in parts(current))
    return deepest


def walk_values(formula: Formula) -> Iterator[Formula]:
    """Every formula inside one that stands for a value: not what stands below a name or a big sign."""
    pending = [formula]
    while pending:
        current = pending.pop()
        yield current
        inner = [
            part
            for part in parts(current)
            if not (isinstance(current, (Scripted, Big, Nabla)) and part is current.below)
        ]
        pending.extend(reversed(inner))


def changed(formula: Formula, change: Callable[[Formula], Formula]) -> Formula:
    """The formula with a change made to each formula directly inside it; the same object if none is changed."""
    kind: Any = type(formula)
    inside = ((name, getattr(formula, name)) for name in (_inner(kind) if parts(formula) else ()))
    new = {name: found for name, old in inside if (found := _changed(old, change)) is not old}
    return replace(formula, **new) if new else formula


def _changed(value: Any, change: Callable[[Formula], Formula]) -> Any:
    if isinstance(value, Formula):
        return change(value)
    if isinstance(value, tuple):
        new = tuple([_changed(each, change) for each in value])
        return value if all(map(is_, new, value)) else new
    return value


def items_of(formula: Formula | None) -> tuple[Formula, ...]:
    """The formulas of a sequence; the formula alone; nothing."""
    if formula is None:
        return ()
    return formula.items if isinstance(formula, Sequence) else (formula,)


def base_of(formula: Formula) -> Formula:
    """A formula without its scripts."""
    return formula.base if isinstance(formula, Scripted) else formula


def fields_written(formula: Formula, word: Callable[[Formula], str]) -> str:
    """A formula as a word, made of the words of what stands directly inside it and of its own marks."""
    found = [type(formula).__name__]
    for each in fields(formula):
        if each.name != "span":
            found.append(_written(getattr(formula, each.name), word))
    return f"{found[0]}[{','.join(found[1:])}]"


def _written(value: Any, word: Callable[[Formula], str]) -> str:
    if isinstance(value, Formula):
        return word(value)
    if isinstance(value, tuple):
        return "(" + " ".join(_written(each, word) for each in value) + ")"
    return "" if value is None else str(value)
