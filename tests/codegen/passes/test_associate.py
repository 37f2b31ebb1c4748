"""Operations of several values put together otherwise: the same results, by fewer operations where that pays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest

import indexcalc as ic
from indexcalc import codegen
from indexcalc.codegen.passes import associate
from indexcalc.codegen.passes.cost import cost
from indexcalc.codegen.programs.order import in_pairs, is_open
from indexcalc.codegen.programs.program import Program
from indexcalc.codegen.running.run import load
from indexcalc.codegen.source import Job
from indexcalc.results import given_of
from indexcalc.terms import Range
from tests.codegen.chains import chain
from tests.strategies import random_problem

Sizes = Mapping[str, int]


def job(text: str, by: list[str], structure: str = "dense") -> Job:
    """The gradients of L."""
    results = ic.gradient(text, "L", by)
    wanted = {name: (each.derived.term, each.derived.axes) for name, each in results.items()}
    return codegen.prepare(wanted, results.sheet, "einsum", structure=structure)


def planned(program: Program, sizes: Sizes) -> tuple[Program, float, float]:
    """The program in another association, what it costs, and what the first one costs."""

    def size(range_: Range) -> int:
        return sizes[range_.label]

    found = associate.associated(program, size, is_open)
    return found, *(cost(in_pairs(each, size, is_open), size) for each in (found, program))


def letters(program: Program) -> set[frozenset[str]]:
    """The sizes of all arrays that the program makes."""
    return {frozenset(axis.range.label for axis in value.axes) for value in program.values if not value.is_free}


# ----- The value is unchanged ------------------------------------------------------------------------------------


def all_ways(program: Program, rounds: int) -> Iterator[Program]:
    """Everything that postponing makes of a program, whether it costs less or more."""
    if rounds:
        for found in associate.ways(program, lambda range_: 3):
            yield found
            yield from all_ways(found, rounds - 1)


def is_unchanged(work: Job, seed: int, most: int) -> int:
    """Run a program and what it is made into, with sizes that all differ; how many were run."""
    source = work.write()
    ranges = {range_ for each in source.signature.arguments for range_ in each.ranges}
    ranges |= {each.size for each in source.signature.arguments if each.size is not None}
    ordered = sorted(ranges, key=lambda range_: (range_.label, range_.named))
    sizes = {range_: range_.size or number for number, range_ in enumerate(ordered, 2)}
    random = np.random.default_rng(seed)
    arguments: dict[str, Any] = {}
    for each in source.signature.arguments:
        shape = tuple(sizes[range_] for range_ in each.ranges)
        arguments[each.identifier] = sizes[each.size] if each.size else random.uniform(0.5, 1.5, shape)
        if each.is_function:
            arguments[each.identifier] = np.tanh
    expected = load(source.source, source.name)(**arguments)
    count = 0
    for program in islice(all_ways(work.program, 2), most):
        code = replace(work, program=program).write()
        results = load(code.source, code.name)(**arguments)
        pairs = zip(results, expected, strict=True) if len(code.results) > 1 else [(results, expected)]
        for result, true in pairs:
            scale = np.abs(true).max(initial=0)
            np.testing.assert_allclose(result, true, rtol=1e-6, atol=1e-9 * scale + 1e-12, err_msg=code.source)
        count += 1
    return count


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try all classes of letters, however little they cost."""
    monkeypatch.setattr(associate, "LEAST_SHARE", 0.0)
    monkeypatch.setattr(associate, "MOST_TRIED", 50)


@pytest.mark.usefixtures("everything")
def test_random_chains_keep_their_values() -> None:
    count = 0
    for seed in range(12):
        text, leaves, _ = chain(seed)
        sheet = ic.parse(text)
        count += is_unchanged(job(text, [name for name in leaves if name in sheet.slots]), seed, 25)
    assert count > 60


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("structure", ["dense", "compressed"])
def test_random_sheets_keep_their_values(structure: str) -> None:
    count = 0
    for seed in range(40):
        problem = random_problem(seed)
        result = ic.derive(problem.sheet, problem.target)
        terms = {"r": (result.derived.term, result.derived.axes)}
        given = given_of(result.sheet, [result.target], ())
        count += is_unchanged(codegen.prepare(terms, result.sheet, "einsum", given, structure), seed, 10)
    assert count > 5


# ----- What is made ----------------------------------------------------------------------------------------------


