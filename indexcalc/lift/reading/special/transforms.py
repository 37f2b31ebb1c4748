"""Functions that take functions: which module has which, and what each makes of the function that it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.reading.special import automatic, batched, scanned, trees
from indexcalc.lift.reading.values import Builtin, Value

if TYPE_CHECKING:
    from indexcalc.lift.reading.reader import Reader

Apply = Callable[[Any, Value, list[Value], dict[str, Value]], Value]
Rule = Callable[[Any, Builtin, list[Value], dict[str, Value], Apply], Value]


def _partial(
    reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply
) -> Value:
    if not arguments:
        raise UnreadableError("functools.partial of nothing")
    return Builtin("partial", "partial", (arguments[0], tuple(arguments[1:]), tuple(keywords.items())))


def _of_partial(
    reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply
) -> Value:
    inner, first, named = function.owner
    return apply(reader, inner, [*first, *arguments], dict(named) | keywords)


def _tree_map(
    reader: Reader, function: Builtin, arguments: list[Value], keywords: dict[str, Value], apply: Apply
) -> Value:
    if len(arguments) < 2 or keywords:
        raise UnreadableError("the map over containers with these arguments")
    return trees.mapped(reader, lambda *each: apply(reader, arguments[0], list(each), {}), *arguments[1:])


OF_JAX: dict[str, Rule] = {
    "vmap": batched.vmap,
    "jvp": automatic.pushed,
    "vjp": automatic.pulled,
    "hessian": automatic.hessian,
}
OF_NUMPY: dict[str, Rule] = {"vectorize": batched.vectorize, "apply_along_axis": batched.along_axis}
BY_MODULE: dict[str, dict[str, Rule]] = {
    "jax": {**OF_JAX, "tree_map": _tree_map},
    "torch": {"vmap": batched.vmap},
    "torch.func": OF_JAX,
    "jax.lax": {
        "scan": scanned.scan,
        "fori_loop": scanned.fori_loop,
        "cond": scanned.cond,
        "associative_scan": scanned.associative_scan,
        "while_loop": scanned.while_loop,
        "switch": scanned.switch,
        "map": batched.mapped_rows,
    },
    "jax.tree": {"map": _tree_map},
    "jax.tree_util": {"tree_map": _tree_map},
    "numpy": OF_NUMPY,
    "jax.numpy": OF_NUMPY,
    "autograd.numpy": OF_NUMPY,
    "functools": {"partial": _partial, "reduce": scanned.fold},
}
# What the functions above give, by the word that is kept for it as a module.
MADE: dict[str, Rule] = {
    "batched": batched.batched,
    "elementwise": batched.elementwise,
    "partial": _of_partial,
    "pullback": automatic.pulled_back,
}
# Decorators that make another function of the one below them.
CHANGING = frozenset("vmap grad value_and_grad jacobian jacfwd jacrev hessian vectorize elementwise_grad egrad".split())


def rule_for(function: Builtin) -> Rule | None:
    """The rule of a function that takes functions, or that one of them gave; none for any other."""
    made = MADE.get(function.module)
    return made if made is not None else BY_MODULE.get(function.module, {}).get(function.name)
