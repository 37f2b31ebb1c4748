"""The sheet that a command works on: a file, the standard input, or statements given with -e."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping

from indexcalc.cli.command import operands
from indexcalc.errors import IndexcalcError
from indexcalc.terminal import read_text

SHEET = "(SHEET | -e STATEMENTS)"


def add_statements(parser: argparse.ArgumentParser) -> None:
    """Add the option -e."""
    parser.add_argument(
        "-e",
        dest="statements",
        metavar="STATEMENTS",
        action="append",
        help="the sheet itself, its statements separated by ';'; may be given several times",
    )


def sheet_and_words(options: argparse.Namespace, fewest: int, most: int) -> tuple[str, list[str]]:
    """The text of the sheet, and the words after it. Texts get names, for the errors that stand in them."""
    words = operands(options, fewest, most)
    if options.statements is not None:
        text = re.sub(r"(?<!\\);", "\n", "\n".join(options.statements))  # but \\; is a space in LaTeX
        options.names[text] = "-e"
    else:
        text, words = read_text(words[0]), words[1:]
        options.names[text] = options.words[0]
    options.names.update((word, "target") for word in words)
    return text, words


def place(error: IndexcalcError, names: Mapping[str, str]) -> str:
    """The name of the text in which an error stands."""
    return f"{names[error.text]}: " if error.spans and error.text in names else ""
