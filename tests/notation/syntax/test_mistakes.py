"""Syntax errors: the full text of every message."""

import pytest

from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.sheet import Sheet

STATEMENTS = [
    (
        "x[i]*y[i]",
        "line 1, column 5: this is no statement.\n"
        "    x[i]*y[i]\n"
        "        ^\n"
        "Write name[indices] = expression, or begin with index, function, assume, check or notation.",
    ),
    (
        "x + y = 0",
        "line 1, column 3: this is no statement.\n"
        "    x + y = 0\n"
        "      ^\n"
        "Write name[indices] = expression, or begin with index, function, assume, check or notation.",
    ),
    (
        "f(x) = 3",
        "line 1, column 2: f(...) cannot be defined: the indices of a left side stand in square brackets.\n"
        "    f(x) = 3\n"
        "     ^\n"
        "Write f[i,j] = expression.",
    ),
    (
        "= 3",
        "line 1, column 1: this is no statement.\n"
        "    = 3\n"
        "    ^\n"
        "Write name[indices] = expression, or begin with index, function, assume, check or notation.",
    ),
    (
        "(a) = 3",
        "line 1, column 1: this is no statement.\n"
        "    (a) = 3\n"
        "    ^\n"
        "Write name[indices] = expression, or begin with index, function, assume, check or notation.",
    ),
    (
        "a",
        "line 1, column 2: this statement has no =.\n"
        "    a\n"
        "     ^\n"
        "Write name[indices] = expression, or begin with index, function, assume, check or notation.",
    ),
    (
        "asume x = 1",
        "line 1, column 1: asume is no statement.\n    asume x = 1\n    ^^^^^\nDid you mean assume?",
    ),
    (
        "indx i : n",
        "line 1, column 1: indx is no statement.\n    indx i : n\n    ^^^^\nDid you mean index?",
    ),
    (
        "s == 3",
        "line 1, column 4: a definition has one =.\n"
        "    s == 3\n"
        "       ^\n"
        "Write name[indices] = expression, or check A = B = C for a claim.",
    ),
    (
        "s = a = b",
        "line 1, column 7: a definition has one =.\n"
        "    s = a = b\n"
        "          ^\n"
        "Write name[indices] = expression, or check A = B = C for a claim.",
    ),
    (
        "check A",
        "line 1, column 8: this check statement is not complete.\n    check A\n           ^\nWrite check A = B.",
    ),
    (
        "check a == b",
        "line 1, column 9: a statement has one =, a condition two.\n"
        "    check a == b\n"
        "            ^^\n"
        "Write check A = B.",
    ),
    (
        "assume A",
        "line 1, column 9: this assume statement is not complete.\n    assume A\n            ^\nWrite assume A = B.",
    ),
    (
        "index i",
        "line 1, column 8: this index statement is not complete.\n    index i\n           ^\nWrite index i, j : n.",
    ),
    (
        "index p r : m",
        "line 1, column 9: unexpected r.\n    index p r : m\n            ^\nWrite index i, j : n.",
    ),
    (
        "notation a = b",
        'line 1, column 14: unexpected b.\n    notation a = b\n                 ^\nWrite notation a = "a^{L}".',
    ),
    (
        "s = x[i j]*y[j]",
        "line 1, column 9: a comma is missing between two indices.\n    s = x[i j]*y[j]\n            ^\nWrite x[i, j].",
    ),
    (
        "s = x[i^2]",
        "line 1, column 8: a place is a letter, a number, or a sum of letters, each times a whole number.\n"
        "    s = x[i^2]\n"
        "           ^\n"
        "Write x[i], x[1] or x[2*i-1].",
    ),
    (
        "a[i+1] = 3",
        "line 1, column 3: nothing tells where the index i ends.\n"
        "    a[i+1] = 3\n"
        "      ^^^\n"
        "Write a line such as index i : n.",
    ),
    (
        "s = x[]",
        "line 1, column 7: x[] has no index.\n    s = x[]\n          ^\nWrite x for a scalar.",
    ),
    (
        "s = x[i,]",
        "line 1, column 9: an index is missing.\n    s = x[i,]\n            ^\nWrite x[i, j].",
    ),
    (
        "s = sum[k] x[k]",
        "line 1, column 12: the body of sum[k] stands in brackets.\n"
        "    s = sum[k] x[k]\n"
        "               ^\n"
        "Write sum[k](...).",
    ),
    (
        "s = 1[i = j]",
        "line 1, column 9: a condition compares with two signs of equality.\n"
        "    s = 1[i = j]\n"
        "            ^\n"
        "Write i == j.",
    ),
    (
        "s = 1[i]",
        "line 1, column 8: a comparison is missing.\n"
        "    s = 1[i]\n"
        "           ^\n"
        "Write a condition such as i == j or x[i] > 0.",
    ),
    (
        "s = where(x, 1, 2)",
        "line 1, column 12: a comparison is missing.\n"
        "    s = where(x, 1, 2)\n"
        "               ^\n"
        "Write a condition such as i == j or x[i] > 0.",
    ),
    (
        "s = (x > 0)*y",
        "line 1, column 8: a comparison is no number.\n"
        "    s = (x > 0)*y\n"
        "           ^\n"
        "Write 1[x > 0] for 1 where it holds and 0 elsewhere, or where(x > 0, A, B).",
    ),
    (
        "s = norm(x)",
        "line 1, column 10: norm takes a vector or a matrix, and this is a number.\n"
        "    s = norm(x)\n"
        "             ^\n"
        "Declare it where it is more: tensor x[i].",
    ),
    (
        "s = where(i == j, 1)",
        "line 1, column 20: where needs more arguments.\n"
        "    s = where(i == j, 1)\n"
        "                       ^\n"
        "Write where(i == j, A, B).",
    ),
    (
        "s = where(i == j, 1, 2, 3)",
        "line 1, column 23: where has too many arguments.\n"
        "    s = where(i == j, 1, 2, 3)\n"
        "                          ^\n"
        "Write where(i == j, A, B).",
    ),
    (
        "s = diff(L)",
        "line 1, column 11: diff needs more arguments.\n    s = diff(L)\n              ^\nWrite diff(A, x[i]).",
    ),
    (
        "s = (a, b)",
        "line 1, column 7: this bracket holds one expression, not a list.\n"
        "    s = (a, b)\n"
        "          ^\n"
        "Write an element of a tensor as x[i,j].",
    ),
    (
        "s = a +",
        "line 1, column 8: nothing stands after +.\n    s = a +\n           ^\nWrite an expression there.",
    ),
    (
        "s = a * / b",
        "line 1, column 9: nothing stands between * and /.\n    s = a * / b\n            ^\nWrite an expression there.",
    ),
    (
        "s = ()",
        "line 1, column 6: this bracket is empty.\n    s = ()\n         ^\nWrite an expression in it.",
    ),
    (
        "s = a @ b",
        "line 1, column 5: @ multiplies matrices, and a is a number here.\n"
        "    s = a @ b\n"
        "        ^\n"
        "Declare it as tensor a[i,j] or a[i], or write * for a number.",
    ),
    (
        "s = {a}",
        "line 1, column 5: '{' means nothing here.\n    s = {a}\n        ^\nIndices stand in square brackets: x[i,j].",
    ),
    (
        "s = x.y",
        "line 1, column 6: '.' means nothing here.\n"
        "    s = x.y\n"
        "         ^\n"
        "Write a decimal number as 0.5, and a product with *.",
    ),
    (
        "s = ∂f",
        "line 1, column 5: '∂' means nothing here.\n    s = ∂f\n        ^\nWrite diff(A, x[i]) for a derivative.",
    ),
    (
        "s = ∑[k](x[k])",
        "line 1, column 5: '∑' means nothing here.\n    s = ∑[k](x[k])\n        ^\nWrite sum[k](...) for a sum.",
    ),
    (
        "s = a − b",
        "line 1, column 7: '−' means nothing here.\n    s = a − b\n          ^\nWrite - for a minus.",
    ),
    (
        "s = a & b",
        "line 1, column 7: '&' means nothing here.\n"
        "    s = a & b\n"
        "          ^\n"
        "Nest where(i == j, ..., ...), or multiply 1[i == j]*1[p == q].",
    ),
    (
        "s = f(x','y)",
        'line 1, column 10: "\'" means nothing here.\n'
        "    s = f(x','y)\n"
        "             ^\n"
        "A prime may only end an index or an unknown function: x[i'], f'(x[i]).",
    ),
]

