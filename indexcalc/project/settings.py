"""The settings of a project: `[tool.indexcalc]` in its pyproject.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from indexcalc.errors import IndexcalcError
from indexcalc.project.selection import checked_patterns

FILE = "pyproject.toml"


@dataclass(frozen=True)
class Settings:
    """What a project wants of `check`.

    root: the folder of its pyproject.toml, or the one where the command was started. paths: what is checked where none
    is named. baseline: the file of the verdicts that are known. cache: whether verdicts are kept between runs.
    """

    root: Path
    paths: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    strict: bool = False
    baseline: Path | None = None
    cache: bool = True
    file: Path | None = field(default=None, compare=False)


LISTS = ("paths", "include", "exclude")
SWITCHES = ("respect-gitignore", "strict", "cache")
NAMES = (*LISTS, *SWITCHES, "baseline")


def settings_for(start: Path) -> Settings:
    """The settings that hold in a folder: those of the nearest pyproject.toml that has some, here or above.

    Raises IndexcalcError where they cannot be read.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        file = folder / FILE
        if file.is_file() and (table := _table(file)) is not None:
            return _settings(table, file)
    return Settings(start)


def _table(file: Path) -> Mapping[str, Any] | None:
    try:
        value = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise IndexcalcError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    except tomllib.TOMLDecodeError as error:
        raise IndexcalcError(f"{file} is not valid TOML: {error}") from None
    tool = value.get("tool", {})
    table = tool.get("indexcalc") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise IndexcalcError(f"{file}: tool.indexcalc is no table", "Write [tool.indexcalc] above its settings")
    return table


def _settings(table: Mapping[str, Any], file: Path) -> Settings:
    for name in table:
        if name not in NAMES:
            near = get_close_matches(name, NAMES, 1)
            remedy = f"Did you mean {near[0]}?" if near else f"There are {', '.join(NAMES)}"
            raise IndexcalcError(f"{file}: [tool.indexcalc] has no setting {name}", remedy)
    lists = {name: _list(table, name, file) for name in LISTS}
    switches = {name: _switch(table, name, file) for name in SWITCHES}
    baseline = table.get("baseline")
    if baseline is not None and not isinstance(baseline, str):
        raise IndexcalcError(f"{file}: baseline is {_shown(baseline)}, not a path", 'Write baseline = "known.json"')
    for name in ("include", "exclude"):
        checked_patterns(lists[name], f"{file}: {name}")
    return Settings(
        file.parent,
        paths=tuple(str(file.parent / each) for each in lists["paths"]),
        include=lists["include"],
        exclude=lists["exclude"],
        respect_gitignore=switches["respect-gitignore"] is not False,
        strict=switches["strict"] is True,
        baseline=file.parent / baseline if baseline else None,
        cache=switches["cache"] is not False,
        file=file,
    )


def _list(table: Mapping[str, Any], name: str, file: Path) -> tuple[str, ...]:
    value = table.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise IndexcalcError(f"{file}: {name} is {_shown(value)}, not a list of texts", f'Write {name} = ["docs"]')
    return tuple(value)


def _switch(table: Mapping[str, Any], name: str, file: Path) -> bool | None:
    value = table.get(name)
    if value is not None and not isinstance(value, bool):
        raise IndexcalcError(f"{file}: {name} is {_shown(value)}, neither true nor false", f"Write {name} = true")
    return value


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}..."
