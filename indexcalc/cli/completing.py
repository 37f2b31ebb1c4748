"""The command `indexcalc completion`: a script with which a shell completes commands, options and their values."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from indexcalc.cli.command import Command, operands
from indexcalc.errors import IndexcalcError
from indexcalc.terminal import show

Table = Mapping[str, Mapping[str, tuple[str, ...]]]  # by command and option: the words that may follow

BASH = """_indexcalc() {
  local words command="${COMP_WORDS[1]}" last="${COMP_WORDS[COMP_CWORD-1]}" word="${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="COMMANDS"
  else
    case "$command $last" in
VALUES
      *)
        case "$command" in
OPTIONS
        esac ;;
    esac
  fi
  if [[ "$word" == -* || "$COMP_CWORD" -eq 1 || -n "$chosen" ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  fi
  chosen=
}
complete -o default -F _indexcalc indexcalc
"""


def _bash(table: Table) -> str:
    values, options = [], []
    for command, known in table.items():
        for option, choices in known.items():
            if choices:
                values.append(f'      "{command} {option}") words="{" ".join(choices)}"; chosen=yes ;;')
        options.append(f'          {command}) words="{" ".join(known)}" ;;')
    text = BASH.replace("COMMANDS", " ".join(table), 1)
    return text.replace("VALUES", "\n".join(values), 1).replace("OPTIONS", "\n".join(options), 1)


def _zsh(table: Table) -> str:
    return f"autoload -U +X bashcompinit && bashcompinit\n{_bash(table)}"


def _fish(table: Table) -> str:
    lines = [f"complete -c indexcalc -n __fish_use_subcommand -f -a '{' '.join(table)}'"]
    for command, known in table.items():
        for option, choices in known.items():
            name = f"-l {option[2:]}" if option.startswith("--") else f"-s {option[1:]}"
            values = f" -x -a '{' '.join(choices)}'" if choices else ""
            lines.append(f"complete -c indexcalc -n '__fish_seen_subcommand_from {command}' {name}{values}")
    return "\n".join(lines) + "\n"


SHELLS: dict[str, Callable[[Table], str]] = {"bash": _bash, "fish": _fish, "zsh": _zsh}


def complete(options: argparse.Namespace) -> int:
    """Print the script for a shell."""
    (shell,) = operands(options, 1, 1)
    if shell not in SHELLS:
        raise IndexcalcError(f"there is no completion for {shell}", f"There is one for {', '.join(SHELLS)}")
    show(SHELLS[shell](options.table).rstrip("\n"))
    return 0


COMMAND = Command(
    "SHELL",
    "print a script with which bash, zsh or fish completes commands and options",
    ('eval "$(indexcalc completion bash)"', "indexcalc completion fish > ~/.config/fish/completions/indexcalc.fish"),
    complete,
)
