"""The witnesses: independent ways to the numbers that a result is compared with.

Each automatic differentiator is an evaluator over its own arrays, in which a Derivative node is its Jacobian; nothing
of indexcalc's calculus takes part. A package is imported when its witness is first called.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from threading import RLock
from typing import Any

import numpy as np

from indexcalc.errors import IndexcalcError
from indexcalc.terms import Derivative, Index, Term
from indexcalc.verify.evaluator import Array, Evaluator, World, shape_of
from indexcalc.verify.named import NUMPY, Library, Named, arranged, renamed
from indexcalc.verify.precise import Precise, PreciseDifferences, library
from indexcalc.verify.reference import Differences, Reference
from indexcalc.verify.settled import MOST_WORK, work

# ----- Automatic differentiation ---------------------------------------------------------------------------------


class Automatic(Evaluator):
    """Evaluates with an array library; a derivative is the Jacobian that the library works out.

    The library differentiates by a displacement of the variable, at zero.
    """

    @staticmethod
    def jacobian(function: Callable[[Any], Any], at: Any) -> Any:
        """The Jacobian of a function of one array: the axes of its value, then those of the array."""
        raise NotImplementedError

    def derivative(self, term: Derivative) -> Named:
        """The library's Jacobian of the body, evaluated with the variable displaced."""
        name, slots = term.variable.name, term.variable.slots
        places = tuple(range(len(slots)))
        found: list[Named] = []

        def body(displacement: Any) -> Any:
            found.append(self.moving(name, Named(places, displacement))(term.body))
            return found[-1].array

        jacobian = self.jacobian(body, self.library.constant(np.zeros(shape_of(self.world, name))))
        axes = found[-1].axes
        return renamed(self.library, Named((*axes, *places), jacobian), (*axes, *slots))


def _module(name: str, extra: str) -> Any:
    """A package that only some users have."""
    try:
        return import_module(name)
    except ImportError as error:
        raise IndexcalcError(
            f"the package {name.split('.')[0]} is not installed", f"pip install indexcalc[{extra}]"
        ) from error


@cache
def _autograd_library() -> Library:
    xp, extend = _module("autograd.numpy", "autograd"), _module("autograd.extend", "autograd")
    erf = extend.primitive(NUMPY.erf)
    extend.defvjp(erf, lambda _, x: lambda g: g * 2 / math.sqrt(math.pi) * xp.exp(-(x**2)))
    return Library(xp, erf, np.asarray, xp.transpose)


_ONE_AT_A_TIME = RLock()  # taken again for a derivative within a derivative


class Autograd(Automatic):
    """HIPS autograd, reverse mode."""

    def __init__(self, world: World, library: Library | None = None) -> None:
        super().__init__(world, library or _autograd_library())

    @staticmethod
    def jacobian(function: Callable[[Any], Any], at: Any) -> Any:
        """autograd.jacobian; that a branch does not depend on the variable is no reason to warn.

        One thread at a time: autograd counts the derivatives that are under way in one number for all threads, by
        which it tells an inner one from an outer one. And so are filters of warnings those of all threads.
        """
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return _module("autograd", "autograd").jacobian(function)(at)


class Jax(Automatic):
    """JAX, reverse mode, in double precision."""

    def __init__(self, world: World, library: Library | None = None) -> None:
        xp, special = _module("jax.numpy", "jax"), _module("jax.scipy.special", "jax")
        super().__init__(world, library or Library(xp, special.erf, xp.asarray, xp.transpose))

    @staticmethod
    def jacobian(function: Callable[[Any], Any], at: Any) -> Any:
        """jax.jacrev."""
        return _module("jax", "jax").jacrev(function)(at)


class Torch(Automatic):
    """torch.func, reverse mode, in double precision."""

    def __init__(self, world: World, library: Library | None = None) -> None:
        xp = _module("torch", "torch")

        def constant(array: Any) -> Any:
            return xp.as_tensor(np.asarray(array), dtype=xp.float64)

        super().__init__(world, library or Library(xp, xp.erf, constant, xp.permute))

    @staticmethod
    def jacobian(function: Callable[[Any], Any], at: Any) -> Any:
        """torch.func.jacrev."""
        return _module("torch.func", "torch").jacrev(function)(at)


