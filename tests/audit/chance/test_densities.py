r"""The density \mathcal{N}(x; m, s^2) of numbers is calculated with."""

import pytest

from indexcalc.audit.checking import check_document

PRODUCT = r"\prod_{i=1}^n \mathcal{N}(y_i; a + b x_i, s^2) = \prod_{i=1}^n "
POWER = r"\exp\left[-\frac{(y_i - a - b x_i)^2}{2 s^2}\right]"


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (PRODUCT + r"\frac{1}{\sqrt{2 \pi s^2}} " + POWER, "proved"),
        (PRODUCT + r"\frac{1}{\sqrt{2 \pi s}} " + POWER, "refuted"),
        (r"\log \mathcal{N}(z; m, s^2) = -\frac12 \log(2 \pi s^2) - \frac{(z - m)^2}{2 s^2}", "agrees"),
        (r"\log \mathcal{N}(z; m, s^2) = \frac12 \log(2 \pi s^2) - \frac{(z - m)^2}{2 s^2}", "refuted"),
        (r"\log \mathcal{N}(z \mid m, s^2) = -\log s - \frac12 \log(2 \pi) - \frac{(z - m)^2}{2 s^2}", "agrees"),
        (r"\frac{\partial}{\partial m} \log \mathcal{N}(z; m, s^2) = \frac{z - m}{s^2}", "proved"),
        (r"\frac{\partial}{\partial m} \log \mathcal{N}(z; m, s^2) = \frac{m - z}{s^2}", "refuted"),
        (r"\log \mathcal{N}(z; m, \sigma) = -\frac12 \log(2 \pi \sigma) - \frac{(z - m)^2}{2 \sigma}", "undecided"),
    ],
)
def test_a_normal_density(formula, verdict):
    (claim,) = check_document(f"$$ {formula} $$\n", "markdown").claims
    assert str(claim.verdict) == verdict
