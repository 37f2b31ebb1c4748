"""Random sheets and derivative problems, as text.

`random_problem(seed)` is for campaigns, `problems()` for hypothesis; both draw from one `Maker` (tests/maker.py).
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.expressions import FAMILIES, Scope, Tensor, Text, element, times
from tests.maker import Maker

MOST_AXES = 5
SHORT = 60  # characters of definitions and numerator, for which a third derivative is no longer than a page
MORE = (("e", "e'", "f", "f'"), ("o", "o'", "t'", "s'"), ("g", "g'", "d'", "c'"))  # letters for variables, undeclared
LEAVES = ("x", "y", "A", "B", "w", "T", "c")
DEFINED = ("u", "v", "h", "S")
# The families of a leaf's slots; the commonest first.
SHAPES = ((0,), (0, 1), (), (1,), (0, 0), (1, 0), (2,), (2, 1), (0, 1, 2), (0, 0, 0))
SPELLINGS = (r"\mathbf{NAME}", r"\hat{NAME}", r"NAME^{L}", r"\text{NAME}^{(1)}", r"\sigma^2")


@dataclass(frozen=True)
class Problem:
    """A sheet, a target, the axes that the result must have (none: not predicted), the leaves of both signs."""

    sheet: str
    target: str
    axes: tuple[str, ...] | None
    seed: int = -1
    signed: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"# seed {self.seed}\n{self.sheet}\n# target: {self.target}"


def random_problem(seed: int) -> Problem:
    """The problem of a seed."""
    return _Sheet(Maker(random.Random(seed))).problem(seed)


def problems() -> st.SearchStrategy[Problem]:
    """Problems that hypothesis can shrink."""
    return st.randoms(use_true_random=False).map(lambda source: _Sheet(Maker(source)).problem())


@dataclass
class _Sheet:
    """A sheet in the making: sizes, leaves with facts, definitions that use what stands before them."""

    maker: Maker
    lines: list[str] = field(default_factory=list)
    constant: set[str] = field(default_factory=set)  # scalars that are sizes
    signed: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)  # the variables of derivatives in definitions

    def problem(self, seed: int = -1) -> Problem:
        """A whole problem."""
        self.declare_sizes()
        self.choose_leaves()
        for name in DEFINED[: self.maker.pick((1, 2, 0, 3))]:
            self.define(name)
        target, axes = self.target()
        return Problem("\n".join(self.lines), target, axes, seed, frozenset(self.signed))

    def declare_sizes(self) -> None:
        """Some families of letters get a named size or a number."""
        maker = self.maker
        for which, (letters, name) in enumerate(zip(FAMILIES, ("m", "n", "d_1"), strict=True)):
            size = maker.pick((name, "", "3" if which == 2 else name))
            if size:
                maker.sizes[which] = size
                self.lines.append(f"index {', '.join(letters)} : {size}")
            if size.isidentifier() and maker.chance(0.3):
                maker.tensors.append(Tensor(size, (), 2.0, 7.0))
                self.constant.add(size)

    def choose_leaves(self) -> None:
        """Two to four leaves; some obey a fact."""
        maker = self.maker
        for name in LEAVES[: maker.pick((2, 3, 4))]:
            shape = maker.pick(SHAPES[:2] if name == "x" else SHAPES)
            tensor, facts = Tensor(name, shape), list[str]()
            if maker.chance(0.3):
                tensor, facts = self.facts(tensor)
            elif maker.chance(0.3):
                tensor = Tensor(name, shape, -3.0, 3.0)
                self.signed.add(name)
            maker.tensors.append(tensor)
            self.lines += facts
        if maker.chance(0.1):
            name = maker.pick(maker.tensors).name
            self.lines.append(f'notation {name} = "{maker.pick(SPELLINGS).replace("NAME", name)}"')

    def facts(self, tensor: Tensor) -> tuple[Tensor, list[str]]:
        """Facts on a leaf, and the leaf with the interval that it then lies in."""
        maker, name, slots = self.maker, tensor.name, tensor.slots
        letters = _letters(slots)
        if not slots:
            return tensor, [maker.pick((f"assume {name} > 0", f"assume {name} = 1.25", f"assume {name} >= 0.1"))]
        here = f"{name}{_bracket(letters)}"
        if slots == (0, 0):
            options = (
                (tensor, [f"assume {here} = {name}[j,i]"]),
                (tensor, [f"assume {here} = {name}[j,i]", f"assume {here} > 0"]),
                (Tensor(name, slots, -0.5, 0.5, tied=True), [f"assume {here} = -{name}[j,i]"]),
                (Tensor(name, slots, -1.0, 1.0), [f"assume {name}[k,i]*{name}[k,j] = delta[i,j]"]),
            )
            return maker.pick(options)
        if slots == (0, 0, 0):
            swaps = [f"assume {here} = {name}[j,i,k]", f"assume {here} = {name}[i,k,j]"]
            return tensor, swaps[: maker.pick((1, 2))]
        normal = f"assume sum[{letters[-1]}]({here}) = 1"
        options = (
            (Tensor(name, slots, 0.04, 1.0), [normal]),
            (tensor, [f"assume {here} > 0"]),
            (Tensor(name, slots, 0.04, 1.0), [normal, f"assume {here} > 0"]),
            (Tensor(name, slots, 0.04, 1.0), [normal, f"assume {here} < 2"]),
        )
        return maker.pick(options)

    def define(self, name: str) -> None:
        """A definition by an expression over what there is; its left side has the letters that the expression has."""
        maker = self.maker
        if maker.chance(0.06) and maker.tensors[-1].name in DEFINED and self.define_derivative(name):
            return
        known = sorted({slot for tensor in maker.tensors for slot in tensor.slots})
        wanted = [maker.pick(known) for _ in range(maker.pick((1, 2, 1, 0)))]
        letters = _letters(wanted)
        body = self.varying(Scope(frozenset(letters), frozenset(letters), maker.pick((2, 3))))
        left = [letter for letter in letters if letter in body.letters] or sorted(body.letters)
        self.lines.append(f"{name}{_bracket(left)} = {body.text}")
        maker.tensors.append(Tensor(name, _families(left), body.low, body.high))

    def define_derivative(self, name: str) -> bool:
        """A definition by a derivative of the last one, squashed, since its values are not bounded."""
        numerator, free = self.numerator(taken := [])
        found = self.variable(numerator, taken, free)
        left = tuple(dict.fromkeys([*free, *(found[1] if found else ())]))
        if found is None or len(left) > 3 or any(letter not in sum(FAMILIES, ()) for letter in left):
            return False
        self.lines.append(f"{name}{_bracket(left)} = tanh(diff({numerator}, {found[0]}))")
        self.moved.add(found[0].split("[")[0])
        self.maker.tensors.append(Tensor(name, _families(left), -1.0, 1.0))
        return True

    @property
    def definitions(self) -> list[str]:
        """The lines that define something."""
        return [line for line in self.lines if not line.startswith(("index", "assume", "notation"))]

    # The target

    def target(self) -> tuple[str, tuple[str, ...] | None]:
        """A first, second or third derivative, perhaps a diagonal, perhaps a part of a larger expression."""
        maker, taken = self.maker, list[str]()
        numerator, free = self.numerator(taken)
        first = self.variable(numerator, taken, free)
        assert first is not None
        variables, before = [first], set(self.moved)
        most = 3 if len(numerator) + sum(map(len, self.definitions)) < SHORT else 2
        while maker.chance(0.25) and len(variables) < most and len(_axes(free, variables)) < MOST_AXES - 1:
            before.add(variables[-1][0].split("[")[0])
            again = self.variable(numerator, taken, free, before)
            if again is None:
                break
            variables.append(again)
        axes = _axes(free, variables)
        derivative = f"diff({numerator}, {', '.join(text for text, _ in variables)})"
        if maker.chance(0.1):
            return self.larger(derivative, variables[-1][1])
        return derivative, axes

    def numerator(self, taken: list[str]) -> tuple[str, tuple[str, ...]]:
        """The last definition at fresh letters, or an expression without free letters."""
        last = self.maker.tensors[-1]
        if last.name in DEFINED and not self.maker.chance(0.2):
            letters = _letters(last.slots)
            taken += letters
            return f"{last.name}{_bracket(letters)}", tuple(letters)
        text = self.varying(Scope(frozenset(), frozenset(), 3)).text
        taken += sorted(set(re.findall(r"[^\W\d]\w*'*(?=[^\[\]]*\])", text)))  # a variable's letters are no dummies
        return text, ()

    def varying(self, scope: Scope) -> Text:
        """An expression that is no constant; it holds the first free letter if a tensor can."""
        names = {tensor.name for tensor in self.maker.tensors} - self.constant
        for _ in range(20):
            body = self.maker.expression(scope, *sorted(scope.free)[:1])
            if names & _symbols(body.text, self.definitions):
                return body
        x = next(tensor for tensor in self.maker.tensors if tensor.name == "x")
        letters = [self.maker.letter(slot, scope.taken) or "" for slot in x.slots]
        return times(element(x, letters), element(x, letters))

    def variable(
        self, numerator: str, taken: list[str], free: Sequence[str], before: Set[str] = frozenset()
    ) -> tuple[str, list[str]] | None:
        """A tensor at fresh letters; now and then at one of the numerator, which means the diagonal, or at a place.

        A further variable is not made of one before: what is then held fixed would depend on how the first derivative
        is written.
        """
        maker = self.maker
        options = [t for t in maker.tensors if t.name not in self.constant and t.name not in DEFINED]
        options += [t for t in maker.tensors[:-1] if t.name in DEFINED]
        written = set(re.findall(r"[^\W\d]\w*", " ".join([numerator, *self.lines])))
        before = before | self.moved
        options = [
            t for t in options if t.name in written and not before & (_symbols(t.name, self.definitions) - {t.name})
        ]
        if not options:
            return None
        small = [t for t in options if len(free) + len(t.slots) <= MOST_AXES]
        used = _symbols(numerator, self.definitions)
        tensor = maker.pick([t for t in small if t.name in used] or small or options)
        letters: list[str] = []
        for slot in tensor.slots:
            shared = [letter for letter in free if letter in FAMILIES[slot] and letter not in letters]
            fresh = [letter for letter in (*FAMILIES[slot], *MORE[slot]) if letter not in taken]
            letters.append(maker.pick(shared) if shared and (not fresh or maker.chance(0.1)) else fresh[0])
            taken.append(letters[-1])
        slots = list(letters)
        if letters and maker.chance(0.04):
            slots[-1] = "1"
            letters.pop()
        return f"{tensor.name}{_bracket(slots)}", letters

    def larger(self, derivative: str, letters: list[str]) -> tuple[str, None]:
        """The derivative as a part of an expression: times a number or contracted with a tensor."""
        fitting = [t for t in self.maker.tensors if t.slots == _families(letters) and t.slots]
        if fitting and len(set(letters)) == len(letters):
            return f"{derivative}*{self.maker.pick(fitting).name}[{','.join(letters)}]", None
        return f"2*{derivative}", None


def _bracket(letters: Sequence[str]) -> str:
    """The indices behind a name."""
    return f"[{','.join(letters)}]" if letters else ""


def _axes(free: Sequence[str], variables: Sequence[tuple[str, list[str]]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*free, *(letter for _, letters in variables for letter in letters)]))


def _letters(families: Sequence[int]) -> list[str]:
    """Different letters of these families."""
    found: list[str] = []
    for which in families:
        found.append(next(letter for letter in FAMILIES[which] if letter not in found))
    return found


def _families(letters: Sequence[str]) -> tuple[int, ...]:
    found = zip(FAMILIES, MORE, strict=True)
    families = [(*some, *others) for some, others in found]
    return tuple(next(p for p, family in enumerate(families) if letter in family) for letter in letters)


def _symbols(text: str, definitions: Sequence[str]) -> set[str]:
    """The names that a text depends on, through the definitions of a sheet."""
    found = set(re.findall(r"[^\W\d]\w*", text))
    for line in reversed(definitions):
        name = re.match(r"[^\W\d]\w*", line)
        if name and name.group() in found:
            found |= set(re.findall(r"[^\W\d]\w*", line.split("=", 1)[1]))
    return found
