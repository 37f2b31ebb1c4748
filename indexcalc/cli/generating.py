"""The command `indexcalc generate`: the code of a target, or of several in one function."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import indexcalc as ic
from indexcalc.cli.command import Command
from indexcalc.cli.sheets import SHEET, add_statements, sheet_and_words
from indexcalc.errors import IndexcalcError
from indexcalc.terminal import remark, show, write_text

BACKENDS = ("einsum", "numpy", "numba", "jax", "torch", "dask", "auto")
CUSTOM = ("jax", "torch")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_statements(parser)
    parser.add_argument("--backend", choices=BACKENDS, default="einsum")
    add_sizes(parser, "the sizes to plan for, by which auto chooses")
    parser.add_argument(
        "--custom", choices=CUSTOM, help="jax.custom_jvp or torch.autograd.Function, with derived derivatives"
    )
    parser.add_argument("--output", metavar="FILE", type=Path, help="write the code to FILE")


def add_sizes(parser: argparse.ArgumentParser, words: str) -> None:
    """Add the option --sizes."""
    parser.add_argument("--sizes", metavar="m=150,n=4", type=_sizes, default=[], action="extend", help=words)


def _sizes(text: str) -> list[tuple[str, int]]:
    """m=150,n=4 as pairs."""
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(name.strip() and size.strip().isdecimal() for name, _, size in pairs):
        raise argparse.ArgumentTypeError(f"{text!r} gives no sizes: write m=150,n=4")
    return [(name.strip(), int(size)) for name, _, size in pairs]


def sizes_of(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The sizes of all --sizes together."""
    found: dict[str, int] = {}
    for name, size in pairs:
        if found.setdefault(name, size) != size:
            raise IndexcalcError(f"--sizes gives {name} as {found[name]} and as {size}", "Give it once")
    return found


def generate(options: argparse.Namespace) -> int:
    """Print, or write to a file, the code of a target, or of several in one function."""
    text, targets = sheet_and_words(options, 2, sys.maxsize)
    sheet = ic.parse(text)
    if options.custom:
        code = ic.custom_vjp(sheet, targets[0], inputs=targets[1:], backend=options.custom)
    else:
        result = ic.derive(sheet, targets[0] if len(targets) == 1 else targets)
        remark(result.sheet.remarks, options.remarked)
        code = result.code(backend=options.backend, sizes=sizes_of(options.sizes))
    if options.output is None:
        show(code.rstrip("\n"), "python")
    else:
        write_text(options.output, code)
    return 0


COMMAND = Command(
    f"{SHEET} TARGET...",
    "print a Python function that computes a target, or several at once; with --custom OUTPUT [INPUT...] one that "
    "computes the output, with the derived backward pass for the inputs",
    (
        "indexcalc generate -e 'y[i] = A[i,j]*x[j]' 'diff(y[i], A[k,l])'",
        "indexcalc generate softmax.ic 'diff(CE, z[r,s])' --backend numpy --output gradient.py",
        "indexcalc generate softmax.ic CE 'diff(CE, w)' 'diff(CE, b)' --backend auto --sizes m=150,t=4,q=3",
        "indexcalc generate softmax.ic CE w b --custom torch --output loss.py",
    ),
    generate,
    add_options,
)
