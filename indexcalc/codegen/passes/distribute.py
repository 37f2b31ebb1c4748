"""Sums under sums multiplied out, so that what is large is never made.

    sum[i,j](V[j,r]*(T[i,j] - sum[s](U[i,s]*V[j,s])))  =  sum[j](V[j,r]*T[i,j]) - sum[j,s](V[j,r]*U[i,s]*V[j,s])

Each product on the right can be taken in its own best order. Of two sums in one product none is multiplied out: their
product may be a square, which would lose digits.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexcalc.codegen.programs.arithmetic import spread
from indexcalc.codegen.programs.order import again, rebuilt
from indexcalc.codegen.programs.program import Builder, Einsum, Map, Program, Use, Value
from indexcalc.terms import Index

ADD, NEGATIVE, TIMES = Map("add"), Map("neg"), Map("mul")


def distributed(program: Program) -> Program:
    """The program with each sum of products multiplied out in the contractions that use it."""
    wanted = {value: place for value in program.values if (place := _sum_in(value)) is not None}
    if not wanted:
        return program
    serial = 1 + max((index.serial for index in program.indices), default=0)

    def make(build: Builder, value: Value, operands: Sequence[Use]) -> Use:
        if value not in wanted or operands[wanted[value]].value.op != ADD:
            return again(build, value, operands)
        return _multiplied_out(build, value, operands, wanted[value], serial)

    return rebuilt(program, make)


def _sum_in(value: Value) -> int | None:
    """The place of the one operand of a contraction that is a sum in which there is a contraction."""
    if not isinstance(value.op, Einsum) or set(value.letters) == set(value.axes):
        return None
    sums = [place for place, use in enumerate(value.operands) if use.value.op == ADD and _fits(use)]
    others = [use for use in value.operands if use.value.op == ADD]
    return sums[0] if len(sums) == len(others) == 1 else None


def _fits(use: Use) -> bool:
    """Whether a sum is whole, its addends have all of its axes, and one of them is a contraction."""
    addends = [_addend(each) for each in use.value.operands]
    is_whole = len(use.axes) == len(use.indices) and all(set(each.axes) == set(use.value.axes) for _, each in addends)
    return is_whole and any(set(each.value.letters) > set(each.value.axes) for _, each in addends if _is_product(each))


def _is_product(use: Use) -> bool:
    return isinstance(use.value.op, Einsum) and len(use.value.operands) > 1


def _addend(use: Use) -> tuple[tuple[Use, ...], Use]:
    """An array without what it is multiplied with: numbers, and a minus (as the value that it is taken of)."""
    value = use.value
    if value.op == NEGATIVE:
        inner = value.operands[0]
    elif value.op == TIMES and sum(bool(each.axes) for each in value.operands) == 1:
        inner = next(each for each in value.operands if each.axes)
    else:
        return (), use
    if len(inner.axes) < len(inner.indices):
        return (), use
    outer, found = _addend(inner.renamed(dict(zip(value.axes, use.indices, strict=True))))
    return (use, *outer), found


def _multiplied_out(build: Builder, value: Value, operands: Sequence[Use], place: int, serial: int) -> Use:
    """The sum of the products with each addend."""
    whole = operands[place]
    letters = dict(zip(whole.value.axes, whole.indices, strict=True))
    found = []
    for each in whole.value.operands:
        outer, inner = _addend(each.renamed(letters))
        factors = [*operands[:place], *_factors(inner, serial), *operands[place + 1 :]]
        product = build.make(Einsum(), factors, value.axes)
        for step in reversed(outer):
            numbers = [use for use in step.value.operands if not use.axes]
            product = build.make(step.value.op, [*numbers, product], product.axes)
        found.append(product)
    return build.make(ADD, found, spread(found, value.axes), value.formula)


def _factors(use: Use, serial: int) -> list[Use]:
    """The factors of a product, its own dummies under letters that nothing else has."""
    if not _is_product(use):
        return [use]
    names = dict(zip(use.value.axes, use.indices, strict=True))
    for number, index in enumerate(each for each in use.value.letters if each not in names):
        names[index] = Index(index.name, index.range, serial + number)
    return [each.renamed(names) for each in use.value.operands]
