"""Names of which it is only guessed how many axes they have: what is refuted whether they are vectors or numbers.

A name that is added to a vector is a vector or a number, z = W x + b. What differs in both readings is refuted.
"""

from __future__ import annotations

from dataclasses import replace

from indexcalc.audit.comparing.grounds import Compared, on_all
from indexcalc.audit.comparing.worlds import World
from indexcalc.audit.meanings import Meanings
from indexcalc.audit.shaping.choices import FITTED
from indexcalc.context.shapes import ADDED
from indexcalc.errors import IndexcalcError
from indexcalc.indices import Index
from indexcalc.meaning.primitives import is_pending
from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import Tensor, Term
from indexcalc.walk import replace_tensors

UNSURE = "nothing says for sure whether"


def guessed(sides: list[Term], world: World) -> list[str]:
    """The names that sides speak of, also through definitions, of which it is guessed how many axes they have."""
    spoken = sorted(frozenset[str]().union(*map(world.spoken_of, sides)))
    named = (name for name in spoken if not name.startswith("?") and not is_pending(name))
    return [name for name in named if _is_guessed(name, world.meanings, world.place)]


def in_both(
    found: Compared, doubt: str, sides: list[Term], world: World, facts: list[Fact], axes: tuple[Index, ...]
) -> tuple[Compared, str]:
    """What was found and the doubt about it, without a doubt where a step differs in both readings of guessed names."""
    if found.verdict.word != "refuted" or not doubt.startswith(UNSURE):
        return found, doubt
    both = _refuted_in_both(sides, world, facts, axes)
    return (both, "") if both is not None else (found, doubt)


def _refuted_in_both(sides: list[Term], world: World, facts: list[Fact], axes: tuple[Index, ...]) -> Compared | None:
    """The refutation of a step that differs whether guessed names are vectors or numbers; none if there is none."""
    names, known = guessed(sides, world), world.meanings.known
    spoken = world.plainly(sides[0].symbols | sides[1].symbols)
    varied = {each.variable.name for each in world.derivatives(sides)}
    for name in names:
        base = _base(name, world.meanings)
        told = known.ledger.ask(base, "axes", world.place)
        is_added = told is not None and told.value == 1 and told.why == ADDED and not known.has(base, FITTED)
        if not is_added or name in varied or name in spoken:
            return None
    found = on_all(sides, world, facts, axes)
    if found.verdict.word != "refuted" or found.left is None or found.right is None or found.sheet is None:
        return None
    try:
        left, right = (_with_numbers(each, names) for each in (found.left, found.right))
        other = world.meanings.verdict(left, right, _sheet(found.sheet, names), axes)
    except IndexcalcError:
        return None
    return found if other.word == "refuted" else None


def _is_guessed(name: str, meanings: Meanings, place: int) -> bool:
    base, known = _base(name, meanings), meanings.known
    return 0 < known.strength(base, place) < 2 or known.has(base, FITTED)


def _base(name: str, meanings: Meanings) -> str:
    use = meanings.spelled.get(name)
    return use.name if use else name


def _with_numbers(term: Term, names: list[str]) -> Term:
    """A term in which some names have no indices."""
    return replace_tensors(term, lambda each: Tensor(each.name) if each.name in names else None)


def _sheet(sheet: Sheet, names: list[str]) -> Sheet:
    slots = {name: () if name in names else each for name, each in sheet.slots.items()}
    held = sheet.definitions.items()
    definitions = {name: replace(each, body=_with_numbers(each.body, names)) for name, each in held}
    facts = tuple(
        replace(each, left=_with_numbers(each.left, names), right=_with_numbers(each.right, names))
        for each in sheet.facts
    )
    return replace(sheet, slots=slots, definitions=definitions, facts=facts)
