r"""The three streams: results with colours where they go to a terminal, complaints, and what is read.

Texts are UTF-8, whatever the terminal has; what it cannot show is written as \u03c3.
"""

from __future__ import annotations

import codecs
import json
import re
import sys
import traceback
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO, TypeVar

from indexcalc.errors import IndexcalcError

Item = TypeVar("Item")

COLOURS = {  # how words of a report are shown on a terminal
    r"\b(proved|passed)\b": "green",
    r"\bagrees\b": "cyan",
    r"\b(refuted|failed)\b": "bold red",
    r"\b(undecided|unreadable)\b": "magenta",
    r"\bskipped\b": "dim",
}


def prepare() -> None:
    """Let no character that a stream lacks stop the output."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def read_text(name: str) -> str:
    """The text of a file, or of the standard input for `-`. Raises IndexcalcError."""
    try:
        return _standard_input() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except IndexcalcError:
        raise
    except UnicodeDecodeError as error:
        raise IndexcalcError(f"{name} is not a text in UTF-8 (byte {error.start})") from None
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        remedy = "Statements may be given on the command line with -e" if re.search(r"[=(\[]", name) else ""
        cause = getattr(error, "strerror", None) or error
        raise IndexcalcError(f"{name} cannot be read: {cause}", remedy) from None


def _standard_input() -> str:
    if sys.stdin is None:
        raise IndexcalcError("there is no standard input to read", "Give a file, or statements with -e")
    binary = getattr(sys.stdin, "buffer", None)
    return sys.stdin.read() if binary is None else binary.read().decode("utf-8-sig").replace("\r\n", "\n")


def write_text(path: Path, text: str) -> None:
    """Write a file. Raises IndexcalcError."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise IndexcalcError(f"{path} cannot be written: {error.strerror}") from None


def complain(text: str) -> None:
    """Say on standard error what is wrong."""
    if sys.stderr:  # none where it is closed
        with suppress(OSError):  # where nobody can be told, the exit status has to do
            print(f"indexcalc: {text}", file=sys.stderr, flush=True)


def remark(remarks: Iterable[IndexcalcError], said: set[str]) -> None:
    """Say on standard error what was read in a way that may not be meant, each once."""
    for words in map(str, remarks):
        if words not in said:
            said.add(words)
            complain(f"remark: {words}")


def fault(error: Exception) -> str:
    """What to say of an error that indexcalc did not foresee: which, where, and that it is not the user's."""
    match error:
        case MemoryError():
            return "there is not enough memory for this. Use smaller sizes, or split the expression into definitions."
        case RecursionError():
            return "this nests too deeply. Split it into definitions."
        case OSError():
            return f"{error.strerror or error}."
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}:{last.lineno}"
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return f"a fault in indexcalc, please report it with what you gave it ({words}, at {where})."


def show(text: str, language: str = "") -> None:
    """Print a result; on a terminal with colours. Raises IndexcalcError."""
    if not _output().isatty():
        print(text)
        return
    from rich.console import Console
    from rich.syntax import Syntax
    from rich.text import Text

    console = Console(soft_wrap=True)
    if language:
        coloured = Syntax("", language, theme="ansi_dark").highlight(text)
        coloured.rstrip()
    else:
        coloured = Text(text)
        for pattern, style in COLOURS.items():
            coloured.highlight_regex(pattern, style)
    console.print(coloured)


def show_json(value: Any) -> None:
    """Print a value as JSON, which has its own way to write what the stream has not. Raises IndexcalcError."""
    encoding = codecs.lookup(getattr(_output(), "encoding", None) or "utf-8").name
    print(json.dumps(value, indent=2, ensure_ascii=not encoding.startswith("utf")))


def _output() -> TextIO:
    if sys.stdout is None:
        raise IndexcalcError("there is no standard output to write to")
    return sys.stdout


def with_progress(items: Iterable[Item], number: int) -> Iterable[Item]:
    """So many items, with a progress bar on a terminal if there are several."""
    if number < 2 or not sys.stderr.isatty():
        return items
    from rich.console import Console
    from rich.progress import track

    return track(items, "checking", number, console=Console(stderr=True), transient=True)
