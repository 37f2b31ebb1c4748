"""The reader: goes through statements once, over symbolic arrays; a loop becomes a letter. Nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from indexcalc.budget import spend
from indexcalc.lift.arrays.array import Array
from indexcalc.lift.errors import TOO_MUCH, LiftError, RaisesError, UnreadableError
from indexcalc.lift.library.comparing import truth
from indexcalc.lift.reading import values as v
from indexcalc.lift.reading.assigning import assigned
from indexcalc.lift.reading.calling import called
from indexcalc.lift.reading.courses import written_out
from indexcalc.lift.reading.elements import index_values
from indexcalc.lift.reading.expressions import RULES
from indexcalc.lift.reading.modules import KEEPING, USUAL, USUAL_FUNCTIONS, words_of
from indexcalc.lift.reading.python import PYTHON, TYPES
from indexcalc.lift.reading.special.comprehensions import comprehended
from indexcalc.lift.reading.special.parameters import bound_to
from indexcalc.lift.reading.special.transforms import CHANGING
from indexcalc.lift.reading.statements import executed
from indexcalc.lift.reading.store import State, Store
from indexcalc.lift.reading.tainting import COMPOUND, taint
from indexcalc.lift.reading.values import Signal, Value
from indexcalc.sheet import Sheet
from indexcalc.terms import ONE, ZERO, Number
from indexcalc.walk import subterms

MOST_STEPS = 20_000  # nodes of the code that are gone through, about two seconds
PARTS = 20  # of a term, which take as long as a node
WORK = 3  # units of `budget` that a step takes
DEEPEST = 12  # calls inside one another


EXPRESSIONS: dict[type[ast.expr], Callable[[Any, Any], Value]] = {
    **RULES,
    ast.Call: called,
    ast.ListComp: comprehended,
    ast.GeneratorExp: comprehended,
}


class Reader:
    """Reads code over symbolic arrays.

    given: what names that the code does not bind stand for. default: the library of arrays that are given.
    seen: called after each statement, for those who want the values on the way. lenient: called with a statement that
    cannot be gone through, where what follows shall be gone through all the same; what it binds is not known then.
    sheet: grows by the inverses, determinants and the like that are read; these are unreadable without one.
    randoms: whether arrays of random numbers are arrays that nothing is known of, instead of unreadable.
    objects: whether objects of the classes of the code are made; they are unreadable otherwise.
    forgiving: whether compound statements too may be left out, where `lenient` is given.
    """

    def __init__(self, given: Mapping[str, Value], default: str = "numpy") -> None:
        self.state = State(Store(), v.Frame())
        store = self.state.store
        self.names = {name: store.new(each) if isinstance(each, Array) else each for name, each in given.items()}
        self.default = default
        self.patched: dict[str, int] = {}
        self.steps = self.depth = self.rounds = self.nesting = 0
        self.loops = 0  # loops that are open, each with one round for all
        self.within = 0  # loops that are open, of all kinds
        self.deriving = 0  # derivatives that are open: what is read is differentiated
        self.unrolled = 1  # rounds that are written out, of the loops that are open
        self.left: dict[str, Value] = {}  # the names of the function that ended last
        self.seen: Callable[[ast.stmt, Reader], None] | None = None
        self.lenient: Callable[[ast.stmt, LiftError], None] | None = None
        self.expression: Value = None
        self.sheet: Sheet | None = None
        self.randoms = self.forgiving = self.objects = False

    # Values

    def value(self, node: ast.expr) -> Value:
        """The value of an expression; errors get the line of the innermost part."""
        self.step(node)
        try:
            rule = EXPRESSIONS.get(type(node))
            if rule is None:
                raise UnreadableError(f"{ast.unparse(node)[:40]!r} is no expression that is known")
            found = rule(self, node)
            self._weigh(found, node)
            return found
        except LiftError as error:
            if not error.line:
                error.line = node.lineno
            raise

    def step(self, node: ast.AST) -> None:
        """Count a node. Raises when there are too many."""
        self._count(1, node)

    def _weigh(self, value: Value, node: ast.AST) -> None:
        """Count what an operation on arrays takes, which is the more the longer their terms are."""
        array = value if isinstance(value, Array) else self.content(value)
        if isinstance(array, Array):
            self._count(sum(1 for _ in subterms(array.term)) // PARTS, node)

    def _count(self, steps: int, node: ast.AST) -> None:
        self.steps += steps
        spend(steps * WORK)
        if self.steps > MOST_STEPS:
            raise UnreadableError(TOO_MUCH[0], getattr(node, "lineno", 0))

    def lookup(self, name: str) -> Value:
        """What a name stands for. Raises for one that nothing is known of."""
        frame = self.state.frame.find(name)
        if frame is not None:
            found = frame.names[name]
            if isinstance(found, v.Unknown):
                raise UnreadableError(found.why, found.line)
            return found
        given = self.given(name)
        if given is not None:
            return given
        if name in TYPES:
            return TYPES[name]
        if name in PYTHON:
            return v.Builtin(name, "python")
        if name in USUAL:
            return v.Module(USUAL[name])
        if name in USUAL_FUNCTIONS:
            return v.Builtin(name, USUAL_FUNCTIONS[name])
        raise UnreadableError(f"the name {name} is not known")

    def given(self, *names: str) -> Value:
        """A value that was given under one of these names; none if there is none."""
        return next((self.names[name] for name in names if name in self.names), None)

    def truth(self, value: Value) -> bool | Array:
        """Whether a value counts as true: a bool where that is known, else a truth value."""
        if value is None:
            return False
        if isinstance(value, str | tuple):
            return bool(value)
        content = self.content(value)
        if isinstance(content, v.Listed | v.Mapping):
            return bool(content.items)
        if isinstance(value, v.Function | v.Module | v.Builtin | v.Kind):
            return True
        found = self.state.store.array(value)
        if found.rank:
            if all(not axis.factors for axis in found.axes):
                raise UnreadableError("the truth of an array")
            raise RaisesError("the truth of an array with several elements")
        test = truth(found)
        if test.term in (ONE, ZERO) or isinstance(test.term, Number):
            return test.term is not ZERO
        return test

    def content(self, value: Value) -> Any:
        """What the cell of a reference holds; none for what is no reference."""
        return self.state.store.cells.get(value.cell) if isinstance(value, v.Ref) else None

    def listed(self, value: Value) -> list[Value] | None:
        """The items of a list; none for anything else."""
        content = self.content(value)
        return content.items if isinstance(content, v.Listed) else None

    def mapping(self, value: Value) -> dict[str, Value]:
        """The items of a dictionary. Raises for anything else."""
        content = self.content(value)
        if not isinstance(content, v.Mapping):
            raise UnreadableError("this is no dictionary")
        return content.items

    def sequence(self, value: Value) -> list[Value]:
        """The items of a sequence whose length is a number."""
        items = written_out(self, value)
        if items is None:
            raise UnreadableError("how many items this has is not known")
        return items

    def library(self, value: Array) -> str:
        """The library of an array."""
        return value.library or self.default

    def index_items(self, value: Value) -> list[Any]:
        """The items of an index that is given as a value."""
        return index_values(self, value)

    # Statements

    def block(self, statements: Sequence[ast.stmt]) -> Signal | None:
        """Go through statements; the signal by which they end early, if they do."""
        for place, statement in enumerate(statements):
            self.step(statement)
            try:
                signal = executed(self, statement, statements[place + 1 :])
            except LiftError as error:
                if not error.line:
                    error.line = statement.lineno
                if self.lenient is None or (isinstance(statement, COMPOUND) and not self._may_leave_out(statement)):
                    raise
                taint(self, statement, error)
                self.lenient(statement, error)
                continue
            if self.seen is not None and not isinstance(statement, ast.If):
                self.seen(statement, self)
            if signal is not None:
                return None if signal.kind == "done" else signal
        return None

    def _may_leave_out(self, statement: ast.stmt) -> bool:
        """Whether a compound statement that cannot be gone through may be left out, with all that it changes."""
        outermost = not (self.nesting or self.within)
        return self.forgiving and outermost and not isinstance(statement, ast.Return)

    def inner(self, statements: Sequence[ast.stmt]) -> Signal | None:
        """Go through the statements of a block inside another one."""
        self.nesting += 1
        try:
            return self.block(statements)
        finally:
            self.nesting -= 1

    def outer(self, statements: Sequence[ast.stmt]) -> Signal | None:
        """Go through the body of a function or of a loop."""
        nesting, self.nesting = self.nesting, 0
        try:
            return self.block(statements)
        finally:
            self.nesting = nesting

    def assign(self, target: ast.expr, value: Value) -> None:
        """target = value."""
        assigned(self, target, value)

    def bind(self, name: str, value: Value) -> None:
        """Give a name a value in the open frame."""
        if isinstance(value, Array):
            value = self.state.store.new(value)
        if name in USUAL and isinstance(self.content(value), v.Thing):
            value = v.Unknown(f"the name {name} is no module here")
        self.state.frame.names[name] = value

    # Functions

    def run(self, function: v.Function, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        """The value of a function of the code at arguments."""
        if self.depth >= DEEPEST:
            raise UnreadableError("calls are nested too deeply: a function that calls itself")
        node = function.node
        if isinstance(node, ast.FunctionDef):
            self._check_decorators(node, function.bare)
        if function.owner is not None and not _is_static(node):
            arguments = [function.owner, *arguments]
        caller = self.state.frame
        frame = v.Frame(parent=function.frame)
        frame.names = bound_to(self, function, arguments, keywords)
        if function.home is not None:
            frame.names["__class__"] = function.home
        self.depth += 1
        self.state.frame = frame
        try:
            if isinstance(node, ast.Lambda):
                return self.value(node.body)
            signal = self.outer(node.body)
        finally:
            self.depth -= 1
            self.state.frame = caller
            self.left = frame.names
        return signal.value if signal is not None else None

    def _check_decorators(self, node: ast.FunctionDef, bare: bool) -> None:
        for each in node.decorator_list:
            words = words_of(each)
            if self.deriving and words & OWN_DERIVATIVE:
                raise UnreadableError("the derivative of a function that brings its own", each.lineno)
            if not words & (HARMLESS | KEEPING) and not (bare and words & CHANGING):
                raise UnreadableError(f"the decorator {ast.unparse(each)[:40]}", each.lineno)

    def methods(self, owner: v.Class) -> Iterable[ast.FunctionDef]:
        """The functions of a class of the code."""
        return [each for each, _ in owner.methods.values()]

    def apply_class(self, owner: v.Class, name: str, arguments: list[Value]) -> Value:
        """Function.apply(...) of torch: its forward function."""
        forward = next((each for each in self.methods(owner) if each.name == "forward"), None)
        if name != "apply" or forward is None:
            raise UnreadableError(f"the attribute {name} of the class {owner.node.name}")
        if self.deriving:
            raise UnreadableError("the derivative of a function that brings its own")
        context = self.state.store.new(v.Thing({}, "ctx"))
        return self.run(v.Function(forward, owner.frame, "forward"), [context, *arguments], {})


def _is_static(node: ast.FunctionDef | ast.Lambda) -> bool:
    words = [ast.unparse(each) for each in getattr(node, "decorator_list", [])]
    return "staticmethod" in words


OWN_DERIVATIVE = frozenset(("custom_vjp", "custom_jvp"))
HARMLESS = frozenset(
    ("staticmethod", "classmethod", "property", "jaxtyped", "typechecked", "njit", "typed", "override")
)
