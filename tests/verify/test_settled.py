"""Whether sides differ at an element, told with many digits."""

import pytest

import indexcalc as ic
from indexcalc.notation.reader import parse_sheet, read_chain
from indexcalc.verify.samples import sample
from indexcalc.verify.settled import compared, work

ROUNDING = [
    ("", "1/sigmoid(-25 - x^2)", "1 + exp(25 + x^2)"),
    ("assume x > 30", "log(1 - sigmoid(x))", "-softplus(x)"),
    ("assume c = 299792458\ng = 1/sqrt(1 - v^2/c^2)", "(g - 1)*m*c^2", "g^2*m*v^2/(g + 1)"),
    ("s = x/1000\nL = 1/s", "diff(L, s, s)", "2/s^3"),
    ("assume sum[i](y[i]) = 1", "10^20*sum[i](y[i])", "10^20"),
    ("z = 90 + 3*x", "diff(tanh(z), z)", "diff(2*sigmoid(2*z) - 1, z)"),
    ("z = 90 + 30*x", "diff(abs(tanh(z)), z)", "diff(abs(2*sigmoid(2*z) - 1), z)"),
]
SMALL = [
    ("", "10^-30*x", "0", "1.13696e-30"),
    ("", "x + 10^-40", "x", "1."),
    ("", "(10^60 + 1)*x", "10^60*x", "1"),
    ("", "10^400*x", "x", "1.13696e+400"),
    ("", "10^10000*x", "x", "1.13696e+10000"),
]


def outcome(sheet, left, right):
    """What is told at the first element of a sample."""
    first, second = read_chain(parse_sheet(sheet), [left, right])
    world = sample(first.sheet, (), 0)
    return compared((first.term, second.term), world, dict.fromkeys(first.axes, 1))


@pytest.mark.parametrize(("sheet", "left", "right"), ROUNDING)
def test_rounding_is_no_difference(sheet, left, right):
    assert outcome(sheet, left, right).differ is False


@pytest.mark.parametrize(("sheet", "left", "right", "shown"), SMALL)
def test_a_small_difference_is_one(sheet, left, right, shown):
    found = outcome(sheet, left, right)
    assert found.differ is True
    assert found.words[0] != found.words[1]
    assert found.words[0].startswith(shown)


@pytest.mark.parametrize(
    ("left", "right"),
    [("log(-x)", "1"), ("exp(10^30*x)", "1"), ("sum[i,j,k,l](exp(A[i,j]*B[k,l]))", "1")],
)
def test_what_cannot_be_worked_out_is_not_told(left, right):
    first, second = read_chain(parse_sheet(""), [left, right])
    world = sample(first.sheet, (), 0, sizes={"i": 50, "j": 51, "k": 52, "l": 53} if "sum" in left else None)
    assert compared((first.term, second.term), world, {}).differ is None


def test_the_work_counts_the_elements_of_derivatives():
    first, second = read_chain(parse_sheet(""), ["diff(sum[i](x[i]^2), x[k])", "2*x[k]"])
    one, many = (sample(first.sheet, (), 0, sizes={"i": size}) for size in (2, 200))
    assert work((first.term, second.term), many) > 1000 * work((first.term, second.term), one)


def test_a_side_that_is_zero_by_cancellation_tells_nothing_of_what_is_smaller_than_its_digits():
    assert str(ic.equal("", "sigmoid(-10^8 - x^2)", "1 - sigmoid(10^8 + x^2)")) != "refuted"
    assert str(ic.equal("", "1 - tanh(10^6 + x^2)^2", "1/cosh(10^6 + x^2)^2")) != "refuted"
    assert str(ic.equal("", "exp(-2000 - x^2)", "0")) == "refuted"


def test_what_differs_by_far_less_than_itself_is_told_apart():
    assert str(ic.equal("", "log(exp(318 + x) + exp(-x)) - 318", "x")) == "refuted"
