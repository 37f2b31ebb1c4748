"""Laying a term out: the order of factors and terms, signs, quotients, letters, and which sums are written.

Factors stand in this order: sign, number, sizes and scalars, tensors and functions as the sheet first uses them,
derivatives, brackets, deltas, brackets that hold deltas, sums. Terms: positive ones first, then as the sheet uses them.
A sum is implied where that reads back as it is (see `binding`), unless the sheet writes sums over its range. A sum that
is divided by the size of its range, where that has no name, is a mean.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from indexcalc.affine import Form as Shift
from indexcalc.looked import looked_up
from indexcalc.notation.lowering.binding import groups
from indexcalc.notation.writing.factors import ONCE, Item, Place, SortKey, assembled, denominator, means, place_of
from indexcalc.notation.writing.forms import (
    Applied,
    Big,
    Chosen,
    Element,
    Form,
    Holds,
    Letter,
    Minus,
    Name,
    Numeral,
    Plus,
    Raised,
    Relation,
    Slope,
    Times,
)
from indexcalc.notation.writing.letters import Letters, Scope
from indexcalc.notation.writing.lookups import shifted_word, shown_lookups
from indexcalc.notation.writing.places import equation_sides, inequality_sides, place_text, shown_places
from indexcalc.notation.writing.visible import visible
from indexcalc.sheet import Sheet
from indexcalc.terms import (
    ONE,
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
    Reduction,
    Size,
    Sum,
    Tensor,
    Term,
    Where,
    coefficient_and_rest,
    factors_of,
    terms_of,
)

PLACE = re.compile(r"#(\d+)")  # of a letter in a name
FLIPPED = {"<": ">", "<=": ">=", "==": "=="}


def lay_out(term: Term, sheet: Sheet, axes: Iterable[Index] = ()) -> Form:
    """The form of a term; no bound index gets the letter of one of the axes."""
    layout = Layout(sheet, term, axes)
    return layout.form(term, layout.letters.outermost(term))


class Layout:
    """Lays out one term and what is inside it. `spelled`: all sums are written, since implied ones would be misread."""

    def __init__(self, sheet: Sheet, term: Term, axes: Iterable[Index]) -> None:
        self.sheet = sheet
        self.letters = Letters(sheet, term, axes)

    def form(self, term: Term, scope: Scope, spelled: bool = False) -> Form:
        """The form of any term."""
        if isinstance(term, Sum):
            return self._sum(term, scope, spelled)
        return self._product(term, scope, spelled)[0]

    def _sum(self, term: Term, scope: Scope, spelled: bool) -> Form:
        laid = [self._product(each, scope, spelled) for each in terms_of(term)]
        laid.sort(key=lambda pair: (isinstance(pair[0], Minus), pair[1]))
        return Plus(tuple(form for form, _ in laid))

    # ----- Products -------------------------------------------------------------------------------------------------

    def _product(self, term: Term, scope: Scope, spelled: bool) -> tuple[Form, SortKey]:
        """The form of a product (or of one factor), and its place among the terms of a sum."""
        number, rest = coefficient_and_rest(term)
        factors = () if rest is ONE else factors_of(rest)
        items = self._items(factors, scope, spelled)
        if not spelled and _is_misread(items, scope):
            items = self._items(factors, scope, True)
        items.sort(key=lambda item: item.key)
        form = assembled(-number if number < 0 else number, items)
        return Minus(form) if number < 0 else form, tuple(item.key for item in items)

    def _items(self, factors: Iterable[Term], scope: Scope, spelled: bool) -> list[Item]:
        items: list[Item] = []
        implied: set[str] = set()
        found, rest = means(factors)
        for mean in found:
            form = self._written("mean", mean, scope, spelled)
            key = (Place.SUM, True, self._position(mean), (), repr(form))
            items.append(Item(form, Place.SUM, key, False, frozenset()))
        for factor in rest:
            if isinstance(factor, Contraction) and not spelled and self._is_implied(factor):
                inner = self.letters.inside(scope, factor, implied)
                summed = frozenset(inner.letter(index) for index in factor.bound)
                implied |= summed
                items += (self._item(each, inner, spelled, summed) for each in factors_of(factor.body))
            else:
                items.append(self._item(factor, scope, spelled, frozenset()))
        return items

    def _is_implied(self, term: Contraction) -> bool:
        """Whether a sum, printed without its sign, would be read as it is."""
        if any(index.range in self.sheet.written for index in term.bound):
            return False
        if any(isinstance(each, Constraint) or looked_up(each) is not None for each in factors_of(term.body)):
            return False
        if isinstance(term.body, Tensor):
            return all(term.body.slots.count(index) > 1 for index in term.bound)
        loose, *tight = groups(term.bound, factors_of(term.body))
        if loose[1] or len(tight) > 1:
            return False
        below = [factor for factor in tight[0][1] if denominator(factor)]
        above = [factor for factor in tight[0][1] if not denominator(factor)]
        return all(
            sum(index in factor.free for factor in above) + any(index in factor.free for factor in below) > 1
            for index in term.bound
        )

    def _item(self, factor: Term, scope: Scope, spelled: bool, summed: frozenset[str]) -> Item:
        inverse = denominator(factor)
        shown = factor if inverse is None else inverse
        form = self._factor(shown, scope, spelled)
        place = place_of(shown, form)
        base = form.base if isinstance(form, Raised) else form
        letters = base.letters if isinstance(base, Element) else (base.function,) if isinstance(base, Applied) else ()
        key = (place, not isinstance(base, Element | Name), self._position(shown), letters, repr(form))
        return Item(form, place, key, inverse is not None, summed)

    def _position(self, term: Term) -> tuple[int, int]:
        """When the sheet first uses what stands in a term; sizes and permutation symbols come before all tensors."""
        if isinstance(term, Size):
            return 0, self.sheet.ranks_of_ranges.get(term.range, 0)
        if isinstance(term, Epsilon):
            return 0, 0
        unknown = len(self.sheet.order)
        return 1, min((self.sheet.ranks.get(name, unknown) for name in term.symbols), default=unknown)

    # ----- Factors --------------------------------------------------------------------------------------------------

    def _factor(self, term: Term, scope: Scope, spelled: bool) -> Form:
        match term:
            case Sum() | Number():
                return self.form(term, scope, spelled)
            case Size(range):
                return Name(range.label) if range.named else self._counted(term, scope)
            case Tensor("pi", ()) if self.sheet.slots.get("pi") != ():
                return Numeral(math.pi)  # a result must not bring in a name that the sheet lacks
            case Tensor() | Delta() | Epsilon():
                return self._element(term, scope)
            case Constraint("==", _, _):
                return Element("delta", equation_sides(term, scope.letter))
            case Constraint():
                return Holds(Relation("<=", *inequality_sides(term, scope.letter)))
            case Power(base, exponent):
                return Raised(self.form(base, scope, spelled), self.form(exponent, scope, spelled))
            case Call():
                return Applied(term.function, tuple(self.form(each, scope, spelled) for each in term.arguments))
            case Contraction() | Reduction():
                return self._big(term, scope, spelled)
            case Indicator() if (found := looked_up(term)) is not None and (word := self._word(found[0], scope)):
                return Element("delta", (word, scope.letter(found[1])))
            case Indicator():
                return Holds(self._condition(term, scope, spelled))
            case Where(condition, then, otherwise):
                branches = (self.form(each, scope, spelled) for each in (then, otherwise))
                return Chosen(self._condition(condition, scope, spelled), *branches)
            case Derivative():
                return self._slope(term, scope, spelled)
        raise TypeError(f"no rule for {type(term).__name__}")

    def _element(self, term: Tensor | Delta | Epsilon, scope: Scope) -> Name | Element:
        name = term.name if isinstance(term, Tensor) else "delta" if isinstance(term, Delta) else "eps"
        letters = tuple(scope.letter(index) for index in term.slots)
        if "#" in name:  # an inverse or the like along further axes, whose letters stand in its name
            name, letters = _named(name, letters)
        return Element(name, _unordered(letters) if name == "delta" else letters) if letters else Name(name)

    def _big(self, term: Contraction | Reduction, scope: Scope, spelled: bool) -> Form:
        if isinstance(term, Contraction):
            places, rest = shown_places(term, self.sheet)
            if places:
                return self._placed(places, rest, scope, spelled)
            values, bound, body = shown_lookups(term)
            if values:
                return self._looked_up(term, values, bound, body, scope) or self._written("sum", term, scope, spelled)
        if isinstance(term, Contraction) and not spelled and self._is_implied(term):
            return self.form(term, scope)
        return self._written("sum" if isinstance(term, Contraction) else term.kind, term, scope, spelled)

    def _placed(self, places: Mapping[Index, Shift], rest: Term, scope: Scope, spelled: bool) -> Form:
        """What is left of a sum when some of its indices are written as places."""
        outer = (rest.bound, rest.body) if isinstance(rest, Contraction) else ((), rest)
        inner = self.letters.inside(scope, rest) if isinstance(rest, Contraction) else scope
        words = {index: place_text(form, index.range, inner.letter) for index, form in places.items()}
        seen = Scope({**inner.letters, **words}, inner.taken)
        body = self.form(outer[1], seen, True)
        letters = (Letter(inner.letter(index), index.range) for index in outer[0])
        return Big("sum", tuple(sorted(letters, key=lambda letter: letter.text)), body) if outer[0] else body

    def _looked_up(
        self, term: Contraction, values: Mapping[Index, Term], bound: tuple[Index, ...], body: Term, scope: Scope
    ) -> Form | None:
        """What is left of a sum when some of its indices are written as what is looked up; none if they cannot be."""
        inner = self.letters.inside(scope, term)
        words = {index: self._word(value, inner) for index, value in values.items()}
        if not all(words.values()):
            return None
        form = self.form(body, Scope({**inner.letters, **words}, inner.taken), True)
        letters = (Letter(inner.letter(index), index.range) for index in bound)
        return Big("sum", tuple(sorted(letters, key=lambda letter: letter.text)), form) if bound else form

    def _word(self, value: Term, scope: Scope) -> str:
        """What is looked up, as a place is written; empty if it is no element of a tensor."""
        form = self.form(value, scope, True)
        if isinstance(form, Element):
            return f"{form.name}[{','.join(form.letters)}]"
        return shifted_word(value, scope.letter)

    def _written(self, kind: str, term: Contraction | Reduction, scope: Scope, spelled: bool) -> Form:
        """A sum or the like with its sign and its letters."""
        inner = self.letters.inside(scope, term)
        letters = (Letter(inner.letter(index), index.range) for index in term.bound)
        ordered = tuple(sorted(letters, key=lambda letter: letter.text))
        return Big(kind, ordered, self.form(term.body, inner, spelled))

    def _counted(self, size: Size, scope: Scope) -> Form:
        """The size of a range without a name, as the number of its values."""
        letter = self.letters.of_range(size.range, scope.taken)
        return Big("sum", (Letter(letter, size.range),), ONCE)

    def _condition(self, term: Term, scope: Scope, spelled: bool) -> Relation:
        if isinstance(term, Constraint):
            if term.relation == "==":
                return Relation("==", *equation_sides(term, scope.letter))
            return Relation("<=", *inequality_sides(term, scope.letter))
        if isinstance(term, Delta):
            return Relation("==", *_unordered(scope.letter(index) for index in term.slots))
        if not isinstance(term, Indicator):
            raise TypeError(f"no rule for the condition {type(term).__name__}")
        relation, left, right = term.relation, term.left, term.right
        if isinstance(left, Index) and isinstance(right, Index):
            return Relation(relation, scope.letter(left), scope.letter(right))
        assert isinstance(left, Term) and isinstance(right, Term)
        if isinstance(left, Number):
            relation, left, right = FLIPPED[relation], right, left
        first, second = self.form(left, scope, spelled), self.form(right, scope, spelled)
        if isinstance(first, Name) and isinstance(second, Name):
            first = Times((ONCE, first))  # two bare names would be read as indices
        return Relation(relation, first, second)

    def _slope(self, term: Derivative, scope: Scope, spelled: bool) -> Form:
        body: Term = term
        variables: list[Name | Element] = []
        while isinstance(body, Derivative):
            variables.insert(0, self._element(body.variable, scope))
            body = body.body
        return Slope(self.form(body, scope, spelled), tuple(variables))


def _named(name: str, letters: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The name with the letters that belong in it, and those that stand behind it."""
    places = sorted(set(map(int, PLACE.findall(name))))
    inside = dict(zip(places, letters, strict=False))
    return PLACE.sub(lambda match: inside[int(match[1])], name), letters[len(places) :]


def _unordered(letters: Iterable[str]) -> tuple[str, ...]:
    """Letters in order, places behind them."""
    return tuple(sorted(letters, key=lambda letter: (letter.isdigit(), letter)))


# ----- Parts of a product ----------------------------------------------------------------------------------------


def _is_misread(items: Sequence[Item], scope: Scope) -> bool:
    """Whether a letter of an implied sum is seen where it does not belong, so that the sum would be read elsewhere."""
    seen = [visible(item.form).difference(scope.taken) for item in items]
    summed = frozenset[str]().union(*(item.summed for item in items))
    times = Counter(letter for letters in seen for letter in letters - summed)
    strays = any(letters & summed - item.summed for item, letters in zip(items, seen, strict=True))
    return strays or any(count > 1 for count in times.values())
