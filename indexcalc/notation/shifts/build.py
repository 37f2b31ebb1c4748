"""Sheets with shifted places: their scopes, ranges, bases and rules, and the terms that come of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from indexcalc.affine import Form, of_index, size_form
from indexcalc.indices import Index, Range
from indexcalc.notation.lowering.facts import free_in_fact
from indexcalc.notation.lowering.functions import undeclared
from indexcalc.notation.lowering.statements import Source, Statement, _Builder, missing_on_the_first_side
from indexcalc.notation.lowering.survey import Survey
from indexcalc.notation.shifts.conditions import SCOPED
from indexcalc.notation.shifts.elements import Base, Elements
from indexcalc.notation.shifts.left import Left, left_side
from indexcalc.notation.shifts.lowering import ShiftedLowering
from indexcalc.notation.shifts.order import check_order
from indexcalc.notation.shifts.reckon import Reckoner
from indexcalc.notation.shifts.said import Said
from indexcalc.notation.shifts.scopes import Walk
from indexcalc.notation.shifts.surveyed import Resolved, ShiftSurvey
from indexcalc.notation.syntax.places import Place, Syntax, error_at, place_of, subtrees
from indexcalc.sheet import Claim, Definition, Sheet
from indexcalc.terms import Constraint, Term, Where
from indexcalc.walk import substitute

Text = tuple[Syntax, str]


@dataclass(eq=False)
class _Rule:
    """A definition with the names of its scopes: the letters of its left side, and its body."""

    left: Left
    letters: tuple[str, ...]
    body: Syntax


@dataclass(eq=False)
class Build:
    """One sheet on its way. targets: further expressions with the letters that are free in them, if they are known."""

    statements: Sequence[Statement]
    also: Sequence[Text]
    targets: Sequence[Text]
    free: Sequence[str] | None = None
    always: Sequence[str] = ()

    def __post_init__(self) -> None:
        self.said = Said()
        self.rules: dict[str, _Rule] = {}
        self.bases: dict[str, list[_Rule]] = {}
        self.found: list[tuple[Term, tuple[Index, ...]]] = []
        self._based: dict[int, Term] = {}

    def sheet(self, text: str, source: Source) -> Sheet:
        """The sheet, with the targets lowered into `found`."""
        self.said.read(self.statements, [tree for tree, _ in (*self.also, *self.targets)])
        walk = self.walk = Walk(self.said.names)
        lefts = [left_side(each, self.said.names) for each in self.statements if each.kind == "definition"]
        for left in lefts:
            self._walk_definition(left)
        others = self._walk_others()
        free = self._walk_targets()
        self._reckon()
        survey = self._survey(others)
        self.elements = Elements(self.reckoner, self.said.outside, self._made_bases(), self._lefts())
        self.lowering = ShiftedLowering(survey, self.elements, walk.accesses)
        definitions = {name: self._definition(rule) for name, rule in self.rules.items()}
        check_order(definitions, self._place_of)
        sheet = self._completed(text, source, survey, definitions, others)
        self._lower_targets(free)
        return replace(sheet, reads=tuple(self._checked()))

    # ----- What the statements say

    # ----- Scopes

    def _walk_definition(self, left: Left) -> None:
        env = {}
        for letter, place in zip(left.slots, left.tokens, strict=True):
            if isinstance(letter, str):
                env[letter] = self.walk.scope(letter, "left", place)
        letters = tuple(env[letter] for letter in left.letters)
        rule = _Rule(left, letters, self.walk.tree(left.body, left.text, env, left.name))
        if left.is_base:
            self.bases.setdefault(left.name, []).append(rule)
            return
        if left.name in self.rules:
            cause = f"{left.name} is defined twice"
            raise error_at(cause, "Give one of them another name", left.place, self.rules[left.name].left.place)
        self.rules[left.name] = rule

    def _walk_others(self) -> list[tuple[Statement, list[Syntax], tuple[str, ...]]]:
        """The facts and claims, with the names of their scopes, and what is free in them."""
        found = []
        for statement in self.statements:
            if statement.kind in ("assume", "check"):
                sides = subtrees(statement.tree)
                summation = self.walk.summation
                is_fact = statement.kind == "assume"
                free = free_in_fact(sides, summation) if is_fact else summation.free(sides[0])
                env = {letter: self.walk.scope(letter, "free", statement.place) for letter in free}
                trees = [self.walk.tree(side, statement.text, env) for side in sides]
                found.append((statement, trees, tuple(env.values())))
        return found

    def _walk_targets(self) -> tuple[str, ...]:
        if not self.targets:
            self.walked: list[Text] = []
            return ()
        self.walk.is_asked = True
        tree, text = self.targets[0]
        free = self.walk.summation.free(tree, self.always) if self.free is None else tuple(self.free)
        place = place_of(tree, text)
        env = {letter: self.walk.scope(letter, "free", place) for letter in free}
        self.walked = []
        for each, its_text in self.targets:
            self.walked.append((self.walk.tree(each, its_text, env), its_text))
        return tuple(env[letter] for letter in free)

    def _reckon(self) -> None:
        accesses = tuple(self.walk.accesses.values())
        bases = [(name, rule) for name, rules in self.bases.items() for rule in rules]
        self.reckoner = Reckoner(
            self.walk.scopes,
            accesses,
            self.said.declared,
            frozenset(self.said.names.sizes),
            self._lefts(),
            tuple((name, _by_slot(rule)) for name, rule in bases),
            frozenset(self.said.outside),
            self._together(),
            self.walk.alike,
        )
        for letter, said_of in self.said.declared.items():
            self.walk.scope(letter, "free", said_of.place)
        self.reckoner.reckon()

    def _lefts(self) -> dict[str, tuple[str, ...]]:
        return {name: rule.letters for name, rule in self.rules.items()}

    def _together(self) -> dict[str, frozenset[str]]:
        """For each definition those that it needs and that need it."""
        direct: dict[str, set[str]] = {name: set() for name in self.rules}
        for access in self.walk.accesses.values():
            if access.owner in direct and access.name in direct:
                direct[access.owner].add(access.name)
        reached = {name: _reached(name, direct) for name in direct}
        return {
            name: frozenset(other for other in direct if other in reached[name] and name in reached[other])
            for name in direct
        }

    def _survey(self, others: list[tuple[Statement, list[Syntax], tuple[str, ...]]]) -> Survey:
        survey = ShiftSurvey(ranges=Resolved(reckoner=self.reckoner))
        survey.known, survey.place_sizes = self.said.names, frozenset(self.said.names.sizes)
        nowhere = Place("", 0, 0)
        survey.sizes = dict.fromkeys(sorted(self.said.names.sizes), nowhere)
        for name, last in self.rules.items():
            for rule in (*self.bases.get(name, []), last):
                survey.defined.add(name)
                survey.text = rule.left.text
                survey._use(name, len(rule.left.slots), rule.body)
                survey.visit(rule.body, rule.left.text)
        for statement, trees, _ in others:
            for tree in trees:
                survey.visit(tree, statement.text)
        for tree, text in self.walked:
            survey.visit(tree, text)
        for name, place in self.said.at.items():
            if not survey.uses.get(name, (0, place))[0]:
                cause = f"outside {name} says what stands beyond the axes of {name}, which has none here"
                raise error_at(cause, "Name a tensor that the sheet uses", place)
        survey.finish()
        survey.functions = survey.unknown_functions()
        return survey

    # ----- Definitions

    def _made_bases(self) -> dict[str, list[Base]]:
        found: dict[str, list[Base]] = {}
        for name, rules in self.bases.items():
            if name not in self.rules:
                place = rules[0].left.place
                cause = f"{name} has a value at a fixed place, and no rule"
                raise error_at(cause, f"Write {name}[t] = ... for the other places", place)
            for rule in rules:
                found.setdefault(name, []).append(self._base(name, rule))
        return found

    def _base(self, name: str, rule: _Rule) -> Base:
        slots: list[Form | str] = []
        is_inside = True
        for slot, letter in enumerate(_by_slot(rule)):
            written = rule.left.slots[slot]
            if isinstance(written, str):
                slots.append(letter)
                continue
            form = self.reckoner.position(written, (name, slot))
            slots.append(form)
            beyond = form - size_form(self.reckoner.range_of((name, slot)))
            if form.is_constant:
                is_inside = is_inside and form.constant >= 1 and not (beyond.is_constant and beyond.constant > 0)
            elif beyond.is_constant:
                is_inside = is_inside and beyond.constant <= 0
            else:
                cause = f"whether a base of {name} is one of its places is not clear"
                raise error_at(cause, "Write a number, or the name of the size", rule.left.place)
        return Base(name, tuple(slots), lambda: self._base_term(rule), is_inside)

    def _base_term(self, rule: _Rule) -> Term:
        known = self._based.get(id(rule))
        if known is None:
            known = self._based[id(rule)] = self._lowered(rule)
        return known

    def _lowered(self, rule: _Rule) -> Term:
        left, letters = rule.left, [each.partition(SCOPED)[0] for each in rule.letters]

        def missing(letter: str) -> tuple[str, str, list[Place]]:
            return (
                f"the index {letter} occurs only once here and is not on the left side",
                f"Write {left.name}[{','.join([*letters, letter])}] to keep it, or sum[{letter}](...) to sum over it",
                [left.place],
            )

        kept = self.lowering.missing, self.lowering.text
        self.lowering.missing = missing
        term = self.lowering.term(rule.body, left.text, rule.letters)
        self.lowering.missing, self.lowering.text = kept
        return term

    def _definition(self, rule: _Rule) -> Definition:
        name = rule.left.name
        axes = tuple(map(self.reckoner.index, rule.letters))
        body = self._lowered(rule)
        for base in self.elements.bases.get(name, [])[::-1]:
            if base.is_inside:
                body = self._with_base(base, axes, body)
        return Definition(name, axes, body)

    def _with_base(self, base: Base, axes: tuple[Index, ...], body: Term) -> Term:
        pairs = zip(base.slots, axes, strict=True)
        renaming = {self.reckoner.index(slot): axis for slot, axis in pairs if isinstance(slot, str)}
        value: Term = substitute(base.term(), renaming)
        for slot, axis in zip(base.slots, axes, strict=True):
            if not isinstance(slot, str):
                value = Where(Constraint("==", of_index(axis) - slot), value, body)
        return value

    def _place_of(self, name: str) -> Place:
        return self.rules[name].left.place

    # ----- The sheet

    def _completed(
        self,
        text: str,
        source: Source,
        survey: Survey,
        definitions: dict[str, Definition],
        others: list[tuple[Statement, list[Syntax], tuple[str, ...]]],
    ) -> Sheet:
        builder: Any = _Builder(survey)
        builder.lowering = self.lowering
        claims, notation = [], {}
        for statement, trees, free in others:
            self.lowering.missing = missing_on_the_first_side
            sides = tuple(self.lowering.term(tree, statement.text, free) for tree in trees)
            if statement.kind == "check":
                spans = tuple(place_of(side, statement.text).span for side in trees)
                claims.append(Claim(sides, tuple(map(self.reckoner.index, free)), spans))
            else:
                self._assume(builder, statement, sides)
        for statement in self.statements:
            if statement.kind == "notation":
                name, spelling = map(str, statement.tree.children)
                notation[name] = spelling[1:-1]
        tensors = survey.tensors()
        range_of, uses = self.reckoner.range_of, survey.uses
        slots = {name: tuple(range_of((name, slot)) for slot in range(uses[name][0])) for name in tensors}
        letters: dict[str, Range] = {}
        for scope in self.walk.scopes.values():
            if scope.plain or scope.reads or scope.name in self.said.declared:
                letters.setdefault(scope.letter, self.reckoner.range_of(scope.name))
        written = frozenset(self.reckoner.range_of(each) for each in survey.written)
        return Sheet(
            text=text,
            definitions=definitions,
            facts=tuple(builder.facts.stated),
            claims=tuple(claims),
            letters=letters,
            slots=slots,
            order=tuple(tensors),
            written=written,
            notation=notation,
            outside={name: value.value for name, value in self.said.outside.items()},
            remarks=undeclared(survey),
            source=replace(source, survey=survey),
        )

    def _assume(self, builder: Any, statement: Statement, sides: tuple[Term, ...]) -> None:
        from indexcalc.notation.lowering.contradictions import as_comparison
        from indexcalc.sheet import Fact

        relations = [str(each) for each in statement.tree.children if isinstance(each, str)]
        places = pairwise(place_of(side, statement.text) for side in subtrees(statement.tree))
        for left, relation, right in zip(sides, relations, sides[1:], strict=False):
            one, other = next(places)
            builder.facts.state(as_comparison(Fact(left, relation, right)), Place(one.text, one.start, other.end))

    def _lower_targets(self, free: tuple[str, ...]) -> None:
        axes = tuple(map(self.reckoner.index, free))
        for number, (tree, text) in enumerate(self.walked):
            if number:
                self.lowering.missing = missing_on_the_first_side
            self.found.append((self.lowering.term(tree, text, free), axes))

    def _checked(self) -> list[Any]:
        """The reads, of which none is known to leave its axis."""
        for read in self.elements.reads:
            found = read.certain()
            if found is not None:
                raise read.refusal(found)
        return list(dict.fromkeys(self.elements.reads))


def _by_slot(rule: _Rule) -> tuple[str, ...]:
    """The scope of each axis of a left side; nothing for a fixed place."""
    letters = iter(rule.letters)
    return tuple(next(letters) if isinstance(slot, str) else "" for slot in rule.left.slots)


def _reached(name: str, direct: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    pending = [name]
    while pending:
        for use in direct[pending.pop()]:
            if use not in found:
                found.add(use)
                pending.append(use)
    return found
