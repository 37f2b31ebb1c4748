r"""Derivatives by the derivative of a field: \frac{\partial L}{\partial(\partial_i u)}.

What is differentiated is written out until the derivatives of the field stand in it, and these are numbers p_i of their
own for as long as that takes:

    \frac{\partial L(u, \partial u)}{\partial(\partial_i u)}  =  \frac{\partial L(u, p)}{\partial p_i} at p = \partial u
"""

from __future__ import annotations

from dataclasses import replace

from indexcalc.audit.comparing.worlds import World
from indexcalc.calculus.resolve import Resolver
from indexcalc.rewrite.simplify import shortener
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative, Tensor, Term
from indexcalc.walk import holds, instance, mapped, replace_tensors, subterms


def by_slopes(sides: list[Term], world: World) -> list[Term]:
    """The sides, and the definitions of a world in place, with derivatives by those of fields worked out."""
    every = [*sides, *(each.body for each in world.definitions.values())]
    if not any(_is_by_slope(each) for term in every for each in subterms(term)):
        return sides
    for name, each in list(world.definitions.items()):
        world.definitions[name] = replace(each, body=_worked(each.body, world))
    return [_worked(side, world) for side in sides]


def _is_by_slope(term: Term) -> bool:
    return isinstance(term, Derivative) and "?" in term.variable.name.strip("?")


def _worked(term: Term, world: World) -> Term:
    inner = mapped(term, lambda part: _worked(part, world))
    if not isinstance(inner, Derivative) or not _is_by_slope(inner):
        return inner
    slope = inner.variable
    name, _, coordinate = slope.name.partition("?")
    own = _own_slots(inner.body, name, world)
    body = _with_numbers(_written_out(inner.body, name, world), slope.name)
    if slope.name not in body.symbols or holds(body, Derivative):
        return inner
    slots = {each.name: tuple(slot.range for slot in each.slots) for each in subterms(body) if isinstance(each, Tensor)}
    found = Resolver(Sheet(slots=slots, order=tuple(slots)), shortener).resolve(Derivative(body, slope))

    def back(tensor: Tensor) -> Term | None:
        if tensor.name != slope.name:
            return None
        return Derivative(Tensor(name, tensor.slots[:own]), Tensor(coordinate, tensor.slots[own:]))

    return replace_tensors(found, back)


def _written_out(term: Term, name: str, world: World) -> Term:
    """A term with the definitions put in that are made of a name."""

    def value(tensor: Tensor) -> Term | None:
        each = world.definitions.get(tensor.name)
        if each is None or tensor.name == name or name not in world.made_of(tensor.name):
            return None
        return instance(each.axes, _written_out(each.body, name, world), tensor.slots)

    return replace_tensors(term, value)


def _with_numbers(term: Term, slope: str) -> Term:
    """A term with the derivatives of a field as elements of a tensor of their own."""
    name, _, coordinate = slope.partition("?")
    match term:
        case Derivative(Tensor() as field, variable) if field.name == name and variable.name == coordinate:
            return Tensor(slope, (*field.slots, *variable.slots))
    return mapped(term, lambda part: _with_numbers(part, slope))


def _own_slots(term: Term, name: str, world: World) -> int:
    """How many slots a field has, in what is made of it."""
    every = (each for one in (term, *(each.body for each in world.definitions.values())) for each in subterms(one))
    return next((len(each.slots) for each in every if isinstance(each, Tensor) and each.name == name), 0)
