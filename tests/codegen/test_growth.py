"""The work of writing code grows with the formula, not faster; counted, not timed."""

from __future__ import annotations

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.codegen.programs.program import Program
from indexcalc.codegen.programs.schedule import schedule
from indexcalc.codegen.writing.pen import cheap_values


def scalars(length: int) -> str:
    """A chain of scalars, each of which uses the one before twice."""
    return "\n".join(["h0 = x", *(f"h{n} = sin(h{n - 1})*h{n - 1}" for n in range(1, length + 1))])


def vectors(length: int) -> str:
    """A chain of vectors whose gradient has long formulas."""
    before = ["x", *(f"h{n}" for n in range(1, length))]
    chain = [f"h{n}[i] = exp(W{n}[i,j]*{h}[j])*{h}[i]" for n, h in enumerate(before, 1)]
    return "\n".join([*chain, f"L = h{length}[i]*y[i]"])


def statements(source: str) -> int:
    return sum(" = " in line and not line.lstrip().startswith("#") for line in source.splitlines())


def program(text: str, target: str) -> Program:
    result = ic.derive(text, target)
    return schedule({"r": (result.derived.term, result.derived.axes)}, result.sheet)


def test_a_chain_of_scalars_takes_statements_in_proportion_to_its_length() -> None:
    counts = [statements(ic.derive(scalars(n), f"diff(h{n}, x)").code()) for n in (10, 20, 40)]
    assert counts[2] - counts[1] <= 2.25 * (counts[1] - counts[0])
    assert counts[2] <= 4 * 40


def test_a_chain_of_vectors_takes_statements_in_proportion_to_its_length() -> None:
    counts = [statements(ic.derive(vectors(n), "diff(L, W1[a,b])").code()) for n in (10, 20, 40)]
    assert counts[2] - counts[1] <= 2.25 * (counts[1] - counts[0])


def test_the_operations_of_a_chain_of_scalars_are_few() -> None:
    assert len(program(scalars(40), "diff(h40, x)").values) <= 8 * 40


def test_the_chain_is_right() -> None:
    source = ic.derive(scalars(12), "diff(h12, x)").compile()
    x, step = 1.3, 1e-6

    def forward(value: float) -> float:
        for _ in range(12):
            value *= np.sin(value)
        return value

    assert source(x=x) == pytest.approx((forward(x + step) - forward(x - step)) / (2 * step), rel=1e-5)


def test_scalars_of_few_operations_are_written_twice_and_others_kept() -> None:
    values = program(scalars(12), "diff(h12, x)").values
    cheap = cheap_values(program(scalars(12), "diff(h12, x)"))
    assert len(cheap) < len(values) / 2
    few = program("y[i] = x[i]*(a+b)^2\nz[i] = x[i]/(a+b)^2 + y[i]", "z[i]")
    assert all(value in cheap_values(few) for value in few.values if not value.axes)


def test_a_sheet_is_searched_for_its_letters_once() -> None:
    """Each formula over a statement asks what letters the sheet writes where."""
    sheet = ic.derive(vectors(12), "diff(L, W1[a,b])").sheet
    assert sheet.habits is sheet.habits
    assert sheet.habits["h2", 0] == {"i": 4, "j": 1}


def test_formulas_that_are_much_too_long_are_not_written_over_statements() -> None:
    source = ic.derive(vectors(40), "diff(L, W1[a,b])").code()
    assert "# h2[i] = h1[i]*exp(h1[j]*W2[i,j])" in source
    assert all(len(line) <= 100 for line in source.splitlines() if line.lstrip().startswith("#"))


def test_gradients_through_many_affine_layers_have_code() -> None:
    """The search for exponentials takes each definition once, however deep a chain of them is."""
    count = 100
    rows = [f"h{n}[i,b] = W{n}[i,j]*h{n - 1}[j,b] + c{n}[i]" for n in range(1, count + 1)]
    text = "\n".join([*rows, f"L = sum[i,b]((h{count}[i,b] - y[i,b])^2)"])
    code = ic.gradient(text, "L", ["W1", f"c{count}"]).code("einsum")
    assert code.count("np.einsum(") > count
