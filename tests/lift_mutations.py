"""Mutations of right code: whatever changes the result must be refuted, and what does not must not be.

    python -m tests.lift_mutations --count 2000
    python -m tests.lift_mutations --start 17 --count 1

Each mutation changes one thing: an axis, a transposition, a sign, a factor, an operand, an operator, a subscript. The
code and its mutation are run on random arrays (it is ours), which tells whether the result is another one. A mutation
that is not refuted though it changes the result, and one that is refuted though it does not, are printed; the exit
status is 1 if there is one of the second kind, or more than 2 % of the first.
"""

from __future__ import annotations

import argparse
import ast
import copy
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import indexcalc as ic

LINEAR = "index u : U\nindex a : A\nindex c : C\nh[u,c] = s[u,a]*V[a,c] + b[c]\nL = sum[u,c](k[u,c]*h[u,c])/U"
SOFT = "index u : U\nindex a, c, d : A\np[u,a] = exp(z[u,a])/sum[d](exp(z[u,d]))\nL = sum[u,a](k[u,a]*p[u,a])"
MEAN = "index u : U\nindex a : A\nm[a] = 1/U*sum[u](s[u,a])\nv[a] = 1/U*sum[u]((s[u,a] - m[a])^2)"
MEAN += "\nE = sum[a](r[a]*v[a])"
FIT = "index u : U\nindex a : A\ne[u] = s[u,a]*w[a] - t[u]\nL = 1/(2*U)*sum[u](e[u]^2) + g/2*sum[a](w[a]^2)"
WAVE = "index u : U\nindex a : A\nindex c : C\nh[u,c] = tanh(s[u,a]*V[a,c])\nL = sum[u,c](k[u,c]*h[u,c]^2)"
PAIRS = "index a, c : A\nindex u : U\nD[a,c] = sum[u]((s[u,a] - s[u,c])^2)\nE = sum[a,c](w[a,c]*D[a,c])"
HEAD = "index u : U\nindex i, j, l : N\nindex a : A\nS[u,i,j] = Q[u,i,a]*K[u,j,a]/sqrt(A)\n"
HEAD += "O[u,i,a] = sum[j](S[u,i,j]*V[u,j,a])"
ROUNDS = "out = np.zeros_like(V)\nfor u in range(len(s)):\n    out += np.outer(s[u], k[u])\nout / len(s)"
STEPS = "out = g * w\nfor u in range(len(t)):\n    out = out + s[u] * (s[u] @ w - t[u]) / len(t)\nout"
BASES = [
    (LINEAR, "diff(L, V[a,c])", "s.T @ k / len(s)"),
    (LINEAR, "diff(L, V[a,c])", "np.einsum('ua,uc->ac', s, k) / s.shape[0]"),
    (LINEAR, "diff(L, s[u,a])", "k @ V.T / k.shape[0]"),
    (LINEAR, "diff(L, b[c])", "k.sum(axis=0) / len(k)"),
    (LINEAR, "diff(L, b[c])", "k.mean(axis=0)"),
    (LINEAR, "h[u,c]", "np.dot(s, V) + b"),
    (LINEAR, "diff(L, V[a,c])", ROUNDS),
    (LINEAR, "diff(L, V[a,c])", "np.tensordot(s, k, axes=(0, 0)) / len(k)"),
    (SOFT, "diff(L, z[u,a])", "p * (k - (p * k).sum(axis=1, keepdims=True))"),
    (SOFT, "diff(L, z[u,a])", "q = p * k\nq - p * q.sum(axis=1)[:, None]"),
    (SOFT, "diff(L, z[u,a])", "p * k - np.einsum('ua,ud,ud->ua', p, p, k)"),
    (SOFT, "p[u,a]", "e = np.exp(z - z.max(axis=1, keepdims=True))\ne / e.sum(axis=1, keepdims=True)"),
    (SOFT, "diff(p[u,a], z[u,c])", "np.einsum('ua,ac->uac', p, np.eye(p.shape[1])) - np.einsum('ua,uc->uac', p, p)"),
    (SOFT, "diff(p[u,a], z[u,c])", "p[:, :, None] * (np.eye(p.shape[1]) - p[:, None, :])"),
    (MEAN, "v[a]", "((s - s.mean(axis=0)) ** 2).sum(axis=0) / len(s)"),
    (MEAN, "v[a]", "d = s - np.mean(s, axis=0)\nnp.mean(d * d, axis=0)"),
    (MEAN, "diff(E, s[u,a])", "2 * r * (s - s.mean(axis=0)) / len(s)"),
    (FIT, "diff(L, w[a])", "s.T @ (s @ w - t) / len(t) + g * w"),
    (FIT, "diff(L, w[a])", "e = np.dot(s, w) - t\nnp.einsum('ua,u->a', s, e) / len(e) + g * w"),
    (FIT, "diff(L, w[a])", STEPS),
    (FIT, "L", "0.5 * np.mean((s @ w - t) ** 2) + 0.5 * g * np.sum(w ** 2)"),
    (FIT, "diff(L, w[a], w[c])", "s.T @ s / len(s) + g * np.eye(len(w))"),
    (WAVE, "diff(L, V[a,c])", "h = np.tanh(s @ V)\n2 * s.T @ (k * h * (1 - h ** 2))"),
    (WAVE, "diff(L, s[u,a])", "h = np.tanh(s @ V)\n2 * (k * h * (1 - h * h)) @ V.T"),
    (PAIRS, "diff(E, s[u,a])", "2 * (s * (w + w.T).sum(axis=1) - s @ (w + w.T))"),
    (PAIRS, "D[a,c]", "((s[:, :, None] - s[:, None, :]) ** 2).sum(axis=0)"),
    (HEAD, "S[u,i,j]", "Q @ K.swapaxes(1, 2) / np.sqrt(Q.shape[2])"),
    (HEAD, "O[u,i,a]", "S = np.einsum('uia,uja->uij', Q, K) / np.sqrt(Q.shape[-1])\nnp.einsum('uij,uja->uia', S, V)"),
]
SIZES = {"U": 3, "A": 4, "C": 5, "N": 6}
Tree = ast.AST
Change = Callable[[], None]


