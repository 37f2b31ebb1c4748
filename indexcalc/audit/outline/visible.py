r"""Tokens as a reader sees them: what TeX groups, colours or sets above a sign does not hide a relation.

    a \overset{(1)}{=} b      a = b          \mathbf{a = b}          \mathbf{a} = \mathbf{b}
    {a = b}, \color{red}{..}  a = b          \cos<a, b>              \cos\langle a, b\rangle
"""

from __future__ import annotations

from dataclasses import replace

from indexcalc.audit.outline.stops import multiplied
from indexcalc.notation.lexicon import COMMANDS, DEFINED_ABOVE, said_by
from indexcalc.notation.tex.tokens import RELATIONS, Token

# What takes the group behind it as its argument; a fraction takes two.
TAKING = {"below": 1, "above": 1, "fraction": 2, "choose": 2, "stack": 2, "root": 1, "accent": 1, "brace": 1}
TAKING |= {"named": 1, "not": 1, "begin": 9, "end": 9, "operator": 1, "function": 1, "big": 1, "nabla": 1}
CLOSING = frozenset("close endgroup equal row column stop plus".split())  # behind which no operand begins
OPERANDS = frozenset("letter number close endgroup end prime infinity text factorial transposed".split())


def visible(found: list[Token]) -> list[Token]:
    """The tokens of a formula without what hides its relations."""
    return _opened(_paired(_asides(_noted(_related(multiplied(found))))))


def ends_operand(token: Token | None) -> bool:
    """Whether an expression may end with a token."""
    return token is not None and token.kind in OPERANDS


def group_behind(found: list[Token], place: int) -> int:
    """The place behind the group, or the one token, that stands at a place."""
    if place >= len(found) or found[place].kind != "group":
        return min(place + 1, len(found))
    depth = 0
    for end in range(place, len(found)):
        depth += (found[end].kind == "group") - (found[end].kind == "endgroup")
        if not depth:
            return end + 1
    return len(found)


def _related(found: list[Token]) -> list[Token]:
    r"""Relations without what stands above or below them: \stackrel{(1)}{=}, \xlongequal{(1)}, {=}."""
    kept: list[Token] = []
    place = 0
    while place < len(found):
        token = found[place]
        first = place + 1 if token.kind == "stack" else place
        behind = group_behind(found, first) if token.kind == "stack" else place
        end = group_behind(found, behind)
        inner = [each for each in found[behind:end] if each.kind not in ("group", "endgroup")]
        is_grouped = token.kind == "stack" or (token.kind == "group" and not _takes(kept))
        if is_grouped and len(inner) == 1 and inner[0].kind in RELATIONS:
            above = "".join(each.value for each in found[first:behind] if each.kind not in ("group", "endgroup"))
            says_so = inner[0].value == "=" and above.strip("() ") in DEFINED_ABOVE
            value = "coloneqq" if says_so else inner[0].value
            kept.append(replace(inner[0], value=value, start=token.start, end=found[end - 1].end))
            place = end
        elif token.kind in ("equal", "arrow") and token.text.startswith("\\x"):
            end = _behind_option(found, place + 1)
            end = group_behind(found, end) if end < len(found) and found[end].kind == "group" else end
            kept.append(replace(token, text="=" if token.kind == "equal" else token.text, end=found[end - 1].end))
            place = end
        else:
            kept.append(token)
            place += 1
    return kept


def _behind_option(found: list[Token], place: int) -> int:
    if place < len(found) and found[place].kind == "open" and found[place].value == "[":
        for end in range(place + 1, len(found)):
            if found[end].kind == "close":
                return end + 1
    return place


def _takes(before: list[Token]) -> bool:
    """Whether the group behind these tokens is an argument."""
    if not before:
        return False
    last = before[-1]
    if last.kind == "endgroup":
        depth = 0
        for place in range(len(before) - 1, -1, -1):
            depth += (before[place].kind == "endgroup") - (before[place].kind == "group")
            if not depth:
                is_one = "".join(each.text for each in before[place + 1 : -1]) == "1"
                return is_one or (place > 0 and TAKING.get(before[place - 1].kind, 0) > 1)
        return False
    is_unknown = last.kind == "letter" and last.text.startswith("\\") and last.text[1:] not in COMMANDS
    return is_unknown or last.text in ("1", "_", "^") or last.kind in TAKING or last.kind in ("font", "coloured")


