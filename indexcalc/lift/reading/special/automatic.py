"""Derivatives that a library works out itself: autograd's jacobian and grad, jax's, torch.autograd.functional's.

They are what the code's own function says, worked out here instead: a fresh array in place of the argument, the
derivative by its elements, and the argument put in. Arrays of random numbers are arrays that nothing is known of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from indexcalc.calculus.resolve import Resolver
from indexcalc.errors import IndexcalcError
from indexcalc.lift.arrays.array import Array
from indexcalc.lift.arrays.combine import sum_over
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library.calls import as_array, as_integer, as_shape
from indexcalc.lift.library.making import zeros
from indexcalc.lift.reading.values import Builtin, Module, Unknown, Value
from indexcalc.rewrite.simplify import shortener
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative, Index, Tensor, Term
from indexcalc.walk import instance, length, replace_tensors, subterms

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

Arguments = list[Value]
Keywords = dict[str, Value]
Apply = Callable[[Any, Value, Arguments, Keywords], Value]  # the value of a function at arguments

WHOLE = frozenset(("jacobian", "jacfwd", "jacrev"))
OF_NUMBER = frozenset(("grad", "value_and_grad"))
OF_SUM = frozenset(("elementwise_grad", "egrad"))
MAKERS = WHOLE | OF_NUMBER | OF_SUM
LONGEST = 120  # parts of what is differentiated
FRESH = "§"  # before a number: a name that no code can hold


def makes_derivatives(function: Builtin) -> bool:
    """Whether a function of a library gives the derivative of a function."""
    module = function.module
    known = module in ("autograd", "jax", "torch.func") or module.startswith("torch.autograd.functional")
    return known and function.name in MAKERS


def made(reader: Reader, function: Builtin, arguments: Arguments, keywords: Keywords, apply: Apply) -> Value:
    """jacobian(f) is a function; torch's jacobian(f, x) its value."""
    if not arguments:
        raise UnreadableError(f"{function.name} without a function")
    if function.module.startswith("torch.autograd"):
        if len(arguments) != 2 or isinstance(arguments[1], tuple):
            raise UnreadableError(f"{function.name} of several arguments")
        return _derived(reader, function.name, arguments[0], 0, [arguments[1]], apply)
    position = arguments[1] if len(arguments) > 1 else keywords.get("argnum", keywords.get("argnums"))
    place = 0 if position is None else as_integer(reader.state.store.resolved(position))
    if not isinstance(place, int):
        raise UnreadableError("the derivative by several arguments at once")
    return Builtin(function.name, "derivative", (arguments[0], place))


def derived(reader: Reader, function: Builtin, arguments: Arguments, apply: Apply) -> Value:
    """The value of a derivative that `made` has given, at arguments."""
    inner, place = function.owner
    return _derived(reader, function.name, inner, place, arguments, apply)


def _derived(reader: Reader, kind: str, function: Value, place: int, arguments: Arguments, apply: Apply) -> Value:
    store = reader.state.store
    if not 0 <= place < len(arguments):
        raise UnreadableError("the argument that is differentiated by is not given")
    point = as_array(store.resolved(arguments[place]))
    if point.hidden is not None:
        raise UnreadableError("a derivative at minus infinity")
    name = f"{FRESH}v{next(store.numbers)}"
    moving = replace(point, term=Tensor(name, point.indices), kind="float", whole=None, choice=None)
    given = [store.new(moving) if n == place else each for n, each in enumerate(arguments)]
    value = as_array(store.resolved(apply(reader, function, given, {})))
    if value.hidden is not None:
        raise UnreadableError("a derivative of what may be minus infinity")
    if length(value.term) > LONGEST:
        raise UnreadableError("what is differentiated is too long")
    if kind in OF_NUMBER and value.rank:
        raise RaisesError(f"{kind} of a function whose value is no number")
    body = sum_over(value.axes, value.term) if kind in OF_SUM else value.term
    axes = () if kind in OF_SUM else value.axes
    own = {index: Index("f", index.range, index.serial) for axis in axes for index in axis.factors}
    outer = Array(tuple(axes), body).renamed(own)
    slots = {index: Index("v", index.range, index.serial) for index in point.indices}
    inner = tuple(axis.renamed(slots) for axis in point.axes)
    term = _resolved(Derivative(outer.term, Tensor(name, tuple(slots.values()))))
    term = replace_tensors(term, lambda each: _put(each, name, point))
    found = Array((*outer.axes, *inner), term, library=value.library).numbered()
    gradient = store.new(found)
    return (store.new(value), gradient) if kind == "value_and_grad" else gradient


def _put(tensor: Tensor, name: str, point: Array) -> Term | None:
    return instance(point.indices, point.term, tensor.slots) if tensor.name == name else None


def _resolved(term: Derivative) -> Term:
    slots = {each.name: tuple(slot.range for slot in each.slots) for each in subterms(term) if isinstance(each, Tensor)}
    sheet = Sheet(slots=slots, order=tuple(slots))
    try:
        return Resolver(sheet, shortener).resolve(term)
    except IndexcalcError as error:
        raise UnreadableError(f"the derivative: {error.cause}") from None


# ----- Random numbers --------------------------------------------------------------------------------------------

ANY = frozenset("randn standard_normal normal rand random random_sample uniform randint integers binomial".split())
SIGNED = frozenset("randn standard_normal normal".split())
NAMED = frozenset(("rand", "randn"))  # the lengths are arguments of their own in numpy


def is_random(function: Builtin) -> bool:
    """Whether a function of a library gives random numbers."""
    module = function.module
    return module.endswith("random") or (module == "torch" and function.name in ("randn", "rand", "randint", "normal"))


def random(reader: Reader, function: Builtin, arguments: Arguments, keywords: Keywords) -> Value:
    """An array of random numbers of a shape that is known: one that nothing is known of, where these are asked for."""
    name = function.name
    if name == "default_rng":
        return Module("numpy.random")
    if not reader.randoms or name not in ANY or function.module == "jax.random":
        return Unknown("random numbers are not known")
    resolved = [reader.state.store.resolved(each) for each in arguments]
    size = reader.state.store.resolved(keywords["size"]) if "size" in keywords else None
    if size is None:
        size = _shape(name, function.module, resolved)
    if size is None:
        return Unknown("random numbers are not known")
    made = zeros(as_shape(size), "int" if name in ("randint", "integers") else "float")
    signed = name in SIGNED or _has_negative(resolved)
    term = Tensor(f"{FRESH}{'r' if signed else 'u'}{next(reader.state.store.numbers)}", made.indices)
    return reader.state.store.new(replace(made, term=term, library="torch" if function.module == "torch" else "numpy"))


def _has_negative(arguments: list[Any]) -> bool:
    """Whether a bound of random numbers is below 0."""
    wholes = [each.whole.number for each in arguments if isinstance(each, Array) and each.whole is not None]
    return any(each is not None and each < 0 for each in wholes)


def _shape(name: str, module: str, arguments: list[Any]) -> Any:
    """The shape among the arguments; none where there is none."""
    if name in NAMED or (name in ("standard_normal", "random", "random_sample") and arguments):
        return arguments[0] if len(arguments) == 1 else tuple(arguments)
    return next((each for each in arguments if isinstance(each, tuple | list)), None)
