"""Functions with the derived backward pass for jax and torch, as files that run without indexcalc.

The forward pass returns the value and those definitions that the backward pass wants again. A definition that
is made by an exponential is not kept for the inside of a function or a power: there it may have a stable form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from indexcalc.codegen.preparing.guards import GROWING
from indexcalc.codegen.programs.program import Axes
from indexcalc.codegen.source import Code, function_name, prepare
from indexcalc.codegen.writing.names import Names, identifier
from indexcalc.derivation import derive_term
from indexcalc.errors import IndexcalcError
from indexcalc.notation.reader import parse_sheet, read_expression
from indexcalc.sheet import Sheet
from indexcalc.terms import ZERO, Call, Contraction, Derivative, Index, Power, Product, Tensor, Term
from indexcalc.walk import subterms


def custom_vjp_source(
    sheet: Sheet | str, output: str, inputs: Sequence[str] = (), target: str = "jax", name: str = ""
) -> str:
    """The source of a module with one function whose derivative is the derived one.

    Parameters
    ----------
    sheet: the definitions. output: the expression to compute; the name of a definition will do.
    inputs: the tensors to differentiate by; all that the output is made of, if none are named.
    target: "jax" (a function with `jax.custom_vjp`) or "torch" (a `torch.autograd.Function`, called by `apply`).
    name: of the function; made from the output if empty.

    A derivative by a tensor that is not among the inputs is refused at run time (torch) or nan (jax).
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
    return _Custom(reading.sheet, reading.term, reading.axes, tuple(inputs), target, name).write()


@dataclass(frozen=True)
class _Module:
    """What a writer needs: names of the functions and of what they take.

    arguments: those of the function. kept: the definitions that the forward pass returns besides the value.
    call: the backward pass. gradients: for each argument the name of its derivative; empty if there is none.
    scalars: the arguments that have no axes, which may be Python numbers.
    """

    name: str
    forward: str
    arguments: tuple[str, ...]
    kept: tuple[str, ...]
    cotangent: str
    call: str
    gradients: tuple[str, ...]
    scalars: tuple[str, ...]


class _Custom:
    """One output, its program forward and its program backward."""

    def __init__(
        self, sheet: Sheet, term: Term, axes: Axes, inputs: tuple[str, ...], target: str, name: str
    ) -> None:
        self.sheet, self.term, self.axes, self.target, self.name = sheet, term, axes, target, name
        self.needed = set(term.symbols).union(*(sheet.made_of.get(each, frozenset()) for each in term.symbols))
        self.inputs = inputs or tuple(each for each in sheet.order if each in sheet.leaves and each in self.needed)
        self.inputs = tuple(each for each in self.inputs if each != "pi")
        for each in self.inputs:
            if each not in self.needed:
                raise IndexcalcError(f"the output does not depend on {each}", "Leave it out of the inputs")
        self.given = tuple(each for each in self.inputs if each in sheet.definitions)

    def write(self) -> str:
        """The module."""
        pullbacks, sheet = self._pullbacks()
        kept = self._kept([term for term, _ in pullbacks.values()], sheet)
        forward = self._forward(kept)
        backward = prepare(
            {f"diff by {each}": pullbacks[each] for each in self.inputs},
            sheet,
            self.target,
            (*self.given, *kept, self.cotangent),
            name=f"{self.name}_backward",
        ).write()
        sources = [forward.source, backward.source]
        lines = sorted({line for source in sources for line in source.splitlines() if line.startswith("import ")})
        functions = [source[source.index("def ") :] for source in sources]
        module = self._module(forward, backward, kept)
        imports = "\n".join(sorted({*lines, *IMPORTS[self.target]}))
        return "\n\n\n".join([imports, *(each.rstrip() for each in functions), WRITERS[self.target](module)]) + "\n"

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

    def _forward(self, kept: tuple[str, ...]) -> Code:
        wanted: dict[str, tuple[Term, Axes]] = {"value": (self.term, self.axes)}
        for name in kept:
            definition = self.sheet.definitions[name]
            wanted[name] = definition.body, definition.axes
        return prepare(wanted, self.sheet, self.target, self.given, name=f"{self.name}_forward").write()

    def _module(self, forward: Code, backward: Code, kept: tuple[str, ...]) -> _Module:
        """The names of everything."""
        words: dict[str, str] = {}
        names = Names({self.name, forward.name, backward.name, "ctx", "value", "gradients"})
        for each in (*forward.signature.arguments, *backward.signature.arguments):
            if each.is_function or each.size is not None:
                kind = "function" if each.is_function else "size"
                raise IndexcalcError(f"the code needs the {kind} {each.name}, which has no derivative", "Define it")
            if each.name != "pi" and each.name not in (*words, *kept, self.cotangent):
                words[each.name] = names.take(each.name)
        own = {name: names.take(name) for name in (*kept, self.cotangent)}
        all_words = {**words, **own}
        call = ", ".join(
            f"{each.identifier}={all_words[each.name]}" for each in backward.signature.arguments if each.name != "pi"
        )
        gradients = tuple(f"d_{identifier(name)}" if name in self.inputs else "" for name in words)
        order = tuple(f"d_{identifier(name)}" for name in self.inputs)
        given = ", ".join(
            f"{each.identifier}={words[each.name]}" for each in forward.signature.arguments if each.name != "pi"
        )
        return _Module(
            self.name,
            f"{forward.name}({given})",
            tuple(words.values()),
            tuple(own[name] for name in kept),
            own[self.cotangent],
            f"{', '.join(order)} = {backward.name}({call})",
            gradients,
            tuple(word for name, word in words.items() if not self.sheet.slots.get(name)),
        )


