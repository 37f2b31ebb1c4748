"""What was found is kept by the contents of a document and by the source of indexcalc."""

import json

import pytest

import indexcalc as ic
from indexcalc.project import cache as caching
from indexcalc.project.cache import Cache
from indexcalc.project.stored import NotStoredError, restored, stored

DOCUMENT = """# Notes

$y_i = A_{ij} x_j$ gives $\\frac{\\partial y_i}{\\partial x_k} = A_{ki}$, and with

$$ E = \\frac12 \\sum_i y_i^2, \\qquad \\frac{\\partial E}{\\partial y_k} = y_k = 2 y_k $$
"""


@pytest.fixture
def counted(tmp_path):
    """A cache, and a check that counts how often it is asked."""
    asked = []

    def check(path):
        asked.append(path)
        return ic.check(path).files[0]

    return Cache(tmp_path / "kept"), check, asked


def test_what_is_kept_is_what_was_found(counted, tmp_path):
    cache, check, asked = counted
    path = tmp_path / "notes.md"
    path.write_text(DOCUMENT)
    first = cache.report(path, check)
    again = cache.report(path, check)
    assert len(asked) == 1
    assert first.claims == again.claims and first.notes == again.notes and first.text() == again.text()
    assert any(claim.counterexample for claim in again.claims)
    assert first.as_json() == again.as_json()


def test_other_contents_another_format_another_version(counted, tmp_path, monkeypatch):
    cache, check, asked = counted
    path = tmp_path / "notes.md"
    path.write_text(DOCUMENT)
    cache.report(path, check)
    path.write_text(f"{DOCUMENT}\n")
    cache.report(path, check)
    (tmp_path / "notes.tex").write_text(DOCUMENT)
    cache.report(tmp_path / "notes.tex", check)
    assert len(asked) == 3
    (tmp_path / "copy.md").write_text(DOCUMENT)
    assert cache.report(tmp_path / "copy.md", check).path == str(tmp_path / "copy.md")
    assert len(asked) == 3
    monkeypatch.setattr(caching, "version", lambda: "another")
    cache.report(path, check)
    assert len(asked) == 4


BROKEN = ["", "{", "[]", "null", '{"claims": [{}], "notes": [], "error": ""}', '{"claims": 1}']


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_file_is_as_good_as_none(counted, tmp_path, broken):
    cache, check, asked = counted
    path = tmp_path / "notes.md"
    path.write_text(DOCUMENT)
    cache.report(path, check)
    (kept,) = cache.folder.glob("*.json")
    kept.write_text(broken)
    assert cache.report(path, check).claims == ic.check(path).claims
    assert len(asked) == 2
    assert json.loads(kept.read_text())["claims"]


def test_a_folder_that_cannot_be_written_costs_nothing(counted, tmp_path):
    _, check, asked = counted
    (tmp_path / "file").write_text("")
    path = tmp_path / "notes.md"
    path.write_text(DOCUMENT)
    cache = Cache(tmp_path / "file" / "kept")
    assert cache.report(path, check).claims == cache.report(path, check).claims
    assert len(asked) == 2


def test_the_oldest_go_first(counted, tmp_path, monkeypatch):
    cache, check, _ = counted
    monkeypatch.setattr(caching, "MOST_FILES", 3)
    for number in range(5):
        path = tmp_path / f"{number}.md"
        path.write_text(f"{number}\n")
        cache.report(path, check)
    assert len([*cache.folder.glob("*.json")]) == 3


def test_a_file_that_is_not_there(counted, tmp_path):
    cache, check, _ = counted
    with pytest.raises(ic.IndexcalcError, match="cannot be read"):
        cache.report(tmp_path / "nothing.md", check)


def test_what_has_no_place_in_json():
    assert restored(stored((1, 2.5, float("inf"))), tuple[int, float, float]) == (1, 2.5, float("inf"))
    with pytest.raises(NotStoredError):
        stored({1: 2})
    with pytest.raises(NotStoredError):
        restored([1, 2], tuple[int])
    with pytest.raises(NotStoredError):
        restored("x", int)
