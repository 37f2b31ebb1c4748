"""Derivations in the styles of many authors, right and with slips.

A file of the folder `derivations` holds blocks. `=== name: ppw` begins a document with the verdict of each step by its first
letter (w for refuted); below it, `--- old ==> new :: pww | words` is the same document with a slip, the verdicts, and
how the reason of the first wrong step begins.
"""

import re
from pathlib import Path

import pytest

from indexcalc.audit.checking import check_document

CORPUS = Path(__file__).parent / "derivations"
LETTERS = {"proved": "p", "agrees": "a", "refuted": "w", "unreadable": "u", "skipped": "s", "undecided": "?"}


def documents():
    """The name, text, verdicts and first words of every document, right and with each slip."""
    for path in sorted(CORPUS.glob("*.txt")):
        for block in re.split(r"^=== ", path.read_text(), flags=re.MULTILINE)[1:]:
            head, _, body = block.partition("\n")
            name, _, verdicts = head.rpartition(":")
            text, *slips = re.split(r"^--- ", body, flags=re.MULTILINE)
            yield pytest.param(text, verdicts.strip(), "", id=name)
            for number, slip in enumerate(slips, 1):
                edit, _, expected = slip.strip().rpartition(" :: ")
                old, _, new = edit.partition(" ==> ")
                wrong, _, words = expected.partition("|")
                assert (old in text), (name, old)
                yield pytest.param(text.replace(old, new, 1), wrong.strip(), words.strip(), id=f"{name} {number}")


@pytest.mark.parametrize(("text", "verdicts", "words"), list(documents()))
def test_a_document(text, verdicts, words):
    format = "latex" if "\\documentclass" in text else "markdown"
    claims = check_document(f"{text}\n", format).claims
    assert "".join(LETTERS[str(claim.verdict)] for claim in claims) == verdicts
    wrong = [claim for claim in claims if str(claim.verdict) == "refuted"]
    assert not words or (wrong[0].reason.startswith(words) and wrong[0].first_wrong)
