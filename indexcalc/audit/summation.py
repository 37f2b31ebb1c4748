r"""Over which letters a side of a statement sums without a sign.

A letter that stands once in the first side, or in a term of it, is free in all of them. One that stands twice there is
free if it stands
once
in a later side; where it stands twice in all, the document decides: one that leaves out the signs of sums elsewhere
leaves them out here. What a written sum leaves of a document that writes its sums is free where a number stands on the
other side: \sum_b r_{ab} v_{ab} = 1 says it of every a.
One that is not in the first side is summed over where it stands twice in a product, unless the side in which it stands
first has it once: there it is free, and so behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.loose import binds, loose
from indexcalc.notation.formula import Big, Cases, Formula, Name, Numeral, Relation, Sum, walk

Counts = dict[int, Counter[str]]


def free_letters(sides: Sequence[Formula], known: Knowledge, counts: Counts) -> frozenset[str]:
    """The letters that are free in a statement with these sides."""
    found = [loose(side, known, counts) for side in sides if not isinstance(side, Numeral)]
    if not found:
        return frozenset()
    first, later = found[0], found[1:]
    each = not later and not known.implied and any(isinstance(side, Big) and side.sign == "sum" for side in sides)
    free = {letter for letter, number in first.items() if number == 1} | _once_in_terms(sides, known, counts)
    for letter, number in first.items():
        once = any(side[letter] == 1 for side in later)
        everywhere = bool(later) and all(side[letter] > 1 for side in later)
        if number > 1 and (once or each or (everywhere and not known.implied)):
            free.add(letter)
    seen = set(first)
    for side in later:
        free |= {letter for letter, number in side.items() if number == 1 and letter not in seen}
        seen |= set(side)
    return frozenset(free.union(*(_told(side, known, counts) for side in sides)))


def _once_in_terms(sides: Sequence[Formula], known: Knowledge, counts: Counts) -> set[str]:
    r"""The letters of the first side that stand once in a term beside such that hold them twice: a_i + b_i / c_i.

    All terms of a sum have the same free letters.
    """
    first = next((side for side in sides if not isinstance(side, Numeral)), None)
    terms = [loose(term, known, counts) for _, term in first.terms] if isinstance(first, Sum) else []
    return {letter for each in terms for letter, number in each.items() if number == 1}


def escaped_letters(side: Formula, known: Knowledge, counts: Counts, free: frozenset[str]) -> frozenset[str]:
    r"""The letters summed over without a sign beside a sum over all of them but one: a_k b_k + \sum_{k \neq j} c_k.

    What stands outside may be meant of the one that the sum leaves out.
    """
    signs = (part for part in walk(side) if isinstance(part, Big) and isinstance(part.below, Relation))
    others = frozenset(letter for each in signs if _leaves_out(each.below) for letter in binds(each.below))
    return summed_letters(side, known, counts, free) & others


def _leaves_out(below: Formula | None) -> bool:
    return isinstance(below, Relation) and below.relations[0] in ("neq", "ne")


def summed_letters(side: Formula, known: Knowledge, counts: Counts, free: frozenset[str]) -> frozenset[str]:
    """The letters that a side sums over without a sign, given those that are free in its statement."""
    found = loose(side, known, counts)
    return frozenset(letter for letter, number in found.items() if number > 1 and letter not in free)


def _told(side: Formula, known: Knowledge, counts: Counts) -> set[str]:
    """The letters of which the conditions of cases speak: what holds where j = k is said of each k."""
    conditions = (each for part in walk(side) if isinstance(part, Cases) for _, each in part.rows if each is not None)
    told = {part.letter for each in conditions for part in walk(each) if isinstance(part, Name)}
    return told & loose(side, known, counts).keys()
