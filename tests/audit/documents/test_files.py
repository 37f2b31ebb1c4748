"""Folders: which files in them are documents."""

import pytest

from indexcalc.audit.documents.document import open_document
from indexcalc.audit.documents.files import documents_in
from indexcalc.errors import IndexcalcError


def test_documents_in_a_folder(tmp_path):
    texts = {
        "b.md": "",
        "a.ipynb": "",
        "notes.txt": "words",
        "flat.txt": "In [1]:\nx = 1\n",
        "picture.png": "",
        "inner/c.rst": "",
        "inner/d.py": "",
        ".hidden/e.md": "",
        ".f.md": "",
        "inner/node_modules/g.md": "",
        "inner/env/pyvenv.cfg": "",
        "inner/env/lib/h.md": "",
        "sheet.ic": "",
        "z/paper.TEX": "",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = [str(each.relative_to(tmp_path)).replace("\\", "/") for each in documents_in(tmp_path)]
    assert found == ["a.ipynb", "b.md", "flat.txt", "sheet.ic", "inner/c.rst", "inner/d.py", "z/paper.TEX"]


def test_a_file_is_itself(tmp_path):
    assert [*documents_in(tmp_path / "not there")] == [tmp_path / "not there"]


def test_a_folder_without_documents(tmp_path):
    assert [*documents_in(tmp_path)] == [tmp_path]
    with pytest.raises(IndexcalcError) as caught:
        open_document(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} is a folder without documents. They are files that end in .ic, .ipynb, .latex, .ltx, .markdown, .md, .myst, "
        ".org, .py, .qmd, .rest, .rmd, .rst, .tex, .txt, .typ."
    )
