"""What the tests of the targets share: formulas by compiled functions of an array library against Python loops."""

from __future__ import annotations

import re

import numpy as np

from indexcalc import codegen
from tests.codegen.elementwise import keywords, numbers, read


def check_numbers(backend, sheet, text, axes, array, number=np.asarray, types=(np.float64, np.float32)):
    """Dense and compressed, in two types; `array` makes an array of the library, `number` one of numpy."""
    reading = read(sheet, text, axes)
    loops = numbers(reading)
    expected = loops.array(reading.term, reading.axes)
    for structure in codegen.STRUCTURES:
        function = codegen.compile(reading.term, reading.axes, reading.sheet, backend, structure=structure)
        for dtype in types if structure == "dense" else types[:1]:
            tolerance = 1e-12 if dtype is np.float64 else 1e-4
            given = keywords(loops, function, dtype)
            given = {name: array(value) if isinstance(value, np.ndarray) else value for name, value in given.items()}
            result = function(**given)
            result = result.dense() if structure == "compressed" else number(result)
            assert result.shape == expected.shape
            np.testing.assert_allclose(result, expected, rtol=tolerance, atol=tolerance)
            if any(loops.sheet.slots.get(name) for name in function.arguments):
                assert result.dtype == dtype


def function_of_file(code):
    """The function of a generated file; what checks its arguments stands behind it."""
    space = {}
    exec(code, space)
    before = re.split(r"\n\n\ndef (?:as_tensor|check)", code)[0]
    return space[re.findall(r"^def (\w+)", before, re.MULTILINE)[-1]]


SOFTMAX_REGRESSION = """
index p : m
index q : n
z[p,q] = x[p,t]*w[t,q] + b[q]
a[p,q] = exp(z[p,q]) / sum[k](exp(z[p,k]))
CE = -1/m * sum[p,q](y[p,q]*log(a[p,q]))
"""


def softmax_regression(rows=7, scale=1.0, dtype=float):
    """Numbers for softmax regression."""
    random = np.random.default_rng(3)
    x, w, b = random.normal(size=(rows, 4)) * scale, random.normal(size=(4, 3)), random.normal(size=3)
    return {
        "x": x.astype(dtype),
        "w": w.astype(dtype),
        "b": b.astype(dtype),
        "y": np.eye(3)[random.integers(0, 3, rows)].astype(dtype),
    }
