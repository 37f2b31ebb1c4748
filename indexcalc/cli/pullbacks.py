"""The command `indexcalc vjp`: the pullback of each operand of an einsum."""

from __future__ import annotations

import argparse

import indexcalc as ic
from indexcalc.cli.command import Command, operands
from indexcalc.terminal import show

BACKENDS = ("einsum", "numpy", "jax", "torch")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--backend", choices=BACKENDS, help="print a function for each operand instead of a string")


def vjp(options: argparse.Namespace) -> int:
    """Print the pullback of each operand of an einsum."""
    pullbacks = ic.einsum_vjp(*operands(options, 1, 1))
    if options.backend:
        show("\n\n".join(each.code(options.backend).rstrip("\n") for each in pullbacks), "python")
    else:
        show("\n".join(map(str, pullbacks)))
    return 0


COMMAND = Command(
    "SUBSCRIPTS",
    "print the pullback of each operand of an einsum, with letters or with words as einops has them",
    (
        "indexcalc vjp 'ijk,ip->jkp'",
        "indexcalc vjp 'bij,bjk,bkl->bil' --backend torch",
        "indexcalc vjp 'batch head i, batch head j -> batch i j'",
    ),
    vjp,
    add_options,
)
