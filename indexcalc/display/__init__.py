"""How values are typeset, in Markdown, HTML and LaTeX; entering this room tells the types in `showing`."""

from indexcalc.display.writers import TABLE
from indexcalc.showing import WRITERS

WRITERS.update(TABLE)
