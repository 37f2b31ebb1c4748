#!/usr/bin/env bash
# scipy 1.17.1 (numpy 2.4.6): "same" of an even kernel is centred differently in one and in two dimensions.
#
# scipy.signal.correlate and correlate2d take the same mode="same", which "is centered with respect to the 'full' output".
# For a kernel of two taps there is no centre: correlate begins one place earlier than correlate2d does on the same numbers
# as one row. A model that goes from one to two axes is shifted by one sample without a message. The program below prints
#
#   correlate   [10. 21. 32. 43.]
#   correlate2d [21. 32. 43.  4.]
#
# Exit status 1 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check scipy==1.17.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PROGRAM'
import sys

import numpy as np
from scipy.signal import correlate, correlate2d

signal, kernel = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 10.0])
in_one = correlate(signal, kernel, mode="same")
in_two = correlate2d(signal[None], kernel[None], mode="same")[0]
print("correlate  ", in_one)
print("correlate2d", in_two)
sys.exit(in_one.tolist() != [10.0, 21.0, 32.0, 43.0] or in_two.tolist() != [21.0, 32.0, 43.0, 4.0])
PROGRAM
