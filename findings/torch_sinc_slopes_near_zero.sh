#!/usr/bin/env bash
# torch 2.13.0 (CPU, float64): torch.sinc is smooth, its value at 0 is 1 and its slope 0, and automatic differentiation gets
# both. The slope beside 0 is worked out as (cos(pi x) - sinc(x))/x: at x = 1e-7 three digits are left of it. The second
# derivative at 0, which is -pi^2/3, is nan.
#
# Seen:
#   slope at 1e-7: -3.2859810876072027e-07, exact -3.2898681336964525e-07
#   second derivative at 0.0: nan, exact -3.289868133696453
#
# Exit status 1 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "torch==2.13.0"
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import math

import torch


def slopes(at):
    x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    first = torch.autograd.grad(torch.sinc(x), x, create_graph=True)[0]
    return first.item(), torch.autograd.grad(first, x)[0].item()


near, exact = slopes(1e-7)[0], -math.pi**2 / 3 * 1e-7
print(f"slope at 1e-7: {near}, exact {exact}")
second = slopes(0.0)[1]
print(f"second derivative at 0.0: {second}, exact {-math.pi**2 / 3}")
assert 1e-4 < abs(near / exact - 1) < 1e-2
assert math.isnan(second)
PYTHON
