r"""What a text may suppose where a step stands: facts that it says elsewhere, values put in, bars of a determinant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.defined import Defined
from indexcalc.audit.facts import facts_at, is_block, slots_of
from indexcalc.audit.outline.prose import WordFact
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.proof import CONFIRMED
from indexcalc.audit.reached import is_defined, leaves_of, spoken_in
from indexcalc.audit.recognise import form_of
from indexcalc.audit.shaping.choices import MATRIX
from indexcalc.audit.stated import stated
from indexcalc.context.exponentials import OF_ELEMENTS
from indexcalc.context.ledger import STATED
from indexcalc.context.loose import loose
from indexcalc.context.sentences import speak_of
from indexcalc.context.told import facts_in
from indexcalc.meaning.primitives import is_square
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Applied, Bars, Bracket, Formula, Name, Numeral, Scripted, Signed, walk

if TYPE_CHECKING:
    from indexcalc.audit.fields.refuted import Refuted
    from indexcalc.audit.judging import Judge

MOST_TRIED = 4
INVERSE = Signed("-", Numeral("1", Fraction(1)))
PROJECTION = re.compile(
    r"\b(?:orthogonal )?project(?:ion|or)s?\b|\bidempoten|\b(?:hat|cent(?:er|r)ing|residual maker) matri"
    r"|\bproje[cç]|\bprojektion|\u6295\u5f71",
    re.IGNORECASE,
)
COVARIANCE = re.compile(
    r"\bgau(?:ss|\xdf)|\bnormal(?:ly)? distribut|\bmultivariate normal|\bcovarian"
    r"|\b(?:precision|kernel|gram) matri|\bpositive (?:semi-?)?definite|\u9ad8\u65af|\u6b63\u6001|\u534f\u65b9\u5dee",
    re.IGNORECASE,
)
MECHANICS = re.compile(
    r"\b(?:stress|strain|deformation|cauchy|piola|finger|metric|inertia|conductivity|diffusion)"
    r"[\w ,-]{0,24}\b(?:tensors?|matri\w+)"
    r"|\binvariants? of\b|\bprincipal (?:invariants?|stress|stretch)|\bspannungstensor|\btenseur|\btensor de",
    re.IGNORECASE,
)
DIAGONAL = re.compile(
    r"(?<!block )\bdiagonal matri(?:x|ces)\b(?! (?:with|of|that)\b)|\bsingular value decomposition|\bSVD\b"
    r"|\beigen-?decomposition|\beigenvalue decomposition|\bspectral decomposition|\bdiagonali[sz]",
    re.IGNORECASE,
)
TRIANGULAR = re.compile(r"\bcholesky|\btriangular", re.IGNORECASE)
USUAL = (
    (TRIANGULAR, ("lower triangular",), "lower triangular"),
    (PROJECTION, ("symmetric", "idempotent"), "a projection"),
    (COVARIANCE, ("symmetric",), "symmetric"),
    (MECHANICS, ("symmetric",), "symmetric"),
    (DIAGONAL, ("diagonal",), "diagonal"),
)


def said_elsewhere(refuted: Refuted) -> str:
    """It holds by what the text says of a name later, of its letter with other labels, or in the row itself."""
    found: dict[str, list[WordFact]] = {}
    why: dict[str, str] = {}
    for fact, reason in _facts(refuted):
        found.setdefault(fact.name, []).append(fact)
        why[fact.name] = reason
    for name, facts in [*found.items()][:MOST_TRIED]:
        if _holds_with(refuted, name, facts):
            said = " and ".join(dict.fromkeys(each.fact for each in facts))
            return f"it holds if {name} is {said}, {why[name]}"
    return ""


def _holds_with(refuted: Refuted, name: str, facts: list[WordFact]) -> bool:
    """Whether a step holds by some facts of a name that nothing defines."""
    judge, statement = refuted.judge, refuted.statement
    ranges = slots_of(name, judge)
    if not ranges or is_defined(judge, name, statement.start):
        return False
    told = [Assumed(*each, one.place, one.words) for one in facts for each in stated(one, ranges, judge.meanings)]
    known, condition = [*facts_at(judge, statement), *told], refuted.reading.condition
    with judge.meanings.quickly():  # what does not hold is no matter here, and must not spend the work of the step
        found = compare(refuted.left, refuted.right, judge.meanings, statement.start, condition, known)
    return bool(told) and found.verdict.word in CONFIRMED


def _facts(refuted: Refuted) -> Iterator[tuple[WordFact, str]]:
    """The facts that may be meant of the names of a step, with the reason for each."""
    judge, statement = refuted.judge, refuted.statement
    names, place = sorted(refuted.left.term.symbols | refuted.right.term.symbols), statement.start
    for fact in facts_in(statement.remark) if statement.remark else ():
        for name in names:
            yield WordFact(name, fact, place, statement.remark), "of which its row speaks"
    for each in judge.prose.facts:
        letter = each.name.partition("_")[0]
        if each.name in names and not judge.prose.holds(each.place, statement.formula, place):
            if not _is_supposed(judge, each.place):  # from there on, and not before
                yield each, "which the text says later"
        elif each.name not in names:
            alike = (replace(each, name=one) for one in names if one.partition("_")[0] == letter)
            for other in (one for one in alike if not is_block(one, judge)):
                yield other, f"as the text says of {each.name}"


def _is_supposed(judge: Judge, place: int) -> bool:
    """Whether the sentence that begins at a place asks to assume what it says."""
    assumed = judge.prose.assumed
    return any(each.start == place and not assumed.isdisjoint(each.formulas) for each in judge.prose.sentences)


def as_usual(refuted: Refuted) -> str:
    """It holds if a matrix that nothing defines is what the text speaks of: a projection, a covariance, a stress."""
    judge, statement = refuted.judge, refuted.statement
    spoken = sorted(_spoken_through(judge, statement) - _designs(judge))
    matrices = (name for name in spoken if len(slots_of(name, judge) or ()) == MATRIX)
    names = [name for name in matrices if not is_block(WordFact(name, "symmetric", 0, ""), judge)][:MOST_TRIED]
    for pattern, words, kind in USUAL:
        places = {each.start for each in judge.prose.sentences if pattern.search(each.text)}
        if not places:
            continue
        if pattern is DIAGONAL and any(each.fact == "diagonal" for each in judge.prose.facts):
            continue  # the text says which matrix is
        told = {fact.place for fact in judge.prose.facts if fact.fact in words}
        for name in names:
            if places <= told and judge.known.strength(name, statement.start) >= STATED:
                continue  # the text says which matrices are, and of this one what it is
            ranges = slots_of(name, judge)
            if ranges is None or not judge.meanings.ranges.same(*ranges):
                continue
            if pattern is PROJECTION and name in judge.known.inverted:
                continue  # the only projection with an inverse is the identity
            if _holds_with(refuted, name, [WordFact(name, word, statement.start, "") for word in words]):
                return f"it holds if {name} is {kind}; the text does not say which matrix is"
    return ""


def _spoken_through(judge: Judge, statement: Statement) -> frozenset[str]:
    """The names of which a statement speaks, and those that stand behind them through definitions."""
    leaves = (leaves_of(judge, side.formula, statement.start) for side in statement.sides)
    return spoken_in(statement, judge.known).union(*leaves)


def _designs(judge: Judge) -> set[str]:
    r"""Matrices of which (X^\top X)^{-1} stands in the text: of a symmetric one nobody writes that."""
    found: set[str] = set()
    for part in (part for each in judge.statements for side in each.sides for part in walk(side.formula)):
        if isinstance(part, Scripted) and isinstance(part.base, Bracket) and part.above == INVERSE:
            inner = (each for each in walk(part.base.body) if isinstance(each, Scripted))
            uses = filter(None, map(judge.known.use, inner))
            found |= {use.name for use in uses if use.transposed and use.power is None}
    return found


def put_in(refuted: Refuted) -> str:
    r"""It stands beside another equation in one formula of a line: with A = B^{-1}, C = D, values may be put in."""
    statement, judge = refuted.statement, refuted.judge
    left = statement.sides[0].formula
    if statement.display or refuted.step.place or not isinstance(left, Name | Scripted):
        return ""
    if judge.beside[statement.formula] < 2:
        return ""
    return "it stands in a list of equations in a line, which may put something in for letters of another formula"


def may_be_determinant(refuted: Refuted) -> str:
    r"""Bars stand around an element, and the other side has not its letters: |A_{ij}| is the determinant of A."""
    place, known = refuted.step.place, refuted.judge.known
    first, second = (side.formula for side in refuted.statement.sides[place : place + 2])
    for side, other in ((first, second), (second, first)):
        for part in walk(side):
            use = known.use(part.body) if isinstance(part, Bars) else None
            letters = {item.text for item in use.indices if item.kind == "letter"} if use is not None else set()
            counts = loose(other, known, refuted.reading.scope.counts)
            if len(letters) == 2 and all(counts[letter] != 1 for letter in letters):
                return "bars around an element of a matrix may mean the determinant of the matrix"
    return ""


def may_be_exponential(refuted: Refuted) -> str:
    r"""Of a square matrix stands \exp or a power of e, and the text does not say which exponential is meant."""
    judge, scope = refuted.judge, refuted.reading.scope
    if judge.known.exponentials or speak_of(judge.prose.sentences, OF_ELEMENTS):
        return ""
    sides = [side.formula for side in refuted.statement.sides[refuted.step.place : refuted.step.place + 2]]
    for formula in (*sides, *(each.body for each in refuted.found.rests if isinstance(each, Defined))):
        for part in walk(formula):
            argument = _exponent(part)
            value = judge.value(argument, scope) if argument is not None else None
            if isinstance(value, Value) and is_square(value, scope):
                return "the exponential of a square matrix may be that of the whole matrix, or of each element"
    return ""


def _exponent(part: Formula) -> Formula | None:
    """What a formula is the exponential of."""
    if isinstance(part, Applied) and part.function == "exp":
        return part.argument
    is_power = isinstance(part, Scripted) and isinstance(part.base, Name) and part.base.letter == "e"
    return part.above if is_power and isinstance(part, Scripted) else None


def given_by_an_equation(refuted: Refuted) -> str:
    """It speaks of what an equation before it gives, P = F(P), which is not used."""
    judge, own = refuted.judge, refuted.statement
    spoken = _spoken_through(judge, own)
    for each in judge.statements:
        first = each.sides[0].formula
        if each.start >= own.start or len(each.sides) < 2 or not isinstance(first, Name | Scripted):
            continue
        use = judge.known.use(first)
        if use is None or use.name not in spoken or use.power is not None or is_defined(judge, use.name, own.start):
            continue
        again = any(part == first for part in walk(each.sides[1].formula))
        if again and form_of(each, judge.known).kind == "claim":
            return f"line {judge.lines.at(each.start)[0]} gives {use.name} by an equation that is not used"
    return ""


SUPPOSED = (said_elsewhere, as_usual, put_in, may_be_determinant, may_be_exponential, given_by_an_equation)
