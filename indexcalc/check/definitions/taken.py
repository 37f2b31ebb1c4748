r"""What a document says without a fence: definitions and facts that stand in its formulas.

    a_{ij} = \frac{...}{...}                        the left side is a tensor without a definition: a definition
    \frac{\partial a_{pq}}{\partial z_{rs}} = \frac{\partial}{\partial z_{rs}} (...)        so is what is differentiated
    \sigma_j^2 = ..., \cos\theta = ...              so is what solves the equation, if \sigma has no definition
    \sigma(\mathbf{z})_j = ...                      a function of vectors, row by row for a matrix \mathbf{Z}
    \sum_q y_{rq} = 1,  A_{ij} = A_{ji}             standing alone, and about tensors without a definition: a fact

The letters of such a formula are its own: another formula may use them for other ranges.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from lark import Token, Tree

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.check.definitions.marks import marked
from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.scan import DEFINITION, EQUALITY, is_empty
from indexcalc.check.formulas.trees import (
    bare,
    is_open,
    names_in,
    nodes,
    numerator,
    rank_of,
    ranks_in,
    renamed,
    row_wise,
)
from indexcalc.check.matrices.names import OF_MATRICES
from indexcalc.check.matrices.rewritten import Rewriting, letters_of_axes, moved
from indexcalc.check.matrices.written import rows_of
from indexcalc.errors import IndexcalcError, Span
from indexcalc.notation.lowering.statements import Statement
from indexcalc.notation.reader import expression_tree, extend, parse, words_of
from indexcalc.notation.syntax.names import RESERVED
from indexcalc.notation.syntax.places import Syntax, kind, subtrees
from indexcalc.rewrite import laws
from indexcalc.sheet import Sheet

SIMPLE = ("number", "name", "tensor")


@dataclass(frozen=True)
class Taken:
    """What was taken from a formula: a definition (`defines` is its name, with `rank` indices) or a fact.

    Without a statement it is a definition that the language cannot say.
    """

    statement: Statement | None
    content: Placed
    chain: Chain
    defines: str = ""
    rank: int = 0

    @property
    def uses(self) -> dict[str, int]:
        """The numbers of indices of the tensors that are used; in matrix notation only of those that have some."""
        found = ranks_in(self.statement.tree) if self.statement else {}
        return {name: rank for name, rank in found.items() if rank or not self.is_matrix}

    @property
    def is_matrix(self) -> bool:
        """Whether the formula is written in matrix notation."""
        return MATRIX_SIGNS.search(self.content.text) is not None

    @property
    def is_worked_out(self) -> bool:
        """Whether the right side of the definition does something, unlike that of the condition y_i = 1."""
        trees = subtrees(self.statement.tree) if self.statement else []
        return bool(trees) and kind(trees[-1]) not in SIMPLE and bool(self.uses)

    @property
    def word(self) -> str:
        """What it is."""
        return "definition" if self.defines else "fact"


@dataclass(frozen=True)
class Equation:
    """The first two sides of a chain in one text, and their trees."""

    chain: Chain
    content: Placed
    left: Syntax
    right: Syntax

    def taken(self, word: str, parts: list[Syntax | Token], name: str = "") -> Taken:
        """A statement made of these parts."""
        statement = Statement(Tree(word, parts), self.content.text, self.chain.dialect)
        rank = rank_of(parts[0]) if name and isinstance(parts[0], Tree) else 0
        return Taken(statement, self.content, self.chain, name, rank)


def read_equation(chain: Chain, sheet: Sheet) -> Equation | None:
    """Read the first two sides of a chain, with indices or as matrix notation; none where that is not possible."""
    first, second = chain.sides[:2]
    if is_empty(first.text) or is_empty(second.text):
        return None
    content = Placed.joined([first, second], " = ")
    start = len(first) + len(" = ")
    try:
        left = parse(content.text, Span(0, len(first)), "target", chain.dialect, sheet)
        right = parse(content.text, Span(start, len(content)), "target", chain.dialect, sheet)
        if not _leaves_indices_out(left, sheet) and not _leaves_indices_out(right, sheet):
            return Equation(chain, content, left, right)
    except IndexcalcError:
        pass
    rewriting = Rewriting(words_of(sheet)).with_ranks(_function(first.text))
    try:
        left, right = (moved(rewriting.tree(side)[0], place) for side, place in ((first, 0), (second, start)))
    except IndexcalcError:
        return None
    return Equation(chain, content, left, right)


def _leaves_indices_out(tree: Syntax, sheet: Sheet) -> bool:
    """Whether a tree names tensors without their indices, which matrix notation does."""
    words = words_of(sheet)
    return any(kind(node) == "name" and words.rank(str(node.children[0])) for node in nodes(tree))


FUNCTION = re.compile(
    r"(?:\\(?:text|mathrm|operatorname)\s*\{(\w+)\}|\\?([A-Za-z]+))\s*(?:\\left)?\(\s*"
    r"(?:\\(?:mathbf|boldsymbol|bm)\s*\{)?(\w)\}?\s*(?:\\right)?\)\s*_\s*\{?\s*\w\s*\}?"
)


def _function(text: str) -> dict[str, int]:
    r"""The function of a vector, and the vector, in \sigma(\mathbf{z})_j, each with one index."""
    match = FUNCTION.fullmatch(text.strip())
    return {match[1] or match[2]: 1, match[3]: 1} if match else {}


# ----- Definitions ---------------------------------------------------------------------------------------------------

MATRIX_SIGNS = re.compile(r"\\(?:mathbf|boldsymbol|bm|vec|top|odot|oslash|intercal)\b|\^\s*\{?\s*T\b")
BOLD = re.compile(r"\s*\\(mathbf|boldsymbol|bm)\b")
TURNED = re.compile(r"\^\s*\{?\s*(?:\\top|\\intercal|T)\b")


def definitions(chain: Chain, known: Collection[str], sheet: Sheet, text: str) -> list[Taken]:
    """What a chain defines in its first step, of tensors that are not known yet; `text` is that of the document."""
    if chain.solved or chain.relations[0].sort not in (EQUALITY, DEFINITION):
        return []
    equation = read_equation(chain, sheet)
    if equation is None:
        return _of_a_function(chain, known, sheet)
    left, right = equation.left, equation.right
    if kind(left) == kind(right) == "diff" and left.children[1:] == right.children[1:]:
        left, right = numerator(left), numerator(right)
    left, right = _solved(left, right)
    name = bare(left)
    if not name or name in known or name in RESERVED | OF_MATRICES or TURNED.search(chain.sides[0].text):
        return []
    bold = BOLD.match(chain.sides[0].text)
    if left == right and bold and name not in sheet.slots:  # the rows or elements of a matrix
        return [Taken(None, equation.content, chain, name)]
    if name in names_in(right):
        return []
    if chain.conditions or (kind(left) == "name" and (bold or is_open(right, letters_of_axes(words_of(sheet))))):
        return [Taken(None, equation.content, chain, name)]
    found = [equation.taken("definition", [left, right], name)]
    return found + _row_wise(equation, left, right, text)


def is_worked_out(chain: Chain, sheet: Sheet) -> bool:
    """Whether an equation in the prose says how something is made, unlike the condition f(x) = 1."""
    if not chain.relations or chain.relations[0].sort not in (EQUALITY, DEFINITION) or is_empty(chain.sides[1].text):
        return False
    try:
        return kind(expression_tree(chain.sides[1].text, sheet, chain.dialect)) not in SIMPLE
    except IndexcalcError:
        return True


def says(chain: Chain, sheet: Sheet) -> str:
    """The name that an equation in the prose says how to make, though that may be unreadable; else empty."""
    try:
        return bare(expression_tree(chain.sides[0].text, sheet, chain.dialect)) if is_worked_out(chain, sheet) else ""
    except IndexcalcError:
        return ""


def is_claim(chain: Chain, sheet: Sheet) -> bool:
    """Whether an equation in the prose claims something: what a derivative or a defined tensor is, worked out."""
    equation = read_equation(chain, sheet) if chain.relations[0].sort == EQUALITY else None
    if equation is None or kind(equation.right) in SIMPLE:
        return False
    known = {*sheet.slots, *FUNCTIONS, "delta", "eps", "sum"}
    speaks_of_others = not known.issuperset({*names_in(equation.left), *names_in(equation.right)})
    derived = any(kind(node) == "diff" for node in nodes(equation.left))
    return not speaks_of_others and (derived or bare(equation.left) in sheet.definitions)


INVERSES = {**laws.INVERSES, "exp": "log", "log": "exp"}


def _solved(left: Syntax, right: Syntax) -> tuple[Syntax, Syntax]:
    """The sides of x[i] = sqrt(e) for those of x[i]^2 = e, of t = arccos(e) for cos(t) = e; others as they are."""
    if kind(left) == "call":
        name, argument = str(left.children[0]), left.children[-1]
        if name in INVERSES and isinstance(argument, Tree) and bare(argument):
            return argument, Tree("call", [Token("CALLED", INVERSES[name]), right], right.meta)
        return left, right
    if kind(left) != "power":
        return left, right
    base, _, exponent = left.children
    if not isinstance(base, Tree) or not isinstance(exponent, Tree) or not bare(base):
        return left, right
    if kind(exponent) != "number" or str(exponent.children[0]) != "2":
        return left, right
    return base, Tree("call", [Token("CALLED", "sqrt"), right], right.meta)


def _of_a_function(chain: Chain, known: Collection[str], sheet: Sheet) -> list[Taken]:
    r"""The definition of a function whose value cannot be read: \mathrm{softmax}(Z) = (...)."""
    if not chain.original:
        return []
    try:
        name = bare(expression_tree(chain.sides[0].text, sheet, chain.dialect))
    except IndexcalcError:
        return []
    return [Taken(None, Placed.joined(chain.sides[:2], " = "), chain, name)] if name and name not in known else []


def _row_wise(equation: Equation, left: Syntax, right: Syntax, text: str) -> list[Taken]:
    """The same function of the rows of a matrix, if the document applies it to one."""
    function = _function(equation.chain.sides[0].text)
    if len(function) != 2:
        return []
    name, argument = function
    matrix = rows_of(argument)
    if not re.search(rf"{name}\}}?\s*(?:\\left)?\(\s*(?:\\\w+\s*\{{)?(?:{matrix}|{argument}\}}?_)", text):
        return []
    parts = [row_wise(tree, {argument: matrix, name: f"{name}_{matrix}"}, "row") for tree in (left, right)]
    return [equation.taken("definition", list(parts), f"{name}_{matrix}")]


# ----- Taking --------------------------------------------------------------------------------------------------------


def take(sheet: Sheet, found: Iterable[Taken]) -> tuple[Sheet, list[Taken], list[Taken]]:
    """The sheet with the definitions that were found, as far as it can be; the definitions, and which are of no use.

    What names a tensor without its indices is in matrix notation if another formula writes them: it stays a definition,
    but one that cannot be said.
    """
    found = list(found)
    indexed = {name for each in found for name, rank in each.uses.items() if rank}
    numbered = [(number, _unsaid(each, indexed)) for number, each in enumerate(found, 1)]
    unsaid = [each for _, each in numbered if each.statement is None]
    lost = list(unsaid)
    kept = [(number, each) for number, each in numbered if each.statement is not None]
    while kept:
        try:
            sheet = extend(sheet, [own_letters(each, sheet, number) for number, each in kept])
            break
        except IndexcalcError as error:
            guilty = [item for item in kept if item[1].content.text == error.text] or kept[-1:]
            kept.remove(guilty[-1])
            lost.append(guilty[-1][1])
    return sheet, [*(each for _, each in kept), *unsaid], lost


def _unsaid(taken: Taken, indexed: Collection[str]) -> Taken:
    """A definition in matrix notation that names tensors which have indices elsewhere, without its statement."""
    if taken.statement is None or not taken.is_matrix:
        return taken
    bare_names = {name for name, rank in ranks_in(taken.statement.tree).items() if not rank}
    return replace(taken, statement=None) if bare_names & set(indexed) else taken


def own_letters(taken: Taken, sheet: Sheet, number: int) -> Statement:
    """The statement with letters of its own, but for those that the sheet knows."""
    assert taken.statement is not None

    def own(letter: str) -> str:
        return letter if letter in sheet.letters or letter.isdigit() else marked(letter, number)

    return replace(taken.statement, tree=renamed(taken.statement.tree, own))
