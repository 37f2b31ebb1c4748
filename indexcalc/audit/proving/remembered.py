"""Questions that were answered before: the same sides on the same sheet have the same verdict.

A document that is read anew, with a declaration that is tried or after a change in one place, asks most of them again.
A question that is answered from memory counts as much work as it took: whether it was asked before must not tell.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from indexcalc.budget import measured, spend
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Term

Answer = TypeVar("Answer")
MOST_KEPT = 2000


class Remembered(Generic[Answer]):
    """Answers to questions on two sides, a sheet and axes, the latest ones, each with the work that it took."""

    def __init__(self, answer: Callable[[Term, Term, Sheet, tuple[Index, ...], bool], Answer]) -> None:
        self.answer = answer
        self.known: OrderedDict[object, tuple[Answer, int]] = OrderedDict()
        self.lock = Lock()

    def __call__(self, left: Term, right: Term, sheet: Sheet, axes: tuple[Index, ...], only_proof: bool) -> Answer:
        """The answer; a question that raises an error, or for which too little work is left, is asked again."""
        question = (left, right, axes, only_proof, contents(sheet))
        with self.lock:
            known = self.known.get(question)
            if known is not None:
                self.known.move_to_end(question)
        if known is not None:
            spend(known[1])
            return known[0]
        with measured() as work:
            found = self.answer(left, right, sheet, axes, only_proof)
        with self.lock:
            self.known[question] = found, work.done
            if len(self.known) > MOST_KEPT:
                self.known.popitem(last=False)
        return found


def contents(sheet: Sheet) -> tuple[object, ...]:
    """All of a sheet on which a verdict may hang, to be compared with another one."""
    tables = (sheet.definitions, sheet.primitives, sheet.letters, sheet.slots, sheet.notation, sheet.varied)
    rest = (sheet.facts, sheet.order, sheet.written, sheet.definite, sheet.reads)
    return (*(tuple(table.items()) for table in (*tables, sheet.outside)), *rest)
