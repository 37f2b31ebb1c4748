"""Kernels: the parts of a function that are compiled, each a function of its own, with calls in between.

A kernel takes what its text mentions, and returns the numbers that are used after it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """Some statements of a function, to be compiled or not."""

    lines: list[str]
    is_kernel: bool


def separated(
    parts: Sequence[Part], known: Iterable[str], numbers: Collection[str], returned: Sequence[str]
) -> tuple[list[str], list[str]]:
    """The kernels, each as the text of a function, and the statements that call them.

    Parameters
    ----------
    parts: in the order in which they are run.
    known: the names that kernels may take, in the order of their parameters.
    numbers: the names of numbers that kernels compute; they may take them too.
    returned: what the function returns at the end.
    """
    known = list(dict.fromkeys([*known, *sorted(numbers)]))
    used = [_words(part.lines) for part in parts]
    count = sum(part.is_kernel for part in parts)
    kernels: list[str] = []
    calls: list[str] = []
    for place, part in enumerate(parts):
        if not part.is_kernel:
            calls += part.lines
            continue
        later = set(returned).union(*used[place + 1 :])
        made = [name for name in returned if name in numbers and _is_set(name, part.lines)]
        made += sorted(name for name in later.intersection(numbers).difference(made) if _is_set(name, part.lines))
        name = f"loops{len(kernels) + 1 if count > 1 else ''}"
        parameters = ", ".join(each for each in known if each in used[place] and not _is_set(each, part.lines))
        end = [f"return {', '.join(made)}"] if made else []
        body = "\n".join(f"    {line}" for line in [*part.lines, *end])
        kernels.append(f"def {name}({parameters}):\n{body}\n")
        calls.append(f"{', '.join(made)} = {name}({parameters})" if made else f"{name}({parameters})")
    return kernels, _returning(calls, returned)


def _returning(calls: list[str], returned: Sequence[str]) -> list[str]:
    """The statements with the return, which takes the place of an assignment of the same names."""
    names = ", ".join(returned)
    if calls and calls[-1].startswith(f"{names} = "):
        return [*calls[:-1], f"return {calls[-1].removeprefix(f'{names} = ')}"]
    return [*calls, f"return {names}"]


def _words(lines: Iterable[str]) -> set[str]:
    """The identifiers in some statements, comments apart."""
    return {word for line in lines for word in re.findall(r"[^\W\d]\w*", line.partition("#")[0])}


def _is_set(name: str, lines: Iterable[str]) -> bool:
    """Whether statements assign a name."""
    return any(line.lstrip().startswith(f"{name} = ") for line in lines)
