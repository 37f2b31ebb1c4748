"""Gradients of a convolution (beside torch), of a stencil and of a recurrent network (beside jax): seconds a call."""

from __future__ import annotations

import timeit
from collections.abc import Callable
from typing import Any

import numpy as np

import indexcalc as ic

CONVOLUTION = """
y[b,o,i,j] = w[o,c,k,l]*x[b,c,i+k-1,j+l-1]
L = sum[b,o,i,j](y[b,o,i,j]^2)
"""
LAPLACE = """
index i : n
index j : m
outside u = 0
d[i,j] = u[i+1,j] + u[i-1,j] + u[i,j+1] + u[i,j-1] - 4*u[i,j]
E = sum[i,j](d[i,j]^2)/2
"""
NETWORK = """
h[0,b,i] = 0
h[t,b,i] = tanh(W[i,j]*h[t-1,b,j] + U[i,c]*x[t,b,c])
L = sum[t,b,i]((h[t,b,i] - y[t,b,i])^2)
"""


def best(call: Callable[[], Any], times: int = 3) -> float:
    """The least of some times, after one call that is not counted."""
    call()
    return min(timeit.repeat(call, number=1, repeat=times))


def convolution() -> None:
    """A 3x3 convolution of 16 images with 32 channels, in kernel and in signal."""
    import torch

    random = np.random.default_rng(0)
    x, w = random.normal(size=(16, 32, 24, 24)), random.normal(size=(32, 32, 3, 3))
    for name, target in (("kernel", "diff(L, w[o,c,k,l])"), ("signal", "diff(L, x[b,c,i,j])")):
        own = ic.derive(CONVOLUTION, target).compile()
        tensors = {"x": torch.tensor(x), "w": torch.tensor(w)}
        variable = tensors["w" if name == "kernel" else "x"].requires_grad_()

        def by_torch(tensors: Any = tensors, variable: Any = variable) -> Any:
            loss = (torch.nn.functional.conv2d(tensors["x"], tensors["w"]) ** 2).sum()
            return torch.autograd.grad(loss, variable)[0]

        assert np.allclose(own(x=x, w=w), by_torch().numpy())
        print(f"convolution, {name}: {best(lambda own=own: own(x=x, w=w)):.4f} s, torch {best(by_torch):.4f} s")


def stencil() -> None:
    """The energy of a Laplacian on 1000 x 1000."""
    u = np.random.default_rng(0).normal(size=(1000, 1000))
    own = ic.derive(LAPLACE, "diff(E, u[p,q])").compile()
    print(f"Laplacian energy: {best(lambda: own(u=u)):.4f} s")


def network() -> None:
    """A recurrent network over 500 steps, 64 units, 32 examples, beside jax's scan."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    random = np.random.default_rng(0)
    arrays = {"W": random.normal(size=(64, 64)) / 8, "U": random.normal(size=(64, 16)) / 4}
    arrays |= {"x": random.normal(size=(500, 32, 16)), "y": random.normal(size=(500, 32, 64))}

    def loss(W: Any, U: Any, x: Any, y: Any) -> Any:
        def step(h: Any, inside: Any) -> Any:
            h = jnp.tanh(h @ W.T + inside)
            return h, h

        return ((jax.lax.scan(step, jnp.zeros(y.shape[1:]), x @ U.T)[1] - y) ** 2).sum()

    by_scan, given = jax.jit(jax.grad(loss)), [jnp.asarray(arrays[name]) for name in ("W", "U", "x", "y")]
    wanted = by_scan(*given)
    times = [f"scan {best(lambda: by_scan(*given).block_until_ready()):.4f} s"]
    for backend in ("numpy", "numba"):
        own = ic.derive(NETWORK, "diff(L, W[p,q])").compile(backend=backend)
        assert np.allclose(own(**arrays), wanted)
        times.append(f"{backend} {best(lambda own=own: own(**arrays)):.4f} s")
    print(f"recurrent network: {', '.join(times)}")


if __name__ == "__main__":
    convolution()
    stencil()
    network()
