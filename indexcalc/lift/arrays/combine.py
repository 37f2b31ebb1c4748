"""Arrays brought together: axes that meet, broadcasting, and sums of products along labelled axes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from indexcalc.lift.arrays.array import KINDS, LETTER, Array, Axis, array, numbers, shape_text, size_term
from indexcalc.lift.arrays.conditions import chosen, compared
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import LiftError, RaisesError, UndecidedError, UnreadableError
from indexcalc.terms import (
    NO_PERIOD,
    ONE,
    ZERO,
    Constraint,
    Contraction,
    Delta,
    Index,
    Product,
    Range,
    Reduction,
    Sum,
    Term,
    factors_of,
    negative,
)
from indexcalc.walk import substitute

BOUND = "b"  # the letter of bound indices that were axes
SHARED = "e"  # the letter of indices that several arrays share while they meet


def broadcast(arrays: Sequence[Array]) -> tuple[tuple[Axis, ...], list[Array]]:
    """The axes of what arrays of these shapes give together, and the arrays with the indices of these axes."""
    if any(each.mask is not None for each in arrays):
        return _picked(arrays)
    rank = max(each.rank for each in arrays)
    rows: list[Axis] = []
    for position in range(rank):
        found = [each.axes[position - rank + each.rank] for each in arrays if position - rank + each.rank >= 0]
        rows.append(met(found, arrays))
    axes = tuple(rows)
    axes = tuple(axis.renamed(dict(zip(_all(axes), numbers(axes), strict=True))) for axis in axes)
    return axes, [_along(each, axes[rank - each.rank :]) for each in arrays]


def _picked(arrays: Sequence[Array]) -> tuple[tuple[Axis, ...], list[Array]]:
    """Elements that one mask picks, among one another and with numbers."""
    masked = [each for each in arrays if each.mask is not None]
    first = masked[0]
    same = all(each.mask is first.mask and each.axes == first.axes for each in masked)
    if not same or any(each.mask is None and each.axes for each in arrays):
        raise UnreadableError("elements that different masks pick meet")
    return first.axes, list(arrays)


def _all(axes: tuple[Axis, ...]) -> tuple[Index, ...]:
    return tuple(index for axis in axes for index in axis.factors)


def met(axes: Sequence[Axis], arrays: Sequence[Array]) -> Axis:
    """The axis that axes of equal length, or of length 1, give together. Raises where the lengths differ."""
    longest = [axis for axis in axes if axis.factors]
    if not longest:
        return Axis()
    first = longest[0]
    for other in longest[1:]:
        if other.size != first.size:
            shapes = " and ".join(shape_text(each.shape) for each in arrays)
            raise unlike(first, other, f"the shapes {shapes} do not fit")
        if len(other.factors) > len(first.factors):
            first = other
    return first


def unlike(first: Axis, other: Axis, words: str) -> LiftError:
    """What to raise for axes that must be of one length: a name and a number may be equal, two names are not.

    Nor is a length that is reckoned from one that nothing names, as that of y[i] = x[i+k-1]*w[k] from the length of x.
    """
    sizes = (first.size, other.size)
    atoms = [atom for size in sizes for monomial, _ in size.terms for atom in monomial]
    reckoned = any(len(size.terms) > 1 for size in sizes)
    is_open = any(isinstance(atom, Range) and not atom.named and not atom.counts for atom in atoms)
    if (first.size.number is None) != (other.size.number is None) or (reckoned and is_open):
        return UndecidedError(f"{words} unless {other} is {first}, which is not said")
    return RaisesError(f"{words}: {other} is not {first}")


def _along(value: Array, axes: tuple[Axis, ...]) -> Array:
    """The array with the indices of these axes; an axis of length 1 is left out."""
    for own, axis in zip(value.axes, axes, strict=True):
        if own.factors:
            value = moved(value, own, axis)
    return value


def moved(value: Array, own: Axis, axis: Axis) -> Array:
    """The array with the indices of another axis of the same length in place of one of its own."""
    if own.factors == axis.factors:
        return value
    if own.ranges == axis.ranges or [r.size for r in own.ranges] == [r.size for r in axis.ranges] != [None]:
        if own.ranges != axis.ranges and None in [r.size for r in own.ranges]:
            raise UnreadableError("axes that were merged from different ranges meet")
        return value.renamed(dict(zip(own.factors, axis.factors, strict=True)))
    if len(own.factors) == 1 and len(axis.factors) == 1:
        index, new = own.factors[0], axis.factors[0]
        if Whole.atom(index.range) == Whole.atom(new.range):
            return value.renamed({index: new})
        return gathered(value, index, compared("==", Whole.atom(index), Whole.atom(new)))
    return _regathered(value, own, axis)


def _regathered(value: Array, own: Axis, axis: Axis) -> Array:
    """The array with the indices of an axis that was merged from others: the elements of equal numbers, row-major."""
    numbers_ = [_row_major(each) for each in (own, axis)]
    if any(each.form is None for each in numbers_) or value.hidden is not None or own.size != axis.size:
        raise UnreadableError("axes that were merged from different ranges meet")
    tie = compared("==", *numbers_)
    return replace(value, term=summed(own.factors, Product(tie, value.term))).plain()


def _row_major(axis: Axis) -> Whole:
    """The number of a place of an axis, from its indices."""
    total = Whole()
    for index in axis.factors:
        total = total * Whole.atom(index.range) + Whole.atom(index)
    return total


def gathered(value: Array, index: Index, selector: Term) -> Array:
    """The array read where a selector is 1: the sum over an index, which is no longer an axis's."""

    def read(term: Term) -> Term:
        return summed((index,), Product(selector, term)) if index in term.free else term

    hidden = None if value.hidden is None else read(value.hidden)
    choice = None if value.choice is None else (value.choice[0], read(value.choice[1]))
    kept = value.whole if value.whole is not None and index not in value.whole.indices else None
    if isinstance(selector, Delta) and value.whole is not None:
        kept = value.whole.renamed({index: _other(selector, index)})
    elif isinstance(selector, Constraint) and value.whole is not None and kept is None:
        place = _solved(selector, index)
        kept = None if place is None else value.whole.put({index: place})
    return replace(value, term=read(value.term), hidden=hidden, choice=choice, whole=kept)


