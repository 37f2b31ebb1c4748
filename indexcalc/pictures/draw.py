"""The pictures by kind."""

from __future__ import annotations

from collections.abc import Mapping

from indexcalc.errors import IndexcalcError
from indexcalc.results import Derivation

KINDS = ("sparsity", "network", "graph")


def draw(derivation: Derivation, kind: str = "", sizes: Mapping[str, int] | None = None) -> str:
    """A picture of a result as SVG. Raises IndexcalcError for a kind that there is not, or that the result has not.

    kind: "sparsity" (where it is not zero), "network" (what is contracted with what), "graph" (what is made of what);
    by default the first where the result has two axes or more, else the last.
    """
    chosen = kind or ("sparsity" if len(derivation.axes) > 1 else "graph")
    if chosen == "sparsity":
        from indexcalc.pictures.sparsity import sparsity

        return sparsity(derivation, sizes)
    if chosen == "network":
        from indexcalc.pictures.network import network

        return network(derivation)
    if chosen == "graph":
        from indexcalc.pictures.graph import graph

        return graph(derivation)
    raise IndexcalcError(f"there is no picture {chosen!r}", f"Choose one of {', '.join(KINDS)}")
