"""Machine code that numba compiled, kept between processes.

The source of a function is written to a file whose name is a digest of what the machine code depends on beside the
types of arguments: the source, the versions of numba, numpy and Python, and the processor. numba keeps the machine code
beside it, by these types and the processor once more. The folder belongs to the user, who alone may write to it: what
is read from it is run. Where it does not, or cannot be written to, nothing is kept; nor is it with INDEXCALC_KEEP=0.
"""

from __future__ import annotations

import hashlib
import os
import platform
import stat
import sys
import tempfile
import types
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

MOST_FILES = 500  # sources in the folder; those that were used longest ago go first


def default_folder() -> Path:
    """Where caches belong on this system: XDG_CACHE_HOME, LOCALAPPDATA, or ~/.cache."""
    known = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(known) if known else Path.home() / ".cache") / "indexcalc"


def load_kept(source: str, name: str) -> Callable[..., Any] | None:
    """The function of a source that numba compiles, whose machine code is kept; none if it cannot be kept."""
    if "@njit(" not in source or os.environ.get("INDEXCALC_KEEP") == "0":
        return None
    text = source.replace("@njit(", "@njit(cache=True, ")
    digest = hashlib.sha256("\n".join((*_versions(), text)).encode()).hexdigest()[:32]
    file = default_folder() / "numba" / f"kernel_{digest}.py"
    if not _written(file, text):
        return None
    module = sys.modules.get(file.stem)
    if module is None:
        module = types.ModuleType(file.stem)
        module.__file__ = str(file)
        exec(compile(text, str(file), "exec"), module.__dict__)
        sys.modules[file.stem] = module  # where numba looks up the names of functions that it read
    function: Callable[..., Any] = getattr(module, name)
    return function


@cache
def _versions() -> tuple[str, ...]:
    """What machine code depends on beside the source."""
    import llvmlite.binding
    import numba
    import numpy

    processor = (llvmlite.binding.get_host_cpu_name(), llvmlite.binding.get_host_cpu_features().flatten())
    return (platform.python_version(), numba.__version__, llvmlite.__version__, numpy.__version__, *processor)


def _written(file: Path, text: str) -> bool:
    """Whether a file of the user's own holds this text, after it was written if there was none."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _is_own(file.parent):
            return False
        if not file.exists():
            _write(file, text)
            _prune(file.parent)
        return _is_own(file) and file.read_text(encoding="utf-8") == text
    except (OSError, RuntimeError, ValueError):  # no home, no room, no right
        return False


def _is_own(path: Path) -> bool:
    """Whether a file or folder is the user's, and nobody else may write to it."""
    if not hasattr(os, "getuid"):
        return True  # the folder of a user is the user's own there
    found = path.lstat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not path.is_symlink()


def _write(file: Path, text: str) -> None:
    """Write a file as a whole or not at all, whoever writes it at the same time."""
    number, name = tempfile.mkstemp(dir=file.parent, suffix=".tmp")
    with os.fdopen(number, "w", encoding="utf-8") as stream:
        stream.write(text)
    own = Path(name)
    try:
        file.hardlink_to(own)  # the first one stays, with its time, which numba compares
    except OSError:
        if not file.exists():
            own.replace(file)
            return
    own.unlink()


def _prune(folder: Path) -> None:
    """Remove the oldest sources and what numba keeps of them, if there are too many."""
    sources = sorted(folder.glob("kernel_*.py"), key=lambda path: path.stat().st_mtime)
    for source in sources[:-MOST_FILES]:
        for each in (source, *folder.glob(f"__pycache__/{source.stem}*")):
            with suppress(OSError):
                each.unlink()
