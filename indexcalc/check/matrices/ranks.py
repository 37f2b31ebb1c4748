r"""How many indices names have that are never written with any: X^\top (X w - y) speaks of a matrix and two vectors.

Bold letters and what is transposed are no numbers: a capital is a matrix, a small letter a column, as everywhere. The
other names of such a formula are what makes its shapes fit: of all assignments the one that departs least from
these habits. Where a document states \mathbf{x} \in \mathbb{R}^n, that holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

from lark import Tree

from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.scan import EQUALITY
from indexcalc.check.matrices.names import NAMES, NORM, OF_MATRICES, is_transposition, rows_of
from indexcalc.check.matrices.rewritten import without_matrices, written_side
from indexcalc.check.matrices.signs import rewritten
from indexcalc.check.matrices.values import Value
from indexcalc.check.matrices.vectors import Vectors
from indexcalc.check.matrices.written import subtrees
from indexcalc.errors import IndexcalcError
from indexcalc.notation.latex.names import GREEK, Words
from indexcalc.notation.latex.words import base_name
from indexcalc.notation.syntax.places import Syntax, kind

BOLD = frozenset(("mathbf", "boldsymbol", "bm", "vec", "mathbfit"))
MOST_ASSIGNMENTS = 300  # tried for one chain

# How many indices a name may have, each with what it costs to depart from the habit.
Habits = dict[int, int]
CAPITAL, SMALL = {2: 0, 1: 4}, {1: 0, 2: 3}  # bold or transposed
PLAIN_CAPITAL, PLAIN_SMALL = {2: 0, 0: 1, 1: 4}, {0: 0, 1: 1}  # other single letters beside them
NUMBER = {0: 0}


@dataclass(eq=False)
class Formula:
    """The sides of a chain that are written without indices: their trees, and what the names in them are like."""

    trees: list[tuple[Placed, Syntax]]
    names: dict[str, Habits] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)  # bold or transposed, or inside a norm
    indexed: set[str] = field(default_factory=set)


def ranks_of(chains: Iterable[Chain], words: Words, stated: Mapping[str, int]) -> dict[str, int]:
    """The numbers of indices of the names that no chain writes with indices, as far as matrix notation tells them."""
    formulas = [formula for chain in chains if (formula := _formula(chain))]
    written = {name for formula in formulas for name in formula.indexed}
    small = {*written, *(name for name, rank in words.ranks.items() if rank)}
    known = {*written, *words.ranks, *words.sizes, *map(rows_of, small)}
    found = {name: rank for name, rank in stated.items() if name not in known}
    for formula in sorted(formulas, key=lambda formula: not formula.marked):
        unknown = {name: habits for name, habits in formula.names.items() if name not in known and name not in found}
        if unknown and (formula.marked or any(found.get(name) for name in formula.names)):
            found |= _assigned(formula, unknown, words, found)
    return found


# ----- Names ---------------------------------------------------------------------------------------------------------


def _formula(chain: Chain) -> Formula | None:
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
        _visit(tree, formula, bold=False, turned=False)
    return formula if trees else None


def _visit(tree: Syntax, formula: Formula, bold: bool, turned: bool) -> None:
    """Take in the names of a tree."""
    if kind(tree) == "scripted":
        base, *scripts = subtrees(tree)
        below = [script for script in scripts if kind(script) == "below"]
        turned = any(kind(script) == "above" and is_transposition(script) for script in scripts)
        if below and kind(base) in NAMES and (name := base_name(base)):
            formula.indexed.add(name)
            return None
        return _visit(base, formula, bold, turned and kind(base) in NAMES)
    if kind(tree) in NAMES:
        fonts = str(tree.children[0]).removeprefix("\\") if kind(tree) != "name" else ""
        inner = subtrees(tree)
        if inner and kind(inner[-1]) in ("product", "sum", "scripted"):
            return _visit(inner[-1], formula, bold or fonts in BOLD, False)
        return _name(tree, formula, bold or fonts in BOLD or _is_bold(tree), turned)
    for part in subtrees(tree):
        _visit(part, formula, bold, False)
    return None


def _is_bold(tree: Syntax) -> bool:
    r"""Whether a font or an accent somewhere in a name says that it is no number: \hat{\mathbf{y}}."""
    nodes = [tree, *(part for part in subtrees(tree) if kind(part) in ("font", "accent"))]
    return any(str(node.children[0]).removeprefix("\\") in BOLD for node in nodes if kind(node) != "name")


def _name(tree: Syntax, formula: Formula, bold: bool, turned: bool) -> None:
    name = base_name(tree)
    if not name or name in OF_MATRICES or name == NORM or kind(tree) == "number":
        return
    letter = name.partition("_")[0]
    capital = letter[:1].isupper()
    habits: Habits
    if bold or turned:
        formula.marked.add(name)
        habits = CAPITAL if capital else SMALL
    elif len(letter) == 1 or letter in GREEK:
        habits = PLAIN_CAPITAL if capital else PLAIN_SMALL
    else:
        habits = NUMBER
    known = formula.names.get(name)
    formula.names[name] = habits if known is None or name in formula.marked else known


# ----- Shapes --------------------------------------------------------------------------------------------------------


class Shapes(Vectors):
    """Reads sides for their shapes only; a number that is transposed, or has a norm or a trace, is out of place."""

    def scripted(self, tree: Syntax) -> Value:
        """The value of anything with scripts."""
        scripts = [part for part in tree.children[1:] if isinstance(part, Tree) and kind(part) == "above"]
        base = subtrees(tree)[0]
        if any(map(is_transposition, scripts)) and self.value(base).is_number:
            raise self.error("a number is transposed", "", tree)
        return super().scripted(tree)

    def called(self, name: str, head: Syntax, inner: Syntax) -> Value | None:
        """What a function of vectors gives."""
        if (name in OF_MATRICES or name == NORM) and self.value(inner).is_number:
            raise self.error("a number has no norm and no trace", "", inner)
        return super().called(name, head, inner)


def _assigned(
    formula: Formula, unknown: Mapping[str, Habits], words: Words, found: Mapping[str, int]
) -> dict[str, int]:
    """The assignment that departs least from the habits and makes the shapes fit; else only what the marks say."""
    for ranks in _assignments(unknown):
        if _fits(formula, replace(words, ranks={**words.ranks, **found, **ranks})):
            return ranks
    return {name: next(iter(habits)) for name, habits in unknown.items() if name in formula.marked}


def _assignments(unknown: Mapping[str, Habits]) -> Iterator[dict[str, int]]:
    """The assignments, those that depart least from the habits first."""
    names, options = list(unknown), [list(habits.items()) for habits in unknown.values()]
    start = (0,) * len(names)
    pending, seen = [(0, start)], {start}
    for _ in range(MOST_ASSIGNMENTS):
        if not pending:
            return
        _, places = heappop(pending)
        chosen = [each[place] for each, place in zip(options, places, strict=True)]
        yield {name: rank for name, (rank, _) in zip(names, chosen, strict=True)}
        for position, place in enumerate(places):
            further = (*places[:position], place + 1, *places[position + 1 :])
            if place + 1 < len(options[position]) and further not in seen:
                seen.add(further)
                cost = sum(each[place][1] for each, place in zip(options, further, strict=True))
                heappush(pending, (cost, further))


def _fits(formula: Formula, words: Words) -> bool:
    """Whether all sides have a shape, and the same one; a zero has any."""
    shapes = set()
    for content, tree in formula.trees:
        try:
            value = Shapes(content.text, words).value(tree)
        except IndexcalcError:
            return False
        if not (value.is_number and content.text.strip() in ZEROS):
            shapes.add((value.shape, value.tensor))
    return len(shapes) <= 1


ZEROS = ("0", r"\mathbf{0}", r"\boldsymbol{0}", r"\vec{0}")
