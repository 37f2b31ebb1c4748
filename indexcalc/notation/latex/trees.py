r"""From the tree of what is written in LaTeX to the tree that both dialects share (see grammars/expression.lark).

Decided here: what is a call and what a product with a bracket, to what \frac{\partial}{\partial x} is applied, which
brackets are indicators, over what a \sum runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeGuard

from lark import Token, Tree

from indexcalc.notation.latex.cases import chosen, comparisons, relation
from indexcalc.notation.latex.derivatives import Parts
from indexcalc.notation.latex.functions import VECTORS, Functions, bracket_of, with_its_call
from indexcalc.notation.latex.scripts import Scripts, token
from indexcalc.notation.latex.scripts import node as make
from indexcalc.notation.latex.words import base_name, items_of
from indexcalc.notation.lowering.survey import DEPTH
from indexcalc.notation.syntax.places import NAMES, Syntax, kind


class Translation(Functions):
    """Translates the trees of one text."""

    depth = 0

    def expression(self, tree: Syntax) -> Syntax:
        """The shared tree of an expression."""
        rule = _RULES.get(kind(tree))
        if rule is None:
            raise self.error(*_MISPLACED.get(kind(tree), VECTORS), tree)
        self.depth += 1
        if self.depth > 2 * DEPTH:
            raise self.error("the formula nests too deep", "Split it into definitions", tree)
        result = rule(self, tree)
        self.depth -= 1
        return result

    # ----- Arithmetic

    def _sum(self, tree: Syntax) -> Syntax:
        parts = [
            token(_sign(each), str(each), each) if isinstance(each, Token) else self.expression(each)
            for each in tree.children
        ]
        return make("sum", parts, tree)

    def _negative(self, tree: Syntax) -> Syntax:
        *signs, factor = tree.children
        assert isinstance(factor, Tree)
        return make("negative", [*(token("MINUS", "-", sign) for sign in signs), self.expression(factor)], tree)

    def _number(self, tree: Syntax) -> Syntax:
        return make("number", [token("NUMBER", str(tree.children[0]), tree)], tree)

    def _product(self, tree: Syntax) -> Syntax:
        return self.product(tree.children, tree)

    def product(self, parts: Parts, at: Syntax) -> Syntax:
        """The product of some factors with the signs between them."""
        found: list[Syntax | Token] = []
        place = 0
        parts = self._joined(parts)
        while place < len(parts):
            part = parts[place]
            if isinstance(part, Token):
                found.append(self._sign_between(part))
                place += 1
                continue
            factor, place = self.unit(parts, place)
            if kind(part) == "fraction" and kind(factor) == "product" and not _divides(found):
                found += self._spliced(factor, found, parts[place : place + 1])
            else:
                found.append(factor)
        if len(found) == 1 and isinstance(found[0], Tree):
            return found[0]
        return make("product", found, at)

    def _joined(self, parts: Parts) -> Parts:
        """Letters side by side made one name where only that is known: CE, if neither C nor E is."""
        found: list[Syntax | Token] = []
        run: list[Syntax] = []
        for part in (*parts, None):
            if _is_letter(part) and (not run or run[-1].meta.end_pos == part.meta.start_pos):
                run.append(part)
                continue
            name = "".join(str(letter.children[0]) for letter in run)
            is_name = len(run) > 1 and self.words.knows(name) and not all(map(self.words.knows, name))
            found += [make("name", [token("LETTER", name, run[0])], run[0])] if is_name else run
            run = [part] if _is_letter(part) else []
            found += [] if part is None or run else [part]
        return found

    def _spliced(self, quotient: Syntax, before: Parts, after: Parts) -> Parts:
        """The factors of a quotient with signs of multiplication on both sides, as if all stood on one line."""
        times = token("TIMES", "*", quotient)
        first = [times] if before and isinstance(before[-1], Tree) else []
        last = [times] if after and isinstance(after[0], Tree) else []
        return [*first, *quotient.children, *last]

    def _sign_between(self, sign: Token) -> Token:
        if sign.type.endswith("HADAMARD"):
            raise self.error(*VECTORS, sign)
        if sign.type.endswith("MODULO"):
            raise self.error("mod stands in a place only", "Write x_{(i+1) \\bmod n}", sign)
        return token("OVER" if sign.type.endswith("OVER") else "TIMES", str(sign), sign)

    def unit(self, parts: Parts, place: int) -> tuple[Syntax, int]:
        """The factor that begins at a place, with the bracket or the operand that belongs to it; and where it ends."""
        part = parts[place]
        assert isinstance(part, Tree)
        if kind(part) == "negative":
            *signs, inner = part.children
            factor, end = self.unit([inner, *parts[place + 1 :]], 0)
            return make("negative", [*(token("MINUS", "-", sign) for sign in signs), factor], part), place + end
        after = parts[place + 1] if place + 1 < len(parts) else None
        beside = after if isinstance(after, Tree) else None
        derivative = self.derivative_at(parts, place)
        if derivative is not None:
            return derivative
        if _is_one(part) and beside is not None and _compares(beside):
            return self._indicator(beside, beside), place + 2
        name = base_name(part) if kind(part) in NAMES else None
        if name is not None and beside is not None and bracket_of(beside) is not None:
            call = self.called(name, part, beside)
            if call is not None:
                return call, place + 2
        wider = with_its_call(part, beside, self.words)
        if wider is not None:
            return self.expression(wider), place + 2
        self._check_bare(part, beside)
        return self.expression(part), place + 1

    def _check_bare(self, part: Syntax, beside: Syntax | None) -> None:
        r"""\sin 2 x and \exp t x: how far the function reaches cannot be seen."""
        if kind(part) != "applied" or beside is None:
            return
        argument = part.children[-1]
        if isinstance(argument, Tree) and kind(argument) in ("number", *NAMES):
            cause = f"{part.children[0]} may reach over one factor or over both"
            raise self.error(cause, "Write brackets around its argument", part, beside)

    # ----- Scripts and brackets

    def _name(self, tree: Syntax) -> Syntax:
        return self._with_scripts(tree, ())

    def _scripted(self, tree: Syntax) -> Syntax:
        base = tree.children[0]
        assert isinstance(base, Tree)
        return self._with_scripts(base, tree.children[1:])

    def _with_scripts(self, base: Syntax, parts: Sequence[Syntax | Token]) -> Syntax:
        while kind(base) == "group" and isinstance(base.children[0], Tree) and kind(base.children[0]) in NAMES:
            base = base.children[0]
        inner = base.children[-1]
        whole = self._bare(base) in self.words.spelled
        if not whole and kind(base) in ("accent", "font") and isinstance(inner, Tree) and kind(inner) == "scripted":
            bare, *own = inner.children
            return self._with_scripts(make(kind(base), [base.children[0], bare], base), [*own, *parts])
        scripts = self.scripts(parts)
        name = base_name(base) if kind(base) in NAMES else None
        if name is None and not whole:
            return self._script_on_other(base, scripts)
        if name == "e" and scripts.above is not None and scripts.below is None and not self.words.knows("e"):
            argument = self._exponent(scripts.above)
            return make("call", [token("CALLED", "exp", base), argument], base)
        found, power = self.named(base, scripts)
        return self.raised(found, power)

    def _script_on_other(self, base: Syntax, scripts: Scripts) -> Syntax:
        if scripts.below is not None and _is_one(base) and _compares(scripts.below):
            return self.raised(self._indicator(scripts.below, base), scripts.above)
        if kind(base) != "partial" and (scripts.below is not None or scripts.primes):
            raise self.error(*VECTORS, scripts.below or base)
        return self.raised(self.expression(base), scripts.above)

    def _group(self, tree: Syntax) -> Syntax:
        inner = tree.children[0]
        assert isinstance(inner, Tree)
        return self.expression(inner)

    def _bracket(self, tree: Syntax) -> Syntax:
        items = items_of(tree)
        if _compares(tree) and kind(tree) == "braces":
            return self._indicator(tree, tree)
        if len(items) > 1:
            cause, remedy = "a comma stands in a bracket that belongs to no function", "Remove it, or name the function"
            raise self.error(cause, remedy, tree)
        return self.expression(items[0])

    def _font(self, tree: Syntax) -> Syntax:
        inner = tree.children[-1]
        if base_name(tree) is None and not (isinstance(inner, Tree) and kind(inner) == "scripted"):
            raise self.error(*VECTORS, tree)
        return self._name(tree)

    def _indicator(self, brackets: Syntax, at: Syntax) -> Syntax:
        """The product of the indicators of some comparisons."""
        one = token("NUMBER", "1", at)
        factors = [
            make("indicator", [one, relation(self, *pair)], at)
            for item in items_of(brackets)
            for pair in comparisons(self, item)
        ]
        return factors[0] if len(factors) == 1 else make("product", factors, at)

    # ----- Other forms

    def _fraction(self, tree: Syntax) -> Syntax:
        derivative = self.derivative_at([tree], 0)
        if derivative is not None:
            return derivative[0]
        sign, above, below = tree.children
        assert isinstance(above, Tree) and isinstance(below, Tree)
        return self._quotient(self.expression(above), self.expression(below), sign, tree)

    def _quotient(self, above: Syntax, below: Syntax, sign: Syntax | Token, at: Syntax) -> Syntax:
        """One product, so that sums are implied over both lines."""
        top = above.children if kind(above) == "product" else [above]
        return make("product", [*top, token("OVER", "/", sign), below], at)

    def _root(self, tree: Syntax) -> Syntax:
        sign, *degree, radicand = tree.children
        assert isinstance(radicand, Tree)
        inner = self.expression(radicand)
        if not degree:
            return make("call", [token("CALLED", "sqrt", sign), inner], tree)
        assert isinstance(degree[0], Tree)
        one = make("number", [token("NUMBER", "1", sign)], sign)
        inverse = self._quotient(one, self.expression(degree[0]), sign, tree)
        return make("power", [inner, token("POWER", "^", sign), inverse], tree)

    def _absolute(self, tree: Syntax) -> Syntax:
        inner = tree.children[0]
        assert isinstance(inner, Tree)
        return make("call", [token("CALLED", "abs", tree), self.expression(inner)], tree)

    def _cases(self, tree: Syntax) -> Syntax:
        return chosen(self, tree)

    def _big(self, tree: Syntax) -> Syntax:
        return self.reduction(tree)


def _is_letter(part: Syntax | Token | None) -> TypeGuard[Syntax]:
    return isinstance(part, Tree) and kind(part) == "name" and str(part.children[0]).isalpha()


def _divides(parts: Parts) -> bool:
    """Whether the last sign is one of division."""
    return bool(parts) and isinstance(parts[-1], Token) and parts[-1].type == "OVER"


def _sign(sign: Token) -> str:
    return "MINUS" if sign.type.endswith("MINUS") else "PLUS"


def _is_one(tree: Syntax) -> bool:
    """Whether this is the 1 of an indicator."""
    return kind(tree) == "ones" or (kind(tree) == "number" and str(tree.children[0]) == "1")


def _compares(tree: Syntax) -> bool:
    """Whether a bracket or a script holds comparisons."""
    inside = items_of(tree) if kind(tree) in ("bracket", "braces", "below") else []
    return any(kind(item) == "comparison" for item in inside)


_MISPLACED = {
    "partial": (r"this \partial belongs to no quotient", r"Write \frac{\partial a}{\partial x_{i}}"),
    "ones": ("an indicator has no condition", r"Write \mathbb{1}_{i = j}, or 1 for a number"),
    "slice": ("a colon is no index", "Write a letter for every index"),
    "comparison": ("a comparison stands where a value is needed", r"Write \mathbb{1}_{i = j} or [i = j]"),
}
_RULES: dict[str, Callable[[Translation, Syntax], Syntax]] = {
    "sum": Translation._sum,
    "negative": Translation._negative,
    "number": Translation._number,
    "product": Translation._product,
    "name": Translation._name,
    "accent": Translation._name,
    "font": Translation._font,
    "scripted": Translation._scripted,
    "applied": Translation._applied,
    "group": Translation._group,
    "bracket": Translation._bracket,
    "braces": Translation._bracket,
    "fraction": Translation._fraction,
    "root": Translation._root,
    "absolute": Translation._absolute,
    "cases": Translation._cases,
    "big": Translation._big,
}
