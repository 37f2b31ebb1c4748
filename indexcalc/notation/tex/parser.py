r"""From tokens to formulas, by recursive descent.

It is total: what is not known becomes an Opaque, and nothing is passed over.

    sum      = [sign] product {sign product}
    product  = factor {[operator] factor}          a big sign takes the rest of the product as its body
    factor   = sign factor | atom scripts
    atom     = number | letter | word | group | bracket | bars | fraction | root | environment | function ...

A derivative is a fraction of differentials (see differentials.py). Nested formulas are read as deep as DEEPEST.
"""

from __future__ import annotations

from fractions import Fraction

from indexcalc.notation.formula import (
    Formula,
    Mark,
    Numeral,
    Opaque,
    Relation,
    Root,
    Scripted,
    Sequence,
    Signed,
    Sum,
)
from indexcalc.notation.tex.applied import applied, big, nabla
from indexcalc.notation.tex.atoms import (
    accented,
    barred,
    braced,
    bracket,
    font,
    is_unseen,
    letters,
    macro,
    stacked,
    takes_groups,
    unseen,
    word,
)
from indexcalc.notation.tex.differentials import quotient, slashed
from indexcalc.notation.tex.products import product_of
from indexcalc.notation.tex.scripts import argument, group, scripts
from indexcalc.notation.tex.tables import environment
from indexcalc.notation.tex.tokens import END, OPERATORS_BETWEEN, RELATIONS, STOPS, Token, tokens

DEEPEST = 120
_SIGNS = {"circ": "composed", "*": "star", "times": "cross", "cdot": "dot", "dot": "dot"}


def parse(text: str) -> Formula:
    """The formula of a text: one side of an equation, or a relation."""
    return Parser(tokens(text)).whole()


