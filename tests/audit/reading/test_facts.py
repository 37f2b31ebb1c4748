r"""Facts about sums under a condition: over pairs that differ, or over the others of each."""

import pytest

import indexcalc as ic

CASES = [
    (
        r"Let $\sum_{a \neq b} q_{ab} = 1$.",
        [r"\sum_{a \neq b} q_{ab} s = s", r"\sum_{a \neq b} q_{ab} (s + 1) = s + 1"],
        r"\sum_{ab} q_{ab} s = s",
    ),
    (
        r"Let $\sum_{b \neq a} v_{ab} = 1$ for every $a$.",
        [r"g_a = \sum_{b \neq a} v_{ab} (y_b - s)", r"g_a = \sum_{b \neq a} v_{ab} y_b - s"],
        r"g_a = \sum_{b} v_{ab} y_b - s",
    ),
    (
        r"Let $\sum_b r_{ab} v_{ab} = 1$.",
        [r"h_a = y_a \sum_b r_{ab} v_{ab}", r"h_a = y_a"],
        r"h_a = 2 y_a",
    ),
]


def words(prose, formulas):
    """The verdicts of a document with a fact in its prose."""
    document = "\n\n".join([prose, *(f"$${formula}$$" for formula in formulas)]) + "\n"
    return [str(claim.verdict) for claim in ic.check(document, format="markdown").claims]


@pytest.mark.parametrize(("prose", "right", "wrong"), CASES)
def test_a_fact_under_a_condition_is_taken_and_used(prose, right, wrong):
    assert words(prose, right)[-1] == "proved"
    assert words(prose, [*right, wrong])[-1] == "refuted"


def test_without_the_prose_nothing_of_it_holds_and_what_is_not_known_is_named():
    _, right, _ = CASES[0]
    (claim,) = ic.check(f"$${right[0]}$$\n", format="markdown").claims
    assert (str(claim.verdict), claim.reason) == ("undecided", "nothing says what q is")
