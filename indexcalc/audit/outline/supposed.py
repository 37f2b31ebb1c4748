"""What a sentence says only if something else holds."""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.audit.outline.statements import Statement
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.sentences import MARK, Sentence
from indexcalc.context.told import WHETHER
from indexcalc.notation.formula import Name, Numeral


def behind_if(sentence: Sentence, by_formula: dict[int, list[Statement]], known: Knowledge) -> Iterable[int]:
    """The formulas behind one of which a sentence says only `if`, unless that is a condition on indices."""
    supposed = False
    for match in MARK.finditer(sentence.text):
        number = int(match[1])
        if supposed:
            yield number
        elif number not in sentence.displays and WHETHER.search(sentence.text[: match.start()]):
            said = by_formula.get(number, ())
            supposed = any(each.links and not _is_of_indices(each, known) for each in said)


def _is_of_indices(statement: Statement, known: Knowledge) -> bool:
    """Whether a statement compares letters that are indices, and numbers."""
    letters = [side.formula for side in statement.sides if not isinstance(side.formula, Numeral)]
    return all(isinstance(each, Name) and known.letters.is_index(each.letter) for each in letters)
