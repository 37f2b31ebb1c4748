"""Choices of shapes that a document leaves open: how many axes a name has, whether a vector is a row or a column.

What the text says in words, or by the space that a name is in, is no choice; nor what it is transposed for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from indexcalc.audit.proving.proof import CONFIRMED, Verdict
from indexcalc.context.knowledge import ELEMENTWISE, Knowledge
from indexcalc.context.ledger import STATED, Evidence
from indexcalc.notation.lexicon import GREEK

MATRIX = 2
SHAPES = ("number", "vector", "matrix")
CHOSEN = "chosen"  # the trait of names whose shape is chosen: in which words
STANDS = ("row", "column")
FITTED = "fitted"  # the trait of names whose shape is chosen so that few formulas fit: nothing is refuted by it


@dataclass(frozen=True, slots=True)
class Choice:
    """That a name has a trait (axes, row, column) of a value.

    stands: how the vector stands that a name is chosen to be; empty where that is left open. sure: many formulas ask
    for it.
    """

    name: str
    trait: str
    value: int | bool
    stands: str = ""
    sure: bool = False

    @property
    def words(self) -> str:
        """What the name is taken for."""
        if self == POWERS:
            return "powers of matrices are taken element by element"
        if self.trait != "axes":
            return f"{self.name} is taken for a {self.trait}"
        return f"{self.name} is taken for a {SHAPES[self.value]}"

    def tell(self, known: Knowledge) -> None:
        """Tell the ledger what is chosen, and that it is chosen."""
        why = "the formulas of the text fit together so, and otherwise not"
        known.ledger.tell(Evidence(self.name, self.trait, self.value, STATED, 0, why))
        if self.stands:
            known.ledger.tell(Evidence(self.name, self.stands, True, STATED, 0, why))
        known.ledger.tell(Evidence(self.name, CHOSEN, self.words, STATED, 0, why))
        if not self.sure:
            known.ledger.tell(Evidence(self.name, FITTED, True, STATED, 0, why))


def options(name: str, known: Knowledge) -> Iterator[Choice]:
    """What may be chosen for a name, in the place of what is believed of it."""
    found = known.ledger.ask(name, "axes")
    count, axes = known.count(name), known.axes(name)
    if known.is_size(name) or name in known.declared or known.has(name, FITTED):
        return
    if count + axes == 1 and not known.has(name, "row") and not known.has(name, "column"):
        for stands in STANDS:
            yield Choice(name, stands, True)
    if found is not None and found.strength >= STATED:
        return
    inferred = found is None or found.inferred
    for value in range(MATRIX + 1):
        is_usual = value <= axes or count + value < MATRIX or not name[:1].islower() or name.partition("_")[0] in GREEK
        if value != axes and count + value <= MATRIX and (value > 0 or inferred) and is_usual:
            yield Choice(name, "axes", value)
            for stands in STANDS if count + value == 1 else ():
                yield Choice(name, "axes", value, stands)


# Of the document as a whole: A^2 is the matrix of the squares of the elements of A.
POWERS = Choice("", ELEMENTWISE, True)


def resting(verdict: Verdict, names: Iterable[str], raised: bool, known: Knowledge) -> Verdict:
    """A confirmed verdict that says on which choices it rests. raised: powers stand in the step."""
    told = [*sorted(names), *([""] if raised else [])]
    words = [str(found.value) for name in told if (found := known.ledger.ask(name, CHOSEN)) is not None]
    if verdict.word not in CONFIRMED or not words:
        return verdict
    return replace(verdict, reason=f"{verdict.reason}; {', '.join(words)}: the formulas of the text fit only so")
