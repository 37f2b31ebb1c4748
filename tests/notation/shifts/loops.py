"""A reference of its own for shifted places and recurrences: plain loops over Python numbers, as the rule says.

Problems are made as trees of tuples, written as sheets, and worked out here element by element, without arrays, views
or terms. Derivatives by any number are complex steps through the loops.
"""

from __future__ import annotations

import cmath
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Tree = tuple[Any, ...]
Place = tuple[Any, ...]  # times of each letter, and a constant; perhaps a period
Range = tuple[int, int] | Callable[[dict[str, int]], tuple[int, int]]  # where a letter runs, given those around it


def place_text(place: Place) -> str:
    """A place as it is written."""
    letters, constant, *period = place
    if period:
        return f"({place_text((letters, constant))}) mod {period[0]}"
    text = ""
    for letter, times in letters.items():
        sign = "-" if times < 0 else "+" if text else ""
        text += sign + (letter if abs(times) == 1 else f"{abs(times)}*{letter}")
    return f"{text}{constant:+d}" if constant and text else text or str(constant)


def text(tree: Tree) -> str:
    """A tree as it is written."""
    match tree:
        case ("number", value):
            return str(value)
        case ("element", name, places):
            return f"{name}[{','.join(map(place_text, places))}]" if places else name
        case ("add", one, other):
            return f"({text(one)} + {text(other)})"
        case ("times", one, other):
            return f"{text(one)}*{text(other)}"
        case ("call", function, inner):
            return f"{function}({text(inner)})"
        case ("square", inner):
            return f"({text(inner)})^2"
        case ("sum", letters, inner):
            return f"sum[{','.join(letters)}]({text(inner)})"
        case ("where", left, relation, right, then, otherwise):
            return f"where({place_text(left)} {relation} {place_text(right)}, {text(then)}, {text(otherwise)})"
    raise AssertionError(tree)


def value_at(place: Place, env: dict[str, int]) -> int:
    """The number of a place."""
    letters, constant, *period = place
    value = constant + sum(times * env[letter] for letter, times in letters.items())
    return (value - 1) % period[0] + 1 if period else value


CALLS: dict[str, Callable[[complex], complex]] = {
    "tanh": cmath.tanh,
    "exp": cmath.exp,
    "sin": cmath.sin,
}


@dataclass
class World:
    """Arrays as dicts from places to numbers, sizes, definitions, and what stands outside."""

    sizes: dict[str, int]
    arrays: dict[str, dict[tuple[int, ...], complex]]
    outside: dict[str, float] = field(default_factory=dict)
    letters: dict[str, Range] = field(default_factory=dict)  # where each letter runs
    moved: dict[tuple[str, tuple[int, ...]], complex] = field(default_factory=dict)

    def element(self, name: str, places: tuple[int, ...]) -> complex:
        """An element, or what stands outside."""
        array = self.arrays[name]
        if places in array:
            return array[places] + self.moved.get((name, places), 0)
        if name not in self.outside:
            raise LookupError(f"{name}{places}")
        return self.outside[name]

    def value(self, tree: Tree, env: dict[str, int]) -> complex:
        """The value of a tree."""
        match tree:
            case ("number", number):
                return number
            case ("element", name, places):
                return self.element(name, tuple(value_at(place, env) for place in places))
            case ("add", one, other):
                return self.value(one, env) + self.value(other, env)
            case ("times", one, other):
                return self.value(one, env) * self.value(other, env)
            case ("call", function, inner):
                return CALLS[function](self.value(inner, env))
            case ("square", inner):
                return self.value(inner, env) ** 2
            case ("where", left, relation, right, then, otherwise):
                first, second = value_at(left, env), value_at(right, env)
                holds = {"<": first < second, "<=": first <= second, "==": first == second}[relation]
                return self.value(then if holds else otherwise, env)
            case ("sum", (letter, *rest), inner):
                inner = ("sum", tuple(rest), inner) if rest else inner
                known = self.letters[letter]
                low, high = known(env) if callable(known) else known
                return sum(self.value(inner, {**env, letter: place}) for place in range(low, high + 1))
        raise AssertionError(tree)


@dataclass
class Problem:
    """A sheet, with the loops that work it out.

    inputs: the shapes of the leaves (places from 1). loops: in their order the definitions, each with the letters that
    it loops over (with their ranges) and its tree; bases first.
    """

    sheet: str
    shapes: dict[str, tuple[int, ...]]
    loops: list[tuple[str, tuple[tuple[int, ...], ...], tuple[str, ...], Tree]]
    letters: dict[str, Range]
    outside: dict[str, float]
    loss: Tree

    def loss_at(
        self, arrays: dict[str, dict[tuple[int, ...], complex]], moved: dict[tuple[str, tuple[int, ...]], complex]
    ) -> complex:
        """The loss, by loops."""
        world = World({}, {**arrays}, self.outside, self.letters, moved)
        for name, places, letters, tree in self.loops:
            world.arrays.setdefault(name, {})
            for place in places:
                world.arrays[name][place] = world.value(tree, dict(zip(letters, place, strict=True)))
        return world.value(self.loss, {})


def drawn(shapes: dict[str, tuple[int, ...]], seed: int) -> dict[str, dict[tuple[int, ...], complex]]:
    """Random leaves, each a dict from places to numbers."""
    draw = random.Random(seed)
    found: dict[str, dict[tuple[int, ...], complex]] = {}
    for name, shape in shapes.items():
        found[name] = {place: round(draw.uniform(-0.9, 0.9), 3) for place in every(shape)}
    return found


def every(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """All places of a shape, from 1 on."""
    places: list[tuple[int, ...]] = [()]
    for size in shape:
        places = [(*place, number) for place in places for number in range(1, size + 1)]
    return places


STEP = 1e-30


def slope(
    problem: Problem, arrays: dict[str, dict[tuple[int, ...], complex]], name: str, place: tuple[int, ...]
) -> float:
    """The derivative of the loss by one element: a complex step."""
    found = problem.loss_at(arrays, {(name, place): STEP * 1j})
    return found.imag / STEP
