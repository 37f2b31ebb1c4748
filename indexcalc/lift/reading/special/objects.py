"""Objects of the classes of the code: made by `__init__`, called by `__call__` or `forward`, with what they inherit."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.reading.values import Builtin, Class, Function, Ref, Thing, Value

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

# Classes of others that give an object nothing that counts here.
PLAIN = frozenset(("object", "ABC", "nn.Module", "Module", "torch.nn.Module", "abc.ABC"))


def made(reader: Reader, owner: Class, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """An object of a class. Raises for one that is made of classes that are not known."""
    if not reader.objects:
        raise UnreadableError(f"an object of the class {owner.node.name}")
    for each in _unknown_bases(owner):
        raise UnreadableError(f"an object of the class {owner.node.name}, which is made of {each}")
    thing = reader.state.store.new(Thing({}, owner.node.name, owner))
    found = owner.methods.get("__init__")
    if found is not None:
        method, home = found
        reader.run(Function(method, home.frame, "__init__", owner=thing, home=home), arguments, keywords)
    elif arguments or keywords:
        raise UnreadableError(f"an object of the class {owner.node.name}")
    return thing


def _unknown_bases(owner: Class) -> list[str]:
    known = {each.node.name for each in owner.bases}
    words = [ast.unparse(each) for each in owner.node.bases]
    found = [word for word in words if word not in known and word not in PLAIN]
    return found + [word for base in owner.bases for word in _unknown_bases(base)]


def called(reader: Reader, owner: Ref, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    """An object that is called like a function."""
    thing = reader.content(owner)
    assert isinstance(thing, Thing)
    methods = thing.methods.methods if thing.methods is not None else {}
    name = next((name for name in ("__call__", "forward") if name in methods), None)
    if name is None:
        raise UnreadableError("an object is called")
    method, home = methods[name]
    return reader.run(Function(method, home.frame, name, owner=owner, home=home), arguments, keywords)


def is_of_super(node: ast.Call) -> bool:
    """super().f(...)."""
    inner = node.func.value if isinstance(node.func, ast.Attribute) else None
    return isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "super"


def of_super(reader: Reader, node: ast.Call) -> Value:
    """The function that super().f is: one of the classes that the class of the open function is made of."""
    assert isinstance(node.func, ast.Attribute)
    names = reader.state.frame.names
    home, owner = names.get("__class__"), names.get("self")
    if isinstance(home, Class) and isinstance(owner, Ref):
        for base in home.bases:
            found = base.methods.get(node.func.attr)
            if found is not None:
                return Function(found[0], found[1].frame, node.func.attr, owner=owner, home=found[1])
    if node.func.attr == "__init__":
        return Builtin("nothing", "nothing")
    raise UnreadableError(f"super().{node.func.attr} is not known")


def registered(reader: Reader, owner: Ref, arguments: list[Value]) -> None:
    """self.register_buffer("mask", x): an attribute."""
    thing = reader.content(owner)
    if len(arguments) < 2 or not isinstance(arguments[0], str) or not isinstance(thing, Thing):
        raise UnreadableError("register_buffer with these arguments")
    attributes = {**thing.attributes, arguments[0]: arguments[1]}
    reader.state.store.cells[owner.cell] = Thing(attributes, thing.kind, thing.methods)
