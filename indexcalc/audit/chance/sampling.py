r"""Expectations as sums over a sample space: E[f] = sum_w p_w f_w with sum_w p_w = 1, for all weights p.

What varies has another value for each w, x_w; what does not is the same for all. So E is linear, what does not vary
comes out of it, and a fact such as E[x x^T] = S is one about sums. What is independent of other things has a sample
space of its own. What holds for all finite sample spaces and weights is what follows from these rules: which
distribution it is, and that weights are positive, is not used, and so nothing is refuted by numbers.

Integrals are such sums too, with weights that add up to anything; what they are over is no name of the text.

What varies: what stands below the sign, and what is written as a function of that; what the document takes the
expectation of by itself; of other names those that do not stand outside of all expectations of a step, nor are
differentiated by. That they may vary makes only less true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from indexcalc.indices import Index, Range
from indexcalc.meaning.chance.expected import Chance, Expected
from indexcalc.meaning.ranges import UnclearError
from indexcalc.sheet import Definition, Fact, Sheet
from indexcalc.terms import (
    ONE,
    Call,
    Contraction,
    Delta,
    Derivative,
    Number,
    Power,
    Product,
    Sum,
    Tensor,
    Term,
    negative,
)
from indexcalc.walk import mapped, subterms

Places = dict[str, Index]  # of the sample spaces, by the names of what is independent of others
FIRST = -900  # the serial number of the index of the first sum
TWIN = "~"  # behind the name of what varies


def expectations(terms: Iterable[Term], chance: Chance) -> list[Term]:
    """The expectations in some terms."""
    every = (each for term in terms for each in subterms(term)) if chance.expectations else ()
    return [each for each in every if _is_sign(each, chance)]


def holds_expectation(terms: Iterable[Term], chance: Chance) -> bool:
    """Whether an expectation stands in some terms."""
    return bool(expectations(terms, chance))


def without_expectations(sides: list[Term], sheet: Sheet, chance: Chance) -> tuple[list[Term], Sheet]:
    """The sides and the sheet with sums over a sample space in place of expectations.

    Raises UnclearError where an inverse, or a derivative by what varies, stands in one.
    """
    bodies = [each.body for each in sheet.definitions.values()]
    facts = [side for fact in sheet.facts for side in (fact.left, fact.right)]
    if not holds_expectation([*sides, *bodies, *facts], chance):
        return sides, sheet
    lowered = _Lowering(sheet, chance, outside([*sides, *facts], chance) | chance.constant, [*sides, *bodies, *facts])
    new = [lowered.plain(side) for side in sides]
    solved = [_solved(each, chance) for each in sheet.facts]
    squares = {name: fact for fact in solved for name in _squared(fact, chance)}
    every = [each for each in solved if each not in squares.values()] + list(_of_elements(sheet, chance, squares))
    known = tuple(replace(each, left=lowered.plain(each.left), right=lowered.plain(each.right)) for each in every)
    definitions = {
        name: replace(each, body=lowered.plain(each.body)) for name, each in sheet.definitions.items()
    } | lowered.definitions
    slots = dict(sheet.slots) | lowered.slots
    for each in (each for fact in known for side in (fact.left, fact.right) for each in subterms(side)):
        if isinstance(each, Tensor):
            slots.setdefault(each.name, tuple(slot.range for slot in each.slots))
    weighed = tuple(Fact(Contraction((at,), Tensor(name, (at,))), "=", ONE) for name, at in lowered.weights.items())
    return new, replace(sheet, definitions=definitions, facts=known + weighed, slots=slots, order=tuple(slots))


def varied(name: str) -> str:
    """The name in the document of what has a value for each w; empty for other names."""
    base, sign, _ = name.partition(TWIN)
    return base if sign else ""


def constants_of(sides: list[Term], chance: Chance) -> frozenset[str]:
    """The names that do not vary, as a chain shows: they stand outside of expectations, beside a side of only these."""
    if not holds_expectation(sides, chance) or all(outside([side], chance) for side in sides):
        return frozenset()
    return outside(sides, chance) - chance.varying


def _is_sign(term: Term, chance: Chance) -> bool:
    return isinstance(term, Call) and term.function in chance.expectations


def _solved(fact: Fact, chance: Chance) -> Fact:
    """A fact about one expectation and more, as a covariance, solved for it: E[x y] = c + E[x] E[y]."""
    terms = fact.left.terms if isinstance(fact.left, Sum) else ()
    own = [each for each in terms if _is_sign(each, chance)]
    if len(own) != 1 or fact.relation != "=":
        return fact
    return Fact(own[0], "=", Sum(fact.right, *(negative(each) for each in terms if each is not own[0])))


def _squared(fact: Fact, chance: Chance) -> list[str]:
    """The name with independent elements of which a fact says what the expectation of the square of each is."""
    if fact.relation != "=" or not isinstance(fact.left, Call) or not _is_sign(fact.left, chance):
        return []
    match fact.left.arguments[0]:
        case Power(Tensor(name, (_,)), Number(2)) if name in chance.apart:
            return [name]
        case Product((Tensor(name, (_,)) as one, other)) if one is other and name in chance.apart:
            return [name]
    return []


def _of_elements(sheet: Sheet, chance: Chance, squares: dict[str, Fact]) -> Iterator[Fact]:
    """E[x_i x_j] = E[x_i] E[x_j] + delta_ij V_i of independent elements, where the text may say what V is."""
    for name in sorted(chance.apart):
        ranges = sheet.slots.get(name, ())
        if len(ranges) != 1 or name in sheet.definitions:
            continue
        first, second = (Index(letter, ranges[0], FIRST + 1) for letter in "ij")
        for function, kind in sorted(chance.expectations.items()):
            if kind.over is not None and name not in kind.over:
                continue
            one, other = Tensor(name, (first,)), Tensor(name, (second,))
            means = Product(Call(function, one), Call(function, other))
            spread = Tensor(f"?V{kind.key}{name}", (first,))
            joint = Sum(means, Product(Delta(first, second), spread))
            yield Fact(Call(function, Product(one, other)), "=", joint, possible=True)
            told = squares.get(name)
            if told is not None and isinstance(told.left, Call) and told.left.function == function:
                (own,) = (slot for each in subterms(told.left) if isinstance(each, Tensor) for slot in each.slots)
                mean = Call(function, Tensor(name, (own,)))
                square = Product(mean, mean)  # of a variance, it stands on the right side already
                terms = told.right.terms if isinstance(told.right, Sum) else (told.right,)
                rest = [each for each in terms if each is not square]
                value = Sum(*rest) if len(rest) < len(terms) else Sum(told.right, negative(square))
                yield Fact(Tensor(spread.name, (own,)), "=", value)


def outside(terms: Iterable[Term], chance: Chance) -> frozenset[str]:
    """The names that stand outside of all expectations, and those that are differentiated by."""
    found: set[str] = set()
    pending = list(terms)
    while pending:
        term = pending.pop()
        if _is_sign(term, chance):
            found |= {each.variable.name for each in subterms(term) if isinstance(each, Derivative)}
            continue
        if isinstance(term, Tensor):
            found.add(term.name)
        if isinstance(term, Derivative):
            found.add(term.variable.name)
        pending += term.parts
    return frozenset(found)


class _Lowering:
    """One step of the document without expectations: what was made for it so far."""

    def __init__(self, sheet: Sheet, chance: Chance, outside: frozenset[str], terms: list[Term]) -> None:
        self.sheet, self.chance, self.outside = sheet, chance, outside
        self.definitions: dict[str, Definition] = {}
        self.slots: dict[str, tuple[Range, ...]] = {}
        self.weights: dict[str, Index] = {}
        self.serial = FIRST
        spoken = frozenset(name for term in terms for name in term.symbols)
        # What is independent of other things that are spoken of is so whatever it is made of.
        self.told = {one for one, other in chance.independent if one in spoken and other in spoken}
        self.spaces = tuple(sorted(self.told)) or ("",)
        self.moving: dict[tuple[str, Expected], bool] = {}

    def plain(self, term: Term) -> Term:
        """A term that stands outside of expectations."""
        if _is_sign(term, self.chance) and isinstance(term, Call):
            return self.expected(term)
        if isinstance(term, Derivative) and self.is_differentiated_in_one(term):
            raise UnclearError("a derivative by what varies stands at an expectation")
        return mapped(term, self.plain)

    def expected(self, term: Call) -> Term:
        """An expectation as a sum over the spaces on which its body hangs: over each of those that are independent."""
        kind = self.chance.expectations[term.function]
        self.serial -= 1
        places = {space: Index("w", self.space(space), self.serial) for space in self.spaces}
        body = self.inner(term.arguments[0], kind, places)
        used = {space: at for space, at in places.items() if at in body.free or kind.is_integral}
        for space in used:
            weight = f"?P{kind.key}{space}"
            self.slots[weight] = (self.space(space),)
            if not kind.is_integral:
                self.weights.setdefault(weight, places[space])
        weights = (Tensor(f"?P{kind.key}{space}", (at,)) for space, at in used.items())
        return Contraction(used.values(), Product(*weights, body))

    def space(self, name: str) -> Range:
        """The sample space of a name that is independent of others, or of all else."""
        return Range(f"?samples{name}")

    def spaces_of(self, name: str) -> tuple[str, ...]:
        """The sample spaces on which a name hangs: all of those of which it is not independent."""
        return tuple(each for each in self.spaces if (each, name) not in self.chance.independent)

    def inner(self, term: Term, kind: Expected, at: Places) -> Term:
        """A term inside of an expectation, at a place of the sample space."""
        if _is_sign(term, self.chance) and isinstance(term, Call):
            return self.expected(term)
        if isinstance(term, Tensor):
            return self.twin(term, kind, at) if self.varies(term.name, kind) else term
        if isinstance(term, Derivative):
            if self.varies(term.variable.name, kind):
                raise UnclearError("a derivative by what varies stands in an expectation")
            return Derivative(self.inner(term.body, kind, at), term.variable)
        return mapped(term, lambda part: self.inner(part, kind, at))

    def twin(self, tensor: Tensor, kind: Expected, at: Places) -> Term:
        """What varies, at a place of the sample space; what is defined has a definition there."""
        definition = self.definition(tensor.name, kind)
        name = f"{tensor.name}{TWIN}{kind.key if definition is not None else ''}"
        spaces = self.spaces if definition is not None else self.spaces_of(tensor.name)
        self.slots[name] = (*map(self.space, spaces), *(slot.range for slot in tensor.slots))
        if definition is not None and name not in self.definitions:
            self.serial -= 1
            own = {space: Index("w", self.space(space), self.serial) for space in spaces}
            body = self.inner(definition.body, kind, own)
            self.definitions[name] = Definition(name, (*own.values(), *definition.axes), body)
        return Tensor(name, (*(at[space] for space in spaces), *tensor.slots))

    def definition(self, name: str, kind: Expected) -> Definition | None:
        """What a name is made of, if that counts: not of what is integrated over, nor of what is independent."""
        is_bound = kind.is_integral and kind.over is not None and name in kind.over
        return None if name in self.told or is_bound else self.sheet.definitions.get(name)

    def varies(self, name: str, kind: Expected) -> bool:
        """Whether a name has different values in an expectation."""
        known = self.moving.get((name, kind))
        if known is None:
            self.moving[name, kind] = False
            known = self.moving[name, kind] = self._varies(name, kind)
        return known

    def _varies(self, name: str, kind: Expected) -> bool:
        primitive = self.sheet.primitives.get(name)
        if primitive is not None and any(self.varies(each, kind) for each in primitive.symbols):
            raise UnclearError("an inverse, or its like, of what varies stands in an expectation")
        if name in kind.held or primitive is not None:
            return False
        definition = self.definition(name, kind)
        if name in self.told:
            return kind.over is None or name in kind.over
        if definition is not None and (kind.over is None or name not in kind.over):
            return self._moves(definition.body, kind)
        arguments = self.chance.arguments.get(name, frozenset()) - {name}
        if kind.over is not None and (name in kind.over or arguments or not kind.is_integral):
            return name in kind.over or any(self.varies(each, kind) for each in arguments)
        return name in self.chance.varying or name not in self.outside

    def _moves(self, term: Term, kind: Expected) -> bool:
        """Whether a term hangs on what varies, outside of expectations of its own."""
        if _is_sign(term, self.chance):
            return False
        if isinstance(term, Tensor):
            return self.varies(term.name, kind)
        return any(self._moves(part, kind) for part in term.parts)

    def is_differentiated_in_one(self, term: Derivative) -> bool:
        """Whether a derivative by a name is taken of an expectation in which that varies, through definitions too."""
        pending, seen = [term.body], set()
        while pending:
            each = pending.pop()
            if _is_sign(each, self.chance) and isinstance(each, Call):
                kind = self.chance.expectations[each.function]
                name = term.variable.name
                if self.varies(name, kind) or self._hangs(kind, name):
                    return True
            if isinstance(each, Tensor) and each.name in self.sheet.definitions and each.name not in seen:
                seen.add(each.name)
                pending.append(self.sheet.definitions[each.name].body)
            pending += each.parts
        return False

    def _hangs(self, kind: Expected, name: str) -> bool:
        """Whether the distribution, or the limits, of an expectation hang on a name."""
        if not kind.is_integral:
            return name in kind.key
        return any(each == name or self.sheet.depends([each], name) for each in kind.names)
