"""What is wrong with code that is refuted, and the statement as it should be."""

import pytest

import indexcalc as ic

LINEAR = "index u : U\nindex a : A\nindex c : C\nh[u,c] = s[u,a]*V[a,c]\nL = 1/U*sum[u,c](k[u,c]*h[u,c])"
NAMES = {"s": "s", "V": "V", "k": "k"}
SOFT = "index u : U\nindex a, d : A\np[u,a] = exp(z[u,a])/sum[d](exp(z[u,d]))\nL = sum[u,a](k[u,a]*p[u,a])"


@pytest.mark.parametrize(
    ("code", "sentence", "fix"),
    [
        ("s.T @ k", "a division by len(s) is missing", "s.T @ k / len(s)"),
        ("g = k.T @ s\ng / len(k)", "a transposition is missing: k.T @ s should be transposed", "g = (k.T @ s).T"),
        ("-(s.T @ k) / len(k)", "the minus is one too many", None),
        (
            "np.einsum('ua,uc->ca', s, k) / len(s)",
            "the subscripts 'ua,uc->ca' should be 'ua,uc->ac'",
            "np.einsum('ua,uc->ac', s, k) / len(s)",
        ),
        ("s.T @ s / len(s)", "the array s should be k", "s.T @ k / len(s)"),
        (
            "out = np.zeros_like(s.T @ k)\nfor u in range(len(s)):\n    out = np.outer(s[u], k[u])\nout / len(s)",
            "out is overwritten in each round, not added to",
            "out += np.outer(s[u], k[u])",
        ),
    ],
)
def test_the_slip_is_named_and_mended(code, sentence, fix):
    found = ic.check_code(LINEAR, "diff(L, V[a,c])", code, names=NAMES)
    assert str(found) == "refuted"
    if fix is not None:
        assert (found.reason.split("; ")[-1], found.fix) == (sentence, fix)


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        ("p * (k - (p * k).sum(axis=0, keepdims=True))", "p * (k - (p * k).sum(axis=1, keepdims=True))"),
        ("q = p\nq *= k\nq - p * q.sum(1)[:, None]", "q = p.copy()"),
        ("q = p * k\nq + p * q.sum(1)[:, None]", "q - p * q.sum(1)[:, None]"),
    ],
)
def test_the_fix_is_a_statement_of_the_code(code, fix):
    found = ic.check_code(SOFT, "diff(L, z[u,a])", code, names={"p": "p", "k": "k"})
    assert (str(found), found.fix) == ("refuted", fix)


def test_what_no_small_change_mends_has_no_fix():
    found = ic.check_code(SOFT, "diff(L, z[u,a])", "np.cos(p) @ k.T @ k", names={"p": "p", "k": "k"})
    assert (str(found), found.fix) == ("refuted", "")
