"""What indexcalc generates is read back and is its formula: the code generator and the reader test one another.

More of it by hand: python -m tests.lift_campaign --count 1000
"""

import pytest

import indexcalc as ic
from tests.lift_campaign import BACKENDS, read_back
from tests.strategies import random_problem

SOFTMAX = "index p : m\na[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))\nE = -1/m*sum[p,q](y[p,q]*log(a[p,q]))"
PROBLEMS = [
    (SOFTMAX, "diff(a[p,q], z[r,s])"),
    (SOFTMAX, "diff(E, z[p,s])"),
    ("y[i] = tanh(A[i,j]*x[j])", "diff(y[i], x[k])"),
    ("E = sum[i,j](w[i,j]*(s[i] - s[j])^2)", "diff(E, s[i])"),
    ("f = prod[i](x[i])", "diff(f, x[k])"),
    ("index t, u : T\nc[t] = sum[u](where(u <= t, x[u], 0))\nL = sum[t](g[t]*c[t])", "diff(L, x[r])"),
    ("L = sum[i](max(x[i], 0)^2)", "diff(L, x[k])"),
]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("sheet", "target"), PROBLEMS)
def test_generated_code_is_proved_to_be_its_formula(sheet, target, backend):
    verdict, code = read_back(sheet, target, backend)
    assert str(verdict) == "proved", code


@pytest.mark.parametrize("seed", range(2, 10))
@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_generated_code_of_random_sheets_is_never_refuted(seed, backend):
    problem = random_problem(seed)
    try:
        verdict, code = read_back(problem.sheet, problem.target, backend)
    except ic.IndexcalcError:
        return
    assert str(verdict) != "refuted", code
