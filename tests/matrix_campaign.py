"""Random sheets in matrix notation: derivatives of first and second order against jax, or against differences.

    python -m tests.matrix_campaign --count 3000
    python -m tests.matrix_campaign --start 500 --count 100 --backends numpy,torch --show

A problem is a number f made of traces, determinants, inverses, solutions, Cholesky factors, norms and products of a few
tensors; it is written twice, as text for the sheet and as a function of arrays. What is compared is the result of the
generated code, for derivatives of f by one tensor or by two.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

import indexcalc as ic

Arrays = Mapping[str, Any]
Value = Callable[[Any, Arrays], Any]  # of a module like numpy, and the arrays
SIZES = {"i": 3, "k": 2, "n": 5}
SHAPES = {"A": "ii", "B": "ii", "P": "ii", "S": "ii", "U": "ik", "X": "ni", "u": "i", "v": "i", "y": "n", "c": ""}
HEAD = """tensor A[i,i'], B[i,i'], P[i,i'], S[i,i'], U[i,k], X[n,i], u[i], v[i], y[n]
assume posdef P
symmetric S
assume c > 0
"""


@dataclass(frozen=True)
class Form:
    """A formula: its text, what holds it together, and its value."""

    text: str
    value: Value
    is_atom: bool = True

    @property
    def atom(self) -> str:
        """The text, in brackets unless it needs none."""
        return self.text if self.is_atom else f"({self.text})"


def leaf(name: str) -> Form:
    """A tensor."""
    return Form(name, lambda xp, a: a[name])


class Maker:
    """Makes formulas of some depth."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def pick(self, *makers: Callable[[], Form]) -> Form:
        """One of some formulas."""
        return self.chance.choice(makers)()

    # ----- Matrices, all of them regular -----------------------------------------------------------------------

    def square(self, depth: int) -> Form:
        """A regular matrix."""
        if depth <= 0:
            return leaf(self.chance.choice("ABPS"))
        return self.pick(
            lambda: self.square(0),
            lambda: self.turned(self.square(depth - 1)),
            lambda: self.product(self.square(depth - 1), self.square(depth - 1)),
            lambda: self.called("inv", self.square(depth - 1), lambda xp, x: xp.linalg.inv(x)),
            lambda: self.definite(depth - 1),
            lambda: self.shifted(self.square(0)),
        )

    def definite(self, depth: int) -> Form:
        """A positive definite matrix of a form that is seen to be symmetric."""
        if depth <= 0:
            return leaf("P")
        inner = self.pick(lambda: leaf("X"), lambda: self.square(depth - 1))
        gram = self.product(self.turned(inner), inner)
        return self.pick(lambda: leaf("P"), lambda: self.shifted(gram), lambda: self.sum(gram, leaf("P")))

    def turned(self, x: Form) -> Form:
        """A transpose."""
        return Form(f"{x.atom}.T", lambda xp, a: x.value(xp, a).T)

    def product(self, x: Form, y: Form) -> Form:
        """A product of matrices or vectors."""
        return Form(f"{x.atom} @ {y.atom}", lambda xp, a: x.value(xp, a) @ y.value(xp, a), False)

    def sum(self, x: Form, y: Form) -> Form:
        """A sum."""
        return Form(f"{x.text} + {y.atom}", lambda xp, a: x.value(xp, a) + y.value(xp, a), False)

    def shifted(self, x: Form) -> Form:
        """X + c*eye."""
        return Form(f"{x.text} + c*eye", lambda xp, a: x.value(xp, a) + a["c"] * np.eye(SIZES["i"]), False)

    def called(self, name: str, x: Form, value: Callable[[Any, Any], Any]) -> Form:
        """A function of a formula."""
        return Form(f"{name}({x.text})", lambda xp, a: value(xp, x.value(xp, a)))

    # ----- Vectors ---------------------------------------------------------------------------------------------

    def vector(self, depth: int) -> Form:
        """A vector."""
        if depth <= 0:
            return leaf(self.chance.choice("uv"))
        return self.pick(
            lambda: self.vector(0),
            lambda: self.product(self.square(depth - 1), self.vector(depth - 1)),
            lambda: self.solved(self.square(depth - 1), self.vector(depth - 1)),
            lambda: self.product(self.turned(leaf("X")), leaf("y")),
            lambda: self.called("tanh", self.vector(depth - 1), lambda xp, x: xp.tanh(x)),
            lambda: self.called("diag", self.square(depth - 1), lambda xp, x: xp.diagonal(x)),
        )

    def solved(self, x: Form, y: Form) -> Form:
        """solve(X, y)."""
        return Form(f"solve({x.text}, {y.text})", lambda xp, a: xp.linalg.inv(x.value(xp, a)) @ y.value(xp, a))

    # ----- Numbers ---------------------------------------------------------------------------------------------

    def number(self, depth: int) -> Form:
        """A number."""
        square, vector = (lambda: self.square(depth)), (lambda: self.vector(depth))
        return self.pick(
            lambda: self.called("tr", square(), lambda xp, x: xp.trace(x)),
            lambda: self.called("logdet", square(), lambda xp, x: xp.linalg.slogdet(x)[1]),
            lambda: self.called("det", self.square(depth - 1), lambda xp, x: xp.linalg.det(x)),
            lambda: Form(*self.norm(vector()), is_atom=True),
            lambda: self.dotted(vector(), vector()),
            lambda: self.of_factor(self.definite(depth)),
            lambda: self.called("tr", self.rectangular(), lambda xp, x: xp.trace(x)),
            lambda: self.total(),
        )

    def norm(self, x: Form) -> tuple[str, Value]:
        """A squared norm."""
        return f"norm({x.text})^2", lambda xp, a: xp.sum(x.value(xp, a) ** 2)

    def dotted(self, x: Form, y: Form) -> Form:
        """x @ y."""
        return Form(f"({x.atom} @ {y.atom})", lambda xp, a: x.value(xp, a) @ y.value(xp, a))

    def of_factor(self, x: Form) -> Form:
        """The trace of a Cholesky factor."""
        return Form(f"tr(chol({x.text}))", lambda xp, a: xp.trace(xp.linalg.cholesky(x.value(xp, a))))

    def rectangular(self) -> Form:
        """U.T @ M @ U."""
        inner = self.square(1)
        return self.product(self.product(self.turned(leaf("U")), inner), leaf("U"))

    def total(self) -> Form:
        """A sum or a product of numbers, or a function of one."""
        x, y = self.number(1), self.number(1)
        return self.pick(
            lambda: Form(f"({x.text} - 2*{y.text})", lambda xp, a: x.value(xp, a) - 2 * y.value(xp, a)),
            lambda: Form(f"({x.text}*{y.text})", lambda xp, a: x.value(xp, a) * y.value(xp, a)),
            lambda: Form(f"log(1 + {x.text}^2)" if x.text[-2:] != "^2" else f"log(1 + {x.text})",
                         lambda xp, a: xp.log(1 + x.value(xp, a) ** (2 if x.text[-2:] != "^2" else 1))),
        )  # fmt: skip


