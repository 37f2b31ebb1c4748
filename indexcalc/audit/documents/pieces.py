"""The pieces of a document: its formulas and sheets, and the prose between them, joined over its paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from indexcalc.audit.documents.formula import ENVIRONMENTS, LONGEST_FORMULA
from indexcalc.audit.documents.places import Placed
from indexcalc.audit.documents.regions import Region

__all__ = ["ENVIRONMENTS", "LONGEST_FORMULA", "Piece", "pieces_of"]


@dataclass(frozen=True)
class Piece:
    """A stretch of a document.

    kind: a displayed formula, one in a line of prose, statements of a sheet, prose, or a formula that is not closed.
    end: behind it in the file, with the marks that close it. reason: why one that is closed cannot be read.
    """

    kind: Literal["formula", "inline", "sheet", "prose", "open"]
    content: Placed
    end: int = 0
    reason: str = ""


def pieces_of(regions: Iterable[Region]) -> Iterator[Piece]:
    """The pieces of regions; a blank line stands between the paragraphs, a # before a heading."""
    words: list[Placed] = []
    last: Region | None = None
    level = 0  # of the words before; a formula in a heading has none of its own
    for region in regions:
        if region.kind in ("comment", "raw"):
            continue
        wordy = region.kind in ("prose", "heading")
        parted = last is not None and (last.paragraph != region.paragraph or (wordy and level != region.level))
        level = region.level if wordy or parted else level
        if parted:
            words.append(Placed.put_in("\n\n", region.span.start))
        if region.kind in ("prose", "heading", "code"):
            if region.kind == "heading" and (parted or last is None):
                words.append(Placed.put_in("#" * region.level + " ", region.content.start))
            words += [region.content] if region.kind != "code" or not region.display else []
        else:
            yield from _prose(words)
            words = []
            kind = "inline" if region.kind == "formula" and not region.display else region.kind
            assert kind in ("formula", "inline", "sheet", "open")
            yield Piece(kind, region.content, region.span.end, region.reason)
        last = region
    yield from _prose(words)


def _prose(words: list[Placed]) -> Iterator[Piece]:
    if any(not each.text.isspace() for each in words if each.text):
        yield Piece("prose", Placed.joined(words))
