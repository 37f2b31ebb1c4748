r"""Names in formulas: what is a tensor's name, what is an index of it, a label, a power or a transposition.

    x_i          x at i               W_h   the name W_h, h is a label        \hat{y}   the name y_hat
    h^{(t)}_{[i]} h of the step t at i       x^2   a power                    W^\top    transposed

Which letters are indices is known of the whole document (letters.py). A label that is a letter with an offset,
(t-1), is
kept as such, so that a definition of h^{(t)} holds for h^{(k-1)} as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from indexcalc.notation.formula import (
    Bracket,
    Formula,
    Mark,
    Name,
    Numeral,
    Opaque,
    Product,
    Scripted,
    Sequence,
    Signed,
    Sum,
)
from indexcalc.notation.tex.atoms import is_transposition


@dataclass(frozen=True, slots=True)
class Label:
    """A label: a word, or a letter with an offset in brackets of some sort."""

    text: str
    offset: int = 0
    mark: str = ""

    def __str__(self) -> str:
        """The label in a name."""
        shift = f"{self.offset:+d}" if self.offset else ""
        return f"({self.text}{shift})" if self.mark else f"{self.text}{shift}"


@dataclass(frozen=True, slots=True)
class Item:
    """A script: a letter, a place, or anything else. above: it stands above the line. mark: its bracket."""

    kind: str  # letter, place, word, shifted, other
    formula: Formula
    text: str
    offset: int = 0
    above: bool = False
    mark: str = ""

    @property
    def label(self) -> Label:
        """The item as a label."""
        return Label(self.text, self.offset, self.mark if self.above else "")


def letter_of(name: Name) -> str:
    """The name of a letter: with its accents, and apart where it is calligraphic or has double lines."""
    letter = name.letter
    if name.font in ("double", "cal"):
        letter = f"bb{letter}" if name.font == "double" else f"cal{letter}"
    return "_".join((letter, *name.accents)) if name.accents else letter


def script_items(script: Formula | None, above: bool = False, mark: str = "") -> list[Item]:
    """The items of a script, one after the other."""
    if script is None:
        return []
    if above or mark:
        return _items_of(script, above, mark)
    try:
        return [*script._items]
    except AttributeError:
        found = _items_of(script, above, mark)
        object.__setattr__(script, "_items", tuple(found))
        return found


def _items_of(script: Formula, above: bool, mark: str) -> list[Item]:
    if not isinstance(script, Name):
        return _script_items(script, above, mark)
    kind = "word" if len(script.letter) > 1 and script.font == "upright" else "letter"
    return [Item(kind, script, letter_of(script), 0, above, mark)]


def _script_items(script: Formula, above: bool, mark: str) -> list[Item]:
    match script:
        case Sequence((Name(first) as one, Name() as other), ";") if len(first) > 1 or first not in "ijklmn":
            given = Item("word", script, "given", 0, above, mark)  # \Sigma_{a|b} is not \Sigma_{ab}
            return [*script_items(one, above, mark), given, *script_items(other, above, mark)]
        case Sequence(items):
            return [item for each in items for item in script_items(each, above, mark)]
        case Bracket(bracket, body) if bracket in "([":
            return script_items(body, above, bracket)
        case Product(factors) if all(operator in ("", "juxtaposed") for operator, _ in factors):
            return [item for _, each in factors for item in script_items(each, above, mark)]
        case Product(factors) if not above and not mark and any(operator == "cross" for operator, _ in factors):
            return []  # I_{n \times n}: its sizes
        case Numeral(text, exact):
            if exact.denominator == 1 and len(text) > 1 and not above and not mark:
                return [Item("place", Numeral(digit, Fraction(digit), span=script.span), digit) for digit in text]
            return [Item("place" if exact.denominator == 1 else "other", script, text, 0, above, mark)]
        case Sum():
            shifted = shift_of(script)
            if shifted:
                return [Item("shifted", script, *shifted, above, mark)]
        case Signed("-", body):
            word = "-" + "".join(item.text for item in script_items(body))
            return [Item("other", script, word, 0, above, mark)]
        case Mark(sign):
            return [] if sign == "empty" else [Item("word", script, sign, 0, above, mark)]
        case Scripted(Name(letter) as base, None, None, primes) if (primes and len(letter) == 1) or (
            primes and letter.isalpha()
        ):
            return [Item("letter", script, letter_of(base) + "'" * primes, 0, above, mark)]
        case Scripted(Name(font="upright") as base, Name() as below, None, 0) if len(base.letter) > 1:  # node_i
            return [*script_items(base, above, mark), *script_items(below, above, mark)]
        case Scripted(base=Name() as base, below=below):
            inner = "_".join([letter_of(base), *(item.text for item in script_items(below))])
            return [Item("word", script, inner, 0, above, mark)]
    return [Item("other", script, written(script), 0, above, mark)]


def shift_of(formula: Formula) -> tuple[str, int] | None:
    """The letter and the offset of i + 1 or t - 1; none for any other sum."""
    if not isinstance(formula, Sum) or len(formula.terms) != 2:
        return None
    (first_sign, first), (sign, second) = formula.terms
    if (
        first_sign == "+"
        and isinstance(first, Name)
        and isinstance(second, Numeral)
        and second.exact.denominator == 1
        and sign in "+-"
    ):
        return letter_of(first), int(second.exact) * (1 if sign == "+" else -1)
    return None


def written(formula: Formula) -> str:
    """A formula as a word: what labels and opaque names are told apart by."""
    match formula:
        case Name():
            return letter_of(formula)
        case Numeral(text):
            return text
        case Mark(sign):
            return sign
        case Opaque(text, inner):
            return text + "".join(f"<{written(each)}>" for each in inner)
        case Scripted(base, below, above, primes):
            low = f"_{written(below)}" if below else ""
            high = f"^{written(above)}" if above else ""
            return written(base) + low + high + "'" * primes
        case Bracket(mark, body):
            return f"{mark}{written(body)}|"
    from indexcalc.notation.formula import fields_written

    return fields_written(formula, written)


@dataclass(frozen=True, slots=True)
class Use:
    """A name as it is used once: its letter with its labels; its indices; what stands above it.

    indices: letters and places, those above the line first. power: its exponent. transposed: T stands above it.
    """

    letter: str
    labels: tuple[Label, ...] = ()
    indices: tuple[Item, ...] = ()
    power: Formula | None = None
    transposed: bool = False
    primes: int = 0
    font: str = ""
    _name: str = field(default="", init=False, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The name of the tensor: the letter with its labels."""
        if not self.labels:
            return self.letter
        if not self._name:
            object.__setattr__(self, "_name", "_".join((self.letter, *map(str, self.labels))))
        return self._name

    def bare(self) -> Use:
        """The use without its indices, power and transposition."""
        return replace(self, indices=(), power=None, transposed=False, primes=0)


def split_formula(formula: Formula) -> tuple[Name, Formula | None, Formula | None, int] | None:
    """The letter, what stands below and above it, and its primes, of what may be a name; none of anything else."""
    match formula:
        case Name():
            return formula, None, None, 0
        case Scripted(Name() as base, below, above, primes):
            return base, below, above, primes
        case Scripted(Scripted(Name() as base, below, above, primes), None, further, 0) if (
            above is not None and further is not None
        ):
            return base, below, Sequence((above, further), ","), primes
        case Scripted(Scripted(Name() as base, below, None, primes), None, above, 0):  # {A_k}^T
            return base, below, above, primes
        case Scripted(Bracket("(", Scripted(Name() as base, below, None, 0)), None, above, 0):  # (W_h)^T
            return base, below, above, 0
    return None


def is_transposed(script: Formula | None) -> bool:
    """Whether a superscript, or one of several, is a transposition."""
    if isinstance(script, Sequence):
        return any(map(is_transposition, script.items))
    return script is not None and is_transposition(script)
