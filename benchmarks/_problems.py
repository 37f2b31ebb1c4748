"""The problems of `peers.py`: each as a sheet, as a loss for automatic differentiation, and as an expert writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Arrays = Mapping[str, Any]
Answer = list[Any]


@dataclass(frozen=True)
class Problem:
    """One row of the table.

    Parameters
    ----------
    sheet, target: what indexcalc is given; without a target the gradient of L by `by`.
    by: the tensors by which is differentiated.
    loss: the same for automatic differentiation, with the module of its functions: a scalar, or an array (Jacobian).
    order: 1, or 2 for a Hessian. expert, eye: what is written by hand, and with identity matrices.
    goals: how many times faster than each peer indexcalc has to be (issue 4).
    operations: of the matrix products that cannot be avoided.
    too_large: the peers that would run out of memory or time.
    row: one row of the loss, by one row of what is differentiated by, where rows do not depend on each other.
    """

    title: str
    arrays: Arrays
    sheet: str
    by: tuple[str, ...]
    loss: Callable[[Any, Arrays], Any]
    expert: Callable[[Arrays], Answer]
    target: str = ""
    order: int = 1
    eye: Callable[[Arrays], Answer] | None = None
    goals: Mapping[str, float] = field(default_factory=dict)
    too_large: tuple[str, ...] = ()
    operations: float = 0
    row: Callable[[Any, Any], Any] | None = None

    @property
    def nbytes(self) -> int:
        """The bytes of all arguments and results."""
        arrays = [*self.arrays.values(), *self.expert(self.arrays)]
        return sum(np.asarray(array).nbytes for array in arrays)

    @property
    def is_jacobian(self) -> bool:
        """Whether what is differentiated is an array."""
        return bool(self.target) and not self.target.startswith("diff(L")


def normal(*shape: int) -> Any:
    """Random numbers, the same in every run."""
    return np.random.default_rng(sum(shape)).normal(size=shape)


# ----- Logistic regression ---------------------------------------------------------------------------------------

LOGISTIC = "L = sum[i](log(1 + exp(-y[i]*X[i,j]*w[j])))"


def logistic(n: int, order: int) -> Problem:
    """X is 2n x n; the gradient or the Hessian."""

    def expert(a: Arrays) -> Answer:
        X, y, w = a["X"], a["y"], a["w"]
        s = X @ w
        s *= y
        np.exp(s, out=s)
        s += 1
        np.reciprocal(s, out=s)
        if order == 1:
            s *= y
            return [-(s @ X)]
        B = X * np.sqrt(s * (1 - s))[:, None]
        return [B.T @ B]

    arrays = {"X": normal(2 * n, n), "y": np.sign(normal(2 * n)), "w": normal(n) / n}
    jax = {1: {32: 1.7, 128: 2.9, 512: 1.7, 1024: 1.2}, 2: {32: 2.7, 128: 2.0, 512: 1.5, 1024: 1.8}}[order][n]
    return Problem(
        f"logistic regression n={n}, {'gradient' if order == 1 else 'Hessian'}",
        arrays,
        LOGISTIC,
        ("w",),
        lambda xp, a: xp.sum(xp.logaddexp(0.0, -a["y"] * xp.dot(a["X"], a["w"]))),
        expert,
        "diff(L, w[a])" if order == 1 else "diff(L, w[a], w[b])",
        order,
        goals={"expert": 1.0, "jax": jax},
        operations=8 * n**2 if order == 1 else 4 * n**2 + 2 * n**3,
    )


# ----- Matrix factorisation --------------------------------------------------------------------------------------


def factorisation(n: int) -> Problem:
    """The Hessian in U of the squared error of U V', five columns each."""

    def expert(a: Arrays) -> Answer:
        V, (m, k) = a["V"], a["U"].shape
        out = np.zeros((m, k, m, k))
        np.einsum("abad->abd", out)[...] = 2 * (V.T @ V)
        return [out]

    def eye(a: Arrays) -> Answer:
        return [2 * np.einsum("jb,jd,ac->abcd", a["V"], a["V"], np.eye(len(a["U"])), optimize=True)]

    return Problem(
        f"matrix factorisation n={n}, Hessian in U",
        {"T": normal(n, n), "U": normal(n, 5), "V": normal(n, 5)},
        "L = sum[i,j]((T[i,j] - U[i,k]*V[j,k])^2)",
        ("U",),
        lambda xp, a: xp.sum((a["T"] - xp.dot(a["U"], a["V"].T)) ** 2),
        expert,
        "diff(L, U[a,b], U[c,d])",
        2,
        eye,
        {"expert": 0.9, "jax": 200},
        ("jax", "torch", "autograd") if n > 300 else (),
        2 * n * 5**2,
    )


