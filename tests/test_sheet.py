"""A sheet knows what is made of what, and in which order."""

import pytest

from indexcalc.notation.reader import parse_sheet
from indexcalc.sheet import Definition
from indexcalc.terms import Contraction, Index, Product, Range, Tensor
from tests.agreement import term_of

CHAIN = "L = o[b]*o[b]\no[b] = h[b,j]*v[j]\nh[b,j] = tanh(x[b,i]*W[i,j])\nu[k] = c*q[k]"


def test_definitions_come_after_what_they_use():
    sheet = parse_sheet(CHAIN)
    order = [definition.name for definition in sheet.in_order]
    assert sorted(order) == ["L", "h", "o", "u"]
    assert order.index("h") < order.index("o") < order.index("L")
    assert list(sheet.leaves) == ["v", "x", "W", "c", "q"]


DEPENDS = [("L", "W", True), ("L", "o", True), ("L", "L", True), ("o", "L", False), ("u", "x", False), ("W", "W", True)]


@pytest.mark.parametrize(("name", "on", "does"), DEPENDS)
def test_depends(name, on, does):
    assert parse_sheet(CHAIN).depends([name], on) is does


def test_a_definition_is_put_in_without_capture():
    m = Range("m")
    i, j, k = (Index(letter, m) for letter in "ijk")
    row = Definition("s", (i,), Contraction((j,), Product(Tensor("A", (i, j)), Tensor("x", (j,)))))
    at = row.at((j,))
    assert at.free == {j}
    assert row.at((i,)) is row.body
    assert row.at((k,)).free == {k}
    assert row.at((Index("1", m),)).free == frozenset()


def test_inline_gives_nothing_for_a_leaf():
    sheet = parse_sheet(CHAIN)
    assert sheet.inline(term_of(sheet, "x[b,i]")) is None
    assert sheet.inline(term_of(sheet, "u[k]")) is term_of(sheet, "c*q[k]")


def test_a_long_chain_is_put_in_order_without_recursion():
    lines = [f"h{step}[i] = 2*h{step - 1}[i]" for step in range(2000, 0, -1)]
    sheet = parse_sheet("\n".join([*lines, "h0[i] = x[i]"]))
    assert [definition.name for definition in sheet.in_order][:2] == ["h0", "h1"]
    assert sheet.depends(["h2000"], "x")
