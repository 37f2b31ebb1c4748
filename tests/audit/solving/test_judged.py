r"""Equations that a text solves: what follows from them, what solves them, and what is left open."""

import pytest

from indexcalc.audit.checking import check_document


def claims(*lines):
    return check_document("\n\n".join(lines) + "\n", "markdown").claims


def words(*lines):
    return [str(claim.verdict) for claim in claims(*lines)]


LINE = (
    r"$$ R(p, q) = \frac{1}{2} \sum_{m=1}^M (h_m - p - q g_m)^2 $$",
    r"$$ \frac{\partial R}{\partial p} = -\sum_{m=1}^M (h_m - p - q g_m) = 0 $$",
)
MATRIX = (
    r"Let $G \in \mathbb{R}^{m \times d}$, $b \in \mathbb{R}^d$ and $h \in \mathbb{R}^m$.",
    r"$$ R = (h - G b)^\top (h - G b) $$",
    r"$$ \nabla_b R = -2 G^\top (h - G b) $$",
)


def test_rows_that_follow_from_an_equation_are_confirmed():
    found = claims(
        *LINE,
        r"$$ \sum_{m=1}^M h_m - M p - q \sum_{m=1}^M g_m = 0 $$",
        r"$$ M p = \sum_{m=1}^M h_m - q \sum_{m=1}^M g_m $$",
        r"$$ p = \frac{1}{M} \sum_{m=1}^M h_m - \frac{q}{M} \sum_{m=1}^M g_m $$",
    )
    assert [str(each.verdict) for each in found] == ["proved", "skipped", "proved", "proved", "proved"]
    assert found[2].reason == "it follows from line 3: the same normal form"
    assert [each.line for each in found[4].rests] == [7]


def test_a_row_that_does_not_follow_is_left_open():
    assert words(*LINE, r"$$ \sum_{m=1}^M h_m + M p = 0 $$")[2] == "skipped"


def test_a_solution_is_tested_by_putting_it_in():
    right = claims(*MATRIX, "Setting the gradient to zero gives", r"$$ b = (G^\top G)^{-1} G^\top h $$")
    assert str(right[-1].verdict) in ("proved", "agrees")
    assert right[-1].reason.startswith("it solves the equation of line 5")
    wrong = claims(*MATRIX, "Setting the gradient to zero gives", r"$$ b = (G^\top G)^\top G^\top h $$")
    assert str(wrong[-1].verdict) == "refuted"
    assert wrong[-1].reason.startswith("it does not solve the equation of line 5: the sides differ")


def test_a_row_that_was_not_shown_saves_no_solution():
    rows = (*MATRIX, "Setting the gradient to zero gives", r"$$ G^\top K b = G^\top h $$")
    found = claims(*rows, r"$$ b = (G^\top G)^\top G^\top h $$")
    assert [str(each.verdict) for each in found] == ["proved", "skipped", "refuted"]
    assert found[2].reason.startswith("it does not solve the equation of line 5")


def test_without_an_equation_a_letter_is_defined():
    assert words(*MATRIX, r"$$ b = (G^\top G)^\top G^\top h $$") == ["proved"]


@pytest.mark.parametrize(
    ("equation", "solution", "word"),
    [
        (r"\frac{\partial f}{\partial s} = -\frac{n}{2 s} + \frac{1}{2 s^2} \sum_i r_i^2", r"n s = \sum_i r_i^2", "proved"),
        (r"\frac{\partial f}{\partial s} = -\frac{n}{2 s} + \frac{1}{2 s^2} \sum_i r_i^2", r"s = \frac{2}{n} \sum_i r_i^2", "refuted"),
        (r"\frac{\partial f}{\partial s} = -\frac{n}{2 s} + \frac{1}{2 s^2} \sum_i r_i^2", r"s = \frac{1}{n} \sum_i r_i^2", "proved"),
    ],
)
def test_equations_may_be_multiplied_by_their_letter(equation, solution, word):
    start = r"$$ f = -\frac{n}{2} \log s - \frac{1}{2 s} \sum_i r_i^2 $$"
    assert words(start, f"$$ {equation} = 0 $$", f"$$ {solution} $$")[2] == word


