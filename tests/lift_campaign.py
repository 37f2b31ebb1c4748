"""What indexcalc generates, read back: the code of each target must be proved, or shown by numbers, to be its formula.

    python -m tests.lift_campaign --count 1000
    python -m tests.lift_campaign --start 17 --count 1 --show

A failure (refuted, or an error) is printed with its seed; what cannot be read is counted. The exit status is 1 if there
is a failure.
"""

from __future__ import annotations

import argparse
import ast
import signal
import sys
from collections import Counter
from typing import Any

import indexcalc as ic
from indexcalc.notation.reader import read_target
from tests.strategies import random_problem

BACKENDS = ("numpy", "einsum", "jax", "torch")
# Helpers that check arguments, save memory, or keep clear of overflow: functions that are known under other names.
CHECKS = ("checked", "check_axes", "zeros", "as_tensor", "sigmoid", "sigmoid_of_minus", "erf", "polynomial", "gelu")
KNOWN = {"zeros": "np.zeros", "sigmoid": "scipy.special.expit", "erf": "scipy.special.erf"}
KNOWN |= {"gelu": "torch.nn.functional.gelu"}
LIMIT = 60  # seconds for a problem


def formula_part(code: str) -> str:
    """Generated code without what checks its arguments."""
    tree = ast.parse(code)
    kept = [each for each in tree.body if not (isinstance(each, ast.FunctionDef) and each.name in CHECKS)]
    for node in (each for part in kept for each in ast.walk(part)):
        if isinstance(node, ast.FunctionDef):
            node.body = [each for each in node.body if not _calls(each, "checked")]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "sigmoid_of_minus":
                node.func.id, node.args[0] = "sigmoid", ast.UnaryOp(ast.USub(), node.args[0])
            if node.func.id in KNOWN:
                node.func = ast.parse(KNOWN[node.func.id], mode="eval").body
    tree.body = kept
    return ast.unparse(ast.fix_missing_locations(tree))


def _calls(node: ast.stmt, name: str) -> bool:
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == name
    )


def read_back(sheet: str | ic.Sheet, target: str, backend: str) -> Any:
    """The verdict on the code of a target, and the code."""
    known = ic.parse(sheet) if isinstance(sheet, str) else sheet
    code = formula_part(ic.derive(known, target).code(backend=backend))
    asked = read_target(known, target).sheet
    sizes = {range.label for range in asked.letters.values() if range.named}
    arguments = {
        each.arg for node in ast.walk(ast.parse(code)) if isinstance(node, ast.arguments) for each in node.args
    }
    names = {name: name for name in (*asked.slots, *(sizes & arguments))}
    return ic.check_code(known, target, code, names=names), code


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--backends", nargs="+", default=list(BACKENDS))
    options = parser.parse_args()
    words: Counter[tuple[str, str]] = Counter()
    failed = False
    signal.signal(signal.SIGALRM, _late)
    for seed in range(options.start, options.start + options.count):
        problem = random_problem(seed)
        for backend in options.backends:
            signal.alarm(LIMIT)
            try:
                verdict, code = read_back(problem.sheet, problem.target, backend)
            except (ic.IndexcalcError, TimeoutError) as error:
                words[backend, type(error).__name__] += 1
                continue
            except Exception as error:
                print(f"{seed} {backend}: {type(error).__name__}: {error}")
                failed = True
                continue
            finally:
                signal.alarm(0)
            words[backend, str(verdict)] += 1
            wrong = str(verdict) == "refuted"
            failed = failed or wrong
            if wrong or options.show or str(verdict) == "unreadable":
                print(f"{seed} {backend}: {verdict}: {verdict.reason[:160]}")
            if options.show:
                print(problem.sheet, problem.target, code, sep="\n")
    for (backend, word), count in sorted(words.items()):
        print(f"{backend:8} {word:16} {count}")
    return int(failed)


def _late(*_: Any) -> None:
    raise TimeoutError


if __name__ == "__main__":
    sys.exit(main())
