"""The words behind `%%indexcalc`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from indexcalc.errors import IndexcalcError, Span

BACKENDS = ("einsum", "numpy", "numba", "jax", "torch", "dask", "auto")
FORMATS = ("markdown", "latex", "rst", "python", "sheet")
SWITCHES = ("--no-steps", "--no-values")
VALUED = ("--backend", "--into")
OPTION = re.compile(r"(?<!\S)--[a-z][\w-]*(?:[= ]\s*(?P<value>[^\s-]\S*))?")


@dataclass(frozen=True)
class Words:
    """What a cell asks for.

    targets: what is derived; those of the sheet if there are none. backend: of what computes the values. into: the name
    that the results get. steps, values: whether they are wanted. document: the format of a document to check.
    """

    targets: tuple[str, ...] = ()
    backend: str = "numpy"
    into: str = ""
    steps: bool = True
    values: bool = True
    document: str | None = None


def read_words(line: str) -> Words:
    """The words of a line. Raises IndexcalcError for an option that there is not."""
    first, _, rest = line.strip().partition(" ")
    if first == "check":
        return Words(document=_format(rest.strip(), line))
    given: dict[str, str] = {}
    kept: list[str] = []
    done = 0
    for match in OPTION.finditer(line):
        name = re.split(r"[= ]", match.group(), maxsplit=1)[0]
        _check_name(name, line, Span(match.start(), match.start() + len(name)))
        end = match.end() if name in VALUED else match.start() + len(name)
        if name in VALUED and not match["value"]:
            raise IndexcalcError(f"{name} needs a value", f"Write {name} NAME", line, [Span(*match.span())])
        given[name] = match["value"] if name in VALUED else ""
        kept.append(line[done : match.start()])
        done = end
    targets = tuple(filter(None, (each.strip() for each in "".join([*kept, line[done:]]).split(";"))))
    backend, into = given.get("--backend", "numpy"), given.get("--into", "")
    if backend not in BACKENDS:
        raise IndexcalcError(f"there is no backend {backend!r}", f"Choose one of {', '.join(BACKENDS)}")
    if into and not into.isidentifier():
        raise IndexcalcError(f"{into!r} cannot be the name of a variable", "Write --into NAME")
    return Words(targets, backend, into, "--no-steps" not in given, "--no-values" not in given)


def _check_name(name: str, line: str, place: Span) -> None:
    known = (*SWITCHES, *VALUED)
    if name not in known:
        near = get_close_matches(name, known, 1)
        remedy = f"Did you mean {near[0]}?" if near else f"There are {', '.join(known)}"
        raise IndexcalcError(f"there is no option {name}", remedy, line, [place])


def _format(word: str, line: str) -> str:
    """The format of a document; empty where it is to be guessed."""
    if word and word not in FORMATS:
        place = Span(line.index(word), len(line.rstrip()))
        raise IndexcalcError(f"there is no format {word!r}", f"Choose one of {', '.join(FORMATS)}", line, [place])
    return word
