"""Code beside formulas: the names that both have."""

import indexcalc as ic
from indexcalc.lift.judging.cells import check_cell

SHEET = ic.parse("index u : U\nindex a : A\nr[u] = s[u,a]*w[a] - t[u]\nL = 1/(2*U)*sum[u](r[u]^2)")
CODE = """import numpy as np

r = s @ w - t
L = (r ** 2).mean() / 2
dw = s.T @ r / len(s)
plot(r)
"""


def words(code):
    return [(each.line, each.name, each.formula, str(each.verdict)) for each in check_cell(SHEET, code)]


def test_names_of_the_sheet_and_gradients_are_judged():
    right = [(3, "r", "r[u]", "proved"), (4, "L", "L", "proved"), (5, "dw", "diff(L, w[a])", "proved")]
    assert words(CODE) == right


def test_the_wrong_one_is_refuted_in_its_line():
    assert words(CODE.replace("/ len(s)", ""))[2] == (5, "dw", "diff(L, w[a])", "refuted")
    assert [each[3] for each in words(CODE.replace("- t", "+ t"))] == ["refuted", "refuted", "refuted"]


def test_what_cannot_be_read_says_so():
    assert words("r = load()\nL = r.sum()") == [(1, "r", "", "unreadable"), (2, "L", "", "unreadable")]


def test_code_about_other_things_has_no_verdicts():
    assert words("q = s + 1\nprint(q)") == []


def test_what_a_call_changes_counts_behind_it():
    sheet = ic.parse("e[i,d] = E[t[i],d]\nL = sum[i,d](g[i,d]*e[i,d])")
    found = check_cell(sheet, "e = E[t]\ndE = np.zeros_like(E)\nnp.add.at(dE, t, g)")
    assert [(each.line, each.name, str(each.verdict)) for each in found] == [(1, "e", "proved"), (3, "dE", "proved")]
