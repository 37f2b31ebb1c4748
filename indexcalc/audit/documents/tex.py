r"""LaTeX: formulas in all its containers, headings, theorems; sheets in comment lines that begin with `% indexcalc:`.

Other comments, verbatim texts, the preamble, and commands that name a file or a reference are left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping

from indexcalc.audit.documents.definitions import ARGUMENT, BRACE, START, definition_at, definitions
from indexcalc.audit.documents.formula import ENVIRONMENTS, WRAPPERS
from indexcalc.audit.documents.marks import (
    display,
    dollar_end,
    environment_end,
    inline,
    left_out,
    open_region,
    skip,
)
from indexcalc.audit.documents.places import Placed
from indexcalc.audit.documents.regions import Kind, Region
from indexcalc.audit.documents.scanner import Found, Numbering, Opener, Scanner, Setting

VERBATIM = ("verbatim", "Verbatim", "BVerbatim", "lstlisting", "minted", "alltt", "filecontents", "tikzpicture")
MARKS = re.compile(
    r"(?P<sheet>^[ \t]*%+[ \t]*indexcalc:.*(?:\n[ \t]*%+[ \t]*indexcalc:.*)*)"
    r"|(?P<comment>%.*)"
    rf"|(?P<verbatim>\\begin\{{(?P<block>(?:{'|'.join(VERBATIM)}|comment)\*?)\}})"
    r"|(?P<verb>\\(?:verb\*?|lstinline(?:\[[^\]\n]*\])?|mintinline\{[^{}\n]*\})(?P<quote>[^\sA-Za-z*{])|\\lstinline\{)"
    r"|(?P<dollars>\$\$|\\\[)"
    r"|(?P<dollar>\$)"
    r"|(?P<inline>\\\()"
    r"|(?P<environment>\\begin\s*\{(?P<name>[^{}\n]{1,50})\}(?:\[[^\]\n]{0,200}\])?)"
    r"|(?P<end>\\end\s*\{(?P<ended>[^{}\n]{1,50})\})"
    rf"|(?P<definition>{START.pattern})"
    r"|(?P<heading>\\(?P<rank>part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\*?(?:\[[^\]\n]{0,200}\])?\s*(?=\{))"
    r"|(?P<left_out>\\href\s*\{[^{}]{0,500}\}|\\(?:cite\w*|\w*ref|label|input|include|includegraphics|bibliography\w*|url|usepackage|documentclass"
    r"|[vh]space\*?|author|date|thanks|bibitem|index|setlength|addtolength|pagestyle|thispagestyle|graphicspath"
    r"|hypersetup|theoremstyle|numberwithin|allowdisplaybreaks|setcounter|addcontentsline)(?![A-Za-z])\*?"
    r"(?:\s*\[[^\]\n]{0,300}\])*(?:\s*\{[^{}]{0,500}\})*|\\item(?![A-Za-z])|~"
    r"|\\(?:emph|text(?:bf|it|sc|sf|tt|rm|sl|up|normal)|underline|textcolor\s*\{[^{}]{0,50}\}|colorbox\s*\{[^{}]{0,50}\}"
    r"|f?box|footnote|caption)(?:\[[^\]\n]{0,200}\])?\s*(?=\{)|[{}])"
    r"|(?P<short>\\[A-Za-z]+)"
    r"|(?P<skip>\\[\s\S])",
    re.MULTILINE,
)
STATEMENT = re.compile(r"^[ \t]*%+[ \t]*indexcalc:(.*)$", re.MULTILINE)
RANKS = {"part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5, "subparagraph": 6}
BREAK = re.compile(r"\n(?=[ \t]*\n)|\\(?:par|item|part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)(?![A-Za-z])")
BEGIN, END = (
    re.compile(r"^[^%\n]*\\begin\{document\}", re.MULTILINE),
    re.compile(r"^[^%\n]*\\end\{document\}", re.MULTILINE),
)


def sheet(scanner: Scanner, match: re.Match[str]) -> Found:
    """The statements of neighbouring comment lines."""
    lines = STATEMENT.finditer(scanner.text, match.start(), match.end())
    content = Placed.joined((scanner.content[slice(*line.span(1))] for line in lines), "\n")
    return [scanner.region("sheet", content, match.start(), match.end(), language="comment")], match.end()


def comment(scanner: Scanner, match: re.Match[str]) -> Found:
    """A comment, up to the end of its line."""
    content = scanner.content[match.start() : match.end()].stripped("%")
    return [scanner.region("comment", content, match.start(), match.end())], match.end()


def verbatim(scanner: Scanner, match: re.Match[str]) -> Found:
    """A text that is not typeset, or a drawing."""
    end = scanner.closers.next(rf"\\end\{{{re.escape(match['block'])}\}}", match.end())
    inner, after = (len(scanner.text),) * 2 if end < 0 else (end, scanner.text.index("}", end) + 1)
    kind: Kind = "comment" if match["block"].startswith("comment") else "code"
    return [scanner.region(kind, scanner.content[match.end() : inner], match.start(), after, display=True)], after


def verb(scanner: Scanner, match: re.Match[str]) -> Found:
    """A few characters that are not typeset, between two marks of the author's choice, in one line."""
    mark = match["quote"] or "}"
    line = scanner.text.find("\n", match.end())
    end = scanner.text.find(mark, match.end(), line if line >= 0 else len(scanner.text))
    if end < 0:
        return None, match.end()
    return [scanner.region("code", scanner.content[match.end() : end], match.start(), end + 1)], end + 1


