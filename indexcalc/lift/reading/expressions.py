"""Expressions: one rule each kind of node of the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from indexcalc.lift.arrays.array import Array, number
from indexcalc.lift.arrays.slicing import Mask
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library import comparing as c
from indexcalc.lift.library import elementwise as e
from indexcalc.lift.library.calls import as_array, as_whole
from indexcalc.lift.library.making import minus_infinity
from indexcalc.lift.library.products import matmul
from indexcalc.lift.reading.attributes import attribute
from indexcalc.lift.reading.elements import element, key_of
from indexcalc.lift.reading.modules import Infinity, constant_of
from indexcalc.lift.reading.special.parameters import defaults_of
from indexcalc.lift.reading.values import Function, Listed, Mapping, Unknown, Value
from indexcalc.terms import ONE, ZERO

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

OPERATORS: dict[type[ast.operator], Callable[[Array, Array], Array]] = {
    ast.Add: e.add,
    ast.Sub: e.subtract,
    ast.Mult: e.multiply,
    ast.Div: e.divide,
    ast.FloorDiv: e.floor_divide,
    ast.Mod: e.modulo,
    ast.Pow: e.power,
    ast.MatMult: matmul,
    ast.BitAnd: lambda a, b: c.bitwise("and", a, b),
    ast.BitOr: lambda a, b: c.bitwise("or", a, b),
    ast.BitXor: lambda a, b: c.bitwise("xor", a, b),
}
RELATIONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


def operated(reader: Reader, operator: ast.operator, left: Value, right: Value) -> Value:
    """left operator right."""
    sequence = _sequences(reader, operator, left, right)
    if sequence is not None:
        return sequence
    rule = OPERATORS.get(type(operator))
    if rule is None:
        raise UnreadableError("this operator is not known")
    if isinstance(left, str) or isinstance(right, str):
        return Unknown("a text that is put together")
    return rule(_operand(reader, left), _operand(reader, right))


def _operand(reader: Reader, value: Value) -> Array:
    """A value as an array; the pair of a list of numbers with an array is one too."""
    found = reader.state.store.resolved(value)
    if found is None:
        raise RaisesError("None is reckoned with")
    if isinstance(found, Infinity):
        raise UnreadableError("plus infinity")
    if isinstance(found, Mask):
        raise UnreadableError("places of a mask are reckoned with")
    return as_array(found)


def _sequences(reader: Reader, operator: ast.operator, left: Value, right: Value) -> Value | None:
    """Lists and tuples that are joined or repeated."""
    if isinstance(left, tuple) and isinstance(right, tuple) and isinstance(operator, ast.Add):
        return (*left, *right)
    lists = [reader.listed(each) for each in (left, right)]
    if isinstance(operator, ast.Add) and lists[0] is not None and lists[1] is not None:
        return reader.state.store.new(Listed([*lists[0], *lists[1]]))
    for items, other in ((lists[0], right), (lists[1], left)):
        if isinstance(operator, ast.Mult) and items is not None:
            count = as_whole(reader.state.store.resolved(other)).number
            if count is None or not 0 <= count * len(items) <= 64:
                raise UnreadableError("a list is repeated")
            return reader.state.store.new(Listed(items * count))
    if isinstance(operator, ast.Mult) and isinstance(left, tuple):
        count = as_whole(reader.state.store.resolved(right)).number
        if count is not None and 0 <= count * len(left) <= 64:
            return left * count
    return None


def _name(reader: Reader, node: ast.Name) -> Value:
    return reader.lookup(node.id)


def _constant(reader: Reader, node: ast.Constant) -> Value:
    return constant_of(node)


def _binary(reader: Reader, node: ast.BinOp) -> Value:
    return operated(reader, node.op, reader.value(node.left), reader.value(node.right))


def _unary(reader: Reader, node: ast.UnaryOp) -> Value:
    value = reader.value(node.operand)
    if isinstance(value, Infinity):
        if isinstance(node.op, ast.USub):
            return minus_infinity()
        raise UnreadableError("plus infinity")
    if isinstance(node.op, ast.Not):
        test = reader.truth(value)
        return number(int(not test), "bool") if isinstance(test, bool) else c.invert(test)
    operand = _operand(reader, value)
    if isinstance(node.op, ast.USub):
        return e.negate(operand)
    return c.invert(operand) if isinstance(node.op, ast.Invert) else operand


def _boolean(reader: Reader, node: ast.BoolOp) -> Value:
    is_and = isinstance(node.op, ast.And)
    found: Value = None
    for each in node.values:
        found = reader.value(each)
        if each is node.values[-1]:
            return found
        test = reader.truth(found)
        if not isinstance(test, bool):
            rest = [reader.truth(reader.value(other)) for other in node.values[node.values.index(each) + 1 :]]
            for other in rest:
                other = number(int(other), "bool") if isinstance(other, bool) else other
                test = c.logical("and" if is_and else "or", test, other)
            return test
        if test != is_and:
            return found
    return found


def _compare(reader: Reader, node: ast.Compare) -> Value:
    found: Value = None
    left = reader.value(node.left)
    for operator, other in zip(node.ops, node.comparators, strict=True):
        right = reader.value(other)
        each = _compared(reader, operator, left, right)
        found = each if found is None else c.logical("and", found, each)
        left = right
    return found


def _compared(reader: Reader, operator: ast.cmpop, left: Value, right: Value) -> Array:
    if isinstance(operator, ast.Is | ast.IsNot):
        if left is None or right is None:
            return number(int((left is right) == isinstance(operator, ast.Is)), "bool")
        raise UnreadableError("whether two things are one is asked")
    if isinstance(operator, ast.In | ast.NotIn):
        return _member(reader, left, right, isinstance(operator, ast.In))
    relation = RELATIONS[type(operator)]
    if any(each is None or isinstance(each, str) for each in (left, right)):
        if relation in ("==", "!="):
            return number(int((left == right) == (relation == "==")), "bool")
        raise RaisesError("texts are compared with numbers")
    if isinstance(left, tuple) and isinstance(right, tuple):
        return _tuples(reader, relation, left, right)
    return c.compare(relation, _operand(reader, left), _operand(reader, right))


def _tuples(reader: Reader, relation: str, left: tuple[Value, ...], right: tuple[Value, ...]) -> Array:
    if relation not in ("==", "!="):
        raise UnreadableError("tuples are compared")
    same = len(left) == len(right)
    for one, other in zip(left, right, strict=False):
        each = c.compare("==", _operand(reader, one), _operand(reader, other))
        if each.term is ZERO:
            same = False
        elif each.term is not ONE:
            raise UnreadableError("whether two shapes are equal is not known")
    return number(int(same == (relation == "==")), "bool")


def _member(reader: Reader, left: Value, right: Value, inside: bool) -> Array:
    items = reader.listed(right)
    content = reader.content(right)
    if isinstance(content, Mapping):
        items = list(content.items)
    if isinstance(right, tuple):
        items = list(right)
    if items is not None and (left is None or isinstance(left, str)):
        return number(int((left in items) == inside), "bool")
    raise UnreadableError("whether something is in a sequence is asked")


def _choice(reader: Reader, node: ast.IfExp) -> Value:
    test = reader.truth(reader.value(node.test))
    if isinstance(test, bool):
        return reader.value(node.body if test else node.orelse)
    return c.where(test, _operand(reader, reader.value(node.body)), _operand(reader, reader.value(node.orelse)))


def _tuple(reader: Reader, node: ast.Tuple) -> Value:
    return tuple(_elements(reader, node.elts))


def _list(reader: Reader, node: ast.List) -> Value:
    return reader.state.store.new(Listed(_elements(reader, node.elts)))


def _elements(reader: Reader, nodes: Sequence[ast.expr]) -> list[Value]:
    found: list[Value] = []
    for each in nodes:
        if isinstance(each, ast.Starred):
            found += reader.sequence(reader.value(each.value))
        else:
            found.append(reader.value(each))
    return found


def _dict(reader: Reader, node: ast.Dict) -> Value:
    items: dict[Any, Value] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            content = reader.content(reader.value(value))
            if not isinstance(content, Mapping):
                raise UnreadableError("a dictionary is put into another")
            items |= content.items
            continue
        name = reader.value(key)
        items[name if isinstance(name, str) else key_of(reader, name)] = reader.value(value)
    return reader.state.store.new(Mapping(items))


def _lambda(reader: Reader, node: ast.Lambda) -> Value:
    return Function(node, reader.state.frame, defaults=defaults_of(reader, node))


def _attribute(reader: Reader, node: ast.Attribute) -> Value:
    return attribute(reader, reader.value(node.value), node.attr)


def _text(reader: Reader, node: ast.JoinedStr) -> Value:
    return Unknown("a text that is put together")


def _named(reader: Reader, node: ast.NamedExpr) -> Value:
    value = reader.value(node.value)
    reader.assign(node.target, value)
    return value


# ----- Elements --------------------------------------------------------------------------------------------------


def _subscript(reader: Reader, node: ast.Subscript) -> Value:
    return element(reader, reader.value(node.value), node.slice)


RULES: dict[type[ast.expr], Callable[[Any, Any], Value]] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _choice,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Dict: _dict,
    ast.Lambda: _lambda,
    ast.Attribute: _attribute,
    ast.JoinedStr: _text,
    ast.NamedExpr: _named,
    ast.Subscript: _subscript,
}
