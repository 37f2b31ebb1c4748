"""What all rounds of a loop make of an unknown, from what one round makes of it.

With P for the value before a round, k for its axes, i for the round:

    P[k] + f(k, i)                      P0[k] + sum over i of f
    P[k]*f(k, i)                        P0[k] * product over i of f
    max(P[k], f(k, i))                  the maximum of P0[k] and of f over i
    f where k is the place of i, P[k] elsewhere     f at that i where there is one, P0[k] elsewhere
    f(k, i)                             f of the last round

where f holds P only as P[k] itself. Anything else hands values from round to round and is not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexcalc.lift.arrays.array import Array
from indexcalc.lift.arrays.combine import summed
from indexcalc.lift.arrays.conditions import choice, chosen, compared, total
from indexcalc.lift.arrays.whole import UNIT, Whole
from indexcalc.lift.errors import UnreadableError
from indexcalc.lift.reading.values import Unknown
from indexcalc.terms import (
    NO_PERIOD,
    ONE,
    ZERO,
    Call,
    Constraint,
    Contraction,
    Delta,
    Index,
    Indicator,
    Number,
    Product,
    Reduction,
    Size,
    Sum,
    Tensor,
    Term,
    Where,
    factors_of,
    terms_of,
)
from indexcalc.walk import Memo, mapped, replace_tensors, substitute, subterms

UNKNOWN = "§"  # before a number: the name of a value before a round
CARRIED = "a value is handed from one round of a loop to the next"


@dataclass(frozen=True)
class Rounds:
    """The rounds of a loop: their index, 1 where it is one of them, from where to where, and in which order.

    sure: whether there is at least one.
    """

    index: Index
    inside: Term
    start: Whole
    stop: Whole
    backwards: bool = False
    sure: bool = True


Starts = dict[str, tuple[Tensor, Term]]  # of unknowns: the unknown, and its value before a round


def after_rounds(
    rounds: Rounds, equations: Sequence[tuple[Tensor, Array, Array]]
) -> tuple[list[Array | Unknown], Starts]:
    """The values after all rounds, of unknowns with what one round makes of them and with what they were before.

    With them the values before a round, where they are known.
    """
    found: dict[int, Array | Unknown] = {}
    starts: Starts = {}
    pending = list(range(len(equations)))
    names = {tensor.name for tensor, _, _ in equations}
    while pending:
        ready = [n for n in pending if not _others(equations[n], names, starts)]
        if not ready:
            for n in pending:
                found[n] = Unknown(CARRIED)
            break
        for n in ready:
            pending.remove(n)
            tensor, new, old = equations[n]
            new = replace(new, term=with_starts(new.term, starts), hidden=_hidden(new, starts))
            try:
                found[n] = _solved(rounds, tensor, new, old)
                start = _before_round(rounds, tensor, new, old)
                if start is not None:
                    starts[tensor.name] = (tensor, start)
            except UnreadableError as error:
                found[n] = Unknown(error.cause, error.line)
    return [found[n] for n in range(len(equations))], starts


def _others(equation: tuple[Tensor, Array, Array], names: set[str], starts: Starts) -> bool:
    tensor, new, _ = equation
    hidden = new.hidden.symbols if new.hidden is not None else frozenset()
    return bool(((new.term.symbols | hidden) & names) - {tensor.name} - starts.keys())


def _hidden(new: Array, starts: Starts) -> Term | None:
    return None if new.hidden is None else with_starts(new.hidden, starts)


def with_starts(term: Term, starts: Starts) -> Term:
    """A term with the values before a round put in for unknowns that are solved."""

    def value(tensor: Tensor) -> Term | None:
        if tensor.name not in starts:
            return None
        unknown, start = starts[tensor.name]
        renaming = dict(zip(unknown.slots, tensor.slots, strict=True))
        return substitute(start, renaming)

    return replace_tensors(term, value) if starts else term


def _solved(rounds: Rounds, unknown: Tensor, new: Array, old: Array) -> Array:
    if new.term is unknown and new.hidden is None:
        return old
    if new.shape != old.shape:
        raise UnreadableError("the shape of a value changes from round to round")
    if new.hidden is not None or old.hidden is not None:
        return _solved_hidden(rounds, unknown, new, old)
    term = _of_form(rounds, unknown, new.term, old.term)
    if term is None:
        raise UnreadableError(CARRIED)
    kind = new.kind if new.kind == old.kind or old.kind != "float" else "float"
    return replace(old, term=term, kind=kind, whole=None, choice=None, library=new.library or old.library)


def _solved_hidden(rounds: Rounds, unknown: Tensor, new: Array, old: Array) -> Array:
    """Minus infinity that is written in a loop, where nothing was hidden before: where some round writes it."""
    if new.hidden is None or old.hidden is not None or unknown.name in new.hidden.symbols:
        raise UnreadableError("minus infinity in a loop")
    term = _written(rounds, unknown, new.term, old.term)
    if term is None and new.term is unknown:
        term = old.term
    if term is None:
        raise UnreadableError("minus infinity in a loop")
    hidden = Reduction("max", (rounds.index,), Product(rounds.inside, new.hidden))
    return replace(old, term=term, hidden=hidden, whole=None, choice=None)


def _of_form(rounds: Rounds, unknown: Tensor, new: Term, old: Term) -> Term | None:
    """The value after all rounds; none if what one round makes of the unknown is of no known form."""
    if new is unknown:
        return old
    found = (form(rounds, unknown, new, old) for form in (_added, _written, _running, _gathered, _last, _parted))
    return next((each for each in found if each is not None), None)


def _parted(rounds: Rounds, unknown: Tensor, new: Term, old: Term) -> Term | None:
    """The value where a condition that is the same in all rounds parts two forms."""
    if not isinstance(new, Where) or rounds.index in new.condition.free or unknown.name in new.condition.symbols:
        return None
    then = _of_form(rounds, unknown, new.then, old)
    otherwise = _of_form(rounds, unknown, new.otherwise, old)
    return None if then is None or otherwise is None else chosen(new.condition, then, otherwise)


# ----- The forms -------------------------------------------------------------------------------------------------


def _ties(rounds: Rounds, axes: frozenset[Index], term: Term) -> Iterator[Term]:
    """The conditions in a term that hold in one round at most for a place of an axis, and hang on no inner sum."""
    for each in subterms(term):
        between = rounds.index in each.free and not axes.isdisjoint(each.free) and each.free <= term.free
        if between and _tells_round(each, rounds.index):
            yield each


def _tells_round(condition: Term, index: Index) -> bool:
    """Whether a condition holds for one place of the round's index at most, whatever else is fixed."""
    match condition:
        case Delta():
            return True
        case Constraint("==", form, period):
            return form.of(index) != 0 and period == NO_PERIOD
        case Indicator("==", Constraint() as inner, other) if other is ONE:
            return _tells_round(inner, index)
        case Indicator("==", Term() as left, Term() as right):
            return all(_is_linear_place(each, index) for each in (left, right))
    return False


