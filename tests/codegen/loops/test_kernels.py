"""Parts of a function as kernels: what they take and return."""

from indexcalc.codegen.loops.kernels import Part, separated


def test_a_kernel_takes_what_it_mentions():
    kernels, calls = separated([Part(["out[0] = x[1]  # y"], True)], ["x", "y", "out"], (), ["out"])
    assert kernels == ["def loops(x, out):\n    out[0] = x[1]  # y\n"]
    assert calls == ["loops(x, out)", "return out"]


def test_numbers_that_are_used_later_are_returned():
    parts = [Part(["s = 1.0", "u = 2.0"], True), Part(["A = B @ C"], False), Part(["t = s * A[0]"], True)]
    kernels, calls = separated(parts, ["A"], {"s", "t", "u"}, ["t"])
    assert kernels[0] == "def loops1():\n    s = 1.0\n    u = 2.0\n    return s\n"
    assert kernels[1] == "def loops2(A, s):\n    t = s * A[0]\n    return t\n"
    assert calls == ["s = loops1()", "A = B @ C", "return loops2(A, s)"]


def test_without_kernels():
    assert separated([Part(["c = a @ b"], False)], ["a", "b"], (), ["c"]) == ([], ["return a @ b"])
