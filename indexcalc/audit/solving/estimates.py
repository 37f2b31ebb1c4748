r"""Estimates: what is written for a letter with a hat may be what solves an equation for the letter without it.

\hat{w} = (X^\top X)^{-1} X^\top y is the definition of \hat{w}. Behind an equation for w that the text solves it says
as well that this is its solution: put in for w, it is asked whether it solves the equation. That is confirmed or not
said at all: nothing is refuted by it, since the hat may mean something else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexcalc.audit.comparing.grounds import Compared
from indexcalc.audit.proving.proof import CONFIRMED
from indexcalc.audit.solving.judged import solved_by
from indexcalc.audit.solving.sheets import Solved, renamed
from indexcalc.audit.solving.unknowns import gives_solution
from indexcalc.audit.steps import DEFINED, Step
from indexcalc.context.names import Use
from indexcalc.meaning.ranges import UnclearError
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Name, Scripted
from indexcalc.terms import Tensor

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

SIGNS = ("_hat", "_widehat", "_tilde", "_star", "_ast")
ESTIMATES = frozenset("star ast * ML MLE MAP LS OLS GLS WLS ridge opt hat ml mle map ols".split())


def estimated(judge: Judge, step: Step) -> Compared | None:
    """The proof that a definition of an estimate solves an equation for its letter; none if nothing shows it."""
    statement = step.statement
    first = statement.sides[0].formula
    if step.skipped != DEFINED or step.place or judge.declared_only or not isinstance(first, Name | Scripted):
        return None
    use = judge.known.use(first)
    base = _bare(use) if use is not None and use.power is None else None
    if use is None or base is None or judge.meanings.find(base.name, statement.start) is not None:
        return None
    if not gives_solution(judge, statement, base):
        return None
    left, right = judge.readings[statement].values[:2]
    if not isinstance(left, Value) or not isinstance(right, Value) or not isinstance(left.term, Tensor):
        return None
    if left.order != right.order or len(set(left.term.slots)) < len(left.term.slots):
        return None
    given = _given(judge, step, base.name, left, right)
    found = solved_by(judge, statement, given) if given is not None else None
    return found if found is not None and found.verdict.word in CONFIRMED else None


def _bare(use: Use) -> Use | None:
    """The letter without the sign that marks an estimate; none if there is no such sign."""
    for sign in SIGNS:
        if use.letter.endswith(sign):
            return Use(use.letter.removesuffix(sign), use.labels, use.indices)
    labels = tuple(label for label in use.labels if label.text not in ESTIMATES)
    return Use(use.letter, labels, use.indices) if len(labels) < len(use.labels) else None


def _given(judge: Judge, step: Step, name: str, left: Value, right: Value) -> Solved | None:
    """What is given for a letter: other letters with such signs stand for those without them."""
    meanings, statement = judge.meanings, step.statement
    assert isinstance(left.term, Tensor)
    try:
        body = right.at(left.axes)
        names = {}
        for each in sorted(body.symbols):
            bare = _bare(meanings.spelled.get(each, Use(each)))
            if bare is not None and bare.name in meanings.slots and meanings.find(bare.name, statement.start) is None:
                names[each] = bare.name
        for own, other in ((left.term.name, name), *names.items()):
            for one, two in zip(meanings.slots.get(own, ()), meanings.slots.get(other, ()), strict=True):
                meanings.ranges.join(one, two)
    except (UnclearError, ValueError):
        return None
    body = renamed(body, names)
    if name in body.symbols or not body.free <= set(left.term.slots):
        return None
    line = judge.lines.at(statement.links[step.place].position)[0]
    text = f"{statement.sides[step.place].text} = {statement.sides[step.place + 1].text}"
    return Solved(name, left.term.slots, body, line, text, statement.start)
