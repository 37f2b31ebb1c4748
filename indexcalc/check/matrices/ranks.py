r"""How many indices names have that are never written with any: X^\top (X w - y) speaks of a matrix and two vectors.

Bold letters and what is transposed are no numbers: a capital is a matrix, a small letter a column, as everywhere. The
other names of such a formula are what makes its shapes fit: of all assignments the one that departs least from
these habits. Where a document states \mathbf{x} \in \mathbb{R}^n, that holds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from math import inf

from lark import Token, Tree

from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.scan import EQUALITY
from indexcalc.check.matrices.names import NORM, OF_MATRICES, UNIT
from indexcalc.check.matrices.rewritten import without_matrices, written_side
from indexcalc.check.matrices.signs import rewritten
from indexcalc.check.matrices.values import Value
from indexcalc.check.matrices.vectors import Vectors
from indexcalc.check.matrices.written import bracketed, is_bold, is_transposition, items, rows_of
from indexcalc.errors import IndexcalcError
from indexcalc.notation.latex.names import GREEK, NO_WORDS, Words
from indexcalc.notation.latex.words import base_name, index_words, is_permutation
from indexcalc.notation.syntax.places import NAMES, Syntax, kind, subtrees

EULER = "e"
MOST_ASSIGNMENTS = 300  # tried for one chain

# How many indices a name may have, each with what it costs to depart from the habit.
Habits = dict[int, int]
CAPITAL, SMALL = {2: 0, 1: 4}, {1: 0, 2: 3}  # bold or transposed
PLAIN_CAPITAL, PLAIN_SMALL = {2: 0, 0: 1, 1: 4}, {0: 0, 1: 1}  # other single letters beside them
LOSS, NUMBER = {0: 0, 1: 2, 2: 4}, {0: 0}
ODD = 3  # what it costs to transpose a number


def ranks_of(chains: Iterable[Chain], words: Words, stated: Mapping[str, int]) -> dict[str, int]:
    """The numbers of indices of the names in matrix notation; `stated` are those that the prose tells."""
    formulas = [formula for chain in chains if (formula := read_formula(chain))]
    written: dict[str, int] = {}
    for name, count in (pair for formula in formulas for pair in formula.elements.items()):
        written[name] = max(count, written.get(name, 0))
    small = {*written, *(name for name, rank in words.ranks.items() if rank)}
    capitals = {rows_of(name) for name in small if name[:1].islower()} - {*written}
    sizes = {size for formula in formulas for size in formula.sizes}
    known = {*words.ranks, *words.sizes, *sizes, *capitals, UNIT}
    found = {name: rank for name, rank in stated.items() if name not in known}
    found |= {EULER: 0} if any(formula.defines_e for formula in formulas) else {}
    for formula in sorted(formulas, key=lambda formula: not formula.is_matrix):
        unknown = {
            name: habits
            for name, habits in formula.habits(written).items()
            if name not in known and name not in found
        }
        if unknown and (formula.is_matrix or any(found.get(name) for name in formula.names)):
            found |= _assigned(formula, unknown, words, found)
    return found


def spare_letters(chains: Iterable[Chain], known: Collection[str]) -> tuple[str, ...]:
    """Letters that stand nowhere in the chains, and are not known, for the sums of matrix notation."""
    taken = {*known, *(character for chain in chains for side in chain.sides for character in side.text)}
    return tuple(letter for letter in "ijklmpqrstuvnabcdgh" if letter not in taken)


# ----- Names ---------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Formula:
    r"""The sides of a chain: their trees, and what the names in them are like.

    names: those without indices. marked: names that are bold or transposed, or have a norm, a trace or a diagonal.
    elements: names with indices, and how many; members: the same for those that are marked, as in w^\top \mathbf{x}_i.
    sizes: how far sums run; losses: what is differentiated, mostly a number.
    is_matrix: whether anything in it belongs to matrix notation only.
    """

    trees: list[tuple[Placed, Syntax]]
    names: set[str] = field(default_factory=set)
    marked: set[str] = field(default_factory=set)
    elements: dict[str, int] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    sizes: set[str] = field(default_factory=set)
    losses: set[str] = field(default_factory=set)
    is_matrix: bool = False

    @property
    def defines_e(self) -> bool:
        """Whether it says what e is, which is Euler's number else."""
        first = self.trees[0][1]
        return base_name(first) == EULER and not is_bold(first)

    def habits(self, written: Mapping[str, int]) -> dict[str, Habits]:
        """How many indices each name may have; `written`: how many some are seen with in the document."""
        found: dict[str, Habits] = {}
        for name in self.names | {*self.elements, *self.members}:
            count, member = max(written.get(name, 0), self.elements.get(name, 0)), self.members.get(name, 0)
            if member and count <= member:
                found[name] = {member + 1: 0, member: 3}
            elif count and (member or name in self.names or name[:1].isupper()):
                found[name] = {count: 0}
            elif count:
                found[name] = {count: 0, count + 1: 2}
            elif name in self.losses - self.marked:
                found[name] = LOSS
            else:
                found[name] = _habits(name.partition("_")[0], name in self.marked)
        return dict(sorted(found.items()))

    def visit(self, tree: Syntax, marked: bool = False) -> None:
        """Take in the names of a tree."""
        match kind(tree):
            case "scripted":
                self._scripted(tree, marked)
            case "name" | "accent" | "font":
                self._named(tree, marked)
            case "big":
                *scripts, body = subtrees(tree)
                above = [script for script in scripts if kind(script) == "above"]
                self.sizes |= {name for script in above for item in items(script) if (name := base_name(item))}
                self.visit(body)
            case _:
                self.losses |= _differentiated(tree)
                children = subtrees(tree)
                signs = [child for child in tree.children if isinstance(child, Token)]
                self.is_matrix |= any(sign.type.endswith("HADAMARD") for sign in signs)
                for place, child in enumerate(children):
                    before, after = children[place - 1 : place], children[place + 1 : place + 2]
                    if not (after and _is_function(child, after[0])):
                        self.visit(child, marked=bool(before) and self._is_of_matrices(before[0], child))

    def _is_of_matrices(self, head: Syntax, bracket: Syntax) -> bool:
        """Whether a trace, a norm or a diagonal of what stands in a bracket is taken."""
        inside, _ = bracketed(bracket)
        of_matrices = kind(head) in NAMES and base_name(head) in {*OF_MATRICES, NORM} and inside is not None
        self.is_matrix |= of_matrices
        return of_matrices

    def _scripted(self, tree: Syntax, marked: bool) -> None:
        base, *scripts = subtrees(tree)
        turned = any(kind(script) == "above" and is_transposition(script) for script in scripts)
        self.is_matrix |= turned
        name = base_name(base) if kind(base) in NAMES else None
        below = next((index_words(items(script)) for script in scripts if kind(script) == "below"), [])
        if name and below:
            count = sum(map(len, below))
            is_member = (turned or marked or is_bold(base)) and not name[:1].isupper()
            family = self.members if is_member else self.elements
            if name != "delta" and not is_permutation(name, NO_WORDS, count):
                family[name] = max(count, family.get(name, 0))
        elif below is not None:
            self.visit(base, marked or (turned and name is not None))

    def _named(self, tree: Syntax, marked: bool) -> None:
        inner = subtrees(tree)[-1] if kind(tree) != "name" else None
        marked = marked or is_bold(tree)
        if inner is not None and kind(inner) in ("product", "sum", "scripted", "negative"):
            for part in subtrees(inner):
                self.visit(part, marked)
            return
        name = base_name(tree)
        if name and name not in OF_MATRICES and name != NORM and (marked or name != EULER):
            self.is_matrix |= marked
            self.marked |= {name} if marked else set()
            self.names.add(name)


