r"""Integrals: what follows from their rules is proved; nothing is refuted of them, and nothing false is proved."""

import pytest

from indexcalc.audit.checking import check_document

DENSITY = r"Let $p(x; \theta)$ be a density, so that" "\n\n" r"$$ \int p(x; \theta) dx = 1. $$" "\n\n"


def words(*formulas, before=""):
    text = before + "".join(f"$$ {formula} $$\n\n" for formula in formulas)
    return [str(claim.verdict) for claim in check_document(text, "markdown").claims]


@pytest.mark.parametrize(
    "formula",
    [
        r"\int (2 f(x) + g(x)) \, dx = 2 \int f(x) \, dx + \int g(x) \, dx",
        r"\int_a^b c f(x) \, dx = c \int_a^b f(x) \, dx",
        r"\int_0^1 \int_0^1 u(x, y) v(x) \, dx \, dy = \int_0^1 \int_0^1 v(x) u(x, y) \, dx \, dy",
        r"\int f(x) \mathrm{d}x \int g(y) \mathrm{d}y = \int g(y) \mathrm{d}y \int f(x) \mathrm{d}x",
        r"\int dx \, (f(x) - g(x)) = \int f(x) \, dx - \int g(x) \, dx",
        r"\frac{\partial}{\partial b} \int_0^1 b^2 f(x) \, dx = 2 b \int_0^1 f(x) \, dx",
        r"\int q(z \mid b) \frac{\partial \log q(z \mid b)}{\partial b} \, dz"
        r" = \int \frac{\partial q(z \mid b)}{\partial b} \, dz",
    ],
)
def test_rules_of_integrals(formula):
    assert words(formula) == ["proved"]


@pytest.mark.parametrize(
    "formula",
    [
        r"\int f(x) g(x) \, dx = f(x) \int g(x) \, dx",
        r"\int f(x) g(x) \, dx = \int f(x) \, dx \int g(x) \, dx",
        r"\int f(x) \, dx = \int_0^1 f(x) \, dx",
        r"\int_0^1 \int_0^1 u(y) v(x) \, dx \, dy = u(y) \int_0^1 \int_0^1 v(x) \, dx \, dy",
        r"\frac{\partial}{\partial b} \int_0^b b f(x) \, dx = \int_0^b f(x) \, dx",
        r"\int q(z \mid b) \, dz = q(z \mid b) \int 1 \, dz",
        r"\int x f(x) \, dx = x \int f(x) \, dx",
    ],
)
def test_nothing_false_is_proved_of_integrals(formula):
    assert words(formula) == ["undecided"]


def test_a_density_integrates_to_one_for_all_its_parameters():
    score = r"\int p(x; \theta) \frac{\partial \log p(x; \theta)}{\partial \theta} \, dx"
    assert words(rf"{score} = 0", before=DENSITY) == ["proved"]
    assert words(rf"{score} = 1", before=DENSITY) == ["undecided"]
    assert words(r"\frac{\partial}{\partial \theta} \int p(x; \theta) dx = 0", before=DENSITY) == ["proved"]
    assert words(r"\int x \frac{\partial p(x; \theta)}{\partial \theta} dx = 0", before=DENSITY) == ["skipped"]


def test_what_is_defined_is_put_in():
    first = r"q(c) = e^{2 c}"
    assert words(first, r"\int q(c) \, dc = \int e^{c} e^{c} \, dc") == ["proved"]
    assert words(first, r"\int q(c) \, dc = \int e^{c} \, dc") == ["undecided"]


def test_the_reason_names_the_rules():
    text = r"$$ \int f(x) g(x) \, dx = f(x) \int g(x) \, dx $$"
    (claim,) = check_document(f"{text}\n", "markdown").claims
    assert claim.reason == (
        "of integrals only the rules are known: that they are linear, and what does not hang on their variables"
    )
