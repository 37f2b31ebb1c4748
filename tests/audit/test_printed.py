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