def test_an_exponential_is_solved_for():
    start = r"$$ g = q e^{-b} + (1 - q) e^{b} $$"
    rows = (r"$$ \frac{\partial g}{\partial b} = -q e^{-b} + (1 - q) e^{b} = 0 $$", r"$$ (1 - q) e^{2 b} = q $$")
    assert words(start, *rows) == ["proved", "skipped", "proved"]


def test_nothing_follows_where_another_factor_may_vanish():
    assert words("$$ u (h - 2) = 0 $$", "$$ u (h - 3) = 0 $$") == ["skipped", "skipped"]
    rows = (r"$$ L = \frac{b - a w}{s} $$", r"$$ \frac{\partial L}{\partial s} = \frac{a w - b}{s^2} = 0 $$")
    assert words(*rows, r"$$ \frac{a w + b}{s^2} = 0 $$")[2] == "skipped"


def test_one_equation_of_several_refutes_nothing():
    rows = (
        r"$$ G = -\sum_k p_k \log c_k + \lambda (\sum_k c_k - 1) $$",
        r"$$ \frac{\partial G}{\partial c_k} = -\frac{p_k}{c_k} + \lambda = 0 $$",
    )
    assert words(*rows, r"$$ c_k = \frac{p_k}{\lambda} $$")[2] == "proved"
    assert words(*rows, "$$ c_k = p_k $$")[2] == "undecided"


def test_too_few_equations_determine_no_vector():
    assert words("Let $z, v \\in \\mathbb{R}^n$.", r"$$ z^\top v = 0 $$", r"$$ v = 0 \cdot z $$") == ["skipped", "undecided"]


def test_what_is_chosen_solves_nothing():
    rows = ("$$ K = q^2 - 2 q f $$", r"$$ \frac{\partial K}{\partial q} = 2 q - 2 f = 0 $$")
    assert words(*rows, "$$ q = 5 f $$")[2] == "refuted"
    assert words(*rows, "Instead let", "$$ q = 5 f $$") == words(*rows)


def test_what_follows_an_arrow():
    assert words(r"$$ v = m + k t \Rightarrow m = v - k t $$") == ["proved"]
    assert words(r"$$ 3 v - m = 0 \Rightarrow v = \frac{m}{3} $$")[1] == "proved"
    assert words(r"$$ 3 v = m \Rightarrow v = \frac{m}{3} $$") == ["undecided", "proved"]
    assert words(r"$$ 3 v = m \Rightarrow v = \frac{m}{2} $$") == ["undecided", "refuted"]
    assert words(r"$$ 3 v - m = 0 \Rightarrow v = \frac{m}{2} $$")[1] == "refuted"


def test_steps_without_the_letter_that_is_solved_for_are_judged():
    rows = ("$$ K = q^2 - 2 q f $$", r"$$ \frac{\partial K}{\partial q} = 2 q - 2 f = 0 $$")
    assert words(*rows, "$$ (f + 1)^2 = f^2 + 1 $$")[2] == "refuted"
    assert words(*rows, "$$ (q + 1)^2 = q^2 + 1 $$")[2] == "skipped"


def test_derivatives_come_before_what_is_put_in():
    rows = (
        *LINE,
        r"$$ p = \frac{1}{M} \sum_{m=1}^M h_m - \frac{q}{M} \sum_{m=1}^M g_m $$",
        r"$$ \frac{\partial R}{\partial q} = -\sum_{m=1}^M (h_m - p - q g_m) g_m $$",
    )
    assert words(*rows)[-1] == "proved"


def test_a_mean_that_is_named_behind_the_word():
    said = r"For any $z_1, \dots, z_N$ with sample mean $\bar{z}$ and any $c$,"
    assert words(said, r"$$ \sum_{n=1}^N c (z_n - \bar{z}) = 0 $$") == ["proved"]
    assert words(r"This means $\bar{z} = z_1$.", r"$$ \sum_{n=1}^N (z_n - \bar{z}) = 0 $$") == ["skipped"]


