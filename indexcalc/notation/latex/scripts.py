"""From a name with scripts to the element, scalar or size that it means; what is left above is a power."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lark import Token, Tree

from indexcalc.errors import IndexcalcError
from indexcalc.notation.latex.names import PRIME, Words, bare
from indexcalc.notation.latex.places import looked_up, places_of
from indexcalc.notation.latex.words import (
    SPECIAL,
    IndexWord,
    base_name,
    index_words,
    is_braced,
    is_permutation,
    items_of,
    label_of,
    letters_of,
    merged_digits,
)
from indexcalc.notation.syntax.places import Syntax, error_at, kind, place_of

MOST_INDICES = 60
PI, WEIGHTS = "pi", "varpi"  # a \pi with indices is no number, such as the weights of a mixture
RAISED, MIXED = "_up", "_mixed"  # what is added to the name of a tensor beside a metric
TRANSPOSED = (
    "a transposed matrix stands among indices",
    "Write its elements with their indices exchanged: x_{ji} for the transpose of x_{ij}",
)


@dataclass(frozen=True)
class Scripts:
    """What stands below and above a base, and the primes there."""

    below: Syntax | None
    above: Syntax | None
    primes: str

    @property
    def empty(self) -> bool:
        """Whether nothing is there."""
        return self.below is None and self.above is None and not self.primes


def node(kind: str, children: Sequence[Syntax | Token], at: Syntax | Token) -> Syntax:
    """A node of the shared tree that stands where another one does."""
    if isinstance(at, Tree):
        return Tree(kind, list(children), at.meta)
    made: Syntax = Tree(kind, list(children))
    made.meta.start_pos, made.meta.end_pos = at.start_pos or 0, at.end_pos or 0
    return made


def token(type: str, text: str, at: Syntax | Token) -> Token:
    """A token that stands where another one or a node does."""
    position = at if isinstance(at, Token) else at.meta
    start, end = getattr(position, "start_pos", None), getattr(position, "end_pos", None)
    return Token(type, text, start_pos=start, end_pos=end)


class Namer:
    """Finds out what names mean in one text."""

    def __init__(self, text: str, words: Words) -> None:
        self.text, self.words = text, words

    def error(self, cause: str, remedy: str, *nodes: Syntax | Token) -> IndexcalcError:
        """An error at these nodes."""
        return error_at(cause, remedy, *(place_of(each, self.text) for each in nodes))

    def scripts(self, parts: Sequence[Syntax | Token]) -> Scripts:
        """The scripts of a base, at most one below and one above."""
        found: dict[str, Syntax] = {}
        primes = ""
        for part in parts:
            if isinstance(part, Token):
                primes += "'" * part.count("prime")
            elif part.children:
                if kind(part) in found:
                    where = "below" if kind(part) == "below" else "above"
                    cause = f"two scripts stand {where} the same sign"
                    raise self.error(cause, "Put the first one in braces with its base: {x_i}_j", part)
                found[kind(part)] = part
        return Scripts(found.get("below"), found.get("above"), primes)

    def named(self, base: Syntax, scripts: Scripts) -> tuple[Syntax, Syntax | None]:
        """The node of a name with its scripts, and what above it is a power."""
        known = self._spelled(base, scripts)
        if known is not None:
            return known
        name = base_name(base)
        assert name is not None
        if name == PI and scripts.below is not None and not self.words.rank(PI):
            name = WEIGHTS
        scripts = self._unprimed(scripts)
        name = self._with_primes(name + scripts.primes, scripts.below is not None)
        above = scripts.above
        if above is None:
            return self.placed(name, scripts.below, base), None
        if self._is_index(name, scripts):
            return self._raised(name, scripts, base), None
        label = self._label(above)
        if name in self.words.usage.powers and letters_of(above):
            return self.placed(name, scripts.below, base), above
        if label is not None and self.words.knows(f"{name}_{label}"):
            return self.placed(f"{name}_{label}", scripts.below, base), None
        if label is None or self._is_power(name, above):
            return self.placed(name, scripts.below, base), above
        dropped = self.words.knows(name) or name == "delta"
        return self.placed(name if dropped else f"{name}_{label}", scripts.below, base), None

    # ----- Primes

    def _unprimed(self, scripts: Scripts) -> Scripts:
        r"""x_i' is the element i of x', unless i' is an index of the document; in x_{i'} it always is one."""
        below = scripts.below
        letters = [] if below is None else self._letters(below)
        if below is None or len(letters) != 1 or not letters[0].name.endswith("'"):
            return scripts
        bare = letters[0].name.rstrip("'")
        if letters[0].name in self.words.usage.primed or is_braced(below):
            return scripts
        letter = token("LETTER", bare, letters[0].token)
        plain = node("below", [node("name", [letter], below)], below)
        return Scripts(plain, scripts.above, scripts.primes + letters[0].name[len(bare) :])

    def _with_primes(self, name: str, indexed: bool) -> str:
        """The name of a primed tensor: x' is x_prime; that of a function stays what it is, a derivative."""
        bare = name.rstrip("'")
        primed = bare + PRIME * (len(name) - len(bare))
        is_tensor = indexed and bare not in self.words.usage.called
        return primed if is_tensor or self.words.knows(primed) else name

    # ----- Spellings that the sheet gives

    def _spelled(self, base: Syntax, scripts: Scripts) -> tuple[Syntax, Syntax | None] | None:
        """The name whose spelling is the base with all, or some, of its scripts."""
        spelled = self.words.spelled
        if not spelled:
            return None
        start, below, above = (self._bare(part) for part in (base, scripts.below, scripts.above))
        for key in (start + below + above, start + above + below):
            if key in spelled and (below or above):
                return self.placed(spelled[key], None, base), None
        if start + above in spelled and above:
            return self.placed(spelled[start + above], scripts.below, base), None
        if start + below in spelled and below:
            return self.placed(spelled[start + below], None, base), scripts.above
        if start in spelled:
            return self.placed(spelled[start], scripts.below, base), scripts.above
        return None

    def _bare(self, part: Syntax | None) -> str:
        return "" if part is None else bare(self.text[part.meta.start_pos : part.meta.end_pos])

    # ----- What stands above

    def _label(self, above: Syntax) -> str | None:
        content = above.children[0]
        if isinstance(content, Token):
            if str(content) in SPECIAL:
                return SPECIAL[str(content)]
            raise self.error(*TRANSPOSED, above)
        items = items_of(above)
        if len(items) != 1 or kind(items[0]) in ("number", "scripted", "sum"):
            return None
        if kind(items[0]) == "transposed":
            raise self.error(*TRANSPOSED, above)
        factors = items[0].children if kind(items[0]) == "product" else items
        if any(isinstance(factor, Tree) and kind(factor) in ("number", "scripted") for factor in factors):
            return None
        return label_of(items[0])

    def _is_power(self, name: str, above: Syntax) -> bool:
        """Whether a name above another is an exponent: a size, or a scalar in small letters; not above a size."""
        item = items_of(above)[0] if items_of(above) else None
        if item is None or kind(item) in ("bracket", "braces") or name in self.words.sizes:
            return False
        factors = item.children if kind(item) == "product" else [item]
        names = [label_of(each) for each in factors if isinstance(each, Tree)]
        return all(
            name is not None and (name in self.words.sizes or (self.words.is_scalar(name) and not name[:1].isupper()))
            for name in names
        )

    def _is_index(self, name: str, scripts: Scripts) -> bool:
        """Whether the letters above are indices too, since the tensor has as many as there are above and below."""
        above, below = self._letters(scripts.above), self._letters(scripts.below)
        if not above or (scripts.below is not None and not below):
            return False
        if any(word.upright or word.name.isdigit() for word in above):
            return False
        if not below and [word.name for word in above] == ["T"] and "T" not in self.words.letters:
            return False
        count = len(above) + len(below)
        usage = self.words.usage
        if name in (usage.examples if self._in_bracket(scripts.above) else usage.raised):
            return True
        rank = 2 if name == "delta" else self.words.rank(name)
        return rank == count or (not below and is_permutation(name, self.words, count))

    def _raised(self, name: str, scripts: Scripts, base: Syntax) -> Syntax:
        """An element with indices above; beside a metric it is one of another tensor than with all of them below."""
        if self.words.usage.metric and name in self.words.usage.raised and name != "delta":
            name += MIXED if scripts.below is not None else RAISED
        return self._element(name, self._in_order(scripts), base)

    def _in_order(self, scripts: Scripts) -> list[IndexWord]:
        """The indices above, then those below; in their own order where a group keeps them apart: A_i{}^j."""
        above, below = self._letters(scripts.above), self._letters(scripts.below)
        if scripts.above is None or scripts.below is None:
            return above + below
        first = scripts.below.meta.end_pos
        staggered = "{" in self.text[first : scripts.above.meta.start_pos]
        return below + above if staggered else above + below

    def _in_bracket(self, script: Syntax | None) -> bool:
        return script is not None and any(kind(item) in ("bracket", "braces") for item in items_of(script))

    def _letters(self, script: Syntax | None) -> list[IndexWord]:
        items = [] if script is None else items_of(script)
        if len(items) == 1 and kind(items[0]) in ("bracket", "braces"):
            items = items_of(items[0])
        words = index_words(items)
        return [word for group in words or () for word in group]

    # ----- What stands below

    def placed(self, name: str, below: Syntax | None, at: Syntax) -> Syntax:
        """A name with what stands below it: an element, or a scalar whose name goes on below."""
        if below is None:
            return node("name", [token("NAME", name, at)], at)
        items = items_of(below)
        words = index_words(items)
        rank = self.words.rank(name)
        count = sum(map(len, words)) if words is not None else 0
        if count > MOST_INDICES:
            raise self.error(f"{name} has {count} indices", f"Write at most {MOST_INDICES}", below)
        own = 2 if name == "delta" else rank
        places = looked_up(items, own, self.words) or places_of(items, own)
        if places is not None:
            return node("tensor", [token("NAME", name, at), node("indices", places, at)], at)
        label = label_of(below)
        if label and self.words.is_scalar(f"{name}_{label}") and (rank != count or not rank):
            return node("name", [token("NAME", f"{name}_{label}", at)], at)
        if words is None:
            return self._labelled(name, label, below, at)
        flat = [word for group in words for word in group]
        if len(flat) == 1 and not rank and self._is_numbered(name, flat[0].name):
            return node("name", [token("NAME", f"{name}_{flat[0].name}", at)], at)
        if rank is not None and rank != count:
            merged = merged_digits(words)
            if len(merged) == rank:
                return self._element(name, merged, at)
        if self._is_word(flat) or (rank != count and not is_permutation(name, self.words, count) and name != "delta"):
            name, flat = self._split(name, flat)
        return self._element(name, flat, at)

    def _is_numbered(self, name: str, place: str) -> bool:
        """Whether a digit below a name is part of it: J_2 where nothing is J_i, and E_0."""
        usage = self.words.usage
        return place.isdigit() and (name in usage.numbered or (place == "0" and name in usage.zeros))

    def _labelled(self, name: str, label: str | None, below: Syntax, at: Syntax) -> Syntax:
        if label is None or self.words.rank(name):
            raise self.error("these are no indices", "Write letters below the name: x_{ij}, x_{i, j}, x_{1}", below)
        return node("name", [token("NAME", f"{name}_{label}", at)], at)

    def _split(self, name: str, flat: list[IndexWord]) -> tuple[str, list[IndexWord]]:
        """Part of what stands below may belong to the name: y_{Ti} is the element i of y_T."""
        for length in range(1, len(flat) + 1):
            longer = f"{name}_{''.join(word.name for word in flat[:length])}"
            if self.words.rank(longer) == len(flat) - length:
                return longer, flat[length:]
        while self._is_word(flat):
            name, flat = f"{name}_{flat[0].name}", flat[1:]
        return name, flat

    def _is_word(self, flat: list[IndexWord]) -> bool:
        """Whether a word in upright letters comes first that is no index."""
        name = flat[0].name if flat and flat[0].upright else ""
        known = name in self.words.letters or name.rstrip("'") in self.words.letters
        return bool(name) and not known and not name.isdigit()

    def _element(self, name: str, indices: Sequence[IndexWord], at: Syntax) -> Syntax:
        if is_permutation(name, self.words, len(indices)):
            name = "eps"
        head = token("NAME", name, at)
        if not indices:
            return node("name", [head], at)
        letters = [
            Token("INDEX", each.name, start_pos=each.token.start_pos, end_pos=each.token.end_pos) for each in indices
        ]
        return node("tensor", [head, node("indices", letters, at)], at)
