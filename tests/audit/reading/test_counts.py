r"""Sizes that the prose names."""

import pytest

from indexcalc.audit.checking import check_document

FORMULAS = r"""
$$ L = \frac{1}{m} \sum_i (y_i - b)^2 $$
$$ \frac{\partial L}{\partial b} = -\frac{2}{m} \sum_{i} (y_i - b) = 2 b - \frac2m \sum_i y_i $$
"""


def verdicts(text):
    return [str(claim.verdict) for claim in check_document(f"{text}\n", "markdown").claims]


@pytest.mark.parametrize(
    "prose",
    [
        "with $m$ the number of examples.",
        "where $m$ is the total number of rows.",
        "Let the number of training examples $m$ be large.",
        "We have $m$ data points.",
    ],
)
def test_sizes_in_the_prose(prose):
    assert verdicts(prose + FORMULAS) == ["proved"] * 2
    assert verdicts(prose + FORMULAS.replace("= 2 b", "= b")) == ["proved", "refuted"]


@pytest.mark.parametrize("prose", ["with $m$ the mass.", "where $n$ is the number of examples.", ""])
def test_what_is_no_size(prose):
    assert verdicts(prose + FORMULAS) == ["proved", "refuted"]
