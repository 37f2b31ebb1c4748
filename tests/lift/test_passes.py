"""The forms that hand-written backward passes have: objects, layers with lists, slopes, what they inherit."""

import pytest

import indexcalc as ic

BASE = """
class Layer:
    def __init__(self):
        self.params, self.grads = {}, {}

    def forward(self, u):
        raise NotImplementedError

    def backward(self, flow):
        raise NotImplementedError


class Linear(Layer):
    def __init__(self, rows, columns):
        super().__init__()
        self.params["w"] = np.random.randn(rows, columns)

    def forward(self, u):
        self.u = u
        return u @ self.params["w"]

    def backward(self, flow):
        self.grads["w"] = self.u.T @ flow
        return flow @ self.params["w"].T
"""
LISTS = """
class Dense:
    def __init__(self, w, b):
        self.params = [w, b]
        self.grads = [np.zeros_like(w), np.zeros_like(b)]
        self.u = None

    def forward(self, u):
        w, b = self.params
        self.u = u
        return np.dot(u, w) + b

    def backward(self, flow):
        w, b = self.params
        self.grads[0][...] = np.dot(self.u.T, flow)
        self.grads[1][...] = flow.sum(axis=0)
        return np.dot(flow, w.T)
"""
INNER = """
class Rows:
    def forward(self, z):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        self.a = e / e.sum(axis=1, keepdims=True)
        return self.a

    def backward(self, flow):
        rest = self.a * flow
        return rest - self.a * rest.sum(axis=1, keepdims=True)


class Mix:
    def __init__(self):
        self.rows = Rows()

    def forward(self, u, v):
        self.u, self.v = u, v
        return self.rows.forward(u * v)

    def backward(self, flow):
        inner = self.rows.backward(flow)
        return inner * self.v, inner * self.u
"""
MASK = """
class Dropout:
    def __init__(self, ratio=0.5):
        self.ratio = ratio

    def forward(self, u):
        self.mask = np.random.rand(*u.shape) > self.ratio
        return u * self.mask

    def backward(self, flow):
        return flow * self.mask
"""
STATIC = """
class Shift:
    @staticmethod
    def forward(u, s):
        return u * s, (u, s)

    @staticmethod
    def backward(flow, cache):
        u, s = cache
        return flow * s, (flow * u).sum(axis=0)
"""
SLOPE = """
class Wave:
    def __call__(self, u):
        return np.sin(u) * u

    def gradient(self, u):
        return np.sin(u) + u * np.cos(u)
"""
LOSS = """
class Square:
    def loss(self, actual, predicted):
        return np.sum((predicted - actual) ** 2)

    def grad(self, actual, predicted):
        return 2 * (predicted - actual)
"""
MATRIX = {"u": ["r", "k"], "w": ["k", "h"], "b": ["h"]}
SAME = {"u": ["r", "k"], "v": ["r", "k"], "s": ["k"], "actual": ["r"], "predicted": ["r"]}


@pytest.mark.parametrize(
    ("code", "shapes", "inputs", "slip"),
    [
        (BASE, MATRIX, {"u", "w"}, ("self.u.T @ flow", "-self.u.T @ flow")),
        (LISTS, MATRIX, {"u", "w", "b"}, ("flow.sum(axis=0)", "flow.mean(axis=0)")),
        (INNER, SAME, {"u", "v"}, ("rest - self.a", "rest + self.a")),
        (MASK, SAME, {"u"}, ("flow * self.mask", "2 * flow * self.mask")),
        (STATIC, SAME, {"u", "s"}, ("flow * u", "flow * s")),
        (SLOPE, SAME, {"u"}, ("u * np.cos(u)", "np.cos(u)")),
        (LOSS, SAME, {"predicted"}, ("2 * (predicted", "(predicted")),
    ],
)
def test_each_form_is_judged(code, shapes, inputs, slip):
    right = ic.check_backward(code, shapes)
    assert {name: str(each) for name, each in right.items()} == dict.fromkeys(inputs, "proved")
    assert slip[0] in code
    wrong = ic.check_backward(code.replace(*slip), shapes)
    assert "refuted" in map(str, wrong.values())


def test_what_is_no_finite_number_where_the_formula_is_one_does_not_agree():
    code = MASK.replace("np.random.rand(*u.shape) > self.ratio", "u > 1")
    (found,) = ic.check_backward(code.replace("flow * self.mask", "flow / self.mask"), SAME).values()
    words = "it is no finite number in places where the formula is one; equal elsewhere"
    assert (str(found), found.reason) == ("undecided", words)


def test_a_derivative_of_what_is_no_function_of_each_element_is_open():
    code = SLOPE.replace("np.sin(u) * u", "np.exp(u) / np.exp(u).sum()")
    (found,) = ic.check_backward(code, SAME).values()
    words = "what is derived is no function of each element: what its derivative is, is not said"
    assert (str(found), found.reason) == ("unreadable", words)


