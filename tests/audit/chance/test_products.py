r"""Functions that share a letter: densities of other names, and values at other arguments, are told apart."""

import pytest

from indexcalc.audit.checking import check_document


def words(*formulas, before=""):
    text = before + "".join(f"$$ {formula} $$\n\n" for formula in formulas)
    return [str(claim.verdict) for claim in check_document(text, "markdown").claims]


BAYES = r"From $p(x, z) = p(z \mid x) p(x)$ and $p(x)$, $p(x \mid z)$, $p(z)$:" "\n\n"


@pytest.mark.parametrize(
    ("formula", "word"),
    [
        (r"\log p(z \mid x) = \log \frac{p(x, z)}{p(x)}", "proved"),
        (r"\log p(z \mid x) = \log p(x \mid z) + \log p(z) - \log p(x)", "proved"),
        (r"\log p(x, z) = \log p(z, x)", "proved"),
        (r"\log p(z \mid x) = \log p(x, z)", "undecided"),
        (r"\log p(z \mid x) = \log p(x \mid z)", "undecided"),
        (r"\log p(z) = \log p(x)", "undecided"),
        (r"\mathbb{E}_{z \sim q}[\log p(z \mid x)] = \mathbb{E}_{z \sim q}[\log p(x, z)] - \log p(x)", "proved"),
        (r"\mathbb{E}_{z \sim q}[\log p(z \mid x)] = \mathbb{E}_{z \sim q}[\log p(x, z)] - \log p(z)", "undecided"),
        (r"E_{z \sim q}[\log p(x)] = \log p(x)", "proved"),
        (r"E_{z \sim q}[\log p(z)] = \log p(z)", "undecided"),
    ],
)
def test_densities_of_one_letter(formula, word):
    assert words(formula, before=BAYES)[-1] == word


def test_what_leaves_arguments_off_is_the_same_function():
    first = r"L(w, b) = w^2 b"
    assert words(first, r"\frac{\partial L}{\partial w} = 2 w b") == ["proved"]
    assert words(r"a = L(w, b) - L(w)", r"a + L(w) = L(w, b)")[-1] == "proved"


@pytest.mark.parametrize("formula", [r"2 + k(x, y) = 2 + k(y, x)", r"3 u(s, t) = 2 u(s, t) + u(t, s)"])
def test_arguments_in_another_order_are_another_value(formula):
    assert words(formula) == ["undecided"]


def test_a_gradient_of_a_logarithm_of_a_density():
    left = r"\nabla_\theta \log p(x; \theta)"
    assert words(rf"{left} = \frac{{\nabla_\theta p(x; \theta)}}{{p(x; \theta)}}") == ["proved"]
    assert words(rf"\int p(x; \theta) {left} \, dx = \int \nabla_\theta p(x; \theta) \, dx") == ["proved"]


def test_reasons_name_densities_as_they_are_written():
    text = BAYES + r"$$ \log p(z \mid x) = \log p(x \mid z) $$" + "\n"
    (claim,) = check_document(text, "markdown").claims[-1:]
    assert claim.reason == "of p(x \\mid z) only is known what conditional densities are; more may be assumed"


def test_a_rule_on_which_a_proof_rests_has_no_line():
    text = BAYES + r"$$ \log p(z \mid x) = \log \frac{p(x, z)}{p(x)} $$" + "\n"
    assert "    rests on what a conditional density is\n" in check_document(text, "markdown").text() + "\n"
