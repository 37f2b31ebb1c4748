"""Whether an equation follows from another one, for the letters that this is solved for.

Two ways, for differences d of the sides of an equation that is to be shown, and e of one that holds, x the letters of
both, y others of the same kinds, u a letter that is solved for:

    d(x) e(y) = d(y) e(x)     then d is a multiple of e by a factor that hangs on none of the letters; d is also tried
                              as x_k^n d, since an equation is often multiplied by a letter, or divided by one of
                              which it shows that it is not zero: by x_k in a denominator, or under a logarithm
    e(u) = a u + b            then d is zero at u = -b / a

Each is shown as any identity is. That e is not always zero, nor a and b, is shown by numbers: from an equation that is
a product of u and something else, nothing follows for u where the other factor may vanish.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexcalc.audit.proving.counterexamples import seem_equal
from indexcalc.audit.proving.proof import CONFIRMED, Verdict, prove
from indexcalc.audit.solving.sheets import Difference, Solved, Together, renamed, slots_of
from indexcalc.calculus.resolve import Resolver
from indexcalc.errors import IndexcalcError
from indexcalc.rewrite.simplify import shortener
from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import (
    ZERO,
    Call,
    Derivative,
    Index,
    Number,
    Power,
    Product,
    Tensor,
    Term,
    factors_of,
    negative,
    quotient,
)
from indexcalc.walk import replace_tensors, subterms

POWERS = (1, 2, -1, -2)  # of the unknown, by which an equation may have been multiplied
OTHER = "~"  # behind the name of another letter of the same kind; no text can hold it


def shown(left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...]) -> Verdict:
    """The verdict on an identity."""
    try:
        return prove(left, right, sheet, axes)
    except IndexcalcError as error:
        return Verdict("undecided", error.cause)


def follows(
    found: Together, claimed: Difference, given: Difference, unknowns: frozenset[str], solutions: Iterable[Solved] = ()
) -> Verdict | None:
    """Why an equation follows from another one; none if that is not shown. Solutions are put in on both sides."""
    sheet = found.with_solutions(solutions)
    if sheet is None:
        return None
    whole = Together(sheet, found.differences, found.solutions)
    own, other = (Difference(whole.inlined(each.term), each.axes) for each in (claimed, given))
    common = own.term.symbols & other.term.symbols
    spoken = own.term.symbols | other.term.symbols
    made = frozenset[str]().union(*(sheet.made_of.get(name, frozenset()) for name in spoken))
    letters = frozenset(name for name in common if name not in sheet.primitives)
    if _is_product(other.term) and not own.term.symbols <= other.term.symbols:
        return None  # u = 0: whatever holds u would follow
    solved = unknowns & other.term.symbols
    if not letters or letters & made or (solved and not solved & letters):
        return None
    if set(own.free) == set(other.free):
        for multiplied in _multiples(own, other, letters):
            verdict = _is_multiple(multiplied, other, letters, sheet)
            if verdict is not None:
                return verdict
    for name in sorted(solved & letters or letters):
        at = solution(whole, other, name, solved | (own.term.symbols - nonzero(own) - nonzero(other)))
        wide = whole.with_solutions([at]) if at is not None else None
        verdict = shown(own.term, ZERO, wide, own.free) if wide is not None else None
        if verdict is not None and verdict.word in CONFIRMED:
            return verdict
    return None


def _is_product(term: Term) -> bool:
    """Whether a term is a product of numbers and letters, and no sum."""
    return all(isinstance(each, Number | Power | Tensor) for each in factors_of(term))


def _multiples(own: Difference, other: Difference, letters: frozenset[str]) -> Iterator[Difference]:
    """An equation, and its products with powers of a letter, its exponential, and what the sides divide by."""
    yield own
    gone, new = _divisors(other) - _divisors(own), _divisors(own) - _divisors(other)
    if gone or new:
        inverses = (Power(each, Number(-1)) for each in sorted(gone, key=str))
        yield Difference(Product(*inverses, *sorted(new, key=str), own.term), own.axes)
    for name in sorted(letters):
        places = [slots for slots in slots_of(own.term, name) if set(slots) <= set(own.free)]
        if len(places) == 1:
            letter = Tensor(name, places[0])
            powers = POWERS if name in nonzero(other) else [each for each in POWERS if each < 0]
            factors = [Power(letter, Number(power)) for power in powers]
            if any(isinstance(each, Call) and name in each.symbols for each in subterms(own.term)):
                factors += [Call("exp", Product(rate, letter)) for rate in (Number(1), Number(-1))]
            for factor in factors:
                yield Difference(Product(factor, own.term), own.axes)


def nonzero(difference: Difference) -> set[str]:
    """The names of what a difference divides by, or takes the logarithm of."""
    logs = (each for each in subterms(difference.term) if isinstance(each, Call) and each.function == "log")
    return {name for each in (*_below(difference), *logs) for name in each.symbols}


def _below(difference: Difference) -> set[Term]:
    """What a difference divides by."""
    powers = (each for each in subterms(difference.term) if isinstance(each, Power))
    return {each.base for each in powers if isinstance(each.exponent, Number) and each.exponent.value < 0}


def _divisors(difference: Difference) -> set[Term]:
    """What a difference divides by, outside of its sums."""
    return {each for each in _below(difference) if each.symbols and each.free <= set(difference.free)}


def _is_multiple(own: Difference, other: Difference, letters: frozenset[str], sheet: Sheet) -> Verdict | None:
    """Whether a difference is a multiple of one that is not always zero, by what hangs on none of the letters."""
    names = {name: f"{name}{OTHER}" for name in letters}
    wide = sheet.with_leaves({names[name]: sheet.slots[name] for name in letters if name in sheet.slots})
    facts = (Fact(renamed(each.left, names), each.relation, renamed(each.right, names)) for each in sheet.facts)
    wide = replace(wide, facts=tuple(dict.fromkeys((*sheet.facts, *facts))))
    left = Product(own.term, renamed(other.term, names))
    right = Product(renamed(own.term, names), other.term)
    if not seem_equal(left, right, wide, own.free):
        return None
    verdict = shown(left, right, wide, own.free)
    return verdict if verdict.word in CONFIRMED and not vanishes(other, sheet) else None


def vanishes(difference: Difference, sheet: Sheet) -> bool:
    """Whether a difference may be zero for all values: only numbers show that it is not."""
    return shown(difference.term, ZERO, sheet, difference.free).word != "refuted"


def solution(found: Together, given: Difference, name: str, unknowns: frozenset[str]) -> Solved | None:
    """What solves an equation for a letter that it holds to the first power; none where it does not.

    unknowns: letters that may be zero, so that nothing is divided by what holds them.
    """
    term, sheet = found.inlined(given.term), found.sheet
    places = slots_of(term, name)
    if len(places) != 1 or any(name in sheet.made_of.get(each, ()) for each in term.symbols):
        return None
    (slots,) = places
    if set(slots) != set(given.free) or len(set(slots)) < len(slots) or any(slot.place is not None for slot in slots):
        return None
    alone = f"{name}{OTHER}"
    wide = sheet.with_leaves({alone: ()})
    own = Tensor(alone, ())
    term = replace_tensors(term, lambda each: own if each.name == name else None)
    try:
        slope = Resolver(wide, shortener, [Derivative(term, own)]).resolve(Derivative(term, own), slots)
    except IndexcalcError:
        return None
    if slope is ZERO or slope.symbols & (unknowns | {alone}):
        return None
    rest = replace_tensors(term, lambda each: ZERO if each.name == alone else None)
    if any(shown(each, ZERO, sheet, slots).word != "refuted" for each in (slope, rest)):
        return None
    return Solved(name, slots, quotient(negative(rest), slope))


def determines(own: Difference, given: Solved, places: set[tuple[Index, ...]], sheet: Sheet) -> bool:
    """Whether an equation, as many as the letter has elements, determines the letter, as far as that shows."""
    alone = all(set(slots) == set(own.free) for slots in places)
    regular = alone or any(each.kind == "inv" for name in given.body.symbols if (each := sheet.primitives.get(name)))
    return regular and not vanishes(own, sheet) and not _is_solved_by_zero(own, given, sheet)


def _is_solved_by_zero(own: Difference, given: Solved, sheet: Sheet) -> bool:
    """Whether a letter that is zero solves an equation as well as what is given for it: x = c of x^2 = c x."""
    if given.name in nonzero(own) or given.body is ZERO:
        return False
    rest = replace_tensors(own.term, lambda each: ZERO if each.name == given.name else None)
    return rest is ZERO or shown(rest, ZERO, sheet, own.free).word in CONFIRMED
