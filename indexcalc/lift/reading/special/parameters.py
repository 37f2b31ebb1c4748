"""The parameters of functions of the code: their defaults, and the arguments that they are given."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from indexcalc.lift.arrays.array import Array
from indexcalc.lift.errors import LiftError, RaisesError
from indexcalc.lift.reading.values import Function, Mapping, Unknown, Value

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader


def defaults_of(reader: Reader, node: ast.FunctionDef | ast.Lambda) -> dict[str, Value]:
    """The defaults of parameters, reckoned where the function is defined: a list among them is one for all calls."""
    spec = node.args
    names = [each.arg for each in (*spec.posonlyargs, *spec.args)]
    written = dict(zip(reversed(names), reversed(spec.defaults), strict=False))
    written |= {a.arg: d for a, d in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if d is not None}
    found: dict[str, Value] = {}
    for name, default in written.items():
        try:
            found[name] = _kept(reader, reader.value(default))
        except LiftError as error:
            found[name] = Unknown(error.cause, error.line)
    return found


def _kept(reader: Reader, value: Value) -> Value:
    return reader.state.store.new(value) if isinstance(value, Array) else value


Keywords = dict[str, Value]


def bound_to(reader: Reader, function: Function, arguments: list[Value], keywords: Keywords) -> Keywords:
    """The parameters of a function with their arguments. Raises where these do not fit."""
    spec = function.node.args
    names = [each.arg for each in (*spec.posonlyargs, *spec.args)]
    found: dict[str, Value] = {}
    if len(arguments) > len(names):
        if spec.vararg is None:
            raise RaisesError(f"{len(arguments)} arguments for {len(names)} parameters")
        found[spec.vararg.arg] = tuple(arguments[len(names) :])
    elif spec.vararg is not None:
        found[spec.vararg.arg] = ()
    found |= dict(zip(names, arguments, strict=False))
    further: dict[str, Value] = {}
    known = {*names, *(each.arg for each in spec.kwonlyargs)}
    for name, value in keywords.items():
        if name in known:
            found[name] = value
        elif spec.kwarg is not None:
            further[name] = value
        else:
            raise RaisesError(f"there is no parameter {name}")
    if spec.kwarg is not None:
        found[spec.kwarg.arg] = reader.state.store.new(Mapping(further))
    defaults = _defaults(reader, function)
    for name in (*names, *(each.arg for each in spec.kwonlyargs)):
        if name not in found:
            if name not in defaults:
                raise RaisesError(f"the argument {name} is missing")
            found[name] = defaults[name]
    return {name: _kept(reader, value) for name, value in found.items()}


def _defaults(reader: Reader, function: Function) -> dict[str, Value]:
    if function.defaults is not None:
        return function.defaults
    of_class = function.home.defaults if function.home is not None else {}
    if function.node in of_class:
        return of_class[function.node]
    return defaults_of(reader, function.node)
