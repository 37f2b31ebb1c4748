"""Cases in LaTeX: their rows become nested choices, if they cover everything exactly once."""

import pytest

from tests.notation.latex.test_trees import cause, same

ROW = r" \\ "


def cases(*rows: str) -> str:
    """Some rows as cases."""
    return rf"\begin{{cases}} {ROW.join(rows)} \end{{cases}}"


MEANS = [
    ((r"u_i & \text{if } i = j", r"0 & \text{otherwise}"), "where(i == j, u[i], 0)"),
    ((r"u_i & \text{if } i \neq j", r"0 & \text{otherwise}"), "where(i == j, 0, u[i])"),
    ((r"u_i, & \mathrm{if}\ i = j", r"0, & \mathrm{otherwise.}"), "where(i == j, u[i], 0)"),
    ((r"u_i & \text{if $i = j$}", r"0 & \text{else}"), "where(i == j, u[i], 0)"),
    ((r"u_i & i = j", r"0 & i \ne j"), "where(i == j, u[i], 0)"),
    ((r"u_i & u_i > 0", r"0 & u_i \leq 0"), "where(u[i] > 0, u[i], 0)"),
    ((r"u_i & 0 < u_i", r"c u_i & \text{if } u_i \le 0"), "where(u[i] > 0, u[i], c*u[i])"),
    ((r"1 & i < j", r"2 & i = j", r"3 & i > j"), "where(i == j, 2, where(i < j, 1, 3))"),
    ((r"1 & \text{if } i < j \text{ or } i = j", r"3 & \text{otherwise}"), "where(j < i, 3, 1)"),
    (
        (r"1 & \text{if } i = j \text{ and } j = l", r"2 & \text{if } i = j, j \neq l", r"0 & \text{if } i \neq j"),
        "where(i == j, where(j == l, 1, 2), 0)",
    ),
    ((r"1 & i = j = l", r"0 & \text{otherwise}"), "where(i == j, where(j == l, 1, 0), 0)"),
    ((r"1 & u_i > 1", r"2 & 0 < u_i, u_i \leq 1", r"3 & u_i \leq 0"), None),
    ((r"1 & i = 1", r"2 & i = 2", r"0 & i \neq 1, i \neq 2"), None),
]


@pytest.mark.parametrize(("rows", "text"), MEANS, ids=[" | ".join(rows) for rows, _ in MEANS])
def test_means(rows, text):
    if text is None:
        text = cases(*rows)
    assert same(cases(*rows), text)


def test_cases_are_factors_and_nest():
    inner = cases(r"1 & i = l", r"2 & \text{otherwise}")
    assert same("c " + cases(r"1 & i = j", r"0 & i \neq j"), "c*where(i == j, 1, 0)")
    assert same(cases(rf"{inner} & i = j", r"0 & \text{else}"), "where(i == j, where(i == l, 1, 2), 0)")
    assert same(f"-{inner}^{{2}}", "-where(i == l, 1, 2)^2")


REFUSED = [
    ((r"1 & i = j",), "no case holds where i != j"),
    ((r"1 & i = j, j = l", r"2 & i \neq j, j = l", r"0 & i \neq j, j \neq l"), "no case holds where i = j and j != l"),
    ((r"1 & i = j", r"0 & i \neq l"), "no case holds where i != j and i = l"),
    ((r"u_i & u_i > 0", r"0 & u_i < 0"), "no case holds where 0 = u[i]"),
    ((r"1 & i = j", r"2 & i = j", r"0 & i \neq j"), "two cases hold at once where i = j"),
    ((r"1 & i = j", r"2 & j = l", r"0 & \text{otherwise}"), "two cases hold at once where i = j and j = l"),
    ((r"1 & \text{otherwise}", r"2 & i = j"), "only the last case can be the one for all others"),
    ((r"1 & i = i", r"2 & i \neq i"), "both sides of this condition are the same"),
    ((r"1 & i", r"2 & j"), "a comparison is missing"),
    ((r"1", r"2"), r"\\ is not expected here"),
    (
        (*(rf"{n} & u_i = {n}" for n in range(8)), r"9 & \text{otherwise}"),
        "these cases compare too many things",
    ),
]


@pytest.mark.parametrize(("rows", "wanted"), REFUSED, ids=[" | ".join(rows)[:60] for rows, _ in REFUSED])
def test_refuses(rows, wanted):
    assert cause(cases(*rows)) == wanted
