"""A derivative by what another tensor hangs on by a fact only is refused, never 0."""

import pytest

import indexcalc as ic
from indexcalc.errors import IndexcalcError

INVERSE = "assume B[i,j]*S[j,k] = delta[i,k]\nf = z[i]*B[i,j]*z[j]"

REFUSED = [
    (INVERSE, "diff(f, S[k,l])", "B depends on S by the fact B[i,j]*S[j,k] = delta[i,k]"),
    (INVERSE, "diff(f + S[m,m], S[k,l])", "B depends on S by the fact"),
    (INVERSE, "diff(f^2, B[k,l], S[p,q])", "B depends on S by the fact"),
    (f"{INVERSE}\nS[i,j] = x[i,m]*x[j,m]", "diff(f, x[k,l])", "B depends on x by the fact"),
    ("assume a*b = 1\nassume b*c = 2\nL = c^2", "diff(L, a)", "c depends on a by the fact b*c = 2"),
    ("assume A[i,j]*x[j] = b[i]\nL = x[i]*x[i]", "diff(L, A[k,l])", "x depends on A by the fact"),
    ("assume x[1] = y^2\nL = x[i]*x[i]", "diff(L, y)", "x depends on y by the fact x[1] = y^2"),
    ("assume sum[i](p[i]) = Z\nL = log(Z)", "diff(L, p[k])", "Z depends on p by the fact"),
]

DERIVED = [
    (INVERSE, "diff(f, z[k])", "(B[i,k] + B[k,i])*z[i]"),
    (INVERSE, "diff(S[i,j]*z[i]*z[j], S[k,l])", "z[k]*z[l]"),
    ("assume x[i]*w[i] = 0\nL = sum[i](x[i]*a[i] + w[i]^2)", "diff(L, x[k])", "a[k]"),
    ("assume sum[q](y[p,q]) = 1\nL = sum[p,q](y[p,q]*z[p,q])", "diff(L, z[k,l])", "y[k,l]"),
    ("assume Q[k,i]*Q[k,j] = delta[i,j]\nL = Q[i,j]*v[j]*u[i]", "diff(L, v[k])", "Q[i,k]*u[i]"),
    ("assume c = 299792458\nE = m*c^2", "diff(E, m)", "c^2"),
    ("assume x > y\nL = y^2", "diff(L, y)", "2*y"),
]


@pytest.mark.parametrize(("sheet", "target", "cause"), REFUSED)
def test_refused_with_the_fact(sheet, target, cause):
    with pytest.raises(IndexcalcError) as failure:
        ic.derive(sheet, target)
    assert failure.value.cause.startswith(cause)


def test_the_whole_text():
    with pytest.raises(IndexcalcError) as failure:
        ic.derive(INVERSE, "diff(f, S[k,l])")
    assert str(failure.value) == (
        "line 1, column 1: "
        "B depends on S by the fact B[i,j]*S[j,k] = delta[i,k], which does not say how it moves with it."
        "\n    diff(f, S[k,l])\n    ^^^^^^^^^^^^^^^\nDefine B by S, or leave the fact out to hold B fixed."
    )


@pytest.mark.parametrize(("sheet", "target", "result"), DERIVED)
def test_derived_where_nothing_hangs(sheet, target, result):
    assert str(ic.equal(sheet, target, result)) == "proved"


def test_no_claim_of_zero_is_proved():
    verdict = ic.equal(INVERSE, "diff(f, S[k,l])", "0*S[k,l]")
    assert str(verdict) == "undecided"
    assert verdict.reason.startswith("B depends on S by the fact")


def test_products_with_directions_are_refused_as_well():
    with pytest.raises(IndexcalcError, match="B depends on S by the fact"):
        ic.jvp(INVERSE, "f", ["S"])
    with pytest.raises(IndexcalcError, match="B depends on S by the fact"):
        ic.gradient(INVERSE, "f", ["S"])


def test_what_is_asked_for_together_moves_each_by_itself():
    assert set(ic.gradient(INVERSE, "f", ["B", "S"]).keys()) == {"B_bar", "S_bar"}
