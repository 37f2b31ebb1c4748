"""From trees to terms; the full text of every message."""

from fractions import Fraction

import pytest

from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.sheet import Sheet
from indexcalc.terms import (
    ONE,
    Call,
    Contraction,
    Delta,
    Derivative,
    Epsilon,
    Index,
    Indicator,
    Number,
    Power,
    Product,
    Range,
    Reduction,
    Size,
    Sum,
    Tensor,
    Where,
    negative,
)

RANGE = Range("i", named=False)
INDEX, J, FIRST, SECOND = (Index(name, RANGE) for name in ("i", "j", "1", "2"))
THREE = [Index(name, Range("3", size=3)) for name in "ijk"]
a, b, c = map(Tensor, "abc")
x, y = Tensor("x", [INDEX]), Tensor("y", [INDEX])
TWO = Number(2)

LOWERED = [
    ("2", TWO),
    ("0.5", Number(Fraction(1, 2))),
    (".5e1", Number(5)),
    ("3.", Number(3)),
    ("a", a),
    ("pi", Tensor("pi")),
    ("eps", Tensor("eps")),
    ("delta", Tensor("delta")),
    ("x[i]", x),
    ("x[1]*x[2]*y[i]*x[i]", Product(Tensor("x", [FIRST]), Tensor("x", [SECOND]), Contraction([INDEX], Product(x, y)))),
    ("λ[i,μ']", Tensor("λ", [INDEX, Index("μ'", Range("μ'", named=False))])),
    ("a + b - c", Sum(a, b, negative(c))),
    ("a - -b", Sum(a, b)),
    ("-a^2", negative(Power(a, TWO))),
    ("--a", a),
    ("a*-b", negative(Product(a, b))),
    ("a^-1", Power(a, Number(-1))),
    ("a^b^c", Power(a, Power(b, c))),
    ("a**2", Power(a, TWO)),
    ("2^3^2", Number(512)),
    ("a/b/c", Product(a, Power(b, Number(-1)), Power(c, Number(-1)))),
    ("a b c", Product(a, b, c)),
    ("delta[i,j]", Delta(INDEX, J)),
    ("delta[i,1]", Delta(INDEX, FIRST)),
    ("delta[1,2]", Number(0)),
    ("delta[2,2]", ONE),
    ("eps[i,j,k]", Epsilon(*THREE)),
    ("eps[i,i,k]", Number(0)),
    ("eps[i]", Tensor("eps", [INDEX])),
    ("1[i == j]", Delta(INDEX, J)),
    ("1[i != j]", Sum(ONE, negative(Delta(INDEX, J)))),
    ("x[i] + 1[i == 2]", Sum(x, Delta(INDEX, SECOND))),
    ("1[a == 2]", Indicator("==", a, TWO)),
    ("1[i < j]", Indicator("<", INDEX, J)),
    ("1[i >= j]", Indicator("<=", J, INDEX)),
    ("1[x[i] > 0]", Indicator("<", Number(0), x)),
    ("1[a == b] + a*b", Sum(Indicator("==", a, b), Product(a, b))),
    ("1[a == b]", Delta(Index("a", Range("a", named=False)), Index("b", Range("a", named=False)))),
    ("where(i == j, a, b)", Where(Delta(INDEX, J), a, b)),
    ("where(i != j, a, b)", Where(Delta(INDEX, J), b, a)),
    ("where(a > 0, a, b)", Where(Indicator("<", Number(0), a), a, b)),
    ("where(a != 0, a, b)", Where(Indicator("==", a, Number(0)), b, a)),
    ("exp(x[i])", Call("exp", x)),
    ("sqrt(a)", Call("sqrt", a)),
    ("max(a, b)", Call("max", a, b)),
    ("f(x[i])", Call("f", x)),
    ("f'(a)", Call("f'", a)),
    ("a(b + c) + a", Sum(Product(a, Sum(b, c)), a)),
    ("sum[i](x[i])", Contraction([INDEX], x)),
    ("sum[i](a)", Product(Size(RANGE), a)),
    ("sum[i,j](x[i]*x[j])", Contraction([INDEX, J], Product(x, Tensor("x", [J])))),
    ("prod[i](x[i])", Reduction("prod", [INDEX], x)),
    ("max[i](x[i])", Reduction("max", [INDEX], x)),
    ("min[i](x[i])", Reduction("min", [INDEX], x)),
    ("mean[i](x[i])", Product(Power(Size(RANGE), Number(-1)), Contraction([INDEX], x))),
    ("logsumexp[i](x[i])", Call("log", Contraction([INDEX], Call("exp", x)))),
    ("sum[i](x[i]*sum[i](y[i]))", Contraction([INDEX], Product(x, Contraction([INDEX], y)))),
    ("diff(x[i]^2, x[j])", Derivative(Power(x, TWO), Tensor("x", [J]))),
    ("diff(a*b, a, b)", Derivative(Derivative(Product(a, b), a), b)),
    ("diff(2, a)", Derivative(TWO, a)),
]


