"""What a command is: its words in the help, its options, and the function that runs it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from indexcalc.errors import IndexcalcError


def no_options(parser: argparse.ArgumentParser) -> None:
    """Add nothing."""


@dataclass(frozen=True)
class Command:
    """A subcommand: its operands in the usage line, what it does, examples, the function that runs it, its options."""

    operands: str
    help: str
    examples: tuple[str, ...]
    run: Callable[[argparse.Namespace], int]
    add_options: Callable[[argparse.ArgumentParser], None] = no_options


def operands(options: argparse.Namespace, fewest: int, most: int) -> list[str]:
    """The words of the command, after the sheet if -e gives it. Raises IndexcalcError for too few or too many."""
    words: list[str] = options.words
    inline = int(getattr(options, "statements", None) is not None)
    if not fewest - inline <= len(words) <= most - inline:
        usage = f"indexcalc {options.command} {options.operands}"
        raise IndexcalcError(f"usage: {usage}", f"`indexcalc {options.command} --help` shows examples")
    return words
