"""Functions with derived derivatives for jax and torch, as files that run without indexcalc.

For torch the forward pass returns the value and those definitions that the backward pass wants again. A definition that
is made by an exponential is not kept for the inside of a function or a power: there it may have a stable form. For jax
the tangent is derived, together with the value: jax transposes it for derivatives backward.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from indexcalc.calculus.constants import Constants
from indexcalc.calculus.resolve import Resolver
from indexcalc.calculus.tangent import tangent, with_tangents
from indexcalc.codegen.preparing.guards import GROWING
from indexcalc.codegen.programs.program import Axes
from indexcalc.codegen.programs.schedule import Targets
from indexcalc.codegen.source import Code, function_name, prepare
from indexcalc.codegen.writing.arrays import CHECK_AXES, with_places
from indexcalc.codegen.writing.checking import check
from indexcalc.codegen.writing.helpers import STANDARD
from indexcalc.codegen.writing.modules import CHECKED, IMPORTS, PLACES, WRITERS, Module
from indexcalc.codegen.writing.names import Names, identifier
from indexcalc.codegen.writing.signature import Argument, Signature
from indexcalc.derivation import derive_term
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.rewrite.recognise import recognised
from indexcalc.rewrite.simplify import shortener
from indexcalc.sheet import Sheet
from indexcalc.terms import ZERO, Call, Contraction, Derivative, Index, Power, Product, Tensor, Term
from indexcalc.walk import holds, subterms

WORDS = ("ctx", "inputs", "output", "primals", "tangents", "value")  # names that the module uses itself


def custom_vjp_source(
    sheet: Sheet | str, output: str, inputs: Sequence[str] = (), target: str = "jax", name: str = ""
) -> str:
    """The source of a module with one function whose derivative is the derived one.

    Parameters
    ----------
    sheet: the definitions. output: the expression to compute; the name of a definition will do.
    inputs: the tensors to differentiate by; all that the output is made of, if none are named.
    target: "jax" (a function with `jax.custom_jvp`) or "torch" (one with a `torch.autograd.Function`).
    name: of the function; made from the output if empty.

    The arguments of the function are the inputs in the order in which they are named, then what else it needs in the
    order of the sheet. A derivative by a tensor that is not among the inputs is refused at run time.
    """
    if target not in WRITERS:
        raise IndexcalcError(f"there is no custom derivative for {target!r}", f"Choose one of {', '.join(WRITERS)}")
    sheet = parse_sheet(sheet) if isinstance(sheet, str) else sheet
    defined = sheet.definitions.get(output.strip())
    if defined is not None and defined.axes:
        output = f"{output.strip()}[{','.join(map(repr, defined.axes))}]"
    reading = read_expression(sheet, output)
    name = name or function_name(output)
    if not reading.term.symbols:
        raise IndexcalcError("the output depends on no tensor", "Give one that does, such as the name of a definition")
    term, axes, sheet = reading.term, reading.axes, reading.sheet
    if holds(term, Derivative):
        derived = derive_term(term, axes, sheet)
        term, axes, sheet = derived.term, derived.axes, derived.sheet
    return _Custom(sheet, term, axes, tuple(dict.fromkeys(inputs)), target, name).write()


class _Custom:
    """One output, its program forward and its program backward."""

    def __init__(
        self, sheet: Sheet, term: Term, axes: Axes, inputs: tuple[str, ...], target: str, name: str
    ) -> None:
        self.sheet, self.term, self.axes, self.target, self.name = sheet, term, axes, target, name
        self.needed = set(term.symbols).union(*(sheet.made_of.get(each, frozenset()) for each in term.symbols))
        self.inputs = inputs or tuple(each for each in sheet.order if each in sheet.leaves and each in self.needed)
        self.inputs = tuple(each for each in self.inputs if each != "pi" or sheet.slots[each])
        for each in self.inputs:
            if each not in self.needed:
                raise IndexcalcError(f"the output does not depend on {each}", "Leave it out of the inputs")
        self.given = tuple(each for each in self.inputs if each in sheet.definitions)

    def write(self) -> str:
        """The module."""
        pullbacks, sheet = self._pullbacks()
        kept = self._kept([term for term, _ in pullbacks.values()], sheet) if self.target == "torch" else ()
        forward = self._forward(kept)
        codes = [forward, self._tangent()]
        if self.target == "torch":
            wanted = {f"diff by {each}": pullbacks[each] for each in self.inputs}
            codes.append(self._code(wanted, sheet, (*self.given, *kept, self.cotangent), "backward"))
        module = self._module(codes, kept)
        lines = {line for code in codes for line in code.source.splitlines() if line.startswith("import ")}
        texts = [WRITERS[self.target](module), *(code.source[code.source.index("def ") :] for code in codes)]
        looked = any(each.looked for code in codes for each in code.signature.arguments)
        texts += [with_places(CHECKED[self.target]) if looked else CHECKED[self.target], CHECK_AXES]
        texts += [PLACES[self.target]] if looked else []
        lines |= {*IMPORTS[self.target]}
        standard = [f"import {each}" for each in sorted(STANDARD) if f"import {each}" in lines]
        others = sorted(lines.difference(standard))
        return "\n\n\n".join(["\n".join([*standard, "", *others]), *(each.strip() for each in texts)]) + "\n"

    @property
    def cotangent(self) -> str:
        """The name of the cotangent: g, or one that the sheet does not have."""
        name = "g"
        while name in self.sheet.slots or name in self.sheet.definitions:
            name += "_"
        return name

    def _pullbacks(self) -> tuple[dict[str, tuple[Term, Axes]], Sheet]:
        """For each input the derivative of the cotangent times the output, and the sheet with the adjoints named."""
        ranges = tuple(axis.range for axis in self.axes)
        sheet = replace(
            self.sheet,
            slots={**self.sheet.slots, self.cotangent: ranges},
            order=(*self.sheet.order, self.cotangent),
        )
        body = Contraction(self.axes, Product(Tensor(self.cotangent, self.axes), self.term))
        found: dict[str, tuple[Term, Axes]] = {}
        for name in self.inputs:
            axes = tuple(self._axes(name))
            derived = derive_term(Derivative(body, Tensor(name, axes)), axes, sheet)
            if derived.term is ZERO:
                raise IndexcalcError(f"the derivative by {name} is zero everywhere", "Leave it out of the inputs")
            found[name], sheet = (derived.term, derived.axes), derived.sheet
        return found, sheet

    def _axes(self, name: str) -> Iterator[Index]:
        """Letters for the slots of a tensor, none of which stands in the output."""
        taken = {axis.name for axis in self.axes}
        for range in self.sheet.slots[name]:
            own = [letter for letter, each in self.sheet.letters.items() if each is range]
            letter = next(each for each in _letters(own) if each not in taken)
            taken.add(letter)
            yield Index(letter, range)

    def _kept(self, terms: list[Term], sheet: Sheet) -> tuple[str, ...]:
        """The definitions of the forward pass that the backward pass wants, and that are as good as their formulas."""
        known = self.sheet.definitions
        own = {each for each in known if each in self.needed and each not in self.inputs}
        pending = [*terms, *(each.body for name, each in sheet.definitions.items() if name not in known)]
        parts = [each for term in pending for each in subterms(term)]
        used = {each.name for each in parts if isinstance(each, Tensor)}
        inside = {name for each in parts if isinstance(each, Call | Power) for name in each.symbols}
        unsafe = {name for name in inside & own if self._grows(name)}
        return tuple(name for name in known if name in (own & used) - unsafe)

    def _grows(self, name: str) -> bool:
        """Whether a definition is made by an exponential: a function of it may have a stable form."""
        reached = {name, *self.sheet.made_of.get(name, ())} & self.sheet.definitions.keys()
        bodies = [self.sheet.definitions[each].body for each in sorted(reached)]
        return any(isinstance(each, Call) and each.function in GROWING for body in bodies for each in subterms(body))

    def _code(self, wanted: Targets, sheet: Sheet, given: Sequence[str], what: str) -> Code:
        """One of the passes, as a function that does not check its arguments."""
        return prepare(wanted, sheet, self.target, given, name=f"{self.name}_{what}").write(is_checked=False)

    def _forward(self, kept: tuple[str, ...]) -> Code:
        wanted: dict[str, tuple[Term, Axes]] = {"value": (self.term, self.axes)}
        for name in kept:
            definition = self.sheet.definitions[name]
            wanted[name] = definition.body, definition.axes
        return self._code(wanted, self.sheet, self.given, "forward")

    @cached_property
    def directions(self) -> dict[str, str]:
        """For each input the name of its tangent."""
        return {name: self.sheet.fresh_name(f"{name}_dot") for name in self.inputs}

    def _tangent(self) -> Code:
        """The tangent of the output where the inputs move; for jax with the value, which shares its definitions."""
        sheet = self.sheet.with_leaves({new: self.sheet.slots[name] for name, new in self.directions.items()})
        sheet = Resolver(recognised(sheet), shortener).sheet
        moving, names = with_tangents(sheet, self.directions, shortener(sheet))
        moved = shortener(sheet)(tangent(self.term, self.axes, names, Constants(sheet)), self.axes)
        wanted = {"value": (self.term, self.axes)} if self.target == "jax" else {}
        given = (*self.given, *self.directions.values())
        return self._code({**wanted, "tangent": (moved, self.axes)}, moving, given, "tangent")

    def _module(self, codes: Sequence[Code], kept: tuple[str, ...]) -> Module:
        """The names of everything."""
        own = "forward", "backward", "tangent", "function", "function_tangent", "direction"
        names = Names({self.name, *(f"{self.name}_{each}" for each in own), *WORDS})
        arguments = self._arguments(codes, kept)
        words = {name: names.take(name) for name in arguments}
        words |= {name: names.take(name) for name in (*kept, self.cotangent)}
        moves = {name: names.take(f"{identifier(name)}_dot") for name in arguments}
        words |= {direction: moves[name] for name, direction in self.directions.items()}
        found = {name: names.take(f"d_{identifier(name)}") for name in self.inputs}
        forward_call, moved, *backward = (_call(code, words) for code in codes)
        takes = [replace(each, identifier=words[name]) for name, each in arguments.items()]
        signatures = [code.signature for code in codes]
        places = {range: 0 for each in signatures for range in each.places}
        places = {range: max(each.places.get(range, 0) for each in signatures) for range in places}
        occupied = frozenset().union(*(each.occupied for each in signatures))
        return Module(
            self.name,
            tuple(words[name] for name in arguments),
            tuple(check(Signature(tuple(takes), {}, places, occupied))),
            tuple(words[name] for name in kept),
            words[self.cotangent],
            forward_call,
            f"{', '.join(found.values())} = {''.join(backward)}",
            moved,
            tuple(found.get(name, "") for name in arguments),
            tuple(moves.values()),
        )

    def _arguments(self, codes: Sequence[Code], kept: Sequence[str]) -> dict[str, Argument]:
        """What the function takes: the inputs in the order that was asked for, then the others in that of the sheet."""
        found: dict[str, Argument] = {}
        for each in (each for code in codes for each in _own(code)):
            if each.is_function or each.size is not None:
                kind = "function" if each.is_function else "size"
                raise IndexcalcError(f"the code needs the {kind} {each.name}, which has no derivative", "Define it")
            if each.name not in (*kept, self.cotangent, *self.directions.values()):
                found[each.name] = each
        order = {name: place for place, name in enumerate(dict.fromkeys((*self.inputs, *self.sheet.order)))}
        missing = {name: Argument(name, name, self.sheet.slots[name]) for name in self.inputs if name not in found}
        return dict(sorted((found | missing).items(), key=lambda pair: order[pair[0]]))


def _call(code: Code, words: Mapping[str, str]) -> str:
    """The call of a pass with the names that the module has for its arguments."""
    return f"{code.name}({', '.join(f'{each.identifier}={words[each.name]}' for each in _own(code))})"


def _own(code: Code) -> list[Argument]:
    """The arguments of a pass, but for the number pi, which has a value without being given."""
    return [each for each in code.signature.arguments if not each.is_pi]


def _letters(own: Sequence[str]) -> Iterator[str]:
    """Names for an index: the letters of its range, then with more and more primes."""
    letters = tuple(own) or ("i",)
    while True:
        yield from letters
        letters = tuple(f"{letter}'" for letter in letters)
