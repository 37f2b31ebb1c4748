"""Terms: the small closed language that every pass reads and writes.

Terms are immutable and interned: two terms that are built alike are one object, so equality is identity and a pass may
keep results by object. Sums and products are n-ary, flat and sorted. Sums over indices have an explicit binder; the
summation convention exists in texts only. Constructors fold only what is always right, local and terminating:

    x + 0 = x    x*0 = 0    x*1 = x    x^1 = x    x^0 = 1    delta[i,i] = 1
    sum[i](sum[j](x)) = sum[i,j](x)    sum[i](x) = size(i)*x, prod[i](x) = x^size(i), max[i](x) = x if x lacks i
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, ClassVar, TypeVar

from indexcalc.affine import Form as Form
from indexcalc.affine import size_form
from indexcalc.indices import Index as Index
from indexcalc.indices import Range as Range
from indexcalc.indices import Table
from indexcalc.indices import in_order as in_order

# ----- Terms -----------------------------------------------------------------------------------------------------

Key = tuple[Any, ...]


class Term:
    """A term. `free`: its free indices; `indices`: all, bound ones too; `symbols`: the tensors in it.

    `height`: the most indices bound along one way down. `parts`: the terms directly inside; `inside`: all of them,
    once `walk.subterms` has found them. `cost`: that of reading it, once `rewrite.cost` has worked it out. `key` orders
    terms deterministically; `fields` rebuild the term: type(t)(*t.fields) is t.
    """

    __slots__ = ("__weakref__", "cost", "fields", "free", "height", "indices", "inside", "key", "parts", "symbols")
    _known: ClassVar[Table[Any]] = Table(50_000)
    rank: ClassVar[int] = 0
    __match_args__: tuple[str, ...] = ()

    fields: tuple[Any, ...]
    free: frozenset[Index]
    indices: frozenset[Index]
    symbols: frozenset[str]
    height: int
    parts: tuple[Term, ...]
    cost: float
    inside: tuple[Term, ...]
    key: Key

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.fields

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.fields!r}"


NOTHING: frozenset[Any] = frozenset()

Made = TypeVar("Made", bound=Term)
_MADE = Term._known.values

def _interned(cls: type[Made], fields: tuple[Any, ...], fill: Callable[..., None], *given: Any) -> Made:
    """The term with these fields: the known one, or a new one, which no thread sees before `fill` has filled it."""
    name = (cls, *fields)
    known: Made | None = _MADE.get(name)
    if known is not None:
        return known
    term = object.__new__(cls)
    term.fields = fields
    fill(term, *given)
    made: Made = Term._known.publish(name, term)
    return made


MANY = 12  # parts: their sets are united at once, for a union after the other would copy what there is each time


def _fill(term: Term, parts: tuple[Term, ...], *key: Any) -> None:
    """Fill the caches of a term that binds nothing."""
    free = indices = symbols = NOTHING
    height = 0
    if len(parts) > MANY:
        free = free.union(*[part.free for part in parts])
        indices = indices.union(*[part.indices for part in parts])
        symbols = symbols.union(*[part.symbols for part in parts])
        height = max([part.height for part in parts])
    else:
        for part in parts:  # in one go, and without a new set where one holds the other
            if (more := part.free) is not free and more:
                free = free | more if free else more
            if (more := part.indices) is not indices and more:
                indices = indices | more if indices else more
            if (names := part.symbols) is not symbols and names:
                symbols = symbols | names if symbols else names
            if part.height > height:
                height = part.height
    term.parts, term.free, term.indices, term.symbols, term.height = parts, free, indices, symbols, height
    term.key = (term.rank, *key, *[part.key for part in parts])


def _fill_leaf(term: Term, indices: tuple[Index, ...], *key: Any) -> None:
    found = frozenset(indices)
    fixed = [index for index in found if index.name.isdigit()]
    term.free = found.difference(fixed) if fixed else found
    term.indices, term.symbols, term.height, term.parts = found, NOTHING, 0, ()
    term.key = (term.rank, *key, *[index.key for index in indices])

def _fill_tensor(term: Tensor, name: str, slots: tuple[Index, ...]) -> None:
    _fill_leaf(term, slots, name)
    term.name, term.slots = name, slots
    term.symbols = frozenset((name,))


def _fill_power(term: Power, base: Term, exponent: Term) -> None:
    term.base, term.exponent = base, exponent
    _fill(term, (base, exponent))


def _fill_derivative(term: Derivative, body: Term, variable: Tensor) -> None:
    term.body, term.variable = body, variable
    _fill(term, (body, variable))


def _fill_number(term: Number, given: Fraction | float) -> None:
    term.value = value = given if isinstance(given, float) else Fraction(given)
    term.fields = (value,)
    _fill(term, (), float(value) if -HUGE < value < HUGE else math.inf, str(value))


HUGE = Fraction(10) ** 300  # beyond it numbers are ordered by their text, since a float cannot hold them


NO_PERIOD = Form((), (), 0)


class Number(Term):
    """A number: exact (Fraction) or, if the text wrote one that is not, a float. Fields: value."""

    __slots__ = ("value",)
    value: Fraction | float
    rank = 1
    __match_args__ = ("value",)

    def __new__(cls, value: int | float | Fraction) -> Number:
        if type(value) is Fraction and value.denominator == 1:
            value = value.numerator
        if type(value) is int and value in _SMALL:
            return _SMALL[value]
        if isinstance(value, float) and not math.isfinite(value):
            raise OverflowError("a number that is not finite")
        if isinstance(value, float):
            return _interned(cls, (value, "float"), _fill_number, value)
        parts = (value, 1) if isinstance(value, int) else (value.numerator, value.denominator)  # these are hashed fast
        return _interned(cls, parts, _fill_number, value)


_SMALL: dict[int, Number] = {}  # the numbers that occur all the time
_SMALL.update({value: Number(value) for value in range(-4, 17)})
ZERO, ONE, MINUS_ONE = Number(0), Number(1), Number(-1)
HALF = Number(Fraction(1, 2))


class Size(Term):
    """The number of values of a range that has no number yet; use `size_of` to make one. Fields: range."""

    __slots__ = ()
    rank = 2
    __match_args__ = ("range",)

    def __new__(cls, range: Range) -> Size:
        return _interned(cls, (range,), _fill, (), range.label)

    @property
    def range(self) -> Range:
        """The range."""
        found: Range = self.fields[0]
        return found


def size_of(range: Range) -> Term:
    """The number of values of a range, as a term: in the sizes that give it, where that is a sum of them."""
    if range.size is not None:
        return Number(range.size)
    if not range.counts:
        return Size(range)
    form = size_form(range)
    if form.sizes == ((range, 1),):
        return Size(range)
    return Sum(*(Product(Number(times), Size(each)) for each, times in form.sizes), Number(form.constant))


class Tensor(Term):
    """An element of a tensor, or a scalar. Fields: name, slots (its indices in their order; one may occur twice)."""

    __slots__ = ("name", "slots")
    name: str
    slots: tuple[Index, ...]
    rank = 3
    __match_args__ = ("name", "slots")

    def __new__(cls, name: str, slots: Iterable[Index] = ()) -> Tensor:
        slots = tuple(slots)
        return _interned(cls, (name, slots), _fill_tensor, name, slots)


class Delta(Term):
    """The Kronecker delta; unordered. Two different fixed places give 0, twice the same index 1."""

    __slots__ = ()
    rank = 10
    __match_args__ = ("slots",)

    def __new__(cls, first: Index, second: Index) -> Delta | Number:  # type: ignore[misc]
        if first is second:
            return ONE
        if first.name.isdigit() and second.name.isdigit():
            return ONE if first.name == second.name else ZERO
        if second.key < first.key:
            first, second = second, first
        return _interned(cls, (first, second), _fill_leaf, (first, second))

    @property
    def slots(self) -> tuple[Index, Index]:
        """Both indices."""
        found: tuple[Index, Index] = self.fields
        return found


class Epsilon(Term):
    """The permutation symbol over ranges of size 3; 0 if an index occurs twice, 1 or -1 at three fixed places."""

    __slots__ = ()
    rank = 9
    __match_args__ = ("slots",)

    def __new__(cls, *slots: Index) -> Epsilon | Number:  # type: ignore[misc]
        if len(set(slots)) < len(slots):
            return ZERO
        places = tuple(slot.place for slot in slots)
        if None not in places:
            return ONE if places in ((1, 2, 3), (2, 3, 1), (3, 1, 2)) else MINUS_ONE
        return _interned(cls, slots, _fill_leaf, slots)

    @property
    def slots(self) -> tuple[Index, ...]:
        """The three indices; their order gives the sign."""
        return self.fields


class Sum(Term):
    """A sum of terms: flat, sorted, its numbers folded into one. Fields: the terms."""

    __slots__ = ()
    rank = 8
    __match_args__ = ("terms",)

    def __new__(cls, *terms: Term) -> Term:  # type: ignore[misc]
        constant = ZERO
        flat: list[Term] = []
        for term in terms:
            for part in term.fields if isinstance(term, Sum) else (term,):
                if not isinstance(part, Number):
                    flat.append(part)
                elif constant is ZERO:
                    constant = part
                else:
                    constant = Number(constant.value + part.value)
        if constant.value != 0:
            flat.append(constant)
        if len(flat) < 2:
            return flat[0] if flat else ZERO
        flat.sort(key=_key)
        fields = tuple(flat)
        return _interned(cls, fields, _fill, fields, len(fields))

    @property
    def terms(self) -> tuple[Term, ...]:
        """The addends."""
        return self.fields


class Product(Term):
    """A product of factors: flat, sorted, its numbers folded into one. Fields: the factors.

    Equal factors are kept side by side, not made a power: x[i]*x[i] has two occurrences.
    """

    __slots__ = ()
    rank = 7
    __match_args__ = ("factors",)

    def __new__(cls, *factors: Term) -> Term:  # type: ignore[misc]
        coefficient = ONE
        flat: list[Term] = []
        for factor in factors:
            for part in factor.fields if isinstance(factor, Product) else (factor,):
                if not isinstance(part, Number):
                    flat.append(part)
                elif coefficient is ONE:
                    coefficient = part
                else:
                    coefficient = Number(coefficient.value * part.value)
        if coefficient is not ONE:
            if coefficient.value == 0:
                return ZERO
            if coefficient.value != 1:
                flat.append(coefficient)
        if len(flat) < 2:
            return flat[0] if flat else ONE
        flat.sort(key=_key)
        fields = tuple(flat)
        return _interned(cls, fields, _fill, fields, len(fields))

    @property
    def factors(self) -> tuple[Term, ...]:
        """The factors, the number (if any) first."""
        return self.fields


class Power(Term):
    """A power. Fields: base, exponent. A quotient is a product with a power of -1."""

    __slots__ = ("base", "exponent")
    base: Term
    exponent: Term
    rank = 6
    __match_args__ = ("base", "exponent")

    def __new__(cls, base: Term, exponent: Term) -> Term:  # type: ignore[misc]
        if exponent is ONE:
            return base
        if isinstance(exponent, Number):
            folded = _fold_power(base, exponent.value)
            if folded is not None:
                return folded
        if base is ONE:
            return ONE
        return _interned(cls, (base, exponent), _fill_power, base, exponent)


LARGEST_POWER = 4096  # bits; a larger power of a number stays a power: 9^9^9 must not fill the memory


def _fold_power(base: Term, exponent: Fraction | float) -> Term | None:
    """x^0 = 1, x^1 = x, 2^3 = 8, (x^a)^n = x^(a*n), (x*y)^n = x^n*y^n for an integer n; none where nothing folds."""
    if exponent == 0:
        return ONE
    if exponent == 1:
        return base
    if base is ZERO and exponent > 0:
        return ZERO
    if not isinstance(exponent, Fraction) or exponent.denominator != 1:
        return None
    if isinstance(base, Power) and isinstance(base.exponent, Number):
        return Power(base.base, Number(base.exponent.value * exponent))
    if isinstance(base, Product):
        return Product(*(Power(factor, Number(exponent)) for factor in base.factors))
    if isinstance(base, Number) and base.value != 0:
        return _number_raised(base.value, exponent.numerator)
    return None


def _number_raised(base: Fraction | float, exponent: int) -> Term | None:
    if isinstance(base, float):
        try:
            return Number(base**exponent)
        except OverflowError:
            return None
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    return Number(base**exponent) if bits * abs(exponent) <= LARGEST_POWER else None


class Call(Term):
    """A scalar function, elementwise. Fields: function (its name), arguments."""

    __slots__ = ()
    rank = 5
    __match_args__ = ("function", "arguments")

    def __new__(cls, function: str, *arguments: Term) -> Call:
        return _interned(cls, (function, *arguments), _fill, arguments, function)

    @property
    def function(self) -> str:
        """The name of the function; primes count derivatives of one that the table does not hold."""
        found: str = self.fields[0]
        return found

    @property
    def arguments(self) -> tuple[Term, ...]:
        """Its arguments."""
        return self.fields[1:]


class Binder(Term):
    """A term that binds indices, sorted, in a body."""

    __slots__ = ("body", "bound")
    bound: tuple[Index, ...]
    body: Term


def _fill_binder(term: Binder, bound: tuple[Index, ...], body: Term, *key: Any) -> None:
    term.bound, term.body = bound, body
    term.parts = (body,)
    term.free = body.free.difference(bound)
    term.indices = body.indices.union(bound)
    term.symbols = body.symbols
    term.height = body.height + len(bound)
    term.key = (term.rank, *key, len(bound), body.key, *(index.key for index in bound))


class Contraction(Binder):
    """The sum of a body over indices: the binder of the language. Fields: bound, body."""

    __slots__ = ()
    rank = 11
    __match_args__ = ("bound", "body")

    def __new__(cls, bound: Iterable[Index], body: Term) -> Term:  # type: ignore[misc]
        wanted = frozenset(bound)
        if body is ZERO:
            return ZERO
        idle = wanted - body.free
        if idle:
            sizes = (size_of(index.range) for index in in_order(idle))
            return Product(*sizes, Contraction(wanted - idle, body))
        if isinstance(body, Contraction):
            wanted, body = wanted.union(body.bound), body.body
        if not wanted:
            return body
        ordered = in_order(wanted)
        return _interned(cls, (ordered, body), _fill_binder, ordered, body)


class Reduction(Binder):
    """A product, a maximum or a minimum of a body over indices. Fields: kind, bound, body."""

    __slots__ = ()
    rank = 12
    __match_args__ = ("kind", "bound", "body")
    KINDS: ClassVar[tuple[str, ...]] = ("prod", "max", "min")

    def __new__(cls, kind: str, bound: Iterable[Index], body: Term) -> Term:  # type: ignore[misc]
        wanted = frozenset(bound)
        idle = wanted - body.free
        if idle:
            inner = Reduction(kind, wanted - idle, body)
            sizes = (size_of(index.range) for index in in_order(idle))
            return Power(inner, Product(*sizes)) if kind == "prod" else inner
        if isinstance(body, Reduction) and body.kind == kind:
            wanted, body = wanted.union(body.bound), body.body
        ordered = in_order(wanted)
        if not ordered:
            return body
        return _interned(cls, (kind, ordered, body), _fill_binder, ordered, body, kind)

    @property
    def kind(self) -> str:
        """prod, max or min."""
        found: str = self.fields[0]
        return found


class Indicator(Term):
    """1 where a relation holds and 0 elsewhere (Iverson's bracket). Fields: relation, left, right.

    The sides are both terms, or both indices (compared by their places). The relation is "<", "<=" or, between terms,
    "=="; use `indicator` to make one from any relation. [i == j] is a Delta.
    """

    __slots__ = ()
    rank = 13
    __match_args__ = ("relation", "left", "right")

    def __new__(cls, relation: str, left: Term | Index, right: Term | Index) -> Indicator:
        fields = (relation, left, right)
        if isinstance(left, Index) and isinstance(right, Index):
            return _interned(cls, fields, _fill_leaf, (left, right), 0, relation)
        return _interned(cls, fields, _fill, (left, right), 1, relation)

    @property
    def relation(self) -> str:
        """"<", "<=" or "=="."""
        found: str = self.fields[0]
        return found

    @property
    def left(self) -> Term | Index:
        """The left side."""
        found: Term | Index = self.fields[1]
        return found

    @property
    def right(self) -> Term | Index:
        """The right side."""
        found: Term | Index = self.fields[2]
        return found


class Constraint(Term):
    """1 where an affine form of places is 0 ("=="), or is not below 0 (">="), and 0 elsewhere.

    Fields: relation, form, period. With a period (a form of sizes; 0 for none) the form counts modulo it. A shifted
    element x[i+k-1] is sum[p](x[p] * (p - i - k + 1 == 0)): 0 where there is no such place.
    """

    __slots__ = ()
    rank = 16
    __match_args__ = ("relation", "form", "period")

    def __new__(cls, relation: str, form: Form, period: Form = NO_PERIOD) -> Term:  # type: ignore[misc]
        folded = _fold_constraint(relation, form, period)
        if not isinstance(folded, Form):
            return folded
        return _interned(cls, (relation, folded, period), _fill_constraint, folded, relation, period)

    @property
    def relation(self) -> str:
        """"==" or ">="."""
        found: str = self.fields[0]
        return found

    @property
    def form(self) -> Form:
        """What is compared with 0."""
        found: Form = self.fields[1]
        return found

    @property
    def period(self) -> Form:
        """What the form counts modulo; 0 for none."""
        found: Form = self.fields[2]
        return found


def _fill_constraint(term: Term, form: Form, relation: str, period: Form) -> None:
    _fill_leaf(term, form.free)
    term.key = (term.rank, relation, form.key, period.key)


def _fold_constraint(relation: str, form: Form, period: Form) -> Form | Term:
    """The form divided by what its numbers share; a number, or a delta, where it is one."""
    if period != NO_PERIOD:
        if form.is_constant and period.is_constant:
            return ONE if form.constant % period.constant == 0 else ZERO
        return form if not form.letters or form.letters[0][1] > 0 else form.times(-1)
    if form.is_constant:
        return ONE if (form.constant == 0 if relation == "==" else form.constant >= 0) else ZERO
    shared = math.gcd(*(times for _, times in (*form.letters, *form.sizes)))
    if relation == ">=":
        form = Form(*_divided(form, shared), form.constant // shared)
        return ONE if form.is_positive() else ZERO if (form.times(-1) + Form((), (), -1)).is_positive() else form
    if form.constant % shared:
        return ZERO
    form = Form(*_divided(form, shared), form.constant // shared)
    if (form.letters or form.sizes)[0][1] < 0:
        form = form.times(-1)
    if any((each + Form((), (), -1)).is_positive() for each in (form, form.times(-1))):
        return ZERO
    return _as_delta(form) or form


def _divided(form: Form, number: int) -> tuple[Any, Any]:
    letters = tuple((index, times // number) for index, times in form.letters)
    return letters, tuple((range, times // number) for range, times in form.sizes)


def _as_delta(form: Form) -> Term | None:
    """A delta for i == j of one range, and for i == 3."""
    match form.letters, form.sizes, form.constant:
        case ((first, 1), (second, -1)), (), 0 if first.range == second.range:
            return Delta(first, second)
        case ((index, 1),), (), place if place < 0:
            return Delta(index, Index(str(-place), index.range))
    return None


class Where(Term):
    """One term where a condition holds, another elsewhere. Fields: condition, then, otherwise.

    The condition is a Delta or an Indicator. Unlike [c]*x + (1 - [c])*y, the term that is not chosen may be undefined.
    """

    __slots__ = ()
    rank = 14
    __match_args__ = ("condition", "then", "otherwise")

    def __new__(cls, condition: Term, then: Term, otherwise: Term) -> Term:  # type: ignore[misc]
        if condition is ONE or then is otherwise:
            return then
        if condition is ZERO:
            return otherwise
        if then is ONE and otherwise is ZERO:
            return condition
        if otherwise is ZERO or then is ZERO:  # what says where places are equal stands outside, where sums find it
            chosen = then if otherwise is ZERO else otherwise
            equal = [each for each in factors_of(chosen) if isinstance(each, Constraint) and each.relation == "=="]
            if equal:
                rest = Product(*(each for each in factors_of(chosen) if each not in equal))
                inner = Where(condition, rest, ZERO) if otherwise is ZERO else Where(condition, ZERO, rest)
                return Product(*equal, inner)
        return _interned(cls, (condition, then, otherwise), _fill, (condition, then, otherwise))

    @property
    def condition(self) -> Term:
        """A Delta or an Indicator."""
        found: Term = self.fields[0]
        return found

    @property
    def then(self) -> Term:
        """The value where the condition holds."""
        found: Term = self.fields[1]
        return found

    @property
    def otherwise(self) -> Term:
        """The value elsewhere."""
        found: Term = self.fields[2]
        return found


class Derivative(Term):
    """The derivative of a body by an element of a tensor, not yet worked out. Fields: body, variable.

    It binds nothing: an index that stands in both means the diagonal.
    """

    __slots__ = ("body", "variable")
    body: Term
    variable: Tensor
    rank = 15
    __match_args__ = ("body", "variable")

    def __new__(cls, body: Term, variable: Tensor) -> Derivative:
        return _interned(cls, (body, variable), _fill_derivative, body, variable)


def _key(term: Term) -> Key:
    return term.key


# ----- Shorthands ------------------------------------------------------------------------------------------------


def negative(term: Term) -> Term:
    """-x."""
    return Product(MINUS_ONE, term)


def quotient(numerator: Term, denominator: Term) -> Term:
    """x/y."""
    return Product(numerator, Power(denominator, MINUS_ONE))


FLIPPED = {">": "<", ">=": "<="}


def indicator(relation: str, left: Term | Index, right: Term | Index) -> Term:
    """1 where a relation (== != < <= > >=) holds, else 0; between two indices or two terms."""
    if relation in FLIPPED:
        return indicator(FLIPPED[relation], right, left)
    if relation == "!=":
        return Sum(ONE, negative(indicator("==", left, right)))
    if relation == "==" and isinstance(left, Index) and isinstance(right, Index):
        return Delta(left, right)
    return Indicator(relation, left, right)


def coefficient_of(term: Term) -> Fraction | float:
    """The number in front of a term."""
    if isinstance(term, Product):
        term = term.fields[0]
    return term.value if isinstance(term, Number) else ONE.value


def coefficient_and_rest(term: Term) -> tuple[Fraction | float, Term]:
    """The number in front of a term, and the term without it."""
    if isinstance(term, Number):
        return term.value, ONE
    if isinstance(term, Product) and isinstance(term.fields[0], Number):
        return term.fields[0].value, Product(*term.fields[1:])
    return ONE.value, term


def factors_of(term: Term) -> tuple[Term, ...]:
    """The factors of a product, or the term alone."""
    return term.fields if isinstance(term, Product) else (term,)


def terms_of(term: Term) -> tuple[Term, ...]:
    """The addends of a sum, or the term alone."""
    return term.fields if isinstance(term, Sum) else (term,)
