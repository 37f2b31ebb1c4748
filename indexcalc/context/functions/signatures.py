r"""What stands in the brackets behind a letter tells its functions apart: p(x, z), p(z \mid x) and p(x) are three.

Where a bar stands in one of them they are densities: p(a, b) is p(b, a), and p(x; m) is p(x | m). Otherwise one that
leaves arguments off, L(w) for L(w, b), is the same function; u(x, y) and u(y, x) are two values of one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from indexcalc.notation.formula import Formula, Name, Scripted, Sequence, items_of

if TYPE_CHECKING:
    from indexcalc.context.knowledge import Knowledge


@dataclass(frozen=True, order=True)
class Signature:
    """The names in the brackets behind a letter, and those behind a bar; `_at` stands behind what has indices there."""

    names: tuple[str, ...]
    given: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What tells the name of the function apart."""
        return f"_of_{'_'.join(self.names)}" + (f"_given_{'_'.join(self.given)}" if self.given else "")

    @property
    def plain(self) -> Signature:
        """The signature of the same names without indices."""
        names, given = (tuple(each.removesuffix("_at") for each in group) for group in (self.names, self.given))
        return Signature(names, given)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names in the brackets."""
        return (*self.plain.names, *self.plain.given)


@dataclass(frozen=True)
class Signed:
    """One of several functions of a letter: the name of that, its signature, and how many slots it has."""

    base: str
    signature: Signature
    rank: int


def is_of(parameters: Iterable[str], name: str, signature: Signature, known: Knowledge) -> bool:
    """Whether what a letter is of these parameters is said of this function of it, and of no other one.

    What is said of y holds for its elements y_i too.
    """
    wanted = sorted(parameters)
    alike = {each.plain for each in known.overloaded.get(name, (signature,)) if sorted(each.arguments) == wanted}
    return alike == {signature.plain}


def signature_of(body: Formula, known: Knowledge, is_density: bool) -> Signature | None:
    """The signature of what stands in a bracket; none if anything but names stands there."""
    names = []
    for item in items_of(body):
        use = known.use(item) if isinstance(item, Name | Scripted) else None
        if use is None or use.power is not None or use.transposed:
            return None
        names.append(use.name + "'" * use.primes + "_at" * bool(use.indices))
    marks = body.marks if isinstance(body, Sequence) else ""
    bar = next((place + 1 for place, mark in enumerate(marks) if mark in "|;"), len(names))
    if not is_density:
        return Signature(tuple(names))
    return Signature(tuple(sorted(names[:bar])), tuple(sorted(names[bar:])))


def note_signatures(name: str, calls: Iterable[tuple[Formula, int]], is_bare: bool, known: Knowledge) -> None:
    """Note that a letter stands for several functions, where the brackets behind it say so.

    calls: what stands in brackets behind it, each with the place of its statement. A letter that stands without them
    too, c for c(x), is one function, but where one statement has several.
    """
    calls = tuple(calls)
    is_density = any(isinstance(body, Sequence) and "|" in body.marks for body, _ in calls)
    found = [(signature_of(body, known, is_density), place) for body, place in calls]
    every = sorted({each for each, _ in found if each is not None}, key=lambda each: (len(each.names), each))
    if len(every) < 2 or any(each is None for each, _ in found):
        return
    together = [[each for each in every if (each, place) in found] for _, place in found] if is_bare else [every]
    if is_density:
        known.densities.add(name)
    elif all(_leaves_off(one, other) for some in together for one, other in pairwise(some)):
        return
    known.overloaded[name] = tuple(every)


def _leaves_off(one: Signature, other: Signature) -> bool:
    """Whether a signature has some arguments of another one, in their order, and not all."""
    rest = iter(other.names)
    return len(one.names) < len(other.names) and all(name in rest for name in one.names)
