"""Sheets respelled: the same formulas in other letters and names, statements, addends and factors in another order.

    respelled(sheet, target, random.Random(seed))    another spelling, and the way back from its results

Texts are taken apart by the grammar alone; neither terms nor writers of indexcalc take part.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from indexcalc.errors import Span
from indexcalc.notation.reader import parse, parse_sheet
from indexcalc.notation.syntax.names import RESERVED
from indexcalc.notation.syntax.places import kind
from indexcalc.notation.syntax.scan import statement_spans

LETTERS = [*"abcdfghijklmnopqrstuvxyz", "ii", "k1", "mu", "α", "ν", "a'", "i'", "n'", "z''"]
NAMES = [*"ABCFGHKMNPQRSUVWXYZ", "w1", "theta", "Loss", "y_true", "np", "out", "λ", "Ω", "t2", "self", "in", "_x", "zz"]
SIZES = ["n", "m", "N", "batch", "d_2", "κ"]
FIXED = {*RESERVED, "delta", "eps", "pi"}
WORD = re.compile(r"[^\W\d]\w*'*")


@dataclass(frozen=True)
class Spelling:
    """Another spelling of a sheet and its target; `back` has for each new word the old one."""

    sheet: str
    target: str
    back: Mapping[str, str]
    letters: frozenset[str]

    def original(self, text: str) -> str:
        """An expression of the new spelling in the words of the old one; letters that are new in it get names apart."""
        return WORD.sub(lambda match: self.word(match[0]), text)

    def word(self, word: str) -> str:
        """A word of the new spelling in the old one; of adjoints too, such as L_bar."""
        name, bar, _ = word.partition("_bar")
        bare = name.rstrip("'")
        if name in self.back:
            return self.back[name] + bar
        if bare in self.letters or bare not in self.back:
            return word if bare == name else f"{bare}_{len(name) - len(bare)}"
        return self.back[bare] + name[len(bare) :]


def respelled(sheet: str, target: str, source: random.Random) -> Spelling:
    """Another spelling of a sheet in the ASCII dialect, and of a target.

    All names stay apart: no new word is one of the old ones, nor a letter one of the names.
    """
    known = parse_sheet(sheet)
    statements = [(_tree(sheet, span, "statement"), sheet) for span in statement_spans(sheet, Span(0, len(sheet)))]
    asked = _tree(target, Span(0, len(target)), "target"), target
    words = _words([*statements, asked], frozenset(known.slots))
    pool = {"letter": LETTERS, "name": NAMES, "size": SIZES}
    new: dict[tuple[str, str], str] = {}
    taken = {word for _, word in words}
    for role, word in words:
        free = [each for each in pool[role] if each not in taken] or [f"w{len(taken)}"]
        new[role, word] = source.choice(free)
        taken.add(new[role, word])
    writer = _Writer(new, frozenset(known.slots), source)
    lines = [writer.statement(*statement) for statement in statements]
    source.shuffle(lines)
    back = {value: word for (_, word), value in new.items()}
    letters = frozenset(value.rstrip("'") for (role, _), value in new.items() if role == "letter")
    return Spelling("\n".join(lines), writer.text(*asked), back, letters)


def _tree(text: str, span: Span, start: str) -> Any:
    return parse(text, span, start, "text")


def _children(tree: Any) -> list[Any]:
    return [child for child in tree.children if not isinstance(child, str)]


def _words(trees: Iterable[tuple[Any, str]], slots: frozenset[str]) -> list[tuple[str, str]]:
    """The letters, names and sizes of some trees, each once, with their roles."""
    found: dict[tuple[str, str], None] = {}
    sizes: set[str] = set()
    pending = [tree for tree, _ in reversed(list(trees))]
    for tree in pending:
        if kind(tree) == "index" and not str(tree.children[-1]).isdecimal():
            sizes.add(str(tree.children[-1]))
    while pending:
        tree = pending.pop()
        tokens = [str(child) for child in tree.children if isinstance(child, str)]
        match kind(tree):
            case "index":
                found |= dict.fromkeys(("letter", token) for token in tokens[:-1])
                found |= dict.fromkeys(("size", token) for token in tokens[-1:] if token in sizes)
            case "indices":
                found |= dict.fromkeys(("letter", token) for token in tokens if not token.isdecimal())
            case "name" | "tensor" | "call" | "notation":
                name = tokens[0].rstrip("'")
                role = "size" if name in sizes else "name" if name in slots or kind(tree) != "name" else "letter"
                if name not in FIXED:
                    found[role, name] = None
        pending += reversed(_children(tree))
    return list(found)


class _Writer:
    """Writes trees with new words, sums and products in a new order."""

    def __init__(self, new: Mapping[tuple[str, str], str], slots: frozenset[str], source: random.Random) -> None:
        self.new, self.slots, self.source = new, slots, source

    def statement(self, tree: Any, text: str) -> str:
        """A statement."""
        first, *rest = tree.children
        match kind(tree):
            case "index":
                *letters, size = map(str, tree.children)
                names = [self.new["letter", letter] for letter in letters]
                self.source.shuffle(names)
                return f"index {', '.join(names)} : {self.new.get(('size', size), size)}"
            case "notation":
                return f"notation {self.new.get(('name', str(first)), str(first))} = {rest[0]}"
            case "definition":
                return f"{self.text(first, text)} = {self.text(rest[0], text)}"
        sides = [str(each) if isinstance(each, str) else self.text(each, text) for each in tree.children]
        return f"{kind(tree)} {' '.join(sides)}"

    def text(self, tree: Any, text: str) -> str:
        """An expression."""
        parts = _children(tree)
        match kind(tree):
            case "number":
                return str(tree.children[0])
            case "name":
                return self.word(str(tree.children[0]), ("size", "name") if self.is_name(tree) else ("letter",))
            case "indices":
                return ",".join(self.word(str(each), ("letter",)) for each in tree.children)
            case "tensor":
                return f"{self.word(str(tree.children[0]), ('name',))}[{self.text(parts[0], text)}]"
            case "call":
                name = str(tree.children[0])
                bare = name.rstrip("'")
                head = self.word(bare, ("name", "size")) + name[len(bare) :]
                return f"{head}({', '.join(self.text(part, text) for part in parts)})"
            case "reduce":
                letters = self.text(parts[0], text).split(",")
                self.source.shuffle(letters)
                return f"{tree.children[0]}[{','.join(letters)}]({self.text(parts[1], text)})"
            case "diff" | "where":
                return f"{kind(tree)}({', '.join(self.text(part, text) for part in parts)})"
            case "indicator":
                return f"{tree.children[0]}[{self.text(parts[0], text)}]"
            case "condition":
                left, relation, right = tree.children
                return f"{self.text(left, text)} {relation} {self.text(right, text)}"
            case "power":
                return f"({self.text(parts[0], text)})^({self.text(parts[1], text)})"
            case "negative":
                return "-" * (len(tree.children) - len(parts)) + self.factor(parts[0], text)
            case "sum":
                return self.sum(tree, text)
            case "product":
                return self.product(tree, text)
        raise TypeError(f"no rule for {kind(tree)}")

    def is_name(self, tree: Any) -> bool:
        """Whether a bare name is one of a tensor or a size; else it is an index, in a condition."""
        name = str(tree.children[0])
        return name in self.slots or ("size", name) in self.new or ("letter", name) not in self.new

    def word(self, word: str, roles: tuple[str, ...]) -> str:
        """The new word for one."""
        return next((self.new[role, word] for role in roles if (role, word) in self.new), word)

    def factor(self, tree: Any, text: str) -> str:
        """An expression as a factor: a sum, a product and a sign in brackets."""
        inner = self.text(tree, text)
        return f"({inner})" if kind(tree) in ("sum", "product", "negative") else inner

    def sum(self, tree: Any, text: str) -> str:
        """The addends in a new order; each keeps its sign."""
        signs = [str(child) for child in tree.children if isinstance(child, str)]
        addends = list(zip(["+", *signs], _children(tree), strict=True))
        self.source.shuffle(addends)
        written = [f"{sign} {self.addend(each, text)}" for sign, each in addends]
        return " ".join(written).removeprefix("+ ")

    def addend(self, tree: Any, text: str) -> str:
        """An expression as an addend: a product without brackets, so that it stays one."""
        inner = self.text(tree, text)
        return f"({inner})" if kind(tree) in ("sum", "negative") else inner

    def product(self, tree: Any, text: str) -> str:
        """The factors in a new order; those that divide go on dividing."""
        divides, above, below = False, list[str](), list[str]()
        for child in tree.children:
            if isinstance(child, str):
                divides = str(child) == "/"
            else:
                (below if divides else above).append(self.factor(child, text))
                divides = False
        self.source.shuffle(above)
        self.source.shuffle(below)
        factors = [f"*{each}" for each in above[1:]] + [f"/{each}" for each in below]
        self.source.shuffle(factors)
        return above[0] + "".join(factors)