# ----- Softmax ---------------------------------------------------------------------------------------------------


def softmax(xp: Any, z: Any) -> Any:
    """The softmax over the last axis."""
    e = xp.exp(z - xp.max(z, axis=-1, keepdims=True))
    return e / xp.sum(e, axis=-1, keepdims=True)


def jacobian(m: int, n: int) -> Problem:
    """All derivatives of a batch of softmaxes."""

    def expert(a: Arrays) -> Answer:
        s = softmax(np, a["z"])
        blocks = -s[:, :, None] * s[:, None, :]
        np.einsum("pqq->pq", blocks)[...] += s
        out = np.zeros((m, n, m, n))
        np.einsum("pqps->pqs", out)[...] = blocks
        return [out]

    def eye(a: Arrays) -> Answer:
        s = softmax(np, a["z"])
        rows, columns = np.eye(m), np.eye(n)
        return [np.einsum("pq,pr,qs->pqrs", s, rows, columns) - np.einsum("pq,ps,pr->pqrs", s, s, rows)]

    return Problem(
        f"softmax Jacobian ({m}, {n})",
        {"z": normal(m, n)},
        "a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))",
        ("z",),
        lambda xp, a: softmax(xp, a["z"]),
        expert,
        "diff(a[p,q], z[r,s])",
        eye=eye,
        goals={"jax": 6, "eye": 20},
        row=softmax,
    )


SOFTMAX_REGRESSION = """
index p : m
z[p,q] = b[q] + x[p,t]*w[t,q]
a[p,q] = exp(z[p,q])/sum[k](exp(z[p,k]))
L = -1/m*sum[p,q](y[p,q]*log(a[p,q]))
assume sum[q](y[p,q]) = 1
"""


def regression(m: int, t: int, q: int) -> Problem:
    """The gradients of softmax regression."""

    def loss(xp: Any, a: Arrays) -> Any:
        z = xp.dot(a["x"], a["w"]) + a["b"]
        z = z - xp.max(z, axis=1, keepdims=True)
        return xp.sum(a["y"] * (xp.log(xp.sum(xp.exp(z), axis=1, keepdims=True)) - z)) / m

    def expert(a: Arrays) -> Answer:
        z = a["w"].T @ a["x"].T
        z += a["b"][:, None]
        z -= z.max(axis=0)
        np.exp(z, out=z)
        z /= z.sum(axis=0)
        z -= a["y"].T
        z /= m
        return [(z @ a["x"]).T, z.sum(axis=1)]

    arrays = {"x": normal(m, t), "w": normal(t, q), "b": normal(q), "y": np.eye(q)[np.arange(m) % q]}
    goals = {"jax": 3 if m < 1000 else 1.3}
    return Problem(
        f"softmax regression {m} x {t} x {q}",
        arrays,
        SOFTMAX_REGRESSION,
        ("w", "b"),
        loss,
        expert,
        goals=goals,
        operations=4 * m * t * q,
    )


# ----- Products --------------------------------------------------------------------------------------------------


def pullback(i: int, j: int, k: int, p: int) -> Problem:
    """Both pullbacks of the einsum ijk,ip->jkp."""

    def expert(a: Arrays) -> Answer:
        G, A = a["G"].reshape(j * k, p), a["A"].reshape(i, j * k)
        return [(a["B"] @ G.T).reshape(i, j, k), A @ G]

    return Problem(
        f"pullback of ijk,ip->jkp at {i},{j},{k},{p}",
        {"A": normal(i, j, k), "B": normal(i, p), "G": normal(j, k, p)},
        "L = A[i,j,k]*B[i,p]*G[j,k,p]",
        ("A", "B"),
        lambda xp, a: xp.sum(xp.einsum("ijk,ip->jkp", a["A"], a["B"]) * a["G"]),
        expert,
        goals={"jax": 1.1},
        operations=4 * i * j * k * p,
    )


