"""Expressions, derivations, results and sheets, typeset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexcalc.display.mathml import code, is_there, mathml
from indexcalc.display.parts import quiet, table
from indexcalc.render import reason
from indexcalc.results import Expression, equations_of

if TYPE_CHECKING:
    from indexcalc.many import Results
    from indexcalc.results import Derivation, Step
    from indexcalc.sheet import Sheet

MOST_LATEX = 20_000  # characters; more is not typeset as one formula


# ----- Expressions -----------------------------------------------------------------------------------------------


def expression_html(value: Expression) -> str | None:
    """An expression as MathML."""
    return mathml(value.latex(), display=True) if is_there() else None


def expression_latex(value: Expression) -> str:
    """An expression between dollars."""
    return f"$\\displaystyle {value.latex()}$"


# ----- Derivations -----------------------------------------------------------------------------------------------


def derivation_line(value: Derivation) -> str:
    """The target and its short form."""
    return f"Derivation {value.target} = {value}"


def derivation_latex(value: Derivation) -> str:
    """The target and its short form, between dollars."""
    return f"$\\displaystyle {value.target.latex()} = {value.latex()}$"


def derivation_markdown(value: Derivation) -> str:
    """The steps with their reasons."""
    return value.render("markdown")


def derivation_html(value: Derivation) -> str | None:
    """The steps as a table, with a reason beside each."""
    if not is_there():
        return None
    return "".join(chain_html(chain) for chain in [*value.lemmas, value.steps])


def chain_html(chain: Sequence[Step], reasons: bool = True) -> str:
    """A chain of equal lines as a table."""
    first, *rest = chain
    rows = [[mathml(first.expression.latex()), "", ""]]
    rows += [["", f"= {mathml(step.expression.latex())}", quiet(reason(step) if reasons else "")] for step in rest]
    return table(rows, label=f"derivation of {first.expression}")


def step_line(value: Step) -> str:
    """The expression and its reason."""
    return f"Step {value.expression}  # {reason(value)}"


# ----- Several results -------------------------------------------------------------------------------------------


def results_line(value: Results) -> str:
    """The names of the results."""
    return f"Results {', '.join(value)}"


def results_latex(value: Results) -> str:
    """The equations, between dollars."""
    return f"$${_aligned(value.equations)}$$"


def results_html(value: Results) -> str | None:
    """The equations as a table."""
    return equations_html(value.equations, "results") if is_there() else None


def _aligned(pairs: Sequence[tuple[Expression, Expression]]) -> str:
    rows = " \\\\\n".join(f"{left.latex()} &= {right.latex()}" for left, right in pairs)
    return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"


def equations_html(pairs: Sequence[tuple[Expression, Expression]], label: str) -> str:
    """Equations as a table."""
    return table([[mathml(left.latex()), f"= {mathml(right.latex())}"] for left, right in pairs], label=label)


# ----- Sheets ----------------------------------------------------------------------------------------------------


def sheet_line(value: Sheet) -> str:
    """What a sheet defines, and of what."""
    parts = [f"defines {', '.join(value.definitions)}" if value.definitions else "defines nothing"]
    parts += [f"from {', '.join(value.leaves)}"] if value.leaves else []
    for number, one in ((len(value.facts), "fact"), (len(value.claims), "claim")):
        parts += [f"{number} {one}{'s' * (number > 1)}"] if number else []
    return f"Sheet {'; '.join(parts)}"


def sheet_latex(value: Sheet) -> str | None:
    """The definitions, between dollars."""
    pairs = equations_of(value)
    return f"$${_aligned(pairs)}$$" if pairs else None


def sheet_html(value: Sheet) -> str | None:
    """The definitions, and the axes of what they are made of."""
    if not is_there():
        return None
    leaves = [[code(name), quiet(_axes(value, name))] for name in value.leaves]
    below = table(leaves, ("given", "axes"), "what the definitions are made of") if leaves else ""
    return (equations_html(equations_of(value), "definitions") if value.definitions else "") + below


def sheet_markdown(value: Sheet) -> str:
    """The definitions, and the axes of what they are made of."""
    given = "\n".join(f"- `{name}`: {_axes(value, name)}" for name in value.leaves)
    return "\n\n".join(part for part in (sheet_latex(value), given) if part)


def _axes(sheet: Sheet, name: str) -> str:
    labels = ", ".join(range.label for range in sheet.leaves[name])
    return f"({labels})" if labels else "a number"
