"""Forward accumulation: how definitions move when tensors move in given directions.

    t = e:   t'[axes] = sum over the occurrences u[i] of e of  cofactor * u'[i]  (+ the direction of t itself)

Each definition that moves gets a tangent with a name of its own, so that the length is that of the sheet.

Griewank and Walther, "Evaluating Derivatives", 2nd ed., chapter 3.
"""

from __future__ import annotations

from collections.abc import Mapping

from indexcalc.calculus.adjoint import Shorten
from indexcalc.calculus.constants import NO_SHEET, Constants
from indexcalc.calculus.derivative import occurrences
from indexcalc.sheet import Definition, Sheet
from indexcalc.terms import Contraction, Index, Product, Sum, Tensor, Term


def tangent(
    term: Term, axes: tuple[Index, ...], directions: Mapping[str, str], constants: Constants = NO_SHEET
) -> Term:
    """The tangent of a term where each tensor named here moves in the direction of the tensor named beside it.

    `constants` knows where a term is the same number for all arguments.
    """
    found = (each.apart(frozenset(axes)) for each in occurrences(term, frozenset(directions), constants))
    return Sum(
        *(
            Contraction(each.scope, Product(each.cofactor, Tensor(directions[each.tensor.name], each.tensor.slots)))
            for each in found
        )
    )


def with_tangents(sheet: Sheet, directions: Mapping[str, str], shorten: Shorten) -> tuple[Sheet, dict[str, str]]:
    """The sheet with the tangent of every definition that moves, and the names of all tangents.

    A definition that has a direction of its own moves in it, and with what it is made of as well.
    """
    names, new = dict(directions), list[Definition]()
    for definition in sheet.in_order:
        if not definition.body.symbols.isdisjoint(names):
            moved = tangent(definition.body, definition.axes, names, Constants(sheet))
            if definition.name in directions:
                moved = Sum(moved, Tensor(directions[definition.name], definition.axes))
            name = sheet.fresh_name(f"{definition.name}_dot")
            new.append(Definition(name, definition.axes, shorten(moved, definition.axes)))
            names[definition.name] = name
    return sheet.with_definitions(new), names
