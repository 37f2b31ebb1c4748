"""Shapes that code states beside what it does: in comments, docstrings and annotations."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

DIM = r"(?:[A-Za-z_]\w*|\d+)(?:\s?[*+/-]\s?(?:[A-Za-z_]\w*|\d+))*"
ROUND = rf"\(\s*(?:{DIM}\s*(?:,\s*{DIM}\s*)*,?)?\s*\)"
SQUARE = rf"\[\s*{DIM}\s*(?:,\s*{DIM}\s*)*,?\s*\]"
TIMES = r"(?:[A-Za-z_]\w*|\d+)(?:\s+[x×]\s+(?:[A-Za-z_]\w*|\d+))+"
SHAPE = re.compile(rf"(?P<round>{ROUND})|(?P<square>{SQUARE})|(?P<times>{TIMES})")
# What may stand between a name and its shape.
LINKS = frozenset("has have of with is are in the a an shape shaped matrix array tensor vector input data and".split())
NAMES = re.compile(r"([A-Za-z_]\w*(?:\s*(?:,|and)\s*[A-Za-z_]\w*)*)$")
LENGTH = re.compile(r"\b(?P<name>[A-Za-z_]\w*)(?: is| has| with| of)* length (?P<length>[A-Za-z]\w*|\d+)\b")
LONGEST = 400  # characters of a comment that are looked at


@dataclass(frozen=True)
class Stated:
    """A shape that is stated: of what (names; none: of what the line computes), its lengths as text, and the line."""

    names: tuple[str, ...]
    shape: tuple[str, ...]
    line: int


def comments_of(code: str) -> dict[int, str]:
    """The comments of code by line, but for those that are statements of a sheet."""
    found: dict[int, str] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = token.string.lstrip("#").strip()
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return _without_sheets(found)
    return _without_sheets(found)


def _without_sheets(found: dict[int, str]) -> dict[int, str]:
    return {line: text for line, text in found.items() if not text.startswith("indexcalc:")}


def stated_in(text: str, line: int, words: Iterable[str] = ()) -> list[Stated]:
    """The shapes that a text states. words: names of lengths that are known, for a lone word in brackets."""
    known = set(words)
    text = text[:LONGEST]
    found = [Stated((match["name"],), (match["length"],), line) for match in LENGTH.finditer(text)]
    alone = text.split()
    if len(alone) > 1 and set(alone) <= known and not found:  # b t d, as annotations write it
        return [Stated((), tuple(alone), line)]
    start = 0
    for match in SHAPE.finditer(text):
        before = text[start : match.start()]
        if not match["times"] and before and re.search(r"[\w)\]]$", before):
            continue  # f(x) is a call, x[i] an element
        shape = _lengths(match)
        names = _names(before)
        if not _is_shape(match, shape, names, before, known):
            continue
        found.append(Stated(names, shape, line))
        start = match.end()
    return found


def _lengths(match: re.Match[str]) -> tuple[str, ...]:
    if match["times"]:
        return tuple(re.split(r"\s+[x×]\s+", match["times"]))
    inner = match.group()[1:-1].strip().rstrip(",")
    return tuple(part.strip() for part in inner.split(",")) if inner else ()


def _names(before: str) -> tuple[str, ...]:
    """The names that a shape behind a text is said of."""
    words = re.split(r"\s+", before[-120:].rstrip(" :=\t"))
    while len(words) > 1 and words[-1].strip(":=") in LINKS:
        words.pop()
    match = NAMES.search(" ".join(words).rstrip(" :="))
    if match is None:
        return ()
    found = re.findall(r"[A-Za-z_]\w*", match.group())
    return tuple(found) if len(found) == 1 else tuple(word for word in found if word != "and")


def _is_shape(
    match: re.Match[str], shape: tuple[str, ...], names: tuple[str, ...], before: str, known: set[str]
) -> bool:
    """Whether a bracket is a shape, and not a remark: a lone word must be a length that is known, or said to be one."""
    if match["times"]:
        return True
    said = "shape" in before or bool(re.search(r"[:=]\s*$", before))
    if not shape:
        return said or not before.strip()
    if len(shape) == 1 and "," not in match.group():
        alone = not before.strip() and not match.string[match.end() :].strip()  # (a) and (1) may count what follows
        return said or shape[0] in known or (len(shape[0]) == 1 and alone and not shape[0].isdigit())
    return True


def lengths_in(comments: Iterable[str]) -> set[str]:
    """The names of lengths that comments write in brackets with several, or where they say that it is a shape."""
    found: set[str] = set()
    for text in comments:
        for stated in stated_in(text, 0):
            found |= {word for length in stated.shape for word in re.findall(r"[A-Za-z_]\w*", length)}
    return found


# ----- Annotations -----------------------------------------------------------------------------------------------


def annotated_shape(node: ast.expr | None) -> tuple[str, ...] | None:
    """The shape of Float[Array, "b d"]; none for another annotation, or where a length has no name."""
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple) or len(node.slice.elts) != 2:
        return None
    text = node.slice.elts[1]
    if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
        return None
    words = [word.lstrip("#*?").split("=")[-1] for word in text.value.split()]
    if any(not re.fullmatch(DIM, word) or "..." in word for word in words):
        return None
    return tuple(words)


def parameters_stated(node: ast.FunctionDef, comments: dict[int, str], known: Iterable[str]) -> Iterator[Stated]:
    """The shapes that are stated for the parameters of a function: annotations, comments of its head, its docstring."""
    names = {each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
        shape = annotated_shape(each.annotation)
        if shape is not None:
            yield Stated((each.arg,), shape, each.lineno)
    texts = [(line, text) for line, text in comments.items() if node.lineno - 2 <= line <= _head_end(node, comments)]
    docstring = ast.get_docstring(node)
    texts += [(node.lineno, row) for row in (docstring or "").split("\n")]
    for line, text in texts:
        for stated in stated_in(text, line, known):
            own = tuple(name for name in stated.names if name in names)
            if own:
                yield Stated(own, stated.shape, line)


def _head_end(node: ast.FunctionDef, comments: dict[int, str]) -> int:
    """The last line of a function's head, with the comments that stand right below it."""
    first = node.body[0]
    last = first.lineno - 1
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(node.body) > 1:
        last = node.body[1].lineno - 1
    return max(last, node.lineno)
