"""Gradients, and products with Jacobians and Hessians that are never formed.

All results of one call are one program: the forward pass is shared, and every adjoint (or tangent) has a name and is
computed once.

    gradient(sheet, "L", ["W", "b"])     W_bar[i,j] = dL/dW[i,j], b_bar[i] = dL/db[i]   (reverse accumulation)
    jvp(sheet, "y", ["x"])               y_dot = dy/dx * x_dot                          (forward accumulation)
    vjp(sheet, "y", ["x"])               x_bar = y_bar * dy/dx                          (reverse, from a given y_bar)
    hvp(sheet, "L", ["W"])               W_hvp = d2L/dW2 * W_dot                        (reverse over reverse)
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from indexcalc.calculus.resolve import Resolver
from indexcalc.calculus.tangent import tangent, with_tangents
from indexcalc.derivation import LONGEST_BESIDE_OTHERS, LONGEST_SHARED, Derived
from indexcalc.errors import IndexcalcError
from indexcalc.notation.elements import letters_of
from indexcalc.notation.reader import parse_sheet
from indexcalc.results import Derivation, Expression, Results, results_of
from indexcalc.rewrite.recognise import recognised
from indexcalc.rewrite.simplify import shortener
from indexcalc.sheet import Sheet
from indexcalc.terms import Contraction, Derivative, Index, Product, Sum, Tensor, Term


def gradient(sheet: Sheet | str, output: str, variables: Sequence[str], value: bool = False) -> Results:
    """The derivatives of a scalar by several tensors, named "W_bar" for W, in one program.

    With `value` the scalar itself is a result too, under its name. A variable that has a definition is differentiated
    through: the gradient by what it is made of takes it into account. Raises IndexcalcError for a name that the sheet
    lacks, or an output that has indices.
    """
    sheet = _read(sheet)
    whole = _scalar(sheet, output)
    targets = {output: Expression(whole, sheet, ())} if value else {}
    return results_of(targets | _slopes(whole, sheet, _checked(sheet, variables), "bar"), sheet)


def vjp(sheet: Sheet | str, output: str, variables: Sequence[str]) -> Results:
    """The products of a cotangent with Jacobians that are not formed: sum[i](y_bar[i]*dy[i]/dx[j]), named "x_bar".

    The cotangent is a further argument, named "y_bar" for y, with the shape of y.
    """
    sheet = _read(sheet)
    whole = _tensor(sheet, output)
    cotangent = sheet.fresh_name(f"{output}_bar")
    wider = sheet.with_leaves({cotangent: sheet.slots[output]})
    target = Contraction(whole.slots, Product(whole, Tensor(cotangent, whole.slots)))
    return results_of(_slopes(target, wider, _checked(sheet, variables), "bar"), wider)


def jvp(sheet: Sheet | str, output: str, variables: Sequence[str]) -> Results:
    """The product of a Jacobian that is not formed with directions: sum[j](dy[i]/dx[j]*x_dot[j]), named "y_dot".

    The directions are further arguments, named "x_dot" for x, with the shape of x.
    """
    sheet = _read(sheet)
    whole = _tensor(sheet, output)
    asked, directions = _with_directions(sheet, _checked(sheet, variables))
    target = _along(whole, asked, directions, whole.slots)
    wider = Resolver(recognised(asked), shortener).sheet
    shorten = shortener(wider)
    moving, names = with_tangents(wider, directions, shorten)
    known = moving.definitions.get(names.get(output, ""))
    term = known.at(whole.slots) if known else shorten(tangent(whole, whole.slots, names), whole.slots)
    derived = Derived(target, whole.slots, term, moving, asked)
    return Results({f"{output}_dot": Derivation(Expression(target, asked, whole.slots), derived)}, moving)


def hvp(sheet: Sheet | str, output: str, variables: Sequence[str]) -> Results:
    """The product of the Hessian of a scalar, which is not formed, with directions; named "W_hvp" for W.

    The directions are further arguments, named "W_dot" for W. With several variables the blocks between them count.
    """
    sheet = _read(sheet)
    whole = _scalar(sheet, output)
    asked, directions = _with_directions(sheet, _checked(sheet, variables))
    resolver = Resolver(recognised(asked), shortener)
    moving = frozenset(variables)
    first = _gradients(resolver, whole, variables, moving)
    slope = Sum(*(_times(term, directions[name], axes) for name, (term, axes) in first.items()))
    second = _gradients(resolver, slope, variables, frozenset())
    derivations = {}
    for name, (term, axes) in second.items():
        target = _along(Derivative(whole, Tensor(name, axes)), asked, directions, axes)
        derived = Derived(target, axes, term, resolver.sheet, asked)
        derivations[f"{name}_hvp"] = Derivation(Expression(target, asked, axes), derived)
    return Results(derivations, resolver.sheet)


# ----- What they share -------------------------------------------------------------------------------------------


def _read(sheet: Sheet | str) -> Sheet:
    return parse_sheet(sheet) if isinstance(sheet, str) else sheet


def _checked(sheet: Sheet, variables: Sequence[str]) -> tuple[str, ...]:
    """The names of variables, each once; all known to the sheet."""
    names = (variables,) if isinstance(variables, str) else tuple(dict.fromkeys(variables))
    if not names:
        raise IndexcalcError("there is nothing to differentiate by", "Name a tensor of the sheet")
    for name in names:
        _tensor(sheet, name)
    return names


def _tensor(sheet: Sheet, name: str) -> Tensor:
    """A tensor of the sheet at indices of its own."""
    if name not in sheet.slots:
        close = get_close_matches(name, sheet.slots)
        remedy = f"Did you mean {close[0]}?" if close else f"Its tensors are {', '.join(sheet.slots)}"
        raise IndexcalcError(f"{name} is no tensor of this sheet", remedy)
    return Tensor(name, _axes(sheet, name))


def _scalar(sheet: Sheet, name: str) -> Tensor:
    """A tensor of the sheet that has no indices."""
    whole = _tensor(sheet, name)
    if whole.slots:
        raise IndexcalcError(
            f"{name} has {len(whole.slots)} indices, and a gradient is that of a scalar",
            f"Use vjp, or sum over the indices of {name} first",
        )
    return whole


def _axes(sheet: Sheet, name: str, taken: Sequence[Index] = ()) -> tuple[Index, ...]:
    """Different letters for the slots of a tensor: those that the sheet writes there."""
    letters = letters_of(sheet, name, [index.name for index in taken])
    return tuple(Index(letter, range) for letter, range in zip(letters, sheet.slots[name], strict=True))


def _slopes(body: Term, sheet: Sheet, variables: Sequence[str], suffix: str) -> dict[str, Expression]:
    """The derivatives of a scalar by all elements of each variable."""
    found = {}
    for name in variables:
        axes = _axes(sheet, name)
        found[f"{name}_{suffix}"] = Expression(Derivative(body, Tensor(name, axes)), sheet, axes)
    return found


def _with_directions(sheet: Sheet, variables: Sequence[str]) -> tuple[Sheet, dict[str, str]]:
    """The sheet with a leaf for the direction of each variable, and their names."""
    names = {name: sheet.fresh_name(f"{name}_dot") for name in variables}
    return sheet.with_leaves({new: sheet.slots[name] for name, new in names.items()}), names


def _along(body: Term, sheet: Sheet, directions: dict[str, str], axes: tuple[Index, ...]) -> Term:
    """The derivative of a term along the directions, as it is written: what the results stand for."""
    found = []
    for name, direction in directions.items():
        own = _axes(sheet, name, axes)
        found.append(_times(Derivative(body, Tensor(name, own)), direction, own))
    return Sum(*found)


def _times(term: Term, direction: str, axes: tuple[Index, ...]) -> Term:
    return Contraction(axes, Product(term, Tensor(direction, axes)))


def _gradients(
    resolver: Resolver, target: Term, variables: Sequence[str], moving: frozenset[str]
) -> dict[str, tuple[Term, tuple[Index, ...]]]:
    """The derivatives of a scalar, which may be differentiated further by the tensors that are moving."""
    wanted = [(Tensor(name, axes), axes) for name in variables for axes in [_axes(resolver.sheet, name)]]
    found = resolver.derivatives(target, wanted, moving, LONGEST_BESIDE_OTHERS, LONGEST_SHARED)
    return {each.name: (term, axes) for (each, axes), term in zip(wanted, found, strict=True)}
