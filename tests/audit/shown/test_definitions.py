r"""Definitions that a text shows by differentiating: they prove what comes behind them, and refute nothing."""

from indexcalc.audit.checking import check_document


def words(*lines):
    return [str(claim.verdict) for claim in check_document("\n\n".join(lines) + "\n", "markdown").claims]


SHOWN = r"$$ \frac{\partial h_i}{\partial z_j} = \frac{\partial}{\partial z_j} \left( \frac{e^{z_i}}{\sum_k e^{z_k}} \right) $$"


def test_what_is_shown_proves_what_comes_behind_it():
    right = r"$$ \frac{\partial h_i}{\partial z_j} = h_i (\delta_{ij} - h_j) $$"
    assert words(SHOWN, right) == ["undecided", "proved"]
    assert words(right, SHOWN)[-1] == "undecided"


def test_what_is_shown_refutes_nothing():
    wrong = r"$$ \frac{\partial h_i}{\partial z_j} = h_i (\delta_{ij} + h_j) $$"
    assert words(SHOWN, wrong)[-1] != "refuted"
    assert words(SHOWN, r"$$ \frac{e^{z_i}}{\sum_k e^{z_k}} = 2 h_i $$")[-1] != "refuted"


def test_it_is_shown_within_a_chain():
    chain = (
        r"$$ \frac{\partial F}{\partial t_j} = \frac{\partial F}{\partial y_j} \frac{\partial y_j}{\partial t_j}"
        r" = \frac{\partial F}{\partial y_j} \frac{\partial \sin(t_j)}{\partial t_j} = \frac{\partial F}{\partial y_j} \sqrt{1 - \sin(t_j)^2}"
        r" = \frac{\partial F}{\partial y_j} \sqrt{1 - y_j^2} $$"
    )
    assert words(chain)[-1] == "proved"


def test_another_variable_shows_nothing():
    other = r"$$ \frac{\partial h_i}{\partial z_j} = \frac{\partial}{\partial t_j} \left( \frac{e^{z_i}}{\sum_k e^{z_k}} \right) $$"
    assert words(other, r"$$ \sum_i h_i = 1 $$")[-1] != "proved"


def test_a_definition_comes_before_what_is_shown():
    defined = r"$$ h_i = z_i^2 $$"
    assert words(defined, SHOWN) == ["refuted"]


def test_what_may_have_been_left_off_is_not_proved():
    shown = r"$$ \frac{\partial F}{\partial \mu} = \frac{\partial}{\partial \mu} \left( -\frac{1}{2 s^2} \sum_i (u_i - \mu)^2 \right) $$"
    assert words(shown, r"$$ \frac{\partial F}{\partial \mu} = \frac{1}{s^2} \sum_i (u_i - \mu) $$")[-1] == "proved"
    assert words(shown, r"$$ \frac{\partial F}{\partial s} = \frac{1}{s^3} \sum_i (u_i - \mu)^2 $$")[-1] != "proved"


def test_what_the_variable_is_made_of_may_vary():
    shown = r"$$ \frac{\partial F}{\partial a_i} = \frac{\partial}{\partial a_i} \left( \sum_k a_k^2 \right) $$"
    inner = r"$$ a_i = \sin z_i $$"
    claim = r"$$ \frac{\partial F}{\partial z_i} = 2 \sin z_i \cos z_i $$"
    assert words(inner, shown, claim)[-1] == "proved"
