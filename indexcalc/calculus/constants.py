"""Where a function is taken of what is the same number for all arguments: there its derivative is 0.

    d[i,j] = sqrt(sum[a]((r[i,a] - r[j,a])^2))        d[i,i] = 0, whatever r is

By the chain rule such a place is 0/0: the slope of the root has a pole at 0, and what it is multiplied with vanishes.
So the slope is made 0 where the indices are equal: where(i == j, 0, 1/(2*d[i,j])). Only functions with a pole at the
end of their domain need it, and only where they are taken of just that number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from indexcalc.budget import TooLargeError
from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.rewrite.cost import cost
from indexcalc.rewrite.facts import canonical_of
from indexcalc.rewrite.normal import NormalForm
from indexcalc.sheet import Sheet
from indexcalc.terms import NOTHING, ZERO, Call, Delta, Index, Number, Power, Tensor, Term, Where, in_order
from indexcalc.walk import replace_tensors, substitute, subterms

LONGEST = 200.0  # the cost of an argument that is looked at
MOST_ROUNDS = 6  # definitions written out one inside the other
MOST_PAIRS = 12  # of indices that may be equal
Pair = tuple[Index, Index]


@dataclass(frozen=True)
class Constants:
    """Knows of constants in the light of a sheet, where some tensors are varied as if they had no definition."""

    sheet: Sheet
    varied: frozenset[str] = NOTHING

    def guarded(self, whole: Term, argument: Term, slope: Term) -> Term:
        """The slope of a function or power by an argument, 0 where that is a constant at which the slope has a pole."""
        poles = _poles(whole)
        if not poles or slope is ZERO:
            return slope
        for pairs in self._equalities(argument, poles):
            inner: Term = ZERO
            for one, other in pairs:
                inner = Where(Delta(one, other), inner, slope)
            slope = inner
        return slope

    def _equalities(self, argument: Term, poles: tuple[int, ...]) -> Iterator[tuple[Pair, ...]]:
        """The indices that must be equal for the argument to be such a constant: one pair, or two at once."""
        argument = self._written_out(argument)
        pairs = _pairs(argument)
        if not pairs or len(pairs) > MOST_PAIRS or cost(argument) > LONGEST:
            return
        alone = [pair for pair in pairs if self._value(argument, (pair,)) in poles]
        yield from ((pair,) for pair in alone)
        for both in combinations([pair for pair in pairs if pair not in alone], 2):
            if not {*both[0]} & {*both[1]} and self._value(argument, both) in poles:
                yield both

    def _written_out(self, term: Term) -> Term:
        for _ in range(MOST_ROUNDS):
            new = replace_tensors(term, lambda each: None if each.name in self.varied else self.sheet.inline(each))
            if new is term:
                break
            term = new
        return term

    def _value(self, argument: Term, pairs: tuple[Pair, ...]) -> Fraction | float | None:
        """The number that an argument is where indices are equal; none if it is not seen to be one."""
        try:
            polynomial = self._normal(substitute(argument, {other: one for one, other in pairs}))
        except (TooLargeError, TypeError):  # too long, or with derivatives
            return None
        if not polynomial:
            return Fraction(0)
        alone = len(polynomial) == 1 and not polynomial[0].powers and not polynomial[0].bound
        return polynomial[0].coefficient if alone else None

    @cached_property
    def _normal(self) -> NormalForm:
        return NormalForm(canonical_of(self.sheet))


NO_SHEET = Constants(Sheet())


def _poles(whole: Term) -> tuple[int, ...]:
    """The arguments at which a function or power has a value, and its slope has none."""
    match whole:
        case Call(function, _):
            return FUNCTIONS[function].poles if function in FUNCTIONS else ()
        case Power(_, Number(value)) if 0 < value < 1:
            return (0,)
    return ()


def _pairs(argument: Term) -> list[Pair]:
    """Two free indices, or a fixed place and a free index, that stand at the same slot of a tensor."""
    slots: dict[tuple[str, int], set[Index]] = {}
    for each in subterms(argument):
        if isinstance(each, Tensor):
            for place, index in enumerate(each.slots):
                if index in argument.free or index.place is not None:
                    slots.setdefault((each.name, place), set()).add(index)
    found = {
        (other, one) if other.place is not None else (one, other)
        for group in slots.values()
        for one, other in combinations(in_order(group), 2)
        if one.range == other.range and (one.place is None or other.place is None)
    }
    return sorted(found, key=lambda pair: (pair[0].key, pair[1].key))
