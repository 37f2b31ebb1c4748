"""Arrays spread over devices: what jax code says of where results live, on devices that a process pretends to have."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import indexcalc as ic

pytest.importorskip("jax", "0.7")
ROOT = Path(__file__).parents[2]
SOFTMAX = """
index p : m
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
L = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1
"""

CHECKS = '''
import itertools, re, sys
import numpy as np
import jax
import indexcalc as ic
from jax.sharding import AxisType, NamedSharding, PartitionSpec as P

jax.config.update("jax_enable_x64", True)
count = jax.device_count()
shape = (count // 2, 2)
SOFTMAX = %r
EXPLICIT, AUTO = AxisType.Explicit, AxisType.Auto

def random(**shapes):
    generator = np.random.default_rng(0)
    return {name: generator.normal(size=shape) for name, shape in shapes.items()}

def results(text, by):
    return ic.gradient(text, "L", by, value=True)

PROBLEMS = [
    (results(SOFTMAX, ["w", "b"]), {"p": "data", "t": "model"}, random(x=(16, 6), w=(6, 3), b=(3,), y=(16, 3)), True),
    (results("L = sum[i,j]((T[i,j] - U[i,k]*V[j,k])^2)", ["U", "V"]), {"i": "data", "j": "model"},
     random(T=(8, 12), U=(8, 3), V=(12, 3)), True),
    (ic.derive("f[i] = max[b](A[i,b])\\nn = sum[b](1)*sum[i](f[i]^2)", ["f", "n"]), {"b": "data"},
     random(A=(3, 16)), True),
    (results("L = A[a,b]*B[a,c,d]*C[c,e]*D[b,f]*E[f,d,g]*F[g,e]", list("ABCDEF")), {"c": "data", "b": "model"},
     random(A=(3, 4), B=(3, 8, 2), C=(8, 5), D=(4, 6), E=(6, 2, 7), F=(7, 5)), True),
    (ic.derive("a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))", ["diff(a[p,q], z[r,s])"]), {"p": "data"},
     random(z=(8, 3)), False),
    (ic.derive("s[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))", ["s"]), {"q": "model"}, random(z=(3, 8)), False),
    (ic.derive("K[i,j] = sum[d]((x[i,d] - x[j,d])^2)", ["K"]), {"i": "data"}, random(x=(8, 3)), None),
]

def places(function, name):
    """The axes of the mesh on the axes of a tensor: what the text says of its ranges."""
    sheet, spread = function._job.sheet, function._job.spread
    taken, found = set(), []
    for range_ in sheet.slots[name]:
        axis = spread.get(range_)
        found.append(None if axis in taken else axis)
        taken.add(axis)
    return P(*found)

def same(found, expected, what):
    for name, value in expected.items():
        np.testing.assert_allclose(np.asarray(found[name]), value, rtol=1e-9, atol=1e-9, err_msg=str((what, name)))

for (number, (derived, sharding, given, in_parts)), kinds in itertools.product(
    enumerate(PROBLEMS if count == 8 else PROBLEMS[:2]), [(EXPLICIT, EXPLICIT), (AUTO, AUTO), (EXPLICIT, AUTO)]
):
    expected = derived.compile("numpy")(**given)
    function = derived.compile("jax", sharding=sharding)
    mesh = jax.make_mesh(shape, ("data", "model"), axis_types=kinds)
    specs = {name: places(function, name) for name in given}
    spread = {name: jax.device_put(array, NamedSharding(mesh, specs[name])) for name, array in given.items()}
    call = lambda given: function(**given)
    if kinds[0] is not kinds[1] and number > 2:
        continue
    if kinds[1] is EXPLICIT:
        same(call(given), expected, "plain")
    if number < 3:
        same(jax.jit(call)(spread), expected, "arguments know the mesh")
    if not number:
        same(call(spread), expected, "eager")
    with jax.set_mesh(mesh):
        same(jax.jit(call)(spread), expected, "jit")
        if not number:
            same(call(spread), expected, "eager on a mesh")
        if in_parts:
            out = {name: P() for name in expected}
            whole = {name: P(*(None for _ in spec)) for name, spec in specs.items()}
            own = {name: spec for name, spec in specs.items()}
            for result in function._code.results:
                out[result.name] = P(*(function._job.spread.get(axis.range) for axis in result.axes))
            same(jax.jit(jax.shard_map(call, mesh=mesh, in_specs=(own,), out_specs=out))(spread), expected, "parts")
        elif in_parts is False:
            axis = next(iter(sharding.values()))
            inside = jax.shard_map(call, mesh=mesh, in_specs=(specs,), out_specs=P(axis))
            try:
                inside(spread)
            except ValueError as error:
                assert f"along {axis} all places are needed" in str(error), error
            else:
                raise AssertionError("not refused")

def collectives(function, given, mesh):
    with jax.set_mesh(mesh):
        text = jax.jit(lambda given: function(**given)).lower(given).compile().as_text()
    words = "all-reduce", "all-gather", "all-to-all", "reduce-scatter", "collective-permute"
    return {word: len(re.findall(rf" {word}(?:-start)?\\(", text)) for word in words}

function = PROBLEMS[0][0].compile("jax", sharding={"p": "data"})
for kinds in [(EXPLICIT, EXPLICIT), (AUTO, AUTO)]:
    mesh = jax.make_mesh(shape, ("data", "model"), axis_types=kinds)
    given = {name: jax.device_put(array, NamedSharding(mesh, places(function, name)))
             for name, array in PROBLEMS[0][2].items()}
    found = collectives(function, given, mesh)
    assert 1 <= found.pop("all-reduce") <= 3, found
    assert not any(found.values()), found
print("all right on", count)
'''


@pytest.mark.parametrize("devices", [4, 8])
def test_on_devices(devices):
    """Every way to call a function on a mesh gives the numbers of numpy; sums over rows take at most one step each."""
    environment = {**os.environ, "XLA_FLAGS": f"--xla_force_host_platform_device_count={devices}"}
    command = [sys.executable, "-c", CHECKS % SOFTMAX]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == f"all right on {devices}\n", done.stderr[-3000:]


def test_every_sum_says_where_it_lives():
    code = ic.gradient(SOFTMAX, "L", ["w", "b"]).code("jax", sharding={"p": "data", "t": "model"})
    body = code.partition("def on_devices")[2].partition("return on_mesh")[0]
    sums = [line.split(" = ")[0].strip() for line in body.splitlines() if "einsum" in line or ".sum(" in line]
    assert len(sums) == 3
    assert all(f"{name} = placed({name}, " in body for name in sums)
    assert "t1 = gathered(t1, 'model')" in body
    assert "out = gathered(out, 'data')\n        out = placed(out, 'model', None)" in body


def test_a_mesh_axis_is_taken_once():
    code = ic.derive("K[i,j] = x[i,d]*x[j,d]", "K").code("jax", sharding={"i": "data"})
    assert ", 'data', None)\n" in code


def test_without_sharding_nothing_is_said():
    assert "placed" not in ic.gradient(SOFTMAX, "L", ["w", "b"]).code("jax")


@pytest.mark.parametrize(
    ("backend", "sharding", "message"),
    [
        ("numpy", {"p": "data"}, 'code for numpy is not spread over devices. Choose backend="jax".'),
        ("jax", {"h": "data"}, "there is no size or index h. Known are k, m, p, q, s, t."),
        ("jax", {"p": ("data",)}, "p is spread over ('data',). Name one axis of the mesh, such as \"data\"."),
        (
            "jax",
            {"p": "data", "m": "model"},
            "m is spread over model, and its range over data. Give each range one axis of the mesh.",
        ),
    ],
)
def test_what_is_refused(backend, sharding, message):
    with pytest.raises(ic.IndexcalcError) as caught:
        ic.derive(SOFTMAX, "diff(L, w[t,s])").compile(backend, sharding=sharding)
    assert str(caught.value) == message


def test_names_of_the_sheet_that_the_code_uses_itself():
    text = "placed[i] = parts[i,j]*gathered[j]\nL = sum[i](placed[i]^2)"
    given = {"parts": np.arange(6.0).reshape(2, 3), "gathered": np.arange(3.0)}
    result = ic.derive(text, "diff(L, gathered[k])")
    value = result.compile("jax", sharding={"i": "data"})(**given)
    np.testing.assert_allclose(value, result.compile()(**given), rtol=1e-5)


def test_pickled():
    function = ic.derive(SOFTMAX, "diff(L, w[t,s])").compile("jax", sharding={"p": "data"})
    assert pickle.loads(pickle.dumps(function)).source == function.source
