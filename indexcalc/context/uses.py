"""Names with their scripts read: what is a label, an index, a power or a transposition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from indexcalc.context.letters import GREEK_PAIR, USUAL, Letters
from indexcalc.context.names import Item, Label, Use, is_transposed, letter_of, script_items, split_formula
from indexcalc.context.space.elements import placed
from indexcalc.context.space.lookups import is_place
from indexcalc.notation.formula import Formula, Mark, Name, Numeral, Sequence, walk

MARKS = frozenset(("star", "ast", "*", "dagger", "plus", "minus", "+", "-", "times"))


@dataclass(frozen=True, slots=True)
class _Written:
    """A name as it is written: what of it does not depend on which letters are indices.

    above: the scripts above the line, whether each is a transposition, and its items. plain: its use, without scripts.
    """

    base: Name
    letter: str
    below: tuple[Item, ...]
    above: tuple[tuple[Formula, bool, tuple[Item, ...]], ...]
    primes: int
    plain: Use | None


def _written(formula: Formula) -> _Written | None:
    """A name as it is written, worked out once for each formula; none if the formula is no name."""
    try:
        known: _Written | None = formula._name
        return known
    except AttributeError:
        found = _split(formula)
        object.__setattr__(formula, "_name", found)
        return found


def _split(formula: Formula) -> _Written | None:
    parts = split_formula(formula)
    if parts is None:
        return None
    base, below, above, primes = parts
    letter = letter_of(base)
    scripts = above.items if isinstance(above, Sequence) and any(map(_alone, above.items)) else (above,)
    kept = tuple(
        (script, is_transposed(script), tuple(script_items(script, above=True)))
        for script in scripts
        if script is not None
    )
    plain = Use(letter, primes=primes, font=base.font) if below is None and not kept else None
    return _Written(base, letter, tuple(script_items(below)), kept, primes, plain)


def read_use(formula: Formula, letters: Letters) -> Use | None:
    """A name with its scripts read; none if the formula is no name."""
    written = _written(formula)
    if written is None or written.plain is not None:
        return written.plain if written is not None else None
    base, letter = written.base, written.letter
    labels: list[Label] = []
    indices: list[Item] = []
    power: Formula | None = None
    transposed = False
    for script, turned, above in written.above:
        if turned:
            transposed = True
            continue
        kinds = [_above(item, letter, letters) for item in above]
        if isinstance(script, Numeral) and script.text == "0" and base.font == "bold":
            labels.append(above[0].label)  # no vector is raised to 0: \mathbf{h}^0 is the first of the \mathbf{h}^k
            continue
        if not above or "power" in kinds:
            power = script
            continue
        labels += [_raised(item, letters) for item, kind in zip(above, kinds, strict=True) if kind == "label"]
        indices += [item for item, kind in zip(above, kinds, strict=True) if kind == "index"]
    items = placed([*written.below]) if letter in letters.cartesian else [*written.below]
    named = {id(item) for item in _below(items, letter, letters)}
    labels = [_label(item, letters) for item in items if id(item) not in named] + labels
    indices += [_counted(item) if letter in letters.from_zero else item for item in items if id(item) in named]
    return Use(letter, tuple(labels), tuple(indices), power, transposed, written.primes, base.font)


def _counted(item: Item) -> Item:
    """An item of a name of which the first element is the one at 0, where places are counted from 1."""
    return replace(item, text=str(int(item.text) + 1)) if item.kind == "place" else item


def _label(item: Item, letters: Letters) -> Label:
    """A label below the line; a letter that counts steps is one that can stand for another."""
    counts = item.kind in ("letter", "shifted") and item.text in letters.counted and item.text not in letters.bound
    return Label(item.text, item.offset, "(") if counts else item.label


def _raised(item: Item, letters: Letters) -> Label:
    """A label above the line; a letter that counts layers, a^l and a^{l-1}, is one that can stand for another."""
    counts = item.kind in ("letter", "shifted") and item.text in letters.shifted
    return Label(item.text, item.offset, "(") if counts else item.label


def _alone(script: Formula) -> bool:
    return isinstance(script, Mark | Sequence) or is_transposed(script) or isinstance(script, Name)


def _above(item: Item, name: str, letters: Letters) -> str:
    """What a script above the line is: label, index or power."""
    if item.mark == "(" or item.mark == "[":
        return "label" if letters.is_step(item) else "index"
    if item.kind == "word" and item.text in MARKS:
        # A^+ and A^* are operations on a matrix; x^* and P_t^- are names.
        if item.text == "+" and name in letters.above.get("-", ()):
            return "label"  # P_k^- before a measurement, P_k^+ behind it
        return "power" if item.text == "dagger" or (name[:1].isupper() and item.text != "-") else "label"
    if name in letters.stepped and item.kind in ("letter", "shifted"):
        return "label"
    if item.kind == "letter":
        if (
            item.text in GREEK_PAIR
            and item.text in letters.below
            and item.text in letters.above
            and len(letters.above[item.text]) > 0
        ):
            return "index" if letters.is_index(item.text, name) else "power"
        if item.text in letters.raised and item.text not in letters.shifted:
            return "index" if letters.is_index(item.text, name) else "label"
        if item.text in letters.shifted or (
            item.text == "L" and "L" not in letters.sizes and len(letters.above["L"]) > 1
        ):
            return "label"
        return "power"
    if item.kind == "shifted":
        return "label" if item.text in letters.shifted and item.text in letters.above else "power"
    if item.kind == "word" and item.formula.__class__ is Name:
        return "label"
    return "power"


def _counts_steps(items: list[Item], letters: Letters) -> bool:
    return any(
        item.text in letters.counted and item.text not in letters.bound
        for item in items
        if item.kind in ("letter", "shifted")
    )


def _is_reckoned(item: Item, letters: Letters) -> bool:
    """Whether a script is reckoned from indices that sums bind, i + k: it is no label, whatever else it is."""
    names = {each.letter for each in walk(item.formula) if isinstance(each, Name)} if item.kind == "other" else set()
    return not names.isdisjoint(letters.bound) and all(letters.is_index(name) for name in names)


UNITS = frozenset(("I", "bbI", "1", "bb1"))  # with one letter below the unit matrix, or the vector of ones, of a size


def _below(items: list[Item], name: str, letters: Letters) -> list[Item]:
    """Which of the items below a name are indices."""
    looked = [item for item in items if is_place(item, letters.placing)] if letters.placing else []
    if looked:
        others = [item for item in items if item not in looked]
        named = {id(item) for item in (*looked, *_below(others, name, letters))}
        return [item for item in items if id(item) in named]
    if letters.is_apart(items, name):
        return _below(items[1:], f"{name}_{items[0].text}", letters) if items[1:] else []
    if name in UNITS and name not in letters.taken and len(items) == 1 and items[0].text not in letters.bound:
        return []
    if not items or any(_is_reckoned(item, letters) for item in items):
        return items  # what reads them says that they are no indices
    if any(item.kind in ("word", "other") for item in items) or _counts_steps(items, letters):
        return [item for item in items if item.kind == "letter" and item.text in letters.bound and len(items) > 1]
    plain = [item for item in items if item.kind == "letter"]
    indexed = [
        item for item in items if item.kind == "letter" and (item.mark == "[" or letters.is_index(item.text, name))
    ]
    if not indexed and len(plain) == len(items) == letters.counts.get(name, 0) == 2 and items[0].text == items[1].text:
        is_label = items[0].text in letters.bare or items[0].text not in USUAL  # W_{hh}
        return [] if is_label else items  # A_{kk}, where A_{ij} has two indices
    if len(indexed) < len(plain) and not any(item.text in letters.bound for item in indexed):
        return []
    with_letters = letters.counts.get(name, 0)
    found = []
    for item in items:
        if item in indexed:
            found.append(item)
        elif (
            item.kind == "place"
            and (item.text != "0" or name in letters.from_zero)
            and (indexed or with_letters >= len(items) or item.mark == "[")
        ):
            found.append(item)
        elif item.kind == "shifted" and letters.is_index(item.text, name):
            found.append(item)
    return found


def kin(uses: Iterable[Use]) -> list[list[str]]:
    """The names that differ by the step or layer alone that a letter beside them counts: a^{(l)}, a^{(l-1)}, a^L."""
    found: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for use in uses:
        if not use.indices and any(map(_counts, use.labels)):
            family = tuple(label.text.lower() if _counts(label) else str(label) for label in use.labels)
            found.setdefault((use.letter, family), {})[Use(use.letter, use.labels).name] = None
    return [list(names) for names in found.values() if len(names) > 1]


def _counts(label: Label) -> bool:
    return label.text.isalpha() and (bool(label.mark) or len(label.text) == 1)
