"""A backend whose library is missing: its code can be written, but not compiled."""

import pytest

import indexcalc as ic
from indexcalc.codegen.running import library


@pytest.mark.parametrize("backend", ["dask", "jax", "numba", "torch"])
def test_a_missing_library_is_named_with_its_remedy(monkeypatch, backend):
    monkeypatch.setattr(library, "find_spec", lambda name: None)
    result = ic.derive("L = sum[i](exp(x[i]))", "diff(L, x[i])")
    assert "def diff_L_x(x)" in result.code(backend=backend)
    with pytest.raises(ic.IndexcalcError, match=rf"which is not installed\. pip install indexcalc\[{backend}\]"):
        result.compile(backend=backend)
