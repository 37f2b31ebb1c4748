r"""Chains of matrices of numbers: M \cdot v = w, and names that are given such a value: A = (0.2 0.5).

A side that is no matrix of numbers, such as \frac{\partial L}{\partial A}, is a name: the first matrix behind it is its
value, and where it stands again, its value is compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from indexcalc.check.documents.places import Placed
from indexcalc.check.matrices.arithmetic import Matrix, spelled
from indexcalc.check.matrices.exact import Difference, compare, normal, read_matrix
from indexcalc.check.proving.counterexamples import Counterexample
from indexcalc.check.proving.proof import Verdict
from indexcalc.errors import IndexcalcError

MATRIX = re.compile(r"\\begin\s*\{\s*(?:[pbB]?(?:small)?matrix\*?|array)\s*\}")


def holds_matrix(sides: Sequence[Placed]) -> bool:
    """Whether a matrix stands on one of the sides."""
    return any(MATRIX.search(side.text) for side in sides)


class Numbers:
    """The values of names, as a document gives them one by one."""

    def __init__(self, known: Mapping[str, Matrix] | None = None) -> None:
        self.known = dict(known or {})

    def copy(self) -> Numbers:
        """The same values, to which others may come."""
        return Numbers(self.known)

    def value(self, side: Placed) -> Matrix | IndexcalcError:
        """The value of a side: of the name, or of the expression."""
        known = self.known.get(normal(side.text))
        if known is not None:
            return known
        try:
            return read_matrix(side.text, self.known)
        except IndexcalcError as error:
            return error

    def steps(self, sides: Sequence[Placed]) -> list[Verdict | IndexcalcError | None] | None:
        """What comes of each step: a verdict, the error of its side, or none for a definition.

        None at all where no side has a value: it is no chain of numbers.
        """
        values = [self.value(side) for side in sides]
        if not any(isinstance(value, Matrix) for value in values[1:]):
            return None
        last = values[0]
        results: list[Verdict | IndexcalcError | None] = []
        for value in values[1:]:
            if isinstance(value, IndexcalcError):
                results.append(value)
            elif isinstance(last, IndexcalcError) and MATRIX.search(sides[0].text):
                results.append(last)
                last = value
            elif isinstance(last, IndexcalcError):
                self.known[normal(sides[0].text)] = value
                results.append(None)
                last = value
            else:
                results.append(judged(last, value))
                last = value
        return results


def judged(left: Matrix, right: Matrix) -> Verdict:
    """The verdict on two matrices of numbers."""
    try:
        word, difference = compare(left, right)
    except IndexcalcError as error:
        return Verdict("refuted", error.cause)
    if difference is None:
        return Verdict(word, "worked out exactly" if word == "proved" else "equal to the decimals that are given")
    return Verdict(word, _sentence(left, right, difference), _counterexample(difference))


def _sentence(left: Matrix, right: Matrix, difference: Difference) -> str:
    """What is wrong: the entry, and whether all that is wrong are signs."""
    where = "" if left.number is not None else f"in row {difference.row}, column {difference.column}: "
    first, second = spelled(difference.left), spelled(difference.right)
    pairs = [pair for rows in zip(left.rows, right.rows, strict=True) for pair in zip(*rows, strict=True)]
    wrong = [(one, other) for one, other in pairs if one != other]
    slip = "a sign is wrong: " if all(one == -other for one, other in wrong) else ""
    count = f"; {len(wrong)} entries differ" if len(wrong) > 1 else ""
    return f"{slip}{where}{first} on the left, {second} on the right{count}"


def _counterexample(difference: Difference) -> Counterexample:
    element = {"row": difference.row, "column": difference.column}
    return Counterexample({}, element, float(difference.left), float(difference.right), 0)
