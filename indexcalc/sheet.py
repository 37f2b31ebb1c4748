"""A sheet: what a text defines, assumes and claims, and the ranges of its letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from indexcalc.errors import IndexcalcError, Span
from indexcalc.reads import Read
from indexcalc.showing import Shown
from indexcalc.terms import Index, Number, Range, Tensor, Term
from indexcalc.walk import instance, subterms

UNMOVED = Tensor("?unmoved", ())  # in place of the tangent of a primitive that has none
OWN = 3  # the weight of the letters on the left side of a definition


MADE = re.compile(r"_place\d+(_upto)?'*$")  # letters of places that are looked up, which no text writes


@dataclass(frozen=True)
class Definition:
    """name[axes] = body. The axes are different indices; the body is free in no others.

    One that defines a derivative is not recognised in results: it would answer a question by itself.
    """

    name: str
    axes: tuple[Index, ...]
    body: Term
    recognised: bool = True

    def at(self, slots: tuple[Index, ...]) -> Term:
        """The body at these indices."""
        return instance(self.axes, self.body, slots)


@dataclass(frozen=True)
class Primitive:
    """name[axes] = kind(operands): a definition that has a tangent in place of a body, such as an inverse.

    batch: the axes along which the primitive is applied again and again; an operand may lack some of them.
    operands: the tensors that it is applied to, at different indices; matrices: for each of them the indices that the
    primitive works on. result: the indices of what it gives; the axes are these and the batch, in any order.
    tangent: how it moves: linear in the tangents of the operands, which are the tensors `tangent_name(place)` at the
    indices of the operand. A tensor of any other name is as it was in it, an operand of the same name too.
    """

    name: str
    kind: str
    axes: tuple[Index, ...]
    batch: tuple[Index, ...]
    operands: tuple[Tensor, ...]
    matrices: tuple[tuple[Index, ...], ...]
    result: tuple[Index, ...]
    tangent: Term

    @property
    def symbols(self) -> frozenset[str]:
        """The tensors that it is applied to."""
        return frozenset(operand.name for operand in self.operands)

    def moved(self, slots: tuple[Index, ...]) -> Term:
        """The tangent at these indices. Raises IndexcalcError where it has none."""
        if self.tangent is UNMOVED:
            cause = f"{self.name} has no derivative here: it is one itself, of the first order, and there is no second"
            raise IndexcalcError(cause, "Ask for a first derivative, or take differences of it")
        return instance(self.axes, self.tangent, slots)

    def over(self, change: Callable[[Term], Term], index: Callable[[Index], Index]) -> Primitive:
        """The same over other ranges: its terms and indices changed; a tensor has to stay one."""

        def indices(old: tuple[Index, ...]) -> tuple[Index, ...]:
            return tuple(map(index, old))

        return replace(
            self,
            axes=indices(self.axes),
            batch=indices(self.batch),
            operands=tuple(Tensor(each.name, indices(each.slots)) for each in self.operands),
            matrices=tuple(map(indices, self.matrices)),
            result=indices(self.result),
            tangent=change(self.tangent),
        )

    def operand_of(self, name: str) -> str:
        """The operand whose tangent has this name."""
        return self.operands[int(name.removeprefix("~d")) - 1].name

    @property
    def tangents(self) -> dict[str, str]:
        """The names of the tangents, and of their operands."""
        return {tangent_name(place): each.name for place, each in enumerate(self.operands, 1)}


def tangent_name(place: int) -> str:
    """The name of the tangent of an operand, counted from 1; no text can hold it."""
    return f"~d{place}"


@dataclass(frozen=True)
class Fact:
    """left relation right, for all values of the free indices. The relation is = < <= > or >=.

    possible: it is known that something obeys it, so that no numbers have to be found that do.
    """

    left: Term
    relation: str
    right: Term
    possible: bool = False


@dataclass(frozen=True)
class Claim:
    """`check A = B = C`: the sides, the free indices of the first one, and where the sides stand in the text."""

    sides: tuple[Term, ...]
    axes: tuple[Index, ...]
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, repr=False)
class Sheet(Shown):
    """What a text says.

    text: the text itself.
    definitions: by name, in the order of the text.
    primitives: the tensors that are an inverse, a determinant or their like, by name.
    letters: the range of every index letter.
    slots: the ranges of the slots of every tensor, defined or not; () for a scalar.
    order: the names of tensors in the order in which the text first uses them (how factors are printed).
    written: the ranges over which the text writes sums out instead of implying them.
    varied: the matrices that vary among the symmetric (1) or the antisymmetric (-1) ones. definite: those that are
    positive definite, for samples to be so.
    notation: how a name is spelled in LaTeX, where the text says so.
    outside: what stands beyond the axes of a tensor, where the text says it. reads: the elements that are read at
    shifted places, which must exist.
    remarks: what was read in a way that may not be meant; errors that are not raised.
    source: the statements as they were read, for the notation room to add to them; none for a sheet made by hand.
    """

    text: str = ""
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    primitives: Mapping[str, Primitive] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    claims: tuple[Claim, ...] = ()
    letters: Mapping[str, Range] = field(default_factory=dict)
    slots: Mapping[str, tuple[Range, ...]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    written: frozenset[Range] = frozenset()
    notation: Mapping[str, str] = field(default_factory=dict)
    varied: Mapping[str, int] = field(default_factory=dict)
    definite: frozenset[str] = frozenset()
    outside: Mapping[str, Fraction | float] = field(default_factory=dict)
    reads: tuple[Read, ...] = field(default=(), repr=False, compare=False)
    remarks: tuple[IndexcalcError, ...] = field(default=(), repr=False, compare=False)
    source: Any = field(default=None, repr=False, compare=False)

    @cached_property
    def leaves(self) -> dict[str, tuple[Range, ...]]:
        """The tensors that nothing defines, with the ranges of their slots."""
        made = self.definitions.keys() | self.primitives.keys()
        return {name: ranges for name, ranges in self.slots.items() if name not in made}

    @cached_property
    def made_of(self) -> dict[str, frozenset[str]]:
        """For each definition and primitive all the tensors that it depends on, through others too."""
        found: dict[str, frozenset[str]] = {}
        for each in self.all_in_order:
            if each.name in found:
                continue
            together = self.recurrences.get(each.name, (each.name,))
            direct = frozenset[str]().union(*map(self.direct, together))
            whole = direct.union(*(found.get(name, ()) for name in direct))
            found |= dict.fromkeys(together, whole)
        return found

    @cached_property
    def recurrences(self) -> dict[str, tuple[str, ...]]:
        """The definitions that read themselves, at other places, each with all that are read with it."""
        try:
            TopologicalSorter({name: self.direct(name) for name in self.definitions}).prepare()
            return {}
        except CycleError:
            pass
        reached = {name: self._reached(name) for name in self.definitions}
        return {
            name: tuple(each for each in self.definitions if each in reached[name] and name in reached[each])
            for name in self.definitions
            if name in reached[name]
        }

    def _reached(self, name: str) -> set[str]:
        """The definitions that one needs, directly or through others."""
        found: set[str] = set()
        pending = [name]
        while pending:
            for use in self.direct(pending.pop()) & self.definitions.keys():
                if use not in found:
                    found.add(use)
                    pending.append(use)
        return found

    def direct(self, name: str) -> frozenset[str]:
        """The tensors that a definition or a primitive names."""
        definition = self.definitions.get(name)
        return self.primitives[name].symbols if definition is None else definition.body.symbols

    @cached_property
    def in_order(self) -> tuple[Definition, ...]:
        """The definitions, each after those that it uses."""
        return tuple(each for each in self.all_in_order if isinstance(each, Definition))

    @cached_property
    def all_in_order(self) -> tuple[Definition | Primitive, ...]:
        """The definitions and primitives, each after those that it uses."""
        every: dict[str, Definition | Primitive] = {**self.definitions, **self.primitives}
        done: dict[str, Definition | Primitive] = {}
        pending: list[str] = list(every)[::-1]
        while pending:
            name = pending[-1]
            needed = self.direct(name).difference(self.recurrences.get(name, ()))
            for other in self.recurrences.get(name, ()):  # all of them come after what one of them needs
                needed |= self.direct(other).difference(self.recurrences[name])
            missing = [use for use in sorted(needed) if use in every and use not in done]
            if name in done or not missing:
                pending.pop()
                for each in self.recurrences.get(name, (name,)):
                    done.setdefault(each, every[each])
            else:
                pending += missing
        return tuple(done.values())

    # How the sheet is written: worked out once, since every text that is written in its words asks for it.

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The place of each tensor in `order`."""
        return {name: rank for rank, name in enumerate(self.order)}

    @cached_property
    def ranks_of_ranges(self) -> dict[Range, int]:
        """The place of each range in the order of the letters."""
        return {range: rank for rank, range in enumerate(dict.fromkeys(self.letters.values()))}

    @cached_property
    def letters_of(self) -> dict[Range, list[str]]:
        """The letters of each range."""
        found: dict[Range, list[str]] = {}
        for letter, range in self.letters.items():
            found.setdefault(range, []).append(letter)
        return {range: [each for each in known if not MADE.search(each)] or known for range, known in found.items()}

    @cached_property
    def habits(self) -> dict[tuple[str, int], dict[str, int]]:
        """How often the sheet writes each letter at each place of a tensor; a definition's own letters weigh more."""
        found: dict[tuple[str, int], dict[str, int]] = {}
        for definition in self.definitions.values():
            used = [tensor for tensor in subterms(definition.body) if isinstance(tensor, Tensor)]
            weights = {Tensor(definition.name, definition.axes): OWN, **dict.fromkeys(used, 1)}
            for tensor, weight in weights.items():
                for slot, index in enumerate(tensor.slots):
                    letters = found.setdefault((tensor.name, slot), {})
                    letters[index.name] = letters.get(index.name, 0) + weight
        return found

    def with_definitions(self, further: Iterable[Definition]) -> Sheet:
        """The sheet with further definitions, such as those of adjoints; the same object if there are none."""
        new = {each.name: each for each in further}
        if not new:
            return self
        slots = {name: tuple(axis.range for axis in each.axes) for name, each in new.items()}
        order = (*self.order, *(name for name in new if name not in self.order))
        return replace(
            self, definitions={**self.definitions, **new}, slots={**self.slots, **slots}, order=order
        )

    def with_primitive(self, further: Primitive) -> Sheet:
        """The sheet with a further primitive."""
        slots = {**self.slots, further.name: tuple(axis.range for axis in further.axes)}
        order = self.order if further.name in self.order else (*self.order, further.name)
        return replace(self, primitives={**self.primitives, further.name: further}, slots=slots, order=order)

    def with_leaves(self, further: Mapping[str, tuple[Range, ...]]) -> Sheet:
        """The sheet with further tensors that nothing defines, such as directions."""
        order = (*self.order, *(name for name in further if name not in self.order))
        return replace(self, slots={**self.slots, **further}, order=order)

    def is_pi(self, name: str) -> bool:
        """Whether a name is that of the number pi: with indices it is a tensor like any other, such as weights."""
        return name == "pi" and not self.slots.get(name)

    def fresh_name(self, wanted: str) -> str:
        """The name, with underscores behind it if the sheet has a tensor of that name."""
        while wanted in self.slots:
            wanted += "_"
        return wanted

    @cached_property
    def positive(self) -> frozenset[str]:
        """The tensors that a fact calls positive: x[i] > 0."""
        found: set[str] = set()
        for fact in self.facts:
            above, below = (fact.left, fact.right) if fact.relation in (">", ">=") else (fact.right, fact.left)
            strict = fact.relation in ("<", ">")
            if isinstance(above, Tensor) and isinstance(below, Number) and fact.relation != "=":
                is_whole = len(above.free) == len(above.slots)
                found.update({above.name} if is_whole and (below.value > 0 or (strict and below.value == 0)) else ())
        return frozenset(found)

    def inline(self, tensor: Tensor) -> Term | None:
        """What a tensor stands for; none for a leaf, and for a recurrence, which holds itself."""
        definition = self.definitions.get(tensor.name)
        return definition.at(tensor.slots) if definition and tensor.name not in self.recurrences else None

    def ranges_named(self, ranges: Iterable[Range], names: Iterable[str]) -> Iterator[tuple[str, Range]]:
        """Each name with the range of which it is the size or an index. Raises IndexcalcError for any other name."""
        ranges = tuple(ranges)
        known = {range.label: range for range in ranges}
        known |= {letter: range for letter, range in self.letters.items() if range in ranges}
        for name in names:
            if name not in known:
                raise IndexcalcError(f"there is no size or index {name}", f"Known are {', '.join(sorted(known))}")
            yield name, known[name]

    def sizes_of(self, ranges: Iterable[Range], given: Mapping[str, int]) -> dict[Range, int]:
        """The sizes that are given for some ranges, by the name of a size or of an index. Raises IndexcalcError."""
        found: dict[Range, int] = {}
        for name, range in self.ranges_named(ranges, given):
            size = given[name]
            if size < 1 or found.setdefault(range, size) != size or range.size not in (None, size):
                raise IndexcalcError(f"the size of {name} cannot be {size}", "Leave it out, or give the declared size")
        return found

    def depends(self, names: Iterable[str], on: str) -> bool:
        """Whether one of these tensors is, or is made of, the tensor `on`."""
        return any(name == on or on in self.made_of.get(name, ()) for name in names)
