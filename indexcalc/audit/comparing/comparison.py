r"""Is one side the other? The grounds on which two sides are compared, and what a verdict may rest on.

    all      with the definitions and facts that hold at the place, unknown functions as such
    alone    whatever the names stand for: nothing defined, derivatives of names as unknown functions

`proved` on either ground; `refuted` only on the first, and only if everything that the sides speak of is known: no name
was lost, nothing is opaque, and no name that nothing says anything of stands on one side only. All else is `undecided`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from indexcalc.audit.chance.sampling import holds_expectation
from indexcalc.audit.comparing.apart import is_apart, left_open, moved_away
from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.comparing.grounds import (
    Compared,
    alone,
    differentiates_lost,
    on_all,
    some,
    surely_apart,
    undecided,
    vain,
    world_here,
)
from indexcalc.audit.comparing.layers import through_layers
from indexcalc.audit.comparing.motion import is_rate, moved
from indexcalc.audit.comparing.sized import at_size, in_space
from indexcalc.audit.comparing.slopes import by_slopes
from indexcalc.audit.comparing.symmetric import in_other_ways, symmetric_names, varied
from indexcalc.audit.comparing.weak import UNSURE, guessed, in_both
from indexcalc.audit.comparing.worlds import World
from indexcalc.audit.defined import Defined
from indexcalc.audit.meanings import DIFFER, Meanings
from indexcalc.audit.proving.proof import CONFIRMED
from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.indices import Index
from indexcalc.meaning.chance.expected import SIGN
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.values import Value, as_matrix
from indexcalc.sheet import Fact
from indexcalc.terms import ONE, Call, Delta, Derivative, Product, Tensor, Term
from indexcalc.walk import substitute, subterms


def compare(
    left: Value,
    right: Value,
    meanings: Meanings,
    place: int,
    condition: Term = ONE,
    facts: Iterable[Assumed] = (),
    only_proof: bool = False,
) -> Compared:
    """Whether two sides are the same. only_proof: what is not proved is undecided, and that is found sooner."""
    try:
        return _compare(left, right, meanings, place, condition, facts, only_proof)
    except UnclearError as error:
        return undecided(error.cause)


def _compare(
    left: Value,
    right: Value,
    meanings: Meanings,
    place: int,
    condition: Term,
    facts: Iterable[Assumed],
    only_proof: bool,
) -> Compared:
    try:
        first, second, opened = aligned_sides(left, right, meanings)
    except UnclearError as error:
        return replace(undecided(error.cause, word="unreadable"), clash=error.sizes)
    world = world_here(meanings, [first, second], condition, place)
    first, second = moved(by_slopes([first, second], world), world)
    world.take_given([first, second])
    facts = concerning(world, [first, second], list(facts), meanings)
    told = world.plainly(name for fact in facts for name in fact[0].symbols | fact[2].symbols)
    change = world.settle()
    sides = [change(Product(condition, first)), change(Product(condition, second))]
    known = [*dict.fromkeys(Fact(change(one), relation, change(other)) for one, relation, other, *_ in facts)]
    sides, axes = _lettered(sides, _axes(sides, opened, meanings))
    tied = frozenset(told & {each.variable.name for each in world.derivatives(sides)} - _coordinates(facts))
    bound = symmetric_names(facts, tied)
    if meanings.is_quick and not bound and surely_apart(sides, world, known, axes):
        return through_layers(sides, world, known, axes, meanings) or undecided("the sides differ on a sample")
    doubt = _doubt(sides, world, meanings, told) or _tied(tied - bound, meanings)
    convention = meanings.convention(place)
    if bound and convention == "joint":
        sides, bound = [varied(side, bound, convention) for side in sides], frozenset()
    if not differentiates_lost(sides, world) and not vain(sides, world):
        found = on_all(sides, world, known, axes, only_proof=only_proof, at_sight=only_proof or bool(doubt))
    else:
        found = some(sides, world, known, axes, place, meanings) or undecided(doubt)
    if found.verdict.word in CONFIRMED:
        needed = facts if facts and _needs_facts(found, sides, world, axes) else ()
        return replace(found, rests=(*_used(found, sides, world), *world.granted, *needed))
    if found.verdict is DIFFER:
        return found
    other = alone(sides, world, axes, meanings) or through_layers(sides, world, known, axes, meanings)
    if (other := other or (in_space(found, meanings, (*world.rests.values(), *facts)) if doubt else None)) is not None:
        return other
    found, doubt = in_both(found, doubt, sides, world, known, axes)
    if found.verdict.word == "refuted" and not doubt:
        found, doubt = (found, "") if meanings.is_tried else _sized(found, meanings)
        doubt = doubt or (_by_elements(sides, world, known, axes) if found.verdict.word == "refuted" else "")
    if found.verdict.word == "refuted" and not doubt and bound and not convention:
        found = in_other_ways(sides, bound, world, known, axes) or found
    found = undecided(doubt) if found.verdict.word == "refuted" and doubt else found
    return replace(found, rests=(*world.rests.values(), *world.granted, *facts))


def _coordinates(facts: Iterable[Assumed]) -> set[str]:
    """The names by which facts differentiate: these say nothing of them."""
    every = (each for fact in facts for side in (fact[0], fact[2]) for each in subterms(side))
    return {each.variable.name for each in every if isinstance(each, Derivative)}


def _tied(names: frozenset[str], meanings: Meanings) -> str:
    """Why a derivative by names that facts tie says nothing; empty if there are none."""
    return f"{_shown(min(names), meanings)} is differentiated by, and a fact holds of its elements" if names else ""


def _needs_facts(found: Compared, sides: list[Term], world: World, axes: tuple[Index, ...]) -> bool:
    """Whether a step would not be confirmed so without the facts."""
    word = found.verdict.word
    return on_all(sides, world, [], axes, only_proof=word == "proved").verdict.word != word


def _used(found: Compared, sides: list[Term], world: World) -> list[Defined]:
    """The definitions that a proof has used: where normal forms are the same, only those that were differentiated."""
    if not found.verdict.reason.startswith(("the same normal form", "the same expression")):
        return list(world.rests.values())
    slopes = [each for side in sides for each in subterms(side) if isinstance(each, Derivative)]
    reached = frozenset().union(*(world.spoken_of(each.body) for each in slopes))
    return [defined for name, defined in world.rests.items() if name in reached]


def _meets(fact: Assumed, sides: list[Term], meanings: Meanings) -> bool:
    """Whether the tensors of a fact run over the same values as in the sides; what the text leaves open is joined."""
    spoken = {each.name: each.slots for side in sides for each in subterms(side) if isinstance(each, Tensor)}
    try:
        for each in (*subterms(fact[0]), *subterms(fact[2])):
            if isinstance(each, Tensor):
                for own, other in zip(each.slots, spoken.get(each.name, ()), strict=False):
                    meanings.ranges.join(own.range, other.range, named_alike=True)
    except UnclearError:
        return False
    return True


def concerning(world: World, sides: list[Term], facts: list[Assumed], meanings: Meanings) -> list[Assumed]:
    """The facts about names that the sides speak of, and only about such, that fit them.

    Of an expectation what it is of counts: that it is the same for all elements says something without its value.
    """
    found = []
    spoken = frozenset().union(*(world.spoken_of(side) for side in sides))
    whole = [*sides, *(each.body for each in world.definitions.values())]
    is_chance = holds_expectation(whole, meanings.chance)
    for fact in facts:
        is_moment = holds_expectation([fact[0]], meanings.chance)
        if is_moment and not is_chance:
            continue  # where no expectation stands it says nothing
        if world.plainly(fact[0].symbols if is_moment else fact[0].symbols | fact[2].symbols) <= spoken:
            world.need(Product(fact[0], fact[2]))
            found.append(fact)
    return [fact for fact in found if _meets(fact, sides, meanings)]


def aligned_sides(left: Value, right: Value, meanings: Meanings) -> tuple[Term, Term, tuple[Index, ...]]:
    """The terms of both sides at the same axes."""
    if left.order != right.order and 2 in (left.order, right.order):
        left, right = as_matrix(left), as_matrix(right)
    if left.groups or right.groups:
        left, right = _alike(left, right)
    if left.order == right.order:
        for own, other in zip(left.axes, right.axes, strict=True):
            meanings.ranges.join(own.range, other.range)
        return left.term, right.at(left.axes), left.axes
    for value, partner in ((left, right), (right, left)):
        if value.order == 0 and not value.term.symbols and not value.term.free:
            return left.term, right.term, partner.axes
    raise UnclearError(f"the sides have {left.order} and {right.order} axes")


def _alike(left: Value, right: Value) -> tuple[Value, Value]:
    """Values of which one is a stacked matrix, or a Kronecker product, with the same axes."""
    for one, other in ((left, right), (right, left)):
        if other.outer and one.groups == (2,):
            other = replace(other, groups=(2,))
            return (one, other) if one is left else (other, one)
    if left.groups != right.groups and left.axes and right.axes:
        raise UnclearError("an axis that is made of several is compared with one that is not")
    return left, right


def _axes(sides: list[Term], opened: tuple[Index, ...], meanings: Meanings) -> tuple[Index, ...]:
    """The free indices of both sides, letters first."""
    own = [Index(axis.name, meanings.ranges.settled(axis.range), axis.serial) for axis in opened]
    free = sorted({index for side in sides for index in side.free}, key=lambda index: (index.serial, index.key))
    return tuple(dict.fromkeys([*free, *own]))


def _lettered(sides: list[Term], axes: tuple[Index, ...]) -> tuple[list[Term], tuple[Index, ...]]:
    """The sides with letters of their own for the axes that the text does not write."""
    taken = {axis.name for axis in axes if not axis.serial}
    letters = iter(letter for letter in "ijklmnpqrst" if letter not in taken)
    plainly = {axis: Index(next(letters), axis.range) for axis in axes if axis.serial}
    return [substitute(side, plainly) for side in sides], tuple(plainly.get(axis, axis) for axis in axes)


# ----- What is not known -----


def _doubt(sides: list[Term], world: World, meanings: Meanings, told: frozenset[str]) -> str:
    """Why a difference between the sides says nothing against them; empty if everything is known."""
    first, second = (world.spoken_of(side) for side in sides)
    direct = world.plainly(sides[0].symbols | sides[1].symbols)
    for name in sorted(first | second):
        if name in world.lost and (name in direct or not is_apart(name, first | second, world)):
            why, line = world.lost[name]
            return f"what {_shown(name, meanings)} is (line {line}) cannot be used: {why}"
    late = sorted(name for name in first | second if name in world.earlier)
    if late and world.derivatives(sides):
        return f"{_shown(late[0], meanings)} belongs to an earlier step"
    opaque = sorted(name for name in first | second if name.startswith("?") and name in meanings.opaque)
    if opaque:
        return f"{meanings.opaque[opaque[0]]} is not calculated with"
    signed = meanings.known.signed
    densities = sorted(name for name in direct if name in signed and signed[name].base in meanings.known.densities)
    if densities:
        return f"of {_shown(densities[0], meanings)} only is known what conditional densities are; more may be assumed"
    variables = {each.variable.name for each in world.derivatives(sides)}
    unknown = world.unknown(sides)
    first, second = (_through(each, unknown, world) for each in (first, second))
    one_sided = (world.plainly(sides[0].symbols) - second) | (world.plainly(sides[1].symbols) - first)
    given = frozenset(name for _, body in world.given.values() for name in world.spoken_of(body))
    # What a name stands for that is defined is none of the unknowns of an equation: of G A = I, if G is made of A.
    whole = frozenset(other for name in direct & world.definitions.keys() for other in world.made_of(name) - {name})
    whole |= moved_away(sides, world)
    for name in sorted(one_sided & world.leaves - variables - given - whole):
        if not name.startswith("?") and name != "pi" and not (
            name in told or is_rate(name, meanings) or meanings.is_stated(name, world.place)
        ):
            return f"nothing says what {_shown(name, meanings)} is"
    for name in sorted(left_open(sides, world, meanings, told)):
        return f"nothing says what {_shown(name, meanings)} is"
    if unknown_function := _unknown_function(sides, world):
        return unknown_function
    for name, variable in vain(sides, world).items():
        return f"nothing says that {_shown(name, meanings)} depends on {_shown(variable, meanings)}"
    for name, tensors in sorted(unknown.items()):
        if any((name, each.name) in meanings.said and f"{name}?{each.name}" not in world.given for each in tensors):
            return f"what the text says of a derivative of {_shown(name, meanings)} is not used here"
        if (name in first) != (name in second):
            return f"nothing says how {_shown(name, meanings)} depends on its variables"
    weak = guessed(sides, world)
    return f"{UNSURE} {_shown(weak[0], meanings)} is a number, a vector or a matrix" if weak else ""


def _unknown_function(sides: list[Term], world: World) -> str:
    """Why a function of which nothing is said leaves the difference open; empty if there is none."""
    every = [*sides, *(one.body for one in world.definitions.values())]
    calls = (each for term in every for each in subterms(term) if isinstance(each, Call))
    function = next((each.function for each in calls if each.function.rstrip("'") not in FUNCTIONS), "")
    if function.startswith(f"{SIGN}int "):
        return "of integrals only the rules are known: that they are linear, and what does not hang on their variables"
    if function.startswith(SIGN):
        return "of expectations only the rules are known: that they are linear, and what the text says of them"
    return f"nothing says what the function {function} is" if function else ""


def _sized(found: Compared, meanings: Meanings) -> tuple[Compared, str]:
    """A refuted comparison in the dimension that its places show; or else why it is doubtful: it holds in a plane.

    A side that writes the elements 1, 2, 3 of a range out, and no others, says that there are no others.
    """
    assert found.left is not None
    assert found.right is not None
    places = {
        (index.range, int(index.name))
        for side in (found.left, found.right)
        for each in subterms(side)
        if isinstance(each, Tensor | Delta)
        for index in each.slots
        if index.name.isdigit() and not index.range.named and index.range.size is None
    }
    own = {place for _, place in places}
    written = meanings.highest(range for range, _ in places)
    for size in dict.fromkeys((written, 3, 2)):
        if size > 1 and size >= written:
            other = at_size(found, size)
            if other.verdict.word in CONFIRMED:
                if (size == written and own == set(range(1, written + 1))) or size == meanings.dimension():
                    return other, ""
                return found, f"it holds where indices run to {size}; the text does not say that they do"
    return found, ""


def _by_elements(sides: list[Term], world: World, facts: list[Fact], axes: tuple[Index, ...]) -> str:
    r"""Why a difference says nothing against sides that hold where each element hangs on its own one only.

    A text that writes \partial y_j / \partial x_j, y unknown, may mean that y_j is a function of x_j alone.
    """
    unknown = world.unknown(sides)
    pairs: dict[str, set[tuple[int, int]]] = {}
    for each in world.derivatives(sides):
        body, variable = each.body, each.variable
        if isinstance(body, Tensor) and body.name in unknown and variable.name not in ("x", "?x"):
            pairs.setdefault(f"{body.name}?{variable.name}", set()).update(
                (place, len(body.slots) + own)
                for place, slot in enumerate(body.slots)
                for own, other in enumerate(variable.slots)
                if slot == other
            )
    if not any(pairs.values()):
        return ""
    local = {name: frozenset(found) for name, found in pairs.items() if found}
    if on_all(sides, world, facts, axes, local).verdict.word == "refuted":
        return ""
    return f"nothing says how {_shown(min(pairs), meanings=world.meanings).partition('?')[0]} depends on its variables"


def _through(spoken: frozenset[str], unknown: dict[str, list[Tensor]], world: World) -> frozenset[str]:
    """The names that are spoken of, also through what unknown functions are functions of."""
    more = (world.made_of(variable.name) for name in spoken & unknown.keys() for variable in unknown[name])
    return spoken.union(*more)


def _shown(name: str, meanings: Meanings) -> str:
    return name
