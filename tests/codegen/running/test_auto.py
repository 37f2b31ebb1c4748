"""The choice of a target: by sizes, by shapes, by the arrays that are given; and why."""

import numpy as np
import pytest

import indexcalc as ic
from indexcalc.codegen import schedule
from indexcalc.codegen.programs.work import Work, work_of
from indexcalc.codegen.running import auto
from tests.codegen.backends import SOFTMAX_REGRESSION, softmax_regression
from tests.codegen.elementwise import read

TARGETS = ["diff(CE, w)", "diff(CE, b)"]


def test_the_work_of_a_program():
    reading = read("C[i,k] = A[i,j]*B[j,k]", "exp(C[i,k])", "ik")
    program = schedule({"E": (reading.term, reading.axes)}, reading.sheet)
    sizes = dict(zip(reading.sheet.letters, (2, 3, 5), strict=True))
    i, k, j = (sizes[name] for name in "ikj")
    work = work_of(program, lambda range: sizes[range.label])
    assert work == Work(
        call=1, argument=2, given=i * j + j * k, operation=2, product=i * j * k, function=i * k
    )


def test_the_product_of_a_matrix_with_itself_is_half_the_work():
    def multiplications(text):
        result = ic.derive(text, "c[p,q]")
        program = schedule({"c": (result.derived.term, result.derived.axes)}, result.sheet)
        return work_of(program, lambda range: 10).product

    assert multiplications("c[p,q] = A[i,p]*B[i,q]") == 1000
    assert multiplications("c[p,q] = A[i,p]*A[i,q]") == 500


@pytest.mark.parametrize("backend", ["numpy", "numba", "jax", "torch"])
def test_each_candidate_gives_arrays_of_numpy(backend, monkeypatch):
    pytest.importorskip(backend)
    monkeypatch.setattr(auto, "choose", lambda *_: auto.Choice(backend, {backend: 1e-6}, {}))
    dtype = np.float32 if backend == "jax" else np.float64
    results, given = ic.derive(SOFTMAX_REGRESSION, TARGETS), softmax_regression(dtype=dtype)
    function = results.compile(backend="auto")
    expected = results.compile()(**given)
    for name, value in function(**given).items():
        assert type(value) is np.ndarray and value.dtype == dtype
        np.testing.assert_allclose(value, expected[name], rtol=1e-4 if dtype is np.float32 else 1e-10, atol=1e-6)
    assert function.backend == backend
    assert function.why == f"{backend}: about 1 us a call; no other target can be used"


def test_the_choice_is_that_of_the_least_time_for_the_shapes(monkeypatch):
    pytest.importorskip("numba")
    monkeypatch.setattr(auto, "usable", lambda *_: ["numpy", "numba"])
    monkeypatch.setattr(auto, "RUNS", dict.fromkeys(auto.RUNS, auto.RUNS["numpy"]))
    rates = {"numpy": Work(given=1), "numba": Work(call=1000, given=0.1)}
    monkeypatch.setattr("indexcalc.codegen.programs.work.RATES", rates)
    result = ic.derive("c = x[i]*y[i]", "c")
    function = result.compile(backend="auto")
    assert function.why == "chosen on the first call, by the shapes of its arguments"
    for size, backend in ((3, "numpy"), (10_000, "numba"), (3, "numpy")):
        for chosen in (function, result.compile(backend="auto", sizes={"i": size})):
            assert chosen(x=np.ones(size), y=np.ones(size)) == size
            assert chosen.backend == backend and f"a call for i = {size};" in chosen.why
    code = result.code("auto", sizes={"i": 10_000})
    assert code.startswith("# numba: about 3 us a call for i = 10000; numpy 20 us\n")


def test_arrays_of_a_library_go_to_its_target():
    torch = pytest.importorskip("torch")
    function = ic.derive("y[i] = 2*x[i]", "y").compile(backend="auto")
    assert function(x=np.ones(3)).tolist() == [2, 2, 2]
    assert torch.is_tensor(function(x=torch.ones(3)))
    assert function.why == "torch: its arrays were given"


def test_a_size_that_nobody_has_is_refused():
    with pytest.raises(ic.IndexcalcError, match=r"no size or index k\. Known are i"):
        ic.derive("y[i] = 2*x[i]", "y").compile(backend="auto", sizes={"k": 3})
