r"""What a statement is for its observers, and the spaces that it puts names into: x \in \mathbb{R}^{m \times n}."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.names import Use, letter_of, script_items, split_formula
from indexcalc.notation.formula import Bracket, Formula, Name, Numeral, Product, Relation, Scripted, Sequence, named_in


@dataclass(frozen=True)
class Said:
    """What a statement is for its observers: its sides, relations, conditions, and where it stands."""

    sides: tuple[Formula, ...]
    relations: tuple[str, ...]
    conditions: tuple[Formula, ...]
    place: int


def uses_in(said: Iterable[Said], known: Knowledge) -> Iterator[tuple[Use, int]]:
    """The names in statements as they are used, each with the place of its statement."""
    for each in said:
        for side in each.sides:
            for part in named_in(side):
                use = known.use(part)
                if use is not None:
                    yield use, each.place


def spaces(said: Said) -> Iterator[tuple[Formula, tuple[str, ...]]]:
    r"""What a statement puts into spaces, with their sizes: x \in \mathbb{R}^n, A \in \mathbb{R}^{m \times n}."""
    if len(said.sides) > 1 and "in" in said.relations:
        shape = shape_of(said.sides[list(said.relations).index("in") + 1])
        if shape is not None:
            yield said.sides[0], shape
    for condition in said.conditions:
        for each in condition.items if isinstance(condition, Sequence) else (condition,):
            if isinstance(each, Relation) and each.relations == ("in",):
                shape = shape_of(each.sides[1])
                if shape is not None:
                    yield each.sides[0], shape


def sizes_of(said: Iterable[Said]) -> set[str]:
    r"""The letters of the sizes of spaces: m and n of \mathbb{R}^{m \times n}."""
    return {size for each in said for _, shape in spaces(each) for size in shape if size and not size.isdigit()}


def shape_of(space: Formula) -> tuple[str, ...] | None:
    r"""The sizes of a space, \mathbb{R}^{m \times n}; none of what is no space of numbers."""
    if isinstance(space, Name):
        return () if space.font == "double" and space.letter == "R" else None
    if not isinstance(space, Scripted):
        return None
    if isinstance(space.base, Bracket):  # \{0, 1\}^{m \times n}
        return sizes_in(space.above) if space.above is not None else None
    if is_cone(space):
        return sizes_in(space.above) * 2 if space.above is not None else None
    if isinstance(space.base, Name) and space.base.letter in "RC" and space.base.font == "double":
        return sizes_in(space.above) if space.above is not None else ()
    return None


def is_cone(space: Formula) -> bool:
    r"""Whether a space is that of definite matrices: \mathbb{S}^n_{++}; without a sign it may be a sphere."""
    return (
        isinstance(space, Scripted)
        and isinstance(space.base, Name)
        and (space.base.letter, space.base.font) == ("S", "double")
        and space.below is not None
    )


def sizes_in(above: Formula) -> tuple[str, ...]:
    r"""The names of the sizes in m \times n; an empty name for what is none."""
    factors = above.factors if isinstance(above, Product) else (("", above),)
    if all(operator in ("", "cross") for operator, _ in factors):
        return tuple(size_of_formula(each) for _, each in factors)
    return ("",)


def size_of_formula(formula: Formula) -> str:
    """The name of a size; empty for what is none."""
    if isinstance(formula, Numeral):
        return formula.text
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


def names_said(first: Formula, known: Knowledge) -> Iterator[Use]:
    """The names that are put into a space."""
    for item in first.items if isinstance(first, Sequence) else (first,):
        use = known.use(item) if isinstance(item, Name | Scripted) else None
        if use is not None:
            yield use
