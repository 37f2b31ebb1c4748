"""What indexcalc does for Python code: parse, derive, equal, check, einsum_vjp.

The rooms that need numpy are entered when they are first used, so that reading and deriving start fast.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from indexcalc.derivation import derive_term
from indexcalc.errors import IndexcalcError, asked_for
from indexcalc.many import Results, results_of
from indexcalc.notation.reader import parse_sheet, read_chain, read_target, summed_unsaid
from indexcalc.results import Derivation, Expression, Step
from indexcalc.sheet import Sheet
from indexcalc.terms import Range

if TYPE_CHECKING:
    from indexcalc.audit.proving.proof import Verdict
    from indexcalc.audit.reports.report import Report
    from indexcalc.codegen.running.vjp import Pullback

Targets = list[str] | tuple[str, ...]
__all__ = [
    "Derivation",
    "Expression",
    "Results",
    "Step",
    "check",
    "check_backward",
    "check_code",
    "check_shapes",
    "custom_vjp",
    "derive",
    "einsum_vjp",
    "equal",
    "lift",
    "parse",
]


def parse(text: str) -> Sheet:
    """Read a sheet of statements.

    Raises IndexcalcError with line, column and caret for a text that the language does not allow.
    """
    return parse_sheet(text)


@overload
def derive(sheet: Sheet | str, target: str) -> Derivation:
    """One target."""


@overload
def derive(sheet: Sheet | str, target: Targets) -> Results:
    """Several targets."""


def derive(sheet: Sheet | str, target: str | Targets) -> Derivation | Results:
    """Derive a target, in either dialect, in the light of a sheet: usually a derivative, `diff(CE, w[t,s])`.

    A tensor that is named without indices means all its elements: `diff(CE, w)`. Several targets give results by the
    targets as they are written, and one program: gradients share their adjoints, and all share the forward pass.

    Raises IndexcalcError if the text cannot be read, or if something in it has no derivative.
    """
    if not isinstance(target, str):
        return _several(_sheet(sheet), target)
    reading = read_target(_sheet(sheet), target)
    with asked_for(target):
        derived = derive_term(reading.term, reading.axes, reading.sheet)
    return Derivation(Expression(reading.term, reading.sheet, reading.axes), derived)


def _several(sheet: Sheet, targets: Targets) -> Results:
    """The results of several targets, which are read with one sheet: a letter has the same range in all of them."""
    if not targets:
        raise IndexcalcError("there is no target", "Give one, such as diff(f, x[i])")
    _check_letters(sheet, targets)
    for target in targets:
        sheet = read_target(sheet, target).sheet
    readings = {target: read_target(sheet, target) for target in targets}
    asked = {target: Expression(each.term, sheet, each.axes) for target, each in readings.items()}
    try:
        return results_of(asked, sheet)
    except IndexcalcError:
        for target, each in asked.items():
            with asked_for(target):
                derive_term(each.term, each.axes, each.sheet)
        raise


def _check_letters(sheet: Sheet, targets: Targets) -> None:
    """Refuse a letter that only targets have and that would run over two ranges, which it would make one."""
    known: dict[str, tuple[Range, str]] = {}
    for target in targets:
        letters = read_target(sheet, target).sheet.letters
        for letter in (each for each in letters if each not in sheet.letters):
            range, before = known.setdefault(letter, (letters[letter], target))
            if range != letters[letter]:
                cause = f"{letter} runs over {range.label} in {before} and over {letters[letter].label} in {target}"
                raise IndexcalcError(cause, "Use another letter in one of them")


def _sheet(sheet: Sheet | str) -> Sheet:
    return parse_sheet(sheet) if isinstance(sheet, str) else sheet


def equal(sheet: Sheet | str, left: str, right: str) -> Verdict:
    """The verdict on left = right; the indices that are free on the left are free.

    A side that cannot be read gives the verdict `unreadable`, with the place and the cause as its reason; sides that
    can be read, but not compared, are `undecided`.
    """
    from indexcalc.audit.proving.bounded import prove_within
    from indexcalc.audit.proving.proof import Verdict

    try:
        first, second = read_chain(_sheet(sheet), [left, right])
    except IndexcalcError as error:
        return Verdict("unreadable", str(error))
    try:
        verdict = prove_within(first.term, second.term, first.sheet, first.axes)
    except IndexcalcError as error:
        return Verdict("undecided", str(error))
    letters = summed_unsaid(first.sheet, left) if verdict.word == "refuted" else ()
    if not letters:
        return verdict
    names = " and ".join(letters)
    remark = f"the left side sums over {names} too: define a tensor with {names} on the left to say it for each"
    return replace(verdict, reason=f"{verdict.reason}; {remark}")


def check(path_or_text: str | Path, format: str | None = None) -> Report:
    """Judge every step of the derivations in a document: a path, or its text if it holds a line break.

    format: "markdown", "latex", "rst", "notebook", "python", "sheet" or "text" (a flattened notebook); by default
    from the name of the file or its contents.
    """
    from indexcalc.audit.checking import check_document

    return check_document(path_or_text, format)


def check_code(
    sheet: Sheet | str,
    target: str,
    code: str,
    names: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Verdict:
    """Judge array code (numpy, jax.numpy, torch, einops) against a formula; it is read and never run.

    names: variable of the code -> tensor or size of the sheet. labels: variable -> the one-hot tensor that its whole
    numbers, counted from 0, stand for. The result of code is its last expression, the variable `result`, or what its
    only function returns.
    """
    from indexcalc.lift.judging.code import check_code

    return check_code(sheet, target, code, names, labels)


def check_backward(code: str, shapes: Mapping[str, Any] | None = None) -> dict[str, Verdict]:
    """Judge a hand-written backward pass against the derivative of its forward, with no formula given; nothing is run.

    code: a `torch.autograd.Function`, a `jax.custom_vjp`, functions `f_forward` and `f_backward`, or a function that
    returns a loss and its gradients. shapes: the axes of the inputs, {"x": ["b", "i"]}; those that comments state need
    not be given; an input that is no array is given as it is, {"eps": 1e-5, "mode": "train"}. Verdicts are by input.
    """
    from indexcalc.lift.judging.backward import check_backward

    return check_backward(code, shapes)


def check_shapes(code: str) -> dict[int, Verdict]:
    """Judge the shapes that comments (`# (B, D)`) and annotations state beside array code, by line (from 1).

    The shapes of inputs are taken as they are stated.
    """
    from indexcalc.lift.judging.shapes import check_shapes

    return check_shapes(code)


def lift(code: str, shapes: Mapping[str, Sequence[str | int]] | None = None) -> Sheet:
    """The formulas of array code: a sheet with a definition for each array that it computes; the code is never run.

    shapes: the axes of the inputs, {"x": ["b", "i"]}; those that comments state need not be given. Raises
    IndexcalcError, with the line, for code that is not understood.
    """
    from indexcalc.lift.judging.formulas import lift

    return lift(code, shapes)


def custom_vjp(
    sheet: Sheet | str, output: str, inputs: Collection[str] = (), backend: str = "jax", name: str = ""
) -> str:
    """The source of a module with a function whose backward pass is the derived one; it runs without indexcalc.

    backend: "jax" (a function with `jax.custom_jvp`) or "torch" (one with a `torch.autograd.Function`).
    output: what it computes. inputs: the tensors to differentiate by; all that the output is made of, if none are
    named. name: of the function.
    """
    from indexcalc.codegen.custom import custom_vjp_source

    return custom_vjp_source(_sheet(sheet), output, tuple(inputs), backend, name)


def einsum_vjp(subscripts: str) -> tuple[Pullback, ...]:
    """The pullbacks of an einsum, one for each operand: called as `pullback(cotangent, *operands)`."""
    from indexcalc.codegen.running.vjp import einsum_vjp

    return tuple(einsum_vjp(subscripts))
