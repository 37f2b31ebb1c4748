"""Outputs that a sheet does not have, and derivatives that would be zero for that reason alone."""

import pytest

import indexcalc as ic
from indexcalc.errors import IndexcalcError

SHEET = "loss = sum[i](x[i]*w[i])\nz = c^2"


@pytest.mark.parametrize(
    "target, message",
    [
        (
            "diff(Loss, w)",
            "line 1, column 6: the sheet does not say what Loss is.\n"
            "    diff(Loss, w)\n"
            "         ^^^^\n"
            "Did you mean loss?",
        ),
        (
            "diff(L, w)",
            "line 1, column 6: the sheet does not say what L is.\n"
            "    diff(L, w)\n"
            "         ^\n"
            "Did you mean loss?",
        ),
        (
            "z*diff(q[i]*z, w[j])",
            "line 1, column 8: the sheet does not say what q is.\n"
            "    z*diff(q[i]*z, w[j])\n"
            "           ^\n"
            "It defines loss, z.",
        ),
        (
            "los",
            "line 1, column 1: the sheet does not say what los is.\n    los\n    ^^^\nDid you mean loss?",
        ),
        (
            r"\frac{\partial q}{\partial w_i}",
            "line 1, column 16: the sheet does not say what q is.\n"
            "    \\frac{\\partial q}{\\partial w_i}\n"
            "                   ^\n"
            "It defines loss, z.",
        ),
        (
            "diff(loss, v)",
            "line 1, column 12: nothing depends on v: it occurs nowhere else.\n"
            "    diff(loss, v)\n"
            "               ^\n"
            "Differentiate by a tensor that the sheet uses.",
        ),
    ],
)
def test_targets_that_the_sheet_lacks(target, message):
    with pytest.raises(IndexcalcError) as error:
        ic.derive(SHEET, target)
    assert str(error.value) == message


@pytest.mark.parametrize(
    "target",
    [
        "diff(loss, c)",  # the sheet speaks of both: zero is the answer
        "diff(z, w)",
        "diff(loss*q, w)",  # the result shows what is new
        "diff(loss, w[i]) + q*z",
        "diff(diff(loss, w[i]), x[j])",
        "diff(pi*z, c)",
        "pi",
        "q*z",
        "c",
    ],
)
def test_targets_that_a_sheet_has(target):
    ic.derive(SHEET, target)


def test_a_sheet_without_definitions_knows_nothing_better():
    assert str(ic.derive("index i : n", "diff(x[i]*y[i], x[j])").expression) == "y[j]"
    assert str(ic.derive("", "diff(sum[i](x[i]), x[j])").expression) == "1"


def test_a_statement_that_asks_for_what_the_sheet_lacks():
    with pytest.raises(IndexcalcError) as error:
        ic.parse(f"{SHEET}\ng[i] = diff(Loss, w[i])")
    assert str(error.value) == (
        "line 3, column 13: the sheet does not say what Loss is.\n"
        "    g[i] = diff(Loss, w[i])\n"
        "                ^^^^\n"
        "Did you mean loss?"
    )
    with pytest.raises(IndexcalcError, match="does not say what q is"):
        ic.parse(f"{SHEET}\ncheck diff(q, w[i]) = 0")
    ic.parse(f"{SHEET}\ncheck diff(z, w[i]) = 0\ncheck diff(q*w[i], w[j]) = q*delta[i,j]")
    ic.parse(f"{SHEET}\nassume q > 0\ncheck diff(q, w[i]) = 0")


def test_a_claim_about_what_the_sheet_lacks_is_not_proved():
    verdict = ic.equal(SHEET, "diff(Loss, w[i])", "0")
    assert str(verdict) == "unreadable" and "Did you mean loss?" in verdict.reason
    assert str(ic.equal(SHEET, "diff(z, w[i])", "0")) == "proved"


def test_the_derivative_of_a_number_is_zero():
    assert str(ic.derive("", "diff(2, x)").expression) == "0"
    assert ic.derive("", "diff(2, x[i])").axes == ("i",)
    assert ic.derive("", "diff(2, x[i])").compile()(x=[1.0, 2.0]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("sheet", "target"),
    [
        ("index i : 4\nR = diff(eps[1,1,3]*u[2,1] - cosh(y), u[2,1])", "R"),
        ("g[q] = diff(where(beta[q] > 0, y[q], y[q]), beta[3])", "diff(g[q], y[s])"),
        ("L = x*w", "diff(q*w - q*w, w)"),
    ],
)
def test_what_is_written_and_drops_out_is_no_slip(sheet, target):
    assert str(ic.derive(sheet, target)) == "0"


@pytest.mark.parametrize("target", ["diff(diff(loss, w)*w, w)", "w*diff(loss, w)", "diff(loss + 0*q, w)"])
def test_a_slip_beside_what_depends_on_the_variable_is_refused(target):
    with pytest.raises(IndexcalcError, match="the sheet does not say what loss is"):
        ic.derive("L = x*w", target)
