"""What is multiplied out is bounded by its work; what is too long to be differentiated is refused with the reason."""

import pytest

import indexcalc as ic
from indexcalc.budget import OF_A_STEP, Budget, SpentError, TooLargeError, limited, measured, spend, uncounted


def test_a_task_has_one_budget_with_the_tasks_inside_it():
    budget = Budget(10)
    with budget:
        budget.spend(6)
        with budget, pytest.raises(TooLargeError):
            budget.spend(6)
        with pytest.raises(TooLargeError):
            budget.spend(1)
    with budget:
        budget.spend(10)


def test_a_step_takes_no_more_than_what_is_left_around_it():
    spend(10**9)  # outside a step nothing is counted
    with limited(10):
        with limited(4), pytest.raises(SpentError):
            spend(5)
        with uncounted():
            spend(10**9)
        with limited(100):
            spend(5)
        with pytest.raises(SpentError):
            spend(1)


TOO_MUCH = "it takes more work than a step may: split the step, or name parts of it by definitions"


@pytest.mark.parametrize("text", ["$$ y = (a + b)^3 = a^3 + b^3 + 3 a b (a + b) $$\n", "```indexcalc\ncheck {}\n```\n"])
def test_a_step_that_takes_too_much_work_is_undecided(text):
    text = text.format("(a + b)^3 = a^3 + b^3 + 3*a*b*(a + b)")
    assert str(ic.check(text).claims[0].verdict) == "proved"
    with limited(9):
        verdict = ic.check(text).claims[0].verdict
    assert (str(verdict), verdict.reason) == ("undecided", TOO_MUCH)


def test_sides_that_take_too_much_work_are_undecided():
    sides = "(a + b)^3", "a^3 + b^3 + 3*a*b*(a + b)"
    assert str(ic.equal("", *sides)) == "proved"
    with limited(9):
        verdict = ic.equal("", *sides)
    assert (str(verdict), verdict.reason) == ("undecided", TOO_MUCH)


def ring(count, name="A"):
    """The trace of a power, written out."""
    return "*".join(f"{name}[i{place},i{(place + 1) % count}]" for place in range(count))


def test_the_trace_of_a_power_of_60():
    result = ic.derive("", f"diff({ring(60)}, A[p,q])")
    assert str(result).startswith("60*A[")
    assert str(result).count("A[") == 59
    assert str(ic.equal("", ring(40), "*".join(reversed(ring(40).split("*"))))) == "proved"


@pytest.mark.parametrize("count", [60, 120])
def test_the_trace_of_a_product_of_many_matrices(count):
    sheet, trace = "tensor A[i,i']", f"tr({' @ '.join(['A'] * count)})"
    assert str(ic.derive(sheet, f"diff({trace}, A[p,q])")).startswith(f"{count}*A[")
    assert str(ic.equal(sheet, trace, trace.replace("A", "A.T"))) == "proved"
    assert str(ic.equal(sheet, trace, trace.replace("A @", "(A + eye) @", 1))) == "refuted"


def test_a_product_of_24_equal_or_different_factors():
    sums = "*".join(["sum[i](x[i]*w[i])"] * 24)
    assert str(ic.derive("", f"diff({sums}, x[k])")) == "24*w[k]*sum[i](x[i]*w[i])^23"
    assert str(ic.derive("", f"diff({'*'.join(['x'] * 500)}, x)")) == "500*x^499"
    different = "*".join(f"sum[i](x[i]*w{place}[i])" for place in range(24))
    assert str(ic.derive("", f"diff({different}, x[k])")).count("w7[") == 24


def test_derivatives_of_order_12():
    times = ", x[i]" * 12
    assert str(ic.derive("", f"sum[i,j](diff(exp(x[i]*y[j]){times}))")) == "sum[i,j](y[j]^12*exp(x[i]*y[j]))"
    assert "y[j]^12" in str(ic.derive("", f"sum[i,j](diff(tanh(x[i]*y[j]){times}))"))


# Where the work is too much, the form at hand is kept.
CHAIN = "*".join(f"(delta[i{place},i{place + 1}] + A[i{place},i{place + 1}])" for place in range(14))
PAIRS = "*".join(f"eps[i{n},j{n},k{n}]*eps[i{n + 1},j{n},l{n}]*x[k{n}]*y[l{n}]" for n in range(8))


@pytest.mark.parametrize("text", [CHAIN, PAIRS, f"diff({CHAIN}, A[p,q])"], ids=["deltas", "symbols", "derivative"])
def test_what_would_double_with_each_factor(text):
    assert str(ic.derive("", text))


TOO_LONG = [
    (
        f"diff({'*'.join(f'sin({place + 1}*x)' for place in range(300))}, x)",
        "a product of 300 factors, of which 300 differ and move, has too long a derivative.",
        "Give parts of the product names by definitions, or write it as prod[k](...).",
    ),
    (
        f"diff(logsumexp[k](x[k]){''.join(f', x[i{place}]' for place in range(12))})",
        "a derivative that is differentiated once more is too long for that.",
        "Differentiate fewer times, or give parts of the expression names by definitions.",
    ),
    (
        f"diff(exp(z[p,q])/sum[k](exp(z[p,k])){', z[p,q]' * 16})",
        "a derivative that is differentiated once more is too long for that.",
        "Differentiate fewer times, or give parts of the expression names by definitions.",
    ),
    (
        f"sum[i](diff(exp(x[i])/(1 + x[i]^2){', x[i]' * 12}))",
        "a derivative that is differentiated once more is too long for that.",
        "Differentiate fewer times, or give parts of the expression names by definitions.",
    ),
]


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize(("target", "cause", "remedy"), TOO_LONG)
def test_refused_with_the_reason(target, cause, remedy, several):
    with pytest.raises(ic.IndexcalcError) as refused:
        ic.derive("", [target, "x[1]"] if several and "x[" in target else target)
    shown, carets = target[:100], "^" * min(len(target), 101)
    assert str(refused.value) == f"line 1, column 1: {cause}\n    {shown}\n    {carets}\n{remedy}"


@pytest.mark.parametrize("variables", ["x", "x, x"])
def test_fractions_in_fractions_are_not_multiplied_out_without_end(variables):
    depth = 40
    assert str(ic.derive(f"L = {'1/(1 + ' * depth}x{')' * depth}", f"diff(L, {variables})"))


def test_a_measured_task_counts_for_those_around_it():
    with limited(100):
        with measured() as work:
            spend(40)
        assert work.done == 40
        with pytest.raises(SpentError), measured():
            spend(61)
    with measured() as work:
        spend(OF_A_STEP * 2)
    assert work.done == OF_A_STEP * 2
