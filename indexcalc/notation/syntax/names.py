"""Names: which are allowed, and which are taken by the language."""

from __future__ import annotations

import unicodedata

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.errors import IndexcalcError
from indexcalc.notation.syntax.places import Place, error_at

REDUCTIONS = ("sum", "prod", "max", "min", "mean", "logsumexp")
RESERVED = frozenset(
    (*(name for name, row in FUNCTIONS.items() if not row.is_name), *REDUCTIONS, "diff", "where")
)
COMPOSED = ("multigammaln",)  # functions of two arguments that are written out as soon as they are read
CALLED = frozenset((*FUNCTIONS, *COMPOSED))
LONGEST_NAME = 100
MOST_DIGITS = 12  # of a size or a place


def check_name(name: str, place: Place, primes: bool = False) -> None:
    """Refuse a name that is none; only an index or an unknown function may end in primes."""
    if len(name) > LONGEST_NAME:
        raise error_at(f"this name has {len(name)} characters", f"Write one of at most {LONGEST_NAME}", place)
    bare = name.rstrip("'")
    if not bare.isidentifier():
        wrong = next((sign for sign in bare if not f"a{sign}".isidentifier()), bare[:1])
        raise error_at(
            f"{wrong!r} cannot be part of a name",
            "A name is made of letters, digits and _; write a power as x^2",
            place,
        )
    usual = unicodedata.normalize("NFKC", bare)
    if usual != bare:  # Python and its keywords would take one for the other
        raise error_at(f"{bare} is written with a variant of {usual}", f"Write {usual}", place)
    if bare != name and not primes:
        raise error_at(f"the name {name} ends in a prime", "Only an index may: write x_prime, or x[i']", place)


def check_place(digits: str, place: Place) -> None:
    """Refuse a place that no range has."""
    if not digits.isdecimal() or len(digits) > MOST_DIGITS or int(digits) == 0:
        raise error_at(
            f"{digits[:20]} is no place", f"Places are counted from 1 and have at most {MOST_DIGITS} digits", place
        )


def size_label(size: str, place: Place) -> str:
    """A size as it labels a range: a name, or a number without zeros in front."""
    if not size.isdecimal():
        check_name(size, place)
        return size
    label = size.lstrip("0")
    if not label or len(label) > MOST_DIGITS:
        raise error_at(f"{size[:20]} is no size", f"A size is at least 1 and has at most {MOST_DIGITS} digits", place)
    return label


def names_epsilon(name: str, slots: int) -> bool:
    """Whether a tensor access is the permutation symbol; with two indices or four it is none that can be read."""
    return name == "eps" and slots > 1


def reserved(name: str, place: Place) -> IndexcalcError:
    """What to say of a tensor with the name of a function or an operator."""
    if name in REDUCTIONS:
        return error_at(f"{name} is a reduction", f"Write {name}[k](...)", place)
    if name == "diff":
        return error_at("diff is the derivative", "Write diff(A, x[i])", place)
    if name == "where":
        return error_at("where is a choice", "Write where(i == j, A, B)", place)
    return error_at(f"{name} is a function", f"Write {name}(...), or give the tensor another name", place)


def counted(slots: int) -> str:
    """no index, one index, 2 indices."""
    return ("no index", "one index")[slots] if slots < 2 else f"{slots} indices"


def is_made(name: str) -> bool:
    """Whether a name is that of an inverse or the like, or of a formula that one is taken of."""
    return "(" in name
