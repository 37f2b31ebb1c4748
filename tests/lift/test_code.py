"""Array code against formulas: right and wrong code side by side; all sizes different."""

import pytest

import indexcalc as ic

LINEAR = "index u : U\nindex a : A\nindex c : C\nh[u,c] = s[u,a]*V[a,c]\nL = sum[u,c](k[u,c]*h[u,c])"
SOFT = "index u : U\nindex a, c, d : A\np[u,a] = exp(z[u,a])/sum[d](exp(z[u,d]))\nL = sum[u,a](k[u,a]*p[u,a])"
MEAN = "index u : U\nindex a : A\nm[a] = 1/U*sum[u](s[u,a])\nv[a] = 1/U*sum[u]((s[u,a] - m[a])^2)"
NAMES = {"s": "s", "V": "V", "k": "k", "p": "p", "z": "z", "U": "U", "A": "A", "C": "C"}


def verdict(sheet, target, code, **more):
    known = ic.parse(sheet)
    labels = {range.label for range in known.letters.values()}
    names = {name: each for name, each in NAMES.items() if each in known.slots or each in labels}
    return ic.check_code(sheet, target, code, names=names | more.pop("names", {}), **more)


CASES = [
    (LINEAR, "diff(L, V[a,c])", "s.T @ k", "k.T @ s"),
    (LINEAR, "diff(L, V[a,c])", "np.einsum('ua,uc->ac', s, k)", "np.einsum('ua,uc->ca', s, k)"),
    (LINEAR, "diff(L, V[a,c])", "np.einsum(s, [0, 1], k, [0, 2], [1, 2])", "np.einsum(s, [0, 1], k, [0, 2], [2, 1])"),
    (LINEAR, "diff(L, V[a,c])", "np.tensordot(s, k, axes=(0, 0))", "np.tensordot(k, s, axes=(0, 0))"),
    (LINEAR, "diff(L, s[u,a])", "k @ V.T", "k @ V"),
    (LINEAR, "diff(L, s[u,a])", "einops.einsum(k, V, 'u c, a c -> u a')", "einops.einsum(k, V, 'u c, a c -> a u')"),
    (
        LINEAR,
        "diff(L, s[u,a])",
        "out = np.zeros_like(s)\nfor u in range(len(s)):\n    out[u] = V @ k[u]\nout",
        "out = np.zeros_like(s)\nfor u in range(1, len(s)):\n    out[u] = V @ k[u]\nout",
    ),
    (
        LINEAR,
        "diff(L, V[a,c])",
        "out = np.zeros((A, C))\nfor row, g in zip(s, k):\n    out += np.outer(row, g)\nout",
        "out = np.zeros((A, C))\nfor row, g in zip(s, k):\n    out = np.outer(row, g)\nout",
    ),
    (SOFT, "diff(L, z[u,a])", "p * (k - (p * k).sum(1, keepdims=True))", "p * (k - (p * k).sum(0, keepdims=True))"),
    (SOFT, "diff(L, z[u,a])", "q = p * k\nq - p * q.sum(1)[:, None]", "q = p * k\nq + p * q.sum(1)[:, None]"),
    (SOFT, "p[u,a]", "e = np.exp(z - z.max(1)[:, None])\ne / e.sum(1)[:, None]", "e = np.exp(z)\ne / e.sum()"),
    (SOFT, "p[u,a]", "torch.softmax(z, dim=-1)", "torch.softmax(z, dim=0)"),
    (SOFT, "p[u,a]", "jax.nn.softmax(z)", "jax.nn.softmax(z, axis=0)"),
    (
        SOFT,
        "diff(p[u,a], z[u,c])",
        "np.stack([np.diag(r) - np.outer(r, r) for r in p])",
        "np.stack([np.diag(r) for r in p])",
    ),
    (MEAN, "v[a]", "s.var(0)", "s.var(0, ddof=1)"),
    (MEAN, "v[a]", "torch.var(s, 0, unbiased=False)", "torch.var(s, 0)"),
    (MEAN, "v[a]", "np.mean(s**2, axis=0) - np.mean(s, axis=0)**2", "np.mean(s**2, axis=0) - np.mean(s)**2"),
    (MEAN, "v[a]", "np.square(s - s.mean(0)).sum(0) / len(s)", "np.square(s - s.mean(0)).sum(0) / s.shape[1]"),
    (MEAN, "v[a]", "d = s - s.mean(0)\n(d * d).mean(0)", "d = s - s.mean(0)\n(d * d).mean(0, keepdims=True)"),
]


