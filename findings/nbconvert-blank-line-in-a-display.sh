#!/usr/bin/env bash
# nbconvert 7.17.2 (with pandoc 3.9 of pypandoc_binary 1.17): a displayed formula with a blank line in it is a formula in
# the notebook and in HTML, and plain words in LaTeX and reStructuredText.
#
# Jupyter takes formulas out of a Markdown cell before it reads Markdown, up to the closing $$, blank lines or not; the
# exporters to HTML do the same. The exporters to LaTeX and reStructuredText hand the cell to pandoc, for which a blank
# line ends the paragraph and with it the formula: no warning, exit status 0, and the PDF shows "$$", "a = 1", "= 2", "$$" as text
# (a_1 with an escaped underscore).
#
# Seen, for the cell "$$\n\na_1 = 1\n\n= 2\n\n$$":
#   html:   <p>$$\n\na_1 = 1\n\n= 2\n\n$$</p>       rendered by MathJax
#   latex:  \$\$  a\_1 = 1  = 2  \$\$
#   rst:    $$  a_1 = 1  = 2  $$                     no math directive
#
# Exit status 0 as long as this is seen.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check "nbconvert==7.17.2" "nbformat==5.11.1" "pypandoc_binary==1.17"
PATH="$("$folder/venv/bin/python" -c 'import os, pypandoc; print(os.path.dirname(pypandoc.get_pandoc_path()))'):$PATH"
export PATH
pandoc --version | head -1
"$folder/venv/bin/python" - <<'PYTHON'
import nbconvert
from nbformat.v4 import new_markdown_cell, new_notebook

cells = [new_markdown_cell("$$\n\na_1 = 1\n\n= 2\n\n$$"), new_markdown_cell("$$\nb_1 = 1\n= 2\n$$")]
notebook = new_notebook(cells=cells)
html, _ = nbconvert.HTMLExporter(template_name="basic").from_notebook_node(notebook)
latex, _ = nbconvert.LatexExporter().from_notebook_node(notebook)
rst, _ = nbconvert.RSTExporter().from_notebook_node(notebook)
body = latex[latex.index("\\maketitle"):]
print("latex:", " ".join(body.split())[:160])
print("rst:", " ".join(rst.split()))
assert "$$\n\na_1 = 1\n\n= 2\n\n$$" in html, html
assert "\\$\\$" in body and "a\\_1 = 1" in body, body
assert rst.count(".. math::") == 1 and "b_1 = 1" in rst.partition(".. math::")[2], rst
assert "\\[\nb_1 = 1\n= 2\n\\]" in body, body
PYTHON
