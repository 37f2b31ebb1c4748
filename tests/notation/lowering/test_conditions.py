"""A letter that one side of a claim compares with an index only is no index of the claim: it may be a size."""

import pytest

import indexcalc as ic

SAID = (
    "line 1, column 1: n is compared with an index on one side only, and nothing says what it runs over.\n"
    "    where(p < n, x[p], 0)\n"
    "    ^^^^^^^^^^^^^^^^^^^^^\n"
    "Write index p : n if it is a size."
)


def test_a_size_that_is_not_declared_refutes_nothing():
    verdict = ic.equal("", "where(p < n, x[p], 0)", "x[p]")
    assert str(verdict) == "unreadable"
    assert verdict.reason == SAID
    assert str(ic.equal("index p : n", "where(p < n, x[p], 0)", "x[p]")) == "refuted"
    assert str(ic.equal("index p : n", "where(p <= n, x[p], 0)", "x[p]")) == "proved"


def test_in_a_claim_of_a_sheet():
    with pytest.raises(ic.IndexcalcError) as refused:
        ic.parse("check where(p < n, x[p], 0) = x[p]")
    assert "Write index p : n if it is a size." in str(refused.value)


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        ("1[i < j]", "1 - 1[j <= i]", "agrees"),
        ("where(i < j, x[i], 0)", "x[i]*1[i < j]", "proved"),
        ("where(i < j, y[j], 0)", "y[j]*1[i < j]", "proved"),
        ("where(i < j, x[i]*y[j], 0)", "x[i]*y[j]", "refuted"),
        ("sum[j](1[j < i]*x[j])", "x[i]", "refuted"),
    ],
)
def test_letters_of_both_sides_are_compared(left, right, verdict):
    assert str(ic.equal("", left, right)) == verdict
