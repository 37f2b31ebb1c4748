"""Derivations on paper: as text, as a LaTeX `align`, as Markdown with one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.errors import IndexcalcError
from indexcalc.explaining.wrapping import columns, wrapped
from indexcalc.notation.writing.chains import NoMatrixError
from indexcalc.notation.writing.matrices import MatrixForm, write_matrix
from indexcalc.terms import Derivative

if TYPE_CHECKING:
    from indexcalc.results import Derivation, Step

LEVELS = ("brief", "full")
WIDEST = 64  # columns of an expression with its reason beside it; the reason of a wider one moves to the right


BOOKKEEPING = frozenset({"deltas", "known", "contract", "factor", "fact", "recognise", "short form"})


def render(
    derivation: Derivation, format: str = "text", steps: bool = True, level: str = "full", width: int = 0
) -> str:
    """A derivation, its lemmas first; without steps only the result.

    "matrix" gives the result, then the steps that have a form as matrices. level: "brief" leaves out the lines of mere
    bookkeeping between two ideas. width: the columns that text is wrapped to, if any. Raises IndexcalcError for a
    format that is none of text, latex, markdown, matrix.
    """
    if format == "matrix":
        return _matrix(derivation, chains_of(derivation, steps, level) if steps else [])
    if format not in FORMATS:
        raise IndexcalcError(f"there is no format {format!r}", f"Choose one of {', '.join((*FORMATS, 'matrix'))}")
    chains = chains_of(derivation, steps, level)
    if width and format == "text":
        return "\n\n".join("\n".join(laid_out(chain, steps, width)) for chain in chains)
    return FORMATS[format](chains, steps)


def chains_of(derivation: Derivation, steps: bool = True, level: str = "full") -> list[tuple[Step, ...]]:
    """The chains of equal lines that are written. Raises IndexcalcError for a level that there is not."""
    if level not in LEVELS:
        raise IndexcalcError(f"there is no level {level!r}", f"Choose one of {', '.join(LEVELS)}")
    if not steps:
        return [*derivation.adjoints, (derivation.steps[0], *derivation.steps[1:][-1:])]
    chains = [*derivation.lemmas, derivation.steps]
    return [_brief(chain) for chain in chains] if level == "brief" else chains


def _brief(chain: tuple[Step, ...]) -> tuple[Step, ...]:
    """The chain with one line where several of bookkeeping follow one another; what they do is named together."""
    found: list[Step] = []
    for step in chain:
        both = bool(found) and all(each.rule.split(", ")[0] in BOOKKEEPING for each in (found[-1], step))
        if both:
            rules = dict.fromkeys((*found.pop().rule.split(", "), step.rule))
            found.append(replace(step, rule=", ".join(rules), note=""))
        else:
            found.append(step)
    return tuple(found)


def laid_out(chain: Sequence[Step], reasons: bool, width: int) -> list[str]:
    """The lines of a chain, in so many columns."""
    first, *rest = chain
    rows = [(f"  = {step.expression}", reason(step) if reasons else "") for step in rest]
    return [*wrapped(str(first.expression), width), *columns(rows, width)]


def reason(step: Step) -> str:
    """What is written beside a line: the rule, and what it rests on."""
    return f"{step.rule}: {step.note}" if step.note else step.rule


def _text(chains: Sequence[Sequence[Step]], reasons: bool) -> str:
    blocks = []
    for first, *rest in chains:
        lines = [f"  = {step.expression}" for step in rest]
        if reasons:
            width = min(WIDEST, max(map(len, lines), default=0))
            lines = [f"{line:{width}}   # {reason(step)}" for line, step in zip(lines, rest, strict=True)]
        blocks.append("\n".join([str(first.expression), *lines]))
    return "\n\n".join(blocks)


def _latex(chains: Sequence[Sequence[Step]], reasons: bool) -> str:
    blocks = []
    for first, *rest in chains:
        rows = [f"  &= {step.expression.latex()}" for step in rest]
        if reasons:
            rows = [f"{row} && \\text{{{escaped(reason(step))}}}" for row, step in zip(rows, rest, strict=True)]
        body = " \\\\\n".join(rows)
        blocks.append(f"\\begin{{align}}\n{first.expression.latex()}\n{body}\n\\end{{align}}")
    return "\n\n".join(blocks)


def escaped(text: str) -> str:
    """Words that LaTeX prints as they stand."""
    replacements = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
    return "".join(replacements.get(sign, f"\\{sign}" if sign in "#$%&_{}" else sign) for sign in text)


def _markdown(chains: Sequence[Sequence[Step]], reasons: bool) -> str:
    return "\n\n".join(f"$$\n{_latex([chain], reasons)}\n$$" for chain in chains)


def _matrix(derivation: Derivation, chains: Sequence[Sequence[Step]]) -> str:
    """The result in matrix notation, in text and in LaTeX, and the steps; where it has none, with indices, and why."""
    derived = derivation.derived
    try:
        found = write_matrix(derived.term, derived.sheet, derived.axes)
    except NoMatrixError as error:
        return f"{derivation.expression}\n# not in matrix notation: {error}"
    variable = derived.target.variable if isinstance(derived.target, Derivative) else None
    shape = f"\n# in the shape of {variable.name}" if variable is not None and derived.axes == variable.slots else ""
    shown = [rows for chain in chains if len(rows := _matrix_rows(chain)) > 1]
    steps = [_matrix_text(rows) for rows in shown] + [_matrix_latex(rows) for rows in shown]
    return "\n\n".join([f"{found.text}\n{found.latex}{shape}", *steps])


Rows = list[tuple[MatrixForm, str]]  # a line, and the rules that lead to it


def _matrix_rows(chain: Sequence[Step]) -> Rows:
    """The lines of a chain that matrix notation can say; the rules of the others count for the next one that it can."""
    rows: Rows = []
    rules: list[str] = []
    for step in chain:
        expression = step.expression
        rules.append(reason(step))
        try:
            form = write_matrix(expression.term, expression.sheet, expression.axes)
        except NoMatrixError:
            continue
        if not rows or form.text != rows[-1][0].text:
            rows.append((form, "; ".join(rules)))
        rules = []
    return rows


def _matrix_text(rows: Rows) -> str:
    (first, _), *rest = rows
    lines = [f"  = {form.text}" for form, _ in rest]
    width = min(WIDEST, max(map(len, lines)))
    return "\n".join([first.text, *(f"{line:{width}}   # {why}" for line, (_, why) in zip(lines, rest, strict=True))])


def _matrix_latex(rows: Rows) -> str:
    (first, _), *rest = rows
    body = " \\\\\n".join(rf"  &= {form.latex} && \text{{{escaped(why)}}}" for form, why in rest)
    return f"\\begin{{align}}\n{first.latex}\n{body}\n\\end{{align}}"


FORMATS: dict[str, Callable[[Sequence[Sequence[Step]], bool], str]] = {
    "latex": _latex,
    "markdown": _markdown,
    "text": _text,
}
