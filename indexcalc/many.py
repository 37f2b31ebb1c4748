"""Several results: targets in a list, gradients, products with Jacobians and Hessians that are never formed.

All results of one call are one program: the forward pass is shared, and every adjoint (or tangent) has a name and is
computed once.

    gradient(sheet, "L", ["W", "b"])     W_bar[i,j] = dL/dW[i,j], b_bar[i] = dL/db[i]   (reverse accumulation)
    jvp(sheet, "y", ["x"])               y_dot = dy/dx * x_dot                          (forward accumulation)
    vjp(sheet, "y", ["x"])               x_bar = y_bar * dy/dx                          (reverse, from a given y_bar)
    hvp(sheet, "L", ["W"])               W_hvp = d2L/dW2 * W_dot                        (reverse over reverse)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any

from indexcalc.calculus.constants import Constants
from indexcalc.calculus.hanging import check_hanging
from indexcalc.calculus.resolve import Resolver
from indexcalc.calculus.tangent import tangent, with_tangents
from indexcalc.derivation import LONGEST_BESIDE_OTHERS, LONGEST_SHARED, Derived, derive_terms
from indexcalc.errors import IndexcalcError
from indexcalc.notation.lowering.elements import letters_of
from indexcalc.notation.reader import parse_sheet
from indexcalc.results import Derivation, Expression, Sharding, Sizes, given_of
from indexcalc.rewrite.recognise import recognised
from indexcalc.rewrite.simplify import shortener
from indexcalc.sheet import Sheet
from indexcalc.showing import Shown
from indexcalc.terms import Contraction, Derivative, Index, Product, Sum, Tensor, Term

if TYPE_CHECKING:
    from indexcalc.verify.verification import Verifications


@dataclass(frozen=True, eq=False, repr=False)
class Results(Shown, Mapping[str, Derivation]):
    """What came of several targets, by name: derivations over one sheet, which also defines what they share.

    Their code is one program: what several results need is computed once.
    """

    derivations: Mapping[str, Derivation]
    sheet: Sheet

    def __getitem__(self, name: str) -> Derivation:
        return self.derivations[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.derivations)

    def __len__(self) -> int:
        return len(self.derivations)

    @property
    def axes(self) -> dict[str, tuple[str, ...]]:
        """For each result the names of its axes."""
        return {name: each.axes for name, each in self.items()}

    @property
    def definitions(self) -> dict[str, Expression]:
        """What the program computes on the way: the definitions of the sheet, then the adjoints or tangents."""
        return {name: Expression(each.body, self.sheet, each.axes) for name, each in self.sheet.definitions.items()}

    @property
    def shared(self) -> dict[str, Expression]:
        """The definitions that are not those of the given sheet: the adjoints or tangents that the results need."""
        symbols = {name for each in self.values() for name in each.derived.term.symbols}
        return {
            name: each
            for name, each in self.definitions.items()
            if all(name not in one.derived.written.definitions for one in self.values())
            and self.sheet.depends(symbols, name)
        }

    @property
    def equations(self) -> tuple[tuple[Expression, Expression], ...]:
        """What is shared, then the results: what each stands for, with the elements named, and its expression."""
        pairs = [(self._element(name, each.axes), each) for name, each in self.shared.items()]
        for name, each in self.items():
            left = self._element(name, each.derived.axes) if name.isidentifier() else each.target
            pairs.append((left, each.expression))
        return tuple(pairs)

    def _element(self, name: str, axes: tuple[Index, ...]) -> Expression:
        return Expression(Tensor(name, axes), self.sheet, axes)

    def __str__(self) -> str:
        return "\n".join(f"{left} = {right}" for left, right in self.equations)

    def latex(self) -> str:
        """The equations in LaTeX."""
        rows = (f"  {left.latex()} &= {right.latex()}" for left, right in self.equations)
        return "\\begin{align}\n" + " \\\\\n".join(rows) + "\n\\end{align}"

    def code(
        self,
        backend: str = "einsum",
        inputs: Collection[str] = (),
        structure: str = "dense",
        sizes: Sizes | None = None,
        sharding: Sharding | None = None,
    ) -> str:
        """The source of one function that returns a tuple of all results; the parameters are those of a derivation."""
        from indexcalc.codegen import generate_many

        given = given_of(self.sheet, self._targets, inputs)
        return generate_many(self._wanted, self.sheet, backend, given, structure, sizes=sizes, sharding=sharding)

    def compile(
        self,
        backend: str = "numpy",
        structure: str = "dense",
        inputs: Collection[str] = (),
        sizes: Sizes | None = None,
        sharding: Sharding | None = None,
    ) -> Callable[..., Any]:
        """A function of the leaves, given as keywords, that returns the results by name; like that of a derivation."""
        from indexcalc.codegen import compile_many
        from indexcalc.codegen.running.optional import with_choice

        compiled = partial(
            compile_many, self._wanted, self.sheet, backend, structure=structure, sizes=sizes, sharding=sharding
        )
        return with_choice(compiled, given_of(self.sheet, self._targets, inputs), inputs)

    def verify(
        self,
        against: str = "autograd",
        sizes: Sizes | None = None,
        seed: int = 0,
        backend: str = "numpy",
    ) -> Verifications:
        """Run the code on random arrays and compare each result with automatic differentiation and other witnesses."""
        from indexcalc.verify.verification import verify_many

        function = self.compile(backend=backend)
        questions = {name: (each.target.term, each.derived.axes) for name, each in self.items()}
        return verify_many(questions, self._asked, function, against=against, sizes=sizes, seed=seed)

    @property
    def _targets(self) -> list[Expression]:
        return [each.target for each in self.values()]

    @property
    def _asked(self) -> Sheet:
        """The sheet of the targets."""
        return next((each.sheet for each in self._targets), self.sheet)

    @property
    def _wanted(self) -> dict[str, tuple[Term, tuple[Index, ...]]]:
        return {name: (each.derived.term, each.derived.axes) for name, each in self.items()}


def results_of(targets: Mapping[str, Expression], sheet: Sheet) -> Results:
    """The results of several targets over one sheet."""
    found = derive_terms({name: (each.term, each.axes) for name, each in targets.items()}, sheet)
    derivations = {name: Derivation(each, found[name]) for name, each in targets.items()}
    return Results(derivations, next(iter(found.values())).sheet)


# ----- Gradients and products ------------------------------------------------------------------------------------


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
    check_hanging(sheet, whole, tuple(directions))
    wider = Resolver(recognised(asked), shortener).sheet
    shorten = shortener(wider)
    moving, names = with_tangents(wider, directions, shorten)
    known = moving.definitions.get(names.get(output, ""))
    moved = known.at(whole.slots) if known else tangent(whole, whole.slots, names, Constants(wider))
    term = moved if known else shorten(moved, whole.slots)
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
