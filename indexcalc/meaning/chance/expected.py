"""What an expectation of a document goes over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

SIGN = "?E"  # the functions that stand for expectations in terms begin with it


@dataclass(frozen=True)
class Expected:
    """An expectation: what varies in it (None: what the document tells), and what is held.

    key: the distribution, as it is written. names: those in limits. is_integral: its weights add up to anything.
    """

    over: frozenset[str] | None
    held: frozenset[str]
    key: str
    names: frozenset[str] = frozenset()
    is_integral: bool = False

    @property
    def function(self) -> str:
        """The function of terms that stands for it."""
        return f"{SIGN}{self.key}"


@dataclass
class Chance:
    """What a document says of chance.

    expectations: by their functions. varying: the names of which it takes one. constant: those that do not vary.
    independent: pairs of names, both ways. apart: names of which the elements are independent. arguments: the names in
    the brackets behind a name, or in what is not calculated with.
    """

    expectations: dict[str, Expected] = field(default_factory=dict)
    varying: set[str] = field(default_factory=set)
    constant: set[str] = field(default_factory=set)
    independent: set[tuple[str, str]] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)
    arguments: dict[str, frozenset[str]] = field(default_factory=dict)

    def tell_independent(self, own: Iterable[str], others: Iterable[str]) -> None:
        """Note that some names are independent of others; of no others: the elements of each."""
        own, others = frozenset(own), frozenset(others)
        self.independent |= {pair for one in own for other in others - own for pair in ((one, other), (other, one))}
        if not others:
            self.apart |= own
            self.independent |= {(one, other) for one in own for other in own if one != other}
