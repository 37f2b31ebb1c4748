"""The command `indexcalc derive`: the derivation of a target, step by step."""

from __future__ import annotations

import argparse

import indexcalc as ic
from indexcalc.cli.command import Command
from indexcalc.cli.sheets import SHEET, add_statements, sheet_and_words
from indexcalc.terminal import remark, show, show_json


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_statements(parser)
    parser.add_argument("--format", choices=("text", "latex", "markdown", "matrix", "json"), default="text")
    parser.add_argument("--no-steps", action="store_true", help="print the result alone")


def derive(options: argparse.Namespace) -> int:
    """Print the derivation of a target."""
    text, (target,) = sheet_and_words(options, 2, 2)
    result = ic.derive(ic.parse(text), target)
    remark(result.sheet.remarks, options.remarked)
    if options.format == "json":
        show_json(result.as_json() | ({"steps": []} if options.no_steps else {}))
    else:
        show(result.render(format=options.format, steps=not options.no_steps))
    return 0


COMMAND = Command(
    f"{SHEET} TARGET",
    "print the derivation of a target, step by step",
    (
        "indexcalc derive -e 'y[i] = A[i,j]*x[j]' 'diff(y[i], x[k])'",
        "indexcalc derive softmax.ic 'diff(a[p,q], z[r,s])' --format latex",
        "echo 'E = 1/2*x[i]*x[i]' | indexcalc derive - 'diff(E, x[k])' --format json",
    ),
    derive,
    add_options,
)
