"""Any text of any format: regions in their order, each in its place, in a size in proportion to the text."""

import random

import pytest

from indexcalc.audit.documents.document import FORMATS, read
from indexcalc.errors import IndexcalcError
from tests.audit.documents.regions import regions

PARTS = (
    "$ $$ \\[ \\] \\( \\) \\\\( ` `` ``` ~~~ ```{math} ```{note} ```{=tex} ::: :::{note} ::::{math} > >> - * 1. # ## === --- <!-- --> "
    "<pre> </pre> <script> <b> ]( [ ] ) ![ [^1]: [a]: {math}` :math:` `: .. ..|math:: |..|note:: |.. |:label:|x |.. _a: :: >>> "
    "\\begin{align} \\end{align} \\begin{equation} \\begin{theorem} \\end{theorem} \\begin{verbatim} \\verb| | % %|indexcalc: "
    "# # %%|[markdown] #|indexcalc: \"\"\" ''' \" ' r\"\"\" ( ) { } def|f(): \\newcommand{\\a}[1]{#1} \\a{ \\be \\def\\be{\\begin{align}} "
    "\\section{ \\item \\cite{a} \\text{ \\label{q} \\bbox[red]{ \\\\ \\ & = _ ^ a b x_i word 5 * ** __ | |a|b| {% %} &lt; \u00e9 \U0001d465 "
    "{#eq-a} (lab) {.note} +++ (a)= In|[1]: \\documentclass{a} \\begin{document} \\end{document} \\$ \\` \\dv{f}{x}"
).split(" ")
SPACES = ["\n", "\n\n", " ", " ", "", "    ", "\t", "\n   ", "\n> ", "\n- "]


def noise(seed):
    """Parts of documents in no order."""
    source = random.Random(seed)
    parts = (source.choice(PARTS).replace("|", " ") + source.choice(SPACES) for _ in range(source.randint(1, 60)))
    return "".join(parts)


@pytest.mark.parametrize("format", sorted({*FORMATS} - {"notebook"}))
@pytest.mark.parametrize("seed", range(60))
def test_regions_of_noise(seed, format):
    text = noise(seed)
    found = regions(text, format)
    assert sum(len(each.content) for each in found if each.kind != "formula") <= 2 * len(text) + 100
    assert read(text, format).pieces is not None


@pytest.mark.parametrize("seed", range(40))
def test_notebooks_of_noise(seed):
    source = random.Random(seed)
    text = '{"cells": [{"cell_type": "markdown", "source": ["' + noise(seed).encode("unicode_escape").decode() + '"]}]}'
    place = source.randrange(len(text))
    try:
        regions(text[:place] + source.choice(['"', "\\", "{", "]", ""]) + text[place:], "notebook")
    except IndexcalcError as error:
        assert "notebook" in str(error)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_many_times(part):
    for format in ("markdown", "latex", "rst", "python"):
        text = part.replace("|", " ") * 300 + "\n" + f"{part}\n\n" * 100
        regions(text, format)
