r"""What the prose says of tensors in words: "where $P$ is symmetric", "for a unit vector $n$".

A few words are known, each with the equations that it means. What stands in a clause with "if" or "when" holds from
there on only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexcalc.check.documents.pieces import Piece
from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.scan import EQUALITY, Relation

MATRIX, VECTOR = r"(?:matrix|matrices|tensors?|operators?|part)", r"vectors?"
Equations = tuple[tuple[str, str], ...]  # both sides, with {0} for the name
SYMMETRIC: Equations = (("{0}_{{ij}}", "{0}_{{ji}}"),)
ANTISYMMETRIC: Equations = (("{0}_{{ij}}", "-{0}_{{ji}}"),)
COLUMNS: Equations = (("{0}_{{ki}} {0}_{{kj}}", r"\delta_{{ij}}"),)
ROWS: Equations = (("{0}_{{ik}} {0}_{{jk}}", r"\delta_{{ij}}"),)
MEANINGS: dict[str, Equations] = {
    rf"(?:anti-?\s?symmetric|skew(?:-?\s?symmetric)?)(?:\s+{MATRIX})?": ANTISYMMETRIC,
    rf"symmetric(?:\s+positive[\s-](?:semi-?)?definite)?(?:\s+{MATRIX})?": SYMMETRIC,
    rf"orthogonal\s+{MATRIX}|orthogonal(?=\W*\Z|[.,;:])": COLUMNS + ROWS,
    rf"(?:traceless|trace-free)(?:\s+{MATRIX})?": (("{0}_{{ii}}", "0"),),
    rf"unit(?:\s+normal)?\s+{VECTOR}|unit\s+normals?|(?:of|has|have)\s+unit\s+(?:length|norm)": (("{0}_i {0}_i", "1"),),
}
FONT = r"\\(?:mathbf|boldsymbol|bm|vec|hat|mathsf)"
WORD = rf"(?P<name>{FONT}\s*(?:\{{\s*\\?[A-Za-z]+\s*\}}|\\?[A-Za-z])|\\[A-Za-z]+|[A-Za-z])"
NAME = re.compile(rf"\s*{WORD}\s*(?:_\s*(?:\{{\s*[A-Za-z]\s*[A-Za-z]?\s*\}}|[A-Za-z]))?\s*")
TURNED = r"(?P=name)\s*\^\s*\{?\s*(?:\\top|\\intercal|T|\\mathsf\s*\{?T\}?)\s*\}?"
ONE = rf"(?:{FONT}|\\mathbb|\\mathrm)?\s*\{{?\s*[1IE]\s*\}}?"
MATRICES: dict[str, Equations] = {  # what equations between matrices mean, which may never be written with indices
    rf"{WORD}\s*=\s*{TURNED}": SYMMETRIC,
    rf"(?={WORD}){TURNED}\s*=\s*(?P=name)": SYMMETRIC,
    rf"{WORD}\s*=\s*-\s*{TURNED}": ANTISYMMETRIC,
    rf"(?={WORD}){TURNED}\s*=\s*-\s*(?P=name)": ANTISYMMETRIC,
    rf"(?={WORD}){TURNED}\s*(?P=name)\s*=\s*{ONE}": COLUMNS,
    rf"{WORD}\s*{TURNED}\s*=\s*{ONE}": ROWS,
    rf"(?={WORD}){TURNED}\s*(?P=name)\s*=\s*(?P=name)\s*{TURNED}\s*=\s*{ONE}": COLUMNS + ROWS,
}
FILLERS = "which|that|is|are|be|being|both|assumed|taken|to|a|an|the|also|always|real|constant|square"
FILLING = rf"(?:\s*,|\s+(?:{FILLERS}))*\s+"
BEHIND = {re.compile(rf"{FILLING}(?:{word})(?![\w-])"): means for word, means in MEANINGS.items()}
BEFORE = {
    re.compile(rf"(?<![\w-])(?<!not )(?<!no )(?<!non )(?:{word})\s*(?:\$\s*(?:,|and|or)\s*)*\Z"): means
    for word, means in MEANINGS.items()
}
BETWEEN = re.compile(r"\s*(?:,|,?\s*and|or)?\s*")
ENDING = re.compile(r"[.!?;:](?=\s|\Z)|\bthen\b")
CONDITION = re.compile(
    r"\b(?:if|when|whenever|provided|suppose|assum(?:e|ing)|consider|special|case)\b", re.IGNORECASE
)
HEDGE = re.compile(
    r"\b(?:not|non|never|neither|nor|no|cannot|necessarily|unless|whether|contrary|impl(?:y|ies)|hope|only|except|but"
    r"|without|general|arbitrary)\b|n't\b",
    re.IGNORECASE,
)

LONGEST = 1000  # characters of a sentence that are looked at
GOES_ON = re.compile(r"\s*,?\s*(?:if|when|whenever|provided)\b")


@dataclass(frozen=True)
class Assumption:
    """An equation that holds for what stands behind a place; `spoken`: it was said in words, not in a formula."""

    chain: Chain
    start: int = 0
    spoken: bool = True


@dataclass
class Sentence:
    """The sentence that is being read, with a dollar for each formula, and the names at its end.

    after: where the displayed formula begins behind which it goes on. ahead: its rest, up to its end or a display.
    """

    after: int = 0
    ahead: str = ""
    text: str = ""
    names: list[Placed] = field(default_factory=list)

    @property
    def is_condition(self) -> bool:
        """Whether what is said now holds under a condition."""
        return CONDITION.search(self.text) is not None

    @property
    def is_hedged(self) -> bool:
        """Whether it takes back, or leaves open, what it says."""
        return HEDGE.search(f"{self.text} {self.ahead}") is not None

    def prose(self, content: Placed) -> Iterator[Assumption]:
        """Read on; what the words say of the names before them."""
        for pattern, means in BEHIND.items():
            if self.names and pattern.match(content.text.replace("\n", " ")):
                yield from self._said(self.names, means)
        if not BETWEEN.fullmatch(content.text):
            self.names = []
        self.text += content.text.replace("\n", " ")
        ends = [match.end() for match in ENDING.finditer(self.text)]
        if ends:
            self.text, self.after = self.text[ends[-1] :], 0
        self.text = self.text[-LONGEST:]

    def inline(self, content: Placed) -> Iterator[Assumption]:
        """Read a formula in the sentence; what the words before it say of it, if it is a name."""
        name = NAME.fullmatch(content.text)
        if name:
            word = content[name.start("name") : name.end("name")]
            for pattern, means in BEFORE.items():
                if pattern.search(self.text):
                    yield from self._said([word], means)
            self.names.append(word)
        else:
            self.names = []
            matches = ((re.fullmatch(pattern, content.text.strip()), means) for pattern, means in MATRICES.items())
            for match, means in matches:
                if match:
                    yield from self._said([Placed(match["name"], [content.start] * len(match["name"]))], means)
        self.text += "$"

    def _said(self, names: list[Placed], means: Equations) -> Iterator[Assumption]:
        for name in () if self.is_hedged else names:
            for equation in means:
                sides = (each.format(name.text) for each in equation)
                placed = tuple(Placed(side, [name.start] * len(side)) for side in sides)
                chain = Chain(placed, (Relation("=", name.start, EQUALITY),))
                yield Assumption(chain, self.start(name))

    def start(self, content: Placed) -> int:
        """From where on holds what is said here: under a condition from here, or from the formula that it goes with."""
        if not self.is_condition:
            return 0
        return self.after if self.after and GOES_ON.match(self.text) else content.start


def ahead(pieces: Sequence[Piece], place: int) -> str:
    """The rest of the sentence that goes on at a piece, with a dollar for each formula in it."""
    text = ""
    for piece in pieces[place if pieces[place].kind == "prose" else place + 1 :]:
        if piece.kind == "inline":
            text += "$"
        elif piece.kind != "prose":
            break
        else:
            words = piece.content.text.replace("\n", " ")
            end = ENDING.search(words)
            text += words[: end.start()] if end else words
            if end:
                break
        if len(text) > LONGEST:
            break
    return text
