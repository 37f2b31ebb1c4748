"""Formulas of the trials: their nodes, how they are written, and what may be changed in them.

Nothing of indexcalc takes part. Sums are always explicit in the nodes; the text leaves out those that the summation
rule gives back.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace

Slot = str | int  # a letter, or a place counted from 1


@dataclass(frozen=True)
class Node:
    """A node of a formula."""


@dataclass(frozen=True)
class Num(Node):
    """A number, as it is written."""

    text: str


@dataclass(frozen=True)
class Size(Node):
    """The size of a range, by its name."""

    name: str


@dataclass(frozen=True)
class El(Node):
    """An element of a tensor."""

    name: str
    slots: tuple[Slot, ...] = ()


@dataclass(frozen=True)
class Add(Node):
    """x + y."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Sub(Node):
    """x - y."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Mul(Node):
    """A product."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Div(Node):
    """x/y."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Pow(Node):
    """x^n, the number as it is written."""

    base: Node
    exponent: str


@dataclass(frozen=True)
class Fn(Node):
    """A scalar function."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Red(Node):
    """sum, prod, max, min, mean, logsumexp over letters. silent: left to the summation rule."""

    kind: str
    letters: tuple[str, ...]
    body: Node
    silent: bool = False


@dataclass(frozen=True)
class Same(Node):
    """delta[i,j]."""

    left: Slot
    right: Slot


@dataclass(frozen=True)
class Turn(Node):
    """eps[i,j,k]."""

    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Test(Node):
    """1[x < y], of formulas or of two letters."""

    relation: str
    left: Node | str
    right: Node | str


@dataclass(frozen=True)
class Choice(Node):
    """where(test, x, y)."""

    test: Test
    yes: Node
    no: Node


@dataclass(frozen=True)
class Slope(Node):
    """diff(body, x[i], y[j])."""

    body: Node
    variables: tuple[El, ...]


# ----- Text ------------------------------------------------------------------------------------------------------

LOOSE, TIGHT, CLOSED = range(3)  # sums, products, what needs no bracket


def write(node: Node, level: int = LOOSE) -> str:
    """The text of a formula, in brackets where it stands at a tighter level than its own."""
    own, text = _text(node)
    return text if own >= level else f"({text})"


def _slots(slots: tuple[Slot, ...]) -> str:
    return f"[{','.join(map(str, slots))}]" if slots else ""


def _text(node: Node) -> tuple[int, str]:
    match node:
        case Num(text):
            return (TIGHT if "/" in text else CLOSED), text
        case Size(name):
            return CLOSED, name
        case El(name, slots):
            return CLOSED, name + _slots(slots)
        case Add(left, right):
            return LOOSE, f"{write(left)} + {write(right, TIGHT)}"
        case Sub(left, right):
            return LOOSE, f"{write(left)} - {write(right, TIGHT)}"
        case Mul(factors):
            return TIGHT, "*".join(write(each, CLOSED) for each in factors)
        case Div(left, right):
            return TIGHT, f"{write(left, CLOSED)}/{write(right, CLOSED)}"
        case Pow(base, exponent):
            return TIGHT, f"{write(base, CLOSED)}^{exponent if exponent.isdigit() else f'({exponent})'}"
        case Fn(name, arguments):
            return CLOSED, f"{name}({', '.join(map(write, arguments))})"
        case Red(_, _, body, True):
            return TIGHT, write(body, TIGHT)
        case Red(kind, letters, body):
            return CLOSED, f"{kind}[{','.join(letters)}]({write(body)})"
        case Same(left, right):
            return CLOSED, f"delta[{left},{right}]"
        case Turn(slots):
            return CLOSED, f"eps{_slots(slots)}"
        case Test():
            return CLOSED, f"1[{relation(node)}]"
        case Choice(test, yes, no):
            return CLOSED, f"where({relation(test)}, {write(yes)}, {write(no)})"
        case Slope(body, variables):
            return CLOSED, f"diff({', '.join(map(write, (body, *variables)))})"
    raise TypeError(node)


def relation(test: Test) -> str:
    """The text of a condition."""
    left, right = (side if isinstance(side, str) else write(side) for side in (test.left, test.right))
    return f"{left} {test.relation} {right}"


# ----- Walking ---------------------------------------------------------------------------------------------------


def children(node: Node) -> Iterator[Node]:
    """The nodes right below."""
    for each in fields(node):
        value = getattr(node, each.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Node):
                yield part


