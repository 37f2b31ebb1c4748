"""Many results at once: gradients, and products with Jacobians and Hessians that are never formed.

All results of one call are one program: the forward pass is shared, and every adjoint (or tangent) has a name and is
computed once.

    gradient(sheet, "L", ["W", "b"])     W_bar[i,j] = dL/dW[i,j], b_bar[i] = dL/db[i]   (reverse accumulation)
    jvp(sheet, "y", ["x"])               y_dot = dy/dx * x_dot                          (forward accumulation)
    vjp(sheet, "y", ["x"])               x_bar = y_bar * dy/dx                          (reverse, from a given y_bar)
    hvp(sheet, "L", ["W"])               W_dot -> d2L/dW2 * W_dot                       (reverse over reverse)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from indexcalc.api import Expression, parse
from indexcalc.calculus.adjoint import Adjoints
from indexcalc.calculus.resolve import Resolver, known_while
from indexcalc.calculus.tangent import tangent, with_tangents
from indexcalc.errors import IndexcalcError
from indexcalc.rewrite.recognise import recognised
from indexcalc.rewrite.simplify import shortener
from indexcalc.sheet import Sheet
from indexcalc.terms import Contraction, Index, Product, Sum, Tensor, Term

# The cost above which an adjoint gets a name: about that of y[p,q]/m if it is needed for several tensors, more if for
# one only: nothing is then computed twice, and more may cancel, as in the gradient of a cross entropy of a softmax.
LONGEST_SHARED, LONGEST_IN_PLACE = 8.0, 40.0


@dataclass(frozen=True)
class Results:
    """Several results over one sheet, which also defines what they share.

    terms: by name, each with the order of its axes; given: the defined tensors that are arguments.
    """

    sheet: Sheet
    terms: Mapping[str, tuple[Term, tuple[Index, ...]]]
    given: tuple[str, ...] = ()

    @property
    def expressions(self) -> dict[str, Expression]:
        """The results; what their names of adjoints or tangents stand for is in `definitions`."""
        return {name: Expression(term, self.sheet, axes) for name, (term, axes) in self.terms.items()}

    @property
    def definitions(self) -> dict[str, Expression]:
        """What the program computes on the way."""
        return {name: Expression(each.body, self.sheet, each.axes) for name, each in self.sheet.definitions.items()}

    def code(self, backend: str = "einsum", inputs: Collection[str] = (), structure: str = "dense") -> str:
        """The source of one function that returns a tuple of all results; the parameters are those of a derivation."""
        return str(self.compile(backend, structure, inputs).source)

    def compile(self, backend: str = "numpy", structure: str = "dense", inputs: Collection[str] = ()) -> Any:
        """A function of the leaves, given as keywords, that returns the results by name."""
        from indexcalc.codegen import compile_many

        names = tuple(dict.fromkeys((*self.given, *inputs)))
        return compile_many(dict(self.terms), self.sheet, backend, names, structure)


def gradient(sheet: Sheet | str, output: str, variables: Sequence[str], value: bool = False) -> Results:
    """The derivatives of a scalar by several tensors, named "W_bar" for W, in one program.

    With `value` the scalar itself is a result too. A variable that has a definition is differentiated through: the
    gradient by what it is made of takes it into account. Raises IndexcalcError for a name that the sheet lacks, or an
    output that has indices.
    """
    resolver = _resolver(sheet)
    whole = _scalar(resolver.sheet, output)
    new, terms = _reverse(resolver.sheet, whole, variables)
    if value:
        terms = {output: (whole, ()), **terms}
    return Results(new, terms)


def vjp(sheet: Sheet | str, output: str, variables: Sequence[str]) -> Results:
    """The products of a cotangent with Jacobians that are not formed: sum[i](y_bar[i]*dy[i]/dx[j]), named "x_bar".

    The cotangent is a further argument, named "y_bar" for y, with the shape of y.
    """
    resolver = _resolver(sheet)
    whole = _tensor(resolver.sheet, output)
    cotangent = resolver.sheet.fresh_name(f"{output}_bar")
    wider = resolver.sheet.with_leaves({cotangent: resolver.sheet.slots[output]})
    target = Contraction(whole.slots, Product(whole, Tensor(cotangent, whole.slots)))
    new, terms = _reverse(wider, target, variables)
    return Results(new, terms)


def jvp(sheet: Sheet | str, output: str, variables: Sequence[str]) -> Results:
    """The product of a Jacobian that is not formed with directions: sum[j](dy[i]/dx[j]*x_dot[j]), named "y_dot".

    The directions are further arguments, named "x_dot" for x, with the shape of x.
    """
    resolver = _resolver(sheet)
    whole = _tensor(resolver.sheet, output)
    wider, directions = _with_directions(resolver.sheet, variables)
    shorten = shortener(wider)
    moving, names = with_tangents(wider, directions, shorten)
    label = f"{output}_dot"
    if output in names:
        term: Term = Tensor(names[output], whole.slots)
    else:
        term = shorten(tangent(whole, whole.slots, names, moving.kinked), whole.slots)
    return Results(moving, {label: (term, whole.slots)})


def hvp(sheet: Sheet | str, output: str, variables: Sequence[str]) -> Results:
    """The product of the Hessian of a scalar, which is not formed, with directions; named "W_hvp" for W.

    The directions are further arguments, named "W_dot" for W. With several variables the blocks between them count.
    """
    resolver = _resolver(sheet)
    first, terms = _reverse(resolver.sheet, _scalar(resolver.sheet, output), variables, moving=frozenset(variables))
    wider, directions = _with_directions(first, variables)
    slope: list[Term] = []
    for name in variables:
        term, axes = terms[f"{name}_bar"]
        slope.append(Contraction(axes, Product(term, Tensor(directions[name], axes))))
    new, terms = _reverse(wider, Sum(*slope), variables)
    return Results(new, {f"{name}_hvp": terms[f"{name}_bar"] for name in variables})


# ----- What they share -------------------------------------------------------------------------------------------


def _resolver(sheet: Sheet | str) -> Resolver:
    known = parse(sheet) if isinstance(sheet, str) else sheet
    return Resolver(recognised(known), shortener)


def _tensor(sheet: Sheet, name: str) -> Tensor:
    """A tensor of the sheet at indices of its own."""
    if name not in sheet.slots:
        close = get_close_matches(name, sheet.slots)
        remedy = f"Did you mean {close[0]}?" if close else f"Its tensors are {', '.join(sheet.slots)}"
        raise IndexcalcError(f"{name} is no tensor of this sheet", remedy)
    if name in sheet.definitions:
        return Tensor(name, sheet.definitions[name].axes)
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


def _axes(sheet: Sheet, name: str) -> tuple[Index, ...]:
    """Different letters for the slots of a tensor: those that the sheet uses for their ranges, as far as they go."""
    found: list[Index] = []
    for place, range in enumerate(sheet.slots[name], 1):
        letters = (Index(letter, each) for letter, each in sheet.letters.items() if each == range)
        found.append(next((index for index in letters if index not in found), Index(f"{name}{place}", range)))
    return tuple(found)


def _with_directions(sheet: Sheet, variables: Sequence[str]) -> tuple[Sheet, dict[str, str]]:
    """The sheet with a leaf for the direction of each variable, and their names."""
    for name in variables:
        _tensor(sheet, name)
    names = {name: sheet.fresh_name(f"{name}_dot") for name in variables}
    return sheet.with_leaves({new: sheet.slots[name] for name, new in names.items()}), names


def _reverse(
    sheet: Sheet, target: Term, variables: Sequence[str], moving: frozenset[str] = frozenset()
) -> tuple[Sheet, dict[str, tuple[Term, tuple[Index, ...]]]]:
    """The adjoints of the variables; they may be differentiated further by the tensors that are moving."""
    for name in variables:
        _tensor(sheet, name)
    shorten = shortener(known_while(sheet, moving))
    adjoints = Adjoints(sheet, (), frozenset(variables), shorten, LONGEST_IN_PLACE, LONGEST_SHARED)
    adjoints.accumulate(target)
    terms: dict[str, tuple[Term, tuple[Index, ...]]] = {}
    for name in variables:
        axes = _axes(sheet, name)
        terms[f"{name}_bar"] = shorten(adjoints.adjoint(name, axes), axes), axes
    return adjoints.extended(), terms
