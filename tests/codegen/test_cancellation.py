"""Differences are kept together: what is computed of numbers around a million, against arithmetic of 60 digits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.verify.precise import Precise, library
from indexcalc.verify.samples import sample

pytest.importorskip("mpmath")

OFFSET = 1e6
LOST = 1e-8  # two digits more than the difference of two such numbers loses; a square multiplied out loses twelve
EXAMPLES = Path(__file__).parents[2] / "examples"

# A sheet, the targets, and which leaves are around a million; of a matrix (in capitals) it is the diagonal that is.
SHEETS = [
    ("index i, j : n\nd[i,j] = S[i,j] - delta[i,j]*c\nJ = d[i,j]*d[i,j]\nv = sqrt(J)",
     ["v", "diff(v, S[k,l])", "diff(v, c)", "d[i,j]*d[j,k]", "d[i,j]*d[j,k]*d[k,i]"], "c S"),
    ("index i, j, k, l : 3\nt = S[k,k]\nd[i,j] = S[i,j] - delta[i,j]*t/3\nJ = d[i,j]*d[i,j]/2\nv = sqrt(3*J)",
     ["v", "diff(v, S[k,l])", "diff(J, S[k,l])", "diff(v, S[i,j], S[k,l])"], "S"),
    ("index i, j : n\nB[i,j] = A[i,j] - delta[i,j]*c\nq = x[i]*B[i,j]*x[j]",
     ["q", "diff(q, x[k])", "B[i,j]*B[j,k]", "diff(B[i,j]*B[j,i], c)"], "c A"),
    ("m = mean[i](x[i])\nv = mean[i]((x[i] - m)^2)",
     ["v", "diff(v, x[k])", "diff(sqrt(v), x[k])", "diff(v, x[k], x[l])", "diff(sqrt(v), x[k], x[l])"], "x"),
    ("v = mean[i]((x[i] - mean[j](x[j]))^2)", ["v", "diff(v, x[k])", "diff(sqrt(v), x[k])"], "x"),
    ("m = mean[i](x[i])\nk = mean[i]((x[i] - m)^3)/mean[i]((x[i] - m)^2)^(3/2)", ["k", "diff(k, x[j])"], "x"),
    ("m[a] = mean[i](x[i,a])\nC[a,b] = mean[i]((x[i,a] - m[a])*(x[i,b] - m[b]))\nL = sum[a,b](C[a,b]^2)",
     ["C[a,b]", "L", "diff(L, x[i,a])"], "x"),
    ("p = mean[i](x[i])\nq = mean[i](y[i])\n"
     "r = sum[i]((x[i] - p)*(y[i] - q))/sqrt(sum[i]((x[i] - p)^2)*sum[i]((y[i] - q)^2))",
     ["r", "diff(r, x[k])"], "x y"),
    ("v = sum[i,j]((x[i] - x[j])^2)", ["v", "diff(v, x[k])", "diff(log(v), x[k])", "diff(log(v), x[k], x[l])"], "x"),
    ("index i, j : n\nD[i,j] = sum[a]((r[i,a] - r[j,a])^2)\nE = sum[i,j](exp(-D[i,j]))",
     ["D[i,j]", "E", "diff(E, r[k,c])", "diff(E, r[k,c], r[l,b])"], "r"),
    ("index i, j : n\nE = sum[i,j](sqrt(sum[a]((r[i,a] - r[j,a])^2)))", ["E", "diff(E, r[k,c])"], "r"),
    ("D[i,j] = sum[a]((x[i,a] - y[j,a])^2)\nE = sum[i,j](w[i,j]*D[i,j])",
     ["D[i,j]", "E", "diff(E, x[k,c])", "diff(E, y[k,c])"], "x y"),
    ("L = sum[i,j](w[i,j]*(x[i] - x[j])^2)", ["L", "diff(L, x[k])"], "x"),
    ("m[j] = mean[i](x[i,j])\ns[j] = sqrt(mean[i]((x[i,j] - m[j])^2))\nz[i,j] = (x[i,j] - m[j])/s[j]\n"
     "L = sum[i,j](g[i,j]*z[i,j]^3)", ["z[i,j]", "L", "diff(L, x[k,l])"], "x"),
    ("m[i] = mean[j](x[i,j])\nv[i] = mean[j]((x[i,j] - m[i])^2)\ny[i,j] = g[j]*(x[i,j] - m[i])/sqrt(v[i] + e) + b[j]\n"
     "L = sum[i,j](c[i,j]*y[i,j])", ["y[i,j]", "diff(L, x[k,l])", "diff(L, g[k])"], "x"),
    ("L = sum[i]((y[i] - f[i])^2)", ["L", "diff(L, f[k])", "diff(sqrt(L), f[k])"], "y f"),
    ("r[i] = y[i] - a*x[i] - b\nL = sum[i](r[i]^2)", ["L", "diff(L, a)", "diff(L, b)", "diff(L, a, b)"], "y b"),
    ("L = sum[i,a,b]((x[i,a] - m[a])*p[a,b]*(x[i,b] - m[b]))",
     ["L", "diff(L, m[a])", "diff(L, x[i,a])", "diff(L, p[a,b])"], "x m"),
    ("L = exp(-(x - m)^2/(2*s^2))/s", ["L", "diff(L, m)", "diff(L, s)", "diff(L, m, m)"], "x m"),
    ("g[i,k] = exp(-(x[i] - m[k])^2/(2*s[k]^2))/s[k]\nL = sum[i](log(sum[k](w[k]*g[i,k])))",
     ["L", "diff(L, m[k])", "diff(L, s[k])", "diff(L, w[k])"], "x m"),
    ("index i, j : n\nK[i,j] = exp(-sum[a]((x[i,a] - x[j,a])^2)/2)\nf[i] = K[i,j]*w[j]",
     ["f[i]", "diff(f[i], x[k,a])"], "x"),
    ("index i, j : n\nE = sum[i,j](1/(1 + sum[a]((x[i,a] - x[j,a])^2)))", ["E", "diff(E, x[k,a])"], "x"),
    ("L = log(sum[i,j](exp(-(x[i] - y[j])^2)))", ["L", "diff(L, x[k])", "diff(L, x[k], x[l])"], "x y"),
    ("q = ((x - y)^2 + (x - z)^2)^2", ["q", "diff(q, x)", "diff(q, x, x)", "diff(q, x, y)"], "x y z"),
    ("L = sum[i]((x[i] - c)^4)", ["L", "diff(L, c)", "diff(L, c, c)", "diff(L, x[k], x[l])"], "x c"),
]  # fmt: skip
TARGETS = [(sheet, target, large) for sheet, targets, large in SHEETS for target in targets]


def error(sheet, target, large, backend):
    """The largest error of what is computed, of the largest element."""
    derivation = ic.derive(sheet, target)
    term, axes, whole = derivation.target.term, derivation.derived.axes, derivation.target.sheet
    drawn = sample(whole, (term,), 0)
    random, arrays = np.random.default_rng(1), {}
    for name, array in drawn.arrays.items():
        if name in large:
            shape = np.shape(array)
            is_matrix = name.isupper() and len(set(shape)) == 1
            array = random.normal(size=shape) + OFFSET * (np.eye(*shape) if is_matrix else 1.0)
        arrays[name] = np.asarray(array)
    wanted = Precise(replace(drawn, arrays=arrays), library(60)).array(term, axes)
    wanted = np.array(wanted, dtype=float)
    known = {name: array if array.shape else float(array) for name, array in arrays.items()}
    with np.errstate(all="ignore"):
        found = np.asarray(derivation.compile(backend=backend)(**known))
    finite = np.abs(wanted) < 1e300  # what no float can hold is of no interest
    scale = np.abs(wanted[finite]).max(initial=0)
    return np.abs(found[finite] - wanted[finite]).max(initial=0) / (scale or 1)


@pytest.mark.parametrize("backend", ["einsum", "numpy"])
@pytest.mark.parametrize(("sheet", "target", "large"), TARGETS)
def test_differences_keep_their_digits(sheet, target, large, backend):
    assert error(sheet, target, large.split(), backend) < LOST


@pytest.mark.parametrize("backend", ["numba", "jax", "torch", "dask"])
@pytest.mark.parametrize(("sheet", "target", "large"), TARGETS[::9])
def test_differences_keep_their_digits_in_all_targets(sheet, target, large, backend):
    library = pytest.importorskip(backend)
    if backend == "jax" and not library.config.jax_enable_x64:
        pytest.skip("jax computes in float32 here")
    assert error(sheet, target, large.split(), backend) < LOST


def leaves_of_examples():
    """The last derivative that each example is about, and the arguments that no fact is about."""
    for path in sorted(EXAMPLES.glob("*.ic")):
        sheet = path.read_text()
        parsed = ic.parse(sheet)
        bound = {name for fact in parsed.facts for name in fact.left.symbols | fact.right.symbols}
        checks = [line.removeprefix("check ") for line in sheet.splitlines() if line.startswith("check diff")]
        for target in (each.split(" = ")[0] for each in checks[-1:]):
            for name in sorted(parsed.leaves.keys() - bound - {"pi"}):
                yield pytest.param(sheet, target, name, id=f"{path.stem}-{name}")


@pytest.mark.parametrize(("sheet", "target", "name"), list(leaves_of_examples()))
def test_examples_keep_their_digits(sheet, target, name):
    assert error(sheet, target, [name], "numpy") < LOST


def test_the_deviator_of_a_large_pressure():
    sheet = "index i, j : n\nd[i,j] = s[i,j] - delta[i,j]*c\nJ = d[i,j]*d[i,j]\nv = sqrt(J)"
    stress = np.array([[1e8 + 1, 0.5, 0], [0.5, 1e8 - 1, 0], [0, 0, 1e8]])
    assert ic.derive(sheet, "v").compile()(s=stress, c=1e8) == pytest.approx(np.sqrt(2.5), rel=1e-12)


def test_a_von_mises_stress_is_named():
    sheet = "index i, j, k, l : 3\nt = s[k,k]\nd[i,j] = s[i,j] - delta[i,j]*t/3\nJ = d[i,j]*d[i,j]/2\nv = sqrt(3*J)"
    assert str(ic.derive(sheet, "diff(v, s[k,l])")) == "3*d[k,l]/(2*v)"
