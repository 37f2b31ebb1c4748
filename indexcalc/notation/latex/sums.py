r"""Sums, products, maxima and minima over indices in LaTeX.

\sum_{k}   \sum_{p, q}   \sum_{ij}   \sum_{i=1}^{m}   \sum_j^m   \sum_{i=0}^{m-1}   \sum_{1 \leq i \leq m}
\sum_{1 \leq i < j \leq m}
\sum_{k \neq i}: over k, without k = i; over both, if i is nothing else (see lowering/partners.py)
"""

from __future__ import annotations

from lark import Token, Tree

from indexcalc.notation.latex.cases import RELATIONS, relation
from indexcalc.notation.latex.derivatives import Derivatives
from indexcalc.notation.latex.scripts import node as make
from indexcalc.notation.latex.scripts import token
from indexcalc.notation.latex.words import IndexWord, base_name, index_words, items_of, label_of
from indexcalc.notation.lowering.partners import PARTNER
from indexcalc.notation.syntax.places import Syntax, kind

KINDS = {"∑": "sum", "∏": "prod"}
NEUTRAL = {"sum": "0", "prod": "1"}  # what leaves a sum and a product as they are
REMEDY = r"Write \sum_{k} or \sum_{k=1}^{n}"


class Sums(Derivatives):
    """Translates what stands below and above a large sign."""

    def reduction(self, tree: Syntax) -> Syntax:
        """The node of a sum with its body."""
        head, *parts, body = tree.children
        assert isinstance(head, Token) and isinstance(body, Tree)
        name = KINDS.get(str(head)) or str(head).removeprefix("\\")
        scripts = self.scripts(parts)
        if scripts.below is None or scripts.primes:
            raise self.error(f"this {name} has no index", REMEDY, head)
        letters, start, end, conditions = self._below(scripts.below)
        if scripts.above is not None and items_of(scripts.above):
            end = self._size_of(scripts.above, start)
        elif start is not None and str(start.children[0]) == "0":
            raise self.error("the index starts at 0 and has no end", REMEDY, scripts.below)
        inner = self.expression(body)
        if conditions:
            if name not in NEUTRAL:
                raise self.error(f"a condition stands below a {name}", "Write it into the formula", scripts.below)
            inner = self._where(conditions, inner, NEUTRAL[name])
        bounded = [letter if isinstance(letter, Token) else self._bounded(letter, end) for letter in letters]
        indices = make("indices", bounded, scripts.below)
        return make("reduce", [token("REDUCTION", name, head), indices, inner], tree)

    def _where(self, conditions: list[Syntax], inner: Syntax, neutral: str) -> Syntax:
        """The body where the conditions hold, else 0; no product, since they count as no occurrences of a letter."""
        for condition in conditions:
            other = make("number", [token("NUMBER", neutral, condition)], condition)
            inner = make("where", [condition, inner, other], inner)
        return inner

    def _bounded(self, letter: IndexWord, end: Token | None) -> Syntax | Token:
        index = token("INDEX", letter.name, letter.token)
        return index if end is None else make("bounded", [index, end], letter.token)

    def _below(self, below: Syntax) -> tuple[list[IndexWord | Token], Syntax | None, Token | None, list[Syntax]]:
        """The letters, where they start, where they end, and conditions on them."""
        letters: list[IndexWord | Token] = []
        start: Syntax | None = None
        end: Token | None = None
        conditions: list[Syntax] = []
        for item in items_of(below):
            if kind(item) != "comparison":
                letters += self._words(item)
                continue
            sides = [each for each in item.children if isinstance(each, Tree)]
            signs = [RELATIONS[str(each)] for each in item.children if isinstance(each, Token)]
            if signs == ["=="] and kind(sides[1]) == "number":
                letters += self._words(sides[0])
                start = self._start(sides[1])
            elif signs == ["<=", "<="] and kind(sides[0]) == "number":
                letters += self._words(sides[1])
                start, end = self._start(sides[0]), self._named_size(sides[2], below)
            elif len(signs) == 3 and signs[::2] == ["<=", "<="] and kind(sides[0]) == "number":
                letters += [*self._words(sides[1]), *self._words(sides[2])]
                start, end = self._start(sides[0]), self._named_size(sides[3], below)
                conditions.append(relation(self, self.expression(sides[1]), signs[1], self.expression(sides[2])))
            elif len(signs) == 1:
                letters += [*self._words(sides[0]), *self._partner(sides)]
                conditions.append(relation(self, self.expression(sides[0]), signs[0], self.expression(sides[1])))
            else:
                raise self.error("these bounds cannot be read", REMEDY, item)
        if not letters:
            raise self.error("this sum has no index", REMEDY, below)
        return letters, start, end, conditions

    def _partner(self, sides: list[Syntax]) -> list[Token]:
        """The other letter of a condition on one, which may be bound too."""
        words = [index_words([side]) for side in sides]
        if any(found is None or len(found[0]) != 1 or found[0][0].name.isdigit() for found in words) or not words[1]:
            return []
        other = words[1][0][0]
        return [token(PARTNER, other.name, other.token)]

    def _words(self, item: Syntax) -> list[IndexWord]:
        words = index_words([item])
        if words is None or any(word.name.isdigit() for word in words[0]):
            raise self.error("this is no index to run over", REMEDY, item)
        return words[0]

    def _start(self, side: Syntax) -> Syntax:
        if str(side.children[0]) not in ("0", "1"):
            cause = f"the sum starts at {side.children[0]}, and an index runs over its whole range"
            raise self.error(cause, r"Write \sum_{k=1}^{n}, or \sum_{k \neq 1}", side)
        return side

    def _size_of(self, above: Syntax, start: Syntax | None) -> Token:
        """The size that stands above: n, n_{o}, n^{L}, 3; of m-1 if the index starts at 0."""
        items = items_of(above)
        item = items[0]
        if start is not None and str(start.children[0]) == "0":
            less = _one_less(item)
            if less is None:
                cause = "an index that starts at 0 ends at the size less 1"
                raise self.error(cause, r"Write \sum_{k=1}^{n}, or \sum_{k=0}^{n-1}", above)
            item = less
        if len(items) > 1:
            raise self.error("these bounds cannot be read", REMEDY, above)
        return self._named_size(item, above)

    def _named_size(self, item: Syntax, at: Syntax) -> Token:
        if kind(item) == "number":
            return token("NUMBER", str(item.children[0]), item)
        name = self.words.spelled.get(self._bare(item)) or base_name(item)
        if name is None and kind(item) == "scripted" and isinstance(item.children[0], Tree):
            name = self._labelled_size(item)
        if name is None:
            raise self.error("this is the name of no size", REMEDY, at)
        return token("NAME", name, item)

    def _labelled_size(self, item: Syntax) -> str | None:
        """n_{o} is n_o; n^{L} is n_L if that is a size, else n if that is one."""
        base, *parts = item.children
        assert isinstance(base, Tree)
        name, scripts = base_name(base), self.scripts(parts)
        labels = [label_of(script) for script in (scripts.below, scripts.above) if script is not None]
        if name is None or not all(labels) or scripts.primes:
            return None
        below = f"{name}_{label_of(scripts.below)}" if scripts.below is not None else name
        full = "_".join([name, *(label for label in labels if label)])
        return below if full not in self.words.sizes and below in self.words.sizes else full


def _one_less(item: Syntax) -> Syntax | None:
    """n for n - 1."""
    if kind(item) != "sum" or len(item.children) != 3:
        return None
    size, sign, one = item.children
    is_less = isinstance(sign, Token) and sign.type.endswith("MINUS") and isinstance(one, Tree)
    if not is_less or not isinstance(size, Tree) or not isinstance(one, Tree):
        return None
    return size if kind(one) == "number" and str(one.children[0]) == "1" else None
