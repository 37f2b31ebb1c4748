"""Shifted places: where letters run, what may be read, and the errors for what may not."""

import numpy as np
import pytest

import indexcalc as ic

X = np.array([1.0, 2.0, 4.0, 7.0, 11.0])


def value(sheet, target, **arrays):
    return ic.derive(sheet, target).compile()(**arrays)


@pytest.mark.parametrize(
    "sheet, wanted",
    [
        ("y[i] = x[i+1] - x[i]", [1, 2, 3, 4]),
        ("y[i] = x[2*i]", [2, 7]),
        ("y[i] = x[2i-1]", [1, 4, 11]),
        ("index i : n\ny[i] = x[i] + x[n+1-i]", [12, 9, 8, 9, 12]),
        ("index i : n\ny[i] = x[(i-1) mod n]", [11, 1, 2, 4, 7]),
        ("index i : 6\noutside x = 0\ny[i] = x[i-1]", [0, 1, 2, 4, 7, 11]),
        ("index i : 2\noutside x = 3\ny[i] = x[i+4] - x[i]", [10, 1]),
        ("index i : n\ny[i] = where(i < n, x[i+1] - x[i], 0)", [1, 2, 3, 4, 0]),
        ("index k : 0..1\ny[i] = sum[k](x[i+k])", [3, 6, 11, 18]),
        ("h[0] = 1\nh[t] = 2*h[t-1] + x[t]", [3, 8, 20, 47, 105]),
        ("h[1] = 5\nh[t] = h[t-1] + x[t]", [5, 7, 11, 18, 29]),
        ("index t : n\nV[n] = 1\nV[t] = x[t] + V[t+1]", [15, 14, 12, 8, 1]),
        ("outside h = 0\nh[t] = h[t+1] + x[t]", [25, 24, 22, 18, 11]),
        ("index t : 5\nh[1] = x[1]\nh[t+1] = h[t] + x[t]", [1, 2, 4, 8, 15]),
    ],
)
def test_values(sheet, wanted):
    name = sheet.split("\n")[-1][0]
    letter = "t" if "[t" in sheet else "i"
    np.testing.assert_allclose(value(sheet, f"{name}[{letter}]", x=X), wanted)


def test_a_letter_of_a_sum_runs_over_all_places_at_which_everything_exists():
    assert value("s = sum[i](x[i]*x[i+1])", "s", x=X) == 2 + 8 + 28 + 77
    assert value("s = sum[i]((x[i-1] - 2*x[i] + x[i+1])^2)", "s", x=X) == 3
    assert value("m = mean[i](x[i]*x[i+1])", "m", x=X) == (2 + 8 + 28 + 77) / 4
    np.testing.assert_allclose(value("index k : 2\nm[k] = max[t](x[t+k] - x[t])", "m[k]", x=X), [4, 7])


def test_the_two_ranges_of_one_letter_belong_to_its_sums():
    sheet = "s = sum[i]((x[i]-y[i])^2) + sum[i]((x[i+1]-x[i])^2)"
    assert value(sheet, "s", x=X, y=np.zeros(5)) == (X**2).sum() + 30


def test_gradients_keep_their_ends():
    sheet = "y[i] = w[k]*x[i+k-1]\nL = sum[i](y[i]^2)/2"
    w = np.array([1.0, -2.0, 3.0])
    y = np.convolve(X, w[::-1], "valid")
    np.testing.assert_allclose(value(sheet, "diff(L, x[j])", x=X, w=w), np.convolve(y, w))
    np.testing.assert_allclose(value(sheet, "diff(L, w[k])", x=X, w=w), np.convolve(X, y[::-1], "valid"))


@pytest.mark.parametrize(
    "sheet, left, right, word",
    [
        ("index k : 3", "sum[t](x[t]*x[t+k])", "sum[t](x[t-k]*x[t])", "proved"),
        ("index k : 3", "sum[t](x[t]*x[t+k])", "sum[t](x[t-k]*x[t+k])", "refuted"),
        ("y[i] = w[k]*x[i+k-1]", "diff(y[i], w[l])", "x[i+l-1]", "proved"),
        ("outside w = 0\ny[i] = w[k]*x[i+k-1]", "diff(y[i], x[j])", "w[j-i+1]", "proved"),
        ("outside w = 0\ny[i] = w[k]*x[i+k-1]", "diff(y[i], x[j])", "w[j-i]", "refuted"),
        ("h[0] = s\nh[t] = a*h[t-1] + x[t]", "h[3]", "a*h[2] + x[3]", "agrees"),
        ("h[0] = s\nh[t] = a*h[t-1] + x[t]", "h[3]", "a*h[2] + x[2]", "refuted"),
    ],
)
def test_equalities_hold_with_their_ends(sheet, left, right, word):
    found = ic.equal(sheet, left, right).word
    assert found == word or (word, found) == ("agrees", "proved")


def test_the_derivative_of_a_recurrence_is_in_the_words_of_the_recurrence():
    result = ic.derive("h[0] = s\nh[t] = tanh(a*h[t-1] + x[t])\nL = sum[t]((h[t] - y[t])^2)/2", "diff(L, x[j])")
    assert str(result) == "h_bar[j]*(1 - h[j]^2)"
    (((left), (right)),) = result.adjoints
    assert str(left.expression) == "h_bar[t]"
    assert str(right.expression) == "a*sum[t'](h_bar[t']*(1 - h[t']^2)*delta[t',t+1]) + h[t] - y[t]"


def test_a_base_may_be_read_by_another_definition():
    sheet = "f[0] = 2\nf[t] = f[t-1]*x[t]\ng[t] = f[t-1]"
    np.testing.assert_allclose(value(sheet, "g[t]", x=X), [2, 2, 4, 16, 112, 1232])


