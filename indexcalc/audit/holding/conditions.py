"""On what it hangs that a confirmed step holds, where the text may be meant in another way."""

from __future__ import annotations

import itertools

from indexcalc.audit.defined import Defined
from indexcalc.audit.fields.heights import moved_letter
from indexcalc.audit.fields.refuted import Refuted
from indexcalc.audit.fields.unsaid import GRADIENT, hangs_on_gradient, holds_turned
from indexcalc.audit.reached import said_again
from indexcalc.audit.shaping.columns import column_for_row
from indexcalc.audit.summation import escaped_letters, summed_letters
from indexcalc.context.names import written
from indexcalc.context.uses import UNITS
from indexcalc.notation.formula import Bracket, Derivative, Formula, Name, Numeral, Product, Scripted, Signed, walk


def held_if(step: Refuted) -> str:
    """On what it hangs that a step holds, where the text may be meant in another way; empty if on nothing."""
    sides = step.statement.sides[step.step.place : step.step.place + 2]
    if any(side.scaled for side in sides):
        return "it holds if the factor before the sum belongs to all terms behind it: put brackets"
    if letter := moved_letter(step.judge, step.step):
        return f"it holds if the metric is that of Euclid: {letter} does not stand as high in all terms"
    if hangs_on_gradient(step.judge, step.step, step.found.rests) and not holds_turned(step.judge, step.step):
        return GRADIENT
    if name := column_for_row(step.judge, (side.formula for side in sides), step.statement.start):
        return f"{name} stands there like a row, and its definition makes it a column: a transposition may be missing"
    if doubt := _contradicted(step) or _may_be_arrays(step):
        return doubt
    if letter := _unwritten_sum(step):
        return f"{letter} stands twice on one side, and sums are written elsewhere: a sum may be missing"
    reading, known = step.reading, step.judge.known
    found = (escaped_letters(side.formula, known, reading.scope.counts, reading.free) for side in sides)
    letter = min(frozenset().union(*found), default="")
    return letter and f"{letter} stands outside of the sum over it: it holds if it is summed over as well"


def _unwritten_sum(step: Refuted) -> str:
    """The letter that a chain of derivatives on one side alone would have to be summed over, where sums are written."""
    known, reading = step.judge.known, step.reading
    if not known.writes_sums:
        return ""
    sides = step.statement.sides[step.step.place : step.step.place + 2]
    own, other = (summed_letters(side.formula, known, reading.scope.counts, reading.free) for side in sides)
    odd = ((sides[0], own - other), (sides[1], other - own))
    bare = [side for side in sides if all(token.text != r"\sum" for token in side.tokens) and _is_chain(side.formula)]
    found = [letters for side, letters in odd if side in bare]
    return min(frozenset().union(*found), default="")


def _is_chain(formula: Formula) -> bool:
    return any(isinstance(each, Derivative) for each in walk(formula))


def _contradicted(step: Refuted) -> str:
    """Which lines say two things of a name on which a step rests, where it does not hold with the other one."""
    definitions = step.judge.meanings.definitions
    for each in (one for one in step.found.rests if isinstance(one, Defined)):
        for rival in step.judge.rivals:
            if rival.name == each.name and rival.place == each.place and rival.line != each.line:
                if said_again(step.judge, each):
                    continue
                with definitions.without([each]):
                    definitions.add(rival)
                    holds = step.holds(step.left)
                if not holds:
                    return f"lines {each.line} and {rival.line} say two things of {each.name}: which of them is meant?"
    return ""


def _may_be_arrays(step: Refuted) -> str:
    r"""Which letter was taken for a number beside signs that arrays have: A \odot B = A B, (A B)^{-1} = A^{-1} B^{-1}.

    Where all products are taken element by element, numbers say the same.
    """
    place = step.step.place
    sides = [side.formula for side in step.statement.sides[place : place + 2]]
    if sides[0] == sides[1]:
        return ""
    products = [part for side in sides for part in walk(side) if isinstance(part, Product)]
    plain = {each for part in products for each in _pair(part, PLAIN)}
    marked = {each for part in products for each in _pair(part, ("hadamard",))} & plain
    marked |= {each for part in products for each in _pair(part, ("kronecker",))}
    marked |= {each for side in sides for part in walk(side) for each in _inverted(part)}
    for formula in sorted(marked, key=written):
        use = step.judge.known.use(formula)
        if use is None or use.name.partition("_")[0] in UNITS - step.judge.known.letters.taken:
            continue
        if not use.indices and not step.judge.known.strength(use.name, step.statement.start):
            return f"nothing says for sure whether {use.name} is a number, a vector or a matrix"
    return ""


PLAIN = ("juxtaposed", "times")


def _pair(product: Product, operators: tuple[str, ...]) -> list[Formula]:
    """The names that such operators stand between."""
    pairs = itertools.pairwise(product.factors)
    found = [each for (_, first), (operator, second) in pairs if operator in operators for each in (first, second)]
    return [each for each in found if isinstance(each, Name | Scripted)]


def _inverted(formula: Formula) -> list[Formula]:
    """The capital letters in a product of which the inverse is written."""
    match formula:
        case Scripted(Bracket("(", Product(factors)), None, Signed("-", Numeral("1"))):
            names = [each for _, each in factors if isinstance(each, Name) and each.letter.isupper()]
            return list(names) if len(names) > 1 else []
    return []
