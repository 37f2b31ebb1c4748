"""The summation rule: what is free, and what is summed where."""

import pytest

from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_chain, read_expression
from indexcalc.sheet import Sheet

WRITTEN_OUT = [  # the right side of a definition with the left side f[i], and the same with its sums
    ("x[i,j]*y[j]", "sum[j](x[i,j]*y[j])"),
    ("x[i,j] y[j]", "sum[j](x[i,j]*y[j])"),
    ("x[i,i]*y[i]", "(x[i,i])*(y[i])"),
    ("x[j,j]", "sum[j](x[j,j])"),
    ("x[j,j]*y[j]", "sum[j](x[j,j]*y[j])"),
    ("x[i,j]/y[j]", "sum[j](x[i,j]/y[j])"),
    ("x[i,j]/y[j]*z[j]", "sum[j](x[i,j]/y[j]*z[j])"),
    ("2*x[i,j]*y[j]", "2*sum[j](x[i,j]*y[j])"),
    ("-x[i,j]*y[j]", "-sum[j](x[i,j]*y[j])"),
    ("y[i] + x[i,j]*y[j]", "y[i] + sum[j](x[i,j]*y[j])"),
    ("x[i,j]*(y[j] + z[j])", "sum[j](x[i,j]*(y[j] + z[j]))"),
    ("x[i,j]*(y[j] + z[k]*z[k])", "sum[j](x[i,j]*(y[j] + sum[k](z[k]*z[k])))"),
    ("exp(x[i,j]*y[j])", "exp(sum[j](x[i,j]*y[j]))"),
    ("(x[i,j]*y[j])^2", "(sum[j](x[i,j]*y[j]))^2"),
    ("x[i,j]*exp(y[j])", "sum[j](x[i,j]*exp(y[j]))"),
    ("x[i,j]*y[j]*z[k]*z[k]", "sum[j](x[i,j]*y[j])*sum[k](z[k]*z[k])"),
    ("sum[k](y[k])*y[i]", "y[i]*(sum[j](y[j]))"),
    ("x[i,j]*where(i == k, y[j], 0)*z[k]", "sum[j](sum[k](x[i,j]*where(i == k, y[j], 0)*z[k]))"),
    ("1[i == j]*y[j]", "sum[j](delta[i,j]*y[j])"),
    ("delta[i,j]*delta[j,k]*delta[k,i]", "sum[j](sum[k](delta[i,j]*delta[j,k]*delta[k,i]))"),
    ("y[i]*delta[j,j]", "y[i]*sum[j](delta[j,j])"),
    ("diff(y[j]*y[j], y[i])", "diff(sum[j](y[j]*y[j]), y[i])"),
    ("diff(x[i,j], y[j])*0 + y[j]*y[j]*0 + y[i]", "sum[j](diff(x[i,j], y[j]))*0 + y[i]"),
    ("diff(z[j]*z[j]*y[i], z[k], z[k])", "sum[k](diff(y[i]*sum[j](z[j]*z[j]), z[k], z[k]))"),
    ("diff(x[j,j]*y[i], x[k,k])", "sum[k](diff(y[i]*sum[j](x[j,j]), x[k,k]))"),
    ("y[i]*max[j](x[i,j])", "y[i]*(max[k](x[i,k]))"),
]


def same_up_to_names(sheet, first, second):
    """Whether two definitions are equal where a bound letter may differ."""
    texts = [str(sheet.definitions[name].body.key) for name in (first, second)]
    return texts[0] == texts[1] or texts[0].replace("'k'", "'j'") == texts[1].replace("'k'", "'j'")


@pytest.mark.parametrize(("implied", "written"), WRITTEN_OUT)
def test_sums_are_implied(implied, written):
    sheet = parse_sheet(f"index i, j, k : n\nf[i] = {implied}\ng[i] = {written}")
    assert same_up_to_names(sheet, "f", "g")


LOST = ["x[i,j]", "x[i,j] + y[j]*y[j]", "y[j]^2*y[i]", "max(y[j], y[j])", "where(i == j, y[i], 0)", "exp(y[j])"]


@pytest.mark.parametrize("text", LOST)
def test_an_index_that_is_neither_free_nor_summed_is_lost(text):
    with pytest.raises(IndexcalcError, match="the index j occurs only once here"):
        parse_sheet(f"f[i] = {text}")


FREE = [
    ("x[i,j]", "ij"),
    ("x[j,i]", "ji"),
    ("x[i,j]*y[j]", "i"),
    ("y[i] + z[i]", "i"),
    ("y[i] + z[k]*z[k]", "i"),
    ("y[i] + y[i]*z[i]", "i"),
    ("y[k]*z[i]", "ki"),
    ("sum[i](y[i])*z[j]", "j"),
    ("sum[i](y[i])*z[i]", "i"),
    ("f(y[k]) + x[i,k]", "ki"),
    ("where(i == j, 1, y[k])", "ijk"),
    ("1[y[i] > 0]", "i"),
    ("3", ""),
    ("diff(y[i]*y[i], y[j])", "j"),
    ("diff(f(y[i]), y[j])", "ij"),
    ("diff(f(y[i]), y[i])", "i"),
    ("diff(x[i,k]*z[k], y[k])*0 + x[i,k]", "ik"),
    ("diff(f(x[j,i]), x[k,i])", "jik"),
    ("diff(f(y[i])*z[j], y[k], z[l])", "ijkl"),
    ("diff(y[i]*y[i]*z[j], y[k], y[k])", "j"),
    ("diff(s*y[i], y[j])*x[j,k]", "ik"),
    ("diff(f(y[i]), y[j])*diff(f(y[j]), y[k])", "ik"),
    ("sum[i](diff(f(y[i]), y[i]))", ""),
]


@pytest.mark.parametrize(("text", "axes"), FREE)
def test_without_a_left_side_the_indices_that_occur_once_are_free(text, axes):
    sheet = parse_sheet("u = y[i]*y[i] + s\nv[l] = z[l] + x[l,l]")
    assert "".join(index.name for index in read_expression(sheet, text).axes) == axes


def test_a_letter_in_numerator_and_variable_is_not_summed_in_the_numerator():
    diagonal, plain = read_chain(Sheet(), ["diff(y[i]*y[i], y[i])", "diff((y[i])*(y[i]), y[i])"])
    assert diagonal.term is plain.term
    assert [index.name for index in diagonal.axes] == ["i"]


def test_with_a_left_side_it_is_summed():
    sheet = parse_sheet("div = diff(v[i], x[i])\ntotal = sum[i](diff(v[i], x[i]))\nv[i] = x[i]^2")
    assert sheet.definitions["div"].body is sheet.definitions["total"].body


def test_all_sides_of_a_chain_have_the_axes_of_the_first():
    first, second = read_chain(Sheet(), ["x[i]*y[j]", "y[j]*x[i] + 0*x[k]*x[k]"])
    assert [index.name for index in second.axes] == ["i", "j"]
    assert first.axes == second.axes


def test_a_later_side_may_not_have_more():
    with pytest.raises(IndexcalcError, match="the index j occurs only once here and is not free on the first side"):
        read_chain(Sheet(), ["x[i]", "x[i]*y[j]"])


def test_free_indices_may_be_given():
    reading = read_expression(Sheet(), "x[i]*y[i]", free=["i", "k"])
    assert [index.name for index in reading.axes] == ["i", "k"]
    assert reading.term.free == {reading.axes[0]}
    with pytest.raises(IndexcalcError, match="the index i occurs only once here and is not free"):
        read_expression(Sheet(), "x[i]", free=[])
