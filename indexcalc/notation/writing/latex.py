"""Writing terms in the LaTeX dialect."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from indexcalc.calculus.functions import FUNCTIONS
from indexcalc.notation.latex.names import (
    spelled_function,
    spelled_index,
    spelled_name,
    upright,
)
from indexcalc.notation.latex.places import spelled_place, spelled_places
from indexcalc.notation.writing.forms import (
    Applied,
    Big,
    Chosen,
    Element,
    Form,
    Holds,
    Letter,
    Minus,
    Name,
    Numeral,
    Plus,
    Raised,
    Ratio,
    Relation,
    Slope,
    Times,
)
from indexcalc.notation.writing.layout import lay_out
from indexcalc.notation.writing.text import numeral
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Term

# How tightly a form holds together. A sum binds the product to its right: it can only be the last factor of another.
SUM, PRODUCT, LAST, FACTOR, ATOM = range(5)
STRENGTH: Final[dict[type, int]] = {
    Plus: SUM,
    Minus: PRODUCT,
    Times: PRODUCT,
    Big: LAST,
    Ratio: FACTOR,
    Raised: FACTOR,
    Holds: FACTOR,
    Chosen: FACTOR,
    Slope: FACTOR,
}
RELATIONS: Final = {"==": "=", "<": "<", "<=": r"\leq", ">": ">", ">=": r"\geq"}


def write(term: Term, sheet: Sheet, axes: Iterable[Index] = ()) -> str:
    """The LaTeX of a term, which reads back as the same term on this sheet.

    No bound index gets the letter of one of the axes: the free indices, if the term may lack some of them.
    """
    return Writer(sheet).text(lay_out(term, sheet, axes))


class Writer:
    """Spells forms with the names of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.sizes = frozenset(range.label for range in sheet.letters.values() if range.named)

    def text(self, form: Form) -> str:
        """The LaTeX of a form."""
        match form:
            case Numeral(value):
                return r"\pi" if value == math.pi else numeral(value)
            case Name(name):
                return spelled_name(name, self.sheet, 0)
            case Element():
                return self._element(form)
            case Applied():
                return self._applied(form)
            case Big():
                return self._big(form)
            case Holds(condition):
                return self._holds(condition)
            case Chosen(condition, then, otherwise):
                first = rf"{self.text(then)} & \text{{if }} {self._condition(condition)}"
                return rf"\begin{{cases}} {first} \\ {self.text(otherwise)} & \text{{otherwise}} \end{{cases}}"
            case Slope():
                return self._slope(form)
            case Raised():
                return self._raised(form)
            case Times(factors):
                return self._times(factors)
            case Ratio(numerator, denominator):
                return rf"\frac{{{self.text(numerator)}}}{{{self.text(denominator)}}}"
            case Minus(body):
                return f"-{self._within(body, PRODUCT)}"
            case Plus(terms):
                return self._sum(terms)
        raise TypeError(f"no rule for {type(form).__name__}")

    def _within(self, form: Form, least: int) -> str:
        """The LaTeX of a form, in brackets where it does not hold together enough."""
        text = self.text(form)
        return text if STRENGTH.get(type(form), ATOM) >= least else bracketed(text)

    def _sum(self, terms: tuple[Form, ...]) -> str:
        text = self._within(terms[0], PRODUCT)
        for term in terms[1:]:
            sign, shown = (" - ", term.body) if isinstance(term, Minus) else (" + ", term)
            text += sign + self._within(shown, PRODUCT)
        return text

    def _times(self, factors: tuple[Form, ...]) -> str:
        *most, last = factors
        texts = [*(self._within(factor, FACTOR) for factor in most), self._within(last, LAST)]
        text = texts[0]
        for before, after in zip(factors, texts[1:], strict=False):
            dot = after[0].isdigit() or (self._may_be_called(before) and after.startswith(r"\left("))
            text += rf" \cdot {after}" if dot else f" {after}"
        return text

    def _may_be_called(self, form: Form) -> bool:
        """Whether a reader would take a name before a bracket for a function."""
        if isinstance(form, Numeral):
            return form.value == math.pi
        return isinstance(form, Name) and form.name not in self.sheet.slots and form.name not in self.sizes

    def _element(self, form: Element) -> str:
        known = {"delta": r"\delta", "eps": r"\varepsilon" if len(form.letters) == 3 else upright("eps")}
        name = known.get(form.name) or spelled_name(form.name, self.sheet, len(form.letters))
        base, caret, label = name.partition("^")
        if "_" in base.replace(r"\_", ""):
            base, caret, label = f"{{{name}}}", "", ""
        return f"{base}_{{{spelled_places(form.letters)}}}{caret}{label}"

    def _raised(self, form: Raised) -> str:
        base, exponent = self._within(form.base, ATOM), self.text(form.exponent)
        # Letters above a name would be read as its label.
        is_label = not isinstance(form.exponent, Numeral | Minus | Ratio)
        if isinstance(form.base, Name | Element) and (is_label or "^" in base or "'" in base):
            base = bracketed(base)
        return f"{base}^{{{exponent}}}"

    def _applied(self, form: Applied) -> str:
        inside = ", ".join(self.text(argument) for argument in form.arguments)
        if form.function == "sqrt":
            return rf"\sqrt{{{inside}}}"
        known = FUNCTIONS.get(form.function)
        spelled = known.command if known else spelled_function(form.function)
        return self.sheet.notation.get(form.function, spelled) + bracketed(inside)

    def _big(self, form: Big) -> str:
        r"""A sum with its bounds where they have a name; \max and \min always with brackets; a mean is a quotient."""
        if form.kind == "mean":
            numbers = (Big("sum", (letter,), Numeral(Fraction(1))) for letter in form.letters)
            below = Times(tuple(numbers)) if len(form.letters) > 1 else next(numbers)
            return self.text(Times((Ratio(Numeral(Fraction(1)), below), Big("sum", form.letters, form.body))))
        signs = "".join(rf"\{form.kind}_{{{below}}}{above} " for below, above in self._bounds(form.letters))
        least = PRODUCT if form.kind in ("sum", "prod") and not isinstance(form.body, Minus) else ATOM + 1
        return signs + self._within(form.body, least)

    def _bounds(self, letters: tuple[Letter, ...]) -> Iterable[tuple[str, str]]:
        named = [letter for letter in letters if letter.range.named]
        for letter in named:
            size = letter.range.label
            above = size if size.isdigit() else spelled_name(size, self.sheet, 0)
            yield f"{spelled_index(letter.text)}=1", f"^{{{above}}}"
        if rest := [spelled_index(letter.text) for letter in letters if letter not in named]:
            yield ", ".join(rest), ""

    def _holds(self, condition: Relation) -> str:
        if isinstance(condition.left, str):
            return rf"\mathbb{{1}}_{{{self._condition(condition)}}}"
        return rf"\mathbf{{1}}\left[ {self._condition(condition)} \right]"

    def _condition(self, condition: Relation) -> str:
        sides = (condition.left, condition.right)
        left, right = (spelled_place(side) if isinstance(side, str) else self.text(side) for side in sides)
        return f"{left} {RELATIONS[condition.relation]} {right}"

    def _slope(self, form: Slope) -> str:
        order = len(form.variables)
        power = f"^{{{order}}}" if order > 1 else ""
        below = " ".join(rf"\partial {self.text(variable)}" for variable in form.variables)
        if isinstance(form.body, Name | Element):
            return rf"\frac{{\partial{power} {self.text(form.body)}}}{{{below}}}"
        return rf"\frac{{\partial{power}}}{{{below}}} {bracketed(self.text(form.body))}"


def bracketed(text: str) -> str:
    """A text in round brackets that grow with it."""
    return rf"\left( {text} \right)"