# ----- What a witness says ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """What a witness is asked: whether this array is the value of a target along these axes."""

    target: Term
    axes: tuple[Index, ...]
    world: World
    result: Array
    seed: int = 0


Answer = tuple[Array, Array]  # what is true, and what should equal it
Witness = Callable[[Question], Answer]


def _by_reference(question: Question) -> Answer:
    """The reference evaluator on the target as it was written."""
    return Reference(question.world).array(question.target, question.axes), question.result


def _by(kind: Callable[[World], Evaluator]) -> Witness:
    def witness(question: Question) -> Answer:
        return np.asarray(kind(question.world).array(question.target, question.axes)), question.result

    return witness


def _by_jax(question: Question) -> Answer:
    double = getattr(_module("jax", "jax"), "enable_x64", None)  # JAX before 0.8 has it elsewhere
    if double is None:
        double = _module("jax.experimental", "jax").enable_x64
    with double(True):
        return _by(Jax)(question)


def _by_differences(question: Question) -> Answer:
    """Sixth-order differences: along one random direction of the variable, whatever its size, if that can be."""
    return _differences(question, Differences(question.world))


def _differences(question: Question, evaluator: Reference) -> Answer:
    target, axes, world = question.target, question.axes, question.world
    if not isinstance(target, Derivative) or not _is_full(target, axes):
        return evaluator.array(target, axes), question.result
    slots = target.variable.slots
    direction = np.random.default_rng(question.seed).uniform(-1, 1, shape_of(world, target.variable.name))
    slope = evaluator.slope(target, Named(tuple(range(len(slots))), direction))
    rest = tuple(axis for axis in axes if axis not in slots)
    true = np.asarray(arranged(NUMPY, slope, rest, [world.sizes[axis.range] for axis in rest]).array, dtype=float)
    order = [slots.index(axis) for axis in axes if axis in slots]
    moved = tuple(place for place, axis in enumerate(axes) if axis in slots)
    along = np.tensordot(question.result, direction.transpose(order), (moved, tuple(range(len(moved)))))
    return true, along


def _is_full(target: Derivative, axes: tuple[Index, ...]) -> bool:
    """Whether the result holds the derivative by every element of the variable: no letter is shared or fixed."""
    slots = target.variable.slots
    return len(set(slots)) == len(slots) and set(slots) <= set(axes) and not target.body.free.intersection(slots)


def again(name: str, question: Question) -> Answer | None:
    """The answer of a witness with ever more digits until it stays the same.

    None where it has no such way, where that takes too long, or where no number of digits is enough.
    """
    if name not in PRECISE or work((question.target,), question.world) > MOST_WORK:
        return None
    before: Answer | None = None
    for digits in MORE_DIGITS:
        now = PRECISE[name](question, digits)
        if before is not None and np.allclose(before[0], now[0], rtol=SAME, atol=0, equal_nan=True):
            return now
        before = now
    return None


def _precise_reference(question: Question, digits: int) -> Answer:
    evaluator = Precise(question.world, library(digits))
    return np.asarray(evaluator.array(question.target, question.axes), dtype=float), question.result


def _precise_differences(question: Question, digits: int) -> Answer:
    answer = _differences(question, PreciseDifferences(question.world, library(digits)))
    return np.asarray(answer[0], dtype=float), answer[1]


MORE_DIGITS = (60, 120, 240)
SAME = 1e-11  # a relative error
PRECISE = {"differences": _precise_differences, "reference": _precise_reference}
WITNESSES: dict[str, Witness] = {
    "autograd": _by(Autograd),
    "differences": _by_differences,
    "jax": _by_jax,
    "reference": _by_reference,
    "torch": _by(Torch),
}


def witness(name: str) -> Witness:
    """The witness of this name."""
    known = WITNESSES.get(name)
    if known is None:
        raise IndexcalcError(f"there is no witness {name}", f"Choose one of {', '.join(sorted(WITNESSES))}")
    return known
