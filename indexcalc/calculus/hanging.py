"""Tensors that hang on others by a fact only: given B[i,j]*S[j,k] = delta[i,k], B moves when S does.

How it moves nothing says, so a derivative by S of what B is in is refused; taken as a constant, B would give a zero, or
a sum that lacks a term. A fact that leaves a tensor free to stay where it is, such as x[i]*w[i] = 0, does not count: it
has to give an equation for each element.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from indexcalc.errors import IndexcalcError
from indexcalc.notation.writing import text
from indexcalc.sheet import Fact, Sheet
from indexcalc.terms import Tensor, Term
from indexcalc.walk import subterms


def check_hanging(sheet: Sheet, body: Term, variables: Iterable[str]) -> None:
    """Refuse to differentiate a body by variables on which a tensor in it hangs by a fact. Raises IndexcalcError.

    Variables that are asked for together move each by itself.
    """
    variables = tuple(variables)
    if not any(fact.relation == "=" for fact in sheet.facts):
        return
    used = body.symbols.union(*(sheet.made_of.get(name, ()) for name in body.symbols))
    for variable in variables:
        for name, fact in _hanging(sheet, variable).items():
            if name in used and name not in variables:
                stated = f"{text.write(fact.left, sheet)} = {text.write(fact.right, sheet)}"
                raise IndexcalcError(
                    f"{name} depends on {variable} by the fact {stated}, which does not say how it moves with it",
                    f"Define {name} by {variable}, or leave the fact out to hold {name} fixed",
                )


def _hanging(sheet: Sheet, variable: str) -> dict[str, Fact]:
    """The leaves that facts tie to a variable, directly or through others, each with its fact."""
    found: dict[str, Fact] = {}
    facts = [fact for fact in sheet.facts if fact.relation == "="]
    moved = True
    while moved:
        moved = False
        for fact in facts:
            names = fact.left.symbols | fact.right.symbols
            for name in sorted(names & sheet.leaves.keys() - found.keys() - {variable, "pi"}):
                others = [each for each in names if each != name and not sheet.depends((each,), name)]
                if _moves(sheet, others, variable, found) and _is_determined(name, fact):
                    found[name] = fact
                    moved = True
    return found


def _moves(sheet: Sheet, names: list[str], variable: str, found: dict[str, Fact]) -> bool:
    return any(sheet.depends(names, each) for each in (variable, *found))


def _is_determined(name: str, fact: Fact) -> bool:
    """Whether a fact has an equation for each element of a tensor, going by the ranges of its free indices."""
    equations = Counter(index.range for index in fact.left.free | fact.right.free)
    for side in (fact.left, fact.right):
        for each in subterms(side):
            if isinstance(each, Tensor) and each.name == name:
                elements = Counter(slot.range for slot in each.slots if slot.place is None)
                if elements <= equations:
                    return True
    return False
