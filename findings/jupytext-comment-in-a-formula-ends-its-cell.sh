#!/usr/bin/env bash
# jupytext 1.19.6 (nbformat 5.11.1): a notebook saved as a percent script loses a formula that holds a TeX comment of two
# percent signs.
#
# In TeX, `%%` begins a comment like `%`; MathJax leaves it out, and the Markdown cell below shows a = b. Written as
# py:percent, each line gets "# " before it, and the line with the comment reads "# %% the next step": the mark of a new
# cell. Nothing escapes it (a Markdown heading in a cell is safe, and so is the light format). Read back, the formula is
# cut: the display is never closed, and its second half has become a code cell of comments.
#
# Seen:
#   written:
#     # %% [markdown]
#     # $$
#     # a
#     # %% the next step
#     # = b
#     # $$
#   read back: [('markdown', '$$\na'), ('code', '# = b\n# $$')]
#
# A cell that is written and read back should be the same cell. Exit status 0 as long as this is seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check "jupytext==1.19.6" "nbformat==5.11.1"
"$folder/venv/bin/python" - <<'PYTHON'
import jupytext
from nbformat.v4 import new_markdown_cell, new_notebook

cell = "$$\na\n%% the next step\n= b\n$$"
text = jupytext.writes(new_notebook(cells=[new_markdown_cell(cell)]), "py:percent")
print(text[text.index("# %%"):])
back = [(each.cell_type, each.source) for each in jupytext.reads(text, "py:percent").cells]
print("read back:", back)
assert back == [("markdown", "$$\na"), ("code", "# = b\n# $$")], back
light = jupytext.reads(jupytext.writes(new_notebook(cells=[new_markdown_cell(cell)]), "py:light"), "py:light").cells
assert [(each.cell_type, each.source) for each in light] == [("markdown", cell)], light
PYTHON