def test_a_small_constant_that_the_backward_leaves_out_refutes_nothing():
    code = """
def loss_and_gradient(z, y):
    e = np.exp(z)
    a = e / e.sum(axis=1, keepdims=True)
    return -(y * np.log(a + 1e-6)).sum(), a * y.sum(axis=1, keepdims=True) - y
"""
    shapes = {"z": ["r", "k"], "y": ["r", "k"]}
    (found,) = ic.check_backward(code, shapes).values()
    words = "it is right but for the small constant in line 5, which it leaves out"
    assert (str(found), found.reason) == ("undecided", words)
    (found,) = ic.check_backward(code.replace("- y\n", "+ y\n"), shapes).values()
    assert str(found) == "refuted"


def test_an_object_of_the_code_is_no_module_in_check_code():
    code = "class Other:\n    def dot(self, a, b):\n        return a.sum(axis=1)\nnp = Other()\nnp.dot(A, x)"
    assert str(ic.check_code("y[i] = A[i,j]*x[j]", "y[i]", code, {"A": "A", "x": "x"})) == "unreadable"


def test_guards_kinds_and_labels():
    code = """
def take_forward(z, y):
    if not np.issubdtype(z.dtype, np.number):
        raise TypeError("numbers")
    kind = np.result_type(z.dtype, np.float32)
    z = z.astype(kind, copy=False)
    return np.choose(y, np.clip(z, 0, np.inf).T).sum(), (z, y)

def take_backward(flow, cache):
    z, y = cache
    dz = np.zeros_like(z)
    dz[np.arange(len(z)), y] = flow
    return dz * (z > 0)
"""
    found = ic.check_backward(code, {"z": ["r", "k"], "y": ["r"]})
    assert str(found["z"]) in ("proved", "agrees")


def test_labels_that_are_reckoned_with_are_their_numbers():
    code = """
def forward(x, t):
    y = 1 / (1 + np.exp(-x))
    both = np.stack([1 - y, y], axis=1)
    return -np.sum(np.log(both[np.arange(len(x)), t])) / len(x), (y, t)
def backward(dout, cache):
    y, t = cache
    return (y - t) * dout / len(y)
"""
    shapes = {"x": ["N"], "t": ["N"]}
    assert str(ic.check_backward(code, shapes)["x"]) in ("proved", "agrees")
    assert str(ic.check_backward(code.replace("(y - t)", "(y - 1)"), shapes)["x"]) == "refuted"


POWERS = """
from functools import partial
@partial(jax.custom_vjp, nondiff_argnums=(1,))
def scale(x, k):
    return x ** k
def scale_fwd(x, k):
    return x ** k, x
def scale_bwd(k, x, g):
    return (g * k * x ** (k - 1),)
scale.defvjp(scale_fwd, scale_bwd)
"""
STEP = """
def step(params, x, y):
    h = np.tanh(x @ params["W"] + params["b"])
    e = h - y
    loss = 0.5 * np.mean(np.sum(e ** 2, axis=1))
    da = e * (1 - h ** 2) / x.shape[0]
    grads = {"W": x.T @ da}
    grads["b"] = da.sum(0)
    return loss, grads
"""
POOL = """
def pool_forward(x):
    n, c, h, w = x.shape
    return x.reshape(n, c, h // 2, 2, w).mean(axis=3), x.shape
def pool_backward(dout, shape):
    n, c, h, w = shape
    return np.broadcast_to(dout[:, :, :, None, :] / 2, (n, c, h // 2, 2, w)).reshape(shape)
"""
KEPT = [
    (POWERS, {"x": ["n"], "k": []}, "(k - 1)", "k", ["x"]),
    (STEP, {"W": ["d", "c"], "b": ["c"], "x": ["n", "d"], "y": ["n", "c"]}, "da.sum(0)", "da.mean(0)", ["b"]),
    (POOL, {"x": ["n", "c", 6, 4]}, "/ 2, (n", "/ 4, (n", ["x"]),
]


@pytest.mark.parametrize(("code", "shapes", "old", "new", "wrong"), KEPT)
def test_fixed_arguments_dictionaries_of_inputs_and_what_is_kept(code, shapes, old, new, wrong):
    right = {name: str(verdict) for name, verdict in ic.check_backward(code, shapes).items()}
    assert right
    assert set(right.values()) <= {"proved", "agrees"}
    found = {name: str(verdict) for name, verdict in ic.check_backward(code.replace(old, new), shapes).items()}
    assert [name for name in found if found[name] == "refuted"] == wrong
    assert all(word in ("proved", "agrees") for name, word in found.items() if name not in wrong)
