"""What is read is what the libraries do: each piece of code is run, and its term is evaluated on the same arrays.

Labels t (m of them, among n) and tt (6 among 3) stand for the one-hot tensors Y and Q.
"""

import ast
from dataclasses import replace

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.lift.errors import LiftError
from indexcalc.lift.judging.given import given_values
from indexcalc.lift.judging.results import result_of
from indexcalc.verify.reference import Reference
from indexcalc.verify.samples import sample
from tests.lift import further_snippets as further
from tests.lift.snippets import JAX, NUMPY, SCIPY, TORCH

LETTERS = "index i, k : m\nindex j, l : n\nindex a : 6\nindex c : 5\nindex w, g : 3\nindex z, q : 2\nindex e, d : 4\n"
SLOTS = "A[i,j] B[i,j] x[j] u[i] S[i,k] T[i,j,l] N[j,l] G[a,c] H[c,a] v[a] f[w] I[z,w,a,c] K[e,w,z,g] J[z,w,a] L[e,w,g]"
SLOTS += " s Y[i,j] Q[a,w] bias[e] M3[w,g] gam[c] P[i,z,j] E4[e,d]"
SHEET = ic.parse(f"{LETTERS}R = sum[i,k,j,l,a,c,w,g,z,q,e,d]({'*'.join(SLOTS.split())})")
GIVEN = [name for name in SHEET.slots if name not in ("R", "Y", "Q")]
LABELS = {"t": "Y", "tt": "Q"}
IMPORTS = {
    "numpy": "import numpy as np",
    "scipy": "import numpy as np\nimport scipy\nimport scipy.linalg\nimport scipy.signal\nimport scipy.special\n"
    "from scipy import signal",
    "torch": "import torch\nimport torch.nn.functional as F",
    "jax": "import jax\nimport jax.numpy as jnp\nimport jax.scipy\nfrom jax import lax",
}


@pytest.mark.parametrize("code", NUMPY + further.NUMPY)
def test_numpy(code):
    assert_as_run("numpy", code, np.asarray)


@pytest.mark.parametrize("code", SCIPY)
def test_scipy(code):
    pytest.importorskip("scipy")
    assert_as_run("scipy", code, np.asarray)


@pytest.mark.parametrize("code", TORCH + further.TORCH)
def test_torch(code):
    torch = pytest.importorskip("torch")
    kept = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        assert_as_run("torch", code, torch.as_tensor)
    finally:
        torch.set_default_dtype(kept)


@pytest.mark.parametrize("code", further.EINOPS)
def test_einops(code):
    pytest.importorskip("einops")
    assert_as_run("numpy", f"import einops\n{code}", np.asarray)


@pytest.mark.parametrize("code", JAX + further.JAX)
def test_jax(code):
    jax = pytest.importorskip("jax")
    with jax.enable_x64():
        assert_as_run("jax", code, jax.numpy.asarray)


def assert_as_run(library, code, made):
    """Check a piece of code. Fails where it cannot be read."""
    source = f"{IMPORTS[library]}\n{code}"
    names = {name: name for name in (*GIVEN, "m", "n")}
    value, reader = result_of(source, given_values(SHEET, names, LABELS), SHEET)
    world = labelled(sample(reader.sheet or SHEET, (value.term,), 1))
    lengths = [int(np.prod([world.sizes[index.range] for index in axis.factors], dtype=int)) for axis in value.axes]
    reference = Reference(world)
    array = np.asarray(reference.array(value.term, value.indices)).reshape(lengths)
    if value.hidden is not None:
        hidden = np.asarray(reference.array(value.hidden, value.indices)).reshape(lengths)
        array = np.where(hidden > 0.5, -np.inf, array)
    expected = ran(source, world, made)
    assert array.ndim == expected.ndim
    cut = tuple(slice(length) for length in expected.shape)
    np.testing.assert_allclose(array[cut], expected, rtol=1e-6, atol=1e-9)


