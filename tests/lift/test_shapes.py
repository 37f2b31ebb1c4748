"""Shapes that comments and annotations state."""

import pytest

import indexcalc as ic


def words(code):
    return {line: str(verdict) for line, verdict in ic.check_shapes(code).items()}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("# a: (p, q), v: (q,)\nw = a @ v  # (p,)", {2: "proved"}),
        ("# a: (p, q), v: (q,)\nw = a @ v  # (q,)", {2: "refuted"}),
        ("# a: (p, q), v: (q,)\nw = a @ v  # (p, 1)", {2: "refuted"}),
        ("# a has shape (p, q)\na.T  # shape (q, p)", {2: "proved"}),
        ("# a: p x q\na.mean(0, keepdims=True)  # 1 x q", {2: "proved"}),
        ("# a: p x q\na.mean(0, keepdims=True)  # q", {}),
        ("# a: (p, q)\nb = a + c  # (p, q)", {2: "undecided"}),
        ("# a: (p, q)\nn = 5\nb = np.zeros((n, 2))  # (n, 2)", {3: "proved"}),
        ("# a: (p, q)\nb = a[:, 1:]  # (p, q-1)", {2: "proved"}),
        ("# a: (p, q, h)\nb = a.reshape(len(a), -1)  # (p, q*h)", {2: "proved"}),
        ("# a: (p, q, h)\nb = a.reshape(len(a), -1)  # (p, h)", {2: "refuted"}),
        ("# a: (p, q)\nfor i in range(len(a)):\n    r = a[i]  # (q,)", {3: "proved"}),
        ("# a: (p, q)\nb = a @ a  # (p, q)", {2: "refuted"}),
        ("def f(a, v):  # a: (p, q), v: (q,)\n    return a @ v  # (p,)", {2: "proved"}),
        ("def f(a: Float[Array, 'p q']) -> Float[Array, 'q p']:\n    return a.T", {1: "proved"}),
        ("def f(a: Float[Array, 'p q']) -> Float[Array, 'p q']:\n    return a.T", {1: "refuted"}),
        ("# a: (p, q)\nb: Float[Array, 'q p'] = a.T", {2: "proved"}),
        ("# a: (p, q)\nb = a.T  # see f(q) above", {}),
        ("# a: (p, q)\nb = a.T  # (p, s)", {2: "refuted"}),
        ("# a: (p, q)\nb = a.T  # (q, s)", {2: "undecided"}),
    ],
)
def test_verdicts_by_line(code, expected):
    assert words(code) == expected


def test_the_reason_names_both_shapes():
    (found,) = ic.check_shapes("# a: (p, q), v: (q,)\nw = a @ v  # (q,)").values()
    assert found.reason == "the shape is (p,), not (q,)"


def test_a_long_file_is_read_to_its_end():
    rows = [f"h{n} = np.tanh({f'h{n - 1}' if n else 'a'} @ w)  # (p, q)" for n in range(300)]
    verdicts = ic.check_shapes("# a: (p, q), w: (q, q)\n" + "\n".join(rows))
    assert len(verdicts) == 300
    assert {str(verdict) for verdict in verdicts.values()} == {"proved"}


REMARKS = ["(a) first of all", "(1) then", "net['b'][i]", "see x[i]", "2 x faster", "(or so, maybe)"]


@pytest.mark.parametrize("comment", REMARKS)
def test_remarks_are_no_shapes(comment):
    found = ic.check_shapes(f"# x: (n, m)\ny = x.sum()  # {comment}")
    assert "refuted" not in map(str, found.values())


STATED = [
    (
        "x: torch.Tensor  # (N, C, H, W)\ny = x.flatten(2)  # (N, C, H*W)\nz = y.transpose(1, 2)  # (N, H*W, C)",
        (3, "(N, H*W, C)", "(N, C, H*W)"),
    ),
    (
        'def f(x: Float[Array, "b t d"], w: Float[Array, "d k"]) -> Float[Array, "b k"]:\n'
        "    y = jnp.einsum('btd,dk->btk', x, w)  # b t k\n"
        "    return y.sum(axis=1)  # b k",
        (2, "# b t k", "# b k t"),
    ),
    (
        "# X is n x p, y has length n\nG = X.T @ X  # (p, p)\nb = np.linalg.solve(G, X.T @ y)  # (p,)",
        (3, "(p,)", "(n,)"),
    ),
    (
        "# z: [batch, classes], t: [batch]\ny = jax.nn.one_hot(t, z.shape[1])  # [batch, classes]\n"
        "loss = -(y * z).sum(-1)  # [batch]",
        (3, "[batch]", "[classes]"),
    ),
    (
        "class L(nn.Module):\n    def forward(self, x, w):  # x: (b, i), w: (o, i)\n"
        "        y = F.linear(x, w)  # (b, o)\n        return y.unsqueeze(1)  # (b, 1, o)",
        (4, "(b, 1, o)", "(b, o, 1)"),
    ),
    ("# v: (n,)\ne = v[1:-1]  # (n-2,)\ng = rearrange(e, 'a -> a 1')  # (n-2, 1)", (2, "(n-2,)", "(n,)")),
]


@pytest.mark.parametrize(("code", "slip"), STATED)
def test_further_ways_of_stating_shapes(code, slip):
    found = ic.check_shapes(code)
    assert found
    assert {str(verdict) for verdict in found.values()} == {"proved"}
    line, old, new = slip
    rows = code.split("\n")
    rows[line - 1] = rows[line - 1].replace(old, new)
    wrong = ic.check_shapes("\n".join(rows))
    assert [each for each, verdict in wrong.items() if str(verdict) == "refuted"] == [line]
