"""Contractions that strings describe: einsum, and the patterns of einops."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from indexcalc.lift.arrays.array import Array, Axis
from indexcalc.lift.arrays.combine import contracted, mean_of, reduced
from indexcalc.lift.arrays.shaping import broadcast_to, permuted
from indexcalc.lift.arrays.views import Labelled
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import RaisesError, UnreadableError
from indexcalc.terms import Index

DOTS = "..."


def einsum(operands: Sequence[Any]) -> Array | Labelled:
    """np.einsum of a string and arrays, or of arrays each followed by a list of numbers; of one array a view of it."""
    if operands and isinstance(operands[0], str):
        subscripts, arrays = operands[0], list(operands[1:])
        arrays = list(arrays[0]) if len(arrays) == 1 and isinstance(arrays[0], list | tuple) else arrays
        if not all(isinstance(each, Array) for each in arrays):
            raise UnreadableError("einsum of what is no array")
        words, output = _split(subscripts)
        if len(arrays) == 1 and _is_view(words[0], output, arrays[0]):
            return Labelled(tuple(words[0]), tuple(output or ()))
        return _einsum(words, output, arrays, implicit=output is None)
    arrays = [each for each in operands[::2] if isinstance(each, Array)]
    lists = [list(each) for each in operands if isinstance(each, list | tuple)]
    if len(lists) not in (len(arrays), len(arrays) + 1):
        raise UnreadableError("einsum of such operands")
    rows = [[DOTS if label is Ellipsis else _number(label) for label in row] for row in lists]
    out = rows[len(arrays)] if len(rows) > len(arrays) else None
    return _einsum(rows[: len(arrays)], out, arrays, implicit=out is None)


def _is_view(word: list[Any], output: list[Any] | None, value: Array) -> bool:
    """Whether a contraction of one array sums nothing, so that it is a view of it."""
    same = output is not None and DOTS not in word and set(word) == set(output) and len(set(output)) == len(output)
    return same and len(word) == value.rank


def _number(label: Any) -> int:
    """A label of a sublist."""
    if isinstance(label, Array) and label.whole is not None and label.whole.number is not None:
        return label.whole.number
    raise UnreadableError("einsum of such operands")


def _split(subscripts: str) -> tuple[list[list[Any]], list[Any] | None]:
    text = subscripts.replace(" ", "")
    left, arrow, right = text.partition("->")
    if not re.fullmatch(r"[A-Za-z.,]*", left) or not re.fullmatch(r"[A-Za-z.]*", right):
        raise RaisesError(f"{subscripts!r} is no subscript string")
    return [_labels(word) for word in left.split(",")], _labels(right) if arrow else None


def _labels(word: str) -> list[Any]:
    if "." in word.replace(DOTS, "", 1):
        raise RaisesError(f"{word!r} is no subscript")
    before, dots, after = word.partition(DOTS)
    return [*before, *([DOTS] if dots else []), *after]


def _einsum(words: list[list[Any]], output: list[Any] | None, arrays: list[Array], implicit: bool) -> Array:
    if len(words) != len(arrays):
        raise RaisesError(f"einsum has subscripts for {len(words)} operands, but {len(arrays)} are given")
    depth = 0
    for word, value in zip(words, arrays, strict=True):
        if DOTS in word:
            depth = max(depth, value.rank - len(word) + 1)
    batch: list[Any] = [(DOTS, n) for n in range(depth)]
    if implicit:
        flat = [label for word in words for label in word if label != DOTS]
        once = sorted(label for label in set(flat) if flat.count(label) == 1)
        output = [*([DOTS] if any(DOTS in word for word in words) else []), *once]
    assert output is not None
    known = {label for word in words for label in word}
    unknown = [label for label in output if label not in known]
    if unknown or len(set(output)) < len(output):
        raise RaisesError(f"the output of einsum names {unknown[0] if unknown else output[0]!r} wrongly")
    spelled = []
    for word, value in zip(words, arrays, strict=True):
        own = max(value.rank - len(word) + 1, 0) if DOTS in word else 0
        spelled.append(_with_batch(word, batch[depth - own :] if own else []))
    return contracted(arrays, spelled, _with_batch(output, batch))


def _with_batch(word: list[Any], batch: list[Any]) -> list[Any]:
    if DOTS not in word:
        return word
    place = word.index(DOTS)
    return [*word[:place], *batch, *word[place + 1 :]]


# ----- einops ----------------------------------------------------------------------------------------------------


def _pattern(text: str, lengths: dict[str, Whole] | None = None) -> list[list[str]]:
    """The groups of one side of a pattern: "b (h w) 1" gives [b], [h, w], [].

    lengths: takes those of axes that are numbers, "(h 2)", where the pattern may have such.
    """
    count = 0

    def named(word: str) -> str:
        nonlocal count
        if not word.isdigit():
            return word
        if lengths is None:
            raise RaisesError(f"the number {word} in the pattern {text!r}")
        count += 1
        lengths[f"{word} {count}"] = Whole.of(int(word))
        return f"{word} {count}"

    groups: list[list[str]] = []
    for word in re.findall(r"\([^()]*\)|\.\.\.|\S+", text):
        inner = word[1:-1].split() if word.startswith("(") else [word]
        if any(not re.fullmatch(r"\w+|\.\.\.", name) for name in inner):
            raise RaisesError(f"{word!r} in the pattern {text!r}")
        groups.append([named(name) for name in inner if name != "1"])
    return groups


def rearrange(
    value: Array, pattern: str, lengths: dict[str, Whole], reduction: str = "", repeats: bool = False
) -> Array:
    """einops.rearrange, reduce (with the name of a reduction) and repeat."""
    left, arrow, right = pattern.partition("->")
    if not arrow:
        raise RaisesError(f"the pattern {pattern!r} has no arrow")
    lengths = dict(lengths)
    before = _without_dots(_pattern(left, lengths if reduction else None), value.rank)
    after = _pattern(right, lengths if repeats else None)
    dots = [group[0] for group in before if group and group[0].startswith(DOTS)]
    after = [each for group in after for each in ([[d] for d in dots] if group == [DOTS] else [group])]
    if len(before) != value.rank:
        raise RaisesError(f"the pattern {pattern!r} has {len(before)} axes, the array {value.rank}")
    value = _named(value, before, lengths)
    names = [name for group in before for name in group]
    wanted = [name for group in after for name in group]
    new = [name for name in wanted if name not in names]
    gone = [name for name in names if name not in wanted]
    if len(set(wanted)) < len(wanted) or (gone and not reduction) or (new and not repeats):
        raise RaisesError(f"the sides of the pattern {pattern!r} do not fit")
    if gone:
        places = [names.index(name) for name in gone]
        value = mean_of(value, places, False) if reduction == "mean" else reduced(value, places, False, reduction)
        names = [name for name in names if name not in gone]
    if new:
        sizes = [lengths[name] if name in lengths else _missing(name) for name in new]
        value = broadcast_to(value, [*sizes, *value.shape])
        names = [*new, *names]
    value = permuted(value, [names.index(name) for name in wanted])
    return _grouped(value, after)


def _missing(name: str) -> Whole:
    raise RaisesError(f"the length of {name} is not given")


def _without_dots(groups: list[list[str]], rank: int) -> list[list[str]]:
    found: list[list[str]] = []
    for group in groups:
        if group == [DOTS]:
            found += [[f"{DOTS}{n}"] for n in range(rank - len(groups) + 1)]
        else:
            found.append(group)
    return found


def _named(value: Array, groups: list[list[str]], lengths: dict[str, Whole]) -> Array:
    """The array with one axis a name."""
    from indexcalc.lift.arrays.shaping import reshaped

    shape: list[Whole] = []
    for group, axis in zip(groups, value.axes, strict=True):
        if len(group) == 1:
            shape.append(axis.size)
            continue
        known = Whole.of(1)
        for name in group:
            known = known * lengths.get(name, Whole.of(1))
        open_names = [name for name in group if name not in lengths]
        if len(open_names) > 1:
            if len(axis.factors) != len(group):
                raise UnreadableError(f"how an axis is split into {' and '.join(group)} is not given")
            shape += [Whole.atom(index.range) for index in axis.factors]
            continue
        rest = axis.size.divided(known)
        if rest is None:
            raise UnreadableError(f"how an axis is split into {' and '.join(group)}")
        shape += [lengths.get(name, rest) for name in group]
    return reshaped(value, shape)


def _grouped(value: Array, groups: list[list[str]]) -> Array:
    axes = iter(value.axes)
    found = []
    for group in groups:
        members = [next(axes) for _ in group]
        if len(members) > 1 and any(axis.length is not None for axis in members):
            raise UnreadableError("parts of axes are merged")
        length = members[0].length if len(members) == 1 else None
        found.append(Axis(tuple(index for axis in members for index in axis.factors), length))
    return replace(value, axes=tuple(found)).numbered()


def einops_einsum(operands: Sequence[Any]) -> Array:
    """einops.einsum: arrays, then a pattern of names."""
    *arrays, pattern = operands
    left, arrow, right = str(pattern).partition("->")
    if not arrow or not all(isinstance(each, Array) for each in arrays):
        raise UnreadableError("einsum of such operands")
    words = [word.split() for word in left.split(",")]
    return _einsum([list(word) for word in words], right.split(), arrays, implicit=False)


def one_hot_of(places: Array, size: Whole) -> Array:
    """1 at the place that each element names, along a new last axis."""
    from indexcalc.lift.arrays.array import array, axis_of
    from indexcalc.lift.arrays.slicing import picked

    axis = axis_of(size, 970)
    letters = {index: Index("k", index.range, 1) for index in axis.factors}
    axis = axis.renamed(letters)
    selector, _ = picked(axis, places)
    return array((*places.axes, axis), selector, "float", places.library)
