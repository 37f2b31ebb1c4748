r"""How terms are written for the reader of a document: in the letters of its author."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType

from indexcalc.audit.letters import plain
from indexcalc.audit.meanings import Meanings
from indexcalc.context.functions.signatures import Signed
from indexcalc.context.names import Use
from indexcalc.indices import Index
from indexcalc.notation.lexicon import COMMANDS, GREEK
from indexcalc.notation.writing import latex
from indexcalc.notation.writing.chains import NoMatrixError
from indexcalc.notation.writing.matrices import write_matrix
from indexcalc.sheet import Sheet
from indexcalc.terms import Derivative, Tensor, Term
from indexcalc.walk import replace_tensors, substitute, subterms

OWN_LETTERS = "ijklmnpqrst"


def written_term(
    term: Term, sheet: Sheet, axes: tuple[Index, ...], meanings: Meanings, is_matrix: bool = False
) -> str:
    """The LaTeX of a term, with the names as the document spells them; empty if it has names of ours.

    is_matrix: the document writes no letters for its axes, so that it is written without them where that is possible.
    """
    term = with_derivatives(term, meanings)
    names = {name for each in subterms(term) for name in each.symbols}
    if any("?" in name for name in names):
        return ""
    spelled = {name: spelled_name(use, meanings.written) for name, use in meanings.spelled.items() if name in names}
    spelled |= {name: _signed_name(each, meanings) for name, each in meanings.known.signed.items() if name in names}
    taken = {index.name for index in axes if not index.serial}
    letters = iter(letter for letter in OWN_LETTERS if letter not in taken)
    renaming = {axis: Index(next(letters), axis.range) for axis in axes if axis.serial}
    shown = replace(
        sheet,
        notation={**spelled, **sheet.notation},
        letters={index.name: index.range for index in (*axes, *renaming.values()) if not index.serial},
    )
    own = tuple(renaming.get(axis, axis) for axis in axes)
    if is_matrix:
        with suppress(NoMatrixError):
            return write_matrix(substitute(term, renaming), shown, own).latex
    return latex.write(plain(substitute(term, renaming), shown), shown, own).replace(r"\text{ell}", r"\ell")


def with_derivatives(term: Term, meanings: Meanings) -> Term:
    """A term in which the coefficients of unknown functions, f?x, are derivatives again."""

    def value(tensor: Tensor) -> Term | None:
        base, *variables = tensor.name.split("?")
        if not base or not variables or not all(variables):
            return None
        if variables == ["0"]:
            return Tensor(base, tensor.slots)
        names = [base, *variables]
        counts = [len(meanings.slots.get(name, ())) for name in names]
        if sum(counts) != len(tensor.slots):
            return None
        slots = [tensor.slots[sum(counts[:place]) : sum(counts[: place + 1])] for place in range(len(counts))]
        found: Term = Tensor(base, slots[0])
        for name, own in zip(variables, slots[1:], strict=True):
            found = Derivative(found, Tensor(name, own))
        return found

    return replace_tensors(term, value)


COEFFICIENT = re.compile(r"(?P<base>\w+)\?(?P<variable>\w+)(?:\[(?P<slots>[^\[\]]*)\])?")


def readable(sentence: str, meanings: Meanings) -> str:
    """A sentence of a diagnosis in which the coefficients of unknown functions are derivatives again."""

    def shown(match: re.Match[str]) -> str:
        slots = match["slots"].split(",") if match["slots"] else []
        count = len(meanings.slots.get(match["base"], ()))
        parts = (f"{name}[{','.join(own)}]" if own else name for name, own in (
            (match["base"], slots[:count]), (match["variable"], slots[count:])
        ))  # fmt: skip
        return f"diff({', '.join(parts)})"

    return COEFFICIENT.sub(shown, sentence)


def written_letters(text: str) -> dict[str, str]:
    r"""Which letters a document writes by another command than that of their name, and by no other: \varphi for phi."""
    found: dict[str, str] = {}
    for command, entry in COMMANDS.items():
        if entry.role == "letter" and entry.value in GREEK and command != entry.value and f"\\{command}" in text:
            if re.search(rf"\\{entry.value}(?![A-Za-z])", text) is None:
                found[entry.value] = command
    return found


def in_letters_of_the_text(sentence: str, meanings: Meanings) -> str:
    r"""A sentence with the names in it as the document writes them: \ddot{x} for x_ddot, \varphi for phi."""
    spelled = {name: spelled_name(use, meanings.written) for name, use in meanings.spelled.items() if name in sentence}
    spelled = {name: shown for name, shown in spelled.items() if "\\" in shown and "\\text" not in shown}
    spelled |= {name: _signed_name(each, meanings) for name, each in meanings.known.signed.items() if name in sentence}
    if not spelled:
        return sentence
    names = "|".join(re.escape(name) for name in sorted(spelled, key=len, reverse=True))
    return re.sub(rf"(?<![\\\w])(?:{names})(?![\w(])", lambda match: spelled[match[0]], sentence)


def _signed_name(signed: Signed, meanings: Meanings) -> str:
    r"""A function that shares its letter with others, with its arguments: p(z \mid x)."""

    def shown(name: str) -> str:
        return spelled_name(meanings.spelled.get(name, Use(name)), meanings.written)

    groups = (signed.signature.names, signed.signature.given)
    inner = [", ".join(shown(each.removesuffix("_at")) for each in group) for group in groups if group]
    bar = r" \mid "
    return f"{shown(signed.base)}({bar.join(inner)})"


def spelled_name(use: Use, written: Mapping[str, str] = MappingProxyType({})) -> str:
    """The LaTeX of a name with its labels. written: the letters that the document writes by another command."""
    base, *accents = use.letter.split("_")
    base = written.get(base, base)
    text = (
        f"\\{base}"
        if base in GREEK or (base in COMMANDS and len(base) > 1)
        else base
        if len(base) == 1
        else f"\\text{{{base}}}"
    )
    if base.startswith("cal") and len(base) == 4:
        text = f"\\mathcal{{{base[3]}}}"
    for accent in accents:
        text = f"\\{accent}{{{text}}}"
    below = [str(label) for label in use.labels if not label.mark]
    above = [str(label) for label in use.labels if label.mark]
    return text + (f"_{{{' '.join(below)}}}" if below else "") + (f"^{{{' '.join(above)}}}" if above else "")
