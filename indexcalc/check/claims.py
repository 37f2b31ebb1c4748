"""Claims: a verdict for every step of a chain, in the reading of its sides in which least is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from indexcalc.check.definitions.marks import shown
from indexcalc.check.definitions.scalars import Scalars
from indexcalc.check.definitions.unknown import Gradients
from indexcalc.check.documents.pieces import LONGEST_FORMULA
from indexcalc.check.documents.places import Lines, Placed
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.scan import EQUALITY
from indexcalc.check.matrices.numbers import Numbers, holds_matrix
from indexcalc.check.proving.counterexamples import Counterexample
from indexcalc.check.proving.proof import Verdict
from indexcalc.check.proving.sizes import in_dimension
from indexcalc.check.sides import Sides, explained, open_letters, read_sides, where
from indexcalc.check.steps import Steps
from indexcalc.errors import IndexcalcError
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative, Index, Tensor, Term
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

    def with_remark(self, remark: str, is_sure: bool) -> Claim:
        """The claim, which holds in a certain sense; it agrees only where the sense is a guess."""
        verdict = self.verdict
        word = verdict.word if is_sure or verdict.word != "proved" else "agrees"
        return replace(self, verdict=Verdict(word, f"{verdict.reason}; {remark}", verdict.counterexample))

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
        self.fields: frozenset[str] = frozenset()  # tensors that depend on others in an unknown way
        self.dimensions: tuple[int, ...] = ()  # how far indices run in the document, if it says so
        self.highest = 0  # the last place that the document writes as a digit
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
        written = chain.sides[start : end + 1]
        known = self.gradients.copy()
        claims, defines = self._steps(chain, start, read_sides(sheet, written, chain.dialect), given)
        is_wrong = chain.dialect == "latex" and bool(_unread(claims) or _refuted(claims))
        letters = open_letters(sheet, written) if is_wrong else ()
        if letters:
            before, self.gradients = self.gradients, known
            others, also = self._steps(chain, start, read_sides(sheet, written, chain.dialect, letters), given)
            if _unread(others) or _refuted(others):
                self.gradients = before
            else:
                claims, defines = others, also
        if defines and not given:
            self.defined(chain)
        yield from claims

    def _steps(self, chain: Chain, start: int, sides: Sides, given: int) -> tuple[list[Claim], bool]:
        """The claims of one reading of the sides, and whether the first step defines a derivative."""
        sides, logistic = self.scalars.put_in(sides)
        if logistic and self.logistic is None:
            self.logistic = chain.start
        sides, defines = self.gradients.worked_in(self._without_unsaid(sides))
        sides = where(self._without_lost(sides, chain), chain.conditions)
        first = max(given, start + defines)
        claims = Steps(self, chain, start, sides).claims(first)
        if chain.dialect == "latex" and _refuted(claims):
            claims = self._in_dimension(chain, start, sides, first, claims)
        return claims, defines

    def _in_dimension(self, chain: Chain, start: int, sides: Sides, first: int, general: list[Claim]) -> list[Claim]:
        """The claims where the indices without a size run to what the document says, or to 3, if less is wrong then."""
        terms = [term for term in sides.terms if isinstance(term, Term)]
        stated = bool(self.dimensions)
        for size in self.dimensions or (self.highest if self.highest > 1 else 3,):
            sheet, axes, changed = in_dimension(sides.sheet, sides.axes, terms, size)
            rest = iter(changed)
            known = tuple(next(rest) if isinstance(term, Term) else term for term in sides.terms)
            claims = Steps(self, chain, start, replace(sides, sheet=sheet, axes=axes, terms=known)).claims(first)
            if len(_refuted(claims)) < len(_refuted(general)) and len(_unread(claims)) <= len(_unread(general)):
                remark = f"holds where the indices run to {size}" + ("" if stated else ", which nothing says")
                wrong = {claim.position for claim in _refuted(general)} - {claim.position for claim in _refuted(claims)}
                return [claim.with_remark(remark, stated) if claim.position in wrong else claim for claim in claims]
        return general

    def _without_lost(self, sides: Sides, chain: Chain) -> Sides:
        """The sides, with errors for those that need a definition which is of no use."""
        slots = sides.sheet.slots
        lost = {name: line for name, (own, line) in self.lost.items() if own is not chain and not slots.get(name)}

        return _refusing(sides, lost, lambda term: term.symbols) if lost else sides

    def _without_unsaid(self, sides: Sides) -> Sides:
        """The sides, with errors for the derivatives of what is defined in a way that cannot be read."""
        return _refusing(sides, self.unsaid, _differentiated) if self.unsaid else sides

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


def _refusing(sides: Sides, unusable: Mapping[str, int], names_of: Callable[[Term], Collection[str]]) -> Sides:
    """The sides, with errors for those with names whose definition, in the line given, is of no use."""

    def checked(term: Term | IndexcalcError) -> Term | IndexcalcError:
        name = min(unusable.keys() & names_of(term), default="") if isinstance(term, Term) else ""
        cause = f"the definition of {name} in line {unusable[name]} cannot be used" if name else ""
        return IndexcalcError(cause, "Write it with indices") if name else term

    return replace(sides, terms=tuple(map(checked, sides.terms)))


def _differentiated(term: Term) -> set[str]:
    """The names of the tensors of which a term holds derivatives."""
    bodies = (each.body for each in subterms(term) if isinstance(each, Derivative))
    return {body.name for body in bodies if isinstance(body, Tensor)}


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
