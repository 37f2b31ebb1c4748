"""The double dot: A : B is the sum of A_ij B_ij, to most; to some it is that of A_ij B_ji."""

from __future__ import annotations

from indexcalc.notation.formula import Bracket, Formula, Mark, Product, Scripted, changed


def with_crossed_dots(formula: Formula) -> Formula:
    """The formula with what stands behind a double dot transposed; the same object where there is none."""
    result = changed(formula, with_crossed_dots)
    if isinstance(result, Product):
        places = [place for place, (operator, _) in enumerate(result.factors) if operator == "colon"]
        if len(places) == 1 and places[0] > 0:
            before, behind = result.factors[: places[0]], result.factors[places[0] :]
            rest = Product((("", behind[0][1]), *behind[1:])) if len(behind) > 1 else behind[0][1]
            other = Scripted(Bracket("(", rest), None, Mark("transposed"), 0)
            return Product((*before, ("colon", other)), span=result.span)
    return formula if result == formula else result