def test_symbols_that_are_a_number_for_some_indices():
    (claim,) = claims(r"$$ \epsilon_{ijk} \epsilon_{ilm} = -1 $$")
    assert claim.reason == "it is said of symbols alone, and may be meant for some values of their indices"


def test_a_system_of_equations():
    rows = (
        r"$$ G = -\sum_k p_k \log c_k + \lambda (\sum_k c_k - 1) $$",
        r"$$ \begin{cases} \frac{\partial G}{\partial c_k} = -\frac{p_k}{c_k} + \lambda = 0 \\ \sum_k c_k - 1 = 0 \end{cases} $$",
        r"$$ \begin{cases} c_k = \frac{p_k}{\lambda} \\ \sum_k \frac{p_k}{\lambda} = 1 \end{cases} $$",
        r"$$ \lambda = \sum_k p_k $$",
        r"$$ c_k = \frac{p_k}{\sum_j p_j} $$",
    )
    assert words(*rows) == ["proved", "skipped", "skipped", "proved", "proved", "proved", "proved"]
    assert words(*rows[:-1], r"$$ c_k = \frac{2 p_k}{\sum_j p_j} $$")[-1] != "proved"


def test_an_expression_behind_an_arrow_is_the_one_before():
    found = claims(r"$$ a b + b c \Rightarrow b (a + c) $$", r"$$ \Rightarrow \quad b a + b c $$")
    assert [(str(each.verdict), each.relation) for each in found] == [("proved", r"\Rightarrow")] * 2
    (wrong,) = claims(r"$$ a b + b c \Rightarrow b (a - c) $$")
    assert (str(wrong.verdict), wrong.reason) == ("undecided", "an arrow need not stand between equal sides")
    assert words(r"$$ f : A \Rightarrow B $$") == []


def test_a_derivative_that_follows_is_confirmed_though_its_function_is_unknown():
    layers = ("$$ v_i = M_{ij} u_j $$", r"$$ \frac{\partial E}{\partial v_i} = g_i $$")
    assert words(*layers, r"$$ \frac{\partial E}{\partial u_j} = M_{ij} g_i $$") == ["proved"]
    assert words(*layers, r"$$ \frac{\partial E}{\partial u_j} = M_{ji} g_i $$") == []


def test_formulas_in_lines_go_on_with_those_beside_them():
    assert words("Then", "$(a + b)^2$", "$= a^2 + 2 a b + b^2$", "$= a^2 + b^2 + 2 b a$") == ["proved", "proved"]
    assert words("Then $(a + b)^2$ is", "$= a^2 + 2 a b + b^2$") == []


def test_elements_that_are_gathered_in_brackets():
    rows = (r"$$ E = \frac{1}{2} \sum_i (u_i - t_i)^2 $$", r"$$ \left[ \frac{\partial E}{\partial u_i} \right]_i = u - t $$")
    assert words(*rows) == ["proved"]
    assert words(rows[0], rows[1].replace("u - t", "t - u")) == ["refuted"]
    matrix = r"$$ \left( \frac{\partial v_i}{\partial u_j} \right)_{i,j=1}^{n,m} = M $$"
    assert words("$$ v_i = M_{ij} u_j $$", matrix) == ["proved"]


def test_softmax_of_an_element():
    assert words(r"$$ \operatorname{softmax}(z_i) = \frac{e^{z_i}}{\sum_k e^{z_k}} $$") == ["proved"]
    assert words(r"$$ \operatorname{softmax}(z_i) = \frac{e^{z_i}}{\sum_k e^{2 z_k}} $$") == ["refuted"]


def test_equations_may_be_multiplied_by_what_they_divide_by():
    start = r"$$ \frac{\partial K}{\partial p} = \frac{k}{p} - \frac{n - k}{1 - p} = 0 $$"
    rows = ("$$ k (1 - p) = (n - k) p $$", "$$ k = n p $$", r"$$ p = \frac{k}{n} $$")
    assert words(start, *rows) == ["skipped", "proved", "proved", "proved"]
    assert words(start, "$$ k (1 - p) = (n + k) p $$") == ["skipped", "skipped"]
    assert words(start, r"$$ p = \frac{n}{k} $$") == ["skipped", "refuted"]


