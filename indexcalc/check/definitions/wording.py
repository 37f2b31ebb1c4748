r"""Names as a document means them, where the letters alone would be read as something else.

    CE = -\sum_i y_i \log p_i          a run of capitals on the left, or differentiated, is one name: \text{CE}
    \delta_n = y_n - t_n               a \delta with one index, or one that is defined, is no Kronecker delta
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from indexcalc.check.documents.places import Placed
from indexcalc.check.formulas.chains import Chain
from indexcalc.check.formulas.scan import DEFINITION, EQUALITY, level, tokens

RUN = re.compile(r"(?<![A-Za-z\\{])(?P<run>[A-Z]{2,})(?![A-Za-z])")
WHOLE = re.compile(r"\s*(?P<run>[A-Z]{2,})\s*")
DIFFERENTIATED = re.compile(r"\\partial\s*(?P<run>[A-Z]{2,})(?![A-Za-z_^])")
SCRIPTS = r"(?:\s*[_^]\s*(?:\{[^{}]*\}|\w))*"
DELTA = re.compile(rf"\\delta(?![A-Za-z])(?P<scripts>{SCRIPTS})")
BELOW = re.compile(r"_\s*(?:\{\s*(?P<group>[^{}]*?)\s*\}|(?P<one>\w))")
GRADIENT = re.compile(r"\s*\\frac\s*\{\s*\\partial\s*(?:\\?[A-Za-z]+|\\[a-z]+\{\w+\})\s*\}")
ERROR = r"\text{delta\_}"


def worded(chains: Sequence[Chain]) -> list[Chain]:
    """The chains with these names."""
    runs = _abbreviations(chains)
    signal = any(_is_signal(chain) for chain in chains)
    return [_changed(chain, runs, signal) for chain in chains] if runs or signal else list(chains)


def spelled_back(text: str) -> str:
    """A text with the letters of the author."""
    return text.replace(ERROR, r"\delta")


def _abbreviations(chains: Sequence[Chain]) -> set[str]:
    """The runs of capitals that are names; none of their letters stands alone somewhere."""
    texts = [side.text for chain in chains for side in chain.sides]
    runs = {match["run"] for chain in chains if (match := WHOLE.fullmatch(chain.sides[0].text))}
    runs |= {match["run"] for text in texts for match in DIFFERENTIATED.finditer(text)}
    alone = {letter for text in texts for letter in re.findall(r"(?<![A-Za-z\\])[A-Z](?![A-Za-z])", text)}
    return {run for run in runs if alone.isdisjoint(run)}


def _is_signal(chain: Chain) -> bool:
    r"""Whether a chain shows that \delta is the error signal: by one index, or as a difference or a gradient."""
    first = DELTA.fullmatch(chain.sides[0].text.strip())
    if first and chain.relations[0].sort in (EQUALITY, DEFINITION) and BELOW.search(first["scripts"]):
        right = chain.sides[1].text
        if GRADIENT.match(right) or any(token.text == "-" for token in level(tokens(right))[1:]):
            return not DELTA.search(right)
    return any(_has_one_index(match["scripts"]) for side in chain.sides for match in DELTA.finditer(side.text))


def _has_one_index(scripts: str) -> bool:
    below = BELOW.search(scripts)
    if below is None or re.search(r"\^\s*(?:\{\s*[a-z]\s*\}|[a-z])", scripts):  # \delta^i_j has two
        return False
    return re.fullmatch(r"\\?[A-Za-z]'*|\\ell", below["group"] or below["one"] or "") is not None


def _changed(chain: Chain, runs: set[str], signal: bool) -> Chain:
    sides = tuple(_side(side, runs, signal) for side in chain.sides)
    return chain if sides == chain.sides else replace(chain, sides=sides, original=chain.original or chain.sides)


def _side(side: Placed, runs: set[str], signal: bool) -> Placed:
    named = (match for match in RUN.finditer(side.text) if match["run"] in runs)
    found = [(match.span(), rf"\text{{{match['run']}}}") for match in named]
    if signal:
        found += [((match.start(), match.start() + len(r"\delta")), ERROR) for match in DELTA.finditer(side.text)]
    return side.replaced(*((*span, new) for span, new in sorted(found))) if found else side