def test_all_places_that_are_equal_modulo_a_short_period_count():
    sheet = "index i : 5\ny[i] = w[i mod 3]*x[i]\nL = sum[i](y[i]*y[(i+1) mod 5])"
    assert ic.derive(sheet, "diff(L, w[q])").verify().passed
    printed = str(ic.derive(sheet, "diff(y[i], w[q])"))
    assert ic.equal(sheet, "diff(y[i], w[q])", printed).word == "proved"


def test_what_is_printed_reads_back():
    sheet = "index i : n\noutside x = 0\nE = sum[i]((x[i+1] - x[i])^2)/2"
    printed = str(ic.derive(sheet, "diff(E, x[j])"))
    assert ic.equal(sheet, "diff(E, x[j])", printed).word in ("proved", "agrees")


ERRORS = [
    (
        "y[i] = a[i]*x[i-1]",
        "line 1, column 13: x[i-1] leaves its axis: x[0] is read at i = 1, and there is no such place.\n"
        "    y[i] = a[i]*x[i-1]\n"
        "                ^^^^^^\n"
        "Write outside x = 0 for zeros there, give the letter fewer places, or a condition.",
    ),
    (
        "d[i] = x[i] - x[i-1]",
        "line 1, column 15: i would begin at 2, where x[i-1] exists, and a left side begins at 1.\n"
        "    d[i] = x[i] - x[i-1]\n"
        "      ^           ^^^^^^\n"
        "Write index i : n and outside x = 0, or shift the places: x[i+1] - x[i].",
    ),
    (
        "h[t] = a*h[t-1] + x[t]",
        "line 1, column 10: h[t-1] leaves its axis: h[0] is read at t = 1, and h[0] has no base.\n"
        "    h[t] = a*h[t-1] + x[t]\n"
        "             ^^^^^^\n"
        "Give it a base, h[0] = ..., or write outside h = 0.",
    ),
    (
        "index t : 3\noutside h = 0\nh[t] = h[t-1] + h[t+1]",
        "line 3, column 1: a definition needs itself at the same place, or at smaller and greater ones: "
        "h[t] needs h[t-1], h[t] needs h[t+1].\n"
        "    h[t] = h[t-1] + h[t+1]\n"
        "    ^^^^\n"
        "Read it at smaller places only, or at greater ones only; give another value another name.",
    ),
    (
        "y[i] = x[i*j]",
        "line 1, column 10: the place i*j is a product of two letters, which is not affine.\n"
        "    y[i] = x[i*j]\n"
        "             ^^^\n"
        "Write a sum of letters, each times a whole number, such as 2*i+k-1.",
    ),
    (
        "y[i] = x[i/2]",
        "line 1, column 10: the place i/2 is a quotient, and places are whole numbers.\n"
        "    y[i] = x[i/2]\n"
        "             ^^^\n"
        "Write a place such as 2*i-1, with whole coefficients.",
    ),
    (
        "index i : n\ny[i] = w[(i+1) mod c[i]]",
        "line 2, column 20: c[i] stands behind mod, and a period is a number or the name of a size.\n"
        "    y[i] = w[(i+1) mod c[i]]\n"
        "                       ^^^^\n"
        "Write (i+1) mod n, with index i : n.",
    ),
    (
        "index i : n\noutside x = a\ny[i] = x[i+1]",
        "line 2, column 13: what stands outside is a number.\n"
        "    outside x = a\n"
        "                ^\n"
        "Write outside x = 0.",
    ),
]


@pytest.mark.parametrize("sheet, message", ERRORS, ids=[sheet for sheet, _ in ERRORS])
def test_what_the_rule_does_not_allow_is_refused(sheet, message):
    with pytest.raises(ic.IndexcalcError) as caught:
        ic.parse(sheet)
    assert str(caught.value) == message


def test_what_only_the_arrays_tell_is_refused_at_the_call():
    function = ic.derive("index i : 5\nd[i] = x[i+1] - x[i]", "d[i]").compile()
    np.testing.assert_allclose(function(x=np.arange(6.0)), np.ones(5))
    with pytest.raises(ic.IndexcalcError, match=r"x\[6\] is read at i = 5"):
        function(x=X)


def test_a_result_may_be_written_to():
    found = value("y[i] = x[i+1]", "y[i]", x=X)
    found[0] = 3
    assert X[1] == 2


@pytest.mark.parametrize(
    ("sheet", "target"),
    [
        ("u[0,i] = s[i]\noutside u = 0\nindex t : 9\nu[t,i] = r*(u[t-1,i+1] + u[t-1,i-1])\nL = sum[i](u[9,i]^2)", "r"),
        ("L = sum[i](s[i]*s[i+1])^2*r", "r"),
        ("L = sum[i](sin(r*(s[i+1] - s[i])*s[i]))", "s[p]"),
        ("outside s = 0\nindex i : n\nd[i] = r*s[i+1] - r^2*s[i-1]\nL = sum[i](d[i]^2)", "r"),
    ],
)
def test_products_at_neighbouring_places_need_no_array_of_all_pairs(sheet, target):
    code = ic.derive(sheet, f"diff(L, {target})").code(backend="numpy")
    assert "->tiab" not in code and "[:, None]" not in code and "along=((" not in code
    random = np.random.default_rng(0)
    given = {"s": random.normal(size=30), "r": 0.45} | ({"n": 30} if "index i : n" in sheet else {})
    value = ic.derive(sheet, "L").compile()
    slope = ic.derive(sheet, f"diff(L, {target})").compile()(**given)
    name = target[0]
    sides = [value(**{**given, name: given[name] + step}) for step in (1e-6, -1e-6)]
    np.testing.assert_allclose(np.sum(slope), (sides[0] - sides[1]) / 2e-6, rtol=1e-6)
