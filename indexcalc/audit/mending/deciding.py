"""Steps that are wrong because one slip undone makes them true: what the text leaves open does not save them.

If left = mended is confirmed, then left = written says written = mended. Two formulas that differ by a sign, a factor,
an index, a sum or a bracket, and that differ whatever their names stand for, are the same for a few values only: nobody
writes that as a step. So what is not known of the names (a definition that is lost, a loss of which nothing is said)
says nothing for the text; what it may mean in another way does (see `doubts`). Sides that cannot fit are wrong if the
mended side is confirmed in the reading in which all else is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.audit.comparing.generic import differ_in_general, is_one_sided
from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.doubts import holds_otherwise
from indexcalc.audit.fields.laws import is_zero
from indexcalc.audit.fields.refuted import Refuted
from indexcalc.audit.mending.search import Mended, mended, right_value
from indexcalc.audit.numbers import PUT_IN, puts_in
from indexcalc.audit.proving.proof import Verdict
from indexcalc.audit.steps import Step
from indexcalc.context.loose import bound_in
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Formula, Name, Product, Scripted, walk
from indexcalc.terms import Derivative, Tensor
from indexcalc.walk import subterms

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

MOST_MENDS = 200
MOST_WORK = 12_000
PLAIN = frozenset(("sign", "factor", "bracket", "power", "letter"))
BOUND = frozenset(("sum", "index"))  # an element that hangs on its own one only needs no sum
SIGNS = frozenset(("sign",))
PLAINLY = ("", "juxtaposed")
FITTING = frozenset(("transposition", "index", "exchange", "sum"))


def decided(judge: Judge, step: Step, verdict: Verdict, found: Compared) -> tuple[Verdict, str, Compared]:
    """The verdict on a step that is not confirmed, its fix and the comparison: a refutation if a mend decides it."""
    if judge.declared_only or _is_equation(step) or verdict.word not in ("undecided", "unreadable", "skipped"):
        return verdict, "", found
    if verdict.word == "unreadable":
        verdict, grounds, fix = misfits(judge, step, verdict)
        return verdict, fix, grounds or found
    again = _decided(judge, step, found)
    return again if again is not None else (verdict, "", found)


def _decided(judge: Judge, step: Step, found: Compared) -> tuple[Verdict, str, Compared] | None:
    left, right = judge.readings[step.statement].values[step.place : step.place + 2]
    if not isinstance(left, Value) or not isinstance(right, Value):
        return None
    kinds = PLAIN if _is_open(right) else PLAIN | BOUND
    if found.left is None and is_one_sided(left, right, judge.meanings, step.statement.start):
        kinds = SIGNS  # unless what stands on one side only cancels there
    mend = _mend(judge, step, kinds)
    if mend is None or holds_otherwise(Refuted(judge, step, left, right, found)):
        return None
    other = right_value(judge, step, mend.mend.formula)
    if not isinstance(other, Value):
        return None
    condition = judge.readings[step.statement].condition
    apart = differ_in_general(other, right, judge.meanings, step.statement.start, condition)
    if apart is None:
        return None
    reason = f"{mend.mend.why}: with that undone the step is confirmed, and the two differ whatever the names stand for"
    return Verdict("refuted", reason, apart), mend.fix, mend.found


def _is_open(value: Value) -> bool:
    """Whether a value has derivatives of names: nothing may say which elements hang on which."""
    slopes = (each for each in subterms(value.term) if isinstance(each, Derivative))
    return any(isinstance(each.body, Tensor) for each in slopes)


def misfits(judge: Judge, step: Step, verdict: Verdict) -> tuple[Verdict, Compared | None, str]:
    """The verdict on a step of which the right side does not fit, the comparison and its fix.

    A refutation if a mend decides it; otherwise as it is.
    """
    if judge.declared_only or _is_equation(step) or verdict.word not in ("unreadable", "refuted"):
        return verdict, None, ""
    if puts_in(step):
        return PUT_IN, None, ""
    mend = _mend(judge, step, FITTING)
    if mend is None:
        return verdict, None, ""
    if verdict.word == "refuted":
        return Verdict("refuted", f"{mend.mend.why}; {verdict.reason}"), mend.found, mend.fix
    reason = f"the sides do not fit: {verdict.reason}; {mend.mend.why}: with that undone the step is confirmed"
    return Verdict("refuted", reason), mend.found, mend.fix


def _mend(judge: Judge, step: Step, kinds: frozenset[str]) -> Mended | None:
    """A mend that is not the left side once more; none where a sum binds the letter of a label, as in W^{(k)}."""
    formulas = [side.formula for side in step.statement.sides[step.place : step.place + 2]]
    uses = [judge.known.use(part) for each in formulas for part in walk(each) if isinstance(part, Name | Scripted)]
    labels = {label.text for use in uses if use is not None for label in use.labels}
    if any(not labels.isdisjoint(bound_in(each)) for each in formulas):
        return None
    if any(operator not in PLAINLY for each in formulas for part in _products(each) for operator, _ in part.factors):
        kinds -= {"transposition"}  # a dot between vectors turns what stands before it
    mend = mended(judge, step, kinds, MOST_MENDS, MOST_WORK)
    return None if mend is None or mend.mend.formula == step.statement.sides[step.place].formula else mend


def _products(formula: Formula) -> list[Product]:
    return [part for part in walk(formula) if isinstance(part, Product)]


def _is_equation(step: Step) -> bool:
    """Whether a side is zero: such a step may be an equation to be solved."""
    return any(is_zero(side.formula) for side in step.statement.sides[step.place : step.place + 2])
