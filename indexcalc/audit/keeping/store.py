"""Verdicts kept under the keys of their steps, and what they said of lines that have moved since.

A step with a key that is known is not judged again: its claim is made as before, at its place of now, and what it did
to the judge is done again. All that is kept is of the last text; what a text does not need any more is forgotten.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from indexcalc.audit.auditing import Audit
from indexcalc.audit.judging import Judge
from indexcalc.audit.keeping.contents import Numbers
from indexcalc.audit.keeping.keys import Keys
from indexcalc.audit.keeping.standing import Slot
from indexcalc.audit.reached import rival_of
from indexcalc.audit.recognise import form_of
from indexcalc.audit.reports.claims import Claim
from indexcalc.audit.solving.judged import note_equation
from indexcalc.audit.steps import Step
from indexcalc.meaning.values import Value

Key = tuple[int, int]
LINES = re.compile(r"\b(lines?) (\d+)(?:( and )(\d+))?")
MOST_NUMBERS = 200_000  # of things that are compared, before all is forgotten


@dataclass(frozen=True)
class Kept:
    """What came of a step: its claims, and what it did to the judge.

    joined: what runs over the same values since. dropped: the name of which its definition was left out. slipped: it
    was refuted. open: it was noted as an equation that nothing decides.
    """

    claims: tuple[Claim, ...]
    joined: tuple[tuple[Slot, Slot], ...]
    dropped: str = ""
    slipped: bool = False
    rivalled: bool = False
    open: bool = False


@dataclass
class Store:
    """What is kept of the steps of a document, from one text of it to the next."""

    number: Numbers = field(default_factory=Numbers)
    known: dict[Key, Kept] = field(default_factory=dict)
    text: str = ""
    judged: int = 0  # steps of the last text that were judged anew
    steps: int = 0  # of the last text

    def judge(self, audit: Audit) -> None:
        """A claim for every step of a text that was read: as it was kept, or judged."""
        judge, text = audit.judge, audit.document.text
        sheets = "\n".join(piece.content.text for piece in audit.document.pieces if piece.kind == "sheet")
        if len(self.number.known) > MOST_NUMBERS:
            self.number, self.known = Numbers(), {}
        keeper = _Keeper(self, Keys(judge, self.number, sheets=sheets), _moves(self.text, text))
        self.judged, self.steps = 0, len(audit.steps)
        judge.judge(audit.steps, by=keeper)
        self.known, self.text = keeper.fresh, text


def _moves(old: str, new: str) -> Callable[[int], int | None]:
    """Where a line of an old text is in a new one; none for one that lies in what has changed."""
    before, after = old.split("\n"), new.split("\n")
    most = min(len(before), len(after))
    start = next((place for place in range(most) if before[place] != after[place]), most)
    end = 0
    while end < most - start and before[-1 - end] == after[-1 - end]:
        end += 1
    shift = len(after) - len(before)

    def moved(line: int) -> int | None:
        if line <= start:
            return line
        return line + shift if line > len(before) - end else None

    return moved


class MovedError(Exception):
    """A line of which a verdict speaks is no longer there."""


@dataclass
class _Keeper:
    """Judges the steps of one text with what is kept of the last one."""

    store: Store
    keys: Keys
    moved: Callable[[int], int | None]
    fresh: dict[Key, Kept] = field(default_factory=dict)
    times: Counter[int] = field(default_factory=Counter)  # how often each key was met: of equal steps each is itself

    def __call__(self, step: Step) -> None:
        """A claim for a step."""
        judge = self.keys.judge
        number, reach = self.keys.key(step)
        key = number, self.times[number]
        self.times[number] += 1
        known = self.store.known.get(key)
        if known is not None:
            try:
                self.fresh[key] = replace(known, claims=tuple(map(self._moved, known.claims)))
            except MovedError:
                pass
            else:
                self._again(step, self.fresh[key])
                return
        self._anew(judge, step, key, reach)

    def _moved(self, claim: Claim) -> Claim:
        """A claim that speaks of lines as they are now. Raises MovedError where one is no longer there."""
        reason, ask = (LINES.sub(self._line, each) for each in (claim.verdict.reason, claim.ask))
        rests = tuple(replace(each, line=self._number(each.line)) for each in claim.rests)
        rests = tuple(sorted(rests, key=lambda ground: (ground.line, ground.kind, ground.text)))
        return replace(claim, verdict=replace(claim.verdict, reason=reason), ask=ask, rests=rests)

    def _line(self, match: re.Match[str]) -> str:
        words = f"{match[1]} {self._number(int(match[2]))}"
        return f"{words}{match[3]}{self._number(int(match[4]))}" if match[4] else words

    def _number(self, line: int) -> int:
        found = self.moved(line)
        if found is None:
            raise MovedError
        return found

    # ----- As it was -----

    def _again(self, step: Step, kept: Kept) -> None:
        """Make the claims of a step as they were kept, and do to the judge what it did."""
        judge, statement = self.keys.judge, step.statement
        link, sides = statement.links[step.place], statement.sides
        line, column = judge.lines.at(link.position)
        self._join(step, kept)
        for claim in kept.claims:
            first = claim.verdict.word == "refuted" and statement not in judge.wrong
            if first:
                judge.wrong.add(statement)
            placed = replace(claim, line=line, column=column, first_wrong=first)
            judge.claims.append(replace(placed, position=link.position, chain=statement.start))
        if kept.dropped:
            judge.meanings.definitions.drop(statement.start, kept.dropped)
        if kept.slipped:
            judge.slips.append((sides[step.place].formula, sides[step.place + 1].formula, line))
        rival = rival_of(judge, step, line) if kept.rivalled else None
        if rival is not None:
            judge.rivals.append(rival)
        left, right = judge.readings[statement].values[step.place : step.place + 2]
        if kept.open and isinstance(left, Value) and isinstance(right, Value):
            note_equation(judge, step, left, right, is_open=True)

    def _join(self, step: Step, kept: Kept) -> None:
        ranges = self.keys.judge.meanings.ranges
        if kept.joined:
            places = dict(self.keys.slots(step.statement, self.keys.reach(step.statement)))
            for one, other in kept.joined:
                if one in places and other in places:
                    ranges.join(places[one], places[other])

    # ----- Anew -----

    def _anew(self, judge: Judge, step: Step, key: Key, reach: frozenset[str]) -> None:
        """Judge a step, and keep what came of it, if what it did to the judge can be done again."""
        self.store.judged += 1
        before = self._marks(judge)
        classes = self._classes(step, reach)
        judge.step(step)
        after = self._marks(judge)
        claims = tuple(judge.claims[before["claims"] :])
        grown = {name for name in before if before[name] != after[name]}
        speaks = any(LINES.search(f"{each.left} {each.right}") for each in claims)
        if speaks or not grown <= {"claims", "slips", "rivals", "left open", "definitions"}:
            return
        dropped = form_of(step.statement, judge.known).name if "definitions" in grown else ""
        joined = self._joined(step, reach, classes)
        noted = {name: name in grown for name in ("slips", "rivals", "left open")}
        self.fresh[key] = Kept(claims, joined, dropped, noted["slips"], noted["rivals"], noted["left open"])

    @staticmethod
    def _marks(judge: Judge) -> dict[str, int]:
        solving = judge.solving
        return {
            "claims": len(judge.claims),
            "slips": len(judge.slips),
            "rivals": len(judge.rivals),
            "left open": len(solving.left_open),
            "definitions": sum(map(len, judge.meanings.definitions.by_letter.values())),
            "facts": len(judge.facts),
            "notes": len(judge.notes),
            "equations": len(solving.equations),
            "solutions": len(solving.solutions),
        }

    def _classes(self, step: Step, reach: frozenset[str]) -> dict[Slot, str]:
        ranges = self.keys.judge.meanings.ranges
        slots = self.keys.slots(step.statement, reach)
        return {slot: ranges.find(range.label) for slot, range in slots if range.label in ranges.parent}

    def _joined(self, step: Step, reach: frozenset[str], before: dict[Slot, str]) -> tuple[tuple[Slot, Slot], ...]:
        """What runs over the same values now, and did not before."""
        first: dict[str, Slot] = {}
        found: list[tuple[Slot, Slot]] = []
        for slot, label in self._classes(step, reach).items():
            if slot not in before:
                continue
            if label in first and before[first[label]] != before[slot]:
                found.append((first[label], slot))
            first.setdefault(label, slot)
        return tuple(found)

