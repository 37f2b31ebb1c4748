"""Random numbers for a sheet: sizes that differ, arrays that obey the facts and keep clear of kinks.

Numbers are positive and of moderate size, unless a leaf is asked for with both signs, a fact wants others, or the
terms are not finite for them: then other scales are tried.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.errors import IndexcalcError
from indexcalc.looked import lookups_in
from indexcalc.sheet import Sheet
from indexcalc.terms import (
    Call,
    Constraint,
    Derivative,
    Index,
    Indicator,
    Number,
    Power,
    Range,
    Reduction,
    Size,
    Sum,
    Tensor,
    Term,
    negative,
)
from indexcalc.verify.draw import NotFiniteError, UnsatisfiedError
from indexcalc.verify.drawn import MISSES, obeying
from indexcalc.verify.drawn import Manner as Manner
from indexcalc.verify.evaluator import Array, Function, World, reached
from indexcalc.verify.reference import Reference, ties
from indexcalc.verify.sizes import completed
from indexcalc.verify.stand_ins import stand_ins
from indexcalc.walk import holds, subterms

# ----- Sizes -----------------------------------------------------------------------------------------------------

POOL = (3, 4, 2, 5, 6)  # then 7, 8, ...


def choose_sizes(
    sheet: Sheet, ranges: Iterable[Range], seed: int, given: Mapping[str, int] | None = None
) -> dict[Range, int]:
    """A size for each range: as declared or given, else all different, and others for another seed."""
    ranges = tuple(dict.fromkeys(ranges))
    sizes = {range_: range_.size for range_ in ranges if range_.size is not None}
    sizes.update(sheet.sizes_of(ranges, given or {}))
    fixed = tuple(sizes)
    open_ranges = [range_ for range_ in ranges if range_ not in sizes and not range_.counts]
    fresh = (size for size in (*POOL, *range(7, 7 + len(ranges))) if size not in sizes.values())
    pool = [next(fresh) for _ in range(max(3, len(open_ranges)))]
    turn = seed % len(pool)
    sizes.update(zip(open_ranges, pool[turn:] + pool[:turn], strict=False))
    completed(sizes, ranges, fixed, sheet)
    return sizes


def ranges_of(sheet: Sheet, terms: Iterable[Term]) -> list[Range]:
    """All ranges of a sheet and of terms, in a fixed order: those of tensors first."""
    found = [range_ for name in sorted(sheet.slots) for range_ in sheet.slots[name]]
    found += [sheet.letters[letter] for letter in sorted(sheet.letters)]
    sides = [side for fact in sheet.facts for side in (fact.left, fact.right)]
    rest: list[Range] = []
    for term in (*terms, *sides, *(definition.body for definition in sheet.in_order)):
        rest += [index.range for index in term.indices]
        rest += [each.range for each in subterms(term) if isinstance(each, Size)]
        forms = [each.form for each in subterms(term) if isinstance(each, Constraint)]
        rest += [range_ for form in forms for range_, _ in form.sizes]
    rest += [base for range_ in (*found, *rest) for base in _given_by(range_)]
    for read in sheet.reads:
        rest += [base for range_ in read.axes for base in (range_, *_given_by(range_))]
    return list(dict.fromkeys(found + sorted(rest, key=lambda range_: (range_.label, range_.named))))


def _given_by(range_: Range) -> list[Range]:
    """The ranges whose sizes give that of a range."""
    return [base for each in range_.made_of for base in (each, *_given_by(each))]


def _largest_places(sheet: Sheet, terms: Iterable[Term]) -> dict[Range, int]:
    """The largest place of each range that a term, a fact or a definition names; one more where it is compared."""
    sides = (side for fact in sheet.facts for side in (fact.left, fact.right))
    found: dict[Range, int] = {}
    for term in (*terms, *sides, *(definition.body for definition in sheet.in_order)):
        for each in subterms(term):
            slots = [field for field in each.fields if isinstance(field, Index)]
            slots += each.slots if isinstance(each, Tensor) else ()
            for slot in (slot for slot in slots if slot.place is not None):
                beyond = (slot.place or 0) + (not isinstance(each, Tensor))
                found[slot.range] = max(found.get(slot.range, 0), beyond)
    return found


def _size_choices(
    sheet: Sheet, terms: Iterable[Term], ranges: list[Range], seed: int, given: Mapping[str, int] | None
) -> Iterator[dict[Range, int]]:
    """Sizes for the seed; where facts cannot hold for them: other orders, then all sizes equal."""
    least = _largest_places(sheet, terms)
    for turn in range(max(3, len(ranges))):
        sizes = choose_sizes(sheet, ranges, seed + turn, given)
        fixed = {range_ for range_ in ranges if range_.size is not None} | sheet.sizes_of(ranges, given or {}).keys()
        short = [range_ for range_ in ranges if range_ not in fixed and sizes[range_] < least.get(range_, 0)]
        sizes |= {range_: least.get(range_, 0) + place for place, range_ in enumerate(short)}
        completed(sizes, ranges, fixed, sheet)
        yield sizes
    sizes = choose_sizes(sheet, ranges, seed, given)
    fixed = {range_ for range_ in ranges if range_.size is not None}
    fixed |= set(sheet.sizes_of(ranges, given or {}))
    common = next((sizes[range_] for range_ in ranges if range_ in fixed), 3 + seed % 2)
    sizes = {range_: size if range_ in fixed else common for range_, size in sizes.items()}
    completed(sizes, ranges, fixed, sheet)
    yield sizes


# ----- Samples ---------------------------------------------------------------------------------------------------

NOTHING = 1e-12  # a distance that is zero but for rounding
CLEAR = 0.03  # how far from a kink or a pole a sample should be
DRAWS = 12  # finite samples of which the clearest one is taken
STUBBORN = 4  # samples that obey no equality, or solve one and are not finite: others will hardly do

def sample(
    sheet: Sheet,
    terms: Iterable[Term],
    seed: int,
    sizes: Mapping[str, int] | None = None,
    signed: Iterable[str] = (),
    wide: bool = False,
    manner: Manner | None = None,
) -> World:
    """Random numbers for every leaf and every range of a sheet and of further terms.

    Parameters
    ----------
    terms: what will be evaluated; the numbers are such that their values are finite and, if possible, far from kinks.
    seed: another seed gives other numbers and other sizes.
    sizes: by the name of a size or of an index.
    signed: the leaves that are drawn with both signs.
    wide: every element has a scale of its own, so that it may lie on any side of a condition.
    manner: all that can be said of how they are drawn, in place of `signed` and `wide`.

    Raises IndexcalcError if no numbers were found that obey a fact, which it names, or for which the terms are finite.
    """
    terms, manner = tuple(terms), manner or Manner(frozenset(signed), wide)
    random = np.random.default_rng(seed)
    failure: IndexcalcError | None = None
    tried: list[dict[Range, int]] = []
    for choice in _size_choices(sheet, terms, ranges_of(sheet, terms), seed, sizes):
        if choice in tried:
            continue
        tried.append(choice)
        empty = next((range_ for range_, size in choice.items() if size < 1 and range_.counts), None)
        if empty is not None:
            failure = failure or IndexcalcError(f"the sizes leave no place in {empty.label}", "Give larger sizes")
            continue
        try:
            return _clearest(sheet, terms, choice, stand_ins(reached(sheet, terms), seed), manner, random)
        except (UnsatisfiedError, NotFiniteError) as error:
            if not sheet.primitives and isinstance(error, NotFiniteError):
                raise  # where there are matrices, they may be regular for other sizes
            failure = failure or error
    assert failure is not None
    raise failure


def _clearest(
    sheet: Sheet,
    terms: tuple[Term, ...],
    sizes: Mapping[Range, int],
    functions: Mapping[str, Function],
    manner: Manner,
    random: np.random.Generator,
) -> World:
    """The sample, of several, that is farthest from kinks."""
    best, clearest, draws, misses = None, -1.0, 0, 0
    failure: UnsatisfiedError | None = None
    whole = {name: each for name, each in lookups_in(reached(sheet, terms)).items() if name in sheet.leaves}
    while misses < manner.misses and draws < DRAWS and clearest < CLEAR:
        try:
            draw = obeying(sheet, sizes, functions, manner, random, misses, whole)
        except UnsatisfiedError as error:
            failure, misses = error, misses + (1 if error.fact.relation != "=" else MISSES // STUBBORN)
            continue
        if not manner.finite:
            return replace(draw.world, clearance=0.0)
        distance = clearance(draw.world, terms)
        if math.isnan(distance):
            misses += MISSES // STUBBORN if draw.solved else 1
            continue
        draws += 1
        if distance > clearest:
            best, clearest = replace(draw.world, clearance=distance), distance
    if best is not None:
        return best
    if failure is not None:
        raise failure
    raise NotFiniteError(
        "no sample was found for which the expression is finite",
        "State where it is defined, for example: assume 0 < p[i]",
    )


# ----- Kinks and poles -------------------------------------------------------------------------------------------


def clearance(world: World, terms: Iterable[Term]) -> float:
    """How far the nearest kink or pole is on the way to these terms; nan if a value is not finite.

    A distance of 0 does not count: it belongs to the form of the term, not to the numbers.
    """
    bodies = reached(world.sheet, terms)
    reference = Reference(world)
    with np.errstate(all="ignore"):
        for body in bodies:
            for whole in _forward(body):
                if not np.isfinite(reference(whole).array).all():
                    return math.nan
        gaps = [np.abs(gap) for body in bodies for each in subterms(body) for gap in _gaps(reference, each)]
    return min((float(gap[gap > NOTHING].min(initial=math.inf)) for gap in gaps), default=math.inf)


def on_kink(world: World, terms: Iterable[Term]) -> bool:
    """Whether some number lies exactly on a kink, where a derivative is a matter of convention."""
    reference = Reference(world)
    with np.errstate(all="ignore"):
        bodies = reached(world.sheet, terms)
        gaps = (np.abs(gap) for body in bodies for each in subterms(body) for gap in _gaps(reference, each))
        return any(bool((gap <= NOTHING).any()) for gap in gaps)


def _forward(body: Term) -> Iterator[Term]:
    """The terms without a derivative that a body is computed from."""
    if not holds(body, Derivative):
        yield body
    for each in subterms(body):
        if isinstance(each, Derivative) and not holds(each.body, Derivative):
            yield each.body


def _gaps(reference: Reference, term: Term) -> Iterator[Array]:
    """The distances to the kinks and poles of one node; where they are not finite, another branch is meant."""
    match term:
        case Call(function, arguments) if (kinks := _kinks(function)) is not None:
            differences = list(kinks(*arguments))
        case Indicator("<" | "<=", Term() as first, Term() as second):
            differences = [Sum(first, negative(second))]
        case Power(base, exponent) if not (isinstance(exponent, Number) and exponent.value in range(1, 9)):
            differences = [base]
        case Reduction("max" | "min" as kind, bound, body):
            yield ties(reference, kind, bound, body)
            return
        case _:
            return
    for difference in differences:
        if not holds(difference, Derivative):
            yield np.nan_to_num(np.asarray(reference(difference).array), nan=math.inf)


def _kinks(function: str) -> Callable[..., tuple[Term, ...]] | None:
    return FUNCTIONS[function].kinks if function in FUNCTIONS else None
