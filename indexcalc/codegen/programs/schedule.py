"""Terms to a program: each formula taken apart into array operations, each operation done once.

The way of a term: stable forms are put in (`stable`), it is taken apart by its deltas (`structure`), and what is left
becomes values from the inside out. Definitions become values that bear their names. A contraction of many factors stays
one value here; `order` splits it where a target wants that.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction

from indexcalc.codegen.preparing.brackets import Brackets
from indexcalc.codegen.preparing.guards import Guards
from indexcalc.codegen.preparing.spelling import spelled
from indexcalc.codegen.preparing.stable import Stabiliser
from indexcalc.codegen.preparing.structure import Parts, Structure, common, deltas, replacement, representatives
from indexcalc.codegen.programs.algebra import primitive
from indexcalc.codegen.programs.arithmetic import Arithmetic, arranged
from indexcalc.codegen.programs.choices import indicator, where
from indexcalc.codegen.programs.looking import added, at_looked_up
from indexcalc.codegen.programs.places import restricted, shift
from indexcalc.codegen.programs.products import divisor_of, is_product, is_spread, like, multiplied_out, sign_of
from indexcalc.codegen.programs.program import (
    Assemble,
    Axes,
    Fits,
    Leaf,
    Normal,
    Permutation,
    Places,
    Program,
    Reduce,
    Result,
    Use,
    Value,
)
from indexcalc.codegen.programs.shifting import at_other_places, scanned
from indexcalc.errors import IndexcalcError
from indexcalc.looked import counted_place
from indexcalc.notation.shifts.order import circles
from indexcalc.rewrite.symmetry import canonical_under
from indexcalc.sheet import Definition, Sheet
from indexcalc.terms import (
    ONE,
    Call,
    Constraint,
    Contraction,
    Derivative,
    Epsilon,
    Index,
    Indicator,
    Number,
    Power,
    Product,
    Reduction,
    Size,
    Sum,
    Tensor,
    Term,
    Where,
    coefficient_and_rest,
    factors_of,
)
from indexcalc.walk import substitute

Targets = Mapping[str, tuple[Term, Axes]]


def schedule(targets: Targets, sheet: Sheet, inputs: Collection[str] = (), compressed: bool = False) -> Program:
    """The program that computes terms.

    Parameters
    ----------
    targets: for each result its term and its axes; an axis that the term lacks is one along which it is constant.
    sheet: where the definitions are; the terms hold no derivative.
    inputs: tensors that are taken as given although the sheet defines them.
    compressed: leave the deltas between the axes of a result out of its array; its pattern says what was left out.
    """
    return Scheduler(sheet, inputs).program(targets, compressed)


class Scheduler(Arithmetic):
    """Lowers the terms of one program."""

    def __init__(self, sheet: Sheet, inputs: Collection[str]) -> None:
        super().__init__()
        self.sheet = sheet
        self.primitives = {name: each for name, each in sheet.primitives.items() if name not in inputs}
        definitions = {name: each for name, each in sheet.definitions.items() if name not in inputs}
        self.circles = {name: circle for circle in circles(definitions) for name in circle}
        self.recurrences = {name: definitions.pop(name) for name in self.circles}
        self.stable = Stabiliser(definitions, sheet.positive)
        self.definitions = {
            each.name: replace(each, body=self.stable(each.body)) for each in sheet.in_order if each.name in definitions
        }
        self.brackets = Brackets(Guards(self.definitions))
        for each in self.definitions.values():
            self.definitions[each.name] = replace(each, body=self.brackets(each.body))
        self.structure = Structure(self.definitions)
        self.canonical = canonical_under(sheet)
        self.guards = Guards(self.definitions)
        self.places = {name: place for place, name in enumerate(sheet.order)}
        self.names: dict[Value, str] = {}
        self.shifted: dict[str, tuple[Use, Axes]] = {}  # elements at other places, under names that no text can hold
        self._known: dict[Term, Use] = {}
        self._defined: dict[str, Use] = {}
        self.scanned: dict[str, Use] = {}

    def program(self, targets: Targets, compressed: bool) -> Program:
        """All of it; the definitions first, so that a long chain of them is no deep recursion."""
        for definition in self.definitions.values():
            if not self.structure.is_linked(definition.name):
                self._definition(definition)
        results = [self._result(name, term, axes, compressed) for name, (term, axes) in targets.items()]
        return Program(tuple(results), self.names)

    def _result(self, name: str, term: Term, axes: Axes, compressed: bool) -> Result:
        parts = self.structure.parts(self.brackets(self.stable(spelled(term, self.sheet, axes))))
        pattern = axes
        if compressed and parts:
            chosen = representatives(common(parts), axes)
            pattern = tuple(chosen.get(axis, axis) for axis in axes)
            parts = self.structure.parts(substitute(self._whole(parts), chosen))
        kept = tuple(dict.fromkeys(index for index in pattern if index.place is None))
        use = self._from_parts(parts, kept, term)
        missing = frozenset(kept).difference(use.axes)
        if use.indices != kept and not compressed and (missing or len(use.axes) < len(use.indices)):
            use = self.build.make(Assemble((kept,), (False,)), [use], kept, term)
        return Result(name, axes, pattern, use)

    @staticmethod
    def _whole(parts: Parts) -> Term:
        """The parts as one term again."""
        return Sum(*(Product(part.term, *deltas(part.equal)) for part in parts))

    # ----- Terms ---------------------------------------------------------------------------------------------

    def lower(self, term: Term, order: Axes = ()) -> Use:
        """The value of a term; its axes come in the given order where that is still to choose."""
        known = self._known.get(term)
        if known is None:
            if isinstance(term, Tensor):
                known = self._tensor(term)
            else:
                known = self._from_parts(self.structure.parts(term), order, term)
            self._known[term] = known
        return known

    def _from_parts(self, parts: Parts, order: Axes, formula: Term) -> Use:
        if not parts:
            return self.literal(Fraction(0))
        if len(parts) == 1 and not parts[0].equal:
            return self._whole_term(self.stable(parts[0].term), order)
        linked = {index for part in parts for each in part.equal for index in each}
        free = linked.union(*(part.term.free for part in parts))
        axes = arranged((index for index in sorted(free) if index.place is None), order)
        writes = []
        for place, part in enumerate(parts):
            chosen = representatives(part.equal, axes)
            pattern = tuple(chosen.get(axis, axis) for axis in axes)
            rest = replacement(part, parts[:place], chosen)
            term = substitute(part.term, chosen) if rest is None else rest
            writes.append((pattern, rest is not None, self.lower(self.stable(term), axes)))
        patterns, replaces, cores = zip(*writes, strict=True)
        return self.build.make(Assemble(patterns, replaces), cores, axes, formula)

    def _whole_term(self, term: Term, order: Axes) -> Use:
        """The value of a term without deltas that it is linear in."""
        match term:
            case Number(value):
                return self.literal(value)
            case Size(range):
                return self.size(range)
            case Tensor():
                return self._tensor(term)
            case Sum():
                return self._sum(term, order)
            case Contraction() if (place := counted_place(term)) is not None:
                return self.build.make(Places(place), (), (place,), term)
            case Product() | Contraction():
                return self._product(term, order)
            case Power():
                return self._power(term, order)
            case Call(function, arguments):
                return self.map(function, [self.lower(each, order) for each in arguments], order, term)
            case Reduction():
                return self._reduction(term, order)
            case Indicator():
                return at_looked_up(self, (), (term,), order) or indicator(self, term, order)
            case Constraint(relation, form, period):
                return self.build.make(Fits(relation, form, period), (), arranged(form.free, order), term)
            case Where():
                return where(self, term, order)
            case Epsilon(slots):
                axes = arranged((index for index in slots if index.place is None), order)
                return self.build.make(Permutation(slots), (), axes, term)
            case Derivative():
                raise IndexcalcError(
                    "a derivative that has not been worked out cannot be turned into code",
                    "Resolve it first",
                )
        raise TypeError(f"no rule for {type(term).__name__}")

    # ----- Tensors -------------------------------------------------------------------------------------------

    def _tensor(self, term: Tensor) -> Use:
        if term.name in self.shifted:
            use, axes = self.shifted[term.name]
            return use.renamed(dict(zip(axes, term.slots, strict=True)))
        if term.name in self.stable.forms:
            return self._normal(term)
        if term.name in self.stable.hidden:
            return self._hidden(term)
        if term.name in self.primitives:
            return primitive(self, self.primitives[term.name], term.slots)
        if term.name in self.recurrences:
            use = scanned(self, term.name)
            return use.renamed(dict(zip(self.recurrences[term.name].axes, term.slots, strict=True)))
        if term.name not in self.definitions:
            ranges = self.sheet.slots.get(term.name, tuple(slot.range for slot in term.slots))
            if len(ranges) > len(term.slots) == 0 and term.name == "pi":  # the number, beside a tensor of its name
                return self.literal(math.pi)
            axes = tuple(Index(f"i{place}", range) for place, range in enumerate(ranges))
            leaf = self.build.make(Leaf(term.name, ranges), (), axes)
            return Use(leaf.value, term.slots)
        definition = self.definitions[term.name]
        use = self._definition(definition)
        return use.renamed(dict(zip(definition.axes, term.slots, strict=True)))

    def _definition(self, definition: Definition) -> Use:
        """The value of a definition, at its own axes; it lacks those along which it is constant."""
        known = self._defined.get(definition.name)
        if known is None:
            known = self._defined[definition.name] = self.lower(definition.body, definition.axes)
            if not known.value.is_free and known.indices == known.axes:
                self.names.setdefault(known.value, definition.name)
        return known

    def _normal(self, term: Tensor) -> Use:
        """A stable form; along an index that the argument does not vary with, the sum is a number of equal terms."""
        form = self.stable.forms[term.name]
        operand = self.lower(form.argument)
        over = tuple(index for index in form.over if index in operand.axes)
        equal = [self.size(index.range) for index in form.over if index not in over]
        if over:
            axes = tuple(index for index in operand.axes if index in form.axes)
            use = self.build.make(Normal(form.kind, over), [operand], axes, form.meaning)
        else:
            use = operand if form.kind == "logsumexp" else self.literal(Fraction(form.kind == "softmax"))
        if equal:
            number = self.map("mul", equal, (), None)
            if form.kind == "softmax":
                use = self.map("div", [use, number], (), None)
            else:
                log = self.map("log", [number], (), None)
                log = log if form.kind == "logsumexp" else self.map("neg", [log], (), None)
                use = self.map("add", [use, log], (), None)
        return use.renamed(dict(zip(form.axes, term.slots, strict=True)))

    def _hidden(self, term: Tensor) -> Use:
        """A part of a stable form."""
        hidden = self.stable.hidden[term.name]
        use = self.lower(self.brackets(hidden.body), hidden.axes)
        return use.renamed(dict(zip(hidden.axes, term.slots, strict=True)))

    # ----- Sums and products ---------------------------------------------------------------------------------

    def _sum(self, term: Sum, order: Axes) -> Use:
        """What is added comes before what is subtracted, and arrays before numbers."""
        positive = [each for each in term.terms if sign_of(each) > 0]
        rest = [each for each in term.terms if sign_of(each) < 0]
        positive.sort(key=lambda each: isinstance(each, Number))
        return added(self, [self.lower(each, order) for each in (*positive, *rest)], order, term)

    def _product(self, term: Term, order: Axes) -> Use:
        """number * scalars * (contraction) * factors / divisors."""
        bound, body = (term.bound, term.body) if isinstance(term, Contraction) else ((), term)
        if isinstance(body, Sum):
            return self._contracted_sum(bound, body, order)
        looked = at_looked_up(self, bound, factors_of(body), order)
        if looked is not None:
            return looked
        number, rest = coefficient_and_rest(body)
        factors = sorted((each for each in factors_of(rest) if each is not ONE), key=self._place)
        inside = [each for each in factors if not each.free.isdisjoint(bound)]
        outside = [each for each in factors if each.free.isdisjoint(bound)]
        summed = [self._contraction(bound, inside, order)] if bound else []
        upper, lower = self._sides(outside, order)
        return self.product(number, [*summed, *upper], lower, order, term)

    def _place(self, factor: Term) -> tuple[int, int]:
        """Scalars first, then in the order in which the text first uses the tensors."""
        places = [self.places.get(name, len(self.places)) for name in factor.symbols]
        return bool(factor.free), min(places, default=-1)

    def _contraction(self, bound: Axes, factors: list[Term], order: Axes) -> Use:
        """The sum over the bound indices of a product, each factor of which holds one of them."""
        within = restricted(factors)
        if within is not None:
            return self.lower(Contraction(bound, Product(*within)), order)
        shifted = shift(bound, factors)
        if shifted is not None:
            return at_other_places(self, shifted, order)
        spread = [factor for factor in factors if isinstance(factor, Sum) and is_spread(factor)]
        if len(spread) == 1:
            return self.lower(multiplied_out(bound, factors, spread[0]), order)
        upper, lower = self._sides(factors, ())
        return self.contraction(bound, upper, lower, order, Contraction(bound, Product(*factors)))

    def _sides(self, factors: list[Term], order: Axes) -> tuple[list[Use], list[Use]]:
        """The factors, and what is divided by."""
        upper: list[Use] = []
        lower: list[Use] = []
        for factor in factors:
            divisor = divisor_of(factor)
            use = self.lower(divisor or factor, order or like(factor, factors))
            (upper if divisor is None else lower).append(use)
        return upper, lower

    def _contracted_sum(self, bound: Axes, body: Sum, order: Axes) -> Use:
        """The sum of a sum: addend by addend where an addend is a product, else of the whole."""
        if any(is_product(addend) for addend in body.terms):
            return self.lower(Sum(*(Contraction(bound, addend) for addend in body.terms)), order)
        return self._contraction(bound, [body], order)

    def _power(self, term: Power, order: Axes) -> Use:
        divisor = divisor_of(term)
        if divisor is not None:
            return self.reciprocal(self.lower(divisor, order), order, term)
        return self.power(self.lower(term.base, order), self.lower(term.exponent, order), order, term)

    # ----- Other terms ---------------------------------------------------------------------------------------

    def _reduction(self, term: Reduction, order: Axes) -> Use:
        use = self.lower(term.body)
        missing = [index for index in term.bound if index not in use.axes]
        if len(missing) < len(term.bound):
            axes = arranged((index for index in use.axes if index not in term.bound), order)
            use = self.build.make(Reduce(term.kind), [use], axes, term)
        if term.kind == "prod" and missing:
            sizes = [self.size(index.range) for index in missing]
            use = self.map("pow", [use, self.map("mul", sizes, order, None)], order, term)
        return use
