"""How arguments meet the parameters of a function of the table, and what kind each of them must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from indexcalc.lift.arrays.array import KINDS, Array
from indexcalc.lift.arrays.indexing import place_array
from indexcalc.lift.arrays.whole import Whole, whole_of
from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.library.making import literal
from indexcalc.terms import ONE, Number

REQUIRED = object()
# One parameter goes by several names in the libraries.
ALIASES = {
    "dim": "axis",
    "keepdim": "keepdims",
    "axes": "axis",
    "dims": "axis",
    "input": "a",
    "x": "a",
    "x1": "a",
    "x2": "b",
    "self": "a",
    "m": "a",
    "v": "a",
    "array": "a",
    "arr": "a",
    "other": "b",
    "y": "b",
    "vec2": "b",
    "mat2": "b",
    "ord": "order",
    "p": "order",
    "correction": "ddof",
    "newshape": "shape",
    "size": "shape",
    "fill_value": "value",
    "exponent": "b",
    "axis_a": "axis1",
    "dim1": "axis1",
    "dim2": "axis2",
    "axis0": "axis1",
    "dim0": "axis1",
    "indices": "index",
    "min": "low",
    "max": "high",
    "a_min": "low",
    "a_max": "high",
    "diagonal": "k",
    "repeats": "many",
    "reps": "many",
    "normalized_shape": "shape",
    "negative_slope": "slope",
    "label_smoothing": "smoothing",
    "num_classes": "n",
    "N": "n",
    "M": "cols",
    "tensors": "arrays",
    "arrays": "arrays",
    "source": "source",
    "shifts": "shift",
    "minlength": "n",
    "length": "n",
    "num_segments": "n",
    "segment_ids": "index",
    "data": "a",
    "start_dim": "start",
    "end_dim": "end",
    "epsilon": "eps",
    "min_val": "low",
    "max_val": "high",
    "num_groups": "groups",
    "dims1": "axis1",
    "running_mean": "mean",
    "running_var": "var",
    "momentum": "momentum",
    "mat1": "b",
    "vec": "c",
    "k": "times",
    "pad_width": "widths",
    "constant_values": "value",
    "kernel_size": "size",
    "output_size": "shape",
    "window_strides": "strides",
    "start_indices": "starts",
    "slice_sizes": "lengths",
    "limit_indices": "stop",
    "start_index": "start",
    "limit_index": "stop",
    "slice_size": "length",
    "broadcast_dimensions": "axes",
    "dimensions": "axis",
    "feature_group_count": "groups",
    "rhs_dilation": "dilation",
    "in1": "a",
    "in2": "b",
    "mode": "mode",
    "lhs": "a",
    "rhs": "weight",
    "dimension": "axis",
    "split_size": "parts",
    "split_size_or_sections": "parts",
    "indices_or_sections": "parts",
    "chunks": "parts",
    "weights": "weights",
}
IGNORED = frozenset(
    "device requires_grad casting subok like precision preferred_element_type optimize out_sharding layout "
    "memory_format generator pin_memory non_blocking".split()
)


@dataclass(frozen=True)
class Parameter:
    """A parameter: its name, the kind of its arguments, its default, and whether it takes all further ones."""

    name: str
    kind: str
    default: Any = REQUIRED
    rest: bool = False


@cache
def parameters(signature: str) -> tuple[Parameter, ...]:
    """The parameters that a line of the table lists: "a, axis:i=None, keepdims:b=False, *shape:s"."""
    found = []
    for word in filter(None, (part.strip() for part in signature.split(","))):
        name, given, default = word.partition("=")
        name, _, kind = name.partition(":")
        rest = name.startswith("*")
        value = _default(default) if given else REQUIRED
        found.append(Parameter(name.lstrip("*"), kind or "a", value, rest))
    return tuple(found)


def _default(text: str) -> Any:
    constants = {"None": None, "False": False, "True": True}
    return constants[text] if text in constants else int(text) if text.lstrip("-").isdigit() else text


def bound(name: str, signature: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments by parameter, each of its kind. Raises where they do not fit."""
    known = parameters(signature)
    found: dict[str, Any] = {}
    left = list(arguments)
    for parameter in known:
        if parameter.rest:
            found[parameter.name] = _converted(name, parameter, _rest(left)) if left else None
            left = []
        elif left:
            found[parameter.name] = _converted(name, parameter, left.pop(0))
    if left:
        raise UnreadableError(f"{name} with {len(arguments)} arguments")
    for keyword, value in keywords.items():
        wanted = _parameter(known, keyword)
        if wanted is None:
            if keyword in IGNORED or value is None:
                continue
            raise UnreadableError(f"{name} with the argument {keyword}")
        if found.get(wanted.name) is not None:
            raise UnreadableError(f"{name} is given {keyword} twice")
        found[wanted.name] = _converted(name, wanted, value)
    for parameter in known:
        if found.get(parameter.name, REQUIRED) is REQUIRED or (parameter.rest and found[parameter.name] is None):
            if parameter.default is REQUIRED:
                raise UnreadableError(f"{name} lacks the argument {parameter.name}")
            found[parameter.name] = parameter.default
    for parameter in known:
        if parameter.name.startswith("_"):
            _check_ignored(name, parameter, found[parameter.name], found.get("a"))
    return {key: value for key, value in found.items() if not key.startswith("_")}


