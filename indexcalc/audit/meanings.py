"""The meanings of a document: its names, ranges and definitions, and what was made of them so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import ClassVar

from indexcalc.audit.comparing.assumed import Assumed
from indexcalc.audit.defined import Defined, Definitions
from indexcalc.audit.fields.laws import error_term
from indexcalc.audit.outline.statements import Statement
from indexcalc.audit.proving.counterexamples import seem_equal
from indexcalc.audit.proving.proof import Verdict, prove
from indexcalc.audit.summation import summed_letters
from indexcalc.calculus.resolve import Resolver
from indexcalc.context.functions.calls import definition_call
from indexcalc.context.functions.signatures import is_of
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import DECLARED
from indexcalc.context.names import Use
from indexcalc.context.spoken import names_of
from indexcalc.indices import Index, Range
from indexcalc.meaning.chance.expectations import read_either
from indexcalc.meaning.chance.expected import Chance
from indexcalc.meaning.differentials import varied_in
from indexcalc.meaning.primitives import Pending, is_pending
from indexcalc.meaning.ranges import Ranges, UnclearError
from indexcalc.meaning.reading import read
from indexcalc.meaning.scope import FunctionBody, Scope
from indexcalc.meaning.tensors import tensor
from indexcalc.meaning.values import Value
from indexcalc.notation.formula import Formula
from indexcalc.rewrite.simplify import shortener
from indexcalc.sheet import Sheet
from indexcalc.terms import Call, Delta, Derivative, Power, Tensor, Term
from indexcalc.walk import subterms

Bodies = dict[tuple[int, tuple[tuple[str, tuple[str, int]], ...]], tuple[tuple[Index, ...], Term] | str]

DIFFER = Verdict("undecided", "the sides differ on a sample")  # of a mend: with or without definitions


@dataclass(frozen=True)
class Kept:
    """What ran over the same values, and the definitions that were read, at some time."""

    ranges: Ranges
    bodies: Bodies


@dataclass
class Meanings:
    """The meanings of a document: its names, ranges and definitions, and what was made of them so far.

    spelled: for each name of a tensor the letter and the labels that it has in the text.
    """

    known: Knowledge
    definitions: Definitions
    ranges: Ranges = field(default_factory=Ranges)
    slots: dict[str, tuple[Range, ...]] = field(default_factory=dict)
    spelled: dict[str, Use] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)  # letters that the text writes by another command: \\varphi
    bodies: Bodies = field(default_factory=dict)
    facts: list[tuple[int, int, Term, str, Term]] = field(default_factory=list)
    opaque: dict[str, str] = field(default_factory=dict)
    primitives: dict[str, Pending] = field(default_factory=dict)
    chance: Chance = field(default_factory=Chance)
    given_derivatives: list[Statement] = field(default_factory=list)
    depends: set[tuple[str, str]] = field(default_factory=set)  # names that the document differentiates, and by what
    derivatives: list[tuple[int, str, str, tuple[Index, ...], Term, str]] = field(default_factory=list)
    given: list[tuple[int, Assumed]] = field(default_factory=list)  # facts of sheets, from where on they hold
    convention: Callable[[int], str] = lambda place: ""  # of derivatives by symmetric matrices, at a place
    serial: int = 0
    also: tuple[str, ...] = ()  # further kinds of definitions that count
    said: dict[tuple[str, str], int] = field(default_factory=dict)  # derivatives of which the text says what they are
    is_tried: ClassVar[bool] = False  # sides are tried on numbers, and nothing is proved
    is_quick: bool = False  # sides that numbers tell apart are not looked at any further
    constants: frozenset[str] = frozenset()  # names that are taken not to depend on anything
    places: set[tuple[Range, int]] = field(default_factory=set)  # of which ranges which elements are written out

    @contextmanager
    def quickly(self) -> Iterator[None]:
        """Questions of which only a confirmation counts."""
        before, self.is_quick = self.is_quick, True
        try:
            yield
        finally:
            self.is_quick = before

    def keep(self) -> Kept:
        """What runs over the same values, and the definitions that were read, to be restored."""
        return Kept(self.ranges.copy(), dict(self.bodies))

    def restore(self, kept: Kept) -> None:
        """Undo what was joined since; what was made since stays, each by itself."""
        self.ranges.part(kept.ranges)
        self.bodies = dict(kept.bodies)

    def note_places(self, term: Term) -> None:
        """Note the elements that a term writes out."""
        for each in subterms(term):
            if isinstance(each, Tensor | Delta):
                self.places |= {(slot.range, int(slot.name)) for slot in each.slots if slot.name.isdigit()}

    def highest(self, ranges: Iterable[Range]) -> int:
        """The highest place of settled ranges that the document writes out."""
        wanted = set(ranges)
        return max((place for range, place in self.places if self.ranges.settled(range) in wanted), default=0)

    def dimension(self) -> int:
        """The dimension that a text in index notation shows: by cross products, thirds of traces, or 1, 2, 3; or 0."""
        if self.known.space or self.known.solid:
            return 3
        if not self.known.implied or self.known.extents:
            return 0
        written: dict[Range, set[int]] = {}
        for range_, place in self.places:
            written.setdefault(self.ranges.settled(range_), set()).add(place)
        return 3 if {1, 2, 3} in written.values() and max(place for _, place in self.places) == 3 else 0

    def shapes(self) -> None:
        r"""Give the slots of names the sizes that the text names for them: x \in \mathbb{R}^{m \times n}."""
        for name, trait in list(self.known.ledger.entries):
            for found in sorted(self.known.ledger.entries[name, trait], key=lambda each: each.place):
                if trait == "shape" and isinstance(found.value, tuple):
                    self._shape(name, found.value, found.place)

    def _shape(self, name: str, shape: tuple[str, ...], place: int) -> None:
        """Give the slots of a name the sizes that the text names for them at a place."""
        rank = self.known.rank(name, place)
        slots = NamingScope(self.known, self.ranges, self.slots, place).ranges_of(name, rank)
        for slot, size in zip(slots[rank - len(shape) :], shape, strict=False):
            if size and not self.ranges.is_merged(slot, int(size) if size.isdigit() else size):
                self.ranges.join(slot, self.ranges.of_size(int(size) if size.isdigit() else size), named_alike=True)

    def scope(self, place: int, labels: dict[str, tuple[str, int]] | None = None) -> Scope:
        """A scope for the formulas of a statement at a place."""
        self.serial += 1

        def function(name: str) -> FunctionBody | None:
            use = Use(name) if name not in self.spelled else self.spelled[name]
            found = self.definitions.find(use.letter, use.labels, place, ("function",))
            if found is None or found[0].lost:
                return None
            indices = tuple(item.text for item in found[0].use.indices if item.kind == "letter")
            return FunctionBody(found[0].parameters, found[0].body, indices)

        def defined(name: str) -> bool:
            return self.find(name, place) is not None

        def hanging(body: Formula, parameter: str, others: frozenset[str]) -> list[tuple[Use, Formula]]:
            found = self.hanging(body, parameter, others, place)
            return [(each.use, each.body) for each in found]

        made = NamingScope(
            self.known, self.ranges, self.slots, place, labels=labels or {}, function=function, defined=defined
        )
        made.opaque, made.spelled, made.primitives = self.opaque, self.spelled, self.primitives
        made.chance = self.chance
        made.derived = self._derived
        made.hanging = hanging
        made.serial = self.serial * 1000
        return made

    def find(self, name: str, place: int) -> tuple[Defined, dict[str, tuple[str, int]]] | None:
        """The definition of a tensor that holds at a place."""
        if (signed := self.known.signed.get(name)) is not None:  # one of several functions of a letter
            if (quotient := self.definitions.find(name, (), place)) is not None:
                return quotient
            own = self.find(signed.base, place)
            is_own = own is not None and is_of(own[0].parameters, signed.base, signed.signature, self.known)
            return own if is_own else None
        base = name.removesuffix("_squared")
        use = self.spelled.get(base) or self.spelled.get(name) or Use(base)
        kinds = ("square",) if name.endswith("_squared") else ("definition", "function", "logarithm", "given")
        found = self.definitions.find(use.letter, use.labels, place, (*kinds, *self.also))
        if found is not None and self.known.epoch(base, found[0].place) != self.known.epoch(base, place):
            return None  # the text has given the name another shape since: it is another thing
        return found

    def hanging(self, body: Formula, parameter: str, others: frozenset[str], place: int) -> list[Defined]:
        """The definitions that hold at a place of what a formula speaks of and what is defined through a parameter.

        Not of other parameters, of functions that have arguments, nor of data with an error term, y = x b + e.
        """
        found: dict[str, Defined] = {}
        seen = {parameter, *others}

        def hangs(name: str) -> bool:
            if name in seen:
                return name == parameter or name in found
            seen.add(name)
            defined = self.find(name, place)
            if defined is None or defined[0].given or defined[0].parameters or error_term(defined[0].body):
                return False
            names = sorted(names_of(defined[0].body, self.known))
            hanging = [hangs(each) for each in names]  # all: each is noted by itself
            if any(hanging):
                found[name] = defined[0]
            return name in found

        for name in sorted(names_of(body, self.known)):
            hangs(name)
        return list(found.values())

    def _derived(self, term: Term, name: str) -> Term:
        """The derivative of a term by a scalar, worked out with nothing but the term itself known."""
        names = sorted(term.symbols | {name})
        if any(map(is_pending, names)):
            raise UnclearError("the derivative of a function of an inverse or a determinant")
        sheet = Sheet(slots={each: self.ranges_of(term, each) for each in names}, order=tuple(names))
        return Resolver(sheet, shortener).resolve(Derivative(term, Tensor(name)))

    def ranges_of(self, term: Term, name: str) -> tuple[Range, ...]:
        """The ranges of the slots of a tensor, as a term has it."""
        return next(
            (
                tuple(slot.range for slot in each.slots)
                for each in subterms(term)
                if isinstance(each, Tensor) and each.name == name
            ),
            (),
        )

    def body(self, found: Defined, labels: dict[str, tuple[str, int]]) -> tuple[tuple[Index, ...], Term] | str:
        """The axes and the body of a definition; the reason, where it is of no use."""
        key = (id(found), tuple(sorted(labels.items())))
        if key not in self.bodies:
            self.bodies[key] = "it is defined by itself"
            self.bodies[key] = self._body(found, labels)
        return self.bodies[key]

    def _body(self, found: Defined, labels: dict[str, tuple[str, int]]) -> tuple[tuple[Index, ...], Term] | str:
        if found.lost:
            return found.lost
        if found.given is not None:
            return found.given
        scope = self.scope(found.place, labels)
        try:
            left = tensor(replace(found.use, power=None, primes=found.use.primes), scope)
            if found.kind == "square" and isinstance(left.term, Power):
                left = left.with_term(left.term.base)
            own = [item.text for item in found.use.indices]
            scope.outer = frozenset(own)
            scope.summed = summed_letters(found.body, scope.known, scope.counts, frozenset(own))
            scope.varied = varied_in([found.body], scope.known)
            right = read_either(found.body, scope, read)
        except UnclearError as error:
            return error.cause
        term = left.term
        if not isinstance(term, Tensor):
            return "its left side is no tensor"
        try:
            body = self._fitting(right, left, scope)
        except UnclearError as error:
            return error.cause
        if body is None:
            return f"its sides have {left.order} and {right.order} axes"
        if found.kind == "logarithm":
            body = Call("exp", body)
        if not body.free <= set(term.slots):
            return "its right side has a letter that its left side has not"
        return term.slots, body

    def is_of_unknown_shape(self, found: Defined) -> bool:
        """Whether a definition says only that a number depends on an array, by a function of which nothing is said."""
        call = definition_call(found.body)
        use = self.known.use(call[0]) if call else None
        body = self.body(found, {})
        if not isinstance(body, str) or use is None or found.use.indices or not body.startswith("its sides have 0 and"):
            return False
        return self.definitions.find(use.letter, use.labels, found.place, ("function",)) is None

    def _fitting(self, right: Value, left: Value, scope: Scope) -> Term | None:
        if right.order == left.order:
            for own, other in zip(right.axes, left.axes, strict=True):
                scope.ranges.join(own.range, other.range)
            return right.at(left.axes)
        return right.term if right.order == 0 else None

    def derivative(self, name: str, variable: str, place: int) -> tuple[tuple[Index, ...], Term, int, str] | None:
        """What the document says that a derivative of an unknown function is.

        By its own slots and those of the variable; where it says so, and in which words.
        """
        found = [each for each in self.derivatives if each[1:3] == (name, variable) and each[0] < place]
        return (found[-1][3], found[-1][4], found[-1][0], found[-1][5]) if found else None

    def is_stated(self, name: str, place: int, least: int = DECLARED) -> bool:
        """Whether a declaration says what a name is: it is free, whatever the text does not say of it."""
        use = self.spelled.get(name)
        found = self.known.ledger.ask(use.name if use else name, "axes", place)
        return found is not None and found.strength >= least

    def verdict(
        self,
        left: Term,
        right: Term,
        sheet: Sheet,
        axes: tuple[Index, ...],
        only_proof: bool = False,
        at_sight: bool = False,
    ) -> Verdict:
        """The verdict on two terms. only_proof, at_sight: see `prove`."""
        if self.is_quick and not seem_equal(left, right, sheet, axes):
            return DIFFER
        return prove(left, right, sheet, axes, only_proof, at_sight)

    def is_alike(self, name: str, other: str) -> bool:
        """Whether what depends on one of two names may be asked for its derivative by the other."""
        return name == other

    # ----- The sheet of a step -----

    def reach(self, names: Iterable[str]) -> dict[str, tuple[int, int]]:
        """The smallest and the largest offset of each letter in the labels of names.

        Definitions by steps are followed so far.
        """
        found: dict[str, tuple[int, int]] = {}
        for name in names:
            use = self.spelled.get(name.removesuffix("_squared"))
            for label in use.labels if use else ():
                if label.mark and label.text.isalpha():
                    low, high = found.get(label.text, (label.offset, label.offset))
                    found[label.text] = min(low, label.offset), max(high, label.offset)
        return found


class NamingScope(Scope):
    """A scope that keeps how the names of tensors are spelled."""

    spelled: dict[str, Use]

    def name(self, use: Use) -> str:
        """The name of a tensor as it is meant here."""
        labels = tuple(map(self.label, use.labels)) if self.labels else use.labels
        bare = Use(use.letter, labels)
        self.spelled.setdefault(bare.name, bare)
        return bare.name
