"""What indexcalc does for Python code: parse, derive, equal, check, einsum_vjp.

The rooms that need numpy are entered when they are first used, so that reading and deriving start fast.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexcalc.derivation import Derived, Line, adjoints, derive_term, written_derivation
from indexcalc.errors import IndexcalcError
from indexcalc.notation import latex, text
from indexcalc.notation.reader import parse_sheet, read_chain, read_expression
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative, Index, Range, Term, size_of
from indexcalc.walk import subterms

if TYPE_CHECKING:
    from indexcalc.check.proof import Verdict
    from indexcalc.check.report import Report
    from indexcalc.codegen.vjp import Pullback
    from indexcalc.verify.verification import Verification


def parse(text: str) -> Sheet:
    """Read a sheet of statements.

    Raises IndexcalcError with line, column and caret for a text that the language does not allow.
    """
    return parse_sheet(text)


@dataclass(frozen=True)
class Expression:
    """A term in the letters of its sheet: str() is the ASCII dialect, latex() the other; both read back as the term."""

    term: Term
    sheet: Sheet
    axes: tuple[Index, ...]

    def __str__(self) -> str:
        return text.write(self.term, self.sheet, self.axes)

    def __repr__(self) -> str:
        return f"<Expression {self}>"

    def latex(self) -> str:
        """The expression in LaTeX."""
        return latex.write(self.term, self.sheet, self.axes)


@dataclass(frozen=True)
class Step:
    """One line of a derivation: the rule that gives it, the expression, and a word on why."""

    rule: str
    expression: Expression
    note: str = ""


@dataclass(frozen=True)
class Derivation:
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

    # The derivation

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

    def render(self, format: str = "text", steps: bool = True) -> str:
        """The result, after its derivation if steps are wanted; as text, latex or markdown."""
        from indexcalc.render import render

        return render(self, format, steps)

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

    # Code

    @property
    def _variables(self) -> tuple[str, ...]:
        """The tensors that the target differentiates by."""
        found = (each.variable.name for each in subterms(self.target.term) if isinstance(each, Derivative))
        return tuple(dict.fromkeys(found))

    def _given(self, inputs: Collection[str]) -> tuple[str, ...]:
        wanted = (*self._variables, *inputs)
        unknown = [name for name in inputs if name not in self.sheet.slots]
        if unknown:
            raise IndexcalcError(
                f"{unknown[0]} is no tensor of this sheet", f"Its tensors are {', '.join(self.sheet.slots)}"
            )
        return tuple(name for name in dict.fromkeys(wanted) if name in self.sheet.definitions)

    def code(self, backend: str = "einsum", inputs: Collection[str] = (), structure: str = "dense") -> str:
        """The source of one Python function that computes the result.

        Parameters
        ----------
        backend: "einsum" (made to be read) or "numpy" (made to be fast).
        inputs: defined tensors that become arguments instead of being computed.
        structure: "dense", or "compressed": without the deltas between the axes.
        """
        from indexcalc.codegen import generate

        given = self._given(inputs)
        return generate(
            self.derived.term, self.derived.axes, self.sheet, backend, given, structure, label=str(self.target)
        )

    def compile(
        self, backend: str = "numpy", structure: str = "dense", inputs: Collection[str] = ()
    ) -> Callable[..., Any]:
        """A function of the sheet's leaves, given as keywords (arrays, scalars as floats), that returns the result.

        A tensor that the target differentiates by is an argument even if it has a definition; where it is not given,
        it is computed. The result has one axis for each of `axes`; with structure="compressed" it is a Structured.
        The function raises IndexcalcError for a wrong shape, a missing or an unknown name before it computes.
        """
        from indexcalc.codegen import compile

        def compiled(names: tuple[str, ...]) -> Callable[..., Any]:
            return compile(self.derived.term, self.derived.axes, self.sheet, backend, names, structure)

        given = self._given(inputs)
        optional = tuple(name for name in given if name not in inputs)
        return _Optional(compiled, given, optional) if optional else compiled(given)

    def verify(
        self,
        against: str = "autograd",
        sizes: Mapping[str, int] | None = None,
        seed: int = 0,
        backend: str = "numpy",
    ) -> Verification:
        """Run the code on random arrays and compare it with automatic differentiation and two other witnesses."""
        from indexcalc.verify.verification import verify

        function = self.compile(backend=backend)
        return verify(
            self.target.term, self.derived.axes, self.target.sheet, function, against=against, sizes=sizes, seed=seed
        )


class _Optional:
    """A function for each choice of the optional arguments that a caller gives; each made when first needed."""

    def __init__(
        self, make: Callable[[tuple[str, ...]], Callable[..., Any]], given: tuple[str, ...], optional: tuple[str, ...]
    ) -> None:
        self.make, self.given, self.optional = make, given, optional
        self.known: dict[tuple[str, ...], Callable[..., Any]] = {}

    def __call__(self, **arrays: Any) -> Any:
        names = tuple(name for name in self.given if name in arrays or name not in self.optional)
        if names not in self.known:
            self.known[names] = self.make(names)
        return self.known[names](**arrays)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The keywords of the function that takes all of them."""
        if self.given not in self.known:
            self.known[self.given] = self.make(self.given)
        return tuple(getattr(self.known[self.given], "arguments", ()))

    @property
    def source(self) -> str:
        """The source of the function that takes all of them."""
        if self.given not in self.known:
            self.known[self.given] = self.make(self.given)
        return str(getattr(self.known[self.given], "source", ""))


def _size(range: Range) -> str | int:
    if range.size is not None:
        return range.size
    return range.label if range.named else text.write(size_of(range), Sheet())


def derive(sheet: Sheet | str, target: str) -> Derivation:
    """Derive a target, in either dialect, in the light of a sheet: usually a derivative, `diff(CE, w[t,s])`.

    Raises IndexcalcError if the text cannot be read, or if something in it has no derivative.
    """
    reading = read_expression(_sheet(sheet), target)
    derived = derive_term(reading.term, reading.axes, reading.sheet)
    return Derivation(Expression(reading.term, reading.sheet, reading.axes), derived)


def _sheet(sheet: Sheet | str) -> Sheet:
    return parse_sheet(sheet) if isinstance(sheet, str) else sheet


def equal(sheet: Sheet | str, left: str, right: str) -> Verdict:
    """The verdict on left = right; the indices that are free on the left are free.

    A side that cannot be read gives the verdict `unreadable`, with the place and the cause as its reason.
    """
    from indexcalc.check.proof import Verdict, prove

    try:
        first, second = read_chain(_sheet(sheet), [left, right])
    except IndexcalcError as error:
        return Verdict("unreadable", str(error))
    return prove(first.term, second.term, first.sheet, first.axes)


def check(path_or_text: str | Path, format: str | None = None) -> Report:
    """Judge every step of the derivations in a document: a path, or its text if it holds a line break.

    format: "markdown", "latex", "notebook", "sheet" or "text"; by default from the file's name or its contents.
    """
    from indexcalc.check.checking import check_document

    return check_document(path_or_text, format)


def einsum_vjp(subscripts: str) -> tuple[Pullback, ...]:
    """The pullbacks of an einsum, one for each operand: called as pullback(cotangent, *operands)."""
    from indexcalc.codegen.vjp import einsum_vjp

    return tuple(einsum_vjp(subscripts))