def affine(layers: int, batch: int, width: int = 128) -> Problem:
    """The gradients of all weights and shifts of a deep affine network; the expert propagates back."""
    names = [f"W{layer}" for layer in range(1, layers + 1)] + [f"c{layer}" for layer in range(1, layers + 1)]
    lines = [f"h{n}[i,b] = W{n}[i,j]*{'x' if n == 1 else f'h{n - 1}'}[j,b] + c{n}[i]" for n in range(1, layers + 1)]

    def loss(xp: Any, a: Arrays) -> Any:
        h = a["x"]
        for n in range(1, layers + 1):
            h = xp.dot(a[f"W{n}"], h) + a[f"c{n}"][:, None]
        return xp.sum((h - a["y"]) ** 2)

    def expert(a: Arrays) -> Answer:
        h = [a["x"]]
        for n in range(1, layers + 1):
            h.append(a[f"W{n}"] @ h[-1])
            h[-1] += a[f"c{n}"][:, None]
        bar = 2 * (h[-1] - a["y"])
        weights: Answer = []
        shifts: Answer = []
        for n in range(layers, 0, -1):
            weights.insert(0, bar @ h[n - 1].T)
            shifts.insert(0, bar.sum(axis=1))
            bar = a[f"W{n}"].T @ bar if n > 1 else bar
        return [*weights, *shifts]

    arrays = {name: normal(width, width) / width**0.5 if name[0] == "W" else normal(width) for name in names}
    arrays |= {"x": normal(width, batch), "y": normal(width, batch)}
    text = "\n".join([*lines, f"L = sum[i,b]((h{layers}[i,b] - y[i,b])^2)"])
    goals = {"jax": 15 if batch > 1000 else 1.5}
    return Problem(
        f"deep affine L={layers}, batch {batch}",
        arrays,
        text,
        tuple(names),
        loss,
        expert,
        goals=goals,
        operations=6 * width**2 * (layers * width + batch),  # the weights multiplied first
    )


def relu_layers(n: int, layers: int = 10, batch: int = 32) -> Problem:
    """The Hessian of a softmax cross entropy behind a ReLU network in the weights of the first layer."""
    lines = [f"h{k}[b,i] = relu({'x' if k == 1 else f'h{k - 1}'}[b,j]*W{k}[j,i])" for k in range(1, layers)]
    lines.append(f"z[b,i] = h{layers - 1}[b,j]*W{layers}[j,i]")
    text = "\n".join([
        "index b : m",
        *lines,
        "p[b,i] = exp(z[b,i])/sum[k](exp(z[b,k]))",
        "L = -1/m*sum[b,i](y[b,i]*log(p[b,i]))",
        "assume sum[i](y[b,i]) = 1",
    ])

    def loss(xp: Any, a: Arrays) -> Any:
        h = a["x"]
        for k in range(1, layers):
            h = xp.dot(h, a[f"W{k}"])
            h = h * (h > 0)
        z = xp.dot(h, a[f"W{layers}"])
        z = z - xp.max(z, axis=1, keepdims=True)
        return xp.sum(a["y"] * (xp.log(xp.sum(xp.exp(z), axis=1, keepdims=True)) - z)) / batch

    def expert(a: Arrays) -> Answer:
        h, masks = a["x"], []
        for k in range(1, layers):
            h = h @ a[f"W{k}"]
            masks.append(h > 0)
            h = np.maximum(h, 0)
        p = softmax(np, h @ a[f"W{layers}"])
        J = np.broadcast_to(a[f"W{layers}"], (batch, n, n))  # of the logits by h[layers - 1], then by the one before
        for k in range(layers - 1, 0, -1):
            J = J * masks[k - 1][:, :, None]
            J = a[f"W{k}"] @ J if k > 1 else J
        S = J * np.sqrt(p / batch)[:, None, :]
        mean = (J @ p[:, :, None])[:, :, 0] / batch**0.5
        A = S @ S.transpose(0, 2, 1) - mean[:, :, None] * mean[:, None, :]
        xx = a["x"][:, :, None] * a["x"][:, None, :]
        out = xx.reshape(batch, n * n).T @ A.reshape(batch, n * n)
        return [out.reshape(n, n, n, n).transpose(0, 2, 1, 3)]

    arrays = {f"W{k}": np.random.default_rng(k).normal(size=(n, n)) * (2 / n) ** 0.5 for k in range(1, layers + 1)}
    arrays |= {"x": normal(batch, n), "y": np.eye(n)[np.arange(batch) % n]}
    title = f"{layers}-layer ReLU network n={n}, Hessian in W1"
    goals = {"jax": {16: 5, 32: 10, 48: 15}[n]}
    too_large = ("autograd",) if n > 32 else ()
    return Problem(
        title, arrays, text, ("W1",), loss, expert, "diff(L, W1[a,c], W1[d,e])", 2, goals=goals, too_large=too_large
    )


