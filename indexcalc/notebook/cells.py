"""What comes of a cell: the derivations of a sheet with their values, or the report on a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indexcalc.api import check, derive, parse
from indexcalc.audit.reports.report import Report
from indexcalc.errors import IndexcalcError
from indexcalc.notebook.options import Words
from indexcalc.results import Derivation
from indexcalc.sheet import Sheet
from indexcalc.showing import writer
from indexcalc.terms import Derivative
from indexcalc.walk import holds


@dataclass(frozen=True, repr=False)
class Cell:
    """A sheet, what was derived with it, and the values that were computed from the arrays of the notebook.

    missing: the arrays that were not there, where some but not all were.
    """

    sheet: Sheet
    derivations: Mapping[str, Derivation]
    values: Mapping[str, Any]
    missing: tuple[str, ...] = ()
    steps: bool = True

    def __getitem__(self, name: str) -> Derivation:
        return self.derivations[name]

    def __repr__(self) -> str:
        if not self.derivations:
            return repr(self.sheet)
        texts = [each.render("text", self.steps) for each in self.derivations.values()]
        return "\n\n".join([*texts, *filter(None, [self._words()])])

    def _words(self) -> str:
        """What is said of the values."""
        found = [f"{name}: {_kind(value)}" for name, value in self.values.items()]
        lacking = f"not computed, since {', '.join(self.missing)} is not there" if self.missing else ""
        return "; ".join([*found, *filter(None, [lacking])])

    def _repr_markdown_(self) -> str | None:
        shown = [each.render("markdown", self.steps) for each in self.derivations.values()]
        return "\n\n".join([*(shown or [self.sheet._repr_markdown_() or ""]), self._words()])

    def _repr_html_(self) -> str | None:
        if not self.steps:
            return None
        shown = [writer("Derivation").html(each) for each in self.derivations.values()] or [self.sheet._repr_html_()]
        from indexcalc.display.parts import quiet

        words = f"<p>{quiet(self._words())}</p>" if self._words() else ""
        return None if None in shown else "".join(filter(None, shown)) + words


def _kind(value: Any) -> str:
    shape = getattr(value, "shape", ())
    return f"an array of shape {tuple(shape)}" if shape else f"{value!s:.12}"


def run_sheet(text: str, words: Words, names: Mapping[str, Any]) -> Cell:
    """Derive what a cell asks for, and compute it where the arrays that it needs are among the names.

    Raises IndexcalcError for what cannot be read or derived, and for arrays that do not fit.
    """
    sheet = parse(text)
    targets = words.targets or tuple(_derivatives(sheet))
    derivations = {target: derive(sheet, target) for target in targets}
    values: dict[str, Any] = {}
    missing: dict[str, None] = {}
    for target, derivation in derivations.items() if words.values else ():
        needed = _needed(derivation)
        given = {name: names[name] for name in needed if _is_array(names.get(name))}
        if len(given) == len(needed) and needed:
            values[target] = derivation.compile(backend=words.backend)(**given)
        elif given:
            missing.update(dict.fromkeys(name for name in needed if name not in given))
    return Cell(sheet, derivations, values, tuple(missing), words.steps)


def _derivatives(sheet: Sheet) -> list[str]:
    """The definitions in which a derivative stands."""
    return [name for name, each in sheet.definitions.items() if holds(each.body, Derivative)]


def _needed(derivation: Derivation) -> tuple[str, ...]:
    """The leaves that a result is made of."""
    sheet, symbols = derivation.sheet, derivation.derived.term.symbols
    leaves = sheet.leaves
    return tuple(
        name for name in leaves if name in symbols or any(sheet.depends([symbol], name) for symbol in symbols)
    )


def _is_array(value: Any) -> bool:
    """Whether a value of the notebook can be meant: an array, a number, or a list of them."""
    is_number = isinstance(value, int | float | list) and not isinstance(value, bool)
    return is_number or (hasattr(value, "shape") and hasattr(value, "dtype"))


def check_text(text: str, format: str) -> Report:
    """The report on the text of a cell. Raises IndexcalcError."""
    if not text.strip():
        raise IndexcalcError("the cell is empty", "Write formulas below %%indexcalc check")
    return check(f"{text}\n", format or None)
