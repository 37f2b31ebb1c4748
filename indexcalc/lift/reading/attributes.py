"""What stands behind a dot: attributes of arrays, modules, objects, and functions bound to what they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.lift.arrays.array import whole_number
from indexcalc.lift.arrays.whole import UNIT
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library.table import row_for
from indexcalc.lift.library.variants import Extremes
from indexcalc.lift.library.viewing import matrix_transpose, transpose
from indexcalc.lift.reading.modules import module_attribute
from indexcalc.lift.reading.special.layer_objects import PLACE
from indexcalc.lift.reading.values import (
    Builtin,
    Class,
    Function,
    Kind,
    Listed,
    Mapping,
    Module,
    Ref,
    Slot,
    Thing,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

VIEWS = {"T": transpose, "mT": matrix_transpose, "H": transpose, "mH": matrix_transpose}


def attribute(reader: Reader, owner: Value, name: str) -> Value:
    """owner.name."""
    if isinstance(owner, Unknown):
        raise UnreadableError(owner.why)
    if isinstance(owner, Module):
        patched = reader.patched.get(f"{owner.name}.{name}")
        if patched:
            raise UnreadableError(f"{name} was replaced in line {patched}")
        return module_attribute(owner, name)
    if isinstance(owner, Extremes):
        if name == "values":
            return reader.state.store.new(owner.values)
        return Unknown("the places of the extremes")
    if isinstance(owner, Slot):
        return Builtin(name, "at", owner)
    if isinstance(owner, Builtin):
        return Builtin(f"{owner.name}.{name}", owner.module, owner.owner)
    if isinstance(owner, Function):
        return Builtin(name, "function", owner)
    if isinstance(owner, Class):
        method = owner.methods.get(name)
        if method is not None:
            return Function(method[0], method[1].frame, name, home=method[1])
        return Builtin(name, "class", owner)
    content = reader.content(owner)
    if isinstance(content, Thing):
        return _of_thing(reader, owner, content, name)
    if isinstance(content, Listed | Mapping) or isinstance(owner, str):
        return Builtin(name, "container", owner)
    if isinstance(owner, tuple):
        return Builtin(name, "container", owner)
    return _of_array(reader, owner, name)


def _of_thing(reader: Reader, owner: Value, thing: Thing, name: str) -> Value:
    place = thing.attributes.get(PLACE)
    own = reader.given(f"self.{place}.{name}", f"{place}.{name}") if place else reader.given(f"self.{name}")
    if own is not None:
        return own
    known = thing.attributes.get(name)
    if name in thing.attributes and not (isinstance(known, Unknown) and reader.given(name) is not None):
        return known
    if name in ("register_buffer", "register_parameter"):
        return Builtin("register", "thing", owner)
    if thing.methods is not None:
        found = thing.methods.methods.get(name)
        if found is not None:
            return Function(found[0], found[1].frame, name, owner=owner, home=found[1])
    given = reader.given(f"self.{name}", name)
    if given is not None:
        thing.attributes[name] = given
        return given
    if thing.kind == "ctx":
        return Builtin(name, "ctx", owner)
    raise UnreadableError(f"the attribute {name} is not known")


def _of_array(reader: Reader, owner: Value, name: str) -> Value:
    store = reader.state.store
    value = store.array(owner)
    if name == "shape":
        return tuple(store.new(whole_number(size)) for size in value.shape)
    if name == "ndim":
        from indexcalc.lift.arrays.array import number

        return number(value.rank)
    if name == "size":
        total = UNIT
        for size in value.shape:
            total = total * size
        return whole_number(total)
    if name in VIEWS and not value.rank and not value.library and value.kind == "int":
        raise RaisesError(f"a whole number has no attribute {name}")
    if name in VIEWS:
        if isinstance(owner, Ref):
            return store.viewed(owner, VIEWS[name](value))
        return VIEWS[name](value).read(value)
    if name == "dtype":
        return Kind(value.kind)
    if name in ("device", "requires_grad", "grad_fn", "layout"):
        return Unknown(f"the attribute {name}")
    if name == "data" and reader.deriving:
        raise UnreadableError("data in what is differentiated")
    if name in ("data", "real"):
        return owner
    if name == "at" and value.library in ("numpy", "torch"):
        raise RaisesError(f"an array of {value.library} has no attribute at")
    if name == "at":
        return Slot(owner)
    if name == "values":
        raise RaisesError("an array has no attribute values")
    known = row_for(name, reader.library(value), method=True) is not None
    if not known and name in ("grad", "imag", "flat", "flags", "strides", "base"):
        raise UnreadableError(f"the attribute {name} of an array")
    return Builtin(name, "method", owner)
