"""What a fact holds for: each value of its free indices, and the arguments of unknown functions that it names."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.errors import IndexcalcError
from indexcalc.notation.lowering.contradictions import Bounds
from indexcalc.notation.lowering.summation import Summation
from indexcalc.notation.syntax.places import Place, Syntax, error_at
from indexcalc.sheet import Fact
from indexcalc.terms import Call, Term
from indexcalc.walk import subterms


def free_in_fact(sides: Sequence[Syntax], summation: Summation) -> tuple[str, ...]:
    """The letters for each value of which a fact holds.

    An author who writes sum[j](m[i,j]*w[i,j]) = 1 means each i, and with 1[i != j]*A[i,j] = 0 each pair: the sum over
    them would be written as well.
    """
    first = next((side for side in sides if summation.letters(side)), sides[0])
    bare = Summation(summation.survey, conditions=False)
    return summation.free(first, [*summation.only_in_reductions(first), *bare.free(first)])


class Facts:
    """The facts of a sheet as they come: those stated, where each stands, and their sides with their places."""

    def __init__(self) -> None:
        self.stated: list[Fact] = []
        self.places: list[Place] = []
        self.sides: list[tuple[Term, Place]] = []
        self._bounds = Bounds()

    def state(self, fact: Fact, place: Place) -> None:
        """Take in a fact; refuse those that cannot hold together: everything would follow from them."""
        self.places.append(place)
        self.stated.append(fact)
        found = self._bounds.excluded(fact)
        if found is None:
            return
        one, other = self.places[found], self.places[-1]
        first, second = (" ".join(each.text[each.start : each.end].split()) for each in (one, other))
        if one == other:
            raise error_at(f"the fact {first} never holds", "Correct it, or leave it out", one)
        raise error_at(f"the facts {first} and {second} contradict each other", "Leave one of them out", one, other)

    def check_arguments(self, known: Collection[str]) -> None:
        """Refuse facts about unknown functions of what stands nowhere else: assume f(x) = x^2 says nothing of f(y).

        known: the names of which the sheet says something else. Raises IndexcalcError.
        """
        for term, place in self.sides:
            for each in subterms(term):
                if isinstance(each, Call) and each.function.rstrip("'") not in FUNCTIONS:
                    strange = sorted(each.symbols.difference(known))
                    if strange:
                        raise _only_there(each.function.rstrip("'"), strange[0], place)


def _only_there(function: str, name: str, place: Place) -> IndexcalcError:
    return error_at(
        f"a fact about {function}(...) holds for what stands in the brackets, not for every argument",
        f"Write what {function} is instead of it, or tensor {name} if a given {name} is meant",
        place,
    )
