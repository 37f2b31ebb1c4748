"""Pictures of results as SVG: where a derivative is not zero, what is contracted with what, what is made of what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexcalc.showing import PICTURES


def _draw(derivation: Any, kind: str, sizes: Mapping[str, int] | None) -> str:
    from indexcalc.pictures.draw import draw  # loads numpy

    return draw(derivation, kind, sizes)


PICTURES["draw"] = _draw
