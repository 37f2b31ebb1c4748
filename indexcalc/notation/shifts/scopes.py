"""Scopes: each letter where it is bound or free, with the places and conditions in which it stands there.

A range belongs to a binder, not to the name of its letter. So each binder's letter gets a name of its own here (`i~3`),
and what it meets is written down: the axes on which it stands alone, and the elements that are read at affine places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from indexcalc.notation.lowering.summation import Summation, body_of, indices_of, operands
from indexcalc.notation.lowering.survey import Survey, is_symbol
from indexcalc.notation.shifts.conditions import SCOPED, Condition, Names, compares_places, conditions_of, negation
from indexcalc.notation.shifts.forms import PLACES, Written, is_place, said, written
from indexcalc.notation.syntax.places import Place, Syntax, Token, error_at, kind, place_of
from indexcalc.sheet import MADE


@dataclass(eq=False)
class Scope:
    """One letter in one binder. kind: left, sum or free. outer: the scopes around it.

    plain: the axes on which it stands alone; moved: those of them by which something is differentiated.
    """

    letter: str
    name: str
    kind: str
    place: Place
    outer: frozenset[str] = frozenset()
    plain: list[tuple[str, int]] = field(default_factory=list)
    moved: list[tuple[str, int]] = field(default_factory=list)
    reads: list[Access] = field(default_factory=list)
    is_shifted: bool = False
    size: str = ""  # as a sum with bounds names it


@dataclass(eq=False)
class Access:
    """An element of a tensor: its name, its places in the names of scopes, and the conditions around it."""

    name: str
    places: tuple[Written, ...]
    conditions: tuple[Condition, ...]
    said: str
    place: Place
    owner: str = ""  # the definition that reads it
    is_asked: bool = False  # by a target, which does not change what the sheet says


class Judge(Survey):
    """Tells conditions on places from others, by the names of a sheet."""

    known: Names = Names()

    def compares_indices(self, tree: Syntax) -> bool:
        """Whether a condition compares affine forms of letters."""
        return compares_places(tree, self.known)


Env = Mapping[str, str]  # the letter of the text -> the name of its scope


class Walk:
    """Writes trees anew with a name for each scope, and notes what stands in them."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.scopes: dict[str, Scope] = {}
        self.accesses: dict[int, Access] = {}  # by the tree that was written
        self.kept: list[Syntax] = []  # so that no other tree gets the number of one of these
        self.alike: list[tuple[str, str]] = []  # scopes of one range: the places of an axis are counted up to one of it
        self.text = ""
        self.owner = ""
        self.is_asked = False
        judge = Judge()
        judge.known = names
        judge.place_sizes = frozenset(names.sizes)
        self.summation = Summation(judge)

    def scope(self, letter: str, kind: str, place: Place, outer: Iterable[str] = ()) -> str:
        """The name of a new scope."""
        name = letter if letter in self.names.declared else f"{letter}{SCOPED}{len(self.scopes) + 1}"
        known = self.scopes.get(name)
        if known is None:
            self.scopes[name] = Scope(letter, name, kind, place, frozenset(outer))
        return name

    def tree(self, tree: Syntax, text: str, env: Env, owner: str = "") -> Syntax:
        """A tree with the names of its scopes."""
        self.text, self.owner = text, owner
        return self._tree(tree, env, ())

    def _bound(self, env: Env, letters: Iterable[str], where: Syntax | Token) -> dict[str, str]:
        found = dict(env)
        outer = env.values()
        for letter in letters:
            found[letter] = self.scope(letter, "sum", place_of(where, self.text), outer)
        return found

    def _tree(self, tree: Syntax, env: Env, around: tuple[Condition, ...]) -> Syntax:
        match kind(tree):
            case "number" | "name":
                return tree
            case "reduce":
                return self._reduce(tree, env, around)
            case "tensor":
                summed = self.summation.summed(tree, frozenset(env))
                return self._tensor(tree, self._bound(env, summed, tree), around)
            case "product":
                summed = self.summation.summed(tree, frozenset(env))
                return self._product(tree, self._bound(env, summed, tree), around)
            case "diff":
                return self._diff(tree, env, around)
            case "where":
                return self._where(tree, env, around)
            case "condition" if compares_places(tree, self.names):
                return self._condition(tree, env)
            case "contract" | "closed" | "bound" | "transposed" | "element" | "call_matrix":
                cause = "matrix notation and shifted places do not go together yet"
                raise error_at(cause, "Write the indices of the matrices", place_of(tree, self.text))
        return self._children(tree, env, around)

    def _children(self, tree: Syntax, env: Env, around: tuple[Condition, ...]) -> Syntax:
        children = [each if isinstance(each, str) else self._tree(each, env, around) for each in tree.children]
        return type(tree)(tree.data, children, tree.meta)

    def _diff(self, tree: Syntax, env: Env, around: tuple[Condition, ...]) -> Syntax:
        summed = self.summation.summed(tree, frozenset(env))
        env = self._bound(env, summed, tree)
        numerator, *variables = operands(tree)
        children = [self._tree(numerator, env, around)]
        for variable in variables:
            children.append(self._tree(variable, env, around))
            access = self.accesses.get(id(children[-1]))
            for slot, place in enumerate(access.places if access is not None else ()):
                if place.letter in self.scopes and access is not None:
                    self.scopes[place.letter].moved.append((access.name, slot))
        return type(tree)(tree.data, list[Syntax | Token](children), tree.meta)

    def _reduce(self, tree: Syntax, env: Env, around: tuple[Condition, ...]) -> Syntax:
        name, indices, body = tree.children[0], indices_of(tree), body_of(tree)
        for child in indices.children:
            if is_place(child):
                cause = f"a {name} runs over letters, not over a place such as {said(child, self.text)}"
                raise error_at(cause, f"Write {name}[i](...)", place_of(child, self.text))
        letters = [str(child if isinstance(child, str) else child.children[0]) for child in indices.children]
        inner = self._bound(env, [each for each in letters if not each.isdecimal()], indices)
        for child in indices.children:
            if not isinstance(child, str) and kind(child) == "bounded":
                size = child.children[1]
                word = str(size if isinstance(size, str) else size.children[0])
                self.scopes[inner[str(child.children[0])]].size = word
        inside = self._indices(indices, inner)
        return type(tree)(tree.data, [name, inside, self._tree(body, inner, around)], tree.meta)

    def _where(self, tree: Syntax, env: Env, around: tuple[Condition, ...]) -> Syntax:
        condition, then, otherwise = operands(tree)
        if not compares_places(condition, self.names):
            return self._children(tree, env, around)
        found = self._said(condition, env)
        branches = (found, [negation(each) for each in found])
        sides = [
            self._tree(side, env, (*around, *more)) for side, more in zip((then, otherwise), branches, strict=True)
        ]
        return type(tree)(tree.data, [self._condition(condition, env), *sides], tree.meta)

    def _product(self, tree: Syntax, env: Env, around: tuple[Condition, ...]) -> Syntax:
        """A product; an indicator in it is a condition for all of its other factors."""
        said = {}
        for child in operands(tree):
            if kind(child) == "indicator" and compares_places(operands(child)[0], self.names):
                said[id(child)] = self._said(operands(child)[0], env)
        children: list[Syntax | Token] = []
        for part in tree.children:
            if isinstance(part, str):
                children.append(part)
                continue
            more = [each for other, found in said.items() if other != id(part) for each in found]
            children.append(self._tree(part, env, (*around, *more)))
        return type(tree)(tree.data, children, tree.meta)

    def _said(self, condition: Syntax, env: Env) -> list[Condition]:
        return [(relation, self._scoped(form, env)) for relation, form in conditions_of(condition, self.text)]

    def _condition(self, tree: Syntax, env: Env) -> Syntax:
        children = [each if isinstance(each, str) else self._named(each, env) for each in tree.children]
        found = type(tree)(tree.data, children, tree.meta)
        for _, form in self._said(tree, env):
            if counts_places(tree):
                (one, _), (other, _) = form.names
                self.alike.append((one, other))
            for name, _ in form.names:
                if name in self.scopes:
                    self.scopes[name].is_shifted = self.scopes[name].is_shifted or False
        return found

    def _named(self, tree: Syntax, env: Env) -> Syntax:
        """An affine form of names, as an expression, with the names of scopes."""
        children: list[Syntax | Token] = []
        for each in tree.children:
            if not isinstance(each, str):
                children.append(self._named(each, env))
            else:
                children.append(renamed(each, env) if kind(tree) == "name" else each)
        return type(tree)(tree.data, children, tree.meta)

    def _scoped(self, form: Written, env: Env) -> Written:
        names = tuple((env.get(name, name), times) for name, times in form.names)
        return Written(names, form.constant, form.period)

    def _indices(self, indices: Syntax, env: Env) -> Syntax:
        children = [self._index(child, env) for child in indices.children]
        return type(indices)(indices.data, children, indices.meta)

    def _index(self, child: Syntax | Token, env: Env) -> Syntax | Token:
        if isinstance(child, str):
            return renamed(child, env)
        return type(child)(child.data, [self._index(each, env) for each in child.children], child.meta)

    def _tensor(self, tree: Syntax, env: Env, around: tuple[Condition, ...]) -> Syntax:
        indices = indices_of(tree)
        found = type(tree)(tree.data, [tree.children[0], self._indices(indices, env)], tree.meta)
        places = tuple(self._scoped(written(child, self.text), env) for child in indices.children)
        name = str(tree.children[0])
        access = Access(name, places, around, said(tree, self.text), place_of(tree, self.text), self.owner)
        access.is_asked = self.is_asked
        self.accesses[id(found)] = access
        self.kept.append(found)
        if not is_symbol(tree):
            for slot, place in enumerate(places):
                self._note(access, slot, place)
        return found

    def _note(self, access: Access, slot: int, place: Written) -> None:
        for name, _ in place.names:
            scope = self.scopes.get(name)
            if scope is None:
                continue
            if place.letter == name:
                scope.plain.append((access.name, slot))
            else:
                scope.is_shifted = True
            if access not in scope.reads:
                scope.reads.append(access)


