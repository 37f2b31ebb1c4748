r"""What the formulas of a document show of its names: functions, vectors and matrices, elements of a matrix, squares.

Evidence only; what is meant is decided when a formula is read. The order: letters, functions, the shapes that are
written (bold, transposed, \in \mathbb{R}^{m \times n}), then shapes that follow from others until nothing changes.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexcalc.context.aliases import arrows, capitals, told_apart, totals
from indexcalc.context.functions.calls import find_functions, turned_call
from indexcalc.context.knowledge import RANKS, Knowledge
from indexcalc.context.ledger import SHOWN, STATED, Evidence
from indexcalc.context.loose import loose
from indexcalc.context.names import Use, letter_of, script_items, split_formula
from indexcalc.context.said import Said, names_said, size_of_formula, sizes_of, spaces, uses_in
from indexcalc.context.shapes import corroborate, infer
from indexcalc.context.space.bases import is_gram
from indexcalc.context.space.blocks import block_names
from indexcalc.context.space.heights import find_heights
from indexcalc.context.space.looking import look_at_space
from indexcalc.context.survey import survey
from indexcalc.context.turning import turned_in_brackets
from indexcalc.notation.formula import (
    Big,
    Bracket,
    Cases,
    Derivative,
    Formula,
    Mark,
    Name,
    Numeral,
    Product,
    Scripted,
    Sequence,
    Signed,
    walk,
)


def look(said: list[Said], known: Knowledge) -> None:
    """Survey the letters of the statements, and find functions: what the prose says is put beside them."""
    taken = {name for each in said for name in _takes(each)}
    conditions = [condition for each in said for condition in each.conditions]
    told = told_apart(said), sizes_of(said), known.letters.placing
    known.letters = survey([each.sides for each in said], conditions, taken, *told)
    _sizes(said, known)
    totals(said, known)
    find_functions(said, known)
    _indexed(said, known)
    arrows((use for use, _ in uses_in(said, known)), known)
    _families(said, known)
    find_heights((use for use, _ in uses_in(said, known)), known)


def observe(said: list[Said], known: Knowledge) -> None:
    """Find what the statements show of the names, beside what the prose says of them."""
    _squares(said, known)
    look_at_space(said, known)
    _told_shapes(said, known)
    with known.steady():
        _seen_shapes(said, known)
        turned_in_brackets(said, known)
    capitals(known)
    with known.steady():
        infer([(each.sides, each.relations, each.place) for each in said], known)
    capitals(known)
    with known.steady():
        corroborate([(each.sides, each.relations, each.place) for each in said], known)
        without = sum(map(_leaves_out_sums, _pairs(said, known)))
    signs = sum(
        isinstance(part, Big) and part.sign == "sum" for each in said for side in each.sides for part in walk(side)
    )
    known.implied = without > 0 and without >= signs
    known.writes_sums = signs > 1 and not known.implied


def _takes(said: Said) -> Iterator[str]:
    r"""Letters with a usual meaning to which a statement gives another one: \\delta_j = \\partial E / \\partial z_j."""
    if len(said.sides) < 2 or said.relations[0] not in ("equality", "definition"):
        return
    parts = split_formula(said.sides[0])
    if parts is None or parts[0].letter not in ("delta", "epsilon", "I", "e", "pi"):
        return
    right = said.sides[1]
    if any(isinstance(part, Name) and part.letter == parts[0].letter for part in walk(right)):
        return
    if is_gram(right):
        return
    numeric = any(isinstance(side, Numeral | Cases) for side in said.sides[1:])
    numeric = numeric or (isinstance(right, Name) and right.letter == "I")
    if not numeric and not said.conditions:
        yield letter_of(parts[0])


def _sizes(said: list[Said], known: Knowledge) -> None:
    r"""Sizes: those of ranges i = 1, \dots, n, and of \mathbb{R}^{m \times n}."""
    for each in said:
        listings = [*each.conditions, *(side for side in each.sides[1:] if isinstance(each.sides[0], Name))]
        for condition in listings:
            items = condition.items if isinstance(condition, Sequence) else ()
            if (
                len(items) > 1
                and isinstance(items[-1], Name | Scripted)
                and any(isinstance(item, Mark) and item.sign == "dots" for item in items)
            ):
                if not isinstance(items[0], Name | Scripted):
                    known.letters.sizes.add(size_of_formula(items[-1]))


# ----- Shapes that are written -----


def _indexed(said: list[Said], known: Knowledge) -> None:
    """Names with indices in brackets behind them: T[i,k]."""
    for each in said:
        for side in each.sides:
            for part in walk(side):
                factors = part.factors if isinstance(part, Product) else ()
                for (_, first), (operator, second) in itertools.pairwise(factors):
                    if (
                        operator == "juxtaposed"
                        and isinstance(second, Bracket)
                        and second.mark == "["
                        and isinstance(first, Name)
                    ):
                        items = [item for inner in _items(second.body) for item in script_items(inner)]
                        if items and all(item.kind in ("letter", "place") for item in items):
                            name = letter_of(first)
                            known.ledger.tell(
                                Evidence(
                                    name, "indexed", True, SHOWN, each.place, "indices stand in brackets behind it"
                                )
                            )
                            known.letters.bound |= {item.text for item in items if item.kind == "letter"}
                            known.letters.counts[name] = max(known.letters.counts[name], len(items))


def _items(body: Formula) -> tuple[Formula, ...]:
    return body.items if isinstance(body, Sequence) else (body,)


def _families(said: list[Said], known: Knowledge) -> None:
    r"""Bold letters that stand with an index and without: \mathbf{x}_n are many vectors, \mathbf{x} is one.

    With an index only, or transposed with one, they are the rows of a tensor of which the elements have one index more.
    """
    letters = known.letters
    with_index: set[str] = set()
    without: set[str] = set()
    plain: dict[str, set[int]] = defaultdict(set)
    standing: dict[str, set[str]] = defaultdict(set)
    for use, _ in uses_in(said, known):
        count = len(use.indices)
        own = Use(use.letter.removesuffix("_c") if count == 2 else use.letter, use.labels).name
        standing[own].add("".join("a" if item.above and item.mark else "b" for item in use.indices))
        if use.font == "bold" and use.letter.split("_")[0].islower():
            (with_index if count else without).add(use.name)
        elif count:
            plain[use.name].add(count)
        kinds = letters.kinds.get(use.name, set())
        if count and count + 1 in kinds and (use.transposed or use.font == "bold"):
            known.rows.add(use.name)
    known.rows |= {name for name, kinds in standing.items() if {"a", "ab"} <= kinds and "b" not in kinds}
    _lift({name for name, kinds in standing.items() if {"a", "b"} <= kinds and "ab" not in kinds}, known)
    known.banded = {name for name in known.rows if 1 in plain[name] and name in with_index}
    known.rows -= known.banded
    both = {name for name in with_index if 1 in plain[name] and 1 in letters.kinds[name]}
    known.families = (with_index & without | both) - known.rows - known.banded
    for name in known.families:
        letters.kinds[f"{name}_each"], letters.counts[f"{name}_each"] = {1}, 1
        kinds = plain[name] - {2}
        letters.kinds[name], letters.counts[name] = kinds, max(kinds, default=0)
    for name, kinds in list(letters.kinds.items()):
        if len(kinds) > 1 and name not in known.rows:
            head, *rest = name.split("_")
            for count in sorted(kinds)[1:]:
                other = "_".join((f"{head}_{RANKS[count]}", *rest))
                letters.kinds[other], letters.counts[other] = {count}, count


def _lift(names: set[str], known: Knowledge) -> None:
    r"""Names with one index, which stands above the line or below: z^{(k)} are many numbers, z_i the elements of z."""
    known.lifted = {name for name in names if known.letters.kinds[name] == {1}}
    for name in known.lifted:
        head, *rest = name.split("_")
        other = "_".join((f"{head}_each", *rest))
        known.letters.kinds[other], known.letters.counts[other] = {1}, 1
        for each in known.ledger.about(name):
            known.ledger.tell(replace(each, name=other))


def _squares(said: list[Said], known: Knowledge) -> None:
    r"""Names of which the square is defined, or a variable of a derivative: \sigma^2."""
    told = [each for each in said if len(each.sides) > 1 and each.relations[0] in ("equality", "definition")]
    lefts = [each.sides[0] for each in told if turned_call(each.sides[0], each.sides[1], known) is None]
    plain = {
        use.name
        for use in (known.use(left) for left in lefts if isinstance(left, Name | Scripted))
        if use is not None and use.power is None
    }
    alone = {use.name for use, _ in uses_in(said, known) if use.indices and use.power is None}  # elements, no powers
    for each in said:
        heads = [side for side in each.sides[:1] if any(side is left for left in lefts)]
        for side in each.sides:
            heads += [variable for part in walk(side) if isinstance(part, Derivative) for variable, _ in part.variables]
        for head in heads:
            if isinstance(head, Scripted) and isinstance(head.above, Numeral) and head.above.exact == 2:
                use = known.use(head)
                if (
                    use is not None
                    and use.power is not None
                    and use.name not in plain
                    and not (use.indices and use.name in alone and head not in each.sides)
                    and use.name not in known.declared
                ):
                    known.squares.add(use.name)


def _told_shapes(said: list[Said], known: Knowledge) -> None:
    r"""Vectors and matrices by the spaces that they are in: \in \mathbb{R}^n."""
    for each in said:
        for first, shape in spaces(each):
            for use in names_said(first, known):
                _told_shape(use, shape, each.place, known)


def _seen_shapes(said: list[Said], known: Knowledge) -> None:
    """Vectors and matrices by how they are written: bold letters, transpositions."""
    bold = {use.letter for use, _ in uses_in(said, known) if use.font == "bold" and not use.labels}
    turned = any(use.transposed for use, _ in uses_in(said, known))
    lone = {each.place for each in said if len(each.sides) == 1 and isinstance(each.sides[0], Scripted)}
    listed = _listed(use for use, _ in uses_in(said, known))
    blocks = block_names(each.sides for each in said)
    for use, place in uses_in(said, known):
        plain = use.letter.split("_")[0]
        count = known.count(use.name)
        is_vector = use.letter in listed or use.name in known.vectors
        size = 2 if plain[:1].isupper() and not is_vector else 1
        size = 2 if use.name in known.tensors else 0 if use.name in known.scalars else size
        if (use.font == "bold" and plain not in ("1", "0", "I") and len(plain) == 1) or (
            use.font == "bold" and plain.isalpha() and len(plain) > 1
        ):
            if use.indices and size == 1:
                if len(use.indices) == count:
                    known.believe(use.name, 1, SHOWN, place, "bold letters with an index are vectors")
            elif use.indices:
                if len(use.indices) == count == 1:
                    known.believe(use.name, size, SHOWN, place, "bold capitals with an index are matrices")
            elif not use.indices:
                known.believe(use.name, max(0, size - count), SHOWN, place, "a bold letter")
        if "vec" in use.letter.split("_")[1:]:
            known.believe(use.name, max(0, 1 - count), SHOWN, place, "an arrow stands above it")
        if not use.font and len(use.labels) == 1 and len(use.labels[0].text) == 1 and use.letter in bold:
            known.believe(use.name, 0, SHOWN, place, f"an element of the bold {use.letter}")
        if use.transposed and count == 0:
            known.believe(use.name, size, SHOWN, place, "it is transposed", inferred=place in lone)
        if _is_inverse(use) and not use.indices:
            known.inverted.add(use.name)
        if count == 0 and size == 2 and _is_inverse(use) and turned:
            known.believe(use.name, 2, SHOWN, place, "its inverse stands among matrices")
        if use.name in blocks and not count:
            known.believe(use.name, 2, SHOWN, place, "it stands in a matrix of blocks, beside an inverse")
        if use.transposed and use.indices and len(use.indices) == count == 1:
            known.believe(use.name, 1, SHOWN, place, "it is transposed with its index")


def _told_shape(use: Use, shape: tuple[str, ...], place: int, known: Knowledge) -> None:
    r"""That a name is in a space: \mathbb{R}^{n \times 1} is one of columns, \mathbb{R}^{1 \times n} one of rows."""
    why = "the space that it is in is given"
    shape = known.flat(use.name, shape, place, why)
    if not use.indices:
        _part(use, len(shape), known)
    axes = len(shape) if use.indices else max(0, len(shape) - known.count(use.name))
    known.believe(use.name, axes, STATED, place, why)
    known.tell_shape(use.name, shape, place, why)


def _part(use: Use, rank: int, known: Knowledge) -> None:
    """Part a name that has more indices somewhere than its space has axes: with them it is another tensor."""
    letters = known.letters
    count = known.count(use.name)
    if 0 < rank < count and use.name not in known.declared:
        other = Use(f"{use.letter}_{RANKS[count]}", use.labels).name
        letters.kinds[other], letters.counts[other] = {count}, count
        letters.kinds[use.name] = {rank, *letters.kinds[use.name]}


def _listed(uses: Iterable[Use]) -> set[str]:
    r"""Bold capitals that are vectors: their elements stand in plain letters, with one index or as A_x, A_y, A_z."""
    plain: dict[str, set[int]] = defaultdict(set)
    places: dict[str, set[str]] = defaultdict(set)
    turned: set[str] = set()
    for use in uses:
        if use.transposed or (use.power is not None and use.font == "bold"):
            turned.add(use.letter)
        if use.font != "bold" and use.indices:
            plain[use.letter].add(len(use.indices))
        elif use.font == "bold" and use.indices:
            turned.add(use.letter)
        elif not use.font and len(use.labels) == 1:
            places[use.letter].add(use.labels[0].text)
    found = {letter for letter, kinds in plain.items() if kinds == {1}}
    found |= {letter for letter, labels in places.items() if len(labels & COORDINATES) > 1 and not plain[letter]}
    return found - turned


COORDINATES = frozenset("xyz")


def _is_inverse(use: Use) -> bool:
    power = use.power
    return (
        isinstance(power, Signed) and power.sign == "-" and isinstance(power.body, Numeral) and power.body.text == "1"
    )


# ----- Sums without signs -----


def _pairs(said: list[Said], known: Knowledge) -> Iterator[tuple[Formula, Formula, Knowledge]]:
    for each in said:
        for left, right, relation in zip(each.sides, each.sides[1:], each.relations, strict=False):
            if relation in ("equality", "definition"):
                yield left, right, known


def _leaves_out_sums(pair: tuple[Formula, Formula, Knowledge]) -> bool:
    """Whether a letter stands twice in a product of one side, and nowhere in the other."""
    left, right, known = pair
    first, second = loose(left, known, {}), loose(right, known, {})
    one_sided = [letter for letter in second if second[letter] > 1 and not first[letter]]
    one_sided += [letter for letter in first if first[letter] > 1 and not second[letter]]
    return bool(one_sided)
