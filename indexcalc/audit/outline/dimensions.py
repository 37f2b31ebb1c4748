"""The shapes that the prose tells, put into the ledger; and what it says of matrices that it names before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

from indexcalc.audit.outline.statements import Statement
from indexcalc.context.dimensions import Sizes, convention, dimensions, lengths
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import SHOWN, STATED
from indexcalc.context.names import Use, letter_of
from indexcalc.context.said import is_cone, size_of_formula, sizes_in
from indexcalc.context.sentences import Sentence
from indexcalc.context.told import Told
from indexcalc.notation.formula import (
    Bracket,
    Formula,
    Name,
    Numeral,
    Opaque,
    Product,
    Scripted,
    Sequence,
    Signed,
    walk,
)

if TYPE_CHECKING:
    from indexcalc.audit.outline.prose import Prose

ByFormula = dict[int, list[Statement]]
EXAMPLE = re.compile(r"\b(?:suppose|imagine|for (?:example|instance)|e\.g\.|consider|illustrate)", re.IGNORECASE)
# The values that elements may have, as facts.
VALUES = {("0", "1"): "binary", ("-1", "1"): "sign", ("1", "-1"): "sign", ("pm1",): "sign"}
DEFINITE = frozenset(("\\succ", "\\succeq", "\\succcurlyeq", "\\prec", "\\preceq", "\\preccurlyeq", "≻", "⪰", "≺", "⪯"))
NEAR = 3  # sentences in which the matrices stand of which a sentence speaks without naming them


def tell_dimensions(prose: Prose, by_formula: ByFormula, known: Knowledge) -> None:
    """Put what the sentences say of shapes into the ledger, and gather facts and conventions."""
    for statement in (one for many in by_formula.values() for one in many):
        _tell_formulas(statement, prose, known)
    sizes = _sizes(by_formula)
    for number, sentence in enumerate(prose.sentences):
        for each in dimensions(sentence, sizes):
            if each.trait == "fact of all":
                some = prose.sentences[max(0, number - NEAR) : number + 1]
                near = [formula for one in some for formula in one.formulas]
                for name in _capitals(near, by_formula):
                    prose.fact(name, str(each.value), each.place, each.words)
            elif not (each.trait == "shape" and _is_example(each, sentence, by_formula, known)):
                _take(each, prose, by_formula, known)
        for each, formula in lengths(sentence):
            size = next((size_of_formula(one.sides[0].formula) for one in by_formula.get(formula, ())), "")
            if size:
                _take(each, prose, by_formula, known, (size,) * int(str(each.value)))
        found = convention(sentence)
        if found:
            prose.conventions.append((sentence.start, found))


def _is_example(each: Told, sentence: Sentence, by_formula: ByFormula, known: Knowledge) -> bool:
    """Whether a sentence takes a matrix of some size, written in digits, for one that is defined before it."""
    if not EXAMPLE.search(sentence.text) or not isinstance(each.value, tuple) or not all(map(str.isdigit, each.value)):
        return False
    names = {use.name for use in _names(each, by_formula, known)}
    every = (one for many in by_formula.values() for one in many)
    lefts = (one.sides[0].formula for one in every if one.links and one.start < each.place)
    return any((use := _name(left, known)) is not None and use.name in names for left in lefts)


def _tell_formulas(statement: Statement, prose: Prose, known: Knowledge) -> None:
    r"""What formulas say of matrices beside their shapes: \mathcal{N}(\mu, \Sigma), M \in \{0, 1\}^{m \times n}."""
    for side in statement.sides:
        for inside in map(_of_normal, walk(side.formula)):
            if inside is not None and len(inside) > 1:
                mean, covariance = (_name(each, known) for each in inside[-2:])
                if covariance is not None and covariance.letter[:1].isupper():
                    why = "it is the covariance of a normal distribution"
                    axes = max(0, 2 - known.count(covariance.name))
                    known.believe(covariance.name, axes, SHOWN, statement.start, why)
                    prose.fact(covariance.name, "symmetric", statement.start, side.text)
                    drawn = [mean, *(_name(one, known) for one in inside[:-2])]
                    if statement.links and statement.links[0].text in ("\\sim", "∼", "~"):
                        drawn.append(_name(statement.sides[0].formula, known))
                    for vector in drawn:
                        if vector is not None and not vector.indices:
                            axes = max(0, 1 - known.count(vector.name))
                            known.believe(vector.name, axes, SHOWN, statement.start, "it is normally distributed")
    _tell_definite(statement, prose, known)
    if len(statement.sides) == 2 and statement.links[0].text in ("\\in", "∈"):
        space = statement.sides[1].formula
        bracket = space.base if isinstance(space, Scripted) else space
        values = bracket.body if isinstance(bracket, Bracket) else None
        items = values.items if isinstance(values, Sequence) else (values,) if values is not None else ()
        fact = VALUES.get(tuple(map(_number, items)))
        if fact is not None:
            first = statement.sides[0].formula
            for item in first.items if isinstance(first, Sequence) else (first,):
                use = _name(item, known)
                if use is not None:
                    prose.fact(use.name, fact, statement.start, statement.sides[1].text)


def _tell_definite(statement: Statement, prose: Prose, known: Knowledge) -> None:
    r"""Matrices that are said to be definite, and so are symmetric: S \succ 0, S \in \mathbb{S}^n_{++}."""
    for link, (first, second) in zip(statement.links, pairwise(statement.sides), strict=True):
        is_zero = _number(second.formula) == "0" or _is_zero_matrix(second.formula)
        if not (link.text in DEFINITE and is_zero) and not (link.text in ("\\in", "∈") and is_cone(second.formula)):
            continue
        items = first.formula.items if isinstance(first.formula, Sequence) else (first.formula,)
        for use in filter(None, (_name(item, known) for item in items)):
            if known.axes(use.name, statement.start) == 2 or use.letter[:1].isupper():
                axes = max(0, 2 - known.count(use.name))
                known.believe(use.name, axes, SHOWN, statement.start, "it is said to be definite")
                prose.fact(use.name, "symmetric", statement.start, first.text + link.text + second.text)


def _is_zero_matrix(formula: Formula) -> bool:
    return isinstance(formula, Name) and formula.letter in ("0", "O") and formula.font == "bold"


def _number(formula: Formula) -> str:
    """A number with its sign, as the table has it."""
    if isinstance(formula, Signed):
        return f"{formula.sign}{_number(formula.body)}"
    return formula.text if isinstance(formula, Numeral) else "?"


def _of_normal(formula: Formula) -> tuple[Formula, ...] | None:
    r"""What stands in the brackets of \mathcal{N}(x | \mu, \Sigma); none for anything else."""
    inside: Formula | None = None
    match formula:
        case Product(factors):
            for (_, first), (_, second) in pairwise(factors):
                if isinstance(first, Name) and first.letter == "N" and first.font == "cal":
                    inside = second
        case Opaque("N", parts) if parts:
            inside = parts[-1]
    body = inside.body if isinstance(inside, Bracket) else None
    return body.items if isinstance(body, Sequence) else None


def _name(formula: Formula, known: Knowledge) -> Use | None:
    use = known.use(formula) if isinstance(formula, Name | Scripted) else None
    return use if use is not None and use.power is None and not use.transposed else None


def _sizes(by_formula: ByFormula) -> Sizes:
    r"""The formulas that are nothing but sizes: n \times p."""
    found = {}
    for number, each in by_formula.items():
        formula = each[0].sides[0].formula if len(each) == 1 and not each[0].links else None
        if isinstance(formula, Product) and all(operator in ("", "cross") for operator, _ in formula.factors):
            sizes = sizes_in(formula)
            if all(sizes):
                found[number] = sizes
    return found


def _take(each: Told, prose: Prose, by_formula: ByFormula, known: Knowledge, sizes: tuple[str, ...] = ()) -> None:
    for use in _names(each, by_formula, known):
        if each.trait == "fact":
            prose.fact(use.name, str(each.value), each.place, each.words)
            continue
        told = sizes or (tuple(map(str, each.value)) if isinstance(each.value, tuple) else ())
        why = f"the text says so: {each.words}"
        shape = known.flat(use.name, told, each.place, why)
        axes = len(shape) if told else int(str(each.value))
        own = axes if use.indices else max(0, axes - known.count(use.name))
        known.believe(use.name, own, STATED, each.place, why)
        if shape:
            known.tell_shape(use.name, shape, each.place, why)
            known.letters.sizes |= {size for size in shape if not size.isdigit()}


def _names(each: Told, by_formula: ByFormula, known: Knowledge) -> list[Use]:
    statements = (statement for number in each.formulas for statement in by_formula.get(number, ()))
    if each.trait == "shape" and len(each.formulas) > 1:  # X \in R^n says by itself where X is
        statements = (statement for statement in statements if not statement.links)
    return names_said(statements, known)


def names_said(statements: Iterable[Statement], known: Knowledge) -> list[Use]:
    """The names with which statements begin, one or a list of them, that words may speak of."""
    found = []
    for statement in statements:
        first = statement.sides[0].formula
        for item in first.items if isinstance(first, Sequence) else (first,):
            use = known.use(item) if isinstance(item, Name | Scripted) else None
            if use is not None and use.power is None and not use.transposed:
                found.append(use)
    return found


def spoken_of(formulas: tuple[int, ...], by_formula: ByFormula, is_axes: bool) -> tuple[int, ...]:
    r"""The formulas of a list that its words speak of: of a matrix $P$ and $V = x^\top P x$ the first alone.

    is_axes: whether it is said how many axes they have, which z \in \mathbb{R}^n says by itself.
    """
    equal = {
        number
        for number in formulas
        for each in by_formula.get(number, ())
        if any(is_axes or link.kind in ("equality", "definition") for link in each.links)
    }
    if not formulas or formulas[0] in equal:
        return formulas
    return tuple(number for number in formulas if number not in equal)


def _capitals(numbers: list[int], by_formula: ByFormula) -> list[str]:
    """The capital letters in formulas."""
    formulas = (side.formula for number in numbers for each in by_formula.get(number, ()) for side in each.sides)
    names = (each for formula in formulas for each in walk(formula) if isinstance(each, Name))
    return list(dict.fromkeys(letter_of(each) for each in names if each.letter[:1].isupper() and each.font != "cal"))
