r"""What a fence holds, by what stands behind its mark: ```math, ```{math}, ```{note} Title, ```{=tex}."""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexcalc.audit.documents.places import Placed

TEXTS = frozenset(  # directives whose body is text like the rest of the document
    "abstract admonition aside assumption attention axiom blockquote caution conjecture corollary criterion danger "
    "definition details div dropdown epigraph error example exercise figure card grid grid-item grid-item-card hint "
    "important lemma margin note observation property proof proposition remark seealso sidebar solution spoiler "
    "tab-item tab-set tip topic theorem todo warning container pull-quote highlights versionadded versionchanged "
    "deprecated rubric exercise-start exercise-end solution-start solution-end algorithm".split()
)
OWN_ARGUMENT = frozenset(("figure", "card", "grid", "div", "container", "aside", "tab-set"))  # that is no title
BRACED = re.compile(r"\{\s*(?P<name>[\w:.+-]+)\s*(?:\}|[, \t][^{}]*\})(?P<argument>.*)", re.DOTALL)
RAW = re.compile(r"\{\s*=\s*(?P<format>[\w-]+)\s*\}")
CLASS = re.compile(r"\{[^{}]*?\.(?P<name>[\w-]+)[^{}]*\}")
OPTION = re.compile(r"[ \t]*:(?P<key>[\w-]+):[ \t]*(?P<value>[^\n]*)(?:\n|\Z)")
PIPED = re.compile(r"[ \t]*[#%]\|[^\n]*(?:\n|\Z)")
YAML = re.compile(r"\s*---[ \t]*\n(?P<options>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
YAML_OPTION = re.compile(r"^[ \t]*(?P<key>[\w-]+)[ \t]*:[ \t]*(?P<value>[^\n]*)$", re.MULTILINE)


@dataclass(frozen=True)
class Directive:
    """What a fence holds.

    kind: formula, sheet, text (Markdown), rst, tex, code or raw. name: of the directive or the language. argument: what
    stands behind the name.
    """

    kind: str
    name: str = ""
    argument: str = ""


def directive_of(info: str) -> Directive:
    """The directive that the words behind the mark of a fence call."""
    if raw := RAW.fullmatch(info):
        return Directive("tex" if raw["format"] in ("tex", "latex") else "raw", raw["format"])
    braced = BRACED.fullmatch(info)
    if braced:
        name, argument = braced["name"].lower(), braced["argument"].strip()
    elif found := CLASS.fullmatch(info):
        name, argument = found["name"].lower(), ""
    else:
        name, _, argument = info.partition(" ")
        name = re.split(r"[{,\s]", name.lower())[0]
    return _called(name.lstrip("."), argument, bool(braced))


def _called(name: str, argument: str, braced: bool) -> Directive:
    if name in ("math", "indexcalc"):
        return Directive("formula" if name == "math" else "sheet", name, argument if braced else "")
    if braced and name == "eval-rst":
        return Directive("rst", name, argument)
    plain = name.rpartition(":")[2]
    if braced and (plain in TEXTS or name.startswith("prf:")):
        return Directive("text", plain, argument)
    return Directive("code", argument.partition(" ")[0] if name.startswith("code") else name)


def options(content: Placed) -> tuple[dict[str, str], Placed]:
    """The options at the beginning of a body, and what stands behind them."""
    if yaml := YAML.match(content.text):
        pairs = {each["key"]: each["value"].strip(" \t\"'") for each in YAML_OPTION.finditer(yaml["options"])}
        return pairs, content[yaml.end() :]
    found: dict[str, str] = {}
    position = 0
    while match := OPTION.match(content.text, position):
        found[match["key"]] = match["value"].strip()
        position = match.end()
    return found, content[position:]


DIVISION = re.compile(
    r"\{?\s*(?:[\w-]+:)?(?P<name>[A-Za-z][\w-]*)\}?|\{[^}]*?\.(?P<class>[\w-]+)|\{\s*#(?P<id>[a-z]+)-"
)
PREFIXES = {
    **{"thm": "theorem", "lem": "lemma", "cor": "corollary", "prp": "proposition", "cnj": "conjecture"},
    **{"def": "definition", "exm": "example", "exr": "exercise", "sol": "solution", "rem": "remark"},
}


def division_name(info: str) -> str:
    """The name of a division: of a directive, of a class, or by the prefix of its label."""
    match = DIVISION.match(info)
    if match is None:
        return "division"
    return PREFIXES.get(match["id"] or "", "division") if match["id"] else (match["name"] or match["class"]).lower()
