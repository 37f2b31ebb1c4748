"""The example of mechanics: every step is confirmed but the slips that it names, each with a fix."""

from pathlib import Path

from indexcalc.audit.checking import check_document

EXAMPLE = Path(__file__).parents[2] / "examples" / "mechanics.md"


def test_the_slips_of_the_example_are_found_and_nothing_else():
    claims = check_document(EXAMPLE).claims
    text = EXAMPLE.read_text().splitlines()
    wrong = [claim for claim in claims if str(claim.verdict) == "refuted"]
    assert [str(claim.verdict) for claim in claims].count("proved") == len(claims) - len(wrong) == 11
    assert [text[claim.line - 3].partition(":")[0] for claim in wrong] == ["A slip", "A slip"]


def test_nothing_that_is_another_thing_has_the_length_of_the_sentence():
    text = "The cart stands at $s$ and the rod of length $l$ hangs from it.\n\n$$ h = s + 2 l $$\n\n$$ h - s = 2 l $$\n"
    assert [str(claim.verdict) for claim in check_document(text, "markdown").claims] == ["proved"]
