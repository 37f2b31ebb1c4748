"""Random problems with shifts and recurrences against plain loops: python -m tests.shift_campaign 0 300 [backend].

Each gradient of each problem is compared with complex steps through the loops of the rule.
"""

from __future__ import annotations

import sys

import numpy as np

import indexcalc as ic
from tests.notation.shifts.loops import drawn, every, slope
from tests.notation.shifts.problems import problem


def failure(seed: int, backend: str = "numpy", limit: int = 3) -> str:
    """What is wrong with the value and the gradients of one problem; empty if nothing is."""
    made = problem(seed)
    arrays = drawn(made.shapes, seed)
    given = {name: as_array(values, made.shapes[name]) for name, values in arrays.items()}
    try:
        wanted = made.loss_at(arrays, {})
    except OverflowError:
        return ""
    if abs(wanted) > 1e6:
        return ""
    value = float(ic.derive(made.sheet, "L").compile(backend=backend)(**given))
    if not np.isclose(value, wanted.real, rtol=1e-9, atol=1e-11):
        return f"L is {value}, and {wanted.real} by loops"
    for name in list(made.shapes)[:limit]:
        if name not in made.sheet:
            continue
        shape = made.shapes[name]
        letters = [f"q{place}" for place in range(len(shape))]
        target = f"diff(L, {name}[{','.join(letters)}])" if shape else f"diff(L, {name})"
        found = np.asarray(ic.derive(made.sheet, target).compile(backend=backend)(**given))
        truth = np.array([slope(made, arrays, name, place) for place in every(shape)]).reshape(shape)
        if found.shape != truth.shape or not np.allclose(found, truth, rtol=1e-8, atol=1e-10):
            return f"{target} is {found.tolist()}, and {truth.tolist()} by loops"
    return ""


def as_array(values: dict[tuple[int, ...], complex], shape: tuple[int, ...]) -> np.ndarray | float:
    """A leaf as indexcalc takes it."""
    array = np.array([values[place] for place in every(shape)], dtype=float).reshape(shape)
    return array if shape else float(array)


def main() -> int:
    """Run the problems of some seeds."""
    first, last = int(sys.argv[1]), int(sys.argv[2])
    backend = sys.argv[3] if len(sys.argv) > 3 else "numpy"
    failed = 0
    for seed in range(first, last):
        try:
            message = failure(seed, backend)
        except Exception as error:  # whatever it is, it is a failure of the problem
            message = f"{type(error).__name__}: {error}"
        if message:
            failed += 1
            print(f"seed {seed}:\n{problem(seed).sheet}\n  {message[:600]}")
    print(f"{last - first - failed} of {last - first} agree")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
