r"""Macros: what a document defines by \newcommand and its likes, put in where its formulas use it.

    \newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}        \pd{a_{pq}}{z_{rs}}

An argument keeps its place in the file; what the macro adds stands where it is used. Of several definitions of a name
the nearest before the formula holds. A macro that uses itself, or one whose text grows without end, is left as it
stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from indexcalc.audit.documents.definitions import FALSE, NO_VALUE, START, TRUE, Macro, Slot, definitions, group
from indexcalc.audit.documents.formula import LONGEST_FORMULA
from indexcalc.audit.documents.packages import packaged
from indexcalc.audit.documents.places import Placed
from indexcalc.audit.documents.regions import Region

MOST_USES = 1000  # of macros in one formula
MOST_ADDED = 5_000_000  # characters that the macros of a document add
DEEPEST = 30  # uses in the arguments of one another
COMMAND = re.compile(r"\\(?:[A-Za-z@]+|.)", re.DOTALL)
TOKEN = re.compile(r"\s*(?:(\{)|(\\[A-Za-z@]+|\\.|[^\s{}]))", re.DOTALL)
YAML_MACRO = re.compile(r"""^[ \t]+["']?\\{1,2}([A-Za-z]+)["']?[ \t]*:[ \t]*["']?(.*?)["']?[ \t]*$""", re.MULTILINE)
CHOICES = {  # of xparse: what is asked of the first argument, and which of the others then stand
    r"\IfBooleanTF": (TRUE, 1, 2),
    r"\IfBooleanT": (TRUE, 1, 0),
    r"\IfBooleanF": (TRUE, 0, 1),
    r"\IfNoValueTF": (NO_VALUE, 1, 2),
    r"\IfNoValueT": (NO_VALUE, 1, 0),
    r"\IfNoValueF": (NO_VALUE, 0, 1),
    r"\IfValueTF": (NO_VALUE, 2, 1),
    r"\IfValueT": (NO_VALUE, 0, 1),
    r"\IfValueF": (NO_VALUE, 1, 0),
}


def macros(text: str) -> dict[str, Macro]:
    """The macros that a text defines; the last definition of a name counts."""
    return {macro.name: macro for macro, _, _ in definitions(text) if macro is not None}


def expanded(regions: Iterable[Region]) -> tuple[Region, ...]:
    """The regions with the macros of the document put into their formulas."""
    regions = tuple(regions)
    told = {place: list(_defined(region)) for place, region in enumerate(regions)}
    first: dict[str, Macro] = {}
    for found in told.values():
        for macro in found:
            first.setdefault(macro.name, macro)
    known = packaged() | first
    left, result = MOST_ADDED, []
    for place, region in enumerate(regions):
        known.update((macro.name, macro) for macro in told[place])
        if region.kind == "formula" and left > 0:
            content = expand(without_definitions(region.content), known)
            left -= max(0, len(content) - len(region.content))
            region = replace(region, content=content)
        result.append(region)
    return tuple(result)


def _defined(region: Region) -> Iterator[Macro]:
    """The macros that a region defines: in LaTeX, in a formula, or in the front matter of MyST."""
    if region.kind == "raw" and region.language == "yaml":
        for match in YAML_MACRO.finditer(region.text):
            body = match[2].replace("\\\\", "\\")
            count = max(map(int, re.findall(r"#(\d)", body)), default=0)
            yield Macro(f"\\{match[1]}", (Slot(),) * count, body)
    elif (region.kind == "raw" and region.language == "latex") or region.kind == "formula":
        yield from (macro for macro, _, _ in definitions(region.text) if macro is not None)


def without_definitions(content: Placed) -> Placed:
    """With blanks for the definitions that stand in a formula."""
    if START.search(content.text) is None:
        return content
    return content.blanked((start, end) for _, start, end in definitions(content.text))


@dataclass
class _Budget:
    """What is left for one formula: uses of macros, and characters."""

    uses: int = MOST_USES
    length: int = LONGEST_FORMULA

    @property
    def is_spent(self) -> bool:
        return self.uses <= 0 or self.length <= 0


@dataclass(frozen=True)
class _Stretch:
    """A text that is to be read from a position on; `inside`: the macros whose text it is."""

    content: Placed
    position: int = 0
    inside: frozenset[str] = field(default_factory=frozenset)


def expand(content: Placed, known: Mapping[str, Macro]) -> Placed:
    """A formula with its macros put in."""
    if not any(match.group() in known for match in COMMAND.finditer(content.text)):
        return content
    return replace(_expanded(_Stretch(content), known, _Budget(), 0), stop=content.place(len(content)))


