r"""Derivatives: fractions of differentials, nabla, and derivatives by a coordinate.

The axes of a derivative are those of what is differentiated, then those of the variable (numerator layout); the
gradient
of a number has the shape of its variable, and may stand as a row or as a column.
"""

from __future__ import annotations

from dataclasses import replace

from indexcalc.context.space.frames import AXES
from indexcalc.meaning.fields.nabla import anything, coordinate, has_frame, operated
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.tensors import Read, tensor
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Bars, Bracket, Derivative, Formula, Nabla, Name, Scripted, Sequence, walk
from indexcalc.notation.formula import Product as Factors
from indexcalc.terms import Contraction, Power, Product, Tensor, Term
from indexcalc.terms import Derivative as TermDerivative
from indexcalc.walk import substitute

TIME = "?t"  # by which total derivatives are taken, in a text in which dots are rates


def derivative(formula: Derivative, scope: Scope, read: Read) -> Value:
    """The value of a derivative."""
    body = anything(scope) if formula.body is None else read(formula.body, scope)
    for variable, times in reversed(formula.variables):
        by = Value(Tensor(TIME)) if _is_total(formula, variable, scope) else _variable(variable, scope, read)
        for _ in range(times):
            body = differentiated(body, by, scope)
    return body


def _is_total(formula: Derivative, variable: Formula, scope: Scope) -> bool:
    r"""Whether a derivative is the total one by the time, in a text in which dots are rates: \frac{d}{dt} q."""
    by_time = formula.sign == "d" and isinstance(variable, Name) and variable.letter == "t"
    return by_time and bool(scope.known.moving) and not scope.known.timed


def _variable(formula: Formula, scope: Scope, read: Read) -> Value:
    """What a derivative is taken by: a tensor."""
    bare = formula.body if isinstance(formula, Bracket) else formula
    if (
        isinstance(bare, Factors)
        and len(bare.factors) == 2
        and isinstance(bare.factors[1][1], Bracket)
        and bare.factors[1][1].mark == "["
    ):
        return read(bare, scope)
    if isinstance(bare, Factors) and len(bare.factors) == 2 and isinstance(bare.factors[1][1], Bracket):
        bare = bare.factors[0][1]  # \partial x(t)
    if isinstance(bare, Nabla | Derivative):
        return _slope(read(bare, scope))
    use = scope.known.use(bare) if isinstance(bare, Name | Scripted) else None
    if use is None:
        raise UnclearError("a derivative by what is no name")
    if use.power is not None:
        if use.name in scope.known.squares:
            value = tensor(use.bare().__class__(use.letter, use.labels, use.indices), scope)
            assert isinstance(value.term, Power)
            return value.with_term(value.term.base)
        raise UnclearError("a derivative by a power")
    value = tensor(use, scope)
    if use.name in scope.known.squares and isinstance(value.term, Power):
        raise UnclearError(f"a derivative by {use.name}, of which the square is a variable of its own")
    return value


def _slope(value: Value) -> Value:
    r"""The derivative of a field, by which is differentiated: \partial L / \partial(\partial_i u)."""
    match value.term:
        case TermDerivative(Tensor() as field, by) if not {*value.axes} & {*by.slots}:
            return value.with_term(Tensor(f"{field.name}?{by.name}", (*field.slots, *by.slots)))
    raise UnclearError("a derivative by what is no name")


def differentiated(body: Value, variable: Value, scope: Scope) -> Value:
    r"""The derivative of a value by a tensor: its own axes, then those of the variable.

    These are places of their own: \partial^2 f / \partial x^2 by a vector is a matrix, not its diagonal.
    """
    if not isinstance(variable.term, Tensor):
        raise UnclearError("a derivative by what is no tensor")
    if not set(variable.axes).isdisjoint(body.axes):
        axes = tuple(scope.fresh(axis.name, axis.range) for axis in variable.axes)
        variable = replace(variable, term=variable.at(axes), axes=axes)
    assert isinstance(variable.term, Tensor)
    term = TermDerivative(body.term, variable.term)
    stands = "either" if body.order == 0 else body.stands
    if scope.known.denominator and body.order == variable.order == 1:
        return Value(term, (*variable.axes, *body.axes), stands)
    return Value(term, (*body.axes, *variable.axes), stands)


def chained(first: Value, second: Value, last: Value, scope: Scope) -> Value | None:
    r"""A product of derivatives as the chain rule has it: \partial L/\partial Z \partial Z/\partial W, the sum over Z.

    So it is in either order, whatever the shapes; none where one is not by what the other one is of. `last`: the factor
    that stands before the second, which is the last one in the first.
    """
    if not isinstance(last.term, TermDerivative) or not isinstance(second.term, TermDerivative):
        return None
    for outer, inner in ((last, second), (second, last)):
        own, theirs = outer.term, inner.term
        assert isinstance(own, TermDerivative)
        assert isinstance(theirs, TermDerivative)
        by, of = own.variable, theirs.body
        if not isinstance(of, Tensor) or of.name != by.name or not by.slots or isinstance(own.body, TermDerivative):
            continue
        if not (set(by.slots) <= {*first.axes, *second.axes} and set(of.slots) <= {*first.axes, *second.axes}):
            continue
        one, other = (first, second) if outer is last else (second, first)
        for slot, axis in zip(of.slots, by.slots, strict=True):
            scope.ranges.join(slot.range, axis.range)
        term = substitute(other.term, dict(zip(of.slots, by.slots, strict=True)))
        left = [axis for axis in one.axes if axis not in by.slots]
        right = [axis for axis in other.axes if axis not in of.slots]
        axes = (*left, *right)
        stands = "either" if len(axes) == 1 else "column"
        return Value(Contraction(by.slots, Product(one.term, term)), axes, stands)
    return None


