"""Modules of PyTorch: their layers, their numbers by name, sequences, layers of einops."""

import pytest

import indexcalc as ic

NET = "index b : B\nindex i : I\nindex h : H\nindex o : O\na[b,h] = tanh(x[b,i]*W[h,i] + c[h])\n"
NET += "y[b,o] = a[b,h]*V[o,h] + d[o]"
NORM = "index b : B\nindex d : D\nmu[b] = 1/D*sum[d](x[b,d])\nv[b] = 1/D*sum[d]((x[b,d] - mu[b])^2)\n"
NORM += "y[b,d] = w[d]*(x[b,d] - mu[b])/sqrt(v[b] + 1/100000) + c[d]"
BY_NAME = {"x": "x", "fc1.weight": "W", "fc1.bias": "c", "fc2.weight": "V", "fc2.bias": "d"}
LAYERS = """import torch.nn as nn
class Net(nn.Module):
    def __init__(self, i, h, o):
        super().__init__()
        self.fc1 = nn.Linear(i, h)
        self.fc2 = nn.Linear(h, o)
    def forward(self, x):
        return self.fc2(torch.tanh(self.fc1(x)))
"""
PARAMETERS = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.W = nn.Parameter(torch.randn(3, 4))
        self.c = nn.Parameter(torch.zeros(3))
        self.act = nn.Tanh()
    def forward(self, x):
        return self.act(F.linear(x, self.W, self.c))
"""
BUFFER = """class Net(nn.Module):
    def __init__(self, W, c):
        super().__init__()
        self.register_buffer("W", W)
        self.c = c
        self.net = nn.Sequential(nn.Identity(), nn.Tanh())
    def forward(self, x):
        return self.net(x @ self.W.T + self.c)
"""
OWN = {name: name for name in "xWc"}
TURNED = "from einops.layers.torch import Rearrange\nnet = nn.Sequential(Rearrange('b i -> i b'), nn.Tanh())\nnet(x).T"
CASES = [
    (NET, "y[b,o]", LAYERS, BY_NAME, "torch.tanh", "torch.sigmoid"),
    (NET, "a[b,h]", PARAMETERS, OWN, "nn.Tanh()", "nn.ReLU()"),
    (NET, "a[b,h]", BUFFER, OWN, "self.W.T + self.c", "self.W.T - self.c"),
    (
        NORM,
        "y[b,d]",
        "ln = nn.LayerNorm(D)\nln(x)",
        {**OWN, "ln.weight": "w", "ln.bias": "c", "D": "D"},
        "(D)",
        "(D, 0.1)",
    ),
    ("z[b,i] = tanh(x[b,i])", "z[b,i]", TURNED, {"x": "x"}, "(x).T", "(-x).T"),
]


@pytest.mark.parametrize(("sheet", "target", "code", "names", "old", "new"), CASES)
def test_right_modules_are_proved_and_wrong_ones_refuted(sheet, target, code, names, old, new):
    names = {key: name for key, name in names.items() if name in sheet}
    assert str(ic.check_code(sheet, target, code, names=names)) in ("proved", "agrees")
    assert str(ic.check_code(sheet, target, code.replace(old, new), names=names)) == "refuted"


def test_numbers_of_a_layer_that_nothing_is_said_of():
    verdict = ic.check_code(NET, "y[b,o]", LAYERS, names={"x": "x"})
    assert str(verdict) == "unreadable"
    assert verdict.reason == "line 8: nothing is said of the numbers of a layer: name them fc1.weight"
