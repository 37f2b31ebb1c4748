"""The survey of the letters of a document: which are bound, shared, bare, sizes, steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from indexcalc.context.letters import USUAL, Letters
from indexcalc.context.names import letter_of, script_items, shift_of, split_formula
from indexcalc.context.space.blocks import part_letters
from indexcalc.context.space.capitals import capital_indices
from indexcalc.context.space.elements import find_elements
from indexcalc.context.space.lookups import compared_with
from indexcalc.context.space.permutation import symbol_of
from indexcalc.context.uses import read_use
from indexcalc.notation.formula import (
    Applied,
    Bars,
    Big,
    Bracket,
    Conditions,
    Derivative,
    Formula,
    Mark,
    Nabla,
    Name,
    Numeral,
    Product,
    Quotient,
    Relation,
    Root,
    Scripted,
    Sequence,
    Signed,
    Sum,
    walk,
    walk_values,
)


def survey(
    groups: list[tuple[Formula, ...]],
    conditions: Iterable[Formula],
    taken: Iterable[str] = (),
    apart: Iterable[str] = (),
    sizes: Iterable[str] = (),
    placing: frozenset[str] = frozenset(),
) -> Letters:
    """What the statements of a document, each given by its sides, show of its letters. sizes: those of spaces."""
    symbols = {symbol_of(*sides[:2]) for sides in groups if len(sides) > 1} - {""}
    found = Letters(taken=set(taken) - symbols, permutations=symbols, apart=set(apart), placing=placing)
    conditioned = Letters()
    for condition in conditions:
        _bound_by(condition, conditioned)
    for sides in groups:
        together: dict[str, set[str]] = defaultdict(set)
        for side in sides:
            for each in walk(side):
                _look(each, found, together)
        found.shared |= {letter for letter, names in together.items() if len(names) > 1}
        found.shared |= {letter for letter in together if letter in "ijklmnpqr" and _times(letter, sides) > 1}
    every = [each for sides in groups for side in sides for each in walk(side)]
    found.apart |= {name for name, patterns in found.patterns.items() if _tells_apart(patterns)}
    found.stepped = {name for sides in groups for name in _stepped(sides)}
    for sides in groups:
        for side in sides:
            for each in walk_values(side):
                found.bare.update(_own_names(each))
    found.bound |= {letter for sides in groups if (letter := _listed(sides)) in found.below}
    found.bound |= {letter for sides in groups for letter in _permuted(sides)} | compared_with(every, placing)
    for sides in groups:
        says_something = len(sides) > 1 and not all(isinstance(side, Name) for side in sides) and not _listed(sides)
        for side in sides if says_something else ():
            found.bare.update(_own_names(Signed("+", side)))
    found.bound |= {letter for letter in conditioned.bound if letter in found.below or letter not in found.bare}
    found.indexed = {name for letter in found.bound & found.below.keys() for name in found.below[letter]}
    found.zeros = {name for each in every if isinstance(each, Big) for name in _from_zero(each)}
    found.from_zero = {name for name, _ in found.zeros}
    if found.from_zero and "delta" not in found.taken:
        found.from_zero.add("delta")
    for letter in (*_of_one_name(groups, found), *part_letters(groups, found.bound)):
        found.stated.setdefault(letter, "label")
    found.tags = {*_tags(found), *_after_all(every, found, found.sizes.union(sizes))}
    found.sizes |= set(sizes)
    find_elements(every, found)
    found.capitals = capital_indices(every)
    for each in every:
        _count(each, found)
    return found


def _of_one_name(groups: list[tuple[Formula, ...]], found: Letters) -> Iterator[str]:
    r"""Letters that stand below one name only, which has no other, on one side of a statement: \sqrt{d_k}."""
    for letter, names in found.below.items():
        name = next(iter(names))
        others = {each for each, those in found.below.items() if name in those}
        alone = len(names) == len(others) == 1 and found.patterns[name] == {"l"} and name not in found.bare
        if not alone or letter in found.bound | found.shared:
            continue
        places = [[_times(letter, (side,)) > 0 for side in sides] for sides in groups]
        if any(len(sides) > 1 and sum(sides) == 1 for sides in places) and all(sum(sides) < 2 for sides in places):
            yield letter


def _tags(found: Letters) -> Iterator[tuple[str, str]]:
    r"""Letters that tell apart tensors of one name, and are names of others: W_f, W_o and W_p for the gates f, o, p.

    One of them at least is no usual index, and none is bound.
    """
    for name, letters in found.single.items():
        apart = len(letters) > 1 and found.patterns[name] <= {"", "l", "ll"}
        if apart and letters <= found.bare - found.bound - found.sizes and not letters <= USUAL:
            yield from ((letter, name) for letter in letters)


def _after_all(every: list[Formula], found: Letters, sizes: set[str]) -> Iterator[tuple[str, str]]:
    r"""Sizes that stand below a name beside a 0 alone: m_0 before n data are seen, and m_n behind them."""
    below: dict[str, set[str]] = defaultdict(set)
    for each in every:
        if isinstance(each, Scripted) and isinstance(each.base, Name) and each.below is not None:
            below[letter_of(each.base)] |= {item.text for item in script_items(each.below)}
    for name, texts in below.items():
        letters = texts - {"0"}
        if "0" in texts and len(letters) == 1 and letters <= sizes - found.bound:
            yield from ((letter, name) for letter in letters)


def _listed(sides: tuple[Formula, ...]) -> str:
    r"""The letter of which a statement lists the values: k = 1, \dots, N; empty for any other statement."""
    if len(sides) != 2 or not isinstance(sides[0], Name) or not isinstance(sides[1], Sequence):
        return ""
    dotted = any(isinstance(item, Mark) and item.sign == "dots" for item in sides[1].items)
    return letter_of(sides[0]) if dotted and isinstance(sides[1].items[0], Numeral) else ""


def _permuted(sides: tuple[Formula, ...]) -> set[str]:
    """The letters below a name that a statement writes in another order too: D_{abc} = D_{acb}.

    Two letters may be labels: the blocks S_{xy} and S_{yx} of a matrix.
    """
    orders: dict[tuple[Formula, tuple[str, ...]], set[tuple[str, ...]]] = defaultdict(set)
    for side in sides:
        for each in walk(side):
            if isinstance(each, Scripted) and isinstance(each.base, Name):
                items = script_items(each.below)
                if len(items) > 2 and all(item.kind == "letter" for item in items):
                    letters = tuple(item.text for item in items)
                    orders[each.base, tuple(sorted(letters))].add(letters)
    return {letter for (_, letters), found in orders.items() if len(found) > 1 for letter in letters}


def _tells_apart(patterns: set[str]) -> bool:
    r"""Whether the digit below a letter is a label: z_2, with the elements z_{2,i}, and no letter in its place."""
    return {"p", "pl"} <= patterns and not any(pattern[:1] == "l" for pattern in patterns)


def _stepped(sides: tuple[Formula, ...]) -> Iterator[str]:
    """The name above which a letter counts steps: a statement says what it is at the next one."""
    left = sides[0]
    step = shift_of(left.above) if isinstance(left, Scripted) and left.above is not None else None
    if step is None or not isinstance(left, Scripted) or not isinstance(left.base, Name):
        return
    for side in sides[1:]:
        for each in walk(side) if isinstance(side, Sum) else ():
            if isinstance(each, Scripted) and each.base == left.base and isinstance(each.above, Name):
                if letter_of(each.above) == step[0]:
                    yield letter_of(left.base)


def _from_zero(sign: Big) -> Iterator[tuple[str, int]]:
    r"""The names below which the letter of a sum stands that begins at 0, with the number of their indices."""
    below = sign.below
    letters = {
        letter_of(item.sides[0])
        for item in (below.items if isinstance(below, Sequence) else (below,))
        if isinstance(item, Relation) and item.relations == ("=",)
        if isinstance(item.sides[0], Name) and isinstance(item.sides[1], Numeral) and item.sides[1].text == "0"
    }
    for each in walk(sign.body) if letters and sign.body is not None else ():
        if isinstance(each, Scripted) and isinstance(each.base, Name):
            if any(item.kind == "letter" and item.text in letters for item in script_items(each.below)):
                yield letter_of(each.base), len(script_items(each.below))


def _times(letter: str, sides: tuple[Formula, ...]) -> int:
    """How often a letter stands below names of a statement."""
    return sum(
        item.text == letter and item.kind == "letter"
        for side in sides
        for each in walk(side)
        if isinstance(each, Scripted) and isinstance(each.base, Name)
        for item in script_items(each.below)
    )


def _count(each: Formula, found: Letters) -> None:
    """How many indices a name is given here."""
    use = read_use(each, found) if isinstance(each, Scripted) else None
    if use and not (use.letter == "e" and use.power is not None):
        count = len([item for item in use.indices if item.kind in ("letter", "shifted")])
        with_places = len(use.indices) if count and all(item.mark != "(" for item in use.indices) else count  # M_{i1}
        found.counts[use.name] = max(found.counts[use.name], with_places)
        if count:
            found.kinds[use.name].add(count)


def _look(each: Formula, found: Letters, together: dict[str, set[str]]) -> None:
    match each:
        case Big("int"):
            return  # its limits are numbers, and no places
        case Big(_, below, above, _):
            _bound_by(below, found)
            if isinstance(above, Name | Scripted):
                found.sizes |= {_size_name(above)} - {""}
            elif above is not None:
                found.sizes |= {letter_of(part) for part in walk(above) if isinstance(part, Name)}
        case Scripted(Name() as base, below, above, _):
            _look_below(letter_of(base), below, found, together)
            _look_above(letter_of(base), above, found, together)
        case Scripted(Bracket(), below) if below is not None:
            scripts = (part.below for part in walk(each.base) if isinstance(part, Scripted))
            inside = {item.text for script in scripts for item in script_items(script)}
            for item in script_items(below):
                found.below[item.text].add("?()")
                found.bound |= {item.text} & inside if item.kind == "letter" else set()
        case Derivative(_, variables):
            for variable, _ in variables:
                if isinstance(variable, Scripted) and isinstance(variable.base, Name):
                    found.raised |= {
                        item.text
                        for item in script_items(variable.above, above=True)
                        if item.kind == "letter" and not item.mark
                    }
        case Nabla("partial", below, _):
            for item in script_items(below):
                if item.kind == "letter":
                    together[item.text].add("?x")
                    found.below[item.text].add("?x")
        case Relation(sides, relations) if all(relation in ("neq", "ne") for relation in relations):
            if all(isinstance(side, Name) for side in sides):
                found.bound |= {letter_of(side) for side in sides if isinstance(side, Name)}


def _look_below(name: str, below: Formula | None, found: Letters, together: dict[str, set[str]]) -> None:
    """What stands below a name: letters that it shares with others, steps, the indices of delta and epsilon."""
    found.patterns[name].add("".join({"place": "p", "letter": "l"}.get(item.kind, "-") for item in script_items(below)))
    for item in script_items(below):
        if item.kind == "letter":
            together[item.text].add(name)
            found.below[item.text].add(name)
            if item.mark == "[":
                found.bound.add(item.text)
        elif item.kind == "shifted" and item.mark != "(":
            together[item.text].add(name)
            found.below[item.text].add(name)
            found.counted.add(item.text)
    if len(script_items(below)) == 1:
        found.single[name] |= {item.text for item in script_items(below) if item.kind == "letter"}
    if name == "delta" and len(script_items(below)) == 2 and "delta" not in found.taken:
        found.bound |= {item.text for item in script_items(below) if item.kind == "letter"}
    if (name == "epsilon" or name in found.permutations) and len(script_items(below)) == 3:
        found.bound |= {item.text for item in script_items(below) if item.kind == "letter"}


def _look_above(name: str, above: Formula | None, found: Letters, together: dict[str, set[str]]) -> None:
    """What stands above a name: indices of tensors, steps in brackets."""
    raised = script_items(above, above=True)
    if (
        raised
        and all(item.kind == "letter" and item.text in USUAL and not item.mark for item in raised)
        and name != "e"
    ):
        if len(raised) > 1 or (name == "delta" and "delta" not in found.taken):
            found.raised |= {item.text for item in raised}
            found.bound |= {item.text for item in raised}
    for item in raised:
        if item.kind == "letter" or item.text in "+-":
            found.above[item.text].add(name)
        if item.kind == "shifted" and (item.mark or item.offset == -1):
            found.shifted.add(item.text)
        if item.mark and item.kind == "letter":
            together[item.text].add(name)


def _size_name(formula: Formula) -> str:
    parts = split_formula(formula)
    if parts is None:
        return ""
    return "_".join(
        [
            letter_of(parts[0]),
            *(item.text for item in script_items(parts[1])),
            *(item.text for item in script_items(parts[2])),
        ]
    )


def _bound_by(below: Formula | None, found: Letters) -> None:
    """The letters that a sign binds, or of which a condition tells how far they run."""
    match below:
        case Sequence(items) | Conditions(items):
            for item in items:
                _bound_by(item, found)
        case Relation(sides, _):
            _bound_by(sides[0], found)
            if len(sides) > 1 and isinstance(sides[1], Name) and letter_of(sides[1]) in USUAL:
                _bound_by(sides[1], found)
        case Name():
            found.bound.add(letter_of(below))
        case Scripted(Name(), None, None, primes) if primes:
            found.bound |= {item.text for item in script_items(below)}
        case Scripted() | Numeral() | Mark() | Applied() | None:
            return
        case _:
            found.bound |= {item.text for item in script_items(below) if item.kind == "letter"}


def _own_names(each: Formula) -> Iterator[str]:
    match each:
        case Sum(terms):
            inner = [term for _, term in terms]
        case Product(factors):
            inner = [factor for _, factor in factors]
        case Signed() | Bracket() | Bars() | Root() | Quotient() | Derivative() | Nabla() | Applied() | Big():
            inner = _operands(each)
        case _:
            return
    for part in inner:
        base = part
        if isinstance(part, Scripted) and isinstance(part.base, Name) and not script_items(part.below):
            base = part.base
        if isinstance(base, Name):
            yield letter_of(base)


def _operands(each: Formula) -> list[Formula]:
    match each:
        case Signed(_, body) | Bars(_, body) | Root(body) | Big(_, _, _, body) | Nabla(_, _, body):
            return [body] if body is not None else []
        case Bracket("(", body):
            return list(body.items) if isinstance(body, Sequence) else [body]
        case Quotient(above, below):
            return [above, below]
        case Derivative(body, variables):
            return ([body] if body is not None else []) + [variable for variable, _ in variables]
        case Applied(_, argument):
            return [argument] if argument is not None else []
    return []
