"""Axes of size 0: what numpy gives, or an error that names the argument."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.codegen import BACKENDS
from tests.codegen.backends import function_of_file

MODULES = {"einsum": "numpy", "dask": "dask.array"}
SHEET = "index i : m\nindex j : n\n"
FINE = [
    ("sum[i](x[i,j]*y[i])", "j", (4,), {"x": (0, 4), "y": (0,)}),
    ("x[i,j]*w[j]", "i", (0,), {"x": (0, 4), "w": (4,)}),
    ("x[i,j]*w[j]", "i", (3,), {"x": (3, 0), "w": (0,)}),
    ("exp(x[i,j])", "ij", (0, 4), {"x": (0, 4)}),
    ("max[j](x[i,j])", "i", (0,), {"x": (0, 4)}),
    ("softmax", "ij", (0, 4), {"x": (0, 4)}),
    ("prod[i](y[i])", "", (), {"y": (0,)}),
]
REFUSED = [
    ("max[i](x[i,j])", {"x": (0, 4)}),
    ("logsumexp[j](x[i,j])", {"x": (3, 0)}),
    ("mean[i](x[i,j])", {"x": (0, 4)}),
    ("sum[i](y[i])/m", {"y": (0,)}),
    ("sum[i](y[i])*log(m)", {"y": (0,)}),
    ("y[2]*c", {"y": (0,), "c": ()}),
]


def both(target, backend):
    """The compiled function, and that of the file."""
    pytest.importorskip(MODULES.get(backend, backend))
    softmax = "a[i,j] = exp(x[i,j])/sum[k](exp(x[i,k]))\n" if target == "softmax" else ""
    result = ic.derive(SHEET + softmax, "a[i,j]" if softmax else target)
    return result.compile(backend), function_of_file(result.code(backend=backend))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("target", "axes", "shape", "shapes"), FINE)
def test_empty_arrays(backend, target, axes, shape, shapes):
    if backend == "dask" and target in ("max[j](x[i,j])", "softmax"):
        pytest.skip("dask takes no maximum of chunks that are empty along another axis")
    for function in both(target, backend):
        found = np.asarray(function(**{name: np.ones(each) for name, each in shapes.items()}))
        assert found.shape == shape and found.dtype == (np.float32 if backend == "jax" else np.float64)
        assert np.all(found == (1 if target.startswith("prod") else 0))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("target", "shapes"), REFUSED)
def test_what_needs_a_value_is_refused(backend, target, shapes):
    compiled, function = both(target, backend)
    given = {name: np.ones(each) for name, each in shapes.items()}
    name = next(iter(given))
    with pytest.raises(ic.IndexcalcError, match=rf"axis \d of {name}"):
        compiled(**given)
    with pytest.raises(ValueError, match=rf"{name} has the axes \(.*>=.*\).*; got the shape \(.*0.*\)"):
        function(**given)
