"""Postpone one index: what is linear in arrays that have it is kept as coefficients times these arrays.

With x[j,b] and h[i,b] = c[i] + W[i,j]*x[j,b], and the index b postponed:

    V[k,i]*h[i,b]               has the parts (V[k,i]*c[i], 1) and (V[k,i]*W[i,j], x[j,b])
    sum[b](g[k,b]*h[i,b])       = sum[b](g[k,b])*c[i] + sum[b](g[k,b]*x[j,b])*W[i,j]
    sum[b](h[i,b]*x[k,b])       = c[i]*sum[b](x[k,b]) + W[i,j]*sum[b](x[j,b]*x[k,b])

so that arrays that have b meet each other only: the sum over b of two of them, their moment, is made once, and all
else is done to arrays without b. A value that is wanted as an array is the sum of its parts. The roles say which
factor is taken apart into its parts and into which one the sum is pushed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from indexcalc.codegen.passes.roles import Roles
from indexcalc.codegen.programs.arithmetic import Arithmetic, arranged
from indexcalc.codegen.programs.program import Axes, Einsum, Map, Program, Result, Use, Value
from indexcalc.terms import Index, Term

MINUS = Map("neg")


@dataclass(frozen=True, slots=True)
class Part:
    """A coefficient times an atom, summed over the indices that the whole lacks; without an atom it is constant."""

    coefficient: Use
    atom: Use | None


Key = tuple[Value, Use | None]  # a postponed value, and the atom in its letters with which it is multiplied


def postponed(program: Program, roles: Roles) -> Program:
    """The program with the index of these roles postponed."""
    return _Postponing(program, roles).program(program)


class _Postponing(Arithmetic):
    def __init__(self, program: Program, roles: Roles) -> None:
        super().__init__()
        self.roles = roles
        self.serial = 1 + max((index.serial for index in program.indices), default=0)  # of letters that are new
        self.one = self.literal(Fraction(1))
        self.new: dict[Value, Use] = {}
        self._parts: dict[Value, list[Part]] = {}
        self._moments: dict[Key, Use] = {}

    def program(self, old: Program) -> Program:
        """The new program."""
        names: dict[Value, str] = {}
        for value in old.values:
            if value in self.roles.expanded:
                self._parts[value] = self._merged(value, self._pieces(value))
            if value in self.roles.postponed:
                continue
            made = self.new[value] = self._made(value)
            if value in old.names and made.indices == value.axes:
                names.setdefault(made.value, old.names[value])
        results = (Result(each.name, each.axes, each.pattern, self._again(each.use)) for each in old.results)
        return Program(tuple(results), names)

    def _again(self, use: Use) -> Use:
        """The same use of the new value."""
        return self.new[use.value].renamed(dict(zip(use.value.axes, use.indices, strict=True)))

    def _made(self, value: Value) -> Use:
        """A value as an array."""
        if not any(use.value in self.roles.postponed for use in value.operands):
            operands = [self._again(use) for use in value.operands]
            return self.build.make(value.op, operands, value.axes, value.formula)
        if value.op == Map("add"):
            pieces = [_factors([part.coefficient], part.atom) for part in self._merged(value, self._pieces(value))]
        elif self.roles.is_kept(value):
            pieces = [_factors(factors, atom) for factors, atom in self._pieces(value)]
        else:
            pieces = self._summed(value)
        lost = tuple(index for index in _lost(value) if index is not self.roles.lead[value])
        return self._total(pieces, value.axes, lost, value.formula)

    # ----- Parts ---------------------------------------------------------------------------------------------

    def _parts_of(self, user: Value, use: Use) -> list[Part]:
        """The parts of an operand, in the letters of its user."""
        if self.roles.lead[user] not in use.indices:
            return [Part(self._again(use), None)]
        if use.value not in self.roles.postponed:
            return [Part(self.one, self._again(use))]
        names = dict(zip(use.value.axes, use.indices, strict=True))
        return [
            Part(part.coefficient.renamed(names), part.atom and part.atom.renamed(names))
            for part in self._parts[use.value]
        ]

    def _pieces(self, value: Value) -> list[tuple[list[Use], Use | None]]:
        """The coefficients and the atoms of a value that is linear in them, not yet multiplied."""
        if value.op == Map("add"):
            return [([part.coefficient], part.atom) for use in value.operands for part in self._parts_of(value, use)]
        (tall,) = self.roles.tall(value)
        rest = [self._again(use) for use in value.operands if use is not tall]
        parts = self._parts_of(value, tall)
        if isinstance(value.op, Einsum) or value.op == Map("mul"):
            return [([*rest, part.coefficient], part.atom) for part in parts]
        return [([self._like(value, [part.coefficient, *rest])], part.atom) for part in parts]

    def _merged(self, value: Value, pieces: Iterable[tuple[list[Use], Use | None]]) -> list[Part]:
        """The parts, with the coefficients of each atom added; letters that the value sums become the atom's own."""
        found: dict[Use | None, list[Use]] = {}
        for factors, atom in pieces:
            own = {} if atom is None else self._own_letters(atom, value.axes)
            atom = atom and atom.renamed(own)
            kept = {*value.axes, *(atom.axes if atom else ())}
            lost = [index for index in _lost(value) if index not in own]
            found.setdefault(atom, []).append(self._times([each.renamed(own) for each in factors], kept, lost))
        return [Part(self._added(coefficients), atom) for atom, coefficients in found.items()]

    # ----- Sums over the index -------------------------------------------------------------------------------

    def _summed(self, value: Value) -> list[list[Use]]:
        """The addends of a sum over the index, each as its factors."""
        lead, tall = self.roles.lead[value], self.roles.tall(value)
        rest = [self._again(use) for use in value.operands if use not in tall]
        if len(tall) == 1:
            return [[*rest, self._moment(tall[0], lead, None)]]
        first, second = self.roles.sides(value)
        found = []
        for part in self._parts_of(value, first):
            if second.value in self.roles.postponed:
                met = [self._moment(second, lead, part.atom)]
            else:
                met = _factors([self._again(second)], part.atom)
            found.append([*rest, part.coefficient, *met])
        return found

    def _moment(self, use: Use, lead: Index, atom: Use | None) -> Use:
        """The sum over the index of what is used times an atom, in the letters of the user."""
        if use.value not in self.roles.postponed:
            factors = _factors([self._again(use)], atom)
            return self._times(factors, {index for each in factors for index in each.axes} - {lead}, (lead,))
        inner, outer = self._inside(use, atom)
        pending = [(use.value, inner)]
        while pending:
            key = pending[-1]
            missing = [each for each in self._needed(*key) if each not in self._moments]
            if missing and key not in self._moments:
                pending += missing
                continue
            pending.pop()
            if key not in self._moments:
                self._moments[key] = self._pushed(*key)
        return self._moments[use.value, inner].renamed(outer)

    def _needed(self, value: Value, atom: Use | None) -> list[Key]:
        """The moments that a moment is made of."""
        if value in self.roles.expanded:
            return []
        postponed = (use for use in self.roles.tall(value) if use.value in self.roles.postponed)
        return [(use.value, self._inside(use, atom)[0]) for use in postponed]

    def _pushed(self, value: Value, atom: Use | None) -> Use:
        """The moment of a postponed value, made of the moments of its operands or of its parts."""
        lead = self.roles.lead[value]
        axes = tuple(dict.fromkeys(index for index in (*value.axes, *(atom.axes if atom else ())) if index is not lead))
        if value in self.roles.expanded:
            return self._total([self._met(part, lead, atom) for part in self._parts[value]], axes, ())
        operands = [
            [self._moment(use, lead, atom)] if lead in use.indices else [self._again(use)] for use in value.operands
        ]
        if value.op == Map("add"):
            for each, use in zip(operands, value.operands, strict=True):
                if lead not in use.indices:
                    each.append(self._constant(lead, atom))
            return self._total(operands, axes, ())
        factors = [use for each in operands for use in each]
        if isinstance(value.op, Einsum) or value.op == Map("mul"):
            return self._times(factors, axes, _lost(value))
        return self._like(value, factors)

    def _met(self, part: Part, lead: Index, atom: Use | None) -> list[Use]:
        """The factors of the moment of a part."""
        if part.atom is None:
            return [part.coefficient, self._constant(lead, atom)]
        factors = _factors([part.atom], atom)
        kept = {index for each in factors for index in each.axes} - {lead}
        return [part.coefficient, self._times(factors, kept, (lead,))]

    def _constant(self, lead: Index, atom: Use | None) -> Use:
        """The sum over the index of an atom alone, or of 1."""
        if atom is None:
            return self.size(lead.range)
        return self._times([atom], set(atom.axes) - {lead}, (lead,))

    # ----- Letters -------------------------------------------------------------------------------------------

    def _own_letters(self, atom: Use, axes: Axes) -> dict[Index, Index]:
        """New letters for the indices of an atom that are not among the axes: the same for the same atom."""
        names: dict[Index, Index] = {}
        for place, index in enumerate(atom.indices):
            if index.place is None and index not in axes:
                names.setdefault(index, Index(f"u {place}", index.range, self.serial + atom.value.number))
        return names

    def _inside(self, use: Use, atom: Use | None) -> tuple[Use | None, dict[Index, Index]]:
        """An atom in the letters of the value that is used, and what the letters of the value are to the user.

        An index that the value has once is its letter for it; any other gets a letter for its place in the atom.
        """
        outer = dict(zip(use.value.axes, use.indices, strict=True))
        if atom is None:
            return None, outer
        inner = {
            index: axis for axis, index in outer.items() if index.place is None and use.indices.count(index) == 1
        }
        for place, index in enumerate(atom.indices):
            if index.place is None and index not in inner:
                inner[index] = Index(f"v {place}", index.range, self.serial)
                outer[inner[index]] = index
        return atom.renamed(inner), outer

    # ----- Arithmetic ----------------------------------------------------------------------------------------

    def _like(self, value: Value, operands: Sequence[Use]) -> Use:
        """What a value does to its operands, done to others: a minus, or a division by what lacks the index."""
        assert isinstance(value.op, Map)
        return self.map(value.op.function, operands)

    def _total(self, pieces: Sequence[Sequence[Use]], axes: Axes, lost: Axes, formula: Term | None = None) -> Use:
        """The sum of products, each summed over the indices that are not axes."""
        if len(pieces) == 1:
            return self._times(pieces[0], axes, lost, formula)
        return self._added([self._times(each, axes, lost) for each in pieces], axes, formula)

    def _added(self, uses: list[Use], axes: Axes = (), formula: Term | None = None) -> Use:
        """A sum; what is subtracted comes last."""
        ordered = sorted(uses, key=lambda use: use.value.op == MINUS)
        return self.map("add", ordered, axes, formula)

    def _times(
        self, factors: Sequence[Use], kept: Collection[Index], lost: Collection[Index], formula: Term | None = None
    ) -> Use:
        """A product summed over the indices that are not kept; one that is lost but that no factor has counts equals.

        Signs and numbers come outside.
        """
        negative, uses = _without_signs(factors)
        present = {index for use in uses for index in use.axes}
        scalars = [use for use in uses if not use.axes and use.value.op != self.one.value.op]
        scalars += [self.size(index.range) for index in lost if index not in present]
        arrays = [use for use in uses if use.axes]
        order = kept if isinstance(kept, tuple) else ()
        axes = arranged((index for use in arrays for index in use.axes if index in kept), order)
        if len(arrays) > 1 or any(use.axes != use.indices or not set(use.axes) <= set(axes) for use in arrays):
            plain = formula if not scalars and not negative else None
            arrays = [self.build.make(Einsum(), arrays, axes, plain)]
        result = self.map("mul", [*scalars, *arrays], order) if scalars or arrays else self.one
        return self.map("neg", [result], order) if negative else result


def _factors(coefficient: Sequence[Use], atom: Use | None) -> list[Use]:
    """What a part is the product of."""
    return [*coefficient, *([atom] if atom else [])]


def _without_signs(factors: Sequence[Use]) -> tuple[bool, list[Use]]:
    """Whether the product of the signs of the factors is -1, and the factors without them."""
    found, negative = [], False
    for use in factors:
        while use.value.op == MINUS:
            negative = not negative
            use = use.value.operands[0].renamed(dict(zip(use.value.axes, use.indices, strict=True)))
        found.append(use)
    return negative, found


def _lost(value: Value) -> Axes:
    """The indices that a value sums over."""
    return tuple(index for index in value.letters if index not in value.axes)
