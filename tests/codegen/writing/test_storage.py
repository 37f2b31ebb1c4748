"""Arrays that are written over: where it may be done, and that it never changes a value."""

import random

import numpy as np
import pytest

import indexcalc as ic
from indexcalc import codegen
from indexcalc.calculus.functions import FUNCTIONS
from tests.codegen.elementwise import keywords, numbers, read
from tests.codegen.test_source import body, source

IN_PLACE = [
    ("", "exp(-x[i,j])", "ij", ["out = -x", "np.exp(out, out=out)", "return out"]),
    ("", "y[i] - X[i,j]*w[j]", "i", ["out = X @ w", "np.subtract(y, out, out=out)", "return out"]),
    ("", "c*b[j] + X[i,k]*w[k,j]", "ij", ["out = X @ w", "out += c * b", "return out"]),
    ("u[i] = X[i,j]*w[j]", "tanh(u[i])*y[i]", "i", ["u = X @ w", "t1 = np.tanh(u, out=u)", "t1 *= y", "return t1"]),
    (
        "u[i] = X[i,j]*w[j]",
        "-u[i] - sum[k](u[k]*y[k])",
        "i",
        ["u = X @ w", "out = np.add(u, u @ y, out=u)", "np.negative(out, out=out)", "return out"],
    ),
]  # fmt: skip


def operation(draw: random.Random, names: list[str], is_square: bool = True) -> str:
    """A definition's right side, made of matrices."""
    a, b = (f"{draw.choice(names)}[i,j]" for _ in range(2))
    row, column = f"sum[k]({draw.choice(names)}[i,k]*0.1)", f"max[l]({draw.choice(names)}[l,j])"
    return draw.choice(
        [
            f"{a} + {b}",
            f"{a} - {b}*{a}",
            f"{b} - tanh({a})",
            f"-{a} - exp(-{b}^2)",
            f"-{a} - {row}",
            f"-{a} - sum[k]({a.replace('j]', 'k]')}*0.1)",
            f"tanh({a} - {row})",
            f"{column} - {a}",
            f"2*c*{a}*{column}",
            f"{a}/(1 + {b}^2)",
            f"{column}/(2 + tanh({a}))",
            f"sigmoid(-{a})*{b} + sigmoid({a})",
            f"sum[k]({draw.choice(names)}[i,k]*M[k,j]) + {row}",
            f"exp({a})/sum[k](exp({draw.choice(names)}[i,k]))" if draw.random() < 0.2 else f"max({a}, {b})",
            f"softmax_of_{a}",
            f"where({a} > 0, {b}, 0)*{a}",
            f"1[{a} > {b}]*{a}",
            f"{a} + delta[i,j]*{b}" if is_square else f"{a}*{b}",
        ]
    )


def random_sheet(seed: int, is_square: bool = True) -> tuple[str, str]:
    """Definitions of matrices, each of one or two of those before, and an expression of the last ones."""
    draw = random.Random(seed)
    names, lines = ["x", "y"], ["index i, j, k, l : n"] if is_square else ["index i, l : m", "index j, k : n"]
    for number in range(draw.randint(2, 7)):
        text = operation(draw, names, is_square)
        if text.startswith("softmax_of_"):
            name = text.removeprefix("softmax_of_").partition("[")[0]
            text = f"exp({name}[i,j])/sum[k](exp({name}[i,k]))"
        lines.append(f"u{number}[i,j] = {text}")
        names.append(f"u{number}")
    last = names[-1]
    if not is_square:
        return "\n".join(lines), draw.choice([f"sum[i]({last}[i,j])", f"x[i,j]*{last}[i,k]", f"M[j,k]*{last}[i,k]"])
    return "\n".join(lines), draw.choice([f"{last}[i,j]", f"{last}[i,j] - {names[-2]}[i,j]", f"tanh({last}[j,i])"])


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_random_programs_keep_their_values_and_arguments(start):
    for seed in range(start, start + 50):
        sheet, text = random_sheet(seed)
        reading = read(sheet, text, "ij")
        loops = numbers(reading, -1, 1)
        results = []
        for backend in ("einsum", "numpy"):
            function = codegen.compile(reading.term, reading.axes, reading.sheet, backend)
            given = keywords(loops, function)
            before = {name: np.copy(value) for name, value in given.items()}
            results.append(function(**given))
            assert all(np.array_equal(before[name], value) for name, value in given.items())
            assert not any(np.shares_memory(results[-1], value) for value in given.values())
        np.testing.assert_allclose(results[1], results[0], rtol=1e-11, atol=1e-11, err_msg=f"{seed}\n{sheet}\n{text}")


@pytest.mark.parametrize(("sheet", "text", "axes", "expected"), IN_PLACE)
def test_what_is_written_over(sheet, text, axes, expected):
    assert [line for line in body(source(sheet, text, axes, "numpy")) if line[0] != "#"] == expected


@pytest.mark.parametrize("name", sorted(name for name in FUNCTIONS if FUNCTIONS[name].in_place))
def test_every_function_can_write_over_its_argument(name):
    if "scipy" in FUNCTIONS[name].spelled("numpy"):
        pytest.importorskip("scipy")
    arguments = ["x[i,j]*0.3", "y[i,j]", "z[i,j]"][: FUNCTIONS[name].arity]
    reading = read("", f"{name}({', '.join(arguments)})", "ij")
    rows = {"x": [0.5, 1.0, 2.0], "y": [0.1, 0.2, 0.9], "z": [0.7, 0.3, 0.4]}
    given = {each: np.array([row]) for each, row in rows.items()}
    results = []
    for backend in ("einsum", "numpy"):
        function = codegen.compile(reading.term, reading.axes, reading.sheet, backend)
        for dtype in (np.float64, np.float32):
            results.append(function(**{each: given[each].astype(dtype) for each in function.arguments}))
            assert results[-1].dtype == dtype
    np.testing.assert_allclose(results[2], results[0], rtol=1e-15)
    assert "out=" in function.source.split("def checked")[0].rpartition('"""')[2]


def test_what_is_read_later_is_kept():
    lines = body(source("u[i] = A[i,j]*x[j]", "tanh(u[i])*sum[j](u[j]*A[j,i])", "i", "numpy"))
    assert not any("out=u" in line for line in lines)


def test_what_an_unknown_function_saw_is_kept():
    reading = read("u[i] = A[i,j]*x[j]", "f(u[i])*tanh(u[i])", "i")
    function = codegen.compile(reading.term, reading.axes, reading.sheet)
    A, x = np.eye(2), np.array([0.5, 1.0])
    assert np.array_equal(function(A=A, x=x, f=lambda u: u), x * np.tanh(x))


def test_results_share_no_memory():
    sheet = "u[i,j] = X[i,k]*W[k,j]\nh[i,j] = tanh(u[i,j])"
    results = ic.derive(sheet, "h[i,j]*u[i,j]").compile("numpy")
    X, W = np.ones((2, 3)), np.full((3, 2), 0.1)
    first, second = results(X=X, W=W), results(X=X, W=W)
    assert not np.shares_memory(first, second)
