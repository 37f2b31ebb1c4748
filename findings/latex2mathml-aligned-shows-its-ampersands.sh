#!/usr/bin/env bash
# latex2mathml 3.81.1: a formula in `aligned` (or `gathered`) is no table: each & is shown as a letter, without an error.
#
# `align*`, `split` and `align` become an <mtable> with a row a line. `aligned`, which is what stands inside of $$ and what
# most LaTeX writers emit, goes through as well, but as one <mrow> in which each & is an identifier that a browser shows, and
# the line break a space; the converter raises errors for other things it cannot do. For `a &= b \\ &= c` the program prints
#
#   align*: table True, ampersands shown 0
#   split: table True, ampersands shown 0
#   aligned: table False, ampersands shown 2
#
# Exit status 1 if that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check latex2mathml==3.81.1
"$folder/venv/bin/python" - <<'PROGRAM'
import sys

from latex2mathml.converter import convert

found = {}
for name in ("align*", "split", "aligned"):
    text = convert(rf"\begin{{{name}}} a &= b \\ &= c \end{{{name}}}")
    found[name] = "<mtable" in text, text.count("<mi>&</mi>") + text.count("<mi>&amp;</mi>")
    print(f"{name}: table {found[name][0]}, ampersands shown {found[name][1]}")
sys.exit(found != {"align*": (True, 0), "split": (True, 0), "aligned": (False, 2)})
PROGRAM
