r"""Conditions on indices: in the sentence of a formula, by the heading above it, or standing alone.

    "for $i \\neq j$ we get $$..$$"   governs what follows in its sentence
    "### $i = j$"                       governs its section
    anything else                       is kept, so that a step that holds only under it is not refuted, also where it
                                        stands in plain text: i ≠ 0
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from indexcalc.audit.outline.prose import Prose, Spoken
from indexcalc.audit.outline.statements import Statement
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.sentences import CLOSE, MARK, OPEN, Sentence
from indexcalc.context.told import ALSO, UNDER
from indexcalc.notation.formula import Formula, Name, Numeral, Relation, walk

BETWEEN = re.compile(r"\s*[,(]?\s*(?:if|for|when|where|whenever|with|in case|provided)\s*\Z", re.IGNORECASE)

# Words before a condition that may go on to hold behind the formula with which its sentence ends.
CASE = re.compile(
    r"(?:\b(?:case|fall|caso|cas)|случа\w*)\s*(?:when|where|that|of|wenn|dass|où|donde)?\s*\Z", re.IGNORECASE
)
PLAIN = re.compile(
    r"(?<![A-Za-z0-9_\\=≠!<>'.-])(?P<letter>[a-z]) ?(?P<sign>=|≠|!=) ?(?P<other>[a-z]|\d{1,2})"
    r"(?![A-Za-z0-9_=<>'(/*+^-]| [=+*/-])(?!\.\d)"
)


def conditions(prose: Prose, by_formula: dict[int, list[Statement]], known: Knowledge) -> None:
    """Find under which conditions on indices formulas stand: in their sentence, or by the heading above them."""
    headed: list[tuple[int, Formula]] = []
    for sentence in prose.sentences:
        if sentence.level:
            headed = [each for each in headed if each[0] < sentence.level]
        found = list(_conditions(sentence, by_formula, known))
        prose.spoken += _plain(sentence)
        kept = [(number, each) for number, each, lead in found if not lead or _goes_on(sentence, number)]
        for number, condition in kept:
            place = by_formula[number][0].start
            letters = frozenset(_letters_in(condition))
            prose.spoken.append(Spoken(condition, number, place, letters))
        for number, condition, lead in found:
            if sentence.level and lead:
                headed.append((sentence.level, condition))
            elif lead:
                for other in _governed(sentence, number, {each for each, _, leads in found if leads and each > number}):
                    prose.under.setdefault(other, []).append(condition)
        for number in sentence.formulas:
            if not sentence.level:
                prose.under.setdefault(number, []).extend(condition for _, condition in headed)


def _plain(sentence: Sentence) -> Iterable[Spoken]:
    """The conditions on letters in the words of a sentence."""
    for match in PLAIN.finditer(sentence.text):
        other = match["other"]
        last = Numeral(other, Fraction(int(other))) if other.isdigit() else Name(other)
        condition = Relation((Name(match["letter"]), last), ("=" if match["sign"] == "=" else "neq",))
        place = sentence.start + match.start()
        yield Spoken(condition, -1, place, frozenset(_letters_in(condition)))


def _goes_on(sentence: Sentence, number: int) -> bool:
    """Whether a sentence begins a case by a condition: "For the case when i = j:"."""
    return CASE.search(sentence.text.partition(f"{OPEN}{number}{CLOSE}")[0]) is not None


def _conditions(
    sentence: Sentence, by_formula: dict[int, list[Statement]], known: Knowledge
) -> Iterable[tuple[int, Formula, bool]]:
    for number in sentence.formulas:
        if number in sentence.displays:
            continue
        for statement in by_formula.get(number, ()):
            condition = _condition(statement, known)
            if condition is not None:
                before = sentence.text.partition(f"{OPEN}{number}{CLOSE}")[0]
                said = UNDER.search(MARK.sub(" \ue002 ", before)) is not None
                yield number, condition, said or _is_bare(sentence)


def _is_bare(sentence: Sentence) -> bool:
    """Whether a heading has no words but `and` beside its formulas: it names a case."""
    words = re.findall(r"[^\W\d_]+", MARK.sub(" ", sentence.text))
    return bool(sentence.level) and all(each.lower() in ALSO for each in words)


def _condition(statement: Statement, known: Knowledge) -> Formula | None:
    if len(statement.sides) != 2 or not statement.links:
        return None
    left, right = (side.formula for side in statement.sides)
    if not isinstance(left, Name) or not isinstance(right, Name | Numeral):
        return None
    if isinstance(right, Numeral) or not all(_is_subscript(each.letter, known) for each in (left, right)):
        return None
    relation = {"=": "=", "\\neq": "neq", "\\ne": "neq", "≠": "neq", "\\not=": "neq"}.get(statement.links[0].text)
    return Relation((left, right), (relation,)) if relation else None


def _is_subscript(letter: str, known: Knowledge) -> bool:
    """Whether two such letters compared are indices: the comparison itself is where they stand alone."""
    return known.letters.is_index(letter) or letter in known.letters.shared


def _governed(sentence: Sentence, number: int, others: set[int]) -> list[int]:
    """The formulas for which a condition in a sentence holds: the display right before it, or all behind it."""
    mark = f"{OPEN}{number}{CLOSE}"
    before, _, behind = sentence.text.partition(mark)
    numbers = [int(each) for each in MARK.findall(before)]
    lead = MARK.split(before)[-1]
    if numbers and numbers[-1] in sentence.displays and BETWEEN.match(re.sub(r"\s+", " ", lead)):
        return [numbers[-1]]
    later = []
    for each in map(int, MARK.findall(behind)):
        if each in others:
            break
        later.append(each)
    if re.match(r"\s*(?:we|is|being|only|gives)?\s*(?:only\s+being|only|as an example)", behind):
        return []
    stop = next(
        (
            place
            for place, each in enumerate(MARK.split(behind)[::2])
            if re.search(r"\b(?:but|in general|otherwise|while)\b", each)
        ),
        None,
    )
    if stop is not None:
        later = later[:stop]
    return later


def _letters_in(formula: Formula) -> set[str]:
    """The letters in a formula."""
    return {each.letter for each in walk(formula) if isinstance(each, Name)}
