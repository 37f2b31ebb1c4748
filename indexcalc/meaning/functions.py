r"""Functions: those of the table, those that the document defines, and those of which nothing is known.

A bracket behind a name that is no function of numbers only says on what it depends: L(w), x(t).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.context.functions.calls import BY_ELEMENT
from indexcalc.context.functions.signatures import signature_of
from indexcalc.context.names import Use, script_items
from indexcalc.indices import Index
from indexcalc.meaning import groups
from indexcalc.meaning.applying import extreme, index_parameters, is_meant, put, put_in, table, told_apart
from indexcalc.meaning.chance.densities import density
from indexcalc.meaning.primitives import determinant, exponential, inverse, logarithm, primitive
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import FunctionBody, Scope
from indexcalc.meaning.sums import opaque, opaque_vector
from indexcalc.meaning.tables import determinant_of_blocks
from indexcalc.meaning.tensors import Read, power, tensor
from indexcalc.meaning.values import Value, transposed
from indexcalc.notation.formula import (
    Applied,
    Bars,
    Bracket,
    Formula,
    Mark,
    Name,
    Numeral,
    Product,
    Relation,
    Scripted,
    Sequence,
    Table,
    items_of,
    walk,
)
from indexcalc.terms import MINUS_ONE, Call, Contraction, Delta, Number, Power, Tensor
from indexcalc.terms import Product as TermProduct
from indexcalc.walk import substitute


def call(each: Formula, bracket: Bracket, scope: Scope, read: Read) -> Value:
    """The value of a name applied to what stands in a bracket."""
    use = scope.known.use(each)
    assert use is not None
    if bracket.mark == "[" and not use.primes:
        items = tuple(item for part in items_of(bracket.body) for item in script_items(part))
        return tensor(replace(use, indices=items), scope)
    value = _called(use, each, bracket, scope, read)
    if use.power is not None:
        value = power(value, use.power, scope, read)
    return transposed(value) if use.transposed else value


def _called(use: Use, each: Formula, bracket: Bracket, scope: Scope, read: Read) -> Value:
    body = bracket.body.body if isinstance(bracket.body, Bracket) and bracket.mark == "{" else bracket.body
    arguments = items_of(body)
    defined = scope.function(use.name)
    if defined is None and (known := density(each, body, scope, read)) is not None:
        return known
    standard = scope.known.standard(use.letter, scope.place)
    signature = signature_of(body, scope.known, use.name in scope.known.densities)
    if defined is not None and is_meant(defined, use, signature, len(arguments), scope):
        if any(map(partial(_is_part, scope, defined.body), defined.parameters, arguments)):
            raise UnclearError(f"{use.name} of an element is another function than {use.name} of all of them")
        indices = index_parameters(defined, arguments, scope)
        pairs = zip(defined.parameters, arguments, strict=True)
        rest = {own: read(each, scope) for own, each in pairs if own not in indices}
        return _applied(use, defined, rest, indices, scope, read)
    if standard and len(arguments) == 1 and defined is None:
        return table(standard, use.primes, read(arguments[0], scope), scope)
    if scope.known.has(use.name, "depends", scope.place) and not use.primes:
        value = tensor(use, scope)
        if signature is None or use.name not in scope.known.overloaded:
            return value
        return told_apart(value, use, signature, arguments, scope)
    if len(arguments) != 1 or isinstance(arguments[0], Mark | Relation):
        return opaque(Product((("", each), ("juxtaposed", bracket))), scope)
    argument = read(arguments[0], scope)
    if argument.order and not use.primes and not scope.known.has(use.name, BY_ELEMENT):
        return opaque_vector(use, arguments[0], argument, scope)
    if use.indices:
        raise UnclearError(f"{use.name} is a family of functions")
    return argument.with_term(Call(use.name + "'" * use.primes, argument.term))


def _is_part(scope: Scope, body: Formula, parameter: str, argument: Formula) -> bool:
    """Whether an argument is an element of what a function takes as a whole: y_i, where its body speaks of each y_i."""
    use = scope.known.use(argument) if isinstance(argument, Name | Scripted) else None
    if use is None or not use.indices or use.name != parameter or getattr(argument, "below", None) is None:
        return False
    inner = (scope.known.use(part) for part in walk(body) if isinstance(part, Scripted))
    return any(each is not None and each.name == parameter and each.indices for each in inner)


DEEPEST = 12


def _applied(
    use: Use, defined: FunctionBody, arguments: dict[str, Value], indices: dict[str, Index], scope: Scope, read: Read
) -> Value:
    """The body of a function that the document defines, for these arguments; of vectors element by element.

    arguments, indices: what its parameters stand for, those that are indices alone among them.

    An element of it where indices are written; of a function that is defined by its elements, else all of them.
    """
    if scope.depth > DEEPEST:
        raise UnclearError(f"{use.name} is defined by itself")
    parameters, body = defined.parameters, defined.body
    axes = next((argument.axes for argument in arguments.values() if argument.axes), ())
    element = all(scope.known.rank(each) == 0 for each in arguments) and bool(axes)
    values = {own: Value(each.term) if element else each for own, each in arguments.items()}
    if use.primes:
        if indices:
            raise UnclearError(f"nothing says by what {use.name} is differentiated")
        return _primed(use, defined, arguments[parameters[0]], scope, read)
    held, letters, bound = scope.parameters, scope.letters, scope.bound
    own = {letter: scope.fresh(letter) for letter in defined.indices}
    others = [own for own, value in values.items() if not (isinstance(value.term, Tensor) and value.term.name == own)]
    scope.parameters = {**held, **values}
    scope.bound = {**bound, **own, **indices}
    scope.depth += 1
    try:
        put_in(defined, others, scope, read)
        result = read(body, scope)
    finally:
        scope.parameters, scope.depth = held, scope.depth - 1
        scope.letters, scope.bound = letters, bound
    if own:
        result = _elements(use, result, tuple(own.values()), scope)
    return replace(result, axes=axes) if element and not result.axes else result


def _elements(use: Use, value: Value, own: tuple[Index, ...], scope: Scope) -> Value:
    """The elements of a value that stands for the elements of a function: those that are written, or all."""
    if not use.indices:
        if value.axes:
            raise UnclearError(f"{use.name} stands without its indices")
        return value if not value.term.free & set(own) else replace(value, axes=own)
    if len(use.indices) != len(own):
        raise UnclearError(f"{use.name} stands with another number of indices elsewhere")
    meant = {index: scope.index(item, index.range) for index, item in zip(own, use.indices, strict=True)}
    return value.with_term(substitute(value.term, meant))


def _primed(use: Use, defined: FunctionBody, argument: Value, scope: Scope, read: Read) -> Value:
    parameters, body = defined.parameters, defined.body
    if len(parameters) != 1 or scope.derived is None:
        raise UnclearError(f"nothing says by what {use.name} is differentiated")
    marker = Tensor("?argument")
    held = scope.parameters
    scope.parameters = {**held, parameters[0]: Value(marker)}
    try:
        put_in(defined, parameters, scope, read)
        result = read(body, scope)
    finally:
        scope.parameters = held
    term = result.term
    for _ in range(use.primes):
        term = scope.derived(term, "?argument")
    return argument.with_term(put(term, marker, argument))


# ----- Functions that are written as words -----


def applied(formula: Applied, scope: Scope, read: Read) -> Value:
    r"""A function of the table or an operator with its argument: \log x, \operatorname{tr} A, softmax(x)."""
    name = formula.function
    if formula.argument is None:
        raise UnclearError(f"{name} has no argument")
    body = formula.argument.body if isinstance(formula.argument, Bracket) else formula.argument
    if name in ("max", "min") and isinstance(body, Sequence) and len(body.items) == 2:
        first, second = (read(item, scope) for item in body.items)
        return _two(name, first, second, scope)
    if isinstance(body, Sequence):
        raise UnclearError(f"{name} of several arguments")
    if name in ("max", "min"):
        return extreme(name, read(formula.argument, scope))
    blocks = determinant_of_blocks(body, scope, read) if name in ("det", "logdet") and isinstance(body, Table) else None
    argument = blocks or read(formula.argument, scope)
    if blocks is not None:
        value = blocks if name == "det" else blocks.with_term(logarithm(blocks.term, scope))
    elif name in OPERATORS:
        value = OPERATORS[name](argument, scope)
    elif name == "log":
        value = argument.with_term(logarithm(argument.term, scope))
    elif name in FUNCTIONS:
        value = argument.with_term(Call(name, argument.term))
    else:
        raise UnclearError(f"{name} is not calculated with")
    if formula.below is not None and not isinstance(formula.below, Mark):
        value = _below(formula.below, value, scope)
    if formula.above is None or isinstance(formula.above, Bracket):
        return value
    if isinstance(formula.above, Numeral):
        return value.with_term(Power(value.term, Number(formula.above.exact)))
    raise UnclearError(f"what stands above {name} is not understood")


def _below(below: Formula, value: Value, scope: Scope) -> Value:
    items = [item for item in script_items(below) if item.kind in ("letter", "place")]
    if items and len(items) == value.order:
        slots = tuple(scope.index(item, axis.range) for item, axis in zip(items, value.axes, strict=True))
        return Value(value.at(slots))
    if isinstance(below, Numeral) or value.order == 0:
        return value  # log_2 is another logarithm
    raise UnclearError("what stands below a function is not understood")


def _two(name: str, first: Value, second: Value, scope: Scope) -> Value:
    if first.order and second.order:
        raise UnclearError(f"{name} of two vectors")
    larger = first if first.order else second
    return larger.with_term(Call(name, first.term, second.term))


def trace(value: Value, scope: Scope) -> Value:
    """The sum of the diagonal."""
    if value.order == 0:
        return value
    if len(value.groups) == 2:
        return groups.trace(value, scope.ranges)
    if value.order != 2:
        raise UnclearError("a trace of what is no matrix", shape=True)
    first, second = value.axes
    scope.ranges.join(first.range, second.range)
    return Value(Contraction((first,), substitute(value.term, {second: first})))


def diagonal(value: Value, scope: Scope) -> Value:
    """The matrix with a vector on its diagonal; the diagonal of a matrix."""
    if value.order == 1:
        (axis,) = value.axes
        other = scope.fresh(axis.name, axis.range)
        return Value(TermProduct(Delta(axis, other), value.term), (axis, other))
    if value.order == 2:
        first, second = value.axes
        scope.ranges.join(first.range, second.range)
        part = substitute(value.term, {second: first})
        return Value(part, (first,), whole=TermProduct(Delta(first, second), part), beside=second)
    raise UnclearError("diag of what is neither a vector nor a matrix", shape=True)


def softmax(value: Value, scope: Scope) -> Value:
    """The exponentials, divided by their sum along the last axis; of an element z_i that along its letter."""
    if not value.order and isinstance(value.term, Tensor) and len(value.term.slots) == 1:
        (letter,) = value.term.slots
        axis = scope.fresh(letter.name, letter.range)
        if letter.place is None:
            return Value(softmax(Value(Tensor(value.term.name, (axis,)), (axis,)), scope).at((letter,)))
    if value.order not in (1, 2):
        raise UnclearError("a softmax of what is no vector", shape=True)
    axis = value.axes[-1]
    other = scope.fresh(axis.name, axis.range)
    below = Contraction((other,), Call("exp", substitute(value.term, {axis: other})))
    return value.with_term(TermProduct(Call("exp", value.term), Power(below, MINUS_ONE)))


def logsumexp(value: Value, scope: Scope) -> Value:
    """The logarithm of the sum of the exponentials."""
    if value.order != 1:
        raise UnclearError("logsumexp of what is no vector", shape=True)
    return Value(Call("log", Contraction(value.axes, Call("exp", value.term))))


def mean(value: Value, scope: Scope) -> Value:
    """The mean of all elements."""
    from indexcalc.terms import size_of

    if not value.order:
        raise UnclearError("a mean of one number")
    sizes = (Power(size_of(axis.range), MINUS_ONE) for axis in value.axes)
    return Value(TermProduct(*sizes, Contraction(value.axes, value.term)))


OPERATORS = {
    "det": determinant,
    "logdet": lambda value, scope: primitive("logdet", value, scope),
    "inv": inverse,
    "tr": trace,
    "vec": lambda value, scope: groups.stacked(value),
    "diag": diagonal,
    "exp": exponential,
    "expm": lambda value, scope: primitive("expm", value, scope),
    "softmax": softmax,
    "logsumexp": logsumexp,
    "mean": mean,
}


def bars(formula: Bars, scope: Scope, read: Read, below: Formula | None = None, above: Formula | None = None) -> Value:
    """The absolute value of a number; the norm of a vector or a matrix, or a power of it."""
    body = formula.body.body if isinstance(formula.body, Bracket) else formula.body
    blocks = determinant_of_blocks(body, scope, read) if formula.mark == "|" and isinstance(body, Table) else None
    value = blocks or read(formula.body, scope)
    number = above.exact if isinstance(above, Numeral) else None
    if blocks is not None:
        return _raised(blocks, number)
    if value.order == 0:
        term = Call("abs", value.term)
        return Value(term if number is None else Power(value.term if number % 2 == 0 else term, Number(number)))
    if value.order == 2 and formula.mark == "|":
        return _raised(determinant(value, scope), number)
    kind = _norm(below)
    if kind == "1":
        total = Contraction(value.axes, Call("abs", value.term))
        return Value(total if number is None else Power(total, Number(number)))
    square = Contraction(value.axes, Power(value.term, Number(2)))
    return Value(Power(square, Number((number or 1) / 2 if number else Fraction(1, 2))))


def _raised(value: Value, number: Fraction | None) -> Value:
    return value if number is None else value.with_term(Power(value.term, Number(number)))


def _norm(below: Formula | None) -> str:
    match below:
        case None | Mark("empty") | Numeral(text="2") | Name("F" | "f" | "Fro" | "fro"):
            return "2"
        case Numeral(text="1"):
            return "1"
    raise UnclearError("this norm is not understood")
