r"""What the prose of a document says, put where it belongs: evidence, facts, means, conditions, sections.

The sentences are those of context/sentences.py; what their words mean stands in the tables of context/told.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from indexcalc.audit.documents.document import Document
from indexcalc.audit.outline.dimensions import names_said, spoken_of, tell_dimensions
from indexcalc.audit.outline.moments import moments
from indexcalc.audit.outline.statements import Side, Statement
from indexcalc.audit.outline.supposed import behind_if
from indexcalc.context.exponentials import OF_MATRICES
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import SHOWN, STATED, Evidence
from indexcalc.context.names import Use
from indexcalc.context.sentences import MARK, Part, Sentence, sentences, speak_of
from indexcalc.context.space.frames import LAPLACE
from indexcalc.context.space.vectors import WORDS
from indexcalc.context.told import (
    ASSUMED,
    CHOSEN,
    DENIED,
    FALSE,
    OUTSIDE,
    REASON,
    SOLVING,
    SUPPOSED,
    WHETHER,
    Told,
    told,
)
from indexcalc.notation.formula import Applied, Formula, Name, Scripted, walk

LOGISTIC = re.compile(
    r"\bsigm\wid|\blogistic (?:function|sigmoid)|\bсигмоид|\bлогистическ\w+ функци|시그모이드|シグモイド", re.IGNORECASE
)
REGRESSION = re.compile(r"\blogistic regression", re.IGNORECASE)
NAMING = re.compile(r"\b(?:let|(?:re)?define)(?:\s+(?:us|now|instead|again|it|as|be))*\s*:?\s*\Z", re.IGNORECASE)
CASE = re.compile(r"\b(?:if|for|at|when|whenever|unless)\s+(?:that\s+|the\s+(?:point|choice)\s+)?\Z", re.IGNORECASE)


@dataclass(frozen=True)
class WordFact:
    """A fact in words: of which tensor, which one, from which place on."""

    name: str
    fact: str
    place: int
    words: str


@dataclass(frozen=True)
class Spoken:
    """A condition on indices that stands alone in the text: in which formula, where, with which letters."""

    formula: Formula
    number: int
    place: int
    letters: frozenset[str]


@dataclass
class Prose:
    """What the prose of a document says, beside its evidence.

    facts: in words. means: the name of a mean, what it is the mean of, where. sections: where headings stand, with
    their levels. solving: the stretches in which an equation is solved. under: for the numbers of formulas, their
    conditions. spoken: conditions of which it is not known what they govern. assumed: the formulas that the text asks
    to assume. open: those that it denies, or of which it says only `if`.
    """

    facts: list[WordFact] = field(default_factory=list)
    sums: list[tuple[int, int, int]] = field(default_factory=list)
    means: list[tuple[Use, Formula, int]] = field(default_factory=list)
    sections: list[tuple[int, int]] = field(default_factory=list)
    solving: list[tuple[int, int]] = field(default_factory=list)
    under: dict[int, list[Formula]] = field(default_factory=dict)
    spoken: list[Spoken] = field(default_factory=list)
    assumed: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)
    braced: list[tuple[Statement, Formula]] = field(default_factory=list)  # what is one by what stands at a brace
    named: set[int] = field(default_factory=set)  # formulas that the text gives as definitions
    chosen: set[int] = field(default_factory=set)  # formulas before which a sentence says that something is chosen
    conditional: set[int] = field(default_factory=set)  # formulas that hold in a case only
    supposed: set[int] = field(default_factory=set)  # displays that hold under a condition that is said in words
    sentences: list[Sentence] = field(default_factory=list)
    independent: list[tuple[frozenset[str], frozenset[str]]] = field(default_factory=list)  # of which others; none
    moments: list[tuple[Side, Formula]] = field(default_factory=list)  # what means are zero, what variances are
    denominator: bool = False
    is_zero_outside: bool = False  # there are zeros beyond the ends of axes
    conventions: list[tuple[int, str]] = field(default_factory=list)  # by symmetric matrices, with places

    def fact(self, name: str, fact: str, place: int, words: str) -> None:
        """Take in a fact in words; the same twice counts once."""
        if not any((each.name, each.fact, each.place) == (name, fact, place) for each in self.facts):
            self.facts.append(WordFact(name, fact, place, words))

    def convention(self, place: int) -> str:
        """How a derivative by a symmetric matrix is meant at a place; empty where nothing is said."""
        before = [word for start, word in self.conventions if start <= place]
        words = before[-1:] or [word for _, word in self.conventions[:1]]
        return words[0] if words else ""

    def together(self, first: int, second: int) -> bool:
        """Whether two formulas stand in one sentence."""
        return any(first in each.formulas and second in each.formulas for each in self.sentences)

    def holds(self, place: int, formula: int, start: int) -> bool:
        """Whether what a sentence says, that begins at a place, holds for a formula.

        It stands in the formula's sentence or before it, or gives the reason right behind it.
        """
        if place <= start or any(each.start == place and formula in each.formulas for each in self.sentences):
            return True
        behind = self._reasons.get(formula)
        return behind is not None and behind.start == place

    def explains(self, fact: int, formula: int) -> bool:
        """Whether a formula in a line stands in the sentence that gives the reason for a display right before it."""
        behind = self._reasons.get(formula)
        return behind is not None and fact in behind.formulas

    @cached_property
    def _reasons(self) -> dict[int, Sentence]:
        """The sentences that give the reason for the displays right before them, by the numbers of these."""
        pairs = [(before, each) for before, each in pairwise(self.sentences) if _gives_reason(each)]
        return {number: each for before, each in pairs for number in before.displays}

    def spoken_before(self, statement: Statement) -> list[Spoken]:
        """The conditions on indices of which the text speaks before a statement, in its section."""
        begin = max((start for start, _ in self.sections if start <= statement.start), default=0)
        return [each for each in self.spoken if begin <= each.place <= statement.start]

    def section_end(self, place: int) -> int:
        """Where the section ends in which a place is."""
        return next((start for start, _ in self.sections if start > place), 1 << 60)


def _gives_reason(sentence: Sentence) -> bool:
    return not sentence.level and REASON.search(MARK.sub(" ", sentence.text)) is not None


def prose_of(document: Document) -> Prose:
    """The sentences of a document and its sections."""
    parts: list[Part] = []
    for number, piece in enumerate(document.pieces):
        if piece.kind not in ("formula", "inline", "prose") or not piece.content.text:
            continue
        start, end = piece.content.start, piece.content.start + len(piece.content.text)
        formula = None if piece.kind == "prose" else number
        if parts and formula is not None and parts[-1].formula is not None:
            lines = document.lines.at(start)[0] - document.lines.at(parts[-1].end)[0]
            parts.append(Part("\n" * lines, parts[-1].end, start))  # blank lines between formulas are no prose
        parts.append(Part(piece.content.text, start, end, formula, piece.kind == "formula"))
    found = Prose(sentences=sentences(parts))
    found.sections = [(each.start, each.level) for each in found.sentences if each.level]
    text = " ".join(each.text for each in found.sentences)
    found.denominator = (
        re.search(r"denominator[\s-]layout", text, re.IGNORECASE) is not None and "numerator layout" not in text.lower()
    )
    found.is_zero_outside = any(OUTSIDE.search(each.text) for each in found.sentences)
    for sentence in found.sentences:
        solving = SOLVING.search(re.sub(r"\s+", " ", _zeros(sentence, document)))
        if solving:
            begins = _behind(sentence, solving, document)
            found.solving.append((begins, found.section_end(begins)))
        found.conditional.update(int(match[1]) for match in MARK.finditer(sentence.text) if _is_case(sentence, match))
        found.assumed.update(_assumed(sentence))
        found.open.update(_open(sentence))
        found.named.update(_named(sentence))
        found.chosen.update(_chosen(sentence))
    return found


def _open(sentence: Sentence) -> Iterable[int]:
    """The formulas in a line of which a sentence does not say that they hold."""
    for match in MARK.finditer(sentence.text):
        denied = FALSE.search(MARK.split(sentence.text[match.end() :])[0]) is not None
        if int(match[1]) not in sentence.displays and (denied or WHETHER.search(sentence.text[: match.start()])):
            yield int(match[1])


def _named(sentence: Sentence) -> Iterable[int]:
    """The formulas that a sentence gives as definitions: let ..."""
    for match in MARK.finditer(sentence.text):
        if NAMING.search(sentence.text[: match.start()]):
            yield int(match[1])


def _assumed(sentence: Sentence) -> Iterable[int]:
    """The formulas in a line that a sentence asks to assume, unless it denies something."""
    if DENIED.search(MARK.sub(" ", sentence.text)) is None:
        for match in MARK.finditer(sentence.text):
            if int(match[1]) not in sentence.displays and ASSUMED.search(sentence.text[: match.start()]):
                yield int(match[1])


def _supposed(sentence: Sentence, by_formula: dict[int, list[Statement]]) -> Iterable[int]:
    """The displays of which a sentence says that they hold if something else does, in words that no formula says."""
    clause = SUPPOSED.search(sentence.text)
    for match in MARK.finditer(sentence.text, clause.end() if clause else len(sentence.text)):
        if int(match[1]) in sentence.displays:
            yield int(match[1])
        elif any(each.links or each.conditions for each in by_formula.get(int(match[1]), ())):
            return


def _chosen(sentence: Sentence) -> Iterable[int]:
    """The formulas right before which words say that something is chosen: let, define, instead."""
    behind = 0
    for match in MARK.finditer(sentence.text):
        if CHOSEN.search(sentence.text[behind : match.start()]):
            yield int(match[1])
        behind = match.end()


def _zeros(sentence: Sentence, document: Document) -> str:
    """The text of a sentence, with formulas that are just 0 written out."""

    def shown(match: re.Match[str]) -> str:
        text = document.pieces[int(match[1])].content.text.strip()
        return " 0 " if text in ("0", "\\mathbf{0}", "= 0", "=0") else f" \ue002{match[1]}\ue002 "

    return MARK.sub(shown, sentence.text)


def _behind(sentence: Sentence, match: re.Match[str], document: Document) -> int:
    """The place behind the last display that stands before some words of a sentence."""
    before = [int(number) for number in re.findall("\ue002(\\d+)\ue002", match.string[: match.start()])]
    displays = [number for number in before if number in sentence.displays]
    if not displays:
        return sentence.start
    content = document.pieces[displays[-1]].content
    return content.start + len(content.text)


def _is_case(sentence: Sentence, mark: re.Match[str]) -> bool:
    """Whether a formula in a line is what holds in a case only: it vanishes at w = ..., if A = ..."""
    return int(mark[1]) not in sentence.displays and CASE.search(sentence.text[: mark.start()]) is not None


def tell(prose: Prose, by_formula: dict[int, list[Statement]], known: Knowledge) -> None:
    """Put what the sentences say into the ledger, and gather facts, means and sizes."""
    for sentence in prose.sentences:
        said = list(told(sentence))
        for each in said:
            _take(each, prose, by_formula, known)
        if not any(each.trait == "fact" for each in said):
            prose.supposed.update(_supposed(sentence, by_formula))
        prose.supposed.update(behind_if(sentence, by_formula, known))
    tell_dimensions(prose, by_formula, known)
    _sigmoid(prose, by_formula, known)
    known.denominator = prose.denominator
    known.space = speak_of(prose.sentences, WORDS)
    known.exponentials = speak_of(prose.sentences, OF_MATRICES)
    known.laplacian = speak_of(prose.sentences, LAPLACE)


def _take(each: Told, prose: Prose, by_formula: dict[int, list[Statement]], known: Knowledge) -> None:
    numbers = spoken_of(each.formulas, by_formula, each.trait == "axes")
    names = [use for number in numbers for use in names_said(by_formula.get(number, ()), known)]
    for use in names:
        match each.trait:
            case "axes":
                axes = int(str(each.value)) if use.indices else max(0, int(str(each.value)) - known.count(use.name))
                is_each = use.font == "bold" or len(use.indices) < int(str(each.value))  # matrices S_k; x_n may be x
                if not use.indices or (len(use.indices) == known.count(use.name) and each.value in (1, 2) and is_each):
                    known.believe(use.name, axes, STATED, each.place, f"the text calls it so: {each.words}")
            case "function":
                known.ledger.tell(
                    Evidence(use.name, "kind", "function", STATED, each.place, "the text calls it a function")
                )
            case "standard":
                known.ledger.tell(
                    Evidence(use.letter, "standard", each.value, STATED, each.place, f"the text says so: {each.words}")
                )
            case "row" | "column" if len(use.indices) == 1 and 2 in known.letters.kinds.get(use.name, ()):
                known.rows.add(use.name)
                if each.trait == "column":
                    known.columns.add(use.name)
            case "row vector" | "column vector" if not use.indices:
                why = f"the text calls it so: {each.words}"
                known.ledger.tell(Evidence(use.name, each.trait.split()[0], True, STATED, each.place, why))
            case "basis" if len(use.indices) == 1 and not use.labels:
                known.bases.add(use.name.removesuffix("_each"))
            case "size":
                known.letters.sizes.add(use.name)
            case "fact":
                prose.fact(use.name, str(each.value), each.place, each.words)
    if each.trait == "independent":
        assert isinstance(each.value, tuple)
        others = [use for number in each.value for use in names_said(by_formula.get(number, ()), known)]
        own = {use.letter: use.name for use in reversed(names)}  # x_1, \dots, x_n: the elements of x
        prose.independent.append((frozenset(own.values()), frozenset(use.name for use in others)))
    if each.trait in ("zero mean", "variance"):
        prose.moments += moments(each, by_formula)
    if each.trait == "mean":
        _means(each, names, prose, by_formula, known)
    if each.trait == "is one":
        prose.sums.append((each.formulas[0], int(str(each.value)), each.place))


def _means(
    each: Told, names: list[Use], prose: Prose, by_formula: dict[int, list[Statement]], known: Knowledge
) -> None:
    """Names of means; of what, the bar over the letter says, or the words."""
    assert isinstance(each.value, tuple)
    others = [use for number in each.value for use in names_said(by_formula.get(number, ()), known)]
    for place, use in enumerate(names):
        base, bar, rest = use.letter.partition("_bar")
        if bar and not rest:
            prose.means.append((use, Applied("mean", Name(base)), each.place))
        elif len(others) == len(names):
            prose.means.append((use, Applied("mean", Name(others[place].letter)), each.place))


def _has_exponentials(by_formula: dict[int, list[Statement]]) -> bool:
    """Whether formulas write exponentials: they may say themselves what the logistic function is."""
    sides = (side.formula for many in by_formula.values() for each in many for side in each.sides)
    parts = (part for side in sides for part in walk(side))
    return any(
        (isinstance(part, Applied) and part.function == "exp")
        or (isinstance(part, Scripted) and isinstance(part.base, Name) and part.base.letter == "e")
        for part in parts
    )


def _sigmoid(prose: Prose, by_formula: dict[int, list[Statement]], known: Knowledge) -> None:
    r"""\sigma is the logistic function where the text speaks of one, and does not define it itself."""
    for sentence in prose.sentences:
        if LOGISTIC.search(sentence.text) or (REGRESSION.search(sentence.text) and not _has_exponentials(by_formula)):
            if known.is_function("sigma"):
                known.ledger.tell(
                    Evidence(
                        "sigma",
                        "standard",
                        "sigmoid",
                        SHOWN,
                        sentence.start,
                        "the text speaks of the logistic function",
                    )
                )
            return