def names_of(sheet: ic.Sheet) -> dict[str, str]:
    """The names that code may use: the tensors of the sheet."""
    return {name: name for name in sheet.slots}


# ----- Mutations -------------------------------------------------------------------------------------------------


def _axis(node: Tree, source: random.Random, names: list[str]) -> Iterator[Change]:
    if isinstance(node, ast.keyword) and node.arg == "axis" and isinstance(node.value, ast.Constant):
        for new in {0, 1, -1} - {node.value.value}:
            yield lambda new=new: setattr(node, "value", ast.Constant(new))
        yield lambda: setattr(node, "value", ast.Constant(None))
    if isinstance(node, ast.Call) and any(each.arg == "keepdims" for each in node.keywords):
        yield lambda: setattr(node, "keywords", [each for each in node.keywords if each.arg != "keepdims"])


def _transposition(node: Tree, source: random.Random, names: list[str]) -> Iterator[Change]:
    if isinstance(node, ast.BinOp):
        for side in ("left", "right"):
            child = getattr(node, side)
            if isinstance(child, ast.Attribute) and child.attr == "T":
                yield lambda side=side, child=child: setattr(node, side, child.value)
            elif isinstance(child, ast.Name):
                yield lambda side=side, child=child: setattr(node, side, ast.Attribute(child, "T", ast.Load()))


def _sign(node: Tree, source: random.Random, names: list[str]) -> Iterator[Change]:
    if isinstance(node, ast.Expr):
        yield lambda: setattr(node, "value", ast.UnaryOp(ast.USub(), node.value))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        yield lambda: setattr(node, "op", other)


def _factor(node: Tree, source: random.Random, names: list[str]) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and node.value:
        yield lambda: setattr(node, "value", node.value + 1)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Mult):
        for side in ("left", "right"):
            yield lambda side=side: _become(node, getattr(node, side))
    if isinstance(node, ast.Expr):
        factor = ast.Constant(source.choice((2, 0.5, 3)))
        yield lambda: setattr(node, "value", ast.BinOp(node.value, ast.Mult(), factor))
        size = ast.parse(f"len({source.choice(names)})", mode="eval").body
        yield lambda: setattr(node, "value", ast.BinOp(node.value, ast.Div(), size))


def _operator(node: Tree, source: random.Random, names: list[str]) -> Iterator[Change]:
    others: dict[type[ast.operator], ast.operator] = {
        ast.MatMult: ast.Mult(),
        ast.Mult: ast.Div(),
        ast.Div: ast.Mult(),
        ast.Add: ast.Mult(),
    }
    if isinstance(node, ast.BinOp) and type(node.op) in others:
        yield lambda: setattr(node, "op", others[type(node.op)])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.MatMult | ast.Div):
        yield lambda: _exchange(node)
    if isinstance(node, ast.Attribute) and node.attr in ("sum", "mean", "max"):
        yield lambda: setattr(node, "attr", {"sum": "mean", "mean": "sum", "max": "min"}[node.attr])
    if isinstance(node, ast.AugAssign):
        yield lambda: setattr(node, "op", ast.Sub())


def _operand(node: Tree, source: random.Random, names: list[str]) -> Iterator[Change]:
    if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load):
        for new in names:
            if new != node.id:
                yield lambda new=new: setattr(node, "id", new)


