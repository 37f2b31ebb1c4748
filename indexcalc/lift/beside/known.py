"""What is known beside a piece of code: tensors and sizes by name, formulas, and which names of code they go by.

A name of code is that of a tensor if it is the same, or if it alone differs from it in nothing but capital letters and
underscores: `A` of a, `yhat` of y_hat. `dce_dw`, `our_dCEdw` and `d_ce_d_w` are the derivative of CE by w; `dw`,
`grad_w` and `w_grad` are one by w of the last number that is differentiated by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from indexcalc.audit.proving.proof import Verdict
from indexcalc.lift.arrays.array import Array
from indexcalc.lift.judging.naming import gradient_of
from indexcalc.sheet import Sheet
from indexcalc.terms import Index, Range, Term


@dataclass(frozen=True)
class Formula:
    """What a text says of a tensor, or of its derivative by another one (`by`, else empty).

    rank: the number of its axes. text: how it is written. line: where. judge: the verdict on an array as its value.
    declared: whether it is one of a sheet, in which the order of axes is said. needs: the tensors without a definition
    that it is made of. scalar: whether what it is of is a number. value: what the formula says, as an array.
    terms: the same as a term along axes in a sheet, where a fix of the code may be looked for. explicit: what the
    formula says, as arrays with their axes in the orders that they may have.
    """

    of: str
    by: str
    rank: int
    text: str
    line: int
    judge: Callable[[Array], Verdict]
    declared: bool = False
    needs: frozenset[str] = frozenset()
    scalar: bool = False
    value: Callable[[], Array] | None = None
    terms: tuple[Term, tuple[Index, ...], Sheet] | None = None
    explicit: Callable[[], list[Array]] | None = None


@dataclass(frozen=True)
class Known:
    """What a text says beside code.

    defined: the tensors that have a definition. bare: names of tensors and sizes without their labels, A of A^{L}.
    declared: whether a sheet says it, in which the order of axes is said. leaves: what each tensor is made of that
    nothing defines. same: the verdict on two arrays being equal, in the light of the facts of the text.
    places: the tensors of whole numbers that say places of a range.
    """

    slots: Mapping[str, tuple[Range, ...]] = field(default_factory=dict)
    sizes: Mapping[str, Range] = field(default_factory=dict)
    defined: frozenset[str] = frozenset()
    formulas: tuple[Formula, ...] = ()
    declared: bool = False
    bare: Mapping[str, str] = field(default_factory=dict)
    leaves: Mapping[str, frozenset[str]] = field(default_factory=dict)
    same: Callable[[Array, Array], Verdict] | None = None
    places: Mapping[str, Range] = field(default_factory=dict)

    def tensor(self, name: str, rank: int | None = None) -> str | None:
        """The tensor that a name of code goes by, with so many axes; none where there is none, or more than one."""
        return self._one(name, [each for each in self.slots if rank is None or len(self.slots[each]) == rank])

    def size(self, name: str) -> Range | None:
        """The size that a name of code goes by."""
        found = self._one(name, self.sizes)
        return self.sizes[found] if found is not None and self.tensor(name) is None else None

    def _one(self, name: str, names: Iterable[str]) -> str | None:
        """The one of some names that a name of code goes by: the same, but for capitals, or but for labels too."""
        known = list(names)
        if name in known:
            return name
        for spelled in (folded, lambda each: folded(self.bare.get(each, each))):
            found = [each for each in known if spelled(each) == folded(name)]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def of(self, name: str, line: int, rank: int | None = None) -> list[Formula]:
        """The formulas of what a name of code says that it holds: of its tensor, else of the derivative."""
        tensor = self.tensor(name, rank) or self.tensor(name)
        direct = [each for each in self.formulas if each.of == tensor and not each.by]
        if tensor is not None:
            return direct
        both = [each for each in self.formulas if each.by and self._says(name, each)]
        if both:
            longest = max(len(self._plain(each.of)) + len(self._plain(each.by)) for each in both)
            return [each for each in both if len(self._plain(each.of)) + len(self._plain(each.by)) == longest]
        variable = self._variable(name)
        numbers = [each for each in self.formulas if each.by == variable and each.scalar] if variable else []
        last = [each.of for each in numbers if each.line <= line] or [each.of for each in numbers[:1]]
        return [each for each in numbers if each.of == last[-1]] if last else []

    def _variable(self, name: str) -> str | None:
        """The tensor that a name of code says to hold the gradient by: dW, dLdZ; its labels may be left out."""
        found = gradient_of(name, list(self.slots))
        if found is not None:
            return found
        plain = [self._plain(each) for each in self.slots]
        once = {word: each for word, each in zip(plain, self.slots, strict=True) if plain.count(word) == 1}
        short = gradient_of(name, list(once))
        return None if short is None else once[short]

    def _says(self, name: str, formula: Formula) -> bool:
        """Whether a name of code says that it is the derivative of one tensor by another."""
        words = folded(name)
        pairs = {
            (folded(formula.of), folded(formula.by)),
            (self._plain(formula.of), self._plain(formula.by)),
        }
        return any(words.endswith((f"d{of}d{by}", f"d{of}by{by}")) for of, by in pairs)

    def _plain(self, name: str) -> str:
        return folded(self.bare.get(name, name))


def folded(name: str) -> str:
    """A name without what is often written in another way."""
    return name.replace("_", "").lower()


def together(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The verdict that several formulas give: right by one is right, wrong by all is wrong."""
    found = list(verdicts)
    for word in ("proved", "agrees"):
        for each in found:
            if str(each) == word:
                return each
    if found and all(str(each) == "refuted" for each in found):
        return found[-1]
    return next((each for each in found if str(each) != "refuted"), None)