# ----- Attention and layer norm ----------------------------------------------------------------------------------

ATTENTION = """
S[n,i,j] = Q[n,i,d]*K[n,j,d]/8
A[n,i,j] = exp(S[n,i,j])/sum[k](exp(S[n,i,k]))
L = sum[n,i,j,d](A[n,i,j]*V[n,j,d]*G[n,i,d])
"""


def attention(n: int, i: int, d: int) -> Problem:
    """The gradients of queries, keys and values."""

    def loss(xp: Any, a: Arrays) -> Any:
        weights = softmax(xp, xp.matmul(a["Q"], xp.swapaxes(a["K"], 1, 2)) / 8)
        return xp.sum(xp.matmul(weights, a["V"]) * a["G"])

    def expert(a: Arrays) -> Answer:
        A = a["Q"] @ a["K"].transpose(0, 2, 1)
        A /= 8
        A -= A.max(axis=2, keepdims=True)
        np.exp(A, out=A)
        A /= A.sum(axis=2, keepdims=True)
        S = a["G"] @ a["V"].transpose(0, 2, 1)
        S -= np.einsum("nij,nij->ni", S, A)[:, :, None]
        S *= A
        S /= 8
        return [S @ a["K"], S.transpose(0, 2, 1) @ a["Q"], A.transpose(0, 2, 1) @ a["G"]]

    arrays = {name: normal(n, i, d) for name in "QKVG"}
    title = f"attention batch {n}, n {i}, d {d}"
    work = 10 * n * i**2 * d
    return Problem(title, arrays, ATTENTION, ("Q", "K", "V"), loss, expert, goals={"jax": 1.0}, operations=work)


LAYER_NORM = """
mu[i] = mean[j](x[i,j])
v[i] = mean[j]((x[i,j] - mu[i])^2)
h[i,j] = (x[i,j] - mu[i])/sqrt(v[i] + 0.00001)
L = sum[i,j](G[i,j]*(g[j]*h[i,j] + b[j]))
"""


def layer_norm(m: int, n: int) -> Problem:
    """The backward pass of layer norm."""

    def loss(xp: Any, a: Arrays) -> Any:
        centred = a["x"] - xp.mean(a["x"], axis=1, keepdims=True)
        h = centred / xp.sqrt(xp.mean(centred**2, axis=1, keepdims=True) + 1e-5)
        return xp.sum(a["G"] * (a["g"] * h + a["b"]))

    def expert(a: Arrays) -> Answer:
        h = a["x"] - a["x"].mean(axis=1, keepdims=True)
        inverse = 1 / np.sqrt(np.einsum("ij,ij->i", h, h) / n + 1e-5)[:, None]
        h *= inverse
        t = a["G"] * a["g"]
        mean, slope = t.mean(axis=1, keepdims=True), np.einsum("ij,ij->i", t, h)[:, None] / n
        shift = np.einsum("ij,ij->j", a["G"], h)
        t -= mean
        h *= slope
        t -= h
        t *= inverse
        return [t, shift, a["G"].sum(axis=0)]

    arrays = {"x": normal(m, n), "G": normal(m, n) + 1, "g": normal(n), "b": normal(n)}
    title = f"layer norm backward {m} x {n}"
    return Problem(title, arrays, LAYER_NORM, ("x", "g", "b"), loss, expert, goals={"jax": 5})


PROBLEMS: tuple[Callable[[], Problem], ...] = (
    *(lambda n=n, order=order: logistic(n, order) for order in (1, 2) for n in (32, 128, 512, 1024)),
    *(lambda n=n: factorisation(n) for n in (100, 300, 1000)),
    *(lambda m=m, n=n: jacobian(m, n) for m, n in ((100, 5), (150, 3), (300, 20))),
    lambda: regression(150, 4, 3),
    lambda: regression(100_000, 100, 10),
    lambda: pullback(16, 32, 64, 128),
    *(lambda n=n, b=b: affine(n, b) for n, b in ((4, 256), (16, 256), (64, 256), (16, 4096))),
    *(lambda n=n: relu_layers(n) for n in (16, 32, 48)),
    lambda: attention(8, 256, 64),
    lambda: layer_norm(256, 64),
    lambda: layer_norm(4096, 512),
)
