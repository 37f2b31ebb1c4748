"""Spellings of other languages: read as they are meant, or refused; and ordinary names beside them."""

import pytest

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import extend, parse_sheet, read_statements, read_target
from indexcalc.notation.syntax import foreign

SHEET = "L = sum[i,j](S[i,j]*w[i]*w[j]) + c\ny[i] = S[i,j]*w[j]"


def refusal(text):
    """What a target with this text is told, without the quoted line."""
    with pytest.raises(IndexcalcError) as error:
        read_target(parse_sheet(SHEET), text)
    return f"{error.value.cause}. {error.value.remedy}"


@pytest.mark.parametrize(
    "text, message",
    [
        ("dL/dw", "dL/dw is a quotient of two numbers here. Write diff(L, w[i])"),
        ("dL/dS[i,j]", "dL/dS[i,j] is a quotient of two numbers here. Write diff(L, S[i,j])"),
        ("dy[i]/dw[j]", "dy[i]/dw[j] is a quotient of two numbers here. Write diff(y[i], w[i])"),
        ("d2L/dw2", "d2L/dw2 is a quotient of two numbers here. Write diff(L, w[i])"),
        ("d^2L/dw^2", "d^2L/dw^2 is a quotient of numbers here. Write diff(L, w[i], w[j])"),
        ("d^2 L/dw[i]^2", "d^2 L/dw[i]^2 is a quotient of numbers here. Write diff(L, w[i], w[j])"),
        ("nabla L", "nabla is no word of this language. Write diff(L, w[i])"),
        ("partial L/partial w", "partial is no word of this language. Write diff(L, w[i])"),
        ("Hessian(L, w)", "Hessian is no word of this language. Write diff(L, w[i], w[j])"),
        ("tr S", "tr is a function of matrices. Write tr(A)"),
        ("Tr(S)", "Tr is no word of this language. Write tr(A), or A[i,i]"),
        (
            "softmax[i](w[i])",
            "softmax is not a function of single elements. "
            "Define it by its elements, such as a[i] = exp(z[i])/sum[k](exp(z[k]))",
        ),
        ("d/dw L", "d/dw is a quotient of two numbers here. Write diff(L, w[i])"),
        ("d(L)/d(w)", "d is no word of this language. Write diff(L, w[i])"),
        ("grad(L, w)", "grad is no word of this language. Write diff(L, w[i])"),
        ("hessian(L, w)", "hessian is no word of this language. Write diff(L, w[i], w[j])"),
        ("jacobian(y, w)", "jacobian is no word of this language. Write diff(y[i], x[j])"),
        (
            "Sum[i](w[i])",
            "Sum is no word of this language. Write sum[i](...), or Sum[i]*(...) for a tensor of this name",
        ),
        (
            "Σ[i,j](S[i,j])",
            "Σ is no word of this language. Write sum[i,j](...), or Σ[i,j]*(...) for a tensor of this name",
        ),
        ("sum(w)", "sum needs its indices in square brackets. Write sum[k](...)"),
        (
            "e^c",
            "e is a name like any other here. Write exp(x); for a power of the number e that is yours (e)^x",
        ),
        (
            "w^T",
            "a transposed matrix is written A.T. Write A.T, or A[j,i] for an element of it",
        ),
        ("2*S^T", "a transposed matrix is written A.T. Write A.T, or A[j,i] for an element of it"),
        (
            "softmax(w)",
            "softmax is not a function of single elements. "
            "Define it by its elements, such as a[i] = exp(z[i])/sum[k](exp(z[k]))",
        ),
        ("log2(c)", "log2 is no word of this language. Write log(x)/log(2)"),
        ("pow(c, 2)", "pow is no word of this language. Write x^y"),
        ("inf*c", "inf is no number here. Numbers are finite"),
        ("2*π*c", "π is a name like any other here. Write pi for 3.14159..."),
        (
            "δ[i,j]*w[j]",
            "δ is a name like any other here. Write delta[i,j] for Kronecker's delta, or give it another name",
        ),
        ("exp(w_i)", "w_i is a number here, without an index. Write w[i], or wi for a number"),
        ("sum_i w_i", "w_i is a number here, without an index. Write w[i], or wi for a number"),
        ("S_ij*w[j]", "S_ij is a number here, without an index. Write S[i,j], or Sij for a number"),
        ("np.exp(c)", "np. is no part of this language. Write a function alone, such as exp(...)"),
        ("torch.asin(c)", "torch. is no part of this language. Write a function alone, such as arcsin(...)"),
        ("np.sum(w)", "np. is no part of this language. Write a function alone, such as sum[k](...)"),
        ("w.sum()", "a point is no part of this language, and .sum() none. Write sum[k](...)"),
        ("S[i][j]", "the indices of a tensor stand in one bracket. Write x[i,j]"),
        ("∇L", "'∇' means nothing here. Write diff(L, w[i]) for a gradient"),
        ("xᵀ", "xᵀ is written with a variant of xT. Write xT"),
        ("µ*c", "µ is written with a variant of μ. Write μ"),
    ],
)
def test_refused(text, message):
    assert refusal(text) == message


