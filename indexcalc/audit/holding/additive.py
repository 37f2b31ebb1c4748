r"""Steps up to a constant: \log p(w) = f(w) + const = g(w) + const holds if f - g does not hang on w.

What a text calls a constant is none of the variables of the function that its chain begins with. The constant may be
another number each time that it is written, so it is taken away, and the gradients of both sides by each variable are
compared. Only what is proved so counts.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.audit.comparing.comparison import compare
from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.facts import facts_at, slots_of
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.proof import Verdict
from indexcalc.audit.reached import is_defined
from indexcalc.audit.steps import Step
from indexcalc.context.names import Use
from indexcalc.context.sentences import speak_of
from indexcalc.indices import Index
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Applied, Bracket, Formula, Name, Product, Scripted, Sequence, Signed, Sum, walk
from indexcalc.terms import ZERO, Derivative, Tensor, Term
from indexcalc.walk import replace_tensors

if TYPE_CHECKING:
    from indexcalc.audit.fields.refuted import Refuted
    from indexcalc.audit.judging import Judge

CONSTANTS = frozenset(("const", "constant", "cst", "cte", "konst"))  # that are some number or other
LETTERS = frozenset(("C", "c", "K"))  # that are one where the text speaks of a constant
SPOKEN_OF = re.compile(r"\b[ck]onst", re.IGNORECASE)
SERIAL = -700  # of the axes of gradients


def some_constant(refuted: Refuted) -> str:
    r"""A side ends in + const: each time it is written that may be another number."""
    place = refuted.step.place
    sides = [side.formula for side in refuted.statement.sides[place : place + 2]]
    written = {part.letter for side in sides for part in walk(side) if isinstance(part, Name)}
    found = sorted(written & CONSTANTS)
    if not found and speak_of(refuted.judge.prose.sentences, SPOKEN_OF):
        found = sorted(_added(sides[0]) & _added(sides[1]) & LETTERS)
        found = [each for each in found if refuted.judge.meanings.find(each, refuted.statement.start) is None]
    if found and _gradients(refuted.judge, refuted.step, refuted.left, refuted.right, "refuted") is not None:
        return ""  # no constant makes up for it
    return f"{found[0]} may be another constant each time that it is written" if found else ""


def _added(formula: Formula) -> set[str]:
    """The letters that are terms of a sum by themselves."""
    return {each.letter for each in _terms(formula) if isinstance(each, Name)}


def _terms(formula: Formula) -> list[Formula]:
    """The terms of a sum without their signs; of anything else that alone."""
    terms = [term for _, term in formula.terms] if isinstance(formula, Sum) else [formula]
    return [term.body if isinstance(term, Signed) else term for term in terms]


def up_to_a_constant(judge: Judge, step: Step, left: Value, right: Value) -> Compared | None:
    """The proof that the sides of a step differ by a constant, where the text adds one; none if there is none."""
    found = _gradients(judge, step, left, right, "proved")
    if found is None:
        return None
    reason = f"up to a constant: the gradients by {' and '.join(_variables(judge, step.statement))} are the same"
    return replace(found, verdict=Verdict("proved", reason))


def _gradients(judge: Judge, step: Step, left: Value, right: Value, word: str) -> Compared | None:
    """The comparison of gradients by all variables, if each is proved, or by one that is refuted."""
    statement = step.statement
    sides = [side.formula for side in statement.sides[step.place : step.place + 2]]
    constants = _constants(judge, statement, sides[1])
    if not constants or left.order or right.order or judge.declared_only:
        return None
    constants |= _constants(judge, statement, sides[0])
    variables = _variables(judge, statement)
    if not variables or any(is_defined(judge, name, statement.start) for name in variables):
        return None
    every = []
    for name in variables:
        first, second = (_gradient(judge, each, name, constants) for each in (left, right))
        condition = judge.readings[statement].condition
        every.append(compare(first, second, judge.meanings, statement.start, condition, facts_at(judge, statement)))
    decided = [each for each in every if each.verdict.word == word]
    return decided[0] if len(decided) == len(every) or (decided and word == "refuted") else None


def _gradient(judge: Judge, value: Value, name: str, constants: set[str]) -> Value:
    """The gradient of a number by a name, without the constants."""

    def without(tensor: Tensor) -> Term | None:
        return ZERO if tensor.name in constants else None

    slots = slots_of(name, judge) or ()
    axes = tuple(Index("ij"[place % 2], range, SERIAL - place) for place, range in enumerate(slots))
    return Value(Derivative(replace_tensors(value.term, without), Tensor(name, axes)), axes)


def _constants(judge: Judge, statement: Statement, formula: Formula) -> set[str]:
    """The names of constants that a side adds: by their letters, which nothing defines, or by the word."""
    terms = _terms(formula) if isinstance(formula, Sum) else []
    uses = [use for each in terms if isinstance(each, Name | Scripted) and (use := judge.known.use(each)) is not None]
    spoken = speak_of(judge.prose.sentences, SPOKEN_OF)
    return {use.name for use in uses if _is_constant(use, spoken) and not is_defined(judge, use.name, statement.start)}


def _is_constant(use: Use, spoken: bool) -> bool:
    plain = use.letter.removesuffix("_prime")
    named = plain in CONSTANTS or (plain in LETTERS and (spoken or use.primes > 0 or plain != use.letter))
    return named and not use.indices and use.power is None


def _variables(judge: Judge, statement: Statement) -> list[str]:
    r"""The arguments of the function that a chain begins with, those before a bar: w of \log p(w \mid y)."""
    while statement.earlier is not None:
        statement = statement.earlier
    formula = statement.sides[0].formula
    factors = [each for _, each in formula.factors] if isinstance(formula, Product) else []
    if len(factors) != 2 or not isinstance(factors[0], Name | Scripted | Applied):
        return []
    inner = factors[1].body if isinstance(factors[1], Bracket) else None
    items = inner.items if isinstance(inner, Sequence) else (inner,)
    marks = inner.marks if isinstance(inner, Sequence) else ""
    count = next((place for place, mark in enumerate(marks, 1) if mark in "|;"), len(items))
    named = [judge.known.use(each) for each in items[:count] if isinstance(each, Name | Scripted)]
    plain = (use.name for use in named if use is not None and use.power is None and not use.indices)
    return list(dict.fromkeys(plain))