def affine(layers: int) -> tuple[str, list[str]]:
    """A network without anything between its layers."""
    lines = [f"h{n}[i,b] = W{n}[i,j]*{'x' if n == 1 else f'h{n - 1}'}[j,b] + c{n}[i]" for n in range(1, layers + 1)]
    names = [f"{letter}{n}" for letter in "Wc" for n in range(1, layers + 1)]
    return "\n".join([*lines, f"L = sum[i,b]((h{layers}[i,b] - y[i,b])^2)"]), names


def test_a_large_batch_is_met_once() -> None:
    work = job(*affine(6))
    found, after, before = planned(work.program, {"i": 128, "b": 4096})
    assert after < before / 4
    assert {"i", "b"} not in letters(found)
    assert planned(work.program, {"i": 512, "b": 16})[0] is work.program


def test_operations_are_proportional_to_the_layers() -> None:
    counts = [len(planned(job(*affine(layers)).program, {"i": 16, "b": 512})[0].values) for layers in (4, 8, 16)]
    assert counts[2] - counts[1] <= 2.1 * (counts[1] - counts[0])


FACTORISATION = "L = sum[i,j]((T[i,j] - U[i,k]*V[j,k])^2)"


def test_two_indices_that_pay_only_together() -> None:
    sizes = {"i": 300, "j": 300, "k": 5}
    for by in (["U"], ["U", "V"]):
        found, after, before = planned(job(FACTORISATION, by).program, sizes)
        assert after < before / 2
        assert {"i", "j"} not in letters(found)


def test_an_axis_of_the_result_that_one_factor_has() -> None:
    text = "\n".join(
        [
            "h[b,i] = relu(x[b,j]*W[j,i])",
            "g[b,i] = relu(h[b,j]*U[j,i])",
            "z[b,i] = g[b,k]*V[k,i]",
            "p[b,i] = exp(z[b,i])/sum[l](exp(z[b,l]))",
            "L = -sum[b,i](y[b,i]*log(p[b,i]))",
            "assume sum[i](y[b,i]) = 1",
        ]
    )
    result = ic.derive(text, "diff(L, W[a,c], W[d,e])")
    program = codegen.schedule({"r": (result.derived.term, result.derived.axes)}, result.sheet)
    _, after, before = planned(program, {"b": 32, "i": 40})
    assert after < before / 2


def test_squares_of_differences_are_not_taken_apart() -> None:
    """sum (h - y)^2 as sum h^2 - 2 sum h*y + sum y^2 would lose all digits of a small residual."""
    sheet = ic.parse(affine(2)[0])
    arrays = {name: np.random.default_rng(len(name)).normal(size=(8, 8)) for name in ("W1", "W2")}
    arrays |= {"x": np.random.default_rng(1).normal(size=(8, 4000)), "c1": np.zeros(8), "c2": np.ones(8)}
    exact = arrays["W2"] @ (arrays["W1"] @ arrays["x"]) + 1
    noise = np.random.default_rng(2).normal(size=exact.shape)
    function = ic.gradient(sheet, "L", ["W1", "c2"], value=True).compile()
    value = function(y=exact + 1e-9 * noise, **arrays)["L"]
    np.testing.assert_allclose(value, 1e-18 * np.sum(noise**2), rtol=1e-4)


def test_the_einsum_target_stays_as_it_is_written() -> None:
    result = ic.gradient(FACTORISATION, "L", ["U"])
    assert "T - np.einsum" in result.code("einsum")
    function = result.compile("numpy")
    arrays = {"T": np.ones((300, 300)), "U": np.ones((300, 5)), "V": np.ones((300, 5))}
    np.testing.assert_allclose(function(**arrays)["U_bar"], result.compile("einsum")(**arrays)["U_bar"])
    assert any("V.T @ V" in source for source in function._runs)


@pytest.mark.parametrize("backend", ["jax", "torch", "numba", "dask"])
def test_every_other_target_uses_it(backend: str) -> None:
    pytest.importorskip(backend)
    text, names = affine(3)
    random = np.random.default_rng(0)
    sheet = ic.parse(text)
    shapes = {name: (32, 3000) if name in "xy" else (32,) * len(sheet.slots[name]) for name in sheet.leaves}
    arrays = {name: random.normal(size=shape) for name, shape in shapes.items()}
    expected = ic.gradient(sheet, "L", names).compile("einsum")(**arrays)
    function = ic.gradient(sheet, "L", names).compile(backend)
    results = function(**arrays)
    assert len(function._runs) == 2  # for any sizes, and for these
    tolerance = 1e-4 if backend == "jax" else 1e-8
    for name, true in expected.items():
        least = tolerance * np.abs(true).max()
        np.testing.assert_allclose(np.asarray(results[name]), true, tolerance, least, err_msg=name)
