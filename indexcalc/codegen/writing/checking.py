"""The line with which every generated function begins; what it calls is in `arrays`.

    x, w, b = checked(x=(x, "m n"), w=(w, "n k"), b=(b, "k"))

It makes arrays of one floating type of what is given and raises an error that names the argument whose rank or size
does not fit. A letter has one size wherever it stands: that of the first argument that has it. "n>=3" says that the
formula needs at least three values there (it names the third one), a number that there are as many.

The type is that to which the arrays promote; integers, truth values and lists count as float64. Numbers take the type
of the arrays; where there are none, that of the numbers that have a type, else float64. What says places keeps its own.
"""

from __future__ import annotations

from indexcalc.codegen.writing.names import identifier
from indexcalc.codegen.writing.signature import Argument, Signature
from indexcalc.terms import Range

LONGEST_LINE = 92

def check(takes: Signature) -> list[str]:
    """The statements that check the arguments: one for the arrays and numbers, one for each size."""
    axes = _axes(takes)
    groups = [
        (each.identifier, f'{each.identifier}=({each.identifier}, "{" ".join(axes[each.name])}"{_word(each)})')
        for each in takes.arguments
        if each.size is None and not each.is_function
    ]
    lines = _call(groups) if groups else []
    for each in takes.arguments:
        if each.size is not None:
            least = takes.least.get(each.size, 0)
            text = f'check_size({each.identifier}, "{each.identifier}"{f", {least}" if least else ""})'
            lines.append(f"{each.identifier} = {text}")
    return lines


def _word(argument: Argument) -> str:
    """What tells that an argument says places, so that its type is none of those that are brought to one."""
    return ', "places"' if argument.looked is not None else ""


def _call(groups: list[tuple[str, str]]) -> list[str]:
    """x, y = checked(...), on as many lines as it takes."""
    names = f"({groups[0][0]},)" if len(groups) == 1 else ", ".join(name for name, _ in groups)
    line = f"{names} = checked({', '.join(text for _, text in groups)})"
    if len(line) <= LONGEST_LINE:
        return [line]
    left = [f"{names} = checked("]
    if len(names) > LONGEST_LINE:
        left = ["(", *(f"    {name}," for name, _ in groups), ") = checked("]
    return [*left, *(f"    {text}," for _, text in groups), ")"]


def _axes(takes: Signature) -> dict[str, list[str]]:
    """For each argument a word for each axis; the one that a size is taken from says how large it must be at least."""
    words = _words(takes)
    least = {range: number for range, number in takes.least.items() if number and range.size is None}
    found: dict[str, list[str]] = {}
    for argument in takes.arguments:
        found[argument.name] = []
        for range in argument.ranges:
            number = least.pop(range, 0)
            found[argument.name].append(f"{words[range]}>={number}" if number else words[range])
    return found


def _words(takes: Signature) -> dict[Range, str]:
    """What the line calls the size of each range: the size itself, or a word that no other range has."""
    words: dict[Range, str] = {}
    for range in (range for argument in takes.arguments for range in argument.ranges):
        if range in words:
            continue
        word = str(range.size) if range.size is not None else identifier(range.label)
        while range.size is None and word in words.values():
            word = f"n_{word}"
        words[range] = word
    return words
