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
from indexcalc.sheet import Definition, Primitive, Sheet
from indexcalc.terms import HALF, Contraction, Index, Product, Sum, Tensor, Term, negative


def tangent(
    term: Term, axes: tuple[Index, ...], directions: Mapping[str, str], constants: Constants = NO_SHEET
) -> Term:
    """The tangent of a term where each tensor named here moves in the direction of the tensor named beside it.

    `constants` knows where a term is the same number for all arguments.
    """
    found = (each.apart(frozenset(axes)) for each in occurrences(term, frozenset(directions), constants))
    return Sum(
        *(
            Contraction(each.scope, Product(each.cofactor, _direction(each.tensor, directions, constants.sheet)))
            for each in found
        )
    )


def _direction(tensor: Tensor, directions: Mapping[str, str], sheet: Sheet) -> Term:
    """The direction of an element; of a matrix that varies among the symmetric ones, projected on them."""
    own = Tensor(directions[tensor.name], tensor.slots)
    sign = sheet.varied.get(tensor.name)
    if sign is None or tensor.name in sheet.definitions:
        return own
    turned: Term = Tensor(own.name, own.slots[::-1])
    return Product(HALF, Sum(own, turned if sign > 0 else negative(turned)))


def _moved(each: Definition | Primitive, names: Mapping[str, str], constants: Constants) -> Term:
    """The tangent of a definition or of a primitive."""
    if isinstance(each, Definition):
        return tangent(each.body, each.axes, names, constants)
    moving = {name: names[of] for name, of in each.tangents.items() if of in names}
    return tangent(each.moved(each.axes) if moving else each.tangent, each.axes, moving, constants)


def with_tangents(sheet: Sheet, directions: Mapping[str, str], shorten: Shorten) -> tuple[Sheet, dict[str, str]]:
    """The sheet with the tangent of every definition that moves, and the names of all tangents.

    A definition that has a direction of its own moves in it, and with what it is made of as well. The tangents of a
    recurrence are one, too: each reads those of earlier places.
    """
    names, new = dict(directions), list[Definition]()
    for each in sheet.all_in_order:
        together = sheet.recurrences.get(each.name, (each.name,))
        if together[0] == each.name and any(not sheet.direct(name).isdisjoint(names) for name in together):
            own = {name: sheet.fresh_name(f"{name}_dot") for name in together}
            moving = names | own if each.name in sheet.recurrences else names
            every: dict[str, Definition | Primitive] = {**sheet.definitions, **sheet.primitives}
            for name in together:
                axes = every[name].axes
                moved = _moved(every[name], moving, Constants(sheet))
                if name in directions:
                    moved = Sum(moved, Tensor(directions[name], axes))
                new.append(Definition(own[name], axes, shorten(moved, axes)))
            names |= own
    return sheet.with_definitions(new), names
