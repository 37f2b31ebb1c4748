"""Places in print: affine forms of letters, and elements at shifted places for their sums.

sum[p](x[p] * (p == i+1)) is written x[i+1] where that reads back as the same: the place exists whatever the letters
are, or the sheet says that 0 stands outside. Elsewhere the equation is written: sum[p](x[p]*delta[p,i+1]).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from indexcalc.affine import Form, constant, of_count, of_index, size_form
from indexcalc.sheet import Sheet
from indexcalc.terms import (
    NO_PERIOD,
    ONE,
    Constraint,
    Contraction,
    Index,
    Power,
    Product,
    Range,
    Tensor,
    Term,
    factors_of,
)

Letter = Callable[[Index], str]


def first_of(range: Range) -> Form:
    """What the text calls the first place of a range."""
    return constant(1) if range.first is None else of_count(range.first)


def values(form: Form) -> Form:
    """A form of positions in the values that the text gives the letters."""
    for index, times in form.letters:
        form = form - (first_of(index.range) - constant(1)).times(times)
    return form


def affine_text(form: Form, letter: Letter) -> str:
    """A form as text."""
    parts = [(letter(index), times) for index, times in form.letters]
    parts += [(size_text(range), times) for range, times in form.sizes]
    parts.sort(key=lambda part: part[1] < 0)
    text = ""
    for word, times in parts:
        sign = "-" if times < 0 else "+" if text else ""
        text += sign + (word if abs(times) == 1 else f"{abs(times)}*{word}")
    if not text:
        return str(form.constant)
    return f"{text}{form.constant:+d}" if form.constant else text


def size_text(range: Range) -> str:
    """The size of a range as it is named in a place; one without a name gets one that is no letter."""
    if range.named and range.label.isidentifier():
        return range.label
    return "n_" + re.sub(r"\W+", "_", range.label).strip("_")


def place_text(form: Form, axis: Range, letter: Letter) -> str:
    """The place of an axis that a form of positions is, as text."""
    return affine_text(values(form) + first_of(axis) - constant(1), letter)


def equation_sides(term: Constraint, letter: Letter) -> tuple[str, str]:
    """The sides of an equation between places, one letter on the left where that can be."""
    form = term.form
    alone = next((pair for pair in form.letters if abs(pair[1]) == 1), None)
    if alone is None:
        left = Form(tuple(pair for pair in form.letters if pair[1] > 0), (), 0)
        right = (form - left).times(-1)
    else:
        left = of_index(alone[0])
        right = form.without(alone[0]).times(-alone[1])
    shift = values(left) - left
    texts = affine_text(left, letter), affine_text(values(right) - shift, letter)
    if term.period == NO_PERIOD:
        return texts
    period = affine_text(term.period, letter)
    first, second = (text if text.isalnum() else f"({text})" for text in texts)
    # Only a letter that runs to the period is equal to a place that counts modulo it.
    runs_to_it = len(left.letters) == 1 and size_form(left.letters[0][0].range) == term.period
    return texts[0] if runs_to_it and not shift.letters and not shift.constant else f"{first} mod {period}", (
        f"{second} mod {period}"
    )


def inequality_sides(term: Constraint, letter: Letter) -> tuple[str, str]:
    """left <= right for a form that is not below 0."""
    form = values(term.form)
    letters = tuple((index, -times) for index, times in form.letters if times < 0)
    left = Form(letters, (), 0)
    return affine_text(left, letter), affine_text(form + left, letter)


def shown_places(term: Contraction, sheet: Sheet) -> tuple[Mapping[Index, Form], Term]:
    """The indices that are written as places, and the rest of the sum, in which they are free."""
    found: dict[Index, Form] = {}
    bound, factors = list(term.bound), list(factors_of(term.body))
    while True:
        chosen = next(_candidates(bound, factors, sheet), None)
        if chosen is None:
            break
        index, value, equation = chosen
        bound.remove(index)
        factors.remove(equation)
        found = {other: form.put({index: value}) for other, form in found.items()}
        found[index] = value
        factors = [
            Constraint(each.relation, each.form.put({index: value}), each.period)
            if isinstance(each, Constraint) and index in each.free
            else each
            for each in factors
        ]
        factors = [each for each in factors if each is not ONE]
    return found, Contraction([each for each in bound if any(each in f.free for f in factors)], Product(*factors))


def _candidates(bound: list[Index], factors: list[Term], sheet: Sheet) -> Iterator[tuple[Index, Form, Term]]:
    for equation in factors:
        if not isinstance(equation, Constraint) or equation.relation != "==" or equation.period != NO_PERIOD:
            continue
        for index, times in equation.form.letters:
            if index not in bound or abs(times) != 1:
                continue
            value = equation.form.without(index).times(-times)
            inside = [each for each in factors if each is not equation and index in each.free]
            if inside and _reads_back(index, value, inside, sheet):
                yield index, value, equation


def _reads_back(index: Index, value: Form, inside: list[Term], sheet: Sheet) -> bool:
    if any(isinstance(each, Constraint) and each.period != NO_PERIOD for each in inside):
        return False
    exists = (value - constant(1)).is_positive() and (size_form(index.range) - value).is_positive()
    if exists:
        return True
    bases = [each.base if isinstance(each, Power) else each for each in inside]
    return any(isinstance(each, Tensor) and sheet.outside.get(each.name) == 0 for each in bases)
