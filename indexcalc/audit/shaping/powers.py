"""Steps with powers, in a document that writes powers of the elements of matrices."""

from __future__ import annotations

from indexcalc.audit.steps import Step
from indexcalc.context.knowledge import ELEMENTWISE, Knowledge
from indexcalc.meaning.tensors import is_raised
from indexcalc.notation.formula import Product, walk


def raises(step: Step) -> bool:
    """Whether a power stands in a step."""
    sides = step.statement.sides[step.place : step.place + 2]
    return any(is_raised(part) for side in sides for part in walk(side.formula))


def _stands_beside_elements(step: Step) -> bool:
    r"""Whether a power stands in a factor of a product that is taken element by element: G \odot (1 - Y^2)."""
    sides = step.statement.sides[step.place : step.place + 2]
    for part in (part for side in sides for part in walk(side.formula)):
        if isinstance(part, Product) and any(operator == "hadamard" for operator, _ in part.factors):
            if any(is_raised(each) for each in walk(part)):
                return True
    return False


def open_powers(step: Step, known: Knowledge) -> str:
    """Why a difference says nothing against a step with powers; empty if the document leaves nothing open of them."""
    if not raises(step) or not (known.has("", ELEMENTWISE) or _stands_beside_elements(step)):
        return ""
    return "nothing says for sure whether powers of matrices are meant element by element"
