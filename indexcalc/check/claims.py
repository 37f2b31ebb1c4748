"""Claims: a verdict for every step of a chain.

A step compares a side with the one before it, or with the last one before that could be read. After a wrong step the
sides are also compared with the first one, which tells where a slip was mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from indexcalc.check.definitions.marks import plain, shown
from indexcalc.check.definitions.scalars import Scalars
from indexcalc.check.definitions.unknown import Gradients
from indexcalc.check.documents.pieces import LONGEST_FORMULA
from indexcalc.check.documents.places import Lines, Placed
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.scan import EQUALITY
from indexcalc.check.formulas.spelling import spelled_as
from indexcalc.check.matrices.numbers import Numbers, holds_matrix
from indexcalc.check.proving.proof import Counterexample, Verdict, prove
from indexcalc.check.proving.sizes import in_dimension, places_in
from indexcalc.check.sides import Sides, explained, read_sides
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import dialect_of
from indexcalc.notation.writing import latex, text
from indexcalc.sheet import Sheet
from indexcalc.terms import ZERO, Derivative, Index, Tensor, Term
from indexcalc.walk import subterms

SHOWN = 80  # characters of a formula that cannot be read


@dataclass(frozen=True)
class Claim:
    """A step: where its relation stands, both sides as they are written, and what came of it.

    `fix` is the right side that would make a wrong step true, if it was found; `first_wrong` marks the first wrong step
    of a chain. `position` is that of the relation, `chain` that of the chain, in the file.
    """

    line: int
    column: int
    left: str
    relation: str
    right: str
    verdict: Verdict
    fix: str = ""
    first_wrong: bool = False
    position: int = 0
    chain: int = 0

    @property
    def text(self) -> str:
        """Both sides, as they are written."""
        return f"{self.left} {self.relation} {self.right}".strip()

    @property
    def reason(self) -> str:
        """Why this is the verdict."""
        return self.verdict.reason

    @property
    def counterexample(self) -> Counterexample | None:
        """Numbers for which the sides of a refuted step differ."""
        return self.verdict.counterexample

    def with_remark(self, remark: str) -> Claim:
        """The claim, which holds in a certain sense."""
        verdict = self.verdict
        return replace(self, verdict=Verdict(verdict.word, f"{verdict.reason}; {remark}", verdict.counterexample))

    def as_json(self) -> dict[str, Any]:
        """The fields of the JSON report."""
        return {
            "line": self.line,
            "column": self.column,
            "text": self.text,
            "verdict": str(self.verdict),
            "reason": self.reason,
            "counterexample": self.counterexample.as_json() if self.counterexample else None,
            "fix": self.fix or None,
            "first_wrong": self.first_wrong,
        }


# What is wrong with a refuted step: a sentence, and the right side as it should be, from both sides and the sheet.
Diagnosis = Callable[[Term, Term, Sheet, tuple[Index, ...]], tuple[str, Term | None]]


class Judge:
    """Judges chains, one after the other, for one document; `defined` is told of those that define a derivative."""

    def __init__(self, lines: Lines, diagnose: Diagnosis, defined: Callable[[Chain], object] = bool) -> None:
        self.lines, self.diagnose, self.defined = lines, diagnose, defined
        self.gradients, self.numbers, self.scalars = Gradients(), Numbers(), Scalars({})
        self.logistic: int | None = None  # where the logistic function was first put in for an unknown one
        self.lost: dict[str, tuple[Chain, int]] = {}  # names whose definition is of no use, with its chain and line
        self.dimensions: tuple[int, ...] = ()  # how far indices run in the document, if it says so
        self.unsaid: dict[str, int] = {}  # names that the prose defines in a way that cannot be read, with the line

    def copy(self, defined: Callable[[Chain], object]) -> Judge:
        """Another judge that knows the same."""
        other = Judge(self.lines, self.diagnose, defined)
        other.gradients, other.numbers = self.gradients.copy(), self.numbers.copy()
        other.logistic = self.logistic
        return other

    def claim(self, chain: Chain, place: int, verdict: Verdict, fix: str = "", first: bool = False) -> Claim:
        """The claim that a relation of a chain makes, with its verdict."""
        relation = chain.relations[place]
        left, right = chain.shown(place), chain.shown(place + 1)
        line, column = self.lines.at(relation.place)
        start = chain.start
        return Claim(line, column, left, relation.text, right, shown(verdict), fix, first, relation.place, start)

    def judge(self, chain: Chain, sheet: Sheet, given: int = 0) -> Iterator[Claim]:
        """The claims of a chain; its first `given` relations are definitions, and claim nothing."""
        for place, relation in enumerate(chain.relations):
            if relation.sort != EQUALITY:
                yield self.claim(chain, place, Verdict("skipped", f"{relation.sort}, not an equality"))
            elif place == 0 or chain.relations[place - 1].sort != EQUALITY:
                yield from self._run(chain, place, sheet, given)

    def _run(self, chain: Chain, start: int, sheet: Sheet, given: int) -> Iterator[Claim]:
        """The claims of the equalities that follow one another from a place on."""
        end = start
        while end < len(chain.relations) and chain.relations[end].sort == EQUALITY:
            end += 1
        if holds_matrix(chain.sides[start : end + 1]):
            results = self.numbers.steps(chain.sides[start : end + 1])
            if results is not None:
                yield from self._numbers(chain, start, results)
                return
        sides, logistic = self.scalars.put_in(read_sides(sheet, chain.sides[start : end + 1], chain.dialect))
        if logistic and self.logistic is None:
            self.logistic = chain.start
        sides, defines = self.gradients.worked_in(self._without_unsaid(sides))
        if defines and not given:
            self.defined(chain)
        sides = self._without_lost(sides, chain)
        first = max(given, start + defines)
        claims = Steps(self, chain, start, sides).claims(first)
        if chain.dialect == "latex" and _refuted(claims):
            claims = self._in_dimension(chain, start, sides, first, claims)
        yield from claims

    def _in_dimension(self, chain: Chain, start: int, sides: Sides, first: int, general: list[Claim]) -> list[Claim]:
        """The claims where the indices without a size run to what the document says, or to 3, if less is wrong then."""
        terms = [term for term in sides.terms if isinstance(term, Term)]
        highest = max(places_in(terms), default=0)
        for size in self.dimensions or ((highest,) if highest else (3,)):
            sheet, axes, changed = in_dimension(sides.sheet, sides.axes, terms, size)
            rest = iter(changed)
            known = tuple(next(rest) if isinstance(term, Term) else term for term in sides.terms)
            claims = Steps(self, chain, start, replace(sides, sheet=sheet, axes=axes, terms=known)).claims(first)
            if len(_refuted(claims)) < len(_refuted(general)) and len(_unread(claims)) <= len(_unread(general)):
                remark = f"holds where the indices run to {size}"
                wrong = {claim.position for claim in _refuted(general)} - {claim.position for claim in _refuted(claims)}
                return [claim.with_remark(remark) if claim.position in wrong else claim for claim in claims]
        return general

    def _without_lost(self, sides: Sides, chain: Chain) -> Sides:
        """The sides, with errors for those that need a definition which is of no use."""
        slots = sides.sheet.slots
        lost = {name: line for name, (own, line) in self.lost.items() if own is not chain and not slots.get(name)}

        def checked(term: Term | IndexcalcError) -> Term | IndexcalcError:
            names = sorted(lost.keys() & term.symbols) if isinstance(term, Term) else []
            cause = f"the definition of {names[0]} in line {lost[names[0]]} cannot be used" if names else ""
            return IndexcalcError(cause, "Write it with indices") if names else term

        return replace(sides, terms=tuple(map(checked, sides.terms))) if lost else sides

    def _without_unsaid(self, sides: Sides) -> Sides:
        """The sides, with errors for the derivatives of what is defined in a way that cannot be read."""

        def checked(term: Term | IndexcalcError) -> Term | IndexcalcError:
            parts = subterms(term) if isinstance(term, Term) else ()
            bodies = [each.body for each in parts if isinstance(each, Derivative)]
            names = sorted(body.name for body in bodies if isinstance(body, Tensor) and body.name in self.unsaid)
            cause = f"the definition of {names[0]} in line {self.unsaid[names[0]]} cannot be used" if names else ""
            return IndexcalcError(cause, "Write it with indices") if names else term

        return replace(sides, terms=tuple(map(checked, sides.terms))) if self.unsaid else sides

    def _numbers(self, chain: Chain, start: int, results: list[Verdict | IndexcalcError | None]) -> Iterator[Claim]:
        """The claims of a chain of matrices of numbers."""
        first = True
        for place, result in enumerate(results, start):
            if isinstance(result, IndexcalcError):
                why = explained(result, chain.sides[place + 1], self.lines)
                yield self.claim(chain, place, Verdict("unreadable", why))
            elif result is not None:
                wrong = result.word == "refuted"
                yield self.claim(chain, place, result, first=wrong and first)
                first = first and not wrong
            else:
                self.defined(chain)


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
        if isinstance(left, IndexcalcError):
            why = "the first side: " + self._why(left, self.chain.sides[self.start])
            return self._claim(place, Verdict("unreadable", why))
        if isinstance(right, IndexcalcError):
            return self._claim(place, Verdict("unreadable", self._why(right, self.chain.sides[place + 1])))
        self.last = place + 1
        try:
            verdict = self._proved(left, right)
        except IndexcalcError as error:
            return self._claim(place, Verdict("unreadable", f"the sides cannot be compared: {error.cause}"))
        if verdict.word != "refuted":
            return self._claim(place, self._in_context(verdict))
        if self.chain.solved or self._is_stationarity(place, right):
            return self._claim(place, Verdict("skipped", "an equation to be solved, which holds for some values only"))
        return self._refuted(place, verdict, left, right)

    def _is_stationarity(self, place: int, right: Term) -> bool:
        """Whether a chain ends in that the derivative of a number, which was worked out, is zero."""
        first = self.term(self.start)
        is_last = place + 1 == len(self.chain.relations) and self.chain.dialect == "latex"
        if right is not ZERO or not is_last or not isinstance(first, Derivative):
            return False
        return not first.body.free and place > self.start

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
            return text.write(plain(term, sheet), sheet, axes)
        spelled = spelled_as(sheet, (side.text for side in self.chain.sides))
        return latex.write(plain(term, sheet), spelled, axes)

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


def _refuted(claims: list[Claim]) -> list[Claim]:
    return [claim for claim in claims if claim.verdict.word == "refuted"]


def _unread(claims: list[Claim]) -> list[Claim]:
    return [claim for claim in claims if claim.verdict.word == "unreadable"]


def unreadable(judge: Judge, chain: Chain, reason: str) -> Iterator[Claim]:
    """The claims of a chain of which no side can be read."""
    for place, relation in enumerate(chain.relations):
        skipped = relation.sort != EQUALITY
        word, why = ("skipped", f"{relation.sort}, not an equality") if skipped else ("unreadable", reason)
        yield judge.claim(chain, place, Verdict(word, why))


def broken(content: Placed, lines: Lines) -> Claim:
    """The claim of a formula that is not closed, or too long: nothing in it can be read."""
    line, column = lines.at(content.start)
    text = " ".join(content.text[:SHOWN].split())
    reason = "the formula that begins here is not closed before the next blank line"
    if len(content) > LONGEST_FORMULA:
        reason = f"the formula that begins here is longer than {LONGEST_FORMULA} characters"
    verdict = Verdict("unreadable", reason)
    return Claim(line, column, text, "", "", verdict, position=content.start, chain=content.start)