def dollar(scanner: Scanner, match: re.Match[str]) -> Found:
    """A formula between single dollars, up to the next one in its paragraph."""
    start = match.end()
    end = dollar_end(scanner.text, start, scanner.closers, scanner.closers.blank(start))
    if end < 0 or not scanner.text[start:end].strip():
        return None, start
    return [scanner.formula(start, end, (match.start(), end + 1), display=False)], end + 1


def environment(scanner: Scanner, match: re.Match[str]) -> Found:
    """A display; another environment is opened, and its name remembered for what stands in it."""
    name = match["name"].strip()
    known = scanner.names.get(name, name)
    if known not in ENVIRONMENTS | WRAPPERS:
        scanner.within.append(known.rstrip("*"))
        arguments = re.compile(r"(?:\s*\{[^{}]{0,300}\})*").match(scanner.text, match.end()) if name in TABLES else None
        return (), arguments.end() if arguments else match.end()
    end = environment_end(scanner.text, scanner.closers, name, match.end())
    if end < 0:
        return open_region(scanner, match)
    return [scanner.formula(match.start(), end, (match.start(), end), display=known != "math")], end


TABLES = (
    "tabular",
    "tabular*",
    "tabularx",
    "longtable",
    "array",
    "minipage",
    "multicols",
    "thebibliography",
    "wrapfigure",
)


def end(scanner: Scanner, match: re.Match[str]) -> Found:
    """The end of an environment that was opened."""
    name = scanner.names.get(match["ended"].strip(), match["ended"].strip()).rstrip("*")
    if name in scanner.within:
        del scanner.within[len(scanner.within) - 1 - scanner.within[::-1].index(name) :]
    return (), match.end()


def heading(scanner: Scanner, match: re.Match[str]) -> Found:
    """A heading, with the formulas in it."""
    inner = scanner.braces.group(match.end())
    if inner is None:
        return None, match.end()
    closing = match.end() + len(inner) + 2
    title = scanner.content[match.end() + 1 : closing - 1]
    number = scanner.paragraph(match.start())
    found = [*scanner.nested(title, kind="heading", level=RANKS[match["rank"]], paragraph=number)]
    return found, closing


def definition(scanner: Scanner, match: re.Match[str]) -> Found:
    """The definition of a macro is no prose."""
    _, end = definition_at(scanner.braces, match)
    return [scanner.region("raw", scanner.content[match.start() : end], match.start(), end, language="latex")], end


