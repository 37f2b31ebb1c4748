"""The first look at what matrix notation made: implied sums, primitives, symmetric matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.calculus.primitives import PRIMITIVES
from indexcalc.notation.lowering.ranges import Key
from indexcalc.notation.syntax.names import check_name, counted
from indexcalc.notation.syntax.places import Place, Syntax, error_at, place_of
from indexcalc.terms import Range

if TYPE_CHECKING:
    from indexcalc.notation.lowering.survey import Survey


def contract(survey: Survey, tree: Syntax) -> None:
    """A sum that matrix notation implies."""
    survey.indices(tree.children[1])
    survey.children(tree)


def primitive(survey: Survey, tree: Syntax) -> None:
    """An inverse or its like: its slots run over the ranges of the operands' axes."""
    name, primitive = str(tree.children[0]), PRIMITIVES[str(tree.children[1])]
    survey.children(tree)
    place = place_of(tree, survey.text)
    _, batch, *operands = (child for child in tree.children if not isinstance(child, str) or child.type == "NAME")
    parts = [each.children for each in operands if not isinstance(each, str)]
    matrices = [[str(letter) for letter in inside.children] for _, inside in parts if not isinstance(inside, str)]
    if primitive.square:
        survey.ranges.join(matrices[0][0], matrices[0][1], place)
    if len(matrices) > 1:
        survey.ranges.join(matrices[0][0], matrices[1][0], place)
    like = [matrices[operand][at] for operand, at in primitive.like]
    letters = [] if isinstance(batch, str) else [str(letter) for letter in batch.children]
    survey.uses.setdefault(name, (len(letters) + len(like), place))
    for slot, letter in enumerate((*letters, *like)):
        survey.ranges.root((name, slot))
        survey.ranges.join(letter, (name, slot), place)


def symmetry(survey: Survey, tree: Syntax) -> None:
    """Names of square matrices."""
    for token in (child for child in tree.children if isinstance(child, str) and child.type == "NAME"):
        name, place = str(token), place_of(token, survey.text)
        check_name(name, place)
        known, first = survey.uses.setdefault(name, (2, place))
        if known != 2:
            raise error_at(
                f"{name} has {counted(known)}, and a symmetric matrix has 2 indices",
                f"Declare it as tensor {name}[i,j]",
                place,
                first,
            )
        survey.order.setdefault(name)
        survey.ranges.root((name, 0))
        survey.ranges.join((name, 0), (name, 1), place)


def declare(survey: Survey, key: Key, range: Range, place: Place) -> None:
    """Take over the range of a letter or slot from a sheet that was made by hand."""
    survey.ranges.root(key)
    if range.named:
        if range.size is None:
            survey.sizes.setdefault(range.label, place)
        survey.ranges.give_size(key, range.label, place)
    elif key != range.label:
        survey.ranges.meet(range.label, place)
        survey.ranges.join(range.label, key, place)