@pytest.mark.parametrize(
    "text, meant",
    [
        ("ln(c)", "log(c)"),
        ("ReLU(c)", "relu(c)"),
        ("Exp(w[i])", "exp(w[i])"),
        ("asin(c)", "arcsin(c)"),
        ("maximum(c, 0)", "max(c, 0)"),
        ("y_i", "y[i]"),
    ],
)
def test_read_as_meant(text, meant):
    sheet = parse_sheet(SHEET)
    assert read_target(sheet, text).term is read_target(sheet, meant).term


@pytest.mark.parametrize(
    "text",
    [
        "a = (dL)/dw + L*w",  # in a bracket of its own
        "a = dL/dw*dL + L*w",  # used in another place too
        "dL = 3*L\na = dL/dw + w",  # defined
        "a = dx/dt",  # neither x nor t is there
        "a = (e)^x",
        "a = e^x + e",
        "e = 2\na = e^x",
        "a = c^(T)",
        "a = c^T + T",
        "T = 5\na = c^T",
        "function grad\na = grad(x)",
        "function Exp\na = Exp(x)",
        "grad = 2\na = grad(x + 1)",
        "ln = 2\na = ln(x + 1)",
        "Sum[i] = x[i]^2\na = Sum[i]*(y[i] + 1)",
        "Σ[i,j] = x[i]*x[j]\na = Σ[i,j](y[i]*y[j])",
        "a = tr + norm + diag",
        "tr = s[k,k]\na = tr s[i,i]",
        "a = nabla*c + det*c",
        "softmax[i] = x[i]\na = softmax[i](x[i])",
        "d = 2\na = d^2 c/dw",
        "a = d^2*c/dw",
        "δ[i,j] = x[i]*x[j]\na = δ[i,j]*w[i]*w[j]",
        "a = δ[i,j,k]*w[i]*w[j]*w[k] + δ[1,1,1]",
        "π[k] = w[k]\na = π[k]*π[k]",
        "w_i = 3\na = w_i*sum[i](w[i])",
        "a = x_max*sum[i](w[i])",
        "index i : n_i\na = n_i*x[i]*y[i]",
        "a = v_s + x[s]*y[s]*v[s,t]*v[t,s]",
    ],
)
def test_ordinary_names(text):
    assert "a" in parse_sheet(text).definitions


def test_a_name_of_the_sheet_is_one_in_targets_and_further_statements_too():
    sheet = parse_sheet("a = c^T + T\nb = (e)^x")
    assert read_target(sheet, "e^T").term is read_target(sheet, "(e)^(T)").term
    assert "d" in extend(sheet, read_statements("d = e^a")).definitions
    with pytest.raises(IndexcalcError, match="w_i is a number here"):
        extend(parse_sheet(SHEET), read_statements("d = w_i*c"))


def test_a_statement_is_refused_where_it_stands():
    with pytest.raises(IndexcalcError) as error:
        parse_sheet("L = w[i]*w[i]\ng = dL/dw")
    assert str(error.value) == (
        "line 2, column 5: dL/dw is a quotient of two numbers here.\n    g = dL/dw\n        ^^^^^\nWrite diff(L, w[i])."
    )


def test_no_function_of_the_table_is_foreign():
    assert not set(foreign.CALLS) & set(FUNCTIONS)
    assert set(foreign.SPELLINGS.values()) <= set(FUNCTIONS) and not set(foreign.SPELLINGS) & set(FUNCTIONS)


# ----- Unknown functions ------------------------------------------------------------------------------------------


def test_an_unknown_function_is_declared_or_remarked_on():
    assert parse_sheet("function f, g\na = f(x) + g'(x)").remarks == ()
    (remark,) = parse_sheet("function f\na = f(x) + g'(x) + g(x)").remarks
    assert str(remark) == (
        "line 2, column 12: g is taken for an unknown function.\n"
        "    a = f(x) + g'(x) + g(x)\n"
        "               ^^\n"
        "Say so with function g."
    )
    assert read_target(parse_sheet("function f\na = f(x)"), "f''(x)").sheet.remarks == ()
    assert len(read_target(parse_sheet("function f\na = f(x)"), "h(x)").sheet.remarks) == 1


@pytest.mark.parametrize(
    "text, message",
    [
        ("function exp", "exp has a meaning already. Declare unknown functions by other names"),
        ("function sum", "sum has a meaning already. Declare unknown functions by other names"),
        ("function f\na = f*x", "f is declared as a function, and is none here. Write f(...)"),
        ("function f\nf[i] = x[i]", "f is declared as a function, and is none here. Write f(...)"),
        ("function n\nindex i : n", "n is declared as a function, and is none here. Write n(...)"),
        ("function f(x)", "unexpected (. Write function f, g"),
        ("function f,", "this function statement is not complete. Write function f, g"),
    ],
)
def test_a_declaration_that_is_refused(text, message):
    with pytest.raises(IndexcalcError) as error:
        parse_sheet(text)
    assert f"{error.value.cause}. {error.value.remedy}" == message


def test_a_function_that_is_declared_is_no_slip():
    assert "a" in parse_sheet("function sigmod\na = sigmod(x) + sigmod'(x)").definitions
    with pytest.raises(IndexcalcError, match="Did you mean"):
        parse_sheet("a = sigmod(x)")


def test_function_is_a_name_too():
    assert "function" in parse_sheet("function = 3").definitions
