r"""Sums under a condition on two letters: over which of them they run."""

import pytest

from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_chain, read_expression
from indexcalc.notation.writing.text import write

SHEET = parse_sheet("s = sum[i,j](A[i,j]*x[i]*y[j])")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\sum_{i \neq j} x_i y_j", "sum[i,j](where(i != j, x[i]*y[j], 0))"),
        (r"\sum_{i < j} A_{ij}", "sum[i,j](where(i < j, A[i,j], 0))"),
        (r"\prod_{i \neq j} A_{ij}", "prod[i,j](where(i != j, A[i,j], 1))"),
        (r"\sum_{1 \leq i < j \leq n} A_{ij}", "sum[i,j](where(i < j, A[i,j], 0))"),
        (r"\sum_j \sum_{i \neq j} A_{ij}", "sum[i,j](where(i != j, A[i,j], 0))"),  # bound by the sum around
        (r"y_j \sum_{i \neq j} x_i", "sum[j](y[j]*sum[i](where(i != j, x[i], 0)))"),  # in a factor beside
        (r"\sum_{i \neq j} x_i", "sum[i](where(i != j, x[i], 0))"),  # nothing depends on it
    ],
)
def test_both_letters_are_bound_unless_one_stands_elsewhere(latex, text):
    found, wanted = read_expression(SHEET, latex), read_expression(SHEET, text)
    assert write(found.term, found.sheet, found.axes) == write(wanted.term, wanted.sheet, wanted.axes)


@pytest.mark.parametrize(
    ("left", "right", "text"),
    [
        ("x_i", r"\sum_{j \neq i} A_{ij}", "sum[j](where(j != i, A[i,j], 0))"),
        ("x_i", r"\sum_{i \neq j} A_{ij}", "sum[j](where(i != j, A[i,j], 0))"),  # the second letter runs
        (r"\sum_{j \neq i} A_{ij}", "x_i", "x[i]"),
        ("x_i x_i", r"\sum_{i \neq j} A_{ij}", "sum[i,j](where(i != j, A[i,j], 0))"),  # i is summed there
    ],
)
def test_a_letter_that_is_free_in_a_side_is_free_in_the_sum(left, right, text):
    found = read_chain(SHEET, [left, right])
    wanted = read_expression(SHEET, text, free=[axis.name for axis in found[0].axes])
    assert write(found[1].term, found[1].sheet, found[1].axes) == write(wanted.term, wanted.sheet, wanted.axes)


@pytest.mark.parametrize("latex", [r"\max_{i \neq j} A_{ij}", r"\sum_{i \neq j \neq k} A_{ij}"])
def test_other_conditions_are_refused(latex):
    with pytest.raises(IndexcalcError):
        read_expression(SHEET, latex)
