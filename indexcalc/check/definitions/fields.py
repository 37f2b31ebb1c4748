r"""Tensors that depend on a variable in a way that a document does not say: u in \frac{\partial u_i}{\partial x_j}.

Where x stands nowhere but under the line of derivatives, what is differentiated by it is a function of it. What matters
are its derivatives up to some order, and any numbers can be these: so u is any polynomial of that order in x,

    u[i] = u_0[i] + du_dx[i,j]*x[j] + ...
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations_with_replacement

from indexcalc.check.definitions.facts import facts
from indexcalc.check.definitions.marks import LETTERS, marked
from indexcalc.check.definitions.taken import Taken, says
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.scan import EQUALITY
from indexcalc.check.formulas.trees import bare, names_in, nodes, rank_of, renamed
from indexcalc.check.matrices.ranks import ranks_of
from indexcalc.errors import IndexcalcError
from indexcalc.notation.latex.names import Words
from indexcalc.notation.lowering.statements import Statement
from indexcalc.notation.reader import expression_tree, extend, read_statements, with_ranks, words_of
from indexcalc.notation.syntax.places import Syntax, kind, subtrees
from indexcalc.sheet import Sheet

NUMBER = 10_000  # that of the first formula that says what a field is
MOST_ORDER = 3


@dataclass
class Uses:
    """How a document uses its names: by what they are differentiated, their indices, and what stands elsewhere."""

    by: dict[str, dict[str, None]] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)
    order: int = 1

    def visit(self, tree: Syntax, depth: int = 0) -> None:
        """Take in a tree that stands in so many derivatives."""
        children = subtrees(tree)
        if kind(tree) in ("tensor", "name"):
            self.elsewhere.add(str(tree.children[0]))
            self.ranks.setdefault(str(tree.children[0]), rank_of(tree))
        elif kind(tree) == "diff":
            numerator, *variables = children
            self.order = max(self.order, depth + len(variables))
            names = [str(variable.children[0]) for variable in variables if kind(variable) in ("tensor", "name")]
            self.ranks |= {name: rank_of(each) for name, each in zip(names, variables, strict=False)}
            if bare(numerator):
                self.by.setdefault(bare(numerator), {}).update(dict.fromkeys(names))
                self.ranks.setdefault(bare(numerator), rank_of(numerator))
                return None
            return self.visit(numerator, depth + len(variables))
        for child in children:
            self.visit(child, depth)
        return None


def with_fields(sheet: Sheet, chains: Sequence[Chain], stated: Mapping[str, int]) -> tuple[Sheet, tuple[str, ...]]:
    """The sheet that says of each field what it depends on, and the names of the fields.

    stated: the numbers of indices that the prose tells.
    """
    uses, defined = Uses(), set(sheet.slots)
    for chain in chains:
        trees = [tree for side in chain.sides for tree in _trees(side.text, sheet)]
        for tree in trees:
            uses.visit(tree)
        name = says(chain, sheet) if chain.relations[0].sort == EQUALITY else ""
        if name:
            defined.add(name)
            uses.order += any(kind(node) == "diff" for tree in trees for node in nodes(tree))
    found = _fields(uses, defined)
    if not found or uses.order > MOST_ORDER:
        return sheet, ()
    words = words_of(with_ranks(sheet, ranks_of(chains, words_of(sheet), stated)))
    if _are_matrices(uses, words, sheet):
        return sheet, ()
    bound = (names_in(each[0].statement.tree) for each in _facts(chains, sheet) if each[0].statement)
    if not set(found).isdisjoint(name for names in bound for name in names):
        return sheet, ()
    try:
        return extend(sheet, _statements(uses, found)), tuple(found)
    except IndexcalcError:
        return sheet, ()


def _are_matrices(uses: Uses, words: Words, sheet: Sheet) -> bool:
    """Whether something is named without its indices, or a capital without those of its small letter."""
    bare_names = (name for name, rank in uses.ranks.items() if not rank)
    cases = ((name, name[:1].swapcase() + name[1:]) for name in bare_names)
    return any(words.rank(name) or uses.ranks.get(other) or sheet.slots.get(other) for name, other in cases)


def _trees(text: str, sheet: Sheet) -> Iterator[Syntax]:
    try:
        yield expression_tree(text, sheet, "latex")
    except IndexcalcError:
        return


def _facts(chains: Sequence[Chain], sheet: Sheet) -> Iterator[list[Taken]]:
    for chain in chains:
        yield from facts(chain, (), sheet, told=True)


def _fields(uses: Uses, known: set[str]) -> dict[str, list[str]]:
    """The fields with their variables: what is differentiated by these only; none if something else is, and is used."""
    others = {*uses.elsewhere, *uses.by, *known}
    variables = {name for by in uses.by.values() for name in by if name not in others}
    inner = {name: [each for each in by if each in variables] for name, by in uses.by.items() if name not in known}
    found = {name: by for name, by in inner.items() if by and len(by) == len(uses.by[name])}
    moving = {*variables, *found}
    mixed = {name for name in inner if name not in found and not moving.isdisjoint(uses.by[name])}
    return {} if mixed & uses.elsewhere else found


def _statements(uses: Uses, found: Mapping[str, list[str]]) -> Iterator[Statement]:
    for number, (name, by) in enumerate(found.items(), NUMBER):
        own = partial(marked, number=number)
        for statement in read_statements(_definition(name, by, uses)):
            yield replace(statement, tree=renamed(statement.tree, own))


def _definition(name: str, by: Sequence[str], uses: Uses) -> str:
    """The text that defines a field."""
    own = list(LETTERS[: uses.ranks[name]])
    terms = [_tensor(f"{name}_0", own)]
    for order in range(1, uses.order + 1):
        for variables in combinations_with_replacement(by, order):
            rest = iter(LETTERS[len(own) :])
            letters = [[next(rest) for _ in range(uses.ranks[variable])] for variable in variables]
            slope = f"d{name}_" + "_".join(f"d{variable}" for variable in variables)
            factors = [_tensor(slope, own + [each for group in letters for each in group])]
            factors += [_tensor(variable, group) for variable, group in zip(variables, letters, strict=True)]
            terms.append("*".join(factors))
    return f"{_tensor(name, own)} = {' + '.join(terms)}"


def _tensor(name: str, letters: Sequence[str]) -> str:
    return f"{name}[{','.join(letters)}]" if letters else name
