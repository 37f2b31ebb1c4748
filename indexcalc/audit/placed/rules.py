r"""Definitions at places: rules with letters, h_t = a h_{t-1} + x_t, and where they begin, h_0 = 0."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.placed.elements import Element, LinesFound, element_of, elements_in
from indexcalc.audit.placed.extents import Bound, bounds_in
from indexcalc.audit.steps import Step
from indexcalc.context.knowledge import Knowledge
from indexcalc.notation.formula import Formula, Scripted

DEFINING = ("a definition", "an update: the left side is the next value", "said before")


@dataclass(frozen=True, eq=False)
class Rule:
    """A definition: its left side, its body, where it stands, and how far its statement lets letters run."""

    left: Element
    body: Formula
    statement: Statement
    bounds: tuple[Bound, ...]
    known: Knowledge

    def letters(self, lines: LinesFound, sizes: frozenset[str]) -> frozenset[str]:
        """The letters of its left side that count on lines; none where it says how a recurrence begins."""
        forms = [self.left.places[place] for place in lines.of(self.left)]
        return frozenset(name for form in forms if form is not None for name in form.names()) - sizes

    def at(self, places: tuple[int, ...], lines: LinesFound, sizes: dict[str, int]) -> dict[str, int] | None:
        """The numbers of its letters for which it defines the element at places; none if it does not."""
        found: dict[str, int] = {}
        for place, slot in zip(places, lines.of(self.left), strict=True):
            form = self.left.places[slot]
            if form is None or form.period is not None:
                return None
            rest = place - form.constant - sum(times * sizes[name] for name, times in form.letters if name in sizes)
            letters = [(name, times) for name, times in form.letters if name not in sizes]
            if not letters:
                if rest:
                    return None
                continue
            if len(letters) > 1 or letters[0][1] not in (1, -1):
                return None
            if found.setdefault(letters[0][0], rest * letters[0][1]) != rest * letters[0][1]:
                return None
        return found


def rules_of(steps: Iterable[Step], known: Knowledge, sizes: frozenset[str]) -> list[Rule]:
    """The rules of a document, and where they begin, in its order."""
    found: list[Rule] = []
    heads: set[tuple[str, tuple[object, ...]]] = set()
    for statement, skipped in {step.statement: step.skipped for step in steps if step.place == 0}.items():
        for left, body in _said(statement, known):
            shape = (left.key, left.places)
            if shape in heads and not skipped.startswith("a definition"):
                continue
            own = [rule for rule in found if rule.left.key == left.key]
            again = all_fixed(left, sizes) and not all(all_fixed(rule.left, sizes) for rule in own)
            if (skipped in DEFINING and not again) or _is_put_in(left, body, own, known, sizes):
                heads.add(shape)
                bounds = tuple(each for condition in statement.conditions for each in bounds_in(condition))
                found.append(Rule(left, body, statement, bounds, known))
    return found


def _said(statement: Statement, known: Knowledge) -> list[tuple[Element, Formula]]:
    """Elements on the left, with what a statement says they are: of x_0 = x_9 = 0 both."""
    sides = [side.formula for side in statement.sides]
    if len(sides) < 2 or any(link.kind not in ("equality", "definition") for link in statement.links[:1]):
        return []
    lefts = [element_of(side, known) if isinstance(side, Scripted) else None for side in sides]
    count = next((place for place, each in enumerate(lefts) if each is None or each.above is not None), len(lefts))
    if count > 1 and count == len(sides) - 1 and all(each is not None and _is_fixed(each) for each in lefts[:count]):
        return [(each, sides[-1]) for each in lefts[:count] if each is not None]
    left = lefts[0]
    return [(left, sides[1])] if left is not None and left.above is None and not left.primes else []


def _is_fixed(element: Element) -> bool:
    return any(form is not None and (not form.letters or form.constant) for form in element.places)


def _is_put_in(left: Element, body: Formula, own: list[Rule], known: Knowledge, sizes: frozenset[str]) -> bool:
    """Whether an element at a fixed place is given, where a recurrence begins; else it is a claim about it."""
    if not any(form is not None and not form.alone for form in left.places):
        return False
    if any(each.key == left.key for each in elements_in(body, known)) or not _is_at_an_end(left):
        return False
    if all(form is None or form.alone or (form.constant < 1 and not form.letters) for form in left.places):
        return True  # at 0 something begins
    recursive = [rule for rule in own if any(each.key == left.key for each in elements_in(rule.body, known))]
    begun = any(all_fixed(rule.left, sizes) for rule in own if rule not in recursive)
    return not own or (bool(recursive) and not begun)


def _is_at_an_end(element: Element) -> bool:
    """Whether an element stands at 0, at 1, or at a size."""
    fixed = [form for form in element.places if form is not None and not form.alone]
    return any(form.letters or form.constant <= 1 for form in fixed)


def all_fixed(element: Element, sizes: frozenset[str]) -> bool:
    """Whether an element stands at numbers and sizes only, as far as its places are reckoned."""
    forms = [form for form in element.places if form is not None and not (form.alone and form.alone not in sizes)]
    return bool(forms) and all(form.names() <= sizes for form in forms)
