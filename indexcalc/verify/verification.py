"""Comparing generated code with the witnesses, on random numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Sheet
from indexcalc.showing import Shown
from indexcalc.terms import Derivative, Index, Term
from indexcalc.verify.evaluator import Array, World
from indexcalc.verify.reference import Reference
from indexcalc.verify.samples import on_kink, sample
from indexcalc.verify.witnesses import Answer, Question, again, witness
from indexcalc.walk import subterms

ALWAYS = ("reference", "differences")  # beside the witness that the user asks for
SMALL = 1e-6  # elements that are smaller than this share of the largest one are measured against that share
NOTHING = 1e-10  # a relative error is measured against no less


@dataclass(frozen=True)
class Tolerance:
    """How far apart equal numbers may be: a relative error, and the noise of numbers of moderate size."""

    relative: float
    noise: float


EXACT = Tolerance(1e-8, 1e-13)  # the seeds' code reaches 1e-14
ROUGH = Tolerance(1e-5, 1e-9)  # differences, of derivatives too


def mape(true: Array, predicted: Array) -> float:
    """The mean absolute percentage error: the mean of |true - predicted| / |true|, and of |predicted| where true is 0.

    Raises ValueError if the shapes differ.
    """
    true, predicted = np.asarray(true, dtype=float), np.asarray(predicted, dtype=float)
    if true.shape != predicted.shape:
        raise ValueError(f"the shapes {true.shape} and {predicted.shape} differ")
    size = np.where(true == 0, 1.0, np.abs(true))
    return float(np.mean(np.abs(true - predicted) / size))


def max_error(true: Array, predicted: Array) -> float:
    """The largest relative error of an element; very small elements are measured against a millionth of the largest."""
    if true.size == 0:
        return 0.0
    error = np.abs(true - predicted) / np.maximum(_magnitude(true), NOTHING)
    return float(np.nan_to_num(error, nan=np.inf).max())


def agree(true: Array, predicted: Array, tolerance: Tolerance) -> bool:
    """Whether all elements are equal within a tolerance."""
    if true.size == 0:
        return True
    limit = tolerance.relative * _magnitude(true) + tolerance.noise
    return bool((np.abs(true - predicted) <= limit).all())


def _magnitude(true: Array) -> Array:
    size = np.abs(true)
    return np.asarray(np.maximum(size, SMALL * size.max()))


def tolerance_of(target: Term, witness: str = "reference") -> Tolerance:
    """How near a result must come to what a witness says: differences, of derivatives too, have fewer digits."""
    derivatives = [each for each in subterms(target) if isinstance(each, Derivative)]
    nested = any(isinstance(inner, Derivative) for outer in derivatives for inner in subterms(outer.body))
    return ROUGH if witness == "differences" or (nested and witness == "reference") else EXACT


@dataclass(frozen=True)
class Agreement:
    """How far a result is from what one witness says. `note` tells what kept it from being compared in full."""

    witness: str
    passed: bool
    mape: float
    max_error: float
    note: str = ""


@dataclass(frozen=True, repr=False)
class Verification(Shown):
    """The outcome of a verification.

    passed: whether every witness agrees.
    mape, max_error: mean absolute percentage error and maximum relative error against the witness that was asked for.
    shape: of the result. sizes: by the name of the size, or by a letter where the size has no name.
    witnesses: what each of them says, the one that was asked for first.
    """

    passed: bool
    mape: float
    max_error: float
    shape: tuple[int, ...]
    sizes: Mapping[str, int]
    witnesses: tuple[Agreement, ...]
    seed: int = 0

    def __bool__(self) -> bool:
        return self.passed

    def check(self) -> Verification:
        """The verification itself if it passed, else IndexcalcError with the table."""
        if not self.passed:
            raise IndexcalcError(f"the verification failed\n{self}")
        return self

    def __str__(self) -> str:
        sizes = ", ".join(f"{name} = {size}" for name, size in self.sizes.items())
        head = f"{'passed' if self.passed else 'FAILED'}: shape {self.shape}" + (f", sizes {sizes}" if sizes else "")
        rows = [("witness", "mean abs. percentage error", "max. relative error", "")]
        for each in self.witnesses:
            verdict = "agrees" if each.passed else "DIFFERS"
            words = f"{verdict} ({each.note})" if each.note else verdict
            rows.append((each.witness, f"{each.mape:.3g}", f"{each.max_error:.3g}", words))
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        return "\n".join([head, *(f"  {line.rstrip()}" for line in lines)])


@dataclass(frozen=True, eq=False, repr=False)
class Verifications(Shown, Mapping[str, Verification]):
    """The outcomes for several results, by name."""

    found: Mapping[str, Verification]

    def __getitem__(self, name: str) -> Verification:
        return self.found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    @property
    def passed(self) -> bool:
        """Whether all passed."""
        return all(each.passed for each in self.values())

    def __bool__(self) -> bool:
        return self.passed

    def check(self) -> Verifications:
        """The verifications themselves if all passed, else IndexcalcError with their tables."""
        if not self.passed:
            raise IndexcalcError(f"the verification failed\n{self}")
        return self

    def __str__(self) -> str:
        return "\n".join(f"{name}\n{each}" for name, each in self.items())


def verify(
    target: Term,
    axes: tuple[Index, ...],
    sheet: Sheet,
    function: Callable[..., Any],
    *,
    against: str = "autograd",
    sizes: Mapping[str, int] | None = None,
    seed: int = 0,
    signed: Iterable[str] = (),
) -> Verification:
    """Run generated code on random numbers and compare it with the witnesses.

    Parameters
    ----------
    target: what the code should compute, as it was written: Derivative nodes are the witnesses' business.
    axes: the axes of the code's result.
    function: the generated code; its keywords are the leaves and the tensors that the target differentiates by.
    against: the witness to compare with besides the reference evaluator and differences: autograd, jax or torch.
    sizes: by the name of a size or an index; else all ranges get different sizes.
    signed: the leaves that are drawn with both signs.
    """
    found = verify_many(
        {"": (target, axes)}, sheet, lambda **given: {"": function(**given)}, against, sizes, seed, signed, function
    )
    return found[""]


def verify_many(
    targets: Mapping[str, tuple[Term, tuple[Index, ...]]],
    sheet: Sheet,
    function: Callable[..., Mapping[str, Any]],
    against: str = "autograd",
    sizes: Mapping[str, int] | None = None,
    seed: int = 0,
    signed: Iterable[str] = (),
    described: Callable[..., Any] | None = None,
) -> Verifications:
    """The same for a function with several results, by name; `described` says what it takes, if it does not itself."""
    witness(against)
    terms = [target for target, _ in targets.values()]
    world = sample(sheet, terms, seed, sizes, signed)
    results = function(**arguments(terms, world, described or function))
    names = tuple(dict.fromkeys((against, *ALWAYS)))
    found = {}
    for label, (target, axes) in targets.items():
        result = np.asarray(results[label], dtype=float)
        answers = tuple(_compare(name, Question(target, axes, world, result, seed)) for name in names)
        found[label] = Verification(
            passed=all(answer.passed for answer in answers) and any(np.isfinite(answer.mape) for answer in answers),
            mape=answers[0].mape,
            max_error=answers[0].max_error,
            shape=result.shape,
            sizes={range_.label: size for range_, size in world.sizes.items() if not range_.label.isdigit()},
            witnesses=answers,
            seed=seed,
        )
    return Verifications(found)


def arguments(targets: Iterable[Term], world: World, function: Callable[..., Any]) -> dict[str, Any]:
    """The keywords for generated code: all leaves, the targets' variables, the sizes and functions it asks for."""
    parts = (each for target in targets for each in subterms(target))
    variables = {each.variable.name for each in parts if isinstance(each, Derivative)}
    given: dict[str, Any] = {name: array for name, array in world.arrays.items() if not world.sheet.is_pi(name)}
    reference = Reference(world)
    for name in sorted(variables - given.keys()):
        given[name] = reference.tensor(name).array
    scalars = {name: float(array) for name, array in given.items() if np.ndim(array) == 0}
    asked = set(getattr(function, "arguments", ()))
    named = {(range_.label if range_.named else f"n_{range_.label}"): size for range_, size in world.sizes.items()}
    sizes = {name: size for name, size in named.items() if name in asked and name not in given}
    functions = {name: function for name, function in world.functions.items() if name in asked}
    return {**given, **scalars, **sizes, **functions}