def counts_places(condition: Syntax) -> bool:
    """Whether a condition is q <= p in a sum that counts the places up to p (see `looked`)."""
    sides = [each for each in condition.children if not isinstance(each, str) and kind(each) == "name"]
    return len(sides) == 2 and all(MADE.search(str(each.children[0]).partition(SCOPED)[0]) for each in sides)


def renamed(token: Token, env: Env) -> Token:
    """A letter with the name of its scope."""
    name = env.get(str(token))
    return token if name is None else token.update(value=name)


def letters_in(tree: Syntax, names: Names) -> None:
    """Note the letters of a tree, and the names that are scalars."""
    for each in tree.iter_subtrees():
        match kind(each):
            case "indices":
                for child in each.children:
                    _letters_of(child, names)
            case "call":
                names.scalars.discard(str(each.children[0]))


def _letters_of(node: Syntax | Token, names: Names) -> None:
    if isinstance(node, str):
        if not str(node).isdecimal() and node.type.endswith("INDEX"):
            names.letters.add(str(node))
        return
    if kind(node) == "modulo":
        _letters_of(node.children[0], names)
        period = node.children[2]
        if isinstance(period, str) and not period.isdecimal():
            names.sizes.add(str(period))
        return
    for child in node.children if kind(node) in (*PLACES, "bounded") else ():
        _letters_of(child, names)
