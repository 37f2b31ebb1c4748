"""What becomes blank before LaTeX is parsed, and what is refused at once."""

import pytest

from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.latex.source import DEEPEST, LONGEST, prepared


def blanked(text: str) -> str:
    """What is left of a text, single blanks between its parts."""
    found = prepared(text, Span(0, len(text)))
    assert len(found) == len(text)
    return " ".join(found.split())


BLANKED = [
    (r"&= a \\", "a"),
    (r"= & a \\[2pt]", "a"),
    ("a = b", "a = b"),
    (r"\begin{aligned} a & b \end{aligned}", "a b"),
    (r"\begin{alignat*}{2} a \end{alignat*}", "a"),
    (r"\begin{cases} a & b \\ c & d \end{cases} & e \\", r"\begin{cases} a & b \\ c & d \end{cases} e"),
    (r"\begin{pmatrix} a & b \end{pmatrix}", r"\begin{pmatrix} a b \end{pmatrix}"),
    (r"\underbrace{a}_{\text{the {b}}} c", "{a} c"),
    (r"\overbrace {a + b}^n c", "{a + b} c"),
    (r"\underbrace{a} c", "{a} c"),
    (r"\text{if $i = j$} a", r"\text{if }i = j a"),
    ("a % b\n c", "a c"),
    (r"a \% b", r"a \% b"),
    (r"a,\; . ", "a"),
    (r"a \,", "a"),
    (r"a \\ ,", "a"),
    ("1. ", "1"),
]


@pytest.mark.parametrize(("text", "wanted"), BLANKED, ids=[text for text, _ in BLANKED])
def test_blanks(text, wanted):
    assert blanked(text) == wanted


def test_only_a_stretch_is_looked_at():
    text = "} & a & {"
    assert prepared(text, Span(1, 7)) == "}   a   {"


REFUSED = [
    ("a {", 3, "this brace is never closed"),
    ("a }", 3, "this brace closes nothing"),
    (r"\end{cases}", 1, "these cases never began"),
    (r"\begin{cases} a", 1, "these cases never end"),
    ("{" * (DEEPEST + 1), DEEPEST + 1, f"braces nest more than {DEEPEST} deep"),
    ("x" * (LONGEST + 1), 1, f"this formula is {LONGEST + 1} characters long, more than {LONGEST}"),
]


@pytest.mark.parametrize(("text", "column", "cause"), REFUSED, ids=[text[:15] for text, *_ in REFUSED])
def test_refuses(text, column, cause):
    with pytest.raises(IndexcalcError) as caught:
        prepared(text, Span(0, len(text)))
    assert (caught.value.column, caught.value.cause) == (column, cause)
