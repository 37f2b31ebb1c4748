"""Forward accumulation: tangents equal the derivative times the direction, with one name for each definition."""

import pytest

from indexcalc.calculus.derivative import occurrences
from indexcalc.calculus.tangent import tangent, with_tangents
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.notation.writing.text import write
from indexcalc.rewrite.simplify import shortener
from indexcalc.sheet import Sheet
from indexcalc.terms import ZERO
from tests.agreement import assert_same_values, read

NET = """index b : m
h[b,j] = tanh(x[b,i]*W[i,j])
o[b] = h[b,j]*v[j]
L = sum[b]((o[b] - t[b])^2)
c = v[j]*v[j]"""


def moved(sheet, directions):
    """The sheet with directions as leaves, extended by the tangents, and the names of the tangents."""
    sheet = parse_sheet(sheet)
    sheet = sheet.with_leaves({new: sheet.slots[old] for old, new in directions.items()})
    return with_tangents(sheet, directions, shortener(sheet))


SINGLE = [
    ("x[i]*x[i]", "2*sum[i](x[i]*u[i])"),
    ("exp(x[i])", "u[i]*exp(x[i])"),
    ("x[i]*y[i]", "sum[i](u[i]*y[i])"),
    ("y[i]*y[i]", "0"),
    ("x[i]*x[j]", "u[i]*x[j] + u[j]*x[i]"),
    ("A[i,j]*x[j]", "sum[j](A[i,j]*u[j])"),
]


@pytest.mark.parametrize(("text", "expected"), SINGLE)
def test_the_tangent_of_one_term(text, expected):
    sheet = "index i, j, k, l : n\nf = x[i]*y[i]*u[i] + x[i]*A[i,j]*y[j]"
    expression = read(sheet, text)
    found = tangent(expression.term, expression.axes, {"x": "u"})
    wanted = read_expression(expression.sheet, expected, free=[axis.name for axis in expression.axes]).term
    assert_same_values(wanted, [found], expression.sheet, expression.axes)


@pytest.mark.parametrize("text", ["y[i]*y[i]", "3", "exp(y[i])"])
def test_what_does_not_move_has_the_tangent_zero(text):
    expression = read("f = x[i]*u[i]", text)
    assert tangent(expression.term, expression.axes, {"x": "u"}) is ZERO
    assert not list(occurrences(expression.term, frozenset({"x"})))


def test_each_definition_that_moves_gets_a_name():
    sheet, names = moved(NET, {"W": "W_dot"})
    assert names == {"W": "W_dot", "h": "h_dot", "o": "o_dot", "L": "L_dot"}
    bodies = {
        name: write(sheet.definitions[new].body, sheet, sheet.definitions[new].axes)
        for name, new in names.items()
        if name != "W"
    }
    assert bodies == {
        "h": "x[b,i]*W_dot[i,j]*(1 - h[b,j]^2)",
        "o": "v[j]*h_dot[b,j]",
        "L": "2*sum[b](o_dot[b]*(o[b] - t[b]))",
    }


def test_several_tensors_move_at_once():
    sheet, names = moved(NET, {"W": "W_dot", "v": "v_dot"})
    assert set(names) == {"W", "v", "h", "o", "L", "c"}
    assert sheet.definitions["o_dot"].body.symbols == {"h", "h_dot", "v", "v_dot"}


def test_a_name_that_is_taken_is_not_used():
    sheet, names = moved(NET + "\nh_dot = 3", {"W": "W_dot"})
    assert names["h"] == "h_dot_"
    assert write(sheet.definitions["h_dot"].body, sheet) == "3"


def test_nothing_moves_where_nothing_depends_on_the_tensor():
    sheet, names = moved("f = x[i]*x[i]", {"x": "u"})
    again, none = with_tangents(sheet, {"y": "w"}, shortener(Sheet()))
    assert (again, none) == (sheet, {"y": "w"})
    assert again is sheet
    assert "f" in names


@pytest.mark.parametrize(("name", "variable"), [("h", "W"), ("o", "W"), ("L", "W"), ("L", "x"), ("L", "v"), ("c", "v")])
def test_a_tangent_is_the_derivative_times_the_direction(name, variable):
    sheet, names = moved(NET, {variable: "u"})
    definition, dot = sheet.definitions[name], sheet.definitions[names[name]]
    slots = ("k", "l")[: len(sheet.slots[variable])]
    letters = ",".join(index.name for index in definition.axes)
    left = f"{name}[{letters}]" if letters else name
    product = read(sheet, f"diff({left}, {variable}[{','.join(slots)}])*u[{','.join(slots)}]")
    assert_same_values(product.term, [dot.body], product.sheet, dot.axes)
