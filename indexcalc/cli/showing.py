"""The command `indexcalc show`: a picture of a result."""

from __future__ import annotations

import argparse
from pathlib import Path

import indexcalc as ic
from indexcalc.cli.command import Command
from indexcalc.cli.generating import add_sizes, sizes_of
from indexcalc.cli.sheets import SHEET, add_statements, sheet_and_words
from indexcalc.pictures.draw import KINDS, draw
from indexcalc.terminal import remark, show, write_text


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_statements(parser)
    parser.add_argument(
        "--kind",
        choices=KINDS,
        default="",
        help="sparsity: where it is not zero; network: what is contracted; graph: what is made of what",
    )
    add_sizes(parser, "the sizes to draw")
    parser.add_argument("--output", metavar="FILE", type=Path, help="write the picture to FILE")


def picture(options: argparse.Namespace) -> int:
    """Print a picture as SVG, or write it to a file."""
    text, (target,) = sheet_and_words(options, 2, 2)
    result = ic.derive(ic.parse(text), target)
    remark(result.sheet.remarks, options.remarked)
    drawn = draw(result, options.kind, sizes_of(options.sizes))
    if options.output is None:
        show(drawn.rstrip("\n"), "xml")
    else:
        write_text(options.output, drawn)
    return 0


COMMAND = Command(
    f"{SHEET} TARGET",
    "draw a result as SVG: where it is not zero, its tensor network, or the graph of its definitions",
    (
        "indexcalc show softmax.ic 'diff(a[p,q], z[r,s])' --output pattern.svg",
        "indexcalc show softmax.ic 'diff(CE, w[t,s])' --kind graph --output graph.svg",
    ),
    picture,
    add_options,
)
