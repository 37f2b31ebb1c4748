r"""Rows: the tokens of a formula without its layout.

Row by row, and the segments of a row between words and wide spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from indexcalc.audit.outline.visible import ends_operand
from indexcalc.notation.lexicon import CASES, LAYOUTS, WORDS, said_by
from indexcalc.notation.tex.tokens import RELATIONS, Token, tokens


@dataclass
class Segment:
    """A part of a row between separators. word: what introduces it: if, aside, and, then, or nothing.

    begins: the column of the row in which it begins. column: the one of its first relation.
    """

    tokens: list[Token]
    word: str = ""
    remark: str = ""
    begins: int = 0
    column: int = 0


def without_layout(found: list[Token]) -> list[Token]:
    """The tokens without the environments that only lay out rows."""
    kept: list[Token] = []
    layouts: list[bool] = []
    skip = 0
    for place, token in enumerate(found):
        if place < skip:
            continue
        if token.kind == "begin":
            is_array = token.value == "array" and not kept
            is_system = token.value in CASES and not kept and _is_system(found[place:])
            layouts.append(token.value in LAYOUTS or is_array or is_system)
            if layouts[-1]:
                if token.value.startswith(("alignat", "aligned", "gathered", "IEEE")) or is_array:
                    skip = behind_argument(found, place + 1)
                continue
        elif token.kind == "end" and layouts and layouts.pop():
            continue
        kept.append(token)
    return without_braces(kept)


def _is_system(found: list[Token]) -> bool:
    r"""Whether an environment such as cases is all that there is, and its rows are equations: a system of them."""
    depth, end = 0, 0
    for token in found:
        depth += (token.kind == "begin") - (token.kind == "end")
        if not depth:
            break
        end += 1
    body = outside(found[1:end])
    if any(token.kind not in ("end", "stop", "comma", "row") for token in found[end + 1 :]):
        return False
    own: list[list[Token]] = [[]]
    for token in body:
        own.append([]) if token.kind == "row" else own[-1].append(token)
    own = [row for row in own if row]
    related = all(any(token.kind in ("equal", "relation", "arrow") for token in row) for row in own)
    return len(own) > 1 and related and all(map(_is_equation, own))


def _is_equation(row: list[Token]) -> bool:
    """Whether a row of a system has columns beside its relation only, and no words."""
    last = len(row) - 1
    return not any(
        token.kind == "text"
        or (
            token.kind == "column"
            and not (place == last or row[place + 1].kind in RELATIONS or (place and row[place - 1].kind in RELATIONS))
        )
        for place, token in enumerate(row)
    )


def without_braces(found: list[Token]) -> list[Token]:
    r"""The tokens without braces around whole equations, as \\boxed leaves them."""
    place = 0
    while place < len(found) and found[place].kind == "group":
        depth = 0
        for end in range(place, len(found)):
            depth += (found[end].kind == "group") - (found[end].kind == "endgroup")
            if depth == 0:
                break
        inner = found[place + 1 : end]
        if end < len(found) and found[end].kind == "endgroup" and any(each.kind == "equal" for each in outside(inner)):
            return [*found[:place], *inner, *found[end + 1 :]]
        return found
    return found


def behind_argument(found: list[Token], place: int) -> int:
    """The place behind the argument of an environment."""
    option = found[place : place + 3]
    if len(option) == 3 and option[0].value == "[" and option[1].text in "tbc" and option[2].kind == "close":
        place += 3
    if place < len(found) and found[place].kind == "group":
        while place < len(found) and found[place].kind != "endgroup":
            place += 1
        return place + 1
    return place


def step_of(token: Token) -> int:
    """How much deeper in brackets one is behind a token."""
    return (token.kind in ("open", "group", "begin")) - (token.kind in ("close", "endgroup", "end"))


def rows(found: list[Token]) -> Iterator[list[Token]]:
    """The rows; one that leaves a bracket open goes on in the next."""
    row: list[Token] = []
    hard = soft = 0
    for token in found:
        if token.kind in ("group", "begin", "endgroup", "end"):
            hard += step_of(token)
        elif token.kind in ("open", "close"):
            soft = max(0, soft + step_of(token))
        if token.kind == "row" and hard <= 0:
            if soft > 0 and any(each.kind == "row" for each in row):
                soft = 0
            if soft == 0:
                yield row
                row, hard = [], 0
                continue
        row.append(token)
    yield row


def segments(row: list[Token], later: frozenset[int] = frozenset()) -> Iterator[Segment]:
    """The parts of a row between wide spaces, words, and the columns that part two equations.

    later: the columns in which rows before have the relation of another equation than their first.
    """
    current = Segment([])
    depth, related, column = 0, False, 0
    for place, token in enumerate(row):
        depth = max(0, depth + step_of(token))
        kind = token.kind
        following = row[place + 1] if place + 1 < len(row) else None
        if depth or kind in ("close", "endgroup", "end"):
            current.tokens.append(token)
            continue
        if kind == "column":
            column += 1
            joins = following is None or following.kind in JOINING
            begins = related and _begins(row[place + 1 :], column, later)
            before = row[place - 1].kind if place else ""
            if (not related or joins or before in RELATIONS) and not begins:
                continue
            kind = "wide"
        if kind == "row" or (kind == "wide" and current.tokens and current.tokens[-1].kind == "arrow"):
            continue
        said = role_of(token, current.tokens, row[place + 1 :]) if kind == "text" else ""
        if said == "remark":
            current.remark += token.value
        elif kind == "wide" or said in ("if", "and", "aside", "otherwise", "or", "then", "where"):
            current.remark += token.value if said == "aside" else ""  # (since A is symmetric)
            yield current
            current, related = Segment([], said), False
            has_more = said in ("if", "aside") and len(token.value.split()) > 1
            if has_more or (said == "where" and "$" in token.value):
                current.tokens += formulas_in(token)
        elif said != "blank":
            if kind in RELATIONS and not related:
                current.column = column
            if not current.tokens:
                current.begins = column
            related = related or kind in RELATIONS
            current.tokens.append(token)
    yield current


def _begins(rest: list[Token], column: int, later: frozenset[int]) -> bool:
    """Whether the relation of another equation stands in the next cell that is not empty."""
    for token in rest:
        if token.kind != "column":
            return token.kind in RELATIONS and column in later
        column += 1
    return False


JOINING = (*RELATIONS, "plus", "minus", "times", "column", "colon")


def role_of(token: Token, before: list[Token], behind: list[Token]) -> str:
    """What a text in a row does: what its word says, or a remark, or then; "" if it is a name, or a side in words."""
    said = said_by(token.value)
    if said == "then" and not is_word(token) and not before and not behind:
        return "remark"
    if said == "if" and token.value.split()[0].lower() in WORDS["aside"].split():
        return "where"
    if said or not is_word(token):
        return said
    rest = [each for each in behind if each.kind != "column"]
    following = rest[0].kind if rest else "row"
    if not before:
        is_side = following in RELATIONS and behind[0].kind != "column"
        return "" if is_side else "remark"
    if before[-1].kind == "arrow":
        return "remark"
    if not ends_operand(before[-1]):
        return ""
    if following in (*RELATIONS, "row", "wide", "comma", "stop"):
        return "remark"
    return "then" if any(each.kind in RELATIONS for each in outside(rest)) else ""


LABEL = re.compile(r"\(?(?:[a-zA-Z]|\d{1,2}|[ivxIVX]{1,4})[).:]")


def without_label(row: list[Token]) -> list[Token]:
    r"""A row without the label before it: a) A = B, \text{(ii)} A = B."""
    if len(row) > 1 and row[0].kind == "text" and LABEL.fullmatch(row[0].value.strip()):
        return row[1:]
    for place, token in enumerate(row[:5]):
        if token.kind == "close" and token.value == ")" and 0 < place < len(row) - 1:
            return row[place + 1 :] if LABEL.fullmatch("".join(each.text for each in row[: place + 1])) else row
        if token.kind not in ("letter", "number"):
            break
    return row


def without_number(row: list[Token], text: str) -> list[Token]:
    r"""A row without the number behind it, which blanks part from it: A = B ~~ (3)."""
    end = len(row)
    while end and row[end - 1].kind in ("column", "stop", "comma"):
        end -= 1
    start = next((place for place in range(end - 2, max(end - 6, 0), -1) if row[place].kind == "open"), 0)
    inner = row[start + 1 : end - 1]
    is_number = bool(inner) and inner[0].kind == "number" and all(each.kind in ("number", "stop") for each in inner)
    if not start or not is_number or row[end - 1].value != ")":
        return row
    gap = text[row[start - 1].end : row[start].start]
    return row[:start] if "~" in gap or "\\" in gap else row


def is_word(token: Token) -> bool:
    """Whether a text says something, rather than naming a tensor: it has a space, or brackets around it."""
    text = token.value.strip()
    return not re.fullmatch(r"\w+", text.strip("{}\\ "))


def is_named(side: list[Token]) -> bool:
    r"""Whether a side is named by words: \text{squared error}."""
    return len(side) == 1 and side[0].kind == "text" and is_word(side[0])


def formulas_in(token: Token) -> list[Token]:
    """The tokens of the formulas in a text."""
    return [each for part in token.value.split("$")[1::2] for each in tokens(part)]


def flat(toks: list[Token]) -> Iterator[Token | None]:
    """The tokens outside of brackets, none for the others."""
    depth = 0
    for token in toks:
        depth = max(0, depth + step_of(token))
        yield token if depth == 0 and token.kind not in ("close", "endgroup", "end") else None


def outside(toks: list[Token]) -> list[Token]:
    """The tokens outside of brackets."""
    return [token for token in flat(toks) if token is not None]


def is_listing(toks: list[Token]) -> bool:
    r"""Whether tokens go on with a listing: `\\ldots, n`, as behind `i = 1,`."""
    seen = outside(toks)
    first = next((place for place, token in enumerate(seen) if token.kind in ("equal", "relation")), len(seen))
    return any(token.kind == "dots" for token in seen[:first])


def adjacent(toks: list[Token]) -> bool:
    """Whether two letters stand side by side: A G = B is said of a product, i, j = k of indices."""
    return any(one.kind == other.kind == "letter" for one, other in pairwise(toks))


def unwrapped(toks: list[Token]) -> list[Token]:
    r"""An equation that stands in brackets by itself, without them: \quad (i \neq j)."""
    inner = toks[1:-1]
    if toks[0].kind != "open" or toks[-1].kind != "close" or not inner:
        return toks
    is_pair = all(each is None for each in flat(toks)) and not any(token.kind in ("open", "close") for token in inner)
    return inner if is_pair and any(token.kind in ("equal", "relation") for token in inner) else toks


def index_like(names: list[Token]) -> bool:
    """Whether names are single letters, as those of indices are."""
    return all(len(token.text) == 1 or token.text.startswith("\\") for token in names)
