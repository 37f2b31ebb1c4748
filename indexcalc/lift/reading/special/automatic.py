"""Derivatives that a library works out itself: autograd's jacobian and grad, jax's, torch.autograd.functional's.

They are what the code's own function says, worked out here instead: a fresh array in place of the argument, the
derivative by its elements, and the argument put in. Arrays of random numbers are arrays that nothing is known of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from indexcalc.calculus.resolve import Resolver
from indexcalc.errors import IndexcalcError
from indexcalc.lift.arrays.array import Array
from indexcalc.lift.arrays.combine import contracted, sum_over
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.lift.library.calls import as_array, as_integer, as_shape
from indexcalc.lift.library.elementwise import add
from indexcalc.lift.library.making import zeros
from indexcalc.lift.reading.special import trees
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
        return _derived(reader, Asked(function.name, arguments[0], 0), [arguments[1]], {}, apply)
    if keywords.keys() - {"argnum", "argnums", "has_aux"}:
        raise UnreadableError(f"{function.name} with these arguments")
    position = arguments[1] if len(arguments) > 1 else keywords.get("argnum", keywords.get("argnums"))
    places = 0 if position is None else as_integer(reader.state.store.resolved(position))
    more = "has_aux" in keywords and reader.truth(keywords["has_aux"]) is True
    return Builtin(function.name, "derivative", Asked(function.name, arguments[0], places, more))


def hessian(reader: Reader, function: Builtin, arguments: Arguments, keywords: Keywords, apply: Apply) -> Value:
    """The derivative of the derivative."""
    jacobian = Builtin("jacobian", "jax")
    return made(reader, jacobian, [made(reader, jacobian, arguments, keywords, apply), *arguments[1:]], keywords, apply)


@dataclass(frozen=True)
class Asked:
    """A derivative that is asked for: of which kind, of what, by which arguments; more: the value has a second part."""

    kind: str
    function: Value
    places: int | tuple[int, ...]
    more: bool = False


@dataclass(frozen=True)
class Moving:
    """A fresh array in place of one that is differentiated by."""

    name: str
    point: Array


def derived(reader: Reader, function: Builtin, arguments: Arguments, keywords: Keywords, apply: Apply) -> Value:
    """The value of a derivative that `made` has given, at arguments."""
    return _derived(reader, function.owner, arguments, keywords, apply)


def _derived(reader: Reader, asked: Asked, arguments: Arguments, keywords: Keywords, apply: Apply) -> Value:
    store = reader.state.store
    places = asked.places if isinstance(asked.places, tuple) else (asked.places,)
    places = tuple(place + len(arguments) if place < 0 else place for place in places)
    if not all(0 <= place < len(arguments) for place in places):
        raise UnreadableError("the argument that is differentiated by is not given")
    moving: list[Moving] = []
    given = [_set_moving(reader, each, moving) if n in places else each for n, each in enumerate(arguments)]
    result = _while_deriving(reader, apply, asked.function, given, keywords)
    rest: Value = None
    if asked.more:
        result, rest = reader.sequence(result)
        rest = trees.mapped(reader, lambda leaf: store.new(_back(as_array(store.resolved(leaf)), moving)), rest)
    value = as_array(store.resolved(result))
    if asked.kind in OF_NUMBER and value.rank:
        raise RaisesError(f"{asked.kind} of a function whose value is no number")
    left = iter(moving)
    slopes = [
        trees.mapped(
            reader, lambda leaf: store.new(_slope(reader, asked.kind, value, next(left), moving)), arguments[n]
        )
        for n in places
    ]
    found = tuple(slopes) if isinstance(asked.places, tuple) else slopes[0]
    if asked.kind != "value_and_grad":
        return (found, rest) if asked.more else found
    own = store.new(_back(value, moving))
    return ((own, rest), found) if asked.more else (own, found)


def _while_deriving(reader: Reader, apply: Apply, function: Value, arguments: Arguments, keywords: Keywords) -> Value:
    """The value of a function that is differentiated: what stops derivatives, or brings its own, is not read in it."""
    reader.deriving += 1
    try:
        return apply(reader, function, arguments, keywords)
    finally:
        reader.deriving -= 1


def _set_moving(reader: Reader, value: Value, moving: list[Moving]) -> Value:
    """An argument with a fresh array in place of each that it holds."""
    store = reader.state.store

    def fresh(leaf: Value) -> Value:
        point = as_array(store.resolved(leaf))
        if point.hidden is not None:
            raise UnreadableError("a derivative at minus infinity")
        free = point.term.free - frozenset(point.indices)
        name = f"{FRESH}v{next(store.numbers)}"
        moving.append(Moving(name, point))
        slots = (*point.indices, *sorted(free))
        return store.new(replace(point, term=Tensor(name, slots), kind="float", whole=None, choice=None))

    return trees.mapped(reader, fresh, value)


def _back(value: Array, moving: Sequence[Moving]) -> Array:
    """A value with what was given in place of the fresh arrays."""
    term = value.term
    for each in moving:
        term = replace_tensors(term, partial(_put, each))
    return replace(value, term=term)


def _slope(reader: Reader, kind: str, value: Array, each: Moving, moving: Sequence[Moving]) -> Array:
    """The derivative of a value by one of the fresh arrays, at what was given."""
    if value.hidden is not None:
        raise UnreadableError("a derivative of what may be minus infinity")
    if _is_through(reader, value.term, moving):
        raise UnreadableError("a derivative through an inverse, a determinant or the like")
    if length(value.term) > LONGEST:
        raise UnreadableError("what is differentiated is too long")
    body = sum_over(value.axes, value.term) if kind in OF_SUM else value.term
    axes = () if kind in OF_SUM else value.axes
    own = {index: Index("f", index.range, index.serial) for axis in axes for index in axis.factors}
    outer = Array(tuple(axes), body).renamed(own)
    point = each.point
    slots = {index: Index("v", index.range, index.serial) for index in point.indices}
    inner = tuple(axis.renamed(slots) for axis in point.axes)
    free = sorted(point.term.free - frozenset(point.indices))
    term = _resolved(Derivative(outer.term, Tensor(each.name, (*slots.values(), *free))))
    found = Array((*outer.axes, *inner), term, library=value.library)
    return _back(found, moving).numbered()


def pushed(reader: Reader, function: Builtin, arguments: Arguments, keywords: Keywords, apply: Apply) -> Value:
    """jvp(f, primals, tangents): the value of f, and its derivative along the tangents."""
    if len(arguments) != 3 or keywords:
        raise UnreadableError("jvp with these arguments")
    store = reader.state.store
    primals = reader.sequence(arguments[1])
    moving: list[Moving] = []
    given = [_set_moving(reader, each, moving) for each in primals]
    value = as_array(store.resolved(_while_deriving(reader, apply, arguments[0], given, {})))
    tangents = [as_array(store.resolved(leaf)) for leaf in trees.leaves(reader, arguments[2])]
    if len(tangents) != len(moving):
        raise RaisesError("as many tangents as arguments are needed")
    outer: list[object] = [("f", n) for n in range(value.rank)]
    total = None
    for each, tangent in zip(moving, tangents, strict=True):
        if tangent.shape != each.point.shape:
            raise RaisesError("a tangent of another shape than its argument")
        inner: list[object] = [("v", n) for n in range(tangent.rank)]
        part = contracted([_slope(reader, "jacobian", value, each, moving), tangent], [[*outer, *inner], inner], outer)
        total = part if total is None else add(total, part)
    return store.new(_back(value, moving)), None if total is None else store.new(total)


def pulled(reader: Reader, function: Builtin, arguments: Arguments, keywords: Keywords, apply: Apply) -> Value:
    """vjp(f, *primals): the value of f, and the function that carries a gradient by it back to the arguments."""
    if not arguments or keywords:
        raise UnreadableError("vjp with these arguments")
    store = reader.state.store
    moving: list[Moving] = []
    given = [_set_moving(reader, each, moving) for each in arguments[1:]]
    value = as_array(store.resolved(_while_deriving(reader, apply, arguments[0], given, {})))
    slopes = tuple(_slope(reader, "jacobian", value, each, moving) for each in moving)
    return store.new(_back(value, moving)), Builtin("pullback", "pullback", (tuple(arguments[1:]), value, slopes))


def pulled_back(reader: Reader, function: Builtin, arguments: Arguments, keywords: Keywords, apply: Apply) -> Value:
    """What vjp gives, at a gradient: the gradients by the arguments."""
    primals, value, slopes = function.owner
    store = reader.state.store
    gradient = as_array(store.resolved(arguments[0]))
    if gradient.shape != value.shape:
        raise RaisesError("a gradient of another shape than the value")
    outer: list[object] = [("f", n) for n in range(value.rank)]
    left = iter(slopes)

    def one(leaf: Value) -> Value:
        slope = next(left)
        inner: list[object] = [("v", n) for n in range(slope.rank - value.rank)]
        return store.new(contracted([gradient, slope], [outer, [*outer, *inner]], inner))

    return tuple(trees.mapped(reader, one, each) for each in primals)


def _is_through(reader: Reader, term: Term, moving: Sequence[Moving]) -> bool:
    """Whether a term holds a primitive of what is differentiated by: its name alone stands in the term."""
    sheet, names = reader.sheet, {each.name for each in moving}
    if sheet is None:
        return False
    pending, seen = [name for name in term.symbols if name in sheet.primitives], set[str]()
    while pending:
        name = pending.pop()
        if name in names:
            return True
        if name not in seen:
            seen.add(name)
            made, defined = sheet.primitives.get(name), sheet.definitions.get(name)
            pending += [*(made.symbols if made is not None else ()), *(defined.body.symbols if defined else ())]
    return False


def _put(each: Moving, tensor: Tensor) -> Term | None:
    if tensor.name != each.name:
        return None
    free = sorted(each.point.term.free - frozenset(each.point.indices))
    return instance((*each.point.indices, *free), each.point.term, tensor.slots)


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
