"""A derivation as a person would write it: the target, one idea a line, the short form.

    substitute the definition  ->  sum, product, quotient, power and chain rule  ->  derivatives of other definitions,
    each found on its own before  ->  each tensor's own derivative as deltas  ->  contract  ->  facts  ->  recognise
    definitions  ->  take out common factors

Every line equals the one before it. The lines are worked out only when they are asked for; the short form itself comes
from reverse accumulation (`calculus.adjoint`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from indexcalc.calculus.resolve import Resolver
from indexcalc.calculus.rules import Rules, own_derivatives
from indexcalc.canonical import canonical
from indexcalc.notation.writing.text import write
from indexcalc.rewrite.recognise import recognise, recognised
from indexcalc.rewrite.simplify import Simplifier, Stage, rulebook, shortener
from indexcalc.sheet import Definition, Fact, Sheet
from indexcalc.terms import Derivative, Index, Tensor, Term, in_order
from indexcalc.walk import Memo, holds, mapped, subterms

Moving = frozenset[str]
# The cost above which an adjoint gets a name where several results are wanted: about that of y[p,q]/m if it is needed
# for several tensors, more if for one only. Nothing is then computed twice, and more may cancel, as in the gradient of
# a cross entropy of a softmax.
LONGEST_SHARED, LONGEST_BESIDE_OTHERS = 8.0, 40.0
MOST_LEMMAS = 8  # derivatives on the way; a longer chain is shown by its adjoints only


@dataclass(frozen=True)
class Line:
    """One line of a derivation: the rule that gives it, the expression, and a word on why."""

    rule: str
    term: Term
    note: str = ""


@dataclass(frozen=True)
class Lemma:
    """A derivative that was needed on the way, with its own lines."""

    target: Term
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Derived:
    """The short form of a target.

    The sheet has the adjoints that were named as further definitions; `written` is the one that was given.
    """

    target: Term
    axes: tuple[Index, ...]
    term: Term
    sheet: Sheet
    written: Sheet


def derive_term(target: Term, axes: tuple[Index, ...], sheet: Sheet) -> Derived:
    """Work out a target: all derivatives, then the short form."""
    resolver = Resolver(recognised(sheet), shortener, [target])
    term = _worked_out(resolver, target, axes)
    return Derived(target, axes, term, resolver.sheet, sheet)


def derive_terms(targets: Mapping[str, tuple[Term, tuple[Index, ...]]], sheet: Sheet) -> dict[str, Derived]:
    """Work out several targets over one sheet, which gets the adjoints that they share as further definitions.

    The derivatives of one term by several tensors come from one reverse accumulation.
    """
    resolver = Resolver(recognised(sheet), shortener, [term for term, _ in targets.values()])
    together: dict[Term, list[str]] = {}
    for name, (target, _) in targets.items():
        if isinstance(target, Derivative) and not holds(target.body, Derivative):
            together.setdefault(target.body, []).append(name)
    terms: dict[str, Term] = {}
    for body, names in together.items():
        variables = [(_variable(targets[name][0]), targets[name][1]) for name in names]
        found = resolver.derivatives(recognise(body), variables, frozenset(), LONGEST_BESIDE_OTHERS, LONGEST_SHARED)
        terms |= zip(names, found, strict=True)
    for name, (target, axes) in targets.items():
        if name not in terms:
            terms[name] = _worked_out(resolver, target, axes)
    return {
        name: Derived(target, axes, terms[name], resolver.sheet, sheet) for name, (target, axes) in targets.items()
    }


def _variable(target: Term) -> Tensor:
    assert isinstance(target, Derivative)
    return target.variable


def _worked_out(resolver: Resolver, target: Term, axes: tuple[Index, ...]) -> Term:
    """The short form of a target; the resolver's sheet grows by the adjoints that are named on the way."""
    if isinstance(target, Tensor) and target.name in resolver.sheet.recurrences:
        return target
    if isinstance(target, Tensor) and target.name in resolver.sheet.definitions:
        body = resolver.sheet.definitions[target.name].at(target.slots)
        return _short(body, axes, _without(resolver.sheet, target.name))
    term = resolver.resolve(recognise(target), axes)
    return term if isinstance(target, Derivative) else _short(term, axes, resolver.sheet)


