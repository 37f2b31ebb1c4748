"""Numbers that obey the equalities of a sheet to as many digits as one asks for.

Samples obey them to the last digit of a float, which is not enough where a difference of many digits is to count. The
residual is worked out with many digits and the step with few: each step of Newton's adds the digits of a float.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Fact
from indexcalc.terms import Sum, in_order, negative
from indexcalc.verify.draw import Draw
from indexcalc.verify.evaluator import World
from indexcalc.verify.named import Library
from indexcalc.verify.newton import leaves_of, linearised
from indexcalc.verify.precise import Precise

SPARE = 6  # digits that rounding may take
GAIN = 6  # digits that each step adds at least: where a Jacobian is nearly singular they are few


def polished(world: World, library: Library) -> World:
    """The world with its leaves moved so that the equalities hold to most digits of a library.

    Raises IndexcalcError where steps of Newton's do not lead there.
    """
    facts = [fact for fact in world.sheet.facts if fact.relation == "="]
    digits = library.xp.digits
    if not facts:
        return world
    plain = Draw(world.sheet, world.sizes, _floats(world), world.functions, np.random.default_rng(0))
    names = sorted(set().union(*(leaves_of(plain, fact) for fact in facts)))
    jacobian = linearised(plain, facts, names)[1] if names else np.zeros((0, 0))
    arrays: dict[str, Any] = dict(world.arrays)
    for _ in range(digits // GAIN + 2):
        now = replace(world, arrays=arrays)
        residual = np.concatenate([_residual(fact, now, library).ravel() for fact in facts])
        worst = max((abs(each) for each in residual), default=0)
        if not worst < library.xp.context.inf:
            break
        if worst < library.xp.context.mpf(10) ** (SPARE - digits):
            return now
        if not names:
            break
        step = np.linalg.lstsq(jacobian, -np.asarray(residual / worst, dtype=float), rcond=1e-10)[0]
        for name in names:
            size = int(np.size(arrays[name]))
            part, step = step[:size].reshape(np.shape(arrays[name])), step[size:]
            arrays[name] = library.constant(arrays[name]) + library.constant(part) * worst
    raise IndexcalcError("no numbers were found that obey the facts to many digits", "State the facts in another form")


def _floats(world: World) -> dict[str, Any]:
    return {name: np.asarray(array, dtype=float) for name, array in world.arrays.items()}


def _residual(fact: Fact, world: World, library: Library) -> Any:
    """The difference of the sides of a fact, as plain numbers."""
    axes = in_order(fact.left.free | fact.right.free)
    return np.asarray(Precise(world, library).array(Sum(fact.left, negative(fact.right)), axes), dtype=object)
