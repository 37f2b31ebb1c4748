"""What is known of a name of a document: from where, and with what strength."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from indexcalc.audit.auditing import Audit
from indexcalc.context.ledger import STRENGTHS, Evidence
from indexcalc.context.names import Use
from indexcalc.context.spoken import names_of
from indexcalc.notation.formula import Name, Scripted
from indexcalc.notation.tex.parser import parse

KINDS = {"definition": "it is defined", "function": "it is defined as a function", "given": "a sheet defines it"}
KINDS |= {"logarithm": "its logarithm is defined", "square": "its square is defined"}


@dataclass(frozen=True)
class Known:
    """A piece of knowledge: where it comes from, what it is, how sure it is, and why, in the words of the document."""

    line: int
    column: int
    what: str
    strength: str
    why: str

    def as_json(self) -> dict[str, Any]:
        """The fields."""
        fields = {"line": self.line, "column": self.column, "what": self.what}
        return fields | {"strength": self.strength, "why": self.why}

    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {self.what} ({self.strength}: {self.why})"


def known_of(audit: Audit, name: str) -> tuple[Known, ...]:
    r"""What is known of a name, in the order of the document; it is given as it is written, \hat{y}, or as reports say.

    Empty if the document does not speak of it.
    """
    use = _use(audit, name)
    found = [*_evidence(audit, use), *_use_shown(audit, use), *_definitions(audit, use), *_facts(audit, use)]
    return tuple(sorted(dict.fromkeys(found), key=lambda each: (each.line, each.column)))


def names_in(audit: Audit) -> list[str]:
    """The names that a document speaks of."""
    names = {*audit.judge.meanings.spelled, *audit.judge.known.declared}
    return sorted(name for name in names if "?" not in name and not name.startswith("bb"))  # R^n is a space


def _use(audit: Audit, name: str) -> Use:
    spelled = audit.judge.meanings.spelled.get(name)
    if spelled is not None:
        return spelled
    formula = parse(name)
    use = audit.judge.known.use(formula) if isinstance(formula, Name | Scripted) else None
    return use or Use(name)


def _place(audit: Audit, place: int) -> tuple[int, int]:
    return audit.document.lines.at(max(0, place))


def _evidence(audit: Audit, use: Use) -> Iterator[Known]:
    ledger = audit.judge.known.ledger
    for name in dict.fromkeys((use.name, use.letter)):
        for each in ledger.about(name):
            what = _said(each)
            rivals = {str(other.value) for other in ledger.rivals(name, each.trait, each.place)}
            if rivals and each.trait == "axes":
                what += f", but as strong evidence says {' or '.join(sorted(rivals))}"
            yield Known(*_place(audit, each.place), what, STRENGTHS[each.strength], each.why)


def _said(each: Evidence) -> str:
    match each.trait, each.value:
        case "axes", 0:
            return "it has no axes beside the indices that stand at it"
        case "axes", 1:
            return "it is a vector: one axis beside the indices that stand at it"
        case "axes", value:
            return f"it is a matrix: {value} axes beside the indices that stand at it"
        case "kind", value:
            return f"it is a {value}"
        case "shape", tuple() as sizes:
            return "its sizes are " + ", ".join(str(size) if size else "not named" for size in sizes)
        case "standard", value:
            return f"it is the function {value}"
        case "depends", _:
            return "it depends on variables"
        case "indexed", _:
            return "what stands in brackets behind it are indices"
    return f"{each.trait}: {each.value}"


def _use_shown(audit: Audit, use: Use) -> Iterator[Known]:
    """How many indices it stands with, where it stands first; what it is differentiated by."""
    known = audit.judge.known
    first = next((start for name, start in _spoken(audit) if name == use.name), None)
    if first is None:
        return
    place = _place(audit, first)
    if known.is_size(use.name):
        yield Known(*place, "it is a size", "shown by its use", "something runs so far")
    count = known.count(use.name)
    if count:
        indices = f"{count} ind{'ices' if count > 1 else 'ex'}"
        yield Known(*place, f"it stands with {indices}", "shown by its use", "its first place in the document")
    else:
        yield Known(*place, "it stands without indices", "shown by its use", "its first place in the document")
    for name, variable in sorted(audit.judge.meanings.depends):
        if name == use.name:
            what = f"it is differentiated by {variable}"
            yield Known(*place, what, "shown by its use", "a formula has the derivative")


def _spoken(audit: Audit) -> Iterator[tuple[str, int]]:
    for statement in audit.judge.readings:
        for side in statement.sides:
            for name in sorted(names_of(side.formula, audit.judge.known)):
                yield name, side.start


def _definitions(audit: Audit, use: Use) -> Iterator[Known]:
    for each in audit.judge.meanings.definitions.by_letter.get(use.letter, ()):
        if each.use.labels != use.labels:
            continue
        body = audit.judge.meanings.body(each, {}) if each.kind != "function" else each.lost
        what = f"{KINDS.get(each.kind, 'it is defined')}: {' '.join(each.text.split())}"
        if isinstance(body, str) and body:
            what += f"; of no use: {body}"
        strength = "declared" if each.kind == "given" else "said"
        column = 1 if each.kind == "given" else _place(audit, each.place)[1]
        yield Known(each.line, column, what, strength, "it holds from here on")


def _facts(audit: Audit, use: Use) -> Iterator[Known]:
    judge = audit.judge
    for statement, place in judge.facts:
        sides = statement.sides[:2]
        if any(use.name in names_of(side.formula, judge.known) for side in sides):
            text = f"{sides[0].written} = {sides[1].written}"
            yield Known(*_place(audit, place), f"a fact: {text}", "said", "an equation of the document")
    for fact in judge.prose.facts:
        if fact.name == use.name:
            yield Known(*_place(audit, fact.place), f"a fact: {fact.fact}", "said", f"the text says so: {fact.words}")
    for _, given in judge.meanings.given:
        if use.name in given.left.symbols | given.right.symbols:
            yield Known(*_place(audit, given.place), f"a fact: {given.text}", "declared", "a sheet assumes it")


def shown(path: str, known: Iterable[Known]) -> str:
    """The lines for a reader."""
    return "\n".join(f"{path}:{each}" for each in known)
