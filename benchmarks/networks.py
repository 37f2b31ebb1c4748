"""All gradients of products of many tensors and of decompositions, beside JAX and an expert's numpy, in turn.

    python benchmarks/networks.py [--seconds 2] [--only TEXT] [--peak]

JAX differentiates the same loss, compiled, with the path that opt_einsum finds (dp). Each number is the
median of repeats that take turns in one process; all results are compared. With --peak the most memory that a call
allocates, by tracemalloc, in place of times. float64.
"""

from __future__ import annotations

import argparse
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
from _measure import blas, medians, shown
from _networks import NETWORKS, Network

import indexcalc as ic


def own(network: Network) -> Callable[[], list[Any]]:
    """The code that indexcalc writes for numpy."""
    function = ic.gradient(network.sheet, "L", list(network.by)).compile("numpy")
    return lambda: list(function(**network.arrays).values())


def with_jax(network: Network) -> Callable[[], list[Any]]:
    """JAX's gradient of the loss."""
    import jax
    import opt_einsum

    jax.config.update("jax_enable_x64", True)
    fixed = {name: jax.numpy.asarray(array) for name, array in network.arrays.items() if name not in network.by}
    moving = {name: jax.numpy.asarray(network.arrays[name]) for name in network.by}

    def einsum(text: str, *operands: Any) -> Any:
        path = opt_einsum.contract_path(text, *(each.shape for each in operands), shapes=True, optimize="dp")[0]
        return jax.numpy.einsum(text, *operands, optimize=path)

    gradient = jax.jit(jax.grad(lambda wanted: network.loss(jax.numpy, einsum, {**fixed, **wanted})))
    return lambda: jax.block_until_ready([gradient(moving)[name] for name in network.by])


def ways(network: Network) -> dict[str, Callable[[], list[Any]]]:
    """All ways to the gradients."""
    found = {"indexcalc": own(network)}
    if network.expert is not None:
        found["expert"] = lambda: network.expert(network.arrays)
    return found | {"jax": with_jax(network)}


def peak(way: Callable[[], list[Any]]) -> float:
    """The most bytes that a call has allocated at once."""
    way()
    tracemalloc.start()
    way()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return float(most)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--only", default="")
    parser.add_argument("--peak", action="store_true")
    options = parser.parse_args()
    print(f"{'all gradients':<38}{'indexcalc':>12}{'expert':>10}{'jax':>10}")
    for make in NETWORKS:
        network = make()
        if options.only not in network.title:
            continue
        found = ways(network)
        if options.peak:
            found.pop("jax")
            amounts = {name: peak(way) for name, way in found.items()}
            first = f"{amounts['indexcalc'] / 2**20:.1f} MiB"
        else:
            amounts = medians(found, options.seconds)
            first = shown(amounts["indexcalc"])
        ratios = [f"{amounts[n] / amounts['indexcalc']:.2f}x" if n in amounts else "-" for n in ("expert", "jax")]
        print(f"{network.title:<38}{first:>12}" + "".join(f"{each:>10}" for each in ratios), flush=True)
    print(f"\nnumpy {np.__version__}", *blas(), sep="\n")


if __name__ == "__main__":
    main()
