r"""What names and scripts mean in LaTeX, given the names that a sheet knows.

    a_{pq}         element of a                    n_{o}       the size or scalar n_o, if there is one
    a_{pq}^{L}     a_L if that is known, else a    a_{pq}^{2}  a power
    \hat{y}_{p}    y_hat                           \text{CE}   CE

What `notation` in the sheet says goes before all this. Among known names the one that fits the number of indices wins;
of a name that is not known the label becomes a part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lark import Token, Tree

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.notation.latex.names import ACCENTS, PERMUTATION, Words
from indexcalc.notation.syntax.foreign import SPELLINGS
from indexcalc.notation.syntax.places import Syntax, kind

FUNCTION_NAMES = {**{name: name for name in FUNCTIONS}, **SPELLINGS}
SPECIAL = {"*": "star", r"\ast": "star", r"\star": "star", r"\dagger": "dagger"}


@dataclass(frozen=True)
class IndexWord:
    """An index as written: its name in the sheet, and whether it is written as a word in upright letters."""

    name: str
    token: Token
    upright: bool = False


# ----- Names -----------------------------------------------------------------------------------------------------


def name_in(token: Token) -> str:
    r"""The name that a letter, a Greek letter or a text spells: \ell is l, \text{a b} is a_b."""
    text = str(token)
    if token.type.endswith("TEXT"):
        content = text.partition("{")[2]
        content, _, primes = content.rpartition("}")
        return re.sub(r"[\s\-]+", "_", content.replace(r"\_", "_").strip()) + primes
    name = text.removeprefix("\\")
    return "l" + name[3:] if text.startswith(r"\ell") else name


def base_name(tree: Syntax) -> str | None:
    """The name that an atom spells, accents included; none if it spells no name."""
    match kind(tree):
        case "name":
            return name_in(_token(tree))
        case "group":
            return base_name(_node(tree, 0))
        case "font":
            inner = _node(tree, 1)
            return base_name(inner) or _joined_letters(inner)
        case "accent":
            inner_name = base_name(_node(tree, 1))
            accent = ACCENTS[str(tree.children[0]).removeprefix("\\")]
            return f"{inner_name}_{accent}" if inner_name else None
    return None


def _joined_letters(tree: Syntax) -> str | None:
    r"""The name that letters side by side make under one font: \mathcal{CE}."""
    if kind(tree) != "product" or any(isinstance(child, Token) for child in tree.children):
        return None
    names = [base_name(child) for child in tree.children if not isinstance(child, Token)]
    return "".join(name for name in names if name) if all(names) else None


def _node(tree: Syntax, place: int) -> Syntax:
    child = tree.children[place]
    assert isinstance(child, Tree)
    return child


def _token(tree: Syntax) -> Token:
    child = tree.children[0]
    assert isinstance(child, Token)
    return child


# ----- Scripts ---------------------------------------------------------------------------------------------------


def items_of(script: Syntax) -> list[Syntax]:
    """What a script holds, by its commas."""
    if not script.children or isinstance(script.children[0], Token):
        return []
    content = script.children[0]
    return [each for each in content.children if isinstance(each, Tree)] if kind(content) == "list" else [content]


def is_braced(script: Syntax) -> bool:
    """Whether a script stands in braces."""
    content = script.children[0] if script.children else None
    return isinstance(content, Tree) and kind(content) == "list"


def index_words(items: Sequence[Syntax]) -> list[list[IndexWord]] | None:
    """The indices in a script, by its commas; none if it holds something else."""
    found = []
    for item in items:
        words = _index_words(item)
        if words is None:
            return None
        found.append(words)
    return found


def _index_words(tree: Syntax) -> list[IndexWord] | None:
    match kind(tree):
        case "name":
            token = _token(tree)
            return [IndexWord(name_in(token), token, token.type.endswith("TEXT"))]
        case "number":
            return _digits(_token(tree))
        case "scripted":
            return _scripted_index(tree)
        case "product":
            found: list[IndexWord] = []
            for child in tree.children:
                words = None if isinstance(child, Token) else _index_words(child)
                if words is None:
                    return None
                found += words
            return found
    return None


def _digits(token: Token) -> list[IndexWord] | None:
    if not token.isdigit():
        return None
    start = token.start_pos or 0
    return [IndexWord(digit, _moved(token, digit, start + place)) for place, digit in enumerate(token)]


def _moved(token: Token, text: str, start: int) -> Token:
    new = Token.new_borrow_pos(token.type, text, token)
    new.start_pos, new.end_pos = start, start + len(text)
    return new


def _scripted_index(tree: Syntax) -> list[IndexWord] | None:
    r"""i^{\prime} is i', and i_1 the letter i_1."""
    name = base_name(_node(tree, 0)) if kind(_node(tree, 0)) == "name" else None
    for script in tree.children[1:]:
        if isinstance(script, Token):
            name = name and name + "'" * script.count("prime")
            continue
        words = index_words(items_of(script)) if kind(script) == "below" else None
        name = "_".join([name, *(word.name for each in words for word in each)]) if name and words else None
    return [IndexWord(name, _moved(_token(_node(tree, 0)), name, tree.meta.start_pos))] if name else None


def merged_digits(words: list[list[IndexWord]]) -> list[IndexWord]:
    """The indices where neighbouring digits make one place: 12 is the twelfth."""
    found: list[IndexWord] = []
    for group in words:
        start = len(found)
        for word in group:
            before = found[-1] if len(found) > start else None
            if before and before.name.isdigit() and word.name.isdigit():
                found[-1] = IndexWord(before.name + word.name, before.token)
            else:
                found.append(word)
    return found


def label_of(tree: Syntax) -> str | None:
    """The text that a script makes as a label: L, k, k_1 for (k-1), k_plus_1 for (k+1); none if it cannot be one."""
    match kind(tree):
        case "name" | "accent" | "font" | "group":
            return base_name(tree)
        case "number":
            return str(_token(tree)).replace(".", "_")
        case "bracket" | "braces" | "list":
            return label_of(_node(tree, 0)) if len(tree.children) == 1 else None
        case "product" | "sum" | "scripted" | "below" | "above":
            parts = [_sign(child) if isinstance(child, Token) else label_of(child) for child in tree.children]
            return "_".join(part for part in parts if part) if None not in parts and any(parts) else None
    return None


def _sign(token: Token) -> str:
    """What a sign adds to a label, so that k + 1 is another one than k - 1."""
    return "plus" if token.type.endswith("PLUS") else ""


def letters_of(script: Syntax) -> tuple[str, ...]:
    """The single letters that a script holds and nothing else, without a bracket; empty for any other script."""
    words = index_words(items_of(script)) or []
    found = tuple(word for group in words for word in group)
    if any(word.upright or word.name.isdigit() for word in found):
        return ()
    return tuple(word.name for word in found)


def is_permutation(name: str, words: Words, rank: int) -> bool:
    """Whether a name with so many indices is a permutation symbol; with two it may as well be a strain."""
    return rank in (3, 4) and name in PERMUTATION and name not in words.ranks
