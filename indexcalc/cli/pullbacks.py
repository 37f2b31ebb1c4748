"""The command `indexcalc vjp`: the pullback of each operand of an einsum."""

from __future__ import annotations

import argparse

import indexcalc as ic
from indexcalc.cli.command import Command, operands
from indexcalc.terminal import show


def vjp(options: argparse.Namespace) -> int:
    """Print the pullback of each operand of an einsum."""
    show("\n".join(map(str, ic.einsum_vjp(*operands(options, 1, 1)))))
    return 0


COMMAND = Command(
    "SUBSCRIPTS",
    "print the pullback of each operand of an einsum",
    ("indexcalc vjp 'ijk,ip->jkp'", "indexcalc vjp 'bij,bjk,bkl->bil'"),
    vjp,
)
