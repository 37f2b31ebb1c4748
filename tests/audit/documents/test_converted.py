"""The same derivation as converters write it, and as other readers see it: the same formulas."""

import re
from pathlib import Path

import pytest

from tests.audit.documents import oracles
from tests.audit.documents.regions import formulas, of_kind

FOLDER = Path(__file__).parent / "converted"
FORMATS = {
    ".md": "markdown",
    ".Rmd": "markdown",
    ".tex": "latex",
    ".rst": "rst",
    ".ipynb": "notebook",
    ".txt": "python",
}
FILES = sorted(path.name for path in FOLDER.iterdir() if path.name not in ("README.md", "source.md"))


def seen(name):
    """The formulas of a file, without blanks."""
    path = FOLDER / name
    found = formulas(path.read_text(encoding="utf-8"), FORMATS[path.suffix])
    return [(kind, re.sub(r"\s+", "", text)) for kind, text in found]


def test_the_source():
    found = seen("source.md")
    assert (len(found), [kind for kind, _ in found].count("D")) == (16, 5)


@pytest.mark.parametrize("name", FILES)
def test_a_converter_keeps_the_formulas(name):
    assert seen(name) == seen("source.md")


@pytest.mark.parametrize("name", FILES)
def test_a_converter_keeps_the_headings(name):
    path = FOLDER / name
    found = of_kind("heading", path.read_text(encoding="utf-8"), FORMATS[path.suffix])
    assert found[-2:] == ["The layer", "Derivatives"]


@pytest.mark.parametrize("seed", range(60))
def test_other_readers_see_the_same(seed):
    pytest.importorskip("mdit_py_plugins")
    pytest.importorskip("pylatexenc")
    assert oracles.differences(seed) == []
