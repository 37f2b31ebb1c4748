"""The command `indexcalc derive`: the derivation of a target, step by step."""

from __future__ import annotations

import argparse
import sys

import indexcalc as ic
from indexcalc.cli.coloured import show_derivation
from indexcalc.cli.command import Command, operands
from indexcalc.cli.sheets import SHEET, add_statements, sheet_and_words
from indexcalc.explaining.rules import explained
from indexcalc.explaining.wrapping import NARROWEST
from indexcalc.render import LEVELS
from indexcalc.terminal import remark, show, show_json


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_statements(parser)
    parser.add_argument("--format", choices=("text", "latex", "markdown", "matrix", "json"), default="text")
    parser.add_argument("--no-steps", action="store_true", help="print the result alone")
    parser.add_argument("--level", choices=LEVELS, default="full", help="brief: without lines of mere bookkeeping")
    parser.add_argument("--width", metavar="N", type=_columns, help="wrap text to N columns (a terminal: to its own)")
    what = "say what a rule of a step does; without a rule, what each of them does"
    parser.add_argument("--explain", metavar="RULE", nargs="?", const="all", help=what)


def _columns(text: str) -> int:
    if not text.isdecimal() or int(text) < NARROWEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of columns: write {NARROWEST} or more")
    return int(text)


def derive(options: argparse.Namespace) -> int:
    """Print the derivation of a target."""
    if options.explain is not None:
        operands(options, 0, 0)
        show(explained(options.explain))
        return 0
    text, (target,) = sheet_and_words(options, 2, 2)
    result = ic.derive(ic.parse(text), target)
    remark(result.sheet.remarks, options.remarked)
    if options.format == "json":
        show_json(result.as_json() | ({"steps": []} if options.no_steps else {}))
    elif options.format == "text" and options.width is None and sys.stdout is not None and sys.stdout.isatty():
        show_derivation(result, not options.no_steps, options.level)
    else:
        show(result.render(options.format, not options.no_steps, options.level, options.width or 0))
    return 0


COMMAND = Command(
    f"{SHEET} TARGET",
    "print the derivation of a target, step by step",
    (
        "indexcalc derive -e 'y[i] = A[i,j]*x[j]' 'diff(y[i], x[k])'",
        "indexcalc derive softmax.ic 'diff(a[p,q], z[r,s])' --format latex",
        "indexcalc derive --explain 'quotient rule'",
        "echo 'E = 1/2*x[i]*x[i]' | indexcalc derive - 'diff(E, x[k])' --format json",
    ),
    derive,
    add_options,
)
