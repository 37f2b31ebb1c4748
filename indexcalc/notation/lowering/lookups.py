"""Trees with places that are looked up, E[t[i],d], as sums over the places that an axis has: see `looked`."""

from __future__ import annotations

from collections.abc import Iterator

from indexcalc.notation.lowering.summation import indices_of
from indexcalc.notation.syntax.places import Syntax, Token, error_at, kind, place_of

LOOKUP = "lookup"
THROUGH = frozenset(("product", "power", "negative", "call"))  # sums over places are written around these
Pair = tuple[Token, Syntax]  # the letter of a place, and what is 1 where it is the one that is looked up


def with_sums(tree: Syntax, text: str) -> Syntax:
    """A tree of the ASCII dialect without looked-up places. Raises IndexcalcError."""
    if not any(kind(each) == LOOKUP for each in tree.iter_subtrees()):
        return tree
    for part, cause, remedy in _apart(tree):
        for each in part.iter_subtrees():
            if kind(each) == LOOKUP:
                raise error_at(cause, remedy, place_of(each, text))
    return _Lookups(text).tree(tree)


def _apart(tree: Syntax) -> Iterator[tuple[Syntax, str, str]]:
    """Parts of a tree in which no place is looked up, with what to say where one is."""
    for each in tree.iter_subtrees():
        children = [child for child in each.children if not isinstance(child, str)]
        if kind(each) == "definition":
            cause = "a place on a left side is looked up: several values could fall on one place"
            yield children[0], cause, "Write what falls on a place p as a sum: y[p] = sum[i](delta[t[i],p]*x[i])"
        elif kind(each) == "diff":
            for child in children[1:]:
                cause = "the place of what is differentiated by is looked up"
                yield (
                    child,
                    cause,
                    "Differentiate by an element at a letter, such as x[p], and look it up in the result",
                )


class _Lookups:
    """Writes one tree anew. Each place gets a letter of its own, of which nothing else has the name."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.count: dict[str, int] = {}

    def tree(self, tree: Syntax) -> Syntax:
        """The tree without looked-up places: what holds one is summed over the places, as far out as that is one term.

        log(a[t[i]]) is sum[p](log(a[p])*delta[t[i],p]): exactly one place is the one that is looked up.
        """
        found, pairs = self._term(tree)
        return self._summed(found, pairs, tree)

    def _term(self, tree: Syntax) -> tuple[Syntax, list[Pair]]:
        """A term at places that are still to be summed over, with what tells each of them."""
        if kind(tree) == "tensor" and any(_is_lookup(each) for each in indices_of(tree).children):
            return self._access(tree)
        through = kind(tree) in THROUGH and (kind(tree) != "call" or len(tree.children) == 2)
        children: list[Syntax | Token] = []
        pairs: list[Pair] = []
        for each in tree.children:
            if isinstance(each, str):
                children.append(each)
            elif through:
                inner, more = self._term(each)
                children.append(inner)
                pairs += more
            else:
                children.append(self.tree(each))
        return type(tree)(tree.data, children, tree.meta), pairs

    def _summed(self, term: Syntax, pairs: list[Pair], tree: Syntax) -> Syntax:
        if not pairs:
            return term
        product: list[Syntax | Token] = [term]
        for letter, factor in pairs:
            product += [self._token("TIMES", "*", letter), factor]
        indices = self._node("indices", [letter for letter, _ in pairs], tree)
        word = self._token("REDUCTION", "sum", pairs[0][0])
        return self._node("reduce", [word, indices, self._node("product", product, tree)], tree)

    def _access(self, tree: Syntax) -> tuple[Syntax, list[Pair]]:
        name, indices = tree.children[0], indices_of(tree)
        assert isinstance(name, str)
        pairs: list[Pair] = []
        slots: list[Syntax | Token] = []
        plain = [each for each in indices.children if isinstance(each, str)]
        for slot, each in enumerate(indices.children):
            if isinstance(each, str) or not _is_lookup(each):
                slots.append(each)
                continue
            inner = self.tree(self._node("tensor", [*each.children], tree))
            if str(name) == "delta" and plain and str(plain[0]).isdigit():
                cause = f"what is looked up is compared with the place {plain[0]}"
                raise error_at(cause, "Compare it with a letter, as in delta[t[i],p]", place_of(plain[0], self.text))
            if str(name) == "delta" and plain:
                return self._found(inner, plain[0], f"{plain[0]}_upto", tree), []
            letter = self._token("INDEX", self._free(f"{name}_place{slot + 1}"), name)
            slots.append(letter)
            pairs.append((letter, self._found(inner, letter, f"{letter}_upto", tree)))
        return self._node("tensor", [name, self._node("indices", slots, tree)], tree), pairs

    def _found(self, value: Syntax, letter: Token, upto: str, tree: Syntax) -> Syntax:
        """1 where a value says a place: 1[value + 1 == sum[q](1[q <= p])]."""
        own = self._token("INDEX", self._free(upto), letter)
        one = self._node("number", [self._token("NUMBER", "1", letter)], tree)
        named = [self._node("name", [self._token("NAME", str(each), letter)], tree) for each in (own, letter)]
        below = self._node("condition", [named[0], self._token("RELATION", "<=", letter), named[1]], tree)
        holds = self._node("indicator", [self._token("NUMBER", "1", letter), below], tree)
        counted = self._node(
            "reduce", [self._token("REDUCTION", "sum", letter), self._node("indices", [own], tree), holds], tree
        )
        number = self._node("sum", [value, self._token("PLUS", "+", letter), one], tree)
        equal = self._node("condition", [number, self._token("RELATION", "==", letter), counted], tree)
        return self._node("indicator", [self._token("NUMBER", "1", letter), equal], tree)

    def _free(self, word: str) -> str:
        """A letter with as many primes as it has been given in this tree."""
        bare = word.replace("'", "")
        times = self.count.get(bare, 0)
        self.count[bare] = times + 1
        return bare + "'" * times

    @staticmethod
    def _token(kind: str, value: str, like: Token) -> Token:
        return type(like).new_borrow_pos(kind, value, like)

    @staticmethod
    def _node(data: str, children: list[Syntax | Token], like: Syntax) -> Syntax:
        return type(like)(data, children, like.meta)


def _is_lookup(node: Syntax | Token) -> bool:
    return not isinstance(node, str) and kind(node) == LOOKUP