def _short(term: Term, axes: tuple[Index, ...], sheet: Sheet) -> Term:
    return Simplifier(rulebook(sheet), axes)(term)


def _without(sheet: Sheet, name: str) -> Sheet:
    """The sheet without one definition, so that its own body is not recognised as itself."""
    kept = {other: each for other, each in sheet.definitions.items() if other != name}
    return replace(sheet, definitions=kept)


# ----- Lines -----------------------------------------------------------------------------------------------------


def written_derivation(derived: Derived) -> tuple[tuple[Lemma, ...], tuple[Line, ...]]:
    """The derivatives needed on the way, in the order in which they are needed, and the lines of the target.

    A long chain of definitions is written as it was worked out: each adjoint that has a name, then the result. So is
    one that would need further names.
    """
    if len(_on_the_way(derived)) <= MOST_LEMMAS and not derived.sheet.recurrences:
        writer = _Writer(derived.sheet, derived.written)
        lines = writer.lines(derived.target, derived.term, derived.axes)
        if writer.resolver.sheet.slots.keys() == derived.sheet.slots.keys():
            return tuple(writer.lemmas.values()), lines
    note = "the adjoint of each definition, from the target back"
    line = Line("reverse accumulation", derived.term, note)
    return adjoints(derived), (Line("target", derived.target), line)


def adjoints(derived: Derived) -> tuple[Lemma, ...]:
    """The adjoints that were too long to be written in place, each with its name."""
    named = [each for name, each in derived.sheet.definitions.items() if name not in derived.written.definitions]
    lines = [(Tensor(each.name, each.axes), Line("adjoint", each.body)) for each in named]
    return tuple(Lemma(name, (Line("target", name), line)) for name, line in lines)


def _on_the_way(derived: Derived) -> set[str]:
    """The definitions between the target and a tensor that it differentiates by."""
    sheet, symbols = derived.written, derived.target.symbols
    reached = symbols.union(*(sheet.made_of.get(name, frozenset()) for name in symbols))
    variables = {each.variable.name for each in subterms(derived.target) if isinstance(each, Derivative)}
    return {
        name
        for name in reached & sheet.definitions.keys()
        if name not in variables and any(sheet.depends((name,), variable) for variable in variables)
    }


