"""The names that a formula speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.names import Use
from indexcalc.notation.formula import (
    Bracket,
    Derivative,
    Formula,
    Mark,
    Nabla,
    Name,
    Numeral,
    Product,
    Relation,
    Scripted,
    Sequence,
    Signed,
    walk,
)


def names_of(formula: Formula, known: Knowledge) -> set[str]:
    """The names of tensors in a formula, without their indices; functions of the table are none."""
    inner = {id(part.base) for part in walk(formula) if isinstance(part, Scripted)}
    found = set()
    scripts: set[int] = set()
    for part in walk(formula):
        if isinstance(part, Scripted):
            for script in (part.below, part.above):
                if script is not None:
                    scripts |= (
                        {id(each) for each in walk(script)}
                        if part.below is script or not _is_power(part, known)
                        else set()
                    )
    for part in walk(formula):
        if isinstance(part, Name | Scripted) and id(part) not in inner and id(part) not in scripts:
            use = known.use(part)
            if use is not None:
                found.add(use.name)
    return found


def whole_names(formula: Formula, known: Knowledge) -> set[str]:
    """The names that stand without an index in a formula."""
    named = {id(part.base) for part in walk(formula) if isinstance(part, Scripted)}
    parts = (part for part in walk(formula) if isinstance(part, Name | Scripted) and id(part) not in named)
    return {use.name for use in map(known.use, parts) if use is not None and not use.indices}


def is_turned(left: Formula, right: Formula, known: Knowledge) -> bool:
    """Whether one name stands on both sides, once with its indices exchanged, or transposed, also for its inverse."""
    first, second = (known.use(each.body if isinstance(each, Signed) else each) for each in (left, right))
    if first is None or second is None or first.name != second.name:
        return False
    if first.power != second.power:
        pair = (first, second) if first.transposed else (second, first)
        return pair[0].transposed and pair[0].power is None and _is_inverse(pair[1])
    one, other = ([item.text for item in use.indices] for use in (first, second))
    turned = first.transposed != second.transposed and not one and not other
    return turned or (one != other and sorted(one) == sorted(other))


def _is_inverse(use: Use) -> bool:
    return not use.transposed and isinstance(use.power, Signed) and use.power == Signed("-", Numeral("1", Fraction(1)))


def _is_power(part: Scripted, known: Knowledge) -> bool:
    use = known.use(part)
    return use is None or use.power is not None


def reaches_further(formula: Formula) -> bool:
    r"""Whether a derivative may be meant of more than it is taken of.

    It stands before a bracket behind which its product goes on; or it is \partial_i before several names.
    """
    for part in walk(formula):
        factors = part.factors if isinstance(part, Product) else ()
        signs = [each for _, each in factors[:-1] if isinstance(each, Nabla) and each.body is not None]
        if any(each.sign == "partial" for each in signs):
            return True
        for place, (_, each) in enumerate(factors[:-2]):
            opens = isinstance(each, Derivative) and each.body is None and isinstance(factors[place + 1][1], Bracket)
            if opens and factors[place + 2][0] == "juxtaposed":
                return True
    return False


def bounds_of(condition: Formula) -> Iterator[tuple[str, Formula]]:
    r"""The letters of which a condition tells how far they run, each with the last place: i = 1, \dots, n."""
    items = condition.items if isinstance(condition, Sequence) else (condition,)
    letter = ""
    for place, item in enumerate(items):
        if (
            isinstance(item, Relation)
            and item.relations == ("=",)
            and isinstance(item.sides[0], Name)
            and isinstance(item.sides[1], Numeral)
        ):
            letter = item.sides[0].letter
            if any(
                isinstance(each, Mark) and each.sign == "dots" for each in items[place + 1 : place + 3]
            ) and place + 1 < len(items):
                last = items[-1]
                if isinstance(last, Name | Scripted | Numeral):
                    yield letter, last


def is_of_spaces(formula: Formula) -> bool:
    r"""Whether a formula is made of spaces alone: \mathbb{R}^{m \times n} \cdot \mathbb{R}^n."""
    parts = [each for _, each in formula.factors] if isinstance(formula, Product) else [formula]
    bare = [each.base if isinstance(each, Scripted) else each for each in parts]
    return all(isinstance(each, Name) and each.font == "double" and each.letter in "RCZN" for each in bare)


def is_place(use: Use, right: Formula, known: Knowledge) -> bool:
    r"""Whether a formula says where an index is; a product of elements is no place: k = \frac12 u_i u_i, an energy."""
    factors = [each for _, each in right.factors] if isinstance(right, Product) else []
    is_number = sum(isinstance(each, Scripted) for each in factors) > 1
    return not use.indices and use.name in known.letters.bound and not is_number
