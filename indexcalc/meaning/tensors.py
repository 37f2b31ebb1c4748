r"""Names with scripts.

Tensors at indices, powers, transpositions, and the few letters that mean something by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from indexcalc.context.knowledge import ELEMENTWISE
from indexcalc.context.loose import gathers
from indexcalc.context.names import Use, is_transposed, script_items
from indexcalc.indices import Index, Range
from indexcalc.meaning.conditions import holding
from indexcalc.meaning.places.looking import compared, slots_of, summed_over
from indexcalc.meaning.primitives import exponential, inverse, root
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.scope import Scope
from indexcalc.meaning.values import Value, multiplied, transposed
from indexcalc.notation.elements import INDICATORS
from indexcalc.notation.formula import (
    Bracket,
    Formula,
    Mark,
    Name,
    Numeral,
    Product,
    Quotient,
    Relation,
    Scripted,
    Sequence,
    Signed,
)
from indexcalc.terms import ONE, Call, Delta, Epsilon, Number, Power, Tensor, size_of
from indexcalc.walk import substitute

Read = Callable[[Formula, Scope], Value]
MATRIX = 2  # axes


def name(formula: Formula, scope: Scope, read: Read) -> Value:
    """The value of a name with its scripts."""
    special = _indicator(formula, scope, read)
    if special is not None:
        return special
    use = scope.known.use(formula)
    if use is None:
        return raised(formula, scope, read)
    if use.letter == "_":
        raise UnclearError("an underscore stands alone")
    if use.primes and not _is_primed_name(use, scope):
        raise UnclearError(f"{use.name}' is a derivative of what is no function here")
    if (
        use.letter == "e"
        and use.power is not None
        and not use.labels
        and not scope.known.letters.kinds.get("e")
        and not scope.defined("e")
    ):
        exponent = read(use.power, scope)
        value = exponential(Value(exponent.term, exponent.axes, exponent.stands), scope)
        if use.indices and len(use.indices) == value.order:
            slots = tuple(scope.index(item, axis.range) for item, axis in zip(use.indices, value.axes, strict=True))
            return Value(value.at(slots))
        return value
    inverse_at = _element_of_inverse(use, scope)
    if inverse_at is not None:
        return inverse_at
    value = tensor(use, scope)
    if use.power is not None:
        value = _squared(use, value, scope) or power(value, use.power, scope, read)
    if use.transposed and not value.order and len(use.indices) == 2 and isinstance(value.term, Tensor):
        return tensor(replace(use, indices=use.indices[::-1], transposed=False), scope)  # (W^T)_{ij}
    return transposed(value) if use.transposed else value


def _element_of_inverse(use: Use, scope: Scope) -> Value | None:
    r"""C^{-1}_{IJ}, the element of an inverse, where a text writes C^{-1} without indices too, or C is bold."""
    if len(use.indices) != 2 or use.power is None or _number(use.power) != -1:
        return None
    if scope.known.count(use.name) != 2 or not (use.font == "bold" or use.name in scope.known.inverted):
        return None
    value = inverse(tensor(replace(use, indices=(), power=None, transposed=False), scope), scope)
    items = use.indices[::-1] if use.transposed else use.indices
    return Value(value.at(tuple(scope.index(item, axis.range) for item, axis in zip(items, value.axes, strict=True))))


_E = Call("exp", ONE)


def _is_primed_name(use: Use, scope: Scope) -> bool:
    return not scope.known.is_function(use.name, scope.place)


def _squared(use: Use, value: Value, scope: Scope) -> Value | None:
    r"""\sigma^2 where it is a tensor of its own."""
    return None if use.name not in scope.known.squares else _square_power(use, value, scope)


def _square_power(use: Use, value: Value, scope: Scope) -> Value | None:
    if isinstance(use.power, Numeral) and use.power.exact.denominator == 1 and isinstance(value.term, Power):
        return value.with_term(Power(value.term.base, Number(Fraction(use.power.exact) / 2)))
    return None


def tensor(use: Use, scope: Scope) -> Value:
    """The value of a name at its indices; the axes that are not written are open."""
    primed = use.name + "'" * use.primes
    if (square := scope.parameters.get(f"{use.name}_squared")) is not None and not use.indices:
        return square.with_term(Power(square.term, Number(Fraction(1, 2))))
    if primed in scope.parameters and not use.indices:
        return scope.parameters[primed]
    found = _special(use, scope)
    if found is not None:
        return found
    named = scope.name(use) + ("_prime" * use.primes)
    carried = scope.known.carries.get(use.name)
    if carried and not use.indices:
        slots = tuple(scope.letter(letter) for letter in carried)
        for slot, range in zip(slots, scope.ranges_of(named, len(slots)), strict=True):
            scope.ranges.join(slot.range, range, named_alike=True)
        return Value(Tensor(named, slots))
    if (
        scope.known.is_size(use.name)
        and not use.indices
        and not scope.defined(named)
        and not scope.known.count(use.name)
    ):
        return Value(size_of(scope.ranges.of_size(use.name)))
    if use.name in scope.known.squares:
        square = _element(f"{named}_squared", use, scope)
        return square.with_term(Power(square.term, Number(Fraction(1, 2))))
    return _element(named, use, scope)


def _element(named: str, use: Use, scope: Scope) -> Value:
    count = max(scope.known.count(use.name), len(use.indices))
    rank = count + scope.known.axes(use.name, scope.place)
    if scope.known.count(use.name) == 0 and use.indices:
        rank = max(len(use.indices), rank)
    ranges = scope.ranges_of(named, rank)
    is_column = use.name in scope.known.columns and len(use.indices) == 1 < rank
    own = ranges[-1:] if is_column else ranges
    slots, looked = slots_of(use.indices, own, scope)
    left = ranges[:-1] if is_column else ranges[len(slots) :]
    opened = tuple(scope.fresh("ijklmn"[slot % 6], range) for slot, range in enumerate(left))
    if len(opened) > 2:
        raise UnclearError(f"{use.name} stands without {len(opened)} of its indices")
    is_row = len(opened) == 1 and scope.known.has(use.name, "row", scope.place)
    stands = "row" if is_row else "column"
    upright = len(opened) == 1 and scope.known.has(use.name, "column", scope.place)
    term = Tensor(named, (*opened, *slots) if is_column else (*slots, *opened))
    return Value(summed_over(term, looked), opened, stands, upright=upright)


def _special(use: Use, scope: Scope) -> Value | None:
    """The letters that mean something by themselves, unless the document gives them a meaning."""
    letter, items = use.letter, use.indices
    is_unit = letter == "I" and not items and not use.labels and scope.known.letters.has_numbers_only(letter)
    if scope.defined(use.name) or (letter in scope.known.letters.taken and not is_unit):
        return None
    places = [item for item in items if item.kind in ("letter", "place")]
    if letter in ("delta", "bbdelta") and not use.labels and (equal := compared(items, scope)) is not None:
        return Value(equal)
    if letter in ("delta", "bbdelta") and len(items) == 2 == len(places) and not use.labels:
        first, second = (item for item in items)
        range = (
            scope.letter(first.text).range
            if first.kind == "letter"
            else scope.letter(second.text).range
            if second.kind == "letter"
            else scope.ranges.fresh("i")
        )
        return Value(Delta(scope.index(first, range), scope.index(second, range)))
    if scope.known.letters.is_permutation(letter, len(items)) and len(places) == 3 and not use.labels:
        three = scope.ranges.of_size(3)
        return Value(Epsilon(*(scope.index(item, three) for item in items)))
    is_basis = use.name.removesuffix("_each") in scope.known.bases and use.power is None
    if is_basis and len(items) == len(places) in (1, 2):
        range = scope.ranges_of(use.name, 1)[0]
        slots = [scope.index(item, range) for item in items]
        if len(slots) == 2:
            return Value(Delta(*slots))
        return Value(Delta(slots[0], opened := scope.fresh("i", range)), (opened,))
    if items or (use.labels and letter not in ("I", "1", "bb1")):
        return None
    if letter == "e" and not scope.known.has("e", "axes") and scope.known.letters.counts.get("e", 0) == 0:
        return Value(_E)
    if letter == "pi":
        return Value(Tensor("pi"))
    if letter == "delta" and use.font == "bold" and 2 in scope.known.letters.kinds.get("delta", ()):
        return _unit(scope, use)
    if letter in ("I", "bbI") and use.font in ("bold", "double", "") and scope.known.axes("I", scope.place) in (0, 2):
        return _unit(scope, use)
    if letter in ("1", "bb1") and use.font in ("bold", "double"):
        if not use.labels and scope.known.axes(letter, scope.place) == MATRIX:  # the text calls it a matrix of ones
            return Value(ONE, tuple(scope.fresh("i", range) for range in scope.ranges_of(letter, MATRIX)))
        axis = scope.fresh("i", _labelled_range(scope, use))
        return Value(ONE, (axis,), fits=not use.labels)
    if letter in ("0", "bb0") and use.font == "bold":
        return Value(Number(0))
    return None


def _labelled_range(scope: Scope, use: Use) -> Range:
    label = str(use.labels[0]) if use.labels else ""
    return scope.ranges.of_size(int(label) if label.isdigit() else label) if label else scope.ranges.fresh("i")


def _unit(scope: Scope, use: Use) -> Value:
    range = _labelled_range(scope, use)
    first, second = scope.fresh("i", range), scope.fresh("j", range)
    return Value(Delta(first, second), (first, second), fits=not use.labels)


def _indicator(formula: Formula, scope: Scope, read: Read) -> Value | None:
    r"""\mathbb{1}_{i = k}: one where the condition holds."""
    if isinstance(formula, Scripted) and isinstance(formula.base, Name | Numeral):
        letter = formula.base.letter if isinstance(formula.base, Name) else formula.base.text
        condition = formula.below
        if letter in INDICATORS and formula.above is None:
            inner = condition.body if isinstance(condition, Bracket) else condition
            relations = inner.items if isinstance(inner, Sequence) else (inner,)
            if inner is not None and all(isinstance(each, Relation) for each in relations):
                return holding(inner, scope, read)
    return None


def raised(formula: Formula, scope: Scope, read: Read) -> Value:
    """Anything with scripts: what stands below is no index of an expression unless it holds letters."""
    if not isinstance(formula, Scripted):
        raise UnclearError("what stands here is not understood")
    if formula.primes:
        raise UnclearError("a prime behind an expression")
    value = read(formula.base, scope)
    if _names_product(formula):
        formula = replace(formula, below=None)
    if letters := gathers(formula, scope.known, scope.counts):
        return _gathered(value, letters, scope)
    if script_items(formula.below):
        items = [item for item in script_items(formula.below) if item.kind in ("letter", "place")]
        if not 0 < len(items) <= value.order or len(items) < len(script_items(formula.below)):
            raise UnclearError("indices stand below an expression that has none", shape=True)
        slots = tuple(scope.index(item, axis.range) for item, axis in zip(items, value.axes, strict=False))
        rest = value.axes[len(items) :]  # (A)_i is a row of A
        value = Value(value.at((*slots, *rest)), rest)
    elif formula.below is not None and not isinstance(formula.below, Mark) and not value.order:
        raise UnclearError("sizes stand below what is no matrix")  # [1]_{n \times n}
    if formula.above is None:
        return value
    return transposed(value) if is_transposed(formula.above) else power(value, formula.above, scope, read)


def _names_product(formula: Scripted) -> bool:
    r"""Whether what stands below says which inner product is meant: \langle A, B \rangle_F, of a space of numbers."""
    is_pair = isinstance(formula.base, Bracket) and formula.base.mark == "<" and isinstance(formula.base.body, Sequence)
    below = formula.below.base if isinstance(formula.below, Scripted) else formula.below
    return is_pair and isinstance(below, Name) and (below.letter == "F" or below.font in ("double", "upright"))


def _gathered(value: Value, letters: tuple[str, ...], scope: Scope) -> Value:
    """The vector, or the matrix, of elements that are written for letters."""
    own = {index.name: index for index in value.term.free}
    if value.order or any(letter not in own for letter in letters):
        raise UnclearError("what is gathered in brackets is no number for each of its letters")
    axes = tuple(scope.fresh(letter, own[letter].range) for letter in letters)
    return Value(substitute(value.term, {own[one]: axis for one, axis in zip(letters, axes, strict=True)}), axes)


def power(value: Value, exponent: Formula, scope: Scope, read: Read) -> Value:
    """A power of a number, or of a vector element by element; of a matrix a product with itself."""
    if isinstance(exponent, Sequence) or (isinstance(exponent, Mark) and exponent.sign != "empty"):
        raise UnclearError("what stands above the line is no exponent")
    if (value.order == 2 and not scope.known.has("", ELEMENTWISE)) or value.groups:
        if isinstance(exponent, Numeral) and exponent.exact.denominator == 1 and 0 < exponent.exact <= 8:
            result = value
            for _ in range(int(exponent.exact) - 1):
                result = multiplied(result, _again(value, scope), scope.ranges)
            return result
        return _matrix_power(value, exponent, scope)
    raised_to = read(exponent, scope)
    if raised_to.order:
        raise UnclearError("an exponent has indices left open")
    return value.with_term(Power(value.term, raised_to.term))


def is_raised(formula: Formula) -> bool:
    """Whether a formula is anything to the power of a number."""
    return isinstance(formula, Scripted) and formula.above is not None and _number(formula.above) is not None


def _matrix_power(value: Value, exponent: Formula, scope: Scope) -> Value:
    r"""A power of a matrix that is no small natural number: A^{-1}, A^{-2}, A^{1/2}, A^{-\top}."""
    if isinstance(exponent, Signed) and exponent.sign == "-" and is_transposed(exponent.body):
        return transposed(inverse(value, scope))
    number = _number(exponent)
    if number is not None and number.denominator == 1 and -8 <= number < 0:
        result = once = inverse(value, scope)
        for _ in range(-int(number) - 1):
            result = multiplied(result, _again(once, scope), scope.ranges)
        return result
    found = root(value, number, scope) if number is not None else None
    if found is None:
        raise UnclearError("a matrix is raised to a power", shape=True)
    return found


def _number(formula: Formula) -> Fraction | None:
    """A number that is written with digits, a sign and a line or a slash."""
    match formula:
        case Numeral(exact=exact):
            return exact
        case Signed("-", body):
            inner = _number(body)
            return None if inner is None else -inner
        case Quotient(above, below) | Product(((_, above), ("over", below))):
            first, second = _number(above), _number(below)
            return first / second if first is not None and second else None
    return None


def _again(value: Value, scope: Scope) -> Value:
    """The same value with other axes."""
    axes = tuple(scope.fresh(axis.name, axis.range) for axis in value.axes)
    new = Value(substitute(value.term, dict(zip(value.axes, axes, strict=True))), axes, value.stands)
    return replace(new, groups=value.groups, factors=value.factors, outer=value.outer)


def renewed(value: Value, scope: Scope) -> Value:
    """The same value with axes of its own, so that it may stand twice in one product."""
    return _again(value, scope) if value.axes else value


def squared_norm(value: Value) -> Value:
    """The sum of the squares of all elements."""
    from indexcalc.terms import Contraction

    return Value(Contraction(value.axes, Power(value.term, Number(2))))


def at_indices(value: Value, indices: tuple[Index, ...]) -> Value:
    """A value at indices."""
    return Value(value.at(indices))
