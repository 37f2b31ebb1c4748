"""Backward passes that are written by hand, against their own forward."""

import pytest

import indexcalc as ic

SCALE = """
class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, u, s):  # u: (r, k), s: (k,)
        ctx.save_for_backward(u, s)
        return torch.sin(u) * s

    @staticmethod
    def backward(ctx, flow):
        u, s = ctx.saved_tensors
        return flow * torch.cos(u) * s, (flow * torch.sin(u)).sum(0)
"""
CUSTOM = """
@jax.custom_vjp
def f(u, q):  # u: (r, k), q: (k, k)
    return jnp.einsum('rk,kl,rl->r', u, q, u)

def forward(u, q):
    return f(u, q), (u, q)

def backward(kept, flow):
    u, q = kept
    return flow[:, None] * (u @ (q + q.T)), jnp.einsum('r,rk,rl->kl', flow, u, u)

f.defvjp(forward, backward)
"""
PAIR = '''
def dense_forward(u, w, b):
    """u: an array of shape (r, k); w: shape (k, h); b: shape (h,)."""
    out = np.tanh(u.dot(w) + b)
    cache = (u, w, out)
    return out, cache

def dense_backward(dout, cache):
    u, w, out = cache
    dz = dout * (1 - out**2)
    du = dz.dot(w.T)
    dw = u.T.dot(dz)
    db = dz.sum(axis=0)
    return du, dw, db
'''
LOSS = """
def loss_and_gradient(w, X, y):  # X: (m, n), w: (n,), y: (m,)
    r = X @ w - y
    return (r @ r) / (2 * len(y)), X.T @ r / len(y)
"""
LAYER = """
class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, u):
        self.u = u
        return u @ self.W + self.b

    def backward(self, flow):
        self.dW = self.u.T @ flow
        self.db = flow.sum(axis=0)
        return flow @ self.W.T
"""
LAYER_SHAPES = {"u": ["r", "k"], "W": ["k", "h"], "b": ["h"]}
LABELS = """
def softmax_loss(z, t):  # z: (m, c), t: (m,)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(len(z)), t]).mean()
    dz = p.copy()
    dz[np.arange(len(z)), t] -= 1
    dz /= len(z)
    return loss, dz
"""


@pytest.mark.parametrize(
    ("code", "shapes", "slip", "wrong"),
    [
        (SCALE, None, ("torch.cos(u) * s", "torch.cos(u)"), {"u"}),
        (SCALE, None, (".sum(0)", ".mean(0)"), {"s"}),
        (SCALE, None, ("flow * torch.sin(u)).sum(0)", "flow * torch.sin(u))"), {"s"}),
        (CUSTOM, None, ("q + q.T", "2 * q"), {"u"}),
        (CUSTOM, None, ("'r,rk,rl->kl'", "'r,rk,rl->lk'"), set()),
        (PAIR, None, ("1 - out**2", "1 - out"), {"u", "w", "b"}),
        (PAIR, None, ("u.T.dot(dz)", "u.T.dot(dout)"), {"w"}),
        (LOSS, None, ("X.T @ r / len(y)", "X.T @ r"), {"w"}),
        (LAYER, LAYER_SHAPES, ("self.u.T @ flow", "flow.T @ self.u"), {"W"}),
        (LAYER, LAYER_SHAPES, ("flow.sum(axis=0)", "flow.sum(axis=0, keepdims=True)"), {"b"}),
        (LABELS, None, ("    dz /= len(z)\n", ""), {"z"}),
    ],
)
def test_the_gradient_that_is_wrong_is_named(code, shapes, slip, wrong):
    right = ic.check_backward(code, shapes)
    assert right and {str(verdict) for verdict in right.values()} <= {"proved", "agrees"}
    before, after = slip
    assert before in code
    found = ic.check_backward(code.replace(before, after), shapes)
    assert {name for name, verdict in found.items() if str(verdict) == "refuted"} == wrong


def test_code_without_a_backward_pass_is_unreadable():
    (found,) = ic.check_backward("def f(x):\n    return x").values()
    assert (str(found), found.reason) == ("unreadable", "no backward pass is found")