def read_formula(chain: Chain) -> Formula | None:
    """The sides of the equalities of a chain; none if there are none that can be parsed."""
    trees = []
    for place, side in enumerate(chain.sides):
        relations = chain.relations[max(0, place - 1) : place + 1]
        if all(relation.sort != EQUALITY for relation in relations):
            continue
        try:
            content, _ = without_matrices(rewritten(side))
            trees.append((content, written_side(content.text)))
        except IndexcalcError:
            continue
    formula = Formula(trees)
    for _, tree in trees:
        formula.visit(tree)
    return formula if trees else None


def _differentiated(tree: Syntax) -> set[str]:
    r"""The name in the numerator of \frac{\partial L}{\partial w}, or of \partial L / \partial w."""
    above = subtrees(tree)[0] if kind(tree) == "fraction" else tree
    parts = list(above.children) if kind(above) == "product" else []
    ends = len(parts) == 2 if above is not tree else len(parts) > 3 and str(parts[2]) == "/"
    if not ends or not isinstance(parts[0], Tree) or kind(parts[0]) != "partial" or not isinstance(parts[1], Tree):
        return set()
    return {name} if kind(parts[1]) in NAMES and (name := base_name(parts[1])) else set()


def _is_function(head: Syntax, bracket: Syntax) -> bool:
    """Whether a name before a bracket looks like a function: small or of many letters, and not bold."""
    name = base_name(head) if kind(head) in NAMES and not is_bold(head) else None
    inside, _ = bracketed(bracket)
    if name is None or inside is None or kind(bracket) == "group":
        return False
    return not name[:1].isupper() or (len(name) > 1 and name not in GREEK)


