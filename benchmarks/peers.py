"""indexcalc beside automatic differentiation and beside experts: medians of repeats that take turns in one process.

    python benchmarks/peers.py [--seconds 1] [--backends numpy,numba] [--only TEXT] [--picture FILE.svg]

Each row is a problem: the time of the quickest backend of indexcalc, and how many times longer the others take: what an
expert writes in numpy, JAX (jit; for a Hessian the best of its modes), torch.func, HIPS autograd, and an einsum with
identity matrices. A number below its goal (issue 4) is marked with "<". The last column is how many times the physical
limit the backend takes: all bytes of arguments and results moved once at the bandwidth of a copy of that size, or the
operations of the matrix products at the speed of a large one, both measured here. All in float64; all results are
compared.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from _measure import Machine, Ways, blas, machine, medians, shown
from _problems import PROBLEMS, Problem

import indexcalc as ic

WIDTH = 54  # of a title
PEERS = ("expert", "jax", "torch", "autograd", "eye")


def own(problem: Problem, backend: str, structure: str = "dense") -> Callable[[], list[Any]]:
    """The code that indexcalc writes."""
    if problem.target:
        function: Any = ic.derive(problem.sheet, problem.target).compile(backend, structure)
        names = [name for name in problem.arrays if name in function.arguments]
        arrays = {name: problem.arrays[name] for name in names}
        return lambda: [function(**arrays)]
    gradients = ic.gradient(problem.sheet, "L", list(problem.by)).compile(backend)
    arrays = {name: problem.arrays[name] for name in problem.arrays if name in gradients.arguments}
    return lambda: list(gradients(**arrays).values())


def with_jax(problem: Problem) -> dict[str, Callable[[], list[Any]]]:
    """Automatic differentiation by JAX, compiled, on its own arrays; one entry for each mode."""
    import jax

    jax.config.update("jax_enable_x64", True)
    arrays = {name: jax.numpy.asarray(array) for name, array in problem.arrays.items()}

    def loss(wanted: dict[str, Any], rest: dict[str, Any]) -> Any:
        return problem.loss(jax.numpy, {**rest, **wanted})

    wanted = {name: arrays.pop(name) for name in problem.by}
    if problem.order == 2:
        modes = {"jax forward": jax.jacfwd(jax.grad(loss)), "jax reverse": jax.jacrev(jax.grad(loss))}
    elif problem.is_jacobian:
        modes = {"jax forward": jax.jacfwd(loss), "jax reverse": jax.jacrev(loss)}
    else:
        modes = {"jax": jax.grad(loss)}

    def way(function: Any) -> Callable[[], list[Any]]:
        return lambda: jax.block_until_ready(jax.tree_util.tree_leaves(_ordered(function(wanted, arrays), problem.by)))

    return {name: way(jax.jit(function)) for name, function in modes.items()}


def _ordered(results: dict[str, Any], names: tuple[str, ...]) -> list[Any]:
    return [results[name] for name in names]


class TorchNames:
    """The functions of torch under the names that numpy gives them, for a loss that is written for both."""

    def __init__(self, torch: Any) -> None:
        self.torch, self.dot, self.max = torch, torch.matmul, torch.amax

    def __getattr__(self, name: str) -> Any:
        return getattr(self.torch, name)

    def logaddexp(self, x: Any, y: Any) -> Any:
        """torch takes no numbers here."""
        return self.torch.logaddexp(self.torch.as_tensor(x, dtype=y.dtype), y)


def with_torch(problem: Problem) -> dict[str, Callable[[], list[Any]]]:
    """Automatic differentiation by torch.func, on its own arrays; one entry for each mode."""
    import torch

    arrays = {name: torch.as_tensor(array) for name, array in problem.arrays.items()}
    names = TorchNames(torch)
    wanted = {name: arrays.pop(name) for name in problem.by}

    def loss(wanted: dict[str, Any], rest: dict[str, Any]) -> Any:
        return problem.loss(names, {**rest, **wanted})

    function = torch.func
    if problem.order == 2:
        by = {
            "torch forward": function.jacfwd(function.jacrev(loss)),
            "torch reverse": function.jacrev(function.jacrev(loss)),
        }
    elif problem.is_jacobian:
        by = {"torch": function.jacrev(loss)}
    else:
        by = {"torch": function.grad(loss)}

    def way(mode: Any) -> Callable[[], list[Any]]:
        return lambda: [_flat(each) for each in _ordered(mode(wanted, arrays), problem.by)]

    return {name: way(mode) for name, mode in by.items()}


def _flat(result: Any) -> Any:
    """The array of a result, which a second derivative keeps under the name of its variable."""
    while isinstance(result, dict):
        (result,) = result.values()
    return result


def with_autograd(problem: Problem) -> Callable[[], list[Any]]:
    """Automatic differentiation by HIPS autograd."""
    import autograd
    import autograd.numpy as anp

    arrays = dict(problem.arrays)
    wanted = [arrays.pop(name) for name in problem.by]

    def loss(*values: Any) -> Any:
        return problem.loss(anp, {**arrays, **dict(zip(problem.by, values, strict=True))})

    if problem.order == 2:
        function = autograd.hessian(loss)
    elif problem.is_jacobian:
        function = autograd.jacobian(loss)
    else:
        function = autograd.grad(loss, tuple(range(len(wanted))))
        return lambda: list(function(*wanted))
    return lambda: [function(*wanted)]


def ways(problem: Problem, backends: list[str]) -> Ways:
    """All ways to the result of a problem, by name."""
    found: dict[str, Callable[[], list[Any]]] = {"expert": lambda: problem.expert(problem.arrays)}
    found |= {f"indexcalc {backend}": own(problem, backend) for backend in backends}
    if find_spec("jax") and "jax" not in problem.too_large:
        found |= with_jax(problem)
    if find_spec("torch") and "torch" not in problem.too_large:
        found |= with_torch(problem)
    if "autograd" not in problem.too_large:
        found["autograd"] = with_autograd(problem)
    eye = problem.eye
    if eye is not None:
        found["eye"] = lambda: eye(problem.arrays)
    return found


@dataclass(frozen=True)
class Row:
    """A row of the table.

    seconds: of the quickest target of indexcalc. ratios: how many times longer each peer takes. over: how many times
    the limit of the machine it is.
    """

    title: str
    backend: str
    seconds: float
    ratios: dict[str, float]
    goals: Mapping[str, float]
    over: float

    def __str__(self) -> str:
        cells = "".join(map(self._cell, PEERS))
        return f"{self.title:{WIDTH}} {shown(self.seconds):>10} {self.backend:7}{cells}{self.over:7.1f}x"

    def _cell(self, peer: str) -> str:
        ratio = self.ratios.get(peer)
        if ratio is None:
            return f"{'-':>8}{'':7}"
        text = f"{ratio:.2f}x" if ratio < 100 else f"{ratio:.0f}x"
        missed = ratio < self.goals.get(peer, 0)
        return f"{text:>8}{f' < {self.goals[peer]:g}' if missed else '':<7}"


def row(problem: Problem, times: dict[str, float], here: Machine) -> Row:
    """The row of a problem, from the time of each way."""
    backend, best = min(
        ((name, seconds) for name, seconds in times.items() if name.startswith("indexcalc")), key=lambda pair: pair[1]
    )
    ratios = {}
    for peer in PEERS:
        found = [seconds for name, seconds in times.items() if name.split()[0] == peer]
        if found:
            ratios[peer] = min(found) / best
    over = best / here.limit(problem.operations, problem.nbytes)
    return Row(problem.title, backend.split()[1], best, ratios, problem.goals, over)


def reduced(problem: Problem, backend: str) -> Callable[[], list[Any]]:
    """The code that indexcalc writes for the result that keeps its deltas."""
    function = own(problem, backend, "compressed")
    return lambda: [each.reduced for each in function()]


def row_by_row(problem: Problem) -> Callable[[], list[Any]]:
    """The same by JAX, for one who knows that each row of the result depends on one row of the argument only."""
    import jax

    row = problem.row
    assert row is not None
    function = jax.jit(jax.vmap(jax.jacrev(lambda argument: row(jax.numpy, argument))))
    (argument,) = (jax.numpy.asarray(problem.arrays[name]) for name in problem.by)
    return lambda: [jax.block_until_ready(function(argument))]


def compressed(problem: Problem, backends: list[str], seconds: float, here: Machine) -> Row:
    """The row of the result that keeps its deltas."""
    ways = {f"indexcalc {backend}": reduced(problem, backend) for backend in backends}
    if find_spec("jax") and problem.row is not None:
        ways["jax"] = row_by_row(problem)
    first = next(iter(ways.values()))
    same = replace(problem, title=f"{problem.title}, compressed", expert=lambda arrays: first(), goals={"jax": 3})
    return row(same, medians(ways, seconds), here)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="indexcalc beside automatic differentiation and experts.")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each row")
    parser.add_argument("--backends", default="numpy,numba", help="of indexcalc, with commas between")
    parser.add_argument("--only", default="", help="rows whose title holds this")
    parser.add_argument("--picture", type=Path, help="a file for the table as a picture")
    options = parser.parse_args()
    here, rows = machine(), list[Row]()
    print(f"{'':{WIDTH}} {'indexcalc':>18}" + "".join(f"{peer:>8}{'':7}" for peer in PEERS) + f"{'limit':>8}")
    for found in table(options.only, options.backends.split(","), options.seconds, here):
        print(found, flush=True)
        rows.append(found)
    print(f"\nnumpy {np.__version__}", here, *blas(), sep="\n")
    if options.picture:
        from _picture import draw

        draw([each for each in rows if each.ratios], options.picture)


def table(only: str, backends: list[str], seconds: float, here: Machine) -> Iterator[Row]:
    """The rows whose title holds a text, each as soon as it is measured."""
    for make in PROBLEMS:
        problem = make()
        if only in problem.title:
            yield row(problem, medians(ways(problem, backends), seconds), here)
            if problem.eye is not None:
                yield compressed(problem, backends, seconds / 2, here)


if __name__ == "__main__":
    main()
