"""Reading the words of a command line."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

import indexcalc as ic
from indexcalc.cli.command import Command

CHOICE = re.compile(r"invalid choice: '(?P<word>[^']*)' \(choose from (?P<known>.*)\)")


class Parser(argparse.ArgumentParser):
    """A parser whose errors name what is near to a wrong word."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and what may have been meant; exit with status 2."""
        found = CHOICE.search(message)
        near = near_name(found["word"], re.findall(r"[\w-]+", found["known"])) if found else ""
        super().error(f"{message}{near}")


def near_name(word: str, known: Iterable[str]) -> str:
    """A question after the known name that is nearest to a word; nothing where none is near."""
    near = get_close_matches(word, list(known), 1)
    return f". Did you mean {near[0]}?" if near else ""


def parser_of(table: Mapping[str, Command]) -> argparse.ArgumentParser:
    """The parser of some commands."""
    parser = Parser(
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
    if not (sys.argv[1:] if argv is None else argv):  # who asks for nothing wants to know what there is
        parser.print_help(sys.stderr)
        parser.exit(2)
    options, rest = parser.parse_known_args(argv)
    unknown = [word for word in rest if word.startswith("-") and word != "-"]
    if unknown:
        known = options_of(parser, options.command)
        near = near_name(unknown[0].partition("=")[0], known)
        parser.error(f"unknown option: {' '.join(unknown)}{near}")
    options.words += rest
    options.names, options.remarked = {}, set()
    options.table = {name: options_of(parser, name) for name in table}
    return options


def options_of(parser: argparse.ArgumentParser, command: str) -> dict[str, tuple[str, ...]]:
    """The options of a command, each with the words that it may be followed by, where only some may."""
    (commands,) = (each for each in parser._actions if isinstance(each, argparse._SubParsersAction))
    found: dict[str, tuple[str, ...]] = {}
    for action in commands.choices[command]._actions:
        found.update((option, tuple(action.choices or ())) for option in action.option_strings)
    return found
