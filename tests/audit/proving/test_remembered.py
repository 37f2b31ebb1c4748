"""A question that was answered before is not worked out again, and counts the same work."""

import pytest

import indexcalc as ic
from indexcalc.audit.proving.counterexamples import compared_on_samples
from indexcalc.audit.proving.proof import prove
from indexcalc.audit.proving.remembered import Remembered, contents
from indexcalc.budget import SpentError, limited, measured, spend
from indexcalc.indices import Index, Range


def test_the_same_question_is_worked_out_once_and_counts_each_time():
    asked = []

    def answer(left, right, sheet, axes, only_proof):
        asked.append(only_proof)
        spend(30)
        return left is right

    sheet = ic.parse("y = a[i]*b[i]")
    sides = sheet.definitions["y"].body, sheet.definitions["y"].body
    remembered = Remembered(answer)
    for _ in range(2):
        with measured() as work:
            assert remembered(*sides, sheet, (), False)
        assert work.done == 30
    assert asked == [False]
    remembered(*sides, sheet, (), True)
    assert asked == [False, True]
    with limited(29), pytest.raises(SpentError):
        remembered(*sides, sheet, (), False)


def test_a_further_fact_makes_another_question():
    plain, assumed = ic.parse("y = a[i]*a[i]"), ic.parse("y = a[i]*a[i]\nassume a[i] = 1")
    assert contents(plain) == contents(ic.parse("y = a[i]*a[i]"))
    assert contents(plain) != contents(assumed)
    body = plain.definitions["y"].body
    one = ic.parse("z = sum[i](1)").definitions["z"].body
    assert prove(body, one, plain, ()).word != "proved"


@pytest.mark.parametrize(
    ("right", "only_proof", "word"),
    [
        ("2*sum[i](a[i]*b[i])", False, "refuted"),
        ("2*sum[i](a[i]*b[i])", True, "undecided"),
        ("sum[j](b[j]*a[j])", True, "proved"),
        ("sum[i](a[i]*b[i]) + 10^(-9)", False, "refuted"),  # too near for one look: told by many digits
    ],
)
def test_one_look_at_sides_that_are_far_apart(right, only_proof, word):
    sheet = ic.parse(f"y = sum[i](a[i]*b[i])\nz = {right}")
    sides = (sheet.definitions[name].body for name in "yz")
    found = prove(*sides, sheet, (), only_proof, at_sight=True)
    assert found.word == word
    assert (found.counterexample is not None) == (right.endswith(")") and "10^" in right)


def test_an_axis_that_no_side_has_is_no_hindrance():
    sheet = ic.parse("y = a + b\nz = a - b")
    axes = (Index("i", Range("q", named=False)),)
    sides = (sheet.definitions[name].body for name in "yz")
    assert compared_on_samples(*sides, sheet, axes).found is not None
