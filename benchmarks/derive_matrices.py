"""How long derivatives of inverses and determinants take to derive, beside sympy's matrix symbols and tensorgrad.

    python benchmarks/derive_matrices.py

Medians of warm runs in one process, in milliseconds of processor time; caches of sympy are emptied before each run, and
indexcalc reads its sheet anew. tensorgrad (if it is installed) has an inverse and no determinant. sympy 1.14 says 0 for
the derivative of log det X by X, which is wrong; it is measured all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from statistics import median
from time import process_time
from typing import Any

import sympy as sp
from sympy.core.cache import clear_cache

import indexcalc as ic

RUNS = 9
SQUARE = "tensor A[i,j], X[i,j], B[i,j]"
GAUSSIAN = "tensor x[i], m[i], X[i,j]\nf = (x - m) @ inv(X) @ (x - m)"
n = sp.symbols("n", integer=True, positive=True)
A, B, X = (sp.MatrixSymbol(name, n, n) for name in "ABX")
x, m = (sp.MatrixSymbol(name, n, 1) for name in "xm")


def form() -> Any:
    """The exponent of a Gaussian density."""
    return (x - m).T * X.I * (x - m)


def in_tensorgrad(name: str) -> Callable[[], Any] | None:
    """The same problem for tensorgrad; none where it has no word for it."""
    if find_spec("tensorgrad") is None or name == "log det X":
        return None
    import tensorgrad as tg
    from tensorgrad.functions import inverse

    size = sp.Symbol("i")

    def run() -> Any:
        variables = {each: tg.Variable(each, i=size, j=size) for each in "ABX"}
        inner = inverse(variables["X"])
        if name == "inv X":
            return inner.grad(variables["X"]).full_simplify()
        if name == "tr(A inv(X) B)":
            left, right = variables["A"], variables["B"]
            whole = left.rename(i="b", j="i") @ inner @ right.rename(i="j", j="b")
            return whole.grad(variables["X"]).full_simplify()
        mean, point = tg.Variable("m", i=size), tg.Variable("x", i=size)
        rest = point - mean
        whole = rest @ inner @ rest.rename(i="j")
        if name == "Gaussian by the covariance":
            return whole.grad(variables["X"]).full_simplify()
        slope = whole.grad(mean)
        return (slope if name == "Gaussian by the mean" else slope.full_simplify().grad(mean)).full_simplify()

    return run


PROBLEMS: dict[str, tuple[str, str, Callable[[], Any]]] = {
    "log det X": (SQUARE, "diff(logdet(X), X)", lambda: sp.log(sp.Determinant(X)).diff(X)),
    "inv X": (SQUARE, "diff(inv(X), X)", lambda: X.I.diff(X)),
    "tr(A inv(X) B)": (SQUARE, "diff(tr(A @ inv(X) @ B), X)", lambda: sp.Trace(A * X.I * B).diff(X)),
    "Gaussian by the mean": (GAUSSIAN, "diff(f, m)", lambda: form().diff(m)),
    "Gaussian by the covariance": (GAUSSIAN, "diff(f, X)", lambda: form().diff(X)),
    "Gaussian, Hessian by the mean": (GAUSSIAN, "diff(f, m, m)", lambda: form().diff(m).diff(m)),
}


def milliseconds(run: Callable[[], Any]) -> float:
    """The median of a few warm runs."""
    run()
    times = []
    for _ in range(RUNS):
        clear_cache()
        start = process_time()
        run()
        times.append(process_time() - start)
    return 1e3 * median(times)


def main() -> None:
    """Measure and print."""
    print(f"{'':30} indexcalc      sympy tensorgrad")
    for name, (sheet, target, of_sympy) in PROBLEMS.items():
        own = milliseconds(lambda sheet=sheet, target=target: str(ic.derive(sheet, target).expression))
        other = in_tensorgrad(name)
        third = f"{milliseconds(other):8.1f}" if other is not None else "       -"
        print(f"{name:30} {own:6.1f} ms {milliseconds(of_sympy):7.1f} ms {third}{' ms' * (other is not None)}")


if __name__ == "__main__":
    main()
