"""Facts that cannot hold together are refused, with both their places."""

import pytest

import indexcalc as ic
from indexcalc.errors import IndexcalcError

CONTRADICT = [
    ("x > 0", "x < 0"),
    ("x >= 1", "x < 1"),
    ("x > 1", "0 > x"),
    ("x = 2", "x = 3"),
    ("x = 2", "x > 2"),
    ("x[i] > 0", "x[j] < -1"),
    ("x[i] > 0", "x[1] = 0"),
    ("A[i,j] > 0", "A[1,1] = 0"),
    ("sum[q](y[p,q]) = 1", "sum[j](y[i,j]) = 2"),
    ("2*x[i]*y[i] = 2", "x[k]*y[k] = 3"),
    ("a > b", "b > a"),
    ("a < b", "a = b"),
    ("a + b = 1", "2*a + 2*b - 4 = 0"),
    ("exp(x) = 2", "exp(x) <= 1"),
]
HOLD = [
    ("x > 0", "x < 1"),
    ("x >= 1", "x <= 1"),
    ("x[1] > 0", "x[2] < 0"),
    ("A[i,1] = 0", "A[i,2] > 0"),
    ("A[i,j] = A[j,i]", "A[i,j] = -A[j,i]"),
    ("a > b", "b > c"),
    ("x = 2", "x = 4/2"),
    ("sum[q](y[p,q]) = 1", "sum[p](y[p,q]) = 2"),
]


@pytest.mark.parametrize(("one", "other"), CONTRADICT)
def test_two_facts_that_exclude_each_other_are_named(one, other):
    with pytest.raises(IndexcalcError) as failure:
        ic.parse(f"assume {one}\nassume {other}")
    assert failure.value.cause == f"the facts {one} and {other} contradict each other"
    assert len(failure.value.spans) == 2


@pytest.mark.parametrize(("one", "other"), HOLD)
def test_facts_that_may_hold_together_are_taken(one, other):
    assert len(ic.parse(f"assume {one}\nassume {other}").facts) == 2


def test_the_error_shows_both_lines():
    with pytest.raises(IndexcalcError) as failure:
        ic.parse("assume x > 0\ny = x^2\nassume 2 < y < 3\nassume -1 > x")
    assert str(failure.value) == (
        "line 1, column 8: the facts x > 0 and -1 > x contradict each other.\n"
        "    assume x > 0\n"
        "           ^^^^^\n"
        "    assume -1 > x\n"
        "           ^^^^^^\n"
        "Leave one of them out."
    )


@pytest.mark.parametrize("fact", ["0 = 1", "1 = 0", "2 < 1", "x[i] - x[i] > 0", "1 <= 2 < 1"])
def test_a_fact_that_never_holds_is_refused(fact):
    with pytest.raises(IndexcalcError, match="never holds"):
        ic.parse(f"assume {fact}")
    verdict = ic.equal(f"assume {fact}", "x", "y")
    assert str(verdict) == "unreadable"
    assert "never holds" in verdict.reason


@pytest.mark.parametrize("fact", ["0 = 0", "1 < 2", "x[i] = x[i]"])
def test_a_fact_that_says_nothing_is_none_to_refuse(fact):
    assert str(ic.equal(f"assume {fact}", "a + a", "2*a")) == "proved"


def test_of_facts_about_one_term_only_the_tightest_is_compared():
    sheet = ic.parse("assume x > 0\n" * 3000 + "assume x > 5\nassume x > 1\ny = x")
    assert len(sheet.facts) >= 2
    with pytest.raises(IndexcalcError, match="x > 5 and x < 3 contradict each other"):
        ic.parse("assume x > 0\n" * 3000 + "assume x > 5\nassume x > 1\nassume x < 3\ny = x")
