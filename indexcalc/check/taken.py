r"""What a document says without a fence: definitions and facts that stand in its formulas.

    a_{ij} = \frac{...}{...}                        the left side is a tensor without a definition: a definition
    \frac{\partial a_{pq}}{\partial z_{rs}} = \frac{\partial}{\partial z_{rs}} (...)        so is what is differentiated
    \sum_q y_{rq} = 1,  A_{ij} = A_{ji}             standing alone, and about tensors without a definition: a fact

The letters of such a formula are its own: another formula may use them for other ranges.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from lark import Token, Tree

from indexcalc.check.chains import Chain
from indexcalc.check.places import Placed
from indexcalc.check.scan import DEFINITION, EQUALITY, is_empty
from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.names import RESERVED
from indexcalc.notation.places import Syntax
from indexcalc.notation.reader import dialect_of, extend, parse
from indexcalc.notation.statements import Statement
from indexcalc.notation.summation import index_letters, indices_of
from indexcalc.notation.survey import kind
from indexcalc.sheet import Sheet


@dataclass(frozen=True)
class Taken:
    """A statement that was taken from a formula: a definition (`defines` is its name) or a fact."""

    statement: Statement
    content: Placed
    chain: Chain
    defines: str = ""

    @property
    def word(self) -> str:
        """What it is."""
        return "definition" if self.defines else "fact"


def definition(chain: Chain, known: Collection[str], sheet: Sheet) -> Taken | None:
    """The definition that a chain begins with, of a tensor that is not known yet."""
    if chain.relations[0].sort not in (EQUALITY, DEFINITION):
        return None
    equation = Equation.read(chain, sheet)
    if equation is None:
        return None
    left, right = equation.left, equation.right
    if kind(left) == kind(right) == "diff" and left.children[1:] == right.children[1:]:
        left, right = _numerator(left), _numerator(right)
    if kind(left) == "call":
        left = Tree("name", [left.children[0]], left.meta)
    name = bare(left)
    if not name or name in known or name in RESERVED or name in names_in(right):
        return None
    return equation.taken("definition", [left, right], chain, name)


def fact(chain: Chain, defined: Collection[str], sheet: Sheet) -> Taken | None:
    """The fact that a chain states, if it is a single equation between tensors that have no definition."""
    if len(chain.relations) != 1 or chain.relations[0].sort != EQUALITY:
        return None
    equation = Equation.read(chain, sheet)
    if equation is None or not set(names_in(equation.left)).isdisjoint(defined):
        return None
    if not any(rule(equation.left, equation.right) for rule in FACTS):
        return None
    sign = Token("EQUAL", "=")
    return equation.taken("assume", [equation.left, sign, equation.right], chain, "")


@dataclass(frozen=True)
class Equation:
    """The first two sides of a chain in one text, and their trees."""

    content: Placed
    left: Syntax
    right: Syntax
    dialect: str

    @staticmethod
    def read(chain: Chain, sheet: Sheet) -> Equation | None:
        """Read both sides; none where that is not possible."""
        first, second = chain.sides[:2]
        if is_empty(first.text) or is_empty(second.text):
            return None
        content = Placed.joined([first, second], " = ")
        dialect = dialect_of(content.text, sheet)
        end = len(first)
        try:
            left = parse(content.text, Span(0, end), "target", dialect, sheet)
            right = parse(content.text, Span(end + len(" = "), len(content)), "target", dialect, sheet)
        except IndexcalcError:
            return None
        return Equation(content, left, right, dialect)

    def taken(self, word: str, parts: list[Syntax | Token], chain: Chain, name: str) -> Taken:
        """A statement made of these parts."""
        return Taken(Statement(Tree(word, parts), self.content.text, self.dialect), self.content, chain, name)


# ----- Trees ---------------------------------------------------------------------------------------------------------


def nodes(tree: Syntax) -> Iterator[Syntax]:
    """All nodes of a tree."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        pending += [child for child in node.children if isinstance(child, Tree)]


