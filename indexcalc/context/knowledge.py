r"""What is known of the names of a document: the ledger with the questions that readers ask of it."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from indexcalc.context.functions.signatures import Signature, Signed
from indexcalc.context.ledger import DECLARED, GUESSED, SHOWN, STATED, Evidence, Ledger
from indexcalc.context.letters import Letters
from indexcalc.context.names import Use, letter_of, script_items, split_formula
from indexcalc.context.uses import read_use
from indexcalc.notation.formula import Formula, Name, Sequence

ELEMENTWISE = "elementwise"  # what the document, of no name, does with powers of matrices
RANKS = "abcdefgh"  # by which the tensors of one letter are told apart, that have 0, 1, 2, ... indices


@dataclass
class Knowledge:
    r"""The letters and the ledger of a document.

    aliases: the capital letter of which small ones with indices are the elements; the letter without an arrow. squares:
    names of which the square is a tensor of its own, \\sigma^2. implied: whether the document leaves out the signs of
    sums.
    """

    letters: Letters
    ledger: Ledger = field(default_factory=Ledger)
    aliases: dict[str, str] = field(default_factory=dict)
    squares: set[str] = field(default_factory=set)
    implied: bool = False
    writes_sums: bool = False  # the document writes the signs of its sums
    fields: bool = False
    denominator: bool = False  # derivatives have the rows of the variable: the transposed Jacobian
    bases: set[str] = field(default_factory=set)  # names of the vectors of orthonormal bases
    frame: tuple[str, ...] = ()  # the coordinates that have names of their own: x, y, z
    timed: bool = False  # the text writes \\partial_t
    moving: set[str] = field(default_factory=set)  # letters that stand with a dot: functions of the time
    metric: set[str] = field(default_factory=set)  # letters above the line and below it, in names that have both
    metrics: set[str] = field(default_factory=set)  # tensors of which the one with both indices above is the inverse
    turned: bool = False  # the gradient of a vector u is read as D_j u_i, in place of D_i u_j
    exponentials: bool = False  # the text speaks of the exponentials of matrices
    laplacian: bool = False  # \\Delta stands for the Laplacian
    space: bool = False  # the text speaks of vectors in space: they have cross products
    solid: bool = False  # a third of a trace is taken off: indices run to 3
    tensors: set[str] = field(default_factory=set)  # bold names of matrices, by what is done with them
    scalars: set[str] = field(default_factory=set)  # bold names of numbers, by what defines them
    inverted: set[str] = field(default_factory=set)  # names whose inverse stands without an index
    vectors: set[str] = field(default_factory=set)  # names of vectors in space, by what is written
    families: set[str] = field(default_factory=set)
    arguments: dict[str, dict[str, int]] = field(
        default_factory=dict
    )  # the names in the brackets behind a name, f(x, y), and where each stands there first
    overloaded: dict[str, tuple[Signature, ...]] = field(
        default_factory=dict
    )  # letters of several functions, told apart by their arguments
    densities: set[str] = field(default_factory=set)  # those of them that are densities: a bar stands in brackets
    signed: dict[str, Signed] = field(default_factory=dict)  # the names made for functions that share a letter
    totals: set[str] = field(default_factory=set)  # names that stand without an index for the sum over it
    lifted: set[str] = field(default_factory=set)  # with one index, above the line and below: two tensors
    rows: set[str] = field(default_factory=set)
    banded: set[str] = field(default_factory=set)  # bold with one index a row, plain with one an element of a vector
    columns: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)  # names of sheets: a label that they lack is dropped
    extents: dict[str, str | int] = field(default_factory=dict)  # how far the letters run that a sheet declares
    shaped: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # where the text gives shapes
    carries: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # names written without the letters that they have

    settled: dict[int, tuple[Formula, Use | None]] | None = None  # names as they were read, once all is known of them
    alike: dict[Formula, Use | None] = field(default_factory=dict)  # the same, by what is written

    # ----- Names -----

    def settle(self) -> None:
        """All is known of the letters: from now on a name is read once, wherever it is asked for."""
        self.settled, self.alike = {}, {}

    @contextmanager
    def steady(self) -> Iterator[None]:
        """A task that changes nothing of how names are read: each of them is read once."""
        self.settled, self.alike = {}, {}
        try:
            yield
        finally:
            self.settled, self.alike = None, {}

    def use(self, formula: Formula) -> Use | None:
        """A name with its scripts read; none if a formula is no name."""
        if self.settled is None:
            return self._use(formula)
        known = self.settled.get(id(formula))
        if known is None:
            try:
                found = self.alike[formula]
            except KeyError:
                found = self.alike[formula] = self._use(formula)
            known = self.settled[id(formula)] = formula, found  # kept, so that no other gets its number
        return known[1]

    def _use(self, formula: Formula) -> Use | None:
        found = read_use(formula, self.letters)
        if found is None:
            return None
        if found.labels and found.letter in self.declared and found.name not in self.declared:
            found = replace(found, labels=())
        if found.letter not in self.declared and not self.letters.kinds.get(found.name) and not found.labels:
            twin = found.letter[:1].swapcase() + found.letter[1:]
            if twin in self.declared and self.letters.counts.get(twin, 0) > (1 if found.letter[:1].isupper() else 0):
                found = replace(found, letter=twin)
        name = self.aliases.get(found.name)
        if name is not None and (found.indices or found.letter.endswith("_vec")):
            return Use(name, (), found.indices, found.power, found.transposed, found.primes, found.font)
        if not found.indices:
            return replace(found, letter=f"{found.letter}_total") if found.name in self.totals else found
        varied = self._variety(found)
        name = self.aliases.get(varied.name) if varied.letter != found.letter else None
        return replace(varied, letter=name, labels=()) if name is not None else varied

    def _variety(self, use: Use) -> Use:
        r"""A letter with one index and with two is two tensors.

        Unless \mathbf{x}_i is a row of x_{ij}, or x_i^\top is.
        """
        count = len(use.indices)
        is_delta = use.letter in ("delta", "bbdelta") and count == 2 and use.letter not in self.letters.taken
        if is_delta or self.letters.is_permutation(use.letter, count):
            return use
        if use.name in self.lifted and count == 1 and use.indices[0].mark:
            return replace(use, letter=f"{use.letter}_each")
        if use.name in self.metrics and count == 2 and all(item.above for item in use.indices):
            return replace(use, letter=f"{use.letter}_above")
        if use.name in self.families and (use.font == "bold" or count > 1):
            return replace(use, letter=f"{use.letter}_each")
        kinds = self.letters.kinds.get(use.name, ())
        if use.name in self.banded and use.font == "bold" and count + 1 in kinds:
            return replace(use, letter=f"{use.letter}_{RANKS[count + 1]}")
        if len(kinds) > 1 and count in kinds and count > min(kinds) and use.name not in self.rows:
            return replace(use, letter=f"{use.letter}_{RANKS[count]}")
        return use

    def count(self, name: str) -> int:
        """How many indices a name is seen with: at most, if fewer leave axes open, else at least."""
        kinds = self.letters.kinds.get(name)
        if kinds and name not in self.rows:
            return min(kinds)
        return self.letters.counts.get(name, 0)

    def axes(self, name: str, place: int | None = None) -> int:
        """How many axes a name has beside the indices that are written at it."""
        found = self.ledger.ask(name, "axes", place)
        return int(str(found.value)) if found else 0

    def strength(self, name: str, place: int | None = None) -> int:
        """How sure it is how many axes a name has."""
        if self.count(name):
            return SHOWN
        found = self.ledger.ask(name, "axes", place)
        return found.strength if found else 0

    def believe(self, name: str, axes: int, strength: int, place: int, why: str, inferred: bool = False) -> None:
        """Take in that a name has a number of axes beside its indices."""
        self.ledger.tell(Evidence(name, "axes", axes, strength, place, why, inferred=inferred))

    def flat(self, name: str, shape: tuple[str, ...], place: int, why: str) -> tuple[str, ...]:
        r"""The sizes of a name without those that are 1, which tell how a vector stands: n \times 1."""
        if len(shape) != 2 or "1" not in shape:
            return shape
        for size, trait in zip(shape, ("row", "column"), strict=True):
            if size == "1" and shape != ("1", "1"):
                self.ledger.tell(Evidence(name, trait, True, STATED, place, why))
        return tuple(size for size in shape if size != "1")

    def tell_shape(self, name: str, shape: tuple[str, ...], place: int, why: str) -> None:
        """Take in the sizes of a name that the text gives."""
        self.ledger.tell(Evidence(name, "shape", shape, STATED, place, why))
        self.shaped[name].append(place)

    def rank(self, name: str, place: int | None = None) -> int:
        """How many slots a name has in all."""
        return self.count(name) + self.axes(name, place)

    def epoch(self, name: str, place: int) -> int:
        r"""How often the text has given a name another shape up to a place: X \in \mathbb{R}^{m \times n}, anew."""
        told = self.ledger.entries.get((name, "shape"), ())
        if len(told) < 2:
            return 0
        shapes = [each.value for each in sorted(told, key=lambda each: each.place) if each.place <= place]
        return sum(first != second for first, second in itertools.pairwise(shapes))

    # ----- Functions, sizes, words -----

    def is_function(self, name: str, place: int | None = None) -> bool:
        """Whether a name before a bracket is a function."""
        found = self.ledger.ask(name, "kind", place)
        if found is not None and found.strength == GUESSED and self.axes(name) == 2:
            return False  # W (x - y), where W is a matrix
        return found is not None and found.value == "function"

    def standard(self, name: str, place: int | None = None) -> str:
        """The function of the table that a letter stands for, such as the logistic one for sigma; empty for none."""
        found = self.ledger.ask(name, "standard", place)
        return str(found.value) if found else ""

    def is_size(self, name: str) -> bool:
        """Whether a name is that of a size."""
        return name in self.letters.sizes

    def has(self, name: str, trait: str, place: int | None = None) -> bool:
        """Whether a name has a trait at all."""
        return self.ledger.ask(name, trait, place) is not None


def call_of(formulas: tuple[tuple[str, Formula], ...]) -> tuple[Formula, Formula] | None:
    """The name and the bracket of a product that is a name before a bracket, and nothing else."""
    if len(formulas) == 2 and formulas[1][0] == "juxtaposed":
        return formulas[0][1], formulas[1][1]
    return None


def argument_names(bracket: Formula) -> list[str] | None:
    r"""The names in a bracket, if nothing else stands in it: f(x, y; \\theta)."""
    items = bracket.items if isinstance(bracket, Sequence) else (bracket,)
    found = []
    for item in items:
        parts = split_formula(item)
        if parts is None or parts[3]:
            return None
        found.append("_".join([letter_of(parts[0]), *(each.text for each in script_items(parts[1]))]))
    return found


def names_in(formulas: Iterable[Formula]) -> set[str]:
    """The letters of all names in formulas."""
    from indexcalc.notation.formula import walk

    return {letter_of(each) for formula in formulas for each in walk(formula) if isinstance(each, Name)}


__all__ = ["DECLARED", "GUESSED", "SHOWN", "STATED", "Knowledge", "argument_names", "call_of", "names_in"]
