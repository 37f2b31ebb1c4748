"""From trees to terms. Einstein's convention ends here: every sum of the result has its binder."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from indexcalc.calculus.rows import PI
from indexcalc.errors import IndexcalcError
from indexcalc.notation.lowering.binding import contracted
from indexcalc.notation.lowering.composed import multivariate_gamma
from indexcalc.notation.lowering.ranges import Key
from indexcalc.notation.lowering.refusals import check_call, check_power, check_product
from indexcalc.notation.lowering.summation import Summation, body_of, index_letters, indices_of, operands
from indexcalc.notation.lowering.survey import Survey, is_symbol
from indexcalc.notation.syntax.names import COMPOSED, names_epsilon
from indexcalc.notation.syntax.numerals import folds, read_number
from indexcalc.notation.syntax.places import Place, Syntax, Token, error_at, kind, place_of
from indexcalc.terms import (
    MINUS_ONE,
    ONE,
    ZERO,
    Call,
    Contraction,
    Delta,
    Derivative,
    Epsilon,
    Index,
    Number,
    Power,
    Product,
    Range,
    Reduction,
    Sum,
    Tensor,
    Term,
    Where,
    indicator,
    negative,
    size_of,
)


class Lowering:
    """Trees to terms, for the ranges of one survey.

    missing: what to say of a letter that is neither free nor summed.
    """

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.summation = Summation(survey)
        self.text = ""
        self.missing: Callable[[str], tuple[str, str, list[Place]]] = _lost
        self._indices: dict[tuple[str, Key], Index] = {}

    def term(self, tree: Syntax, text: str, free: Sequence[str]) -> Term:
        """The term of an expression with these free letters."""
        self.text = text
        try:
            return self.lower(tree, frozenset(free))
        except IndexcalcError:
            raise
        except (OverflowError, ValueError, ZeroDivisionError):
            raise self._error("the numbers in this expression grow too large", "Write smaller ones", tree) from None

    def index(self, letter: str, slot: Key | None = None) -> Index:
        """The index of a letter, or the place that a number means in a slot."""
        key: Key = letter if slot is None else slot
        known = self._indices.get((letter, key))
        if known is None:
            known = Index(letter, self.survey.ranges.range_of(key))
            self._indices[letter, key] = known
        return known

    def lower(self, tree: Syntax, free: frozenset[str]) -> Term:
        """The term of a tree in which the letters `free` are not summed."""
        rule = _RULES.get(tree.data)
        if rule is None:
            known = _BY_KIND.get(kind(tree))
            if known is None:
                raise TypeError(f"no rule for {kind(tree)}")
            rule = _RULES[tree.data] = known
        return rule(self, tree, free)

    def _error(self, cause: str, remedy: str, *nodes: Syntax | Token) -> IndexcalcError:
        return error_at(cause, remedy, *(place_of(node, self.text) for node in nodes))

    # ----- Leaves

    def _number(self, tree: Syntax, free: frozenset[str]) -> Term:
        if str(tree.children[0]) == str(math.pi):
            return PI  # as it is written for a sheet that does not speak of pi
        number = read_number(str(tree.children[0]))
        if number is None:
            raise self._error(
                "this number is too long, too large or too small",
                "Numbers have at most 400 digits and lie between 1e-300 and 1e300",
                tree,
            )
        return number

    def _name(self, tree: Syntax, free: frozenset[str]) -> Term:
        name = str(tree.children[0])
        if name in free and name not in self.survey.defined and name not in self.survey.sizes:
            raise self._error(
                f"{name} is an index here, and no number",
                "Give the scalar another name; a place is compared as in 1[i == 1]",
                tree,
            )
        return self._scalar(name)

    def _scalar(self, name: str) -> Term:
        size = self.survey.sizes.get(name)
        return Tensor(name) if size is None else size_of(self.survey.ranges.range_of_size(name))

    def _tensor(self, tree: Syntax, free: frozenset[str]) -> Term:
        summed = self.summation.summed(tree, free)
        if summed:
            inner = self._tensor(tree, free.union(summed))
            return Contraction(map(self.index, summed), inner)
        name, letters = str(tree.children[0]), self._letters(indices_of(tree), free)
        if name == "delta":
            return self._delta(letters, tree)
        if names_epsilon(name, len(letters)):
            return self._epsilon(letters, tree)
        return Tensor(name, [self._slot(name, n, letter, tree) for n, letter in enumerate(letters)])

    def _letters(self, tree: Syntax, free: frozenset[str]) -> list[str]:
        """The letters and places of a list of indices, each of them known."""
        letters = []
        for child in tree.children:
            token = child if isinstance(child, str) else child.children[0]
            letter = str(token)
            if letter not in free and not letter.isdecimal():
                cause, remedy, places = self.missing(letter)
                raise error_at(cause, remedy, place_of(child, self.text), *places)
            letters.append(letter.lstrip("0") if letter.isdecimal() else letter)
        return letters

    def _slot(self, name: str, slot: int, letter: str, tree: Syntax) -> Index:
        if not letter.isdecimal():
            return self.index(letter)
        return self._within(self.index(letter, (name, slot)), tree)

    def _within(self, place: Index, tree: Syntax) -> Index:
        if place.place is not None and place.range.size is not None and place.place > place.range.size:
            raise self._error(
                f"place {place.name} lies outside a range of size {place.range.size}",
                "Places are counted from 1",
                tree,
            )
        return place

    def _delta(self, letters: Sequence[str], tree: Syntax) -> Term:
        return Delta(*self._alike(letters, tree))

    def _alike(self, letters: Sequence[str], tree: Syntax) -> list[Index]:
        """Indices of one range, which any letter among them gives to the places."""
        named = [letter for letter in letters if not letter.isdecimal()]
        if named:
            return [
                self._within(self.index(letter, named[0]), tree) if letter.isdecimal() else self.index(letter)
                for letter in letters
            ]
        return [Index(letter, Range(max(letters, key=int))) for letter in letters]

    def _epsilon(self, letters: Sequence[str], tree: Syntax) -> Term:
        three = Range("3", size=3)
        return Epsilon(
            *(
                self._within(Index(letter, three), tree) if letter.isdecimal() else self.index(letter)
                for letter in letters
            )
        )

    # ----- Arithmetic

    def _sum(self, tree: Syntax, free: frozenset[str]) -> Term:
        terms: list[Term] = []
        minus = False
        for child in tree.children:
            if isinstance(child, str):
                minus = child.type.endswith("MINUS")
            else:
                term = self.lower(child, free)
                terms.append(negative(term) if minus else term)
        return Sum(*self._folding(terms, tree))

    def _folding(self, terms: list[Term], tree: Syntax) -> list[Term]:
        if not folds(terms):
            raise self._error("the numbers in this expression grow too large", "Write smaller ones", tree)
        return terms

    def _negative(self, tree: Syntax, free: frozenset[str]) -> Term:
        *signs, factor = tree.children
        assert not isinstance(factor, str)
        term = self.lower(factor, free)
        return negative(term) if len(signs) % 2 else term

    def _product(self, tree: Syntax, free: frozenset[str]) -> Term:
        summed = self.summation.summed(tree, free)
        factors = self._folding(self._factors(tree, free.union(summed)), tree)
        return self._contraction(summed, Product(*factors))

    def _contraction(self, summed: Sequence[str], body: Term) -> Term:
        """The implied sum; a letter that a delta took away still counts its values."""
        if not summed:
            return body
        bound = frozenset(map(self.index, summed))
        held = contracted(bound & body.free, body)
        return Contraction(bound - body.free, held)

    def _factors(self, tree: Syntax, free: frozenset[str]) -> list[Term]:
        check_product(tree, self.text, self.survey)
        factors: list[Term] = []
        divides = False
        for child in tree.children:
            if isinstance(child, str):
                divides = child.type.endswith("OVER")
                continue
            term = self.lower(child, free)
            factors.append(self._power(term, MINUS_ONE, child) if divides else term)
            divides = False
        return factors

    def _power_of(self, tree: Syntax, free: frozenset[str]) -> Term:
        check_power(tree, self.text, self.survey)
        base, exponent = operands(tree)
        return self._power(self.lower(base, free), self.lower(exponent, free), tree)

    def _power(self, base: Term, exponent: Term, tree: Syntax) -> Term:
        if base is ZERO and isinstance(exponent, Number) and exponent.value < 0:
            raise self._error("division by zero", "Change the denominator", tree)
        return Power(base, exponent)

    # ----- Functions and binders

    def _call(self, tree: Syntax, free: frozenset[str]) -> Term:
        name = str(tree.children[0])
        arguments = operands(tree)
        check_call(tree, len(arguments), self.text, self.survey)
        terms = [self.lower(argument, free) for argument in arguments]
        if not self.survey.is_factor(name):
            return self._composed(terms, tree) if name in COMPOSED else Call(name, *terms)
        return Product(*self._folding([self._scalar(name), *terms], tree))

    def _composed(self, terms: list[Term], tree: Syntax) -> Term:
        found = multivariate_gamma(*terms)
        if found is None:
            cause = "the second argument of multigammaln is a whole number from 1 on, or the name of a size"
            raise self._error(cause, "Write multigammaln(a, 3)", operands(tree)[1])
        return found

    def _reduce(self, tree: Syntax, free: frozenset[str]) -> Term:
        letters = index_letters(indices_of(tree))
        body = self.lower(body_of(tree), free.union(letters))
        bound = [self.index(letter) for letter in letters]
        match str(tree.children[0]):
            case "sum":
                return Contraction(bound, body)
            case "mean":
                sizes = (Power(size_of(index.range), MINUS_ONE) for index in bound)
                return Product(*sizes, Contraction(bound, body))
            case "logsumexp":
                return Call("log", Contraction(bound, Call("exp", body)))
            case reduction:
                return Reduction(reduction, bound, body)

    def _contract(self, tree: Syntax, free: frozenset[str]) -> Term:
        """A sum that matrix notation implies."""
        letters = index_letters(indices_of(tree))
        body = self.lower(body_of(tree), free.union(letters))
        return self._contraction(letters, body)

    def _diff(self, tree: Syntax, free: frozenset[str]) -> Term:
        summed = self.summation.summed(tree, free)
        numerator, *variables = operands(tree)
        inner = free.union(summed)
        term = self.lower(numerator, inner)
        for variable in variables:
            term = Derivative(term, self._variable(variable, inner))
        return Contraction(map(self.index, summed), term)

    def _variable(self, tree: Syntax, free: frozenset[str]) -> Tensor:
        is_access = kind(tree) in ("name", "tensor") and not is_symbol(tree)
        term = self.lower(tree, free) if is_access else None
        if not isinstance(term, Tensor):
            raise self._error(
                "this is no tensor, so nothing can be differentiated by it",
                "Write diff(A, x[i]) with an element of a tensor, or a scalar",
                tree,
            )
        return term

    # ----- Conditions

    def _where(self, tree: Syntax, free: frozenset[str]) -> Term:
        condition, then, otherwise = operands(tree)
        relation, test = self._test(condition, free)
        first, second = self.lower(then, free), self.lower(otherwise, free)
        return Where(test, second, first) if relation == "!=" else Where(test, first, second)

    def _indicator(self, tree: Syntax, free: frozenset[str]) -> Term:
        if str(tree.children[0]) != "1":
            raise self._error(f"{tree.children[0]}[...] means nothing", "Only 1[...] is an indicator", tree)
        relation, test = self._test(operands(tree)[0], free)
        return Sum(ONE, negative(test)) if relation == "!=" else test

    def _test(self, tree: Syntax, free: frozenset[str]) -> tuple[str, Term]:
        """The relation, and the term that is 1 where it holds; for != where it does not."""
        left, relation, right = tree.children
        assert not isinstance(left, str) and not isinstance(right, str)
        positive = "==" if str(relation) == "!=" else str(relation)
        if not self.survey.compares_indices(tree):
            sides = self.lower(left, free), self.lower(right, free)
            return str(relation), indicator(positive, *sides)
        letters = [letter for side in (left, right) for letter in self._letters(side, free)]
        return str(relation), indicator(positive, *self._alike(letters, tree))


def _lost(letter: str) -> tuple[str, str, list[Place]]:
    return (
        f"the index {letter} occurs only once here and is not free",
        f"Write sum[{letter}](...) for a sum over it",
        [],
    )


_BY_KIND: dict[str, Callable[[Lowering, Syntax, frozenset[str]], Term]] = {
    "number": Lowering._number,
    "name": Lowering._name,
    "tensor": Lowering._tensor,
    "sum": Lowering._sum,
    "negative": Lowering._negative,
    "product": Lowering._product,
    "power": Lowering._power_of,
    "call": Lowering._call,
    "reduce": Lowering._reduce,
    "contract": Lowering._contract,
    "diff": Lowering._diff,
    "where": Lowering._where,
    "indicator": Lowering._indicator,
}
_RULES: dict[str, Callable[[Lowering, Syntax, frozenset[str]], Term]] = {}  # filled with the prefixed names
