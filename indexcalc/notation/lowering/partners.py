r"""Sums under a condition on two letters: \sum_{i \neq j} x_i x_j runs over both, \sum_{j \neq i} a_{ij} only over j.

The second letter is bound too, unless it is bound by a sum around this one, free in a side, or stands in a factor
beside it. If that is so of the first letter only, the second one runs. LaTeX leaves this open, since a side alone does
not tell; here all sides of a chain, or of a definition, are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from indexcalc.notation.lowering.summation import body_of, compared, index_letters, indices_of
from indexcalc.notation.syntax.places import Syntax, Token, kind, subtrees

PARTNER = "PARTNER"  # the type of a second letter, which follows the first


def settled(trees: Sequence[Syntax], free: Collection[str] | None = None) -> list[Syntax]:
    """The sides where each sum binds what it runs over; `free`: the free letters, if they are known."""
    if not any(_is_open(tree) for tree in trees):
        return list(trees)
    letters = {letter for tree in trees for letter in free_letters(tree)} if free is None else set(free)
    return [_settled(tree, frozenset(letters)) for tree in trees]


def _is_open(tree: Syntax) -> bool:
    lists = (part for part in tree.iter_subtrees() if kind(part) == "indices")
    return any(is_partner(child) for part in lists for child in part.children)


def is_partner(child: Syntax | Token) -> bool:
    """Whether a letter of a list of indices is bound only where nothing else says that it is free."""
    return isinstance(child, str) and child.type == PARTNER


def _settled(tree: Syntax, outside: frozenset[str]) -> Syntax:
    if kind(tree) == "reduce":
        indices = _bound(indices_of(tree), body_of(tree), outside)
        inner = outside.union(index_letters(indices))
        return type(tree)(tree.data, [tree.children[0], indices, _settled(body_of(tree), inner)], tree.meta)
    shared = kind(tree) in ("product", "diff")
    children: list[Syntax | Token] = []
    for child in tree.children:
        if isinstance(child, str):
            children.append(child)
            continue
        beside = [_letters(each) for each in subtrees(tree) if shared and each is not child]
        children.append(_settled(child, outside.union(*beside)))
    return type(tree)(tree.data, children, tree.meta)


def _bound(indices: Syntax, body: Syntax, outside: frozenset[str]) -> Syntax:
    """The letters that a reduction binds, of which some are followed by partners."""
    found: list[Syntax | Token] = []
    for child in indices.children:
        if not isinstance(child, str) or child.type != PARTNER:
            found.append(child)
            continue
        first, partner = found[-1], str(child)
        if partner in outside or partner not in _letters(_value(body)):
            continue
        if str(first) in outside:
            found.pop()
        found.append(type(child).new_borrow_pos("INDEX", partner, child))
    return type(indices)(indices.data, found, indices.meta)


def _value(body: Syntax) -> Syntax:
    """What is summed where the conditions hold."""
    while kind(body) == "where":
        body = subtrees(body)[1]
    return body


# ----- Letters -------------------------------------------------------------------------------------------------------


def _letters(tree: Syntax) -> frozenset[str]:
    """The letters in a tree that no reduction binds."""
    return frozenset(_counted(tree))


def free_letters(tree: Syntax) -> Iterable[str]:
    """The letters that occur once in some term, or in both parts of a derivative, and so are not summed."""
    if kind(tree) in ("sum", "negative"):
        return {letter for child in subtrees(tree) for letter in free_letters(child)}
    numerator, *variables = map(_letters, subtrees(tree)) if kind(tree) == "diff" else [frozenset()]
    diagonal = {letter for variable in variables for letter in numerator & variable}
    return {letter for letter, times in _counted(tree).items() if times == 1} | diagonal


def _counted(tree: Syntax) -> Counter[str]:
    """How often the letters occur in a product that no reduction in it binds; of a sum, in one of its terms."""
    match kind(tree):
        case "tensor":
            return Counter(index_letters(indices_of(tree)))
        case "condition":
            return Counter(compared(tree))
        case "reduce":
            bound = set(index_letters(indices_of(tree)))
            return Counter({key: times for key, times in _counted(body_of(tree)).items() if key not in bound})
    whole: Counter[str] = Counter()
    for part in map(_counted, subtrees(tree)):
        whole = whole | part if kind(tree) in ("sum", "where") else whole + part
    return whole
