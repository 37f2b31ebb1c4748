"""Looking at, and changing, the trees that both dialects share (those of grammars/expression.lark)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from lark import Token, Tree

from indexcalc.notation.lowering.summation import index_letters, indices_of
from indexcalc.notation.syntax.places import Syntax, kind, subtrees


def nodes(tree: Syntax) -> Iterator[Syntax]:
    """All nodes of a tree."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        pending += subtrees(node)


def bare(tree: Syntax) -> str:
    """The name of a tensor at different letters, or of a scalar; empty for anything else."""
    if kind(tree) == "tensor":
        letters = ends(tree)
        if len(set(letters)) < len(indices_of(tree).children):
            return ""
    elif kind(tree) != "name":
        return ""
    name = str(tree.children[0])
    return "" if name == "delta" or (name == "eps" and kind(tree) == "tensor") else name


def rank_of(tree: Syntax) -> int:
    """The number of indices of a tensor or a scalar."""
    return len(indices_of(tree).children) if kind(tree) == "tensor" else 0


def ends(tensor: Syntax) -> list[str]:
    """The letters of a tensor."""
    return index_letters(indices_of(tensor))


def names_in(tree: Syntax) -> dict[str, None]:
    """The names of the tensors and scalars in a tree."""
    return {str(node.children[0]): None for node in nodes(tree) if kind(node) in ("name", "tensor", "call")}


def ranks_in(tree: Syntax) -> dict[str, int]:
    """The numbers of indices of the tensors and scalars in a tree, by their first occurrence."""
    found: dict[str, int] = {}
    for node in nodes(tree):
        if kind(node) in ("name", "tensor"):
            found.setdefault(str(node.children[0]), rank_of(node))
    return found


def numerator(tree: Syntax) -> Syntax:
    """What a derivative differentiates."""
    child = tree.children[0]
    assert isinstance(child, Tree)
    return child


def renamed(tree: Syntax, change: Callable[[str], str]) -> Syntax:
    """The tree with its index letters changed."""
    letters = {letter for node in nodes(tree) if kind(node) in ("indices", "bounded") for letter in index_letters(node)}

    def walk(node: Syntax, condition: bool) -> Syntax:
        condition = condition or kind(node) == "condition"
        is_letter = kind(node) == "indices" or (condition and kind(node) == "name")
        children: list[Syntax | Token] = []
        for place, child in enumerate(node.children):
            if isinstance(child, Tree):
                children.append(walk(child, condition))
            elif (is_letter or (kind(node) == "bounded" and place == 0)) and str(child) in letters:
                children.append(child.update(value=change(str(child))))
            else:
                children.append(child)
        return Tree(node.data, children, node.meta)

    return walk(tree, False)


def mapped(tree: Syntax, change: Callable[[Syntax], Syntax | Token | None]) -> Syntax:
    """The tree where some nodes are others: those for which the change gives one."""
    children: list[Syntax | Token] = []
    for child in tree.children:
        new = change(child) if isinstance(child, Tree) else None
        children.append(child if isinstance(child, Token) else new if new is not None else mapped(child, change))
    return Tree(tree.data, children, tree.meta)


def is_open(tree: Syntax, letters: Collection[str]) -> bool:
    """Whether one of these letters is an index somewhere in a tree."""
    return any(letter in letters for node in nodes(tree) if kind(node) == "indices" for letter in index_letters(node))


def unbounded(tree: Syntax) -> Syntax:
    """The tree without the sizes to which its sums run."""
    return mapped(tree, lambda node: _letter(node) if kind(node) == "bounded" else None)


def _letter(node: Syntax) -> Token:
    child = node.children[0]
    assert isinstance(child, Token)
    return child


def row_wise(tree: Syntax, names: Mapping[str, str], letter: str, last: bool = False) -> Syntax:
    """The tree where some vectors (without names: all) are rows of matrices, at one more index."""

    def change(node: Syntax) -> Syntax | None:
        name = str(node.children[0])
        if kind(node) != "tensor" or (names and name not in names):
            return None
        head, listed = node.children[0], indices_of(node)
        new = Token("INDEX", letter)
        indices = [*listed.children, new] if last else [new, *listed.children]
        title = head.update(value=names.get(name, name)) if isinstance(head, Token) else head
        return Tree(node.data, [title, Tree(listed.data, indices, listed.meta)], node.meta)

    return change(tree) or mapped(tree, change)
