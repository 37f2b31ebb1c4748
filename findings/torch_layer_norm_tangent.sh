#!/usr/bin/env bash
# torch 2.13.0: the derivative of the tangent of torch.nn.functional.layer_norm is wrong, without a word.
#
# Forward mode of layer_norm (native_layer_norm) gives the right tangent, but its formula uses the mean and the reciprocal
# standard deviation that the forward pass saved, as if they were constants: whatever differentiates the tangent, forward or
# backward, misses what they contribute. jacrev(jacrev) and jacfwd(jacrev) are right. Second derivatives by x of the
# layer norm of (1, 2, 4), against those of the same formula written out; the program below prints
#
#   jacrev(jacrev): largest error 0.000
#   jacfwd(jacrev): largest error 0.000
#   jacrev(jacfwd): largest error 0.416
#   jacfwd(jacfwd): largest error 0.416
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


def layer_norm(x):
    return torch.nn.functional.layer_norm(x, (3,), eps=1e-5)


def written_out(x):
    centred = x - x.mean()
    return centred / torch.sqrt((centred**2).mean() + 1e-5)


x = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)
expected = jacrev(jacrev(written_out))(x)
errors = {}
for outer, inner in ((jacrev, jacrev), (jacfwd, jacrev), (jacrev, jacfwd), (jacfwd, jacfwd)):
    assert torch.allclose(outer(inner(written_out))(x), expected)
    assert torch.allclose(inner(layer_norm)(x), inner(written_out)(x))
    words = f"{outer.__name__}({inner.__name__})"
    errors[words] = (outer(inner(layer_norm))(x) - expected).abs().max().item()
    print(f"{words}: largest error {errors[words]:.3f}")
right = errors["jacrev(jacrev)"] < 1e-12 and errors["jacfwd(jacrev)"] < 1e-12
sys.exit(not (right and errors["jacrev(jacfwd)"] > 0.1 and errors["jacfwd(jacfwd)"] > 0.1))
PROGRAM
