"""What is read is what numpy does: code is run on arrays here, and its term is evaluated on the same ones."""

import ast

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.lift.errors import LiftError
from indexcalc.lift.judging.given import given_values
from indexcalc.lift.judging.results import result_of
from indexcalc.verify.reference import Reference
from indexcalc.verify.samples import sample

SHEET = ic.parse("index i, k : m\nindex j, l : n\ny[i] = A[i,j]*x[j]*u[i]")
CODES = [
    "A @ x",
    "A[:, ::-1] @ x",
    "A.T * u",
    "np.kron(u, x)",
    "np.outer(u, x).reshape(n, m)",
    "A.reshape(-1)[::-1].reshape(n, m)",
    "np.roll(A, 1, axis=1) + A",
    "A[1:] - A[:-1]",
    "np.diff(A, axis=0).sum()",
    "np.cumsum(A, axis=1)[:, -1] * u",
    "np.triu(np.outer(x, x), 1).sum(0)",
    "np.tril(np.outer(x, x)) @ x",
    "np.einsum('ij,kj->ik', A, A)[::-1]",
    "np.stack([A, A * 2], axis=1)",
    "np.concatenate([x[1:], x[:1]])",
    "np.where(A > A.mean(), A, 0).sum(1)",
    "A.std(axis=0, ddof=1)",
    "np.linalg.norm(A, axis=1, keepdims=True) * A",
    "B = A\nB *= 2\nA.sum()",
    "B = A.copy()\nB *= 2\nA.sum()",
    "B = np.asarray(A)\nB += 1\nA.sum(0)",
    "B = A.ravel()\nB *= 3\nA",
    "B = A.flatten()\nB *= 3\nA",
    "B = A.T\nB[:, 0] = 0\nA",
    "A[np.arange(m), 0] += 1\nA",
    "A[:, 1] = A[:, 0]\nA",
    "A[A > 1] = 0\nA",
    "A[0], A[1] = A[1], A[0]\nA",
    "out = 0 * A\nfor i in range(m):\n    for j in range(1, n):\n        out[i, j] = A[i, j] - A[i, j - 1]\nout",
    "out = np.zeros(m)\nfor i in range(m):\n    for j in range(n):\n        out[i] = A[i, j]\nout",
    "o = 0 * u\nfor i in range(m):\n  for j in range(n):\n    if j > i:\n      continue\n    o[i] += A[i, j]\no",
    "s = 0\nfor i in range(m):\n    for k in range(i - 1, m):\n        s += u[i] * u[k]\ns",
    "s = 1.0\nfor v in x:\n    s *= v\ns",
    "s = x[0]\nfor v in x:\n    s = max(s, v)\ns",
    "np.array([[u[i] * x[j] for j in range(n)] for i in range(m)])",
    "rows = []\nfor i, row in enumerate(A):\n    rows.append(row * i)\nnp.array(rows)",
    "np.ones((m, n), dtype=int) * A",
    "np.full((n, m), 0.5) + u",
    "np.tile(x, (m, 1)) + np.repeat(u[:, None], n, axis=1)",
    "np.tensordot(A, A, axes=([0], [0]))",
    "np.fill_diagonal(B := np.outer(x, x), 0) or B",
    "x^2",
]


@pytest.mark.parametrize("code", CODES)
def test_the_term_has_the_values_that_numpy_gives(code):
    names = {name: name for name in ("A", "x", "u", "m", "n")}
    try:
        value, _ = result_of(f"import numpy as np\n{code}", given_values(SHEET, names, {}))
    except LiftError as error:
        if error.word != "refuted":
            return  # what is not read claims nothing
        value = None
    world = sample(SHEET, () if value is None else (value.term,), 1)
    sizes = {range.label: size for range, size in world.sizes.items()}
    given = {name: np.array(world.arrays[name]) for name in ("A", "x", "u")} | {each: sizes[each] for each in "mn"}
    if value is None:
        with pytest.raises((TypeError, ValueError, IndexError, AttributeError)):
            ran(code, given)
        return
    lengths = [np.prod([world.sizes[index.range] for index in axis.factors], dtype=int) for axis in value.axes]
    array = np.asarray(Reference(world).array(value.term, value.indices)).reshape(lengths)
    expected = np.asarray(ran(code, given), dtype=float)
    cut = tuple(slice(length) for length in expected.shape)
    assert array.ndim == expected.ndim
    np.testing.assert_allclose(array[cut], expected, rtol=1e-9)


def ran(code, given):
    """The value of the last expression of code that this test wrote itself."""
    tree = ast.parse(code)
    names = {"np": np, **given}
    exec(compile(ast.Module(tree.body[:-1], []), "code", "exec"), names)
    return eval(compile(ast.Expression(tree.body[-1].value), "code", "eval"), names)
