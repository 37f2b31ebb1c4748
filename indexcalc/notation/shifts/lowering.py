"""From trees with shifted places to terms: an element at a place is a sum over its axis with a constraint.

    x[i+k-1]  is  sum[p](x[p] * (p == i+k-1)),  so 0 where there is no such place
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from indexcalc.affine import Form, constant
from indexcalc.notation.lowering.summation import body_of, index_letters, indices_of, operands
from indexcalc.notation.lowering.survey import Survey, is_symbol
from indexcalc.notation.lowering.terms import Lowering
from indexcalc.notation.shifts.conditions import SCOPED, conditions_of
from indexcalc.notation.shifts.elements import Elements, own_index
from indexcalc.notation.shifts.forms import Written
from indexcalc.notation.shifts.scopes import Access, counts_places
from indexcalc.notation.syntax.places import Syntax, error_at, kind, place_of, subtrees
from indexcalc.terms import (
    ONE,
    ZERO,
    Call,
    Constraint,
    Contraction,
    Delta,
    Derivative,
    Epsilon,
    Index,
    Indicator,
    Number,
    Power,
    Product,
    Range,
    Reduction,
    Sum,
    Tensor,
    Term,
    Where,
    negative,
    size_of,
)

FURTHEST = Number(Fraction(10) ** 300)  # what stands in an extreme where nothing is read


class ShiftedLowering(Lowering):
    """Trees to terms where places are affine forms. accesses: the elements, by their trees."""

    def __init__(self, survey: Survey, elements: Elements, accesses: Mapping[int, Access]) -> None:
        super().__init__(survey)
        self.elements, self.reckoner, self.accesses = elements, elements.reckoner, accesses

    def index(self, letter: str, slot: object = None) -> Index:
        """The index of a scope."""
        return self.reckoner.index(letter)

    def lower(self, tree: Syntax, free: frozenset[str]) -> Term:
        """The term of a tree in which the letters `free` are not summed."""
        match kind(tree):
            case "tensor":
                return self._shifted(tree, free)
            case "name" if str(tree.children[0]) in {each.partition(SCOPED)[0] for each in free}:
                name = str(tree.children[0])
                if name not in self.survey.defined and name not in self.survey.uses:
                    cause = f"{name} is an index here, and no number"
                    remedy = "Give the scalar another name; a place is compared as in 1[i == 1]"
                    raise self._error(cause, remedy, tree)
            case "reduce":
                return self._reduced(tree, free)
            case "diff":
                return self._derived(tree, free)
            case "where" if self.survey.compares_indices(operands(tree)[0]):
                return self._chosen(tree, free)
            case "indicator" if counts_places(operands(tree)[0]):
                upto, place = (str(each.children[0]) for each in subtrees(operands(tree)[0]))
                return Indicator("<=", self.index(upto), self.index(place))
            case "indicator" if self.survey.compares_indices(operands(tree)[0]):
                relation, test = self._place_test(operands(tree)[0], free)
                return Sum(ONE, negative(test)) if relation == "!=" else test
        return super().lower(tree, free)

    # ----- Elements

    def _shifted(self, tree: Syntax, free: frozenset[str]) -> Term:
        summed = self.summation.summed(tree, free)
        if summed:
            return self._contraction(summed, self._shifted(tree, free.union(summed)))
        for child, letter in _tokens(indices_of(tree)):
            if letter in self.reckoner.scopes or letter in self.reckoner.sizes:
                if letter in free or letter in self.reckoner.sizes:
                    continue
            self._lost_letter(letter, child)
        access = self.accesses[id(tree)]
        if not is_symbol(tree):
            return self.elements.element(access)
        values = [self.reckoner.value(place) for place in access.places]
        if access.name == "delta":
            return self._equality(access, values)
        slots = [own_index(value, Range("3", size=3)) for value in values]
        if None in slots:
            raise self._error("the permutation symbol takes letters", "Write eps[i,j,k]", tree)
        return Epsilon(*(slot for slot in slots if slot is not None))

    def _equality(self, access: Access, values: list[Form]) -> Term:
        one, other = access.places
        if not (one.period or other.period):
            ends = [own_index(value, value.letters[0][0].range) if value.letters else None for value in values]
            if None not in ends and ends[0] is not None and ends[1] is not None and ends[0].range == ends[1].range:
                return Delta(ends[0], ends[1])
            return Constraint("==", values[0] - values[1])
        period = one.period or other.period
        if one.period and other.period and one.period != other.period:
            cause = f"{access.said} compares places that count modulo different periods"
            raise error_at(cause, "Compare places of one period", access.place)
        number = Written((), int(period)) if period.isdecimal() else Written(((period, 1),), 0)
        most = self.reckoner.value(number)
        factors = [Constraint("==", values[0] - values[1], most)]
        for place, value in zip(access.places, values, strict=True):
            if not place.period:  # it is equal to a place from 1 to the period
                factors += [Constraint(">=", value - constant(1)), Constraint(">=", most - value)]
        return Product(*factors)

    def _lost_letter(self, letter: str, node: object) -> None:
        base = letter.partition(SCOPED)[0]
        cause, remedy, places = self.missing(base)
        raise error_at(cause, remedy, place_of(node, self.text), *places)  # type: ignore[arg-type]

    def _derived(self, tree: Syntax, free: frozenset[str]) -> Term:
        """A derivative; by an element at a shifted place it is one by a place of the axis, which is then put there."""
        summed = self.summation.summed(tree, free)
        numerator, *variables = operands(tree)
        inner = free.union(summed)
        term = self.lower(numerator, inner)
        places: list[Term] = []
        bound: list[Index] = []
        for variable in variables:
            found = self._variable_at(variable, inner)
            while isinstance(found, Contraction | Product):
                if isinstance(found, Contraction):
                    bound += found.bound
                    found = found.body
                else:
                    places += [each for each in found.factors if isinstance(each, Constraint)]
                    (found,) = [each for each in found.factors if isinstance(each, Tensor)]
            assert isinstance(found, Tensor)
            term = Derivative(term, found)
        return self._contraction(summed, Contraction(bound, Product(term, *places)))

    def _variable_at(self, tree: Syntax, free: frozenset[str]) -> Term:
        """The element of a tensor that is differentiated by: itself, or at places that constraints give."""
        access = self.accesses.get(id(tree)) if kind(tree) == "tensor" and not is_symbol(tree) else None
        if access is None:
            return self._variable(tree, free)
        found = self.elements.inside(access)
        if found is ZERO:
            cause = f"{access.said} is no place of {access.name}, so nothing can be differentiated by it"
            raise self._error(cause, "Differentiate by an element within its axis, or by what the base holds", tree)
        return found

    # ----- Sums

    def _contraction(self, summed: Sequence[str], body: Term) -> Term:
        ends = self._ends(summed)
        return super()._contraction(summed, Product(body, *ends) if ends else body)

    def _ends(self, letters: Sequence[str]) -> list[Term]:
        """The conditions under which letters are within ends that their ranges do not say."""
        found = [Constraint(">=", each) for letter in letters for each in self.reckoner.ends_of(letter)]
        return [each for each in found if each is not ONE]

    def _reduced(self, tree: Syntax, free: frozenset[str]) -> Term:
        letters = index_letters(indices_of(tree))
        body = self.lower(body_of(tree), free.union(letters))
        bound, ends = [self.index(letter) for letter in letters], self._ends(letters)
        name = str(tree.children[0])
        if not ends:
            return self._over(name, bound, body)
        match name:
            case "sum":
                return Contraction(bound, Product(body, *ends))
            case "mean":
                number = Contraction(bound, Product(*ends))
                return Product(Contraction(bound, Product(body, *ends)), Power(number, Number(-1)))
            case "logsumexp":
                return Call("log", Contraction(bound, Product(Call("exp", body), *ends)))
        idle = {"prod": ONE, "max": negative(FURTHEST), "min": FURTHEST}[name]
        for each in ends:
            body = Where(each, body, idle)
        return Reduction(name, bound, body)

    @staticmethod
    def _over(name: str, bound: list[Index], body: Term) -> Term:
        match name:
            case "sum":
                return Contraction(bound, body)
            case "mean":
                sizes = (Power(size_of(index.range), Number(-1)) for index in bound)
                return Product(*sizes, Contraction(bound, body))
            case "logsumexp":
                return Call("log", Contraction(bound, Call("exp", body)))
        return Reduction(name, bound, body)

    # ----- Conditions

    def _chosen(self, tree: Syntax, free: frozenset[str]) -> Term:
        condition, then, otherwise = operands(tree)
        relation, test = self._place_test(condition, free)
        first, second = self.lower(then, free), self.lower(otherwise, free)
        return Where(test, second, first) if relation == "!=" else Where(test, first, second)

    def _place_test(self, tree: Syntax, free: frozenset[str]) -> tuple[str, Term]:
        ((relation, form),) = conditions_of(tree, self.text)
        for name, _ in form.names:
            if name not in free and name not in self.reckoner.sizes:
                self._lost_letter(name, tree)
        return relation, Constraint("==" if relation == "!=" else relation, self.reckoner.value(form))


def _tokens(indices: Syntax) -> list[tuple[object, str]]:
    """The letters and names of sizes in a list of indices, each with its token."""
    found: list[tuple[object, str]] = []
    pending = list(indices.children)
    while pending:
        node = pending.pop(0)
        if isinstance(node, str):
            if node.type.endswith("INDEX") and not str(node).isdecimal():
                found.append((node, str(node)))
        else:
            pending[:0] = node.children[:1] if kind(node) in ("modulo", "bounded") else node.children
    return found
