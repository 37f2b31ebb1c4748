"""How names and indices are spelled in LaTeX: one set of tables, for writing and for reading.

A name is spelled by its form: `y_hat` is an accent, `alpha` a Greek letter, `a_L` a label, `CE` upright text. What the
sheet says with `notation` goes before all that.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from indexcalc.notation.syntax.usage import NO_USAGE, Usage
from indexcalc.sheet import Sheet

GREEK = frozenset(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho"
    " sigma varsigma tau upsilon phi varphi chi psi omega"
    " Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()
)
ACCENTS: dict[str, str] = {
    "acute": "acute",
    "bar": "bar",
    "breve": "breve",
    "check": "check",
    "ddot": "ddot",
    "dot": "dot",
    "grave": "grave",
    "hat": "hat",
    "mathring": "ring",
    "overline": "bar",
    "tilde": "tilde",
    "underline": "underline",
    "vec": "vec",
    "widehat": "hat",
    "widetilde": "tilde",
}  # the command, and what it adds to the name after a "_"
SUFFIXES: dict[str, str] = {suffix: command for command, suffix in reversed(ACCENTS.items())}
PRIME = "_prime"  # what a prime adds to the name of a tensor
PERMUTATION = frozenset(("epsilon", "varepsilon"))  # with three indices: the permutation symbol


def spelled_name(name: str, sheet: Sheet, rank: int) -> str:
    """A name of a scalar, a size or a tensor with so many indices; a label of the latter stands above."""
    if name in sheet.notation:
        return sheet.notation[name]
    if (rank == 3 and name in PERMUTATION) or (not rank and name.endswith(PRIME)):  # c' would be a derivative
        return upright(name)
    head, _, label = name.rpartition("_")
    if _simple(name) or not head or label in SUFFIXES:
        return _simple(name) or upright(name)
    base = _simple(head)
    if not base or "'" in label:
        return upright(name)
    if rank:
        return f"{base}^{{{_label(label)}}}" if label.isalpha() else upright(name)
    return upright(name) if len(sheet.slots.get(head, ())) == 1 else f"{base}_{{{_label(label)}}}"


def upright(name: str) -> str:
    r"""A name as text: \text{CE}; any name can be spelled so."""
    bare = name.rstrip("'")
    escaped = bare.replace("_", r"\_")
    return rf"\text{{{escaped}}}{name[len(bare) :]}"


def spelled_index(name: str) -> str:
    """A letter of an index, or its place."""
    bare = name.rstrip("'")
    return name if len(bare) == 1 else "\\" + name if bare in GREEK else upright(name)


def spelled_indices(names: tuple[str, ...]) -> str:
    """Indices one after the other, with commas where one of them is a word."""
    spelled = [spelled_index(name) for name in names]
    if any(index.startswith(r"\text") for index in spelled):
        return ", ".join(spelled)
    text = ""
    for index in spelled:
        command = text.rpartition("\\")[2] if "\\" in text else ""
        text += f" {index}" if command.isalpha() and index[0].isalpha() else index
    return text


def spelled_function(name: str) -> str:
    """An unknown function."""
    bare = name.rstrip("'")
    return name if len(bare) == 1 else rf"\operatorname{{{bare}}}{name[len(bare) :]}".replace("_", r"\_")


def _label(label: str) -> str:
    return label if len(label) == 1 else "\\" + label if label in GREEK else rf"\text{{{label}}}"


def _simple(name: str) -> str:
    """A letter, a Greek letter, or one of them with accents or primes; empty if the name is none."""
    bare = name.rstrip("'")
    primes = name[len(bare) :]
    if len(bare) == 1:
        return name
    if bare in GREEK:
        return f"\\{name}"
    if bare.endswith(PRIME):
        inner = _simple(bare.removesuffix(PRIME))
        return f"{inner}'" if inner and not primes else ""
    head, _, accent = bare.rpartition("_")
    inner = _simple(head) if head and not primes and accent in SUFFIXES else ""
    return rf"\{SUFFIXES[accent]}{{{inner}}}" if inner else ""


# ----- Reading ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Words:
    """The names that a sheet knows.

    ranks: the number of indices of each tensor, 0 for a scalar. spelled: names by their spelling, from `notation`.
    inferred: the names of which only matrix notation tells the number of indices. spare: letters for its sums.
    usage: what the document shows of its names. defined: the names that have a definition.
    """

    ranks: Mapping[str, int] = field(default_factory=dict)
    sizes: Collection[str] = ()
    letters: Collection[str] = ()
    notation: Mapping[str, str] = field(default_factory=dict)
    inferred: Collection[str] = ()
    spare: Sequence[str] = ()
    usage: Usage = NO_USAGE
    defined: Collection[str] = ()

    @cached_property
    def spelled(self) -> dict[str, str]:
        """The names by their spelling without blanks and braces."""
        return {bare(spelling): name for name, spelling in self.notation.items()}

    def knows(self, name: str) -> bool:
        """Whether a name is a tensor, a scalar or a size."""
        return name in self.ranks or name in self.sizes

    def is_scalar(self, name: str) -> bool:
        """Whether a name is a known number: a scalar or a size."""
        return name in self.sizes or self.ranks.get(name) == 0

    def rank(self, name: str) -> int | None:
        """The number of indices of a known name."""
        return 0 if name in self.sizes else self.ranks.get(name)


NO_WORDS = Words()


def bare(spelling: str) -> str:
    """A spelling without blanks and braces."""
    return re.sub(r"[\s{}]", "", spelling)
