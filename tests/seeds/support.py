"""What the tests of the seeds share: the example sheets, and numbers from generated code."""

from functools import cache
from pathlib import Path

import numpy as np

import indexcalc as ic

EXAMPLES = Path(__file__).parents[2] / "examples"
BACKENDS = ("einsum", "numpy")


@cache
def sheet(name):
    """The sheet examples/NAME.ic."""
    return ic.parse((EXAMPLES / f"{name}.ic").read_text())


def value(name, target, backend, **arrays):
    """What the generated code of a target of an example gives for these arrays."""
    return ic.derive(sheet(name), target).compile(backend=backend)(**arrays)


def close(got, wanted, rtol=1e-12, atol=1e-15):
    """Assert that two arrays have one shape and the same numbers."""
    assert np.shape(got) == np.shape(wanted)
    np.testing.assert_allclose(got, wanted, rtol=rtol, atol=atol)
