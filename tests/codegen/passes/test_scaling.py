"""Numbers go to the smaller array, and sums of squares need no array of squares."""

import numpy as np
import pytest

from indexcalc import codegen
from tests.codegen.elementwise import keywords, numbers, read
from tests.codegen.test_source import body, source

CASES = [
    ("index k : 2", "3*A[i,k]*B[k,j]*c", "ij", ["return (3 * c * A) @ B"]),
    ("", "3*x[i]*B[i,j]", "ij", ["return (3 * x)[:, None] * B"]),
    ("", "x[i]*B[i,j]/c", "ij", ["return (x / c)[:, None] * B"]),
    ("", "3*sum[i](A[i,j]*B[i,k])", "jk", ["return 3 * (A.T @ B)"]),
    ("u[i,j] = x[i]*B[i,j]", "3*u[i,j]", "ij", ["u = x[:, None] * B", "out = np.multiply(u, 3, out=u)", "return out"]),
    ("", "sum[j](A[i,j]^2)", "i", ["return np.einsum('ij,ij->i', A, A)"]),
    ("", "sum[i,j](A[i,j]^2)", "", ["return np.vdot(A, A)"]),
    ("", "sum[i](A[i,j]^3)", "j", ["return (A**3).sum(axis=0)"]),
]


@pytest.mark.parametrize(("sheet", "text", "axes", "expected"), CASES)
def test_scaling(sheet, text, axes, expected):
    assert [line for line in body(source(sheet, text, axes, "numpy")) if line[0] != "#"] == expected
    reading = read(sheet, text, axes)
    loops = numbers(reading)
    function = codegen.compile(reading.term, reading.axes, reading.sheet)
    result = function(**keywords(loops, function))
    np.testing.assert_allclose(result, loops.array(reading.term, reading.axes), rtol=1e-12)
