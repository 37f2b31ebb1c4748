"""Whether a sheet, or an expression for it, needs the rule of shifted places."""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.notation.lowering.statements import Statement
from indexcalc.notation.lowering.summation import indices_of
from indexcalc.notation.shifts.conditions import Names, compares_places
from indexcalc.notation.shifts.forms import PLACES
from indexcalc.notation.shifts.scopes import letters_in
from indexcalc.notation.syntax.places import Syntax, kind, subtrees


def is_shifted(statements: Iterable[Statement], trees: Iterable[Syntax]) -> bool:
    """Whether a sheet, or an expression for it, needs the rule of shifted places."""
    statements = list(statements)
    sizes = {str(each.tree.children[-1]) for each in statements if each.kind == "index"}
    every = [*(each.tree for each in statements), *trees]
    if any(_is_shifted(each.tree) for each in statements) or any(map(_has_places, trees)):
        return True
    lefts = [subtrees(each.tree)[0] for each in statements if each.kind == "definition"]
    fixed = {str(left.children[0]): _is_fixed(left) for left in lefts}
    if any(fixed[str(left.children[0])] != _is_fixed(left) for left in lefts):  # a base beside a rule
        return True
    return any(_compares_forms(tree, sizes) for tree in every)


def _compares_forms(tree: Syntax, sizes: set[str]) -> bool:
    """Whether a condition compares a letter with a size, or affine forms of letters."""
    conditions = [each for each in tree.iter_subtrees() if kind(each) == "condition"]
    if not conditions:
        return False
    names = Names(sizes=set(sizes))
    letters_in(tree, names)
    for each in conditions:
        sides = subtrees(each)
        words = {str(side.children[0]) for side in sides if kind(side) == "name"}
        is_form = any(kind(side) not in ("name", "number") for side in sides)
        if compares_places(each, names) and (is_form or words & sizes - names.letters):
            return True
    return False


def _is_shifted(tree: Syntax) -> bool:
    match kind(tree):
        case "outside":
            return True
        case "index":
            return not isinstance(tree.children[-1], str)
        case "definition":
            return _has_places(tree)
    return _has_places(tree)


def _is_fixed(left: Syntax) -> bool:
    return kind(left) == "tensor" and any(str(each).isdecimal() for each in indices_of(left).children)


def _has_places(tree: Syntax) -> bool:
    return any(kind(each) in PLACES for each in tree.iter_subtrees())