def _expanded(first: _Stretch, known: Mapping[str, Macro], budget: _Budget, depth: int) -> Placed:
    """A text with its macros put in. What a macro stands for is read again, with the text behind it."""
    done: list[Placed] = []
    ahead = [first]
    while ahead:
        stretch = ahead.pop()
        content, start = stretch.content, stretch.position
        match = _next_use(stretch, known) if not budget.is_spent else None
        if match is None:
            done.append(content[start:])
            continue
        macro = _macro(match.group(), known)
        used = _arguments(content, match.end(), macro.slots)
        budget.uses -= 1
        if used is None and ahead and not content.text[match.end() :].strip():
            behind = ahead.pop()
            rest = Placed.joined([content[match.start() :], behind.content[behind.position :]])
            done.append(content[start : match.start()])
            ahead.append(_Stretch(rest, 0, behind.inside))
        elif used is None or depth >= DEEPEST:
            done.append(content[start : match.end()])
            ahead.append(replace(stretch, position=match.end()))
        else:
            arguments, end = used
            inner = [_expanded(_Stretch(each, 0, stretch.inside), known, budget, depth + 1) for each in arguments]
            body = _body(macro, inner, content.place(match.start()))
            budget.length -= len(body)
            done.append(content[start : match.start()])
            ahead.append(replace(stretch, position=end))
            ahead.append(_Stretch(body, 0, stretch.inside | {macro.name}))
    return Placed.joined(done)


def _next_use(stretch: _Stretch, known: Mapping[str, Macro]) -> re.Match[str] | None:
    for match in COMMAND.finditer(stretch.content.text, stretch.position):
        name = match.group()
        if (name in known and name not in stretch.inside) or name in CHOICES:
            return match
    return None


def _macro(name: str, known: Mapping[str, Macro]) -> Macro:
    if name in known:
        return known[name]
    return Macro(name, (Slot(),) * (1 + max(CHOICES[name][1:])), "")


def _body(macro: Macro, arguments: list[Placed], place: int) -> Placed:
    """The text of a macro with its arguments; what is its own stands at the place of its name."""
    if macro.name in CHOICES and not macro.body:
        asked, yes, no = CHOICES[macro.name]
        chosen = yes if arguments[0].text.strip() == asked else no
        return arguments[chosen] if chosen else Placed.put_in("", place)
    parts: list[Placed] = []
    for part in re.split(r"(#\d)", _in_formula(macro.body)):
        number = int(part[1]) if re.fullmatch(r"#\d", part) else 0
        parts.append(arguments[number - 1] if 0 < number <= len(arguments) else Placed.put_in(part, place))
    shown = [part for part in parts if part.text]
    apart: list[Placed] = []
    for part, behind in zip(shown, [*shown[1:], None], strict=True):
        apart.append(part)
        letter = behind is None or behind.text[0].isalpha()
        if letter and re.search(r"\\[A-Za-z]+\Z", part.text):
            apart.append(Placed.put_in(" ", place))
    return Placed.joined(apart)


def _in_formula(body: str) -> str:
    """The text of a macro inside a formula; braces around an equation would hide it."""
    if "\\ensuremath" not in body:
        return body.replace("\\xspace", "")
    plain = body.replace("\\ensuremath", "").replace("\\xspace", "").strip()
    inner = group(plain, 0) if plain.startswith("{") and "=" in plain else None
    return inner if inner is not None and len(inner) == len(plain) - 2 else plain


def _arguments(content: Placed, position: int, slots: tuple[Slot, ...]) -> tuple[list[Placed], int] | None:
    """What stands in the slots behind a position, and where they end; None if something is missing."""
    found: list[Placed] = []
    for slot in slots:
        taken = _taken(content, position, slot)
        if taken is None:
            return None
        argument, position = taken
        if slot.kind != "literal":
            found.append(argument)
    return found, position


def _taken(content: Placed, position: int, slot: Slot) -> tuple[Placed, int] | None:
    """What stands in a slot, and where it ends."""
    text, place = content.text, content.place(position)
    match slot.kind:
        case "star":
            star = re.compile(r"\s*\*").match(text, position)
            return Placed.put_in(TRUE if star else FALSE, place), star.end() if star else position
        case "option":
            return _option(content, position, slot)
        case "literal":
            start = position + len(text[position : position + 9]) - len(text[position : position + 9].lstrip())
            there = text.startswith(slot.opening, start)
            return (content[start:start], start + len(slot.opening)) if there else None
        case "until":
            end = text.find(slot.closing, position)
            return (content[position:end], end + len(slot.closing)) if end >= 0 else None
    token = TOKEN.match(text, position)
    if token is None:
        return None
    if token[2]:
        return content[slice(*token.span(2))], token.end()
    body = group(text, token.start(1))
    return None if body is None else (content[token.end() : token.end() + len(body)], token.end() + len(body) + 1)


def _option(content: Placed, position: int, slot: Slot) -> tuple[Placed, int]:
    """What stands between the marks of an option, or its default."""
    text = content.text
    opening = re.compile(rf"\s*{re.escape(slot.opening)}").match(text, position)
    if opening and slot.opening == "{":
        body = group(text, opening.end() - 1)
        if body is not None:
            return content[opening.end() : opening.end() + len(body)], opening.end() + len(body) + 1
    elif opening:
        end = text.find(slot.closing, opening.end())
        if end >= 0:
            return content[opening.end() : end], end + len(slot.closing)
    return Placed.put_in(slot.default, content.place(position)), position
