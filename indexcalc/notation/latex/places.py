r"""Shifted places below a name: x_{i+k-1}, A_{2i, j}, x_{(i+1) \bmod n}; and how places are spelled.

What is read are the nodes of places of the ASCII dialect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lark import Token, Tree

from indexcalc.notation.latex.names import Words, spelled_index, spelled_indices
from indexcalc.notation.latex.words import base_name, index_words, items_of
from indexcalc.notation.syntax.places import Syntax, kind

WORDS = re.compile(r"[^\W\d]\w*'*|\d+|[-+*()]")


def places_of(items: Sequence[Syntax], rank: int | None) -> list[Syntax | Token] | None:
    """The places below a name with so many indices; none if no place is shifted, or something else stands there."""
    plain = index_words(items)
    if not rank or (plain is not None and sum(map(len, plain)) == rank):
        return None
    found: list[Syntax | Token] = []
    is_shifted = False
    for item in items:
        words = index_words([item])
        if words is not None and not _is_multiple(item):
            found += [_token("INDEX", each.name, each.token) for group in words for each in group]
            continue
        place = _place(item)
        if place is None:
            return None
        found.append(place)
        is_shifted = True
    return found if is_shifted and len(found) == rank else None


def looked_up(items: Sequence[Syntax], rank: int | None, words: Words) -> list[Syntax | Token] | None:
    r"""The places below a name with so many indices where one is looked up, E_{t_i d}; none if none is.

    t_i is an element where t is a tensor of the sheet with one index, and t_i no letter of it.
    """
    if not rank:
        return None
    found: list[Syntax | Token] = []
    parts = [each for item in items for each in (item.children if kind(item) == "product" else [item])]
    for part in parts:
        if isinstance(part, Token):
            return None
        inside = index_words([part])
        if inside is None:
            return None
        found.append(_lookup(part, words) or _token("INDEX", inside[0][0].name, inside[0][0].token))
        found += [_token("INDEX", each.name, each.token) for each in inside[0][1:]]
    return found if len(found) == rank and any(isinstance(each, Tree) for each in found) else None


def _lookup(part: Syntax, words: Words) -> Syntax | None:
    """The node of a place that is looked up; none if it is a letter."""
    if kind(part) != "scripted" or len(part.children) != 2 or not isinstance(part.children[0], Tree):
        return None
    name, below = base_name(part.children[0]), part.children[1]
    whole = index_words([part])
    if not name or not isinstance(below, Tree) or kind(below) != "below" or not whole:
        return None
    if whole[0][0].name in words.letters or not words.rank(name):
        return None
    items = items_of(below)
    inner = index_words(items)
    places = looked_up(items, words.rank(name), words)
    if places is None:
        if inner is None or sum(map(len, inner)) != words.rank(name):
            return None
        places = [_token("INDEX", each.name, each.token) for group in inner for each in group]
    head = _token("INDEX", name, whole[0][0].token)
    return Tree("place__lookup", [head, Tree("indices", places, part.meta)], part.meta)


def _is_multiple(item: Syntax) -> bool:
    """Whether an item is a number before letters: 2i."""
    first = item.children[0] if item.children else None
    return kind(item) == "product" and isinstance(first, Tree) and kind(first) == "number"


def _place(tree: Syntax) -> Syntax | Token | None:
    match kind(tree):
        case "name" | "number" | "scripted":
            return _letter(tree)
        case "bracket" if len(tree.children) == 1 and isinstance(tree.children[0], Tree):
            inner = tree.children[0]
            inside = inner.children[0] if kind(inner) == "list" and len(inner.children) == 1 else inner
            return None if isinstance(inside, Token) else _place(inside)
        case "sum" | "negative":
            return _node("place__shifted", tree)
        case "product" if any(isinstance(each, Token) and each.type.endswith("MODULO") for each in tree.children):
            return _modulo(tree)
        case "product":
            return _node("place__scaled", tree)
    return None


def _letter(tree: Syntax) -> Token | None:
    if kind(tree) == "number":
        number = tree.children[0]
        return _token("INDEX", str(number), number) if isinstance(number, Token) and number.isdigit() else None
    words = index_words([tree])
    if words is None or len(words[0]) != 1:
        return None
    return _token("INDEX", words[0][0].name, words[0][0].token)


def _node(name: str, tree: Syntax) -> Syntax | None:
    children: list[Syntax | Token] = []
    for child in tree.children:
        made = _sign(child) if isinstance(child, Token) else _place(child)
        if made is None:
            return None
        children.append(made)
    return Tree(name, children, tree.meta)


def _sign(token: Token) -> Token | None:
    for name, sign in (("PLUS", "+"), ("MINUS", "-"), ("TIMES", "*"), ("OVER", "/")):
        if token.type.endswith(name):
            return _token(name, sign, token)
    return None


def _modulo(tree: Syntax) -> Syntax | None:
    *inner, sign, period = tree.children
    place = _place(inner[0]) if len(inner) == 1 and isinstance(inner[0], Tree) else None
    last = _place(period) if isinstance(period, Tree) else None
    if place is None or last is None or not isinstance(sign, Token) or not sign.type.endswith("MODULO"):
        return None
    return Tree("place__modulo", [place, sign, last], tree.meta)


def _token(name: str, text: str, at: Token) -> Token:
    return Token(name, text, start_pos=at.start_pos, end_pos=at.end_pos)


def spelled_places(places: tuple[str, ...]) -> str:
    """Places one after the other, with commas where one of them is shifted."""
    if any("[" in place for place in places):
        return ", ".join(spelled_lookup(place) if "[" in place else spelled_place(place) for place in places)
    if all(place.rstrip("'").isidentifier() or place.isdigit() for place in places):
        return spelled_indices(places)
    return ", ".join(map(spelled_place, places))


def spelled_lookup(place: str) -> str:
    """A place that is looked up: t_{i} for t[i], t_{s_{i}} for t[s[i]]."""
    name, _, inside = place.partition("[")
    inner: list[str] = [""]
    depth = 0
    for sign in inside[:-1]:
        depth += (sign == "[") - (sign == "]")
        if sign == "," and not depth:
            inner.append("")
        else:
            inner[-1] += sign
    return f"{spelled_index(name)}_{{{spelled_places(tuple(inner))}}}"


def spelled_place(place: str) -> str:
    """A place as it is written: a letter, or an affine form of some."""
    text = ""
    for word in WORDS.findall(place):
        if word == "mod":
            text += r" \bmod "
        elif word == "*":
            text += " "
        elif word[0].isalpha() or word[0] == "_":
            text += spelled_index(word)
        else:
            text += f" {word} " if word in "+-" and text and text[-1] != "(" else word
    return text
