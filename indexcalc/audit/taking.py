"""Taking in what statements define, name, assume and give: the steps that are left are judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from indexcalc.audit.blocks.proof import table_named
from indexcalc.audit.defined import SHOWN, Defined
from indexcalc.audit.fields.laws import error_term, is_field_law
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.reached import is_defined, is_new, leaves_of, reaches, spoken_in
from indexcalc.audit.recognise import Form, form_of, naming
from indexcalc.audit.shown.definitions import take_shown
from indexcalc.audit.shown.gradients import take_gradients
from indexcalc.audit.shown.inner import named_inside
from indexcalc.audit.solving.unknowns import gives_solution, note, note_slope
from indexcalc.audit.steps import BROKEN, DEFINED, FACT, GIVEN, MODEL, NAMED, SAID_BEFORE, SOLUTION, SPACES, Step
from indexcalc.context.functions.calls import calls
from indexcalc.context.loose import loose
from indexcalc.context.names import Use, written
from indexcalc.context.spoken import is_of_spaces, names_of
from indexcalc.meaning.conditions import is_between_indices
from indexcalc.notation.formula import Derivative, Formula, Nabla, Name, Scripted, walk

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge


ALTERNATIVES = 3  # formulas for one function, as for the activation of a layer: a choice, and no claims


def take(judge: Judge, statements: Iterable[Statement]) -> list[Step]:
    """Take in the definitions of the statements, in their order; the steps that are left to be judged."""
    steps: list[Step] = []
    statements = list(statements)
    judge.statements = statements
    judge.premises = {one for one, next_ in pairwise(statements) if next_.implied and one.formula == next_.formula}
    judge.beside.update(each.formula for each in statements if len(each.sides) > 1)
    judge.heads.update(written(each.sides[0].formula) for each in statements if len(each.sides) == 2)
    for use, body, start in judge.prose.means:
        judge.meanings.definitions.add(Defined(use, body, 0, judge.lines.at(start)[0], text=f"{use.name} is a mean"))
    for statement in statements:
        if len(statement.sides) < 2:
            note_names(judge, statement)
            note_slope(judge, statement)
            continue
        steps += steps_of(judge, statement)
        if table := table_named(statement):
            judge.tables.append((table[0], statement.start, table[1]))
        note_names(judge, statement)
        note(judge, statement)
        take_shown(judge, statement)
    take_gradients(judge, statements)
    return steps


def note_names(judge: Judge, statement: Statement) -> None:
    """Note the names that a statement speaks of: they are no longer new."""
    judge.used |= spoken_in(statement, judge.known)


def steps_of(judge: Judge, statement: Statement) -> list[Step]:
    """The steps of a statement, with what is no claim of them."""
    found: list[Step] = []
    last = 0
    for place, link in enumerate(statement.links):
        skipped = "" if link.kind in ("equality", "definition", "reversed") else f"{link.text} is no equality"
        skipped = BROKEN if statement.broken else skipped
        if place == 0 and not skipped and statement.earlier is None:
            skipped = first_relation(judge, statement)
        elif place and link.kind == "equality":
            is_symmetry = found[0].skipped == FACT and form_of(statement, judge.known).kind == "fact"
            skipped = FACT if is_symmetry else take_naming(judge, statement, place + 1)
            if not skipped and place == 1 and found[0].skipped in (DEFINED, SAID_BEFORE):
                skipped = _second_name(judge, statement)
        if place and all(is_of_spaces(each.formula) for each in statement.sides[place : place + 2]):
            skipped = SPACES
        found.append(Step(statement, place, last, skipped))
        last = place + 1
    return found


def _second_name(judge: Judge, statement: Statement) -> str:
    """Whether a statement gives one thing two names, and so defines the second as well: A = B = x y."""
    rest = replace(statement, sides=statement.sides[1:], links=statement.links[1:])
    form = form_of(rest, judge.known)
    if form.kind not in ("definition", "function") or form.use is None:
        return ""
    if form.kind == "function" and _is_of_numbers(rest.sides[1].formula):
        return ""  # its value at an argument that is given
    return take_definition(judge, rest, form, says_so=False)


def _is_of_numbers(formula: Formula) -> bool:
    """Whether a formula speaks of no name."""
    return not any(isinstance(each, Name) for each in walk(formula))


def first_relation(judge: Judge, statement: Statement) -> str:
    """Why the first relation of a statement claims nothing; what it defines is taken in."""
    link = statement.links[0]
    form = form_of(statement, judge.known)
    if link.kind == "reversed":
        use = naming(statement, judge.known, 1)
        if use is not None:
            side = statement.sides[0]
            define_name(
                judge,
                Defined(
                    use,
                    side.formula,
                    statement.start,
                    judge.lines.at(statement.start)[0],
                    text=f"{statement.sides[1].written} = {side.written}",
                ),
            )
            return DEFINED
    if form.kind in ("values", "update"):
        return form.why or "nothing is claimed"
    if form.kind in ("fact", "claim") and statement.formula in judge.prose.open:
        return "the text does not say that it holds"
    if form.kind == "fact" or (form.kind == "claim" and statement.formula in judge.prose.assumed):
        return take_fact(judge, statement)
    if form.kind == "gradient" and not is_field_law(statement, judge.known):
        return take_gradient(judge, statement, form)
    if _is_solution(judge, statement, form, link.kind):
        return SOLUTION
    if form.kind in ("definition", "function", "logarithm") and form.use is not None:
        says_so = link.kind == "definition" or statement.formula in judge.prose.named
        return take_definition(judge, statement, form, says_so)
    return ""


def _is_solution(judge: Judge, statement: Statement, form: Form, kind: str) -> bool:
    """Whether a statement gives what solves an equation for a letter that nothing defines."""
    if form.kind != "definition" or form.use is None or kind == "definition" or judge.declared_only:
        return False
    prose, number = judge.prose, statement.formula
    if number in prose.open or number in prose.assumed or number in prose.chosen:
        return False
    found = judge.meanings.definitions.find(form.use.letter, form.use.labels, statement.start)
    defined = found is not None and found[0].place <= statement.start
    return not defined and gives_solution(judge, statement, form.use)


def take_fact(judge: Judge, statement: Statement) -> str:
    """What is assumed of a name that nothing defines; of a defined one it is a claim."""
    names = spoken_in(statement, judge.known)
    if any(is_defined(judge, name, statement.start) for name in names):
        return ""
    if judge.declared_only:
        return FACT
    judge.facts.append((statement, statement.start))
    judge.notes.append(("fact", statement.start, f"{statement.sides[0].written} = {statement.sides[1].written}"))
    return FACT


def _is_model(judge: Judge, body: Formula) -> bool:
    """Whether a definition says what its error term is, of which the text speaks in models alone, not what data are."""
    error = error_term(body)
    if error is None:
        return False
    pairs = ((each, each.sides[1].formula) for each in judge.statements if len(each.sides) > 1)
    others = [each for each, right in pairs if len(each.sides) > 2 or error_term(right) is None]
    return names_of(error, judge.known).isdisjoint(name for each in others for name in spoken_in(each, judge.known))


def take_definition(judge: Judge, statement: Statement, form: Form, says_so: bool) -> str:
    """Take in a definition; why it claims nothing, or nothing where it is a claim."""
    assert form.use is not None
    use, start = form.use, statement.start
    earlier = judge.meanings.definitions.find(use.letter, use.labels, start)
    body = statement.sides[form.side].formula
    if _is_model(judge, body):
        return MODEL
    if form.kind == "function" and calls(use.name, body, judge.known):  # p(y) = \prod p(y_i): another function
        end = _end_of(judge, statement, use.name)
        is_rule = end is None and use.name in judge.known.densities
        if is_rule or (earlier is not None and earlier[0].place < start):
            return DEFINED
        body = end or body
    says_so = says_so or (earlier is not None and _is_another_case(judge, statement, earlier[0]))
    in_case = statement.formula in judge.prose.conditional
    if in_case and use.name in judge.used and earlier is None:
        return "a condition"
    if earlier is not None and earlier[0].place <= start and not says_so:
        before = earlier[0]
        if written(before.body) == written(body) and before.use.indices == use.indices:
            return SAID_BEFORE
        if before.kind == "given" or use.power is not None:
            return ""
        if form.kind == before.kind == "function" and use.name in names_of(body, judge.known):
            return DEFINED  # of its values for other arguments by itself: nothing that can be used
        if (
            not says_anew(judge, before, body, start, form.parameters)
            and not is_lost(judge, before)
            and not (form.kind == before.kind == "function" and len(form.parameters) != len(before.parameters))
            and not (form.kind == "function" and judge.heads[written(statement.sides[0].formula)] >= ALTERNATIVES)
        ):
            return ""
    kind = form.kind if use.power is None else "square"
    define_name(
        judge,
        Defined(
            replace(use, power=None),
            body,
            start,
            judge.lines.at(start)[0],
            kind,
            form.parameters,
            tuple(statement.conditions),
            _strange(judge, statement, form) if kind == "function" else "",
            f"{statement.sides[1 - form.side].written} = {statement.sides[form.side].written}",
            in_case=in_case,
        ),
    )
    return DEFINED


def _is_another_case(judge: Judge, statement: Statement, before: Defined) -> bool:
    r"""Whether a premise is one of several in its display: z = x + y \Rightarrow ..., z = x y \Rightarrow ..."""
    own = (each for each in judge.premises if each.formula == statement.formula)
    return statement in judge.premises and any(each.start == before.place for each in own)


def _end_of(judge: Judge, statement: Statement, name: str) -> Formula | None:
    """What a chain comes to behind its first relation: its last side in which a name stands before no bracket."""
    others = (side.formula for side in reversed(statement.sides[2:]))
    return next((each for each in others if not calls(name, each, judge.known)), None)


def _strange(judge: Judge, statement: Statement, form: Form) -> str:
    """Why the definition of a function is of no use: a letter stands in what it is, and nowhere in its name.

    Where the document leaves out no signs of sums, nothing says that it is summed over, even if it stands twice.
    """
    counts: dict[int, Counter[str]] = {}
    head, body = (statement.sides[each].formula for each in (1 - form.side, form.side))
    left, right = (loose(each, judge.known, counts) for each in (head, body))
    own = {part.letter for part in walk(head) if isinstance(part, Name)} | set(left)
    strange = [each for each, count in right.items() if each not in own and (count == 1 or not judge.known.implied)]
    return "its right side has a letter that its left side has not" if strange else ""


def define_name(judge: Judge, defined: Defined) -> None:
    """Put a definition where formulas find it; letters that it leaves off are noted."""
    if judge.declared_only:
        return
    use = defined.use
    if (
        defined.kind in ("definition", "function")
        and not use.indices
        and not judge.known.axes(use.name)
        and not judge.known.count(use.name)
    ):
        counts: dict[int, Counter[str]] = {}
        found = loose(defined.body, judge.known, counts)
        letters = tuple(sorted(letter for letter in found if found[letter] == 1))
        if letters and use.name not in judge.known.carries:
            judge.known.carries[use.name] = letters
    if any(is_between_indices(condition, judge.meanings.scope(defined.place)) for condition in defined.conditions):
        defined.lost = "it is defined under a condition"
    judge.meanings.definitions.add(defined)
    judge.notes.append(("definition", defined.place, defined.text))


def is_lost(judge: Judge, defined: Defined) -> bool:
    """Whether a definition cannot be used."""
    return isinstance(judge.meanings.body(defined, {}), str) if defined.kind != "function" else bool(defined.lost)


def says_anew(judge: Judge, before: Defined, body: Formula, place: int, parameters: tuple[str, ...] = ()) -> bool:
    """Whether a formula says anew what a name is, rather than something of what it was: it speaks of other things."""
    known = leaves_of(judge, before.body, before.place)
    new = leaves_of(judge, body, place)
    if before.parameters:
        own = {each.partition("_")[0] for each in (*parameters, *before.parameters)} | {
            *parameters,
            *before.parameters,
        }
        known, new = known - own, new - own
    crossed = any(before.place < section <= place for section, _ in judge.prose.sections)
    return bool(new - known) or crossed


def take_gradient(judge: Judge, statement: Statement, form: Form) -> str:
    """A derivative of what the document does not define is given; one that holds the same name is a chain rule."""
    assert form.use is not None
    use = form.use
    left, right = statement.sides[0].formula, statement.sides[1].formula
    for kinds in ((), (SHOWN,)):
        found = judge.meanings.definitions.find(use.letter, use.labels, statement.start, kinds)
        if found is not None and not _is_another(judge, found[0], left, statement.start):
            return ""
    is_slope = any(isinstance(each, Derivative | Nabla) for each in walk(right))
    if is_slope or reaches(judge, right, use.name, statement.start):
        return ""
    if isinstance(left, Derivative) and any(names_same(judge, variable, use) for variable, _ in left.variables):
        return ""
    key = written(left)
    if key in judge.gradients:
        return ""
    if judge.declared_only:
        return ""
    judge.gradients[key] = statement.start
    judge.meanings.given_derivatives.append(statement)
    return GIVEN


def _is_another(judge: Judge, defined: Defined, slope: Formula, place: int) -> bool:
    """Whether a definition is of another section, and speaks of nothing by which a name is differentiated here."""
    if not isinstance(slope, Derivative) or not judge.meanings.definitions.parted(defined.place, place):
        return False
    uses = [judge.known.use(each) for each, _ in slope.variables if isinstance(each, Name | Scripted)]
    return not any(use is None or reaches(judge, defined.body, use.name, place) for use in uses)


def names_same(judge: Judge, variable: Formula, use: Use) -> bool:
    """Whether a variable is a name."""
    other = judge.known.use(variable) if isinstance(variable, Name | Scripted) else None
    return other is not None and other.name == use.name


def take_naming(judge: Judge, statement: Statement, place: int) -> str:
    """Whether a later side of a chain only gives a name to what stands before it, or to what stands in it."""
    use, body = naming(statement, judge.known, place), statement.sides[place - 1].formula
    if (inner := named_inside(judge, statement, place)) is not None:
        use, after = inner[0], statement.sides[place].formula
        if use.name in names_of(after, judge.known):
            judge.meanings.definitions.say_through(statement.start, body, after)
        body = inner[1]
    elif use is None or not is_new(judge, use, (side.formula for side in statement.sides[:place]), statement.start):
        return ""
    text = f"{statement.sides[place].written} = {statement.sides[place - 1].written}"
    define_name(judge, Defined(use, body, statement.start, judge.lines.at(statement.start)[0], text=text))
    return NAMED
