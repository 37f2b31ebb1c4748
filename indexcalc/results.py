"""What comes of a target: its short form, the steps to it, and code that computes it.

The rooms that need numpy are entered when they are first used, so that reading and deriving start fast.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from indexcalc.derivation import Derived, Line, adjoints, written_derivation
from indexcalc.errors import IndexcalcError
from indexcalc.notation.writing import latex, text
from indexcalc.sheet import Sheet
from indexcalc.showing import Picture, Shown, drawer
from indexcalc.terms import Derivative, Index, Range, Tensor, Term, size_of
from indexcalc.walk import subterms

if TYPE_CHECKING:
    from indexcalc.verify.verification import Verification

Sizes = Mapping[str, int]
Sharding = Mapping[str, str]


@dataclass(frozen=True, repr=False)
class Expression(Shown):
    """A term in the letters of its sheet: str() is the ASCII dialect, latex() the other; both read back as the term."""

    term: Term
    sheet: Sheet
    axes: tuple[Index, ...]

    def __str__(self) -> str:
        return text.write(self.term, self.sheet, self.axes)

    def latex(self) -> str:
        """The expression in LaTeX."""
        return latex.write(self.term, self.sheet, self.axes)


@dataclass(frozen=True, repr=False)
class Step(Shown):
    """One line of a derivation: the rule that gives it, the expression, and a word on why."""

    rule: str
    expression: Expression
    note: str = ""


@dataclass(frozen=True, repr=False)
class Derivation(Shown):
    """What came of a target: its short form, the steps to it, and code that computes it.

    target: the expression that was asked for; derived: its result.
    """

    target: Expression
    derived: Derived

    @property
    def sheet(self) -> Sheet:
        """The sheet, with the adjoints that were named on the way as further definitions."""
        return self.derived.sheet

    @property
    def expression(self) -> Expression:
        """The short form."""
        return Expression(self.derived.term, self.derived.sheet, self.derived.axes)

    @property
    def axes(self) -> tuple[str, ...]:
        """The names of the result's axes: the free indices of the numerator, then those of the variables."""
        return tuple(index.name for index in self.derived.axes)

    @property
    def sizes(self) -> dict[str, str | int]:
        """The size of each axis, by name where it has one."""
        return {index.name: _size(index.range) for index in self.derived.axes}

    def __str__(self) -> str:
        return str(self.expression)

    def latex(self) -> str:
        """The short form in LaTeX."""
        return self.expression.latex()

    @cached_property
    def _written(self) -> tuple[tuple[tuple[Step, ...], ...], tuple[Step, ...]]:
        lemmas, lines = written_derivation(self.derived)
        return tuple(self._steps(lemma.lines) for lemma in lemmas), self._steps(lines)

    def _steps(self, lines: tuple[Line, ...]) -> tuple[Step, ...]:
        axes = self.derived.axes
        return tuple(Step(line.rule, Expression(line.term, self.sheet, axes), line.note) for line in lines)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The derivation, a line an idea, each equal to the one before; the first is the target."""
        return self._written[1]

    @property
    def lemmas(self) -> tuple[tuple[Step, ...], ...]:
        """The derivations of the derivatives that the steps need, in the order in which they are needed."""
        return self._written[0]

    @property
    def adjoints(self) -> tuple[tuple[Step, ...], ...]:
        """What the names of adjoints in the expression stand for: a long chain gives some, a short one none."""
        return tuple(self._steps(lemma.lines) for lemma in adjoints(self.derived))

    def render(self, format: str = "text", steps: bool = True, level: str = "full", width: int = 0) -> str:
        """The result, after its derivation if steps are wanted; as text, latex or markdown.

        level: "brief" leaves out lines of mere bookkeeping. width: the columns that text is wrapped to, if any.
        """
        from indexcalc.render import render

        return render(self, format, steps, level, width)

    def picture(self, kind: str = "", sizes: Sizes | None = None) -> Picture:
        """The result as SVG, which notebooks show.

        kind: "sparsity" (where it is not zero), "network" (what is contracted with what) or "graph" (what is made of
        what); by default the first where it has two axes or more, else the last. Raises IndexcalcError where it has no
        such picture.
        """
        return Picture(drawer()(self, kind, sizes))

    def as_json(self) -> dict[str, Any]:
        """Target, axes, sizes, expression and steps, as `indexcalc derive --format json` prints them."""
        return {
            "target": str(self.target),
            "axes": list(self.axes),
            "sizes": self.sizes,
            "expression": str(self),
            "latex": self.latex(),
            "steps": [
                {
                    "rule": step.rule,
                    "expression": str(step.expression),
                    "latex": step.expression.latex(),
                    "note": step.note,
                }
                for step in self.steps
            ],
        }

    def code(
        self,
        backend: str = "einsum",
        inputs: Collection[str] = (),
        structure: str = "dense",
        sizes: Sizes | None = None,
        sharding: Sharding | None = None,
    ) -> str:
        """The source of one Python function that computes the result.

        Parameters
        ----------
        backend: "einsum" (made to be read), "numpy" (made to be fast), "numba", "jax", "torch", "dask", or "auto":
            the fastest of those that are installed, for the sizes.
        inputs: defined tensors that become arguments instead of being computed.
        structure: "dense", or "compressed": without the deltas between the axes.
        sizes: those to plan for, by the name of a size or of an index.
        sharding: for jax, the axis of a mesh of devices over which an index or a size is spread: {"b": "data"}. Every
            statement says where its result lives; within jax.shard_map sums over a spread index are put together.
        """
        from indexcalc.codegen import generate

        given = given_of(self.sheet, [self.target], inputs)
        return generate(
            self.derived.term,
            self.derived.axes,
            self.sheet,
            backend,
            given,
            structure,
            label=str(self.target),
            sizes=sizes,
            sharding=sharding,
        )

    def compile(
        self,
        backend: str = "numpy",
        structure: str = "dense",
        inputs: Collection[str] = (),
        sizes: Sizes | None = None,
        sharding: Sharding | None = None,
    ) -> Callable[..., Any]:
        """A function of the sheet's leaves, given as keywords (arrays, scalars as floats), that returns the result.

        A tensor that the target differentiates by is an argument even if it has a definition; where it is not given,
        it is computed. With backend="auto" the target is chosen, for the given sizes or on the first call by the shapes
        of its arguments; `why` says for what reason.

        The result has one axis for each of `axes`; with structure="compressed" it is a Structured, or a
        Banded where the second half of the axes lies a few places behind the first one, as in the Hessian of a stencil.
        The function raises IndexcalcError for a wrong shape, a missing or an unknown name before it computes.
        """
        from indexcalc.codegen import compile, compile_banded
        from indexcalc.codegen.running.optional import with_choice

        if structure == "compressed" and not sharding:
            own = self.derived.term, self.derived.axes, self.sheet, backend
            banded = compile_banded(*own, given_of(self.sheet, [self.target], inputs), sizes)
            if banded is not None:
                return banded

        compiled = partial(
            compile,
            self.derived.term,
            self.derived.axes,
            self.sheet,
            backend,
            structure=structure,
            sizes=sizes,
            sharding=sharding,
        )
        return with_choice(compiled, given_of(self.sheet, [self.target], inputs), inputs)

    def verify(
        self,
        against: str = "autograd",
        sizes: Sizes | None = None,
        seed: int = 0,
        backend: str = "numpy",
    ) -> Verification:
        """Run the code on random arrays and compare it with automatic differentiation and two other witnesses."""
        from indexcalc.verify.verification import verify

        function = self.compile(backend=backend)
        return verify(
            self.target.term, self.derived.axes, self.target.sheet, function, against=against, sizes=sizes, seed=seed
        )


def equations_of(sheet: Sheet) -> tuple[tuple[Expression, Expression], ...]:
    """The definitions of a sheet: the element that each defines, and what it is."""
    return tuple(
        (Expression(Tensor(name, each.axes), sheet, each.axes), Expression(each.body, sheet, each.axes))
        for name, each in sheet.definitions.items()
    )


# ----- What they share -------------------------------------------------------------------------------------------


def given_of(sheet: Sheet, targets: Collection[Expression], inputs: Collection[str]) -> tuple[str, ...]:
    """The defined tensors that are arguments: those that targets differentiate by, then further ones."""
    unknown = [name for name in inputs if name not in sheet.slots]
    if unknown:
        raise IndexcalcError(f"{unknown[0]} is no tensor of this sheet", f"Its tensors are {', '.join(sheet.slots)}")
    parts = (each for target in targets for each in subterms(target.term))
    variables = [each.variable.name for each in parts if isinstance(each, Derivative)]
    return tuple(name for name in dict.fromkeys((*variables, *inputs)) if name in sheet.definitions)


def _size(range: Range) -> str | int:
    if range.size is not None:
        return range.size
    return range.label if range.named else text.write(size_of(range), Sheet())
