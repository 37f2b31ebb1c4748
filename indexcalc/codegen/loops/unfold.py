"""Unfold the stable forms into the operations that they are made of, for targets that write loops.

    p = max[k](x[..,k]),  e = exp(x - p),  s = sum[k](e)
    softmax = e/s,  logsumexp = p + log(s),  log_softmax = x - p - log(s)
"""

from __future__ import annotations

from collections.abc import Sequence

from indexcalc.codegen.programs.arithmetic import Arithmetic
from indexcalc.codegen.programs.order import again, rebuilt
from indexcalc.codegen.programs.planning import SizeOfRange
from indexcalc.codegen.programs.program import Builder, Einsum, Normal, Program, Reduce, Use, Value


def unfolded(program: Program, size: SizeOfRange) -> Program:
    """The same program, for any sizes, without stable forms; the same object if it has none."""
    if not any(isinstance(value.op, Normal) for value in program.values):
        return program
    arithmetic = Arithmetic()

    def make(build: Builder, value: Value, operands: Sequence[Use]) -> Use:
        arithmetic.build = build
        if isinstance(value.op, Normal):
            return _unfolded(arithmetic, value.op, operands[0], value)
        return again(build, value, operands)

    return rebuilt(program, make)


def _unfolded(make: Arithmetic, op: Normal, operand: Use, value: Value) -> Use:
    """One stable form."""
    outer = tuple(index for index in operand.axes if index not in op.over)
    peak = make.build.make(Reduce("max"), [operand], outer)
    shifted = make.map("add", [operand, make.map("neg", [peak])])
    power = make.map("exp", [shifted])
    total = make.build.make(Einsum(), [power], outer)
    if op.kind == "softmax":
        return make.map("div", [power, total], value.axes, value.formula)
    if op.kind == "logsumexp":
        return make.map("add", [peak, make.map("log", [total])], value.axes, value.formula)
    return make.map("add", [shifted, make.map("neg", [make.map("log", [total])])], value.axes, value.formula)