@pytest.mark.parametrize(("sheet", "target", "right", "wrong"), CASES)
def test_right_code_is_confirmed_and_wrong_code_refuted(sheet, target, right, wrong):
    assert str(verdict(sheet, target, right)) in ("proved", "agrees")
    assert str(verdict(sheet, target, wrong)) == "refuted"


MUTABLE = [
    ("q = p.copy()\nq *= k\nq - p * q.sum(1)[:, None]", "q = p\nq *= k\nq - p * q.sum(1)[:, None]"),
    ("q = p * k\nr = q[:]\nr -= p * q.sum(1)[:, None]\nq", "q = p * k\nr = q[:].copy()\nr -= p * q.sum(1)[:, None]\nq"),
    (
        "def lower(x):\n    x -= p * x.sum(1, keepdims=True)\nq = p * k\nlower(q)\nq",
        "def lower(x):\n    x = x - p * x.sum(1, keepdims=True)\nq = p * k\nlower(q)\nq",
    ),
    ("q = p * k\nt = q.T\nt -= p.T * t.sum(0)\nq", "q = p * k\nt = q.T + 0\nt -= p.T * t.sum(0)\nq"),
    (
        "q = jnp.multiply(p, k)\nq = q.at[:].add(-p * q.sum(1, keepdims=True))\nq",
        "q = jnp.multiply(p, k)\nq.at[:].add(-p * q.sum(1, keepdims=True))\nq",
    ),
    ("q = p * k\nr = np.asarray(q)\nr -= p * q.sum(1)[:, None]\nq", "q = p * k\nr = np.array(q)\nr -= p\nq"),
    (
        "q = p * k\nr = q.ravel()\nr -= (p * q.sum(1)[:, None]).ravel()\nq",
        "q = p * k\nr = q.flatten()\nr -= (p * q.sum(1)[:, None]).ravel()\nq",
    ),
    ("q = p.mul(k)\nr = q.detach()\nr.sub_(p * q.sum(1)[:, None])\nq", "q = p.mul(k)\nr = q.clone()\nr.sub_(p)\nq"),
    (
        "q = np.zeros(p.shape)\nq[...] = p * (k - (p * k).sum(1, keepdims=True))\nq",
        "q = np.zeros(p.shape, dtype=int)\nq[...] = p * (k - (p * k).sum(1, keepdims=True))\nq",
    ),
]


@pytest.mark.parametrize(("right", "wrong"), MUTABLE)
def test_arrays_are_mutable(right, wrong):
    assert str(verdict(SOFT, "diff(L, z[u,a])", right)) in ("proved", "agrees")
    assert str(verdict(SOFT, "diff(L, z[u,a])", wrong)) == "refuted"


def test_an_axis_of_length_one_that_only_broadcasts_is_refuted_with_the_reason():
    found = verdict(MEAN, "m[a]", "s.mean(0, keepdims=True)")
    assert str(found) == "refuted"
    assert found.reason == (
        "the result has the shape (1, A), the formula (A,): "
        "an axis of length 1 is not the same, even where it broadcasts; keepdims keeps an axis of length 1"
    )


def test_code_that_raises_is_refuted_with_its_line():
    found = verdict(LINEAR, "diff(L, V[a,c])", "q = s.T\nq @ V")
    assert str(found) == "refuted"
    assert found.reason == (
        "the code raises an error: line 2: the shapes (A, U) and (A, C) do not fit in a matrix product: U is not A"
        "; the array V should be k"
    )
    assert found.fix == "q @ k"


def test_a_counterexample_names_the_element_and_both_values():
    found = verdict(LINEAR, "diff(L, V[a,c])", "2 * s.T @ k")
    assert found.counterexample.right == pytest.approx(2 * found.counterexample.left)
    assert set(found.counterexample.element) == {"a", "c"}


