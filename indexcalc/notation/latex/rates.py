r"""Derivatives by the time: \frac{d}{dt}(a_i b_i) is \frac{da_i}{dt} b_i + a_i \frac{db_i}{dt}.

Where the time stands nowhere in a document but below such lines, its tensors are unknown functions of it: all of those
that are differentiated by it, or have a dot, somewhere. \dot a_i is the tensor a_dot, and everything else goes by the
chain rule: the sum of \frac{\partial f}{\partial a_i} \dot a_i over all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, islice

from lark import Token

from indexcalc.notation.latex.names import Words
from indexcalc.notation.latex.scripts import node, token
from indexcalc.notation.syntax.places import Syntax, kind

TIME = "t"
RATES = ("", "_dot", "_ddot")  # of a name, as dots above it are read
CAUSE = "nothing in this is differentiated by t on its own"
REMEDY = r"Write what depends on it somewhere as \frac{d a_{i}}{dt} or \dot a_{i}"


class NoRate(Exception):
    """Why a derivative by the time cannot be read."""


def rate(body: Syntax, words: Words) -> Syntax:
    """The derivative of an expression by the time. Raises NoRate."""
    name = str(body.children[0]) if kind(body) in ("name", "tensor") else ""
    rates = {base + RATES[order]: base + RATES[order + 1] for base in _moving(words) for order in (0, 1)}
    if name in rates:
        head = token("NAME", rates[name], body)
        return node(kind(body), [head, *body.children[1:]], body)
    inside = names_in(body)
    if unknown := sorted(inside.intersection(words.usage.slopes) - {*rates, *words.defined}):
        raise NoRate(f"how {unknown[0]} depends on t is not said")
    terms = [
        _term(body, base + RATES[order], base + RATES[order + 1], rank)
        for base, rank in _moving(words).items()
        for order in (0, 1)
        if base + RATES[order] in inside or words.knows(base + RATES[order])
    ]
    if not terms:
        raise NoRate(CAUSE)
    signs = [token("PLUS", "+", body)] * len(terms)
    parts = [part for pair in zip(signs, terms, strict=True) for part in pair]
    return terms[0] if len(terms) == 1 else node("sum", parts[1:], body)


def _moving(words: Words) -> dict[str, int]:
    """The unknown functions of the time; what has a definition depends on it through that."""
    usage = words.usage
    return {name: rank for name, rank in usage.moving.items() if name not in words.defined and name not in usage.slopes}


def _term(body: Syntax, name: str, inner: str, rank: int) -> Syntax:
    """The derivative by a tensor times the rate of that, summed over indices that the body does not have."""
    taken = {str(value) for value in body.scan_values(lambda value: isinstance(value, str))}
    new = (letter for number in count(1) if (letter := f"k_{number}") not in taken)
    letters = [token("INDEX", letter, body) for letter in islice(new, rank)]
    slope = node("diff", [body, element(name, letters, body)], body)
    return node("product", [slope, element(inner, letters, body)], body)


def names_in(tree: Syntax) -> set[str]:
    """The names of the numbers and tensors in a tree."""
    return {str(part.children[0]) for part in tree.iter_subtrees() if kind(part) in ("name", "tensor")}


def element(name: str, letters: Sequence[Token], at: Syntax) -> Syntax:
    """An element of a tensor, or a number."""
    head = token("NAME", name, at)
    return node("tensor", [head, node("indices", letters, at)], at) if letters else node("name", [head], at)
