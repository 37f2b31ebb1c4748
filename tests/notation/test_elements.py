r"""Elements of values of functions, f(x)_j, and indices with a condition, z_{i = j}."""

import pytest

from indexcalc.notation.elements import functions_in, with_elements, without_conditions
from indexcalc.notation.tex.parser import Parser
from indexcalc.notation.tex.tokens import tokens
from indexcalc.notation.writing.formulas import written_back


def parsed(text):
    return Parser(list(tokens(text))).whole()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("f(x)_j", "f_{j} (x)"),
        ("f(x, y)_{ij}", "f_{ij} (x, y)"),
        ("f_t(x)_j", "f_{t, j} (x)"),
        ("2 f(x)_j g(y)_k", "2 f_{j} (x) g_{k} (y)"),
        ("f(x)^T", "f^{T} (x)"),
    ],
)
def test_an_element_of_a_value_is_a_value_of_an_element(text, meant):
    assert written_back(with_elements(parsed(text), frozenset("f"))).replace(r"\top", "T") == meant


@pytest.mark.parametrize("text", ["f(x + y)_j", "f(x)^2", "a(x)^T", "(x)_j", "f[x]_j", "f(X^2)^T"])
def test_anything_else_stays(text):
    assert with_elements(parsed(text), frozenset("f")) == parsed(text)


def test_functions_are_those_that_a_side_is_the_value_of():
    assert functions_in([parsed("f(x)"), parsed("g(x)_j"), parsed("a (x + 1)"), parsed("2 h(x)")]) == {"f", "g"}


@pytest.mark.parametrize(
    ("text", "plain", "said"),
    [
        ("z_{i=j}", "z_{i}", ["i = j"]),
        (r"z_{i \neq j}", "z_{i}", [r"i \neq j"]),
        ("z_{i=p,k} + y_{i=p}", "z_{i, k} + y_{i}", ["i = p"]),
        (r"\mathbb{1}_{i=j}", r"\mathbb{1}_{i = j}", []),
        (r"\delta_{i=j}", r"\delta_{i = j}", []),
        ("z_{i=0}", "z_{i = 0}", []),
    ],
)
def test_a_condition_in_a_subscript(text, plain, said):
    formula, conditions = without_conditions(parsed(text))
    assert (written_back(formula), [written_back(each) for each in conditions]) == (plain, said)
