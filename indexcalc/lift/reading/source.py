"""Source text as a syntax tree, within bounds: what is too long, too deep or no Python is refused here."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings

from indexcalc.lift.errors import UnreadableError

LONGEST = 400_000  # characters
MOST_NODES = 60_000
MOST_LINES = 20_000
DEEPEST = 60  # brackets inside one another
LONGEST_NUMBER = 60  # digits
INDENTED = 40  # levels of blocks


def parsed(code: str) -> ast.Module:
    """The tree of a text. Raises UnreadableError for one that is no Python, or beyond the bounds."""
    if len(code) > LONGEST:
        raise UnreadableError(f"the code is {len(code)} characters long, more than {LONGEST}")
    if code.count("\n") > MOST_LINES:
        raise UnreadableError(f"the code has more than {MOST_LINES} lines")
    if "\0" in code:
        raise UnreadableError("the code holds a null character")
    code = _without_magic(textwrap.dedent(code))
    _check_depth(code)
    number = re.search(rf"(?<![\w.])\d{{{LONGEST_NUMBER},}}", code)
    if number:
        raise UnreadableError("a number with too many digits", code.count("\n", 0, number.start()) + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except SyntaxError as error:
        raise UnreadableError(f"this is no Python: {error.msg}", error.lineno or 0) from None
    except (ValueError, RecursionError, MemoryError):
        raise UnreadableError("this is no Python that can be read") from None
    if sum(1 for _ in ast.walk(tree)) > MOST_NODES:
        raise UnreadableError(f"the code has more than {MOST_NODES} parts")
    return tree


def _without_magic(code: str) -> str:
    """The code of a notebook's cell without the lines that are commands of the notebook."""
    return re.sub(r"^\s*[%!].*$", "", code, flags=re.MULTILINE)


def _check_depth(code: str) -> None:
    """Refuse what is nested so deeply that the parser or a pass over its tree may fail."""
    depth = operators = line = 0
    for line, row in enumerate(code.split("\n"), 1):
        indent = len(row) - len(row.lstrip())
        if indent > 8 * INDENTED:
            raise UnreadableError("blocks are nested too deeply", line)
        for character in row:
            if character in "([{":
                depth += 1
                if depth > DEEPEST:
                    raise UnreadableError("brackets are nested too deeply", line)
            elif character in ")]}":
                depth = max(depth - 1, 0)
        operators = max(operators, len(re.findall(r"\b(?:not|lambda)\b|[-+~*/]|\bif\b", row)))
        if operators > 400:
            raise UnreadableError("an expression is too long", line)
