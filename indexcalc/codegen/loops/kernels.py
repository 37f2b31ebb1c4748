"""Kernels: the parts of a function that are compiled, each a function of its own, with calls in between.

A kernel takes what its text mentions, and returns the numbers that are used after it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from indexcalc.codegen.writing.names import Names


@dataclass(frozen=True, slots=True)
class Part:
    """Some statements of a function, to be compiled or not."""

    lines: list[str]
    is_kernel: bool


def separated(
    parts: Sequence[Part],
    known: Iterable[str],
    numbers: Collection[str],
    returned: Sequence[str],
    dtype: str = "",
    names: Names | None = None,
) -> tuple[list[str], list[str]]:
    """The kernels, each as the text of a function, and the statements that call them.

    Parameters
    ----------
    parts: in the order in which they are run.
    known: the names that kernels may take, in the order of their parameters.
    numbers: the names of numbers that kernels compute; they may take them too.
    returned: what the function returns at the end. dtype: the type that numbers are returned in, if they are brought
        to one.
    names: where the names of the kernels come from.
    """
    fresh = names or Names()
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
        name = fresh.numbered("loops") if count > 1 else fresh.take("loops")
        parameters = ", ".join(each for each in known if each in used[place] and not _is_set(each, part.lines))
        end = [f"return {', '.join(made)}"] if made else []
        body = "\n".join(f"    {line}" for line in [*part.lines, *end])
        kernels.append(f"def {name}({parameters}):\n{body}\n")
        calls.append(f"{', '.join(made)} = {name}({parameters})" if made else f"{name}({parameters})")
    return kernels, _returning(calls, returned, numbers, dtype)


def _returning(calls: list[str], returned: Sequence[str], numbers: Collection[str], dtype: str) -> list[str]:
    """The statements with the return, which takes the place of an assignment of the same names.

    A number is brought to the type of the arrays: a kernel computes it in double precision, or with integers.
    """
    names = ", ".join(returned)
    cast = bool(dtype) and any(name in numbers for name in returned)
    kind = "float" if dtype == "float" else f"{dtype}.type"
    is_last = bool(calls) and calls[-1].startswith(f"{names} = ")
    if is_last and (not cast or len(returned) == 1):
        value = calls[-1].removeprefix(f"{names} = ")
        return [*calls[:-1], f"return {kind}({value})" if cast else f"return {value}"]
    words = [f"{kind}({name})" if cast and name in numbers else name for name in returned]
    return [*calls, f"return {', '.join(words)}"]


def _words(lines: Iterable[str]) -> set[str]:
    """The identifiers in some statements, comments apart."""
    return {word for line in lines for word in re.findall(r"[^\W\d]\w*", line.partition("#")[0])}


def _is_set(name: str, lines: Iterable[str]) -> bool:
    """Whether statements assign a name."""
    return any(line.lstrip().startswith(f"{name} = ") for line in lines)
