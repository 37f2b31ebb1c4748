"""Which documents of some paths are checked: by their suffixes, by patterns, and by .gitignore."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexcalc.audit.documents.document import is_folder
from indexcalc.audit.documents.files import ENVIRONMENT, LEFT_OUT, is_document
from indexcalc.errors import IndexcalcError
from indexcalc.project.globs import Patterns, patterns_of

IGNORES = ".gitignore"


@dataclass(frozen=True)
class Selection:
    """What is taken of a folder.

    root: the folder that patterns speak of. include: patterns of what is taken alone, if there are any. exclude: of
    what is left out. gitignore: whether .gitignore files are obeyed. forced: whether a file that is named itself is
    left out as well.
    """

    root: Path
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    gitignore: bool = True
    forced: bool = False

    def documents(self, paths: Iterable[str]) -> list[str]:
        """The documents of some paths, each once. A folder that has none is its own, so that an error can name it."""
        found: dict[str, None] = {}
        for path in paths:
            if path != "-" and is_folder(Path(path)):
                found.update(dict.fromkeys([*self._within(Path(path))] or [path]))
            elif path == "-" or not self.forced or self._is_wanted(Path(path)):
                found[path] = None
        return list(found)

    def _within(self, top: Path) -> Iterator[str]:
        ignoring = self._ignores_above(top) if self.gitignore else []
        by_folder = {top: ignoring}
        for folder, folders, names in os.walk(top):
            here = Path(folder)
            rules = by_folder.pop(here)
            if self.gitignore and here != top:
                rules = [*rules, *_ignores_of(here)]
            inside = sorted(name for name in folders if not name.startswith(".") and name not in LEFT_OUT)
            kept = [name for name in inside if not self._is_out(here / name, True, rules)]
            folders[:] = [] if ENVIRONMENT in names else kept
            by_folder.update((here / name, rules) for name in folders)
            for name in [] if ENVIRONMENT in names else sorted(names):
                file = here / name
                if not self._is_out(file, False, rules) and self._is_included(file) and is_document(file):
                    yield str(file)

    def _is_wanted(self, file: Path) -> bool:
        """Whether a file that was named would have been found in its folder."""
        folders = [each for each in reversed(file.resolve().parents) if each.is_relative_to(self.root.resolve())]
        rules = [rule for folder in folders for rule in _ignores_of(folder)] if self.gitignore else []
        inside = folders[1:]
        out = any(self._is_out(folder, True, rules) for folder in inside) or self._is_out(file, False, rules)
        return not out and self._is_included(file)

    def _is_included(self, file: Path) -> bool:
        return not self.include or _matches(patterns_of(self.include), file, self.root, False)

    def _is_out(self, path: Path, folder: bool, rules: list[tuple[Path, Patterns]]) -> bool:
        if self.exclude and _matches(patterns_of(self.exclude), path, self.root, folder):
            return True
        said = (patterns.decide(inner, folder) for base, patterns in rules if (inner := _relative(path, base)))
        return next((each for each in reversed([*said]) if each is not None), False)

    def _ignores_above(self, top: Path) -> list[tuple[Path, Patterns]]:
        """The rules of a folder and of those around it, as far as its repository goes; the nearest last."""
        around = [top.resolve(), *top.resolve().parents]
        last = next((place for place, each in enumerate(around) if (each / ".git").exists()), 0)
        return [rule for folder in reversed(around[: last + 1]) for rule in _ignores_of(folder)]


def _ignores_of(folder: Path) -> list[tuple[Path, Patterns]]:
    file = folder / IGNORES
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []  # none there, or not for us: git would not follow it either
    return [(folder, patterns_of(lines))]


def _matches(patterns: Patterns, path: Path, root: Path, folder: bool) -> bool:
    relative = _relative(path, root)
    return bool(relative) and bool(patterns.decide(relative, folder))


def _relative(path: Path, base: Path) -> str:
    """The path from a folder on, with `/`; nothing where it is not in the folder."""
    whole, start = os.path.abspath(path), os.path.abspath(base)  # noqa: PTH100  # no link is followed
    if not whole.startswith(start.rstrip(os.sep) + os.sep):
        whole, start = os.path.join(os.path.realpath(os.path.dirname(path)), path.name), os.path.realpath(base)  # noqa: PTH118, PTH120
        if not whole.startswith(start.rstrip(os.sep) + os.sep):
            return ""
    return whole[len(start.rstrip(os.sep)) + 1 :].replace(os.sep, "/")


def checked_patterns(patterns: Iterable[str], where: str) -> tuple[str, ...]:
    """The patterns. Raises IndexcalcError for one that can match nothing."""
    found = tuple(patterns)
    for each in found:
        if not patterns_of([each]).rows:
            remedy = "Write one as in .gitignore: docs/**/*.md"
            raise IndexcalcError(f"{where}: {each!r} is no pattern of paths", remedy)
    return found