def _is_linear_place(term: Term, index: Index) -> bool:
    """Whether a term reckons with places and sizes, and with the place of an index once in each product."""
    match term:
        case Sum() | Product():
            once = isinstance(term, Sum) or sum(index in each.free for each in term.fields) <= 1
            return once and all(_is_linear_place(each, index) for each in term.fields)
        case Contraction(_, Indicator("<", Index(), Index())) | Number() | Size():
            return True
    return False


def _running(rounds: Rounds, unknown: Tensor, new: Term, old: Term) -> Term | None:
    """The running sum that P[k-1] + f at k = i makes of P, from the second place on; none if that is not the form."""
    for tie in _ties(rounds, frozenset(unknown.slots), new):
        places = [slot for slot in unknown.slots if slot in tie.free]
        if not isinstance(tie, Delta) or len(places) != 1 or _set(new, tie, ZERO) is not unknown or rounds.backwards:
            continue
        (place,) = places
        if substitute(rounds.inside, {rounds.index: place}) is not compared("<=", UNIT, Whole.atom(place)):
            continue
        parts = list(terms_of(substitute(_set(new, tie, ONE), {rounds.index: place})))
        before = [each for each in parts if _is_place_before(each, unknown, place)]
        parts = [old if each is unknown else each for each in parts if each not in before]
        if len(before) != 1 or any(unknown.name in each.symbols for each in parts):
            continue
        earlier = Index("l", place.range, rounds.index.serial + 700000)
        first, step = (substitute(each, {place: earlier}) for each in (old, Sum(*parts)))
        until = compared("<=", Whole.atom(earlier), Whole.atom(place))
        start = compared("==", Whole.atom(earlier), Whole())
        return summed((earlier,), Product(until, chosen(start, first, step)))
    return None


def _is_place_before(term: Term, unknown: Tensor, place: Index) -> bool:
    """Whether a term is the unknown at the place before, all else equal."""
    if not isinstance(term, Contraction) or len(term.bound) != 1:
        return False
    (bound,) = term.bound
    slots = tuple(bound if slot is place else slot for slot in unknown.slots)
    tie = compared("==", Whole.atom(bound) + UNIT, Whole.atom(place))
    wrapped = compared("==", Whole.atom(bound) + UNIT, Whole.atom(place) + Whole.atom(place.range))  # not from 1 on
    selectors = (tie, Sum(tie, wrapped))
    return set(factors_of(term.body)) in [{Tensor(unknown.name, slots), each} for each in selectors]


