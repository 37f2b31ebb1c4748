"""Threads: whatever several of them do at once gives each what it would have got alone."""

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.terms import Index, Power, Product, Range, Size, Sum, Tensor, indicator

THREADS = 6
SOFTMAX = """
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q]) / sum[k](exp(z[p,k]))
L = -sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1
"""


@pytest.fixture(autouse=True)
def often():
    """Threads take turns after a few instructions, so that what can go wrong between two of them does."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def at_once(work):
    """What `work(number)` gives in each of several threads that begin together."""
    barrier = Barrier(THREADS)

    def begin(number):
        barrier.wait(60)
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


@pytest.mark.parametrize("turn", range(20))
def test_a_term_that_threads_make_at_once_is_one_object_and_is_whole(turn):
    def make(number):
        rows = Range(f"rows{turn}")
        made = []
        for place in range(40):
            index = Index(f"i{turn}_{place}", rows)
            x = Tensor(f"x{turn}_{place}", (index,))
            parts = Product(x, Sum(x, Size(rows))), indicator("<", x, Power(x, Size(rows)))
            made += [index, x, *parts, Sum(*parts)]
        assert all(each.key for each in made)
        assert all(each.free == {made[at - at % 5]} for at, each in enumerate(made) if at % 5)
        return made

    first, *others = at_once(make)
    for other in others:
        assert all(one is two for one, two in zip(first, other, strict=True))


def test_threads_that_ask_the_same_get_the_same():
    """All of the reading, deriving and writing of new formulas, twenty sheets that no one has asked for before."""

    def work(number):
        found = []
        for turn in range(20):
            text = SOFTMAX.replace("L", f"L{turn}").replace("w", f"w{turn}")
            result = ic.derive(text, f"diff(L{turn}, w{turn}[r,s])")
            found += [str(result), result.latex(), [step.rule for step in result.steps], result.code()]
        return found

    alone = work(0)
    assert at_once(work) == [alone] * THREADS


def test_threads_share_a_sheet_and_its_results():
    sheet = ic.parse(SOFTMAX)
    target = "diff(L, z[r,s])"

    def work(number):
        result = ic.derive(sheet, target)
        verdict = ic.equal(sheet, target, f"(a[r,s] - y[r,s])*{number + 1}/{number + 1}")
        return str(result), [str(step.expression) for step in result.steps], str(verdict)

    assert at_once(work) == [work(0)] * THREADS


def test_a_compiled_function_serves_threads_with_other_sizes_and_types():
    f = ic.derive("y[i] = tanh(A[i,j]*x[j])", "diff(y[i], A[k,l])").compile("numpy")

    def work(number):
        rows, columns = number + 2, 9 - number
        a = np.linspace(-1, 1, rows * columns).reshape(rows, columns).astype(np.float32 if number % 2 else float)
        x = np.linspace(0, 1, columns).astype(a.dtype)
        y = np.tanh(a @ x)
        right = np.einsum("i,ik,l->ikl", 1 - y**2, np.eye(rows), x)
        return all(np.allclose(f(A=a, x=x), right, atol=1e-6) for _ in range(200))

    assert all(at_once(work))


def test_second_derivatives_are_verified_in_threads():
    sheet = "L = sum[i](exp(x[i])*x[i]*y[i]^2)"

    def work(number):
        return all(ic.derive(sheet, "diff(L, x[r], x[s])").verify(seed=seed).passed for seed in range(5))

    assert all(at_once(work))


def test_documents_are_checked_in_threads():
    text = "Let $s_i = x_{ik} w_k$ and $L = \\sum_i s_i^2$.\n\n$$\\frac{\\partial L}{\\partial w_j} = 2 s_i x_{ij}$$\n"

    def work(number):
        return [ic.check(text.replace("L", letter)).text() for letter in "LEJKM"]

    alone = work(0)
    assert "1 proved" in alone[0]
    assert at_once(work) == [alone] * THREADS


def test_what_auto_says_of_a_call_belongs_to_its_sizes():
    f = ic.derive("y[i] = A[i,j]*x[j]", "y[i]").compile("auto")
    makers = {}

    def work(number):
        a = np.ones((number + 2, number + 3))
        f(A=a, x=np.ones(number + 3))
        makers[number] = a

    at_once(work)
    f(A=np.ones((1, 1)), x=np.ones(1))  # what is said now is of the last call of any thread
    for number, a in makers.items():
        f(A=a, x=np.ones(number + 3))
        assert f"i = {number + 2}, j = {number + 3}" in f.why
