"""Derivatives through definitions: right for every way in which they can be tied together, and linear in length."""

import pytest

from indexcalc.api import derive
from indexcalc.walk import subterms
from tests.agreement import assert_right

TWO_PATHS = "u[i] = exp(x[i])\nv[i] = u[i]*x[i]\nf = sum[i](u[i]*v[i]*x[i])"
BROADCAST = "index p : m\nindex q : n\nz[p,q] = b[q] + c*x[p,q]\nf = sum[p,q](z[p,q]^2)"
NET = """h[b,j] = tanh(x[b,i]*W[i,j] + c[j])
o[b] = h[b,j]*v[j]
L = (o[b] - y[b])*(o[b] - y[b])"""
PLACES = "u[i] = x[i]^2\nf = u[1]*u[2] + u[i]*u[i]"
DIAGONAL = "u[i,j] = x[i]*y[j]\nf = u[i,i]*u[j,j]"
TRANSPOSED = "u[i,j] = A[i,j]*A[j,i]\nf = u[i,j]*u[j,i]*u[i,i]"
CHOICE = "u[i] = where(x[i] > y[i], x[i]^2, y[i])\nf = max[i](u[i]) + prod[i](u[i])"
TIES = "u[k] = min(x[k], c)\nf = max[k](u[k])"
SIZES = "index i : m\nu = 1/m*sum[i](x[i])\nf = m*u^2"

RIGHT = [
    (TWO_PATHS, "diff(f, x[k])"),
    (TWO_PATHS, "diff(f, u[k])"),
    (TWO_PATHS, "diff(f, v[k])"),
    (TWO_PATHS, "diff(v[i], x[k])"),
    (TWO_PATHS, "diff(v[i], u[k])"),
    (TWO_PATHS, "diff(f, x[k], u[l])"),
    (TWO_PATHS, "diff(f, u[k], x[l])"),
    (BROADCAST, "diff(f, b[q])"),
    (BROADCAST, "diff(f, c)"),
    (BROADCAST, "diff(z[p,q], b[r])"),
    (NET, "diff(L, W[i,j])"),
    (NET, "diff(L, W[i,j], v[k])"),
    (NET, "diff(L, x[b,i])"),
    (NET, "diff(o[b], x[b,i])"),
    (NET, "diff(L, L)"),
    (PLACES, "diff(f, x[k])"),
    (PLACES, "diff(f, u[k])"),
    (PLACES, "diff(u[1], x[k])"),
    (PLACES, "diff(f, x[2])"),
    (DIAGONAL, "diff(f, x[k])"),
    (DIAGONAL, "diff(f, x[k], y[l])"),
    (TRANSPOSED, "diff(f, A[p,q])"),
    (CHOICE, "diff(f, x[k])"),
    (CHOICE, "diff(f, x[k], y[l])"),
    (SIZES, "diff(f, x[k])"),
    # Several elements are c: they share its derivative.
    (TIES, "diff(f, c)"),
    (TIES, "diff(f, x[i])"),
    ("f = max[k](min(x[k], c))", "diff(f, c)"),
    ("f = min[k](where(c > 1, x[k], c))", "diff(f, c)"),
]


@pytest.mark.parametrize(("sheet", "target"), RIGHT)
def test_every_path_counts_once(sheet, target):
    assert_right(sheet, target)


INDEPENDENT = [
    # A variable with a definition is varied as if it had none; what it is made of stays.
    ("u = x^2\nf = u*x", "diff(f, u)", "x"),
    ("u = x^2\nf = u*x", "diff(f, x)", "3*u"),
    ("u = x^2\nf = u*x", "diff(u, u)", "1"),
    ("u = x^2\nf = u*x", "diff(x, u)", "0"),
    ("u = x^2\nf = c", "diff(f, u)", "0"),
]


@pytest.mark.parametrize(("sheet", "target", "short"), INDEPENDENT)
def test_a_variable_with_a_definition(sheet, target, short):
    assert str(assert_right(sheet, target)) == short


def affine(layers):
    """A chain of affine layers."""
    lines = ["h0[i] = x[i]"]
    lines += [f"h{step}[i] = W{step}[i,j]*h{step - 1}[j] + b{step}[i]" for step in range(1, layers + 1)]
    return "\n".join([*lines, f"f = h{layers}[i]*h{layers}[i]"])


def multiplied(layers):
    """A chain whose gradient, written out, grows fourfold with each layer."""
    lines = ["h0[i] = x[i]"]
    lines += [f"h{step}[i] = exp(W[i,j]*h{step - 1}[j]/9)*h{step - 1}[i]/2" for step in range(1, layers + 1)]
    return "\n".join([*lines, f"f = sum[i](h{layers}[i])"])


def nodes(result):
    """How many nodes a result has, with the adjoints that were named."""
    bodies = [definition.body for definition in result.sheet.in_order]
    return sum(1 for body in [*bodies, result.expression.term] for _ in subterms(body))


@pytest.mark.parametrize(("chain", "target"), [(affine, "diff(f, W1[i,j])"), (multiplied, "diff(f, W[i,j])")])
def test_the_number_of_nodes_is_linear_in_the_layers(chain, target):
    few, some, many = (nodes(derive(chain(layers), target)) for layers in (10, 20, 40))
    assert many - some < 2.5 * (some - few)


@pytest.mark.parametrize(
    ("sheet", "target"),
    [(affine(7), "diff(f, W1[i,j])"), (multiplied(3), "diff(f, W[i,j])"), (multiplied(7), "diff(f, x[i])")],
)
def test_a_chain_is_right(sheet, target):
    assert_right(sheet, target)


def test_a_long_chain_needs_no_deep_recursion():
    assert nodes(derive(affine(200), "diff(f, W1[i,j])")) < 4000