def _compare(name: str, question: Question) -> Agreement:
    """What one witness says. Elements that it cannot work out (nan) are left out, with a note."""
    shape = tuple(question.world.sizes[axis.range] for axis in question.axes)
    if question.result.shape != shape:
        return Agreement(name, False, np.inf, np.inf, f"shape {question.result.shape} instead of {shape}")
    found = _judged(name, question, witness(name)(question))
    if found.passed:
        return found
    more = again(name, question)  # rounding, or a step that is too long, is no difference
    found = found if more is None else _judged(name, question, more)
    if name == "differences" and not found.passed and on_kink(question.world, [question.target]):
        return Agreement(name, True, np.nan, np.nan, "it cannot tell on a kink, where some numbers lie")
    return found


def _judged(name: str, question: Question, answer: Answer) -> Agreement:
    """How a result compares with an answer."""
    true, predicted = answer
    known = np.isfinite(true)
    if not known.any() and known.size:
        return Agreement(name, True, np.nan, np.nan, "it has no finite number to compare with")
    note = "" if known.all() else f"{known.size - known.sum()} of {known.size} elements are not finite for it"
    tolerance = tolerance_of(question.target, name)
    true, predicted = true[known], predicted[known]
    return Agreement(name, agree(true, predicted, tolerance), mape(true, predicted), max_error(true, predicted), note)