def inside(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for each in children(node):
        yield from inside(each)


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with its children changed."""
    new = {}
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, tuple) and any(isinstance(part, Node) for part in value):
            new[each.name] = tuple(change(part) for part in value)
        elif isinstance(value, Node):
            new[each.name] = change(value)
    return replace(node, **new) if new else node


def at(node: Node, place: int, change: Callable[[Node], Node]) -> Node:
    """The formula with the node at a place (in the order of `inside`) changed."""
    count = -1

    def visit(node: Node) -> Node:
        nonlocal count
        count += 1
        if count == place:
            count += sum(1 for _ in inside(node)) - 1
            return change(node)
        return rebuilt(node, visit)

    return visit(node)


# ----- Changes ---------------------------------------------------------------------------------------------------


def respelled(node: Node, choose: random.Random) -> Node:
    """Another way to write the same formula."""
    node = rebuilt(node, lambda child: respelled(child, choose))
    if choose.random() < 0.5:
        return node
    match node:
        case Add(left, right):
            return Add(right, left)
        case Sub(left, right):
            return Add(left, Mul((Num("(-1)"), right)))
        case Mul(factors) if len(factors) > 1 and isinstance(factors[0], Add) and choose.random() < 0.5:
            rest = factors[1:]
            return Add(Mul((factors[0].left, *rest)), Mul((factors[0].right, *rest)))
        case Mul(factors):
            return Mul(tuple(choose.sample(factors, len(factors))))
        case Div(left, right):
            return Mul((left, Pow(right, "-1")))
        case Pow(base, _) if any(isinstance(each, Red) and each.silent for each in inside(base)):
            return node  # side by side, both would be one sum
        case Pow(base, "2"):
            return Mul((base, base))
        case Pow(base, "3"):
            return Mul((Pow(base, "2"), base))
        case Fn("tanh", (x,)):
            return Sub(Mul((Num("2"), Fn("sigmoid", (Mul((Num("2"), x)),)))), Num("1"))
        case Fn("sigmoid", (x,)):
            return Div(Num("1"), Add(Num("1"), Fn("exp", (Mul((Num("(-1)"), x)),))))
        case Fn("softplus", (x,)):
            return Fn("log", (Add(Num("1"), Fn("exp", (x,))),))
        case Fn("exp", (Add(x, y),)):
            return Mul((Fn("exp", (x,)), Fn("exp", (y,))))
        case Fn("sqrt", (x,)):
            return Pow(x, "1/2")
        case Fn("erfc", (x,)):
            return Sub(Num("1"), Fn("erf", (x,)))
        case Fn("expm1", (x,)):
            return Sub(Fn("exp", (x,)), Num("1"))
        case Fn("relu", (x,)):
            return Fn("max", (x, Num("0")))
        case Red("mean", (letter,), body):
            return Div(Red("sum", (letter,), body), Red("sum", (letter,), Num("1")))
        case Red("logsumexp", letters, body):
            return Fn("log", (Red("sum", letters, Fn("exp", (body,))),))
        case Red("sum", letters, Add(left, right), False):
            return Add(Red("sum", letters, left), Red("sum", letters, right))
        case Red("min", letters, body):
            return Mul((Num("(-1)"), Red("max", letters, Mul((Num("(-1)"), body)))))
    return node


SWAPPED = {
    "sin": "cos", "cos": "sin", "tanh": "sigmoid", "sigmoid": "tanh", "exp": "expm1", "expm1": "exp", "erf": "erfc",
    "erfc": "erf", "max": "min", "min": "max", "relu": "softplus", "softplus": "relu", "log": "log1p", "log1p": "log",
    "sqrt": "cbrt", "cbrt": "sqrt", "gammaln": "digamma", "digamma": "gammaln", "arctan": "tanh", "abs": "relu",
    "sum": "mean", "mean": "sum", "prod": "sum", "logsumexp": "max", "gelu": "relu",
}  # fmt: skip


def spoiled(node: Node, choose: random.Random, alike: Callable[[Slot], list[Slot]]) -> Node:
    """The formula with one slip in it; alike: the letters that may stand in a letter's place."""

    def slip(node: Node) -> Node:
        match node:
            case Num(text):
                return Num("2" if text == "3" else "3")
            case El(name, slots) if slots and choose.random() < 0.7:
                place = choose.randrange(len(slots))
                others = alike(slots[place])
                return El(name, (*slots[:place], choose.choice(others), *slots[place + 1 :])) if others else node
            case Add(left, right):
                return choose.choice([Sub(left, right), left, right])
            case Sub(left, right):
                return choose.choice([Add(left, right), Sub(right, left), left])
            case Mul(factors):
                less = choose.randrange(len(factors))
                return Mul((*factors[:less], *factors[less + 1 :])) if len(factors) > 2 else Mul((*factors, Num("2")))
            case Div(left, right):
                return choose.choice([Mul((left, right)), Div(right, left)])
            case Pow(base, exponent):
                return Pow(base, {"2": "3", "3": "2", "-1": "-2", "1/2": "1/3"}.get(exponent, "2"))
            case Fn(name, arguments) if name in SWAPPED:
                return Fn(SWAPPED[name], arguments)
            case Red(kind, letters, body, False) if kind in SWAPPED:
                return Red(SWAPPED[kind], letters, body)
            case Choice(test, yes, no):
                return Choice(test, no, yes)
            case Test(relation, left, right):
                return Test({"<": ">", ">": "<", "<=": ">", ">=": "<", "==": "!=", "!=": "=="}[relation], left, right)
        return Mul((Num("2"), node))

    places = [place for place, each in enumerate(inside(node)) if not isinstance(each, Size | Test)]
    return at(node, choose.choice(places), slip)