def _letters(own: Sequence[str]) -> Iterator[str]:
    """Names for an index: the letters of its range, then with more and more primes."""
    letters = tuple(own) or ("i",)
    while True:
        yield from letters
        letters = tuple(f"{letter}'" for letter in letters)


# ----- Writers ---------------------------------------------------------------------------------------------------


def _jax(module: _Module) -> str:
    """A function with jax.custom_vjp."""
    arguments = ", ".join(module.arguments)
    returned = ", ".join(
        gradient or f"jnp.full_like({name}, jnp.nan)"
        for name, gradient in zip(module.arguments, module.gradients, strict=True)
    )
    saved = _tuple((*module.arguments, *module.kept))
    first = f"value, {', '.join(module.kept)}" if module.kept else "value"
    return f'''@jax.custom_vjp
def {module.name}({arguments}):
    """The value of {module.name}_forward, with a backward pass of its own."""
    return {_first(module)}


def _{module.name}_forward({arguments}):
    {first} = {module.forward}
    return value, ({saved})


def _{module.name}_backward(saved, {module.cotangent}):
    {saved} = saved
    {module.call}
    return {returned}{',' if len(module.arguments) == 1 else ''}


{module.name}.defvjp(_{module.name}_forward, _{module.name}_backward)'''


def _torch(module: _Module) -> str:
    """A torch.autograd.Function."""
    tensors = [name for name in (*module.arguments, *module.kept) if name not in module.scalars]
    first = f"value, {', '.join(module.kept)}" if module.kept else "value"
    save = [f"ctx.save_for_backward({', '.join(tensors)})"] * bool(tensors)
    save += [f"ctx.{name} = {name}" for name in module.scalars]
    load = [f"{_tuple(tensors)} = ctx.saved_tensors"] * bool(tensors)
    load += [f"{name} = ctx.{name}" for name in module.scalars]
    indent = "\n        "
    refused = [
        f'        if ctx.needs_input_grad[{place}]:\n            raise ValueError("there is no derivative by {name}")\n'
        for place, (name, gradient) in enumerate(zip(module.arguments, module.gradients, strict=True))
        if not gradient
    ]
    returned = ", ".join(gradient or "None" for gradient in module.gradients)
    return f'''class {module.name}(torch.autograd.Function):
    """The value of {module.name}_forward, with a backward pass of its own: call {module.name}.apply."""

    @staticmethod
    def forward(ctx, {', '.join(module.arguments)}):
        {first} = {module.forward}
        {indent.join(save)}
        return value

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, {module.cotangent}):
{''.join(refused)}        {indent.join(load)}
        {module.call}
        return {returned}'''


def _tuple(names: Sequence[str]) -> str:
    return f"{', '.join(names)}," if len(names) == 1 else ", ".join(names)


def _first(module: _Module) -> str:
    return f"{module.forward}[0]" if module.kept else module.forward


WRITERS: dict[str, Callable[[_Module], str]] = {"jax": _jax, "torch": _torch}
IMPORTS = {"jax": ("import jax", "import jax.numpy as jnp"), "torch": ("import torch",)}
