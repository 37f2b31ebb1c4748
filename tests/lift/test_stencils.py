"""Code that looks at neighbouring places, against sheets with shifted ones: right and wrong code side by side."""

import pytest

import indexcalc as ic

SLIDE = "y[i] = sum[k](x[i+k-1]*w[k])"
BACK = "index i : J-K+1\nindex k : K\nindex j : J\ny[i] = sum[k](x[i+k-1]*w[k])\nL = sum[i](g[i]*y[i]) + 0*sum[j](x[j])"
DIFF = "d[i] = x[i+1] - x[i]\nE = sum[i](d[i]^2)"
ROWS = "out = np.zeros(len(x) - len(w) + 1)\nfor i in range(len(out)):\n    out[i] = x[i:i+len(w)] @ w\nout"
SPREAD = "dx = np.zeros_like(x)\nfor i in range(len(g)):\n    dx[i:i+len(w)] += g[i] * w\ndx"
PLACES = (
    "dx = np.zeros_like(x)\nfor i in range(len(g)):\n    for k in range(len(w)):\n        dx[i+k] += g[i] * w[k]\ndx"
)
CASES = [
    (SLIDE, "y[i]", "np.correlate(x, w)", "np.convolve(x, w, 'valid')"),
    (SLIDE, "y[i]", "np.convolve(x, w[::-1], 'valid')", "np.correlate(x, w[::-1])"),
    (SLIDE, "y[i]", ROWS, ROWS.replace("] @ w", "] @ w[::-1]")),
    (
        SLIDE,
        "y[i]",
        "F.conv1d(x[None, None], w[None, None])[0, 0]",
        "F.conv1d(x[None, None], w.flip(0)[None, None])[0, 0]",
    ),
    (BACK, "diff(L, x[l])", "np.convolve(g, w)", "np.convolve(g, w[::-1])"),
    (BACK, "diff(L, x[l])", "np.correlate(g, w[::-1], 'full')", "np.correlate(g, w, 'full')"),
    (BACK, "diff(L, x[l])", SPREAD, SPREAD.replace("+=", "-=")),
    (BACK, "diff(L, x[l])", PLACES, PLACES.replace("w[k]", "w[k] / 2")),
    (DIFF, "d[i]", "np.diff(x)", "x[:-1] - x[1:]"),
    (
        DIFF,
        "diff(E, x[j])",
        "-2 * np.diff(np.diff(x), prepend=0, append=0)",
        "2 * np.diff(np.diff(x), prepend=0, append=0)",
    ),
    (DIFF, "diff(E, x[j])", "2 * np.convolve(np.diff(x), [-1, 1])", "2 * np.convolve(np.diff(x), [1, -1])"),
    (DIFF, "diff(E, x[j])", "d = np.diff(x)\n2 * (np.append(0, d) - np.append(d, 0))", "2 * np.append(np.diff(x), 0)"),
]


@pytest.mark.parametrize(("sheet", "target", "right", "wrong"), CASES)
def test_right_code_is_proved_and_wrong_code_refuted(sheet, target, right, wrong):
    names = {name: name for name in "xwg" if name in ic.parse(sheet).slots}
    assert str(ic.check_code(sheet, target, right, names=names)) == "proved"
    assert str(ic.check_code(sheet, target, wrong, names=names)) == "refuted"


def test_a_length_that_the_sheet_leaves_open_refutes_nothing():
    sheet = f"{SLIDE}\nL = sum[i](g[i]*y[i])"
    verdict = ic.check_code(sheet, "diff(L, x[l])", "np.convolve(g, w)", names={"g": "g", "w": "w"})
    assert str(verdict) == "undecided"
    assert (
        verdict.reason == "the result has the shape (i + k - 1,), the formula (l,); whether l is i + k - 1 is not said"
    )


def test_places_that_are_written_twice_are_no_sum():
    names = {name: name for name in "xwg"}
    verdict = ic.check_code(BACK, "diff(L, x[l])", PLACES.replace("+=", "="), names=names)
    assert str(verdict) == "refuted"