EXPRESSIONS = [
    (
        "a = b",
        "line 1, column 3: an expression has no sides.\n"
        "    a = b\n"
        "      ^\n"
        "Give one side, or write check A = B in a sheet.",
    ),
    (
        "a == b",
        "line 1, column 3: an expression has no sides.\n"
        "    a == b\n"
        "      ^^\n"
        "Give one side, or write check A = B in a sheet.",
    ),
    (
        "a; b",
        "line 1, column 2: ';' means nothing here.\n    a; b\n     ^\nGive one expression.",
    ),
    (
        "a +",
        "line 1, column 4: nothing stands after +.\n    a +\n       ^\nWrite an expression there.",
    ),
    (
        "(a +)",
        "line 1, column 5: nothing stands between + and ).\n    (a +)\n        ^\nWrite an expression there.",
    ),
    (
        "x[i j]",
        "line 1, column 5: a comma is missing between two indices.\n    x[i j]\n        ^\nWrite x[i, j].",
    ),
    (
        "a $ b",
        "line 1, column 3: '$' means nothing here.\n"
        "    a $ b\n"
        "      ^\n"
        "The language has letters, digits, + - * / ^ ( ) [ ] , and comparisons.",
    ),
    (
        "exp(a b,",
        "line 1, column 4: this ( is never closed.\n    exp(a b,\n       ^\nClose it with ).",
    ),
    (
        "a ^ * b",
        "line 1, column 5: nothing stands between ^ and *.\n    a ^ * b\n        ^\nWrite an expression there.",
    ),
]


@pytest.mark.parametrize(("text", "message"), STATEMENTS, ids=lambda value: "" if "\n" in value else value)
def test_a_slip_in_a_statement_is_explained(text, message):
    with pytest.raises(IndexcalcError) as caught:
        parse_sheet(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(("text", "message"), EXPRESSIONS, ids=lambda value: "" if "\n" in value else value)
def test_a_slip_in_an_expression_is_explained(text, message):
    with pytest.raises(IndexcalcError) as caught:
        read_expression(Sheet(), text)
    assert str(caught.value) == message
