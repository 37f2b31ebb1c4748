"""Names in generated code: every tensor and size gets a Python identifier that nothing else has."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable
from string import ascii_letters

from indexcalc.codegen.writing.helpers import HELPERS
from indexcalc.codegen.writing.special.arrays import ARRAYS
from indexcalc.codegen.writing.special.matrices import MATRICES
from indexcalc.errors import IndexcalcError
from indexcalc.terms import Index

# What generated code uses itself, for any target: an argument has one name in all of them.
MODULES = "da dask functools jax jnp math mmap njit np numba numpy operator scipy torch".split()
CHECKS = ("as_tensor", "check_axes", "check_size", "checked")
LOOPS = ("greater", "less", "logaddexp", "same")  # what loops over elements call, besides the functions of the table
RESERVED = frozenset({*MODULES, *CHECKS, *LOOPS, *HELPERS, *ARRAYS, *MATRICES, *keyword.kwlist, *dir(builtins)})


LONGEST_NAME = 60  # a name of a sheet has at most 100 characters; that of an inverse is a formula


def identifier(name: str) -> str:
    """A Python identifier for a name: itself if it is one, lambda_ for lambda, y_prime for y'."""
    text = unicodedata.normalize("NFKC", name).replace("'", "_prime")
    text = re.sub(r"\W+", "_", text).strip("_") if re.search(r"[()\s#]", text) else re.sub(r"\W", "_", text)
    if len(text) > LONGEST_NAME:
        text = text[:LONGEST_NAME].rstrip("_")
    if not text.isidentifier():
        text = f"_{text}"
    return f"{text}_" if text in RESERVED else text


class Names:
    """Hands out identifiers, each once. taken: those that were handed out."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)

    def take(self, name: str) -> str:
        """An identifier like the name; with a number behind it if it is taken."""
        base = wanted = identifier(name)
        number = 1
        while wanted in self.taken:
            number += 1
            wanted = f"{base}_{number}"
        self.taken.add(wanted)
        return wanted

    def numbered(self, stem: str) -> str:
        """The first of stem1, stem2, ... that is free."""
        number = 1
        while f"{stem}{number}" in self.taken:
            number += 1
        return self.take(f"{stem}{number}")


def subscripts(operands: Iterable[Iterable[Index]], result: Iterable[Index]) -> str:
    """The einsum string: an index keeps its letter where it is one letter that no other index has.

    Raises IndexcalcError where there are more indices than numpy has letters.
    """
    operands = [tuple(each) for each in operands]
    result = tuple(result)
    indices = tuple(dict.fromkeys(index for each in (*operands, result) for index in each))
    letters: dict[Index, str] = {}
    for index in indices:
        if index.serial == 0 and index.name in ascii_letters and index.name not in letters.values():
            letters[index] = index.name
    free = iter([letter for letter in ascii_letters if letter not in letters.values()])
    for index in indices:
        if index not in letters:
            letters[index] = next(free, "")
    if "" in letters.values():
        raise IndexcalcError(
            f"a contraction has {len(indices)} different indices; np.einsum can name {len(ascii_letters)}",
            "Split it by defining a part of it",
        )
    words = ("".join(letters[index] for index in each) for each in operands)
    return f"{','.join(words)}->{''.join(letters[index] for index in result)}"
