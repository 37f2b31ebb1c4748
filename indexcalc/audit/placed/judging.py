"""Steps that speak of shifted places: which rules and bodies they need, and what a trial says of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.grounds import Compared, undecided
from indexcalc.audit.fields.laws import is_zero
from indexcalc.audit.fields.refuted import Refuted
from indexcalc.audit.holding.conditions import held_if
from indexcalc.audit.numbers import PUT_IN, puts_in
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.placed.elements import element_of, elements_in, lines_of
from indexcalc.audit.placed.placings import Placings
from indexcalc.audit.placed.rules import Rule, all_fixed
from indexcalc.audit.placed.trial import Trial
from indexcalc.audit.proving.proof import CONFIRMED, Verdict
from indexcalc.audit.steps import Step, replaced
from indexcalc.context.names import written
from indexcalc.context.spoken import names_of, reaches_further
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Formula, Scripted

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


def judged_by_places(judge: Judge, step: Step) -> Compared | None:
    """What comes of a step at places; none if none of its places is shifted, or it has no meaning so."""
    known = judge.placings
    if known is None or judge.declared_only:
        return None
    own = [rule for rule in known.rules if rule.statement is step.statement]
    if own and all(all_fixed(rule.left, known.sizes) for rule in own):
        return Compared(Verdict("skipped", "what stands at an end of an axis is given"))
    if not known.lined:
        return None
    sides = [_formula(step.statement, place) for place in (step.place, step.place + 1)]
    rules, bodies = _reached(judge, known, sides, step.statement.start)
    every = [*sides, *bodies]
    lines = lines_of(every, known.sizes, known.known)
    if not lines.slots:
        return None
    trial = Trial(judge, known, step, sides, rules, bodies, lines)
    found = trial.verdict()
    if found is not None and found.verdict.word == "refuted" and (doubt := _doubt(trial)):
        return undecided(doubt)
    return found


def _doubt(trial: Trial) -> str:
    """Why a difference says nothing against a text: what a sign reaches over, or an earlier step that is refuted."""
    if _is_of_one_step(trial):
        found = replace(trial, of_one_step=True).verdict()
        if found is None or found.verdict.word != "refuted":
            return "it holds if what stands before in time is given, which may be what is meant"
    if twins := _twins(trial):
        return f"nothing says whether {twins[0]} and {twins[1]} are the same"
    if any(map(reaches_further, [*trial.sides, *trial.bodies])):
        return "a derivative may be meant of all that follows it: put brackets"
    for old, new, line in trial.judge.slips:
        changed = replaced(trial.sides[0], written(old), new)
        if changed is trial.sides[0] or written(old) == written(trial.sides[0]):
            continue
        found = replace(trial, sides=[changed, trial.sides[1]]).verdict()
        if found is not None and found.verdict.word == "agrees":
            return f"it follows from line {line}, which is refuted"
    return ""


def _twins(trial: Trial) -> tuple[str, str] | None:
    """Two letters that differ in their size alone and stand with as many places, of which nothing defines any."""
    every = (each for formula in (*trial.sides, *trial.bodies) for each in elements_in(formula, trial.known.known))
    keys = {each.key for each in every} - {rule.left.key for rule in trial.rules}
    for key in sorted(keys):
        other = key[:1].upper() + key[1:]
        if other != key and other in keys:
            return key.partition("/")[0], other.partition("/")[0]
    return None


def settled(judge: Judge, step: Step, placed: Compared) -> bool:
    """Whether a step is settled that was tried wherever all its elements exist; the claim is made.

    What is proved besides is proved; one that is refuted besides is left to that: its slip can be named.
    """
    if placed.verdict.word == "skipped":
        return True
    verdict = placed.verdict
    if verdict.word == "refuted" and any(is_zero(side.formula) for side in step.statement.sides[step.place :][:2]):
        verdict = Verdict("skipped", "an equation to be solved, which holds for some values only")
    verdict = PUT_IN if verdict.word == "refuted" and puts_in(step) else verdict
    left, right = (judge.readings[step.statement].values[place] for place in (step.place, step.place + 1))
    if isinstance(left, Value) and isinstance(right, Value):
        found = judge.compared(step, left, right)
        if found.verdict.word == placed.verdict.word == "refuted":
            return False
        if placed.verdict.word == "refuted" and found.verdict.word == "proved" and not _is_shifted(judge, step):
            return False  # letters and fixed places alone: the trial took a letter that is summed over for a place
        if verdict.word == "agrees" and found.verdict.word == "proved":
            verdict, placed = found.verdict, found
        if verdict.word in CONFIRMED and (condition := held_if(Refuted(judge, step, left, right, placed))):
            verdict = Verdict("undecided", condition)
    judge.settle(step, verdict, placed)
    return True


def _is_shifted(judge: Judge, step: Step) -> bool:
    """Whether some place of a step is reckoned from a letter: x_{i+1}."""
    formulas = [_formula(step.statement, place) for place in (step.place, step.place + 1)]
    forms = (form for each in formulas for one in elements_in(each, judge.known) for form in one.places)
    return any(form is not None and form.constant and bool(form.names()) for form in forms)


def _is_of_one_step(trial: Trial) -> bool:
    """Whether a text may mean one step of a recurrence, with what stands before in time given.

    One that says how its recurrence begins, or how long it goes on, means the whole.
    """
    rules, sizes = trial.rules, trial.known.sizes
    letters = {name for rule in rules for form in rule.left.places if form is not None for name in form.names()}
    stepped = {letter for letter in letters if any(_is_stepped(rule, letter) for rule in rules)}
    return (
        bool(stepped)
        and stepped.isdisjoint(trial.known.bounds)
        and not any(all_fixed(rule.left, sizes) for rule in rules)
    )


def _is_stepped(rule: Rule, letter: str) -> bool:
    """Whether a rule is a recurrence in a letter: it reads what it defines at a place reckoned from that."""
    return any(
        each.key == rule.left.key and form is not None and form.constant and letter in form.names()
        for each in elements_in(rule.body, rule.known)
        for form in each.places
    )


def said_of_an_element(judge: Judge, step: Step) -> bool:
    """Whether a step that looks like a definition says what an element is that a rule before it defines."""
    statement, known = step.statement, judge.placings
    side = statement.sides[0].formula
    left = element_of(side, judge.known) if isinstance(side, Scripted) and not step.place else None
    if known is None or left is None or not all_fixed(left, known.sizes) or left.above is not None:
        return False
    if any(rule.statement is statement for rule in known.rules):
        return False
    return any(rule.left.key == left.key and rule.statement.start < statement.start for rule in known.rules)


def _formula(statement: Statement, place: int) -> Formula:
    while place == 0 and statement.earlier is not None:
        statement = statement.earlier
        place = len(statement.sides) - 1
    return statement.sides[place].formula


def _reached(judge: Judge, known: Placings, sides: list[Formula], place: int) -> tuple[list[Rule], list[Formula]]:
    """The rules that sides need, also through others, and the bodies of all that they need, or that read the same."""
    rules: list[Rule] = []
    bodies: dict[int, Formula] = {}
    seen: set[str] = set()
    keys: set[str] = set()
    pending = list(sides)
    while pending:
        formula = pending.pop()
        for element in elements_in(formula, known.known):
            keys.add(element.key)
            for rule in known.rules:
                if rule.left.key == element.key and rule not in rules:
                    rules.append(rule)
                    pending.append(rule.body)
                    bodies |= {id(each): each for each in (rule.left.written, rule.body)}
        for name in sorted(names_of(formula, known.known) - seen):
            seen.add(name)
            found = judge.meanings.find(name, place)
            if found is not None and found[0].given is None and not found[0].use.indices and not found[0].use.labels:
                pending.append(found[0].body)
                bodies[id(found[0].body)] = found[0].body
    for body in known.bodies:  # they tell how far the axes reach
        if not keys.isdisjoint(each.key for each in elements_in(body, known.known)):
            bodies[id(body)] = body
    return [rule for rule in known.rules if rule in rules], list(bodies.values())
