"""The ledger: what is known of a name, from where, and with what strength.

Evidence is gathered before anything is judged; no verdict plays a part in it. `ask` gives the strongest value that
holds
at a place, with its rivals: values that other evidence of the same strength gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

# How sure a piece of evidence is. A verdict may rest on what is SHOWN or more; what is GUESSED has a rival.
DECLARED, STATED, SHOWN, GUESSED = 4, 3, 2, 1
STRENGTHS = {DECLARED: "declared", STATED: "said", SHOWN: "shown by its use", GUESSED: "guessed"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """That a name has a trait (axes, function, factor, label, convention, ...) of a value.

    place: from where on it holds (a position in the file). end: up to where. why: a sentence for the reader.
    inferred: it follows from what is believed of other names.
    """

    name: str
    trait: str
    value: object
    strength: int
    place: int
    why: str
    end: int = 1 << 60
    inferred: bool = False


@dataclass
class Ledger:
    """All the evidence of a document."""

    entries: dict[tuple[str, str], list[Evidence]] = field(default_factory=lambda: defaultdict(list))

    def tell(self, evidence: Evidence) -> None:
        """Take in a piece of evidence; the same twice counts once."""
        known = self.entries[evidence.name, evidence.trait]
        if not any(
            each.value == evidence.value and each.strength >= evidence.strength and each.end == evidence.end
            for each in known
        ):
            known.append(evidence)

    def ask(self, name: str, trait: str, place: int | None = None) -> Evidence | None:
        """The strongest evidence that holds at a place (anywhere, if none is given).

        Of equals the nearest before it.
        """
        found = self._holding(name, trait, place)
        return found[0] if found else None

    def rivals(self, name: str, trait: str, place: int | None = None) -> list[Evidence]:
        """Evidence for other values than the one that `ask` gives, as strong as it."""
        found = self._holding(name, trait, place)
        return [each for each in found[1:] if each.value != found[0].value and each.strength == found[0].strength]

    def _holding(self, name: str, trait: str, place: int | None) -> list[Evidence]:
        known = self.entries.get((name, trait), ())
        if place is not None:
            known = [each for each in known if place < each.end]
            before = [each for each in known if each.place <= place]
            known = before or known
        return sorted(known, key=lambda each: (-each.strength, -each.place if place is not None else each.place))

    def about(self, name: str) -> list[Evidence]:
        """All that is known of a name, in the order of the document."""
        found = [each for (known, _), all in self.entries.items() if known == name for each in all]
        return sorted(found, key=lambda each: (each.place, each.trait))

    def names(self) -> Iterable[str]:
        """The names of which something is known."""
        return sorted({name for name, _ in self.entries})
