"""Convolutions by torch and by jax, against numpy's views: strides, gaps, flips, ends, axes, channels."""

import numpy as np
import pytest

import indexcalc as ic

PLAIN = "y[i] = sum[k](w[k]*x[i+k-1])\nL = sum[i](y[i]^3)"
STRIDED = "y[i] = sum[k](w[k]*x[2*i+3*k-4])\nL = sum[i](y[i]^3)"
TURNED = "y[i] = sum[k](w[k]*x[i-k+m])\nindex k : m\nL = sum[i](y[i]^3)"
SAME = "index i : n\noutside x = 0\ny[b,o,i] = sum[c,k](w[o,c,k]*x[b,c,i+k-2])\nL = sum[b,o,i](y[b,o,i]^3)"
LAYER = "y[b,o,i,j] = w[o,c,k,l]*x[b,c,2*i+k-2,j+l-1]\nL = sum[b,o,i,j](y[b,o,i,j]^3)"
CHANNELS = "y[b,i] = sum[c,k](w[c,k]*x[b,i+k-1,c])\nL = sum[b,i](y[b,i]^3)"
SPACE = "y[o,i,j,k] = sum[p,q,r](w[o,p,q,r]*x[i+p-1,j+2*q-2,k+r-1])\nL = sum[o,i,j,k](y[o,i,j,k]^3)"
CASES = [
    (PLAIN, {"w": (3,), "x": (8,)}),
    (STRIDED, {"w": (3,), "x": (20,)}),
    (TURNED, {"w": (3,), "x": (9,)}),
    (SAME, {"w": (2, 3, 4), "x": (5, 3, 7)}),
    (LAYER, {"w": (2, 3, 3, 2), "x": (4, 3, 8, 7)}),
    (CHANNELS, {"w": (6, 3), "x": (2, 8, 6)}),
    (SPACE, {"w": (2, 2, 3, 2), "x": (5, 8, 6)}),
]


def gradient(name, shape):
    return f"diff(L, {name}[{','.join(f'q{place}' for place in range(len(shape)))}])"


def compared(sheet, shapes, backend, given):
    """The code for each gradient, whose values are those of numpy's."""
    codes = []
    given = {**given, "n": 7} if "index i : n" in sheet else given
    for name, shape in shapes.items():
        result = ic.derive(sheet, gradient(name, shape))
        found = np.asarray(result.compile(backend=backend)(**given))
        wanted = result.compile()(**given)
        assert found.shape == wanted.shape
        np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-12)
        codes.append(result.code(backend=backend))
    return codes


@pytest.mark.parametrize("backend", ["torch", "jax", "numba", "dask"])
@pytest.mark.parametrize(("sheet", "shapes"), CASES, ids=[str(number) for number in range(len(CASES))])
def test_gradients_are_those_of_numpy(sheet, shapes, backend):
    library = pytest.importorskip(backend)
    random = np.random.default_rng(0)
    given = {name: random.normal(size=shape) for name, shape in shapes.items()}
    if backend != "jax":
        codes = compared(sheet, shapes, backend, given)
    else:
        with library.enable_x64(True) if hasattr(library, "enable_x64") else library.experimental.enable_x64():
            codes = compared(sheet, shapes, backend, given)
    for code in codes if backend in ("torch", "jax") else ():
        body = code[code.index("def diff_L") :]
        assert "convolved(" in body and "at(at(" not in body.replace("spread(", "")


@pytest.mark.parametrize(("sheet", "shapes"), [CASES[1], CASES[4]])
def test_numpy_gives_the_differences(sheet, shapes):
    random = np.random.default_rng(1)
    given = {name: random.normal(size=shape) for name, shape in shapes.items()}
    value = ic.derive(sheet, "L").compile()
    for name, shape in shapes.items():
        slope = ic.derive(sheet, gradient(name, shape)).compile()(**given)
        step = random.normal(size=shape) * 1e-6
        sides = [value(**{**given, name: given[name] + way * step}) for way in (1, -1)]
        np.testing.assert_allclose((slope * step).sum(), (sides[0] - sides[1]) / 2, rtol=1e-6)


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_groups_and_what_is_no_convolution_stay_products(backend):
    pytest.importorskip(backend)
    for sheet in ("y[c,i] = sum[k](w[c,k]*x[c,i+k-1])", "y[i] = sum[k](w[i,k]*x[i+k-1])"):
        assert "convolved(" not in ic.derive(sheet, "y").code(backend=backend)


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_arrays_without_elements_give_zeros(backend):
    pytest.importorskip(backend)
    found = ic.derive(CASES[3][0], "y").compile(backend=backend)(w=np.ones((2, 0, 4)), x=np.ones((5, 0, 7)), n=7)
    assert found.shape == (5, 2, 7) and not np.asarray(found).any()


def test_a_stride_makes_no_array_of_all_pairs_of_places():
    code = ic.derive("y[i] = sum[k](w[k]*x[2*i+k-2])\nL = sum[i](y[i]^2)", "diff(L, x[p])").code(backend="numpy")
    assert "at(spread(y, 0, 2), 0, 0, (n_k, -1), (n_p, 1))" in code