def test_facts_hold_where_an_equation_is_solved():
    rows = (r"$$ q = \frac{1}{2} z^\top S z - r^\top z $$", r"$$ \nabla_z q = S z - r $$", "Setting the gradient to zero:")
    answers = ("$$ S z = r $$", "$$ z = S^{-1} r $$", r"$$ q = -\frac{1}{2} r^\top S^{-1} r $$")
    found = words("Let $S$ be symmetric.", *rows, *answers)
    assert [word in ("proved", "agrees") for word in found] == [True] * 4
    assert words("Let $S$ be symmetric.", *rows, "$$ z = S r $$")[-1] == "refuted"


def test_a_letter_that_is_free_in_a_later_side_is_free_behind_it():
    rows = (r"$$ s = e^{z_k} $$", r"$$ \frac{\partial s}{\partial z_j} = \frac{\partial e^{z_k}}{\partial z_j} = e^{z_k} \delta_{jk} $$")
    assert words(*rows)[-1] == "proved"


@pytest.mark.parametrize(
    "rows",
    [
        (r"$$ u^2 = u c \Rightarrow u = c $$",),  # or u = 0
        ("$$ u^3 - c u = 0 $$", "$$ u^2 = c $$"),
        ("$$ u e^u - c u = 0 $$", "$$ e^u = c $$"),
        (r"$$ \sum_r a_r g_r + \sum_r b_r = \sum_r b_r $$", "$$ a_r g_r = 0 $$"),  # of each r
    ],
)
def test_nothing_is_divided_by_what_may_be_zero(rows):
    assert not {"proved", "agrees"} & set(words(*rows))


def test_what_an_equation_divides_by_is_not_zero():
    rows = (r"$$ f = -n \log u + \frac{c}{u} $$", r"$$ \frac{\partial f}{\partial u} = -\frac{n}{u} - \frac{c}{u^2} = 0 $$")
    assert words(*rows, "$$ n u + c = 0 $$")[-1] == "proved"
    assert words(*rows, "$$ n u - c = 0 $$")[-1] == "skipped"


def test_a_derivative_in_a_line_is_set_to_zero():
    rows = (r"$$ K = \sum_r (g_r - b h_r)^2 $$", r"Setting $\frac{\partial K}{\partial b}$ to zero we find")
    right = r"$$ b = \frac{\sum_r g_r h_r}{\sum_r h_r^2} $$"
    assert words(*rows, right) == ["proved"]
    assert words(*rows, right.replace("h_r^2", "h_r")) == ["refuted"]
    slope = r"$$ \frac{\partial K}{\partial b} = -2 \sum_r h_r (g_r - b h_r) $$"
    assert words(*rows, right, slope) == ["proved", "proved"]
    assert words(*rows, right, slope.replace("- b", "+ b")) == ["proved", "refuted"]


RIDGE = (*MATRIX[:1], r"$$ R = \| h - G b \|^2 + c \| b \|^2, \qquad c > 0 $$", r"$$ \nabla_b R = -2 G^\top (h - G b) + 2 c b $$")


def test_what_a_line_names_claims_nothing_and_its_reason_says_what_it_solves():
    solution = r"(G^\top G + c I)^{-1} G^\top h"
    for sentence in (
        rf"Setting it to zero gives $\hat{{b}} = {solution}$.",
        rf"Setting it to zero gives the minimiser $b^* = {solution}$.",
    ):
        found = claims(*RIDGE, sentence)[-1]
        assert str(found.verdict) == "skipped"
        assert found.reason.startswith("a definition; it solves the equation of line 5")
    found = claims(*RIDGE, rf"It vanishes at $b = {solution}$.")[-1]
    assert str(found.verdict) == "skipped"
    assert found.reason.startswith("a condition; it solves the equation of line 5")
    in_a_display = claims(*RIDGE, "Setting it to zero gives", rf"$$ \hat{{b}} = {solution} $$")[-1]
    assert str(in_a_display.verdict) in ("proved", "agrees")