def _solved(selector: Constraint, index: Index) -> Whole | None:
    """The place of an index by an equation in which it stands once."""
    times = selector.form.of(index)
    if selector.relation != "==" or abs(times) != 1 or selector.period != NO_PERIOD:
        return None
    total = Whole.of(-1)  # places count from 1 in the equation
    for letter, each in selector.form.letters:
        if letter is not index:
            total = total + Whole.of(-each * times) * (Whole.atom(letter) + Whole.of(1))
    for range, each in selector.form.sizes:
        total = total + Whole.of(-each * times) * Whole.atom(range)
    return total + Whole.of(-selector.form.constant * times)


def _other(delta: Delta, index: Index) -> Index:
    first, second = delta.slots
    return second if first is index else first


def summed(bound: Sequence[Index], term: Term) -> Term:
    """The sum over indices; those that a delta in the product ties to others are put in."""
    left = list(bound)
    for index in bound:
        for factor in factors_of(term):
            if isinstance(factor, Delta) and index in factor.slots:
                other = _other(factor, index)
                if other.range == index.range:
                    rest = [each for each in factors_of(term) if each is not factor]
                    term = substitute(Product(*rest), {index: other})
                    left.remove(index)
                    break
    left, term = unnumbered(left, term)
    return Contraction(left, term)


def unnumbered(bound: Sequence[Index], term: Term) -> tuple[list[Index], Term]:
    """Indices that are to be bound, with a letter that axes do not have: what is bound is never an axis."""
    renaming = {index: Index(BOUND, index.range, index.serial) for index in bound if index.name == LETTER}
    return [renaming.get(index, index) for index in bound], substitute(term, renaming)


def reduction(kind: str, bound: Sequence[Index], term: Term) -> Term:
    """The product, maximum or minimum over indices."""
    bound, term = unnumbered(bound, term)
    return Reduction(kind, bound, term) if bound else term


