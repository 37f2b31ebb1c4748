"""Shapes that comments and annotations state, against the shapes that the code gives."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from indexcalc.audit.proving.proof import Verdict
from indexcalc.errors import IndexcalcError
from indexcalc.lift.arrays.array import Array, shape_text
from indexcalc.lift.arrays.whole import Whole
from indexcalc.lift.errors import LabelsError, LiftError
from indexcalc.lift.judging.code import verdict_of
from indexcalc.lift.judging.comments import (
    Stated,
    annotated_shape,
    comments_of,
    lengths_in,
    parameters_stated,
    stated_in,
)
from indexcalc.lift.judging.given import as_labels
from indexcalc.lift.judging.lengths import length, shaped
from indexcalc.lift.judging.parts import part_at
from indexcalc.lift.judging.results import default_library
from indexcalc.lift.reading.reader import Reader
from indexcalc.lift.reading.source import parsed
from indexcalc.lift.reading.values import Class, Function, Ref, Thing, Unknown, Value
from indexcalc.sheet import Sheet
from indexcalc.terms import Range, Tensor

ORDER = ("refuted", "undecided", "unreadable", "agrees", "proved")  # of several verdicts on one line, the first holds


def check_shapes(code: str) -> dict[int, Verdict]:
    """The verdict on each line that states the shape of what it computes, by the number of the line (from 1).

    Shapes of what the code does not compute itself (inputs, parameters of functions) are taken as stated.
    """
    labels: dict[str, Range] = {}
    for _ in range(MOST_LABELS):
        check = _Check(code, dict(labels))
        try:
            found = check.verdicts()
        except LiftError as error:
            return {error.line or 1: verdict_of(error)}
        except RecursionError:
            return {1: Verdict("unreadable", "the code is nested too deeply")}
        if check.labels == labels:
            break
        labels = check.labels
    return found


MOST_LABELS = 6  # inputs that turn out to hold labels


@dataclass
class _Check:
    code: str
    labels: dict[str, Range] = field(default_factory=dict)  # inputs that are used as places, and of which range
    count: int = 0
    found: dict[int, Verdict] = field(default_factory=dict)

    def verdicts(self) -> dict[int, Verdict]:
        """The verdicts by line."""
        tree = parsed(self.code)
        self.comments = comments_of(self.code)
        self.words = lengths_in(self.comments.values()) | _annotation_words(tree)
        self.declared = _declared(tree)
        bound = _bound_lines(tree)
        self.said = {line: stated_in(text, line, self.words) for line, text in self.comments.items()}
        given = self._given(bound)
        self.inputs = {name: value for name, value in given.items() if isinstance(value, Array)}
        self.lengths = _lengths_of(given.values())
        reader = Reader(given, default_library(tree))
        reader.seen = self.seen
        reader.lenient = self.failed
        reader.randoms = reader.forgiving = True
        reader.sheet = Sheet()
        reader.block(tree.body)
        for value in list(reader.state.frame.names.values()):
            if isinstance(value, Function) and isinstance(value.node, ast.FunctionDef):
                self._function(reader, value)
            elif isinstance(value, Class):
                for method, home in value.methods.values():
                    self._function(reader, Function(method, home.frame, method.name, home=home))
        return dict(sorted(self.found.items()))

    # What is given

    def _given(self, bound: Mapping[str, int]) -> dict[str, Value]:
        """The inputs of the module: names with a stated shape that nothing binds before."""
        shapes: dict[str, set[tuple[str, ...]]] = {}
        declared = {node.lineno: name for name, node in self.declared}
        for line, all_said in self.said.items():
            for said in all_said:
                if line in declared and not said.names:
                    shapes.setdefault(declared[line], set()).add(said.shape)
                for name in said.names:
                    if bound.get(name, line + 1) > line:
                        shapes.setdefault(name, set()).add(said.shape)
        for name, node in self.declared:
            shape = annotated_shape(node.annotation)
            if shape is not None:
                shapes.setdefault(name, set()).add(shape)
        return self._shaped({name: found.pop() for name, found in shapes.items() if len(found) == 1})

    def _function(self, reader: Reader, function: Function) -> None:
        """Go through a function with its parameters in the shapes that are stated for them."""
        node = function.node
        assert isinstance(node, ast.FunctionDef)
        shapes: dict[str, tuple[str, ...]] = {}
        for said in parameters_stated(node, self.comments, self.words):
            shapes |= dict.fromkeys(said.names, said.shape)
        spec = node.args
        names = [each.arg for each in (*spec.posonlyargs, *spec.args)]
        given = {**{name: self.inputs[name] for name in names if name in self.inputs}, **self._shaped(shapes)}
        if not given:
            return
        self.lengths |= _lengths_of(given.values())
        optional = set(names[len(names) - len(spec.defaults) :])
        keywords: dict[str, Value] = {}
        for name in (*names, *(each.arg for each in spec.kwonlyargs)):
            if name in given:
                keywords[name] = reader.state.store.new(given[name])
            elif name in ("self", "ctx"):
                keywords[name] = reader.state.store.new(Thing({}, name))
            elif name not in optional:
                keywords[name] = Unknown(f"the shape of {name} is not said")
        try:
            value = reader.run(function, [], keywords)
        except LiftError as error:
            self.failed(node, error)
            return
        shape = annotated_shape(node.returns)
        if shape is not None:
            self._judge(reader, shape, value, node.lineno)

    # What is seen

    def seen(self, node: ast.stmt, reader: Reader) -> None:
        """Judge what is stated beside a statement that was gone through."""
        self._shortened(node, reader)
        if isinstance(node, ast.AnnAssign) and node.value is None:
            return
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            shape = annotated_shape(node.annotation)
            if shape is not None:
                self._judge(reader, shape, _named(reader, node.target.id), node.lineno)
        for said in self._stated_at(node):
            name = _target(node)
            part = part_at(node, said.line)
            if part is not None:
                self._judge_part(reader, said, part, name)
                continue
            if said.names and name is not None and name not in said.names and _is_bound(reader, said.names):
                name = said.names[0]
            elif said.names and name is None and isinstance(node, ast.Assign) and _is_bound(reader, said.names):
                name = said.names[0]
            if name is not None:
                self._judge(reader, said.shape, _named(reader, name), said.line)
            elif isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
                self._judge(reader, said.shape, reader.expression, said.line)
            elif isinstance(node, ast.Return):
                self._judge(reader, said.shape, reader.expression, said.line)

    def _judge_part(self, reader: Reader, said: Stated, part: ast.expr, name: str | None) -> None:
        """Judge what is stated behind a part of a statement; nothing where the statement changes what it is made of."""
        if said.names or any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(part)):
            return
        try:
            value = reader.value(part)
        except LiftError as error:
            self._note(said.line, verdict_of(error))
            return
        self._judge(reader, said.shape, value, said.line)

    def _shortened(self, node: ast.stmt, reader: Reader) -> None:
        """Forget how the numbers of an array came about: its shape alone counts, and a chain of them may be long."""
        name = _target(node)
        value = reader.state.frame.names.get(name) if name is not None else None
        content = reader.content(value)
        kept = ("whole", "choice", "mask")
        known = any(getattr(content, each, None) is not None for each in kept)
        if isinstance(value, Ref) and isinstance(content, Array) and not known and not reader.loops:
            self.count += 1
            term = Tensor(f"§s{self.count}", content.indices)
            reader.state.store.cells[value.cell] = replace(content, term=term, hidden=None)

    def _stated_at(self, node: ast.stmt) -> list[Stated]:
        if not isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr | ast.Return):
            return []
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        return [said for line in lines for said in self.said.get(line, ())]

    def failed(self, node: ast.stmt, error: LiftError) -> None:
        """A statement that could not be gone through: the verdict on what is stated beside it."""
        if isinstance(error, LabelsError):
            self.labels.setdefault(error.name, error.range)
        for said in self._stated_at(node):
            self._note(said.line, verdict_of(error))

    def _judge(self, reader: Reader, shape: Sequence[str], value: Value, line: int) -> None:
        """Note the verdict on a stated shape."""
        if isinstance(value, Unknown):
            self._note(line, Verdict("undecided", value.why))
            return
        try:
            found = reader.state.store.array(value).shape
            self._note(line, self._verdict(reader, shape, found))
        except LiftError as error:
            self._note(line, Verdict("undecided", str(error)))
        except IndexcalcError as error:
            self._note(line, Verdict("undecided", error.cause))

    def _verdict(self, reader: Reader, shape: Sequence[str], found: tuple[Whole, ...]) -> Verdict:
        stated = [self._length(reader, text) for text in shape]
        if len(stated) == len(found) and list(found) == stated:
            return Verdict("proved", f"the shape is {shape_text(found)}")
        words = f"the shape is {shape_text(found)}, not ({', '.join(shape)}{',' if len(shape) == 1 else ''})"
        if len(stated) == len(found) and None in stated:
            unknown = [text for text, each in zip(shape, stated, strict=True) if each is None]
            if all(each is None or each == own for each, own in zip(stated, found, strict=True)):
                return Verdict("undecided", f"nothing says what {unknown[0]} is; the shape is {shape_text(found)}")
        if None in stated and len(stated) != len(found):
            unknown = [text for text, each in zip(shape, stated, strict=True) if each is None]
            return Verdict("undecided", f"nothing says what {unknown[0]} is; the shape is {shape_text(found)}")
        return Verdict("refuted", words)

    def _length(self, reader: Reader, text: str) -> Whole | None:
        """A stated length: by the lengths of the inputs, else by a variable of that name; none if nothing says it."""
        whole = length(text)
        names = {atom.label for monomial, _ in whole.terms for atom in monomial if isinstance(atom, Range)}
        total = Whole()
        values = {name: Whole.atom(Range(name)) if name in self.lengths else _number(reader, name) for name in names}
        for monomial, coefficient in whole.terms:
            product = Whole.of(coefficient)
            for atom in monomial:
                value = values[atom.label] if isinstance(atom, Range) else None
                if value is None:
                    return None
                product = product * value
            total = total + product
        return total

    def _shaped(self, shapes: Mapping[str, tuple[str, ...]]) -> dict[str, Array]:
        """Arrays of shapes; those that hold labels stand for one-hot rows."""
        found = _shaped(shapes)
        for name, range in self.labels.items():
            term = found[name].term if name in found else None
            if isinstance(term, Tensor):
                found[name] = as_labels(found[name], name, term.slots, range)
        return found

    def _note(self, line: int, verdict: Verdict) -> None:
        known = self.found.get(line)
        if known is None or ORDER.index(verdict.word) < ORDER.index(known.word):
            self.found[line] = verdict


def _shaped(shapes: Mapping[str, tuple[str, ...]]) -> dict[str, Array]:
    found = {}
    for name, shape in shapes.items():
        try:
            found[name] = shaped(name, shape)
        except IndexcalcError:
            continue
    return found


def _lengths_of(values: Iterable[Value]) -> set[str]:
    """The names of lengths that inputs have."""
    return {
        range.label
        for value in values
        if isinstance(value, Array)
        for index in value.indices
        for range in [index.range]
    }


def _annotation_words(tree: ast.Module) -> set[str]:
    words: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            words |= {
                word for text in annotated_shape(node.annotation) or () for word in re.findall(r"[A-Za-z_]\w*", text)
            }
    return words


def _declared(tree: ast.Module) -> list[tuple[str, ast.AnnAssign]]:
    """The names that statements without a value declare: x: torch.Tensor  # (b, d)."""
    nodes = [each for each in tree.body if isinstance(each, ast.AnnAssign) and each.value is None]
    return [(each.target.id, each) for each in nodes if isinstance(each.target, ast.Name)]


def _bound_lines(tree: ast.Module) -> dict[str, int]:
    """The first line in which each name is bound at the level of the module."""
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = min(found.get(node.id, node.lineno), node.lineno)
        elif isinstance(node, ast.arg):
            found[node.arg] = min(found.get(node.arg, node.lineno), node.lineno)
    return found


def _target(node: ast.stmt) -> str | None:
    """The name that a statement binds or changes, if it is one."""
    target: ast.expr | None = None
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        target = node.target
    while isinstance(target, ast.Subscript):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None


def _is_bound(reader: Reader, names: Sequence[str]) -> bool:
    return len(names) == 1 and reader.state.frame.find(names[0]) is not None


def _named(reader: Reader, name: str) -> Value:
    frame = reader.state.frame.find(name)
    return frame.names[name] if frame is not None else Unknown(f"the name {name} is not known")


def _number(reader: Reader, name: str) -> Whole | None:
    frame = reader.state.frame.find(name)
    value = frame.names[name] if frame is not None else None
    if isinstance(value, Ref):
        content = reader.content(value)
        return content.whole if isinstance(content, Array) and not content.rank else None
    return None
