"""Statements: one rule each kind of node of the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from indexcalc.lift.arrays.array import Array
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library import comparing as c
from indexcalc.lift.reading.assigning import annotated, assign, augmented
from indexcalc.lift.reading.calling import applied
from indexcalc.lift.reading.merging import merged, value_of
from indexcalc.lift.reading.modules import imported, words_of
from indexcalc.lift.reading.rounds import looped
from indexcalc.lift.reading.special.parameters import defaults_of
from indexcalc.lift.reading.special.transforms import CHANGING
from indexcalc.lift.reading.values import (
    Class,
    Function,
    Ref,
    Signal,
    Value,
)

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader


def executed(reader: Reader, node: ast.stmt, rest: Sequence[ast.stmt]) -> Any:
    """Go through one statement; `rest` are those behind it in its block, which a condition may part."""
    if isinstance(node, ast.If):
        return _condition(reader, node, rest)
    rule = RULES.get(type(node))
    if rule is None:
        raise UnreadableError(f"{NAMES.get(type(node), 'this statement')} cannot be read")
    return rule(reader, node)


NAMES: dict[type[ast.stmt], str] = {
    ast.Try: "a statement that catches errors",
    ast.AsyncFunctionDef: "an asynchronous function",
    ast.Global: "a global variable",
    ast.Nonlocal: "a variable of another function",
    ast.Match: "a match statement",
    ast.Raise: "a statement that raises",
}


def _signal(kind: str, value: Value = None) -> Signal:
    return Signal(kind, value)


def _expression(reader: Reader, node: ast.Expr) -> None:
    if isinstance(node.value, ast.Constant):
        return
    reader.expression = reader.value(node.value)


def _function(reader: Reader, node: ast.FunctionDef) -> None:
    value: Value = Function(node, reader.state.frame, node.name, bare=True, defaults=defaults_of(reader, node))
    for each in reversed(node.decorator_list):
        if words_of(each) & CHANGING:
            value = applied(reader, reader.value(each), [value], {})
    reader.bind(node.name, value)


def _class(reader: Reader, node: ast.ClassDef) -> None:
    functions = [each for each in node.body if isinstance(each, ast.FunctionDef)]
    reader.bind(node.name, Class(node, reader.state.frame, {each: defaults_of(reader, each) for each in functions}))


def _return(reader: Reader, node: ast.Return) -> Signal:
    reader.expression = None if node.value is None else reader.value(node.value)
    return _signal("return", reader.expression)


def _import(reader: Reader, node: ast.Import | ast.ImportFrom) -> None:
    for name, value in imported(node).items():
        reader.bind(name, value)


def _with(reader: Reader, node: ast.With) -> Signal | None:
    for item in node.items:
        text = ast.unparse(item.context_expr)
        if not any(word in text for word in ("no_grad", "enable_grad", "errstate", "inference_mode", "autocast")):
            raise UnreadableError(f"the context {text[:40]}")
    return reader.inner(node.body)


def _for(reader: Reader, node: ast.For) -> Signal | None:
    if node.orelse:
        raise UnreadableError("a loop with else")
    return looped(reader, node)


MOST_ROUNDS = 64  # of a loop that goes on while something holds


def _while(reader: Reader, node: ast.While) -> Signal | None:
    if node.orelse:
        raise UnreadableError("a loop with else")
    for _ in range(MOST_ROUNDS):
        test = reader.truth(reader.value(node.test))
        if not isinstance(test, bool):
            break
        if not test:
            return None
        signal = reader.outer(node.body)
        if signal is not None and signal.kind == "break":
            return None
        if signal is not None and signal.kind == "return":
            return signal
    raise UnreadableError("a loop whose number of rounds is not known cannot be read")


def _delete(reader: Reader, node: ast.Delete) -> None:
    for target in node.targets:
        if not isinstance(target, ast.Name):
            raise UnreadableError("a part of something is deleted")
        reader.state.frame.names.pop(target.id, None)


def _raise(reader: Reader, node: ast.Raise) -> None:
    raise RaisesError("the code raises an error here")


# ----- Conditions ------------------------------------------------------------------------------------------------


def _condition(reader: Reader, node: ast.If, rest: Sequence[ast.stmt]) -> Signal | None:
    """if: one way where it is known, else both, each with what follows if one of them ends early."""
    test = _test(reader, node)
    if isinstance(test, bool):
        return reader.inner(node.body if test else node.orelse)
    if _only_raises(node.body):
        return reader.inner(node.orelse)
    early = any(map(_ends_early, (*node.body, *node.orelse)))
    behind = list(rest) if early else []
    before = reader.state.snapshot()
    first, one = _way(reader, [*node.body, *behind])
    reader.state.restore(before)
    second, other = _way(reader, [*node.orelse, *behind])
    signal = _both(reader, test, first, second)
    merged(reader.state, test, one, other)
    if early and signal is None:
        return _signal("done")
    return signal


def _test(reader: Reader, node: ast.If) -> bool | Array:
    """Whether a condition holds; one that only guards against wrong arguments does not, where it is not known."""
    try:
        return reader.truth(reader.value(node.test))
    except UnreadableError:
        if _only_raises(node.body) and not node.orelse:
            return False
        raise


def _ends_early(node: ast.stmt) -> bool:
    return any(isinstance(each, ast.Return | ast.Continue | ast.Break) for each in ast.walk(node))


def _only_raises(body: Sequence[ast.stmt]) -> bool:
    return len(body) == 1 and isinstance(body[0], ast.Raise)


def _way(reader: Reader, statements: Sequence[ast.stmt]) -> tuple[Signal | None, Any]:
    signal = reader.inner(statements)
    return signal, reader.state.snapshot()


def _both(reader: Reader, test: Array, one: Signal | None, other: Signal | None) -> Signal | None:
    """What two ways give together."""
    kinds = {None if each is None or each.kind == "continue" else each.kind for each in (one, other)}
    if kinds == {None}:
        if one != other and reader.nesting:
            raise UnreadableError("a round of a loop ends under a condition inside another")
        return one if one == other else None
    if kinds == {"return"} and one is not None and other is not None:
        values = [each.value for each in (one, other)]
        numbers = [reader.state.store.array(each) if isinstance(each, Ref | Array) else None for each in values]
        if None not in numbers:
            return _signal("return", c.where(test, *[each for each in numbers if each is not None]))
        return _signal("return", value_of(reader.state, test, *values))
    raise UnreadableError("the code ends early under a condition that is not known")


RULES: dict[type[ast.stmt], Callable[[Any, Any], Any]] = {
    ast.Assign: assign,
    ast.AugAssign: augmented,
    ast.AnnAssign: annotated,
    ast.Expr: _expression,
    ast.FunctionDef: _function,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.Import: _import,
    ast.ImportFrom: _import,
    ast.With: _with,
    ast.For: _for,
    ast.While: _while,
    ast.Delete: _delete,
    ast.Raise: _raise,
    ast.Pass: lambda reader, node: None,
    ast.Assert: lambda reader, node: None,
    ast.Continue: lambda reader, node: _signal("continue"),
    ast.Break: lambda reader, node: _signal("break"),
}