def _habits(letter: str, marked: bool) -> Habits:
    capital = letter[:1].isupper()
    if marked:
        return CAPITAL if capital else SMALL
    if len(letter) > 1 and letter not in GREEK:
        return NUMBER
    return PLAIN_CAPITAL if capital else PLAIN_SMALL


# ----- Shapes --------------------------------------------------------------------------------------------------------


class Shapes(Vectors):
    """Reads sides for their shapes only.

    `odd` counts the numbers that are transposed, have a norm or a trace, or stand beside vectors.
    """

    odd = 0

    def scripted(self, tree: Syntax) -> Value:
        """The value of anything with scripts."""
        scripts = [part for part in tree.children[1:] if isinstance(part, Tree) and kind(part) == "above"]
        self.odd += any(map(is_transposition, scripts)) and self.value(subtrees(tree)[0]).is_number
        return super().scripted(tree)

    def alike(self, values: list[Value], trees: list[Syntax]) -> list[Value]:
        """The terms of a sum."""
        found = super().alike(values, trees)
        self.odd += found != values
        return found

    def elementwise(self, left: Value, right: Value, operation: Callable[..., Syntax], tree: Syntax) -> Value:
        """The value of an operation at each place."""
        self.odd += left.is_number and right.is_number
        return super().elementwise(left, right, operation, tree)

    def called(self, name: str, head: Syntax, inner: Syntax) -> Value | None:
        """What a function of vectors gives."""
        self.odd += (name in OF_MATRICES or name == NORM) and self.value(inner).is_number
        return super().called(name, head, inner)


def _assigned(
    formula: Formula, unknown: Mapping[str, Habits], words: Words, found: Mapping[str, int]
) -> dict[str, int]:
    """The assignment that departs least from the habits and makes the shapes fit; else only what the marks say."""
    best, least = {name: next(iter(habits)) for name, habits in unknown.items() if name in formula.marked}, inf
    for cost, ranks in _assignments(unknown):
        if cost >= least:
            break
        told = {**found, **ranks}
        odd = _fit(formula, replace(words, ranks={**words.ranks, **told}, inferred=told.keys()))
        if odd is not None and cost + ODD * odd < least:
            best, least = ranks, cost + ODD * odd
    return best


def _assignments(unknown: Mapping[str, Habits]) -> Iterator[tuple[int, dict[str, int]]]:
    """The assignments with what they cost, those that depart least from the habits first."""
    names, options = list(unknown), [list(habits.items()) for habits in unknown.values()]
    start = (0,) * len(names)
    pending, seen = [(0, start)], {start}
    for _ in range(MOST_ASSIGNMENTS):
        if not pending:
            return
        cost, places = heappop(pending)
        chosen = [each[place] for each, place in zip(options, places, strict=True)]
        yield cost, {name: rank for name, (rank, _) in zip(names, chosen, strict=True)}
        for position, place in enumerate(places):
            further = (*places[:position], place + 1, *places[position + 1 :])
            if place + 1 < len(options[position]) and further not in seen:
                seen.add(further)
                total = sum(each[place][1] for each, place in zip(options, further, strict=True))
                heappush(pending, (total, further))


def _fit(formula: Formula, words: Words) -> int | None:
    """How much is odd if all sides have one shape, of which a zero has any; none if they have not."""
    shapes, odd = set(), 0
    for content, tree in formula.trees:
        reader = Shapes(content.text, words)
        try:
            value = reader.value(tree)
        except IndexcalcError:
            return None
        odd += reader.odd + value.tensor
        if not (value.is_number and content.text.strip() in ZEROS):
            shapes.add((value.shape, value.tensor))
    return odd if len(shapes) <= 1 else None


ZEROS = ("0", r"\mathbf{0}", r"\boldsymbol{0}", r"\vec{0}")
