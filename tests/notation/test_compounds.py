"""Names of several letters."""

import pytest

from indexcalc.notation.compounds import with_words, words_in
from indexcalc.notation.formula import Derivative, Name, Scripted
from indexcalc.notation.tex.parser import parse


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"\frac{\partial J}{\partial net}", {"net"}),
        (r"\frac{\partial J}{\partial net_k}", {"net"}),
        (r"\frac{\partial J}{\partial n e t}", set()),
        (r"\frac{\partial net}{\partial w}", set()),  # the derivative of a product
        (r"\frac{\partial J}{\partial x y}", set()),
        ("net", set()),
    ],
)
def test_what_is_differentiated_by_is_a_name(text, words):
    assert words_in([parse(text)]) == words


def test_derivatives_by_words_are_such():
    found = with_words(parse(r"\frac{\partial J}{\partial net_k}"), frozenset(("net",)))
    assert isinstance(found, Derivative)
    ((variable, _),) = found.variables
    assert isinstance(variable, Scripted)
    assert variable.base == Name("net", "upright")


@pytest.mark.parametrize(
    ("text", "same"),
    [("net h", False), ("x net", False), ("n e t", True), ("knet", True), ("nets_k", True)],
)
def test_only_the_letters_of_a_word_are_one_name(text, same):
    formula = parse(text)
    assert (with_words(formula, frozenset(("net",))) == formula) == same


def test_letters_in_scripts_stay():
    formula = parse("E_{net}")
    assert with_words(formula, frozenset(("net",))) == formula


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([r"\frac{\partial RSS}{\partial b}"], {"RSS"}),
        ([r"\frac{\partial KL}{\partial m_j}"], {"KL"}),
        ([r"\frac{\partial KL}{\partial m_j}", "KL", "L"], {"KL"}),
        ([r"\frac{\partial KL}{\partial m_j}", "L"], set()),
        ([r"\frac{\partial KL}{\partial m_j}", "KL", "K + L"], set()),
        ([r"\frac{\partial AX}{\partial X}", "AX"], set()),
        ([r"\frac{\partial AX}{\partial b}", "AX"], {"AX"}),
        ([r"\frac{\partial AX}{\partial X}", "AX", "A"], set()),
        ([r"\frac{\partial K L}{\partial m_j}"], set()),
        (["RSS"], set()),
    ],
)
def test_capital_letters_that_stand_nowhere_else_are_a_name_where_they_are_differentiated(texts, words):
    assert words_in(map(parse, texts)) == words


def test_words_of_several_lengths_are_read():
    found = with_words(parse("RSS + MSE - K"), frozenset(("RSS", "MSE", "KL")))
    assert found == parse(r"\mathrm{RSS} + \mathrm{MSE} - K")