CROSS = (
    "index u, r : U\nindex a, c, d : A\nl[u,a] = z[u,a] - log(sum[d](exp(z[u,d])))\n"
    "L = -1/U*sum[u,a](t[u,a]*l[u,a])\nassume sum[a](t[u,a]) = 1"
)


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("q = np.exp(z) / np.exp(z).sum(1, keepdims=True)\nq[np.arange(len(w)), w] -= 1\nq / len(z)", True),
        ("q = np.exp(z) / np.exp(z).sum(1, keepdims=True)\nq[:, w] -= 1\nq / len(z)", False),
        ("(torch.softmax(z, 1) - F.one_hot(w, z.shape[1])) / z.shape[0]", True),
        ("(torch.softmax(z, 0) - F.one_hot(w, z.shape[1])) / z.shape[0]", False),
        ("(jax.nn.softmax(z) - (w[:, None] == jnp.arange(z.shape[1]))) / len(z)", True),
        ("(jax.nn.softmax(z) - jnp.eye(z.shape[1])[w]) / z.shape[1]", False),
    ],
)
def test_labels_stand_for_a_one_hot_tensor(code, right):
    found = verdict(CROSS, "diff(L, z[r,c])", code, labels={"w": "t"})
    assert str(found) in (("proved", "agrees") if right else ("refuted",))


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("F.cross_entropy(z, w)", True),
        ("F.cross_entropy(z, w, reduction='sum')", False),
        ("-torch.log_softmax(z, 1).gather(1, w[:, None]).mean()", True),
        ("F.nll_loss(torch.log_softmax(z, 1), w)", True),
        ("F.nll_loss(torch.softmax(z, 1), w)", False),
    ],
)
def test_losses_of_labels(code, right):
    found = verdict(CROSS, "L", code, labels={"w": "t"})
    assert str(found) in (("proved", "agrees") if right else ("refuted",))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("rng.normal() + s.mean(0)", "line 1: the name rng is not known"),
        ("s.mean(0) + np.random.normal()", "line 1: random numbers are not known"),
        ("while True:\n    pass\ns", "line 1: a loop whose number of rounds is not known cannot be read"),
        ("np.mean = 3\nnp.mean(s, 0)", "line 2: mean was replaced in line 1"),
        ("def f(x):\n    return f(x)\nf(s)", "line 2: calls are nested too deeply: a function that calls itself"),
        ("s.mean(0", "line 1: this is no Python: '(' was never closed"),
    ],
)
def test_what_is_not_known_is_unreadable_with_its_line(code, reason):
    found = verdict(MEAN, "m[a]", code)
    assert (str(found), found.reason) == ("unreadable", reason)


@pytest.mark.parametrize(
    ("target", "right", "wrong"),
    [
        (
            "m[a]",
            "out = np.zeros(A)\nfor a in range(A):\n    for u in range(U):\n        out[a] += s[u, a] / U\nout",
            "out = np.zeros(A)\nfor a in range(A):\n    for u in range(U):\n        out[a] = s[u, a] / U\nout",
        ),
        (
            "m[a]",
            "rows = []\nfor row in s:\n    rows.append(row / U)\nsum(rows)",
            "rows = []\nfor row in s:\n    rows.append(row)\nsum(rows)",
        ),
        ("m[a]", "s[:1].sum(0) / U + s[1:].sum(0) / U", "s[1:].sum(0) / U"),
        ("m[a]", "np.flip(s, 0).mean(0)", "np.flip(s, 1).mean(0)"),
        ("m[a]", "np.cumsum(s, 0)[-1] / U", "np.cumsum(s, 0)[0] / U"),
        ("m[a]", "np.triu(s).sum(0) / U + np.tril(s, -1).sum(0) / U", "np.triu(s).sum(0) / U + np.tril(s).sum(0) / U"),
    ],
)
def test_loops_lists_and_parts_of_axes(target, right, wrong):
    assert str(verdict(MEAN, target, right)) in ("proved", "agrees")
    assert str(verdict(MEAN, target, wrong)) == "refuted"


def test_a_name_and_a_number_may_be_one_length():
    found = verdict(LINEAR, "diff(L, s[u,a])", "k @ V.T @ np.eye(3)")
    assert str(found) == "undecided"
    assert found.reason == (
        "line 1: the shapes (U, A) and (3, 3) do not fit in a matrix product unless A is 3, which is not said"
    )


def test_functions_that_nobody_knows_and_their_derivatives():
    sheet = "index u : U\nindex a : A\ny[u] = f(s[u,a]*w[a])"
    names = {"s": "s", "w": "w"}
    assert str(ic.check_code(sheet, "y[u]", "f(s @ w)", names)) == "proved"
    assert str(ic.check_code(sheet, "y[u]", "2 * f(s @ w)", names)) == "refuted"
    assert str(ic.check_code(sheet, "diff(y[u], w[a])", "f_prime(s @ w)[:, None] * s", names)) == "proved"
    assert str(ic.check_code(sheet, "diff(y[u], w[a])", "f(s @ w)[:, None] * s", names)) == "refuted"
