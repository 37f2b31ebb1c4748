"""Code as formulas."""

import pytest

import indexcalc as ic
from indexcalc.cli import main

CODE = """# X: (m, n), w: (n,), y: (m,)
r = X @ w - y
loss = (r ** 2).mean() / 2
grad = X.T @ r / len(y)
"""
TEXT = """index m : n_m
index n : n_n
r[m] = X[m,n]*w[n] - y[m]
loss = 1/(2*n_m)*sum[m](r[m]^2)
grad[n] = X[m,n]*r[m]/n_m
"""


def test_each_name_is_a_definition():
    sheet = ic.lift(CODE)
    assert sheet.text == TEXT
    assert str(ic.equal(sheet, "diff(loss, w[n])", "grad[n]")) == "proved"


def test_shapes_may_be_given():
    assert ic.lift("x @ A.T", {"x": ["b", "K"], "A": ["h", "K"]}).text == (
        "index b : n_b\nindex h : n_h\nindex k : K\nresult[b,h] = x[b,k]*A[h,k]\n"
    )


def test_code_that_is_not_understood_is_an_error_with_its_line():
    with pytest.raises(ic.IndexcalcError) as caught:
        ic.lift("a = 1\nb = load(a)")
    assert str(caught.value) == (
        "line 2: the name load is not known. "
        "Give the shapes of the inputs, or the part of the code that computes the formula."
    )


def test_the_command(tmp_path, capsys):
    path = tmp_path / "loss.py"
    path.write_text(CODE)
    assert main(["lift", str(path)]) == 0
    assert capsys.readouterr().out == TEXT
    assert main(["lift", str(path), "--format", "latex"]) == 0
    assert capsys.readouterr().out.startswith(r"r_{m} = X_{mn} w_{n} - y_{m}")
    assert main(["lift", str(path), "--shapes", "x y"]) == 2
    assert capsys.readouterr().err == "indexcalc: 'x y' is no shape of an array. Write --shapes 'x=b,i; w=i'.\n"
