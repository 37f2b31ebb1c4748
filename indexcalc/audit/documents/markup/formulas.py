r"""Formulas of Typst, written as the formulas of all other documents are: each character keeps its place in the file.

    sum_(i=1)^n (partial f)/(partial x_i)        \sum _{i=1}^{n} \frac{\partial f}{\partial x_{i}}

The grammar is `typst.lark`. What an author defines by `#let` as a formula or as an operator is put in; a formula with
other code, or with a word that nothing is known of, is not read, and the reason says which: it may stand for anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from indexcalc.audit.documents.markup.symbols import (
    BRACES,
    DELIMITERS,
    FENCES,
    OPERATORS,
    SAME,
    SYMBOLS,
    TABLES,
    WRAPS,
)
from indexcalc.audit.documents.places import Placed
from indexcalc.notation.parsing import grammar_path

Node = Tree[Token] | Token
Parts = Iterator[Placed]
NOTHING: Mapping[str, Any] = {}
MOST_USES = 200  # of an author's definitions in one formula


@cache
def _parser() -> Lark:
    return Lark.open(str(grammar_path("typst.lark")), parser="lalr", lexer="contextual", maybe_placeholders=False)


@dataclass(frozen=True)
class Own:
    """What an author defines: a formula with what stands for its arguments, or the text of an operator."""

    body: str
    arguments: tuple[str, ...] = ()
    is_operator: bool = False


class UnreadError(Exception):
    """Why a formula is not read."""


def written(content: Placed, own: Mapping[str, Own] = NOTHING) -> Placed:
    """A formula of Typst in LaTeX. own: what the author defined. Raises UnreadError where it cannot be read."""
    try:
        found = Placed.joined(_Writer(content, own).shown(_tree(content.text).children))
    except RecursionError:
        raise UnreadError("this formula is nested too deep") from None
    return replace(found, stop=content.place(len(content)))


def _tree(text: str) -> Tree[Token]:
    try:
        return _parser().parse(text)
    except UnexpectedInput as error:
        ends = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        place = error.pos_in_stream
        rest = "" if ends or place is None else text[place : place + 9].split("\n")[0].strip()
        where = f"before {rest}" if rest else "at its end"
        raise UnreadError(f"a bracket or an operand is missing in this formula, {where}") from None


def is_aligned(text: str) -> bool:
    """Whether a formula that was written has rows or columns of its own."""
    return " & " in text or "\\\\" in text


class _Writer:
    """Writes the nodes of one formula. put: what stands for the arguments of a definition whose body this is."""

    def __init__(self, content: Placed, own: Mapping[str, Own], put: Mapping[str, list[Placed]] = NOTHING) -> None:
        self.content, self.own, self.put = content, own, put
        self.left = MOST_USES

    def shown(self, nodes: Iterable[Node]) -> Parts:
        """Nodes, one after the other."""
        for node in nodes:
            yield from self.node(node)

    def node(self, node: Node) -> Parts:
        """One node."""
        if isinstance(node, Token):
            yield from self._token(node)
        else:
            yield from NODES[str(node.data)](self, node)

    def new(self, text: str, node: Node) -> Placed:
        """What the source does not hold, where a node begins."""
        return Placed.put_in(text, self.content.place(_start(node)))

    def behind(self, text: str, node: Node) -> Placed:
        """What the source does not hold, at the end of a node."""
        return Placed.put_in(text, self.content.place(_end(node) - 1))

    def _token(self, token: Token) -> Parts:
        text = str(token)
        start, end = _start(token), _start(token) + len(text)
        if token.type == "WORD":
            yield from self._word(text, token)
        elif token.type == "TEXT":
            yield self.new(r"\text{", token)
            yield self.content[start + 1 : end - 1]
            yield self.behind("} ", token)
        elif token.type == "CODE":
            if "(" in text:
                raise UnreadError(f"{text} in this formula is code, which is not run")
            yield from self._word(text[1:], token)
        elif token.type == "BREAK":
            yield self.new(r" \\ ", token)
        elif token.type == "AMPERSAND":
            yield self.new(" & ", token)
        elif token.type == "OPERATOR" and text in OPERATORS:
            yield self.new(f"{OPERATORS[text]} ", token)
        elif text in ("{", "}"):
            yield self.new(f"\\{text}", token)
        else:
            yield self.content[start : end + self.content.text[end : end + 1].isspace()]

    def _word(self, word: str, node: Node) -> Parts:
        """A symbol by its name, an argument, or what the author defined."""
        if word in self.put:
            yield from self.put[word]
        elif word in self.own:
            yield from self._defined(word, [], node)
        else:
            yield self.new(f"{_symbol(word)} ", node)

    def _defined(self, name: str, cells: list[list[Node]], node: Node) -> Parts:
        """What an author defined, with its arguments."""
        own = self.own[name]
        if own.is_operator:
            yield self.new(f"\\operatorname{{{own.body}}} ", node)
            return
        self.left -= 1
        if len(cells) != len(own.arguments) or self.left < 0:
            raise UnreadError(f"{name} in this formula has other arguments than its definition, or is used too often")
        put = {word: [*self.shown(cell)] for word, cell in zip(own.arguments, cells, strict=True)}
        earlier = dict(list(self.own.items())[: list(self.own).index(name)])  # a body knows what was defined before it
        inner = _Writer(self.new(own.body, node), earlier, put)
        inner.left = self.left
        yield from inner.shown(_tree(own.body).children)
        self.left = inner.left

    def quotient(self, node: Tree[Token]) -> Parts:
        """A fraction; the round brackets around its sides are not shown."""
        above, below = node.children
        yield self.new(r"\frac{", above)
        yield from self.bare(above)
        yield self.behind("}{", above)
        yield from self.bare(below)
        yield self.behind("}", below)

    def scripted(self, node: Tree[Token]) -> Parts:
        """A base with its scripts. A text with one is a name."""
        base, *scripts = node.children
        yield from self.node(base)
        for script in scripts:
            assert isinstance(script, Tree)
            mark = script.children[0]
            if isinstance(mark, Token) and mark.type == "PRIMES":
                yield self.content[_start(mark) : _start(mark) + len(mark)]
                continue
            yield self.new(f"{mark}{{", mark)
            yield from self.bare(script.children[1])
            yield self.behind("}", script)
        yield self.behind(" ", node)

    def bare(self, node: Node) -> Parts:
        """A node without round brackets around all of it."""
        if isinstance(node, Tree) and node.data == "group" and node.children[0] == "(" and node.children[-1] == ")":
            yield from self.shown(node.children[1:-1])
        else:
            yield from self.node(node)

    def group(self, node: Tree[Token]) -> Parts:
        """A group in its brackets."""
        yield from self.shown(node.children)

    def applied(self, node: Tree[Token]) -> Parts:
        """A letter with its argument."""
        head, *inner = node.children
        start = _start(head)
        yield self.content[start : start + 2]
        yield from self.shown(inner)

    def call(self, node: Tree[Token]) -> Parts:
        """A function of Typst, by its name."""
        head = node.children[0]
        name = str(head)[:-1]
        own = [row for row in node.children if isinstance(row, Tree)]
        rows = [[list(cell.children) for cell in row.children if isinstance(cell, Tree)] for row in own]
        cells = [cell for row in rows for cell in row]
        if name in TABLES:
            yield from self._table(name, rows, node)
        elif name in WRAPS or name in BRACES or name in ("root", "op"):
            yield from self._wrapped(name, cells, node)
        elif name in FENCES:
            left, right = FENCES[name]
            yield self.new(f"{left} ", head)
            yield from self._joined(cells, ", ", head)
            yield self.behind(f"{right} ", node)
        elif name in self.own and not self.own[name].is_operator:
            yield from self._defined(name, cells, node)
        else:
            yield from self._word(name, head)
            yield self.new("(", head)
            yield from self._joined(cells, ", ", head)
            yield self.behind(")", node)

    def _wrapped(self, name: str, cells: list[list[Node]], node: Tree[Token]) -> Parts:
        """A command with a group for each argument."""
        if name == "op":
            yield self.new(r"\operatorname{", node)
            yield from self._words(cells[0])
            yield self.behind("} ", node)
            return
        if name == "root" and len(cells) == 2:
            yield self.new(r"\sqrt[", node)
            yield from self.shown(cells[0])
            yield self.behind("]", cells[0][-1] if cells[0] else node)
            cells = cells[1:]
        else:
            yield self.new(BRACES[name][0] if name in BRACES else WRAPS.get(name, r"\sqrt"), node)
        for place, cell in enumerate(cells):
            yield self.ahead(f"{BRACES[name][1]}{{" if place and name in BRACES else "{", cell, node)
            yield from self.shown(cell)
            yield self.behind("}", cell[-1] if cell else node)
        yield self.behind(" ", node)

    def _words(self, cell: list[Node]) -> Parts:
        for node in cell:
            if isinstance(node, Token) and node.type == "TEXT":
                yield self.content[_start(node) + 1 : _start(node) + len(node) - 1]
            else:
                yield from self.node(node)

    def _table(self, name: str, rows: list[list[list[Node]]], node: Tree[Token]) -> Parts:
        """A matrix, a column, or cases, of which each argument is a row."""
        kind = TABLES[name]
        for row in rows:
            for cell in [cell for cell in row if _is_option(cell)]:
                kind = DELIMITERS.get(str(cell[2]), kind) if len(cell) > 2 else kind
                row.remove(cell)
        lines = rows if name == "mat" else [[cell] for row in rows for cell in row]
        yield self.new(f"\\begin{{{kind}}} ", node)
        for place, row in enumerate(lines):
            yield self.ahead(r" \\ " if place else "", row[0] if row else [], node)
            yield from self._joined([_with_condition(cell) for cell in row] if name == "cases" else row, " & ", node)
        yield self.behind(f" \\end{{{kind}}} ", node)

    def _joined(self, cells: list[list[Node]], between: str, node: Node) -> Parts:
        for place, cell in enumerate(cells):
            yield self.ahead(between if place else "", cell, node)
            yield from self.shown(cell)

    def ahead(self, text: str, cell: list[Node], node: Node) -> Placed:
        """What the source does not hold, before an argument."""
        return self.new(text, cell[0] if cell else node)


NODES: dict[str, Callable[[_Writer, Tree[Token]], Parts]] = {
    "start": _Writer.group,
    "quotient": _Writer.quotient,
    "scripted": _Writer.scripted,
    "group": _Writer.group,
    "applied": _Writer.applied,
    "call": _Writer.call,
}


def _start(node: Node) -> int:
    while isinstance(node, Tree):
        node = node.children[0]
    return node.start_pos or 0


def _end(node: Node) -> int:
    while isinstance(node, Tree):
        if not node.children:
            return 0
        node = node.children[-1]
    return (node.start_pos or 0) + len(node)


def _symbol(word: str) -> str:
    """A word as LaTeX. Raises UnreadError for one that nothing is known of."""
    if word not in SYMBOLS and word not in SAME:
        raise UnreadError(f"nothing says what {word} stands for in this formula; a name in quotes is a name")
    return SYMBOLS.get(word) or f"\\{word}"


def _is_option(cell: list[Node]) -> bool:
    """Whether an argument is named: delim: "["."""
    return len(cell) > 1 and isinstance(cell[0], Token) and cell[0].type == "WORD" and cell[1] == ":"


def _with_condition(cell: list[Node]) -> list[Node]:
    """A row of cases with a column before its condition, which words begin."""
    if any(isinstance(node, Token) and node.type == "AMPERSAND" for node in cell):
        return cell
    words = [place for place, node in enumerate(cell) if isinstance(node, Token) and node.type == "TEXT"]
    if not words or not words[0]:
        return cell
    mark = Token("AMPERSAND", "&", start_pos=_start(cell[words[0]]))
    return [*cell[: words[0]], mark, *cell[words[0] :]]
