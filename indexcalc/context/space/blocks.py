r"""Letters that name the parts of a vector, x_a and x_b, with \Sigma_{aa}^{-1}: labels, which run over nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from indexcalc.context.names import script_items
from indexcalc.notation.formula import Formula, Name, Numeral, Product, Scripted, Sequence, Signed, Table, walk

INDICES = frozenset("ijklmn")
Pair = tuple[str, str]


def part_letters(groups: Iterable[tuple[Formula, ...]], bound: set[str]) -> set[str]:
    r"""The letters of blocks: \Sigma_{aa}, \Sigma_{ab}, \Sigma_{bb}, beside \mu_{a|b} or an inverse of \Sigma_{aa}.

    An element of a diagonal has an inverse too: i, j, k and letters that are bound somewhere stay indices.
    """
    pairs: dict[str, set[Pair]] = defaultdict(set)
    apart: set[frozenset[str]] = set()
    inverted: dict[str, set[str]] = defaultdict(set)
    for part in (each for sides in groups for side in sides for each in walk(side)):
        if isinstance(part, Scripted) and isinstance(part.base, Name):
            pair = _pair(part.below)
            if pair is None:
                continue
            if isinstance(part.below, Sequence) and part.below.marks == ";":
                apart.add(frozenset(pair))
                continue
            pairs[part.base.letter].add(pair)
            if pair[0] == pair[1] and _is_minus_one(part.above):
                inverted[part.base.letter].add(pair[0])
    found: set[str] = set()
    for name, own in pairs.items():
        for one, other in own:
            is_block = {(one, one), (other, other)} <= own and one != other
            if is_block and (frozenset((one, other)) in apart or not inverted[name].isdisjoint((one, other))):
                found |= {one, other}
    return {letter for letter in found if letter not in INDICES and letter not in bound}


def _pair(below: Formula | None) -> Pair | None:
    """The two single letters in a script, if there are two and nothing else."""
    items = [item for item in script_items(below) if item.text != "given"]
    if len(items) != 2 or any(item.kind != "letter" for item in items):
        return None
    return items[0].text, items[1].text


def _is_minus_one(above: Formula | None) -> bool:
    return isinstance(above, Signed) and above.sign == "-" and isinstance(above.body, Numeral) and above.body.exact == 1


def block_names(groups: Iterable[tuple[Formula, ...]]) -> set[str]:
    """The capital letters in matrices that are written out, if the inverse of one stands in such beside a factor."""
    found: set[str] = set()
    for table in (each for sides in groups for side in sides for each in walk(side) if isinstance(each, Table)):
        names = {part.letter for part in walk(table) if isinstance(part, Name) and len(part.letter) == 1}
        capitals = {letter for letter in names if letter.isupper() and letter != "I"}
        if capitals == names - {"I"} and any(_has_inverse(part) for part in walk(table)):
            found |= capitals
    return found


def _has_inverse(part: Formula) -> bool:
    """Whether a product has the inverse of a capital letter as a factor."""
    factors = [each for _, each in part.factors] if isinstance(part, Product) else []
    inverted = (each.base for each in factors if isinstance(each, Scripted) and _is_minus_one(each.above))
    return any(isinstance(base, Name) and base.letter.isupper() for base in inverted)
