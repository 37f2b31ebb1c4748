"""Reading the words of a command line."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

import indexcalc as ic
from indexcalc.cli.command import Command


def parser_of(table: Mapping[str, Command]) -> argparse.ArgumentParser:
    """The parser of some commands."""
    parser = argparse.ArgumentParser(
        prog="indexcalc",
        description="Derive formulas in index notation, generate their code, verify and check derivations.",
        epilog="indexcalc COMMAND --help shows examples. Exit status: 0 all right; 1 a claim is refuted or a "
        "verification failed; 2 unreadable input or wrong usage.",
    )
    parser.add_argument("--version", action="version", version=f"indexcalc {ic.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in table.items():
        command.add_options(_add(commands, name, command))
    return parser


def _add(commands: Any, name: str, command: Command) -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(
        name,
        help=command.help,
        usage=" ".join(f"indexcalc {name} {command.operands} [options]".split()),
        description=f"{command.help[0].upper()}{command.help[1:]}.",
        epilog="examples:\n" + "\n".join(f"  {example}" for example in command.examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    added.set_defaults(operands=command.operands)
    added.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    return added


def parse(table: Mapping[str, Command], argv: Sequence[str] | None) -> argparse.Namespace:
    """The options; operands may stand before, between and after them."""
    parser = parser_of(table)
    options, rest = parser.parse_known_args(argv)
    unknown = [word for word in rest if word.startswith("-") and word != "-"]
    if unknown:
        parser.error(f"unknown option: {' '.join(unknown)}")
    options.words += rest
    options.names, options.remarked = {}, set()
    return options
