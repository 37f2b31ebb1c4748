r"""What the document defines, in its order.

The nearest earlier definition of a name holds; one that is of no use taints it.

A definition whose name has a letter as a label, h^{(t)} = ..., holds for every other label: h^{(k-1)}.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from indexcalc.context.names import Label, Use
from indexcalc.indices import Index
from indexcalc.notation.formula import Formula
from indexcalc.terms import Term

SHOWN = "shown"  # the kind of a definition that the text only shows; it is found where it is asked for


@dataclass(eq=False)
class Defined:
    """A definition: of what, in which form, where; and why it is of no use, if it is.

    kind: definition, function, logarithm, square, given (in words or a sheet). until: where another one takes its
    place.
    """

    use: Use
    body: Formula
    place: int
    line: int
    kind: str = "definition"
    parameters: tuple[str, ...] = ()
    conditions: tuple[Formula, ...] = ()
    lost: str = ""
    text: str = ""
    given: tuple[tuple[Index, ...], Term] | None = None
    in_case: bool = False  # it holds in a case only: from its place on
    by: str = ""  # it is shown by a derivative by this name, up to what does not depend on it

    @property
    def name(self) -> str:
        """The name that is defined."""
        return self.use.name


@dataclass
class Definitions:
    """The definitions of a document, by the letter that they define."""

    by_letter: dict[str, list[Defined]] = field(default_factory=lambda: defaultdict(list))
    sections: list[int] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)  # of the headings of the sections
    _found: dict[str, _Labelled] = field(default_factory=dict, repr=False)

    def add(self, defined: Defined) -> None:
        """Take in a definition."""
        self.by_letter[defined.use.letter].append(defined)
        self._found.clear()

    def put(self, defined: Defined) -> None:
        """Take in a definition at its place among the others of its letter, when all were taken in."""
        self.by_letter[defined.use.letter].append(defined)
        self.by_letter[defined.use.letter].sort(key=lambda each: each.place)
        self._found.clear()

    def drop(self, place: int, name: str) -> None:
        """Leave a definition out that follows from what stands before it: the earlier one goes on to hold."""
        for letter, known in self.by_letter.items():
            self.by_letter[letter] = [each for each in known if each.place != place or each.name != name]
        self._found.clear()

    def say_through(self, place: int, body: Formula, other: Formula) -> None:
        r"""Say what is defined at a place by another formula for the same: h = \tanh(z), and z = W x."""
        for known in self.by_letter.values():
            for each in known:
                if each.place == place and each.body == body:
                    each.body = other

    @contextmanager
    def without(self, left_out: list[Defined]) -> Iterator[None]:
        """Within it some definitions are left out."""
        letters = {each.use.letter for each in left_out}
        held = {letter: self.by_letter[letter] for letter in letters}
        for letter, many in held.items():
            self.by_letter[letter] = [each for each in many if each not in left_out]
        self._found.clear()
        try:
            yield
        finally:
            self.by_letter.update(held)
            self._found.clear()

    def parted(self, first: int, second: int) -> bool:
        """Whether a place stands in another section than one before it: none that the section of this one holds."""
        levels = [level for start, level in zip(self.sections, self.levels, strict=True) if start <= first]
        between = zip(self.sections, self.levels, strict=True)
        return bool(levels) and any(first < start <= second and level <= levels[-1] for start, level in between)

    def every(self) -> Iterator[Defined]:
        """All definitions of names, in the order of the document."""
        found = [each for many in self.by_letter.values() for each in many if each.kind != "function" and not each.lost]
        yield from sorted(found, key=lambda each: each.place)

    def find(
        self, letter: str, labels: tuple[Label, ...], place: int, kinds: tuple[str, ...] = ()
    ) -> tuple[Defined, dict[str, tuple[str, int]]] | None:
        """The definition of a name that holds at a place, and what the letters in its labels stand for.

        Where none stands before, the first one behind in the same section.
        """
        fitting = []
        for each in self._fitting(letter, labels):
            if each.kind not in kinds if kinds else each.kind == SHOWN:
                continue
            standing = matched(each.use.labels, labels)
            if standing is not None:
                fitting.append((each, standing))
        given = [each for each in fitting if each[0].kind == "given"]
        if given:
            fitting = given
        exact = [each for each in fitting if not each[1]]
        fitting = exact or fitting
        before = [each for each in fitting if each[0].place <= place]
        if before:
            return before[-1]
        end = next((start for start in self.sections if start > place), 1 << 60)
        return next((each for each in fitting if each[0].place < end and not each[0].in_case), None)


    def _fitting(self, letter: str, labels: tuple[Label, ...]) -> list[Defined]:
        """The definitions of a letter that may be of a name with these labels, in their order."""
        if letter not in self.by_letter:
            return []
        known = self._found.get(letter)
        if known is None:
            known = self._found[letter] = _Labelled({}, [])
            for number, each in enumerate(self.by_letter[letter]):
                own = each.use.labels
                open_ = any(label.mark for label in own)  # a letter in brackets stands for others
                (known.patterns if open_ else known.exact.setdefault(own, [])).append((number, each))
        found = sorted([*known.exact.get(labels, ()), *known.patterns], key=lambda pair: pair[0])
        return [each for _, each in found]


@dataclass
class _Labelled:
    """The definitions of one letter with their numbers: those of exactly some labels, and those of many."""

    exact: dict[tuple[Label, ...], list[tuple[int, Defined]]]
    patterns: list[tuple[int, Defined]]


def matched(pattern: tuple[Label, ...], labels: tuple[Label, ...]) -> dict[str, tuple[str, int]] | None:
    """What the letters of labels stand for, if labels are an instance of a pattern; none if they are not."""
    if len(pattern) != len(labels):
        return None
    found: dict[str, tuple[str, int]] = {}
    for one, other in zip(pattern, labels, strict=True):
        if one == other:
            continue
        if one.mark != other.mark or not one.mark or not one.text.isalpha():
            return None
        if one.offset > 0 or not (other.text.isalpha() or other.text.isdigit()):
            return None
        value = (
            (other.text, other.offset - one.offset) if other.text.isalpha() else (str(int(other.text) - one.offset), 0)
        )
        if found.setdefault(one.text, value) != value:
            return None
    return found
