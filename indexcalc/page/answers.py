"""The answers to what the page asks: plain values in, plain values out. Nothing is executed but our own code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from indexcalc.api import derive, parse
from indexcalc.display.arrays import verification_html
from indexcalc.display.documents import formula
from indexcalc.display.mathml import mathml
from indexcalc.display.parts import word
from indexcalc.errors import IndexcalcError
from indexcalc.notation.writing.chains import NoMatrixError
from indexcalc.notation.writing.matrices import write_matrix
from indexcalc.render import chains_of, reason
from indexcalc.results import Derivation, Step
from indexcalc.terms import Derivative
from indexcalc.walk import holds

LONGEST = 20_000  # characters of a text
BACKENDS = ("einsum", "numpy", "numba", "jax", "torch", "dask")
LARGEST = 12  # a size that is drawn or verified
Question = Mapping[str, Any]


def answer(kind: str, question: Question) -> dict[str, Any]:
    """The answer to a question of a kind; an error is an answer too, with the places that it speaks of."""
    try:
        return ANSWERS[kind](question)
    except IndexcalcError as error:
        texts = {name: str(question.get(name, "")) for name in ("sheet", "target")}
        where = next((name for name, text in texts.items() if error.spans and error.text.strip() == text.strip()), "")
        shift = texts[where].index(error.text.strip()) - error.text.index(error.text.strip()) if where else 0
        places = [[each.start + shift, each.end + shift] for each in error.spans]
        return {"error": str(error), "where": where, "places": places}


def text_of(question: Question, name: str) -> str:
    """A text of a question. Raises IndexcalcError for what is none, and for one that is too long."""
    value = question.get(name, "")
    if not isinstance(value, str):
        raise IndexcalcError(f"{name} is no text", "Send a string")
    if len(value) > LONGEST:
        raise IndexcalcError(f"the text has {len(value)} characters, more than {LONGEST}", "Use the command for it")
    return value


def _derivation(question: Question) -> Derivation:
    sheet, target = text_of(question, "sheet"), text_of(question, "target").strip()
    read = parse(sheet)
    if not target:
        wanted = [name for name, each in read.definitions.items() if holds(each.body, Derivative)]
        target = (wanted or list(read.definitions))[-1] if read.definitions else ""
    if not target:
        raise IndexcalcError("there is nothing to derive", "Write a definition, and diff(y, x) as the target")
    return derive(read, target)


def derived(question: Question) -> dict[str, Any]:
    """The result, the steps, the matrix form, and what the sheet may be differentiated by."""
    found = _derivation(question)
    return {
        "target": str(found.target),
        "result": str(found),
        "latex": found.latex(),
        "axes": list(found.axes),
        "typeset": f"{mathml(found.target.latex())} = {mathml(found.latex(), display=False)}",
        "steps": [_chain(chain) for chain in chains_of(found)],
        "matrix": _matrix(found),
        "remarks": [str(each) for each in found.sheet.remarks],
        "targets": _targets(found),
    }


def _chain(chain: Sequence[Step]) -> list[dict[str, str]]:
    why = ["", *(reason(step) for step in chain[1:])]
    return [
        {"typeset": mathml(step.expression.latex()), "text": str(step.expression), "reason": words}
        for step, words in zip(chain, why, strict=True)
    ]


def _matrix(found: Derivation) -> dict[str, str] | None:
    """The result in matrix notation, where it has such a form."""
    try:
        form = write_matrix(found.derived.term, found.derived.sheet, found.derived.axes)
    except NoMatrixError:
        return None
    return {"text": form.text, "typeset": mathml(form.latex)}


def _targets(found: Derivation) -> list[str]:
    """The derivatives of the last definition by what it is made of."""
    sheet = found.target.sheet
    if not sheet.definitions:
        return []
    last = list(sheet.definitions)[-1]
    return [f"diff({last}, {name})" for name in sheet.slots if name != last and sheet.depends([last], name)][:12]


def code(question: Question) -> dict[str, Any]:
    """The source of a function."""
    backend = text_of(question, "backend") or "einsum"
    if backend not in BACKENDS:
        raise IndexcalcError(f"there is no backend {backend!r}", f"Choose one of {', '.join(BACKENDS)}")
    return {"code": _derivation(question).code(backend=backend)}


def verified(question: Question) -> dict[str, Any]:
    """How the code compares with its witnesses."""
    found = _derivation(question).verify(sizes=_sizes(question))
    return {"passed": found.passed, "typeset": verification_html(found)}


def picture(question: Question) -> dict[str, Any]:
    """A picture as SVG."""
    from indexcalc.pictures.draw import draw

    return {"svg": draw(_derivation(question), text_of(question, "kind"), _sizes(question))}


def _sizes(question: Question) -> dict[str, int]:
    """The sizes of a question: m=3, n=4."""
    found: dict[str, int] = {}
    for part in filter(str.strip, text_of(question, "sizes").split(",")):
        name, _, size = part.partition("=")
        if not name.strip() or not size.strip().isdecimal() or not 1 <= int(size) <= LARGEST:
            raise IndexcalcError(f"{part.strip()!r} gives no size", f"Write m=3, n=4, each at most {LARGEST}")
        found[name.strip()] = int(size)
    return found


def checked(question: Question) -> dict[str, Any]:
    """The verdicts on a document, with their places, and the fixes that may be applied."""
    from indexcalc.editor.analysis import analysed  # what only documents need is loaded for the first of them
    from indexcalc.editor.findings import findings

    text = text_of(question, "text")
    analysis = analysed(text, "", text_of(question, "format"))
    if analysis.report is None:
        raise IndexcalcError(analysis.problem.removesuffix("."))
    by_place = {each.place.start: each for each in findings(analysis)}
    rows = []
    for claim in analysis.claims:
        extent, found = analysis.extent(claim), by_place.get(claim.position)
        fix = [found.fix_place.start, found.fix_place.end, found.fix] if found and found.fix_place else None
        rows.append(
            {
                "line": claim.line,
                "place": [extent.start, extent.end],
                "verdict": str(claim.verdict),
                "typeset": f"{word(str(claim.verdict))} {formula(claim.text)}",
                "reason": claim.reason,
                "fix": fix,
                "fix_typeset": formula(claim.fix) if claim.fix else "",
            }
        )
    notes = [f"line {note.line}: {escape(note.text)}" for note in analysis.report.mistakes]
    return {"claims": rows, "mistakes": notes, "counts": dict(Counter(str(each.verdict) for each in analysis.claims))}


ANSWERS: dict[str, Callable[[Question], dict[str, Any]]] = {
    "derive": derived,
    "code": code,
    "verify": verified,
    "picture": picture,
    "check": checked,
}
