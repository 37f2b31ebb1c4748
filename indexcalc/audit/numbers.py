"""Steps from a formula to a number: a claim, or numbers that are put in."""

from __future__ import annotations

from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.proving.proof import Verdict
from indexcalc.audit.steps import Step, is_reckoned
from indexcalc.calculus.resolve import Resolver
from indexcalc.errors import IndexcalcError
from indexcalc.indices import Range
from indexcalc.meaning.primitives import is_pending
from indexcalc.meaning.ranges import Ranges, settled
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Derivative as Slope
from indexcalc.notation.formula import Formula, Numeral, Signed, walk
from indexcalc.rewrite.simplify import shortener
from indexcalc.terms import Call, Contraction, Delta, Derivative, Epsilon, Reduction, Size, Term
from indexcalc.walk import holds, subterms

GAMMA = frozenset(("gammaln", "digamma", "polygamma"))  # as which factorials are read
PUT_IN = Verdict("skipped", "numbers are put in")


def of_number(left: Value | str, formula: Formula, right: Formula, found: Compared, ranges: Ranges) -> Verdict:
    """What is said of a formula that equals a number, where it is not proved: `formula` has the value `left`.

    A number with decimals may be rounded, unless it is another one written out.

    What hangs on no tensor has one value only, so that nothing can be put in. A derivative that is to be a fraction of
    whole numbers may be meant for all values of what it hangs on, or for some that nothing says.
    """
    verdict = found.verdict
    decimals = _rounded(right, found) if _is_exact(formula) or not isinstance(formula, Numeral) else None
    is_letter = isinstance(left, Value) and not all(map(is_pending, left.term.symbols))  # e may be one
    if is_reckoned(formula) and not is_letter:
        return _as_reckoned(verdict, decimals, formula, right, found)
    if not isinstance(left, Value):
        return PUT_IN
    if not left.term.symbols or _is_constant(found):
        if decimals is not None:
            return _same_to(decimals)
        if verdict.word == "refuted" and _is_unsized(settled(left.term, ranges, {})):
            return Verdict("undecided", "it hangs on how far the indices run, which nothing says")
        return verdict
    if holds(left.term, Derivative) and _is_exact(right):
        if verdict.word == "refuted":
            return Verdict("undecided", "the sides differ, unless the names have values that nothing says")
        return verdict
    return PUT_IN


def puts_in(step: Step) -> bool:
    """Whether a step says which number a formula is that holds names: for values of these that it puts in.

    A derivative that is to be a number without decimals may be meant for all values.
    """
    left, right = (side.formula for side in step.statement.sides[step.place : step.place + 2])
    is_slope = any(isinstance(each, Slope) for each in walk(left)) and _is_exact(right)
    return is_reckoned(right) and not is_reckoned(left) and not is_slope


def _as_reckoned(
    verdict: Verdict, decimals: int | None, left: Formula, right: Formula, found: Compared
) -> Verdict:
    """The verdict on numbers alone: what is written with decimals was rounded, and reckoned on before it was."""
    if decimals is not None:
        return _same_to(decimals)
    example = found.verdict.counterexample
    if verdict.word != "refuted" or example is None:
        return verdict
    own, others = ([each for each in walk(side) if isinstance(each, Numeral)] for side in (right, left))
    least = min((_decimals(each) for each in own if _decimals(each)), default=0)
    written = [each for each in (*own, *others) if least and _decimals(each) >= least]
    if len(written) == 1 or least < ROUNDED:  # the number that it comes to, of such as are exact
        return verdict
    apart = abs(example.left - example.right)
    if written and apart <= MOST_OFF * sum(_weight(each, example.left, example.right) for each in written):
        return Verdict("undecided", "the sides differ by no more than what rounding its numbers may have changed")
    return verdict


def _decimals(number: Numeral) -> int:
    return len(number.text.partition(".")[2])


def _weight(number: Numeral, *values: float) -> float:
    """By how much a unit in the last place of a factor changes a value, at most; or that of a term."""
    unit = 10.0 ** -_decimals(number)
    size = abs(float(number.text))
    return unit * max(1.0, *(abs(each) / size if size else 1.0 for each in values))


ROUNDED = 2  # decimals at least of numbers that may have been rounded
MOST_OFF = 1.0  # units in the last places: numbers are rounded or cut, and what they were made of was rounded, too


def _same_to(decimals: int) -> Verdict:
    return Verdict("agrees", f"the same to {decimals} decimal{'s' * (decimals != 1)}")


def _rounded(right: Formula, found: Compared) -> int | None:
    """How many decimals a number has to which the other side was rounded or cut; none if it was not."""
    number = right.body if isinstance(right, Signed) else right
    example = found.verdict.counterexample
    if example is None or not isinstance(number, Numeral) or "." not in number.text:
        return None
    decimals = len(number.text.partition(".")[2])
    unit = 10.0**-decimals
    cut = abs(example.left) - abs(example.right)
    rounded = abs(example.left - example.right) <= unit / 2
    return decimals if rounded or (0 <= cut < unit and example.left * example.right > 0) else None


def _is_constant(found: Compared) -> bool:
    """Whether the left side has derivatives, and no tensor is left when they are worked out."""
    if found.left is None or found.sheet is None or not holds(found.left, Derivative):
        return False
    try:
        return not Resolver(found.sheet, shortener, [found.left]).resolve(found.left, found.axes).symbols
    except IndexcalcError:
        return False


def _is_exact(formula: Formula) -> bool:
    return all("." not in each.text for each in walk(formula) if isinstance(each, Numeral))


def _is_unsized(term: Term) -> bool:
    """Whether a term hangs on the size of a range that is no number."""
    return any(range.size is None for each in subterms(term) for range in _ranges(each))


def _ranges(term: Term) -> list[Range]:
    match term:
        case Size(range):
            return [range]
        case Contraction(bound, _) | Reduction(_, bound, _):
            return [index.range for index in bound]
        case Delta() | Epsilon():
            return [index.range for index in term.slots]
    return []


def speaks_of_factorials(found: Compared) -> bool:
    """Whether a factorial is left in what is compared, once all derivatives are worked out."""
    if found.sheet is None or found.left is None or found.right is None:
        return False
    sides = [found.left, found.right]
    terms = [*sides, *(each.body for each in found.sheet.definitions.values())]
    if not any(map(_has_gamma, terms)):
        return False
    resolver = Resolver(found.sheet, shortener, sides)
    terms = [resolver.resolve(side, found.axes) for side in sides]
    spoken = frozenset().union(*(each.symbols for each in terms))
    needed = (each.body for name, each in resolver.sheet.definitions.items() if resolver.sheet.depends(spoken, name))
    return any(map(_has_gamma, (*terms, *needed)))


def _has_gamma(term: Term) -> bool:
    return any(isinstance(each, Call) and each.function in GAMMA for each in subterms(term))
