"""The grounds on which two sides are compared: with all that is defined, with some of it unknown, and alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType

from indexcalc.audit.chance.sampling import varied, without_expectations
from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.comparing.taylor import taylor
from indexcalc.audit.comparing.worlds import MOST_NESTED, World, world_of
from indexcalc.audit.defined import Defined
from indexcalc.audit.letters import plain
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.proving.counterexamples import seem_equal, surely_differ
from indexcalc.audit.proving.proof import Verdict, prove
from indexcalc.calculus.resolve import Resolver
from indexcalc.errors import IndexcalcError
from indexcalc.indices import Index
from indexcalc.meaning.derivatives import TIME
from indexcalc.meaning.ranges import UnclearError
from indexcalc.rewrite.simplify import shortener
from indexcalc.sheet import Definition, Fact, Sheet
from indexcalc.terms import Delta, Derivative, Product, Tensor, Term
from indexcalc.walk import holds, replace_tensors, subterms


@dataclass(frozen=True)
class Compared:
    """What came of a comparison: the verdict, and the terms and the sheet in which it was made, for a diagnosis.

    rests: the definitions and the facts on which it rests.
    """

    verdict: Verdict
    left: Term | None = None
    right: Term | None = None
    sheet: Sheet | None = None
    axes: tuple[Index, ...] = ()
    rests: tuple[Defined | Assumed, ...] = ()
    clash: tuple[str, str] | None = None  # sizes that would have to be equal


def undecided(reason: str, *, word: str = "undecided") -> Compared:
    """A comparison that says nothing."""
    return Compared(Verdict(word, reason))


def on_all(
    sides: list[Term],
    world: World,
    facts: list[Fact],
    axes: tuple[Index, ...],
    local: Mapping[str, frozenset[tuple[int, int]]] = MappingProxyType({}),
    only_proof: bool = False,
    at_sight: bool = False,
) -> Compared:
    """The verdict with all that is defined; unknown functions as Taylor polynomials.

    local: pairs of slots of their coefficients that have to be the same for one to be other than zero. only_proof,
    at_sight: see `prove`.
    """
    try:
        prepared = _prepared(sides, world, facts, axes, local)
        if isinstance(prepared, str):
            return undecided(prepared)
        left, right, sheet = prepared
        verdict = world.meanings.verdict(left, right, sheet, axes, only_proof, at_sight)
    except IndexcalcError as error:
        return undecided(f"the sides cannot be compared: {error.cause}")
    if verdict.word == "unreadable":
        verdict = Verdict("undecided", verdict.reason)
    return Compared(verdict, left, right, sheet, axes)


def _prepared(
    sides: list[Term],
    world: World,
    facts: list[Fact],
    axes: tuple[Index, ...],
    local: Mapping[str, frozenset[tuple[int, int]]] = MappingProxyType({}),
) -> tuple[Term, Term, Sheet] | str:
    """Both sides and their sheet, with unknown functions worked out; or why that cannot be done."""
    unknown, order = world.unknown(sides), world.nesting(sides)
    if unknown and order > MOST_NESTED:
        return "derivatives of unknown functions are nested too deep"
    diagonal = {each: name for each in facts if (name := _diagonal(each))}
    sheet, sides = world.sheet(sides, [each for each in facts if each not in diagonal])
    local = {**local, **{name: frozenset({(0, 1)}) for name in diagonal.values() if name not in unknown}}
    try:
        sides, sheet = without_expectations(sides, sheet, world.meanings.chance)
    except UnclearError as error:
        return error.cause
    unknown |= {name: unknown[base] for name in sheet.slots if (base := varied(name)) in unknown}
    (left, right), sheet = without_unknown([plain(each, sheet) for each in sides], sheet, unknown, order, axes)
    given = {name: Definition(name, *found) for name, found in world.given.items() if name in sheet.slots}
    spoken = (part for each in given.values() for part in subterms(each.body) if isinstance(part, Tensor))
    slots = dict(sheet.slots)
    for part in spoken:
        slots.setdefault(part.name, tuple(slot.range for slot in part.slots))
    sheet = replace(sheet, facts=_without_derivatives(sheet.facts), slots=slots, order=tuple(slots))
    sheet = sheet.with_definitions(given.values())
    return left, right, _by_elements(sheet, local)


def surely_apart(sides: list[Term], world: World, facts: list[Fact], axes: tuple[Index, ...]) -> bool:
    """Whether numbers tell the sides far apart, in the light of all that is defined: for a search."""
    if differentiates_lost(sides, world) or vain(sides, world):
        return False
    with suppress(IndexcalcError):
        prepared = _prepared(sides, world, facts, axes)
        return not isinstance(prepared, str) and surely_differ(*prepared, axes)
    return False


def without_unknown(
    sides: list[Term], sheet: Sheet, unknown: dict[str, list[Tensor]], order: int, axes: tuple[Index, ...]
) -> tuple[list[Term], Sheet]:
    """The sides with the derivatives of unknown functions worked out, at a place of their own."""
    if not unknown:
        return sides, sheet
    definitions = dict(sheet.definitions)
    places: dict[str, str] = {}
    slots = dict(sheet.slots)
    for name, variables in unknown.items():
        slots.setdefault(name, ())
        definition, at = taylor(name, slots[name], variables, order)
        definitions = {name: definition, **definitions}
        places |= at
        for each in subterms(definition.body):
            if isinstance(each, Tensor):
                slots.setdefault(each.name, tuple(slot.range for slot in each.slots))
    if _goes_round(definitions):
        raise IndexcalcError("unknown functions depend on one another")
    plain_ones = _without_derivatives(sheet.facts)
    grown = replace(sheet, facts=plain_ones, definitions=definitions, slots=slots, order=tuple(slots))
    resolver = Resolver(grown, shortener, sides)
    resolved = [resolver.resolve(side, axes) for side in sides]
    every = [*sheet.facts, *(new for each in sheet.facts for new in _differentiated(each, unknown, order))]
    facts = [(resolver.resolve(each.left), each.relation, resolver.resolve(each.right)) for each in every]
    back = {at: name for name, at in places.items()}

    def placed(tensor: Tensor) -> Term | None:
        return Tensor(back[tensor.name], tensor.slots) if tensor.name in back else None

    found = resolver.sheet
    bodies = {name: replace(each, body=replace_tensors(each.body, placed)) for name, each in found.definitions.items()}
    known = tuple(Fact(replace_tensors(one, placed), sign, replace_tensors(two, placed)) for one, sign, two in facts)
    slots = {name: ranges for name, ranges in found.slots.items() if name not in back}
    final = replace(found, facts=known, definitions=bodies, slots=slots)
    return [replace_tensors(side, placed) for side in resolved], final


def _differentiated(fact: Fact, unknown: dict[str, list[Tensor]], order: int) -> Iterator[Fact]:
    """What an equation of fields, which holds everywhere, says of their next derivatives by the coordinates.

    So it is of an integral, by what it is not over.
    """
    sides = fact.left, fact.right
    names = frozenset(name for side in sides for name in side.symbols)
    every = (each for name in sorted(names) for each in unknown.get(name, ()))
    is_sampled = any(map(varied, names))  # of an integral, which holds for all values of what it is not over
    slopes = {each.name: each for each in every if is_sampled or each.name.startswith("?") or each.name == "x"}
    if fact.relation != "=" or order <= any(holds(side, Derivative) for side in sides):
        return
    moving = {name: {each.name for each in unknown.get(name, ())} for name in names - slopes.keys()}
    for slope in slopes.values():
        if any(slope.name not in by for name, by in moving.items() if not name.startswith("?")):
            continue  # of what is no field here nothing says how it moves: g^{ij} g_{jk} = \delta^i_k
        by = Tensor(slope.name, tuple(Index("d", slot.range, -600 - place) for place, slot in enumerate(slope.slots)))
        yield Fact(Derivative(fact.left, by), "=", Derivative(fact.right, by))


def _without_derivatives(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return tuple(each for each in facts if not holds(each.left, Derivative) and not holds(each.right, Derivative))


def _diagonal(fact: Fact) -> str:
    r"""The name of a matrix of which a fact says that it is diagonal, D_{ij} = \delta_{ij} D_{ij}; empty for others."""
    own = fact.left
    if not isinstance(own, Tensor) or len(own.slots) != 2:
        return ""
    return own.name if fact.right == Product(Delta(*own.slots), own) else ""


def _by_elements(sheet: Sheet, local: Mapping[str, frozenset[tuple[int, int]]]) -> Sheet:
    """The sheet with coefficients that are other than zero only where pairs of their slots are the same."""
    slots, definitions = dict(sheet.slots), []
    for name, pairs in local.items():
        if name in sheet.slots and name not in sheet.definitions:
            axes = tuple(Index("s", range, -900 - place) for place, range in enumerate(sheet.slots[name]))
            slots[f"{name}?own"] = sheet.slots[name]
            body = Product(
                Tensor(f"{name}?own", axes), *(Delta(axes[one], axes[other]) for one, other in sorted(pairs))
            )
            definitions.append(Definition(name, axes, body, recognised=False))
    return replace(sheet, slots=slots, order=tuple(slots)).with_definitions(definitions) if definitions else sheet


def _goes_round(definitions: dict[str, Definition]) -> bool:
    """Whether definitions need one another in a circle."""
    order = TopologicalSorter(
        {name: {each for each in one.body.symbols if each in definitions} for name, one in definitions.items()}
    )
    try:
        order.prepare()
    except CycleError:
        return True
    return False


def some(
    sides: list[Term], world: World, facts: list[Fact], axes: tuple[Index, ...], place: int, meanings: Meanings
) -> Compared | None:
    """A proof that takes the names that are differentiated and hang on lost ones for unknown functions.

    None if none is found.
    """
    free = set(vain(sides, world))
    for each in world.derivatives(sides):
        body = each.body
        if isinstance(body, Tensor) and body.name in world.definitions and differentiates_lost([each], world):
            free.add(body.name)
    if not free:
        return None
    other = World(meanings, place, reach=world.reach)
    other.leaves = set(free)
    for side in sides:
        other.need(side)
    other.settle()
    if differentiates_lost(sides, other) or vain(sides, other):
        return None
    found = on_all(sides, other, facts, axes, only_proof=True)
    return found if found.verdict.word == "proved" else None


def vain(sides: list[Term], world: World) -> dict[str, str]:
    """The defined names that are differentiated by what their definitions do not speak of, with that variable.

    Their derivatives are not zero for that: what the definitions speak of may depend on the variable.
    """
    unknown = world.unknown(sides)
    return {
        each.body.name: each.variable.name
        for each in world.derivatives(sides)
        if isinstance(each.body, Tensor)
        and each.body.name in world.definitions
        and not each.variable.name.startswith("?")
        and not world.reaches(each.body.name, each.variable.name, unknown)
    }


def world_here(meanings: Meanings, sides: list[Term], condition: Term, place: int) -> World:
    """The world of two sides under a condition.

    A name that another section defines, and that is differentiated here by what that definition does not speak of, is
    another thing here: E is the error of one layer there, and of any layer here.
    """
    world = world_of(meanings, [*sides, condition], place)
    definitions = meanings.definitions
    others = [
        name
        for name, variable in vain(sides, world).items()
        if variable != TIME and "?" not in variable[1:] and definitions.parted(world.rests[name].place, place)
    ]  # by the time, and by the derivative of a field, definitions are differentiated through what they are made of
    return world_of(meanings, [*sides, condition], place, others) if others else world


def alone(sides: list[Term], world: World, axes: tuple[Index, ...], meanings: Meanings) -> Compared | None:
    """A proof that needs none of the definitions; none if there is none."""
    if sides[0] is sides[1]:
        return Compared(Verdict("proved", "the same expression"))
    if meanings.is_tried:
        return None
    bare = World(meanings, world.place)
    bare.primitives = dict(world.primitives)
    bare.leaves = set(bare.plainly(name for side in sides for name in side.symbols))
    unknown = bare.unknown(sides)
    for each in bare.derivatives(sides):
        for name in bare.plainly(each.body.symbols) - unknown.keys():
            if name != each.variable.name and not _is_independent(name, each.variable.name, world):
                return None
        if any(_is_opaque(name) for name in bare.plainly(each.body.symbols) if name not in unknown):
            return None
    order = bare.nesting(sides)
    if unknown and order > MOST_NESTED:
        return None
    try:
        sheet, sides = bare.sheet(sides, [])
        (left, right), sheet = without_unknown(sides, sheet, unknown, order, axes)
        if holds(left, Derivative) or holds(right, Derivative):
            resolver = Resolver(sheet, shortener, [left, right])
            left, right, sheet = resolver.resolve(left, axes), resolver.resolve(right, axes), resolver.sheet
        if meanings.is_quick and not seem_equal(left, right, sheet, axes):
            return None
        verdict = prove(left, right, sheet, axes, only_proof=True, at_sight=True)
    except IndexcalcError:
        return None
    if verdict.word != "proved":
        return None
    return Compared(Verdict("proved", f"{verdict.reason}, whatever the names stand for"))


def _is_independent(name: str, variable: str, world: World) -> bool:
    """Whether a name is known not to depend on a variable."""
    if name in world.lost:
        return False
    spoken = world.made_of(name)
    return variable not in spoken and not any(each in world.lost or _is_opaque(each) for each in spoken)


def differentiates_lost(sides: list[Term], world: World) -> bool:
    """Whether a derivative is taken of something that hangs on a lost or opaque name: nothing is known of it."""
    for each in world.derivatives(sides):
        spoken = frozenset(name for own in each.body.symbols for name in world.made_of(own, each.variable.name))
        if any(name in world.lost or _is_opaque(name) for name in spoken - {each.variable.name}) or _is_opaque(
            each.variable.name
        ):
            return True
        if any(
            _may_depend(name, each.variable.name, world)
            for name in spoken & world.earlier.keys() - {each.variable.name}
        ):
            return True
    return False


def _may_depend(name: str, variable: str, world: World) -> bool:
    """Whether what belongs to an earlier step may depend on a variable: not on one of a later step."""
    use = world.meanings.spelled.get(variable)
    own = world.earlier[name]
    return not any(
        label.mark and label.text == own.text and label.offset > own.offset for label in (use.labels if use else ())
    )


def _is_opaque(name: str) -> bool:
    return name.startswith("?") and not (name[1:].isalpha() and len(name) < 6)