def _set(term: Term, condition: Term, value: Term) -> Term:
    """A term where a condition is known to hold (1) or not (0)."""

    def rule(each: Term, rec: Memo[Term]) -> Term:
        return value if each is condition else mapped(each, rec)

    return Memo(rule)(term)


def _written(rounds: Rounds, unknown: Tensor, new: Term, old: Term) -> Term | None:
    """The value where each place is written by one round at most; none if that is not the form."""
    for tie in _ties(rounds, frozenset(unknown.slots), new):
        if _set(new, tie, ZERO) is not unknown:
            continue
        written = _set(new, tie, ONE)
        places = [slot for slot in unknown.slots if slot in tie.free]
        if len(places) != 1:
            continue
        if isinstance(tie, Delta):
            renaming = {rounds.index: places[0]}
            written, inside = substitute(written, renaming), substitute(rounds.inside, renaming)
            rest = _resting(written, unknown, old, places[0])
            return None if rest is None else choice(inside, rest, old)
        resting = _resting(written, unknown, old, places[0])
        if resting is None:
            return None
        hit = Product(tie, rounds.inside)
        return chosen(summed((rounds.index,), hit), summed((rounds.index,), Product(hit, resting)), old)
    return None


def _resting(term: Term, unknown: Tensor, old: Term, place: Index) -> Term | None:
    """A term with the values from before the loop put in for those of the unknown at the place that this round writes.

    None if it reads other places: those of rounds before or after.
    """
    position = unknown.slots.index(place)
    for each in subterms(term):
        if isinstance(each, Tensor) and each.name == unknown.name and each.slots[position] is not place:
            return None

    def value(tensor: Tensor) -> Term | None:
        if tensor.name != unknown.name:
            return None
        return substitute(old, dict(zip(unknown.slots, tensor.slots, strict=True)))

    return replace_tensors(term, value)


def _added(rounds: Rounds, unknown: Tensor, new: Term, old: Term) -> Term | None:
    """A sum over the rounds; none if that is not the form."""
    parts = list(terms_of(new))
    if parts.count(unknown) == 1:
        parts.remove(unknown)
        rest = Sum(*parts)
        if unknown.name not in rest.symbols:
            return Sum(old, summed((rounds.index,), _inside(rounds, rest)))
    return None


def _gathered(rounds: Rounds, unknown: Tensor, new: Term, old: Term) -> Term | None:
    """A product or an extreme over the rounds; none if that is not the form."""
    factors = list(factors_of(new))
    if factors.count(unknown) == 1:
        factors.remove(unknown)
        rest = Product(*factors)
        if unknown.name not in rest.symbols:
            return Product(old, Reduction("prod", (rounds.index,), chosen(rounds.inside, rest, ONE)))
    if isinstance(new, Call) and new.function in ("max", "min") and unknown in new.arguments:
        rest = next((each for each in new.arguments if each is not unknown), unknown)
        if unknown.name not in rest.symbols and rounds.inside is ONE:
            return Call(new.function, old, Reduction(new.function, (rounds.index,), rest))
    return None


def _inside(rounds: Rounds, term: Term) -> Term:
    return Product(rounds.inside, term) if total(term) else chosen(rounds.inside, term, ZERO)


def _last(rounds: Rounds, unknown: Tensor, new: Term, old: Term) -> Term | None:
    """The value of the last round, where no round reads what the one before left; none if one does."""
    if unknown.name in new.symbols:
        return None
    if rounds.index in new.free:
        place = rounds.start if rounds.backwards else rounds.stop - UNIT
        tie = compared("==", Whole.atom(rounds.index), place)
        new = summed((rounds.index,), Product(tie, new))
    if rounds.sure:
        return new
    return chosen(compared("<", rounds.start, rounds.stop), new, old)


def _before_round(rounds: Rounds, unknown: Tensor, new: Array, old: Array) -> Term | None:
    """The value before the round i, where it is a sum over the rounds before it; none elsewhere."""
    parts = list(terms_of(new.term))
    if parts.count(unknown) != 1 or new.hidden is not None:
        return None
    parts.remove(unknown)
    rest = Sum(*parts)
    if unknown.name in rest.symbols:
        return None
    earlier = Index("l", rounds.index.range, rounds.index.serial + 500000)
    first, second = (rounds.index, earlier) if rounds.backwards else (earlier, rounds.index)
    before = compared("<", Whole.atom(first), Whole.atom(second))
    renaming = {rounds.index: earlier}
    term = Product(before, substitute(rounds.inside, renaming), substitute(rest, renaming))
    return Sum(old.term, summed((earlier,), term))
