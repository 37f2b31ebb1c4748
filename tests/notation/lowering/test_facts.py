"""What facts hold for: each value of their free indices; the arguments of unknown functions that they name."""

import pytest

import indexcalc as ic

ONLY_THERE = "a fact about f(...) holds for what stands in the brackets, not for every argument"


@pytest.mark.parametrize(
    ("fact", "left", "right", "word"),
    [
        ("1[i != j]*A[i,j] = 0", "A[1,2]", "0", "proved"),
        ("1[i != j]*A[i,j] = 0", "A[k,l]", "delta[k,l]*A[k,k]", "proved"),
        ("A[i,j]*1[i < j] = 0", "A[2,1]", "0", "refuted"),
        ("1[i < j]*A[i,j]*x[j] = 0", "sum[j](1[k < j]*A[k,j]*x[j])", "0", "proved"),
        ("sum[i,j](1[i != j]*A[i,j]) = 0", "A[1,2]", "0", "refuted"),
        ("sum[i,j](1[i != j]*A[i,j]) = 0", "sum[k,l](1[k != l]*A[k,l])", "0", "proved"),
    ],
)
def test_a_condition_is_no_reason_to_sum(fact, left, right, word):
    assert str(ic.equal(f"assume {fact}", left, right)) == word


def test_a_target_is_summed_over_what_a_condition_repeats():
    assert str(ic.equal("", "1[i != j]*A[i,j]", "sum[k,l](1[k != l]*A[k,l])")) == "proved"


@pytest.mark.parametrize(
    ("fact", "carets", "name"),
    [
        ("f(x) = x^2", "^^^^", "x"),
        ("f(-x) = -f(x)", "^^^^^", "x"),
        ("f(x[i]) > 0", "^^^^^^^", "x"),
        ("f'(y) = 1", "^^^^^", "y"),
    ],
)
def test_a_fact_about_a_function_of_nothing_known_is_refused(fact, carets, name):
    with pytest.raises(ic.IndexcalcError) as error:
        ic.parse(f"function f\nassume {fact}")
    assert str(error.value) == (
        f"line 2, column 8: {ONLY_THERE}.\n    assume {fact}\n           {carets}\n"
        f"Write what f is instead of it, or tensor {name} if a given {name} is meant."
    )


@pytest.mark.parametrize(
    "sheet",
    [
        "function f\nassume f(0) = 1",
        "function f\ntensor x[i]\nassume f(x[i]) > 0",
        "function f\nL = sum[i](f(x[i]))\nassume f(x[i]) > 0",
        "function f\nassume f(x) = 1\ncheck f(x)^2 = 1",
    ],
)
def test_a_fact_about_a_function_of_what_the_sheet_has_is_taken(sheet):
    assert len(ic.parse(sheet).facts) == 1


def test_facts_beside_shifted_places_are_taken_as_elsewhere():
    sheet = "y[i] = x[i+1] - x[i]\nassume 1[i != j]*A[i,j] = 0"
    assert str(ic.equal(sheet, "A[k,l]", "delta[k,l]*A[k,k]")) in ("proved", "agrees")
    with pytest.raises(ic.IndexcalcError) as error:
        ic.parse("y[i] = x[i+1] - x[i]\nassume x[i] > 0\nassume x[i] < -1")
    assert str(error.value) == (
        "line 2, column 8: the facts x[i] > 0 and x[i] < -1 contradict each other.\n"
        "    assume x[i] > 0\n           ^^^^^^^^\n    assume x[i] < -1\n           ^^^^^^^^^\nLeave one of them out."
    )
