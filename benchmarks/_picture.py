"""The table of `peers.py` as a picture: a line is a problem, a mark how many times longer a peer takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams |= {"svg.hashsalt": "indexcalc", "svg.fonttype": "none"}  # the same table gives the same file
import matplotlib.pyplot as plt  # noqa: E402

STYLES = {  # peer: what the legend calls it, marker, colour
    "expert": ("numpy by an expert", "D", "#333333"),
    "jax": ("JAX, jit", "o", "#0072b2"),
    "torch": ("torch.func", "s", "#d55e00"),
    "autograd": ("HIPS autograd", "^", "#009e73"),
    "eye": ("einsum with np.eye", "x", "#aa4499"),
}


class Row(Protocol):
    """What is drawn of a row of the table."""

    title: str
    ratios: Mapping[str, float]


def draw(rows: Sequence[Row], path: Path) -> None:
    """Write the picture of a table, the first row at the top."""
    rows = rows[::-1]
    figure, axes = plt.subplots(figsize=(9, 0.26 * len(rows) + 1.4), layout="constrained")
    for peer, (title, marker, colour) in STYLES.items():
        places = [(row.ratios[peer], place) for place, row in enumerate(rows) if peer in row.ratios]
        if places:
            axes.scatter(*zip(*places, strict=True), marker=marker, color=colour, s=26, label=title, zorder=3)
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xscale("log")
    axes.set_yticks(range(len(rows)), [row.title for row in rows], fontsize=8)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.grid(axis="both", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xlabel("time of the peer / time of indexcalc: right of 1 indexcalc is quicker")
    axes.legend(loc="lower center", bbox_to_anchor=(0.3, 1.0), ncols=5, frameon=False, fontsize=8)
    figure.savefig(path, metadata={"Date": None})
