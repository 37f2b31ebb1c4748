"""Patterns as .gitignore has them, beside git itself."""

import random
import shutil
import subprocess

import pytest

from indexcalc.project.globs import patterns_of

CASES = [
    ("*.md", "a/b.md", False, True),
    ("/*.md", "a/b.md", False, None),
    ("a/*.md", "a/b.md", False, True),
    ("a/*.md", "a/c/b.md", False, None),
    ("a/**/*.md", "a/c/d/b.md", False, True),
    ("a/**/b.md", "a/b.md", False, True),
    ("**/c", "a/b/c", True, True),
    ("a/**", "a", True, None),
    ("a/**", "a/b", False, True),
    ("a**b", "axxb", False, True),
    ("build/", "build", False, None),
    ("build/", "x/build", True, True),
    ("[!a]?.tex", "bc.tex", False, True),
    ("[!a]?.tex", "ac.tex", False, None),
    ("[]x]", "]", False, True),
    ("[a-c]", "b", False, True),
    ("[[:digit:]]*", "7x", False, True),
    ("\\#x", "#x", False, True),
    ("# x", "# x", False, None),
    ("x\\ ", "x ", False, True),
    ("x  ", "x", False, True),
    ("\\!x", "!x", False, True),
    ("[a", "[a", False, None),
    ("", "x", False, None),
    ("/", "x", True, None),
]


@pytest.mark.parametrize("pattern, path, folder, said", CASES)
def test_a_pattern(pattern, path, folder, said):
    assert patterns_of([pattern]).decide(path, folder) is said


def test_the_last_pattern_decides():
    patterns = patterns_of(["*.md", "!keep.md", "a/keep.md"])
    assert patterns.decide("b/keep.md", False) is False
    assert patterns.decide("a/keep.md", False) is True


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not there")
@pytest.mark.parametrize("seed", range(40))
def test_git_says_the_same(tmp_path, seed):
    """Random patterns and paths; git asks of a path alone, so that no folder around it may be left out."""
    chance = random.Random(seed)
    pieces = ["a", "b", "*", "**", "?", "/", "/**/", "**/", "[ab]", "[!a]", "!", ".", "\\a", "/*", "[]b]", "[a-b]", " "]
    names = ["a", "b", "ab", "a.b", "ba", "a b", "]"]
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    files = {"/".join(chance.choices(names, k=chance.randint(1, 3))) for _ in range(30)}
    files = {each for each in files if not any(other.startswith(f"{each}/") for other in files)}
    for _ in range(12):
        lines = ["".join(chance.choices(pieces, k=chance.randint(1, 5))) for _ in range(chance.randint(1, 3))]
        (tmp_path / ".gitignore").write_text("".join(f"{line}\n" for line in lines))
        asked = "".join(f"{file}\0" for file in sorted(files))
        command = ["git", "check-ignore", "--stdin", "-z", "--no-index"]
        git = subprocess.run(command, cwd=tmp_path, input=asked, capture_output=True, text=True)
        patterns = patterns_of(lines)
        ours = {file for file in files if _left_out(patterns, file)}
        assert ours == set(filter(None, git.stdout.split("\0"))), lines


def _left_out(patterns, file):
    parts = file.split("/")
    folders = ("/".join(parts[:place]) for place in range(1, len(parts)))
    return any(patterns.decide(folder, True) for folder in folders) or bool(patterns.decide(file, False))