class Parser:
    """Reads the tokens of one formula."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.place = 0
        self.depth = 0
        self.bars: list[str] = []  # the bars that are open
        self.in_script = 0

    # ----- Looking -----

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.place] if self.place < len(self.tokens) else END

    def ahead(self, count: int = 1) -> Token:
        """A later token."""
        return self.tokens[self.place + count] if self.place + count < len(self.tokens) else END

    def next(self) -> Token:
        """Take the next token."""
        token = self.token
        self.place += 1
        return token

    @property
    def done(self) -> int:
        """Where the last token that was taken ends."""
        return self.tokens[min(self.place, len(self.tokens)) - 1].end if self.place and self.tokens else 0

    # ----- Lists and relations -----

    def whole(self) -> Formula:
        """All of the tokens as one formula."""
        start = self.token.start
        items = [self.sequence(frozenset(("end-of-text",)))]
        while self.place < len(self.tokens):
            stray = self.next()
            items.append(Opaque(stray.text, span=(stray.start, stray.end)))
            if self.place < len(self.tokens):
                items.append(self.sequence(frozenset(("end-of-text",))))
        if len(items) == 1:
            return items[0]
        return Opaque("".join(token.text for token in self.tokens), tuple(items), span=(start, self.done))

    def sequence(self, ends: frozenset[str]) -> Formula:
        """Formulas or relations parted by commas, up to a token of these kinds; bars part too (p(x | y))."""
        start = self.token.start
        items, marks = [self.relation(ends)], ""
        while (
            self.token.kind in ("comma", "wide", "stop", "bar", "norm", "colon", "row", "column")
            and self.token.kind not in ends
        ):
            mark = self.next()
            if mark.kind in ("wide", "stop", "row", "column"):
                if self.token.kind in ends or self.token.kind == "end-of-text" or self.token.kind == "comma":
                    continue
            marks += "|" if mark.kind in ("bar", "norm") else ";" if mark.kind == "colon" or mark.value == ";" else ","
            items.append(self.relation(ends))
        return items[0] if len(items) == 1 else Sequence(tuple(items), marks, span=(start, self.done))

    def relation(self, ends: frozenset[str] = frozenset()) -> Formula:
        """An expression, or expressions with relations between them."""
        start = self.token.start
        sides, relations = [self.expression()], []
        while self.token.kind in RELATIONS and self.token.kind not in ends:
            word = self.next().value
            if word == "=" and self.token.kind == "equal" and self.token.value == "=":
                self.next()
            relations.append("=" if word == "equiv" else word)
            sides.append(self.expression())
        if not relations:
            return sides[0]
        return Relation(tuple(sides), tuple(relations), span=(start, self.done))

    # ----- Sums and products -----

    def expression(self) -> Formula:
        """A sum."""
        start = self.token.start
        self.depth += 1
        try:
            if self.depth > DEEPEST:
                return self.opaque_rest()
            terms: list[tuple[str, Formula]] = []
            sign = self._sign()
            terms.append((sign or "+", self.product()))
            while self.token.kind in ("plus", "minus"):
                sign = self._sign()
                terms.append((sign, self.product()))
        finally:
            self.depth -= 1
        if len(terms) == 1:
            return terms[0][1] if terms[0][0] == "+" else Signed(terms[0][0], terms[0][1], span=(start, self.done))
        return Sum(tuple(terms), span=(start, self.done))

    def _sign(self) -> str:
        """The signs that stand here, as one."""
        found = ""
        while self.token.kind in ("plus", "minus"):
            sign = "-" if self.token.kind == "minus" else self.token.value
            found = (
                sign if found in ("", "+") else "+" if (found, sign) == ("-", "-") else found if sign == "+" else "pm"
            )
            self.next()
        return found

    def opaque_rest(self) -> Formula:
        """What is nested too deep: taken up to the bracket that closes it."""
        start, depth, text = self.token.start, 0, ""
        while self.token.kind != "end-of-text":
            depth += (self.token.kind in ("open", "group", "begin")) - (self.token.kind in ("close", "endgroup", "end"))
            if depth < 0:
                break
            text += self.next().text
        return Opaque(text, span=(start, self.done))

    def product(self) -> Formula:
        """Factors, with the operators between them."""
        start = self.token.start
        factors: list[tuple[str, Formula]] = []
        while True:
            operator = self._operator()
            if (
                self.token.kind in STOPS
                or (self.token.kind in ("plus", "minus") and not operator)
                or self._closes_bar()
            ):
                if operator:
                    factors.append((operator, Mark("empty", span=(self.token.start, self.token.start))))
                break
            if not factors and operator:
                factors.append(("", Mark("empty", span=(start, start))))
            factor = self.factor()
            if (
                isinstance(factor, Mark)
                and factor.sign == "empty"
                and not operator
                and self.token.kind not in ("below", "above")
            ):
                continue
            factors.append((operator or "juxtaposed", factor))
            slashed(factors, self.done)
        if not factors:
            return Mark("empty", span=(start, start))
        factors[0] = ("", factors[0][1])
        return product_of(factors, (start, self.done))

    def _operator(self) -> str:
        operator = OPERATORS_BETWEEN.get(self.token.kind, "")
        if self.token.kind == "colon" and self.ahead().kind not in STOPS:
            operator = "colon"
        if self.token.kind == "set":
            operator = "set"
        if self.token.kind == "accent" and self.token.value == "dot" and self.ahead().kind == "open":
            operator = "times"  # \dot(x), a dot over a bracket, is a dot before it
        if operator:
            value = self.next().value
            operator = _SIGNS.get(value, operator)
        return operator

    def _closes_bar(self) -> bool:
        """Whether the next token is a bar that closes one, or parts two formulas, rather than opening one."""
        kind = self.token.kind
        if kind in ("bar-right", "norm-right"):
            return True
        if kind in ("bar", "norm"):
            return (
                (bool(self.bars) and self.bars[-1] == kind) or self.token.value == "mid" or not self._closed_later(kind)
            )
        return False

    def _closed_later(self, kind: str) -> bool:
        """Whether a bar of this kind stands later, before the bracket around it closes."""
        depth = 0
        for token in self.tokens[self.place + 1 :]:
            depth += token.kind in ("open", "group", "begin")
            depth -= token.kind in ("close", "endgroup", "end")
            if depth < 0:
                return False
            if depth == 0 and token.kind == kind:
                return True
        return False

    # ----- Factors -----

    def factor(self) -> Formula:
        """An atom with its scripts, or a sign before a factor."""
        start = self.token.start
        sign = self._sign()
        if sign:
            return Signed(sign, self.factor(), span=(start, self.done))
        token = self.token
        match token.kind:
            case "big" | "extreme":
                return big(self)
            case "function" | "operator":
                self.next()
                return applied(self, token.value, start)
            case "nabla" | "partial":
                return nabla(self)
        return self.scripted(self.atom(), start)

    def scripted(self, base: Formula, start: int) -> Formula:
        """A formula with the scripts and primes that stand behind it."""
        below, above, primes, others = scripts(self)
        result = base
        if below is not None or above is not None or primes:
            result = Scripted(base, below, above, primes, span=(start, self.done))
        for extra in others:
            result = Scripted(result, None, extra, 0, span=(start, self.done))
        if self.token.kind == "factorial":
            self.next()
            result = Opaque("factorial", (result,), span=(start, self.done))
        return result

    # ----- Atoms -----

    def atom(self) -> Formula:
        """One thing, without scripts behind it. At least one token is taken."""
        self.depth += 1
        try:
            if self.depth > DEEPEST:
                return self.opaque_rest()
            return self._atom()
        finally:
            self.depth -= 1

    def _atom(self) -> Formula:
        token = self.next()
        span = (token.start, token.end)
        match token.kind:
            case "number":
                return Numeral(token.text, Fraction(token.text), span=span)
            case "letter":
                return macro(self, token) if takes_groups(self, token) else letters(self, token)
            case "text" | "named":
                return word(self, token)
            case "group":
                self.place -= 1
                if is_unseen(self):
                    return unseen(self)
                return group(self)
            case "open":
                return bracket(self, token)
            case "bar" | "norm" | "bar-left" | "norm-left":
                return barred(self, token)
            case "font":
                return font(self, token)
            case "accent":
                inner = argument(self)
                return accented(self, inner, token)
            case "dots" | "transposed" | "dagger" | "infinity" | "prime" | "colon" | "forall":
                return Mark(token.kind, span=span)
            case "big" | "extreme" | "function" | "operator" | "nabla" | "partial":
                self.place -= 1
                return self.factor()
        return self._with_arguments(token)

    def _with_arguments(self, token: Token) -> Formula:
        """A command that takes arguments, which was taken."""
        match token.kind:
            case "fraction":
                above, below = argument(self), argument(self)
                return quotient(above, below, (token.start, self.done))
            case "root":
                degree = None
                if self.token.kind == "open" and self.token.value == "[":
                    self.next()
                    degree = self.sequence(frozenset(("close", "end-of-text")))
                    self.next()
                return Root(argument(self), degree, span=(token.start, self.done))
            case "begin":
                return environment(self, token)
            case "coloured":
                argument(self)
                return argument(self)
            case "brace":
                return braced(self)
            case "stack":
                return stacked(self, token)
            case "choose":
                return Opaque(token.value, (argument(self), argument(self)), span=(token.start, self.done))
            case "not":
                return Opaque("not", (argument(self),), span=(token.start, self.done))
        return Opaque(token.text, span=(token.start, token.end))

    # ----- What takes an argument -----