@pytest.mark.parametrize(("text", "term"), LOWERED, ids=lambda value: value if isinstance(value, str) else "")
def test_an_expression_is_lowered(text, term):
    assert read_expression(Sheet(), text).term is term


SIZES = [
    ("index i : m\ns = m*x", Product(Size(Range("m")), Tensor("x"))),
    ("index i : 3\ns = sum[i](x)", Product(Number(3), Tensor("x"))),
    ("index i : 03\ns = delta[i,i]", Number(3)),
    ("index i : m\ns = delta[i,i]", Size(Range("m"))),
    ("s = m*x\nindex i : m", Product(Size(Range("m")), Tensor("x"))),
    ("index i : 4\ns = mean[i](1)", ONE),
]


@pytest.mark.parametrize(("text", "term"), SIZES)
def test_the_name_of_a_size_is_a_number(text, term):
    assert parse_sheet(text).definitions["s"].body is term


@pytest.mark.parametrize(
    "text", ["9^9^9^9", "2^(10^300)", "(2^4000)^(2^4000)", "0.5^0.5", "1e300*1e300", "1e-300/1e300"]
)
def test_large_numbers_are_read_and_stay_small(text):
    assert len(repr(read_expression(Sheet(), text).term)) < 3000


def test_a_scalar_may_have_the_name_of_an_index_that_is_not_in_sight():
    sheet = parse_sheet("y[p] = b + x[p,k]*w[k]\ns[b] = v[b]")
    assert Tensor("b") in sheet.definitions["y"].body.fields


def test_a_defined_scalar_may_have_the_name_of_an_index():
    assert parse_sheet("i = 2\nf[i] = i*x[i]").definitions["f"].body is Product(Tensor("i"), x)


