"""Matrices as they are written: chains of factors, each with its text and its LaTeX."""

from __future__ import annotations

from dataclasses import dataclass

# How tightly a text holds together.
SUM, PRODUCT, ATOM = range(3)


class NoMatrixError(Exception):
    """A term has no form in matrix notation; the message says why."""


@dataclass(frozen=True)
class Atom:
    r"""A factor: its text, its LaTeX, whether it is transposed, and whether that makes no difference.

    inverse: the LaTeX of what it is the inverse of; such a factor is A^{-1}, transposed A^{-\top}.
    """

    text: str
    latex: str
    turned: bool = False
    symmetric: bool = False
    inverse: str = ""

    @property
    def transposed(self) -> Atom:
        """The transpose."""
        if self.symmetric:
            return self
        return Atom(self.text, self.latex, not self.turned, inverse=self.inverse)

    def write(self, is_latex: bool) -> str:
        """The factor as it stands."""
        if not is_latex:
            return f"{self.text}.T" if self.turned else self.text
        if self.inverse:
            return rf"{self.inverse}^{{-\top}}" if self.turned else f"{self.inverse}^{{-1}}"
        if not self.turned:
            return self.latex
        is_long = " " in self.latex and not self.latex.startswith(r"\left(")
        return rf"\left( {self.latex} \right)^\top" if is_long else rf"{self.latex}^\top"


Chain = tuple[Atom, ...]
IDENTITY: Chain = (Atom("eye", "I", symmetric=True),)


def joined(*chains: Chain) -> Chain:
    """The product of some products, without unit matrices."""
    whole = tuple(atom for chain in chains for atom in chain)
    return tuple(atom for atom in whole if atom is not IDENTITY[0]) or whole[:1]


def transposed(chain: Chain) -> Chain:
    """The transpose of a product."""
    return tuple(atom.transposed for atom in reversed(chain))


def written(chain: Chain, is_latex: bool) -> str:
    """A product of matrices."""
    return (" " if is_latex else " @ ").join(atom.write(is_latex) for atom in chain)


def entrywise(one: Chain, other: Chain) -> Chain:
    """The product entry by entry, as one factor."""
    sides = [[_alone(chain, is_latex) for chain in (one, other)] for is_latex in (False, True)]
    text, latex = " .* ".join(sides[0]), r" \odot ".join(sides[1])
    return (Atom(f"({text})", rf"\left( {latex} \right)"),)


def _alone(chain: Chain, is_latex: bool) -> str:
    text = written(chain, is_latex)
    if len(chain) == 1:
        return text
    return rf"\left( {text} \right)" if is_latex else f"({text})"


def applied(name: str, latex: str, *chains: Chain, symmetric: bool = False) -> Chain:
    """A function of matrices, as one factor."""
    text = f"{name}({', '.join(written(each, False) for each in chains)})"
    inside = ", ".join(written(each, True) for each in chains)
    return (Atom(text, rf"{latex}\left( {inside} \right)", symmetric=symmetric),)
