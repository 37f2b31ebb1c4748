r"""Derivatives in LaTeX.

    \frac{\partial a}{\partial z}     \partial a / \partial z     \frac{\partial^2 f}{\partial x_i \partial x_j}
    \frac{\partial}{\partial z} a     \frac{\mathrm{d} a}{\mathrm{d} z}     \frac{da}{dz}, if no d is known

The operator form acts on the bracket, or on the only factor, that follows. On what it acts of several is not guessed,
but in a document: there it is all of the product, and behind a bracket that is a second reading (see checking.py).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from lark import Token, Tree

from indexcalc.notation.latex.fields import REMEDY as COORDINATES
from indexcalc.notation.latex.fields import NoGradient, gradient
from indexcalc.notation.latex.rates import REMEDY, TIME, NoRate, rate
from indexcalc.notation.latex.scripts import Namer, token
from indexcalc.notation.latex.scripts import node as make
from indexcalc.notation.latex.words import IndexWord, items_of
from indexcalc.notation.syntax.places import Syntax, kind
from indexcalc.notation.syntax.usage import BEYOND, NOT_GUESSED

HIGHEST_ORDER = 9
Parts: TypeAlias = "Sequence[Syntax | Token]"


@dataclass(frozen=True)
class Quotient:
    r"""What stands above and below the line of a derivative, each after its first sign of differentiation."""

    order: int
    body: Parts
    variables: list[Syntax]
    power: int = 1  # of the variable: \frac{\partial L}{\partial \sigma^2} is of order 1


class Derivatives(Namer):
    """Translates derivatives."""

    @abstractmethod
    def expression(self, tree: Syntax) -> Syntax:
        """The shared tree of an expression."""

    @abstractmethod
    def product(self, parts: Parts, at: Syntax) -> Syntax:
        """The product of some factors."""

    @abstractmethod
    def unit(self, parts: Parts, place: int) -> tuple[Syntax, int]:
        """The factor that begins at a place, and where it ends."""

    def derivative_at(self, parts: Parts, place: int) -> tuple[Syntax, int] | None:
        """The derivative that begins at a place of a product, and where it ends; none if none begins there."""
        part = parts[place]
        assert isinstance(part, Tree)
        indices = self._coordinates(part)
        if indices:
            return self._gradient(parts, place, indices)
        if kind(part) == "fraction":
            _, above, below = part.children
            assert isinstance(above, Tree) and isinstance(below, Tree)
            quotient = self._quotient_of(_parts(above), _parts(below), part)
            end = place + 1
        else:
            end = self._end_of_line(parts, place)
            quotient = self._inline(parts, place, end, part) if end else None
        if quotient is None:
            return None
        if quotient.body:
            operand = self.product(quotient.body, part)
        else:
            operand, end = self._operand(parts, end, part)
        if self._are_times(quotient.variables):
            return self._rate(operand, len(quotient.variables), part), end
        if quotient.power > 1:
            return self._by_power(operand, quotient.variables[0], quotient.power, part), end
        return self._derived(operand, quotient.variables, part), end

    def _by_power(self, body: Syntax, variable: Syntax, power: int, at: Syntax) -> Syntax:
        r"""The derivative by \sigma^2: that by \sigma, over the derivative of the power."""
        number, times = make("number", [token("NUMBER", str(power), at)], at), token("TIMES", "*", at)
        less = make("number", [token("NUMBER", str(power - 1), at)], at)
        slope = make("product", [number, times, make("power", [variable, token("POWER", "^", at), less], at)], at)
        return make("product", [make("diff", [body, variable], at), token("OVER", "/", at), slope], at)

    def _coordinates(self, part: Syntax) -> list[IndexWord]:
        r"""The indices of \partial_i; only a document tells what the coordinates are."""
        if self.words.usage.reach == NOT_GUESSED or kind(part) != "scripted" or kind(_base(part)) != "partial":
            return []
        scripts = self.scripts(part.children[1:])
        return self._letters(scripts.below) if scripts.above is None else []

    def _gradient(self, parts: Parts, place: int, indices: list[IndexWord]) -> tuple[Syntax, int]:
        """The derivative of the next factor by coordinates."""
        part, following = parts[place], parts[place + 1] if place + 1 < len(parts) else None
        if not isinstance(following, Tree):
            raise self.error("the derivative has nothing to act on", "Write what is differentiated behind it", part)
        operand, end = self.unit(parts, place + 1)
        rest = next((each for each in parts[end:] if isinstance(each, Tree)), None)
        closed = kind(_base(following)) in ("bracket", "braces", "group", "partial")
        if rest is not None and kind(_base(rest)) != "partial" and not closed:
            cause = "the derivative may act on the next factor only, or on all that follow"
            raise self.error(cause, "Write brackets around what is differentiated", part, following)
        try:
            for index in indices:
                operand = gradient(operand, index, self.words)
        except NoGradient as problem:
            raise self.error(str(problem), COORDINATES, part) from None
        return operand, end

    def _are_times(self, variables: list[Syntax]) -> bool:
        """Whether something is differentiated by the time, of which its tensors are unknown functions."""
        names = {str(each.children[0]) if kind(each) == "name" else "" for each in variables}
        usage = self.words.usage
        return names == {TIME} and not self.words.knows(TIME) and not usage.moving.keys() <= set(usage.slopes)

    def _rate(self, operand: Syntax, order: int, at: Syntax) -> Syntax:
        try:
            for _ in range(order):
                operand = rate(operand, self.words)
        except NoRate as problem:
            raise self.error(str(problem), REMEDY, at) from None
        return operand

    def _derived(self, body: Syntax, variables: list[Syntax], at: Syntax) -> Syntax:
        """The derivative; a variable that is a power differentiates again, so that its letters mean the diagonal."""
        while variables and variables[0] in variables[1:]:
            body = make("diff", [body, variables[0]], at)
            variables = variables[1:]
        return make("diff", [body, *variables], at)

    def _operand(self, parts: Parts, place: int, at: Syntax) -> tuple[Syntax, int]:
        """What an operator acts on."""
        following = parts[place] if place < len(parts) else None
        if not isinstance(following, Tree):
            raise self.error("the derivative has nothing to act on", "Write what is differentiated behind it", at)
        operand, end = self.unit(parts, place)
        closed = kind(operand) == "diff" or kind(_base(following)) in ("bracket", "braces", "group")
        reach = self.words.usage.reach
        if end == len(parts) or (closed and reach != BEYOND):
            return operand, end
        if reach == NOT_GUESSED:
            cause = "the derivative may act on the next factor only, or on all that follow"
            raise self.error(cause, "Write brackets around what is differentiated", at, following)
        return self.product(parts[place:], at), len(parts)

    # ----- Quotients

    def _quotient_of(self, above: Parts, below: Parts, at: Syntax) -> Quotient | None:
        order, first = self._order(above[0]), self._order(below[0])
        plain = _is_d(above[0]) and _is_d(below[0])
        if first != 1 or order is None or (plain and self.words.knows("d")):
            return None
        variables = self._variables(below, at)
        if order == 1 and len(below) == 2 and len(variables) > 1 and kind(variables[0]) == "name":
            return Quotient(order, above[1:], variables[:1], len(variables))
        if len(variables) != order:
            cause = f"the derivative is of order {order}, but there are {len(variables)} variables below the line"
            raise self.error(cause, r"Write \frac{\partial^2 f}{\partial x_{i} \partial x_{j}}", at)
        return Quotient(order, above[1:], variables)

    def _order(self, part: Syntax | Token) -> int | None:
        r"""How often \partial or d differentiates: 2 for \partial^2; none for anything else."""
        if isinstance(part, Token):
            return None
        if kind(part) != "scripted" and (kind(part) == "partial" or _is_d(part)):
            return 1
        if kind(part) != "scripted" or not isinstance(part.children[0], Tree):
            return None
        scripts = self.scripts(part.children[1:])
        if self._order(part.children[0]) != 1 or scripts.below is not None or scripts.above is None:
            return None
        items = items_of(scripts.above)
        digits = str(items[0].children[0]) if len(items) == 1 and kind(items[0]) == "number" else ""
        if not digits.isdigit() or not 1 <= int(digits[:3]) <= HIGHEST_ORDER:
            raise self.error("the order of a derivative is a small number", r"Write \partial^{2}", part)
        return int(digits)

    def _variables(self, below: Parts, at: Syntax) -> list[Syntax]:
        """The variables, each behind its sign; one with a power stands for several."""
        found: list[Syntax] = []
        place = 0
        while place < len(below):
            sign, following = below[place], below[place + 1] if place + 1 < len(below) else None
            if self._order(sign) != 1 or not isinstance(following, Tree):
                cause = "this is no list of variables"
                raise self.error(cause, r"Write \partial before each: \partial x_{i} \partial x_{j}", at)
            found += self._repeated(self.expression(following))
            place += 2
        return found

    def _repeated(self, variable: Syntax) -> list[Syntax]:
        if kind(variable) != "power":
            return [variable]
        base, _, exponent = variable.children
        digits = str(exponent.children[0]) if isinstance(exponent, Tree) and kind(exponent) == "number" else ""
        if not isinstance(base, Tree) or not digits.isdigit() or not 1 <= int(digits[:3]) <= HIGHEST_ORDER:
            raise self.error("this is no variable", r"Write \partial x_{i}^{2} for twice the same", variable)
        return [base] * int(digits)

    # ----- On one line

    def _end_of_line(self, parts: Parts, place: int) -> int:
        r"""Where \partial a / \partial z ends; 0 if no such thing begins here."""
        if kind(_base(parts[place])) != "partial":
            return 0
        for end in range(place + 1, len(parts) - 2):
            sign, after = parts[end], parts[end + 1]
            if isinstance(sign, Token):
                is_over = sign.type.endswith("OVER") and kind(_base(after)) == "partial"
                return self._end_of_variables(parts, end + 1) if is_over else 0
        return 0

    def _end_of_variables(self, parts: Parts, place: int) -> int:
        while place + 1 < len(parts) and kind(_base(parts[place])) == "partial":
            place += 2
        return place

    def _inline(self, parts: Parts, place: int, end: int, at: Syntax) -> Quotient | None:
        over = next(n for n in range(place, end) if isinstance(parts[n], Token))
        return self._quotient_of(parts[place:over], parts[over + 1 : end], at)


def _parts(tree: Syntax) -> Parts:
    return tree.children if kind(tree) == "product" else [tree]


def _base(part: Syntax | Token) -> Syntax:
    """What scripts stand at."""
    if isinstance(part, Token):
        return Tree("token", [part])
    inner = part.children[0] if kind(part) == "scripted" else part
    return inner if isinstance(inner, Tree) else part


def _is_d(part: Syntax | Token) -> bool:
    """Whether this is a d, or a d with something above it."""
    scripts = part.children[1:] if isinstance(part, Tree) and kind(part) == "scripted" else []
    base = _base(part)
    is_below = any(isinstance(script, Tree) and kind(script) == "below" for script in scripts)
    return kind(base) == "name" and str(base.children[0]) == "d" and not is_below
