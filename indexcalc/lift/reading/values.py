"""What names stand for in code that is read: references to arrays in the store, functions, modules, sequences."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from indexcalc.lift.arrays.views import View
from indexcalc.lift.arrays.whole import Whole

Value = Any  # Ref, str, None, Ellipsis, tuple, and the classes below


@dataclass(frozen=True)
class Ref:
    """An array or another mutable thing: its cell in the store, and the views that lead from the cell to it."""

    cell: int
    path: tuple[View, ...] = ()


@dataclass(frozen=True)
class Module:
    """A module of the table, by its full name."""

    name: str


@dataclass(frozen=True)
class Builtin:
    """A function of the table: its name, the module it was taken from, and the array that it is a method of."""

    name: str
    module: str = ""
    owner: Value = None


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the code: its definition and the names around it.

    bare: it stands below its decorators. defaults: the values of parameters that are not given, reckoned once, where
    it was defined.
    """

    node: ast.FunctionDef | ast.Lambda
    frame: Frame
    name: str = ""
    custom: str = ""
    owner: Value = None
    home: Class | None = None
    bare: bool = False
    defaults: dict[str, Value] | None = None


@dataclass(frozen=True, eq=False)
class Class:
    """A class of the code; only its functions are read. defaults: those of the parameters of each of them."""

    node: ast.ClassDef
    frame: Frame
    defaults: dict[ast.AST, dict[str, Value]] = field(default_factory=dict)

    @property
    def methods(self) -> dict[str, tuple[ast.FunctionDef, Class]]:
        """Its functions by name, each with the class that has it: those of the classes that it is made of too."""
        found: dict[str, tuple[ast.FunctionDef, Class]] = {}
        for base in reversed(self.bases):
            found |= base.methods
        return found | {each.name: (each, self) for each in self.node.body if isinstance(each, ast.FunctionDef)}

    @property
    def lineage(self) -> list[Class]:
        """The class, and all that it is made of."""
        return [self, *(each for base in self.bases for each in base.lineage)]

    @property
    def bases(self) -> list[Class]:
        """The classes of the code that it is made of."""
        names = [each.id for each in self.node.bases if isinstance(each, ast.Name)]
        frames = [(name, self.frame.find(name)) for name in names]
        found = [frame.names[name] for name, frame in frames if frame is not None]
        return [each for each in found if isinstance(each, Class) and each.node is not self.node]


@dataclass(frozen=True)
class Span:
    """range(start, stop, step)."""

    start: Whole
    stop: Whole
    step: int = 1


@dataclass(frozen=True)
class Items:
    """What enumerate, zip and reversed give: a kind and the things that are gone through."""

    kind: str
    parts: tuple[Value, ...]


@dataclass(frozen=True)
class Kind:
    """A type of numbers: "bool", "int" or "float"."""

    name: str


@dataclass(frozen=True)
class Slot:
    """x.at[index] of jax, before set or add is called; without an index, x.at."""

    owner: Value
    index: Value = None
    indexed: bool = False


@dataclass(frozen=True)
class Unknown:
    """A value that nothing is known of, and why: to reckon with it is an error."""

    why: str
    line: int = 0


@dataclass
class Frame:
    """The names of a function's body, or of the module."""

    names: dict[str, Value] = field(default_factory=dict)
    parent: Frame | None = None

    def find(self, name: str) -> Frame | None:
        """The frame that has a name: this one or one around it."""
        frame: Frame | None = self
        while frame is not None and name not in frame.names:
            frame = frame.parent
        return frame


@dataclass
class Listed:
    """The content of a list in the store: values; or rows of a loop, one for each round."""

    items: list[Value] = field(default_factory=list)


@dataclass
class Mapping:
    """The content of a dictionary in the store."""

    items: dict[Any, Value] = field(default_factory=dict)


@dataclass
class Thing:
    """The content of an object in the store: its attributes. kind: "self", "ctx" or the name of its class."""

    attributes: dict[str, Value] = field(default_factory=dict)
    kind: str = ""
    methods: Class | None = None


@dataclass(frozen=True)
class Signal:
    """How a block ends before its last statement: "return" with a value, "break" or "continue"."""

    kind: str
    value: Value = None