class _Writer:
    """Writes the lines of a target, and before them those of the derivatives that it needs."""

    def __init__(self, sheet: Sheet, written: Sheet) -> None:
        self.sheet, self.written = sheet, written
        self.resolver = Resolver(sheet, shortener)
        self.lemmas: dict[tuple[str, str, Moving], Lemma] = {}

    def lines(
        self, target: Term, result: Term, axes: tuple[Index, ...], moving: Moving = frozenset()
    ) -> tuple[Line, ...]:
        """The lines from a target to its short form; a line that changes nothing is left out.

        The result may be differentiated further by the tensors that are moving.
        """
        found = [Line("target", target)]
        for line in self._opening(target, moving):
            _add(found, line)
        if not holds(found[-1].term, Derivative):
            sheet = self.resolver.known_while(moving)
            sheet = _without(sheet, target.name) if isinstance(target, Tensor) else sheet
            for stage in Simplifier(rulebook(sheet), axes).stages(found[-1].term):
                _add(found, Line(stage.rule, stage.term, _why(stage, self.sheet)))
        _add(found, Line("short form", result, "multiplied out and factored anew"))
        return tuple(found)

    def _opening(self, target: Term, moving: Moving) -> Iterator[Line]:
        """The lines up to the one in which all derivatives are deltas."""
        if isinstance(target, Tensor) and target.name in self.sheet.definitions:
            body: Term = target
            for line in self._substituted(target):
                body = line.term
                yield line
            if holds(body, Derivative):
                yield from self._opening(body, moving)
        elif isinstance(target, Derivative):
            yield from self._differentiated(target, moving)
        elif holds(target, Derivative):
            yield self._known_put_in(target, moving)

    def _substituted(self, tensor: Tensor) -> Iterator[Line]:
        """What a defined tensor stands for: as it was written, then with the functions that were recognised in it."""
        if tensor.name in self.written.definitions:
            written = self.written.definitions[tensor.name].at(tensor.slots)
            yield Line("substitute", written, f"definition of {tensor.name}")
            if holds(self.written.definitions[tensor.name].body, Derivative):
                return
        yield Line("recognise", self.sheet.definitions[tensor.name].at(tensor.slots), "functions with a name")

    def _differentiated(self, target: Derivative, moving: Moving) -> Iterator[Line]:
        body, variable = target.body, target.variable
        if isinstance(body, Tensor) and body.name in self.sheet.definitions and body.name != variable.name:
            for line in self._substituted(body):
                body = line.term
                yield Line(line.rule, Derivative(body, variable), line.note)
        if holds(body, Derivative):
            inner = self._known_put_in(body, moving | {variable.name})
            if inner.term is not body:
                yield Line("known", Derivative(inner.term, variable), inner.note)
            body = own_derivatives(inner.term, self.sheet.varied)
            yield Line("deltas", Derivative(body, variable), "an element depends on itself only")
        rules = Rules(self.resolver.sheet, variable)
        term = rules.derivative(body)
        yield Line(", ".join(rules.used) or "linearity", term)
        known = self._known_put_in(term, moving)
        if known.term is not term:
            yield known
        yield Line("deltas", own_derivatives(known.term, self.sheet.varied), "an element depends on itself only")

    def _known_put_in(self, term: Term, moving: Moving) -> Line:
        """The term with the derivatives of definitions replaced by what they were found to be."""
        used: list[str] = []

        def rule(term: Term, rec: Memo[Term]) -> Term:
            match term:
                case Derivative(Tensor(name), variable) if name == variable.name:
                    return term
                case Derivative(body, variable):
                    name = body.name if isinstance(body, Tensor) else "the inner derivative"
                    used.append(name)
                    return self._lemma(name, term, variable, moving)
                case Tensor():
                    return term
            return mapped(term, rec)

        new = Memo(rule)(term)
        names = ", ".join(dict.fromkeys(used))
        return Line("known", new, f"the derivative of {names} from above" if names else "")

    def _lemma(self, name: str, term: Derivative, variable: Tensor, moving: Moving) -> Term:
        result = self.resolver.resolve(term, moving=moving)
        label = (name, variable.name, moving)
        if label not in self.lemmas and len(self.lemmas) < MOST_LEMMAS:
            axes = tuple(dict.fromkeys((*in_order(term.body.free), *variable.slots)))
            placeholder = self.lemmas[label] = Lemma(term, ())
            lines = self.lines(term, result, axes, moving)
            del self.lemmas[label]
            self.lemmas[label] = replace(placeholder, lines=lines)
        return result


WHY = {
    "contract": "sum over the deltas, cancel, collect",
    "factor": "common factors taken out",
}


def _why(stage: Stage, sheet: Sheet) -> str:
    """The facts that a stage used, in print, or the names of the definitions that it recognised."""
    if not stage.sources:
        return WHY.get(stage.rule, "")
    names = [each.name for each in stage.sources if isinstance(each, Definition)]
    facts = [each for each in stage.sources if isinstance(each, Fact)]
    printed = [f"{write(fact.left, sheet)} {fact.relation} {write(fact.right, sheet)}" for fact in facts]
    return ", ".join([*([f"definition of {', '.join(names)}"] if names else []), *printed])


def _add(found: list[Line], line: Line) -> None:
    """Add a line unless it says the same as the one before, but for the names of dummies."""
    if canonical(line.term) is not canonical(found[-1].term):
        found.append(line)