def arrays_of(seed: int) -> dict[str, np.ndarray]:
    """Numbers: regular matrices, one definite and one symmetric."""
    chance = np.random.default_rng(seed)
    found = {
        name: chance.uniform(-1, 1, [SIZES[letter] for letter in letters]) for name, letters in SHAPES.items()
    }
    for name in ("A", "B", "S"):
        found[name] = found[name] + 2.5 * np.eye(SIZES["i"])
    found["S"] = (found["S"] + found["S"].T) / 2
    found["P"] = found["P"] @ found["P"].T + np.eye(SIZES["i"])
    return {**found, "c": np.asarray(0.7)}


def projected(array: np.ndarray, by: tuple[str, ...]) -> np.ndarray:
    """A derivative by entries that vary by themselves, made one along symmetric matrices where the sheet says so."""
    start = 0
    for name in by:
        if name == "S":
            array = (array + np.swapaxes(array, start, start + 1)) / 2
        start += len(SHAPES[name])
    return array


def truth(form: Form, given: dict[str, np.ndarray], by: tuple[str, ...]) -> np.ndarray:
    """The derivative, by jax or by differences."""
    if find_spec("jax") is None:
        return projected(_differences(form, given, by), by)
    import jax
    import jax.numpy as jnp

    def value(*moved: Any) -> Any:
        return form.value(jnp, {**given, **dict(zip(dict.fromkeys(by), moved, strict=True))})

    function, names = value, list(dict.fromkeys(by))
    for name in by:
        function = jax.jacfwd(function, names.index(name)) if function is not value else jax.grad(
            value, names.index(name))  # fmt: skip
    with jax.enable_x64(True):
        return projected(np.asarray(function(*[jnp.asarray(given[name]) for name in names])), by)