def labelled(world):
    """The world with one-hot rows in the tensors that labels stand for."""
    numbers = np.random.default_rng(3)
    arrays = dict(world.arrays)
    for name in LABELS.values():
        rows = arrays[name].shape
        arrays[name] = np.eye(rows[-1])[numbers.integers(0, rows[-1], rows[:-1])]
    return replace(world, arrays=arrays)


def ran(source, world, made):
    """The value of the last expression of code of this module's tables."""
    sizes = {range.label: size for range, size in world.sizes.items()}
    names = {name: made(np.array(world.arrays[name], dtype=float)) for name in GIVEN}
    names |= {label: made(world.arrays[name].argmax(-1)) for label, name in LABELS.items()}
    names |= {each: sizes[each] for each in ("m", "n")}
    tree = ast.parse(source)
    exec(compile(ast.Module(tree.body[:-1], []), "code", "exec"), names)
    last = tree.body[-1]
    assert isinstance(last, ast.Expr)
    found = eval(compile(ast.Expression(last.value), "code", "eval"), names)
    if isinstance(found, tuple | list):
        found = np.stack([np.asarray(each) for each in found])
    return np.asarray(found.detach().numpy() if hasattr(found, "detach") else found, dtype=float)


UNREAD = [
    ("np.argmax(A, axis=1)", "line 1: the function numpy.argmax is not known"),
    ("np.sum(A, dtype=int)", "line 1: sum with numbers of kind int"),
    ("np.cov(A, B)", "line 1: cov with the argument y"),
    ("v.reshape(2, 3, order='F')", "line 1: reshape with the argument order"),
    ("F.dropout(A)", "line 1: random numbers are not known"),
    ("F.rms_norm(A, (n,))", "line 1: rms_norm without eps, which hangs on the type of numbers"),
    ("F.avg_pool2d(I, 2, ceil_mode=True)", "line 1: avg_pool2d with the argument ceil_mode"),
    ("jnp.vectorize(jnp.dot, signature='(n),(n)->()')(A, B)", "line 1: np.vectorize with a signature"),
    (
        "h = u[0]\nfor i in range(m):\n    h = s * h + u[i]\nh",
        "line 4: a value is handed from one round of a loop to the next",
    ),
    (
        "o = np.zeros(m)\nfor i in range(m):\n    for k in range(2):\n        o[i - k] = u[i]\no",
        "line 5: a value is handed from one round of a loop to the next",
    ),
    ("w = A.T.ravel()\nw[0] = 0\nA", "line 3: an array was changed that perhaps shares elements with this one"),
    (
        "import torch\nC = A.double()\nC.zero_()\nA",
        "line 4: an array was changed that perhaps shares elements with this one",
    ),
    (
        "jax.grad(lambda w: jnp.linalg.det(w))(M3)",
        "line 1: a derivative through an inverse, a determinant or the like",
    ),
    ("jnp.sin(v)[9]", "line 1: place 9 is outside an axis of length 6, into which jax moves it"),
    ("max([u.sum(), x.sum()], key=lambda z: -z)", "line 1: max with the argument key"),
    ("[a for a in u if a > 1]", "line 1: a comprehension with a condition"),
    ("torch.zeros_like(A).scatter_(1, t[:, None], u[:, None], reduce='add')", "line 1: scatter with these arguments"),
    (
        "jax.grad(lambda z: (jax.lax.stop_gradient(z) * z).sum())(x)",
        "line 1: stop_gradient in what is differentiated",
    ),
    (
        "@jax.custom_vjp\ndef f(z):\n    return z ** 2\njax.grad(lambda z: f(z).sum())(x)",
        "line 1: the derivative of a function that brings its own",
    ),
    (
        "@functools.lru_cache\ndef f(a):\n    return a\nf(A)",
        "line 1: the decorator functools.lru_cache",
    ),
]


@pytest.mark.parametrize(("code", "words"), UNREAD)
def test_what_is_not_known_is_said(code, words):
    names = {name: name for name in (*GIVEN, "m", "n")}
    with pytest.raises(LiftError) as caught:
        result_of(code, given_values(SHEET, names, LABELS), SHEET)
    assert str(caught.value) == words
    assert caught.value.word == "unreadable"
