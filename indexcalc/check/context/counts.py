r"""Sizes that the prose names: where $m$ is the number of examples, i runs to m in \frac{1}{m} \sum_i."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import Chain

THINGS = "examples|samples|observations|instances|measurements|(?:data|training) (?:points|examples|samples)|points"
NUMBER_OF = r"(?:(?:total|whole|the)\s+)*number\s+of\s"
COUNTED = re.compile(rf"\s*(?:,|is|be|being|denotes|for)?\s*{NUMBER_OF}|\s+(?:{THINGS})\b")
COUNTING = re.compile(r"\bnumber\s+of\s+(?:[a-z]+\s+){1,3}\Z")
LETTER = re.compile(r"\s*[A-Za-z]\s*")
SUM = re.compile(
    r"\\[dt]?frac\s*(?:\{\s*\d+\s*\}|\d)\s*(?:\{\s*\d*\s*(?P<size>[A-Za-z])\s*\}|(?P<bare>[A-Za-z]))(?:\s|\\[,;:!])*"
    r"\\sum(?:\\limits)?\s*_\s*(?:\{\s*(?P<index>[A-Za-z])\s*\}|(?P<letter>[A-Za-z]))(?!\s*\^)"
)


def counts(before: str, name: Placed, behind: str) -> Iterator[str]:
    """The name, if the prose around it says that it is a number of something."""
    if LETTER.fullmatch(name.text) and (COUNTED.match(behind) or COUNTING.search(before)):
        yield name.text.strip()


def with_bounds(chain: Chain, sizes: Collection[str]) -> Chain:
    """The chain where sums that such a number divides run to it, which is what a mean says."""
    sides = tuple(_bounded(side, sizes) for side in chain.sides)
    return chain if sides == chain.sides else replace(chain, sides=sides, original=chain.original or chain.sides)


def _bounded(side: Placed, sizes: Collection[str]) -> Placed:
    found = [match for match in SUM.finditer(side.text) if (match["size"] or match["bare"]) in sizes]
    changes = []
    for match in found:
        size, index = match["size"] or match["bare"], match["index"] or match["letter"]
        start = match.start("index") if match["index"] else match.start("letter")
        opening = side.text.rindex("_", 0, start)
        changes.append((opening, match.end(), f"_{{{index}=1}}^{{{size}}}"))
    return side.replaced(*changes) if changes else side
