"""The Python interface as its contract states it: expressions, axes, sizes, JSON, code, functions, verdicts."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.canonical import canonical
from indexcalc.notation.reader import read_expression

GIVEN = "index i, l : m\nindex j, k : n\ng[i] = A[i,j]*x[j]\nf = sum[i](exp(g[i]))"
A, X = np.arange(6.0).reshape(2, 3) / 10, np.array([1.0, -1.0, 0.5])
SOFTMAX = """index p, r : m
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
CE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1"""


# ----- Expressions, axes, sizes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["diff(CE, w[t,s])", "diff(a[p,q], z[r,s])", "diff(z[r,s], w[t,u])", "CE"])
def test_an_expression_reads_back_from_both_dialects(target):
    expression = ic.derive(SOFTMAX, target).expression
    for text in (str(expression), expression.latex()):
        again = read_expression(expression.sheet, text, free=[axis.name for axis in expression.axes])
        assert canonical(again.term) is canonical(expression.term)


def test_the_representation_names_the_expression():
    assert repr(ic.derive("", "x[i]*y[i]").expression) == "<Expression x[i]*y[i]>"


def test_a_derivation_is_printed_as_its_expression():
    result = ic.derive(GIVEN, "diff(f, g[l])")
    assert str(result) == str(result.expression) == "exp(g[l])"
    assert result.latex() == result.expression.latex() == r"\exp\left( g_{l} \right)"


AXES = [
    ("diff(CE, w[t,s])", ("t", "s")),
    ("diff(CE, w[s,t])", ("s", "t")),
    ("diff(a[p,q], z[r,s])", ("p", "q", "r", "s")),
    ("diff(a[q,p], z[s,r])", ("q", "p", "s", "r")),
    ("diff(a[p,q], z[p,s])", ("p", "q", "s")),
    ("diff(a[p,q], z[p,q])", ("p", "q")),
    ("diff(CE, b[q], w[t,s])", ("q", "t", "s")),
    ("CE", ()),
]


@pytest.mark.parametrize(("target", "axes"), AXES)
def test_axes_are_those_of_the_numerator_then_those_of_the_variables(target, axes):
    assert ic.derive(SOFTMAX, target).axes == axes


SIZES = [
    ("index i, j : 3\nindex k, l : n\ny[i,k] = x[i,k]^2", "diff(y[i,k], x[j,l])", {"i": 3, "k": "n", "j": 3, "l": "n"}),
    ("", "diff(x[i]^2, x[j])", {"i": "sum[i](1)", "j": "sum[i](1)"}),
    ("", "diff(x^2, x)", {}),
]


@pytest.mark.parametrize(("sheet", "target", "sizes"), SIZES)
def test_sizes_by_name_by_number_or_counted(sheet, target, sizes):
    assert ic.derive(sheet, target).sizes == sizes


def test_a_target_in_latex():
    result = ic.derive("f = x[i]*x[i]", r"\frac{\partial f}{\partial x_{k}}")
    assert str(result) == "2*x[k]"


def test_a_sheet_once_read_serves_many_targets():
    sheet = ic.parse(GIVEN)
    assert isinstance(sheet, ic.Sheet)
    assert [str(ic.derive(sheet, f"diff(f, {name})")) for name in ("g[l]", "x[k]")] == [
        "exp(g[l])",
        "sum[i](A[i,k]*exp(g[i]))",
    ]


# ----- JSON --------------------------------------------------------------------------------------------------------


def test_json_has_the_fields_of_the_contract():
    found = ic.derive(SOFTMAX, "diff(CE, b[s])").as_json()
    assert list(found) == ["target", "axes", "sizes", "expression", "latex", "steps"]
    assert all(list(step) == ["rule", "expression", "latex", "note"] for step in found["steps"])


def test_json_says_what_the_derivation_says():
    result = ic.derive("f = x[i]*x[i]", "diff(f, x[k])")
    found = result.as_json()
    assert (found["target"], found["axes"], found["sizes"]) == ("diff(f, x[k])", ["k"], {"k": "sum[i](1)"})
    assert (found["expression"], found["latex"]) == ("2*x[k]", "2 x_{k}")
    assert [step["expression"] for step in found["steps"]] == [str(step.expression) for step in result.steps]


# ----- Code and compiled functions ---------------------------------------------------------------------------------


def test_inputs_become_arguments():
    result = ic.derive(GIVEN, "diff(f, x[k])")
    assert "def diff_f_x(A, x)" in result.code()
    assert "def diff_f_x(g, A)" in result.code(inputs=["g"])
    np.testing.assert_allclose(result.compile(inputs=["g"])(A=A, g=A @ X), result.compile()(A=A, x=X))


@pytest.mark.parametrize("arrays", [{"A": A, "x": X}, {"g": A @ X}, {"g": A @ X, "A": A, "x": X}])
def test_a_defined_tensor_that_is_differentiated_by_may_be_given_or_computed(arrays):
    function = ic.derive(GIVEN, "diff(f, g[l])").compile()
    np.testing.assert_allclose(function(**arrays), np.exp(A @ X))


def test_what_is_given_is_used():
    function = ic.derive(GIVEN, "diff(f, g[l])").compile()
    np.testing.assert_allclose(function(A=A, x=X, g=np.zeros(2)), np.ones(2))


def test_an_input_that_was_asked_for_must_be_given():
    function = ic.derive(GIVEN, "diff(f, x[k])").compile(inputs=["g"])
    with pytest.raises(ic.IndexcalcError, match="missing: g"):
        function(A=A, x=X)


WRONG = [
    ({"A": A}, "missing: x"),
    ({"A": A, "x": np.ones(4)}, "shape"),
    ({"A": A, "x": np.ones((3, 1))}, "shape"),
    ({"A": A, "x": X, "q": 1.0}, "no tensor q"),
    ({}, "missing"),
]


@pytest.mark.parametrize(("arrays", "message"), WRONG)
def test_wrong_arrays_are_refused(arrays, message):
    with pytest.raises(ic.IndexcalcError, match=message):
        ic.derive(GIVEN, "diff(f, x[k])").compile()(**arrays)


def test_a_leaf_that_is_not_needed_may_be_given_or_left_out():
    function = ic.derive("f = c*x[i]*x[i] + sum[i](y[i])", "diff(f, x[k])").compile()
    np.testing.assert_allclose(function(c=2.0, x=X), 4 * X)
    np.testing.assert_allclose(function(c=2.0, x=X, y=X), 4 * X)


def test_scalars_are_floats_and_a_scalar_result_is_a_number():
    function = ic.derive("", "diff(c^3, c)").compile()
    assert function(c=2.0) == pytest.approx(12.0)


REFUSED = [
    (lambda result: result.code(backend="fortran"), "no backend 'fortran'"),
    (lambda result: result.compile(backend=""), "no backend"),
    (lambda result: result.compile(structure="sparse"), "no structure 'sparse'"),
    (lambda result: result.code(inputs=["q"]), "q is no tensor"),
    (lambda result: result.compile(inputs=["q"]), "q is no tensor"),
    (lambda result: result.render("html"), "no format 'html'"),
    (lambda result: result.verify(against="magic"), "magic"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_unknown_names_are_refused(call, message):
    with pytest.raises(ic.IndexcalcError, match=message):
        call(ic.derive(GIVEN, "diff(f, x[k])"))


@pytest.mark.parametrize("target", ["diff(f, x[k])", "diff(f, g[l])", "diff(f, x[j], x[k])"])
def test_a_result_is_verified(target):
    verification = ic.derive(GIVEN, target).verify(sizes={"m": 2, "n": 3})
    assert verification.passed
    assert verification.shape == ic.derive(GIVEN, target).compile()(A=A, x=X).shape


# ----- Verdicts and what cannot be read ----------------------------------------------------------------------------

VERDICTS = [
    ("x[i]*y[i]", "y[j]*x[j]", "proved"),
    ("x[i]*y[i]", "x[j]*x[j]", "refuted"),
    ("sin(2*a)", "2*sin(a)*cos(a)", "proved"),
    ("arctan(a)", "arcsin(a/sqrt(1 + a^2))", "agrees"),
    ("x[i", "1", "unreadable"),
    ("1", "x[i]", "unreadable"),
]


@pytest.mark.parametrize(("left", "right", "word"), VERDICTS)
def test_the_verdict_is_a_word_with_a_reason(left, right, word):
    verdict = ic.equal("", left, right)
    assert str(verdict) == verdict.word == word
    assert verdict.reason
    assert (verdict.counterexample is not None) == (word == "refuted")


def test_an_unreadable_side_shows_its_place():
    reason = ic.equal("", "x[i", "1").reason
    assert reason.startswith("line 1, column 2: ")
    assert "\n    x[i\n     ^\n" in reason


UNREADABLE = [("a[i] = x[j]", 1, 10), ("c = 2\nf = (x", 2, 5), ("index i : m\nindex i : n", 2, None)]


@pytest.mark.parametrize(("text", "line", "column"), UNREADABLE)
def test_a_sheet_that_cannot_be_read_says_where(text, line, column):
    with pytest.raises(ic.IndexcalcError) as caught:
        ic.parse(text)
    assert caught.value.line == line
    assert column in (None, caught.value.column)
    assert f"line {line}, column" in str(caught.value)


def test_check_takes_a_text_with_a_line_break():
    report = ic.check("f = x[i]*x[i]\ncheck diff(f, x[k]) = 2*x[k] = 3*x[k]\n", format="sheet")
    assert [str(claim.verdict) for claim in report.claims] == ["proved", "refuted"]


def test_the_pullbacks_of_an_einsum():
    assert [str(each) for each in ic.einsum_vjp("ijk,ip->jkp")] == ["jkp,ip->ijk", "jkp,ijk->ip"]


def test_all_that_is_promised_is_there():
    assert all(hasattr(ic, name) for name in ic.__all__)
    assert list(ic.__all__) == sorted(ic.__all__)
