"""Random problems: a sheet, what is asked of it, and numbers.

Formulas grow from the letters that may stand in them, with sums of their own where a tensor needs more; they are
positive where a root or a logarithm needs that. All ranges have different sizes.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tests.trials.language import (
    Add,
    Choice,
    Div,
    El,
    Fn,
    Mul,
    Node,
    Num,
    Pow,
    Red,
    Same,
    Size,
    Slope,
    Slot,
    Sub,
    Test,
    Turn,
    inside,
    write,
)
from tests.trials.truth import World

FAMILIES = (("i", "j", "k", "l", "i'", "j'"), ("p", "q", "r", "s", "p'", "q'"), ("a", "b", "c", "d", "a'", "b'"))
NAMES = ("x", "w", "A", "B", "y", "theta_1", "sigma", "K", "z2", "u_hat", "T", "beta", "G", "v")
DEFINED = ("f", "g", "h", "phi", "R", "out")
SMOOTH = ("exp", "sin", "cos", "tanh", "sigmoid", "softplus", "erf", "gelu", "arctan", "erfc", "expm1", "cosh", "sinh")
KINKED = ("abs", "relu", "sign", "cbrt")
POSITIVE = ("log", "sqrt", "log1p", "gammaln", "digamma", "cbrt")
SIZES = (2, 3, 4, 5)


@dataclass(frozen=True)
class Leaf:
    """A tensor without a definition: its ranges (places in FAMILIES), whether it is positive, what is assumed of it."""

    ranges: tuple[int, ...]
    positive: bool = True
    fact: str = ""


@dataclass(frozen=True)
class Problem:
    """A sheet with numbers. targets: what is to be derived, with their axes. output, inputs: what products of
    Jacobians are taken of."""

    leaves: Mapping[str, Leaf]
    definitions: Mapping[str, tuple[tuple[str, ...], Node]]
    declared: Mapping[int, int | str]
    sizes: tuple[int, ...]
    targets: tuple[tuple[Node, tuple[str, ...]], ...] = ()
    output: str = ""
    inputs: tuple[str, ...] = ()
    seed: int = 0

    @property
    def whole(self) -> tuple[str, ...]:
        """The leaves that hold whole numbers, which are given as such: no fact says more of them than their sign."""
        chance = random.Random(f"whole {self.seed}")
        free = [name for name, leaf in self.leaves.items() if leaf.fact in ("", "positive")]
        return tuple(name for name in free if chance.random() < 0.1)

    @property
    def sheet(self) -> str:
        """The text of the sheet."""
        lines = []
        for family, size in self.declared.items():
            lines.append(f"index {', '.join(FAMILIES[family])} : {size}")
        lines += [line for name, leaf in self.leaves.items() for line in _facts(name, leaf)]
        for name, (letters, body) in self.definitions.items():
            lines.append(f"{write(El(name, letters))} = {write(body)}")
        return "\n".join(lines)

    def world(self) -> World:
        """The numbers, which obey the facts."""
        random = np.random.default_rng(self.seed)
        arrays = {name: _array(leaf, [self.sizes[each] for each in leaf.ranges], random)
                  for name, leaf in self.leaves.items()}  # fmt: skip
        arrays |= {name: np.ceil(2 * arrays[name]) for name in self.whole}
        letters = {letter: self.sizes[place] for place, family in enumerate(FAMILIES) for letter in family}
        names = {str(size): self.sizes[family] for family, size in self.declared.items()}
        return World(letters, names, arrays, self.definitions)


def _facts(name: str, leaf: Leaf) -> Iterable[str]:
    letters = tuple(FAMILIES[family][step] for step, family in enumerate(leaf.ranges))
    whole = write(El(name, letters))
    if leaf.fact == "positive":
        yield f"assume {whole} > 0"
    elif leaf.fact == "symmetric":
        yield f"assume {whole} = {write(El(name, letters[::-1]))}"
    elif leaf.fact == "rows":
        yield f"assume sum[{letters[1]}]({whole}) = 1"
    elif leaf.fact == "orthogonal":
        i, j, k = FAMILIES[leaf.ranges[0]][:3]
        yield f"assume {name}[{k},{i}]*{name}[{k},{j}] = delta[{i},{j}]"


def _array(leaf: Leaf, shape: list[int], random: np.random.Generator) -> np.ndarray:
    array = random.uniform(0.4, 1.6, shape) if leaf.positive else random.normal(size=shape)
    match leaf.fact:
        case "symmetric":
            return (array + array.T) / 2
        case "rows":
            return array / array.sum(axis=1, keepdims=True)
        case "orthogonal":
            return np.linalg.qr(array)[0]
    return array


class Maker:
    """Makes the problem of a seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(f"trial {seed}")
        self.leaves: dict[str, Leaf] = {}
        self.definitions: dict[str, tuple[tuple[str, ...], Node]] = {}
        self.shapes: dict[str, tuple[int, ...]] = {}
        self.used: set[str] = set()  # the letters of one statement
        self.loose: set[str] = set()  # those that the summation rule would see
        self.sizes = tuple(self.random.sample(SIZES, 3))
        self.declared: dict[int, int | str] = {}

    def chance(self, probability: float) -> bool:
        """Whether something happens."""
        return self.random.random() < probability

    def problem(self) -> Problem:
        """A sheet, targets, and an output for products with its Jacobian."""
        for family in range(3):
            if self.chance(0.7):
                self.declared[family] = self.sizes[family] if self.chance(0.4) else "mnN"[family]
        names = self.random.sample(NAMES, self.random.choice((2, 3, 3, 4)))
        for name in names:
            self._leaf(name)
        for name in self.random.sample(DEFINED, self.random.choices((1, 2, 3), (5, 4, 1))[0]):
            self._define(name)
        self._drop_idle()
        last = list(self.definitions)[-1]
        targets = tuple(self._target() for _ in range(2 if self.chance(0.2) else 1))
        inputs = [name for name in self.movable() if name in self.leaves]
        self.random.shuffle(inputs)
        return Problem(self.leaves, self.definitions, self.declared, self.sizes, targets, last,
                       tuple(inputs[: self.random.randint(1, 2)]), self.seed)  # fmt: skip

    def _drop_idle(self) -> None:
        """Forget the tensors that nothing is made of."""
        bodies = (body for _, body in self.definitions.values())
        used = {each.name for body in bodies for each in inside(body) if isinstance(each, El)}
        self.leaves = {name: leaf for name, leaf in self.leaves.items() if name in used}
        if not self.leaves:
            self._leaf("x")
            self.definitions["f"] = (), Red("prod", ("i",), Pow(self._closed("x", ("i",)), "2"))
            self.shapes["f"] = ()

    def _leaf(self, name: str) -> None:
        rank = self.random.choices((0, 1, 2, 3), (1, 5, 5, 1))[0]
        ranges = tuple(self.random.randrange(3) for _ in range(rank))
        leaf = Leaf(ranges, self.chance(0.6))
        if self.chance(0.3):
            square = rank == 2 and ranges[0] == ranges[1]
            facts = ["positive"] * leaf.positive + ["symmetric", "orthogonal"] * square
            facts += ["rows"] * (rank == 2 and not square and leaf.positive)
            leaf = replace(leaf, fact=self.random.choice(facts) if facts else "")
        self.leaves[name], self.shapes[name] = leaf, ranges

    def _define(self, name: str) -> None:
        ranges = tuple(self.random.sample(range(3), self.random.choices((0, 1, 2), (4, 4, 2))[0]))
        letters = tuple(self.random.choice(FAMILIES[family][:3]) for family in ranges)
        self.used, self.loose = set(letters), set()
        body = self.formula(letters, self.random.choices((1, 2, 3, 4), (3, 8, 6, 1))[0])
        if self.chance(0.08) and not self.loose & set(letters):
            used = {each.name for each in inside(body) if isinstance(each, El)}
            if movable := [each for each in self.movable() if each in used]:
                body = self._slope(body, self.random.choice(movable), letters)
        self.definitions[name], self.shapes[name] = (letters, body), ranges

    def _slope(self, body: Node, variable: str, letters: tuple[str, ...]) -> Node:
        """The derivative of a body by elements at letters that are free, or at places."""
        slots: list[Slot] = []
        for family in self.shapes[variable]:
            here = [letter for letter in letters if letter in FAMILIES[family]]
            slots.append(self.random.choice(here) if here else self.random.randint(1, self.sizes[family]))
        return Slope(body, (El(variable, tuple(slots)),))

    def movable(self) -> list[str]:
        """The tensors that may be differentiated by: those that no equation binds."""
        free = [name for name, leaf in self.leaves.items() if leaf.fact in ("", "positive")]
        return [*free, *self.definitions] or list(self.leaves)

    # Targets

    def _target(self) -> tuple[Node, tuple[str, ...]]:
        name = list(self.definitions)[-1] if self.chance(0.8) else self.random.choice(list(self.definitions))
        ranges = self.shapes[name]
        slots = tuple(self._slot(family, 0.08, ()) for family in ranges)
        body: Node = El(name, slots)
        axes = list(dict.fromkeys(slot for slot in slots if isinstance(slot, str)))
        if not ranges and self.chance(0.2):
            body = Mul((Num("2"), Pow(body, "2")))
        variables = []
        times = self.random.choices((1, 2, 3), (5, 4, 2) if not ranges else (6, 2, 1))[0]
        movable = [each for each in self.movable() if each != name]
        for _ in range(times):
            variable = self.random.choice(movable) if movable else name
            taken = tuple(axes) if not self.chance(0.15) else ()
            own: list[Slot] = []
            before = [slot for each in variables for slot in each.slots]
            for family in self.shapes[variable]:
                own.append(self._slot(family, 0.06, (*taken, *before, *own)))
            variables.append(El(variable, tuple(own)))
            axes += [slot for slot in own if isinstance(slot, str) and slot not in axes]
        return Slope(body, tuple(variables)), tuple(dict.fromkeys(axes))

    def _slot(self, family: int, fixed: float, taken: Iterable[Slot]) -> Slot:
        if self.chance(fixed):
            return self.random.randint(1, self.sizes[family])
        free = [letter for letter in FAMILIES[family] if letter not in taken]
        return self.random.choice(free) if free else self.random.randint(1, self.sizes[family])

    # Formulas

    def formula(self, letters: tuple[str, ...], depth: int, positive: bool = False) -> Node:
        """A formula in which these letters may stand free."""
        if depth <= 0 or self.chance(0.08):
            return self._element(letters, positive)
        kinds = ["sum", "product", "function", "reduction", "power", "quotient", "choice", "constant"]
        kind = self.random.choices(kinds, (5, 6, 5, 6, 2, 2, 1 if not positive else 0, 2))[0]
        return getattr(self, f"_{kind}")(letters, depth - 1, positive)

    def _element(self, letters: tuple[str, ...], positive: bool) -> Node:
        names = [*self.leaves, *self.definitions]
        if positive:
            names = [name for name, leaf in self.leaves.items() if leaf.positive and leaf.fact != "orthogonal"]
        if not names:
            return Num("2")
        return self._closed(self.random.choice(names), letters)

    def _closed(self, name: str, letters: tuple[str, ...], depth: int = 0) -> Node:
        """An element of a tensor, under reductions over the letters that are not there."""
        slots: list[Slot] = []
        new: list[str] = []
        for family in self.shapes[name]:
            here = [letter for letter in (*letters, *new) if letter in FAMILIES[family]]
            if self.chance(0.06):
                slots.append(self.random.randint(1, self.sizes[family]))
            elif here and self.chance(0.85):
                slots.append(self.random.choice(here))
            else:
                letter = self._new_letter(family, new)
                new.append(letter)
                slots.append(letter)
        body: Node = El(name, tuple(slots))
        if not new:
            return body
        if self.chance(0.5):
            body = Mul((body, self.formula((*letters, *new), depth)))
        kind = self.random.choices(("sum", "mean", "prod", "max", "min", "logsumexp"), (12, 1, 1, 1, 1, 1))[0]
        return Red(kind if len(new) == 1 else "sum", tuple(new), body)

    def _new_letter(self, family: int, beside: Iterable[str] = ()) -> str:
        """A letter for a binder: one that is new to the statement, or at times one that hides another."""
        allowed = [letter for letter in FAMILIES[family] if letter not in (*self.loose, *beside)]
        fresh = [letter for letter in allowed if letter not in self.used]
        letter = self.random.choice(fresh if fresh and self.chance(0.85) else allowed)
        self.used.add(letter)
        return letter

    def _sum(self, letters: tuple[str, ...], depth: int, positive: bool) -> Node:
        kind = Add if positive or self.chance(0.6) else Sub
        return kind(self.formula(letters, depth, positive), self.formula(letters, depth, positive))

    def _product(self, letters: tuple[str, ...], depth: int, positive: bool) -> Node:
        return Mul(tuple(self.formula(letters, depth - 1, positive) for _ in range(self.random.choice((2, 2, 3)))))

    def _function(self, letters: tuple[str, ...], depth: int, positive: bool) -> Node:
        if positive:
            name = self.random.choice(("exp", "sigmoid", "softplus", "erfc", "cosh"))
            return Fn(name, (self.formula(letters, depth),))
        choice = self.random.random()
        if choice < 0.25:
            return Fn(self.random.choice(POSITIVE), (self.formula(letters, depth, True),))
        if choice < 0.35:
            return Fn(self.random.choice(KINKED), (self.formula(letters, depth),))
        if choice < 0.45:
            return Fn(self.random.choice(("max", "min")), (self.formula(letters, depth), self.formula(letters, depth)))
        return Fn(self.random.choice(SMOOTH), (self.formula(letters, depth),))

    def _reduction(self, letters: tuple[str, ...], depth: int, positive: bool) -> Node:
        if not positive and self.chance(0.3) and (found := self._silent_sum(letters)):
            return found
        kinds = ("sum", "prod", "max", "min", "mean", "logsumexp")
        kind = self.random.choices(kinds, (10, 1, 2, 1, 1, 0 if positive else 2))[0]
        families = [self.random.randrange(3) for _ in range(self.random.choice((1, 1, 2)))]
        new = tuple(dict.fromkeys(map(self._new_letter, families)))
        return Red(kind, new, self.formula((*letters, *new), depth, positive))

    def _silent_sum(self, letters: tuple[str, ...]) -> Node | None:
        """Two elements that share a letter, as a product without the sign of a sum."""
        pairs = [(one, two) for one in self.shapes for two in self.shapes
                 if set(self.shapes[one]) & set(self.shapes[two])]  # fmt: skip
        if not pairs:
            return None
        one, two = self.random.choice(pairs)
        family = self.random.choice(sorted(set(self.shapes[one]) & set(self.shapes[two])))
        fresh = [letter for letter in FAMILIES[family] if letter not in self.used]
        if len(fresh) < 2:
            return None
        letter = self.random.choice(fresh)
        parts = []
        for name in (one, two):
            own = self.shapes[name].index(family)
            slots = []
            for place, other in enumerate(self.shapes[name]):
                here = [each for each in letters if each in FAMILIES[other]]
                slots.append(letter if place == own else self.random.choice(here) if here
                             else self.random.randint(1, self.sizes[other]))  # fmt: skip
            parts.append(El(name, tuple(slots)))
        self.used.add(letter)
        self.loose.add(letter)
        return Red("sum", (letter,), Mul(tuple(parts)), silent=True)

    def _power(self, letters: tuple[str, ...], depth: int, positive: bool) -> Node:
        if positive or self.chance(0.4):
            return Pow(self.formula(letters, depth, True), self.random.choice(("2", "1/2", "-1", "3/2", "-2")))
        return Pow(self.formula(letters, depth), self.random.choice(("2", "2", "3")))

    def _quotient(self, letters: tuple[str, ...], depth: int, positive: bool) -> Node:
        below = self.formula(letters, depth, True)
        below = below if self.chance(0.5) else Add(Num("1"), Pow(below, "2"))
        return Div(self.formula(letters, depth, positive), below)

    def _choice(self, letters: tuple[str, ...], depth: int, positive: bool) -> Node:
        test = self._test(letters, depth)
        return Choice(test, self.formula(letters, depth), self.formula(letters, depth))

    def _test(self, letters: tuple[str, ...], depth: int) -> Test:
        pairs = [(i, j) for i in letters for j in letters if i != j and self._alike(i, j)]
        if pairs and self.chance(0.6):
            return Test(self.random.choice(("<", "<=", "==", "!=", ">", ">=")), *self.random.choice(pairs))
        sides = self._element(letters, False), self._element(letters, False) if self.chance(0.5) else Num("0")
        return Test(self.random.choice("<>"), *sides)

    @staticmethod
    def _alike(i: str, j: str) -> bool:
        return any(i in family and j in family for family in FAMILIES)

    def _constant(self, letters: tuple[str, ...], depth: int, positive: bool) -> Node:
        rest = self.formula(letters, depth, positive)
        if positive or self.chance(0.4):
            named = [Size(str(size)) for size in self.declared.values() if isinstance(size, str)]
            return Mul((self.random.choice([Num("2"), Num("3"), Num("0.5"), *named]), rest))
        pairs = [(i, j) for i in letters for j in letters if i != j and self._alike(i, j)]
        triples = [f for f in range(3) if self.sizes[f] == 3 and self.declared.get(f) == 3]
        if triples and self.chance(0.5):
            slots = tuple(self._near(letters, triples[0]) for _ in range(3))
            return Mul((Turn(slots), rest))
        if not pairs:
            return rest
        if self.chance(0.5):
            return Mul((Same(*self.random.choice(pairs)), rest))
        return Mul((self._test(letters, depth), rest))

    def _near(self, letters: tuple[str, ...], family: int) -> Slot:
        here = [letter for letter in letters if letter in FAMILIES[family]]
        return self.random.choice(here) if here and self.chance(0.7) else self.random.randint(1, 3)


def problem_of(seed: int) -> Problem:
    """The problem of a seed."""
    return Maker(seed).problem()
