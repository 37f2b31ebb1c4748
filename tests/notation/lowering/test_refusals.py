"""What can be parsed but would be misread: the full text of every message."""

import pytest

from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet
from indexcalc.terms import Call, Tensor

REFUSED = [
    (
        "s = a/b c",
        "line 1, column 5: a/b c can be read as (a/b)*c and as a/(b*c).\n"
        "    s = a/b c\n"
        "        ^^^^^\n"
        "Write brackets, or a/b*c for (a/b)*c.",
    ),
    (
        "s = a/b(c + 1)\nb = 2",
        "line 1, column 5: a/b c can be read as (a/b)*c and as a/(b*c).\n"
        "    s = a/b(c + 1)\n"
        "        ^^^^^^^^^^\n"
        "Write brackets, or a/b*c for (a/b)*c.",
    ),
    (
        "s = 2 3",
        "line 1, column 5: two numbers stand side by side.\n    s = 2 3\n        ^ ^\nWrite 2*3 for a product.",
    ),
    (
        "s = c(x)^2\nc = 1",
        "line 1, column 5: c is no function here, so c(x)^2 can be read in two ways.\n"
        "    s = c(x)^2\n"
        "        ^^^^^^\n"
        "Write c*(x)^2 or (c*(x))^2.",
    ),
    (
        "s = c(x, y)\nc = 1",
        "line 1, column 5: c is no function here, and a bracket with a comma is no factor.\n"
        "    s = c(x, y)\n"
        "        ^^^^^^^\n"
        "Write c[i,j] for an element of a tensor.",
    ),
    (
        "s = w(x)\nw[i] = 1",
        "line 1, column 5: w is a tensor, and stands here without its indices.\n"
        "    s = w(x)\n"
        "        ^\n"
        "Write w[i]*(...) for a product, w[i] for an element.",
    ),
    (
        "s = max(x)",
        "line 1, column 5: max has 1 argument.\n"
        "    s = max(x)\n"
        "        ^^^^^^\n"
        "It takes 2; over an index write max[k](...).",
    ),
    (
        "s = max(x, y, z)",
        "line 1, column 5: max has 3 arguments.\n"
        "    s = max(x, y, z)\n"
        "        ^^^^^^^^^^^^\n"
        "It takes 2; over an index write max[k](...).",
    ),
    (
        "s = exp(x, y)",
        "line 1, column 5: exp has 2 arguments.\n    s = exp(x, y)\n        ^^^^^^^^^\nIt takes 1.",
    ),
    (
        "s = f(x, y)",
        "line 1, column 5: the function f of 2 arguments is unknown.\n"
        "    s = f(x, y)\n"
        "        ^^^^^^^\n"
        "An unknown function takes one argument; elements are written x[i,j].",
    ),
    (
        "s = sum(k)(x[k])",
        "line 1, column 5: sum needs its indices in square brackets.\n"
        "    s = sum(k)(x[k])\n"
        "        ^^^\n"
        "Write sum[k](...).",
    ),
    (
        "s = softmax(x)",
        "line 1, column 5: softmax is not a function of single elements.\n"
        "    s = softmax(x)\n"
        "        ^^^^^^^\n"
        "Define it by its elements, such as a[i] = exp(z[i])/sum[k](exp(z[k])).",
    ),
    (
        "s = sotfmax(x)",
        "line 1, column 5: softmax is not a function of single elements.\n"
        "    s = sotfmax(x)\n"
        "        ^^^^^^^\n"
        "Define it by its elements, such as a[i] = exp(z[i])/sum[k](exp(z[k])).",
    ),
    (
        "s = sigmiod(x)",
        "line 1, column 5: the function sigmiod is unknown.\n"
        "    s = sigmiod(x)\n"
        "        ^^^^^^^\n"
        "Did you mean sigmoid?",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=lambda value: "" if "\n" in value else value)
def test_what_would_be_misread_is_refused(text, message):
    with pytest.raises(IndexcalcError) as caught:
        parse_sheet(text)
    assert str(caught.value) == message


READ = [  # what is written in doubt, and what it means
    ("a/b*c", "(a/b)*c"),
    ("a/b/c", "a/(b*c)"),
    ("a b/c", "(a*b)/c"),
    ("a/(b c)", "a/(b*c)"),
    ("a/f(x)", "a/(f(x))"),
    ("a/(b(c))", "a/(b*c)"),
    ("2 x", "2*x"),
    ("2(x + 1)", "2*(x + 1)"),
    ("a (x + 1) b", "a*(x + 1)*b"),
    ("(a(x + 1))^2", "a^2*(x + 1)^2"),
    ("a*(x + 1)^2", "a*((x + 1)^2)"),
]


@pytest.mark.parametrize(("text", "meaning"), READ)
def test_what_has_one_reading_is_read(text, meaning):
    sheet = parse_sheet(f"s = {text}\nt = {meaning}\nu = a + b")
    assert sheet.definitions["s"].body is sheet.definitions["t"].body


@pytest.mark.parametrize("name", ["f", "g", "phi", "act", "f'", "f''"])
def test_an_unknown_function_of_one_argument_is_allowed(name):
    assert parse_sheet(f"s = {name}(x)").definitions["s"].body is Call(name, Tensor("x"))
