r"""Gradient, divergence, curl and the Laplacian of fields, without indices.

    \nabla f  D_i f      \nabla \cdot u  D_i u_i      \nabla \times u  \epsilon_{kij} D_i u_j      \nabla^2 u  D_i D_i u

D_i differentiates by the coordinate i: x_i, or x, y, z by themselves, or coordinates that the text does not name. Of a
vector u some write \nabla u for D_i u_j, others for D_j u_i: `Knowledge.turned` says which is read.
"""

from __future__ import annotations

from indexcalc.indices import Index
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.value import Value
from indexcalc.terms import Contraction, Delta, Derivative, Epsilon, Product, Sum, Tensor
from indexcalc.walk import substitute

ANY = "?any"  # what a sign of differentiation with nothing behind it works on


def has_frame(scope: Scope) -> bool:
    """Whether a text shows coordinates: it names them, or speaks of vectors in space."""
    known = scope.known
    return bool(known.frame) or known.space or any("?x" in names for names in known.letters.below.values())


def coordinate(scope: Scope) -> str:
    """The name of the coordinates that have an index."""
    known = scope.known
    named = known.count("x") == 1 and not known.axes("x") and not scope.defined("x")
    return "x" if named else "?x"


def _slope(body: Value, scope: Scope) -> Value:
    """The derivatives of a value by the coordinates: a new axis, then those of the value."""
    frame = scope.known.frame
    if frame:
        axis = scope.fresh("i", scope.ranges.of_size(len(frame)))
        terms = (
            Product(Delta(axis, Index(str(place), axis.range)), Derivative(body.term, Tensor(name)))
            for place, name in enumerate(frame, 1)
        )
        return Value(Sum(*terms), (axis, *body.axes))
    name = coordinate(scope)
    (range,) = scope.ranges_of(name, 1)
    if scope.known.space:
        scope.ranges.join(range, scope.ranges.of_size(3))
    axis = scope.fresh("i", range)
    return Value(Derivative(body.term, Tensor(name, (axis,))), (axis, *body.axes))


def operated(way: str, body: Value, scope: Scope) -> Value:
    """What an operator of nabla makes of a field. way: empty for the gradient, dot, cross, square."""
    if body.order > 2 or body.groups:
        raise UnclearError("the gradient of what is neither a number, a vector nor a matrix")
    slope = _slope(body, scope)
    match way:
        case "dot":
            if body.order == 0:
                raise UnclearError("a divergence of a number", shape=True)
            return _contracted(slope, 0, 1 if body.order == 1 or not scope.known.turned else 2, scope)
        case "cross":
            if body.order != 1 or not scope.known.space:
                raise UnclearError("a curl of what is no vector in space", shape=True)
            return _curl(slope, scope)
        case "square":
            return _contracted(_slope(slope, scope), 0, 1, scope)
    if body.order and scope.known.turned:
        return Value(slope.term, (*slope.axes[1:], slope.axes[0]))
    return slope


def _contracted(value: Value, one: int, other: int, scope: Scope) -> Value:
    """The sum over two axes of a value."""
    first, second = value.axes[one], value.axes[other]
    scope.ranges.join(first.range, second.range)
    rest = tuple(axis for axis in value.axes if axis not in (first, second))
    return Value(Contraction((first,), substitute(value.term, {second: first})), rest)


def _curl(slope: Value, scope: Scope) -> Value:
    three = scope.ranges.of_size(3)
    by, own = slope.axes
    for axis in (by, own):
        scope.ranges.join(axis.range, three)
    axis = scope.fresh("i", three)
    return Value(Contraction((by, own), Product(Epsilon(axis, by, own), slope.term)), (axis,))


def along(direction: Value, body: Value, scope: Scope) -> Value:
    r"""(v \cdot \nabla) u, the derivative along v; v \cdot \nabla u is the same, however \nabla u is read."""
    slope = _slope(body, scope)
    (axis,) = direction.axes
    scope.ranges.join(axis.range, slope.axes[0].range)
    term = Product(direction.at((slope.axes[0],)), slope.term)
    return Value(Contraction((slope.axes[0],), term), slope.axes[1:])


def anything(scope: Scope) -> Value:
    """What a sign of differentiation works on behind which nothing stands: any field at all."""
    return Value(Tensor(ANY))
