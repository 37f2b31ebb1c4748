"""The steps of a chain, one after the other.

A step compares a side with the one before it, or with the last one before that could be read. After a wrong step the
sides are also compared with the first one, which tells where a slip was mended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexcalc.check.definitions.marks import plain, plain_letters
from indexcalc.check.definitions.wording import spelled_back
from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.spelling import spelled_as
from indexcalc.check.proving.proof import Verdict, prove
from indexcalc.check.sides import Sides, explained
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import dialect_of
from indexcalc.notation.writing import latex, text
from indexcalc.terms import ZERO, Derivative, Tensor, Term
from indexcalc.walk import holds

if TYPE_CHECKING:
    from indexcalc.check.claims import Claim, Judge


TIMES = r"(?:\\cdot|\\times|\*)"
RECKONED = re.compile(rf"(?=.*\d\s*{TIMES}\s*\(?\s*-?\s*\d)(?:[\d\s.()*/+-]|{TIMES})+", re.DOTALL)  # 3 \cdot 2
BELOW = r"(?:_\w|_\{[^{}]*\})?"
NEXT = re.compile(
    rf"\s*(?P<name>\\?[A-Za-z]+|\\[a-z]+\s*\{{\s*\w+\s*\}}){BELOW}\s*(?P<where>[_^])"
    rf"\s*\{{\s*(?P<letter>[a-z])\s*\+\s*1\s*\}}{BELOW}\s*"
)


def is_update(chain: Chain) -> bool:
    r"""Whether a chain says how x^{t+1} comes of x^t, or \theta_{t+1} of \theta_t."""
    found = NEXT.fullmatch(chain.sides[0].text)
    if found is None:
        return False
    name, letter = re.escape(found["name"]), found["letter"]
    behind = rf"{name}{BELOW}\s*\{found['where']}\s*(?:{letter}(?![A-Za-z])|\{{\s*{letter}\s*\}})"
    return re.search(behind, chain.sides[1].text) is not None


@dataclass
class Steps:
    """A run of equalities in a chain: what the next side is compared with, and what has gone wrong so far."""

    judge: Judge
    chain: Chain
    start: int
    sides: Sides
    last: int = -1
    wrong: int = -1
    mended: bool = False

    def __post_init__(self) -> None:
        self.last = self.start

    def term(self, place: int) -> Term | IndexcalcError:
        """A side, by its place in the chain."""
        return self.sides.terms[place - self.start]

    def claims(self, first: int) -> list[Claim]:
        """The claims of all steps; those before the first one are definitions."""
        places = range(self.start, self.start + len(self.sides.terms) - 1)
        for place in places:
            if place < first:
                self._take(place)
        return [self.step(place) for place in places if place >= first]

    def _take(self, place: int) -> None:
        """Go over a step that is a definition."""
        if not isinstance(self.term(place + 1), IndexcalcError):
            self.last = place + 1

    def step(self, place: int) -> Claim:
        """The claim of one step."""
        left, right = self.term(self.last), self.term(place + 1)
        claim = self._compared(place, left, right)
        if claim.verdict.word in ("refuted", "unreadable") and place == self.start and is_update(self.chain):
            return self._claim(place, Verdict("skipped", "an update: the left side is the next value"))
        return claim

    def _compared(self, place: int, left: Term | IndexcalcError, right: Term | IndexcalcError) -> Claim:
        if isinstance(left, IndexcalcError):
            why = "the first side: " + self._why(left, self.chain.sides[self.start])
            return self._claim(place, Verdict("unreadable", why))
        if isinstance(right, IndexcalcError):
            return self._claim(place, Verdict("unreadable", self._why(right, self.chain.sides[place + 1])))
        self.last = place + 1
        try:
            verdict = self._proved(left, right)
        except IndexcalcError as error:
            return self._claim(place, Verdict("undecided", f"the sides cannot be compared: {error.cause}"))
        if verdict.word != "refuted":
            return self._claim(place, self._in_context(verdict))
        if self.chain.solved or self._is_solved(place, left, right):
            return self._claim(place, Verdict("skipped", "an equation to be solved, which holds for some values only"))
        if RECKONED.fullmatch(self.chain.sides[place + 1].text) and left.symbols:
            return self._claim(place, Verdict("skipped", "numbers are put in"))
        return self._refuted(place, verdict, left, right)

    def _is_solved(self, place: int, left: Term, right: Term) -> bool:
        """Whether a chain ends in that a derivative, which was worked out, is zero; or begins with what fields obey."""
        first = self.term(self.start)
        fields = self.judge.fields & (left.symbols | right.symbols)
        if place == self.start:
            named = first.body if isinstance(first, Derivative) else first
            is_claim = isinstance(first, Derivative | Tensor) and not _is_field(named, fields)
            differ = fields & left.symbols != fields & right.symbols  # else it may be meant as an identity
            return differ and not is_claim and (holds(left, Derivative) or holds(right, Derivative))
        is_last = place + 1 == len(self.chain.relations) and self.chain.dialect == "latex"
        if right is not ZERO or not is_last or not isinstance(first, Derivative):
            return False
        return not first.body.free or bool(fields)

    def _proved(self, left: Term, right: Term) -> Verdict:
        verdict = prove(left, right, self.sides.sheet, self.sides.axes)
        remark = self.sides.remark
        return Verdict(verdict.word, f"{verdict.reason}; {remark}", verdict.counterexample) if remark else verdict

    def _refuted(self, place: int, verdict: Verdict, left: Term, right: Term) -> Claim:
        sheet, axes = self.sides.sheet, self.sides.axes
        if self.wrong >= 0 and not self.mended and self._like_the_start(right):
            self.mended = True
            number = self._line(self.wrong)
            reason = f"differs from the row above, equals the first row: the slip of line {number} is mended here"
            return self._claim(place, Verdict("refuted", f"{verdict.reason}; {reason}", verdict.counterexample))
        first = self.wrong < 0
        if first or self.mended:
            self.wrong, self.mended = place, False
        sentence, new = self.judge.diagnose(left, right, sheet, axes)
        reason = f"{sentence}; {verdict.reason}" if sentence else verdict.reason
        verdict = Verdict("refuted", reason, verdict.counterexample)
        dialect = self.chain.dialect or dialect_of(self.chain.sides[place + 1].text)
        fix = self._written(new, dialect) if new is not None else ""
        return self.judge.claim(self.chain, place, verdict, fix, first)

    def _written(self, term: Term, dialect: str) -> str:
        """A term as the author would write it."""
        sheet, axes = self.sides.sheet, self.sides.axes
        if dialect != "latex":
            return text.write(plain(term, sheet), plain_letters(sheet), axes)
        spelled = spelled_as(plain_letters(sheet), (side.text for side in self.chain.sides))
        return spelled_back(latex.write(plain(term, sheet), spelled, axes))

    def _in_context(self, verdict: Verdict) -> Verdict:
        """A right step behind a wrong one says so, for both its sides still hold the slip."""
        if self.wrong < 0 or self.mended:
            return verdict
        reason = f"{verdict.reason}; as a step, but the slip of line {self._line(self.wrong)} is still in both sides"
        return Verdict(verdict.word, reason, verdict.counterexample)

    def _like_the_start(self, side: Term) -> bool:
        first = self.sides.terms[0]
        if isinstance(first, IndexcalcError):
            return False
        try:
            return prove(first, side, self.sides.sheet, self.sides.axes).word != "refuted"
        except IndexcalcError:
            return False

    def _claim(self, place: int, verdict: Verdict) -> Claim:
        return self.judge.claim(self.chain, place, verdict)

    def _line(self, place: int) -> int:
        return self.judge.lines.at(self.chain.relations[place].place)[0]

    def _why(self, error: IndexcalcError, side: Placed) -> str:
        return explained(error, side, self.judge.lines)


def _is_field(term: Term | IndexcalcError, fields: frozenset[str]) -> bool:
    return isinstance(term, Tensor) and term.name in fields
