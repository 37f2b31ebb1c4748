"""What users reported, in other letters: one test for each sort of fault."""

import json

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.cli import main


def verdicts(document):
    return [str(claim.verdict) for claim in ic.check(document, format="markdown").claims]


def test_a_derivative_by_what_a_fact_ties_names_the_fact():
    with pytest.raises(ic.IndexcalcError, match=r"H depends on G by the fact H\[a,b\]\*G\[b,c\] = delta\[a,c\]"):
        ic.derive("assume H[a,b]*G[b,c] = delta[a,c]\nq = v[a]*H[a,b]*v[b]", "diff(q, G[c,d])")
    document = (
        "Let $H_{ab} G_{bc} = \\delta_{ac}$ and $q = v_a H_{ab} v_b$.\n\n"
        "$$\\frac{\\partial q}{\\partial G_{cd}} = 0$$\n"
    )
    (claim,) = ic.check(document, format="markdown").claims
    assert str(claim.verdict) not in ("proved", "agrees", "refuted")
    assert "__" not in claim.fix


def test_a_fact_about_a_restricted_sum_proves_itself():
    assert str(ic.equal("assume sum[a,b](1[a != b]*r[a,b]) = 1", "sum[c,d](1[c != d]*r[c,d])", "1")) == "proved"


def test_a_definition_is_recognised_where_a_trace_vanishes():
    sheet = "index a,b,c,d : 3\nm = t[c,c]\ns[a,b] = t[a,b] - delta[a,b]*m/3\nJ = s[a,b]*s[a,b]/2\ny = sqrt(3*J)"
    assert str(ic.derive(sheet, "diff(y, t[c,d])")) == "3*s[c,d]/(2*y)"


def test_sizes_that_the_prose_states_are_known():
    document = (
        "Let $T, s \\in \\mathbb{R}^{3 \\times 3}$ and\n\n$$s = T - \\frac13 \\operatorname{tr}(T) I$$\n\n"
        "$$J = \\operatorname{tr}(s^\\top s)$$\n\n$$\\frac{\\partial J}{\\partial T} = 2 s$$\n"
    )
    assert verdicts(document)[-1] == "proved"


def test_a_log_determinant_may_be_said():
    assert str(ic.derive("L = logdet(G)", "diff(L, G[a,b])")) == "inv(G)[b,a]"


def test_shifted_places_may_be_said():
    result = ic.derive("y[a] = x[a+2] - 2*x[a+1] + x[a]", "diff(y[a], x[b])")
    np.testing.assert_array_equal(result.compile()(x=np.zeros(4)), [[1, -2, 1, 0], [0, 1, -2, 1]])


def test_a_field_is_differentiated_by_its_derivatives():
    document = (
        "Let $F_{ab} = \\partial_a A_b - \\partial_b A_a$.\n\n"
        "$$\\frac{\\partial (F_{ab} F_{ab})}{\\partial (\\partial_c A_d)} = 4 F_{cd}$$\n"
    )
    words = [
        str(ic.check(text, format="markdown").claims[-1].verdict) for text in (document, document.replace("4 F", "2 F"))
    ]
    assert words == ["proved", "refuted"]


def test_a_scalar_in_a_choice_is_masked_with_what_it_divides():
    code = ic.derive("A[p,q] = where(q <= p, exp(P[p,q]/sqrt(c)), 0)", "A[p,q]").code()
    assert "P / np.sqrt(c)" in code
    with np.errstate(all="raise"):
        found = ic.derive("A[p,q] = where(q <= p, exp(P[p,q]/sqrt(c)), 0)", "A[p,q]").compile()(
            P=np.array([[1.0, 1e9], [2.0, 3.0]]), c=4.0
        )
    np.testing.assert_allclose(found, [[np.exp(0.5), 0], [np.exp(1), np.exp(1.5)]])


@pytest.mark.parametrize(("target", "given"), [("x[2]", {"x": [1, 2, 3]}), ("A[2,1]", {"A": [[1, 5], [2, 5]]})])
def test_a_single_element_by_torch(target, given):
    pytest.importorskip("torch")
    assert float(ic.derive("", target).compile("torch")(**given)) == 2


def test_lists_are_float64_by_torch():
    torch = pytest.importorskip("torch")
    found = ic.derive("L = x[a]*y[a]", "L").compile("torch")(x=[0.1, 0.2], y=[0.3, 0.4])
    assert found.dtype == torch.float64
    assert abs(float(found) - 0.11) < 1e-15


@pytest.mark.parametrize("left", ["10^400*x", "10^300*10^300*x", "2^5000*x"])
def test_numbers_that_no_float_holds(left):
    assert str(ic.equal("", left, "x")) == "refuted"
    assert str(ic.equal("", left, f"x*{left.removesuffix('*x')}")) == "proved"


def test_code_for_a_number_that_no_float_holds_is_refused():
    with pytest.raises(ic.IndexcalcError, match=r"2\^5000 is too large for a float"):
        ic.derive("", "2^5000*x").compile()


def test_a_fact_that_never_holds_makes_no_proof():
    verdict = ic.equal("assume 1 = 0", "x", "y")
    assert (str(verdict), "the fact 1 = 0 never holds" in verdict.reason) == ("unreadable", True)


def test_one_bad_file_does_not_lose_the_others(tmp_path, capsys):
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": 5}))
    (tmp_path / "b.md").write_text("$$x_i x_i = x_j x_j$$\n")
    (tmp_path / "c.tex").write_text("\\" * 300_001)
    assert main(["check", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert "1 proved" in said.out
    assert "a.ipynb: the file is JSON, but no notebook." in said.err


@pytest.mark.parametrize(
    ("sheet", "target"), [("s = x/10^6\nL = 1/s", "diff(L, s)"), ("L = sin(1000*c)", "diff(L, c)")]
)
def test_differences_know_the_scale_of_a_variable(sheet, target):
    assert ic.derive(sheet, target).verify(against="differences").passed