def _noted(found: list[Token]) -> list[Token]:
    r"""Words in brackets as one text: (\text{chain rule})."""
    kept: list[Token] = []
    for token in found:
        is_note = len(kept) > 1 and kept[-2].kind == "open" and kept[-1].kind == "text"
        if token.kind == "close" and is_note and (len(kept) < 3 or kept[-3].kind in ("column", "wide", "row")):
            opening, text = kept[-2:]
            kept[-2:] = [Token("text", f"({text.value})", text.text, opening.start, token.end)]
        else:
            kept.append(token)
    return kept


def _asides(found: list[Token]) -> list[Token]:
    r"""Without the brackets around what begins with a word such as where: c z_i (\text{where } c = a - b)."""
    kept = list(found)
    for place in range(len(found) - 2, 0, -1):
        if kept[place].kind != "open" or kept[place + 1].kind != "text" or not ends_operand(kept[place - 1]):
            continue
        if said_by(kept[place + 1].value) not in ("aside", "if"):
            continue
        depth = 0
        for end in range(place, len(kept)):
            depth += (kept[end].kind == "open") - (kept[end].kind == "close")
            if not depth:
                del kept[end], kept[place]
                break
    return kept


def _paired(found: list[Token]) -> list[Token]:
    r"""Signs of order that stand where only a bracket can: \cos<a, b>, <a, b> = c, \exp(-y <a, b>)."""
    kept = list(found)
    for place, token in enumerate(found):
        before = found[place - 1] if place else None
        if token.kind != "relation" or token.value != "<":
            continue
        depth = commas = 0
        for end in range(place + 1, len(found)):
            kind = found[end].kind
            depth += (kind in ("open", "group", "begin")) - (kind in ("close", "endgroup", "end"))
            commas += not depth and kind == "comma"
            if depth < 0 or (not depth and kind in ("equal", "arrow", "row", "column")):
                break
            if not depth and kind == "relation" and found[end].value == ">":
                ends = end + 1 == len(found) or found[end + 1].kind in CLOSING
                if ends_operand(before) and not (ends and commas == 1):  # y <w, x>), but a < b, c > d
                    break
                kept[place], kept[end] = replace(token, kind="open"), replace(found[end], kind="close")
                break
    return kept


def _opened(found: list[Token]) -> list[Token]:
    """Groups that hold a relation without their braces; a font around one is set on each side of it."""
    kept: list[Token] = []
    place = 0
    while place < len(found):
        token = found[place]
        start = place
        if token.kind == "coloured" and not _takes(kept[:-1] if kept else kept):
            start = group_behind(found, place + 1)
        elif token.kind == "font":
            start = place + 1
        end = group_behind(found, start)
        is_group = start < end and found[start].kind == "group" and found[end - 1].kind == "endgroup"
        inner = found[start + 1 : end - 1] if is_group else []
        if inner and _is_related(inner) and not _takes(kept):
            inner = _opened(inner)
            kept += _spread(inner, token, found[start]) if token.kind == "font" else inner
            place = end
        elif is_group and not inner and token.kind == "group" and not _is_scripted(found, end) and not _takes(kept):
            place = end
        else:
            kept.append(token)
            place += 1
    return kept


def _is_scripted(found: list[Token], place: int) -> bool:
    return place < len(found) and found[place].kind in ("below", "above", "prime")


def _is_related(inner: list[Token]) -> bool:
    """Whether a relation stands in these tokens outside of all brackets."""
    depth = 0
    for token in inner:
        depth += (token.kind in ("open", "group", "begin")) - (token.kind in ("close", "endgroup", "end"))
        if not depth and token.kind in RELATIONS:
            return True
    return False


def _spread(inner: list[Token], font: Token, opening: Token) -> list[Token]:
    """The sides between the relations of a group, each in its font."""
    sides: list[list[Token]] = [[]]
    relations: list[Token] = []
    depth = 0
    for token in inner:
        depth += (token.kind in ("open", "group", "begin")) - (token.kind in ("close", "endgroup", "end"))
        if not depth and (token.kind in RELATIONS or token.kind in ("row", "column", "wide")):
            relations.append(token)
            sides.append([])
        else:
            sides[-1].append(token)
    kept: list[Token] = []
    for number, side in enumerate(sides):
        if side:
            start, end = side[0].start, side[-1].end
            kept += [replace(font, start=start, end=start), replace(opening, start=start, end=start), *side]
            kept.append(Token("endgroup", "", "}", end, end))
        kept += relations[number : number + 1]
    return kept
