"""The first look at a tree: which tensors, sizes and functions it names, and which ranges its letters have.

Nothing is lowered before all texts of a sheet are surveyed, since the last line may still say what a letter of the
first one runs over. A condition is judged last: i == j compares indices, c > 0 values, and only the whole text tells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches

from indexcalc.notation.lowering import algebra
from indexcalc.notation.lowering.ranges import Ranges
from indexcalc.notation.syntax.names import (
    CALLED,
    RESERVED,
    check_name,
    check_place,
    counted,
    is_made,
    names_epsilon,
    reserved,
    size_label,
)
from indexcalc.notation.syntax.places import Place, Syntax, Token, error_at, kind, place_of

SYMBOLS = {
    "delta": (2, "The Kronecker delta takes two: delta[i,j]"),
    "eps": (3, "The permutation symbol takes three: eps[i,j,k]; give a tensor that is another thing another name"),
}
"""How many indices the symbols have, and what to say where there are others."""
DEPTH = 100  # levels of a tree: far more than a person writes, and few enough for passes that recurse


def is_symbol(tree: Syntax) -> bool:
    """Whether a tensor access is a Kronecker delta or a permutation symbol."""
    if kind(tree) != "tensor" or isinstance(tree.children[1], str):
        return False
    name = str(tree.children[0])
    return name == "delta" or names_epsilon(name, len(tree.children[1].children))


@dataclass
class Survey:
    """What the texts of a sheet name.

    uses: the number of indices of every tensor, with the place of its first use. called: names before a bracket.
    variables: by what is differentiated, where, and the names in what is differentiated. named: all names, in a row.
    order: all names by first appearance. sizes: the names of sizes. written: a letter of every sum that is written out.
    defined: the names on left sides. place_sizes: sizes in places.
    functions: those of a sheet that is done, if unknown; declared: some of them.
    """

    ranges: Ranges = field(default_factory=Ranges)
    uses: dict[str, tuple[int, Place]] = field(default_factory=dict)
    called: dict[str, Place] = field(default_factory=dict)
    order: dict[str, None] = field(default_factory=dict)
    sizes: dict[str, Place] = field(default_factory=dict)
    written: dict[str, None] = field(default_factory=dict)
    defined: set[str] = field(default_factory=set)
    functions: frozenset[str] = frozenset()
    declared: dict[str, Place] = field(default_factory=dict)
    variables: list[tuple[str, Place, list[str]]] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    in_variable: bool = False
    text: str = ""
    depth: int = 0
    conditions: list[tuple[Syntax, str]] = field(default_factory=list)
    place_sizes: frozenset[str] = frozenset()

    def copy(self) -> Survey:
        """A survey that can go on without changing this one."""
        ranges, uses, called, order = self.ranges.copy(), dict(self.uses), dict(self.called), dict(self.order)
        sizes, written, defined, declared = dict(self.sizes), dict(self.written), set(self.defined), dict(self.declared)
        return Survey(ranges, uses, called, order, sizes, written, defined, self.functions, declared)
        # the variables were judged when this survey was done

    # ----- Visiting

    def visit(self, tree: Syntax, text: str) -> None:
        """Take in a tree of this text: an expression or a statement."""
        self.text = text
        self._visit(tree)

    def _visit(self, tree: Syntax) -> None:
        self.depth += 1
        if self.depth > DEPTH:
            raise error_at(
                f"the expression nests more than {DEPTH} levels deep",
                "Split it into definitions",
                self._place(tree),
            )
        rule = _RULES.get(tree.data)
        if rule is None:
            rule = _RULES[tree.data] = _BY_KIND.get(kind(tree), Survey.children)
        rule(self, tree)
        self.depth -= 1

    def _place(self, node: Syntax | Token) -> Place:
        return place_of(node, self.text)

    def children(self, tree: Syntax) -> None:
        """Take in the parts of a node."""
        for child in tree.children:
            if not isinstance(child, str):
                self._visit(child)

    def _name(self, tree: Syntax) -> None:
        self._use(str(tree.children[0]), 0, tree)

    def _tensor(self, tree: Syntax) -> None:
        name, indices = str(tree.children[0]), self.indices(tree.children[1])
        if is_symbol(tree):
            slots, remedy = SYMBOLS[name]
            if len(indices) != slots:
                cause = f"{name}[{','.join(indices)}] has {counted(len(indices))}"
                raise error_at(cause, remedy, self._place(tree))
            self._join_letters(indices, tree)
        if name == "delta":
            return
        if names_epsilon(name, len(indices)):
            for letter in indices:
                if not letter.isdecimal():
                    self.ranges.give_size(letter, "3", self._place(tree))
        else:
            self._use(name, len(indices), tree)
            for slot, letter in enumerate(indices):
                self.ranges.root((name, slot))
                if not letter.isdecimal():
                    self.ranges.join(letter, (name, slot), self._place(tree))

    def indices(self, tree: Syntax | Token) -> list[str]:
        """The letters of a list of indices, noted; and the sizes that it names."""
        letters = []
        for child in tree.children if not isinstance(tree, str) else ():
            token = child if isinstance(child, str) else child.children[0]
            letter = str(token)
            if letter.isdecimal():
                check_place(letter, self._place(child))
            else:
                check_name(letter, self._place(child), primes=True)
                self.ranges.meet(letter, self._place(child))
            if not isinstance(child, str):
                size = child.children[1]
                self._name_size(letter, str(size if isinstance(size, str) else size.children[0]), self._place(child))
            letters.append(letter)
        return letters

    def _name_size(self, letter: str, size: str, place: Place) -> None:
        label = size_label(size, place)
        if not label.isdecimal():
            self.sizes.setdefault(label, place)
        self.ranges.give_size(letter, label, place)

    def _join_letters(self, letters: list[str], tree: Syntax) -> None:
        for letter in (named := [letter for letter in letters if not letter.isdecimal()])[1:]:
            self.ranges.join(letter, named[0], self._place(tree))

    def _use(self, name: str, slots: int, tree: Syntax) -> None:
        place = self._place(tree)
        if not is_made(name):
            check_name(name, place)
        if name in RESERVED or (name == "delta" and slots):
            raise reserved(name, place)
        if name in self.functions:
            raise error_at(f"{name} stands before a bracket elsewhere, as a function", f"Write {name}(...)", place)
        known, first = self.uses.setdefault(name, (slots, place))
        if known != slots:
            raise error_at(
                f"{name} has {counted(slots)} here and {counted(known)} elsewhere",
                "Give it the same number everywhere",
                place,
                first,
            )
        self.named.append(name)
        if not self.in_variable:
            self.order.setdefault(name)

    def _definition(self, tree: Syntax) -> None:
        left = tree.children[0]
        if not isinstance(left, str):
            self.defined.add(str(left.children[0]))
        self.children(tree)

    def _diff(self, tree: Syntax) -> None:
        numerator, *variables = (child for child in tree.children if not isinstance(child, str))
        start = len(self.named)
        self._visit(numerator)
        inside = self.named[start:]
        outside, self.in_variable = self.in_variable, True
        for variable in variables:
            self._visit(variable)
            if kind(variable) in ("name", "tensor") and not is_symbol(variable):
                self.variables.append((str(variable.children[0]), self._place(variable), inside))
        self.in_variable = outside

    def _call(self, tree: Syntax) -> None:
        name = tree.children[0]
        self.called.setdefault(str(name), self._place(name))
        self.order.setdefault(str(name))
        self.children(tree)

    def _reduce(self, tree: Syntax) -> None:
        letters = self.indices(tree.children[1])
        for place, letter in enumerate(letters):
            if letter.isdecimal() or letter in letters[:place]:
                what = "a number" if letter.isdecimal() else f"{letter} twice"
                raise error_at(
                    f"a {tree.children[0]} runs over different letters, not over {what}",
                    f"Write {tree.children[0]}[i,j](...)",
                    self._place(tree.children[1]),
                )
        if str(tree.children[0]) == "sum":
            self.written.update(dict.fromkeys(letters))
        self.children(tree)

    def _condition(self, tree: Syntax) -> None:
        left, _, right = tree.children
        bare = {"name", "number"}
        if all(not isinstance(side, str) and kind(side) in bare for side in (left, right)):
            self.conditions.append((tree, self.text))
        else:
            self.children(tree)

    def _index(self, tree: Syntax) -> None:
        *letters, size = tree.children
        for token in letters:
            letter, place = str(token), self._place(token)
            if letter.isdecimal():
                raise error_at("an index is a letter here", "Write index i, j : n", place)
            check_name(letter, place, primes=True)
            self.ranges.meet(letter, place)
            self._name_size(letter, str(size), place)

    def _function(self, tree: Syntax) -> None:
        self.declared |= {str(token): self._place(token) for token in tree.children}

    def _notation(self, tree: Syntax) -> None:
        check_name(str(tree.children[0]), self._place(tree.children[0]))

    # ----- Conclusions

    def finish(self) -> None:
        """Judge the conditions, and tell sizes, tensors and functions apart."""
        for tree, text in self.conditions:
            self.text = text
            if self.compares_indices(tree):
                self._join_indices(tree)
            else:
                self.children(tree)
        self.conditions.clear()
        for name, place in self.sizes.items():
            slots, use = self.uses.get(name, (0, place))
            if slots:
                raise error_at(
                    f"{name} is the name of a size, and here a tensor",
                    "Give one of them another name",
                    use,
                    place,
                )
        self._check_variables()

    def _check_variables(self) -> None:
        """Refuse a derivative by a tensor that occurs nowhere: most likely a slip, and zero would hide it."""
        for name, place, inside in self.variables:
            known = name in self.order or name in self.sizes or name in self.called
            if not known and any(each not in self.sizes for each in inside):
                raise self._unknown_variable(name, place)
            self.order.setdefault(name)  # of a number the derivative by anything is zero
        self.variables.clear()
        self.named.clear()

    def _unknown_variable(self, name: str, place: Place) -> Exception:
        alike = [each for each in self.order if each.casefold() == name.casefold()]
        meant = alike or get_close_matches(name, self.order, n=1, cutoff=0.6)
        hint = f"Did you mean {meant[0]}?" if meant else "Differentiate by a tensor that the sheet uses"
        return error_at(f"nothing depends on {name}: it occurs nowhere else", hint, place)

    def compares_indices(self, tree: Syntax) -> bool:
        """Whether a condition compares two indices, or an index with a place."""
        left, _, right = tree.children
        if isinstance(left, str) or isinstance(right, str):
            return False
        sides = {kind(left), kind(right)}
        names = [str(each.children[0]) for each in (left, right) if kind(each) == "name"]
        letters = [name in self.ranges.letters and name not in self.uses for name in names]
        if sides == {"name"}:
            return any(letters) or not any(n in self.uses or n in self.sizes for n in names)
        return sides == {"name", "number"} and all(letters)

    def _join_indices(self, tree: Syntax) -> None:
        left, _, right = tree.children
        names = []
        for side in (left, right):
            if not isinstance(side, str):
                token, place = str(side.children[0]), self._place(side)
                if kind(side) == "number":
                    check_place(token, place)
                    continue
                check_name(token, place, primes=True)
                self.ranges.meet(token, place)
                names.append(token)
        self._join_letters(names, tree)

    def grown(self, before: Survey) -> bool:
        """Whether it names more than an earlier one did."""
        return (
            len(self.ranges.parents) > len(before.ranges.parents)
            or len(self.ranges.classes) != len(before.ranges.classes)
            or len(self.order) > len(before.order)
            or len(self.written) > len(before.written)
        )

    def is_factor(self, name: str) -> bool:
        """Whether a name before a bracket is a tensor, a scalar or a size, and so a factor, not a function."""
        return (name in self.uses or name in self.sizes) and name not in self.functions

    def tensors(self) -> list[str]:
        """The names of the tensors by first appearance."""
        return [name for name in self.order if name in self.uses and name not in self.sizes]

    def unknown_functions(self) -> frozenset[str]:
        """The names that are called or declared, and neither known functions nor tensors."""
        names = {**self.called, **self.declared}.keys() - RESERVED - CALLED
        return frozenset(name for name in names if not self.is_factor(name))


_BY_KIND: dict[str, Callable[[Survey, Syntax], None]] = {
    "name": Survey._name,
    "tensor": Survey._tensor,
    "call": Survey._call,
    "reduce": Survey._reduce,
    "diff": Survey._diff,
    "condition": Survey._condition,
    "definition": Survey._definition,
    "function": Survey._function,
    "index": Survey._index,
    "contract": algebra.contract,
    "hidden": Survey._definition,
    "primitive": algebra.primitive,
    "symmetry": algebra.symmetry,
    "posdef": algebra.symmetry,
    "notation": Survey._notation,
}
_RULES: dict[str, Callable[[Survey, Syntax], None]] = {}  # filled with the prefixed names
