"""Source that means harm, or none that anybody would write: a verdict, soon, and nothing is executed."""

import pytest

import indexcalc as ic

SHEET = "y[i] = A[i,j]*x[j]"
DEEP = "x" + "[0]" * 5000
HOSTILE = [
    "(" * 5000 + "x" + ")" * 5000,
    "x" + " + x" * 20000,
    "-" * 10000 + "x",
    DEEP,
    "x ** 10 ** 10 ** 10",
    "2 ** 10 ** 9 * x",
    "9" * 100000,
    "1e999999 * x",
    "np.zeros(10 ** 18)",
    "[x] * 10 ** 9",
    "x\n" * 100000,
    "def f(a):\n    return f(a) + f(a)\nf(x)",
    "f = lambda a: f(f(a))\nf(x)",
    "y = x\n" + "y = y * y + y\n" * 60 + "y",
    "y = x\n" + "for a in x:\n" * 19 + "y",
    "\n".join(f"{' ' * n}for v{n} in range(len(x)):" for n in range(19)) + "\n" + " " * 19 + "x += 1\nx",
    "x[" + ":," * 3000 + "]",
    "np.einsum('" + "i" * 5000 + "->', x)",
    "\x00",
    "import os\nos.system('touch code_was_executed')\nx",
    "__import__('os').system('true')",
    "open('code_was_executed', 'w')\nA @ x",
    "eval('A @ x')",
    "exec('y = 1')\nA @ x",
    "[].__class__.__base__.__subclasses__()",
    "A @ x if (lambda: open('code_was_executed', 'w'))() else x",
    "lambda: x",
    "yield x",
    "await x",
    "*x, = x\n*x,",
    "class A:\n    x = 1\nA.x",
    "x" + ".T" * 3000,
    "[[x for _ in x] for _ in x for _ in x for _ in x]",
    "# " + "(a, " * 20000 + "\nx",
    "x  # " + "x x " * 50000,
]


@pytest.mark.parametrize("code", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_code_gets_a_verdict(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    verdict = ic.check_code(SHEET, "y[i]", code, names={"A": "A", "x": "x"})
    assert str(verdict) in ("unreadable", "undecided", "refuted")
    assert len(verdict.reason) < 500
    for words in (ic.check_backward(code), ic.check_shapes(code)):
        assert all(str(each) != "proved" for each in words.values())
    assert not list(tmp_path.iterdir())


LINE = "# indexcalc: y[i] = A[i,j]*x[j]\nimport numpy as np\n"
BESIDE = [
    "y = " + "(" * 3000 + "x" + ")" * 3000,
    "y = x ** 10 ** 10 ** 10",
    "y = ((x + 1) ** 300 + x) ** 300",
    "def f(a):\n    return f(a) + f(a)\ny = f(x)",
    "class A:\n    def __init__(self):\n        self.a = A()\ny = A()",
    "class A(A):\n    pass\nclass B(A):\n    pass\nA()\ny = B()",
    "from autograd import jacobian\nf = lambda v: np.exp(np.sin(np.exp(v)))\nfor i in range(5):\n    f = jacobian(f)\n"
    "J = f(np.random.randn(4))\nassert np.allclose(J, A)",
    "\n".join(f"y = x + {number}" for number in range(300)),
    "y = x  # " + "(a, " * 20000,
]


@pytest.mark.parametrize("code", BESIDE, ids=range(len(BESIDE)))
def test_hostile_files_get_a_report(code, tmp_path):
    path = tmp_path / "file.py"
    path.write_text(LINE + code)
    assert all(str(claim.verdict) in ("unreadable", "undecided", "refuted") for claim in ic.check(path).claims)


def test_a_size_that_is_counted_is_not_made_smaller_for_a_refutation():
    code = "y = 0\nfor i in range(2000):\n    y = y + x * i\ny"
    right = ic.check_code("y[i] = 1999000*x[i]", "y[i]", code, {"x": "x"})
    assert str(right) in ("proved", "agrees", "undecided")
