"""The writers of all types, by the names of the types."""

from __future__ import annotations

from indexcalc.display import arrays, documents, formulas
from indexcalc.showing import Writer

TABLE = {
    "Banded": Writer(str, arrays.compressed_markdown, arrays.compressed_html),
    "Claim": Writer(documents.claim_line, documents.claim_markdown, documents.claim_html),
    "Derivation": Writer(
        formulas.derivation_line, formulas.derivation_markdown, formulas.derivation_html, formulas.derivation_latex
    ),
    "Expression": Writer(
        lambda value: f"Expression {value}",
        formulas.expression_latex,
        formulas.expression_html,
        formulas.expression_latex,
    ),
    "FileReport": Writer(documents.file_line, documents.file_markdown, documents.file_html),
    "Report": Writer(documents.report_line, documents.report_markdown, documents.report_html),
    "Results": Writer(formulas.results_line, formulas.results_latex, formulas.results_html, formulas.results_latex),
    "Sheet": Writer(formulas.sheet_line, formulas.sheet_markdown, formulas.sheet_html, formulas.sheet_latex),
    "Step": Writer(formulas.step_line, lambda value: formulas.expression_latex(value.expression)),
    "Structured": Writer(str, arrays.compressed_markdown, arrays.compressed_html),
    "Verdict": Writer(documents.verdict_line, documents.verdict_markdown, documents.verdict_html),
    "Verification": Writer(arrays.verification_line, arrays.verification_markdown, arrays.verification_html),
    "Verifications": Writer(arrays.verifications_line, arrays.verifications_markdown, arrays.verifications_html),
}