def bare(tree: Syntax) -> str:
    """The name of a tensor at different letters, or of a scalar; empty for anything else."""
    if kind(tree) == "tensor":
        listed = indices_of(tree)
        letters = index_letters(listed)
        if len(set(letters)) < len(listed.children):
            return ""
    elif kind(tree) != "name":
        return ""
    name = str(tree.children[0])
    return "" if name == "delta" or (name == "eps" and kind(tree) == "tensor") else name


def names_in(tree: Syntax) -> dict[str, None]:
    """The names of the tensors and scalars in a tree."""
    return {str(node.children[0]): None for node in nodes(tree) if kind(node) in ("name", "tensor", "call")}


def _numerator(tree: Syntax) -> Syntax:
    child = tree.children[0]
    assert isinstance(child, Tree)
    return child


def renamed(tree: Syntax, change: Callable[[str], str]) -> Syntax:
    """The tree with its index letters changed."""
    letters = {
        letter
        for node in nodes(tree)
        if kind(node) in ("indices", "bounded")
        for letter in index_letters(node)
    }

    def walk(node: Syntax, condition: bool) -> Syntax:
        condition = condition or kind(node) == "condition"
        is_letter = kind(node) == "indices" or (condition and kind(node) == "name")
        children: list[Syntax | Token] = []
        for place, child in enumerate(node.children):
            if isinstance(child, Tree):
                children.append(walk(child, condition))
            elif (is_letter or (kind(node) == "bounded" and place == 0)) and str(child) in letters:
                children.append(child.update(value=change(str(child))))
            else:
                children.append(child)
        return Tree(node.data, children, node.meta)

    return walk(tree, False)


# ----- The forms of facts --------------------------------------------------------------------------------------------


def _is_normalised(left: Syntax, right: Syntax) -> bool:
    """Whether the equation has the form sum[q](y[p,q]) = 1."""
    if kind(left) != "reduce" or str(left.children[0]) != "sum" or kind(right) != "number":
        return False
    body = left.children[2]
    return isinstance(body, Tree) and kind(body) == "tensor"


def _is_orthonormal(left: Syntax, right: Syntax) -> bool:
    """Whether the equation has the form Q[k,i]*Q[k,j] = delta[i,j]."""
    factors = [child for child in left.children if isinstance(child, Tree)]
    is_delta = kind(right) == "tensor" and str(right.children[0]) == "delta"
    return kind(left) == "product" and is_delta and [kind(factor) for factor in factors] == ["tensor"] * 2


def _is_symmetric(left: Syntax, right: Syntax) -> bool:
    """Whether the equation has the form A[i,j] = A[j,i] or -A[j,i]."""
    if kind(right) == "negative":
        right = next(child for child in right.children if isinstance(child, Tree))
    if kind(left) != "tensor" or kind(right) != "tensor" or left.children[0] != right.children[0]:
        return False
    first, second = (index_letters(indices_of(side)) for side in (left, right))
    return first != second and sorted(first) == sorted(second) and len(set(first)) == len(first)


FACTS = (_is_normalised, _is_orthonormal, _is_symmetric)

# ----- Taking --------------------------------------------------------------------------------------------------------


def take(sheet: Sheet, found: Iterable[Taken]) -> tuple[Sheet, list[Taken]]:
    """The sheet with what was found, as far as it can be; and what that is."""
    kept = list(enumerate(found, 1))
    while kept:
        try:
            statements = [_own_letters(each, sheet, number) for number, each in kept]
            return extend(sheet, statements), [each for _, each in kept]
        except IndexcalcError as error:
            guilty = [item for item in kept if item[1].content.text == error.text] or kept[-1:]
            kept.remove(guilty[-1])
    return sheet, []


def _own_letters(taken: Taken, sheet: Sheet, number: int) -> Statement:
    """The statement with letters of its own, but for those that the sheet knows."""
    statement = taken.statement

    def own(letter: str) -> str:
        return letter if letter in sheet.letters or letter.isdigit() else f"{letter}_{number}"

    return Statement(renamed(statement.tree, own), statement.text, statement.dialect)
