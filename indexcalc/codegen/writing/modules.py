"""Modules with a function whose derivatives are given: for jax a `jax.custom_jvp`, for torch an `autograd.Function`.

Either works at every order and under the transformations of its library (`jit`, `vmap`, `grad`, `hessian`, `jvp`, ...).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indexcalc.codegen.writing.arrays import (
    CHECK_PLACES_BY_JAX,
    CHECK_PLACES_BY_TORCH,
    CHECKED_BY_JAX,
    CHECKED_BY_TORCH,
)


@dataclass(frozen=True)
class Module:
    """What a writer needs: names of the functions and of what they take.

    arguments: those of the function. check: the statements that check them. kept: the definitions that the forward
    pass returns besides the value. forward, backward, tangent: the calls of the passes. gradients: for each argument
    the name of its derivative, empty if there is none by it. directions: for each argument the name of its tangent.
    """

    name: str
    arguments: tuple[str, ...]
    check: tuple[str, ...]
    kept: tuple[str, ...]
    cotangent: str
    forward: str
    backward: str
    tangent: str
    gradients: tuple[str, ...]
    directions: tuple[str, ...]

    @property
    def head(self) -> str:
        """The function up to its last statement."""
        known = [name for name, gradient in zip(self.arguments, self.gradients, strict=True) if gradient]
        lines = [
            f"def {self.name}({', '.join(self.arguments)}):",
            f'    """The value of {self.name}_forward; it has derivatives by {", ".join(known)}."""',
            *(f"    {line}" for line in self.check),
        ]
        return "\n".join(lines)


def jax_module(module: Module) -> str:
    """A function that calls one with jax.custom_jvp; jax transposes the tangent for derivatives backward."""
    arguments, name = ", ".join(module.arguments), module.name
    values = [f"    {_tuple(module.arguments)} = primals", f"    {_tuple(module.directions)} = tangents"]
    for argument, moved, gradient in zip(module.arguments, module.directions, module.gradients, strict=True):
        test = f"isinstance({moved}, jax.custom_derivatives.SymbolicZero)"
        if gradient:
            values.append(f"    {moved} = {name}_direction({moved})")
        else:
            values += [f"    if not {test}:", f"        {_refusal(argument)}"]
    lines = "\n".join(values)
    return f'''{module.head}
    return {name}_function({arguments})


@jax.custom_jvp
def {name}_function({arguments}):
    """The value of {name}_forward."""
    return {module.forward}


@functools.partial({name}_function.defjvp, symbolic_zeros=True)
def {name}_function_tangent(primals, tangents):
    """The value, and how it moves."""
{lines}
    return {module.tangent}


def {name}_direction(tangent):
    """A tangent as an array, also if it is known to be zero."""
    is_zero = isinstance(tangent, jax.custom_derivatives.SymbolicZero)
    return jnp.zeros(tangent.shape, tangent.dtype) if is_zero else tangent'''


def torch_module(module: Module) -> str:
    """A function that calls a torch.autograd.Function."""
    arguments, name = ", ".join(module.arguments), module.name
    saved = ", ".join(["*inputs", *module.kept])
    context = ["ctx.set_materialize_grads(False)", f"ctx.save_for_backward({saved})", f"ctx.save_for_forward({saved})"]
    if module.kept:
        kept = ", ".join(module.kept)
        context = [f"value, {kept} = output", f"ctx.mark_non_differentiable({kept})", *context]
    end = "[0]" if module.kept else ""
    return f'''{module.head}
    if torch._functorch.eager_transforms.JVP_NESTING > 1:  # of a tangent of a tangent torch would lose a part
        return {module.forward}{end}
    return {name}_function.apply({arguments}){end}


{name}.apply = {name}  # so that it is called like a torch.autograd.Function, too


class {name}_function(torch.autograd.Function):
    """The value of {name}_forward, with a backward pass and a tangent of its own."""

    generate_vmap_rule = True

    @staticmethod
    def forward({arguments}):
        return {module.forward}

    @staticmethod
    def setup_context(ctx, inputs, output):
{_block(context)}

    @staticmethod
    def backward(ctx, {module.cotangent}{', *_' if module.kept else ''}):
{_block(_backward(module))}

    @staticmethod
    def jvp(ctx, {', '.join(module.directions)}):
{_block(_tangent(module))}'''


def _backward(module: Module) -> list[str]:
    """The statements of the backward pass of torch."""
    lines = []
    for place, (argument, gradient) in enumerate(zip(module.arguments, module.gradients, strict=True)):
        if not gradient:
            lines += [f"if ctx.needs_input_grad[{place}]:", f"    {_refusal(argument)}"]
    lines += [f"if {module.cotangent} is None:", f"    return {', '.join(['None'] * len(module.arguments))}"]
    lines.append(f"{_tuple((*module.arguments, *module.kept))} = ctx.saved_tensors")
    if module.kept:
        reason = "this derivative is differentiated: what was kept must move with the inputs"
        lines.append(f"if torch.is_grad_enabled():  # {reason}")
        lines.append(f"    {', '.join(['_', *module.kept])} = {module.forward}")
    return [*lines, module.backward, f"return {', '.join(gradient or 'None' for gradient in module.gradients)}"]


def _tangent(module: Module) -> list[str]:
    """The statements of the tangent of torch."""
    lines = [f"{', '.join([*module.arguments, '*_'])} = ctx.saved_tensors"]
    for argument, moved, gradient in zip(module.arguments, module.directions, module.gradients, strict=True):
        if gradient:
            lines.append(f"{moved} = torch.zeros_like({argument}) if {moved} is None else {moved}")
        else:
            lines += [f"if {moved} is not None:", f"    {_refusal(argument)}"]
    return [*lines, f"return {', '.join([module.tangent] + ['None'] * len(module.kept))}"]


def _refusal(argument: str) -> str:
    return f'raise ValueError("there is no derivative by {argument}")'


def _block(lines: Sequence[str]) -> str:
    return "\n".join(f"        {line}" for line in lines)


def _tuple(names: Sequence[str]) -> str:
    return f"{', '.join(names)}," if len(names) == 1 else ", ".join(names)


WRITERS: dict[str, Callable[[Module], str]] = {"jax": jax_module, "torch": torch_module}
IMPORTS = {
    "jax": ("import functools", "import jax", "import jax.custom_derivatives", "import jax.numpy as jnp"),
    "torch": ("import functools", "import torch"),
}
CHECKED = {"jax": CHECKED_BY_JAX, "torch": CHECKED_BY_TORCH}
PLACES = {"jax": CHECK_PLACES_BY_JAX, "torch": CHECK_PLACES_BY_TORCH}
