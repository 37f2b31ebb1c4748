#!/usr/bin/env bash
# torch 2.13.0: polygamma(1, x), the derivative of digamma, has nine digits in float64; polygamma of order 2 and 3 have all.
#
# The trigamma function is a series of few terms of its own, the others go by the zeta function. So the second derivative
# of lgamma, and every Fisher information of a gamma or Dirichlet density that autograd works out, is off by some 4e-10,
# some million times the rounding of float64; a comparison at a relative tolerance of 1e-10 fails. Largest relative
# errors against 50-digit arithmetic at 0.7, 1.5 and 3.2, as the program below prints them:
#
#   polygamma(1, x): more than 1e-10
#   polygamma(2, x): less than 1e-14
#   polygamma(3, x): less than 1e-14
#   second derivative of lgamma: more than 1e-10
#
# Exit status 1 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "torch==2.13.0" "mpmath==1.3.0"
"$folder/venv/bin/python" -W ignore - <<'PROGRAM'
import sys

import mpmath
import torch

mpmath.mp.dps = 50
POINTS = (0.7, 1.5, 3.2)


def error(value, order):
    """The largest relative error of polygamma values of an order."""
    exact = (mpmath.psi(order, mpmath.mpf(x)) for x in POINTS)
    return max(float(abs((v - e) / e)) for v, e in zip(value.tolist(), exact))


def shown(name, found):
    word = "more than 1e-10" if found > 1e-10 else "less than 1e-14" if found < 1e-14 else f"{found:.0e}"
    print(f"{name}: {word}")
    return word


x = torch.tensor(POINTS, dtype=torch.float64, requires_grad=True)
words = [shown(f"polygamma({order}, x)", error(torch.polygamma(order, x), order)) for order in (1, 2, 3)]
(slope,) = torch.autograd.grad(torch.lgamma(x).sum(), x, create_graph=True)
(second,) = torch.autograd.grad(slope.sum(), x)
words.append(shown("second derivative of lgamma", error(second, 1)))
sys.exit(words != ["more than 1e-10", "less than 1e-14", "less than 1e-14", "more than 1e-10"])
PROGRAM
