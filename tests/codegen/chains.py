"""Random sheets that are chains of sums of products: what can be associated in many ways."""

from __future__ import annotations

import random

LETTERS = {"n": "ijkl", "m": "ab", "p": "tu"}  # for each size the letters that run over it
SHAPES = ("n", "m", "nm", "mn", "nn", "np", "pm", "nnm", "")
SCALARS = ("2", "-1", "1/3", "g")


def chain(seed: int, length: int = 5) -> tuple[str, list[str], list[str]]:
    """A sheet that ends in a scalar L; its leaves, and its definitions."""
    return _Chain(random.Random(seed)).sheet(length)


class _Chain:
    def __init__(self, source: random.Random) -> None:
        self.source = source
        self.leaves: dict[str, str] = {}  # name -> the sizes of its slots
        self.defined: dict[str, str] = {}
        self.lines = [f"index {', '.join(letters)} : {size}" for size, letters in LETTERS.items()]

    def sheet(self, length: int) -> tuple[str, list[str], list[str]]:
        for number, shape in enumerate(self.source.choices(SHAPES[:-1], k=4)):
            self.leaves[f"x{number}"] = shape
        for number in range(length):
            shape = self.source.choice(SHAPES)
            axes = self.letters(shape)
            body = " ".join(self.addend(axes, place) for place in range(self.source.choice((1, 2, 3))))
            self.lines.append(f"h{number}{_slots(axes)} = {self.around(body.removeprefix('+ '), axes)}")
            self.defined[f"h{number}"] = shape
        self.lines.append(f"L = {' + '.join(self.total(name) for name in list(self.defined)[-2:])}")
        return "\n".join(self.lines), list(self.leaves), list(self.defined)

    def total(self, name: str) -> str:
        """The sum of a definition, or of something of it."""
        element = name + _slots(axes := self.letters(self.defined[name]))
        return f"sum{_slots(axes)}({element}{self.source.choice(('', '^2', '*g'))})" if axes else element

    def around(self, body: str, axes: list[str]) -> str:
        """Now and then something that is not linear."""
        if self.source.random() < 0.2:
            return f"{self.source.choice(('tanh', 'relu'))}({body})"
        if self.source.random() < 0.1 and axes:
            return f"({body})/max[b](x9[b])"
        return body

    def letters(self, shape: str) -> list[str]:
        """Different letters for slots of these sizes, in a random order of the alphabet."""
        pools = {size: self.source.sample(letters, len(letters)) for size, letters in LETTERS.items()}
        return [pools[size].pop() for size in shape]

    def addend(self, axes: list[str], place: int) -> str:
        """A product of one to three tensors; each new letter is summed explicitly."""
        sign = "-" if self.source.random() < 0.3 else "+"
        factors, bound = [], []
        for _ in range(self.source.choice((1, 2, 2, 3))):
            pool = self.leaves | self.defined
            name = self.source.choice([*self.leaves, *list(self.defined)[-2:]])
            slots = []
            for size in pool[name]:
                wanted = [each for each in (*axes, *bound) if each in LETTERS[size]]
                free = [each for each in LETTERS[size] if each not in (*axes, *bound)]
                if wanted and (self.source.random() < 0.6 or not free):
                    slots.append(self.source.choice(wanted))
                else:
                    slots.append(self.source.choice(free))
                    bound.append(slots[-1])
            factors.append(name + _slots(slots))
        if self.source.random() < 0.4:
            factors.insert(0, self.source.choice(SCALARS))
        text = "*".join(f"({each})" if each[0] == "-" else each for each in factors)
        return f"{sign} sum{_slots(bound)}({text})" if bound else f"{sign} {text}"


def _slots(letters: list[str]) -> str:
    return f"[{','.join(letters)}]" if letters else ""
