"""Code judged for a few sizes, where it cannot be for all: loops are written out then, and places are known.

What differs for some sizes is refuted; what is equal for all that are tried agrees, and nothing is proved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from indexcalc.audit.proving.proof import Verdict
from indexcalc.audit.proving.sizes import Question, with_ranges
from indexcalc.lift.arrays.array import range_of
from indexcalc.lift.errors import TOO_MUCH
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Range, Term
from indexcalc.verify.samples import choose_sizes, ranges_of

SEEDS = (0, 1, 2)
RIGHT = ("proved", "agrees")
RAISES = "the code raises"

Judge = Callable[[Question, Mapping[Range, int]], Verdict]


def for_sizes(term: Term, axes: tuple[Index, ...], sheet: Sheet, judge: Judge) -> Verdict | None:
    """The verdict on code for some sizes of a formula; none where it says nothing.

    judge: the verdict for a formula whose sizes are numbers, and these.
    """
    open_ranges = [each for each in ranges_of(sheet, [term]) if each.size is None]
    found: dict[str, Verdict] = {}
    for seed in SEEDS if open_ranges else ():
        sizes = choose_sizes(sheet, ranges_of(sheet, [term]), seed)
        words = ", ".join(f"{each.label} = {sizes[each]}" for each in open_ranges if not each.counts)
        if words in found or any(size < 1 for size in sizes.values()):
            continue
        ranges = {each: range_of(sizes[each]) for each in open_ranges}
        found[words] = judge(with_ranges(Question(term, term, sheet, axes), ranges), sizes)
        if str(found[words]) not in (*RIGHT, "refuted"):
            return None
    return together(found)


def too_much(verdict: Verdict) -> bool:
    """Whether code was not read for the sake of its length."""
    return any(words in verdict.reason for words in TOO_MUCH)


def together(found: Mapping[str, Verdict]) -> Verdict | None:
    """What verdicts for sizes, by what these are, say together; none where they say nothing.

    Code that raises an error for some sizes may be meant for others.
    """
    wrong = {words: each for words, each in found.items() if str(each) == "refuted"}
    if found and not wrong:
        return Verdict("agrees", f"equal for {'; for '.join(found)}; other sizes cannot be read")
    differing = {words: each for words, each in wrong.items() if not each.reason.startswith(RAISES)}
    if len(wrong) < len(found) and not differing:
        return None
    return _first(differing or wrong) if wrong else None


def _first(found: Mapping[str, Verdict]) -> Verdict:
    words, verdict = next(iter(found.items()))
    return replace(verdict, reason=f"for {words}: {verdict.reason}")
