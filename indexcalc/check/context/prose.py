r"""What the prose says between the formulas: how far indices run, and shapes.

for all $p, q = 1, \ldots, m$        for $i \in \{1, \ldots, n\}$        $1 \le i \le n$
where $\mathbf{1} \in \mathbb{R}^{m}$        $\mathbf{Z} \in M \times Q$
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexcalc.check.documents.places import Placed


@dataclass(frozen=True)
class Extent:
    """Letters that run from 1 to a size, which is written as in LaTeX; the text that says so."""

    letters: tuple[str, ...]
    size: str
    content: Placed


@dataclass(frozen=True)
class Shape:
    """The sizes of a tensor; the text that says so."""

    name: str
    sizes: tuple[str, ...]
    content: Placed

    @property
    def rank(self) -> int:
        """Along how many axes it extends: what is 1 x n is a vector."""
        return sum(size != "1" for size in self.sizes)


LETTER = r"(?:\\?[A-Za-z]+'*)"
LETTERS = rf"(?P<letters>{LETTER}(?:\s*,\s*{LETTER})*)"
DIMENSIONS = {2: "two", 3: "three", 4: "four"}
SIZE = r"(?P<size>[A-Za-z]\w*(?:_\{\w+\})?(?:\^(?:\w|\{\w+\}))?|\d+)"
DOTS = r"(?:\\[lc]?dots[bc]?|\.{2,3}|…)"
EXTENTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{LETTERS}=1,(?:2,)?{DOTS},?{SIZE}",
        rf"{LETTERS}=(?=(?:1,2|1,2,3|1,2,3,4)\Z)(?:\d,)+(?P<size>\d)",
        rf"{LETTERS}\\in\\?\{{1,(?:2,)?{DOTS},?{SIZE}\\?\}}",
        rf"{LETTERS}\\in\[{SIZE}\]",
        rf"1(?:\\leq?|\\leqslant|<=|≤){LETTERS}(?:\\leq?|\\leqslant|<=|≤){SIZE}",
    )
)
FEW = re.compile(rf"{LETTERS}(?:=|\\in\\?\{{)1,(?:2,){{0,1}}(?:3,){{0,1}}(?P<size>[234])(?:\\?\}})?")  # i = 1, 2, 3
NAMES = r"(?P<names>\\?[A-Za-z]\w*(?:,\\?[A-Za-z]\w*)*)"
REALS = r"(?:\\mathbb\{?R\}?|\\R(?![A-Za-z])|\\Re|ℝ)"
SHAPES = (
    re.compile(rf"{NAMES}\\in{REALS}(?:\^\{{?(?P<sizes>[^{{}}]+(?:\{{\w+\}}[^{{}}]*)*)\}}?)?"),
    re.compile(rf"{NAMES}\\in\(?(?P<sizes>\w+(?:\\times\w+)+)\)?"),
)


def extents(formula: Placed) -> Iterator[Extent]:
    """The extents that a formula states, alone or behind something else."""
    for part in parts_of(formula):
        match = next((match for pattern in EXTENTS if (match := pattern.fullmatch(part))), None)
        if match:
            letters = tuple(letter.lstrip("\\") for letter in match["letters"].split(","))
            yield Extent(letters, match["size"], formula)


def dimensions(prose: str) -> Iterator[int]:
    """How far indices run where the prose speaks of a space: "in three dimensions", "in 3D", "a 2-dimensional body"."""
    for size, word in DIMENSIONS.items():
        if re.search(rf"(?i)\b(?:{word}|{size})[\s-]+dimension(?:s|al)\b|\b{size}-?D\b", prose):
            yield size


def space(formula: Placed) -> Iterator[int]:
    r"""The same where a formula says so: i = 1, 2, 3, or x \in \mathbb{R}^3."""
    yield from (int(match["size"]) for part in parts_of(formula) if (match := FEW.fullmatch(part)))
    sizes = [shape.sizes[0] for shape in shapes(formula) if len(shape.sizes) == 1]
    yield from (int(size) for size in sizes if size in ("2", "3", "4"))


def says_extents_only(formula: Placed) -> bool:
    """Whether a formula states nothing but extents."""
    return all(any(pattern.fullmatch(part) for pattern in EXTENTS) for part in parts_of(formula))


def parts_of(formula: Placed) -> list[str]:
    """The parts of a formula between wide spaces and words, each without blanks and the marks around it."""
    parts = re.split(r";|\\q?quad|\\text\{[^{}]*\}|\\forall", plain(formula.text))
    bare = (part.strip(",.") for part in parts)
    return [part.removeprefix("(").removesuffix(")") for part in bare if part]


def shapes(formula: Placed) -> Iterator[Shape]:
    """The shapes that a formula states."""
    for part in parts_of(formula):
        bare = re.sub(r"\\(?:mathbf|boldsymbol|bm|vec|hat)\{?(\\?\w+)\}?", r"\1", part)
        match = next((match for pattern in SHAPES if (match := pattern.fullmatch(bare))), None)
        if match:
            sizes = tuple(size for size in re.split(r"\\times", match["sizes"] or "") if size)
            for name in match["names"].split(","):
                yield Shape(name.lstrip("\\"), sizes, formula)


def plain(text: str) -> str:
    """A formula without blanks, spacing commands and the marks that only set brackets."""
    text = re.sub(r"\\(?:left|right|,|;|!|:| )", "", text.strip("`"))
    text = re.sub(r"\\ell(?![A-Za-z])", "l", text)
    return re.sub(r"(?<!\\q)(?<!\\)\s+", "", text)
