r"""Bars behind a formula that say for which indices it stands: \frac{\partial L}{\partial s_i}|_{i \neq j}.

They are taken off: what they say of indices is a condition of the statement. A bar that puts in the value of a
variable, f'(x)|_{x = 0}, stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from indexcalc.audit.outline.rows import flat
from indexcalc.notation.tex.tokens import Token

BARS = ("bar", "bar-right")
RELATIONS = ("equal", "relation")


def without_evaluations(toks: list[Token]) -> tuple[list[Token], list[list[Token]]]:
    """The tokens without such bars, and what stands below each of them."""
    said: list[list[Token]] = []
    dropped: set[int] = set()
    for bar, first, last in _bars(toks):
        inside = toks[first:last]
        letters = {token.text for token in inside if token.kind == "letter"}
        rest = [*toks[:bar], *toks[last:]]
        if letters & letters_in_scripts(rest, ("below",)):
            said.append(inside)
            dropped.update(range(bar, last + (toks[bar + 2].kind == "group")))
            dropped |= _opener(toks, bar)
    return [token for place, token in enumerate(toks) if place not in dropped], said


def _bars(toks: list[Token]) -> Iterator[tuple[int, int, int]]:
    """The bars that have a relation below them: their places, and where the relation begins and ends."""
    for place, token in enumerate(toks):
        if token.kind not in BARS or place + 3 >= len(toks) or toks[place + 1].kind != "below":
            continue
        if toks[place + 2].kind != "group":
            continue
        depth, end = 1, place + 3
        while end < len(toks) and depth:
            depth += {"group": 1, "endgroup": -1}.get(toks[end].kind, 0)
            end += 1
        inside = toks[place + 3 : end - 1]
        if any(each.kind in RELATIONS for each in inside) and not _closes(toks, place):
            yield place, place + 3, end - 1


def _closes(toks: list[Token], place: int) -> bool:
    """Whether a bar closes one that was opened before it."""
    if toks[place].kind == "bar-right":
        return not _opener(toks, place)
    shallow = [token for token in flat(toks[:place]) if token is not None and token.kind == "bar"]
    return len(shallow) % 2 == 1


def _opener(toks: list[Token], place: int) -> set[int]:
    r"""The place of the \left. that belongs to a \right|."""
    if toks[place].kind != "bar-right":
        return set()
    depth = 0
    for other in range(place - 1, -1, -1):
        depth += {"close": 1, "open": -1}.get(toks[other].kind, 0)
        if depth < 0:
            return {other} if toks[other].value == "." else set()
    return set()


def letters_in_scripts(toks: list[Token], kinds: tuple[str, ...] = ("below", "above")) -> set[str]:
    """The letters that stand below others, or above them."""
    found: set[str] = set()
    for place, token in enumerate(toks[:-1]):
        if token.kind not in kinds:
            continue
        found.add(toks[place + 1].text)
        depth, other = 0, place + 1
        while toks[place + 1].kind == "group" and other < len(toks):
            depth += {"group": 1, "endgroup": -1}.get(toks[other].kind, 0)
            if not depth:
                break
            found.add(toks[other].text)
            other += 1
    return found
