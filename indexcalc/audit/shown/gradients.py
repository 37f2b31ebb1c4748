r"""Gradients that have one letter before the names of what they are taken by: \delta x for \partial E / \partial x.

A text that says so of one name means it of all: \delta y is \partial E / \partial y, wherever it stands. As what a text
shows, this proves and refutes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from indexcalc.audit.defined import SHOWN, Defined
from indexcalc.audit.outline.statements import Statement
from indexcalc.context.knowledge import Knowledge
from indexcalc.context.names import Use
from indexcalc.notation.formula import Bracket, Derivative, Formula, Name, Scripted, walk

if TYPE_CHECKING:
    from indexcalc.audit.judging import Judge

BEFORE = ("delta", "Delta", "d")  # letters that make one name with the name behind them
BEHIND = ("_bar",)


def take_gradients(judge: Judge, statements: Iterable[Statement]) -> None:
    """Take in what the names of gradients stand for, where the text says it of one of them."""
    statements = list(statements)
    families = dict(_families(judge, statements))
    if judge.declared_only or not families:
        return
    members: dict[str, tuple[Use, Formula]] = {}
    letters: set[str] = set()
    for part in (part for each in statements for side in each.sides for part in walk(side.formula)):
        use = judge.known.use(part) if isinstance(part, Name | Scripted) else None
        if use is None:
            continue
        letters.add(use.letter)
        if _is_plain(use) and (use.name not in members or len(use.indices) > len(members[use.name][0].indices)):
            members[use.name] = (use, part)
    for use, part in members.values():
        for mark, (function, line) in families.items():
            base = _base(use.letter, mark)
            variable = _named(part, mark) if base in letters else None
            if variable is not None:
                body = Derivative(function, ((variable, 1),))
                text = f"{use.name} is a derivative by {base}"
                judge.meanings.definitions.add(Defined(use, body, 0, line, SHOWN, text=text, in_case=True))


def _families(judge: Judge, statements: list[Statement]) -> Iterator[tuple[tuple[str, str], tuple[Formula, int]]]:
    """The marks of gradients with the function that is differentiated, and the line that says so."""
    for statement in statements:
        for place, link in enumerate(statement.links):
            if link.kind not in ("equality", "definition"):
                continue
            for one, other in ((place, place + 1), (place + 1, place)):
                left, right = statement.sides[one].formula, statement.sides[other].formula
                mark = _mark(left, right, judge.known)
                if mark is not None:
                    yield mark[0], (mark[1], judge.lines.at(link.position)[0])


def _mark(left: Formula, right: Formula, known: Knowledge) -> tuple[tuple[str, str], Formula] | None:
    """By which mark a side names the derivative that the other side is, and of what it is one."""
    slope = right.base.body if isinstance(right, Scripted) and isinstance(right.base, Bracket) else right
    use = known.use(left) if isinstance(left, Name | Scripted) else None
    if use is None or not isinstance(slope, Derivative) or slope.body is None or len(slope.variables) != 1:
        return None
    variable, order = slope.variables[0]
    own = known.use(variable) if isinstance(variable, Name | Scripted) else None
    if own is None or order != 1 or not isinstance(slope.body, Name | Scripted):
        return None
    for mark in [*((each, "") for each in BEFORE), *(("", each) for each in BEHIND)]:
        if use.letter == f"{mark[0]}{own.letter}{mark[1]}":
            return mark, slope.body
    return None


def _is_plain(use: Use) -> bool:
    letters = [item.text for item in use.indices]
    plain = all(item.kind == "letter" for item in use.indices) and len(set(letters)) == len(letters)
    return plain and use.power is None and not use.primes and not use.transposed


def _base(letter: str, mark: tuple[str, str]) -> str:
    """The letter of what a gradient is taken by; empty if a letter has not this mark."""
    before, behind = mark
    if not (letter.startswith(before) and letter.endswith(behind)):
        return ""
    return letter[len(before) : len(letter) - len(behind)]


def _named(formula: Formula, mark: tuple[str, str]) -> Formula | None:
    """A name with its scripts, without the mark of a gradient."""
    if isinstance(formula, Name):
        accents = tuple(each for each in formula.accents if f"_{each}" != mark[1])
        return replace(formula, letter=formula.letter.removeprefix(mark[0]), accents=accents)
    if isinstance(formula, Scripted):
        base = _named(formula.base, mark)
        return None if base is None else replace(formula, base=base)
    return None