REFUSED = [
    (
        "a[i] = b[j]",
        "line 1, column 10: the index j occurs only once here and is not on the left side.\n"
        "    a[i] = b[j]\n"
        "    ^^^^     ^\n"
        "Write a[i,j] to keep it, or sum[j](...) for a sum over it.",
    ),
    (
        "s = b[q] + c[q,r]*d[r]",
        "line 1, column 7: the index q occurs only once here and is not on the left side.\n"
        "    s = b[q] + c[q,r]*d[r]\n"
        "    ^     ^\n"
        "Write s[q] to keep it, or sum[q](...) for a sum over it.",
    ),
    (
        "check x[i] = y[i] + z[j]",
        "line 1, column 23: the index j occurs only once here and is not free on the first side.\n"
        "    check x[i] = y[i] + z[j]\n"
        "                          ^\n"
        "Write sum[j](...) for a sum over it.",
    ),
    (
        "s = 1e999",
        "line 1, column 5: this number is too long, too large or too small.\n"
        "    s = 1e999\n"
        "        ^^^^^\n"
        "Numbers have at most 400 digits and lie between 1e-300 and 1e300.",
    ),
    (
        "s = 1e-400",
        "line 1, column 5: this number is too long, too large or too small.\n"
        "    s = 1e-400\n"
        "        ^^^^^^\n"
        "Numbers have at most 400 digits and lie between 1e-300 and 1e300.",
    ),
    (
        "s = 1/0",
        "line 1, column 7: division by zero.\n    s = 1/0\n          ^\nChange the denominator.",
    ),
    (
        "s = x/(2 - 2)",
        "line 1, column 8: division by zero.\n    s = x/(2 - 2)\n           ^^^^^\nChange the denominator.",
    ),
    (
        "s = 0^(-2)",
        "line 1, column 5: division by zero.\n    s = 0^(-2)\n        ^^^^^^\nChange the denominator.",
    ),
    (
        "s = 3[i == j]",
        "line 1, column 5: 3[...] means nothing.\n    s = 3[i == j]\n        ^^^^^^^^^\nOnly 1[...] is an indicator.",
    ),
    (
        "s = diff(x, 3)",
        "line 1, column 13: this is no tensor, so nothing can be differentiated by it.\n"
        "    s = diff(x, 3)\n"
        "                ^\n"
        "Write diff(A, x[i]) with an element of a tensor, or a scalar.",
    ),
    (
        "s = diff(x, exp(x))",
        "line 1, column 13: this is no tensor, so nothing can be differentiated by it.\n"
        "    s = diff(x, exp(x))\n"
        "                ^^^^^^\n"
        "Write diff(A, x[i]) with an element of a tensor, or a scalar.",
    ),
    (
        "s = diff(x, 2*x)",
        "line 1, column 13: this is no tensor, so nothing can be differentiated by it.\n"
        "    s = diff(x, 2*x)\n"
        "                ^^^\n"
        "Write diff(A, x[i]) with an element of a tensor, or a scalar.",
    ),
    (
        "s = diff(x[i]*x[i], delta[j,k])",
        "line 1, column 21: this is no tensor, so nothing can be differentiated by it.\n"
        "    s = diff(x[i]*x[i], delta[j,k])\n"
        "                        ^^^^^^^^^^\n"
        "Write diff(A, x[i]) with an element of a tensor, or a scalar.",
    ),
    (
        "s = diff(e*x, eps[i,j,k])",
        "line 1, column 15: this is no tensor, so nothing can be differentiated by it.\n"
        "    s = diff(e*x, eps[i,j,k])\n"
        "                  ^^^^^^^^^^\n"
        "Write diff(A, x[i]) with an element of a tensor, or a scalar.",
    ),
    (
        "index i : n\ns = diff(n*x, n)",
        "line 2, column 15: this is no tensor, so nothing can be differentiated by it.\n"
        "    s = diff(n*x, n)\n"
        "                  ^\n"
        "Write diff(A, x[i]) with an element of a tensor, or a scalar.",
    ),
    (
        "s = diff(x, sum[k](y[k]))",
        "line 1, column 13: this is no tensor, so nothing can be differentiated by it.\n"
        "    s = diff(x, sum[k](y[k]))\n"
        "                ^^^^^^^^^^^^\n"
        "Write diff(A, x[i]) with an element of a tensor, or a scalar.",
    ),
    (
        "s = diff(x, w)",
        "line 1, column 13: nothing depends on w: it occurs nowhere else.\n"
        "    s = diff(x, w)\n"
        "                ^\n"
        "Differentiate by a tensor that the sheet uses.",
    ),
    (
        "s = diff(x*W, w)",
        "line 1, column 15: nothing depends on w: it occurs nowhere else.\n"
        "    s = diff(x*W, w)\n"
        "                  ^\n"
        "Did you mean W?",
    ),
    (
        "index i : 3\ns = x[i]*x[i]*x[4]",
        "line 2, column 15: place 4 lies outside a range of size 3.\n"
        "    s = x[i]*x[i]*x[4]\n"
        "                  ^^^^\n"
        "Places are counted from 1.",
    ),
    (
        "index i : 3\ns[i] = delta[i,4]",
        "line 2, column 8: place 4 lies outside a range of size 3.\n"
        "    s[i] = delta[i,4]\n"
        "           ^^^^^^^^^^\n"
        "Places are counted from 1.",
    ),
    (
        "s[i] = eps[i,4,1]",
        "line 1, column 8: place 4 lies outside a range of size 3.\n"
        "    s[i] = eps[i,4,1]\n"
        "           ^^^^^^^^^^\n"
        "Places are counted from 1.",
    ),
    (
        "f[i] = i*x[i]",
        "line 1, column 8: i is an index here, and no number.\n"
        "    f[i] = i*x[i]\n"
        "           ^\n"
        "Give the scalar another name; a place is compared as in 1[i == 1].",
    ),
    (
        "s = 9^999*9^999*9^999*9^999*9^999",
        "line 1, column 5: the numbers in this expression grow too large.\n"
        "    s = 9^999*9^999*9^999*9^999*9^999\n"
        "        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "Write smaller ones.",
    ),
    (
        "s = x'",
        "line 1, column 5: the name x' ends in a prime.\n"
        "    s = x'\n"
        "        ^^\n"
        "Only an index may: write x_prime, or x[i'].",
    ),
    (
        "s = a²",
        "line 1, column 5: '²' cannot be part of a name.\n"
        "    s = a²\n"
        "        ^^\n"
        "A name is made of letters, digits and _; write a power as x^2.",
    ),
    (
        "s = exp",
        "line 1, column 5: exp is a function.\n"
        "    s = exp\n"
        "        ^^^\n"
        "Write exp(...), or give the tensor another name.",
    ),
    (
        "s = exp[i]",
        "line 1, column 5: exp is a function.\n"
        "    s = exp[i]\n"
        "        ^^^^^^\n"
        "Write exp(...), or give the tensor another name.",
    ),
    (
        "s = sum",
        "line 1, column 5: sum is a reduction.\n    s = sum\n        ^^^\nWrite sum[k](...).",
    ),
    (
        "s = diff",
        "line 1, column 5: diff is the derivative.\n    s = diff\n        ^^^^\nWrite diff(A, x[i]).",
    ),
    (
        "s = where",
        "line 1, column 5: where is a choice.\n    s = where\n        ^^^^^\nWrite where(i == j, A, B).",
    ),
    (
        "s = x[0]",
        "line 1, column 7: 0 is no place.\n"
        "    s = x[0]\n"
        "          ^\n"
        "Places are counted from 1 and have at most 12 digits.",
    ),
    (
        "s = x[1234567890123]",
        "line 1, column 7: 1234567890123 is no place.\n"
        "    s = x[1234567890123]\n"
        "          ^^^^^^^^^^^^^\n"
        "Places are counted from 1 and have at most 12 digits.",
    ),
    (
        "s = delta[i]",
        "line 1, column 5: delta[i] has one index.\n"
        "    s = delta[i]\n"
        "        ^^^^^^^^\n"
        "The Kronecker delta takes two: delta[i,j].",
    ),
    (
        "s = delta[i,j,k]",
        "line 1, column 5: delta[i,j,k] has 3 indices.\n"
        "    s = delta[i,j,k]\n"
        "        ^^^^^^^^^^^^\n"
        "The Kronecker delta takes two: delta[i,j].",
    ),
    (
        "s = eps[i,j]*x[i]*y[j]",
        "line 1, column 5: eps[i,j] has 2 indices.\n"
        "    s = eps[i,j]*x[i]*y[j]\n"
        "        ^^^^^^^^\n"
        "The permutation symbol takes three: eps[i,j,k]; give a tensor that is another thing another name.",
    ),
    (
        "s = eps[i,j,k,l]*x[i]*y[j]*u[k]*v[l]",
        "line 1, column 5: eps[i,j,k,l] has 4 indices.\n"
        "    s = eps[i,j,k,l]*x[i]*y[j]*u[k]*v[l]\n"
        "        ^^^^^^^^^^^^\n"
        "The permutation symbol takes three: eps[i,j,k]; give a tensor that is another thing another name.",
    ),
    (
        "s = sum[i,i](x[i])",
        "line 1, column 9: a sum runs over different letters, not over i twice.\n"
        "    s = sum[i,i](x[i])\n"
        "            ^^^\n"
        "Write sum[i,j](...).",
    ),
    (
        "s = sum[1](x)",
        "line 1, column 9: a sum runs over different letters, not over a number.\n"
        "    s = sum[1](x)\n"
        "            ^\n"
        "Write sum[i,j](...).",
    ),
    (
        "s = x[i]*x[i,j]",
        "line 1, column 10: x has 2 indices here and one index elsewhere.\n"
        "    s = x[i]*x[i,j]\n"
        "        ^^^^ ^^^^^^\n"
        "Give it the same number everywhere.",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=lambda value: "" if "\n" in value else value)
def test_an_expression_is_refused(text, message):
    with pytest.raises(IndexcalcError) as caught:
        parse_sheet(text)
    assert str(caught.value) == message
