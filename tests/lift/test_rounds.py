"""Loops that hand something on: running sums, scans, rounds that are few; right and wrong code side by side."""

import pytest

import indexcalc as ic

RUN = "index t, u : T\nc[t] = sum[u](where(u <= t, x[u], 0))"
TWICE = (
    "index k, l : H\nindex i : I\nh1[k] = tanh(U[k,l]*h0[l] + W[k,i]*x1[i])\nh2[k] = tanh(U[k,l]*h1[l] + W[k,i]*x2[i])"
)
TWICE += "\nL = sum[k](g[k]*h2[k])"
FORWARD = "h = [h0]\nfor x in (x1, x2):\n    h.append(np.tanh(U @ h[-1] + W @ x))\n"
BACK = "dU = np.zeros_like(U)\ndh = g\nfor t in reversed(range(2)):\n    da = dh * (1 - h[t + 1] ** 2)\n"
BACK += "    dU += np.outer(da, h[t])\n    dh = U.T @ da\ndU"
TOTAL = "out = np.zeros_like(x)\ntotal = 0.0\nfor t in range(len(x)):\n    total += x[t]\n    out[t] = total\nout"
LATE = "out = np.zeros_like(x)\ntotal = 0.0\nfor t in range(len(x)):\n    out[t] = total\n    total += x[t]\nout"
ROWS = "rows = []\ntotal = 0.0\nfor v in x:\n    total = total + v\n    rows.append(total)\nnp.array(rows)"
EARLY = "rows = []\ntotal = 0.0\nfor v in x:\n    rows.append(total)\n    total = total + v\nnp.array(rows)"
IN_PLACE = "out = x.copy()\nfor t in range(1, len(x)):\n    out[t] += out[t - 1]\nout"
CASES = [
    (RUN, "c[t]", TOTAL, LATE),
    (
        RUN,
        "c[t]",
        ROWS,
        EARLY,
    ),
    (RUN, "c[t]", IN_PLACE, IN_PLACE.replace("out[t - 1]", "x[t - 1]")),
    (RUN, "c[t]", "lax.scan(lambda s, v: (s + v, s + v), 0.0, x)[1]", "lax.scan(lambda s, v: (s + v, s), 0.0, x)[1]"),
    (RUN, "c[t]", "np.add.accumulate(x)", "np.add.accumulate(x[::-1])"),
    (TWICE, "diff(L, U[k,l])", FORWARD + BACK, FORWARD + BACK.replace("U.T @ da", "U @ da")),
    (TWICE, "diff(L, U[k,l])", FORWARD + BACK, FORWARD + BACK.replace("dU +=", "dU =")),
    (
        TWICE,
        "h2[k]",
        "lax.scan(lambda h, x: (jnp.tanh(U @ h + W @ x), None), h0, jnp.stack([x1, x2]))[0]",
        "lax.scan(lambda h, x: (jnp.tanh(U @ h + W @ x), None), h0, jnp.stack([x2, x1]))[0]",
    ),
]


@pytest.mark.parametrize(("sheet", "target", "right", "wrong"), CASES)
def test_right_code_is_proved_and_wrong_code_refuted(sheet, target, right, wrong):
    known = ic.parse(sheet)
    names = {name: name for name in known.slots if name not in known.definitions}
    assert str(ic.check_code(sheet, target, right, names=names)) in ("proved", "agrees")
    assert str(ic.check_code(sheet, target, wrong, names=names)) == "refuted"


def test_arrays_of_their_own_namespace():
    code = "xp = x.__array_namespace__()\nxp.cumulative_sum(x)"
    assert str(ic.check_code(RUN, "c[t]", code, names={"x": "x"})) == "proved"


def test_a_column_of_ones_is_an_axis_that_is_one_longer():
    sheet = "index i : n\nindex j : m\ny[i] = A[i,j]*x[j] + b[i]"
    names = {"A": "A", "x": "x", "b": "b"}
    right, wrong = "np.c_[A, b] @ np.append(x, 1)", "np.c_[b, A] @ np.append(x, 1)"
    assert str(ic.check_code(sheet, "y[i]", right, names=names)) in ("proved", "agrees")
    assert str(ic.check_code(sheet, "y[i]", wrong, names=names)) == "refuted"


def test_what_cannot_be_read_for_all_sizes_is_judged_for_some():
    sheet = "index i : n\nindex j : m\ny[i] = sum[j](A[i,j]*x[j])"
    code = "y = np.zeros(len(A))\nfor i in range(len(A)):\n    s = 0\n    for j in range(len(x)):\n"
    code += "        s = s * 2 + A[i, j] * x[j]\n    y[i] = s\ny"
    verdict = ic.check_code(sheet, "y[i]", code, names={"A": "A", "x": "x"})
    assert str(verdict) == "refuted"
    assert verdict.reason.startswith("for n = 3, m = 4: the sides differ at i = 2: ")
    halved = "y = np.zeros(len(A))\nfor i in range(len(A)):\n    s = 0\n    for j in range(len(x)):\n"
    halved += "        s = (2 * s + 2 * A[i, j] * x[j]) / 2\n    y[i] = s\ny"
    verdict = ic.check_code(sheet, "y[i]", halved, names={"A": "A", "x": "x"})
    assert str(verdict) in ("proved", "agrees")


def test_a_running_maximum_against_a_recurrence():
    sheet = "index i : N\nc[1] = x[1]\nc[i] = max(c[i-1], x[i])"
    code = "best = x[0]\nout = np.zeros(len(x))\nfor i in range(len(x)):\n    best = max(best, x[i])\n"
    right, wrong = f"{code}    out[i] = best\nout", f"{code}    out[i] = x[i]\nout"
    for each, words in (
        (right, ("agrees",)),
        (wrong, ("refuted",)),
        ("np.maximum.accumulate(x)", ("proved", "agrees")),
    ):
        assert str(ic.check_code(sheet, "c[i]", each, names={"x": "x"})) in words


def test_lengths_that_the_sheet_leaves_open_raise_no_error():
    sheet = "index i : N\nindex k : K\ny[i] = sum[k](w[k]*x[i+k-1])\nL = 1/2*sum[i]((y[i] - c[i])^2)"
    code = "e = np.convolve(x, w[::-1], mode='valid') - c\nnp.correlate(x, e, mode='valid')"
    names = {name: name for name in "xwc"}
    assert str(ic.check_code(sheet, "diff(L, w[k])", code, names=names)) == "agrees"
    assert str(ic.check_code(sheet, "diff(L, w[k])", code.replace("w[::-1]", "w"), names=names)) == "refuted"


def test_what_reckons_with_none_raises():
    verdict = ic.check_code(RUN, "c[t]", "rows = []\nrows.append(x) + 1\nnp.cumsum(x)", names={"x": "x"})
    assert (str(verdict), verdict.reason) == ("refuted", "the code raises an error: line 2: None is reckoned with")
