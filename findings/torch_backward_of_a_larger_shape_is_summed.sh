#!/usr/bin/env bash
# torch 2.13.0: a backward pass may give a gradient of a larger shape than its input, and torch adds it up without a word.
#
# The autograd engine reduces what a torch.autograd.Function returns to the shape of the input wherever that shape
# broadcasts to it. A backward that forgets to sum over the batch is thus right, gradcheck passes, and the same backward
# called by hand, or moved to jax.custom_vjp, is wrong. A gradient of a smaller shape, (1,) for (3,), which numpy would
# broadcast, is an error. The program below prints
#
#   gradcheck of a gradient of shape (4, 3) for an input of shape (3,): True
#   shape of s.grad: (3,), the sum over the batch: True
#   called by hand: (4, 3)
#   a gradient of shape (1,) for (3,): RuntimeError
#
# Exit status 1 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "torch==2.13.0"
"$folder/venv/bin/python" -W ignore - <<'PROGRAM'
import sys

import torch


class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, s):
        ctx.save_for_backward(x, s)
        return x * s

    @staticmethod
    def backward(ctx, g):
        x, s = ctx.saved_tensors
        return g * s, g * x  # not summed over the batch


class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, b):
        return 2 * b

    @staticmethod
    def backward(ctx, g):
        return 2 * g.sum(0, keepdim=True)


x = torch.arange(12, dtype=torch.float64).reshape(4, 3).requires_grad_()
s = torch.ones(3, dtype=torch.float64, requires_grad=True)
passed = torch.autograd.gradcheck(Scale.apply, (x, s))
print(f"gradcheck of a gradient of shape (4, 3) for an input of shape (3,): {passed}")
out = Scale.apply(x, s)
out.sum().backward()
summed = torch.equal(s.grad, x.detach().sum(0))
print(f"shape of s.grad: {tuple(s.grad.shape)}, the sum over the batch: {summed}")
by_hand = (torch.ones_like(out) * x).shape
print(f"called by hand: {tuple(by_hand)}")
b = torch.ones(3, dtype=torch.float64, requires_grad=True)
error = ""
try:
    Twice.apply(b).sum().backward()
except RuntimeError as caught:
    error = type(caught).__name__
print(f"a gradient of shape (1,) for (3,): {error or 'none'}")
as_written = passed and summed and tuple(s.grad.shape) == (3,) and error == "RuntimeError"
sys.exit(0 if as_written else 1)
PROGRAM
