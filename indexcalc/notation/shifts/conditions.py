"""Conditions between places: affine forms of letters on both sides."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexcalc.notation.shifts.forms import Written, said, written
from indexcalc.notation.syntax.places import Syntax, error_at, kind, place_of, subtrees

SCOPED = "~"  # parts the letter of a text from the number of its scope
Condition = tuple[str, Written]  # ">=", "==" or "!=", and what is compared with 0
NEGATED = {">=": "<", "==": "!=", "!=": "=="}


@dataclass(eq=False)
class Names:
    """What the names of a sheet are: letters, sizes, and the letters that `index` declares."""

    letters: set[str] = field(default_factory=set)
    sizes: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    scalars: set[str] = field(default_factory=set)


def compares_places(tree: Syntax, names: Names) -> bool:
    """Whether a condition compares affine forms of letters, of which there is one at least."""
    sides = [side for side in tree.children if not isinstance(side, str)]
    words = [word for side in sides for word in _words(side)]
    if any(word is None for word in words):
        return False
    found = {word for word in words if word}
    letters = {word for word in found if word.partition(SCOPED)[0] in names.letters}
    return bool(letters) and all(
        word in letters or word in names.sizes for word in found if word not in names.scalars
    ) and not (found - letters) & names.scalars


def _words(tree: Syntax) -> list[str | None]:
    """The names in an affine form that is written as an expression; none among them if it is no such form."""
    match kind(tree):
        case "name":
            return [str(tree.children[0])]
        case "number":
            return [""] if str(tree.children[0]).isdecimal() else [None]
        case "sum" | "negative" | "product":
            if any(isinstance(each, str) and each.type.endswith("OVER") for each in tree.children):
                return [None]
            return [word for each in subtrees(tree) for word in _words(each)]
    return [None]


def affine(tree: Syntax, text: str) -> Written:
    """The form of an expression of letters. Raises IndexcalcError for a product of letters."""
    match kind(tree):
        case "name" | "number":
            return written(tree.children[0], text)
        case "negative":
            found = affine(subtrees(tree)[0], text)
            return found.times(-1) if (len(tree.children) - 1) % 2 else found
        case "sum":
            total, sign = Written((), 0), 1
            for child in tree.children:
                if isinstance(child, str):
                    sign = -1 if child.type.endswith("MINUS") else 1
                else:
                    total, sign = total.plus(affine(child, text).times(sign)), 1
            return total
    found = Written((), 1)
    for child in subtrees(tree):
        part = affine(child, text)
        if found.names and part.names:
            cause = f"{said(tree, text)} is a product of two letters, which is not affine"
            raise error_at(cause, "Compare sums of letters, each times a whole number", place_of(tree, text))
        found = part.times(found.constant) if part.names else found.times(part.constant)
    return found


def conditions_of(tree: Syntax, text: str) -> list[Condition]:
    """What a condition on places says."""
    left, relation, right = tree.children
    assert not isinstance(left, str) and not isinstance(right, str)
    difference = affine(right, text).plus(affine(left, text).times(-1))
    match str(relation):
        case "<=":
            return [(">=", difference)]
        case "<":
            return [(">=", difference.plus(Written((), -1)))]
        case ">=":
            return [(">=", difference.times(-1))]
        case ">":
            return [(">=", difference.times(-1).plus(Written((), -1)))]
    return [(str(relation), difference)]


def negation(condition: Condition) -> Condition:
    """What holds where a condition does not."""
    relation, form = condition
    if relation == ">=":
        return ">=", form.times(-1).plus(Written((), -1))
    return NEGATED[relation], form