HARMLESS = frozenset(("_rtol", "_atol", "_threshold"))  # they change no value that counts here


def _check_ignored(name: str, parameter: Parameter, value: Any, first: Any) -> None:
    """Raise for an argument that no rule looks at, unless it leaves the result as it is."""
    if parameter.name in HARMLESS or value is None or value == parameter.default:
        return
    if parameter.name == "_dtype":
        check_kind(name, value, first)
        return
    if parameter.name == "_order" and value in ("C", "K", "A"):
        return
    raise UnreadableError(f"{name} with the argument {parameter.name[1:]}")


def check_kind(name: str, kind: Any, *values: Any) -> None:
    """Raise where numbers would be cut off on the way: a kind that holds less than an argument does."""
    wanted = as_kind(kind)
    if any(isinstance(each, Array) and KINDS.index(each.kind) > KINDS.index(wanted) for each in values):
        raise UnreadableError(f"{name} with numbers of kind {wanted}")


def _rest(left: list[Any]) -> Any:
    return left[0] if len(left) == 1 and isinstance(left[0], tuple | list) else tuple(left)


def _parameter(known: Sequence[Parameter], keyword: str) -> Parameter | None:
    names = (keyword, ALIASES.get(keyword, keyword), f"_{keyword}")
    return next((each for name in names for each in known if each.name == name), None)


def _converted(name: str, parameter: Parameter, value: Any) -> Any:
    if value is None:
        return None
    if parameter.kind not in CONVERSIONS:
        raise TypeError(f"no conversion {parameter.kind}")
    try:
        return CONVERSIONS[parameter.kind](value)
    except UnreadableError as error:
        raise UnreadableError(f"{error.cause} ({name})") from None


# ----- Conversions -----------------------------------------------------------------------------------------------


def as_array(value: Any) -> Array:
    """A value as an array."""
    if isinstance(value, Array):
        return value
    if type(value).__name__ == "Span":
        return place_array(value.stop - value.start, value.start)
    if isinstance(value, tuple | list):
        return literal(list(value))
    raise UnreadableError("this is no array of numbers that is known")


def as_whole(value: Any) -> Whole:
    """A value as a whole number."""
    if isinstance(value, Array) and not value.rank:
        if value.whole is not None:
            return value.whole
        found = whole_of(value.term)
        if found is not None:
            return found
    raise UnreadableError("this is no whole number that is known")


def as_integer(value: Any) -> Any:
    """A value as a number, or as a tuple of them."""
    if isinstance(value, tuple | list):
        return tuple(as_integer(each) for each in value)
    found = as_whole(value).number
    if found is None:
        raise UnreadableError("this must be a number")
    return found


def as_flag(value: Any) -> bool:
    """A value as True or False."""
    if isinstance(value, Array) and isinstance(value.term, Number):
        return bool(value.term.value)
    raise UnreadableError("whether this is true is not known")


def as_shape(value: Any) -> tuple[Whole, ...]:
    """A value as a shape."""
    if isinstance(value, tuple | list):
        return tuple(as_whole(each) for each in value)
    if isinstance(value, Array) and value.rank == 1:
        raise UnreadableError("a shape that is an array")
    return (as_whole(value),)


def as_kind(value: Any) -> str:
    """A value as a kind of numbers."""
    name = getattr(value, "name", value)
    if name in ("bool", "int", "float"):
        return str(name)
    if isinstance(value, str):
        words = {"i": "int", "u": "int", "f": "float", "b": "bool", "d": "float"}
        for start, kind in (("bool", "bool"), ("int", "int"), ("uint", "int"), ("float", "float")):
            if value.startswith(start):
                return kind
        if value[:1] in words and len(value) <= 2:
            return words[value[0]]
    raise UnreadableError("this type of numbers is not known")


def as_arrays(value: Any) -> Any:
    """A value as a list of arrays; one whose length is no number, as an array of its items, stays one."""
    if isinstance(value, Array) and value.rank:
        if value.axes[0].size.number is None:
            return value
        from indexcalc.lift.arrays.array import number
        from indexcalc.lift.arrays.indexing import taken

        return [taken(value, [number(n)]) for n in range(value.axes[0].size.number)]
    if isinstance(value, tuple | list):
        return [as_array(each) for each in value]
    raise UnreadableError("this is no list of arrays")


def as_order(value: Any) -> Any:
    """The order of a norm: a number, or its name."""
    if isinstance(value, str):
        return value
    if type(value).__name__ == "Infinity":
        return "inf"
    if isinstance(value, Array) and value.hidden is ONE:
        return "-inf"
    if isinstance(value, Array) and value.hidden is None and isinstance(value.term, Number):
        exact = value.term.value
        return int(exact) if isinstance(exact, Fraction) and exact.denominator == 1 else exact
    raise UnreadableError("this order of a norm")


def as_name(value: Any) -> str:
    """A word."""
    if isinstance(value, Array) and isinstance(value.term, Number):
        return str(bool(value.term.value))
    if isinstance(value, str):
        return value
    raise UnreadableError("this is no word")


def _unchanged(value: Any) -> Any:
    return value


CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "a": as_array,
    "w": as_whole,
    "i": as_integer,
    "b": as_flag,
    "s": as_shape,
    "t": as_kind,
    "l": as_arrays,
    "o": as_order,
    "n": as_name,
    "v": _unchanged,
}
