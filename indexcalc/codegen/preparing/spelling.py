"""Give the bound indices of a term the letters under which it is printed, so that code and formula agree."""

from __future__ import annotations

from indexcalc.notation.writing.letters import Letters, Scope
from indexcalc.sheet import Sheet
from indexcalc.terms import Binder, Contraction, Index, Reduction, Term
from indexcalc.walk import mapped, substitute


def spelled(term: Term, sheet: Sheet, axes: tuple[Index, ...] = ()) -> Term:
    """The term with its bound indices named as the sheet would name them."""
    letters = Letters(sheet, term, axes)

    def rename(term: Term, scope: Scope) -> Term:
        if not term.height:
            return term
        if not isinstance(term, Binder):
            return mapped(term, lambda part: rename(part, scope))
        inner = letters.inside(scope, term)
        renaming = {index: Index(inner.letter(index), index.range) for index in term.bound}
        visible = {renaming.get(index, index): letter for index, letter in inner.letters.items()}
        body = rename(substitute(term.body, renaming), Scope(visible, inner.taken))
        if isinstance(term, Reduction):
            return Reduction(term.kind, renaming.values(), body)
        return Contraction(renaming.values(), body)

    return rename(term, letters.outermost(term))
