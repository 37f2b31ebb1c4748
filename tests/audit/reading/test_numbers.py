r"""Matrices of numbers: exact values and verdicts."""

import pytest

from indexcalc.audit.checking import check_document


def matrix(*rows, kind="pmatrix"):
    return f"\\begin{{{kind}}} " + r" \\ ".join(rows) + f" \\end{{{kind}}}"


COLUMN = matrix("1", "2")
SQUARE = matrix("1 & 2", "3 & 4")


def last_claim(*formulas):
    """The last claim of a document with these formulas."""
    return check_document("".join(f"$$ {formula} $$\n\n" for formula in formulas), "markdown").claims[-1]


def verdict(*formulas):
    return str(last_claim(*formulas).verdict)


def spelled(value):
    """A value such as (1  2; 3  4) in LaTeX."""
    if not value.startswith("("):
        return value
    return matrix(*(row.strip().replace("  ", " & ") for row in value.strip("()").split(";")))


def off(value):
    """Another value, of the same shape."""
    return value.replace("(", "(7") if value.startswith("(") and value[1] != "-" else value.replace("(-", "(7") if "(" in value else f"7{value.lstrip('-')}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (SQUARE, "(1  2; 3  4)"),
        (SQUARE + r" \cdot " + COLUMN, "(5; 11)"),
        (SQUARE + COLUMN, "(5; 11)"),
        (SQUARE + " - " + SQUARE, "(0  0; 0  0)"),
        ("-2 " + SQUARE, "(-2  -4; -6  -8)"),
        (r"\frac{1}{2} " + SQUARE, "(0.5  1; 1.5  2)"),
        (SQUARE + " / 2", "(0.5  1; 1.5  2)"),
        (SQUARE + r"^{\top}", "(1  3; 2  4)"),
        (SQUARE + "^T " + COLUMN, "(7; 10)"),
        (SQUARE + "^2", "(7  10; 15  22)"),
        (COLUMN + r"^\top " + COLUMN, "5"),
        (SQUARE + r" \odot " + SQUARE, "(1  4; 9  16)"),
        (SQUARE + r" \oslash " + SQUARE, "(1  1; 1  1)"),
        (r"\left(" + SQUARE + r"\right)", "(1  2; 3  4)"),
        (matrix("0.2 \\cdot (1 - 0.2)", "-1.0 / 0.2", "-\n 0.04", "1/3"), "(0.16; -5; -0.04; 1/3)"),
        (matrix("1 & 2", kind="bmatrix"), "(1  2)"),
        (matrix("1 & 2", ""), "(1  2)"),
        (r"\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}", "(1  2; 3  4)"),
        (r"2 \cdot 10^{-3}", "0.002"),
        (r"\frac12 " + SQUARE, "(0.5  1; 1.5  2)"),
        (r"\operatorname{tr} " + SQUARE, "5"),
        (r"\mathrm{Tr}(" + SQUARE + "^2)", "29"),
        (r"\det" + SQUARE, "-2"),
        (r"\det" + matrix("0 & 2", "3 & 4"), "-6"),
        (r"\det" + matrix("1 & 2", "2 & 4"), "0"),
        (SQUARE + "^{-1}", "(-2  1; 1.5  -0.5)"),
        (SQUARE + "^{-1} " + SQUARE, "(1  0; 0  1)"),
        (COLUMN + r" \cdot " + COLUMN, "5"),
        (matrix("1", "2", "3") + r" \times " + matrix("4", "5", "6"), "(-3; 6; -3)"),
    ],
)
def test_values(text, value):
    assert verdict(f"{text} = {spelled(value)}") == "proved"
    assert verdict(f"{text} = {spelled(off(value))}") == "refuted"


def test_names_have_the_values_they_were_given():
    known = rf"A = {SQUARE}"
    assert verdict(known, rf"A^T A = {matrix('10 & 14', '14 & 20')}") == "proved"
    assert verdict(known, rf"A^T A = {matrix('10 & 14', '14 & 2')}") == "refuted"
    assert verdict(known, rf"A A = B {SQUARE}") not in ("proved", "agrees", "refuted")


@pytest.mark.parametrize(
    ("text"),
    [
        SQUARE + matrix("1 & 2"),
        matrix("1 & 2", "2 & 4") + "^{-1}",
        r"\det" + COLUMN,
        r"\operatorname{tr}" + COLUMN,
        COLUMN + r" \times " + COLUMN,
        SQUARE + " + " + COLUMN,
        matrix("1 & 2", "3"),
        COLUMN + "^2",
        SQUARE + "^{99}",
        "1 / 0",
        "1 / " + SQUARE,
        matrix(SQUARE),
        matrix("a & \\cdots"),
        "1 +",
        "(" * 30000,
        "1" * 200_000,
    ],
)
def test_what_has_no_value_is_never_judged(text):
    assert verdict(f"{text} = {SQUARE}") not in ("proved", "agrees", "refuted")


@pytest.mark.parametrize(
    ("left", "right", "word"),
    [
        ("1/4", "0.25", "proved"),
        (SQUARE, matrix("1 & 2", "3 & 4.0"), "proved"),
        ("1/3", "0.33", "agrees"),
        ("0.333", "1/3", "agrees"),
        ("0.12345", "0.123", "agrees"),
        ("1/3", "0.34", "refuted"),
        ("0.25", "0.3", "refuted"),
        ("1/3", "1/4", "refuted"),
        (SQUARE, matrix("1 & 2", "-3 & 4"), "refuted"),
    ],
)
def test_verdicts(left, right, word):
    assert verdict(f"{left} = {right}") == word


def test_a_difference_names_the_entry():
    claim = last_claim(f"{SQUARE} = {matrix('1 & 2', '-3 & 4')}")
    assert "in row 2, column 1: 3 on the left, -3 on the right" in claim.reason


def test_shapes_must_be_equal():
    claim = last_claim(f"{SQUARE} = {COLUMN}")
    assert str(claim.verdict) in ("refuted", "unreadable")


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        (r"20 \cdot 500 = 10\,000", "proved"),
        (r"20 \cdot 500 = 10\;000", "proved"),
        (r"20 \cdot 500 = 10 000", "proved"),
        (r"20 \cdot 50 = 10\,000", "refuted"),
        (r"12 = 2^2 3", "proved"),
        # Entries of a row: no product
        (rf"z = [0.5 \;\; 0.6] {matrix('0.4', '0.5')} = 0.5", "skipped"),
        (rf"z = [0.5 \;\; 0.6] {matrix('0.4', '0.5')} = 0.12", "skipped"),
        (r"3 \; 5 = 15", "skipped"),
    ],
)
def test_digits_in_groups_are_one_number_and_numbers_side_by_side_no_product(formula, wanted):
    assert verdict(formula) == wanted


def test_what_is_said_of_spaces_behind_a_membership_is_no_step():
    spaces = r"\mathbb{R}^{n \times 1} \cdot \mathbb{R}^{1 \times m} = \mathbb{R}^{n \times m}"
    assert verdict(rf"u v^\top \in {spaces}") == "skipped"
