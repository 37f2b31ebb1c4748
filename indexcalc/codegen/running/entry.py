"""The quick way into a compiled function: a call like the last one is made without looking it up.

A function of its own is written for it, which compares types, shapes and dtypes one by one: to build a key of them and
to find it in a table would take longer than the operations of a small problem.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from keyword import iskeyword
from typing import Any

from numpy import ndarray

Make = Callable[[Any], Any]
MISSING = object()


def is_quick(given: Mapping[str, Any]) -> bool:
    """Whether a function can be written whose parameters are these keywords."""
    return all(name.isidentifier() and not iskeyword(name) and name[0] != "_" and name != "type" for name in given)


def quick_entry(
    given: Mapping[str, Any],
    arguments: Sequence[tuple[str, Make | None]],
    run: Callable[..., Any],
    pack: Make | None,
    otherwise: Callable[[Mapping[str, Any]], Any],
) -> Callable[..., Any]:
    """A function of keywords that makes a call like this one, and leaves any other call to `otherwise`.

    The keywords must be quick.

    Parameters
    ----------
    given: the keywords of the call. arguments: for each argument of the code its keyword, and what makes of its value
        what the code takes (none: it is taken as it is).
    run: the code. pack: what makes of its value what the caller gets (none: the value itself).
    """
    space: dict[str, Any] = {"_run": run, "_pack": pack, "_array": ndarray, "_missing": MISSING}
    space["_otherwise"] = lambda names, values, others: otherwise(_present(names, values) | others)
    tests = ["not _others"]
    for number, (name, value) in enumerate(given.items()):
        if type(value) is ndarray:
            space |= {f"_dtype{number}": value.dtype, f"_shape{number}": value.shape}
            tests += [f"type({name}) is _array", f"{name}.dtype == _dtype{number}", f"{name}.shape == _shape{number}"]
        else:
            space[f"_type{number}"] = type(value)
            tests.append(f"type({name}) is _type{number}")
    words = []
    for number, (name, make) in enumerate(arguments):
        space[f"_make{number}"] = make
        words.append(name if make is None else f"_make{number}({name if name in given else None})")
    call = f"_run({', '.join(words)})"
    parameters = "".join(f"{name}=_missing, " for name in given)
    exec(
        f"def call({parameters}**_others):\n"
        f"    if {' and '.join(tests)}:\n"
        f"        return {call if pack is None else f'_pack({call})'}\n"
        f"    return _otherwise({tuple(given)!r}, ({''.join(f'{name}, ' for name in given)}), _others)\n",
        space,
    )
    made: Callable[..., Any] = space["call"]
    return made


def _present(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    return {name: value for name, value in zip(names, values, strict=True) if value is not MISSING}
