r"""Building and comparing trees of what is written in LaTeX (those of grammars/latex.lark).

Here: elements (a name with letters below it), sums, products, deltas; two trees that differ in one index only, such as
the first and the last term of x_1 y_1 + \ldots + x_n y_n; and what names and brackets look like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lark import Token, Tree

from indexcalc.notation.latex.scripts import node, token
from indexcalc.notation.latex.words import base_name
from indexcalc.notation.syntax.places import Syntax, kind, subtrees

Part = Syntax | Token


def letter(name: str, at: Syntax) -> Syntax:
    """An index letter, or a place if the name is a number."""
    if name.isdigit():
        return node("number", [token("NUMBER", name, at)], at)
    return node("name", [token("LETTER", name, at)], at)


def listed(items: Sequence[Syntax], at: Syntax) -> Syntax:
    """A list, as it stands in brackets and scripts."""
    return node("list", list(items), at)


def scripted(base: Syntax, below: Sequence[Syntax], others: Sequence[Part] = ()) -> Syntax:
    """A base with indices below it, and further scripts."""
    scripts = [node("below", [listed(below, base)], base)] if below else []
    return node("scripted", [base, *scripts, *others], base) if scripts or others else base


def bracket(inner: Syntax) -> Syntax:
    """An expression in brackets."""
    return node("bracket", [listed([inner], inner)], inner)


def added(first: Syntax, second: Syntax, sign: str = "PLUS") -> Syntax:
    """A sum or a difference."""
    text = "+" if sign == "PLUS" else "-"
    return node("sum", [bracket(first), token(sign, text, first), bracket(second)], first)


def multiplied(*factors: Syntax) -> Syntax:
    """A product."""
    return factors[0] if len(factors) == 1 else node("product", list(map(bracket, factors)), factors[0])


def divided(above: Syntax, below: Syntax) -> Syntax:
    """A quotient."""
    return node("fraction", [token("FRAC", r"\frac", above), above, below], above)


def delta(first: Syntax, second: Syntax, at: Syntax) -> Syntax:
    """A Kronecker delta."""
    return scripted(node("name", [token("GREEK", r"\delta", at)], at), [first, second])


def permutation(first: Syntax, second: Syntax, third: Syntax, at: Syntax) -> Syntax:
    """The permutation symbol."""
    return scripted(node("name", [token("GREEK", r"\varepsilon", at)], at), [first, second, third])


def number(value: int, at: Syntax) -> Syntax:
    """A small number that is not negative."""
    return node("number", [token("NUMBER", str(value), at)], at)


def summed(index: Syntax, body: Syntax, size: Syntax | None = None) -> Syntax:
    """A sum over an index, to a size if one is given."""
    low: Syntax = index
    above: list[Part] = []
    if size is not None:
        sign = token("RELATION", "=", body)
        low = node("comparison", [index, sign, number(1, body)], body)
        above = [node("above", [listed([size], body)], body)]
    below = node("below", [listed([low], body)], body)
    return bracket(node("big", [token("BIG", r"\sum", body), below, *above, bracket(body)], body))


# ----- Looking at trees ----------------------------------------------------------------------------------------------


def spelled(tree: Syntax) -> str:
    """The tokens of a tree, one after the other: a key for equal subscripts."""
    return "".join(str(value) for value in tree.scan_values(lambda value: isinstance(value, Token)))


def items(below: Syntax) -> list[Syntax]:
    """The single indices of a subscript: with or without commas, digits one by one if nothing parts them."""
    content = subtrees(below)
    if not content:
        return []
    if kind(content[0]) != "list":
        return _single(content[0], alone=True)
    parts = subtrees(content[0])
    return [each for part in parts for each in _single(part, alone=len(parts) == 1)]


def indices(tree: Syntax) -> list[Syntax]:
    """The indices of all subscripts in a tree."""
    return [item for below in tree.find_pred(lambda each: kind(each) == "below") for item in items(below)]


def _single(tree: Syntax, alone: bool) -> list[Syntax]:
    if kind(tree) == "product" and not any(isinstance(child, Token) for child in tree.children):
        return [each for child in subtrees(tree) for each in _single(child, alone)]
    if kind(tree) == "number" and alone:
        return [letter(digit, tree) for digit in str(tree.children[0])]
    return [tree]


def changed(tree: Syntax, change: Mapping[str, Syntax]) -> Syntax:
    """The tree with other indices for those that are spelled so."""
    if kind(tree) == "below":
        new = [change.get(spelled(item), item) for item in items(tree)]
        return node("below", [listed(new, tree)], tree) if new else tree
    children = [changed(child, change) if isinstance(child, Tree) else child for child in tree.children]
    return Tree(tree.data, children, tree.meta)


def differences(first: Syntax, second: Syntax) -> dict[str, Syntax] | None:
    """The indices of one tree that are others in the other one; none if they differ in more than indices."""
    found: dict[str, Syntax] = {}
    return found if _differ(first, second, found) else None


def _differ(first: Part, second: Part, found: dict[str, Syntax]) -> bool:
    if isinstance(first, Token) or isinstance(second, Token):
        return isinstance(first, Token) and isinstance(second, Token) and str(first) == str(second)
    if kind(first) != kind(second):
        return False
    if kind(first) == "below":
        one, other = items(first), items(second)
        pairs = list(zip(one, other, strict=False))
        for old, new in pairs:
            if spelled(old) != spelled(new) and spelled(found.setdefault(spelled(old), new)) != spelled(new):
                return False
        return len(one) == len(other)
    same = len(first.children) == len(second.children)
    return same and all(_differ(*pair, found) for pair in zip(first.children, second.children, strict=True))


def same(first: Syntax, second: Syntax) -> bool:
    """Whether two trees say the same, but for how their subscripts are spaced."""
    return differences(first, second) == {}


# ----- What names and brackets look like -----------------------------------------------------------------------------


def rows_of(name: str) -> str:
    """The name of a matrix whose rows go by this name: its capital."""
    return name[:1].upper() + name[1:]


def bracketed(tree: Syntax) -> tuple[Syntax | None, Sequence[Part]]:
    """What stands in a bracket, and the scripts of the bracket."""
    base, scripts = (tree.children[0], tree.children[1:]) if kind(tree) == "scripted" else (tree, [])
    inner = only(base) if isinstance(base, Tree) and kind(base) in ("bracket", "braces", "group") else None
    return inner, scripts


def only(tree: Syntax) -> Syntax | None:
    """The only expression in a bracket or a group."""
    inner = subtrees(tree)
    if len(inner) == 1 and kind(inner[0]) == "list":
        inner = subtrees(inner[0])
    return inner[0] if len(inner) == 1 and kind(inner[0]) != "comparison" else None


BOLD = frozenset(("mathbf", "boldsymbol", "bm", "vec", "mathbfit", "pmb"))


def is_bold(tree: Syntax) -> bool:
    r"""Whether a font or an accent somewhere in a name says that it is no number: \hat{\mathbf{y}}."""
    nodes = [tree, *(part for part in subtrees(tree) if kind(part) in ("font", "accent"))]
    return any(str(node.children[0]).removeprefix("\\") in BOLD for node in nodes if kind(node) != "name")


def is_number(above: Part) -> bool:
    """Whether a superscript is a number."""
    return isinstance(above, Tree) and kind(above) == "above" and spelled(above).lstrip("-").isdigit()


def is_transposition(above: Syntax) -> bool:
    r"""Whether a superscript is \top or T."""
    content = above.children[0] if above.children else None
    if isinstance(content, Token):
        return content.type.endswith("TOP")
    found = spelled(above)
    return found in ("T", "\\top", "\\intercal")


def small(tree: Syntax) -> Syntax | None:
    """The name in small letters, if it is a capital."""
    other = other_case(tree)
    name = base_name(tree) if other is not None else None
    return other if name and name[:1].isupper() else None


def other_case(tree: Syntax) -> Syntax | None:
    """The same name as a capital, or as a small letter."""
    while kind(tree) == "font":
        tree = subtrees(tree)[-1]
    if kind(tree) == "accent":
        inner = other_case(subtrees(tree)[-1])
        return node("accent", [tree.children[0], inner], tree) if inner is not None else None
    if kind(tree) != "name" or not isinstance(tree.children[0], Token):
        return None
    return node("name", [tree.children[0].update(value=str(tree.children[0]).swapcase())], tree)
