"""One term for each occurrence: where a tensor stands, and what stands around it."""

import pytest

from indexcalc.calculus.derivative import occurrences
from indexcalc.terms import Contraction, Delta, Derivative, Index, Product, Range, Sum, Tensor
from tests.agreement import assert_right, assert_same_values, read, term_of

# A text, a tensor, and how often it occurs there.
COUNTED = [
    ("x[i]*x[i]", "x", 2),
    ("x[i]*x[j]*x[k]", "x", 3),
    ("x[i] + y[i]", "x", 1),
    ("exp(x[i]*y[i])*x[j]", "x", 2),
    ("x[i]^x[i]", "x", 2),
    ("sum[j](A[i,j]*A[j,k])", "A", 2),
    ("where(x[i] > 0, x[i], 2*x[i])", "x", 2),
    ("1[x[i] > 0]", "x", 0),
    ("max[i](x[i])", "x", 1),
    ("prod[i](x[i]*y[i])", "x", 1),
    ("max(x[i], x[j])", "x", 2),
    ("delta[i,j]", "x", 0),
    ("y[i]^2", "x", 0),
]


@pytest.mark.parametrize(("text", "name", "count"), COUNTED)
def test_every_occurrence_is_found(text, name, count):
    assert len(list(occurrences(term_of("", text), frozenset([name])))) == count


# Every node of the language once; the value of the sum over occurrences is that of the Derivative.
BODIES = [
    "3*x[i]",
    "x[i]*x[j]*y[i]",
    "(x[i]*y[i])^3*x[j]",
    "1/(x[i]*x[i] + y[j])",
    "x[i]^y[j]",
    "y[i]^x[j]",
    "x[i]^x[j]",
    "2^x[i]",
    "exp(x[i])*log(y[j])",
    "tanh(x[j]*y[j])*x[i]",
    "sum[k](exp(x[k]*y[i]))",
    "sum[k](x[k])*sum[k](x[k]*y[k])",
    "sum[j,k](x[j]*y[k]*exp(x[j]*x[k]))",
    "prod[k](x[k] + y[i])",
    "prod[j,k](x[j] + 2*x[k])",
    "max[k](x[k]*y[k])",
    "min[k](x[k] - y[i])",
    "max[k](min(x[k], 1))*x[i]",
    "min[k](where(y[i] > 1, x[1], x[k]))",
    "max[k](2*x[i])",
    "max(x[i], y[j])*x[j]",
    "abs(x[i] - y[i])",
    "where(i == j, x[i]^2, x[i]*x[j])",
    "where(x[i] > y[j], x[i], x[j]^2)",
    "1[x[i] > y[j]]*x[j]",
    "1[i < j]*x[i]",
    "delta[i,j]*x[i]",
    "exp(delta[i,j]*x[j])",
    "mean[k](x[k]^2)*x[i]",
    "logsumexp[k](x[k]*y[i])",
    "f(x[i]*y[i])*x[j]",
    "x[1]*x[i]",
    "sum[k](sum[j](x[j]*y[k])^2)",
]


@pytest.mark.parametrize("body", BODIES)
def test_the_occurrences_add_up_to_the_derivative(body):
    expression = read("index i, j, k, p : m", body)
    slot = Index("p", expression.sheet.letters["i"])
    found = (each.apart(frozenset([slot])) for each in occurrences(expression.term, frozenset(["x"])))
    total = Sum(*(each.derivative((slot,)) for each in found))
    axes = (*expression.axes, slot)
    assert_same_values(Derivative(expression.term, Tensor("x", (slot,))), [total], expression.sheet, axes)


@pytest.mark.parametrize("body", BODIES)
def test_short_forms_of_all_nodes(body):
    assert_right("index i, j, k, p : m", f"diff({body}, x[p])")


@pytest.mark.parametrize("body", BODIES)
def test_second_derivatives_are_right(body):
    assert_right("index i, j, k, p, q : m", f"diff({body}, x[p], x[q])")


# A letter that stands in the numerator and in the variable, or twice in the variable, means the diagonal.
DIAGONALS = [
    ("f[i] = x[i]^3", "diff(f[i], x[i])", "3*x[i]^2"),
    ("f[i] = A[i,j]*x[j]", "diff(f[i], x[i])", "A[i,i]"),
    ("f[i] = exp(A[i,j]*x[j])", "diff(f[i], A[i,k])", "f[i]*x[k]"),
    ("index i, j, k : n\nf = A[i,j]*A[j,i]", "diff(f, A[k,k])", "2*A[i,i]"),
    ("f[i] = x[i]^3", "diff(f[i], x[i], x[i])", "6*x[i]"),
    ("f[i] = x[i]^3", "diff(f[i], x[j], x[j])", "6*x[i]"),
    ("f = x[i]*x[i]*y[j]*y[j]", "diff(f, x[k], y[k])", None),
    ("f[p,q] = exp(z[p,q])", "diff(f[p,q], z[p,k])", "f[p,q]*delta[k,q]"),
]


@pytest.mark.parametrize(("sheet", "target", "short"), DIAGONALS)
def test_diagonals(sheet, target, short):
    result = assert_right(sheet, target)
    assert short is None or str(result) == short


THIRD = [
    ("", "diff(x[i]*x[i]*x[j]*x[j], x[p], x[q], x[r])", "8*(x[p]*delta[q,r] + x[q]*delta[p,r] + x[r]*delta[p,q])"),
    ("", "diff(exp(c*x), x, x, x)", "c^3*exp(c*x)"),
    ("", "diff(T[i,j,k]*x[i]*x[j]*x[k], x[p], x[q], T[a,b,c])", None),
    ("s = sigmoid(x)", "diff(s, x, x, x)", None),
]


@pytest.mark.parametrize(("sheet", "target", "short"), THIRD)
def test_third_derivatives(sheet, target, short):
    result = assert_right(sheet, target)
    assert short is None or str(result) == short


def test_a_scope_is_kept_apart_from_the_slots():
    """sum[j](x[j]^2) by x[j]: the summed j is another one (SymPy 1.14 gives sum_j 2*x[j])."""
    m = Range("m")
    j = Index("j", m)
    x = Tensor("x", (j,))
    (one, _) = occurrences(Contraction([j], Product(x, x)), frozenset(["x"]))
    apart = one.apart(frozenset([j]))
    assert j not in apart.scope
    assert apart.derivative((j,)).free == {j}
    assert Delta(j, *apart.tensor.slots) in apart.derivative((j,)).body.fields


def test_an_unknown_node_is_refused():
    class Other(Tensor):
        pass

    with pytest.raises(TypeError, match="a derivative must be worked out"):
        list(occurrences(Derivative(Tensor("x"), Tensor("x")), frozenset(["x"])))
    other = object.__new__(Sum.__mro__[1])
    other.symbols = frozenset(["x"])
    with pytest.raises(TypeError, match="no rule for Term"):
        list(occurrences(other, frozenset(["x"])))