def _differences(form: Form, given: dict[str, np.ndarray], by: tuple[str, ...]) -> np.ndarray:
    """Central differences, one inside the other."""
    if not by:
        return np.asarray(form.value(np, given))
    *rest, name = by
    slopes = []
    step = 1e-3 if len(by) > 1 else 1e-5
    for place in np.ndindex(given[name].shape):
        sides = []
        for sign in (1, -1):
            moved = given[name].copy()
            moved[place] += sign * step
            sides.append(_differences(form, {**given, name: moved}, tuple(rest)))
        slopes.append((sides[0] - sides[1]) / (2 * step))
    shape = (*slopes[0].shape, *given[name].shape)
    return np.moveaxis(np.stack(slopes), 0, -1).reshape(shape)


def problem(seed: int) -> tuple[Form, tuple[str, ...]]:
    """A number, and what it is differentiated by."""
    maker = Maker(seed)
    order = 1 + (maker.chance.random() < 0.4)
    form = maker.number(3 - order)
    present = [name for name in SHAPES if name in _names(form.text)]
    # jax reads one triangle of what it takes the Cholesky factor of, so P is no variable there
    allowed = [name for name in present if name != "P" or "chol" not in form.text] or present
    return form, tuple(maker.chance.choice(allowed) for _ in range(order))


def _names(text: str) -> set[str]:
    import re

    return set(re.findall(r"\b[A-Za-z]\b", text))


def fault(seed: int, backends: tuple[str, ...] = ("numpy",)) -> str:
    """What is wrong with a problem; empty if nothing is."""
    form, by = problem(seed)
    given = arrays_of(seed)
    target = f"diff(f, {', '.join(by)})"
    expected = truth(form, given, by)
    if not np.isfinite(expected).all() or np.abs(expected).max() > 1e8:
        return ""
    try:
        result = ic.derive(f"{HEAD}f = {form.text}", target)
        for backend in backends:
            function = result.compile(backend)
            names = set(result.sheet.slots) & set(given)
            found = np.asarray(function(**{name: given[name] for name in names if name in function.arguments}))
            loose = 1e-4 if found.dtype == np.float32 else 1e-7 if find_spec("jax") else 2e-4
            np.testing.assert_allclose(found, expected, rtol=loose, atol=loose * max(1.0, np.abs(expected).max()))
    except Exception as error:
        return f"{type(error).__name__}: {str(error).strip()[:600]}"
    return ""


def main() -> int:
    """Run the seeds asked for and report."""
    parser = argparse.ArgumentParser(description="Random derivatives in matrix notation against jax.")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--backends", default="numpy")
    parser.add_argument("--show", action="store_true", help="print every problem")
    options = parser.parse_args()
    wrong = 0
    for seed in range(options.start, options.start + options.count):
        form, by = problem(seed)
        found = fault(seed, tuple(options.backends.split(",")))
        if found or options.show:
            print(f"seed {seed}: f = {form.text}; by {', '.join(by)}\n    {found}", flush=True)
        wrong += bool(found)
    print(f"{options.count - wrong} of {options.count} problems right")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
