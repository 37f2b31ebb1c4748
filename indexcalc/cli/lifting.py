"""The command `indexcalc lift`: array code as formulas, in text, LaTeX or JSON."""

from __future__ import annotations

import argparse
import json

from indexcalc.api import lift
from indexcalc.cli.command import Command, operands
from indexcalc.errors import IndexcalcError
from indexcalc.results import equations_of
from indexcalc.terminal import read_text, show


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--format", choices=("text", "latex", "json"), default="text")
    parser.add_argument(
        "--shapes", metavar="'x=b,i; w=i'", default="", help="the axes of inputs, where no comment states them"
    )


def run(options: argparse.Namespace) -> int:
    """Print the formulas of a file."""
    (name,) = operands(options, 1, 1)
    sheet = lift(read_text(name), shapes_in(options.shapes))
    rows = [f"{left.latex()} = {right.latex()}" for left, right in equations_of(sheet)]
    if options.format == "json":
        show(json.dumps({"sheet": sheet.text, "latex": rows}, indent=2))
    else:
        show(sheet.text.rstrip("\n") if options.format == "text" else "\n".join(rows))
    return 0


def shapes_in(text: str) -> dict[str, list[str]]:
    """x=b,i; w=i as the axes of each array. Raises IndexcalcError for another text."""
    found: dict[str, list[str]] = {}
    for part in filter(str.strip, text.split(";")):
        name, given, axes = part.partition("=")
        if not given or not name.strip().isidentifier():
            raise IndexcalcError(f"{part.strip()!r} is no shape of an array", "Write --shapes 'x=b,i; w=i'")
        found[name.strip()] = [each.strip() for each in axes.split(",") if each.strip()]
    return found


COMMAND = Command(
    "FILE",
    "print the formulas of array code (numpy, jax, torch), which is read and never run",
    ("indexcalc lift loss.py", "indexcalc lift layer.py --shapes 'x=b,i; w=i,o' --format latex"),
    run,
    add_options,
)
