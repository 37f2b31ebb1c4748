"""The documents in a folder: files of all formats, by their suffixes, in the order of their names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from indexcalc.audit.documents.document import CODE_CELL, SUFFIXES, is_folder

LEFT_OUT = frozenset("__pycache__ node_modules site-packages _build build dist venv".split())
ENVIRONMENT = "pyvenv.cfg"  # the mark of a folder of installed packages
LOOKED_AT = 200_000  # characters of a text


def documents_in(path: Path) -> Iterator[Path]:
    """The file itself, or the documents in a folder and the folders in it.

    Hidden folders and those of built or installed things are left out; a text (.txt) counts if it is a flattened
    notebook. A folder that holds none is its own.
    """
    if not is_folder(path):
        yield path
        return
    empty = True
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in LEFT_OUT)
        if ENVIRONMENT in names:
            folders.clear()
            continue
        for name in sorted(names):
            file = Path(folder) / name
            if is_document(file):
                empty = False
                yield file
    if empty:
        yield path


def is_document(file: Path) -> bool:
    """Whether a file in a folder is a document, by its name; a text, by what it holds."""
    format = SUFFIXES.get(file.suffix.lower())
    if format != "text" or file.name.startswith("."):
        return format is not None and not file.name.startswith(".")
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            return CODE_CELL.search(opened.read(LOOKED_AT)) is not None
    except OSError:
        return False
