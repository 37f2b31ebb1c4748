"""Making nodes of trees: matrix notation becomes trees of the notation with indices, at the places where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexcalc.notation.syntax.places import Syntax, Token, kind

OPEN, CLOSE = "\x01", "\x02"  # around a letter in the text of a formula, so that a letter that is free is found again


def node(like: Syntax, name: str, children: Iterable[Syntax | Token]) -> Syntax:
    """A node that stands where another one does."""
    return type(like)(name, list(children), like.meta)


def token(like: Syntax, type_: str, text: str) -> Token:
    """A token that stands where a node does."""
    from lark import Token as Made

    place = like.meta
    return Made(type_, text, start_pos=getattr(place, "start_pos", None), end_pos=getattr(place, "end_pos", None))


def indices(like: Syntax, letters: Iterable[str]) -> Syntax:
    """A list of indices."""
    return node(like, "indices", [token(like, "INDEX", letter) for letter in letters])


def access(like: Syntax, name: str, letters: Iterable[str]) -> Syntax:
    """A tensor at some letters; a scalar if there are none."""
    letters = list(letters)
    head = token(like, "NAME", name)
    return node(like, "tensor", [head, indices(like, letters)]) if letters else node(like, "name", [head])


def number(like: Syntax, text: str) -> Syntax:
    """A number."""
    return node(like, "number", [token(like, "NUMBER", text)])


def product(like: Syntax, factors: Iterable[Syntax]) -> Syntax:
    """A product."""
    children: list[Syntax | Token] = []
    for factor in factors:
        if children:
            children.append(token(like, "TIMES", "*"))
        children.append(factor)
    return children[0] if len(children) == 1 and not isinstance(children[0], str) else node(like, "product", children)


def total(like: Syntax, letters: Iterable[str], body: Syntax) -> Syntax:
    """A sum that the text implies, over letters."""
    letters = list(letters)
    if not letters:
        return body
    return node(like, "contract", [token(like, "REDUCTION", "sum"), indices(like, letters), body])


def summed_product(like: Syntax, letters: Iterable[str], factors: Iterable[Syntax]) -> Syntax:
    """The sum of a product, with the sums and products of which it is made by such sums in one: a chain is not deep."""
    every, flat = list[str](), list[Syntax]()
    for factor in factors:
        inside = [factor]
        if kind(factor) == "contract":
            _, own, body = factor.children
            assert not isinstance(own, str) and not isinstance(body, str)
            every += map(str, own.children)
            inside = [body]
        for each in inside:
            plain = kind(each) == "product" and all(str(s) == "*" for s in each.children if isinstance(s, str))
            flat += [child for child in each.children if not isinstance(child, str)] if plain else [each]
    return total(like, [*every, *letters], product(like, flat))


def call(like: Syntax, name: str, arguments: Iterable[Syntax]) -> Syntax:
    """A function of some arguments."""
    return node(like, "call", [token(like, "CALLED", name), *arguments])


def power(like: Syntax, base: Syntax, exponent: Syntax) -> Syntax:
    """A power."""
    return node(like, "power", [base, token(like, "POWER", "^"), exponent])


def letters_of(tree: Syntax) -> Iterator[str]:
    """The letters in a tree that no sum in it binds, in order, with repetitions."""
    name = kind(tree)
    if name == "indices":
        yield from (str(each) for each in tree.children if isinstance(each, str) and is_letter(each))
        return
    bound: set[str] = set()
    children = list(tree.children)
    if name in ("reduce", "contract", "bound"):
        inside = children[1]
        assert not isinstance(inside, str)
        bound = set(letters_of(inside))
        children = children[2:]
    for child in children:
        if not isinstance(child, str):
            yield from (letter for letter in letters_of(child) if letter not in bound)


def is_letter(index: Token) -> bool:
    """Whether an index is a letter: no place, no colon."""
    return not str(index).isdecimal() and str(index) != ":"


def text_of(tree: Syntax) -> str:
    """The text of a formula with indices: its tokens side by side, its free letters marked."""
    free = set(letters_of(tree))
    words = []

    def walk(each: Syntax | Token) -> None:
        if isinstance(each, str):
            is_letter = getattr(each, "type", "") == "INDEX" and str(each) in free
            words.append(f"{OPEN}{each}{CLOSE}" if is_letter else str(each))
        elif kind(each) == "indices":
            words.append("[")
            for place, child in enumerate(each.children):
                if place:
                    words.append(",")
                walk(child)
            words.append("]")
        elif kind(each) in ("name", "number", "tensor"):
            for child in each.children:
                walk(child)
        else:
            inner = list(each.children)
            words.append(f"{kind(each)}(" if kind(each) not in ("call", "reduce") else "")
            for place, child in enumerate(inner):
                if place and not isinstance(child, str) and kind(child) != "indices":
                    words.append("(" if place == 1 or (place == 2 and kind(each) == "reduce") else ",")
                walk(child)
            words.append(")")

    walk(tree)
    return "".join(words)
