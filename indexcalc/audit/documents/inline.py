r"""What stands in a paragraph of Markdown: formulas, code spans, roles, comments, tags, links, emphasis."""

from __future__ import annotations

import re

from indexcalc.audit.documents.definitions import START, definition_at
from indexcalc.audit.documents.marks import display, dollar, environment, inline, left_out, skip
from indexcalc.audit.documents.places import Placed
from indexcalc.audit.documents.regions import Kind
from indexcalc.audit.documents.scanner import Found, Opener, Scanner

MARKS = re.compile(
    r"""(?P<comment><!--)
    |(?P<backticked>\$(?=`))
    |(?P<role>\{[\w:.+-]+\}(?=`))
    |(?P<code>`+)
    |(?P<display>\$\$|\\\\?\[)
    |(?P<dollar>\$)
    |(?P<inline>\\\\?\()
    |(?P<environment>\\begin\s*\{(?P<name>[^{}\n]{1,50})\})
    |(?P<definition>"""
    + START.pattern
    + r""")
    |(?P<skip>\\.)
    |(?P<raw><(?P<tag>script|style|pre|code|kbd|svg)\b[^<>\n]{0,500}>)
    |(?P<left_out></?(?!su[bp]>)[A-Za-z][^<>\n]{0,500}>|<https?:[^<>\s]{1,500}>|\{%[^%\n]{0,500}%\}|\{\{[<%][^{}\n]{0,300}\}\}
        |(?<=[\])}])\{[.:\#][^{}\n]{1,300}\}|\[\^[^\]\n]{1,50}\]:?)
    |(?P<link>\]\(|!\[)|(?P<bracket>\[(?=[^\[\]\n]{1,200}\]\())
    |(?P<emphasis>\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<![^\W_])_{1,3}(?=\w)|(?<=\w)_{1,3}(?![^\W_]))""",
    re.VERBOSE | re.DOTALL,
)
MATH_ROLES = ("math",)
RAW_TEX = re.compile(r"\{=(?:la)?tex\}")
RAW_FORMAT = re.compile(r"\{=[\w-]+\}|\{\.[\w-]+[^{}\n]*\}")
DECLARATION = re.compile(r"\s*indexcalc:")
MATH_SCRIPT = re.compile(r"""type\s*=\s*["']math/tex(;\s*mode\s*=\s*display)?["']""")


def code(scanner: Scanner, match: re.Match[str]) -> Found:
    """A code span, up to a run of as many backticks in its paragraph; raw TeX if pandoc's mark stands behind it."""
    length, start = len(match.group()), match.end()
    end = scanner.closers.run(length, start, scanner.closers.blank(start))
    if end < 0:
        return None, start
    after = end + length
    content = scanner.content[start:end]
    if tex := RAW_TEX.match(scanner.text, after):
        return [*scanner.nested(content)], tex.end()
    raw = RAW_FORMAT.match(scanner.text, after)
    after = raw.end() if raw else after
    return [scanner.region("code", content, match.start(), after)], after


def role(scanner: Scanner, match: re.Match[str]) -> Found:
    """A role of MyST: mathematics, or a reference, which is left out."""
    run = re.compile("`+").match(scanner.text, match.end())
    length = len(run.group()) if run else 0
    start = match.end() + length
    end = scanner.closers.run(length, start, scanner.closers.blank(start))
    if end < 0:
        return None, match.end()
    if match.group()[1:-1] in MATH_ROLES:
        return [scanner.formula(start, end, (match.start(), end + length), display=False)], end + length
    return [scanner.region("code", scanner.content[start:end], match.start(), end + length)], end + length


def backticked(scanner: Scanner, match: re.Match[str]) -> Found:
    """A formula as GitHub and GitLab write it, between a dollar with a backtick and the reverse."""
    start = match.end() + 1
    end = scanner.closers.next(r"`\$", start, scanner.closers.blank(start))
    if end < 0:
        return dollar(scanner, match)
    return [scanner.formula(start, end, (match.start(), end + 2), display=False)], end + 2


def comment(scanner: Scanner, match: re.Match[str]) -> Found:
    """A comment, up to its end or that of the paragraph; one that begins with `indexcalc:` declares."""
    end = scanner.closers.next("-->", match.end())
    inner, after = (len(scanner.text),) * 2 if end < 0 else (end, end + len("-->"))
    kind, content = declared(scanner.content[match.end() : inner])
    language = "comment" if kind == "sheet" else ""
    return [scanner.region(kind, content, match.start(), after, language=language)], after


def declared(content: Placed) -> tuple[Kind, Placed]:
    """The kind of a comment, and its text: statements behind `indexcalc:` are a sheet."""
    mark = DECLARATION.match(content.text)
    return ("sheet", content[mark.end() :]) if mark else ("comment", content)


def raw(scanner: Scanner, match: re.Match[str]) -> Found:
    """An element of HTML that holds no prose: code, a listing, a script; a script may hold a formula."""
    end = scanner.closers.next(rf"(?i:</{match['tag']}\s*>)", match.end())
    if end < 0:
        return (), match.end()
    after = scanner.text.index(">", end) + 1
    formula = MATH_SCRIPT.search(match.group())
    if formula:
        outer = (match.start(), after)
        return [scanner.formula(match.end(), end, outer, display=formula[1] is not None)], after
    kind: Kind = "raw" if match["tag"] in ("script", "style", "svg") else "code"
    return [scanner.region(kind, scanner.content[match.end() : end], match.start(), after, language="html")], after


def link(scanner: Scanner, match: re.Match[str]) -> Found:
    """The target of a link, or what begins an image, is left out."""
    if match.group() == "![":
        return (), match.end()
    end = scanner.closers.next(r"\)", match.end(), scanner.closers.blank(match.end()))
    if end >= 0 and "(" in scanner.text[match.end() : end]:
        end = max(end, scanner.closers.next(r"\)", end + 1, scanner.closers.blank(match.end())))
    return (None, match.end()) if end < 0 else ((), end + 1)


def definition(scanner: Scanner, match: re.Match[str]) -> Found:
    """The definition of a macro is no prose, with the groups behind its name."""
    _, end = definition_at(scanner.braces, match)
    return [scanner.region("raw", scanner.content[match.start() : end], match.start(), end, language="latex")], end


OPENERS: dict[str, Opener] = {
    "comment": comment,
    "backticked": backticked,
    "role": role,
    "code": code,
    "display": display,
    "dollar": dollar,
    "inline": inline,
    "environment": environment,
    "definition": definition,
    "skip": skip,
    "raw": raw,
    "left_out": left_out,
    "link": link,
    "bracket": left_out,
    "emphasis": left_out,
}
