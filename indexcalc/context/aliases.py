"""One tensor under two letters: a matrix and its small elements, a vector with an arrow and its elements without."""

from __future__ import annotations

from collections.abc import Iterable

from indexcalc.context.knowledge import Knowledge
from indexcalc.context.ledger import SHOWN
from indexcalc.context.names import Use


def arrows(uses: Iterable[Use], known: Knowledge) -> None:
    r"""\vec{n}, of which the elements are n_i, is n: without an arrow it stands with one index and never alone."""
    letters = known.letters
    names = {use.name for use in uses}
    for name in sorted(names):
        plain = name.removesuffix("_vec")
        if name != plain and plain in names and letters.kinds.get(plain) == {1} and plain not in letters.bare:
            if not letters.counts.get(name):
                known.aliases[name] = plain


def capitals(known: Knowledge) -> None:
    """Capital letters that stand alone, of which the small ones with two indices are the elements."""
    letters = known.letters
    for name, count in list(letters.counts.items()):
        head, _, tail = name.partition("_")
        capital = "_".join([head.upper(), tail]) if tail else head.upper()
        if count != 2 or len(head) != 1 or not head.islower() or name in known.aliases:
            continue
        if (
            capital in letters.bare | set(known.ledger.names())
            and not letters.kinds.get(capital)
            and name not in letters.bare
        ):
            if known.axes(capital) in (0, 2) and capital not in letters.sizes and capital not in known.letters.bound:
                known.aliases[name] = capital
                known.columns |= {capital} if name in known.columns else set()
                known.rows |= {capital} if name in known.rows else set()
                letters.counts[capital] = 2
                known.ledger.entries[capital, "axes"].clear()
                known.believe(capital, 0, SHOWN, 0, f"{name} with two indices are its elements")
