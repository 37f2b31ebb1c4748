"""Verifications and arrays with structure, as tables."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from indexcalc.display.parts import markdown_table, quiet, table, word

if TYPE_CHECKING:
    from indexcalc.codegen.running.banded import Banded
    from indexcalc.codegen.running.structured import Structured
    from indexcalc.verify.verification import Verification, Verifications

HEAD = ("witness", "mean abs. percentage error", "max. relative error", "")


# ----- Verifications ---------------------------------------------------------------------------------------------


def verification_line(value: Verification) -> str:
    """Whether it passed, and against what."""
    return f"Verification {_outcome(value)}: {', '.join(each.witness for each in value.witnesses)}; {_sizes(value)}"


def verification_html(value: Verification) -> str:
    """What each witness says."""
    rows = [
        [escape(name), mape, error, f"{word(said)} {quiet(note)}"] for name, mape, error, said, note in _rows(value)
    ]
    return f"<p>{word(_outcome(value))} {quiet(_sizes(value))}</p>{table(rows, HEAD, 'witnesses')}"


def verification_markdown(value: Verification) -> str:
    """What each witness says."""
    rows = [[name, mape, error, f"{said} {note}".strip()] for name, mape, error, said, note in _rows(value)]
    return f"**{_outcome(value)}**: {_sizes(value)}\n\n{markdown_table(HEAD, rows)}"


def _outcome(value: Verification) -> str:
    return "passed" if value.passed else "failed"


def _sizes(value: Verification) -> str:
    sizes = ", ".join(f"{name} = {size}" for name, size in value.sizes.items())
    return f"shape {value.shape}" + (f", sizes {sizes}" if sizes else "")


def _rows(value: Verification) -> list[tuple[str, str, str, str, str]]:
    return [
        (each.witness, f"{each.mape:.3g}", f"{each.max_error:.3g}", "agrees" if each.passed else "differs", each.note)
        for each in value.witnesses
    ]


def verifications_line(value: Verifications) -> str:
    """Whether all passed."""
    return f"Verifications {'passed' if value.passed else 'failed'}: {', '.join(value)}"


def verifications_html(value: Verifications) -> str:
    """What each witness says of each result."""
    return "".join(f"<p><code>{escape(name)}</code></p>{verification_html(each)}" for name, each in value.items())


def verifications_markdown(value: Verifications) -> str:
    """What each witness says of each result."""
    return "\n\n".join(f"`{name}`\n\n{verification_markdown(each)}" for name, each in value.items())


# ----- Arrays with structure -------------------------------------------------------------------------------------


def compressed_html(value: Structured | Banded) -> str:
    """The shape, the structure, and what is saved."""
    return table([[escape(name), escape(said)] for name, said in _facts(value)], label="an array with structure")


def compressed_markdown(value: Structured | Banded) -> str:
    """The shape, the structure, and what is saved."""
    return markdown_table(["", ""], [list(row) for row in _facts(value)])


def _facts(value: Structured | Banded) -> list[tuple[str, str]]:
    shape = " × ".join(f"{axis} {size}" for axis, size in zip(value.axes, value.shape, strict=True))
    kept = f"{value.kept:,} of {value.size:,} elements, {value.nbytes:,} of {value.dense_nbytes:,} bytes"
    rows = [("shape", shape or "a number"), ("not zero where", value.where or "anywhere"), ("kept", kept)]
    return [*rows, ("type", str(value.dtype))]
