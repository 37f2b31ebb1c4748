#!/usr/bin/env bash
# torch 2.13.0: special.ndtr, the normal distribution function, is 0 from about -8.3 on and loses its digits long before.
#
# It is (1 + erf(x/sqrt(2)))/2, while scipy's function of that name, jax's, and torch's own log_ndtr hold to the last digits
# down to -37. So p-values and probit likelihoods are 0 and their logarithms -inf where float64 has plenty of room, and
# exp(log_ndtr(x)) is another number than ndtr(x). erfc(-x/sqrt(2))/2, from the same module, is right. What is printed:
#
#   x = -5: ndtr off by more than 1e-12, erfc right
#   x = -10: ndtr is 0, erfc right
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
words = []
for place in (-5.0, -10.0):
    x = torch.tensor(place, dtype=torch.float64)
    exact = mpmath.ncdf(mpmath.mpf(place))
    own, other = torch.special.ndtr(x).item(), (torch.special.erfc(-x / 2**0.5) / 2).item()
    off = float(abs((own - exact) / exact))
    first = "is 0" if own == 0 else "off by more than 1e-12" if off > 1e-12 else "right"
    second = "right" if float(abs((other - exact) / exact)) < 1e-13 else "off"
    words.append((first, second))
    print(f"x = {place:g}: ndtr {first}, erfc {second}")
sys.exit(words != [("off by more than 1e-12", "right"), ("is 0", "right")])
PROGRAM
