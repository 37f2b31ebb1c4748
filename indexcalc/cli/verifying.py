"""The command `indexcalc verify`: generated code beside witnesses."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import indexcalc as ic
from indexcalc.cli.command import Command
from indexcalc.cli.sheets import SHEET, add_statements, sheet_and_words
from indexcalc.errors import IndexcalcError
from indexcalc.terminal import remark, show
from indexcalc.terms import Derivative
from indexcalc.walk import holds

if TYPE_CHECKING:
    from indexcalc.errors import Span
    from indexcalc.sheet import Definition, Sheet

WITNESSES = ("autograd", "jax", "torch", "differences")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_statements(parser)
    parser.add_argument("--against", choices=WITNESSES, default="autograd")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the random arrays (0)")


def verify(options: argparse.Namespace) -> int:
    """Compare generated code with a witness; without a target, for all derivatives and claims of the sheet."""
    text, words = sheet_and_words(options, 1, 2)
    sheet = ic.parse(text)
    targets = words or _derivatives(sheet)
    passed = [_verify(sheet, target, options) for target in targets]
    if not targets and not sheet.claims:
        raise IndexcalcError("The sheet has no derivative and no claim to verify", "Give a TARGET after it")
    if sheet.claims and not words:
        name = options.names[text]
        claims = ic.check(f"{text}\n" if name in ("-", "-e") else Path(name), format="sheet")
        show(claims.text())
        passed.append(claims.passed)
    return int(not all(passed))


def _verify(sheet: Sheet, target: str, options: argparse.Namespace) -> bool:
    result = ic.derive(sheet, target)
    remark(result.sheet.remarks, options.remarked)
    verification = result.verify(against=options.against, seed=options.seed)
    show(f"{target}\n{verification}")
    return bool(verification.passed)


def _derivatives(sheet: Sheet) -> list[str]:
    """The left sides of the definitions and of the claims in which a derivative stands, each once."""
    defined = [_left_side(each) for each in sheet.definitions.values() if holds(each.body, Derivative)]
    claimed = [_text(sheet, each.spans[0]) for each in sheet.claims if holds(each.sides[0], Derivative)]
    return list(dict.fromkeys((*defined, *claimed)))


def _left_side(definition: Definition) -> str:
    letters = ",".join(index.name for index in definition.axes)
    return f"{definition.name}[{letters}]" if letters else definition.name


def _text(sheet: Sheet, span: Span) -> str:
    return sheet.text[span.start : span.end].strip()


COMMAND = Command(
    f"{SHEET} [TARGET]",
    "run the generated code on random arrays and compare it with a witness; without a target for every "
    "derivative and every claim of the sheet",
    (
        "indexcalc verify softmax.ic",
        "indexcalc verify -e 'y[i] = tanh(A[i,j]*x[j])' 'diff(y[i], x[k])' --against differences --seed 7",
    ),
    verify,
    add_options,
)
