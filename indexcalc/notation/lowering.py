"""From trees to terms. Einstein's convention ends here: every sum of the result has its binder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches

from lark import Token

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.errors import IndexcalcError
from indexcalc.notation.binding import contracted
from indexcalc.notation.numerals import folds, read_number
from indexcalc.notation.places import Place, Syntax, error_at, place_of
from indexcalc.notation.ranges import Key
from indexcalc.notation.summation import (
    Summation,
    body_of,
    index_letters,
    indices_of,
    operands,
)
from indexcalc.notation.survey import (
    REDUCTIONS,
    Survey,
    check_name,
    kind,
    names_epsilon,
)
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

NOT_ELEMENTWISE = ("softmax", "logsoftmax", "norm", "trace", "det", "inv", "transpose", "diag")


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
            raise self._error(
                "the numbers in this expression grow too large", "Write smaller ones", tree
            ) from None

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
        number = read_number(str(tree.children[0]))
        if number is None:
            raise self._error(
                "this number is too long, too large or too small",
                "Numbers have at most 400 digits and lie between 1e-300 and 1e300",
                tree,
            )
        return number

    def _name(self, tree: Syntax, free: frozenset[str]) -> Term:
        return self._scalar(str(tree.children[0]))

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
            token = child if isinstance(child, Token) else child.children[0]
            letter = str(token)
            if letter not in free and not letter.isdigit():
                cause, remedy, places = self.missing(letter)
                raise error_at(cause, remedy, place_of(child, self.text), *places)
            letters.append(letter.lstrip("0") if letter.isdigit() else letter)
        return letters

    def _slot(self, name: str, slot: int, letter: str, tree: Syntax) -> Index:
        if not letter.isdigit():
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
        named = [letter for letter in letters if not letter.isdigit()]
        if named:
            return [
                self._within(self.index(letter, named[0]), tree) if letter.isdigit() else self.index(letter)
                for letter in letters
            ]
        return [Index(letter, Range(max(letters, key=int))) for letter in letters]

    def _epsilon(self, letters: Sequence[str], tree: Syntax) -> Term:
        three = Range("3", size=3)
        return Epsilon(
            *(
                self._within(Index(letter, three), tree) if letter.isdigit() else self.index(letter)
                for letter in letters
            )
        )

    # ----- Arithmetic

    def _sum(self, tree: Syntax, free: frozenset[str]) -> Term:
        terms: list[Term] = []
        minus = False
        for child in tree.children:
            if isinstance(child, Token):
                minus = child.type.endswith("MINUS")
            else:
                term = self.lower(child, free)
                terms.append(negative(term) if minus else term)
        return Sum(*self._folding(terms, tree))

    def _folding(self, terms: list[Term], tree: Syntax) -> list[Term]:
        if not folds(terms):
            raise self._error(
                "the numbers in this expression grow too large", "Write smaller ones", tree
            )
        return terms

    def _negative(self, tree: Syntax, free: frozenset[str]) -> Term:
        *signs, factor = tree.children
        assert not isinstance(factor, Token)
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
        factors: list[Term] = []
        over: Syntax | Token | None = None
        last: Syntax | Token | None = None
        for child in tree.children:
            if isinstance(child, Token):
                last = child
                continue
            juxtaposed = bool(factors) and not isinstance(last, Token)
            if juxtaposed:
                self._check_juxtaposed(over, last, child, tree)
            divides = isinstance(last, Token) and last.type.endswith("OVER")
            if divides and last is not None:
                self._check_divisor(last, child, tree)
            term = self.lower(child, free)
            factors.append(self._power(term, MINUS_ONE, child) if divides else term)
            over, last = last if divides else None, child
        return factors

    def _check_juxtaposed(
        self, over: Syntax | Token | None, last: Syntax | Token | None, child: Syntax, tree: Syntax
    ) -> None:
        if over is not None:
            raise self._ambiguous_quotient(tree)
        if kind(child) == "number" and last is not None and not isinstance(last, Token):
            if kind(last) == "number":
                raise self._error("two numbers side by side", "Write 2*3 for a product", last, child)

    def _check_divisor(self, over: Syntax | Token, child: Syntax, tree: Syntax) -> None:
        """a/b(c) where b is no function: the bracket may belong to either."""
        if kind(child) == "call" and self.survey.is_factor(str(child.children[0])):
            between = self.text[place_of(over, self.text).end : place_of(child, self.text).start]
            if "(" not in between:
                raise self._ambiguous_quotient(tree)

    def _ambiguous_quotient(self, tree: Syntax) -> IndexcalcError:
        return self._error(
            "a/b c can be read as (a/b)*c and as a/(b*c)", "Write brackets, or a/b*c for (a/b)*c", tree
        )

    def _power_of(self, tree: Syntax, free: frozenset[str]) -> Term:
        base, caret, exponent = tree.children
        assert not isinstance(base, Token) and not isinstance(exponent, Token)
        if kind(base) == "call" and self.survey.is_factor(str(base.children[0])):
            between = self.text[place_of(base, self.text).end : place_of(caret, self.text).start]
            if ")" not in between:
                name = base.children[0]
                raise self._error(
                    f"{name} is no function here, so {name}(x)^2 can be read in two ways",
                    f"Write {name}*(x)^2 or ({name}*(x))^2",
                    tree,
                )
        return self._power(self.lower(base, free), self.lower(exponent, free), tree)

    def _power(self, base: Term, exponent: Term, tree: Syntax) -> Term:
        if base is ZERO and isinstance(exponent, Number) and exponent.value < 0:
            raise self._error("division by zero", "Change the denominator", tree)
        return Power(base, exponent)

    # ----- Functions and binders

    def _call(self, tree: Syntax, free: frozenset[str]) -> Term:
        name = str(tree.children[0])
        arguments = [self.lower(child, free) for child in operands(tree)]
        known = FUNCTIONS.get(name)
        if known is not None:
            if len(arguments) != known.arity:
                raise self._arity(name, known.arity, len(arguments), tree)
            return Call(name, *arguments)
        if not self.survey.is_factor(name):
            self._check_function(name, len(arguments), tree)
            return Call(name, *arguments)
        if len(arguments) > 1:
            raise self._error(
                f"{name} is no function here, and a bracket with a comma is no factor",
                f"Write {name}[i,j] for an element of a tensor",
                tree,
            )
        if self.survey.uses.get(name, (0,))[0]:
            raise self._error(
                f"{name} is a tensor, and stands here without its indices",
                f"Write {name}[i]*(...) for a product, {name}[i] for an element",
                tree.children[0],
            )
        return Product(*self._folding([self._scalar(name), *arguments], tree))

    def _arity(self, name: str, wanted: int, given: int, tree: Syntax) -> IndexcalcError:
        remedy = f"{name} takes {wanted}"
        if name in REDUCTIONS:
            remedy += f"; over an index write {name}[k](...)"
        return self._error(f"{name} of {given} argument{'s' if given > 1 else ''}", remedy, tree)

    def _check_function(self, name: str, arguments: int, tree: Syntax) -> None:
        """An unknown function takes one argument, and its name is no slip of a known one."""
        if name in REDUCTIONS:
            raise self._error(
                f"{name} needs its indices in square brackets", f"Write {name}[k](...)", tree
            )
        token = tree.children[0]
        assert isinstance(token, Token)
        check_name(name, place_of(token, self.text), primes=True)
        known = (*FUNCTIONS, *REDUCTIONS, *NOT_ELEMENTWISE)
        meant = get_close_matches(name.rstrip("'"), known, n=1, cutoff=0.75)
        if meant and meant[0] in NOT_ELEMENTWISE:
            raise self._error(
                f"{meant[0]} is not a function of single elements",
                "Define it by its elements, such as a[i] = exp(z[i])/sum[k](exp(z[k]))",
                token,
            )
        if meant:
            raise self._error(f"the function {name} is unknown", f"Did you mean {meant[0]}?", token)
        if arguments > 1:
            raise self._error(
                f"the function {name} of {arguments} arguments is unknown",
                "An unknown function takes one argument; elements are written x[i,j]",
                tree,
            )

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

    def _diff(self, tree: Syntax, free: frozenset[str]) -> Term:
        summed = self.summation.summed(tree, free)
        numerator, *variables = operands(tree)
        inner = free.union(summed)
        term = self.lower(numerator, inner)
        for variable in variables:
            term = Derivative(term, self._variable(variable, inner))
        return Contraction(map(self.index, summed), term)

    def _variable(self, tree: Syntax, free: frozenset[str]) -> Tensor:
        term = self.lower(tree, free) if kind(tree) in ("tensor", "name") else None
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
            raise self._error(
                f"{tree.children[0]}[...] means nothing", "Only 1[...] is an indicator", tree
            )
        relation, test = self._test(operands(tree)[0], free)
        return Sum(ONE, negative(test)) if relation == "!=" else test

    def _test(self, tree: Syntax, free: frozenset[str]) -> tuple[str, Term]:
        """The relation, and the term that is 1 where it holds; for != where it does not."""
        left, relation, right = tree.children
        assert not isinstance(left, Token) and not isinstance(right, Token)
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
    "diff": Lowering._diff,
    "where": Lowering._where,
    "indicator": Lowering._indicator,
}
_RULES: dict[str, Callable[[Lowering, Syntax, frozenset[str]], Term]] = {}  # filled with the prefixed names
