"""The target torch: every construct against loops, and what torch alone can do with the functions."""

import re

import numpy as np
import pytest

import indexcalc as ic
from indexcalc import codegen
from indexcalc.codegen.running.run import load
from tests.codegen.backends import SOFTMAX_REGRESSION, check_numbers, softmax_regression
from tests.codegen.elementwise import read
from tests.codegen.formulas import FORMULAS

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of torch itself
torch = pytest.importorskip("torch")
CASES = [case for cases in FORMULAS.values() for case in cases]


@pytest.mark.parametrize(("sheet", "text", "axes"), CASES)
def test_numbers(sheet, text, axes):
    check_numbers("torch", sheet, text, axes, torch.as_tensor, np.asarray)


def loss(x, w, b, y):
    return -(y * torch.log_softmax(x @ w + b, 1)).sum(1).mean()


def gradient():
    result = ic.derive(SOFTMAX_REGRESSION, "diff(CE, w[t,s])")
    return result, {name: torch.as_tensor(value) for name, value in softmax_regression().items()}


def test_source_runs_alone():
    result, given = gradient()
    space = {}
    exec(result.code(backend="torch"), space)
    (function,) = [value for name, value in space.items() if name.startswith("diff")]
    expected = torch.func.grad(loss, argnums=1)(*(given[name] for name in "xwby"))
    torch.testing.assert_close(function(**given), expected)
    compiled = torch.compile(function, fullgraph=True, backend="aot_eager")
    torch.testing.assert_close(compiled(**given), expected)


def test_compiled_functions_can_be_transformed():
    result, given = gradient()
    function = result.compile(backend="torch")

    def of_w(w):
        return function(**{**given, "w": w})

    second = ic.derive(SOFTMAX_REGRESSION, "diff(CE, w[t,s], w[u,v])").compile(backend="torch")(**given)
    torch.testing.assert_close(torch.func.jacfwd(of_w)(given["w"]), second)
    mapped = torch.func.vmap(of_w)(torch.stack([given["w"], 2 * given["w"]]))
    torch.testing.assert_close(mapped[0], of_w(given["w"]))
    w = given["w"].clone().requires_grad_()
    of_w(w).square().sum().backward()
    assert w.grad.shape == w.shape


def test_source_can_be_compiled_as_one_graph():
    result, given = gradient()
    code = result.code(backend="torch")
    name = re.search(r"def (diff_\w+)\((.*)\)", code)
    function = load(code, name[1])
    values = [given[each] for each in name[2].split(", ")]
    compiled = torch.compile(function, backend="eager", fullgraph=True)
    torch.testing.assert_close(compiled(*values), function(*values))


def test_structure_is_written_to_diagonals():
    result = ic.derive("a[p,q] = exp(z[p,q]) / sum[k](exp(z[p,k]))", "diff(a[p,q], z[r,s])")
    assert "eye" not in result.code(backend="torch")
    z = torch.linspace(-2, 1, 12, dtype=torch.float64).reshape(4, 3)
    expected = torch.func.jacfwd(lambda z: torch.softmax(z, 1))(z)
    torch.testing.assert_close(result.compile(backend="torch")(z=z), expected)
    compressed = result.compile(backend="torch", structure="compressed")(z=z)
    np.testing.assert_allclose(compressed.dense(), expected.numpy(), atol=1e-14)


def test_large_arguments_stay_finite():
    result, _ = gradient()
    assert np.isfinite(result.compile(backend="torch")(**softmax_regression(scale=1000.0))).all()


def test_what_does_not_fit_is_refused():
    result, given = gradient()
    function = result.compile(backend="torch")
    with pytest.raises(ic.IndexcalcError, match="x has the axes"):
        function(**{**given, "x": torch.ones(3)})
    with pytest.raises(ic.IndexcalcError, match="missing: w"):
        function(x=given["x"], y=given["y"], b=given["b"])
    with pytest.raises(ic.IndexcalcError, match="no tensor u"):
        function(**given, u=given["x"])
    with pytest.raises(ic.IndexcalcError, match="must hold real numbers"):
        function(**{**given, "x": given["x"] * 1j})


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32, torch.float64])
def test_types_and_devices_are_kept(dtype):
    result, given = gradient()
    function = result.compile(backend="torch")
    assert function(**{name: value.to(dtype) for name, value in given.items()}).dtype == dtype
    code = {}
    exec(result.code(backend="torch"), code)
    (source,) = [value for name, value in code.items() if name.startswith("diff")]
    meta = source(**{name: value.to("meta", dtype) for name, value in given.items()})
    assert meta.device.type == "meta" and meta.dtype == dtype


def test_unknown_functions_are_arguments():
    reading = read("", "f(x[i])*f'(x[i])", "i")
    function = codegen.compile(reading.term, reading.axes, reading.sheet, "torch")
    x = torch.as_tensor([0.5, 1.0])
    torch.testing.assert_close(function(x=x, f=torch.sin, f_prime=torch.cos), torch.sin(x) * torch.cos(x))


def test_scalars_may_be_tensors():
    reading = read("", "exp(c)*x[i] + softplus(c)^2", "i")
    function = codegen.compile(reading.term, reading.axes, reading.sheet, "torch")
    c = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    value = function(x=torch.ones(2, dtype=torch.float64), c=c)
    value.sum().backward()
    p = np.log1p(np.exp(0.5))
    np.testing.assert_allclose(value.detach(), np.exp(0.5) + p**2)
    np.testing.assert_allclose(c.grad, 2 * np.exp(0.5) + 4 * p / (1 + np.exp(-0.5)))


def test_a_constant_is_a_tensor():
    reading = read("index i : 3", "sum[i](1)", "")
    value = codegen.compile(reading.term, reading.axes, reading.sheet, "torch")()
    assert torch.is_tensor(value) and value.item() == 3.0
