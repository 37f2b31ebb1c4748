"""Which letters a formula leaves unbound, and how often each stands in one of its products."""

from __future__ import annotations

from collections import Counter

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.names import script_items
from indexcalc.notation.dots import LEFT_OUT
from indexcalc.notation.formula import (
    Big,
    Bracket,
    Cases,
    Derivative,
    Formula,
    Nabla,
    Name,
    Numeral,
    Relation,
    Scripted,
    Sequence,
    Sum,
    parts,
    walk,
)
from indexcalc.notation.laid import Laid

MANY = 2


def loose(formula: Formula, known: Knowledge, counts: dict[int, Counter[str]]) -> Counter[str]:
    """How often each letter stands unbound: in a product all count, of a sum the term with the most."""
    found = counts.get(id(formula))
    if not isinstance(found, _Counted) or found.formula is not formula:
        found = _Counted(_loose(formula, known, counts))
        found.formula = formula  # kept: another formula must not get its identity
        counts[id(formula)] = found
    return found


class _Counted(Counter[str]):
    """The letters of a formula, with the formula."""

    formula: Formula | None = None


def _loose(formula: Formula, known: Knowledge, counts: dict[int, Counter[str]]) -> Counter[str]:
    match formula:
        case Name() | Scripted():
            return _of_name(formula, known, counts)
        case Big(sign, below, _, body):
            below = None if sign == "int" else below  # limits are numbers
            bound = binds(below)
            found = Counter(loose(body, known, counts)) if body is not None else Counter()
            for condition in _restricting(below):
                found.update(_conditions(condition, known))
            for letter in bound:
                found.pop(letter, None)
            return found
        case Nabla("partial", below, body):
            found = Counter(
                item.text for item in script_items(below) if item.kind == "letter" and known.letters.is_index(item.text)
            )
            if formula.way == "square":
                found += found
            if body is not None:
                found.update(loose(body, known, counts))
            return found
        case Derivative(body, variables) if not known.implied:
            found = Counter(loose(body, known, counts)) if body is not None else Counter()
            for variable, _ in variables:
                found |= loose(variable, known, counts)
            return found
        case Derivative(body, variables):  # \partial^2 f / \partial x_i^2 has the letter twice
            found = Counter(loose(body, known, counts)) if body is not None else Counter()
            for variable, order in variables:
                for _ in range(min(order, MANY)):
                    found.update(loose(variable, known, counts))
            return found
        case Sum(terms):
            found = Counter()
            for _, term in terms:
                found |= loose(term, known, counts)
            return found
        case Cases(rows):
            found = Counter()
            for each in (each for row in rows for each in row if each is not None):
                found |= loose(each, known, counts)  # a condition is no factor
            return found
        case Laid():
            return _of_laid(formula, known, counts)
        case Relation():
            return _conditions(formula, known) | _together(formula, known, counts)
        case Numeral():
            return Counter()
    return _together(formula, known, counts)


def _of_name(formula: Name | Scripted, known: Knowledge, counts: dict[int, Counter[str]]) -> Counter[str]:
    """The letters of a name, or of an expression with scripts."""
    use = known.use(formula)
    if use is not None:
        found = Counter(item.text for item in use.indices if item.kind in ("letter", "shifted"))
        if use.power is not None:
            found.update(loose(use.power, known, counts))
        if isinstance(formula, Scripted) and isinstance(formula.below, Relation):
            found.update(_conditions(formula.below, known))
        return found
    if isinstance(formula, Scripted):
        found = Counter(loose(formula.base, known, counts))
        if gathered := gathers(formula, known, counts):
            for letter in gathered:
                found.pop(letter)
            return found
        found.update(
            _conditions(formula.below, known) if isinstance(formula.below, Relation) else _letters(formula.below, known)
        )
        if formula.above is not None:
            found.update(loose(formula.above, known, counts))
        return found
    return Counter()


def gathers(formula: Scripted, known: Knowledge, counts: dict[int, Counter[str]]) -> tuple[str, ...]:
    r"""The letters of which elements in brackets are gathered to a vector or a matrix: [a_{ij}]_{ij}, (a_i)_{i=1}^n."""
    if not isinstance(formula.base, Bracket) or formula.base.mark not in "([" or formula.primes:
        return ()
    items = formula.below.items if isinstance(formula.below, Sequence) else (formula.below,)
    firsts = [each.sides[0] if isinstance(each, Relation) and each.relations == ("=",) else each for each in items]
    letters = [item for each in firsts for item in script_items(each)]
    found = loose(formula.base, known, counts)
    is_all = bool(letters) and all(item.kind == "letter" and found[item.text] for item in letters)
    is_counted = any(isinstance(each, Relation) for each in items) or formula.above is None
    names = tuple(item.text for item in letters)
    return names if is_all and is_counted and len(set(names)) == len(names) <= 2 else ()


def _of_laid(formula: Laid, known: Knowledge, counts: dict[int, Counter[str]]) -> Counter[str]:
    """The letters of what stands in a matrix with dots, but those of its places."""
    found: Counter[str] = Counter()
    for each in filter(None, (formula.entry, formula.diagonal, formula.place, formula.other)):
        found |= loose(each, known, counts)
    return Counter({letter: count for letter, count in found.items() if letter not in LEFT_OUT})


def _together(formula: Formula, known: Knowledge, counts: dict[int, Counter[str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for each in parts(formula):
        found.update(loose(each, known, counts))
    return found


def _letters(script: Formula | None, known: Knowledge) -> Counter[str]:
    """The letters below an expression: (A x)_i."""
    return Counter(
        item.text for item in script_items(script) if item.kind == "letter" and known.letters.is_index(item.text)
    )


def _conditions(condition: Formula, known: Knowledge) -> Counter[str]:
    r"""The letters of a condition: i = k, i \\neq j."""
    items = condition.items if isinstance(condition, Sequence) else (condition,)
    found: Counter[str] = Counter()
    for item in items:
        if isinstance(item, Relation):
            for side in item.sides:
                found.update(
                    each.text
                    for each in script_items(side)
                    if each.kind == "letter" and known.letters.is_index(each.text)
                )
    return found


def binds(below: Formula | None) -> list[str]:
    """The letters that a big sign with this below it binds."""
    match below:
        case None:
            return []
        case Sequence(items):
            found: list[str] = []
            for item in items:
                found += [letter for letter in binds(item) if letter not in found]
            return found
        case Relation(sides, relations):
            first = [item.text for item in script_items(sides[0]) if item.kind == "letter"]
            unlike = len(sides) > 2 and set(relations) <= {"neq", "ne"}  # i \neq j \neq k
            if (relations[0] in ("<", "leq", "le", "lt") and len(sides) > 1) or unlike:
                first += [item.text for side in sides[1:] for item in script_items(side) if item.kind == "letter"]
            return list(dict.fromkeys(first))
    return [item.text for item in script_items(below) if item.kind == "letter"]


def bound_in(formula: Formula) -> frozenset[str]:
    """The letters that the big signs in a formula bind."""
    return frozenset(letter for each in walk(formula) if isinstance(each, Big) for letter in binds(each.below))


def _restricting(below: Formula | None) -> list[Formula]:
    items = below.items if isinstance(below, Sequence) else (below,)
    return [
        item
        for item in items
        if isinstance(item, Relation) and item.relations[0] in ("neq", "ne", "<", ">", "lt", "gt", "leq", "geq")
    ]
