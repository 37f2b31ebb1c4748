"""What a call of a compiled function costs above its operations: the least of many repeats, in microseconds.

    python benchmarks/overhead.py

`call`: the function with its keywords; `operations`: the generated code alone, on the same arrays; `overhead`: the
difference, which should be below 5 us. `check`: what the line costs with which a generated file checks its arguments; a
compiled function has done that before.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable
from typing import Any

import numpy as np

import indexcalc as ic
from indexcalc.codegen.running.run import load

REPEATS, CALLS = 50, 2000
FACTORISATION = "L = sum[i,j]((T[i,j] - U[i,k]*V[j,k])^2)"
SOFTMAX_REGRESSION = """
index p : m
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
L = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1
"""


def normal(*shape: int) -> np.ndarray:
    """Random numbers."""
    return np.random.default_rng(len(shape)).normal(size=shape)


PROBLEMS: dict[str, tuple[Callable[[], Any], dict[str, Any]]] = {
    "inner product of 5": (
        lambda: ic.derive("c = x[i]*y[i]", "c").compile(),
        {"x": normal(5), "y": normal(5)},
    ),
    "two numbers": (lambda: ic.derive("c = x*y", "c").compile(), {"x": 2.0, "y": 3.0}),
    "softmax regression 150 x 4 x 3": (
        lambda: ic.gradient(SOFTMAX_REGRESSION, "L", ["w", "b"]).compile(),
        {"x": normal(150, 4), "w": normal(4, 3), "b": normal(3), "y": np.eye(3)[np.arange(150) % 3]},
    ),
    "factorisation n=300, compressed": (
        lambda: ic.derive(FACTORISATION, "diff(L, U, U)").compile(structure="compressed"),
        {"T": normal(300, 300), "V": normal(300, 5)},
    ),
}


def least(function: Callable[[], Any]) -> float:
    """The least time of a call, in microseconds."""
    return min(timeit.repeat(function, number=CALLS, repeat=REPEATS)) / CALLS * 1e6


def main() -> None:
    """Print the table."""
    print(f"{'us':35}{'call':>9}{'operations':>12}{'overhead':>10}{'check':>8}")
    for title, (make, arrays) in PROBLEMS.items():
        function = make()
        function(**arrays)
        checked, code = (load(text, function.name) for text in (function.source, function._code.unchecked))
        values = [arrays[name] for name in function.arguments]
        positional = [value if np.ndim(value) else np.float64(value) for value in values]
        call, operations = least(lambda f=function, a=arrays: f(**a)), least(lambda f=code, a=positional: f(*a))
        check = least(lambda f=checked, a=positional: f(*a)) - operations
        print(f"{title:35}{call:9.2f}{operations:12.2f}{call - operations:10.2f}{check:8.2f}")


if __name__ == "__main__":
    main()