def nabla(formula: Nabla, scope: Scope, read: Read) -> Value:
    r"""\nabla_w L: the gradient by w; \partial_i u_j: by the i-th coordinate, of which all fields are functions."""
    if formula.sign == "partial":
        return _by_coordinates(formula, scope, read)
    if formula.below is None and has_frame(scope) and not _is_of_argument(formula, scope):
        return operated(formula.way, anything(scope) if formula.body is None else read(formula.body, scope), scope)
    if formula.body is None:
        raise UnclearError("nothing stands behind a sign of differentiation")
    if formula.way in ("cross", "dot"):
        raise UnclearError("a curl or a divergence without indices")
    if formula.below is None or _is_of_another_place(formula, scope):
        return _by_argument(formula, scope, read)
    body = read(formula.body, scope)
    for item in formula.below.items if isinstance(formula.below, Sequence) else (formula.below,):
        body = differentiated(body, _variable(item, scope, read), scope)
    if formula.way == "square":
        variables = formula.below.items if isinstance(formula.below, Sequence) else (formula.below,)
        if len(variables) != 1:
            raise UnclearError("a second gradient by several variables")
        body = differentiated(body, _variable(variables[0], scope, read), scope)
    return body


def _is_of_another_place(formula: Nabla, scope: Scope) -> bool:
    r"""\nabla_w L(w^{(k)}): the gradient of L by what it is a function of, at another place."""
    body = formula.body
    if isinstance(body, Factors) and len(body.factors) == 2 and isinstance(body.factors[1][1], Bracket):
        inner = body.factors[1][1].body
        use = scope.known.use(inner) if isinstance(inner, Name | Scripted) else None
        by = scope.known.use(formula.below) if isinstance(formula.below, Name | Scripted) else None
        return use is not None and by is not None and use.letter == by.letter and use.labels != by.labels
    return False


def _is_of_argument(formula: Nabla, scope: Scope) -> bool:
    r"""Whether what a gradient is taken of stands with its only argument, which is no place: \nabla L(w)."""
    body = formula.body
    if not isinstance(body, Factors) or len(body.factors) != 2 or not isinstance(body.factors[1][1], Bracket):
        return False
    inner = body.factors[1][1].body
    use = scope.known.use(inner) if isinstance(inner, Name | Scripted) else None
    return use is not None and use.letter not in ("x", "r", "t", "X") and formula.way in ("", "square")


def _with_argument(body: Formula | None, scope: Scope) -> Formula | None:
    r"""A function that the text defines, with its only argument: of f(x) = \|x\|^2 the gradient may be \nabla f."""
    use = scope.known.use(body) if isinstance(body, Name | Scripted) else None
    defined = scope.function(use.name) if use is not None and not use.indices and use.power is None else None
    if body is None or defined is None or len(defined.parameters) != 1 or defined.indices:
        return body
    argument = Name(defined.parameters[0])
    own = scope.known.use(argument)
    if own is None or own.name != defined.parameters[0]:
        return body
    return Factors((("", body), ("juxtaposed", Bracket("(", argument))))


def _by_argument(formula: Nabla, scope: Scope, read: Read) -> Value:
    r"""\nabla L(w): by the only argument; \nabla \| x \|: by the only letter."""
    body = _with_argument(formula.body, scope)
    only = _only_letter(body, scope)
    if only is not None and body is not None:
        value = differentiated(read(body, scope), _variable(only, scope, read), scope)
        return differentiated(value, _variable(only, scope, read), scope) if formula.way == "square" else value
    if isinstance(body, Factors) and len(body.factors) == 2 and isinstance(body.factors[1][1], Bracket):
        inner = body.factors[1][1].body
        if isinstance(inner, Name | Scripted):
            value = differentiated(read(body, scope), _variable(inner, scope, read), scope)
            return differentiated(value, _variable(inner, scope, read), scope) if formula.way == "square" else value
    raise UnclearError("nothing says by what a gradient is taken")


def _only_letter(body: Formula | None, scope: Scope) -> Name | None:
    """The letter of a norm or a bracket that has no other one, and no index."""
    inner = body.base if isinstance(body, Scripted) else body
    if body is None or not isinstance(inner, Bars | Bracket):
        return None
    uses = [scope.known.use(each) for each in walk(body) if isinstance(each, Scripted) and isinstance(each.base, Name)]
    if any(use is not None and (use.indices or use.labels) for use in uses):
        return None
    letters = {use.name: each for each in walk(body) if isinstance(each, Name) and (use := scope.known.use(each))}
    return next(iter(letters.values())) if len(letters) == 1 else None


def _by_coordinates(formula: Nabla, scope: Scope, read: Read) -> Value:
    from indexcalc.context.names import script_items

    items = script_items(formula.below)
    letters = [item for item in items if item.kind in ("letter", "place")]
    body = anything(scope) if formula.body is None else read(formula.body, scope)
    if len(letters) != len(items) or not items:
        raise UnclearError("a derivative by a coordinate that is no letter")
    term: Term = body.term
    times = 2 if formula.way == "square" else 1
    for item in reversed(letters):
        known = scope.known.letters
        beside = known.below.get(item.text, set()) - {"?x"}
        if item.kind == "letter" and known.is_index(item.text) and (beside or item.text in known.bound):
            name = coordinate(scope)
            (range,) = scope.ranges_of(name, 1)
            variable = Tensor(name, (scope.index(item, range),))
        else:
            named = item.text in AXES or (item.text == "t" and scope.known.timed)
            variable = Tensor(item.text if named else f"?{item.text}")
        for _ in range_(times):
            term = TermDerivative(term, variable)
        scope.remarks.setdefault("fields depend on the coordinates in an unknown way")
    return body.with_term(term)


range_ = range
