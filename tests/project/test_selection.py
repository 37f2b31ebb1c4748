"""Which documents of a folder are checked."""

import pytest

from indexcalc.errors import IndexcalcError
from indexcalc.project.selection import Selection, checked_patterns


@pytest.fixture
def folder(tmp_path):
    for name in ("a.md", "b.tex", "notes/c.md", "notes/old/d.md", "drafts/e.md", "code.py", "data.csv", ".hidden/f.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text\n")
    return tmp_path


def names(folder, paths=None, **options):
    found = Selection(folder, **options).documents(map(str, paths or [folder]))
    return [each.removeprefix(f"{folder}/") for each in found]


def test_all_documents_of_a_folder(folder):
    assert names(folder) == ["a.md", "b.tex", "code.py", "drafts/e.md", "notes/c.md", "notes/old/d.md"]


def test_patterns(folder):
    assert names(folder, include=("*.md",), exclude=("drafts/",)) == ["a.md", "notes/c.md", "notes/old/d.md"]
    assert names(folder, exclude=("*.py", "notes/*", "!notes/c.md")) == ["a.md", "b.tex", "drafts/e.md", "notes/c.md"]
    assert names(folder, include=("/notes/**/*.md",)) == ["notes/c.md", "notes/old/d.md"]


def test_gitignore_of_each_folder_and_of_those_above(folder):
    (folder / ".git").mkdir()
    (folder / ".gitignore").write_text("drafts/\n*.py\n")
    (folder / "notes" / ".gitignore").write_text("/old\n")
    assert names(folder) == ["a.md", "b.tex", "notes/c.md"]
    assert names(folder, [folder / "notes"]) == ["notes/c.md"]
    assert "notes/old/d.md" in names(folder, gitignore=False)
    (folder / "notes" / ".gitignore").write_text("!old\n")
    assert "notes/old/d.md" in names(folder)


def test_what_is_named_is_checked_unless_excluding_is_forced(folder):
    named = [folder / "drafts/e.md", folder / "a.md"]
    assert names(folder, named, exclude=("drafts/",)) == ["drafts/e.md", "a.md"]
    assert names(folder, named, exclude=("drafts/",), forced=True) == ["a.md"]
    (folder / ".gitignore").write_text("/a.md\n")
    assert names(folder, named, forced=True) == ["drafts/e.md"]


def test_relative_paths_and_each_document_once(folder, monkeypatch):
    monkeypatch.chdir(folder)
    found = Selection(folder, exclude=("/notes",)).documents([".", "a.md", "./b.tex"])
    assert found == ["a.md", "b.tex", "code.py", "drafts/e.md", "./b.tex"]
    monkeypatch.chdir(folder / "notes")
    assert Selection(folder, exclude=("/notes/old",)).documents(["."]) == ["c.md"]


def test_a_folder_without_documents_is_its_own(folder):
    (folder / "empty").mkdir()
    assert names(folder, [folder / "empty"]) == ["empty"]


def test_a_pattern_that_matches_nothing():
    with pytest.raises(IndexcalcError) as stop:
        checked_patterns(["*.md", "[a"], "--exclude")
    assert str(stop.value) == "--exclude: '[a' is no pattern of paths. Write one as in .gitignore: docs/**/*.md."
