"""The order of axes in memory: short reductions over the first axis, and values unchanged."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc import codegen
from tests.codegen.elementwise import read
from tests.codegen.test_source import body
from tests.codegen.writing.test_storage import random_sheet

SOFTMAX = "index p : m\nindex q, k : n\nz[p,q] = x[p,t]*w[t,q]\na[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))"


def code(sheet, text, axes, rows, columns):
    """The statements for so many rows and columns, without comments."""
    reading = read(sheet, text, axes)
    job = codegen.prepare({"result": (reading.term, reading.axes)}, reading.sheet, "numpy")
    lines = body(job.write(lambda range_: {"m": rows, "n": columns}.get(range_.label, 64)).source)
    return [line for line in lines if line[0] != "#"]


def test_few_classes_come_first():
    assert code(SOFTMAX, "x[p,t]*a[p,q]", "tq", 1000, 10) == [
        "z = w.T @ x.T",
        "a = np.subtract(z, z.max(axis=0, keepdims=True), out=z)",
        "np.exp(a, out=a)",
        "a /= a.sum(axis=0, keepdims=True)",
        "return x.T @ a.T",
    ]


@pytest.mark.parametrize(("rows", "columns"), [(1000, 100), (10, 10), (5, 20)])
def test_many_classes_stay_last(rows, columns):
    assert code(SOFTMAX, "x[p,t]*a[p,q]", "tq", rows, columns)[0] == "z = x @ w"


def test_a_result_keeps_its_order():
    assert code(SOFTMAX, "a[p,q]", "pq", 1000, 10)[0] == "z = x @ w"


def test_the_comment_says_how_an_array_is_kept():
    reading = read(SOFTMAX, "x[p,t]*a[p,q]", "tq")
    function = codegen.compile(reading.term, reading.axes, reading.sheet)
    function(x=np.ones((100, 4)), w=np.ones((4, 3)))
    assert any("# z[p,q] = x[p,t]*w[t,q], kept as z[q,p]" in source for source in function._runs)


@pytest.mark.parametrize("rows", [2, 40])
def test_random_programs_keep_their_values(rows):
    random = np.random.default_rng(rows)
    given = {"x": random.normal(size=(rows, 3)), "y": random.normal(size=(rows, 3)), "M": random.normal(size=(3, 3))}
    given["c"] = 0.7
    for seed in range(60):
        sheet, text = random_sheet(seed, is_square=False)
        reading = read(sheet, text, "jk" if text.startswith("x") else "ij" if text.startswith("M") else "j")
        results = []
        for backend in ("einsum", "numpy"):
            function = codegen.compile(reading.term, reading.axes, reading.sheet, backend)
            results.append(function(**{name: given[name] for name in given if name in function.arguments}))
        np.testing.assert_allclose(results[1], results[0], rtol=1e-10, atol=1e-10, err_msg=f"{seed}\n{sheet}\n{text}")


def test_arrays_assembled_by_patterns_keep_their_order():
    reading = read("index p, r : n", "sum[r,q](U[r,q]*max[p](where(p == r, V[q], T[q,r,p])))", "")
    random = np.random.default_rng(0)
    T, U, V = random.normal(size=(5, 3, 3)), random.normal(size=(3, 5)), random.normal(size=5)
    function = codegen.compile(reading.term, reading.axes, reading.sheet)
    whole = np.where(np.eye(3) > 0, V[:, None, None], T)
    np.testing.assert_allclose(function(T=T, U=U, V=V), np.vdot(U.T, whole.max(axis=2)))


@pytest.mark.parametrize("sizes", [(5, 4, 3), (3, 3, 3), (7, 2, 9), (4, 20, 2)])
@pytest.mark.parametrize("target", ["m[j]", "diff(g, x[j,a])", "diff(g, s[p])"])
def test_what_a_logarithm_of_a_sum_is_made_of_may_be_kept_in_another_order(sizes, target):
    """m asks for p first, logsumexp for a: the rest of its operand stays as it is."""
    rows, classes, length = sizes
    random = np.random.default_rng(rows)
    sheet = "l[j,p] = logsumexp[a](x[j,a]*s[p])\nm[j] = max[p](l[j,p]*w[j])\ng = sum[j](m[j])"
    given = {"x": random.normal(size=(rows, length)), "s": random.normal(size=classes), "w": random.normal(size=rows)}
    results = []
    for backend in ("einsum", "numpy"):
        function = ic.derive(sheet, target).compile(backend)
        results.append(function(**{name: given[name] for name in function.arguments}))
    np.testing.assert_allclose(results[1], results[0], rtol=1e-12)
