"""Annotated copies: a document with the verdicts behind each formula, or behind the paragraph that it stands in.

    <!-- indexcalc -->
    > **indexcalc**: 3 steps: 2 proved, 1 refuted
    > - **refuted**: `a = b`: the sign is wrong; ... Fix: `-b`
    <!-- /indexcalc -->

What an earlier run wrote is taken out first. In LaTeX the same stands in comment lines.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from indexcalc.audit.checking import checked
from indexcalc.audit.documents.document import read
from indexcalc.audit.documents.notebook import cells
from indexcalc.audit.documents.pieces import Piece
from indexcalc.audit.reports.claims import Claim
from indexcalc.audit.reports.report import FileReport, shortened
from indexcalc.errors import IndexcalcError

BEGIN, END = "<!-- indexcalc -->", "<!-- /indexcalc -->"
COMMENTS = {  # formats without HTML comments
    "latex": "% indexcalc> ",
    "sheet": "# indexcalc> ",
    "org": "# indexcalc> ",
    "typst": "// indexcalc> ",
}
EARLIER = re.compile(rf"^[ \t>]*\n[ \t>]*{BEGIN}.*?{END}[ \t]*\n(?:[ \t>]*\n)?", re.DOTALL | re.MULTILINE)


def annotated(file: FileReport) -> str:
    """The text of a document with its verdicts. Raises IndexcalcError where its format has no place for them."""
    document = file.document
    if document.format in ("rst", "python"):
        remedy = "Annotated copies are of Markdown, LaTeX, Org, Typst, notebooks and sheets"
        raise IndexcalcError(f"{file.path} cannot be annotated", remedy)
    text = cleaned(document.text, document.format)
    if text != document.text:
        file = checked(read(text, document.format, document.name))
    found = list(remarks(file))
    if document.format == "notebook":
        return _notebook(text, found)
    return _inserted(text, found, document.format)


def cleaned(text: str, format: str) -> str:
    """A text without what an earlier run wrote into it."""
    if format in COMMENTS:
        return re.sub(rf"^{re.escape(COMMENTS[format])}.*\n?", "", text, flags=re.MULTILINE)
    if format != "notebook":
        return EARLIER.sub("", text)
    value = json.loads(text)
    changed = False
    for number, cell in cells(text):
        source = EARLIER.sub("", cell.text)
        if source != cell.text:
            _stored(value)[number - 1]["source"] = source.splitlines(keepends=True)
            changed = True
    return _dumped(value) if changed else text


@dataclass(frozen=True)
class Remark:
    """Claims, the last position of their formula with its marks, and whether it stands in a line of prose."""

    claims: tuple[Claim, ...]
    position: int
    inline: bool = False


def remarks(file: FileReport) -> Iterator[Remark]:
    """The claims of each formula or fence that has some."""
    for piece in file.document.pieces:
        claims = tuple(claim for claim in file.claims if _stands_in(claim, piece))
        if claims and piece.kind != "prose":
            yield Remark(claims, piece.end - 1, piece.kind == "inline")


def _stands_in(claim: Claim, piece: Piece) -> bool:
    return len(piece.content) > 0 and piece.content.start <= claim.position <= piece.content.place(len(piece.content))


def lines(claims: Sequence[Claim]) -> Iterator[str]:
    """What is written about claims that stand together."""
    counts = Counter(str(claim.verdict) for claim in claims)
    words = ", ".join(f"{number} {word}" for word, number in counts.items())
    yield f"**indexcalc**: {len(claims)} step{'s' * (len(claims) > 1)}: {words}"
    for claim in claims:
        if str(claim.verdict) in ("refuted", "undecided", "unreadable"):
            fix = f" Fix: {code(claim.fix)}" if claim.fix else ""
            yield f"- **{claim.verdict}**: {code(shortened(claim.text))}: {claim.reason}.{fix}"


def code(text: str) -> str:
    """A text as a code span, whatever backticks it holds."""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    return f"{fence}{text}{fence}" if fence == "`" else f"{fence} {text} {fence}"


def _inserted(text: str, found: Iterable[Remark], format: str) -> str:
    """The text with what is said about each formula behind the line, or the paragraph, in which it ends."""
    parts: list[str] = []
    done = 0
    for end, together in groupby(found, lambda remark: _end(text, remark)):
        behind = list(together)
        parts += [text[done:end], "" if text[:end].endswith("\n") else "\n"]
        prefix = re.match(r"[ \t>]*", text[text.rfind("\n", 0, max(behind[0].position, 0)) + 1 :])
        written = list(lines([claim for remark in behind for claim in remark.claims]))
        parts.append(block(written, format, prefix.group() if prefix else ""))
        done = max(done, end)
    return "".join([*parts, text[done:]])


def _end(text: str, remark: Remark) -> int:
    """Behind the line break after which a remark is written."""
    if remark.inline:
        blank = re.compile(r"\n(?=[ \t>]*(?:\n|\Z))").search(text, remark.position)
        return blank.end() if blank else len(text)
    end = text.find("\n", remark.position)
    return len(text) if end < 0 else end + 1


def block(written: list[str], format: str, prefix: str) -> str:
    """The lines in the way that suits the format."""
    if format in COMMENTS:
        return "".join(f"{COMMENTS[format]}{line}\n" for line in written)
    return "".join(f"{prefix}{line}\n" for line in ["", BEGIN, *(f"> {line}" for line in written), END, ""])


def _notebook(text: str, found: Sequence[Remark]) -> str:
    """A notebook with the lines in its cells."""
    value = json.loads(text)
    for number, cell in cells(text):
        last = cell.place(len(cell))
        own = (remark for remark in found if cell.start <= remark.position <= last)
        inside = [replace(remark, position=cell.position(remark.position)) for remark in own]
        if inside:
            _stored(value)[number - 1]["source"] = _inserted(cell.text, inside, "markdown").splitlines(keepends=True)
    return _dumped(value)


def _stored(notebook: Any) -> list[Any]:
    """The cells of a notebook, as JSON has them."""
    return [cell for sheet in [notebook, *notebook.get("worksheets", [])] for cell in sheet.get("cells", [])]


def _dumped(notebook: Any) -> str:
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
