r"""Whether a name before a bracket is applied to what stands in it, f(x), or multiplied by it, h (1 - h).

Of functions that share a letter each is a tensor of its own name: p(x, z), p(z \mid x) and p(x).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.context.functions.signatures import Signature, Signed, is_of
from indexcalc.context.loose import loose
from indexcalc.context.names import Use, script_items
from indexcalc.indices import Index
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import FunctionBody, Scope
from indexcalc.meaning.tensors import Read
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import (
    Applied,
    Bracket,
    Formula,
    Name,
    Product,
    Relation,
    Scripted,
    Sequence,
    items_of,
    walk,
)
from indexcalc.notation.writing.formulas import written_back
from indexcalc.terms import Call, Reduction, Tensor, Term
from indexcalc.walk import replace_tensors


def is_call(each: Formula, bracket: Bracket, scope: Scope) -> bool:
    """Whether a name before a bracket is applied to what stands in it, rather than multiplied by it."""
    if not isinstance(each, Name | Scripted) or bracket.mark not in "([{":
        return False
    use = scope.known.use(each)
    if use is None or (bracket.mark == "{" and not isinstance(bracket.body, Bracket)):
        return False
    if bracket.mark == "[":
        return _is_indexing(use, bracket, scope)
    if isinstance(bracket.body, Relation):
        return False
    if use.name in scope.parameters or (not use.primes and _stands_alone(use.name, bracket.body, scope)):
        return False
    return (
        use.primes > 0
        or is_density(each, bracket.body)
        or scope.known.is_function(use.name, scope.place)
        or bool(scope.known.standard(use.letter, scope.place))
    )


def is_density(sign: Formula, body: Formula) -> bool:
    r"""Whether a sign is that of a density, before its argument and its parameters: \mathcal{N}(x; m, v)."""
    is_sign = isinstance(sign, Name) and (sign.letter, sign.font) == ("N", "cal")
    return is_sign and isinstance(body, Sequence) and body.marks in (";,", "|,")


def _stands_alone(name: str, body: Formula, scope: Scope) -> bool:
    """Whether a name stands in a bracket without arguments: h (1 - h) is a product, f(f(x)) is not."""
    applied = {
        id(first)
        for part in walk(body)
        for (_, first), (_, second) in pairwise(part.factors if isinstance(part, Product) else ())
        if isinstance(second, Bracket)
    }
    inner = {id(part.base) for part in walk(body) if isinstance(part, Scripted)}
    names = [part for part in walk(body) if isinstance(part, Name | Scripted) and id(part) not in applied | inner]
    return any((use := scope.known.use(part)) is not None and use.name == name for part in names)


def _is_indexing(use: Use, bracket: Bracket, scope: Scope) -> bool:
    """T[i,k] is T at i and k."""
    items = [item for part in items_of(bracket.body) for item in script_items(part)]
    fits = items and all(item.kind in ("letter", "place") for item in items)
    return (
        bool(fits)
        and any(scope.known.letters.is_index(item.text) for item in items)
        and scope.known.has(use.name, "indexed")
    )


def index_parameters(defined: FunctionBody, arguments: tuple[Formula, ...], scope: Scope) -> dict[str, Index]:
    r"""What stands for the parameters that are indices alone in the body: \pi(a) = e^{h_a} / \sum_c e^{h_c}."""
    scripts = [each.below for each in walk(defined.body) if isinstance(each, Scripted) and each.below is not None]
    letters = {item.text for below in scripts for item in script_items(below) if item.kind in ("letter", "shifted")}
    alone = Counter(each.letter for each in walk(defined.body) if isinstance(each, Name))
    alone -= Counter(each.letter for below in scripts for each in walk(below) if isinstance(each, Name))
    found: dict[str, Index] = {}
    for own, argument in zip(defined.parameters, arguments, strict=True):
        if own in letters and scope.known.letters.is_index(own) and not alone[own]:
            items = script_items(argument)
            if len(items) != 1:
                raise UnclearError(f"{written_back(argument)} stands where {own} is an index")
            found[own] = scope.index(items[0], scope.ranges.fresh(own))
    return found


def put_in(defined: FunctionBody, parameters: Iterable[str], scope: Scope, read: Read) -> None:
    """Let what the body of a function speaks of, and what is defined through parameters, stand for that at those."""
    for parameter in parameters:
        for use, formula in scope.hanging(defined.body, parameter, frozenset(defined.parameters)):
            if use.indices or use.power is not None or use.primes:
                raise UnclearError(f"{use.name} hangs on {parameter}, which stands for something else here")
            scope.parameters[use.name] = read(formula, scope)


def extreme(name: str, argument: Value) -> Value:
    """The largest or the smallest element of an array."""
    if not argument.order:
        raise UnclearError(f"{name} of one argument")
    return Value(Reduction(name, argument.axes, argument.term))


def primed(formula: Applied, primes: int, scope: Scope, read: Read) -> Value:
    r"""The derivative of a function of the table, for what stands behind it: \tanh'(z)."""
    if formula.argument is None or formula.below is not None or formula.function not in FUNCTIONS:
        raise UnclearError("a prime behind an expression")
    return table(formula.function, primes, read(formula.argument, scope), scope)


def table(function: str, primes: int, argument: Value, scope: Scope) -> Value:
    """A function of the table, or a derivative of it."""
    if primes == 0:
        return argument.with_term(Call(function, argument.term))
    if scope.derived is None:
        raise UnclearError("a derivative of a function")
    marker = Tensor("?argument")
    term: Term = Call(function, marker)
    for _ in range(primes):
        term = scope.derived(term, "?argument")
    return argument.with_term(put(term, marker, argument))


def put(term: Term, marker: Tensor, argument: Value) -> Term:
    """A term with an argument in place of a marker."""
    return replace_tensors(term, lambda tensor: argument.term if tensor is marker else None)


def is_meant(defined: FunctionBody, use: Use, signature: Signature | None, count: int, scope: Scope) -> bool:
    """Whether a function that is defined is the one that is called: a density of other names is another one."""
    if use.name not in scope.known.densities or signature is None:
        return len(defined.parameters) == count
    return is_of(defined.parameters, use.name, signature, scope.known)


def told_apart(value: Value, use: Use, signature: Signature, arguments: Iterable[Formula], scope: Scope) -> Value:
    """The value of a function by a name of its own; an index in its brackets is one of its axes."""
    if not isinstance(value.term, Tensor):
        return value
    name = use.name + signature.label
    letters = dict.fromkeys(letter for each in arguments for letter in sorted(loose(each, scope.known, scope.counts)))
    slots = (*value.term.slots, *map(scope.letter, letters))
    for slot, range in zip(slots, scope.ranges_of(name, len(slots)), strict=True):
        scope.ranges.join(slot.range, range, named_alike=True)
    known = scope.known
    known.signed.setdefault(name, Signed(use.name, signature, len(slots)))
    first = known.arguments.get(use.name, {})
    known.arguments.setdefault(name, {each: first.get(each, 0) for each in signature.arguments})
    return value.with_term(Tensor(name, slots))
