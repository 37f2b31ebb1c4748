r"""Orthonormal bases: \mathbf{e}_i \cdot \mathbf{e}_j = \delta_{ij}, \mathbf{v} = v_i \mathbf{e}_i.

What holds of vectors and tensors does not hang on the basis: it is read in this one, where e_i has the elements
\delta_{ij}.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.names import Use
from indexcalc.context.said import Said
from indexcalc.notation.formula import Big, Bracket, Formula, Name, Product, Scripted, Table, walk


def find_bases(said: list[Said], known: Knowledge) -> None:
    """Note the names of the vectors of bases."""
    for each in said:
        for left, right in zip(each.sides, each.sides[1:], strict=False):
            for one, other in ((left, right), (right, left)):
                name = _orthonormal(one, other, known) or _spanning(one, other, known)
                if name:
                    known.bases.add(name.removesuffix("_each"))
        for side in each.sides if known.space else ():
            for part in walk(side):
                name = _in_determinant(part, known) if isinstance(part, Table) else _marked(part, known)
                if name:
                    known.bases.add(name.removesuffix("_each"))


def _in_determinant(table: Table, known: Knowledge) -> str:
    r"""The name e where the first row of a determinant is e_1, e_2, e_3."""
    return _placed(table.rows[0], known, 3) if table.mark == "|" and len(table.rows) == 3 else ""


def _marked(formula: Formula, known: Knowledge) -> str:
    r"""The name e, if it is bold or under a hat and has one index: \mathbf{e}_i, \hat{e}_x."""
    use = known.use(formula) if isinstance(formula, Scripted) else None
    if use is None or not isinstance(formula, Scripted) or not isinstance(formula.base, Name):
        return ""
    base = formula.base
    is_marked = base.letter == "e" and (base.font == "bold" or not {"hat", "vec"}.isdisjoint(base.accents))
    return use.name if is_marked and len(use.indices) == 1 and use.power is None else ""


def _placed(row: Sequence[Formula], known: Knowledge, count: int) -> str:
    """The name of which the first elements stand in a row, in their order."""
    uses = [known.use(each) if isinstance(each, Scripted) else None for each in row]
    names = {use.name if use is not None and use.power is None else "" for use in uses}
    places = [item.text for use in uses if use is not None for item in use.indices if item.kind == "place"]
    return names.pop() if len(names) == 1 and places == ["1", "2", "3"][:count] else ""


def is_gram(formula: Formula) -> bool:
    r"""Whether a formula is a product of one letter with itself at other indices, as in \delta_{ij} = e_i \cdot e_j."""
    factors = [_bare(factor) for _, factor in formula.factors] if isinstance(formula, Product) else []
    if len(factors) != 2 or not all(isinstance(each, Scripted) and isinstance(each.base, Name) for each in factors):
        return False
    first, second = factors
    assert isinstance(first, Scripted)
    assert isinstance(second, Scripted)
    return isinstance(first.base, Name) and isinstance(second.base, Name) and first.base.letter == second.base.letter


def _orthonormal(one: Formula, other: Formula, known: Knowledge) -> str:
    r"""The name in e_i \cdot e_j = \delta_{ij}."""
    factors = _uses(one, known)
    symbol = known.use(other) if isinstance(other, Scripted) else None
    if len(factors) != 2 or symbol is None or symbol.letter != "delta" or factors[0].name != factors[1].name:
        return ""
    letters = [_letter(use) for use in factors]
    return factors[0].name if "" not in letters and sorted(letters) == sorted(_letters(symbol)) else ""


def _spanning(one: Formula, other: Formula, known: Knowledge) -> str:
    r"""The name e in v = v_i e_i."""
    whole = known.use(one) if isinstance(one, Name | Scripted) else None
    factors = _uses(other.body if isinstance(other, Big) and other.sign == "sum" else other, known)
    if whole is None or whole.indices or whole.power is not None or len(factors) != 2:
        return ""
    plain = whole.letter.removesuffix("_vec")
    for element, vector in (factors, factors[::-1]):
        if element.letter.partition("_")[0] == plain != vector.letter.partition("_")[0] and _letter(element):
            if _letter(element) == _letter(vector):
                return vector.name
    return ""


def _uses(formula: Formula | None, known: Knowledge) -> list[Use]:
    """The names that are multiplied; none if anything else is."""
    factors = [_bare(factor) for _, factor in formula.factors] if isinstance(formula, Product) else []
    found = [known.use(factor) if isinstance(factor, Name | Scripted) else None for factor in factors]
    return [use for use in found if use is not None] if None not in found else []


def _bare(formula: Formula) -> Formula:
    return formula.body if isinstance(formula, Bracket) else formula


def _letters(use: Use) -> list[str]:
    return [item.text for item in use.indices if item.kind == "letter"]


def _letter(use: Use) -> str:
    """The only index of a name."""
    letters = _letters(use)
    return letters[0] if len(letters) == len(use.indices) == 1 and not use.labels and not use.primes else ""
