"""What is known of the names of a document, where elements at places are names of their own: h@3."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from indexcalc.audit.placed.instances import MARK, Instance
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import SHOWN
from indexcalc.context.names import Use, is_transposed, letter_of, script_items, split_formula
from indexcalc.notation.formula import Formula


@dataclass
class Placing(Knowledge):
    """What is known of names, and of elements at places."""

    named: dict[str, Instance] = field(default_factory=dict)
    original: Knowledge | None = None

    def use(self, formula: Formula) -> Use | None:
        """A name with its scripts read; an element at a place has the indices that are left of its items."""
        parts = split_formula(formula)
        if parts is None or MARK not in parts[0].letter:
            return super().use(formula)
        base, below, above, primes = parts
        transposed = is_transposed(above)
        power = None if transposed else above
        return Use(letter_of(base), (), tuple(script_items(below)), power, transposed, primes, base.font)

    def count(self, name: str) -> int:
        """How many indices a name has."""
        known = self.named.get(name)
        return super().count(name) if known is None else len(known.left)

    def axes(self, name: str, place: int | None = None) -> int:
        """How many axes a name has beside its indices."""
        known = self.named.get(name)
        if known is None or self.original is None:
            return super().axes(name, place)
        use = self.original.use(known.written)
        return 0 if use is None else self.original.axes(use.name, place)

    def strength(self, name: str, place: int | None = None) -> int:
        """How sure it is how many axes a name has."""
        return SHOWN if name in self.named else super().strength(name, place)


def placing(known: Knowledge, named: dict[str, Instance]) -> Placing:
    """What is known of the names of a document, and of elements at places."""
    return Placing(**{each.name: getattr(known, each.name) for each in fields(Knowledge)}, named=named, original=known)
