#!/usr/bin/env bash
# torch 2.13.0: forward mode over forward mode loses a part, without a word, where a torch.autograd.Function has a `jvp`.
#
# torch.func.jvp calls the `jvp` of an autograd.Function with forward mode switched off for all levels, not for its own
# alone. So the tangent that it gives has no tangent itself, and the second derivative that jacfwd(jacfwd(f)) works out
# is 0 for it. With jacrev outside or inside it is right. The second derivative of sin at 0.5 is -sin(0.5) = -0.4794; the
# program below prints
#
#   torch.sin: -0.4794
#   Sin, jacrev(jacrev): -0.4794
#   Sin, jacfwd(jacrev): -0.4794
#   Sin, jacrev(jacfwd): -0.4794
#   Sin, jacfwd(jacfwd): 0.0000
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
from torch.func import jacfwd, jacrev


class Sin(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return torch.sin(x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * torch.cos(x)

    @staticmethod
    def jvp(ctx, dx):
        (x,) = ctx.saved_tensors
        return dx * torch.cos(x)


x = torch.tensor(0.5, dtype=torch.float64)
found = {"torch.sin": jacfwd(jacfwd(torch.sin))(x)}
for outer in (jacrev, jacfwd):
    for inner in (jacrev, jacfwd):
        found[f"Sin, {outer.__name__}({inner.__name__})"] = outer(inner(Sin.apply))(x)
for words in ("torch.sin", "Sin, jacrev(jacrev)", "Sin, jacfwd(jacrev)", "Sin, jacrev(jacfwd)", "Sin, jacfwd(jacfwd)"):
    print(f"{words}: {found[words].item():.4f}")
wrong = found.pop("Sin, jacfwd(jacfwd)")
right = all(torch.allclose(each, -torch.sin(x)) for each in found.values())
sys.exit(not (right and wrong.item() == 0.0))
PROGRAM