def _subscript(node: Tree, source: random.Random, names: list[str]) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "->" in node.value:
        letters = sorted({letter for letter in node.value if letter.isalpha()})
        places = [n for n, letter in enumerate(node.value) if letter.isalpha()]
        for place in places:
            new = source.choice([letter for letter in letters if letter != node.value[place]])
            text = node.value[:place] + new + node.value[place + 1 :]
            yield lambda text=text: setattr(node, "value", text)
    if isinstance(node, ast.Tuple) and len(node.elts) > 1 and any(isinstance(each, ast.Slice) for each in node.elts):
        yield lambda: setattr(node, "elts", node.elts[::-1])
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
        yield lambda: setattr(node, "slice", ast.Constant(1 - node.slice.value if node.slice.value < 2 else 0))


RULES = (_axis, _transposition, _sign, _factor, _operator, _operand, _subscript)


def _exchange(node: ast.BinOp) -> None:
    """Exchange the operands of a node."""
    node.left, node.right = node.right, node.left


def _become(node: ast.BinOp, other: ast.expr) -> None:
    """Let a node be the operand that it has: x / n is x."""
    node.left, node.op, node.right = other, ast.Mult(), ast.Constant(1)


def mutation(seed: int) -> tuple[str, str, str, str, str]:
    """A sheet, a target, right code, a mutation of it, and its kind."""
    source = random.Random(seed)
    while True:
        sheet, target, code = BASES[source.randrange(len(BASES))]
        names = sorted(name for name in ic.parse(sheet).slots if f"{name}" in code)
        tree = ast.parse(code)
        rule = RULES[source.randrange(len(RULES))]
        changes = [change for node in ast.walk(tree) for change in rule(node, source, names)]
        if not changes:
            continue
        source.choice(changes)()
        text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(tree)))
        if text != ast.unparse(ast.parse(code)):
            return sheet, target, code, text, rule.__name__.lstrip("_")


# ----- The truth -------------------------------------------------------------------------------------------------


def ran(code: str, arrays: dict[str, Any]) -> np.ndarray:
    """The value of the last expression of code of this module."""
    tree = ast.parse(code)
    names = {"np": np, **{name: np.array(value) for name, value in arrays.items()}}
    with np.errstate(all="ignore"):
        exec(compile(ast.Module(tree.body[:-1], []), "code", "exec"), names)
        last = tree.body[-1]
        assert isinstance(last, ast.Expr)
        return np.asarray(eval(compile(ast.Expression(last.value), "code", "eval"), names))


def same(sheet: ic.Sheet, one: str, other: str) -> bool:
    """Whether two pieces of code give the same array on random ones."""
    for seed in range(3):
        numbers = np.random.default_rng(seed)
        arrays = {
            name: numbers.uniform(0.5, 1.5, [SIZES[range.label] for range in ranges])
            for name, ranges in sheet.slots.items()
        }
        arrays |= {name: ran_definition(sheet, name, arrays) for name in ("p",) if name in sheet.definitions}
        first = ran(one, arrays)
        try:
            second = ran(other, arrays)
        except (ValueError, TypeError, IndexError, AttributeError):
            return False
        if first.shape != second.shape or not np.allclose(first, second, rtol=1e-9, equal_nan=True):
            return False
    return True


def ran_definition(sheet: ic.Sheet, name: str, arrays: dict[str, Any]) -> np.ndarray:
    """The value of a tensor that the sheet defines: here that of p, a softmax of z."""
    exponents = np.exp(arrays["z"])
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True))


def judged(seed: int) -> tuple[str, bool, str, str]:
    """The verdict on a mutation, whether the result is the same, the code, and the kind of the change."""
    text, target, right, code, kind = mutation(seed)
    sheet = ic.parse(text)
    verdict = ic.check_code(sheet, target, code, names=names_of(sheet))
    return str(verdict), same(sheet, right, code), code, kind


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--count", type=int, default=2000)
    options = parser.parse_args()
    words: Counter[tuple[str, str]] = Counter()
    wrong = missed = changed = 0
    for seed in range(options.start, options.start + options.count):
        verdict, equal, code, kind = judged(seed)
        words["the same" if equal else "another result", verdict] += 1
        changed += not equal
        if equal and verdict == "refuted":
            wrong += 1
        elif not equal and verdict != "refuted":
            missed += 1
        else:
            continue
        print(f"{seed} {kind} {'the same' if equal else 'another result'}: {verdict}: {code!r}")
    for (result, verdict), count in sorted(words.items()):
        print(f"{result:16} {verdict:12} {count}")
    print(f"{changed - missed} of {changed} that change the result are refuted; {wrong} of the others are")
    return int(wrong > 0 or missed > 0.02 * changed)


if __name__ == "__main__":
    sys.exit(main())