def short(scanner: Scanner, match: re.Match[str]) -> Found:
    r"""A macro of the author's that stands for a formula in the text, as one with \ensuremath; any other is text."""
    count = scanner.names.get(match.group(), "")
    end = match.end()
    for _ in range(int(count) if count.isdigit() else 0):
        body, end = scanner.braces.behind(BRACE, end)
        if body is None:
            return None, match.end()
    if not count.isdigit():
        return None, match.end()
    return [scanner.formula(match.start(), end, (match.start(), end), display=False)], end


OPENERS: dict[str, Opener] = {
    "sheet": sheet,
    "comment": comment,
    "verbatim": verbatim,
    "verb": verb,
    "dollars": display,
    "dollar": dollar,
    "inline": inline,
    "environment": environment,
    "end": end,
    "definition": definition,
    "heading": heading,
    "left_out": left_out,
    "short": short,
    "skip": skip,
}
OWN_ENVIRONMENT = re.compile(
    r"\\(?:re)?newenvironment\s*\{(?P<name>[\w*]+)\}\s*\{\s*\\begin\s*\{(?P<known>[\w*]+)\}"
    r"|\\DefineVerbatimEnvironment\s*\{(?P<listing>[\w*]+)\}|\\lstnewenvironment\s*\{(?P<listed>[\w*]+)\}"
    r"|\\newtheorem\*?\s*\{(?P<theorem>[\w*]+)\}(?:\[\w*\])?\s*\{\s*(?P<title>\w+)"
)


def regions(content: Placed, numbering: Numbering, within: tuple[str, ...] = ()) -> Iterator[Region]:
    """The regions of a LaTeX text: of its preamble only definitions, declarations and comments."""
    own = [*OWN_ENVIRONMENT.finditer(content.text)]
    names = {each["theorem"]: each["title"].lower() for each in own if each["theorem"]}
    known = {each["name"]: each["known"] for each in own if each["name"]}
    known |= {name: "verbatim" for each in own if (name := each["listing"] or each["listed"])}
    for macro, _, _ in definitions(content.text):
        if macro is not None and macro.body.lstrip().startswith("\\ensuremath") and {*macro.slots} <= {ARGUMENT}:
            names[macro.name] = str(len(macro.slots))  # how many groups behind it are part of the formula
    content = with_environments(content, known)
    begin = BEGIN.search(content.text)
    start = begin.end() if begin else 0
    for region in _scanned(content[:start], numbering, within, {}):
        if region.kind in ("sheet", "comment", "raw"):
            yield region
    finish = END.search(content.text, start)
    yield from _scanned(content[start : finish.start() if finish else len(content)], numbering, within, names)


def _scanned(
    content: Placed, numbering: Numbering, within: tuple[str, ...], names: Mapping[str, str]
) -> Iterator[Region]:
    breaks = [match.start() for match in BREAK.finditer(content.text)]
    numbers = [numbering.next() for _ in range(len(breaks) + 1)]
    return Scanner(content, MARKS, OPENERS, Setting(within=within), breaks, numbers, names).regions()


def with_environments(content: Placed, own: Mapping[str, str]) -> Placed:
    r"""With \begin{equation} for the author's \be, and for environments of their own that only are an equation."""
    found = [*definitions(content.text)]
    short = {macro.name: macro.begins for macro, _, _ in found if macro is not None and macro.begins}
    short |= {f"\\{edge}{{{name}}}": f"{edge} {known}" for name, known in own.items() for edge in ("begin", "end")}
    if not short:
        return content
    inside = [(start, end) for _, start, end in found]
    words = "|".join(re.escape(name) for name in sorted(short, key=len, reverse=True))
    changes = []
    for match in re.finditer(rf"(?:{words})(?:(?<=\}})|(?![A-Za-z]))", content.text):
        place = bisect_right(inside, (match.start(), len(content)))
        if not place or match.start() >= inside[place - 1][1]:
            kind, _, name = short[match.group()].partition(" ")
            changes.append((*match.span(), f"\\{kind}{{{name}}}"))
    return content.replaced(*changes) if changes else content
