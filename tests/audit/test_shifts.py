"""What a report says of steps with shifted places: where they were tried, and what was read as 0."""

import pytest

import indexcalc as ic


def claims(text):
    return [(str(claim.verdict), claim.reason) for claim in ic.check(f"{text}\n", "markdown").claims]


def test_the_report_says_where_a_step_holds():
    text = r"""
The energy of $v_1, \dots, v_q$ is $F = \sum_{r=1}^{q-1} (v_{r+1} - v_r)^2$, so

$$ \frac{\partial F}{\partial v_l} = 4 v_l - 2 v_{l-1} - 2 v_{l+1} $$
"""
    reason = "equal wherever all its elements exist, tried at l = 2, q = 5; l = 3, q = 5 and 1 more"
    assert claims(text) == [("agrees", reason)]


def test_the_report_says_what_is_read_as_0():
    text = r"""
$$ g_r = \sum_{s=1}^{d} c_s v_{r+s}, \qquad F = \sum_{r=1}^{q} b_r g_r $$

$$ \frac{\partial F}{\partial v_l} = \sum_{s=1}^{d} b_{l-s} c_s $$
"""
    ((verdict, reason),) = claims(text)
    assert verdict == "agrees"
    assert reason.endswith("; elements beyond the ends of an axis are read as 0 in sums")


def test_what_fails_at_an_end_only_is_undecided():
    text = r"""
$$ F = \sum_{r=1}^{q-1} (v_{r+1} - v_r)^2 + \sum_{r=1}^{q} v_r $$

$$ \frac{\partial F}{\partial v_l} = \sum_{r=1}^{q} (4 \delta_{rl} - 2 \delta_{r+1,l} - 2 \delta_{r-1,l}) v_r + 1 $$
"""
    assert claims(text) == [("undecided", "it holds inside, and not at l = 1, q = 5")]


@pytest.mark.parametrize(("body", "verdict"), [("c_{2l}", "refuted"), ("c_{2l-1}", "agrees")])
def test_places_with_factors(body, verdict):
    text = rf"""
Let $g_r = c_{{2r-1}} v_r$ for $r = 1, \dots, q$.

$$ \frac{{\partial g_l}}{{\partial v_l}} = {body} $$
"""
    assert [word for word, _ in claims(text)] == [verdict]


def test_two_digits_are_two_indices_where_the_name_has_two():
    text = r"""
$$ F = \sum_{i=1}^n \sum_{j=1}^n A_{ij} x_i x_{j} $$

$$ \frac{\partial F}{\partial A_{2i}} = x_2 x_i $$
"""
    assert [word for word, _ in claims(text)] == ["proved"]


def test_a_row_of_formulas_without_words_is_read():
    row = "\n\n".join(["$$ x_i + y_i = y_i + x_i $$"] * 60)
    assert {word for word, _ in claims(f"Let $x_i$ and $y_i$ be numbers.\n\n{row}")} == {"proved"}
