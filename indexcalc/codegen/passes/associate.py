"""Re-association across values: of the ways to postpone indices the program that costs least.

    sum[j](V[j,k]*(T[i,j] - U[i,l]*V[j,l]))  =  sum[j](V[j,k]*T[i,j]) - U[i,l]*sum[j](V[j,k]*V[j,l])

The classes of letters are tried one after the other, those of most elements first; what is found is tried again. A
program that costs a little more is gone on with too, since two indices may pay only together.
"""

from __future__ import annotations

from collections.abc import Callable

from indexcalc.codegen.passes.classes import classes, is_linear
from indexcalc.codegen.passes.cost import SizeOfRange, cost, value_cost
from indexcalc.codegen.passes.distribute import distributed
from indexcalc.codegen.passes.environments import with_environments
from indexcalc.codegen.passes.postpone import postponed
from indexcalc.codegen.passes.roles import Roles, users_of
from indexcalc.codegen.programs.order import in_pairs
from indexcalc.codegen.programs.program import Einsum, Program, Value

MOST_TRIED = 4  # classes in one round
MOST_ROUNDS = 4
LEAST_SHARE = 0.1  # of the cost of a program, in what has an index that is worth trying
LITTLE = 1.5  # times the cost from which another step may still lead to a cheaper program
WORTH = 0.95  # times the cost that a change must not exceed


def associated(program: Program, size: SizeOfRange, is_split: Callable[[Value], bool]) -> Program:
    """The program, or one with the same results that costs less for these sizes."""

    def price(each: Program) -> float:
        return cost(in_pairs(with_environments(each, size), size, is_split), size)

    best = current = program
    least = start = price(program)
    for _ in range(MOST_ROUNDS):
        trials = [(price(each), each) for each in ways(current, size)]
        spread = distributed(current)
        trials += [(price(spread), spread)] if spread is not current else []
        if not trials:
            break
        found, trial = min(trials, key=lambda pair: pair[0])
        if found > least * LITTLE:
            break
        current = trial
        if found < least:
            best, least = trial, found
    return best if least < start * WORTH else program


def has_chain(program: Program) -> bool:
    """Whether a contraction uses a sum of products, so that there may be something to associate in another way."""
    return any(
        isinstance(value.op, Einsum) and any(is_linear(use.value) for use in value.operands)
        for value in program.values
    )


def ways(program: Program, size: SizeOfRange) -> list[Program]:
    """The programs with one class of letters postponed."""
    users = users_of(program)
    found: list[Program] = []
    total = sum(value_cost(value, size) for value in program.values if not value.is_free)
    for group in classes(program, size):
        if group.weight < LEAST_SHARE * total:
            break
        roles = Roles(program, group, users)
        if roles.postponed:
            found.append(postponed(program, roles))
            if len(found) == MOST_TRIED:
                break
    return found
