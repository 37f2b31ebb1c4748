"""Documents and the verdicts of their steps, right and with slips.

The blocks are those of test_corpus.py. Of the documents there, those named in `decided.txt` get the
verdicts that they ask for; of the others no step is judged the wrong way round. A verdict is compared as confirmed (p),
refuted (w) or neither.
"""

import re
from pathlib import Path

import pytest

from indexcalc.audit.checking import check_document

HERE = Path(__file__).parent
ELSEWHERE = HERE / "derivations"
SIDE = {"proved": "p", "agrees": "p", "refuted": "w"}
DECIDED = frozenset((HERE / "decided.txt").read_text().splitlines())


def blocks(folder):
    """The name, text and wanted verdicts of every document of a folder, right and with each slip."""
    for path in sorted(folder.glob("*.txt")):
        for block in re.split(r"^=== ", path.read_text(), flags=re.MULTILINE)[1:]:
            head, _, body = block.partition("\n")
            name, _, verdicts = head.rpartition(":")
            text, *slips = re.split(r"^--- ", body, flags=re.MULTILINE)
            yield name, text, verdicts.strip()
            for number, slip in enumerate(slips, 1):
                edit, _, expected = slip.strip().rpartition(" :: ")
                old, _, new = edit.partition(" ==> ")
                yield f"{name} {number}", text.replace(old, new, 1), expected.partition("|")[0].strip()


def judged(text):
    """The verdicts of the steps of a document, as p, w or ? (neither)."""
    claims = check_document(f"{text}\n", "latex" if "\\documentclass" in text else "markdown").claims
    return "".join(SIDE.get(str(claim.verdict), "?") for claim in claims if str(claim.verdict) != "skipped")


def wanted(verdicts):
    return "".join({"p": "p", "a": "p", "w": "w"}.get(letter, "?") for letter in verdicts if letter != "s")


OWN = list(blocks(HERE / "corpus"))
OTHERS = list(blocks(ELSEWHERE))


@pytest.mark.parametrize(("text", "verdicts"), [block[1:] for block in OWN], ids=[block[0] for block in OWN])
def test_documents_of_strangers(text, verdicts):
    assert judged(text).replace("?", "") == wanted(verdicts)


@pytest.mark.parametrize(("name", "text", "verdicts"), OTHERS, ids=[block[0] for block in OTHERS])
def test_no_step_is_judged_the_wrong_way_round(name, text, verdicts):
    found, asked = judged(text), wanted(verdicts)
    if name in DECIDED:
        assert found.replace("?", "") == asked.replace("?", "")
    elif len(found) == len(asked):
        assert not [pair for pair in zip(found, asked, strict=True) if set(pair) == {"p", "w"}]


RESPELLED = {
    "blanks": lambda text: text.replace("=", r"\;=\,"),
    "transpositions": lambda text: text.replace(r"\top", r"\mathsf{T}"),
    "fonts": lambda text: text.replace(r"\mathbf", r"\boldsymbol"),
    "boxes": lambda text: re.sub(r"\$\$ (.*?) \$\$", r"$$ \\boxed{\1} $$", text) if "," not in text else text,
}


@pytest.mark.parametrize("spelling", sorted(RESPELLED))
@pytest.mark.parametrize(("text", "verdicts"), [block[1:] for block in OWN[:7]], ids=[block[0] for block in OWN[:7]])
def test_typography_changes_no_verdict(text, verdicts, spelling):
    if "indexcalc" not in text and "<" not in text and "1(r ==" not in text:
        assert judged(RESPELLED[spelling](text)) == judged(text)
