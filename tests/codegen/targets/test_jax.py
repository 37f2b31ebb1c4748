"""The target jax: every construct against loops, and what jax alone can do with the functions."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest

import indexcalc as ic
from indexcalc import codegen
from tests.codegen.backends import SOFTMAX_REGRESSION, check_numbers, softmax_regression
from tests.codegen.elementwise import read
from tests.codegen.formulas import FORMULAS

jax = pytest.importorskip("jax")
jnp = jax.numpy
CASES = [case for cases in FORMULAS.values() for case in cases]


@pytest.fixture(autouse=True)
def double():
    jax.config.update("jax_enable_x64", True)
    yield
    jax.config.update("jax_enable_x64", False)


@pytest.mark.parametrize(("sheet", "text", "axes"), CASES)
def test_numbers(sheet, text, axes):
    check_numbers("jax", sheet, text, axes, jnp.asarray)


def loss(x, w, b, y):
    return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(x @ w + b), axis=1))


def gradient():
    result = ic.derive(SOFTMAX_REGRESSION, "diff(CE, w[t,s])")
    return result, {name: jnp.asarray(value) for name, value in softmax_regression().items()}


def test_source_runs_alone():
    result, given = gradient()
    space = {}
    exec(result.code(backend="jax"), space)
    assert "np.eye" not in result.code(backend="jax")
    expected = jax.grad(loss, argnums=1)(*(given[name] for name in "xwby"))
    (function,) = [value for name, value in space.items() if name.startswith("diff")]
    np.testing.assert_allclose(jax.jit(function)(**given), expected, rtol=1e-12)


def test_compiled_functions_can_be_traced():
    result, given = gradient()
    function = result.compile(backend="jax")
    expected = jax.grad(loss, argnums=1)(given["x"], given["w"], given["b"], given["y"])
    jitted = jax.jit(lambda w: function(**{**given, "w": w}))
    np.testing.assert_allclose(jitted(given["w"]), expected, rtol=1e-12)
    many = jnp.stack([given["w"], 2 * given["w"]])
    mapped = jax.vmap(lambda w: function(**{**given, "w": w}))(many)
    np.testing.assert_allclose(mapped[0], expected, rtol=1e-12)
    hessian = jax.jacfwd(lambda w: function(**{**given, "w": w}))(given["w"])
    second = ic.derive(SOFTMAX_REGRESSION, "diff(CE, w[t,s], w[u,v])").compile(backend="jax")
    np.testing.assert_allclose(second(**given), hessian, rtol=1e-9, atol=1e-12)


def test_arrays_spread_over_devices():
    """A function of sharded arrays, on two devices that a fresh process pretends to have."""
    code = ic.derive(SOFTMAX_REGRESSION, "diff(CE, w[t,s])").code(backend="jax")
    name = re.search(r"def (diff\w*)", code).group(1)
    script = (
        code
        + f"""
import jax
from jax.sharding import NamedSharding, PartitionSpec
mesh = jax.sharding.Mesh(jax.devices(), ("rows",))
rows = NamedSharding(mesh, PartitionSpec("rows"))
x, y = jnp.linspace(-1, 1, 32).reshape(8, 4), jnp.eye(3)[jnp.arange(8) % 3]
w, b = jnp.ones((4, 3)), jnp.zeros(3)
given = dict(x=jax.device_put(x, rows), y=jax.device_put(y, rows), w=w, b=b)
spread = jax.jit({name})(**given)
assert len(given["x"].sharding.device_set) == 2
assert jnp.allclose(spread, {name}(x=x, y=y, w=w, b=b))
"""
    )
    environment = {**os.environ, "XLA_FLAGS": "--xla_force_host_platform_device_count=2"}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)


def test_structure_is_written_to_diagonals():
    text = "a[p,q] = exp(z[p,q]) / sum[k](exp(z[p,k]))"
    result = ic.derive(text, "diff(a[p,q], z[r,s])")
    assert ".at[" in result.code(backend="jax") and "eye" not in result.code(backend="jax")
    z = jnp.linspace(-2, 1, 12).reshape(4, 3)
    expected = jax.jacfwd(lambda z: jax.nn.softmax(z, axis=1))(z)
    np.testing.assert_allclose(result.compile(backend="jax")(z=z), expected, atol=1e-14)
    np.testing.assert_allclose(result.compile(backend="jax", structure="compressed")(z=z).dense(), expected, atol=1e-14)


def test_large_arguments_stay_finite():
    result, _ = gradient()
    value = result.compile(backend="jax")(**softmax_regression(scale=1000.0))
    assert np.isfinite(value).all()


def test_what_does_not_fit_is_refused():
    result, given = gradient()
    function = result.compile(backend="jax")
    with pytest.raises(ic.IndexcalcError, match="x has the axes"):
        function(**{**given, "x": jnp.ones(3)})
    with pytest.raises(ic.IndexcalcError, match="missing: w"):
        function(x=given["x"], y=given["y"], b=given["b"])
    with pytest.raises(ic.IndexcalcError, match="no tensor u"):
        function(**given, u=given["x"])
    with pytest.raises(ic.IndexcalcError, match="must hold real numbers"):
        function(**{**given, "x": given["x"] * 1j})


def test_types_are_kept():
    result, _ = gradient()
    for dtype in (np.float16, np.float32, np.float64):
        assert result.compile(backend="jax")(**softmax_regression(dtype=dtype)).dtype == dtype


def test_unknown_functions_are_arguments():
    reading = read("", "f(x[i])*f'(x[i])", "i")
    function = codegen.compile(reading.term, reading.axes, reading.sheet, "jax")
    x = jnp.asarray([0.5, 1.0])
    np.testing.assert_allclose(function(x=x, f=jnp.sin, f_prime=jnp.cos), jnp.sin(x) * jnp.cos(x))


def test_names_of_libraries_are_free():
    reading = read("", "jax[i]*jnp[i]*np[i]", "i")
    function = codegen.compile(reading.term, reading.axes, reading.sheet, "jax")
    assert function(jax=[2.0], jnp=[3.0], np=[5.0]).tolist() == [30.0]
