"""Terms taken apart by their deltas, and results that keep them."""

import numpy as np
import pytest

from indexcalc.codegen import Structured, compile
from indexcalc.codegen.preparing.structure import Structure
from indexcalc.notation.writing.text import write
from tests.codegen.elementwise import read


def parts(sheet, text, axes):
    """Each part as text: the equal indices and the term."""
    reading = read(sheet, text, axes)
    return {
        ",".join(sorted("=".join(sorted(index.name for index in each)) for each in part.equal)): write(
            part.term, reading.sheet
        )
        for part in Structure(reading.sheet.definitions).parts(reading.term)
    }


APART = [
    ("", "x[i]*y[j]", "ij", {"": "x[i]*y[j]"}),
    ("", "delta[i,j]", "ij", {"i=j": "1"}),
    ("", "delta[i,j]*delta[j,k]", "ijk", {"i=j=k": "1"}),
    ("", "delta[i,j]^2*x[i]", "ij", {"i=j": "x[i]"}),
    ("", "a[p,q]*delta[p,r]*(delta[q,s] - a[p,s])", "pqrs", {"p=r": "-a[p,q]*a[p,s]", "p=r,q=s": "a[p,q]"}),
    ("", "sum[k](delta[i,k]*x[k])", "i", {"": "x[i]"}),
    ("", "sum[k](delta[i,k]*delta[j,k]*x[k])", "ij", {"i=j": "x[i]"}),
    ("", "sum[k]((delta[i,k] - a[i,k])*x[k])", "i", {"": "x[i] + sum[k](-a[i,k]*x[k])"}),
    ("", "delta[i,1]*x[j]", "ij", {"1=i": "x[j]"}),
    ("", "delta[i,1]*delta[i,2]*x[j]", "ij", {}),
    ("", "exp(delta[i,j])", "ij", {"": "exp(delta[i,j])"}),
    ("", "where(i == j, x[i]*delta[i,k], 0)", "ijk", {"i=j=k": "x[i]"}),
    ("D[i,j] = delta[i,j]*x[i]", "D[i,j]*D[j,k]", "ik", {"i=k": "x[i]^2"}),
]


@pytest.mark.parametrize(("sheet", "text", "axes", "expected"), APART)
def test_parts(sheet, text, axes, expected):
    found = parts(sheet, text, axes)
    if "x[i]^2" in expected.values():  # the product keeps both factors
        found = {
            key: value.replace("x[i]*x[k]", "x[i]^2").replace("x[i]*x[i]", "x[i]^2") for key, value in found.items()
        }
    assert found == expected


def test_a_product_with_very_many_parts_is_left_whole():
    text = "*".join(f"(delta[i,j] + x{number}[i])*(delta[k,l] + y{number}[k])" for number in range(6))
    reading = read("", text, "ijkl")
    assert len(Structure({}).parts(reading.term)) <= 64
    arrays = {name: np.full(2, 0.5) for name in reading.sheet.slots}
    result = compile(reading.term, reading.axes, reading.sheet)(**arrays)
    factor = np.eye(2) + 0.5
    np.testing.assert_allclose(result, np.einsum("ij,kl->ijkl", factor**6, factor**6))


def example():
    reduced = np.arange(6.0).reshape(2, 3)
    return Structured(reduced, ("p", "q"), ("p", "q", "p", "1", "r"), ("a", "b", "c", "d", "e"), (2, 3, 2, 4, 5))


def test_structured():
    result = example()
    assert result.deltas == (("a", "c"),)
    assert result.nbytes == 48
    assert result.dtype == np.float64
    assert repr(result) == "Structured(2x3x2x4x5 where a = c, d = 1, 48 bytes)"
    dense = result.dense()
    expected = np.zeros((2, 3, 2, 4, 5))
    for p in range(2):
        expected[p, :, p, 0, :] = result.reduced[p][:, None]
    assert np.array_equal(dense, expected)
    assert np.array_equal(np.asarray(result, np.float32), expected.astype(np.float32))


def test_structured_into_a_given_array():
    out = np.zeros((2, 3, 2, 4, 5))
    assert example().dense(out) is out
    assert out.sum() == 75.0


def test_structured_numbers():
    assert Structured(np.asarray(2.0), (), (), (), ()).dense() == 2.0
    assert Structured(np.asarray(2.0), (), ("i", "i"), ("i", "j"), (2, 2)).dense().tolist() == [[2.0, 0.0], [0.0, 2.0]]
