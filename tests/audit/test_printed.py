r"""Equations as programs print them, and numbers that are not real: nothing right is refuted."""

import pytest

from indexcalc.audit.checking import check_document


def words(*formulas):
    text = "".join(f"$$ {formula} $$\n\n" for formula in formulas)
    return [str(claim.verdict) for claim in check_document(text, "markdown").claims]


@pytest.mark.parametrize(
    "formula",
    [
        r"\log{(x)}^{3} = (\log x)^3",
        r"\log{\left(x \right)}^{3} = \log^3 (x)",
        r"\frac{d}{d x} \sin{(x)}^{2} = 2 \sin{(x)} \cos{(x)}",
        r"\log{x}^2 = 2 \log x",
        r"\frac{d}{d s} \cos{(s y)} = - y \sin{(s y)}",
    ],
)
def test_functions_before_braces(formula):
    assert words(formula) == ["proved"]


def test_a_function_that_is_printed_with_braces_around_its_arguments():
    first = r"\operatorname{g}{(b,h)} = b^{2} h"
    assert words(first, r"\frac{\partial}{\partial b} \operatorname{g}{(b,h)} = 2 b h") == ["proved"]
    assert words(first, r"\frac{\partial}{\partial b} \operatorname{g}{(b,h)} = b h") == ["refuted"]


@pytest.mark.parametrize(
    "formula",
    [
        r"(u + v \mathrm{i}) (s + t \mathrm{i}) = u s - v t + (u t + v s) \mathrm{i}",
        r"\frac{1}{u + v i} = \frac{u - v i}{u^2 + v^2}",
        r"e^{i s} = \cos s + i \sin s",
    ],
)
def test_complex_numbers_are_not_judged_as_real_ones(formula):
    (claim,) = check_document(f"$$ {formula} $$\n", "markdown").claims
    assert str(claim.verdict) == "undecided"
    assert claim.reason == "i may be the imaginary unit, and numbers are taken to be real"


def test_a_number_i_that_is_declared_is_real():
    text = "<!-- indexcalc: tensor i, c -->\n\n$$ (1 + i)^2 - 1 = 2 i - c i^2 $$\n"
    (claim,) = check_document(text, "markdown").claims
    assert str(claim.verdict) == "refuted"


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        (r"e^{a} = h(a)", r"e^a = \frac{d}{da} h(a)", "proved"),
        (r"s^2 = g(s)", r"2 s = \frac{d}{ds} g(s)", "proved"),
        (r"s^2 = g(s)", r"3 s = \frac{d}{ds} g(s)", "refuted"),
        (r"\log(P) = W(P)", r"\frac{1}{P} = \frac{d}{dP} W(P)", "proved"),
        (r"\log(P) = W(P)", r"\frac{2}{P} = \frac{d}{dP} W(P)", "refuted"),
        (r"b^{3} = \operatorname{A_{y}}{(b)}", r"\operatorname{A_{y}}^{2}{(b)} = b^6", "proved"),
        (r"\log L(c) = -c^2", r"L(c) = e^{-c^2}", "proved"),  # the other way round: it says what L is
    ],
)
def test_functions_that_are_defined_on_the_right(first, second, wanted):
    assert words(first, second) == [wanted]


def test_what_speaks_of_a_function_on_the_right_defines_none():
    assert words(r"h(a) + a = h(a)") == ["undecided"]
    assert words(r"h(a) = a^2", r"a^3 = h(a)") == ["refuted"]
    assert words(r"\log(P) + C(P) = W(P)", r"\frac{1}{P} = \frac{d}{dP} W(P)") == ["undecided"]
    assert words(r"W = \log(P) + C(P)", r"\frac{dW}{dP} = \frac{1}{P}") == ["undecided"]  # no derivative is zero unsaid


def test_arguments_beside_each_other_may_not_depend_on_one_another():
    first = r"z{(k,b)} = b k"
    assert words(first, r"\frac{\partial^{2}}{\partial k^{2}} z{(k,b)} = \frac{d}{d k} b") == ["undecided"]
    assert words(first, r"\frac{\partial^{2}}{\partial k^{2}} z{(k,b)} = \frac{d}{d k} b + 1") == ["refuted"]


def test_a_number_added_to_a_matrix_refutes_nothing():
    first = r"\mathbf{S}{(G,r)} = G + r"
    second = r"(G + r) \frac{\partial}{\partial r} \mathbf{S}{(G,r)} = G + r"
    said = "The matrix $G$ and the number $r$.\n\n"
    found = check_document(f"{said}$$ {first} $$\n\n$$ {second} $$\n", "markdown").claims
    assert [str(each.verdict) for each in found] == ["undecided"]
    assert found[0].reason == "a number is added to a matrix in G + r: nothing says to which elements"