def combined(arrays: Sequence[Array], rule: Callable[..., Term], kind: str = "", library: str = "") -> Array:
    """An elementwise function of arrays. Raises where their shapes do not fit."""
    axes, parts = broadcast(arrays)
    kind = kind or max((each.kind for each in arrays), key=KINDS.index)
    library = library or next((each.library for each in arrays if each.library), "")
    mask = next((each.mask for each in arrays if each.mask is not None), None)
    return Array(axes, rule(*(each.term for each in parts)), kind, library=library, mask=mask)


# ----- Sums of products ------------------------------------------------------------------------------------------


def contracted(arrays: Sequence[Array], labels: Sequence[Sequence[Hashable]], output: Sequence[Hashable]) -> Array:
    """The sum of a product of arrays along labelled axes: equal labels meet, those that the output lacks are summed."""
    shared: dict[Hashable, Axis] = {}
    for value, words in zip(arrays, labels, strict=True):
        if len(words) != value.rank:
            raise RaisesError(f"an array of shape {shape_text(value.shape)} has {value.rank} axes, not {len(words)}")
        for word, axis in zip(words, value.axes, strict=True):
            shared[word] = met([shared[word], axis] if word in shared else [axis], arrays)
    for place, (word, axis) in enumerate(shared.items()):
        new = [Index(SHARED, each.range, 10 * place + n + 1) for n, each in enumerate(axis.factors)]
        shared[word] = axis.renamed(dict(zip(axis.factors, new, strict=True)))
    factors: list[Term] = []
    for value, words in zip(arrays, labels, strict=True):
        if value.hidden is not None:
            raise UnreadableError("minus infinity is multiplied")
        for word, axis in zip(words, value.axes, strict=True):
            if axis.factors:
                value = moved(value, axis, shared[word])
        factors.append(value.term)
    gone = [axis for word, axis in shared.items() if word not in output]
    term = sum_over(gone, Product(*factors))
    kind = max((each.kind for each in arrays), key=KINDS.index)
    library = next((each.library for each in arrays if each.library), "")
    return array([shared[word] for word in output], term, kind, library)


def sum_over(axes: Sequence[Axis], term: Term) -> Term:
    """The sum along axes, of the places that exist."""
    for axis in axes:
        term = chosen(axis.inside, term, ZERO)
    return summed([index for axis in axes for index in axis.factors], term)


def spread(value: Array) -> Array:
    """Elements that a mask picks, as an array that is 0 at the others."""
    if value.mask is None:
        return value
    return replace(value, term=chosen(value.mask, value.term, ZERO), mask=None, whole=None, choice=None)


def reduced(value: Array, places: Sequence[int], keep: bool, kind: str) -> Array:
    """The sum, product, maximum or minimum along axes (by their places)."""
    gone = [value.axes[place] for place in places]
    term = _reduced_term(value, gone, kind)
    kept = [Axis() if place in places else axis for place, axis in enumerate(value.axes) if keep or place not in places]
    number = "int" if value.kind == "bool" and kind in ("sum", "prod") else value.kind
    return array(kept, term, number, value.library)


def _reduced_term(value: Array, gone: list[Axis], kind: str) -> Term:
    bound = [index for axis in gone for index in axis.factors]
    term = value.term
    if kind == "sum" and value.hidden is None:
        return sum_over(gone, term)
    outside = Sum(ONE, *(negative(axis.inside) for axis in gone)) if len(gone) == 1 else None
    if kind == "prod" and value.hidden is None:
        for axis in gone:
            term = chosen(axis.inside, term, ONE)
        return reduction("prod", bound, term)
    if kind == "max" and value.hidden is not None:  # what is hidden is replaced by what is no larger than the rest
        return reduction("max", bound, chosen(value.hidden, reduction("min", bound, term), term))
    if value.hidden is not None:
        raise UnreadableError("minus infinity is summed")
    if any(axis.length is not None for axis in gone):
        if outside is None:
            raise UnreadableError("an extreme over parts of several ranges")
        other = reduction("min" if kind == "max" else "max", bound, term)
        term = chosen(gone[0].inside, term, other)
    return reduction(kind, bound, term)


def mean_of(value: Array, places: Sequence[int], keep: bool) -> Array:
    """The mean along axes."""
    from indexcalc.terms import quotient

    total = reduced(value, places, keep, "sum")
    count = Product(*(size_term(value.axes[place]) for place in places))
    return replace(total, term=quotient(total.term, count), kind="float")
